//! The same guest work under Mynah and under QEMU, in turn on the same host.
//!
//! What is compared is processor time, which other programs on the host disturb
//! least; the two take turns within a round, so that a host that becomes slower
//! does so for both. What the guest computes has to be equal.

mod emulator;
mod options;
mod process;
mod report;
mod toolchain;
mod work;

use std::process::{Command, ExitCode};

use clap::Parser;

use emulator::{Emulator, Guest, QEMU};
use options::Options;
use report::{Readings, Report};
use toolchain::Toolchain;
use work::{FATAL, WORKS, Work};

fn main() -> ExitCode {
    let options = Options::parse();
    let works: Vec<&Work> = WORKS.iter().filter(|work| options.wants(work.group, work.name)).collect();
    if options.list {
        for work in works {
            println!("{}: {}", work.group, work.name);
        }
        return ExitCode::SUCCESS;
    }
    match compare(&options, &works) {
        Ok(report) => finish(&options, &report),
        Err(why) => {
            eprintln!("versus: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Prints and writes what was found.
fn finish(options: &Options, report: &Report) -> ExitCode {
    print!("{}", report.table());
    if let Some(path) = &options.json {
        let written = serde_json::to_string_pretty(report).map_err(std::io::Error::other);
        if let Err(error) = written.and_then(|text| std::fs::write(path, text + "\n")) {
            eprintln!("versus: cannot write {}: {error}; give another file with --json", path.display());
            return ExitCode::FAILURE;
        }
    }
    if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn compare(options: &Options, works: &[&Work]) -> Result<Report, String> {
    let Some(setting) = setting(options) else {
        eprintln!("versus: skipped, as {QEMU} is missing: install qemu-system-riscv (or qemu-system-misc)");
        return Ok(Report::default());
    };
    let toolchain = Toolchain::new(options.guests())
        .map_err(|error| format!("cannot make a directory for guests: {error}"))?;
    let mut report = Report { setting, rounds: options.rounds(), ..Report::default() };
    let mut ready: Vec<(&Work, Guest)> = Vec::new();
    for work in works {
        match work.prepare(&toolchain) {
            Ok(guest) => ready.push((work, guest)),
            Err(why) => eprintln!("versus: skipped {}: {why}", work.name),
        }
    }
    for round in 0..options.rounds() {
        // What has failed once is not tried again.
        ready.retain(|(work, guest)| match turn(options, work, guest, round) {
            Ok([mynah, qemu]) => {
                report.add(work.group, &mynah, &qemu);
                true
            }
            Err(why) => {
                report.failures.push(format!("{}: {why}", work.name));
                false
            }
        });
    }
    Ok(report)
}

/// The host, QEMU's version, Mynah's engine; `None` without QEMU.
fn setting(options: &Options) -> Option<String> {
    let output = Command::new(QEMU).arg("--version").output().ok()?;
    let version = String::from_utf8_lossy(&output.stdout);
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    Some(format!(
        "Mynah ({}) and {}; {} with {cpus} CPUs, load {}",
        options.engine.name(),
        version.lines().next()?,
        std::env::consts::ARCH,
        load.split(' ').next()?,
    ))
}

/// One round of one work: Mynah first, and QEMU first every other time.
fn turn(options: &Options, work: &Work, guest: &Guest, round: u32) -> Result<[Readings; 2], String> {
    let [mynah, qemu] = Emulator::both(options);
    let run = |emulator: &Emulator| run(options, work, guest, emulator);
    let (ours, theirs) = if round.is_multiple_of(2) {
        let ours = run(&mynah)?;
        (ours, run(&qemu)?)
    } else {
        let theirs = run(&qemu)?;
        (run(&mynah)?, theirs)
    };
    eprintln!(
        "round {} of {}: {}, CPU {:.2} s against {:.2} s",
        round + 1,
        options.rounds(),
        work.name,
        total_cpu_s(&ours.0),
        total_cpu_s(&theirs.0)
    );
    if ours.1 != theirs.1 {
        return Err(format!("the answers differ: {:?} under Mynah, {:?} under QEMU", ours.1, theirs.1));
    }
    Ok([ours.0, theirs.0])
}

fn total_cpu_s(readings: &Readings) -> f64 {
    readings.0.iter().map(|reading| reading.cost.cpu_s).sum()
}

/// What a run under `emulator` tells, and the guest's answers.
fn run(
    options: &Options,
    work: &Work,
    guest: &Guest,
    emulator: &Emulator,
) -> Result<(Readings, Vec<String>), String> {
    let run = process::run(&mut emulator.command(guest), options.timeout(), FATAL)?;
    let (readings, answers) = work.read(&run).map_err(|why| format!("the guest {why} under {emulator:?}"))?;
    Ok(((readings, run.peak_rss_bytes), answers))
}
