//! What a vCPU remembers of address spaces, and how it forgets: the first-level
//! TLB and the jump cache, which compiled code probes, hold for the present
//! space; behind them is what is kept for others.

use crate::tlb::code_pages::CodePages;
use crate::tlb::large::LargePages;
use crate::tlb::spaces::Spaces;
use crate::tlb::tagged::TaggedTlb;
use crate::tlb::{PAGE_MASK, Which};
use crate::vcpu::Context;
use bus::{PAGE_BYTES, PAGE_SHIFT};
use guest::{Access, Flush, Page};
use std::ops::RangeInclusive;

/// Log2 of the sets for data: 4096 pages. Half of them do as well for a boot of
/// Linux to a shell.
const DATA_BITS: u32 = 10;
/// The same for code, 1024 pages.
const CODE_BITS: u32 = 8;

/// What is behind the first-level TLB and the jump cache.
pub(crate) struct Translations {
    /// Of pages that were read or written.
    data: TaggedTlb,
    /// Of pages that code was fetched from. They are apart so that when a page of
    /// data is looked up does not depend on what was translated when.
    code: TaggedTlb,
    spaces: Spaces,
    large: LargePages,
    code_pages: CodePages,
    /// Modes in which code was found through pages that are not global. Only in
    /// the others does the jump cache hold for all spaces.
    local_modes: Vec<u32>,
}

impl Translations {
    /// Nothing, in the address space 0 of CPU number `cpu`.
    pub(crate) fn new(cpu: u32) -> Translations {
        Translations {
            data: TaggedTlb::new(DATA_BITS),
            code: TaggedTlb::new(CODE_BITS),
            spaces: Spaces::new(cpu, 0),
            large: LargePages::default(),
            code_pages: CodePages::new(),
            local_modes: Vec::new(),
        }
    }

    /// The page that holds `at`, if it is remembered and lets `access` through.
    pub(crate) fn get(&self, at: u64, access: Access, regime: u8) -> Option<Page> {
        let tlb = if access == Access::Fetch { &self.code } else { &self.data };
        tlb.get(self.spaces.contexts(), at, access, regime)
    }

    /// Remembers what the page that holds `at` maps to, as `access` found it.
    pub(crate) fn insert(&mut self, at: u64, access: Access, regime: u8, page: &Page) {
        if u32::from(page.offset_bits) > PAGE_SHIFT {
            self.large.note(at, page.offset_bits.into());
        }
        let tlb = if access == Access::Fetch { &mut self.code } else { &mut self.data };
        tlb.insert(self.spaces.contexts(), at, regime, page);
    }
}

impl Context {
    /// Code of this mode runs from now on.
    pub(crate) fn enter_mode(&mut self, mode: u32) {
        self.jump_tag = self.jump_tag_of(mode);
    }

    /// The tag of the jump cache's entries for code of this mode.
    pub(crate) fn jump_tag_of(&self, mode: u32) -> u64 {
        let global = !self.translations.local_modes.contains(&mode);
        u64::from(mode) | u64::from(self.translations.spaces.generation(global)) << 32
    }

    /// Notes that the jump cache is about to hold code of this mode found at `at`,
    /// through a page that is `global` or not.
    #[inline]
    pub(crate) fn note_code(&mut self, at: u64, mode: u32, global: bool) {
        self.translations.code_pages.note(at);
        if !global && !self.translations.local_modes.contains(&mode) {
            self.translations.local_modes.push(mode);
            self.enter_mode(self.jump_tag as u32);
        }
    }

    /// The guest is in this address space from now on.
    pub(crate) fn enter_space(&mut self, name: u64) {
        if self.translations.spaces.current() != name {
            self.tlb.flush_local();
            self.translations.spaces.enter(name);
            self.renumbered();
        }
    }

    /// Forgets where jumps find code, and no translation.
    pub(crate) fn flush_jumps(&mut self) {
        self.translations.spaces.renew_generations();
        self.translations.code_pages.clear();
        self.renumbered();
    }

    /// Forgets translations, and where jumps found code through them.
    pub(crate) fn flush(&mut self, flush: Flush) {
        match flush {
            Flush { page: None, space: None } => self.flush_all(),
            Flush { page: None, space: Some(name) } => {
                if name == self.translations.spaces.current() {
                    self.tlb.flush_local();
                }
                self.translations.spaces.renew(name);
            }
            Flush { page: Some(at), space } => self.flush_page(at, space),
        }
        self.renumbered();
    }

    fn flush_all(&mut self) {
        self.tlb.flush();
        let all = &mut self.translations;
        all.spaces.renew_all();
        all.large.clear();
        all.code_pages.clear();
        all.local_modes.clear();
    }

    fn flush_page(&mut self, at: u64, space: Option<u64>) {
        let all = &mut self.translations;
        let pages = all.large.around(at);
        match space {
            None => {
                self.tlb.flush_pages(&pages, Which::All);
                all.data.flush_pages(&pages, |_| true);
                self.windows.flush_pages(&pages, None);
            }
            Some(name) => {
                if name == all.spaces.current() {
                    self.tlb.flush_pages(&pages, Which::Local);
                }
                if let Some(meant) = all.spaces.context_of(name) {
                    all.data.flush_pages(&pages, |context| context == meant);
                    self.windows.flush_pages(&pages, Some(meant));
                }
            }
        }
        // What follows is small, and soon found again: it goes in all spaces.
        all.code.flush_pages(&pages, |_| true);
        if all.code_pages.may_hold(&pages) {
            self.jumps.flush_range(code_reaching(&pages));
            self.remapped += 1;
        }
    }

