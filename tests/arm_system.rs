//! What an Arm CPU says of itself and of what goes wrong: a program without an operating
//! system writes it down, on our machine and on QEMU's, and both have to be the same.
//!
//! Without QEMU or a compiler there is nothing to compare with, and the tests are ignored.
//! Where QEMU does less than the manual says, `manual.txt` has what the manual says.

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::{Command, Stdio};

const COMPILER: &str = "aarch64-linux-gnu-gcc";
const QEMU: &str = "qemu-system-aarch64";

/// A program, and the machine that it runs on.
struct Subject {
    name: &'static str,
    sources: [&'static str; 2],
    machine: &'static str,
    /// The lines that the manual decides.
    manual: &'static str,
}

const SUBJECTS: [Subject; 2] = [
    Subject {
        name: "says_what_qemu_says",
        sources: ["start.S", "program.c"],
        machine: "",
        manual: include_str!("arm_system/manual.txt"),
    },
    Subject {
        name: "tells_a_hypervisor_what_qemu_tells",
        sources: ["hypervisor.S", "hypervisor.c"],
        machine: ",virtualization=on",
        manual: "",
    },
];

/// How lines begin that QEMU does not decide.
const BY_MANUAL: &str = "manual ";

/// Lines in which we differ from QEMU, by how they begin, with the reason.
const DIFFERENT: &[(&str, &str)] = &[
    ("id ", "models have what is implemented: docs/aarch64.md lists what differs"),
    ("reset pm", "there are no event counters"),
    ("ones ", "QEMU keeps reserved bits of some registers"),
    ("zeros pm", "there are no event counters"),
    ("reset cntfrq_el0", "one frequency for all models"),
    ("exclusive unaligned across ", "QEMU's `max` tells of a load as if it were a store"),
    ("EL0 daif ", "QEMU takes op1 for op2 in the syndrome of a trapped `msr daifset`"),
];

fn main() {
    let arguments = Arguments::from_args();
    let lacks = |program: &str| Command::new(program).arg("--version").output().is_err();
    let missing = lacks(COMPILER) || lacks(QEMU);
    if missing {
        println!("no {COMPILER} or no {QEMU} (on Debian: gcc-aarch64-linux-gnu, qemu-system-arm)");
    }
    let trials = SUBJECTS.iter().flat_map(|subject| {
        ["cortex-a57", "max"].map(|model| {
            let trial = Trial::test(format!("{model}_{}", subject.name), || agrees(subject, model));
            trial.with_ignored_flag(missing)
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn agrees(subject: &Subject, model: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let program = folder.path().join("program");
    compile(subject, &program)?;
    let theirs = qemu(subject, model, &program)?;
    for options in [["--engine", "interp"], ["--engine", "jit"], ["--tiers", "1,1"]] {
        let ours = mynah(subject, model, &program, options)?;
        let wrong = differences(subject.manual, &theirs, &ours);
        if !wrong.is_empty() {
            return Err(format!("with {options:?}, QEMU's and ours:\n{}", wrong.join("\n")).into());
        }
    }
    Ok(())
}

fn compile(subject: &Subject, program: &Path) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/arm_system");
    let output = Command::new(COMPILER)
        .args(["-nostdlib", "-static", "-ffreestanding", "-mgeneral-regs-only", "-O1", "-fno-pic", "-no-pie"])
        .args(["-mno-outline-atomics", "-fno-stack-protector", "-march=armv8.4-a", "-mstrict-align"])
        .args(["-mbranch-protection=none", "-Wall", "-Wextra", "-Werror"])
        .arg("-Wl,-Ttext-segment=0x40200000,--build-id=none,-z,max-page-size=4096")
        .args(subject.sources.map(|name| folder.join(name)))
        .arg("-o")
        .arg(program)
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{COMPILER}: {errors}").into()) }
}

fn qemu(subject: &Subject, model: &str, program: &Path) -> Result<Vec<String>, Failed> {
    let mut command = Command::new(QEMU);
    command.args(["-M", &format!("virt{}", subject.machine), "-cpu", model, "-m", "512"]);
    command.args(["-display", "none", "-serial", "stdio"]);
    written(command.args(["-monitor", "none", "-kernel"]).arg(program))
}

fn mynah(subject: &Subject, model: &str, program: &Path, options: [&str; 2]) -> Result<Vec<String>, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynah"));
    let machine = format!("arm-virt,cpu={model}{}", subject.machine);
    command.args(["run", "--machine", &machine, "--memory", "512M", "--no-cache"]);
    written(command.args(options).arg("--kernel").arg(program))
}

/// The lines that a program writes, the last of which is `end`.
fn written(command: &mut Command) -> Result<Vec<String>, Failed> {
    let output = command.stdin(Stdio::null()).output()?;
    let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.last().map(String::as_str) != Some("end") {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?} did not come to its end:\n{text}\n{errors}").into());
    }
    Ok(lines)
}

/// What differs, line by line: from QEMU, or from the manual.
fn differences(manual: &str, theirs: &[String], ours: &[String]) -> Vec<String> {
    let (by_manual, by_qemu): (Vec<&String>, Vec<&String>) =
        ours.iter().partition(|line| line.starts_with(BY_MANUAL));
    let manual = manual.lines().filter(|line| !line.starts_with('#'));
    let manual: Vec<String> = manual.map(|line| format!("{BY_MANUAL}{line}")).collect();
    let theirs: Vec<&String> = theirs.iter().filter(|line| !line.starts_with(BY_MANUAL)).collect();
    let mut wrong = Vec::new();
    compare(&theirs, &by_qemu, &mut wrong);
    compare(&manual.iter().collect::<Vec<_>>(), &by_manual, &mut wrong);
    wrong
}

/// Lines that differ although they should not, with the heading before.
fn compare(theirs: &[&String], ours: &[&String], wrong: &mut Vec<String>) {
    if theirs.len() != ours.len() {
        wrong.push(format!("{} lines, {} of ours", theirs.len(), ours.len()));
    }
    let mut heading = "";
    for (a, b) in theirs.iter().zip(ours) {
        if a.starts_with('#') {
            heading = a;
        }
        let may_differ = DIFFERENT.iter().any(|(start, _)| a.starts_with(start) && b.starts_with(start));
        if a != b && !may_differ {
            wrong.push(format!("{heading}\n  {a}\n  {b}"));
        }
    }
}
