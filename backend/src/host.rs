//! Guest memory by host address, for accesses the TLB has let through.
#![allow(unsafe_code)] // The fence around the TLB's fast path; see docs/architecture.md.

use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

/// A host address inside guest RAM, as a TLB entry yields it. Whoever makes
/// one vouches for it: [`crate::memory`] alone does, from entries it filled
/// itself with addresses of RAM that lives as long as the engine.
#[derive(Clone, Copy)]
pub(crate) struct HostAddr(pub(crate) u64);

impl HostAddr {
    /// Loads `N` bytes (1, 2, 4 or 8) little-endian, at any alignment.
    #[inline(always)]
    pub(crate) fn load<const N: usize>(self) -> u64 {
        let mut bytes = [0; 8];
        // SAFETY: a `HostAddr` is made from a TLB hit for the whole access, so
        // the range lies in mapped guest RAM, which outlives the engine.
        let value: [u8; N] = unsafe { (self.0 as *const [u8; N]).read_unaligned() };
        bytes[..N].copy_from_slice(&value);
        u64::from_le_bytes(bytes)
    }

    /// Stores the low `N` bytes (1, 2, 4 or 8) little-endian, at any alignment.
    #[inline(always)]
    pub(crate) fn store<const N: usize>(self, value: u64) {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&value.to_le_bytes()[..N]);
        // SAFETY: as in `load`.
        unsafe { (self.0 as *mut [u8; N]).write_unaligned(bytes) };
    }

    /// Stores `new` if memory holds `expected`; yields what it held. The
    /// address is a multiple of `bytes` (1, 2, 4 or 8).
    pub(crate) fn compare_exchange(self, bytes: u8, expected: u64, new: u64) -> u64 {
        const OK: Ordering = Ordering::SeqCst;
        assert!(self.0.is_multiple_of(bytes.into()), "atomic accesses are aligned");
        // SAFETY: as in `load`; alignment was checked just now, and guest RAM is
        // only ever touched through raw pointers, so no reference is violated.
        unsafe {
            match bytes {
                1 => AtomicU8::from_ptr(self.0 as *mut u8)
                    .compare_exchange(expected as u8, new as u8, OK, OK)
                    .unwrap_or_else(|held| held)
                    .into(),
                2 => AtomicU16::from_ptr(self.0 as *mut u16)
                    .compare_exchange(expected as u16, new as u16, OK, OK)
                    .unwrap_or_else(|held| held)
                    .into(),
                4 => AtomicU32::from_ptr(self.0 as *mut u32)
                    .compare_exchange(expected as u32, new as u32, OK, OK)
                    .unwrap_or_else(|held| held)
                    .into(),
                _ => AtomicU64::from_ptr(self.0 as *mut u64)
                    .compare_exchange(expected, new, OK, OK)
                    .unwrap_or_else(|held| held),
            }
        }
    }
}
