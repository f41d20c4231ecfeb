//! Stage 1: from virtual addresses to intermediate ones.
//!
//! Source: Arm ARM, D8.2 (walks), D8.4 (permissions), D8.5 (flags).

use super::control::{Control, Range, table_base};
use super::descriptor::{Descriptor, Kind, Shape, bit};
use super::{Failure, Mapping, Rights, Walker, has_stage_2};
use crate::state::regime;
use crate::system::syndrome::status;
use bus::PhysAddr;
use guest::{Access, CpuState};

/// Largest size field without the extension for small ranges.
const SIZE_MAX: u32 = 39;

/// Attributes of Device-nGnRnE memory.
const DEVICE: u8 = 0;
/// Attributes of Normal, write-back memory.
const NORMAL: u8 = 0xff;

impl Walker<'_> {
    /// Stage 1 in a regime.
    pub(super) fn stage1(&self, number: u8) -> Result<Mapping, Failure> {
        let control = Control::of(self.cpu, number);
        let high = control.two_ranges && self.at >> 55 & 1 != 0;
        let range = &control.ranges[usize::from(high)];
        let sign = if high { u64::MAX } else { 0 };
        let tagged = if self.access == Access::Fetch { range.tagged_code } else { range.tagged };
        let untagged = if tagged { (self.at ^ sign) << 8 >> 8 ^ sign } else { self.at };
        if !control.on {
            return self.identity(untagged, &control, number);
        }
        let el0 = matches!(number, regime::EL10_USER | regime::EL20_USER);
        let in_range = (control.least_size(range.granule)..=SIZE_MAX).contains(&range.size);
        if !in_range
            || range.disabled
            || el0 && range.kept_from_el0
            || (untagged ^ sign) >> (64 - range.size) != 0
        {
            return Err(self.fails(status::translation(0)));
        }
        Stage1 { walker: self, control: &control, range, number }.descend()
    }

    /// Stage 1 while it is off (D8.2.10).
    fn identity(&self, at: u64, control: &Control, number: u8) -> Result<Mapping, Failure> {
        if at >> control.physical_bits != 0 {
            return Err(self.fails(status::address_size(0)));
        }
        // With HCR_EL2.DC, memory is Normal and cacheable.
        let attributes = if has_stage_2(self.cpu, number) { NORMAL } else { DEVICE };
        Ok(Mapping {
            out: at,
            rights: Rights::ALL,
            offset_bits: 12,
            global: true,
            attributes,
            shareability: 2,
            // The mode sees to alignment.
            device: false,
            guarded: false,
        })
    }
}

/// The address that a branch to `at` leads to: without its tag, if there are such
/// (pseudocode AArch64.BranchAddr).
pub(super) fn branch_target(cpu: &CpuState, at: u64, number: u8) -> u64 {
    let control = Control::of(cpu, number);
    let high = control.two_ranges && at >> 55 & 1 != 0;
    match (control.ranges[usize::from(high)].tagged_code, high) {
        (false, _) => at,
        (true, false) => at << 8 >> 8,
        (true, true) => at | 0xff << 56,
    }
}

/// One walk.
struct Stage1<'a> {
    walker: &'a Walker<'a>,
    control: &'a Control,
    range: &'a Range,
    /// The regime's number.
    number: u8,
}

/// What the tables above a descriptor take away, by bits as tables have them.
type Limits = u64;

