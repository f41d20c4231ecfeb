//! From options to a machine, through its run, to the program's end.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use memmap2::{Advice, MmapMut};
use mynah::code_cache::{CodeCache, CodeCacheError, Key};
use mynah::debian;
use mynah::host::FileStore;
use mynah::{
    CharSink, ClockMode, Drive, EngineChoice, Image, Machine, MachineConfig, MachineError, MemoryAccess,
    Outcome, Thresholds,
};
use signal_hook::consts::SIGPIPE;

use super::console::Console;
use super::drive::DriveOption;
use super::ending::{Ending, Failure, OK, guest_status};
use super::host::Host;
use super::network::NetOption;
use super::options::{Access, Clock, Engine, MachineOptions};
use super::perf_map;
use super::serial::SerialOption;
use super::signals;
use super::stats;
use super::stop::{Reason, Stop};
use super::terminal::{GiveBack, Terminal};

/// The date at power-on with a counted clock: 2026-01-01 00:00 UTC.
const COUNTED_EPOCH_NS: u64 = 1_767_225_600 * 1_000_000_000;

/// Files from here on are read into large pages.
const LARGE_BYTES: usize = 4 << 20;

/// What a guest consists of.
#[derive(Default)]
pub struct Guest {
    /// The machine's name.
    pub machine: String,
    /// The kernel.
    pub kernel: Option<Image>,
    /// The kernel's initial RAM disk.
    pub initrd: Option<Image>,
    /// The kernel's command line.
    pub append: String,
    /// Firmware instead of the built-in one.
    pub bios: Option<Image>,
    /// Its second bank of flash.
    pub flash: Option<Drive>,
}

/// Runs `guest` on the machine of `options` until it ends. What the machine
/// writes reaches the console through `wrap`.
///
/// # Errors
/// Something given cannot be used, or the emulator failed.
pub fn run(
    guest: Guest,
    options: &MachineOptions,
    net: &NetOption,
    wrap: impl FnOnce(Console) -> Box<dyn CharSink>,
) -> Result<Ending, Failure> {
    let drives = options.drive.iter().map(open_drive).collect::<Result<Vec<_>, _>>()?;
    let net = net.open().map_err(Failure::wrong_use)?;

    let stop = Stop::new().map_err(|error| host_failed("make a pipe", error))?;
    let terminal = if options.serial == SerialOption::Stdio { Terminal::open() } else { None };
    let _give_back = GiveBack::new(terminal.as_ref());
    signals::watch(stop.clone(), terminal.clone()).map_err(|error| host_failed("watch signals", error))?;
    let console = Console::open(&options.serial, &stop, terminal.as_ref()).map_err(Failure::Use)?;

    let kept = if keeps_code(options) { open_kept(&guest.machine) } else { None };
    let config = MachineConfig {
        memory_bytes: options.memory,
        cpus: options.cpus,
        kernel: guest.kernel,
        initrd: guest.initrd,
        append: guest.append,
        bios: guest.bios,
        flash: guest.flash,
        drives,
        net: net.map(|net| net as Box<_>),
        engine: engine(options),
        published: options.perf_map.then(perf_map::open).transpose()?,
        library: kept.as_ref().map(CodeCache::library),
        clock: clock(options.clock),
        seed: options.seed,
        rtc_epoch_ns: epoch_ns(options.clock),
        ..MachineConfig::new(guest.machine, wrap(console.clone()))
    };
    let mut host = Host::new(console.clone(), stop.clone()).map_err(|error| host_failed("wait", error))?;
    let mut machine = Machine::new(config)?;
    let started = Instant::now();
    let outcome = machine.run(&mut host);
    let wall = started.elapsed();
    console.flush();
    if let Some(Err(error)) = kept.as_ref().map(CodeCache::save) {
        warn(&error);
    }
    stats::write(&options.stats, &machine, wall).map_err(|(path, error)| cannot_write(path, error))?;
    end(outcome, &stop)
}

fn keeps_code(options: &MachineOptions) -> bool {
    options.engine == Engine::Jit && !options.no_cache
}

/// The code kept for guests of a machine. `None`, and a warning, if there is
/// something wrong with it: the run is slower without, no more.
fn open_kept(machine: &str) -> Option<CodeCache> {
    let root = match debian::default_root() {
        Ok(root) => root,
        Err(error) => {
            eprintln!("mynah: no compiled code is kept: {error}");
            return None;
        }
    };
    let opened = Key::new(machine).and_then(|key| CodeCache::open(&root, key, |why| warn(&why)));
    opened.inspect_err(warn).ok()
}

