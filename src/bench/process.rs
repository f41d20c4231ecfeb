//! Runs a program, reads what it prints, and measures what it costs: wall time,
//! processor time and the most memory it had resident.
//!
//! A process that has ended but has not been reaped still tells the processor
//! time of all its threads, which is why the end is seen with `waitid` first.
//! proc(5): `stat`, `status`, `schedstat`.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::param::clock_ticks_per_second;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// How often an end and the memory are looked for.
const POLL: Duration = Duration::from_millis(5);

/// A line of output, with the costs up to it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Without its end.
    pub text: String,
    /// Costs since the program was started.
    pub cost: Cost,
}

/// What was used up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Wall time, in seconds.
    pub wall_s: f64,
    /// Processor time of all threads, user and system, in seconds.
    pub cpu_s: f64,
}

impl Cost {
    /// What was used up since `before`.
    pub fn since(self, before: Cost) -> Cost {
        Cost { wall_s: self.wall_s - before.wall_s, cpu_s: self.cpu_s - before.cpu_s }
    }
}

/// A run from start to end.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it printed.
    pub lines: Vec<Line>,
    /// What it used up.
    pub total: Cost,
    /// The most memory it had resident; it is sampled, so it may be a little
    /// more.
    pub peak_rss_bytes: u64,
}

/// Runs `command` to its end.
///
/// # Errors
/// It cannot be started, ends badly, has not ended after `timeout`, or prints
/// `fatal`, after which it is not waited for.
pub fn run(command: &mut Command, timeout: Duration, fatal: &'static str) -> Result<Run, String> {
    let name = command.get_program().display().to_string();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("cannot start {name}: {error}"))?;
    let process = Process { pid: Pid::from_child(&child), started };
    let output = child.stdout.take().expect("its output is piped");
    let mut complaints = child.stderr.take().expect("its errors are piped");
    let reader = thread::spawn(move || read_lines(output, process, fatal));
    let complaints = thread::spawn(move || {
        let mut text = String::new();
        // What cannot be read cannot be shown either.
        let _ = complaints.read_to_string(&mut text);
        text
    });

    let ended = process.watch(&mut child, timeout, &|| reader.is_finished());
    let status = child.wait().map_err(|error| format!("cannot wait for {name}: {error}"))?;
    let (lines, gave_up) = reader.join().expect("the reader does not panic");
    let complaints = complaints.join().expect("the reader does not panic");
    if gave_up {
        return Err(format!("{name} printed `{fatal}`"));
    }
    let (total, peak_rss_bytes) = ended.map_err(|why| format!("{name} {why}"))?;
    if !status.success() {
        let last = complaints.lines().last().unwrap_or("and said nothing");
        return Err(format!("{name} ended with {status}: {last}"));
    }
    Ok(Run { lines, total, peak_rss_bytes })
}

/// Reads lines until the output ends or, which it tells, one contains `fatal`.
fn read_lines(output: impl Read, process: Process, fatal: &str) -> (Vec<Line>, bool) {
    let mut lines = Vec::new();
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    while matches!(output.read_until(b'\n', &mut bytes), Ok(1..)) {
        let cost = process.cost();
        let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        bytes.clear();
        if text.contains(fatal) {
            return (lines, true);
        }
        lines.push(Line { text, cost });
    }
    (lines, false)
}

/// A process that is not reaped yet.
#[derive(Clone, Copy)]
struct Process {
    pid: Pid,
    started: Instant,
}

impl Process {
    /// Waits for the end without reaping, and tells total costs and peak memory.
    /// Where the reader of the output gives up, or time is up, it kills.
    fn watch(
        &self,
        child: &mut Child,
        timeout: Duration,
        reader_finished: &dyn Fn() -> bool,
    ) -> Result<(Cost, u64), String> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        let mut peak_rss_bytes = 0;
        let mut kill_at = self.started + timeout;
        loop {
            peak_rss_bytes = peak_rss_bytes.max(self.peak_rss_bytes().unwrap_or(0));
            match waitid(WaitId::Pid(self.pid), options) {
                Ok(None) => (),
                Ok(Some(_)) => return Ok((self.cost(), peak_rss_bytes)),
                Err(error) => return Err(format!("cannot be waited for: {error}")),
            }
            if reader_finished() {
                // Its output has ended: so will it, very soon.
                kill_at = kill_at.min(Instant::now() + Duration::from_secs(10));
            }
            if Instant::now() > kill_at {
                let _ = child.kill();
                let seconds = self.started.elapsed().as_secs();
                return Err(format!("did not end and was killed after {seconds} s"));
            }
            thread::sleep(POLL);
        }
    }

    fn cost(&self) -> Cost {
        // Processor time first: reading it takes some of both.
        let cpu_s = self.cpu_s().unwrap_or(0.0);
        Cost { wall_s: self.started.elapsed().as_secs_f64(), cpu_s }
    }

    fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.pid.as_raw_nonzero())).ok()
    }

    /// Of all threads. While it runs the scheduler's own count is exact to the
    /// nanosecond; afterwards there is the one in clock ticks.
    fn cpu_s(&self) -> Option<f64> {
        let stat = self.read("stat")?;
        // The name, in parentheses, may contain anything.
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
        if fields.first() != Some(&"Z")
            && let Some(ns) = self.threads_ns()
        {
            return Some(ns as f64 / 1e9);
        }
        let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some(ticks as f64 / clock_ticks_per_second() as f64)
    }

    fn threads_ns(&self) -> Option<u64> {
        let threads = fs::read_dir(format!("/proc/{}/task", self.pid.as_raw_nonzero())).ok()?;
        let of_one = |entry: std::io::Result<fs::DirEntry>| {
            let text = fs::read_to_string(entry.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        };
        Some(threads.filter_map(of_one).sum())
    }

    fn peak_rss_bytes(&self) -> Option<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
    }
}
