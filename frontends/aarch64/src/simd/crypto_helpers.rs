//! What cryptographic helpers compute.
//!
//! Source: FIPS 197 (AES), FIPS 180-4 (SHA), Arm ARM, the pseudocode functions
//! `SHA256hash` and those of AES.

use guest::{Env, Fault};

use super::packed;
use crate::state::{VECTOR_HIGH, VECTOR_LOW};

/// Leaves 128 bits.
fn wide(env: &mut Env<'_>, value: u128) -> Result<u64, Fault> {
    env.cpu.set(VECTOR_HIGH, (value >> 64) as u64);
    Ok(value as u64)
}

fn concat(low: u64, high: u64) -> u128 {
    u128::from(low) | u128::from(high) << 64
}

/// PMULL of 64 bits.
pub fn polynomial_product(env: &mut Env<'_>, [a, b, ..]: [u64; 4]) -> Result<u64, Fault> {
    wide(env, packed::polynomial_product(a, b))
}

/// The product in the field of AES (FIPS 197, §4.2).
const fn field_product(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b != 0 {
        if b & 1 != 0 {
            product ^= a;
        }
        a = a << 1 ^ if a >> 7 != 0 { 0x1b } else { 0 };
        b >>= 1;
    }
    product
}

/// The substitution (§5.1.1): the inverse, then an affine map.
const fn substitute(a: u8) -> u8 {
    // The inverse is the power 254, and that of zero is zero.
    let mut inverse = 1;
    let mut n = 0;
    while n < 254 {
        inverse = field_product(inverse, a);
        n += 1;
    }
    let b = inverse;
    b ^ b.rotate_left(1) ^ b.rotate_left(2) ^ b.rotate_left(3) ^ b.rotate_left(4) ^ 0x63
}

const SUBSTITUTES: [u8; 256] = {
    let mut table = [0; 256];
    let mut a = 0;
    while a < 256 {
        table[a] = substitute(a as u8);
        a += 1;
    }
    table
};

const ORIGINALS: [u8; 256] = {
    let mut table = [0; 256];
    let mut a = 0;
    while a < 256 {
        table[SUBSTITUTES[a] as usize] = a as u8;
        a += 1;
    }
    table
};

/// Bytes shifted within rows (§5.1.2), to the left by the number of the row, or
/// to the right, and substituted.
fn shift_and_substitute(state: u128, left: bool, table: &[u8; 256]) -> u128 {
    let bytes = state.to_le_bytes();
    u128::from_le_bytes(std::array::from_fn(|at| {
        let row = at % 4;
        let column = if left { at / 4 + row } else { at / 4 + 4 - row };
        table[usize::from(bytes[row + 4 * (column % 4)])]
    }))
}

/// AESE without the key.
pub fn aes_encrypt(env: &mut Env<'_>, [low, high, ..]: [u64; 4]) -> Result<u64, Fault> {
    wide(env, shift_and_substitute(concat(low, high), true, &SUBSTITUTES))
}

/// AESD without the key.
pub fn aes_decrypt(env: &mut Env<'_>, [low, high, ..]: [u64; 4]) -> Result<u64, Fault> {
    wide(env, shift_and_substitute(concat(low, high), false, &ORIGINALS))
}

/// Columns times a polynomial, whose coefficients stand from the lowest on
/// (§4.3).
fn mix(state: u128, coefficients: [u8; 4]) -> u128 {
    let bytes = state.to_le_bytes();
    u128::from_le_bytes(std::array::from_fn(|at| {
        let (column, row) = (at & !3, at % 4);
        (0..4).fold(0, |sum, other| {
            sum ^ field_product(bytes[column + other], coefficients[(row + 4 - other) % 4])
        })
    }))
}

/// AESMC (§5.1.3).
pub fn aes_mix(env: &mut Env<'_>, [low, high, ..]: [u64; 4]) -> Result<u64, Fault> {
    wide(env, mix(concat(low, high), [2, 1, 1, 3]))
}

