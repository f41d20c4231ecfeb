//! Guest memory as an engine reaches it: through the TLB if it can, through a
//! translation, a device or a fault if it must.

use crate::hash::AddressMap;
use crate::host::HostAddr;
use crate::stats::Stats;
use crate::tlb::{PAGE_MASK, TlbEntry, tag};
use crate::vcpu::{Context, NO_RESERVATION, reservation_kind};
use crate::windows::Shadows;
use bus::{AddressSpace, Clock, PAGE_BYTES, Ram};
use guest::{Access, Fault, Guest, Page, Requests};
use ir::{RmwOp, Type};
use std::sync::Arc;

/// Virtual time that passes with each instruction when time is counted.
pub const NS_PER_INSTRUCTION: u64 = 1;

/// Bytes a bit of a page's code map stands for.
const LINE_BYTES: u64 = 64;
/// Everything beyond the CPU's own words.
pub(crate) struct Memory {
    pub(crate) guest: Arc<dyn Guest>,
    pub(crate) space: AddressSpace,
    pub(crate) clock: Clock,
    pub(crate) stats: Stats,
    /// Something happened that the engine has to look at before the next guest
    /// instruction: a device was reached, or code was written.
    pub(crate) attention: bool,
    /// What a helper that compiled code called has asked for.
    pub(crate) requests: Requests,
    /// Physical ranges with code that a CPU's stores have hit.
    pub(crate) stale: Vec<(u64, u64)>,
    /// Which lines of a physical page hold translated code.
    code_lines: AddressMap<u64, u64>,
    slice: Slice,
    /// Where compiled code goes on when an access to a window has failed.
    pub(crate) shadows: Shadows,
    /// The guest's program counter.
    pub(crate) pc: ir::Slot,
}

/// What the running slice started from; exact time and counts derive from it.
#[derive(Clone, Copy, Default)]
struct Slice {
    budget: i64,
    start_ns: u64,
    instructions: u64,
}

impl Memory {
    pub(crate) fn new(guest: Arc<dyn Guest>, space: AddressSpace, clock: Clock) -> Memory {
        let pc = guest.spec().layout.pc();
        Memory {
            pc,
            guest,
            space,
            clock,
            stats: Stats::default(),
            attention: false,
            requests: Requests::default(),
            stale: Vec::new(),
            code_lines: AddressMap::default(),
            slice: Slice::default(),
            shadows: Shadows::default(),
        }
    }

    /// Starts a slice of `budget` instructions, after `instructions` earlier ones.
    pub(crate) fn start_slice(&mut self, budget: i64, instructions: u64) {
        self.slice = Slice { budget, start_ns: self.clock.now_ns(), instructions };
    }

    /// Makes virtual time agree with the point in the slice at which `left`
    /// instructions of it remain; yields the instructions run until then.
    pub(crate) fn sync(&mut self, left: i64) -> u64 {
        let run = (self.slice.budget - left).max(0) as u64;
        if self.clock.is_counted() {
            self.clock.advance_to(self.slice.start_ns + run * NS_PER_INSTRUCTION);
        }
        self.slice.instructions + run
    }

    /// Translates for an access inside one page, and has the TLB answer the next.
    pub(crate) fn translate(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        access: Access,
        regime: u8,
    ) -> Result<u64, Fault> {
        self.stats.tlb_misses += 1;
        let page = self.look_up(cx, at, bytes, access, regime)?;
        if page.aligned {
            let is_aligned = bytes.is_power_of_two() && at & (u64::from(bytes) - 1) == 0;
            return if is_aligned { Ok(page.phys) } else { Err(self.guest.misaligned(at, access)) };
        }
        if page.cacheable {
            self.fill(cx, at, &page, regime);
        }
        Ok(page.phys)
    }

    /// What the page that holds `at` maps to: as it is remembered,
    /// or else as the guest's tables have it.
    pub(crate) fn look_up(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        access: Access,
        regime: u8,
    ) -> Result<Page, Fault> {
        if let Some(page) = cx.translations.get(at, access, regime) {
            return Ok(page);
        }
        self.stats.tlb_walks += 1;
        let page = self.guest.walk(&mut cx.state, &self.space, at, bytes, access, regime)?;
        if page.cacheable {
            cx.translations.insert(at, access, regime, &page);
        }
        Ok(page)
    }

