//! What the translation registers say, in one form for all regimes.
//!
//! Source: Arm ARM, D8.1.9 and D8.2, D24.2 (TCR_EL1, TCR_EL2,
//! VTCR_EL2).

use super::is_host;
use crate::fields::{hcr, sctlr, tcr, ttbr};
use crate::state::{HCR_EL2, SCTLR_EL1, SCTLR_EL2, regime};
use crate::system::slots::{
    MAIR_EL1, MAIR_EL2, MODEL, TCR_EL1, TCR_EL2, TTBR0_EL1, TTBR0_EL2, TTBR1_EL1, TTBR1_EL2,
};
use crate::{Features, Model};
use guest::CpuState;

/// Size of a translation granule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Granule {
    /// 4 KiB.
    K4,
    /// 16 KiB.
    K16,
    /// 64 KiB.
    K64,
}

impl Granule {
    /// Log2 of its bytes.
    pub const fn bits(self) -> u32 {
        match self {
            Granule::K4 => 12,
            Granule::K16 => 14,
            Granule::K64 => 16,
        }
    }

    /// Bits of an address that one table resolves: 8 bytes an entry.
    pub const fn stride(self) -> u32 {
        self.bits() - 3
    }

    /// From TG0 of TCR_ELx and VTCR_EL2. A granule that the model has not, or
    /// the reserved value, is 4 KiB (a choice the manual leaves).
    pub(super) fn of_tg0(field: u64, model: Model) -> Granule {
        let granule = [Granule::K4, Granule::K64, Granule::K16, Granule::K4][field as usize & 3];
        if granule == Granule::K16 && !model.has(Features::TGRAN16) { Granule::K4 } else { granule }
    }

    /// From TG1 of TCR_ELx.
    fn of_tg1(field: u64, model: Model) -> Granule {
        let granule = [Granule::K4, Granule::K16, Granule::K4, Granule::K64][field as usize & 3];
        if granule == Granule::K16 && !model.has(Features::TGRAN16) { Granule::K4 } else { granule }
    }
}

/// One range of virtual addresses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    /// The register with the table's address.
    pub(super) ttbr: u64,
    /// 64 minus the bits of an address.
    pub(super) size: u32,
    pub(super) granule: Granule,
    /// No walks: all of it is unmapped.
    pub(super) disabled: bool,
    /// EL0 has none of it.
    pub(super) kept_from_el0: bool,
    /// Attributes in table descriptors are ignored.
    pub(super) flat: bool,
    /// The top byte of an address is ignored.
    pub(super) tagged: bool,
    /// The same of an instruction's.
    pub(super) tagged_code: bool,
}

/// What stage 1 of a regime does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    /// It translates.
    pub(super) on: bool,
    /// The low range and the high one; one of a kind has only the first.
    pub(super) ranges: [Range; 2],
    pub(super) two_ranges: bool,
    /// Bits of an output address.
    pub(super) out_bits: u32,
    /// Descriptors with 4K and 16K granules have 52-bit addresses.
    pub(super) large: bool,
    /// Hardware sets access flags, and dirty states.
    pub(super) access_flag: bool,
    pub(super) dirty_state: bool,
    /// What can be written is not executable.
    pub(super) write_or_exec: bool,
    /// PAN reaches pages that EL0 only executes.
    pub(super) pan_exec: bool,
    pub(super) mair: u64,
    /// Pages can be guarded.
    pub(super) guards: bool,
    /// Bits of a physical address.
    pub(super) physical_bits: u32,
}

/// Bits of an address by a size field (IPS, PS or PARange), at most `max`.
pub(super) const fn size_bits(field: u64, max: u32) -> u32 {
    let bits = match field & 7 {
        0 => 32,
        1 => 36,
        2 => 40,
        3 => 42,
        4 => 44,
        5 => 48,
        _ => 52,
    };
    if bits < max { bits } else { max }
}

impl Control {
    /// What the registers of a regime say.
    pub(super) fn of(cpu: &CpuState, number: u8) -> Control {
        let model = Model::of(cpu.get(MODEL));
        match number {
            regime::EL2 => Control::one_range(cpu, model),
            _ if is_host(number) => {
                let ttbrs = [cpu.get(TTBR0_EL2), cpu.get(TTBR1_EL2)];
                let (sctlr, tcr, mair) = (cpu.get(SCTLR_EL2), cpu.get(TCR_EL2), cpu.get(MAIR_EL2));
                Control::two_ranges(model, sctlr, tcr, ttbrs, mair)
            }
            _ => {
                let ttbrs = [cpu.get(TTBR0_EL1), cpu.get(TTBR1_EL1)];
                let (sctlr, tcr, mair) = (cpu.get(SCTLR_EL1), cpu.get(TCR_EL1), cpu.get(MAIR_EL1));
                let control = Control::two_ranges(model, sctlr, tcr, ttbrs, mair);
                // D24.2, HCR_EL2: DC and TGE turn stage 1 off.
                let forced_off = cpu.get(HCR_EL2) & (hcr::DC | hcr::TGE) != 0;
                Control { on: control.on && !forced_off, ..control }
            }
        }
    }

