//! Tier 0: an interpreter of pre-decoded IR. All cold code runs here; it also
//! finishes what compiled code hands back: faults, devices, short slices.

mod decode;
mod lanes;
mod ops;
mod plan;
mod run;

pub(crate) use decode::{Decoder, TooLong};
pub(crate) use lanes::VectorOp;
pub(crate) use ops::{Code, Op, Word, ZERO};
pub(crate) use run::{Next, access_vector, call, compare, run};
