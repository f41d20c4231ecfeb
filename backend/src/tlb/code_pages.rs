//! Through which virtual pages code was found that the jump cache remembers.

use bus::PAGE_SHIFT;
use std::ops::RangeInclusive;

/// Bits of the filter. A boot of Linux to a shell finds code through 4,000 pages.
const BITS: usize = 1 << 15;

/// A filter: it may say that code was found where none was, never the reverse.
pub(crate) struct CodePages {
    bits: Box<[u64; BITS / 64]>,
}

impl CodePages {
    /// With no page noted.
    pub(crate) fn new() -> CodePages {
        CodePages { bits: Box::new([0; BITS / 64]) }
    }

    fn bit(at: u64) -> usize {
        let page = at >> PAGE_SHIFT;
        (page ^ page >> 15) as usize % BITS
    }

    /// Notes that code at `at` was found.
    #[inline]
    pub(crate) fn note(&mut self, at: u64) {
        let bit = Self::bit(at);
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether code may have been found at these addresses.
    pub(crate) fn may_hold(&self, pages: &RangeInclusive<u64>) -> bool {
        let many = pages.start() >> PAGE_SHIFT != pages.end() >> PAGE_SHIFT;
        let bit = Self::bit(*pages.start());
        many || self.bits[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// Forgets all pages, as all of the jump cache is forgotten.
    pub(crate) fn clear(&mut self) {
        self.bits.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_code_is_known_to_have_none() {
        let mut pages = CodePages::new();
        pages.note(0xffff_ffff_8000_2ffe);
        assert!(pages.may_hold(&(0xffff_ffff_8000_2000..=0xffff_ffff_8000_2fff)));
        assert!(!pages.may_hold(&(0xffff_ffff_8000_3000..=0xffff_ffff_8000_3fff)));
        assert!(pages.may_hold(&(0..=u64::MAX)));
        pages.clear();
        assert!(!pages.may_hold(&(0xffff_ffff_8000_2000..=0xffff_ffff_8000_2fff)));
    }
}
