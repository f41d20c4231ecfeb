//! The report of `--stats`. Keys and their meanings stay from release to
//! release; new ones may come.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use mynah::{CpuStats, Exits, Machine, MachineStats, Tier};
use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// All that is reported.
#[derive(Debug, Serialize)]
pub struct Report {
    guest_instructions: u64,
    virtual_ns: u64,
    wall_s: f64,
    cpu_s: f64,
    /// Null where the host does not tell.
    peak_rss_bytes: Option<u64>,
    state_hash: String,
    cpus: Vec<CpuStats>,
    tiers: Tiers,
    tlb_misses: u64,
    tlb_walks: u64,
    mmio: u64,
    invalidated: u64,
    exits: Exits,
}

#[derive(Debug, Serialize)]
struct Tiers {
    tier0: Tier,
    tier2: Tier,
}

impl Report {
    /// What `machine` did within `wall`, the time since it was switched on.
    pub fn new(machine: &Machine, wall: Duration) -> Report {
        // Time and memory first: hashing takes some of both.
        let (cpu_s, peak_rss_bytes) = (cpu_s(), peak_rss_bytes());
        let stats: MachineStats = machine.stats();
        Report {
            guest_instructions: stats.guest_instructions,
            virtual_ns: stats.virtual_ns,
            wall_s: wall.as_secs_f64(),
            cpu_s,
            peak_rss_bytes,
            state_hash: machine.state_hash(),
            cpus: stats.cpus,
            tiers: Tiers { tier0: stats.tier0, tier2: stats.tier2 },
            tlb_misses: stats.tlb_misses,
            tlb_walks: stats.tlb_walks,
            mmio: stats.mmio,
            invalidated: stats.invalidated,
            exits: stats.exits,
        }
    }

    /// Writes the report to `path`, or to standard error for `-`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
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
