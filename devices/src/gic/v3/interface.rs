//! The CPU interface, which CPUs reach by system registers (IHI 0069H, 12.1).

use super::State;
use crate::gic::lines::{ActivePriorities, Candidate, number};
use crate::gic::{IDLE_PRIORITY, SPI_FIRST, SPIS_MAX, SPURIOUS};
use serde::{Deserialize, Serialize};

/// The encodings of its registers (IHI 0069H, 12.2).
mod reg {
    use super::encoding;

    pub const PMR: u32 = encoding([0, 4, 6, 0]);
    pub const IAR0: u32 = encoding([0, 12, 8, 0]);
    pub const EOIR0: u32 = encoding([0, 12, 8, 1]);
    pub const HPPIR0: u32 = encoding([0, 12, 8, 2]);
    pub const BPR0: u32 = encoding([0, 12, 8, 3]);
    pub const AP0R0: u32 = encoding([0, 12, 8, 4]);
    pub const AP1R0: u32 = encoding([0, 12, 9, 0]);
    pub const DIR: u32 = encoding([0, 12, 11, 1]);
    pub const RPR: u32 = encoding([0, 12, 11, 3]);
    pub const SGI1R: u32 = encoding([0, 12, 11, 5]);
    pub const ASGI1R: u32 = encoding([0, 12, 11, 6]);
    pub const SGI0R: u32 = encoding([0, 12, 11, 7]);
    pub const IAR1: u32 = encoding([0, 12, 12, 0]);
    pub const EOIR1: u32 = encoding([0, 12, 12, 1]);
    pub const HPPIR1: u32 = encoding([0, 12, 12, 2]);
    pub const BPR1: u32 = encoding([0, 12, 12, 3]);
    pub const CTLR: u32 = encoding([0, 12, 12, 4]);
    pub const SRE: u32 = encoding([0, 12, 12, 5]);
    pub const IGRPEN0: u32 = encoding([0, 12, 12, 6]);
    pub const IGRPEN1: u32 = encoding([0, 12, 12, 7]);
    pub const SRE_EL2: u32 = encoding([4, 12, 9, 5]);
}

mod ctlr {
    pub const CBPR: u32 = 1 << 0;
    pub const EOI_MODE: u32 = 1 << 1;
    pub const WRITABLE: u32 = CBPR | EOI_MODE;
    /// Five bits of priority, numbers of 24 bits, Aff3 counts.
    pub const FIXED: u32 = (super::PRIORITY_BITS - 1) << 8 | 1 << 11 | 1 << 15;
}

/// System registers are the only way, at every exception level.
const SRE: u32 = 7;
/// Of a priority these many upper bits count.
const PRIORITY_BITS: u32 = 5;
const PRIORITY_MASK: u8 = !0 << (8 - PRIORITY_BITS);
/// The least binary points of groups 0 and 1.
const BINARY_POINT_MIN: [u8; 2] = [7 - PRIORITY_BITS as u8, 8 - PRIORITY_BITS as u8];
/// Numbers of interrupts from here on are special.
const INTID_END: u64 = (SPI_FIRST + SPIS_MAX) as u64;
const INTID_MASK: u64 = 0xff_ffff;

/// The number of a system register from op1, CRn, CRm and op2; op0 is 3.
pub const fn encoding([op1, crn, crm, op2]: [u32; 4]) -> u32 {
    op1 << 11 | crn << 7 | crm << 3 | op2
}

/// One CPU's interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    control: u32,
    priority_mask: u8,
    /// Of group 0 and of group 1.
    enabled: [bool; 2],
    binary_points: [u8; 2],
    active: [ActivePriorities; 2],
}

impl Default for Interface {
    fn default() -> Interface {
        Interface {
            control: 0,
            priority_mask: 0,
            enabled: [false; 2],
            binary_points: BINARY_POINT_MIN,
            active: Default::default(),
        }
    }
}

impl Interface {
    pub fn is_reachable(&self) -> bool {
        let points = self.binary_points.iter().zip(BINARY_POINT_MIN);
        self.control & !ctlr::WRITABLE == 0
            && self.priority_mask & !PRIORITY_MASK == 0
            && points.clone().all(|(point, min)| (min..=7).contains(point))
            && self.active.iter().all(|active| active.0[1..] == [0; 3])
    }

    /// The groups that may come through, a bit each.
    pub fn groups(&self) -> u32 {
        u32::from(self.enabled[0]) | u32::from(self.enabled[1]) << 1
    }

    /// The level at which `best` runs: its priority without what the binary
    /// point cuts off (4.8.2).
    fn group_priority(&self, best: &Candidate) -> u8 {
        let point = match best.group1 && self.control & ctlr::CBPR == 0 {
            true => self.binary_points[1] - 1,
            false => self.binary_points[0],
        };
        best.priority & (!0_u32 << (point + 1)) as u8
    }

    fn running_priority(&self) -> u8 {
        let first = self.active.iter().filter_map(ActivePriorities::first).min();
        first.map_or(IDLE_PRIORITY, |level| (level << (8 - PRIORITY_BITS)) as u8)
    }

    fn takes(&self, best: &Candidate) -> bool {
        let running = self.running_priority();
        best.priority < self.priority_mask
            && (running == IDLE_PRIORITY || self.group_priority(best) < running)
    }

    /// The group of the most urgent interrupt that is being handled.
    fn active_group(&self) -> Option<usize> {
        let firsts = self.active.iter().map(ActivePriorities::first).enumerate();
        firsts.filter_map(|(group, first)| Some((first?, group))).min().map(|(_, group)| group)
    }
}

