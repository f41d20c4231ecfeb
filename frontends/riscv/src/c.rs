//! Compressed instructions, each of which stands for one of 32 bits.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "C", and the opcode
//! listings of its section "RVC Instruction Set Listings" (RV64 columns).
//!
//! A row gives the expansion rather than a lift function: the decoder goes on
//! with the expanded word, as the manual defines these instructions.

use std::sync::LazyLock;

use guest::{Row, row};

use crate::op::Op;
use crate::{decode, rv64i};

/// Gives the 32-bit instruction, or `None` for a reserved encoding.
pub type ExpandFn = fn(Rvc) -> Option<Op>;

/// Rows in the order of the listings. Letters: `d` rd or rd′, `s` rs1 or rs1′,
/// `t` rs2 or rs2′, `i` immediate, in the order its chapter gives the bits.
/// Where encodings overlap, the row with more fixed bits stands for its own.
#[rustfmt::skip]
pub const TABLE: &[Row<ExpandFn>] = &[
    row("c.addi4spn", "000 iiiiiiii ddd 00",    c_addi4spn as ExpandFn),
    row("c.fld",      "001 iii sss ii ddd 00",  c_fld),
    row("c.lw",       "010 iii sss ii ddd 00",  c_lw),
    row("c.ld",       "011 iii sss ii ddd 00",  c_ld),
    row("c.fsd",      "101 iii sss ii ttt 00",  c_fsd),
    row("c.sw",       "110 iii sss ii ttt 00",  c_sw),
    row("c.sd",       "111 iii sss ii ttt 00",  c_sd),

    row("c.nop",      "000 i 00000 iiiii 01",   c_addi),
    row("c.addi",     "000 i ddddd iiiii 01",   c_addi),
    row("c.addiw",    "001 i ddddd iiiii 01",   c_addiw),
    row("c.li",       "010 i ddddd iiiii 01",   c_li),
    row("c.addi16sp", "011 i 00010 iiiii 01",   c_addi16sp),
    row("c.lui",      "011 i ddddd iiiii 01",   c_lui),
    row("c.srli",     "100 i 00 ddd iiiii 01",  c_srli),
    row("c.srai",     "100 i 01 ddd iiiii 01",  c_srai),
    row("c.andi",     "100 i 10 ddd iiiii 01",  c_andi),
    row("c.sub",      "100 0 11 ddd 00 ttt 01", c_sub),
    row("c.xor",      "100 0 11 ddd 01 ttt 01", c_xor),
    row("c.or",       "100 0 11 ddd 10 ttt 01", c_or),
    row("c.and",      "100 0 11 ddd 11 ttt 01", c_and),
    row("c.subw",     "100 1 11 ddd 00 ttt 01", c_subw),
    row("c.addw",     "100 1 11 ddd 01 ttt 01", c_addw),
    row("c.j",        "101 iiiiiiiiiii 01",     c_j),
    row("c.beqz",     "110 iii sss iiiii 01",   c_beqz),
    row("c.bnez",     "111 iii sss iiiii 01",   c_bnez),

    row("c.slli",     "000 i ddddd iiiii 10",   c_slli),
    row("c.fldsp",    "001 i ddddd iiiii 10",   c_fldsp),
    row("c.lwsp",     "010 i ddddd iiiii 10",   c_lwsp),
    row("c.ldsp",     "011 i ddddd iiiii 10",   c_ldsp),
    row("c.jr",       "100 0 sssss 00000 10",   c_jr),
    row("c.mv",       "100 0 ddddd ttttt 10",   c_mv),
    row("c.ebreak",   "100 1 00000 00000 10",   c_ebreak),
    row("c.jalr",     "100 1 sssss 00000 10",   c_jalr),
    row("c.add",      "100 1 ddddd ttttt 10",   c_add),
    row("c.fsdsp",    "101 iiiiii ttttt 10",    c_fsdsp),
    row("c.swsp",     "110 iiiiii ttttt 10",    c_swsp),
    row("c.sdsp",     "111 iiiiii ttttt 10",    c_sdsp),
];

