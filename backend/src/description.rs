//! What a refill has to know of an access, in one word.

/// Packs size in bytes, regime and whether it writes.
pub(crate) const fn pack(bytes: u8, regime: u8, write: bool) -> u32 {
    bytes as u32 | (regime as u32) << 8 | (write as u32) << 16
}

/// Unpacks them.
pub(crate) const fn unpack(word: u32) -> (u8, u8, bool) {
    (word as u8, (word >> 8) as u8, word >> 16 & 1 != 0)
}
