//! What is run: programs for the bare machine, and Linux.

use crate::emulator::Guest;
use crate::process::{Cost, Run};
use crate::toolchain::Toolchain;

/// One run's worth of work.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// What it belongs to; there is a mean for each.
    pub group: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What is run.
    pub kind: Kind,
}

/// What is run.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A program of `benches/guest` for the bare machine.
    Program {
        /// Its file.
        source: &'static str,
        /// Which function of it.
        function: &'static str,
        /// How often.
        repeat: u64,
    },
    /// Debian's kernel, then a fixed workload of busybox.
    Boot,
    /// Debian's kernel with `benches/guest/init.c`.
    Init,
}

/// Marks of the guest in `shared/guests.md`: its shell runs; its work is done.
const BOOTED: &str = "BOOT-OK";
const WORKED: &str = "WORK-OK";

/// What nobody gets over.
pub const FATAL: &str = "Kernel panic";

const INTEGER: &str = "integer programs";
const WEAK: &str = "single mechanisms, bare";
const DEBIAN: &str = "debian";
const LINUX: &str = "single mechanisms, linux";

/// A program of integer work, by its function and how often it is called.
const fn integer(function: &'static str, repeat: u64) -> Work {
    Work { group: INTEGER, name: function, kind: Kind::Program { source: "work.c", function, repeat } }
}

/// One mechanism, by its name, its function and the number of operations.
const fn weak(name: &'static str, function: &'static str, repeat: u64) -> Work {
    Work { group: WEAK, name, kind: Kind::Program { source: "weak.c", function, repeat } }
}

/// All work. Each program takes QEMU some 0.7 seconds.
pub const WORKS: &[Work] = &[
    integer("mix", 2_000),
    integer("strings", 6_000),
    integer("recursion", 1_500),
    integer("bytecode", 14_000),
    integer("records", 12_000),
    weak("integer ALU", "alu", 150_000_000),
    weak("unpredictable branches", "branches", 80_000_000),
    weak("indirect call", "indirect", 14_000_000),
    weak("call and return", "calls", 45_000_000),
    weak("big switch", "bigswitch", 18_000_000),
    weak("load/store stream", "stream", 150_000_000),
    weak("accesses 1 MiB apart", "conflict", 15_000_000),
    weak("pointer chase", "chase", 2_000_000),
    weak("double multiply-add", "multiply_add", 80_000_000),
    weak("double divide and root", "divide_root", 35_000_000),
    weak("sin·cos", "sine_cosine", 5_000_000),
    weak("atomic add", "atomic_add", 100_000_000),
    weak("memcpy of 1 MiB", "copy", 3_000),
    Work { group: DEBIAN, name: "boot", kind: Kind::Boot },
    Work { group: LINUX, name: "init", kind: Kind::Init },
];

/// What one run says about one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What was measured.
    pub name: String,
    /// How many operations the cost is of, where they are counted.
    pub operations: Option<u64>,
    /// What it took.
    pub cost: Cost,
}

impl Work {
    /// Makes what is run.
    ///
    /// # Errors
    /// What is missing, and what to install.
    pub fn prepare(&self, toolchain: &Toolchain) -> Result<Guest, String> {
        match self.kind {
            Kind::Program { source, function, repeat } => toolchain.program(source, function, repeat),
            Kind::Boot => toolchain.debian(),
            Kind::Init => toolchain.init(),
        }
    }

    /// What `run` tells, and the guest's answers, which nobody may change.
    ///
    /// # Errors
    /// The guest did not do its work.
    pub fn read(&self, run: &Run) -> Result<(Vec<Reading>, Vec<String>), String> {
        match self.kind {
            Kind::Program { source, repeat, .. } => {
                let answer = run.lines.last().filter(|line| is_checksum(&line.text));
                let answer = answer.ok_or("printed no checksum")?.text.clone();
                let operations = (source == "weak.c").then_some(repeat);
                let reading = Reading { name: self.name.to_owned(), operations, cost: run.total };
                Ok((vec![reading], vec![answer]))
            }
            Kind::Boot => read_boot(run),
            Kind::Init => read_init(run),
        }
    }
}

fn is_checksum(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn read_boot(run: &Run) -> Result<(Vec<Reading>, Vec<String>), String> {
    let find = |mark: &str| {
        let line = run.lines.iter().find(|line| line.text.contains(mark));
        line.ok_or_else(|| format!("never printed {mark}"))
    };
    let (booted, worked) = (find(BOOTED)?, find(WORKED)?);
    let reading = |name: &str, cost| Reading { name: name.to_owned(), operations: None, cost };
    let readings = vec![
        reading("power-on to BOOT-OK", booted.cost),
        reading("BOOT-OK to WORK-OK", worked.cost.since(booted.cost)),
    ];
    // The hash and no more: the time the guest was up follows.
    let after_mark = worked.text.split(WORKED).nth(1).unwrap_or_default();
    let hash = after_mark.split_whitespace().next().ok_or("printed no hash")?;
    Ok((readings, vec![hash.to_owned()]))
}

/// `begin OPERATIONS NAME` and `end CHECKSUM NANOSECONDS NAME` in turn.
fn read_init(run: &Run) -> Result<(Vec<Reading>, Vec<String>), String> {
    let (mut readings, mut answers) = (Vec::new(), Vec::new());
    let mut begun: Option<(u64, &str, Cost)> = None;
    for line in &run.lines {
        let words: Vec<&str> = line.text.splitn(2, ' ').collect();
        match (words.as_slice(), begun) {
            (["begin", rest], _) => {
                let (operations, name) = rest.split_once(' ').ok_or("printed half a line")?;
                let operations = operations.parse().map_err(|_| format!("printed `{}`", line.text))?;
                begun = Some((operations, name, line.cost));
            }
            (["end", rest], Some((operations, name, before))) => {
                let checksum = rest.split(' ').next().unwrap_or_default();
                answers.push(format!("{name}: {checksum}"));
                let cost = line.cost.since(before);
                readings.push(Reading { name: name.to_owned(), operations: Some(operations), cost });
                begun = None;
            }
            _ => (),
        }
    }
    match begun {
        _ if readings.is_empty() => Err("measured nothing".to_owned()),
        Some((_, name, _)) => Err(format!("did not get over `{name}`")),
        None => Ok((readings, answers)),
    }
}