/// The row for a 16-bit instruction, reserved or not.
pub fn find(half: u16) -> Option<&'static Row<ExpandFn>> {
    let fits = TABLE.iter().filter(|row| row.pattern.matches(u64::from(half)));
    fits.max_by_key(|row| row.pattern.mask.count_ones())
}

/// The 32-bit instruction that `half` stands for; `None` if it is reserved or
/// not compressed.
pub fn expand(half: u16) -> Option<u32> {
    match EXPANSIONS[usize::from(half)] {
        0 => None,
        word => Some(word),
    }
}

/// All expansions, as there are so few; 0 where there is none.
static EXPANSIONS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let expansion = |half| Some((find(half)?.lift)(Rvc(half))?.0);
    (0..=u16::MAX).map(|half| expansion(half).unwrap_or(0)).collect()
});

/// Fields of a compressed instruction.
#[derive(Clone, Copy, Debug)]
pub struct Rvc(pub u16);

impl Rvc {
    /// Bits `high` to `low`, moved down to bit 0.
    fn bits(self, high: u32, low: u32) -> u32 {
        u32::from(self.0) >> low & ((2 << (high - low)) - 1)
    }

    /// An immediate from pieces `(high, low, to)`: bits `high` to `low` go to
    /// bit `to` and up.
    fn gather(self, pieces: &[(u32, u32, u32)]) -> u32 {
        pieces.iter().fold(0, |imm, &(high, low, to)| imm | self.bits(high, low) << to)
    }

    /// rd or rs1, bits 11 to 7.
    fn rd(self) -> u32 {
        self.bits(11, 7)
    }

    /// rs2, bits 6 to 2.
    fn rs2(self) -> u32 {
        self.bits(6, 2)
    }

    /// rd′ or rs1′ in bits 9 to 7: x8 to x15.
    fn rs1_short(self) -> u32 {
        8 + self.bits(9, 7)
    }

    /// rd′ or rs2′ in bits 4 to 2: x8 to x15.
    fn rs2_short(self) -> u32 {
        8 + self.bits(4, 2)
    }

    /// The 6-bit immediate of the CI format, sign-extended.
    fn imm(self) -> u32 {
        sign_extend(self.uimm(), 6)
    }

    /// The same, zero-extended.
    fn uimm(self) -> u32 {
        self.gather(&[(12, 12, 5), (6, 2, 0)])
    }

    /// Offset of the CL and CS formats, in words.
    fn offset_w(self) -> u32 {
        self.gather(&[(12, 10, 3), (6, 6, 2), (5, 5, 6)])
    }

    /// Offset of the CL and CS formats, in doublewords.
    fn offset_d(self) -> u32 {
        self.gather(&[(12, 10, 3), (6, 5, 6)])
    }

    /// Offset from sp of a doubleword load (CI format).
    fn load_sp_d(self) -> u32 {
        self.gather(&[(12, 12, 5), (6, 5, 3), (4, 2, 6)])
    }

    /// Offset from sp of a doubleword store (CSS format).
    fn store_sp_d(self) -> u32 {
        self.gather(&[(12, 10, 3), (9, 7, 6)])
    }

    /// Branch offset (CB format).
    fn offset_b(self) -> u32 {
        sign_extend(self.gather(&[(12, 12, 8), (11, 10, 3), (6, 5, 6), (4, 3, 1), (2, 2, 5)]), 9)
    }

    /// Jump offset (CJ format).
    #[rustfmt::skip]
    fn offset_j(self) -> u32 {
        let imm = self.gather(&[
            (12, 12, 11), (11, 11, 4), (10, 9, 8), (8, 8, 10), (7, 7, 6), (6, 6, 7), (5, 3, 1), (2, 2, 5),
        ]);
        sign_extend(imm, 12)
    }
}

/// `value`'s low `bits` bits, the highest being the sign.
fn sign_extend(value: u32, bits: u32) -> u32 {
    ((value << (32 - bits)) as i32 >> (32 - bits)) as u32
}

