//! News of translated code, for profilers.

use std::sync::Arc;

/// Host code that can be run from now on. A later range at the same address
/// takes the place of an earlier one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeRange {
    /// The tier that made it.
    pub tier: u8,
    /// The guest's architecture, as it calls itself.
    pub guest: &'static str,
    /// The guest address of the first of its instructions.
    pub pc: u64,
    /// The host address it is run at.
    pub address: u64,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Who is told, on the thread that made the code.
pub type Published = Arc<dyn Fn(&CodeRange) + Send + Sync>;
