//! Thirty-two interrupts as a distributor sees them: what both versions of the
//! architecture have (Arm IHI 0048B.b, 4.3; Arm IHI 0069H, 12.9 and 12.11).

use super::{SGIS, SPURIOUS};
use serde::{Deserialize, Serialize};

/// A register with a bit for each interrupt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    Group,
    SetEnable,
    ClearEnable,
    SetPending,
    ClearPending,
    SetActive,
    ClearActive,
}

/// Where registers are: the same offsets in distributors and, for a CPU's own
/// interrupts, in the second frame of a redistributor.
pub mod map {
    pub const GROUP: u64 = 0x080;
    pub const PRIORITY: u64 = 0x400;
    pub const TARGETS: u64 = 0x800;
    pub const CONFIG: u64 = 0xc00;
    pub const CONFIG_END: u64 = 0xd00;
}

/// The register with a bit for each interrupt at `offset`, and which word.
pub fn field(offset: u64) -> Option<(Field, usize)> {
    const BYTES: u64 = 0x80;
    const FIELDS: [Field; 7] = [
        Field::Group,
        Field::SetEnable,
        Field::ClearEnable,
        Field::SetPending,
        Field::ClearPending,
        Field::SetActive,
        Field::ClearActive,
    ];
    let at = offset.checked_sub(map::GROUP)?;
    Some((*FIELDS.get((at / BYTES) as usize)?, (at % BYTES / 4) as usize))
}

/// An interrupt that could be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Candidate {
    pub intid: u32,
    pub priority: u8,
    /// It is of group 1.
    pub group1: bool,
}

impl Candidate {
    /// The more urgent of two; the first of equals.
    pub fn or_better(self, other: Option<Candidate>) -> Candidate {
        other.filter(|other| other.priority < self.priority).unwrap_or(self)
    }
}

/// Thirty-two interrupts, bit `n` of each word for the `n`th.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    pub group: u32,
    pub enabled: u32,
    /// The wires' levels.
    pub level: u32,
    /// Made pending by an edge or by a write.
    pub latched: u32,
    pub active: u32,
    /// Those that an edge makes pending; a level the others.
    pub edge: u32,
    pub priority: [u8; 32],
}

impl Lines {
    /// After power-on, with the wires as they are.
    pub fn reset(&mut self, edge: u32) {
        *self = Lines { level: self.level, edge, ..Lines::default() };
    }

    /// Interrupts 0 to 15 are SGIs, which know no wires.
    pub const SGI_MASK: u32 = (1 << SGIS) - 1;

    pub fn pending(&self) -> u32 {
        self.latched | self.level & !self.edge
    }

    pub fn set_level(&mut self, bit: u32, level: bool) {
        let mask = 1 << bit;
        if !level {
            self.level &= !mask;
        } else if self.level & mask == 0 {
            self.level |= mask;
            self.latched |= mask & self.edge;
        }
    }

    /// A CPU takes the interrupt on.
    pub fn activate(&mut self, bit: u32) {
        self.active |= 1 << bit;
        self.latched &= !(1 << bit);
    }

    /// The most urgent of those among `mask` that wait; `first` is the number of
    /// bit 0.
    pub fn best(&self, mask: u32, first: u32) -> Option<Candidate> {
        let mut waiting = self.pending() & self.enabled & !self.active & mask;
        let mut best: Option<Candidate> = None;
        while waiting != 0 {
            let bit = waiting.trailing_zeros();
            waiting &= waiting - 1;
            let priority = self.priority[bit as usize];
            let group1 = self.group >> bit & 1 != 0;
            let other = Candidate { intid: first + bit, priority, group1 };
            best = Some(best.map_or(other, |best| best.or_better(Some(other))));
        }
        best
    }

    pub fn read(&self, field: Field) -> u32 {
        match field {
            Field::Group => self.group,
            Field::SetEnable | Field::ClearEnable => self.enabled,
            Field::SetPending | Field::ClearPending => self.pending(),
            Field::SetActive | Field::ClearActive => self.active,
        }
    }

    pub fn write(&mut self, field: Field, value: u32) {
        match field {
            Field::Group => self.group = value,
            Field::SetEnable => self.enabled |= value,
            Field::ClearEnable => self.enabled &= !value,
            Field::SetPending => self.latched |= value,
            Field::ClearPending => self.latched &= !value,
            Field::SetActive => self.active |= value,
            Field::ClearActive => self.active &= !value,
        }
    }

