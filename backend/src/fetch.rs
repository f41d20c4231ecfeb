//! Reads guest code for a front end.

use crate::growth::PageAt;
use crate::memory::Memory;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Context;
use bus::AddressSpace;
use guest::{Access, Fault, Fetch, PAGE_MODE, Page};

/// Reads code of one mode, and notes the pages it is found through. Addresses are
/// relative to an origin.
pub(crate) struct CodeReader<'a> {
    cx: &'a mut Context,
    memory: &'a mut Memory,
    /// The mode but for what the page adds to it, and that.
    mode: u32,
    page_mode: u32,
    regime: u8,
    origin: u64,
    ahead: Ahead,
}

impl<'a> CodeReader<'a> {
    /// A reader of code as `cx` has it mapped for this mode, or for the part of it that
    /// is the CPU's.
    pub(crate) fn new(cx: &'a mut Context, memory: &'a mut Memory, mode: u32, origin: u64) -> CodeReader<'a> {
        let regime = memory.guest.fetch_regime(mode);
        let (mode, page_mode) = (mode & !PAGE_MODE, mode & PAGE_MODE);
        CodeReader { cx, memory, mode, page_mode, regime, origin, ahead: Ahead::NOTHING }
    }

    /// The physical address of the code at `at`, and all of its mode.
    pub(crate) fn locate(&mut self, at: u64) -> Result<(u64, u32), Fault> {
        let at = self.origin.wrapping_add(at);
        let page = self.memory.look_up(self.cx, at, 2, Access::Fetch, self.regime)?;
        self.cx.note_code(at, self.mode, page.global);
        Ok((page.phys, self.mode | page.code_mode))
    }

    /// The physical address of the code at `at`.
    pub(crate) fn translate(&mut self, at: u64) -> Result<u64, Fault> {
        Ok(self.locate(at)?.0)
    }

    /// The same for code of the reader's mode that may not run next, without a trace in
    /// the guest's tables.
    pub(crate) fn look_ahead(&mut self, at: u64) -> Option<u64> {
        let wanted = self.mode | self.page_mode;
        self.locate_ahead(at).filter(|(_, mode)| *mode == wanted).map(|(phys, _)| phys)
    }

    /// The same for code of any mode of the CPU's.
    pub(crate) fn locate_ahead(&mut self, at: u64) -> Option<(u64, u32)> {
        let at = self.origin.wrapping_add(at);
        let page = match self.cx.translations.get(at, Access::Fetch, self.regime) {
            Some(page) => page,
            None => self.peek(at)?,
        };
        self.cx.note_code(at, self.mode, page.global);
        Some((page.phys, self.mode | page.code_mode))
    }

    /// What the guest's tables say of the page that holds `at`, if that sets no flag.
    fn peek(&mut self, at: u64) -> Option<Page> {
        self.memory.stats.tlb_walks += 1;
        let Memory { guest, space, .. } = &*self.memory;
        let page = guest.peek(&self.cx.state, space, at, Access::Fetch, self.regime)?;
        if page.cacheable {
            self.cx.translations.insert(at, Access::Fetch, self.regime, &page);
        }
        Some(page)
    }
}

impl Fetch for CodeReader<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        if let Some(unit) = self.ahead.get(at) {
            return Ok(unit);
        }
        let phys = self.translate(at)?;
        self.ahead.read(at, phys, &self.memory.space);
        match self.memory.space.read(phys, 2) {
            Ok(unit) => Ok(unit as u16),
            Err(_) => Err(self.memory.guest.bus_error(self.origin.wrapping_add(at), Access::Fetch)),
        }
    }
}

/// The bytes of RAM from a unit of code to the end of the host's cache line: read
/// at once, as one translation holds for them all.
struct Ahead {
    /// The address of the first.
    at: u64,
    /// How many there are.
    len: usize,
    bytes: [u8; LINE_BYTES],
}

/// What hosts' caches have in a line; pages are made of whole ones. The next line
/// may not be needed, and cold code is far away.
const LINE_BYTES: usize = 64;

impl Ahead {
    const NOTHING: Ahead = Ahead { at: 0, len: 0, bytes: [0; LINE_BYTES] };

