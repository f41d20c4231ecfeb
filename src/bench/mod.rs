//! The same guest work under Mynah and under QEMU, in turn on the same host:
//! `mynah bench`, and `cargo bench --bench versus`.
//!
//! Costs are measured from outside, by the kernel's word, of both sides in the
//! same way. The two take turns within a round, so that a host that becomes
//! slower does so for both. What the guest computes has to be equal.

mod architecture;
mod emulator;
mod group;
mod guests;
mod options;
mod plot;
mod process;
mod report;
mod sources;
mod svg;
mod table;
mod toolchain;
mod work;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use indicatif::{ProgressBar, ProgressStyle};

pub use options::Options;

use crate::debian::cache;
use architecture::Qemu;
use emulator::{Emulator, Guest, Mynah};
use guests::Guests;
use report::{Note, Readings, Report};
use table::Look;
use toolchain::Toolchain;
use work::{Contest, FATAL, Work};

/// Does what `options` say with `mynah`, unless they name another program, and
/// writes the table to standard output. Tells whether nothing went wrong; what
/// could not be tried for lack of a tool is not wrong.
///
/// # Errors
/// Something given cannot be used: what, and the remedy.
pub fn run(options: &Options, mynah: PathBuf) -> Result<bool, String> {
    let works = work::all(options.guest).filter(|work| options.wants(work.group.name(), work.name));
    let works: Vec<&Work> = works.collect();
    if works.is_empty() {
        return Err("--filter leaves no work; --list shows all of it".to_owned());
    }
    if options.list {
        let lines: String =
            works.iter().map(|work| format!("{}: {}\n", work.group.name(), work.name)).collect();
        return print(&lines).map(|()| true);
    }
    // Before the work, lest it be done for nothing.
    let json = options.json.as_deref().map(|path| create(path, "--json")).transpose()?;
    let svg = options.svg.as_deref().map(|path| create(path, "--svg")).transpose()?;
    let report = Bench::new(options, mynah)?.compare(&works);
    print(&table::table(&report, Look::of_stdout()))?;
    if let Some(file) = json {
        let text = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
        write(file, &(text + "\n"), "--json")?;
    }
    if let Some(file) = svg {
        write(file, &svg::svg(&report), "--svg")?;
    }
    Ok(report.failures.is_empty())
}

fn print(text: &str) -> Result<(), String> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // Nobody reads on: `mynah bench | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| format!("cannot write the table: {error}; send it elsewhere")),
    }
}

fn create(path: &Path, option: &str) -> Result<File, String> {
    File::create(path)
        .map_err(|error| format!("cannot write {}: {error}; give another file with {option}", path.display()))
}

fn write(mut file: File, text: &str, option: &str) -> Result<(), String> {
    file.write_all(text.as_bytes())
        .map_err(|error| format!("cannot write the file of {option}: {error}; give another one"))
}

/// What a comparison needs.
struct Bench<'a> {
    options: &'a Options,
    mynah: Mynah,
    /// QEMU's version, or what to install.
    qemu: Result<String, String>,
    toolchain: Toolchain,
    guests: Guests,
}