impl State {
    /// The levels of IRQ and FIQ of CPU `cpu`.
    pub(super) fn outputs(&self, cpu: usize) -> (bool, bool) {
        let best = self.best(cpu).filter(|best| self.cpus[cpu].interface.takes(best));
        best.map_or((false, false), |best| (best.group1, !best.group1))
    }

    pub(super) fn read_interface(&mut self, cpu: usize, offset: u64, bytes: u8) -> u64 {
        let Some(register) = register(offset, bytes).filter(|_| cpu < self.cpus.len()) else { return 0 };
        let interface = &self.cpus[cpu].interface;
        let value = match register {
            reg::PMR => interface.priority_mask.into(),
            reg::IAR0 => self.acknowledge(cpu, false),
            reg::IAR1 => self.acknowledge(cpu, true),
            reg::HPPIR0 => number(self.best(cpu).filter(|best| !best.group1)),
            reg::HPPIR1 => number(self.best(cpu).filter(|best| best.group1)),
            reg::BPR0 => interface.binary_points[0].into(),
            // One binary point for both groups shows as what it does to this one.
            reg::BPR1 if interface.control & ctlr::CBPR != 0 => {
                (interface.binary_points[0] + 1).min(7).into()
            }
            reg::BPR1 => interface.binary_points[1].into(),
            reg::AP0R0 => interface.active[0].0[0],
            reg::AP1R0 => interface.active[1].0[0],
            reg::RPR => interface.running_priority().into(),
            reg::CTLR => interface.control | ctlr::FIXED,
            reg::SRE | reg::SRE_EL2 => SRE,
            reg::IGRPEN0 => interface.enabled[0].into(),
            reg::IGRPEN1 => interface.enabled[1].into(),
            _ => 0,
        };
        value.into()
    }

    pub(super) fn write_interface(&mut self, cpu: usize, offset: u64, bytes: u8, value: u64) {
        let Some(register) = register(offset, bytes).filter(|_| cpu < self.cpus.len()) else { return };
        let interface = &mut self.cpus[cpu].interface;
        let point = |group: usize| (value as u8 & 7).max(BINARY_POINT_MIN[group]);
        match register {
            reg::PMR => interface.priority_mask = value as u8 & PRIORITY_MASK,
            reg::EOIR0 => self.end(cpu, value, 0),
            reg::EOIR1 => self.end(cpu, value, 1),
            reg::BPR0 => interface.binary_points[0] = point(0),
            reg::BPR1 if interface.control & ctlr::CBPR == 0 => interface.binary_points[1] = point(1),
            reg::AP0R0 => interface.active[0].0[0] = value as u32,
            reg::AP1R0 => interface.active[1].0[0] = value as u32,
            reg::DIR if interface.control & ctlr::EOI_MODE != 0 => self.deactivate(cpu, value),
            reg::SGI1R => self.send(cpu, value, true),
            // There is no secure group 1, which leaves group 0.
            reg::SGI0R | reg::ASGI1R => self.send(cpu, value, false),
            reg::CTLR => interface.control = value as u32 & ctlr::WRITABLE,
            reg::IGRPEN0 => interface.enabled[0] = value & 1 != 0,
            reg::IGRPEN1 => interface.enabled[1] = value & 1 != 0,
            _ => (),
        }
    }

    /// Hands the best interrupt to CPU `cpu` if it is of the group asked for.
    fn acknowledge(&mut self, cpu: usize, group1: bool) -> u32 {
        let best = self.best(cpu);
        let interface = &mut self.cpus[cpu].interface;
        let Some(best) = best.filter(|best| best.group1 == group1 && interface.takes(best)) else {
            return SPURIOUS;
        };
        let level = interface.group_priority(&best) >> (8 - PRIORITY_BITS);
        interface.active[usize::from(group1)].set(level.into());
        if let Some(lines) = self.lines_mut(cpu, best.intid) {
            lines.activate(best.intid % 32);
        }
        best.intid
    }

    /// The end of an interrupt: the priority drops if it is of that group and,
    /// unless that is left to DIR, the interrupt is no longer active.
    fn end(&mut self, cpu: usize, value: u64, group: usize) {
        let interface = &mut self.cpus[cpu].interface;
        if value & INTID_MASK >= INTID_END || interface.active_group() != Some(group) {
            return;
        }
        interface.active[group].drop_first();
        if interface.control & ctlr::EOI_MODE == 0 {
            self.deactivate(cpu, value);
        }
    }

    fn deactivate(&mut self, cpu: usize, value: u64) {
        let intid = (value & INTID_MASK).min(INTID_END) as u32;
        if let Some(lines) = self.lines_mut(cpu, intid) {
            lines.active &= !(1 << (intid % 32));
        }
    }

    /// CPU `cpu` interrupts others by an SGI, where they have it in that group
    /// (12.2.17).
    fn send(&mut self, cpu: usize, value: u64, group1: bool) {
        const TO_ALL_OTHERS: u64 = 1 << 40;
        /// Aff3, Aff2, the range of Aff0 and Aff1: all of them 0 here.
        const ELSEWHERE: u64 = 0xff << 48 | 0xf << 44 | 0xff << 32 | 0xff << 16;
        let mask = 1 << (value >> 24 & 0xf);
        for (target, state) in self.cpus.iter_mut().enumerate() {
            let named = value & ELSEWHERE == 0 && value >> target & 1 != 0;
            let wanted = if value & TO_ALL_OTHERS != 0 { target != cpu } else { named };
            if wanted && (state.lines.group & mask != 0) == group1 {
                state.lines.latched |= mask;
            }
        }
    }
}

/// The system register at `offset`.
fn register(offset: u64, bytes: u8) -> Option<u32> {
    (bytes == 8 && offset.is_multiple_of(8)).then_some((offset / 8) as u32)
}
