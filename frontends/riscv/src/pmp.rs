//! Physical memory protection: 16 entries, granularity 4 bytes.
//!
//! Source: RISC-V Privileged ISA (20240411), §3.7.

use crate::fields::privilege;
use crate::state::{PMPADDR0, PMPCFG0, PMPCFG2};
use guest::{Access, CpuState};
use ir::Slot;

/// How many entries there are.
pub const ENTRIES: usize = 16;

/// Bits of a pmpaddr register: an address of 56 bits, without the lowest two.
const ADDRESS: u64 = (1 << 54) - 1;

/// Fields of an entry's configuration byte (§3.7.1, figure 30).
mod cfg {
    pub const R: u8 = 1;
    pub const W: u8 = 2;
    pub const X: u8 = 4;
    pub const A: u8 = 3 << 3;
    pub const TOR: u8 = 1 << 3;
    pub const NA4: u8 = 2 << 3;
    pub const NAPOT: u8 = 3 << 3;
    pub const L: u8 = 1 << 7;
}

/// What may be done with a piece of memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rights {
    /// Loads.
    pub read: bool,
    /// Stores.
    pub write: bool,
    /// Fetches.
    pub exec: bool,
}

impl Rights {
    /// Everything.
    pub const ALL: Rights = Rights { read: true, write: true, exec: true };
    /// Nothing.
    pub const NONE: Rights = Rights { read: false, write: false, exec: false };

    /// Whether `access` is among them.
    pub const fn allow(self, access: Access) -> bool {
        match access {
            Access::Load => self.read,
            Access::Store => self.write,
            Access::Fetch => self.exec,
        }
    }

    /// What is in both.
    pub const fn and(self, other: Rights) -> Rights {
        Rights {
            read: self.read && other.read,
            write: self.write && other.write,
            exec: self.exec && other.exec,
        }
    }
}

/// The answer to [`check`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// What may be done.
    pub rights: Rights,
    /// The same holds for the whole 4 KiB page.
    pub whole_page: bool,
}

/// What an access with `privilege` (0, 1 or 3) to the `bytes` (at least 1) at
/// physical address `at`, all in one 4 KiB page, may do (§3.7.1, "Priority and Matching Logic").
pub fn check(cpu: &CpuState, privilege: u64, at: u64, bytes: u64) -> Verdict {
    let page = at & !0xfff;
    if let Some(rights) = first_match(cpu, privilege, page, page | 0xfff) {
        return Verdict { rights, whole_page: true };
    }
    let last = at.saturating_add(bytes - 1);
    let rights = first_match(cpu, privilege, at, last).unwrap_or(Rights::NONE);
    Verdict { rights, whole_page: false }
}

/// Whether one answer holds for all of the `2^bits` bytes around `at`, whatever
/// the privilege.
pub fn is_uniform(cpu: &CpuState, at: u64, bits: u32) -> bool {
    let inside = (1 << bits) - 1;
    first_match(cpu, privilege::S, at & !inside, at | inside).is_some()
}

/// What the first entry that matches a byte of `first..=last` says; `None` if
/// it does not match all of them.
fn first_match(cpu: &CpuState, privilege: u64, first: u64, last: u64) -> Option<Rights> {
    let machine = privilege == privilege::M;
    if opens_all(cpu) {
        return Some(if machine { Rights::ALL } else { rights(config(cpu, 0)) });
    }
    for entry in 0..ENTRIES {
        let Some((low, high)) = range(cpu, entry) else { continue };
        if high < first || last < low {
            continue;
        }
        if first < low || high < last {
            return None;
        }
        let config = config(cpu, entry);
        let bypass = machine && config & cfg::L == 0;
        return Some(if bypass { Rights::ALL } else { rights(config) });
    }
    Some(if machine { Rights::ALL } else { Rights::NONE })
}

/// Whether the first entry matches everything and is not locked: supervisors
/// without firmware, and most with, run so.
fn opens_all(cpu: &CpuState) -> bool {
    cpu.get(PMPADDR0) == ADDRESS && config(cpu, 0) & (cfg::A | cfg::L) == cfg::NAPOT
}

fn rights(config: u8) -> Rights {
    Rights { read: config & cfg::R != 0, write: config & cfg::W != 0, exec: config & cfg::X != 0 }
}