/// The base instruction called `name`, with all its fields zero.
const fn base(name: &str) -> Op {
    Op(decode::row_in(rv64i::TABLE, name).pattern.value as u32)
}

/// sp and ra, which some instructions imply.
const SP: u32 = 2;
const RA: u32 = 1;

const ADDI: Op = base("addi");
const LD: Op = base("ld");
const LW: Op = base("lw");
const SD: Op = base("sd");
const SW: Op = base("sw");
const ADD: Op = base("add");
const JALR: Op = base("jalr");

/// Instructions whose rows are in other modules.
const FLD: Op = Op(0x0000_3007);
const FSD: Op = Op(0x0000_3027);
const EBREAK: Op = Op(0x0010_0073);

/// "Stack-pointer-based address": addi rd′, sp, nzuimm; reserved for 0, so
/// that 16 zero bits are illegal.
fn c_addi4spn(c: Rvc) -> Option<Op> {
    let imm = c.gather(&[(12, 11, 4), (10, 7, 6), (6, 6, 2), (5, 5, 3)]);
    (imm != 0).then(|| ADDI.with_rd(c.rs2_short()).with_rs1(SP).with_imm_i(imm))
}

/// An instruction of the CL format: `load` rd′, offset(rs1′).
fn load(c: Rvc, load: Op, offset: u32) -> Option<Op> {
    Some(load.with_rd(c.rs2_short()).with_rs1(c.rs1_short()).with_imm_i(offset))
}

/// An instruction of the CS format: `store` rs2′, offset(rs1′).
fn store(c: Rvc, store: Op, offset: u32) -> Option<Op> {
    Some(store.with_rs2(c.rs2_short()).with_rs1(c.rs1_short()).with_imm_s(offset))
}

/// "Register-Based Loads and Stores": fld rd′, offset(rs1′).
fn c_fld(c: Rvc) -> Option<Op> {
    load(c, FLD, c.offset_d())
}

/// "Register-Based Loads and Stores": lw rd′, offset(rs1′).
fn c_lw(c: Rvc) -> Option<Op> {
    load(c, LW, c.offset_w())
}

/// "Register-Based Loads and Stores": ld rd′, offset(rs1′).
fn c_ld(c: Rvc) -> Option<Op> {
    load(c, LD, c.offset_d())
}

/// "Register-Based Loads and Stores": fsd rs2′, offset(rs1′).
fn c_fsd(c: Rvc) -> Option<Op> {
    store(c, FSD, c.offset_d())
}

/// "Register-Based Loads and Stores": sw rs2′, offset(rs1′).
fn c_sw(c: Rvc) -> Option<Op> {
    store(c, SW, c.offset_w())
}

/// "Register-Based Loads and Stores": sd rs2′, offset(rs1′).
fn c_sd(c: Rvc) -> Option<Op> {
    store(c, SD, c.offset_d())
}

/// "Integer Register-Immediate Operations": addi rd, rd, nzimm; with rd = x0
/// it is c.nop, and with nzimm = 0 a hint.
fn c_addi(c: Rvc) -> Option<Op> {
    Some(ADDI.with_rd(c.rd()).with_rs1(c.rd()).with_imm_i(c.imm()))
}

/// "Integer Register-Immediate Operations": addiw rd, rd, imm; reserved for
/// rd = x0.
fn c_addiw(c: Rvc) -> Option<Op> {
    (c.rd() != 0).then(|| base("addiw").with_rd(c.rd()).with_rs1(c.rd()).with_imm_i(c.imm()))
}

/// "Integer Constant-Generation Instructions": addi rd, x0, imm.
fn c_li(c: Rvc) -> Option<Op> {
    Some(ADDI.with_rd(c.rd()).with_imm_i(c.imm()))
}

/// "Integer Register-Immediate Operations": addi sp, sp, nzimm; reserved for 0.
fn c_addi16sp(c: Rvc) -> Option<Op> {
    let imm = c.gather(&[(12, 12, 9), (6, 6, 4), (5, 5, 6), (4, 3, 7), (2, 2, 5)]);
    (imm != 0).then(|| ADDI.with_rd(SP).with_rs1(SP).with_imm_i(sign_extend(imm, 10)))
}

