//! The code in a signed pointer.
//!
//! Source: Arm ARM, D8.10 and the pseudocode AddPAC, Auth and Strip (chapter
//! J1), without FEAT_PAuth2. The code itself is IMPLEMENTATION DEFINED
//! (ID_AA64ISAR1_EL1.API and GPI): two multiplications, each folded. It is
//! made to be fast, and protects a guest from nobody who knows it.

use guest::{CpuState, Env, Fault, Helper};
use ir::{Effects, HelperDecl, Slot, SlotSet};

use super::Key;
use crate::fields::hcr;
use crate::state::{
    APDAKEYHI_EL1, APDAKEYLO_EL1, APDBKEYHI_EL1, APDBKEYLO_EL1, APGAKEYHI_EL1, APGAKEYLO_EL1, APIAKEYHI_EL1,
    APIAKEYLO_EL1, APIBKEYHI_EL1, APIBKEYLO_EL1, CURRENT_EL, HCR_EL2,
};
use crate::system::slots::{TCR_EL1, TCR_EL2};

/// What the helpers read.
const READS: SlotSet = SlotSet::These(&[
    CURRENT_EL,
    HCR_EL2,
    TCR_EL1,
    TCR_EL2,
    APIAKEYLO_EL1,
    APIAKEYHI_EL1,
    APIBKEYLO_EL1,
    APIBKEYHI_EL1,
    APDAKEYLO_EL1,
    APDAKEYHI_EL1,
    APDBKEYLO_EL1,
    APDBKEYHI_EL1,
    APGAKEYLO_EL1,
    APGAKEYHI_EL1,
]);

/// The keys of pointers, low half and high half, in the order of [`Key`].
const KEYS: [(Slot, Slot); 4] = [
    (APIAKEYLO_EL1, APIAKEYHI_EL1),
    (APIBKEYLO_EL1, APIBKEYHI_EL1),
    (APDAKEYLO_EL1, APDAKEYHI_EL1),
    (APDBKEYLO_EL1, APDBKEYHI_EL1),
];

const fn pure(name: &'static str, args: u8, run: guest::HelperFn) -> Helper {
    let writes = SlotSet::NONE;
    let decl = HelperDecl {
        name,
        args,
        returns: true,
        reads: READS,
        writes,
        effects: Effects::empty(),
        inline: &[],
    };
    Helper { decl, run }
}

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[
    pure("pointer_sign", 3, |env, [pointer, modifier, key, _]| {
        Ok(sign(env.cpu, pointer, modifier, Key::from_bits(key as u32)))
    }),
    pure("pointer_authenticate", 3, |env, [pointer, modifier, key, _]| {
        Ok(authenticate(env.cpu, pointer, modifier, Key::from_bits(key as u32)))
    }),
    pure("pointer_strip", 2, |env, [pointer, data, ..]| Ok(strip(env.cpu, pointer, data != 0))),
    pure("pointer_generic", 2, generic),
];

/// C6.2.296: the code of a value that is no pointer.
fn generic(env: &mut Env<'_>, [value, modifier, ..]: [u64; 4]) -> Result<u64, Fault> {
    let key = [APGAKEYLO_EL1, APGAKEYHI_EL1].map(|slot| env.cpu.get(slot));
    Ok(code(value, modifier, key) & 0xffff_ffff_0000_0000)
}

/// The code of `value`.
fn code(value: u64, modifier: u64, [low, high]: [u64; 2]) -> u64 {
    // Odd, with as many ones as zeros, in no relation to each other.
    const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
    const SECOND: u64 = 0xd1b5_4a32_d192_ed03;
    let folded = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        (product >> 64) as u64 ^ product as u64
    };
    let first = folded(value ^ low ^ FIRST, modifier.rotate_left(32) ^ high ^ SECOND);
    folded(first ^ high.rotate_left(17) ^ SECOND, low.rotate_left(41) ^ modifier ^ FIRST)
}

fn key_of(cpu: &CpuState, key: Key) -> [u64; 2] {
    let (low, high) = KEYS[key as usize];
    [cpu.get(low), cpu.get(high)]
}

/// Where a pointer has its code: below `top`, but for bit 55, and from `bottom`
/// up.
#[derive(Clone, Copy)]
struct Layout {
    /// Whether bit 55 is one, once all is in order.
    upper: bool,
    /// The lowest bit of the code: as many as the address has.
    bottom: u32,
    /// Bits 63 to 56 are a tag, and no part of the code.
    tagged: bool,
}

impl Layout {
    /// Of `pointer`; if `signed`, bit 55 says which range it is in, or else
    /// what is above the address does (D8.10.2).
    fn of(cpu: &CpuState, pointer: u64, data: bool, signed: bool) -> Layout {
        let host = cpu.get(HCR_EL2) & hcr::E2H != 0;
        let hypervisor = cpu.get(CURRENT_EL) == 2 || host && cpu.get(HCR_EL2) & hcr::TGE != 0;
        let tcr = cpu.get(if hypervisor { TCR_EL2 } else { TCR_EL1 });
        let bit = |n: u32| tcr >> n & 1 != 0;
        let two_ranges = !hypervisor || host;
        let (tags, bit_55) = if two_ranges {
            ([bit(37) && (data || !bit(51)), bit(38) && (data || !bit(52))], pointer >> 55 & 1 != 0)
        } else {
            ([bit(20) && (data || !bit(29)); 2], false)
        };
        let by_bit_55 = signed || tags[0] || tags[1] || !two_ranges;
        let upper = if by_bit_55 { bit_55 } else { pointer >> 63 != 0 };
        let size = if upper { tcr >> 16 } else { tcr } & 0x3f;
        Layout { upper, bottom: 64 - size.clamp(12, 48) as u32, tagged: tags[usize::from(bit_55)] }
    }

