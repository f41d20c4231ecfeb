//! Whole boots with a checked result: Debian's unmodified kernel runs a
//! workload whose output has a known checksum, for each architecture, on all
//! engines, with one CPU and with four.
//!
//! With a counted clock a run depends on nothing but its configuration, so
//! both engines, and the JIT with code that an earlier run has kept and without,
//! must run the same instructions and end in the same state.

#[path = "boot/guest.rs"]
mod guest;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use guest::Guest;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use mynah::debian::Arch;
use serde_json::Value;

/// SHA-256 of what the workload prints, as Debian's busybox printed it under
/// QEMU 10.0 for riscv64, arm64 and amd64 alike.
const WORK_SUM: &str = "16d76b249a939a2d42726a155c566258eac68cbc0bb0715eafe40571ce259737";

static RISCV64: LazyLock<Result<Guest, String>> = LazyLock::new(|| Guest::find(Arch::Riscv64));
static ARM64: LazyLock<Result<Guest, String>> = LazyLock::new(|| Guest::find(Arch::Arm64));

type Found = &'static LazyLock<Result<Guest, String>>;

fn main() {
    let mut trials = Vec::new();
    for (arch, found) in [("riscv64", &RISCV64), ("arm64", &ARM64)] {
        trials.extend([
            boot(arch, "boots_in_real_time", found, boot_in_real_time),
            boot(arch, "counted_boots_with_one_cpu_are_the_same", found, |guest| counted_boots(guest, "1")),
            boot(arch, "counted_boots_with_four_cpus_are_the_same", found, |guest| counted_boots(guest, "4")),
            boot(arch, "counted_boots_are_the_same_whenever_code_is_compiled", found, eager_boots),
        ]);
    }
    trials.push(boot("arm64", "boots_on_every_choice_of_machine", &ARM64, choices));
    let name = "counted_boots_are_the_same_where_hardware_marks_tables";
    trials.push(boot("arm64", name, &ARM64, boots_that_mark_tables));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A test that needs a guest, and is skipped without.
fn boot(arch: &str, name: &str, found: Found, test: fn(&Guest) -> Result<(), Failed>) -> Trial {
    Trial::ignorable_test(format!("{arch}::{name}"), move || match &**found {
        Ok(guest) => test(guest).map(|()| Completion::Completed),
        Err(lacking) => {
            eprintln!("{lacking}");
            Ok(Completion::ignored_with(lacking))
        }
    })
}

fn boot_in_real_time(guest: &Guest) -> Result<(), Failed> {
    run(guest, &["--engine", "jit", "--cpus", "2", "--no-cache"], tempfile::tempdir()?.path())?;
    Ok(())
}

/// Both models, both interrupt controllers, with EL2 and without.
fn choices(guest: &Guest) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for choice in ["cpu=max", "gic-version=3", "cpu=max,gic-version=3,virtualization=on"] {
        let machine = format!("{},{choice}", guest.machine);
        run(guest, &["--machine", &machine, "--cpus", "2", "--no-cache"], folder.path())?;
    }
    Ok(())
}

/// What has to be the same in two runs.
#[derive(PartialEq, Eq, Debug)]
struct Ran {
    guest_instructions: u64,
    state_hash: String,
}

fn counted_boots(guest: &Guest, cpus: &str) -> Result<(), Failed> {
    let cache = tempfile::tempdir()?;
    let boot = |engine| run(guest, &["--engine", engine, "--cpus", cpus, "--clock", "count"], cache.path());
    let ((first, kept), (second, taken)) = (boot("jit")?, boot("jit")?);
    let (reference, _) = boot("interp")?;
    if kept != 0 || taken == 0 {
        return Err(format!("the first run took {kept} units from the cache, the second {taken}").into());
    }
    if first != second {
        return Err(format!("two runs with {cpus} CPUs differ: {first:?}, {second:?}").into());
    }
    if first != reference {
        return Err(
            format!("the engines differ with {cpus} CPUs: jit {first:?}, interp {reference:?}").into()
        );
    }
    Ok(())
}

/// All code compiled at its first run, or never by one of the tiers.
fn eager_boots(guest: &Guest) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let boot = |options: [&str; 2]| {
        run(guest, &[options[0], options[1], "--no-cache", "--clock", "count"], folder.path())
            .map(|(ran, _)| ran)
    };
    let reference = boot(["--engine", "interp"])?;
    let cases = [["--tiers", "1,never"], ["--tiers", "1,1"], ["--tiers", "never,100"]];
    for case in cases.into_iter().chain([["--memory-access", "mapped"], ["--memory-access", "auto"]]) {
        let ran = boot(case)?;
        if ran != reference {
            return Err(format!("{case:?} gives {ran:?}, --engine interp {reference:?}").into());
        }
    }
    Ok(())
}

/// `max` sets access and dirty flags itself: what engines look up ahead of the guest,
/// from a thread's timing, must set none.
fn boots_that_mark_tables(guest: &Guest) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let boot = |tiers| {
        let machine = format!("{},cpu=max,gic-version=3", guest.machine);
        let options = ["--machine", &machine, "--tiers", tiers, "--no-cache", "--clock", "count"];
        run(guest, &options, folder.path()).map(|(ran, _)| ran)
    };
    let (blocks, regions) = (boot("1,never")?, boot("24,100000")?);
    if blocks != regions {
        return Err(format!("blocks alone give {blocks:?}, regions {regions:?}").into());
    }
    Ok(())
}

/// Boots the guest and checks that it computed what it should. Also yields how
/// many compiled units came from the cache.
fn run(guest: &Guest, options: &[&str], cache: &Path) -> Result<(Ran, u64), Failed> {
    let folder = tempfile::tempdir()?;
    let stats = folder.path().join("stats.json");
    let machine: &[&str] = if options.contains(&"--machine") { &[] } else { &["--machine", guest.machine] };
    let output = Command::new(env!("CARGO_BIN_EXE_mynah"))
        .args(["run", "--memory", "512M"])
        .arg(format!("--append=console={} quiet", guest.console))
        .arg("--kernel")
        .arg(&guest.kernel)
        .arg("--initrd")
        .arg(&guest.initrd)
        .arg("--stats")
        .arg(&stats)
        .args(machine)
        .args(options)
        .env("MYNAH_CACHE", cache)
        .stdin(Stdio::null())
        .output()?;
    let console = String::from_utf8_lossy(&output.stdout);
    let tell = |what: &str| {
        format!(
            "{what} with {options:?}; the console:\n{console}\n{}",
            String::from_utf8_lossy(&output.stderr)
        )
    };
    if !output.status.success() {
        return Err(tell(&output.status.to_string()).into());
    }
    if !console.contains("BOOT-OK") || !console.contains(&format!("WORK-OK {WORK_SUM}")) {
        return Err(tell("wrong output").into());
    }
    let report: Value = serde_json::from_str(&std::fs::read_to_string(&stats)?)?;
    let instructions = report["guest_instructions"].as_u64().ok_or("no count of instructions")?;
    let hash = report["state_hash"].as_str().ok_or("no hash of the state")?;
    eprintln!("{options:?}: {instructions} instructions in {} s", report["wall_s"]);
    let taken = report["units_from_library"].as_u64().ok_or("no count of units")?;
    Ok((Ran { guest_instructions: instructions, state_hash: hash.to_owned() }, taken))
}
