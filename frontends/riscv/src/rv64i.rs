//! The base integer instruction set, with Zihintpause.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapters 2 (RV32I), 4 (RV64I)
//! and 6 (Zihintpause); the opcode maps of chapter 35.

use guest::{Row, row};
use ir::{Hint, IntCC, Type, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Rows in the order of the instruction listings. Letters: `d` rd, `s` rs1,
/// `t` rs2, `i` immediate, `h` shift amount, `p` and `q` predecessor and
/// successor sets.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("lui",   "iiiiiiiiiiiiiiiiiiii ddddd 0110111", lui as LiftFn),
    row("auipc", "iiiiiiiiiiiiiiiiiiii ddddd 0010111", auipc),
    row("jal",   "iiiiiiiiiiiiiiiiiiii ddddd 1101111", jal),
    row("jalr",  "iiiiiiiiiiii sssss 000 ddddd 1100111", jalr),

    row("beq",   "iiiiiii ttttt sssss 000 iiiii 1100011", beq),
    row("bne",   "iiiiiii ttttt sssss 001 iiiii 1100011", bne),
    row("blt",   "iiiiiii ttttt sssss 100 iiiii 1100011", blt),
    row("bge",   "iiiiiii ttttt sssss 101 iiiii 1100011", bge),
    row("bltu",  "iiiiiii ttttt sssss 110 iiiii 1100011", bltu),
    row("bgeu",  "iiiiiii ttttt sssss 111 iiiii 1100011", bgeu),

    row("lb",    "iiiiiiiiiiii sssss 000 ddddd 0000011", lb),
    row("lh",    "iiiiiiiiiiii sssss 001 ddddd 0000011", lh),
    row("lw",    "iiiiiiiiiiii sssss 010 ddddd 0000011", lw),
    row("ld",    "iiiiiiiiiiii sssss 011 ddddd 0000011", ld),
    row("lbu",   "iiiiiiiiiiii sssss 100 ddddd 0000011", lbu),
    row("lhu",   "iiiiiiiiiiii sssss 101 ddddd 0000011", lhu),
    row("lwu",   "iiiiiiiiiiii sssss 110 ddddd 0000011", lwu),
    row("sb",    "iiiiiii ttttt sssss 000 iiiii 0100011", sb),
    row("sh",    "iiiiiii ttttt sssss 001 iiiii 0100011", sh),
    row("sw",    "iiiiiii ttttt sssss 010 iiiii 0100011", sw),
    row("sd",    "iiiiiii ttttt sssss 011 iiiii 0100011", sd),

    row("addi",  "iiiiiiiiiiii  sssss 000 ddddd 0010011", addi),
    row("slti",  "iiiiiiiiiiii  sssss 010 ddddd 0010011", slti),
    row("sltiu", "iiiiiiiiiiii  sssss 011 ddddd 0010011", sltiu),
    row("xori",  "iiiiiiiiiiii  sssss 100 ddddd 0010011", xori),
    row("ori",   "iiiiiiiiiiii  sssss 110 ddddd 0010011", ori),
    row("andi",  "iiiiiiiiiiii  sssss 111 ddddd 0010011", andi),
    row("slli",  "000000 hhhhhh sssss 001 ddddd 0010011", slli),
    row("srli",  "000000 hhhhhh sssss 101 ddddd 0010011", srli),
    row("srai",  "010000 hhhhhh sssss 101 ddddd 0010011", srai),

    row("add",   "0000000 ttttt sssss 000 ddddd 0110011", add),
    row("sub",   "0100000 ttttt sssss 000 ddddd 0110011", sub),
    row("sll",   "0000000 ttttt sssss 001 ddddd 0110011", sll),
    row("slt",   "0000000 ttttt sssss 010 ddddd 0110011", slt),
    row("sltu",  "0000000 ttttt sssss 011 ddddd 0110011", sltu),
    row("xor",   "0000000 ttttt sssss 100 ddddd 0110011", xor),
    row("srl",   "0000000 ttttt sssss 101 ddddd 0110011", srl),
    row("sra",   "0100000 ttttt sssss 101 ddddd 0110011", sra),
    row("or",    "0000000 ttttt sssss 110 ddddd 0110011", or),
    row("and",   "0000000 ttttt sssss 111 ddddd 0110011", and),

    row("addiw", "iiiiiiiiiiii  sssss 000 ddddd 0011011", addiw),
    row("slliw", "0000000 hhhhh sssss 001 ddddd 0011011", slliw),
    row("srliw", "0000000 hhhhh sssss 101 ddddd 0011011", srliw),
    row("sraiw", "0100000 hhhhh sssss 101 ddddd 0011011", sraiw),
    row("addw",  "0000000 ttttt sssss 000 ddddd 0111011", addw),
    row("subw",  "0100000 ttttt sssss 000 ddddd 0111011", subw),
    row("sllw",  "0000000 ttttt sssss 001 ddddd 0111011", sllw),
    row("srlw",  "0000000 ttttt sssss 101 ddddd 0111011", srlw),
    row("sraw",  "0100000 ttttt sssss 101 ddddd 0111011", sraw),

    row("fence",     "ffff pppp qqqq sssss 000 ddddd 0001111", fence),
    row("fence.tso", "1000 0011 0011 sssss 000 ddddd 0001111", fence),
    row("pause",     "0000 0001 0000 00000 000 00000 0001111", pause),
];

