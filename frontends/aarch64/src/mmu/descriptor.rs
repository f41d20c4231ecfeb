//! Translation table descriptors, as both stages read them.
//!
//! Source: Arm ARM, D8.3.

use super::control::Granule;

/// A descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Descriptor(pub(super) u64);

/// What a descriptor is, at its level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Nothing is mapped.
    Invalid,
    /// The next level's table.
    Table,
    /// A page or block.
    Leaf,
}

/// Bits of both stages.
pub(super) mod bit {
    /// Access flag.
    pub(in crate::mmu) const AF: u64 = 1 << 10;
    /// It is not global.
    pub(in crate::mmu) const NG: u64 = 1 << 11;
    /// Stage 1, AP[1]: EL0 may access it too.
    pub(in crate::mmu) const USER: u64 = 1 << 6;
    /// Stage 1, AP[2]: it cannot be written.
    pub(in crate::mmu) const READ_ONLY: u64 = 1 << 7;
    /// Stage 2, S2AP[0]: it can be read.
    pub(in crate::mmu) const READ_2: u64 = 1 << 6;
    /// Stage 2, S2AP[1]: it can be written.
    pub(in crate::mmu) const WRITE_2: u64 = 1 << 7;
    /// Stage 1: the page is guarded.
    pub(in crate::mmu) const GP: u64 = 1 << 50;
    /// Dirty bit modifier: the first write makes it writable.
    pub(in crate::mmu) const DBM: u64 = 1 << 51;
    /// EL1 must not execute it.
    pub(in crate::mmu) const PXN: u64 = 1 << 53;
    /// EL0, or whoever has the regime alone, must not execute it.
    pub(in crate::mmu) const XN: u64 = 1 << 54;
    /// In a table: EL1 must not execute what is below.
    pub(in crate::mmu) const PXN_TABLE: u64 = 1 << 59;
    /// In a table: EL0 must not.
    pub(in crate::mmu) const XN_TABLE: u64 = 1 << 60;
    /// In a table, APTable[0]: EL0 has no access to what is below.
    pub(in crate::mmu) const NO_USER_TABLE: u64 = 1 << 61;
    /// In a table, APTable[1]: nobody writes what is below.
    pub(in crate::mmu) const READ_ONLY_TABLE: u64 = 1 << 62;
}

impl Descriptor {
    /// What it is at `level` (−1 to 3); `large` says that addresses have 52 bits.
    pub(super) const fn kind(self, granule: Granule, level: i32, large: bool) -> Kind {
        let first_block = match (granule, large) {
            (Granule::K4, true) => 0,
            (Granule::K4, false) | (Granule::K16, true) | (Granule::K64, true) => 1,
            (Granule::K16, false) | (Granule::K64, false) => 2,
        };
        match (self.0 & 3, level) {
            (3, 3) => Kind::Leaf,
            (3, _) => Kind::Table,
            (1, 0..=2) if level >= first_block => Kind::Leaf,
            _ => Kind::Invalid,
        }
    }

    /// The address in it, with `2^bits` bytes behind it.
    pub(super) const fn address(self, granule: Granule, bits: u32, large: bool) -> u64 {
        let middle = self.0 & ((1 << 48) - 1) & !((1 << granule.bits()) - 1);
        let address = match (granule, large) {
            (_, false) => middle,
            (Granule::K64, true) => middle | (self.0 >> 12 & 0xf) << 48,
            (_, true) => middle | self.0 & 3 << 48 | (self.0 >> 8 & 3) << 50,
        };
        address & !((1 << bits) - 1)
    }
}

/// How a walk goes down: granule, and how many bits its input address has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shape {
    pub(super) granule: Granule,
    /// Level of the first table, −1 to 3.
    pub(super) start: i32,
    /// Bits of the address that index the first table.
    pub(super) first_bits: u32,
}

impl Shape {
    /// The walk over addresses of `input_bits` bits, from the highest level
    /// that has to decide something (D8.2.4).
    pub(super) const fn of(granule: Granule, input_bits: u32) -> Shape {
        let stride = granule.stride();
        let levels = (input_bits - granule.bits()).div_ceil(stride);
        let first_bits = input_bits - granule.bits() - (levels - 1) * stride;
        Shape { granule, start: 4 - levels as i32, first_bits }
    }

    /// Bits of an address below the index into a table of `level`: log2 of what
    /// an entry there maps.
    pub(super) const fn offset_bits(self, level: i32) -> u32 {
        self.granule.bits() + self.granule.stride() * (3 - level) as u32
    }

    /// Where in its table the entry of `at` stands, in bytes.
    pub(super) const fn entry_offset(self, at: u64, level: i32) -> u64 {
        let bits = if level == self.start { self.first_bits } else { self.granule.stride() };
        (at >> self.offset_bits(level) & ((1 << bits) - 1)) << 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // D8.2.4, the tables of start levels by granule and TxSZ.
    #[test]
    fn walks_start_where_the_manual_says() {
        for (granule, bits, start, first_bits) in [
            (Granule::K4, 48, 0, 9),
            (Granule::K4, 39, 1, 9),
            (Granule::K4, 52, -1, 4),
            (Granule::K4, 25, 2, 4),
            (Granule::K16, 48, 0, 1),
            (Granule::K16, 47, 1, 11),
            (Granule::K16, 52, 0, 5),
            (Granule::K64, 48, 1, 6),
            (Granule::K64, 42, 2, 13),
            (Granule::K64, 52, 1, 10),
        ] {
            let shape = Shape::of(granule, bits);
            assert_eq!((shape.start, shape.first_bits), (start, first_bits), "{granule:?} {bits}");
        }
    }

    #[test]
    fn large_addresses_stand_where_their_granule_has_room() {
        let all = Descriptor(u64::MAX);
        assert_eq!(all.address(Granule::K4, 12, false), 0xffff_ffff_f000);
        assert_eq!(all.address(Granule::K4, 12, true), 0xf_ffff_ffff_f000);
        assert_eq!(Descriptor(0xf000).address(Granule::K64, 16, true), 0xf_0000_0000_0000);
        assert_eq!(Descriptor(0x300).address(Granule::K16, 14, true), 0xc_0000_0000_0000);
    }
}