    /// Numbers of spaces were given or taken. If they run out, all that has one is
    /// forgotten, and they start anew.
    fn renumbered(&mut self) {
        if self.translations.spaces.is_exhausted() {
            let name = self.translations.spaces.current();
            self.flush_all();
            self.translations.data.clear();
            self.translations.code.clear();
            self.jumps.clear();
            self.windows.clear();
            self.translations.spaces = self.translations.spaces.anew(name);
            self.remapped += 1;
        }
        self.enter_mode(self.jump_tag as u32);
        self.show_windows();
    }

    /// Has compiled code see the windows of the present space.
    pub(crate) fn show_windows(&mut self) {
        self.window_biases = self.windows.biases(self.translations.spaces.contexts());
    }

    /// Gives a window to the place that was accessed without one.
    pub(crate) fn grant_window(&mut self) {
        if self.windows.grant(self.translations.spaces.contexts()) {
            self.show_windows();
        }
    }
}

/// Where blocks may start that have code in these pages: they may come from the
/// page before.
fn code_reaching(pages: &RangeInclusive<u64>) -> (u64, u64) {
    let first = (pages.start() & PAGE_MASK).wrapping_sub(PAGE_BYTES);
    (first, pages.end().wrapping_sub(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jumps::JumpEntry;

    const AT: u64 = 0x1234_5000;
    const MODE: u32 = 3;
    const PAGE: Page = Page {
        phys: 0x8000_0000,
        read: true,
        write: true,
        exec: true,
        cacheable: true,
        global: false,
        offset_bits: 12,
        whole: true,
        aligned: false,
        code_mode: 0,
    };

    /// A context that has found code at `AT` and knows its page.
    fn context(global: bool) -> Box<Context> {
        let mut cx = Context::new(0);
        let page = Page { global, ..PAGE };
        cx.translations.insert(AT, Access::Load, 0, &page);
        cx.translations.insert(AT, Access::Fetch, 0, &page);
        cx.enter_mode(MODE);
        cx.note_code(AT, MODE, global);
        let tag = cx.jump_tag;
        cx.jumps.insert(JumpEntry { pc: AT, tag, link: 0, block: 7 });
        cx
    }

    /// What it still knows: of the page, of fetches, of jumps.
    fn known(cx: &Context) -> [bool; 3] {
        let page = cx.translations.get(AT, Access::Load, 0).is_some();
        let code = cx.translations.get(AT, Access::Fetch, 0).is_some();
        [page, code, cx.jumps.get(AT, cx.jump_tag).is_some()]
    }

    #[test]
    fn what_is_local_is_there_in_its_space_only() {
        for global in [false, true] {
            let mut cx = context(global);
            cx.enter_space(5);
            assert_eq!(known(&cx), [global; 3]);
            cx.flush(Flush { page: None, space: Some(5) });
            assert_eq!(known(&cx), [global; 3]);
            cx.enter_space(0);
            assert_eq!(known(&cx), [true; 3]);
            cx.flush(Flush { page: None, space: Some(0) });
            assert_eq!(known(&cx), [global; 3]);
            cx.flush(Flush::ALL);
            assert_eq!(known(&cx), [false; 3]);
        }
    }

    /// A flush of a page without code leaves the jump cache alone; one of the page
    /// that a block may go on in does not.
    #[test]
    fn flushes_of_pages_reach_the_jumps_into_them() {
        let flush = |at| Flush { page: Some(at), space: Some(0) };
        let mut cx = context(false);
        cx.flush(flush(AT + PAGE_BYTES));
        assert_eq!(known(&cx), [true; 3]);
        cx.note_code(AT + PAGE_BYTES, MODE, false);
        cx.flush(flush(AT + PAGE_BYTES));
        assert_eq!(known(&cx), [true, true, false]);
        let mut cx = context(false);
        cx.flush(flush(AT + 0xfff));
        assert_eq!(known(&cx), [false; 3]);
    }

    #[test]
    fn a_large_page_goes_whole() {
        let mut cx = context(true);
        cx.translations.insert(AT, Access::Store, 1, &Page { offset_bits: 21, whole: false, ..PAGE });
        cx.flush(Flush { page: Some(AT ^ 0x10_0000), space: None });
        assert_eq!(known(&cx), [false; 3]);
    }

    /// As soon as a mode has run code that is not global, nothing found in it
    /// counts as such.
    #[test]
    fn one_local_page_makes_a_mode_local() {
        let mut cx = context(true);
        cx.note_code(AT + PAGE_BYTES, MODE, false);
        assert_eq!(known(&cx), [true, true, false]);
        let tag = cx.jump_tag;
        cx.enter_space(5);
        assert_ne!(cx.jump_tag, tag);
        cx.enter_space(0);
        assert_eq!(cx.jump_tag, tag);
    }

    #[test]
    fn a_dropped_block_is_found_by_no_jump_in_any_space() {
        let mut cx = context(false);
        cx.enter_space(5);
        cx.flush_jumps();
        cx.enter_space(0);
        assert_eq!(known(&cx), [true, true, false]);
    }

    /// When numbers have run out, nothing that has an old one is taken for new.
    #[test]
    fn numbers_start_anew_with_nothing_known() {
        for global in [false, true] {
            let mut cx = context(global);
            cx.translations.spaces.spend();
            cx.enter_space(5);
            assert_eq!(cx.translations.spaces.current(), 5);
            assert!(cx.jump_tag >> 32 < 100);
            cx.enter_space(0);
            assert_eq!(known(&cx), [false; 3]);
        }
    }
}
