//! `mynah boot`: guests by name.

use std::path::Path;

use mynah::debian::{self, Arch, Request, SCRIPT_EXIT};
use mynah::{CharSink, Image};

use super::console::{Console, ScriptSink, ScriptStatus};
use super::ending::{Ending, Failure, OK};
use super::options::BootOptions;
use super::session::{self, Guest};

/// The machine for all guests here.
const MACHINE: &str = "riscv-virt";

/// The kernel's console, and a quiet start where a script's output is wanted.
const APPEND: &str = "console=ttyS0";
const APPEND_SCRIPT: &str = "console=ttyS0 quiet";

/// Boots the guest that `options` name.
///
/// # Errors
/// Something given cannot be used, or the emulator failed.
pub fn run(options: &BootOptions) -> Result<Ending, Failure> {
    match options.guest.as_deref() {
        None => demo(options),
        Some(name) => debian(options, arch(name)?),
    }
}

fn demo(options: &BootOptions) -> Result<Ending, Failure> {
    eprintln!("Booting the demo. `mynah boot debian/riscv64` boots Debian. Ctrl-A x quits.");
    let guest = Guest { machine: MACHINE.to_owned(), kernel: Some(mynah::demo()), ..Guest::default() };
    session::run(guest, &options.machine, &options.net, |console| Box::new(console))
}

/// The architecture in a guest's name. Only those that have a machine count.
fn arch(name: &str) -> Result<Arch, Failure> {
    match name.strip_prefix("debian/").map(str::parse) {
        Some(Ok(Arch::Riscv64)) => Ok(Arch::Riscv64),
        _ => Err(Failure::Use(format!(
            "there is no guest `{name}`; choose debian/riscv64, or none for the demo"
        ))),
    }
}

fn debian(options: &BootOptions, arch: Arch) -> Result<Ending, Failure> {
    let script = options.script.as_deref().map(read_script).transpose()?;
    let request = Request {
        suite: options.suite.clone(),
        mirror: options.mirror.clone(),
        keyring: options.keyring.clone(),
        script,
        offline: options.offline,
        allow_unsigned: options.allow_unsigned,
        ..Request::new(arch)
    };
    let prepared = debian::prepare(&request, &mut *debian::to_stderr()).map_err(Failure::wrong_use)?;
    eprintln!("Booting {}. Ctrl-A x quits.", prepared.description);
    let append = if request.script.is_some() { APPEND_SCRIPT } else { APPEND };
    let guest = Guest {
        machine: MACHINE.to_owned(),
        kernel: Some(Image { name: format!("vmlinux-{}", prepared.kernel_release), bytes: prepared.kernel }),
        initrd: Some(Image { name: "initramfs".to_owned(), bytes: prepared.initrd }),
        append: append.to_owned(),
        bios: None,
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
        assert_eq!(arch("debian/riscv64"), Ok(Arch::Riscv64));
        for name in ["", "debian", "debian/", "debian/amd64", "riscv64", "fedora/riscv64"] {
            let failure = arch(name).unwrap_err();
            assert_eq!(failure.status(), 2);
            assert!(failure.to_string().contains("debian/riscv64"), "{failure}");
        }
    }
}