    /// The unit at `at`, if it was read.
    #[inline]
    fn get(&self, at: u64) -> Option<u16> {
        let offset = usize::try_from(at.wrapping_sub(self.at)).ok()?;
        let unit = self.bytes[..self.len].get(offset..)?.first_chunk()?;
        Some(u16::from_le_bytes(*unit))
    }

    /// Reads on from `at`, which lies at `phys`. Nothing if that is not RAM: a
    /// device is asked for what is needed, no more.
    fn read(&mut self, at: u64, phys: u64, space: &AddressSpace) {
        let len = LINE_BYTES - phys as usize % LINE_BYTES;
        let bytes = &mut self.bytes[..len];
        let is_read = space.ram_at(phys).is_some_and(|ram| ram.read(phys, bytes));
        (self.at, self.len) = (at, if is_read { len } else { 0 });
    }
}

/// Reads code of pages whose places in memory are known, whatever is mapped.
pub(crate) struct PageReader<'a> {
    pub(crate) memory: &'a Memory,
    pub(crate) pages: &'a [PageAt],
}

impl Fetch for PageReader<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let page = self.pages.iter().find(|page| page.virt == at & PAGE_MASK);
        let unit = page.and_then(|page| self.memory.space.read(page.phys | at & !PAGE_MASK, 2).ok());
        unit.map(|unit| unit as u16).ok_or_else(|| self.memory.guest.bus_error(at, Access::Fetch))
    }
}

/// Reads the code of an instruction that has been run, as the CPU has it mapped and
/// without a trace in the guest's tables.
pub(crate) struct FaultReader<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) memory: &'a Memory,
}

impl Fetch for FaultReader<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let FaultReader { cx, memory: Memory { guest, space, .. } } = self;
        let regime = guest.fetch_regime(guest.block_key(&cx.state).mode);
        let known = cx.translations.get(at, Access::Fetch, regime);
        let page = known.or_else(|| guest.peek(&cx.state, space, at, Access::Fetch, regime));
        let unit = page.and_then(|page| space.read(page.phys, 2).ok());
        unit.map(|unit| unit as u16).ok_or_else(|| guest.bus_error(at, Access::Fetch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bus::{PAGE_BYTES, Ram};
    use std::sync::Arc;

    const RAM: u64 = 0x8000_0000;

    fn space() -> AddressSpace {
        let ram = Ram::new(RAM, 2 * PAGE_BYTES).expect("a small mapping");
        for at in (0..2 * PAGE_BYTES).step_by(2) {
            assert!(ram.write(RAM + at, &(at as u16).to_le_bytes()));
        }
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::new(ram));
        space
    }

    #[test]
    fn what_was_read_ahead_is_what_is_there() {
        let mut ahead = Ahead::NOTHING;
        assert_eq!(ahead.get(0), None);
        ahead.read(0x1_0004, RAM + 4, &space());
        assert_eq!(ahead.get(0x1_0002), None);
        for offset in (4..LINE_BYTES as u64).step_by(2) {
            assert_eq!(ahead.get(0x1_0000 + offset), Some(offset as u16));
        }
        assert_eq!(ahead.get(0x1_0000 + LINE_BYTES as u64), None);
    }

    #[test]
    fn it_ends_with_its_page_which_may_be_mapped_beside_any() {
        let mut ahead = Ahead::NOTHING;
        ahead.read(u64::MAX - 3, RAM + PAGE_BYTES - 4, &space());
        assert_eq!(ahead.get(u64::MAX - 1), Some((PAGE_BYTES - 2) as u16));
        assert_eq!(ahead.get(0), None);
        // A unit of which one byte is in the page.
        assert_eq!(ahead.get(u64::MAX), None);
    }

    #[test]
    fn nothing_is_read_ahead_where_there_is_no_ram() {
        let mut ahead = Ahead::NOTHING;
        ahead.read(0x1_0000, RAM, &space());
        ahead.read(0x2_0000, RAM - PAGE_BYTES, &space());
        assert_eq!((ahead.get(0x1_0000), ahead.get(0x2_0000)), (None, None));
    }
}
