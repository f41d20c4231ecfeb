//! SHA-3 and SHA-512.
//!
//! Source: Arm ARM, C4.1.96, tables "Cryptographic four-register",
//! "Cryptographic three-register, imm6", "Cryptographic three-register SHA 512" and
//! "Cryptographic two-register SHA 512", and chapter C7; FIPS 180-4 (SHA-512).

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op};

/// FEAT_SHA3 of these tables. Letters: `m` Rm, `a` Ra, `i` imm6, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const SHA3: &[Row<LiftFn>] = &[
    row("eor3", "11001110 000 mmmmm 0 aaaaa nnnnn ddddd", eor3 as LiftFn),
    row("bcax", "11001110 001 mmmmm 0 aaaaa nnnnn ddddd", bcax),
    row("xar",  "11001110 100 mmmmm iiiiii nnnnn ddddd", xar),
    row("rax1", "11001110 011 mmmmm 1 0 00 11 nnnnn ddddd", rax1),
];

/// FEAT_SHA512 of these tables.
#[rustfmt::skip]
pub const SHA512: &[Row<LiftFn>] = &[
    row("sha512h",   "11001110 011 mmmmm 1 0 00 00 nnnnn ddddd", sha512h as LiftFn),
    row("sha512h2",  "11001110 011 mmmmm 1 0 00 01 nnnnn ddddd", sha512h2),
    row("sha512su1", "11001110 011 mmmmm 1 0 00 10 nnnnn ddddd", sha512su1),
    row("sha512su0", "11001110 110 00000 1 0 00 00 nnnnn ddddd", sha512su0),
];

const WORDS: Lanes = Lanes::I64x2;

/// EOR3: Rd = Rn ^ Rm ^ Ra.
fn eor3(l: &mut Lift, op: Op) {
    let (n, m, a) = (l.v(op.rn()), l.v(op.rm()), l.v(op.ra()));
    let sum = l.b.vxor(n, m);
    let sum = l.b.vxor(sum, a);
    l.set_v(op.rd(), sum);
}

/// BCAX: Rd = Rn ^ (Rm and not Ra).
fn bcax(l: &mut Lift, op: Op) {
    let (n, m, a) = (l.v(op.rn()), l.v(op.rm()), l.v(op.ra()));
    let not_a = l.b.vnot(a);
    let cleared = l.b.vand(m, not_a);
    let result = l.b.vxor(n, cleared);
    l.set_v(op.rd(), result);
}

/// Words rotated left.
fn rotated(l: &mut Lift, a: Value, amount: u64) -> Value {
    let (left, right) = (l.b.lanes(WORDS).ishl_const(a, amount), l.b.lanes(WORDS).ushr_const(a, 64 - amount));
    l.b.vor(left, right)
}

/// XAR: Rd = Rn ^ Rm, rotated right by imm6.
fn xar(l: &mut Lift, op: Op) {
    let (n, m) = (l.v(op.rn()), l.v(op.rm()));
    let sum = l.b.vxor(n, m);
    let result = rotated(l, sum, 64 - u64::from(op.bits(15, 10)));
    l.set_v(op.rd(), result);
}

/// RAX1: Rd = Rn ^ (Rm rotated left by 1).
fn rax1(l: &mut Lift, op: Op) {
    let (n, m) = (l.v(op.rn()), l.v(op.rm()));
    let turned = rotated(l, m, 1);
    let result = l.b.vxor(n, turned);
    l.set_v(op.rd(), result);
}

/// A word rotated right by each of some amounts, all added without carry.
fn sum_of_rotations(l: &mut Lift, word: Value, amounts: &[u64]) -> Value {
    let turned: Vec<Value> = amounts
        .iter()
        .map(|amount| {
            let amount = l.i64(*amount);
            l.b.rotr(word, amount)
        })
        .collect();
    turned.into_iter().reduce(|a, b| l.b.bxor(a, b)).expect("there is an amount")
}

