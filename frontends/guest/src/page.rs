//! The result of a translation.

use bus::PhysAddr;

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
}
