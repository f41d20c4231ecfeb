//! The hash function SM3 and the block cipher SM4.
//!
//! Source: Arm ARM, C4.1.96, tables "Cryptographic three-register, imm2",
//! "Cryptographic four-register", "Cryptographic three-register SHA 512" and
//! "Cryptographic two-register SHA 512", and chapter C7; GB/T 32907-2016 (SM4).

use guest::{Env, Fault, Row, row};
use ir::{Type, Value};

use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// FEAT_SM3 of these tables. Letters: `m` Rm, `a` Ra, `i` imm2, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const SM3: &[Row<LiftFn>] = &[
    row("sm3tt1a",   "11001110 010 mmmmm 10 ii 00 nnnnn ddddd", sm3tt1a as LiftFn),
    row("sm3tt1b",   "11001110 010 mmmmm 10 ii 01 nnnnn ddddd", sm3tt1b),
    row("sm3tt2a",   "11001110 010 mmmmm 10 ii 10 nnnnn ddddd", sm3tt2a),
    row("sm3tt2b",   "11001110 010 mmmmm 10 ii 11 nnnnn ddddd", sm3tt2b),
    row("sm3ss1",    "11001110 010 mmmmm 0 aaaaa nnnnn ddddd", sm3ss1),
    row("sm3partw1", "11001110 011 mmmmm 1 1 00 00 nnnnn ddddd", sm3partw1),
    row("sm3partw2", "11001110 011 mmmmm 1 1 00 01 nnnnn ddddd", sm3partw2),
];

/// FEAT_SM4 of these tables.
#[rustfmt::skip]
pub const SM4: &[Row<LiftFn>] = &[
    row("sm4ekey", "11001110 011 mmmmm 1 1 00 10 nnnnn ddddd", sm4ekey as LiftFn),
    row("sm4e",    "11001110 110 00000 1 0 00 01 nnnnn ddddd", sm4e),
];

/// The words of a register, the lowest first.
fn words(l: &mut Lift, n: u32) -> [Value; 4] {
    [0, 1, 2, 3].map(|index| l.v_lane(n, Type::I32, index))
}

fn set_words(l: &mut Lift, n: u32, words: [Value; 4]) {
    let vector = l.vector_of(&words);
    l.set_v(n, vector);
}

fn rotated(l: &mut Lift, word: Value, amount: u64) -> Value {
    let amount = l.iconst(Type::I32, amount);
    l.b.rotl(word, amount)
}

/// Words added without carry.
fn xor(l: &mut Lift, words: &[Value]) -> Value {
    words.iter().copied().reduce(|a, b| l.b.bxor(a, b)).expect("there is a word")
}

fn sum(l: &mut Lift, words: &[Value]) -> Value {
    words.iter().copied().reduce(|a, b| l.b.iadd(a, b)).expect("there is a word")
}

/// A word and what it is rotated left by two amounts, added without carry.
fn spread(l: &mut Lift, word: Value, amounts: [u64; 2]) -> Value {
    let [first, second] = amounts.map(|amount| rotated(l, word, amount));
    xor(l, &[word, first, second])
}

/// Bits that two of three have.
fn majority(l: &mut Lift, [x, y, z]: [Value; 3]) -> Value {
    let (first, second, third) = (l.b.band(x, y), l.b.band(x, z), l.b.band(y, z));
    let either = l.b.bor(first, second);
    l.b.bor(either, third)
}

/// Bits of `y` where `x` has ones, of `z` where not.
fn choose(l: &mut Lift, [x, y, z]: [Value; 3]) -> Value {
    let not_x = l.b.bnot(x);
    let (y, z) = (l.b.band(x, y), l.b.band(not_x, z));
    l.b.bor(y, z)
}

/// SM3SS1: the topmost word.
fn sm3ss1(l: &mut Lift, op: Op) {
    let [n, m, a] = [op.rn(), op.rm(), op.ra()].map(|n| l.v_lane(n, Type::I32, 3));
    let turned = rotated(l, n, 12);
    let total = sum(l, &[turned, m, a]);
    let (result, zero) = (rotated(l, total, 7), l.iconst(Type::I32, 0));
    set_words(l, op.rd(), [zero, zero, zero, result]);
}

/// A word of Rm, by imm2.
fn word_of_schedule(l: &mut Lift, op: Op) -> Value {
    l.v_lane(op.rm(), Type::I32, op.bits(13, 12) as u8)
}

/// One round's TT1. `mixed` makes a word of the topmost three of Rd, the topmost
/// first.
fn first_half(l: &mut Lift, op: Op, mixed: fn(&mut Lift, [Value; 3]) -> Value) {
    let [d0, d1, d2, d3] = words(l, op.rd());
    let (n, word) = (l.v_lane(op.rn(), Type::I32, 3), word_of_schedule(l, op));
    let turned = rotated(l, d3, 12);
    let second = xor(l, &[n, turned]);
    let mixed = mixed(l, [d3, d2, d1]);
    let total = sum(l, &[mixed, d0, second, word]);
    let turned = rotated(l, d2, 9);
    set_words(l, op.rd(), [d1, turned, d3, total]);
}

/// SM3TT1A.
fn sm3tt1a(l: &mut Lift, op: Op) {
    first_half(l, op, |l, words| xor(l, &words));
}

