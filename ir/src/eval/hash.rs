//! What rounds of hash functions compute.
//!
//! Source: FIPS 180-4.

use crate::HashOp;

/// The result of `op` for a state of two vectors and four words.
pub fn hash(op: HashOp, first: u128, second: u128, words: u128) -> u128 {
    let (first, second, words) = (unpacked(first), unpacked(second), unpacked(words));
    packed(match op {
        HashOp::Sha1Choose => sha1(first, second[0], words, choose),
        HashOp::Sha1Parity => sha1(first, second[0], words, |x, y, z| x ^ y ^ z),
        HashOp::Sha1Majority => sha1(first, second[0], words, majority),
        HashOp::Sha256First => sha256(first, second, words)[0],
        HashOp::Sha256Second => sha256(first, second, words)[1],
    })
}

fn unpacked(vector: u128) -> [u32; 4] {
    [0, 32, 64, 96].map(|at| (vector >> at) as u32)
}

fn packed(words: [u32; 4]) -> u128 {
    words.iter().rev().fold(0, |vector, word| vector << 32 | u128::from(*word))
}

/// Bits of `y` where `x` has ones, of `z` where not (§4.1.1).
fn choose(x: u32, y: u32, z: u32) -> u32 {
    x & y | !x & z
}

/// Bits that two of three have.
fn majority(x: u32, y: u32, z: u32) -> u32 {
    x & y | x & z | y & z
}

/// §6.1.2.
fn sha1(
    [mut a, mut b, mut c, mut d]: [u32; 4],
    mut e: u32,
    words: [u32; 4],
    function: fn(u32, u32, u32) -> u32,
) -> [u32; 4] {
    for word in words {
        let t = a.rotate_left(5).wrapping_add(function(b, c, d)).wrapping_add(e).wrapping_add(word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, t);
    }
    [a, b, c, d]
}

/// §6.2.2: *a* to *d*, then *e* to *h*.
fn sha256(
    [mut a, mut b, mut c, mut d]: [u32; 4],
    [mut e, mut f, mut g, mut h]: [u32; 4],
    words: [u32; 4],
) -> [[u32; 4]; 2] {
    for word in words {
        let sum1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let sum0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let t1 = h.wrapping_add(sum1).wrapping_add(choose(e, f, g)).wrapping_add(word);
        let t2 = sum0.wrapping_add(majority(a, b, c));
        (h, g, f, e) = (g, f, e, d.wrapping_add(t1));
        (d, c, b, a) = (c, b, a, t1.wrapping_add(t2));
    }
    [[a, b, c, d], [e, f, g, h]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rounds of the one-block message "abc", as NIST's examples for FIPS 180-4
    /// print them: SHA-256's working variables after the fourth.
    #[test]
    fn four_rounds_are_those_of_the_standard() {
        let first = packed([0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a]);
        let second = packed([0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19]);
        let constants = [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5u32];
        let words =
            packed([constants[0].wrapping_add(0x6162_6380), constants[1], constants[2], constants[3]]);
        let found = [HashOp::Sha256First, HashOp::Sha256Second].map(|op| hash(op, first, second, words));
        assert_eq!(unpacked(found[0]), [0xd550_f666, 0xc8c3_47a7, 0x5a6a_d9ad, 0x5d6a_ebcd]);
        assert_eq!(unpacked(found[1]), [0x24e0_0850, 0xf929_39eb, 0x78ce_7989, 0xfa2a_4622]);
    }
}