    /// The bits that the code, or the extension of the address, takes: without
    /// bit 55 of the code.
    fn field(self) -> u64 {
        let top = if self.tagged { u64::MAX >> 8 } else { u64::MAX };
        top & (u64::MAX << self.bottom)
    }

    /// The pointer with the address extended.
    fn extended(self, pointer: u64) -> u64 {
        let field = self.field();
        if self.upper { pointer | field } else { pointer & !field }
    }
}

/// Bit 55 says which range an address is in.
const RANGE: u64 = 1 << 55;

/// Pseudocode AddPAC.
fn sign(cpu: &CpuState, pointer: u64, modifier: u64, key: Key) -> u64 {
    let data = matches!(key, Key::Da | Key::Db);
    let layout = Layout::of(cpu, pointer, data, false);
    let field = layout.field();
    let mut code = code(layout.extended(pointer), modifier, key_of(cpu, key));
    let extension = pointer & field;
    if extension != 0 && extension != field {
        // A pointer that is none gets a code that is wrong.
        code ^= if layout.tagged { 1 << 54 } else { 1 << 62 };
    }
    let range = if layout.upper { RANGE } else { 0 };
    pointer & !field & !RANGE | code & field & !RANGE | range
}

/// Pseudocode Auth.
fn authenticate(cpu: &CpuState, pointer: u64, modifier: u64, key: Key) -> u64 {
    let data = matches!(key, Key::Da | Key::Db);
    let layout = Layout::of(cpu, pointer, data, true);
    let checked = layout.field() & !RANGE;
    let original = layout.extended(pointer);
    let code = code(original, modifier, key_of(cpu, key));
    if (code ^ pointer) & checked == 0 {
        return original;
    }
    // An address in no range, that says which key it was.
    let error = if matches!(key, Key::Ia | Key::Da) { 1 } else { 2 };
    let at = if layout.tagged { 53 } else { 61 };
    original & !(3 << at) | error << at
}

/// Pseudocode Strip.
fn strip(cpu: &CpuState, pointer: u64, data: bool) -> u64 {
    Layout::of(cpu, pointer, data, true).extended(pointer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A CPU at EL1 with 48 bits of address, tags for EL0 and random keys.
    fn cpu(seed: u64) -> CpuState {
        let mut cpu = CpuState::default();
        cpu.set(CURRENT_EL, 1);
        cpu.set(TCR_EL1, 16 | 16 << 16 | 1 << 37 | 1 << 51);
        for (index, (low, high)) in KEYS.into_iter().enumerate() {
            cpu.set(low, seed.rotate_left(index as u32 * 7));
            cpu.set(high, !seed.rotate_left(index as u32 * 11));
        }
        cpu
    }

    proptest! {
        #[test]
        fn what_is_signed_authenticates(seed: u64, low in 0u64..1 << 48, upper: bool, modifier: u64, key in 0u32..4) {
            let (cpu, key) = (cpu(seed), Key::from_bits(key));
            let pointer = if upper { low | 0xffff << 48 } else { low };
            let signed = sign(&cpu, pointer, modifier, key);
            let data = matches!(key, Key::Da | Key::Db);
            prop_assert_eq!(signed & RANGE, pointer & RANGE);
            prop_assert_eq!(authenticate(&cpu, signed, modifier, key), pointer);
            prop_assert_eq!(strip(&cpu, signed, data), pointer);
        }

        #[test]
        fn a_wrong_code_spoils_the_pointer(seed: u64, low in 0u64..1 << 48, modifier: u64, bit in 48u32..55) {
            let cpu = cpu(seed);
            let signed = sign(&cpu, low, modifier, Key::Ia) ^ 1 << bit;
            let result = authenticate(&cpu, signed, modifier, Key::Ia);
            prop_assert_eq!(result, low | 1 << 61);
        }

        #[test]
        fn the_error_names_the_key(low in 0u64..1 << 48) {
            let cpu = cpu(1);
            let layout = Layout::of(&cpu, low, false, true);
            let code = code(low, 2, key_of(&cpu, Key::Ib));
            let wrong = low | !code & layout.field() & !RANGE;
            prop_assert_eq!(authenticate(&cpu, wrong, 2, Key::Ib), low | 2 << 61);
        }

        #[test]
        fn tags_of_data_stay(seed: u64, low in 0u64..1 << 48, tag: u8, modifier: u64) {
            let cpu = cpu(seed);
            let pointer = low | u64::from(tag) << 56;
            let signed = sign(&cpu, pointer, modifier, Key::Da);
            prop_assert_eq!(signed >> 56, u64::from(tag));
            prop_assert_eq!(authenticate(&cpu, signed, modifier, Key::Da), pointer);
        }

        #[test]
        fn what_is_no_address_never_authenticates(seed: u64, low in 0u64..1 << 48, modifier: u64) {
            let cpu = cpu(seed);
            let signed = sign(&cpu, low | 0x1234 << 48, modifier, Key::Ib);
            prop_assert_ne!(authenticate(&cpu, signed, modifier, Key::Ib), low);
        }
    }
}
