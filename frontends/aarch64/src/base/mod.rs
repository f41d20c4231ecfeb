//! The base instructions.
//!
//! Source: Arm ARM, C4.1 (encoding index) and chapter C6.

mod barrier;
mod branch;
mod exception;
mod immediate;

use guest::Helper;

use crate::decode::Set;
use crate::model::Features;

/// Rows of these instructions, in the order of the manual's index.
pub static SETS: &[Set] = &[
    Set::base("reserved", exception::RESERVED),
    Set::base("add/subtract (immediate)", immediate::ADD_SUB),
    Set::base("unconditional branch (immediate)", branch::UNCONDITIONAL),
    Set::base("barriers", barrier::BARRIERS),
    Set::feature("barriers", Features::SB, barrier::SPECULATION),
    Set::base("exception generation", exception::GENERATION),
];

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = barrier::HELPERS;
