//! Random numbers, and values at which instructions are likely to go wrong.

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers for the
/// same seed, everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

/// For an integer register.
pub fn integer(random: &mut Random) -> u64 {
    let bit = 1u64 << random.below(64);
    match random.below(8) {
        0 => random.pick(&[0, 1, u64::MAX, i64::MIN as u64, i64::MAX as u64]),
        1 => random.pick(&[i32::MIN as u64, i32::MAX as u64, u64::from(u32::MAX), 1 << 31, 1 << 32]),
        2 => random.below(64),
        3 => random.pick(&[bit, bit - 1, !bit, bit.wrapping_neg()]),
        4 => random.next() as i32 as u64,
        5 => random.next() >> random.below(64),
        _ => random.next(),
    }
}

/// For a floating-point register: a boxed single, a double, or any bits.
pub fn float(random: &mut Random) -> u64 {
    match random.below(16) {
        0 => random.next(),
        1..=7 => double(random),
        _ => 0xffff_ffff_0000_0000 | u64::from(single(random)),
    }
}

fn single(random: &mut Random) -> u32 {
    let sign = (random.below(2) as u32) << 31;
    let fraction = random.next() as u32 & 0x7f_ffff;
    let sparse = 0x40_0000u32 >> random.below(24);
    let exponent = match random.below(6) {
        0 => return sign | random.pick(&SINGLES),
        1 => 0,
        // Numbers that are integers, in part or with a fraction.
        2 => 126 + random.below(67) as u32,
        3 => 120 + random.below(16) as u32,
        _ => random.below(256) as u32,
    };
    sign | exponent << 23 | random.pick(&[fraction, fraction, sparse, 0x7f_ffff ^ sparse])
}

fn double(random: &mut Random) -> u64 {
    let sign = random.below(2) << 63;
    let fraction = random.next() >> 12;
    let sparse = (1u64 << 51) >> random.below(53);
    // What rounding to a single depends on: its last bit, half of it, and less.
    let near_single = (fraction >> 29 << 29) | random.pick(&[0, 1, (1 << 28) - 1, 1 << 28, (1 << 28) + 1]);
    let exponent = match random.below(8) {
        0 => return sign | random.pick(&DOUBLES),
        1 => 0,
        2 => 1022 + random.below(67),
        3 => 1016 + random.below(16),
        // Around the smallest and the largest singles.
        4 => 1023 - 152 + random.below(30),
        5 => 1023 + 125 + random.below(6),
        _ => random.below(2048),
    };
    sign | exponent << 52 | random.pick(&[fraction, near_single, sparse, (1 << 52) - 1 - sparse])
}

/// Zero, infinity, NaNs (quiet, signalling), the ends of the subnormals and of
/// the normals, one and its neighbours, and the limits of integers.
#[rustfmt::skip]
const SINGLES: [u32; 20] = [
    0, 0x7f80_0000, 0x7fc0_0000, 0x7f80_0001, 0x7fff_ffff, 0x7fa0_0000,
    1, 0x007f_ffff, 0x0080_0000, 0x7f7f_ffff,
    0x3f7f_ffff, 0x3f80_0000, 0x3f80_0001, 0x3f00_0000,
    0x4eff_ffff, 0x4f00_0000, 0x4f80_0000, 0x5eff_ffff, 0x5f00_0000, 0x5f80_0000,
];

/// The same as doubles, and some that singles cannot hold.
#[rustfmt::skip]
const DOUBLES: [u64; 26] = [
    0, 0x7ff0_0000_0000_0000, 0x7ff8_0000_0000_0000, 0x7ff0_0000_0000_0001, 0x7fff_ffff_ffff_ffff,
    0x7ff4_0000_0000_0000, 1, 0x000f_ffff_ffff_ffff, 0x0010_0000_0000_0000, 0x7fef_ffff_ffff_ffff,
    0x3fef_ffff_ffff_ffff, 0x3ff0_0000_0000_0000, 0x3ff0_0000_0000_0001, 0x3fe0_0000_0000_0000,
    // 2³¹ − 1, 2³¹ − ½, 2³¹, 2³¹ + ½, 2³² − 1, 2³² − ½, 2³².
    0x41df_ffff_ffc0_0000, 0x41df_ffff_ffe0_0000, 0x41e0_0000_0000_0000, 0x41e0_0000_0010_0000,
    0x41ef_ffff_ffe0_0000, 0x41ef_ffff_fff0_0000, 0x41f0_0000_0000_0000,
    // Below and at 2⁶³ and 2⁶⁴; the largest single and half a step more.
    0x43df_ffff_ffff_ffff, 0x43e0_0000_0000_0000, 0x43ef_ffff_ffff_ffff, 0x43f0_0000_0000_0000,
    0x47ef_ffff_f000_0000,
];