/// §2.4.1: rd = imm.
fn lui(l: &mut Lift, op: Op) {
    let value = l.iconst(op.imm_u());
    l.set_x(op.rd(), value);
}

/// §2.4.1: rd = pc + imm.
fn auipc(l: &mut Lift, op: Op) {
    let value = l.code_address(l.pc.wrapping_add(op.imm_u()));
    l.set_x(op.rd(), value);
}

/// §2.5.1: rd = next pc; goes to pc + imm.
fn jal(l: &mut Lift, op: Op) {
    let link = l.next_address();
    l.set_x(op.rd(), link);
    l.jump(l.pc.wrapping_add(op.imm_j()));
}

/// §2.5.1: rd = next pc; goes to rs1 + imm with bit 0 cleared.
fn jalr(l: &mut Lift, op: Op) {
    let sum = l.address(op.rs1(), op.imm_i());
    let even = l.iconst(!1);
    let target = l.b.band(sum, even);
    let link = l.next_address();
    l.set_x(op.rd(), link);
    l.jump_indirect(target, jalr_hint(l, op));
}

/// §2.5.1, table of return-address stack hints: x1 and x5 hold return
/// addresses.
fn jalr_hint(l: &Lift, op: Op) -> Hint {
    let is_link = |n| n == 1 || n == 5;
    match (is_link(op.rd()), is_link(op.rs1())) {
        (true, _) => Hint::Call { ret: l.next_pc() },
        (false, true) => Hint::Return,
        (false, false) => Hint::Other,
    }
}

/// §2.5.2: goes to pc + imm if rs1 and rs2 compare as `cond` says.
fn branch(l: &mut Lift, op: Op, cond: IntCC) {
    let (a, b) = (l.x(op.rs1()), l.x(op.rs2()));
    let holds = l.b.icmp(cond, a, b);
    l.branch(holds, l.pc.wrapping_add(op.imm_b()));
}

/// §2.5.2: if equal.
fn beq(l: &mut Lift, op: Op) {
    branch(l, op, IntCC::Eq);
}

/// §2.5.2: if not equal.
fn bne(l: &mut Lift, op: Op) {
    branch(l, op, IntCC::Ne);
}

/// §2.5.2: if less, signed.
fn blt(l: &mut Lift, op: Op) {
    branch(l, op, IntCC::Slt);
}

/// §2.5.2: if greater or equal, signed.
fn bge(l: &mut Lift, op: Op) {
    branch(l, op, IntCC::Sge);
}

/// §2.5.2: if less, unsigned.
fn bltu(l: &mut Lift, op: Op) {
    branch(l, op, IntCC::Ult);
}

/// §2.5.2: if greater or equal, unsigned.
fn bgeu(l: &mut Lift, op: Op) {
    branch(l, op, IntCC::Uge);
}

/// §2.6: the value at rs1 + imm. It is read even if rd is x0.
fn load(l: &mut Lift, op: Op, ty: Type) -> Value {
    let at = l.address(op.rs1(), op.imm_i());
    l.b.load(ty, l.access(), at)
}

/// §2.6: rd = sext(8 bits at rs1 + imm).
fn lb(l: &mut Lift, op: Op) {
    let value = load(l, op, Type::I8);
    l.set_x_sext(op.rd(), value);
}

/// §2.6: rd = sext(16 bits at rs1 + imm).
fn lh(l: &mut Lift, op: Op) {
    let value = load(l, op, Type::I16);
    l.set_x_sext(op.rd(), value);
}

/// §2.6, §4.3: rd = sext(32 bits at rs1 + imm).
fn lw(l: &mut Lift, op: Op) {
    let value = load(l, op, Type::I32);
    l.set_x_sext(op.rd(), value);
}

