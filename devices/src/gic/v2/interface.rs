//! The CPU interface (IHI 0048B.b, 4.4).

use super::State;
use crate::gic::lines::{ActivePriorities, Candidate, number};
use crate::gic::{IDLE_PRIORITY, SGIS, SPURIOUS};
use serde::{Deserialize, Serialize};

mod reg {
    pub const CTLR: u64 = 0x00;
    pub const PMR: u64 = 0x04;
    pub const BPR: u64 = 0x08;
    pub const IAR: u64 = 0x0c;
    pub const EOIR: u64 = 0x10;
    pub const RPR: u64 = 0x14;
    pub const HPPIR: u64 = 0x18;
    pub const ABPR: u64 = 0x1c;
    pub const AIAR: u64 = 0x20;
    pub const AEOIR: u64 = 0x24;
    pub const AHPPIR: u64 = 0x28;
    pub const APR: u64 = 0xd0;
    pub const NSAPR: u64 = 0xe0;
    pub const NSAPR_END: u64 = 0xf0;
    pub const IIDR: u64 = 0xfc;
    pub const DIR: u64 = 0x1000;
}

mod ctlr {
    pub const ENABLE_GROUP_0: u32 = 1 << 0;
    pub const ENABLE_GROUP_1: u32 = 1 << 1;
    pub const ACK_CTL: u32 = 1 << 2;
    pub const FIQ_EN: u32 = 1 << 3;
    pub const CBPR: u32 = 1 << 4;
    pub const EOI_MODE: u32 = 1 << 9;
    pub const ALL: u32 = ENABLE_GROUP_0 | ENABLE_GROUP_1 | ACK_CTL | FIQ_EN | CBPR | EOI_MODE;
}

/// Architecture version 2, implementer Arm.
const IIDR: u32 = 2 << 16 | 0x43b;
/// What is acknowledged when an interrupt of group 1 waits that this register
/// may not take (3.2.1).
const OTHER_GROUP: u32 = 1022;
/// The interrupt's number in what acknowledging gives and the end takes.
const INTID_MASK: u32 = 0x3ff;
/// A binary point of 1 is the least for group 1.
const ABPR_MIN: u8 = 1;

/// One CPU's interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    control: u32,
    priority_mask: u8,
    binary_point: u8,
    aliased_binary_point: u8,
    /// Of group 0 and of group 1.
    active: [ActivePriorities; 2],
}

impl Default for Interface {
    fn default() -> Interface {
        Interface {
            control: 0,
            priority_mask: 0,
            binary_point: 0,
            aliased_binary_point: ABPR_MIN,
            active: Default::default(),
        }
    }
}

impl Interface {
    pub fn is_reachable(&self) -> bool {
        self.control & !ctlr::ALL == 0
            && self.binary_point <= 7
            && (ABPR_MIN..=7).contains(&self.aliased_binary_point)
    }

    /// The levels of IRQ and FIQ with `best` at the door.
    pub fn outputs(&self, best: Option<Candidate>) -> (bool, bool) {
        match best.filter(|best| self.takes(best)) {
            None => (false, false),
            Some(best) if !best.group1 && self.control & ctlr::FIQ_EN != 0 => (false, true),
            Some(_) => (true, false),
        }
    }

    fn takes(&self, best: &Candidate) -> bool {
        let enable = if best.group1 { ctlr::ENABLE_GROUP_1 } else { ctlr::ENABLE_GROUP_0 };
        self.control & enable != 0
            && best.priority < self.priority_mask
            && best.priority < self.running_priority()
    }

    fn running_priority(&self) -> u8 {
        let first = self.active.iter().filter_map(ActivePriorities::first).min();
        first.map_or(IDLE_PRIORITY, |level| (level << 1) as u8)
    }

    /// The level at which `best` runs: its priority without what the binary
    /// point cuts off (3.3.3).
    fn preemption_level(&self, best: &Candidate) -> u32 {
        let point = match best.group1 && self.control & ctlr::CBPR == 0 {
            true => self.aliased_binary_point - 1,
            false => self.binary_point,
        };
        (u32::from(best.priority) & (!0 << (point + 1))) >> 1
    }

    /// Which of the groups a register acts on: the aliases on group 1, the
    /// others on group 0 and, if AckCtl says so, on both.
    fn sees(&self, best: &Candidate, alias: bool) -> bool {
        if alias { best.group1 } else { !best.group1 || self.control & ctlr::ACK_CTL != 0 }
    }
}

