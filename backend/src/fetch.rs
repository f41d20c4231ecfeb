//! Reads guest code for a front end.

use crate::memory::Memory;
use crate::region::PageAt;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Context;
use guest::{Access, Fault, Fetch};

/// Reads code of one mode, and notes the pages it is found through. Addresses are
/// relative to an origin.
pub(crate) struct CodeReader<'a> {
    cx: &'a mut Context,
    memory: &'a mut Memory,
    mode: u32,
    regime: u8,
    origin: u64,
}

impl<'a> CodeReader<'a> {
    /// A reader of code as `cx` has it mapped for this mode.
    pub(crate) fn new(cx: &'a mut Context, memory: &'a mut Memory, mode: u32, origin: u64) -> CodeReader<'a> {
        let regime = memory.guest.fetch_regime(mode);
        CodeReader { cx, memory, mode, regime, origin }
    }

    /// The physical address of the code at `at`.
    pub(crate) fn translate(&mut self, at: u64) -> Result<u64, Fault> {
        let at = self.origin.wrapping_add(at);
        let page = self.memory.look_up(self.cx, at, 2, Access::Fetch, self.regime)?;
        self.cx.note_code(at, self.mode, page.global);
        Ok(page.phys)
    }
}

impl Fetch for CodeReader<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let phys = self.translate(at)?;
        match self.memory.space.read(phys, 2) {
            Ok(unit) => Ok(unit as u16),
            Err(_) => Err(self.memory.guest.bus_error(self.origin.wrapping_add(at), Access::Fetch)),
        }
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