/// §4.3: rd = the 64 bits at rs1 + imm.
fn ld(l: &mut Lift, op: Op) {
    let value = load(l, op, Type::I64);
    l.set_x(op.rd(), value);
}

/// §2.6: rd = zext(8 bits at rs1 + imm).
fn lbu(l: &mut Lift, op: Op) {
    let value = load(l, op, Type::I8);
    l.set_x_uext(op.rd(), value);
}

/// §2.6: rd = zext(16 bits at rs1 + imm).
fn lhu(l: &mut Lift, op: Op) {
    let value = load(l, op, Type::I16);
    l.set_x_uext(op.rd(), value);
}

/// §4.3: rd = zext(32 bits at rs1 + imm).
fn lwu(l: &mut Lift, op: Op) {
    let value = load(l, op, Type::I32);
    l.set_x_uext(op.rd(), value);
}

/// §2.6, §4.3: stores the low bits of rs2 at rs1 + imm.
fn store(l: &mut Lift, op: Op, ty: Type) {
    let at = l.address(op.rs1(), op.imm_s());
    let wide = l.x(op.rs2());
    let value = l.b.ireduce(ty, wide);
    l.b.store(l.access(), at, value);
}

/// §2.6: 8 bits.
fn sb(l: &mut Lift, op: Op) {
    store(l, op, Type::I8);
}

/// §2.6: 16 bits.
fn sh(l: &mut Lift, op: Op) {
    store(l, op, Type::I16);
}

/// §2.6: 32 bits.
fn sw(l: &mut Lift, op: Op) {
    store(l, op, Type::I32);
}

/// §4.3: 64 bits.
fn sd(l: &mut Lift, op: Op) {
    store(l, op, Type::I64);
}

/// rs1 and the sign-extended immediate.
fn x_and_imm(l: &mut Lift, op: Op) -> (Value, Value) {
    (l.x(op.rs1()), l.iconst(op.imm_i()))
}

/// rs1 and the shift amount.
fn x_and_shamt(l: &mut Lift, op: Op) -> (Value, Value) {
    (l.x(op.rs1()), l.iconst(op.shamt()))
}

/// rs1 and rs2.
fn x_and_x(l: &mut Lift, op: Op) -> (Value, Value) {
    (l.x(op.rs1()), l.x(op.rs2()))
}

/// §2.4.1: rd = rs1 + sext(imm); overflow is ignored.
fn addi(l: &mut Lift, op: Op) {
    let sum = l.address(op.rs1(), op.imm_i());
    l.set_x(op.rd(), sum);
}

/// §2.4.1: rd = rs1 < sext(imm), signed.
fn slti(l: &mut Lift, op: Op) {
    let (a, b) = x_and_imm(l, op);
    let less = l.b.icmp(IntCC::Slt, a, b);
    l.set_x_uext(op.rd(), less);
}

/// §2.4.1: rd = rs1 < sext(imm), both taken as unsigned.
fn sltiu(l: &mut Lift, op: Op) {
    let (a, b) = x_and_imm(l, op);
    let less = l.b.icmp(IntCC::Ult, a, b);
    l.set_x_uext(op.rd(), less);
}

/// §2.4.1: rd = rs1 ^ sext(imm).
fn xori(l: &mut Lift, op: Op) {
    let (a, b) = x_and_imm(l, op);
    let value = l.b.bxor(a, b);
    l.set_x(op.rd(), value);
}

/// §2.4.1: rd = rs1 | sext(imm).
fn ori(l: &mut Lift, op: Op) {
    let (a, b) = x_and_imm(l, op);
    let value = l.b.bor(a, b);
    l.set_x(op.rd(), value);
}

/// §2.4.1: rd = rs1 & sext(imm).
fn andi(l: &mut Lift, op: Op) {
    let (a, b) = x_and_imm(l, op);
    let value = l.b.band(a, b);
    l.set_x(op.rd(), value);
}

/// §4.2.1: rd = rs1 << shamt.
fn slli(l: &mut Lift, op: Op) {
    let (a, b) = x_and_shamt(l, op);
    let value = l.b.ishl(a, b);
    l.set_x(op.rd(), value);
}

/// §4.2.1: rd = rs1 >> shamt, filled with zeros.
fn srli(l: &mut Lift, op: Op) {
    let (a, b) = x_and_shamt(l, op);
    let value = l.b.ushr(a, b);
    l.set_x(op.rd(), value);
}