/// SM3TT1B.
fn sm3tt1b(l: &mut Lift, op: Op) {
    first_half(l, op, majority);
}

/// One round's TT2, likewise.
fn second_half(l: &mut Lift, op: Op, mixed: fn(&mut Lift, [Value; 3]) -> Value) {
    let [d0, d1, d2, d3] = words(l, op.rd());
    let (n, word) = (l.v_lane(op.rn(), Type::I32, 3), word_of_schedule(l, op));
    let mixed = mixed(l, [d3, d2, d1]);
    let total = sum(l, &[mixed, d0, n, word]);
    let result = spread(l, total, [9, 17]);
    let turned = rotated(l, d2, 19);
    set_words(l, op.rd(), [d1, turned, d3, result]);
}

/// SM3TT2A.
fn sm3tt2a(l: &mut Lift, op: Op) {
    second_half(l, op, |l, words| xor(l, &words));
}

/// SM3TT2B.
fn sm3tt2b(l: &mut Lift, op: Op) {
    second_half(l, op, choose);
}

/// SM3PARTW1: the topmost word needs the lowest of the result.
fn sm3partw1(l: &mut Lift, op: Op) {
    let [d, n, m] = [op.rd(), op.rn(), op.rm()].map(|n| words(l, n));
    let mut result = d;
    for index in 0..4 {
        let next = if index < 3 { m[index + 1] } else { result[0] };
        let turned = rotated(l, next, 15);
        let word = xor(l, &[d[index], n[index], turned]);
        result[index] = spread(l, word, [15, 23]);
    }
    set_words(l, op.rd(), result);
}

/// SM3PARTW2.
fn sm3partw2(l: &mut Lift, op: Op) {
    let [d, n, m] = [op.rd(), op.rn(), op.rm()].map(|n| words(l, n));
    let added: [Value; 4] = std::array::from_fn(|index| {
        let turned = rotated(l, m[index], 7);
        xor(l, &[n[index], turned])
    });
    let mut result: [Value; 4] = std::array::from_fn(|index| xor(l, &[d[index], added[index]]));
    let first = rotated(l, added[0], 15);
    let first = spread(l, first, [15, 23]);
    result[3] = xor(l, &[result[3], first]);
    set_words(l, op.rd(), result);
}

/// Four rounds of SM4, or of its key schedule: each word that is new comes from the
/// other three and a key, by the substitution and `linear`.
fn sm4(l: &mut Lift, op: Op, [state, keys]: [u32; 2], linear: fn(&mut Lift, Value) -> Value) {
    let [mut state, keys] = [state, keys].map(|n| words(l, n));
    for key in keys {
        let word = xor(l, &[state[1], state[2], state[3], key]);
        let word = l.b.uextend(Type::I64, word);
        let word = l.call(helpers::id("sm4.sub"), &[word]);
        let word = l.b.ireduce(Type::I32, word);
        let word = linear(l, word);
        let fresh = xor(l, &[state[0], word]);
        state = [state[1], state[2], state[3], fresh];
    }
    set_words(l, op.rd(), state);
}

/// SM4E: four rounds.
fn sm4e(l: &mut Lift, op: Op) {
    sm4(l, op, [op.rd(), op.rn()], |l, word| {
        let spread = spread(l, word, [2, 10]);
        let [first, second] = [18, 24].map(|amount| rotated(l, word, amount));
        xor(l, &[spread, first, second])
    });
}

/// SM4EKEY: four round keys.
fn sm4ekey(l: &mut Lift, op: Op) {
    sm4(l, op, [op.rn(), op.rm()], |l, word| spread(l, word, [13, 23]));
}

/// The substitution of SM4 for each byte of a word.
pub fn substitute_word(_: &mut Env<'_>, [word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let bytes = (word as u32).to_le_bytes().map(|byte| SUBSTITUTES[usize::from(byte)]);
    Ok(u32::from_le_bytes(bytes).into())
}

/// The affine map on both sides of the inverse: a sum of rotations, and a constant.
const fn affine(a: u8) -> u8 {
    a ^ a.rotate_left(1) ^ a.rotate_left(3) ^ a.rotate_left(6) ^ a.rotate_left(7) ^ 0xd3
}

/// The product modulo x⁸ + x⁷ + x⁶ + x⁵ + x⁴ + x² + 1.
const fn field_product(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b != 0 {
        if b & 1 != 0 {
            product ^= a;
        }
        a = a << 1 ^ if a >> 7 != 0 { 0xf5 } else { 0 };
        b >>= 1;
    }
    product
}

const SUBSTITUTES: [u8; 256] = {
    let mut table = [0; 256];
    let mut a = 0;
    while a < 256 {
        let base = affine(a as u8);
        // The inverse is the power 254, and that of zero is zero.
        let mut inverse = 1;
        let mut n = 0;
        while n < 254 {
            inverse = field_product(inverse, base);
            n += 1;
        }
        table[a] = affine(inverse);
        a += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32907-2016, table 1: both ends.
    #[test]
    fn substitution_is_that_of_the_standard() {
        assert_eq!(SUBSTITUTES[..8], [0xd6, 0x90, 0xe9, 0xfe, 0xcc, 0xe1, 0x3d, 0xb7]);
        assert_eq!(SUBSTITUTES[0xff], 0x48);
    }
}
