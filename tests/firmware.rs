//! Debian's EDK2 for Arm, where the host has it: it comes to its shell, it starts a
//! program from a disk, and it keeps its variables in a file if it is given one.

#[path = "firmware/disk.rs"]
mod disk;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// Where Debian's package qemu-efi-aarch64 has it.
const FIRMWARE: &str = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd";
/// Of Debian's package binutils-aarch64-linux-gnu.
const ASSEMBLER: &str = "aarch64-linux-gnu-as";
const OBJCOPY: &str = "aarch64-linux-gnu-objcopy";

fn main() {
    let trials = vec![
        Trial::ignorable_test("comes_to_its_shell", || with_firmware(shell)),
        Trial::ignorable_test("starts_a_program_and_keeps_variables", || with_firmware(program)),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Runs `test`, or says what it lacks.
fn with_firmware(test: fn() -> Result<Completion, Failed>) -> Result<Completion, Failed> {
    match Path::new(FIRMWARE).is_file() {
        true => test(),
        false => Ok(lacking(format!("no {FIRMWARE}: install qemu-efi-aarch64"))),
    }
}

fn lacking(what: String) -> Completion {
    eprintln!("{what}");
    Completion::ignored_with(what)
}

fn mynah() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynah"));
    command.args(["run", "--machine", "arm-virt", "--no-cache", "--memory", "512M", "--bios", FIRMWARE]);
    command
}

/// It takes a command in its shell.
fn shell() -> Result<Completion, Failed> {
    let mut child = mynah().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut keys = child.stdin.take().ok_or("no input")?;
    let mut console = child.stdout.take().ok_or("no output")?;
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    let shows = |seen: &[u8], text: &str| String::from_utf8_lossy(seen).contains(text);
    while !shows(&seen, "Shell> ") {
        match console.read(&mut buffer)? {
            0 => return Err(format!("it ended: {}", String::from_utf8_lossy(&seen)).into()),
            bytes => seen.extend(&buffer[..bytes]),
        }
    }
    keys.write_all(b"reset -s\r")?;
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("the shell's `reset -s` ended in {status}").into());
    }
    Ok(Completion::Completed)
}

/// From a disk, with virtual time, in which nobody waits for keys.
fn program() -> Result<Completion, Failed> {
    let folder = tempfile::tempdir()?;
    let program = match assembled(folder.path()) {
        Ok(file) => fs::read(file)?,
        Err(what) => return Ok(lacking(what)),
    };
    let (image, flash) = (folder.path().join("disk.img"), folder.path().join("variables.fd"));
    fs::write(&image, disk::with_program(&program))?;
    let says = |flash: &str, text: &str| {
        let mut command = mynah();
        command.args(["--clock", "count", "--drive"]).arg(&image);
        if !flash.is_empty() {
            command.args(["--flash", flash]);
        }
        let output = command.stdin(Stdio::null()).output()?;
        let console = String::from_utf8_lossy(&output.stdout);
        if output.status.success() && console.contains(text) {
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(Failed::from(format!("no {text} with flash `{flash}`, {}: {console}\n{errors}", output.status)))
    };
    let (new, old) = ("[the variable is new]", "[the variable is here]");
    let file = flash.display().to_string();
    says(&file, new)?;
    let kept = fs::read(&flash)?;
    says(&format!("{file},readonly"), old)?;
    if fs::read(&flash)? != kept {
        return Err("a read-only file is another after a run".into());
    }
    says("", new)?;
    Ok(Completion::Completed)
}

/// The program's file, or what is missing for it.
fn assembled(folder: &Path) -> Result<PathBuf, String> {
    let (object, file) = (folder.join("program.o"), folder.join("program.efi"));
    let run = |command: &mut Command, tool: &str| match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => panic!("{tool} ended in {status}"),
        Err(error) => Err(format!("{tool}: {error}; install binutils-aarch64-linux-gnu")),
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/firmware/program.s");
    run(Command::new(ASSEMBLER).arg("-o").arg(&object).arg(source), ASSEMBLER)?;
    run(Command::new(OBJCOPY).args(["-O", "binary"]).arg(&object).arg(&file), OBJCOPY)?;
    Ok(file)
}
