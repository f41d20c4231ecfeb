//! Tier 0: an interpreter of pre-decoded IR. All cold code runs here; it also
//! finishes what compiled code hands back: faults, devices, short slices.

mod decode;
mod ops;
mod plan;
mod run;

pub(crate) use decode::{Decoder, TooLong};
pub(crate) use ops::{Code, Op, Word, ZERO};
pub(crate) use run::{Next, call, compare, run};