/// The function of a name in lower case (FIPS 180-4, §4.1.3): the last is a shift.
fn sigma(l: &mut Lift, word: Value, rotations: [u64; 2], shift: u64) -> Value {
    let turned = sum_of_rotations(l, word, &rotations);
    let shift = l.i64(shift);
    let shifted = l.b.ushr(word, shift);
    l.b.bxor(turned, shifted)
}

/// Bits of `y` where `x` has ones, of `z` where not (§4.1.3).
fn choose(l: &mut Lift, x: Value, y: Value, z: Value) -> Value {
    let not_x = l.b.bnot(x);
    let (y, z) = (l.b.band(x, y), l.b.band(not_x, z));
    l.b.bxor(y, z)
}

/// Bits that two of three have.
fn majority(l: &mut Lift, x: Value, y: Value, z: Value) -> Value {
    let (first, second, third) = (l.b.band(x, y), l.b.band(x, z), l.b.band(y, z));
    let sum = l.b.bxor(first, second);
    l.b.bxor(sum, third)
}

fn sum(l: &mut Lift, words: &[Value]) -> Value {
    words.iter().copied().reduce(|a, b| l.b.iadd(a, b)).expect("there is a word")
}

/// Both words of a register, the lower first.
fn words(l: &mut Lift, n: u32) -> [Value; 2] {
    [0, 1].map(|half| l.v_lane(n, Type::I64, half))
}

/// SHA512H: the first half of two rounds.
fn sha512h(l: &mut Lift, op: Op) {
    const AMOUNTS: [u64; 3] = [14, 18, 41];
    let [w, x, y] = [op.rd(), op.rn(), op.rm()].map(|n| words(l, n));
    let (chosen, turned) = (choose(l, y[1], x[0], x[1]), sum_of_rotations(l, y[1], &AMOUNTS));
    let upper = sum(l, &[chosen, turned, w[1]]);
    let next = l.b.iadd(upper, y[0]);
    let (chosen, turned) = (choose(l, next, y[1], x[0]), sum_of_rotations(l, next, &AMOUNTS));
    let lower = sum(l, &[chosen, turned, w[0]]);
    let result = l.b.iconcat(lower, upper);
    l.set_v(op.rd(), result);
}

/// SHA512H2: the second half of two rounds.
fn sha512h2(l: &mut Lift, op: Op) {
    const AMOUNTS: [u64; 3] = [28, 34, 39];
    let [w, x, y] = [op.rd(), op.rn(), op.rm()].map(|n| words(l, n));
    let (common, turned) = (majority(l, x[0], y[1], y[0]), sum_of_rotations(l, y[0], &AMOUNTS));
    let upper = sum(l, &[common, turned, w[1]]);
    let (common, turned) = (majority(l, upper, y[0], y[1]), sum_of_rotations(l, upper, &AMOUNTS));
    let lower = sum(l, &[common, turned, w[0]]);
    let result = l.b.iconcat(lower, upper);
    l.set_v(op.rd(), result);
}

/// SHA512SU0: the first half of two words of the schedule.
fn sha512su0(l: &mut Lift, op: Op) {
    let [w, x] = [op.rd(), op.rn()].map(|n| words(l, n));
    let [lower, upper] = [(w[0], w[1]), (w[1], x[0])].map(|(word, next)| {
        let sigma = sigma(l, next, [1, 8], 7);
        l.b.iadd(word, sigma)
    });
    let result = l.b.iconcat(lower, upper);
    l.set_v(op.rd(), result);
}

/// SHA512SU1: the second half of two words of the schedule.
fn sha512su1(l: &mut Lift, op: Op) {
    let [w, x, y] = [op.rd(), op.rn(), op.rm()].map(|n| words(l, n));
    let [lower, upper] = [0, 1].map(|half| {
        let sigma = sigma(l, x[half], [19, 61], 6);
        sum(l, &[w[half], sigma, y[half]])
    });
    let result = l.b.iconcat(lower, upper);
    l.set_v(op.rd(), result);
}