/// AESIMC (§5.3.3).
pub fn aes_unmix(env: &mut Env<'_>, [low, high, ..]: [u64; 4]) -> Result<u64, Fault> {
    wide(env, mix(concat(low, high), [0xe, 0x9, 0xd, 0xb]))
}

fn words(low: u64, high: u64) -> [u32; 4] {
    [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32]
}

fn from_words([a, b, c, d]: [u32; 4]) -> u128 {
    concat(u64::from(a) | u64::from(b) << 32, u64::from(c) | u64::from(d) << 32)
}

/// Bits of `y` where `x` has ones, of `z` where not (FIPS 180-4, §4.1.1).
fn choose(x: u32, y: u32, z: u32) -> u32 {
    x & y | !x & z
}

/// Bits that two of three have.
fn majority(x: u32, y: u32, z: u32) -> u32 {
    x & y | x & z | y & z
}

/// Four rounds (§6.1.2). Argument 0 is e, the others are words with constants
/// added; a to d are in the slots.
fn sha1(env: &mut Env<'_>, args: [u64; 4], function: fn(u32, u32, u32) -> u32) -> Result<u64, Fault> {
    let [mut a, mut b, mut c, mut d] = words(env.cpu.get(VECTOR_LOW), env.cpu.get(VECTOR_HIGH));
    let mut e = args[0] as u32;
    for word in words(args[1], args[2]) {
        let t = a.rotate_left(5).wrapping_add(function(b, c, d)).wrapping_add(e).wrapping_add(word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, t);
    }
    wide(env, from_words([a, b, c, d]))
}

/// SHA1C.
pub fn sha1_choose(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    sha1(env, args, choose)
}

/// SHA1P.
pub fn sha1_parity(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    sha1(env, args, |x, y, z| x ^ y ^ z)
}

/// SHA1M.
pub fn sha1_majority(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    sha1(env, args, majority)
}

/// Four rounds (§6.2.2): a to d, then e to h. Before, a to d are in the slots,
/// and e to h arguments 0 and 1; the others are words with constants added.
fn sha256(env: &mut Env<'_>, args: [u64; 4]) -> [[u32; 4]; 2] {
    let [mut a, mut b, mut c, mut d] = words(env.cpu.get(VECTOR_LOW), env.cpu.get(VECTOR_HIGH));
    let [mut e, mut f, mut g, mut h] = words(args[0], args[1]);
    for word in words(args[2], args[3]) {
        let sum1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let sum0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let t1 = h.wrapping_add(sum1).wrapping_add(choose(e, f, g)).wrapping_add(word);
        let t2 = sum0.wrapping_add(majority(a, b, c));
        (h, g, f, e) = (g, f, e, d.wrapping_add(t1));
        (d, c, b, a) = (c, b, a, t1.wrapping_add(t2));
    }
    [[a, b, c, d], [e, f, g, h]]
}

/// SHA256H.
pub fn sha256_first(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    let [first, _] = sha256(env, args);
    wide(env, from_words(first))
}

/// SHA256H2.
pub fn sha256_second(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    let [_, second] = sha256(env, args);
    wide(env, from_words(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, figure 7.
    #[test]
    fn substitution_is_that_of_the_standard() {
        assert_eq!((SUBSTITUTES[0x00], SUBSTITUTES[0x53], SUBSTITUTES[0xff]), (0x63, 0xed, 0x16));
        assert!((0..256).all(|a| usize::from(ORIGINALS[usize::from(SUBSTITUTES[a])]) == a));
    }

    #[test]
    fn mixing_can_be_undone() {
        let state = 0x0123_4567_89ab_cdef_0f1e_2d3c_4b5a_6978;
        assert_eq!(mix(mix(state, [2, 1, 1, 3]), [0xe, 0x9, 0xd, 0xb]), state);
    }
}
