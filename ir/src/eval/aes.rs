//! The rounds of AES, but for the keys.
//!
//! Source: FIPS 197. Byte 0 of a state is the first of its first column.

/// The rows shifted (§5.1.2), the bytes substituted (§5.1.1).
pub(super) fn sub(state: u128) -> u128 {
    shift_and_substitute(state, true, &SUBSTITUTES)
}

/// The inverse of [`sub`] (§5.3.1, §5.3.2).
pub(super) fn unsub(state: u128) -> u128 {
    shift_and_substitute(state, false, &ORIGINALS)
}

/// The columns mixed (§5.1.3).
pub(super) fn mix(state: u128) -> u128 {
    multiply(state, [2, 1, 1, 3])
}

/// The inverse of [`mix`] (§5.3.3).
pub(super) fn unmix(state: u128) -> u128 {
    multiply(state, [0xe, 0x9, 0xd, 0xb])
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

/// Columns times a polynomial, whose coefficients stand from the lowest on
/// (§4.3).
fn multiply(state: u128, coefficients: [u8; 4]) -> u128 {
    let bytes = state.to_le_bytes();
    u128::from_le_bytes(std::array::from_fn(|at| {
        let (column, row) = (at & !3, at % 4);
        (0..4).fold(0, |sum, other| {
            sum ^ field_product(bytes[column + other], coefficients[(row + 4 - other) % 4])
        })
    }))
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

    /// FIPS 197, appendix B: the state after the first round's start, and behind
    /// its substitution with shift and its mixing.
    #[test]
    fn the_first_round_is_that_of_the_standard() {
        let state = |hex: &str| u128::from_str_radix(hex, 16).expect("it is hexadecimal").swap_bytes();
        let start = state("193de3bea0f4e22b9ac68d2ae9f84808");
        let shifted = state("d4bf5d30e0b452aeb84111f11e2798e5");
        let mixed = state("046681e5e0cb199a48f8d37a2806264c");
        assert_eq!((sub(start), mix(shifted)), (shifted, mixed));
        assert_eq!((unsub(shifted), unmix(mixed)), (start, shifted));
    }
}
