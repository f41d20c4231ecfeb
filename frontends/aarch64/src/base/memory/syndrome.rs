//! What the syndrome of a data abort says of the load or store that made it, so that a
//! hypervisor can do it in its place.
//!
//! Source: Arm ARM, D24.2.41 (ESR_EL2, ISS of an exception from a Data Abort): those of one
//! general-purpose register are told, also with acquire or release, but neither exclusives
//! nor what writes its base register back.

use guest::{Pattern, Row, row};

use crate::Op;

/// ISV: what follows is valid.
const VALID: u64 = 1 << 24;
/// SAS: the access has `1 << SAS` bytes.
const SIZE_SHIFT: u32 = 22;
/// SSE: what is loaded is extended with its sign.
const SIGNED: u64 = 1 << 21;
/// SRT: the register.
const REGISTER_SHIFT: u32 = 16;
/// SF: the register is one of 64 bits.
const WIDE: u64 = 1 << 15;
/// AR: it has acquire or release semantics.
const ORDERED: u64 = 1 << 14;

/// How to read an instruction's bits.
#[derive(Clone, Copy)]
enum Form {
    /// `size` and `opc`: 0 stores, 1 loads, 2 and 3 load and extend with the sign to 64
    /// and 32 bits.
    Extending,
    /// The same, with acquire or release.
    ExtendingOrdered,
    /// `size` alone, with acquire or release.
    Ordered,
    /// 64 bits.
    Double,
    /// `opc`, bits 31 and 30: 32 bits, 64 bits, 32 bits with their sign.
    Literal,
}

/// The instructions, by the tables of the manual's encoding index (C4.1.96).
#[rustfmt::skip]
const FORMS: &[Row<Form>] = &[
    row("ordered",              "zz 001000 1 x 0 11111 1 11111 nnnnn ttttt",      Form::Ordered),
    row("ldapr/stlr unscaled",  "zz 011001 oo 0 iiiiiiiii 00 nnnnn ttttt",        Form::ExtendingOrdered),
    row("literal",              "zz 011 0 00 iiiiiiiiiiiiiiiiiii ttttt",          Form::Literal),
    row("unscaled immediate",   "zz 111 0 00 oo 0 iiiiiiiii 00 nnnnn ttttt",      Form::Extending),
    row("unprivileged",         "zz 111 0 00 oo 0 iiiiiiiii 10 nnnnn ttttt",      Form::Extending),
    row("ldapr",                "zz 111 0 00 101 11111 1 100 00 nnnnn ttttt",     Form::Ordered),
    row("pac, no writeback",    "11 111 0 00 M S 1 iiiiiiiii 0 1 nnnnn ttttt",    Form::Double),
    row("register offset",      "zz 111 0 00 oo 1 mmmmm p1p S 10 nnnnn ttttt",    Form::Extending),
    row("unsigned immediate",   "zz 111 0 01 oo iiiiiiiiiiii nnnnn ttttt",        Form::Extending),
];

/// The bits of ESR_EL2.ISS that tell of the instruction `word`; 0 if they do not.
pub fn of(word: u32) -> u64 {
    let Some(form) = FORMS.iter().find(|form| form.pattern.matches(word.into())) else { return 0 };
    let op = Op(word);
    let (size, opc) = (op.bits(31, 30), op.bits(23, 22));
    let (size, signed, wide, ordered) = match form.lift {
        Form::Extending => (size, opc >= 2, extends_to_64(size, opc), false),
        Form::ExtendingOrdered => (size, opc >= 2, extends_to_64(size, opc), true),
        Form::Ordered => (size, false, size == 3, true),
        Form::Double => (3, false, true, false),
        Form::Literal => (if size == 1 { 3 } else { 2 }, size == 2, size != 0, false),
    };
    let flag = |is_set: bool, bit: u64| if is_set { bit } else { 0 };
    let access = u64::from(size) << SIZE_SHIFT | u64::from(op.rt()) << REGISTER_SHIFT;
    VALID | access | flag(signed, SIGNED) | flag(wide, WIDE) | flag(ordered, ORDERED)
}

/// The instructions that read memory and write it at once (FEAT_LSE), and LDAPR.
const ATOMIC: [Pattern; 3] = [
    Pattern::parse("zz 111 0 00 A R 1 sssss o ppp 00 nnnnn ttttt"),
    Pattern::parse("zz 0010001 L 1 sssss o 11111 nnnnn ttttt"),
    Pattern::parse("0z 0010000 L 1 sssss o 11111 nnnnn ttttt"),
];

