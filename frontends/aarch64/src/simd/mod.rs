//! Advanced SIMD instructions.

mod register;

use guest::Helper;

use crate::decode::Set;

/// Rows of these instructions.
pub static SETS: &[Set] = &[];

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[];