impl Stage1<'_> {
    fn descend(&self) -> Result<Mapping, Failure> {
        let Range { granule, ttbr, .. } = *self.range;
        let large = self.control.is_large(granule);
        let shape = Shape::of(granule, 64 - self.range.size);
        let mut table = table_base(ttbr, large, shape.first_bits);
        if table >> self.control.out_bits != 0 {
            return Err(self.walker.fails(status::address_size(0)));
        }
        let mut limits: Limits = 0;
        for level in shape.start..4 {
            let at = table | shape.entry_offset(self.walker.at, level);
            let descriptor = self.load(at, level)?;
            let kind = descriptor.kind(granule, level, large);
            let bits = if kind == Kind::Leaf { shape.offset_bits(level) } else { granule.bits() };
            let address = descriptor.address(granule, bits, large);
            if kind == Kind::Invalid {
                return Err(self.walker.fails(status::translation(level)));
            }
            if address >> self.control.out_bits != 0 {
                return Err(self.walker.fails(status::address_size(level)));
            }
            if kind == Kind::Leaf {
                return self.leaf(Found { place: at, descriptor, level, address, bits }, limits);
            }
            if !self.range.flat {
                limits |= descriptor.0;
            }
            table = address;
        }
        Err(self.walker.fails(status::translation(3)))
    }

    /// Ends the walk at a descriptor, whose flags are set if that is due.
    fn leaf(&self, found: Found, limits: Limits) -> Result<Mapping, Failure> {
        let Found { place, descriptor, level, address, bits } = found;
        let Walker { at, access, .. } = *self.walker;
        let mut new = descriptor.0;
        if new & bit::AF == 0 {
            if !self.control.access_flag {
                return Err(self.walker.fails(status::access_flag(level)));
            }
            new |= bit::AF;
        }
        let modifiable = self.control.dirty_state && new & bit::DBM != 0;
        let allowed = self.rights(if modifiable { new & !bit::READ_ONLY } else { new }, limits);
        if !allowed.allow(access) {
            return Err(self.walker.fails(status::permission(level)));
        }
        if modifiable && access == Access::Store {
            new &= !bit::READ_ONLY;
        }
        if new != descriptor.0 {
            if !self.walker.marks {
                return Err(self.walker.fails(status::access_flag(level)));
            }
            self.store(place, level, new)?;
        }
        let attributes = (self.control.mair >> (8 * (new >> 2 & 7))) as u8;
        let shareability = if self.control.large { 3 } else { (new >> 8 & 3) as u8 };
        Ok(Mapping {
            out: address | at & ((1 << bits) - 1),
            rights: self.rights(new, limits),
            offset_bits: bits,
            global: !self.control.two_ranges || new & bit::NG == 0,
            attributes,
            shareability,
            device: attributes & 0xf0 == 0,
            guarded: self.control.guards && new & bit::GP != 0,
        })
    }

    /// D8.4.1 to D8.4.6.
    fn rights(&self, leaf: u64, limits: Limits) -> Rights {
        let writable = leaf & bit::READ_ONLY == 0 && limits & bit::READ_ONLY_TABLE == 0;
        let never = leaf & bit::XN != 0 || limits & bit::XN_TABLE != 0;
        if !self.control.two_ranges {
            let exec = !(never || writable && self.control.write_or_exec);
            return Rights { read: true, write: writable, exec };
        }
        let user = leaf & bit::USER != 0 && limits & bit::NO_USER_TABLE == 0;
        if matches!(self.number, regime::EL10_USER | regime::EL20_USER) {
            let exec = !(never || user && writable && self.control.write_or_exec);
            return Rights { read: user, write: user && writable, exec };
        }
        let pan = matches!(self.number, regime::EL10_PAN | regime::EL20_PAN);
        let barred = pan && (user || self.control.pan_exec && !never);
        let privileged_never = leaf & bit::PXN != 0 || limits & bit::PXN_TABLE != 0;
        Rights {
            read: !barred,
            write: !barred && writable,
            exec: !privileged_never && !(writable && (user || self.control.write_or_exec)),
        }
    }

    /// Reads the descriptor at the intermediate address `at`.
    fn load(&self, at: u64, level: i32) -> Result<Descriptor, Failure> {
        let phys = self.physical(at, Access::Load)?;
        self.walker.load(phys).ok_or_else(|| self.walker.fails(status::external_on_walk(level)))
    }

    /// Writes a descriptor with more flags. CPUs take turns on one thread: nothing
    /// has come between the read and this, so the update is atomic.
    fn store(&self, at: u64, level: i32, value: u64) -> Result<(), Failure> {
        let phys = self.physical(at, Access::Store)?;
        let done = self.walker.space.ram_at(phys).and_then(|ram| ram.store(phys, 8, value));
        done.ok_or_else(|| self.walker.fails(status::external_on_walk(level)))
    }

    /// Where a table's entry is in memory.
    fn physical(&self, at: u64, access: Access) -> Result<PhysAddr, Failure> {
        if !has_stage_2(self.walker.cpu, self.number) {
            return Ok(at);
        }
        self.walker.stage2(at, access, true).map(|mapping| mapping.out)
    }
}

/// The descriptor that a walk ends at.
struct Found {
    /// Its intermediate address.
    place: u64,
    descriptor: Descriptor,
    level: i32,
    address: u64,
    bits: u32,
}
