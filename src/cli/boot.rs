//! `mynah boot`: guests by name.

use std::path::Path;

use mynah::debian::{self, Arch, Request, SCRIPT_EXIT};
use mynah::{CharSink, Image};

use super::console::{Console, ScriptSink, ScriptStatus};
use super::ending::{Ending, Failure, OK};
use super::options::BootOptions;
use super::session::{self, Guest};

/// The machine for the demo.
const MACHINE: &str = "riscv-virt";

/// What an architecture's guests run on.
struct Host {
    arch: Arch,
    machine: &'static str,
    /// The machine's serial port as the kernel's command line names it.
    console: &'static str,
}

/// The architectures that have a machine.
const HOSTS: [Host; 2] = [
    Host { arch: Arch::Riscv64, machine: MACHINE, console: "ttyS0" },
    Host { arch: Arch::Arm64, machine: "arm-virt", console: "ttyAMA0" },
];

/// Boots the guest that `options` name.
///
/// # Errors
/// Something given cannot be used, or the emulator failed.
pub fn run(options: &BootOptions) -> Result<Ending, Failure> {
    match options.guest.as_deref() {
        None => demo(options),
        Some(name) => debian(options, host(name)?),
    }
}

fn demo(options: &BootOptions) -> Result<Ending, Failure> {
    eprintln!(
        "Booting the demo. `mynah boot debian/riscv64` or `debian/arm64` boots Debian. Ctrl-A x quits."
    );
    let guest = Guest { machine: MACHINE.to_owned(), kernel: Some(mynah::demo()), ..Guest::default() };
    session::run(guest, &options.machine, &options.net, |console| Box::new(console))
}

/// What runs the guest of this name.
fn host(name: &str) -> Result<&'static Host, Failure> {
    let arch = name.strip_prefix("debian/").and_then(|arch| arch.parse::<Arch>().ok());
    HOSTS.iter().find(|host| Some(host.arch) == arch).ok_or_else(|| {
        let names: Vec<_> = HOSTS.iter().map(|host| format!("debian/{}", host.arch)).collect();
        Failure::Use(format!("there is no guest `{name}`; choose {}, or none for the demo", names.join(", ")))
    })
}

fn debian(options: &BootOptions, host: &Host) -> Result<Ending, Failure> {
    let script = options.script.as_deref().map(read_script).transpose()?;
    let request = Request {
        suite: options.suite.clone(),
        mirror: options.mirror.clone(),
        keyring: options.keyring.clone(),
        script,
        offline: options.offline,
        allow_unsigned: options.allow_unsigned,
        ..Request::new(host.arch)
    };
    let prepared = debian::prepare(&request, &mut *debian::to_stderr()).map_err(Failure::wrong_use)?;
    eprintln!("Booting {}. Ctrl-A x quits.", prepared.description);
    // A quiet start, where a script's output is wanted.
    let quiet = if request.script.is_some() { " quiet" } else { "" };
    let guest = Guest {
        machine: host.machine.to_owned(),
        kernel: Some(Image {
            name: format!("vmlinux-{}", prepared.kernel_release),
            bytes: prepared.kernel.into(),
        }),
        initrd: Some(Image { name: "initramfs".to_owned(), bytes: prepared.initrd.into() }),
        append: format!("console={}{quiet}", host.console),
        ..Guest::default()
    };
    if request.script.is_none() {
        return session::run(guest, &options.machine, &options.net, |console| Box::new(console));
    }
    let mut status = ScriptStatus::default();
    let watch = |console: Console| {
        let (sink, told) = ScriptSink::new(Box::new(console), SCRIPT_EXIT);
        status = told;
        Box::new(sink) as Box<dyn CharSink>
    };
    let ending = session::run(guest, &options.machine, &options.net, watch)?;
    script_ending(ending, &status)
}

fn read_script(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| format!("cannot read {}: {error}; give another file with --script", path.display());
    std::fs::read(path).map_err(|error| Failure::Use(failed(error)))
}

/// The script's status takes the place of the machine's.
fn script_ending(ending: Ending, status: &ScriptStatus) -> Result<Ending, Failure> {
    match (ending, status.get()) {
        (Ending::Status(OK), Some(status)) => Ok(Ending::Status(status)),
        (Ending::Status(OK), None) => Err(Failure::emulator(
            "the guest powered off before the script ended; run it without --script to see what happens",
        )),
        (ending, _) => Ok(ending),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_status_is_ours() {
        let (mut sink, status) = ScriptSink::new(Box::new(mynah::host::Capture::default()), SCRIPT_EXIT);
        assert_eq!(script_ending(Ending::Status(OK), &status).unwrap_err().status(), 3);
        assert_eq!(script_ending(Ending::Quit, &status), Ok(Ending::Quit));
        sink.write(format!("{SCRIPT_EXIT} 7\r\n").as_bytes());
        assert_eq!(script_ending(Ending::Status(OK), &status), Ok(Ending::Status(7)));
        assert_eq!(script_ending(Ending::Status(9), &status), Ok(Ending::Status(9)));
    }

    #[test]
    fn only_guests_with_a_machine_are_offered() {
        let machine = |name| host(name).map(|host| host.machine);
        assert_eq!(machine("debian/riscv64"), Ok("riscv-virt"));
        assert_eq!(machine("debian/arm64"), Ok("arm-virt"));
        for name in ["", "debian", "debian/", "debian/amd64", "riscv64", "fedora/riscv64"] {
            let failure = machine(name).unwrap_err();
            assert_eq!(failure.status(), 2);
            assert!(failure.to_string().contains("debian/riscv64, debian/arm64"), "{failure}");
        }
    }
}
