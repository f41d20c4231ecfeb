//! What is run: programs for the bare machine, and Linux.

use super::architecture::Architecture;
use super::emulator::{Emulator, Guest, Mynah};
use super::group::{Group, TO_BOOTED, TO_WORKED, WHOLE};
use super::guests::Guests;
use super::process::{Cost, Run};
use super::toolchain::Toolchain;

/// One run's worth of work.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// What it belongs to.
    pub group: Group,
    /// Its name.
    pub name: &'static str,
    /// What is run.
    pub kind: Kind,
    /// Who takes part.
    pub contest: Contest,
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
    /// Debian's kernel with this program of `benches/guest` alone.
    Init(&'static str),
    /// Debian's kernel with Node.js alone, and what that is told.
    Node(&'static str),
}

/// Who takes part; the first is compared to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contest {
    /// Mynah and QEMU.
    Qemu,
    /// Mynah with a counted clock and with the host's.
    Clocks,
    /// Mynah with four harts and with one, by a counted clock.
    Harts,
}

/// Marks of the guest: its shell runs; its work is done.
const BOOTED: &str = "BOOT-OK";
const WORKED: &str = "WORK-OK";

/// What nobody gets over.
pub const FATAL: &str = "Kernel panic";

/// A program of integer work, by its function and how often it is called.
const fn integer(function: &'static str, repeat: u64) -> Work {
    let kind = Kind::Program { source: "work.c", function, repeat };
    Work { group: Group::Integer, name: function, kind, contest: Contest::Qemu }
}

/// One mechanism, by its name, its function and the number of operations.
const fn weak(name: &'static str, function: &'static str, repeat: u64) -> Work {
    let kind = Kind::Program { source: "weak.c", function, repeat };
    Work { group: Group::Bare, name, kind, contest: Contest::Qemu }
}

const fn linux(group: Group, name: &'static str, kind: Kind, contest: Contest) -> Work {
    Work { group, name, kind, contest }
}

/// All work of guests of `architecture`.
pub fn all(architecture: &Architecture) -> impl Iterator<Item = &'static Work> {
    BARE.iter().chain(architecture.own).chain(LINUX)
}

/// Programs for the bare machine. Each takes QEMU some 0.7 seconds.
const BARE: &[Work] = &[
    integer("mix", 2_000),
    integer("strings", 6_000),
    integer("recursion", 1_500),
    integer("bytecode", 28_000),
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
];

