//! What the instructions of F and D have in common.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapters "F" and "D".

use ir::{BinaryOp, HelperId, IntCC, Type, Value};

use crate::{Lift, Op, helpers};

/// rm = DYN: the rounding mode is frm ("F", table of rounding modes).
pub const DYNAMIC: u32 = 7;

/// The bits above a single-precision number in an `f` register ("D", "NaN
/// Boxing of Narrower Values").
pub const BOX: u64 = 0xffff_ffff_0000_0000;

/// The canonical NaN of single precision ("F", "NaN Generation and
/// Propagation").
pub const CANONICAL_NAN_S: u64 = 0x7fc0_0000;

/// The sign bit of each precision.
const SIGN_S: u64 = 1 << 31;
const SIGN_D: u64 = 1 << 63;

/// A helper whose result depends on the rounding mode, in two forms that
/// follow each other: for a mode that the instruction names, and for frm,
/// which may turn out to hold no mode.
#[derive(Clone, Copy)]
pub struct Rounded(HelperId);

impl Rounded {
    /// The pair of helpers whose first one is called `name`.
    pub const fn new(name: &str) -> Rounded {
        Rounded(helpers::id(name))
    }
}

/// Calls the helper with `args` and the instruction, which tells it the
/// rounding mode and is the datum if it is illegal. `None` if it is reserved:
/// the block has ended.
fn call_rounded(l: &mut Lift, op: Op, Rounded(fixed): Rounded, args: &[Value]) -> Option<Value> {
    let helper = match op.rm() {
        0..=4 => fixed,
        DYNAMIC => HelperId(fixed.0 + 1),
        _ => {
            l.illegal();
            return None;
        }
    };
    let word = l.iconst(u64::from(op.0));
    let mut all = [word; 4];
    all[..args.len()].copy_from_slice(args);
    Some(l.call(helper, &all[..=args.len()]))
}

/// f[rd] = helper(f[rs1]).
pub fn one_operand(l: &mut Lift, op: Op, helper: Rounded) {
    let a = l.f(op.rs1());
    if let Some(value) = call_rounded(l, op, helper, &[a]) {
        l.set_f(op.rd(), value);
    }
}

/// f[rd] = helper(f[rs1], f[rs2]).
pub fn two_operands(l: &mut Lift, op: Op, helper: Rounded) {
    let (a, b) = (l.f(op.rs1()), l.f(op.rs2()));
    if let Some(value) = call_rounded(l, op, helper, &[a, b]) {
        l.set_f(op.rd(), value);
    }
}

/// f[rd] = helper(f[rs1], f[rs2], f[rs3]).
pub fn three_operands(l: &mut Lift, op: Op, helper: Rounded) {
    let (a, b, c) = (l.f(op.rs1()), l.f(op.rs2()), l.f(op.rs3()));
    if let Some(value) = call_rounded(l, op, helper, &[a, b, c]) {
        l.set_f(op.rd(), value);
    }
}

/// x[rd] = helper(f[rs1]).
pub fn to_integer(l: &mut Lift, op: Op, helper: Rounded) {
    let a = l.f(op.rs1());
    if let Some(value) = call_rounded(l, op, helper, &[a]) {
        l.set_x(op.rd(), value);
    }
}

/// f[rd] = helper(x[rs1]).
pub fn from_integer(l: &mut Lift, op: Op, helper: Rounded) {
    let a = l.x(op.rs1());
    if let Some(value) = call_rounded(l, op, helper, &[a]) {
        l.set_f(op.rd(), value);
    }
}

/// f[rd] = helper(f[rs1], f[rs2]), without rounding.
pub fn min_max(l: &mut Lift, op: Op, helper: HelperId) {
    let (a, b) = (l.f(op.rs1()), l.f(op.rs2()));
    let value = l.call(helper, &[a, b]);
    l.set_f(op.rd(), value);
}

/// x[rd] = helper(f[rs1], f[rs2]).
pub fn compare(l: &mut Lift, op: Op, helper: HelperId) {
    let (a, b) = (l.f(op.rs1()), l.f(op.rs2()));
    let value = l.call(helper, &[a, b]);
    l.set_x(op.rd(), value);
}

/// x[rd] = helper(f[rs1]).
pub fn classify(l: &mut Lift, op: Op, helper: HelperId) {
    let a = l.f(op.rs1());
    let value = l.call(helper, &[a]);
    l.set_x(op.rd(), value);
}

/// How a sign-injection instruction makes the sign of its result.
#[derive(Clone, Copy)]
pub enum Sign {
    /// That of rs2.
    Copy,
    /// The opposite of that of rs2.
    Negate,
    /// Negative if just one of rs1 and rs2 is.
    Xor,
}

/// `a` with the sign that `b` gives it; `a` itself if that is its own.
fn inject(l: &mut Lift, a: Value, b: Value, sign: Sign, sign_bit: u64) -> Value {
    if let (Sign::Copy, true) = (sign, a == b) {
        return a;
    }
    let mask = l.iconst(sign_bit);
    match sign {
        Sign::Negate if a == b => return l.b.bxor(a, mask),
        Sign::Xor if a == b => {
            let rest = l.iconst(!sign_bit);
            return l.b.band(a, rest);
        }
        _ => (),
    }
    let b = if let Sign::Negate = sign { l.b.bnot(b) } else { b };
    let b = l.b.band(b, mask);
    if let Sign::Xor = sign {
        return l.b.bxor(a, b);
    }
    let rest = l.iconst(!sign_bit);
    let magnitude = l.b.band(a, rest);
    l.b.binary(BinaryOp::Bor, magnitude, b)
}

/// "Single-Precision Floating-Point Conversion and Move Instructions":
/// f[rd] = f[rs1] with another sign.
pub fn inject_sign_s(l: &mut Lift, op: Op, sign: Sign) {
    let a = single(l, op.rs1());
    let b = if op.rs1() == op.rs2() { a } else { single(l, op.rs2()) };
    let value = inject(l, a, b, sign, SIGN_S);
    set_single(l, op.rd(), value);
}

/// The same in double precision.
pub fn inject_sign_d(l: &mut Lift, op: Op, sign: Sign) {
    let a = l.f(op.rs1());
    let b = if op.rs1() == op.rs2() { a } else { l.f(op.rs2()) };
    let value = inject(l, a, b, sign, SIGN_D);
    l.set_f(op.rd(), value);
}

/// The single-precision number in register `n`, in the low half of an `i64`;
/// the canonical NaN if it is not boxed.
fn single(l: &mut Lift, n: u32) -> Value {
    let raw = l.f(n);
    let boxed = l.iconst(BOX);
    let is_boxed = l.b.icmp(IntCC::Uge, raw, boxed);
    let nan = l.iconst(CANONICAL_NAN_S);
    l.b.select(is_boxed, raw, nan)
}

/// Boxes the low half of `value`, an `i64` or `i32`, in register `n`.
pub fn set_single(l: &mut Lift, n: u32, value: Value) {
    let wide = l.b.uextend(Type::I64, value);
    let ones = l.iconst(BOX);
    let boxed = l.b.bor(wide, ones);
    l.set_f(n, boxed);
}
