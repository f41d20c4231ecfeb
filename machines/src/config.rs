//! What a machine is made of, as its user states it.

use crate::MachineError;
use backend::{Library, MemoryAccess, Published, Thresholds};
use bus::{BlockStore, CharSink, Clock, NetPeer};
use bytes::Bytes;
use std::time::Instant;

/// The most harts a machine can have.
pub const CPUS_MAX: u32 = 8;
/// The most RAM a machine can have.
pub const MEMORY_BYTES_MAX: u64 = 128 << 30;
/// The least RAM a machine can have.
pub const MEMORY_BYTES_MIN: u64 = 1 << 20;
/// The longest kernel command line, with its NUL, that Linux takes on any of
/// its architectures.
pub const APPEND_BYTES_MAX: usize = 4096;

/// A file's contents, and the name to call it by in messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its name, usually the path.
    pub name: String,
    /// Its contents, of which parts are shared and not copied.
    pub bytes: Bytes,
}

/// A disk, or a bank of flash.
pub struct Drive {
    /// Its name, usually the path; the guest sees it as a disk's serial.
    pub name: String,
    /// Its contents.
    pub store: Box<dyn BlockStore>,
}

/// Which engine runs the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    /// An interpreter.
    Interp,
    /// The interpreter, and compiled code for what runs often.
    Jit(Thresholds),
}

impl EngineChoice {
    /// The JIT as it serves most guests best.
    pub const JIT: EngineChoice = EngineChoice::Jit(Thresholds::DEFAULT);

    /// The JIT with all its tiers, each used as soon as code has run twice.
    pub const EAGER: EngineChoice = EngineChoice::eager(MemoryAccess::Soft);

    /// The same, with regions that reach memory so.
    pub const fn eager(memory: MemoryAccess) -> EngineChoice {
        EngineChoice::Jit(Thresholds { baseline: 1, region: 2, background: false, memory })
    }
}

/// How virtual time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockMode {
    /// As the host's time does.
    Real,
    /// With the instructions the guest runs, so that each run is the same.
    Count,
}

impl ClockMode {
    /// A clock of that kind, which starts now.
    pub(crate) fn clock(self) -> Clock {
        match self {
            ClockMode::Count => Clock::counted(),
            ClockMode::Real => {
                let start = Instant::now();
                Clock::following(move || start.elapsed().as_nanos() as u64)
            }
        }
    }
}

/// Everything a machine is made of. Without kernel and firmware there is
/// nothing to run, which [`crate::Machine::new`] says.
pub struct MachineConfig {
    /// The machine's name in [`crate::MACHINES`], and behind it what was chosen
    /// of its options: `,OPTION=VALUE` for each.
    pub machine: String,
    /// RAM in bytes: whole 4 KiB pages, [`MEMORY_BYTES_MIN`] to
    /// [`MEMORY_BYTES_MAX`].
    pub memory_bytes: u64,
    /// Harts, 1 to [`CPUS_MAX`].
    pub cpus: u32,
    /// The kernel.
    pub kernel: Option<Image>,
    /// The kernel's initial RAM disk.
    pub initrd: Option<Image>,
    /// The kernel's command line.
    pub append: String,
    /// Firmware that starts at reset, in place of the built-in one.
    pub bios: Option<Image>,
    /// The second bank of flash, in which firmware keeps its variables; `None` for
    /// one that is erased at power-on.
    pub flash: Option<Drive>,
    /// The disks, in the order in which the guest finds them.
    pub drives: Vec<Drive>,
    /// The other end of the network cable; `None` for no network card.
    pub net: Option<Box<dyn NetPeer>>,
    /// Where the serial port's output goes.
    pub serial: Box<dyn CharSink>,
    /// Where a virtio console's output goes; `None` for no such console. If
    /// there is one, it gets the host's input, otherwise the serial port does.
    pub console: Option<Box<dyn CharSink>>,
    /// The engine.
    pub engine: EngineChoice,
    /// Told of all code the engine compiles, for profilers.
    pub published: Option<Published>,
    /// Where compiled code is kept from run to run; `None` to compile all anew.
    /// It has no effect on what the guest does.
    pub library: Option<Box<dyn Library>>,
    /// The clock.
    pub clock: ClockMode,
    /// What the guest's random numbers start from, where they do not come from
    /// the host: with [`ClockMode::Count`] all of them, otherwise none but the
    /// seeds in the device tree.
    pub seed: u64,
    /// The time of day at power-on, in nanoseconds since 1970.
    pub rtc_epoch_ns: u64,
}

