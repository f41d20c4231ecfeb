//! Groups of work: what is shown of each, and how fast Mynah has to be.

use serde::{Serialize, Serializer};

/// Works that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Programs of integer work on the bare machine.
    Integer,
    /// Floating point and vectors on the bare machine.
    Vectors,
    /// One mechanism at a time on the bare machine.
    Bare,
    /// The same, and the kernel's part, in a process of Linux.
    Linux,
    /// From power-on to a shell and through its work.
    Boot,
    /// A guest that compiles code while it runs.
    Jit,
    /// What a counted clock costs.
    Clock,
    /// What more harts cost.
    Harts,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Processor time of all threads, user and system.
    Cpu,
    /// Wall time.
    Wall,
    /// The most memory that was resident.
    Memory,
}

/// A measure that is shown, and the most that Mynah's part of the other's may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// What is compared.
    pub measure: Measure,
    /// The largest ratio that is good; `None` where any is.
    pub at_most: Option<f64>,
}

/// Readings of a boot.
pub const TO_BOOTED: &str = "power-on to BOOT-OK";
/// The work of the shell.
pub const TO_WORKED: &str = "BOOT-OK to WORK-OK";
/// All of it.
pub const WHOLE: &str = "whole run";

/// Where QEMU is weakest, and Mynah is to win most.
const WEAK: &[&str] = &[
    "indirect call",
    "call and return",
    "big switch",
    "pointer chase",
    "double multiply-add",
    "double divide and root",
    "sin·cos",
    "atomic add",
    "system call",
    "page fault",
    "mmap+munmap of 16 pages",
    "memcpy of 1 MiB",
];

impl Group {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Group::Integer => "integer programs",
            Group::Vectors => "floating point and vectors",
            Group::Bare => "single mechanisms, bare",
            Group::Linux => "single mechanisms, linux",
            Group::Boot => "debian",
            Group::Jit => "a guest's own compiler",
            Group::Clock => "counted clock",
            Group::Harts => "four harts",
        }
    }

    /// What is shown of a reading.
    pub fn bars(self, reading: &str) -> Vec<Bar> {
        let bar = |measure, at_most| Bar { measure, at_most: Some(at_most) };
        let any = |measure| Bar { measure, at_most: None };
        match (self, reading) {
            (Group::Integer, _) => vec![bar(Measure::Cpu, 0.8)],
            (Group::Vectors, _) => vec![bar(Measure::Cpu, 0.5)],
            (Group::Bare | Group::Linux, name) => {
                vec![bar(Measure::Cpu, if WEAK.contains(&name) { 0.5 } else { 1.0 })]
            }
            (Group::Boot, TO_BOOTED) => vec![bar(Measure::Wall, 0.8), bar(Measure::Cpu, 1.2)],
            (Group::Boot, TO_WORKED) => vec![bar(Measure::Wall, 0.6), any(Measure::Cpu)],
            (Group::Boot, WHOLE) => vec![bar(Measure::Memory, 1.0)],
            (Group::Boot, _) => vec![any(Measure::Wall)],
            (Group::Jit, _) => vec![bar(Measure::Cpu, 2.0)],
            (Group::Clock, _) => vec![bar(Measure::Cpu, 1.05)],
            // Four times the work in 4.4 times the time.
            (Group::Harts, _) => vec![bar(Measure::Cpu, 1.1)],
        }
    }

    /// Whether a mean over the group says something, and then what it may be.
    pub fn mean(self) -> Option<Option<f64>> {
        match self {
            Group::Integer => Some(Some(0.40)),
            Group::Vectors => Some(Some(0.5)),
            Group::Bare | Group::Linux | Group::Jit => Some(None),
            Group::Boot | Group::Clock | Group::Harts => None,
        }
    }
}

impl Measure {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Cpu => "CPU",
            Measure::Wall => "wall",
            Measure::Memory => "peak memory",
        }
    }
}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