/// "Integer Constant-Generation Instructions": lui rd, nzimm; reserved for 0.
fn c_lui(c: Rvc) -> Option<Op> {
    (c.imm() != 0).then(|| base("lui").with_rd(c.rd()).with_imm_u(c.imm() << 12))
}

/// "Integer Register-Immediate Operations": srli rd′, rd′, shamt.
fn c_srli(c: Rvc) -> Option<Op> {
    Some(base("srli").with_rd(c.rs1_short()).with_rs1(c.rs1_short()).with_shamt(c.uimm()))
}

/// "Integer Register-Immediate Operations": srai rd′, rd′, shamt.
fn c_srai(c: Rvc) -> Option<Op> {
    Some(base("srai").with_rd(c.rs1_short()).with_rs1(c.rs1_short()).with_shamt(c.uimm()))
}

/// "Integer Register-Immediate Operations": andi rd′, rd′, imm.
fn c_andi(c: Rvc) -> Option<Op> {
    Some(base("andi").with_rd(c.rs1_short()).with_rs1(c.rs1_short()).with_imm_i(c.imm()))
}

/// "Integer Register-Register Operations", CA format: `base` rd′, rd′, rs2′.
fn arithmetic(c: Rvc, base: Op) -> Option<Op> {
    Some(base.with_rd(c.rs1_short()).with_rs1(c.rs1_short()).with_rs2(c.rs2_short()))
}

/// sub rd′, rd′, rs2′.
fn c_sub(c: Rvc) -> Option<Op> {
    arithmetic(c, base("sub"))
}

/// xor rd′, rd′, rs2′.
fn c_xor(c: Rvc) -> Option<Op> {
    arithmetic(c, base("xor"))
}

/// or rd′, rd′, rs2′.
fn c_or(c: Rvc) -> Option<Op> {
    arithmetic(c, base("or"))
}

/// and rd′, rd′, rs2′.
fn c_and(c: Rvc) -> Option<Op> {
    arithmetic(c, base("and"))
}

/// subw rd′, rd′, rs2′.
fn c_subw(c: Rvc) -> Option<Op> {
    arithmetic(c, base("subw"))
}

/// addw rd′, rd′, rs2′.
fn c_addw(c: Rvc) -> Option<Op> {
    arithmetic(c, base("addw"))
}

/// "Control Transfer Instructions": jal x0, offset.
fn c_j(c: Rvc) -> Option<Op> {
    Some(base("jal").with_imm_j(c.offset_j()))
}

/// "Control Transfer Instructions": beq rs1′, x0, offset.
fn c_beqz(c: Rvc) -> Option<Op> {
    Some(base("beq").with_rs1(c.rs1_short()).with_imm_b(c.offset_b()))
}

/// "Control Transfer Instructions": bne rs1′, x0, offset.
fn c_bnez(c: Rvc) -> Option<Op> {
    Some(base("bne").with_rs1(c.rs1_short()).with_imm_b(c.offset_b()))
}

/// "Integer Register-Immediate Operations": slli rd, rd, shamt.
fn c_slli(c: Rvc) -> Option<Op> {
    Some(base("slli").with_rd(c.rd()).with_rs1(c.rd()).with_shamt(c.uimm()))
}

/// "Stack-Pointer-Based Loads and Stores": fld rd, offset(sp).
fn c_fldsp(c: Rvc) -> Option<Op> {
    Some(FLD.with_rd(c.rd()).with_rs1(SP).with_imm_i(c.load_sp_d()))
}

/// "Stack-Pointer-Based Loads and Stores": lw rd, offset(sp); reserved for
/// rd = x0.
fn c_lwsp(c: Rvc) -> Option<Op> {
    let offset = c.gather(&[(12, 12, 5), (6, 4, 2), (3, 2, 6)]);
    (c.rd() != 0).then(|| LW.with_rd(c.rd()).with_rs1(SP).with_imm_i(offset))
}

