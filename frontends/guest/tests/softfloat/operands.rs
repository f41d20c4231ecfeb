//! Operands that reach the corners: after TestFloat, exponents near the ends
//! and the middle of the range, and fractions of few or of nearly all bits.

use guest::softfloat::Format;

/// A small generator of well-mixed numbers (the finalizer of SplitMix64). Each
/// test seeds its own, so a failure repeats.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Biased exponents at which something changes.
fn edge_exponents<F: Format>() -> Vec<u64> {
    let top = (1u64 << F::EXPONENT_BITS) - 1;
    let bias = F::EMAX as u64;
    let precision = u64::from(F::PRECISION);
    let around = |center: u64| center.saturating_sub(2)..=(center + 2).min(top);
    let centers = [0, precision, bias - precision.min(bias), bias, bias + 31, bias + 63];
    let mut all: Vec<u64> = centers.into_iter().chain([bias + precision, top]).collect();
    all.retain(|&center| center <= top);
    all.into_iter().flat_map(around).collect()
}

/// An operand of the format; its exponent or fraction is often at an edge.
pub fn operand<F: Format>(random: &mut Random) -> u64 {
    let fraction_mask = (1u64 << F::FRACTION_BITS) - 1;
    let exponent = match random.below(4) {
        0 => random.below(1 << F::EXPONENT_BITS),
        1 => F::EMAX as u64 + random.below(5) - 2,
        _ => {
            let edges = edge_exponents::<F>();
            edges[random.below(edges.len() as u64) as usize]
        }
    };
    let bit = |random: &mut Random| 1u64 << random.below(u64::from(F::FRACTION_BITS));
    let fraction = match random.below(7) {
        0 => 0,
        1 => bit(random),
        2 => bit(random).wrapping_sub(1),
        3 => bit(random).wrapping_sub(bit(random)),
        4 => !bit(random),
        5 => bit(random) | bit(random),
        _ => random.next(),
    };
    random.below(2) << (F::BITS - 1) | exponent << F::FRACTION_BITS | fraction & fraction_mask
}

/// An operand that is often near another in magnitude, so that a sum with it
/// cancels or a quotient is near one.
pub fn operand_near<F: Format>(other: u64, random: &mut Random) -> u64 {
    let mask = u64::MAX >> (64 - F::BITS);
    match random.below(4) {
        0 => other.wrapping_add(random.below(9)).wrapping_sub(4) & mask,
        1 => (other ^ 1 << (F::BITS - 1)).wrapping_add(random.below(5)).wrapping_sub(2) & mask,
        _ => operand::<F>(random),
    }
}

/// Values worth combining with each other: both signs of zeros, infinities,
/// NaNs of both kinds, and numbers next to each edge.
pub fn corners<F: Format>() -> Vec<u64> {
    let one = (F::EMAX as u64) << F::FRACTION_BITS;
    let infinity = ((1u64 << F::EXPONENT_BITS) - 1) << F::FRACTION_BITS;
    let quiet = 1u64 << (F::FRACTION_BITS - 1);
    let least_normal = 1u64 << F::FRACTION_BITS;
    let magnitudes = [
        0,
        1,
        2,
        least_normal - 1,
        least_normal,
        least_normal + 1,
        2 * least_normal,
        one / 2,
        one - 1,
        one,
        one + 1,
        one + quiet,
        one + least_normal,
        one + least_normal + quiet,
        infinity - least_normal,
        infinity - 1,
        infinity,
        infinity + 1,
        infinity + quiet - 1,
        infinity + quiet,
        infinity + quiet + 5,
    ];
    let sign = 1u64 << (F::BITS - 1);
    magnitudes.into_iter().flat_map(|magnitude| [magnitude, magnitude | sign]).collect()
}