    /// Puts the 4 KiB around `at` into the first level, if they are RAM.
    fn fill(&self, cx: &mut Context, at: u64, page: &Page, regime: u8) {
        let phys = page.phys & PAGE_MASK;
        let Some(ram) = self.space.ram_at(phys) else { return };
        if phys + PAGE_BYTES > ram.range().end {
            return;
        }
        let host = host_addr(ram, phys);
        let write = page.write && !ram.is_code(phys);
        let entry = TlbEntry {
            read: tag(at, page.read),
            write: tag(at, write),
            addend: host.wrapping_sub(at & PAGE_MASK),
            phys,
        };
        cx.tlb.insert(regime, at, entry, page.global);
    }

    /// Makes the TLB know the page of an access. Tells whether the access may go
    /// straight to memory now; if not, nothing has happened that it would not
    /// do again itself.
    pub(crate) fn make_plain(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        regime: u8,
        write: bool,
    ) -> bool {
        let known = |cx: &Context| {
            let entry = cx.tlb.entry(regime, at);
            at & PAGE_MASK == if write { entry.write } else { entry.read }
        };
        if crosses_page(at, bytes) {
            return false;
        }
        let access = if write { Access::Store } else { Access::Load };
        known(cx) || self.translate(cx, at, bytes, access, regime).is_ok() && known(cx)
    }

    /// Loads where the TLB has no answer: `left` is the budget that remains
    /// before this instruction.
    pub(crate) fn load(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        regime: u8,
        left: i64,
    ) -> Result<u64, Fault> {
        if crosses_page(at, bytes) {
            return self.load_crossing(cx, at, bytes, regime, left);
        }
        let phys = self.translate(cx, at, bytes, Access::Load, regime)?;
        self.load_phys(at, phys, bytes, left)
    }

    pub(crate) fn load_phys(&mut self, at: u64, phys: u64, bytes: u8, left: i64) -> Result<u64, Fault> {
        if let Some(ram) = self.space.ram_at(phys)
            && let Some(value) = ram.load(phys, bytes)
        {
            return Ok(value);
        }
        self.reach_device(left);
        self.space.read(phys, bytes).map_err(|_| self.guest.bus_error(at, Access::Load))
    }

    fn reach_device(&mut self, left: i64) {
        self.stats.mmio += 1;
        self.attention = true;
        self.sync(left);
    }

    /// Stores where the TLB has no answer.
    pub(crate) fn store(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        value: u64,
        regime: u8,
        left: i64,
    ) -> Result<(), Fault> {
        if crosses_page(at, bytes) {
            return self.store_crossing(cx, at, bytes, value, regime, left);
        }
        let phys = self.translate(cx, at, bytes, Access::Store, regime)?;
        self.store_phys(at, phys, bytes, value, left)
    }

    pub(crate) fn store_phys(
        &mut self,
        at: u64,
        phys: u64,
        bytes: u8,
        value: u64,
        left: i64,
    ) -> Result<(), Fault> {
        if let Some(ram) = self.space.ram_at(phys)
            && phys + u64::from(bytes) <= ram.range().end
        {
            let host = HostAddr(host_addr(ram, phys));
            match bytes {
                1 => host.store::<1>(value),
                2 => host.store::<2>(value),
                4 => host.store::<4>(value),
                _ => host.store::<8>(value),
            }
            self.note_store(phys, bytes);
            return Ok(());
        }
        self.reach_device(left);
        let guest = &self.guest;
        self.space.write(phys, bytes, value).map_err(|_| guest.bus_error(at, Access::Store))
    }

    /// The host address for an atomic access, which is aligned and writes.
    /// `None` if a device is there.
    fn atomic(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        regime: u8,
    ) -> Result<(u64, Option<HostAddr>), Fault> {
        if at & (u64::from(bytes) - 1) != 0 {
            return Err(self.guest.misaligned(at, Access::Store));
        }
        let entry = cx.tlb.entry(regime, at);
        if entry.write == at & PAGE_MASK {
            let phys = entry.phys | at & !PAGE_MASK;
            return Ok((phys, Some(HostAddr(entry.addend.wrapping_add(at)))));
        }
        let phys = self.translate(cx, at, bytes, Access::Store, regime)?;
        Ok((phys, self.space.ram_at(phys).map(|ram| HostAddr(host_addr(ram, phys)))))
    }