/// First and last address that an entry matches; `None` if it matches none.
fn range(cpu: &CpuState, entry: usize) -> Option<(u64, u64)> {
    let address = cpu.get(address_slot(entry));
    match config(cpu, entry) & cfg::A {
        cfg::TOR => {
            let below = entry.checked_sub(1).map_or(0, |e| cpu.get(address_slot(e)));
            (below < address).then(|| (below << 2, (address << 2) - 1))
        }
        cfg::NA4 => Some((address << 2, (address << 2) + 3)),
        cfg::NAPOT => {
            // The lowest zero bit tells the size: none above it are the range's.
            let inside = (2 << address.trailing_ones()) - 1;
            Some(((address & !inside) << 2, (address | inside) << 2 | 3))
        }
        _ => None,
    }
}

/// The slot of a pmpaddr register, 0 to 15.
pub fn address_slot(entry: usize) -> Slot {
    Slot(PMPADDR0.0 + (entry % ENTRIES) as u16)
}

fn config_slot(entry: usize) -> Slot {
    if entry < 8 { PMPCFG0 } else { PMPCFG2 }
}

fn config(cpu: &CpuState, entry: usize) -> u8 {
    cpu.get(config_slot(entry)).to_le_bytes()[entry % 8]
}

/// Writes pmpcfg0 or pmpcfg2 (`first_entry` 0 or 8). Locked entries keep their
/// byte (§3.7.1, "Locking and Privilege Mode"); the reserved W without R
/// becomes neither.
pub fn write_config(cpu: &mut CpuState, first_entry: usize, value: u64) {
    let mut bytes = value.to_le_bytes();
    for (i, byte) in bytes.iter_mut().enumerate() {
        let old = config(cpu, first_entry + i);
        *byte = if old & cfg::L != 0 { old } else { legal(*byte) };
    }
    cpu.set(config_slot(first_entry), u64::from_le_bytes(bytes));
}

fn legal(config: u8) -> u8 {
    let defined = config & (cfg::R | cfg::W | cfg::X | cfg::A | cfg::L);
    if defined & cfg::R == 0 { defined & !cfg::W } else { defined }
}

/// Writes pmpaddr register `entry` (0 to 15), unless it is locked by its own
/// entry or as the bottom of a locked range above (§3.7.1).
pub fn write_address(cpu: &mut CpuState, entry: usize, value: u64) {
    let above = if entry + 1 < ENTRIES { config(cpu, entry + 1) } else { 0 };
    let bottom_locked = above & cfg::L != 0 && above & cfg::A == cfg::TOR;
    if config(cpu, entry) & cfg::L == 0 && !bottom_locked {
        cpu.set(address_slot(entry), value & ADDRESS);
    }
}