/// §4.2.1: rd = rs1 >> shamt, filled with the sign.
fn srai(l: &mut Lift, op: Op) {
    let (a, b) = x_and_shamt(l, op);
    let value = l.b.sshr(a, b);
    l.set_x(op.rd(), value);
}

/// §2.4.2: rd = rs1 + rs2.
fn add(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.iadd(a, b);
    l.set_x(op.rd(), value);
}

/// §2.4.2: rd = rs1 − rs2.
fn sub(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.isub(a, b);
    l.set_x(op.rd(), value);
}

/// §4.2.2: rd = rs1 << rs2[5:0].
fn sll(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.ishl(a, b);
    l.set_x(op.rd(), value);
}

/// §2.4.2: rd = rs1 < rs2, signed.
fn slt(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let less = l.b.icmp(IntCC::Slt, a, b);
    l.set_x_uext(op.rd(), less);
}

/// §2.4.2: rd = rs1 < rs2, unsigned.
fn sltu(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let less = l.b.icmp(IntCC::Ult, a, b);
    l.set_x_uext(op.rd(), less);
}

/// §2.4.2: rd = rs1 ^ rs2.
fn xor(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.bxor(a, b);
    l.set_x(op.rd(), value);
}

/// §4.2.2: rd = rs1 >> rs2[5:0], filled with zeros.
fn srl(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.ushr(a, b);
    l.set_x(op.rd(), value);
}

/// §4.2.2: rd = rs1 >> rs2[5:0], filled with the sign.
fn sra(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.sshr(a, b);
    l.set_x(op.rd(), value);
}

/// §2.4.2: rd = rs1 | rs2.
fn or(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.bor(a, b);
    l.set_x(op.rd(), value);
}

/// §2.4.2: rd = rs1 & rs2.
fn and(l: &mut Lift, op: Op) {
    let (a, b) = x_and_x(l, op);
    let value = l.b.band(a, b);
    l.set_x(op.rd(), value);
}

/// The low halves of rs1 and rs2.
fn w_and_w(l: &mut Lift, op: Op) -> (Value, Value) {
    (l.x32(op.rs1()), l.x32(op.rs2()))
}

/// The low half of rs1 and the 5-bit shift amount.
fn w_and_shamt(l: &mut Lift, op: Op) -> (Value, Value) {
    (l.x32(op.rs1()), l.b.iconst(Type::I32, u64::from(op.rs2())))
}

/// §4.2.1: rd = sext(rs1[31:0] + sext(imm)).
fn addiw(l: &mut Lift, op: Op) {
    let a = l.x32(op.rs1());
    let b = l.b.iconst(Type::I32, op.imm_i());
    let sum = l.b.iadd(a, b);
    l.set_x_sext(op.rd(), sum);
}

/// §4.2.1: rd = sext(rs1[31:0] << shamt).
fn slliw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_shamt(l, op);
    let value = l.b.ishl(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §4.2.1: rd = sext(rs1[31:0] >> shamt), filled with zeros.
fn srliw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_shamt(l, op);
    let value = l.b.ushr(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §4.2.1: rd = sext(rs1[31:0] >> shamt), filled with bit 31.
fn sraiw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_shamt(l, op);
    let value = l.b.sshr(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §4.2.2: rd = sext(rs1[31:0] + rs2[31:0]).
fn addw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_w(l, op);
    let value = l.b.iadd(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §4.2.2: rd = sext(rs1[31:0] − rs2[31:0]).
fn subw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_w(l, op);
    let value = l.b.isub(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §4.2.2: rd = sext(rs1[31:0] << rs2[4:0]).
fn sllw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_w(l, op);
    let value = l.b.ishl(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §4.2.2: rd = sext(rs1[31:0] >> rs2[4:0]), filled with zeros.
fn srlw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_w(l, op);
    let value = l.b.ushr(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §4.2.2: rd = sext(rs1[31:0] >> rs2[4:0]), filled with bit 31.
fn sraw(l: &mut Lift, op: Op) {
    let (a, b) = w_and_w(l, op);
    let value = l.b.sshr(a, b);
    l.set_x_sext(op.rd(), value);
}

/// §2.7: orders accesses of the predecessor set before those of the successor
/// set. Every fence is a full one here, which is stronger than any asks for;
/// the fields rd, rs1 and reserved fm values are ignored, as §2.7 wants.
fn fence(l: &mut Lift, _: Op) {
    l.b.fence();
}

/// §6: a hint that this hart spins. Nothing.
fn pause(_: &mut Lift, _: Op) {}