/// Whether a store of the instruction `word` is an atomic's.
pub fn is_atomic(word: u32) -> bool {
    ATOMIC.iter().any(|pattern| pattern.matches(word.into()))
}

/// Whether all of the register is written: with a sign as `opc` says.
const fn extends_to_64(size: u32, opc: u32) -> bool {
    if opc >= 2 { opc == 2 } else { size == 3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISV, SAS, SSE, SRT, SF and AR, from the manual's text.
    fn told(size: u64, signed: u64, register: u64, wide: u64, ordered: u64) -> u64 {
        1 << 24 | size << 22 | signed << 21 | register << 16 | wide << 15 | ordered << 14
    }

    /// The words are the GNU assembler's.
    #[test]
    fn loads_and_stores_of_one_register_are_told() {
        let cases = [
            (0xb900_0021, told(2, 0, 1, 0, 0)),  // str w1, [x1]
            (0xf900_003f, told(3, 0, 31, 1, 0)), // str xzr, [x1]
            (0x3940_0022, told(0, 0, 2, 0, 0)),  // ldrb w2, [x1]
            (0x39c0_0022, told(0, 1, 2, 0, 0)),  // ldrsb w2, [x1]
            (0x3980_0022, told(0, 1, 2, 1, 0)),  // ldrsb x2, [x1]
            (0x7940_0023, told(1, 0, 3, 0, 0)),  // ldrh w3, [x1]
            (0x7980_0023, told(1, 1, 3, 1, 0)),  // ldrsh x3, [x1]
            (0xb980_0024, told(2, 1, 4, 1, 0)),  // ldrsw x4, [x1]
            (0xb862_6825, told(2, 0, 5, 0, 0)),  // ldr w5, [x1, x2]
            (0xf85f_f026, told(3, 0, 6, 1, 0)),  // ldur x6, [x1, #-1]
            (0xf840_0827, told(3, 0, 7, 1, 0)),  // ldtr x7, [x1]
            (0x3800_0828, told(0, 0, 8, 0, 0)),  // sttrb w8, [x1]
            (0x88df_fc29, told(2, 0, 9, 0, 1)),  // ldar w9, [x1]
            (0xc89f_fc2a, told(3, 0, 10, 1, 1)), // stlr x10, [x1]
            (0x38bf_c02b, told(0, 0, 11, 0, 1)), // ldaprb w11, [x1]
            (0x5900_002c, told(1, 0, 12, 0, 1)), // stlurh w12, [x1]
            (0x9980_002d, told(2, 1, 13, 1, 1)), // ldapursw x13, [x1]
            (0x5800_000e, told(3, 0, 14, 1, 0)), // ldr x14, .
            (0x1800_000f, told(2, 0, 15, 0, 0)), // ldr w15, .
            (0x9800_0010, told(2, 1, 16, 1, 0)), // ldrsw x16, .
            (0xf820_0431, told(3, 0, 17, 1, 0)), // ldraa x17, [x1]
        ];
        for (word, iss) in cases {
            assert_eq!(of(word), iss, "{word:#010x}");
        }
    }

    #[test]
    fn what_a_hypervisor_could_not_do_by_that_is_not_told() {
        let words = [
            0xf840_8421, // ldr x1, [x1], #8
            0xf800_8c22, // str x2, [x1, #8]!
            0xf820_0c31, // ldraa x17, [x1]!
            0xa940_0821, // ldp x1, x2, [x1]
            0x2900_0821, // stp w1, w2, [x1]
            0xc85f_7c22, // ldxr x2, [x1]
            0xc85f_fc22, // ldaxr x2, [x1]
            0xc803_7c22, // stxr w3, x2, [x1]
            0xf822_0023, // ldadd x2, x3, [x1]
            0xf8e2_8023, // swpal x2, x3, [x1]
            0xc8a2_7c23, // cas x2, x3, [x1]
            0x3dc0_0020, // ldr q0, [x1]
            0xfd40_0020, // ldr d0, [x1]
            0x4c40_7020, // ld1 {v0.16b}, [x1]
            0x1c00_0000, // ldr s0, .
            0xd50b_7421, // dc zva, x1
            0xd503_201f, // nop
        ];
        for word in words {
            assert_eq!(of(word), 0, "{word:#010x}");
        }
    }
}