impl MachineConfig {
    /// A machine called `machine` with 128 MiB of RAM, one hart and nothing to
    /// run, whose serial output goes to `serial`.
    pub fn new(machine: impl Into<String>, serial: Box<dyn CharSink>) -> MachineConfig {
        MachineConfig {
            machine: machine.into(),
            memory_bytes: 128 << 20,
            cpus: 1,
            kernel: None,
            initrd: None,
            append: String::new(),
            bios: None,
            flash: None,
            drives: Vec::new(),
            net: None,
            serial,
            console: None,
            engine: EngineChoice::JIT,
            published: None,
            library: None,
            clock: ClockMode::Real,
            seed: 0,
            rtc_epoch_ns: 0,
        }
    }

    /// Checks what does not depend on the machine.
    ///
    /// # Errors
    /// A value out of range, or one that makes no sense with the others.
    pub fn check(&self) -> Result<(), MachineError> {
        let invalid =
            |option, value: String, remedy: String| Err(MachineError::Option { option, value, remedy });
        if self.cpus == 0 || self.cpus > CPUS_MAX {
            return invalid("--cpus", self.cpus.to_string(), format!("give 1 to {CPUS_MAX}"));
        }
        let memory = self.memory_bytes;
        if !(MEMORY_BYTES_MIN..=MEMORY_BYTES_MAX).contains(&memory) || !memory.is_multiple_of(bus::PAGE_BYTES)
        {
            let remedy = format!(
                "give whole 4 KiB pages, {} MiB to {} GiB",
                MEMORY_BYTES_MIN >> 20,
                MEMORY_BYTES_MAX >> 30
            );
            return invalid("--memory", format!("{memory} bytes"), remedy);
        }
        if self.append.len() >= APPEND_BYTES_MAX || self.append.contains('\0') {
            let value = format!("of {} bytes", self.append.len());
            return invalid(
                "--append",
                value,
                format!("give at most {} bytes and no NUL", APPEND_BYTES_MAX - 1),
            );
        }
        match (&self.kernel, &self.initrd) {
            (None, Some(initrd)) if self.bios.is_none() => {
                invalid("--initrd", initrd.name.clone(), "give the kernel it belongs to with --kernel".into())
            }
            (None, None) if self.bios.is_none() => Err(MachineError::NothingToRun),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Discard;

    fn config() -> MachineConfig {
        let bios = Some(Image { name: "b".into(), bytes: vec![0].into() });
        MachineConfig { bios, ..MachineConfig::new("riscv-virt", Box::new(Discard)) }
    }

    fn complaint(config: &MachineConfig) -> String {
        config.check().expect_err("must be refused").to_string()
    }

    #[test]
    fn a_sound_configuration_passes() {
        assert!(config().check().is_ok());
    }

    #[test]
    fn errors_name_the_option_and_the_remedy() {
        let text = complaint(&MachineConfig { cpus: 9, ..config() });
        assert!(text.contains("--cpus") && text.contains('9') && text.contains("1 to 8"), "{text}");
        let text = complaint(&MachineConfig { memory_bytes: 0x1234, ..config() });
        assert!(text.contains("--memory") && text.contains("4660") && text.contains("1 MiB"), "{text}");
        let text = complaint(&MachineConfig { append: "x".repeat(4096), ..config() });
        assert!(text.contains("--append") && text.contains("4095"), "{text}");
        let text = complaint(&MachineConfig { bios: None, ..config() });
        assert!(text.contains("--kernel") && text.contains("--bios"), "{text}");
    }
}
