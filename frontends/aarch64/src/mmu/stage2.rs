//! Stage 2: from intermediate addresses to physical ones.
//!
//! Source: Arm ARM, D8.2.6 (start levels), D8.4.7 (permissions).

use super::control::{Granule, size_bits, table_base};
use super::descriptor::{Descriptor, Kind, Shape, bit};
use super::{Failure, Mapping, Rights, Walker};
use crate::fields::{hcr, vtcr};
use crate::state::HCR_EL2;
use crate::system::slots::{MODEL, VTCR_EL2, VTTBR_EL2};
use crate::system::syndrome::status;
use crate::{Features, Model};
use guest::Access;

impl Walker<'_> {
    /// Stage 2 of the intermediate address `at`, for `access` of stage 1's walk or
    /// of the instruction.
    pub(super) fn stage2(&self, at: u64, access: Access, on_walk: bool) -> Result<Mapping, Failure> {
        if self.cpu.get(HCR_EL2) & hcr::VM == 0 {
            // With HCR_EL2.DC alone it is on and does nothing.
            let (rights, shareability) = (Rights::ALL, 3);
            return Ok(Mapping {
                out: at,
                rights,
                offset_bits: 64 - 1,
                global: true,
                attributes: 0,
                shareability,
                device: false,
                guarded: false,
            });
        }
        Stage2 { walker: self, vtcr: self.cpu.get(VTCR_EL2), at, access, on_walk }.descend()
    }
}

/// One walk.
struct Stage2<'a> {
    walker: &'a Walker<'a>,
    vtcr: u64,
    at: u64,
    access: Access,
    on_walk: bool,
}

impl Stage2<'_> {
    fn descend(&self) -> Result<Mapping, Failure> {
        let model = Model::of(self.walker.cpu.get(MODEL));
        let granule = Granule::of_tg0(self.vtcr >> vtcr::TG0_SHIFT, model);
        let input_bits = 64 - (self.vtcr & 63) as u32;
        let out_bits = size_bits(self.vtcr >> vtcr::PS_SHIFT, model.physical_bits());
        let large = granule == Granule::K64 && out_bits > 48;
        let shape = self.shape(granule, input_bits).ok_or_else(|| self.fails(status::translation(0)))?;
        if self.at >> input_bits != 0 {
            return Err(self.fails(status::translation(0)));
        }
        let mut table = table_base(self.walker.cpu.get(VTTBR_EL2), large, shape.first_bits);
        if table >> out_bits != 0 {
            return Err(self.fails(status::address_size(0)));
        }
        for level in shape.start..4 {
            let place = table | shape.entry_offset(self.at, level);
            let descriptor = self.walker.load(place);
            let descriptor = descriptor.ok_or_else(|| self.walker.fails(status::external_on_walk(level)))?;
            let kind = descriptor.kind(granule, level, large);
            let bits = if kind == Kind::Leaf { shape.offset_bits(level) } else { granule.bits() };
            let address = descriptor.address(granule, bits, large);
            if kind == Kind::Invalid {
                return Err(self.fails(status::translation(level)));
            }
            if address >> out_bits != 0 {
                return Err(self.fails(status::address_size(level)));
            }
            if kind == Kind::Leaf {
                return self.leaf(place, descriptor, level, (address, bits));
            }
            table = address;
        }
        Err(self.fails(status::translation(3)))
    }

    /// The walk that VTCR_EL2 asks for: SL0 says where it starts, and up to 16
    /// first tables stand side by side. `None` if size and start do not agree.
    fn shape(&self, granule: Granule, input_bits: u32) -> Option<Shape> {
        let sl0 = (self.vtcr >> vtcr::SL0_SHIFT & 3) as i32;
        let start = match granule {
            Granule::K4 => 2 - sl0,
            Granule::K16 | Granule::K64 => 3 - sl0,
        };
        let whole = Shape { granule, start, first_bits: 0 };
        if start < 0 || !(25..=52).contains(&input_bits) {
            return None;
        }
        let first_bits = input_bits.checked_sub(whole.offset_bits(start))?;
        // Tables side by side: at most 16, and a table has at least two entries.
        let side_by_side = first_bits <= granule.stride() + 4 && first_bits >= 1;
        side_by_side.then_some(Shape { first_bits, ..whole })
    }

    fn leaf(
        &self,
        place: u64,
        descriptor: Descriptor,
        level: i32,
        (address, bits): (u64, u32),
    ) -> Result<Mapping, Failure> {
        let has_flags = Model::of(self.walker.cpu.get(MODEL)).has(Features::HAFDBS);
        let sets_access = has_flags && self.vtcr & vtcr::HA != 0;
        let mut new = descriptor.0;
        if new & bit::AF == 0 {
            if !sets_access {
                return Err(self.fails(status::access_flag(level)));
            }
            new |= bit::AF;
        }
        let modifiable = sets_access && self.vtcr & vtcr::HD != 0 && new & bit::DBM != 0;
        if !rights(if modifiable { new | bit::WRITE_2 } else { new }).allow(self.access) {
            return Err(self.fails(status::permission(level)));
        }
        if modifiable && self.access == Access::Store {
            new |= bit::WRITE_2;
        }
        if new != descriptor.0 {
            if !self.walker.marks {
                return Err(self.fails(status::access_flag(level)));
            }
            let done = self.walker.space.ram_at(place).and_then(|ram| ram.store(place, 8, new));
            done.ok_or_else(|| self.walker.fails(status::external_on_walk(level)))?;
        }
        Ok(Mapping {
            out: address | self.at & ((1 << bits) - 1),
            rights: rights(new),
            offset_bits: bits,
            global: true,
            attributes: (new >> 2 & 0xf) as u8,
            shareability: (new >> 8 & 3) as u8,
            device: false,
            guarded: false,
        })
    }

    fn fails(&self, status: u64) -> Failure {
        self.walker.fails_at(self.at, self.on_walk, status)
    }
}

/// What a leaf allows (D8.4.7); XN[0] is of an extension that no model has.
fn rights(leaf: u64) -> Rights {
    Rights { read: leaf & bit::READ_2 != 0, write: leaf & bit::WRITE_2 != 0, exec: leaf & bit::XN == 0 }
}