    /// Atomic read-modify-write; yields the old value. A device sees a read and
    /// a write.
    #[expect(clippy::too_many_arguments, reason = "an access is its parts")]
    pub(crate) fn rmw(
        &mut self,
        cx: &mut Context,
        op: RmwOp,
        ty: Type,
        at: u64,
        value: u64,
        regime: u8,
        left: i64,
    ) -> Result<u64, Fault> {
        let bytes = ty.bytes();
        let (phys, host) = self.atomic(cx, at, bytes, regime)?;
        let Some(host) = host else {
            let old =
                self.load_phys(at, phys, bytes, left).map_err(|_| self.guest.bus_error(at, Access::Store))?;
            self.store_phys(at, phys, bytes, ir::eval::rmw(op, ty, old, value), left)?;
            return Ok(old);
        };
        let mut old = load_host(host, bytes);
        loop {
            let seen = host.compare_exchange(bytes, old, ir::eval::rmw(op, ty, old, value));
            if seen == old {
                self.note_store(phys, bytes);
                return Ok(old);
            }
            old = seen;
        }
    }

    /// Atomic compare-and-swap; yields the old value.
    #[expect(clippy::too_many_arguments, reason = "an access is its parts")]
    pub(crate) fn cas(
        &mut self,
        cx: &mut Context,
        ty: Type,
        at: u64,
        expected: u64,
        new: u64,
        regime: u8,
        left: i64,
    ) -> Result<u64, Fault> {
        let bytes = ty.bytes();
        let (phys, host) = self.atomic(cx, at, bytes, regime)?;
        if let Some(host) = host {
            let old = host.compare_exchange(bytes, expected, new);
            if old == expected {
                self.note_store(phys, bytes);
            }
            return Ok(old);
        }
        let old =
            self.load_phys(at, phys, bytes, left).map_err(|_| self.guest.bus_error(at, Access::Store))?;
        if old == expected {
            self.store_phys(at, phys, bytes, new, left)?;
        }
        Ok(old)
    }

    /// A load that has to be aligned.
    pub(crate) fn load_aligned(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        regime: u8,
        left: i64,
    ) -> Result<u64, Fault> {
        if at & (u64::from(bytes) - 1) != 0 {
            return Err(self.guest.misaligned(at, Access::Load));
        }
        let entry = cx.tlb.entry(regime, at);
        if entry.read == at & PAGE_MASK {
            return Ok(load_host(HostAddr(entry.addend.wrapping_add(at)), bytes));
        }
        self.load(cx, at, bytes, regime, left)
    }

    /// A store that has to be aligned.
    pub(crate) fn store_aligned(
        &mut self,
        cx: &mut Context,
        at: u64,
        bytes: u8,
        value: u64,
        regime: u8,
        left: i64,
    ) -> Result<(), Fault> {
        if at & (u64::from(bytes) - 1) != 0 {
            return Err(self.guest.misaligned(at, Access::Store));
        }
        self.store(cx, at, bytes, value, regime, left)
    }

    /// A load that places the CPU's reservation.
    pub(crate) fn load_reserved(
        &mut self,
        cx: &mut Context,
        ty: Type,
        at: u64,
        regime: u8,
        left: i64,
    ) -> Result<u64, Fault> {
        let value = self.load_aligned(cx, at, ty.bytes(), regime, left)?;
        cx.reserved_at = at;
        cx.reserved_value = value;
        cx.reserved_as = reservation_kind(ty.bytes(), regime);
        Ok(value)
    }

    /// Stores if the reservation stands; yields 0 if it did. Another CPU's
    /// store in between shows as another value, or has dropped the reservation
    /// when the scheduler switched CPUs.
    pub(crate) fn store_conditional(
        &mut self,
        cx: &mut Context,
        ty: Type,
        at: u64,
        value: u64,
        regime: u8,
        left: i64,
    ) -> Result<u64, Fault> {
        let reserved = std::mem::replace(&mut cx.reserved_at, NO_RESERVATION);
        if reserved != at || cx.reserved_as != reservation_kind(ty.bytes(), regime) {
            // It faults as a store would, even though it does not store.
            let (phys, _) = self.atomic(cx, at, ty.bytes(), regime)?;
            let answered = self.space.regions().iter().any(|region| region.range.contains(&phys));
            return if answered { Ok(1) } else { Err(self.guest.bus_error(at, Access::Store)) };
        }
        let expected = cx.reserved_value;
        let old = self.cas(cx, ty, at, expected, value, regime, left)?;
        Ok(u64::from(old != expected))
    }

