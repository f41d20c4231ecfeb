//! The redistributors: a frame for control and one for the CPU's SGIs and PPIs
//! (IHI 0069H, 12.11).

use super::distributor::{IIDR, identification};
use super::{State, affinity};
use crate::gic::lines::{Field, Lines, field, map};

/// The second frame begins here.
const SGI_FRAME: u64 = 0x1_0000;
/// The CPU's own interrupts have 32 priorities and two words of configuration.
const PRIORITY_END: u64 = map::PRIORITY + 32;
const CONFIG_END: u64 = map::CONFIG + 8;

mod reg {
    pub const IIDR: u64 = 0x0004;
    pub const TYPER: u64 = 0x0008;
    pub const TYPER_HIGH: u64 = 0x000c;
    pub const WAKER: u64 = 0x0014;
    pub const IDENTIFICATION: u64 = 0xffd0;
    pub const END: u64 = 0x1_0000;
}

mod waker {
    pub const PROCESSOR_SLEEP: u32 = 1 << 1;
    pub const CHILDREN_ASLEEP: u32 = 1 << 2;
}

mod typer {
    /// It is the last of its row.
    pub const LAST: u64 = 1 << 4;
    pub const NUMBER_SHIFT: u32 = 8;
    /// CPUs with the same Aff3 share tables, of which there are none.
    pub const COMMON_AFFINITY: u64 = 1 << 24;
    pub const AFFINITY_SHIFT: u32 = 32;
}

/// PIDR0 of a redistributor.
const PIDR0: u8 = 0x93;

impl State {
    pub(super) fn read_redistributor(&mut self, cpu: usize, offset: u64, bytes: u8) -> u64 {
        if cpu >= self.cpus.len() {
            return 0;
        }
        match offset.checked_sub(SGI_FRAME) {
            None => self.read_control(cpu, offset, bytes),
            Some(offset) => self.read_own(cpu, offset, bytes),
        }
    }

    pub(super) fn write_redistributor(&mut self, cpu: usize, offset: u64, bytes: u8, value: u64) {
        if cpu >= self.cpus.len() {
            return;
        }
        match offset.checked_sub(SGI_FRAME) {
            None if offset == reg::WAKER && bytes == 4 => {
                self.cpus[cpu].asleep = value as u32 & waker::PROCESSOR_SLEEP != 0;
            }
            None => (),
            Some(offset) => self.write_own(cpu, offset, bytes, value),
        }
    }

    fn typer(&self, cpu: usize) -> u64 {
        let last = if cpu + 1 == self.cpus.len() { typer::LAST } else { 0 };
        affinity(cpu) << typer::AFFINITY_SHIFT
            | typer::COMMON_AFFINITY
            | (cpu as u64) << typer::NUMBER_SHIFT
            | last
    }

    fn read_control(&self, cpu: usize, offset: u64, bytes: u8) -> u64 {
        if (offset, bytes) == (reg::TYPER, 8) {
            return self.typer(cpu);
        }
        if !crate::is_word(offset, bytes) {
            return 0;
        }
        match offset {
            reg::IIDR => IIDR.into(),
            reg::TYPER => self.typer(cpu) & 0xffff_ffff,
            reg::TYPER_HIGH => self.typer(cpu) >> 32,
            reg::WAKER if self.cpus[cpu].asleep => (waker::PROCESSOR_SLEEP | waker::CHILDREN_ASLEEP).into(),
            reg::IDENTIFICATION..reg::END => identification(offset - reg::IDENTIFICATION, PIDR0).into(),
            _ => 0,
        }
    }

    fn read_own(&self, cpu: usize, offset: u64, bytes: u8) -> u64 {
        let lines = &self.cpus[cpu].lines;
        if let Some(bit) = priority(offset, bytes) {
            return lines.read_priority(bit, bytes);
        }
        match own(offset, bytes) {
            Some(Own::Field(field)) => lines.read(field).into(),
            Some(Own::Config { half }) => lines.read_config(half).into(),
            None => 0,
        }
    }

    fn write_own(&mut self, cpu: usize, offset: u64, bytes: u8, value: u64) {
        let lines = &mut self.cpus[cpu].lines;
        if let Some(bit) = priority(offset, bytes) {
            lines.write_priority(bit, bytes, value);
            return;
        }
        match own(offset, bytes) {
            Some(Own::Field(field)) => lines.write(field, value as u32),
            // SGIs are edges for ever.
            Some(Own::Config { half: 1 }) => lines.write_config(1, value as u32),
            Some(Own::Config { .. }) | None => (),
        }
        debug_assert_eq!(lines.edge & Lines::SGI_MASK, Lines::SGI_MASK);
    }
}

/// A register of the second frame.
enum Own {
    Field(Field),
    Config { half: usize },
}

fn own(offset: u64, bytes: u8) -> Option<Own> {
    if !crate::is_word(offset, bytes) {
        return None;
    }
    match (field(offset), offset) {
        (Some((field, 0)), _) => Some(Own::Field(field)),
        (_, map::CONFIG..CONFIG_END) => Some(Own::Config { half: usize::from(offset != map::CONFIG) }),
        _ => None,
    }
}

/// The first interrupt whose priority an access concerns.
fn priority(offset: u64, bytes: u8) -> Option<usize> {
    let at = offset.checked_sub(map::PRIORITY).filter(|_| offset < PRIORITY_END)?;
    (matches!(bytes, 1 | 4) && offset.is_multiple_of(u64::from(bytes))).then_some(at as usize)
}
