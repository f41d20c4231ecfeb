//! Cryptographic instructions.
//!
//! Source: Arm ARM, C4.1.96, tables "Cryptographic AES", "Cryptographic
//! three-register SHA" and "Cryptographic two-register SHA", and chapter C7;
//! FIPS 197 (AES), FIPS 180-4 (SHA).

use guest::{Row, row};
use ir::{HashOp, LaneUnaryOp, Lanes, Type, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Cryptographic AES. Letters: `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const AES: &[Row<LiftFn>] = &[
    row("aese",   "01001110 00 10100 00100 10 nnnnn ddddd", aese as LiftFn),
    row("aesd",   "01001110 00 10100 00101 10 nnnnn ddddd", aesd),
    row("aesmc",  "01001110 00 10100 00110 10 nnnnn ddddd", aesmc),
    row("aesimc", "01001110 00 10100 00111 10 nnnnn ddddd", aesimc),
];

/// Cryptographic three-register SHA, FEAT_SHA1. `m` is Rm.
#[rustfmt::skip]
pub const SHA1_THREE: &[Row<LiftFn>] = &[
    row("sha1c",   "01011110 00 0 mmmmm 0 000 00 nnnnn ddddd", sha1c as LiftFn),
    row("sha1p",   "01011110 00 0 mmmmm 0 001 00 nnnnn ddddd", sha1p),
    row("sha1m",   "01011110 00 0 mmmmm 0 010 00 nnnnn ddddd", sha1m),
    row("sha1su0", "01011110 00 0 mmmmm 0 011 00 nnnnn ddddd", sha1su0),
];

/// The same table, FEAT_SHA256.
#[rustfmt::skip]
pub const SHA256_THREE: &[Row<LiftFn>] = &[
    row("sha256h",   "01011110 00 0 mmmmm 0 100 00 nnnnn ddddd", sha256h as LiftFn),
    row("sha256h2",  "01011110 00 0 mmmmm 0 101 00 nnnnn ddddd", sha256h2),
    row("sha256su1", "01011110 00 0 mmmmm 0 110 00 nnnnn ddddd", sha256su1),
];

/// Cryptographic two-register SHA, FEAT_SHA1.
#[rustfmt::skip]
pub const SHA1_TWO: &[Row<LiftFn>] = &[
    row("sha1h",   "01011110 00 10100 00000 10 nnnnn ddddd", sha1h as LiftFn),
    row("sha1su1", "01011110 00 10100 00001 10 nnnnn ddddd", sha1su1),
];

/// The same table, FEAT_SHA256.
#[rustfmt::skip]
pub const SHA256_TWO: &[Row<LiftFn>] = &[
    row("sha256su0", "01011110 00 10100 00010 10 nnnnn ddddd", sha256su0 as LiftFn),
];

const WORDS: Lanes = Lanes::I32x4;

/// Rd = operation(Rd ^ Rn): the round key is added first.
fn aes_round(l: &mut Lift, op: Op, operation: LaneUnaryOp) {
    let (d, n) = (l.v(op.rd()), l.v(op.rn()));
    let keyed = l.b.vxor(d, n);
    let result = l.b.lanes(Lanes::I8x16).unary(operation, keyed);
    l.set_v(op.rd(), result);
}

/// AESE.
fn aese(l: &mut Lift, op: Op) {
    aes_round(l, op, LaneUnaryOp::AesSub);
}

/// AESD.
fn aesd(l: &mut Lift, op: Op) {
    aes_round(l, op, LaneUnaryOp::AesUnsub);
}

/// Rd = operation(Rn).
fn aes_columns(l: &mut Lift, op: Op, operation: LaneUnaryOp) {
    let n = l.v(op.rn());
    let result = l.b.lanes(Lanes::I8x16).unary(operation, n);
    l.set_v(op.rd(), result);
}

/// AESMC.
fn aesmc(l: &mut Lift, op: Op) {
    aes_columns(l, op, LaneUnaryOp::AesMix);
}

/// AESIMC.
fn aesimc(l: &mut Lift, op: Op) {
    aes_columns(l, op, LaneUnaryOp::AesUnmix);
}

/// Four rounds of SHA-1: Rd has a to d, Rn has e, Rm the words with constants.
fn sha1_rounds(l: &mut Lift, op: Op, rounds: HashOp) {
    let (d, e, words) = (l.v(op.rd()), l.v(op.rn()), l.v(op.rm()));
    let result = l.b.hash_rounds(rounds, d, e, words);
    l.set_v(op.rd(), result);
}

/// SHA1C.
fn sha1c(l: &mut Lift, op: Op) {
    sha1_rounds(l, op, HashOp::Sha1Choose);
}

/// SHA1P.
fn sha1p(l: &mut Lift, op: Op) {
    sha1_rounds(l, op, HashOp::Sha1Parity);
}

/// SHA1M.
fn sha1m(l: &mut Lift, op: Op) {
    sha1_rounds(l, op, HashOp::Sha1Majority);
}

/// The words of `a` from number `first` on, then those of `b`.
fn words_from(l: &mut Lift, a: Value, b: Value, first: u8) -> Value {
    l.b.shuffle(a, b, std::array::from_fn(|at| at as u8 + 4 * first))
}

/// Words rotated left.
fn rotated(l: &mut Lift, a: Value, amount: u64) -> Value {
    let (left, right) = (l.b.lanes(WORDS).ishl_const(a, amount), l.b.lanes(WORDS).ushr_const(a, 32 - amount));
    l.b.vor(left, right)
}

/// SHA1SU0: Rd ^ (the upper half of Rd, the lower of Rn) ^ Rm.
fn sha1su0(l: &mut Lift, op: Op) {
    let (d, n, m) = (l.v(op.rd()), l.v(op.rn()), l.v(op.rm()));
    let middle = words_from(l, d, n, 2);
    let sum = l.b.vxor(d, middle);
    let sum = l.b.vxor(sum, m);
    l.set_v(op.rd(), sum);
}

/// SHA1H: Rn rotated left by 30.
fn sha1h(l: &mut Lift, op: Op) {
    let n = l.v_lane(op.rn(), Type::I32, 0);
    let amount = l.iconst(Type::I32, 30);
    let result = l.b.rotl(n, amount);
    l.set_scalar(op.rd(), result);
}

/// SHA1SU1: Rd ^ Rn moved down by a word, rotated left by 1; the last word needs
/// the first one of the result.
fn sha1su1(l: &mut Lift, op: Op) {
    let (d, n, zero) = (l.v(op.rd()), l.v(op.rn()), l.b.vconst(0));
    let moved = words_from(l, n, zero, 1);
    let sum = l.b.vxor(d, moved);
    let result = rotated(l, sum, 1);
    // Word 0 to the place of word 3, the rest zero.
    let first = l.b.shuffle(zero, result, std::array::from_fn(|at| if at < 12 { 0 } else { at as u8 + 4 }));
    let first = rotated(l, first, 1);
    let result = l.b.vxor(result, first);
    l.set_v(op.rd(), result);
}

/// SHA256H: the first half of the state, which Rd has.
fn sha256h(l: &mut Lift, op: Op) {
    let (d, n, words) = (l.v(op.rd()), l.v(op.rn()), l.v(op.rm()));
    let result = l.b.hash_rounds(HashOp::Sha256First, d, n, words);
    l.set_v(op.rd(), result);
}

/// SHA256H2: the second half, which Rd has.
fn sha256h2(l: &mut Lift, op: Op) {
    let (d, n, words) = (l.v(op.rd()), l.v(op.rn()), l.v(op.rm()));
    let result = l.b.hash_rounds(HashOp::Sha256Second, n, d, words);
    l.set_v(op.rd(), result);
}

/// Words rotated right by two amounts and shifted right by a third, all added
/// without carry (FIPS 180-4, §4.1.2, the functions in lower case).
fn sigma(l: &mut Lift, a: Value, [first, second, shift]: [u64; 3]) -> Value {
    let (first, second) = (rotated(l, a, 32 - first), rotated(l, a, 32 - second));
    let shifted = l.b.lanes(WORDS).ushr_const(a, shift);
    let sum = l.b.vxor(first, second);
    l.b.vxor(sum, shifted)
}

/// SHA256SU0.
fn sha256su0(l: &mut Lift, op: Op) {
    let (d, n) = (l.v(op.rd()), l.v(op.rn()));
    let next = words_from(l, d, n, 1);
    let sigma = sigma(l, next, [7, 18, 3]);
    let sum = l.b.lanes(WORDS).iadd(d, sigma);
    l.set_v(op.rd(), sum);
}

/// SHA256SU1: the upper two words need the lower two of the result.
fn sha256su1(l: &mut Lift, op: Op) {
    const AMOUNTS: [u64; 3] = [17, 19, 10];
    let (d, n, m, zero) = (l.v(op.rd()), l.v(op.rn()), l.v(op.rm()), l.b.vconst(0));
    let next = words_from(l, n, m, 1);
    let sum = l.b.lanes(WORDS).iadd(d, next);
    let known = words_from(l, m, zero, 2);
    let lower = sigma(l, known, AMOUNTS);
    let lower = l.b.lanes(WORDS).iadd(sum, lower);
    let fresh = l.b.shuffle(zero, lower, std::array::from_fn(|at| if at < 8 { 0 } else { at as u8 + 8 }));
    let upper = sigma(l, fresh, AMOUNTS);
    let result = l.b.lanes(WORDS).iadd(lower, upper);
    l.set_v(op.rd(), result);
}