    /// Notes that `len` bytes at physical `phys` hold code translated now.
    /// Yields the pages that held none before: stores to them have to be seen.
    pub(crate) fn note_code(&mut self, phys: u64, len: u64) -> Vec<u64> {
        let mut fresh = Vec::new();
        let mut at = phys;
        while at < phys + len {
            let page = at & PAGE_MASK;
            let end = (phys + len).min(page + PAGE_BYTES);
            let lines = self.code_lines.entry(page).or_insert_with(|| {
                fresh.push(page);
                0
            });
            *lines |= line_mask(at - page, end - page);
            at = end;
        }
        for page in &fresh {
            if let Some(ram) = self.space.ram_at(*page) {
                ram.mark_code(*page, true);
            }
        }
        fresh
    }

    /// Forgets that a physical page holds code.
    pub(crate) fn forget_code(&mut self, page: u64) {
        self.code_lines.remove(&page);
        if let Some(ram) = self.space.ram_at(page) {
            ram.mark_code(page, false);
        }
    }

    /// Stores of a CPU go here rather than through [`Ram::store`], so that a
    /// page of code and data costs the data no retranslation.
    fn note_store(&mut self, phys: u64, bytes: u8) {
        let page = phys & PAGE_MASK;
        if let Some(lines) = self.code_lines.get(&page) {
            let offset = phys - page;
            if lines & line_mask(offset, offset + u64::from(bytes)) != 0 {
                self.stale.push((phys, bytes.into()));
                self.attention = true;
            }
        }
    }
}

/// The host's address of a physical address inside `ram`.
fn host_addr(ram: &Ram, phys: u64) -> u64 {
    ram.host_base() as u64 + (phys - ram.range().start)
}

fn load_host(host: HostAddr, bytes: u8) -> u64 {
    match bytes {
        1 => host.load::<1>(),
        2 => host.load::<2>(),
        4 => host.load::<4>(),
        _ => host.load::<8>(),
    }
}

fn crosses_page(at: u64, bytes: u8) -> bool {
    (at & !PAGE_MASK) + u64::from(bytes) > PAGE_BYTES
}

/// The bits of the lines that bytes `from..to` of a page lie in.
fn line_mask(from: u64, to: u64) -> u64 {
    let (first, last) = (from / LINE_BYTES, (to - 1) / LINE_BYTES);
    (u64::MAX >> (63 - (last - first))) << first
}

/// Where a plain access goes if the TLB knows: the host's address.
#[inline(always)]
pub(crate) fn probe_read<const N: u64>(cx: &Context, regime: u8, at: u64) -> Option<HostAddr> {
    let entry = cx.tlb.entry(regime, at);
    // The last byte's page decides: if it is the next one, its tag would be in
    // the next entry.
    (at.wrapping_add(N - 1) & PAGE_MASK == entry.read).then(|| HostAddr(entry.addend.wrapping_add(at)))
}

/// The same for a store.
#[inline(always)]
pub(crate) fn probe_write<const N: u64>(cx: &Context, regime: u8, at: u64) -> Option<HostAddr> {
    let entry = cx.tlb.entry(regime, at);
    (at.wrapping_add(N - 1) & PAGE_MASK == entry.write).then(|| HostAddr(entry.addend.wrapping_add(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_masks_cover_what_they_touch() {
        assert_eq!(line_mask(0, 1), 1);
        assert_eq!(line_mask(63, 65), 0b11);
        assert_eq!(line_mask(0, 4096), u64::MAX);
        assert_eq!(line_mask(4095, 4096), 1 << 63);
    }

    #[test]
    fn only_the_last_bytes_of_a_page_cross() {
        assert!(!crosses_page(0x1ff8, 8));
        assert!(crosses_page(0x1ff9, 8));
    }
}
