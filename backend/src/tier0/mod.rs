//! Tier 0: an interpreter of pre-decoded IR. All cold code runs here; it also
//! finishes what compiled code hands back: faults, devices, short slices.

mod decode;
mod ops;
mod run;

pub(crate) use decode::{TooLong, decode};
pub(crate) use ops::{Code, Op, Word, ZERO};
pub(crate) use run::{Next, compare, run};
