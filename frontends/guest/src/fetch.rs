//! Where a front end reads code.

use crate::Fault;

/// Code at guest addresses: bytes of translated memory for most guests, a
/// control store's words for a microcoded one.
pub trait Fetch {
    /// Reads the 16-bit unit at the even guest address `at`.
    ///
    /// # Errors
    /// The guest's fault for a fetch that fails there.
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault>;

    /// Reads the 32-bit unit at `at`, which need not lie in one page.
    ///
    /// # Errors
    /// The guest's fault for a fetch that fails there.
    fn fetch32(&mut self, at: u64) -> Result<u32, Fault> {
        let low = self.fetch16(at)?;
        let high = self.fetch16(at.wrapping_add(2))?;
        Ok(u32::from(low) | u32::from(high) << 16)
    }
}