impl<'a> Bench<'a> {
    fn new(options: &'a Options, mynah: PathBuf) -> Result<Bench<'a>, String> {
        let program = options.mynah.clone().unwrap_or(mynah);
        if !program.is_file() {
            return Err(format!("{} is no program; give another with --mynah", program.display()));
        }
        let cache = cache::default_root().map_err(|error| error.to_string())?;
        let toolchain = Toolchain::new(options.guest, &cache)?;
        let guests = Guests::find(options, toolchain.folder());
        let mynah = Mynah { program, engine: options.engine.clone(), clock: "real", cpus: 1 };
        Ok(Bench { options, mynah, qemu: qemu_version(&options.guest.qemu), toolchain, guests })
    }

    /// Runs everything, in rounds.
    fn compare(&self, works: &[&'static Work]) -> Report {
        let rounds = self.options.rounds();
        let mut report = Report { setting: self.setting(), rounds, ..Report::default() };
        let progress = progress(works.len() as u64 * u64::from(rounds));
        let mut ready: Vec<(&Work, Guest)> = Vec::new();
        for work in works {
            progress.set_message(format!("making {}", work.name));
            match self.prepare(work) {
                Ok(guest) => ready.push((work, guest)),
                Err(why) => report.skipped.push(Note { group: work.group, name: work.name, why }),
            }
        }
        progress.set_length(ready.len() as u64 * u64::from(rounds));
        for round in 0..rounds {
            // What has failed once is not tried again.
            ready.retain(|(work, guest)| {
                progress.set_message(format!("round {} of {rounds}: {}", round + 1, work.name));
                let turn = self.turn(work, guest, round);
                progress.inc(1);
                match turn {
                    Ok([ours, theirs]) => report.add(work.group, &ours, &theirs),
                    Err(why) => {
                        report.failures.push(Note { group: work.group, name: work.name, why });
                        return false;
                    }
                }
                true
            });
        }
        progress.finish_and_clear();
        report
    }

    fn prepare(&self, work: &Work) -> Result<Guest, String> {
        if work.contest == Contest::Qemu {
            self.qemu.as_ref().map_err(Clone::clone)?;
        }
        work.prepare(self.options.guest, &self.toolchain, &self.guests)
    }

    /// One round of one work: the second side goes first every other time.
    fn turn(&self, work: &Work, guest: &Guest, round: u32) -> Result<[Readings; 2], String> {
        let [subject, baseline] = work.contest.sides(&self.mynah);
        let run = |side: &(&'static str, Emulator)| self.run(work, guest, side);
        let (ours, theirs) = if round.is_multiple_of(2) {
            let ours = run(&subject)?;
            (ours, run(&baseline)?)
        } else {
            let theirs = run(&baseline)?;
            (run(&subject)?, theirs)
        };
        if ours.1 != theirs.1 {
            return Err(format!(
                "the answers differ: {:?} under {}, {:?} under {}",
                ours.1, subject.0, theirs.1, baseline.0
            ));
        }
        Ok([ours.0, theirs.0])
    }

    /// What a run of one side tells, and the guest's answers.
    fn run(
        &self,
        work: &Work,
        guest: &Guest,
        (side, emulator): &(&'static str, Emulator),
    ) -> Result<(Readings, Vec<String>), String> {
        let mut command = emulator.command(self.options.guest, guest);
        let run = process::run(&mut command, self.options.timeout(), FATAL)?;
        let (readings, answers) = work.read(&run).map_err(|why| format!("the guest {why} under {side}"))?;
        Ok((Readings { side, readings, peak_rss_bytes: run.peak_rss_bytes }, answers))
    }

    /// The two programs and the host.
    fn setting(&self) -> String {
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown");
        let qemu = self.qemu.as_deref().unwrap_or("no QEMU");
        format!(
            "Mynah {} ({}) and {qemu}, {} guests; {} with {cpus} CPUs, load {load}",
            env!("CARGO_PKG_VERSION"),
            self.mynah.engine,
            self.options.guest.name(),
            host()
        )
    }
}

/// The host's processor by its own name where it tells it (proc_cpuinfo(5)).
fn host() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    named.map_or(std::env::consts::ARCH, |(_, name)| name.trim()).to_owned()
}

/// The version that `qemu` tells, or what to install.
fn qemu_version(qemu: &Qemu) -> Result<String, String> {
    let Qemu { program, package, .. } = qemu;
    let output = Command::new(program).arg("--version").output();
    let output = output.map_err(|_| format!("{program} is missing: install {package}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    // `QEMU emulator version 10.0.2 (Debian ...)`
    let version = text.split_whitespace().nth(3).unwrap_or("of unknown version");
    Ok(format!("QEMU {version}"))
}

/// Shows itself on a terminal alone.
fn progress(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg:42!} {eta:>4}");
    ProgressBar::new(length).with_style(style.expect("the template is well formed"))
}

#[cfg(test)]
mod tests {
    use super::architecture::Architecture;
    use super::architecture::tests::WITHOUT_TOOLS;
    use super::*;

    #[test]
    fn a_missing_qemu_is_told_with_its_package() {
        let message = qemu_version(&WITHOUT_TOOLS.qemu).unwrap_err();
        assert_eq!(message, "no-such-qemu is missing: install qemu-system-riscv (or qemu-system-misc)");
    }

    #[test]
    fn progress_is_well_formed() {
        assert_eq!(progress(7).length(), Some(7));
    }

    #[test]
    fn works_have_names_of_their_own() {
        for guest in ["riscv64", "arm64"] {
            let works = work::all(Architecture::by_name(guest).unwrap());
            let names: Vec<_> = works.map(|work| (work.group.name(), work.name)).collect();
            let unique: std::collections::HashSet<_> = names.iter().collect();
            assert_eq!(unique.len(), names.len());
        }
    }
}