fn warn(error: &CodeCacheError) {
    eprintln!("mynah: {error}");
}

fn open_drive(option: &DriveOption) -> Result<Drive, Failure> {
    let name = option.path.display().to_string();
    let store = FileStore::open(&option.path, option.read_only)?;
    Ok(Drive { name, store: Box::new(store) })
}

/// Reads the file at `path`, which option `option` names. One larger than RAM
/// is refused unread.
///
/// # Errors
/// It cannot be read, or is too large.
pub fn read(path: &Path, option: &str, memory_bytes: u64) -> Result<Image, Failure> {
    let name = path.display().to_string();
    let failed =
        |error| Failure::Use(format!("cannot read {name}: {error}; give another file with {option}"));
    let bytes = fs::metadata(path).map_err(failed)?.len();
    if bytes > memory_bytes {
        let mib = bytes.div_ceil(1 << 20);
        return Err(Failure::Use(format!(
            "{name} has {mib} MiB and does not fit: give the guest more --memory"
        )));
    }
    let bytes = contents(path, bytes).map_err(failed)?;
    Ok(Image { name, bytes })
}

/// The contents of a file of about `bytes`. Where the host can, in large pages: a
/// kernel has thousands of small ones.
fn contents(path: &Path, bytes: u64) -> io::Result<Bytes> {
    let mut file = File::open(path)?;
    let Some(mut map) =
        usize::try_from(bytes).ok().filter(|len| *len >= LARGE_BYTES).map(MmapMut::map_anon).transpose()?
    else {
        return fs::read(path).map(Bytes::from);
    };
    // Only of use, not needed.
    let _ = map.advise(Advice::HugePage);
    file.read_exact(&mut map)?;
    Ok(Bytes::from_owner(map))
}

fn engine(options: &MachineOptions) -> EngineChoice {
    let memory = match options.memory_access {
        Access::Soft => MemoryAccess::Soft,
        Access::Mapped => MemoryAccess::Mapped,
        Access::Auto => MemoryAccess::Auto,
    };
    match options.engine {
        Engine::Interp => EngineChoice::Interp,
        Engine::Jit => {
            let tiers = options.tiers.unwrap_or(Thresholds::DEFAULT);
            EngineChoice::Jit(Thresholds { memory, ..tiers })
        }
    }
}

fn clock(option: Clock) -> ClockMode {
    match option {
        Clock::Real => ClockMode::Real,
        Clock::Count => ClockMode::Count,
    }
}

fn epoch_ns(option: Clock) -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    match (option, now) {
        (Clock::Real, Ok(now)) => u64::try_from(now.as_nanos()).unwrap_or(u64::MAX),
        // Also for a host that believes to be before 1970.
        _ => COUNTED_EPOCH_NS,
    }
}

fn end(outcome: Result<Outcome, MachineError>, stop: &Stop) -> Result<Ending, Failure> {
    match outcome.map_err(Failure::emulator)? {
        Outcome::PowerOff { code: 0 } => Ok(Ending::Status(OK)),
        Outcome::PowerOff { code } => {
            eprintln!("mynah: the guest ended with code {code}");
            Ok(Ending::Status(guest_status(code)))
        }
        Outcome::HostStop => match stop.take() {
            Some(Reason::Signal(signal)) => Ok(Ending::Signal(signal)),
            // As for any program in a pipe whose reader has gone.
            Some(Reason::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                Ok(Ending::Signal(SIGPIPE))
            }
            Some(Reason::Output(error)) => Err(Failure::Emulator(format!(
                "cannot write what the guest's console shows: {error}; send it elsewhere, as with --serial file:FILE"
            ))),
            Some(Reason::Quit) | None => {
                eprintln!("\nmynah: quit");
                Ok(Ending::Quit)
            }
        },
    }
}

fn host_failed(what: &str, error: std::io::Error) -> Failure {
    Failure::Emulator(format!("the host does not let us {what}: {error}; end other programs and try again"))
}

fn cannot_write(path: &Path, error: std::io::Error) -> Failure {
    Failure::Emulator(format!("cannot write {}: {error}; give another file with --stats", path.display()))
}