/// "Stack-Pointer-Based Loads and Stores": ld rd, offset(sp); reserved for
/// rd = x0.
fn c_ldsp(c: Rvc) -> Option<Op> {
    (c.rd() != 0).then(|| LD.with_rd(c.rd()).with_rs1(SP).with_imm_i(c.load_sp_d()))
}

/// "Control Transfer Instructions": jalr x0, 0(rs1); reserved for rs1 = x0.
fn c_jr(c: Rvc) -> Option<Op> {
    (c.rd() != 0).then(|| JALR.with_rs1(c.rd()))
}

/// "Integer Register-Register Operations": add rd, x0, rs2.
fn c_mv(c: Rvc) -> Option<Op> {
    Some(ADD.with_rd(c.rd()).with_rs2(c.rs2()))
}

/// "Breakpoint Instruction": ebreak.
fn c_ebreak(_: Rvc) -> Option<Op> {
    Some(EBREAK)
}

/// "Control Transfer Instructions": jalr ra, 0(rs1).
fn c_jalr(c: Rvc) -> Option<Op> {
    Some(JALR.with_rd(RA).with_rs1(c.rd()))
}

/// "Integer Register-Register Operations": add rd, rd, rs2.
fn c_add(c: Rvc) -> Option<Op> {
    Some(ADD.with_rd(c.rd()).with_rs1(c.rd()).with_rs2(c.rs2()))
}

/// "Stack-Pointer-Based Loads and Stores": fsd rs2, offset(sp).
fn c_fsdsp(c: Rvc) -> Option<Op> {
    Some(FSD.with_rs2(c.rs2()).with_rs1(SP).with_imm_s(c.store_sp_d()))
}

/// "Stack-Pointer-Based Loads and Stores": sw rs2, offset(sp).
fn c_swsp(c: Rvc) -> Option<Op> {
    Some(SW.with_rs2(c.rs2()).with_rs1(SP).with_imm_s(c.gather(&[(12, 9, 2), (8, 7, 6)])))
}

/// "Stack-Pointer-Based Loads and Stores": sd rs2, offset(sp).
fn c_sdsp(c: Rvc) -> Option<Op> {
    Some(SD.with_rs2(c.rs2()).with_rs1(SP).with_imm_s(c.store_sp_d()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_overlap_only_where_one_has_more_fixed_bits() {
        for (i, a) in TABLE.iter().enumerate() {
            for b in &TABLE[i + 1..] {
                let (p, q) = (a.pattern, b.pattern);
                let both = p.mask & q.mask;
                let special = p.mask != q.mask && (both == p.mask || both == q.mask);
                assert!(!p.overlaps(&q) || special, "{} and {}", a.name, b.name);
            }
        }
    }

    #[test]
    fn every_row_is_found_for_its_own_pattern() {
        for row in TABLE {
            // All letters one: no special case of registers or immediates.
            let half = (row.pattern.value | !row.pattern.mask & 0xffff) as u16;
            assert_eq!(find(half).unwrap().name, row.name);
        }
    }

    #[test]
    fn reserved_encodings_have_no_expansion() {
        let reserved = [
            ("16 zero bits", 0x0000),
            ("c.addi4spn with 0", 0x001c),
            ("quadrant 0, funct3 100", 0x8000),
            ("c.addiw x0", 0x2005),
            ("c.addi16sp with 0", 0x6101),
            ("c.lui with 0", 0x6281),
            ("quadrant 1, funct6 100111, 10", 0x9c41),
            ("c.lwsp x0", 0x4012),
            ("c.ldsp x0", 0x6012),
            ("c.jr x0", 0x8002),
        ];
        for (what, half) in reserved {
            assert_eq!(expand(half), None, "{what}");
        }
    }

    #[test]
    fn what_has_two_low_bits_set_is_not_compressed() {
        assert!((0..=u16::MAX).filter(|half| half & 3 == 3).all(|half| expand(half).is_none()));
    }
}
