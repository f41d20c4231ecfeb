//! The result of a translation.

use bus::PhysAddr;

/// The bits of a block key's mode that do not come from the CPU's state but from
/// the page that the code is in; see [`Page::code_mode`].
pub const PAGE_MODE: u32 = 0xf << 28;

/// What one 4 KiB page of virtual addresses maps to, as far as an engine may
/// remember it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// Physical address of the byte asked for.
    pub phys: PhysAddr,
    /// Loads are allowed, and need no flag set any more.
    pub read: bool,
    /// Stores are allowed, and need no flag set any more.
    pub write: bool,
    /// Fetches are allowed, and need no flag set any more.
    pub exec: bool,
    /// The answer holds for the whole 4 KiB page until translations are
    /// flushed. If not, it holds for this access alone.
    pub cacheable: bool,
    /// The answer holds in every address space, and outlives flushes of one.
    pub global: bool,
    /// How many low bits of the address the guest's page keeps, at least 12: a
    /// flush of any address in it concerns all of it.
    pub offset_bits: u8,
    /// The answer holds for all of that page, with `phys` going on as the
    /// address does. If not, it holds for the 4 KiB.
    pub whole: bool,
    /// Loads and stores there have to be aligned to their size, or else fault as
    /// [`Guest::misaligned`](crate::Guest::misaligned) says. Such pages are slow.
    pub aligned: bool,
    /// What the guest's tables say of code in the page: bits of [`PAGE_MODE`], which
    /// blocks there are lifted with beside those of
    /// [`Guest::block_key`](crate::Guest::block_key). It counts for fetches only.
    pub code_mode: u32,
}