/// What runs on Linux.
const LINUX: &[Work] = &[
    linux(Group::Linux, "init", Kind::Init("init.c"), Contest::Qemu),
    linux(Group::Boot, "boot", Kind::Boot, Contest::Qemu),
    linux(Group::Jit, "node", Kind::Node("/jit.js"), Contest::Qemu),
    linux(Group::Jit, "node --jitless", Kind::Node("--jitless /jit.js 0.2"), Contest::Qemu),
    linux(Group::Clock, "boot and work", Kind::Boot, Contest::Clocks),
    linux(Group::Harts, "work on each hart", Kind::Init("harts.c"), Contest::Harts),
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

/// What one run tells: readings, and the guest's answers, which have to be the
/// same on both sides.
pub type Told = (Vec<Reading>, Vec<String>);

impl Contest {
    /// Those who take part, each with its name in this contest. `mynah` is what
    /// is measured.
    pub fn sides(self, mynah: &Mynah) -> [(&'static str, Emulator); 2] {
        let with = |clock, cpus| Emulator::Mynah(Mynah { clock, cpus, ..mynah.clone() });
        match self {
            Contest::Qemu => [with("real", 1), Emulator::Qemu].map(|side| (side.name(), side)),
            Contest::Clocks => [("count", with("count", 1)), ("real", with("real", 1))],
            Contest::Harts => [("4 harts", with("count", 4)), ("1 hart", with("count", 1))],
        }
    }
}

impl Work {
    /// Makes what is run.
    ///
    /// # Errors
    /// What is missing, and what to install.
    pub fn prepare(
        &self,
        architecture: &Architecture,
        toolchain: &Toolchain,
        guests: &Guests,
    ) -> Result<Guest, String> {
        let console = format!("console={}", architecture.console);
        Ok(match self.kind {
            Kind::Program { source, function, repeat } => {
                Guest::Bare(toolchain.program(source, function, repeat)?)
            }
            Kind::Boot => Guest::Linux {
                kernel: guests.kernel.clone()?,
                initrd: guests.initrd.clone()?,
                append: console,
            },
            Kind::Init(source) => {
                let kernel = guests.kernel.clone()?;
                // Nothing but what the guest's program prints.
                Guest::Linux { kernel, initrd: toolchain.init(source)?, append: console + " quiet" }
            }
            Kind::Node(words) => {
                let (kernel, node) = (guests.kernel.clone()?, guests.node.clone()?);
                let append = format!("{console} quiet -- {words}");
                Guest::Linux { kernel, initrd: toolchain.node(&node)?, append }
            }
        })
    }

    /// Reads what `run` tells.
    ///
    /// # Errors
    /// The guest did not do its work.
    pub fn read(&self, run: &Run) -> Result<Told, String> {
        match self.kind {
            Kind::Program { repeat, .. } => {
                let answer = run.lines.last().filter(|line| is_checksum(&line.text));
                let answer = answer.ok_or("printed no checksum")?.text.clone();
                let operations = (self.group != Group::Integer).then_some(repeat);
                let reading = Reading { name: self.name.to_owned(), operations, cost: run.total };
                Ok((vec![reading], vec![answer]))
            }
            Kind::Boot => self.read_boot(run),
            Kind::Init(_) | Kind::Node(_) => read_init(run),
        }
    }

    fn read_boot(&self, run: &Run) -> Result<Told, String> {
        let find = |mark: &str| {
            let line = run.lines.iter().find(|line| line.text.contains(mark));
            line.ok_or_else(|| format!("never printed {mark}"))
        };
        let (booted, worked) = (find(BOOTED)?, find(WORKED)?);
        // The hash and no more: the time the guest was up follows.
        let after_mark = worked.text.split(WORKED).nth(1).unwrap_or_default();
        let hash = after_mark.split_whitespace().next().ok_or("printed no hash")?;
        let reading = |name: &str, cost| Reading { name: name.to_owned(), operations: None, cost };
        let readings = match self.group {
            Group::Boot => vec![
                reading(TO_BOOTED, booted.cost),
                reading(TO_WORKED, worked.cost.since(booted.cost)),
                reading(WHOLE, run.total),
            ],
            _ => vec![reading(self.name, worked.cost)],
        };
        Ok((readings, vec![hash.to_owned()]))
    }
}

fn is_checksum(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `begin OPERATIONS NAME` and `end CHECKSUM NANOSECONDS NAME` in turn.
fn read_init(run: &Run) -> Result<Told, String> {
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

#[cfg(test)]
mod tests {
    use super::super::process::Line;
    use super::*;

    /// A run that printed `lines`, one in each second.
    fn run(lines: &[&str]) -> Run {
        let cost = |second| Cost { wall_s: f64::from(second), cpu_s: f64::from(second) / 2.0 };
        let lines: Vec<Line> =
            (1..).zip(lines).map(|(at, text)| Line { text: (*text).into(), cost: cost(at) }).collect();
        let total = cost(lines.len() as u32 + 1);
        Run { lines, total, peak_rss_bytes: 0 }
    }

    fn work(name: &str) -> &'static Work {
        all(Architecture::by_name("riscv64").unwrap()).find(|work| work.name == name).unwrap()
    }

    #[test]
    fn a_boot_is_read_by_its_marks() {
        let run = run(&["OpenSBI", "BOOT-OK 6.12", "...", "WORK-OK beef up 3 s", "Power down"]);
        let (readings, answers) = work("boot").read(&run).unwrap();
        let costs: Vec<_> =
            readings.iter().map(|reading| (reading.name.as_str(), reading.cost.wall_s)).collect();
        assert_eq!(costs, [(TO_BOOTED, 2.0), (TO_WORKED, 2.0), (WHOLE, 6.0)]);
        assert_eq!(answers, ["beef"]);
        let (readings, _) = work("boot and work").read(&run).unwrap();
        assert_eq!((readings.len(), readings[0].cost.wall_s), (1, 4.0));
    }

    #[test]
    fn a_linux_program_is_read_by_its_lines() {
        let run = run(&["noise", "begin 100 big switch", "end ff 7 big switch"]);
        let (readings, answers) = work("init").read(&run).unwrap();
        let cost = Cost { wall_s: 1.0, cpu_s: 0.5 };
        assert_eq!(readings, [Reading { name: "big switch".into(), operations: Some(100), cost }]);
        assert_eq!(answers, ["big switch: ff"]);
    }

    #[test]
    fn a_guest_that_fails_is_told_why() {
        let why = |name: &str, lines: &[&str]| work(name).read(&run(lines)).unwrap_err();
        assert_eq!(why("mix", &["0123"]), "printed no checksum");
        assert_eq!(why("boot", &["BOOT-OK"]), "never printed WORK-OK");
        assert_eq!(why("init", &[]), "measured nothing");
        assert_eq!(why("init", &["begin 1 a", "end 0 1 a", "begin 1 b"]), "did not get over `b`");
        assert_eq!(why("init", &["begin x a"]), "printed `begin x a`");
    }
}
