//! What all Arm PrimeCell peripherals have (PL011, PL031, PL061 and others).

/// Where the identification registers begin.
pub(crate) const IDENTIFICATION: u64 = 0xfe0;
/// Size of a PrimeCell's registers.
pub const PRIMECELL_BYTES: u64 = 0x1000;

/// The value of identification register `offset`: the part's number and
/// revision in the four of `peripheral`, then what all of them say.
pub(crate) fn identification(offset: u64, peripheral: [u8; 4]) -> u8 {
    const CELL: [u8; 4] = [0x0d, 0xf0, 0x05, 0xb1];
    let index = ((offset - IDENTIFICATION) / 4) as usize;
    peripheral.iter().chain(&CELL).nth(index).copied().unwrap_or(0)
}

/// `value` of a 32-bit register as a read of `bytes` at `offset` shows it: from its
/// first byte on, as firmware reads identification, or else zero.
pub(crate) fn shown(offset: u64, bytes: u8, value: u32) -> u64 {
    match bytes {
        1..=4 if offset.is_multiple_of(4) => u64::from(value) & (u64::MAX >> (64 - 8 * u32::from(bytes))),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn registers_begin_at_words_and_have_four_bytes() {
        let value = 0x1234_5678;
        assert_eq!([1, 2, 4, 8].map(|bytes| shown(0xfe0, bytes, value)), [0x78, 0x5678, 0x1234_5678, 0]);
        assert_eq!([1, 2, 3].map(|byte| shown(byte, 1, value)), [0; 3]);
    }
}