    /// `bytes` priorities from that of interrupt `bit` on.
    pub fn read_priority(&self, bit: usize, bytes: u8) -> u64 {
        (0..usize::from(bytes)).rev().fold(0, |value, i| value << 8 | u64::from(self.priority[bit + i]))
    }

    pub fn write_priority(&mut self, bit: usize, bytes: u8, value: u64) {
        for i in 0..usize::from(bytes) {
            self.priority[bit + i] = (value >> (8 * i)) as u8;
        }
    }

    /// The configuration of the lower sixteen interrupts or of the upper (`half`
    /// 1), two bits each, of which the upper is set for edges.
    pub fn read_config(&self, half: usize) -> u32 {
        let edges = self.edge >> (16 * half);
        (0..16).filter(|bit| edges >> bit & 1 != 0).fold(0, |value, bit| value | 2 << (2 * bit))
    }

    pub fn write_config(&mut self, half: usize, value: u32) {
        for bit in 0..16 {
            let mask = 1 << (bit + 16 * half);
            let edge = value >> (2 * bit + 1) & 1 != 0;
            self.edge = if edge { self.edge | mask } else { self.edge & !mask };
        }
    }
}

/// The preemption levels at which a CPU is handling interrupts: bit `n % 32` of
/// word `n / 32` for level `n`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivePriorities(pub [u32; 4]);

impl ActivePriorities {
    /// The most urgent level.
    pub fn first(&self) -> Option<u32> {
        (0..).zip(self.0).find(|(_, word)| *word != 0).map(|(n, word)| 32 * n + word.trailing_zeros())
    }

    pub fn set(&mut self, level: u32) {
        self.0[(level / 32 % 4) as usize] |= 1 << (level % 32);
    }

    /// Forgets the most urgent level.
    pub fn drop_first(&mut self) {
        if let Some(word) = self.0.iter_mut().find(|word| **word != 0) {
            *word &= *word - 1;
        }
    }
}

/// The number to show for a candidate.
pub fn number(candidate: Option<Candidate>) -> u32 {
    candidate.map_or(SPURIOUS, |candidate| candidate.intid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_name_registers() {
        assert_eq!(field(0x7c), None);
        assert_eq!(field(0x80), Some((Field::Group, 0)));
        assert_eq!(field(0x104), Some((Field::SetEnable, 1)));
        assert_eq!(field(0x3fc), Some((Field::ClearActive, 31)));
        assert_eq!(field(0x400), None);
    }

    #[test]
    fn the_lowest_priority_value_wins_and_then_the_lowest_number() {
        let mut lines = Lines { enabled: !0, latched: 0b1110, ..Lines::default() };
        lines.priority[..4].copy_from_slice(&[0, 9, 5, 5]);
        assert_eq!(lines.best(!0, 32).map(|c| (c.intid, c.priority)), Some((34, 5)));
        lines.activate(2);
        assert_eq!(lines.best(!0, 32).map(|c| c.intid), Some(35));
        assert_eq!(lines.best(0b10, 32).map(|c| c.intid), Some(33));
    }

    #[test]
    fn levels_stay_pending_and_edges_are_remembered() {
        let mut lines = Lines { edge: 0b10, ..Lines::default() };
        lines.set_level(0, true);
        lines.set_level(1, true);
        assert_eq!(lines.pending(), 0b11);
        lines.activate(0);
        lines.activate(1);
        assert_eq!(lines.pending(), 0b01, "the wire is still up");
        lines.set_level(0, false);
        lines.set_level(1, true);
        assert_eq!(lines.pending(), 0, "there was no new edge");
    }

    #[test]
    fn configuration_is_two_bits_an_interrupt() {
        let mut lines = Lines::default();
        lines.write_config(1, 0xffff_fff7);
        assert_eq!((lines.read_config(1), lines.read_config(0)), (0xaaaa_aaa2, 0));
        assert_eq!(lines.edge, 0xfffd_0000);
    }

    #[test]
    fn active_priorities_are_a_stack() {
        let mut active = ActivePriorities::default();
        active.set(70);
        active.set(3);
        assert_eq!(active.first(), Some(3));
        active.drop_first();
        assert_eq!(active.first(), Some(70));
        active.drop_first();
        active.drop_first();
        assert_eq!(active.first(), None);
    }
}
