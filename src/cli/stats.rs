//! The report of `--stats`, in JSON or for people. Keys and their meanings stay
//! from release to release; new ones may come.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use std::{fs, io};

use mynah::{CpuStats, Exits, Machine, MachineStats, Tier};
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use super::stats_table::{HostTime, table};

/// Where a report goes, and in which form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatsOption {
    /// For people, to standard error.
    Table,
    /// In JSON to this file; `-` is standard error.
    Json(PathBuf),
}

impl FromStr for StatsOption {
    type Err = Infallible;

    /// Reads `table`, or else a file's name.
    fn from_str(text: &str) -> Result<StatsOption, Infallible> {
        Ok(match text {
            "table" => StatsOption::Table,
            path => StatsOption::Json(path.into()),
        })
    }
}

/// Writes the reports that `options` want of what `machine` did within `wall`,
/// the time since it was switched on.
///
/// # Errors
/// A file that cannot be written, and why.
pub fn write<'a>(
    options: &'a [StatsOption],
    machine: &Machine,
    wall: Duration,
) -> Result<(), (&'a Path, io::Error)> {
    // Now: hashing the state takes some of both.
    let (host, peak_rss_bytes) = (HostTime { wall_s: wall.as_secs_f64(), cpu_s: cpu_s() }, peak_rss_bytes());
    for option in options {
        match option {
            StatsOption::Table => eprint!("{}", table(&machine.stats(), host)),
            StatsOption::Json(path) => Report::new(machine, host, peak_rss_bytes)
                .write(path)
                .map_err(|error| (path.as_path(), error))?,
        }
    }
    Ok(())
}

/// All that is reported.
#[derive(Debug, Serialize)]
struct Report {
    guest_instructions: u64,
    virtual_ns: u64,
    wall_s: f64,
    cpu_s: f64,
    engine_s: f64,
    waiting_s: f64,
    /// Null where the host does not tell.
    peak_rss_bytes: Option<u64>,
    state_hash: String,
    cpus: Vec<CpuStats>,
    tiers: Tiers,
    tlb_misses: u64,
    units_from_library: u64,
    tlb_walks: u64,
    mmio: u64,
    invalidated: u64,
    code_parts_emptied: u64,
    exits: Exits,
}

#[derive(Debug, Serialize)]
struct Tiers {
    tier0: Tier,
    tier1: Tier,
    tier2: Tier,
}

impl Report {
    /// What `machine` did, and what that took.
    fn new(machine: &Machine, host: HostTime, peak_rss_bytes: Option<u64>) -> Report {
        let stats: MachineStats = machine.stats();
        Report {
            guest_instructions: stats.guest_instructions,
            virtual_ns: stats.virtual_ns,
            wall_s: host.wall_s,
            cpu_s: host.cpu_s,
            engine_s: stats.engine_s,
            waiting_s: stats.waiting_s,
            peak_rss_bytes,
            state_hash: machine.state_hash(),
            cpus: stats.cpus,
            tiers: Tiers { tier0: stats.tier0, tier1: stats.tier1, tier2: stats.tier2 },
            tlb_misses: stats.tlb_misses,
            units_from_library: stats.units_from_library,
            tlb_walks: stats.tlb_walks,
            mmio: stats.mmio,
            invalidated: stats.invalidated,
            code_parts_emptied: stats.code_parts_emptied,
            exits: stats.exits,
        }
    }

    /// Writes the report to `path`, or to standard error for `-`.
    ///
    /// # Errors
    /// The file cannot be written.
    fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        if path == Path::new("-") {
            eprint!("{text}");
            return Ok(());
        }
        fs::write(path, text)
    }
}

/// Processor time of all our threads, in seconds.
fn cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory we had resident (proc_pid_status(5), `VmHWM`).
fn peak_rss_bytes() -> Option<u64> {
    high_water_bytes(&fs::read_to_string("/proc/self/status").ok()?)
}

fn high_water_bytes(status: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_asked_for_by_its_name() {
        for (text, option) in [
            ("table", StatsOption::Table),
            ("./table", StatsOption::Json("./table".into())),
            ("-", StatsOption::Json("-".into())),
        ] {
            assert_eq!(text.parse(), Ok(option));
        }
    }

    #[test]
    fn the_high_water_mark_is_found() {
        assert_eq!(high_water_bytes("VmPeak:\t 9 kB\nVmHWM:\t  2048 kB\nVmRSS: 1 kB\n"), Some(2 << 20));
        assert_eq!(high_water_bytes("VmHWM: much\n"), None);
        assert_eq!(high_water_bytes(""), None);
    }

    #[test]
    fn this_process_used_some_of_both() {
        assert!(cpu_s() > 0.0 && peak_rss_bytes().is_none_or(|bytes| bytes > 0));
    }
}
