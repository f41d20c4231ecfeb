//! The CPU models: which optional features of the architecture each has.

use bitflags::bitflags;

bitflags! {
    /// Optional features, named as the manual names them (chapter A2, "FEAT_"
    /// left out). A row needs those of its set.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Features: u64 {
        /// Checksum instructions.
        const CRC32 = 1;
        /// AES round instructions.
        const AES = 1 << 1;
        /// 64 by 64 bit polynomial multiplication.
        const PMULL = 1 << 2;
        /// SHA-1 instructions.
        const SHA1 = 1 << 3;
        /// SHA-2 instructions with 256 bits.
        const SHA256 = 1 << 4;
        /// Large System Extensions: atomic memory operations.
        const LSE = 1 << 5;
        /// Rounding double multiply accumulate.
        const RDM = 1 << 6;
        /// Dot products.
        const DOT_PROD = 1 << 7;
        /// Half-precision data processing.
        const FP16 = 1 << 8;
        /// JavaScript conversion.
        const JSCVT = 1 << 9;
        /// Complex numbers.
        const FCMA = 1 << 10;
        /// Load-acquire of release-consistent, processor-consistent order.
        const LRCPC = 1 << 11;
        /// The same with an offset.
        const LRCPC2 = 1 << 12;
        /// Flag manipulation.
        const FLAG_M = 1 << 13;
        /// More flag manipulation.
        const FLAG_M2 = 1 << 14;
        /// Pointer authentication.
        const PAUTH = 1 << 15;
        /// Branch target identification.
        const BTI = 1 << 16;
        /// Speculation barrier.
        const SB = 1 << 17;
        /// Speculative store bypass control.
        const SSBS = 1 << 18;
        /// Data independent timing.
        const DIT = 1 << 19;
        /// Random numbers.
        const RNG = 1 << 20;
        /// Privileged access never.
        const PAN = 1 << 21;
        /// Virtualization host extensions.
        const VHE = 1 << 22;
        /// Hardware management of access flag and dirty state.
        const HAFDBS = 1 << 23;
        /// 16-bit VMIDs.
        const VMID16 = 1 << 24;
        /// Rounding to integers of 32 and 64 bits.
        const FRINTTS = 1 << 25;
        /// Cache clean to the point of persistence.
        const DPB = 1 << 26;
        /// User access override.
        const UAO = 1 << 27;
        /// PAN that reaches pages which EL0 only executes.
        const PAN3 = 1 << 28;
        /// Address ranges kept from EL0.
        const E0PD = 1 << 29;
        /// Attributes in table descriptors can be switched off.
        const HPDS = 1 << 30;
        /// Granules of 16 KiB.
        const TGRAN16 = 1 << 31;
        /// 52-bit addresses with granules of 64 KiB.
        const LPA = 1 << 32;
        /// 52-bit addresses with granules of 4 and 16 KiB.
        const LPA2 = 1 << 33;
        /// Traps of identification registers at EL0 are told as such.
        const IDST = 1 << 34;
        /// Translation tables common to CPUs.
        const TTCNP = 1 << 35;
        /// Products of half precision added in single precision.
        const FHM = 1 << 36;
        /// Products of matrices of bytes.
        const I8MM = 1 << 37;
        /// Numbers of 16 bits with the exponents of single precision.
        const BF16 = 1 << 38;
        /// SHA-3 instructions.
        const SHA3 = 1 << 39;
        /// SHA-2 instructions with 512 bits.
        const SHA512 = 1 << 40;
        /// SM3 instructions.
        const SM3 = 1 << 41;
        /// SM4 instructions.
        const SM4 = 1 << 42;
    }
}

/// A CPU model.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Model {
    /// Arm Cortex-A57: plain Armv8.0-A with checksums and cryptography.
    #[default]
    CortexA57,
    /// All that this front end implements.
    Max,
}

impl Model {
    /// All models.
    pub const ALL: [Model; 2] = [Model::CortexA57, Model::Max];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Model::CortexA57 => "cortex-a57",
            Model::Max => "max",
        }
    }

    /// The model with this name.
    pub fn by_name(name: &str) -> Option<Model> {
        Model::ALL.into_iter().find(|model| model.name() == name)
    }

    /// The model with a number that [`Model::number`] gave.
    pub const fn of(number: u64) -> Model {
        if number == Model::Max as u64 { Model::Max } else { Model::CortexA57 }
    }

    /// A number for it, for a slot.
    pub const fn number(self) -> u64 {
        self as u64
    }

    /// Whether it has some features.
    pub const fn has(self, features: Features) -> bool {
        self.features().contains(features)
    }

    /// Bits of a physical address.
    pub const fn physical_bits(self) -> u32 {
        match self {
            Model::CortexA57 => 44,
            Model::Max => 52,
        }
    }

    /// What it has of the optional features.
    pub const fn features(self) -> Features {
        match self {
            Model::CortexA57 => Features::CRC32
                .union(Features::AES)
                .union(Features::PMULL)
                .union(Features::SHA1)
                .union(Features::SHA256),
            Model::Max => Features::all(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_have_names_of_their_own() {
        for model in Model::ALL {
            assert_eq!(Model::by_name(model.name()), Some(model));
        }
        assert_eq!(Model::by_name("cortex-a1"), None);
        assert!(Model::Max.features().contains(Model::CortexA57.features()));
    }
}
