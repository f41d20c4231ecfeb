//! What cryptographic helpers compute.
//!
//! Source: FIPS 180-4 (SHA), Arm ARM, the pseudocode function `SHA256hash`.

use guest::{Env, Fault};

use crate::state::{VECTOR_HIGH, VECTOR_LOW};

/// Leaves 128 bits.
fn wide(env: &mut Env<'_>, value: u128) -> Result<u64, Fault> {
    env.cpu.set(VECTOR_HIGH, (value >> 64) as u64);
    Ok(value as u64)
}

fn concat(low: u64, high: u64) -> u128 {
    u128::from(low) | u128::from(high) << 64
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