    fn two_ranges(model: Model, sctlr: u64, tcr: u64, ttbrs: [u64; 2], mair: u64) -> Control {
        let out_max = model.physical_bits();
        let range = |high: bool| {
            let (size, disabled, e0pd, flat, tagged, data_only) = if high {
                (tcr >> tcr::T1SZ_SHIFT, tcr::EPD1, tcr::E0PD1, tcr::HPD1, tcr::TBI1, tcr::TBID1)
            } else {
                (tcr >> tcr::T0SZ_SHIFT, tcr::EPD0, tcr::E0PD0, tcr::HPD0, tcr::TBI0, tcr::TBID0)
            };
            let granule = if high {
                Granule::of_tg1(tcr >> tcr::TG1_SHIFT, model)
            } else {
                Granule::of_tg0(tcr >> tcr::TG0_SHIFT, model)
            };
            Range {
                ttbr: ttbrs[usize::from(high)],
                size: (size & 63) as u32,
                granule,
                disabled: tcr & disabled != 0,
                kept_from_el0: model.has(Features::E0PD) && tcr & e0pd != 0,
                flat: model.has(Features::HPDS) && tcr & flat != 0,
                tagged: tcr & tagged != 0,
                tagged_code: tcr & tagged != 0 && !(model.has(Features::PAUTH) && tcr & data_only != 0),
            }
        };
        let access_flag = model.has(Features::HAFDBS) && tcr & tcr::HA != 0;
        Control {
            on: sctlr & sctlr::M != 0,
            ranges: [range(false), range(true)],
            two_ranges: true,
            out_bits: size_bits(tcr >> tcr::IPS_SHIFT, out_max),
            large: model.has(Features::LPA2) && tcr & tcr::DS != 0,
            access_flag,
            dirty_state: access_flag && tcr & tcr::HD != 0,
            write_or_exec: sctlr & sctlr::WXN != 0,
            pan_exec: model.has(Features::PAN3) && sctlr & sctlr::EPAN != 0,
            mair,
            guards: model.has(Features::BTI),
            physical_bits: out_max,
        }
    }

    /// EL2 without VHE.
    fn one_range(cpu: &CpuState, model: Model) -> Control {
        use tcr::one_range as field;
        let (tcr, sctlr) = (cpu.get(TCR_EL2), cpu.get(SCTLR_EL2));
        let access_flag = model.has(Features::HAFDBS) && tcr & field::HA != 0;
        let range = Range {
            ttbr: cpu.get(TTBR0_EL2),
            size: (tcr & 63) as u32,
            granule: Granule::of_tg0(tcr >> tcr::TG0_SHIFT, model),
            disabled: false,
            kept_from_el0: false,
            flat: model.has(Features::HPDS) && tcr & field::HPD != 0,
            tagged: tcr & field::TBI != 0,
            tagged_code: tcr & field::TBI != 0 && !(model.has(Features::PAUTH) && tcr & field::TBID != 0),
        };
        Control {
            on: sctlr & sctlr::M != 0,
            ranges: [range; 2],
            two_ranges: false,
            out_bits: size_bits(tcr >> field::PS_SHIFT, model.physical_bits()),
            large: model.has(Features::LPA2) && tcr & field::DS != 0,
            access_flag,
            dirty_state: access_flag && tcr & field::HD != 0,
            write_or_exec: sctlr & sctlr::WXN != 0,
            pan_exec: false,
            mair: cpu.get(MAIR_EL2),
            guards: model.has(Features::BTI),
            physical_bits: model.physical_bits(),
        }
    }

    /// The least size field: addresses have 48 bits, or 52 where the model and the
    /// granule say so (D8.2.2).
    pub(super) const fn least_size(&self, granule: Granule) -> u32 {
        let large = self.large || matches!(granule, Granule::K64) && self.physical_bits == 52;
        if large { 12 } else { 16 }
    }

    /// Whether addresses in descriptors of this granule have 52 bits.
    pub(super) const fn is_large(&self, granule: Granule) -> bool {
        match granule {
            // The field that holds them is reserved, and zero, where they are
            // no larger than 48.
            Granule::K64 => self.out_bits > 48,
            _ => self.large,
        }
    }
}

/// The base of the first table of a walk (D8.2.5): bits of TTBR that its size
/// leaves, with the four highest below them if addresses have 52 bits.
pub(super) const fn table_base(ttbr: u64, large: bool, index_bits: u32) -> u64 {
    let low = ttbr & ttbr::BADDR;
    let base = if large { low & !0x3f | (ttbr >> 2 & 0xf) << 48 } else { low };
    base & !((1 << (index_bits + 3)) - 1)
}