/// Gives S and U all of memory, with one entry.
pub fn open(cpu: &mut CpuState) {
    cpu.set(PMPADDR0, ADDRESS);
    cpu.set(PMPCFG0, u64::from(cfg::R | cfg::W | cfg::X | cfg::NAPOT));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::privilege::{M, S, U};

    /// Sets entries from (configuration byte, pmpaddr) in order.
    fn hart(entries: &[(u8, u64)]) -> CpuState {
        let mut cpu = CpuState::default();
        for (i, (_, address)) in entries.iter().enumerate() {
            write_address(&mut cpu, i, *address);
        }
        for first in [0, 8] {
            let byte = |i: usize| entries.get(first + i).map_or(0, |e| e.0);
            write_config(&mut cpu, first, u64::from_le_bytes(std::array::from_fn(byte)));
        }
        cpu
    }

    fn read(cpu: &CpuState, privilege: u64, at: u64, bytes: u64) -> bool {
        check(cpu, privilege, at, bytes).rights.read
    }

    /// §3.7.1: with no match, M succeeds, S and U fail.
    #[test]
    fn without_a_match_only_machine_mode_passes() {
        let cpu = hart(&[]);
        let all = Verdict { rights: Rights::ALL, whole_page: true };
        assert_eq!(check(&cpu, M, 0x8000_0000, 8), all);
        for privilege in [S, U] {
            assert_eq!(check(&cpu, privilege, 0x8000_0000, 8).rights, Rights::NONE);
        }
    }

    /// §3.7.1, table 18: the run of low ones gives the size, 8 bytes upwards.
    #[test]
    fn napot_sizes_follow_the_trailing_ones() {
        for (ones, bytes) in [(0, 8_u64), (1, 16), (9, 4096), (27, 1 << 30)] {
            let base = 0x40_0000_0000_u64;
            let cpu = hart(&[(cfg::NAPOT | cfg::R, base >> 2 | ((1 << ones) - 1))]);
            assert!(read(&cpu, U, base, 1) && read(&cpu, U, base + bytes - 1, 1), "{bytes}");
            assert!(!read(&cpu, U, base - 1, 1) && !read(&cpu, U, base + bytes, 1), "{bytes}");
        }
        let cpu = hart(&[(cfg::NAPOT | cfg::R, u64::MAX)]);
        assert!(read(&cpu, U, 0, 8) && read(&cpu, U, (1 << 56) - 1, 1));
    }

    /// §3.7.1: a match of a part of the access's bytes fails it.
    #[test]
    fn an_access_across_the_edge_of_an_entry_fails() {
        let cpu = hart(&[(cfg::NA4 | cfg::R, 0x1008 >> 2), (cfg::NAPOT | cfg::R, u64::MAX)]);
        assert!(read(&cpu, S, 0x1008, 4) && !read(&cpu, S, 0x1008, 8) && !read(&cpu, S, 0x1006, 4));
        assert!(read(&cpu, S, 0x100c, 4) && read(&cpu, S, 0x1004, 4));
        assert!(!check(&cpu, S, 0x1ff8, 4).whole_page);
        assert!(check(&cpu, S, 0x2000, 4).whole_page);
    }

    /// §3.7.1: TOR matches from the address below up to, not with, its own;
    /// entry 0 from zero; an empty range matches nothing.
    #[test]
    fn tor_ranges_are_half_open() {
        let cpu = hart(&[(cfg::TOR | cfg::R, 0x400), (cfg::TOR | cfg::W | cfg::R, 0x800), (cfg::TOR, 0x800)]);
        assert!(check(&cpu, U, 0xfff, 1).rights == rights(cfg::R));
        assert!(check(&cpu, U, 0x1000, 1).rights == rights(cfg::R | cfg::W));
        assert!(!read(&cpu, U, 0x2000, 1));
        let empty =
            hart(&[(0, 0x800), (cfg::TOR, 0x800), (cfg::TOR, 0x400), (cfg::NAPOT | cfg::R, u64::MAX)]);
        assert!(read(&empty, U, 0x1000, 1));
    }

    /// §3.7.1: the lowest-numbered match decides.
    #[test]
    fn the_lowest_entry_wins() {
        let cpu = hart(&[(cfg::NAPOT, 0x3ff), (cfg::NAPOT | cfg::R | cfg::X, u64::MAX)]);
        assert_eq!(check(&cpu, U, 0x10, 4).rights, Rights::NONE);
        assert_eq!(check(&cpu, U, 0x2000, 4).rights, rights(cfg::R | cfg::X));
    }

    /// §3.7.1: L makes an entry bind M too, and freezes it and, for TOR, the
    /// address below.
    #[test]
    fn locked_entries_bind_machine_mode_and_do_not_change() {
        let mut cpu = hart(&[(0, 0x100), (cfg::TOR | cfg::L | cfg::R, 0x400)]);
        assert!(read(&cpu, M, 0x400, 4) && !check(&cpu, M, 0x400, 4).rights.write);
        assert!(check(&cpu, M, 0x1000, 4).rights.write);
        let before = cpu.clone();
        write_address(&mut cpu, 0, 0);
        write_address(&mut cpu, 1, 0);
        write_config(&mut cpu, 0, 0);
        assert!(cpu == before);
    }

    /// §3.7.1: unlocked entries do not bind M.
    #[test]
    fn unlocked_entries_do_not_bind_machine_mode() {
        let cpu = hart(&[(cfg::NAPOT, u64::MAX)]);
        assert_eq!(check(&cpu, M, 0x1234, 4).rights, Rights::ALL);
        assert_eq!(check(&cpu, S, 0x1234, 4).rights, Rights::NONE);
    }

    /// §3.7.1: W without R is reserved; bits 5 and 6 are zero; pmpaddr has 54.
    #[test]
    fn reserved_values_are_not_kept() {
        let cpu = hart(&[(cfg::W | cfg::X, u64::MAX), (0x60, 0)]);
        assert_eq!(config(&cpu, 0), cfg::X);
        assert_eq!(config(&cpu, 1), 0);
        assert_eq!(cpu.get(PMPADDR0), (1 << 54) - 1);
    }
}