impl State {
    pub(super) fn read_interface(&mut self, cpu: usize, offset: u64, bytes: u8) -> u64 {
        if !crate::is_word(offset, bytes) {
            return 0;
        }
        let interface = &self.cpus[cpu].interface;
        let value = match offset {
            reg::CTLR => interface.control,
            reg::PMR => interface.priority_mask.into(),
            reg::BPR => interface.binary_point.into(),
            reg::ABPR => interface.aliased_binary_point.into(),
            reg::IAR => self.acknowledge(cpu, false),
            reg::AIAR => self.acknowledge(cpu, true),
            reg::RPR => interface.running_priority().into(),
            reg::HPPIR => self.highest_pending(cpu, false),
            reg::AHPPIR => self.highest_pending(cpu, true),
            reg::APR..reg::NSAPR => interface.active[0].0[((offset - reg::APR) / 4) as usize],
            reg::NSAPR..reg::NSAPR_END => interface.active[1].0[((offset - reg::NSAPR) / 4) as usize],
            reg::IIDR => IIDR,
            _ => 0,
        };
        value.into()
    }

    pub(super) fn write_interface(&mut self, cpu: usize, offset: u64, bytes: u8, value: u32) {
        if !crate::is_word(offset, bytes) {
            return;
        }
        let interface = &mut self.cpus[cpu].interface;
        match offset {
            reg::CTLR => interface.control = value & ctlr::ALL,
            reg::PMR => interface.priority_mask = value as u8,
            reg::BPR => interface.binary_point = value as u8 & 7,
            reg::ABPR => interface.aliased_binary_point = (value as u8 & 7).max(ABPR_MIN),
            reg::EOIR => self.end(cpu, value, false),
            reg::AEOIR => self.end(cpu, value, true),
            reg::APR..reg::NSAPR => interface.active[0].0[((offset - reg::APR) / 4) as usize] = value,
            reg::NSAPR..reg::NSAPR_END => {
                interface.active[1].0[((offset - reg::NSAPR) / 4) as usize] = value;
            }
            reg::DIR if interface.control & ctlr::EOI_MODE != 0 => self.deactivate(cpu, value),
            _ => (),
        }
    }

    /// Hands the best interrupt to CPU `cpu`, and says which it is and, of an
    /// SGI, who has sent it (4.4.4).
    fn acknowledge(&mut self, cpu: usize, alias: bool) -> u32 {
        let best = self.best(cpu);
        let interface = &mut self.cpus[cpu].interface;
        let Some(best) = best.filter(|best| best.priority < interface.priority_mask) else { return SPURIOUS };
        if !interface.sees(&best, alias) {
            return hidden(alias);
        }
        if !interface.takes(&best) {
            return SPURIOUS;
        }
        let level = interface.preemption_level(&best);
        interface.active[usize::from(best.group1)].set(level);
        let intid = best.intid;
        let sender = if intid < SGIS { self.cpus[cpu].senders[intid as usize].trailing_zeros() } else { 0 };
        if let Some(lines) = self.lines_mut(cpu, intid) {
            lines.activate(intid % 32);
        }
        if intid < SGIS {
            let senders = self.cpus[cpu].senders[intid as usize];
            self.set_senders(cpu, intid as usize, senders & senders.wrapping_sub(1));
        }
        intid | sender << 10
    }

    /// What an acknowledgement would say, without one and whatever runs (4.4.7).
    fn highest_pending(&self, cpu: usize, alias: bool) -> u32 {
        let interface = &self.cpus[cpu].interface;
        match self.best(cpu).filter(|best| best.priority < interface.priority_mask) {
            Some(best) if !interface.sees(&best, alias) => hidden(alias),
            Some(best) if best.intid < SGIS => {
                best.intid | self.cpus[cpu].senders[best.intid as usize].trailing_zeros() << 10
            }
            best => number(best),
        }
    }

    /// The end of an interrupt: the priority drops and, unless that is left to
    /// DIR, it is no longer active (4.4.5).
    fn end(&mut self, cpu: usize, value: u32, alias: bool) {
        let intid = value & INTID_MASK;
        let Some(lines) = self.lines_mut(cpu, intid) else { return };
        let group1 = lines.group >> (intid % 32) & 1 != 0;
        let interface = &mut self.cpus[cpu].interface;
        // What EOIR does to group 1 without AckCtl is left open: it ends it.
        if alias && !group1 {
            return;
        }
        interface.active[usize::from(group1)].drop_first();
        if interface.control & ctlr::EOI_MODE == 0 {
            self.deactivate(cpu, value);
        }
    }

    fn deactivate(&mut self, cpu: usize, value: u32) {
        let intid = value & INTID_MASK;
        if let Some(lines) = self.lines_mut(cpu, intid) {
            lines.active &= !(1 << (intid % 32));
        }
    }
}

/// What a register says of an interrupt of the group that it does not see.
fn hidden(alias: bool) -> u32 {
    if alias { SPURIOUS } else { OTHER_GROUP }
}
