//! Atomic instructions.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter "A". Every access has
//! to be aligned to its size; a misaligned one raises an address-misaligned
//! exception.

use guest::{Row, row};
use ir::{Align, MemAccess, Order, RmwOp, Type};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Rows in the order of the instruction listings. Letters: `d` rd, `s` rs1,
/// `t` rs2, `a` acquire, `r` release.
#[rustfmt::skip]
pub const TABLE: &[Row<LiftFn>] = &[
    row("lr.w",      "00010 ar 00000 sssss 010 ddddd 0101111", lr_w as LiftFn),
    row("sc.w",      "00011 ar ttttt sssss 010 ddddd 0101111", sc_w),
    row("amoswap.w", "00001 ar ttttt sssss 010 ddddd 0101111", amoswap_w),
    row("amoadd.w",  "00000 ar ttttt sssss 010 ddddd 0101111", amoadd_w),
    row("amoxor.w",  "00100 ar ttttt sssss 010 ddddd 0101111", amoxor_w),
    row("amoand.w",  "01100 ar ttttt sssss 010 ddddd 0101111", amoand_w),
    row("amoor.w",   "01000 ar ttttt sssss 010 ddddd 0101111", amoor_w),
    row("amomin.w",  "10000 ar ttttt sssss 010 ddddd 0101111", amomin_w),
    row("amomax.w",  "10100 ar ttttt sssss 010 ddddd 0101111", amomax_w),
    row("amominu.w", "11000 ar ttttt sssss 010 ddddd 0101111", amominu_w),
    row("amomaxu.w", "11100 ar ttttt sssss 010 ddddd 0101111", amomaxu_w),

    row("lr.d",      "00010 ar 00000 sssss 011 ddddd 0101111", lr_d),
    row("sc.d",      "00011 ar ttttt sssss 011 ddddd 0101111", sc_d),
    row("amoswap.d", "00001 ar ttttt sssss 011 ddddd 0101111", amoswap_d),
    row("amoadd.d",  "00000 ar ttttt sssss 011 ddddd 0101111", amoadd_d),
    row("amoxor.d",  "00100 ar ttttt sssss 011 ddddd 0101111", amoxor_d),
    row("amoand.d",  "01100 ar ttttt sssss 011 ddddd 0101111", amoand_d),
    row("amoor.d",   "01000 ar ttttt sssss 011 ddddd 0101111", amoor_d),
    row("amomin.d",  "10000 ar ttttt sssss 011 ddddd 0101111", amomin_d),
    row("amomax.d",  "10100 ar ttttt sssss 011 ddddd 0101111", amomax_d),
    row("amominu.d", "11000 ar ttttt sssss 011 ddddd 0101111", amominu_d),
    row("amomaxu.d", "11100 ar ttttt sssss 011 ddddd 0101111", amomaxu_d),
];

/// §"Specifying Ordering of Atomic Instructions": what the aq and rl bits ask.
fn access(l: &Lift, op: Op) -> MemAccess {
    let order = match (op.aq(), op.rl()) {
        (false, false) => Order::Relaxed,
        (true, false) => Order::Acquire,
        (false, true) => Order::Release,
        (true, true) => Order::SeqCst,
    };
    MemAccess { align: Align::Natural, order, regime: l.mode.data_regime() }
}

/// §"Load-Reserved/Store-Conditional Instructions": rd = sext(value at rs1),
/// which is reserved.
fn load_reserved(l: &mut Lift, op: Op, ty: Type) {
    let at = l.x(op.rs1());
    let value = l.b.load_reserved(ty, access(l, op), at);
    l.set_x_sext(op.rd(), value);
}

/// §"Load-Reserved/Store-Conditional Instructions": stores rs2 at rs1 if the
/// reservation stands; rd = 0 if it did, 1 ("unspecified failure") if not.
fn store_conditional(l: &mut Lift, op: Op, ty: Type) {
    let at = l.x(op.rs1());
    let wide = l.x(op.rs2());
    let value = l.b.ireduce(ty, wide);
    let failed = l.b.store_conditional(access(l, op), at, value);
    l.set_x_uext(op.rd(), failed);
}

/// §"Atomic Memory Operations": rd = sext(old value at rs1), which becomes
/// old `rmw` rs2.
fn amo(l: &mut Lift, op: Op, rmw: RmwOp, ty: Type) {
    let at = l.x(op.rs1());
    let wide = l.x(op.rs2());
    let value = l.b.ireduce(ty, wide);
    let old = l.b.atomic_rmw(rmw, access(l, op), at, value);
    l.set_x_sext(op.rd(), old);
}

/// Load-reserved, 32 bits.
fn lr_w(l: &mut Lift, op: Op) {
    load_reserved(l, op, Type::I32);
}

/// Load-reserved, 64 bits.
fn lr_d(l: &mut Lift, op: Op) {
    load_reserved(l, op, Type::I64);
}

/// Store-conditional, 32 bits.
fn sc_w(l: &mut Lift, op: Op) {
    store_conditional(l, op, Type::I32);
}

/// Store-conditional, 64 bits.
fn sc_d(l: &mut Lift, op: Op) {
    store_conditional(l, op, Type::I64);
}

/// Memory becomes rs2; 32 bits.
fn amoswap_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Xchg, Type::I32);
}

/// Memory becomes old + rs2; 32 bits.
fn amoadd_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Add, Type::I32);
}

/// Memory becomes old ^ rs2; 32 bits.
fn amoxor_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Xor, Type::I32);
}

/// Memory becomes old & rs2; 32 bits.
fn amoand_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::And, Type::I32);
}

/// Memory becomes old | rs2; 32 bits.
fn amoor_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Or, Type::I32);
}

/// Memory becomes the lesser, signed; 32 bits.
fn amomin_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Smin, Type::I32);
}

/// Memory becomes the greater, signed; 32 bits.
fn amomax_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Smax, Type::I32);
}

/// Memory becomes the lesser, unsigned; 32 bits.
fn amominu_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Umin, Type::I32);
}

/// Memory becomes the greater, unsigned; 32 bits.
fn amomaxu_w(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Umax, Type::I32);
}

/// Memory becomes rs2; 64 bits.
fn amoswap_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Xchg, Type::I64);
}

/// Memory becomes old + rs2; 64 bits.
fn amoadd_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Add, Type::I64);
}

/// Memory becomes old ^ rs2; 64 bits.
fn amoxor_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Xor, Type::I64);
}

/// Memory becomes old & rs2; 64 bits.
fn amoand_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::And, Type::I64);
}

/// Memory becomes old | rs2; 64 bits.
fn amoor_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Or, Type::I64);
}

/// Memory becomes the lesser, signed; 64 bits.
fn amomin_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Smin, Type::I64);
}

/// Memory becomes the greater, signed; 64 bits.
fn amomax_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Smax, Type::I64);
}

/// Memory becomes the lesser, unsigned; 64 bits.
fn amominu_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Umin, Type::I64);
}

/// Memory becomes the greater, unsigned; 64 bits.
fn amomaxu_d(l: &mut Lift, op: Op) {
    amo(l, op, RmwOp::Umax, Type::I64);
}
