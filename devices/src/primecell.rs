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
