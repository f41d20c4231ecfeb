//! Tier 0: an interpreter of pre-decoded IR. All cold code runs here; it also
//! finishes what compiled code hands back: faults, devices, short slices.

mod decode;
mod lanes;
mod ops;
mod plan;
mod run;

pub(crate) use decode::{Decoder, TooLong};
pub(crate) use lanes::{VectorOp, set_vector, vector};
pub(crate) use ops::{Code, Op, Word, ZERO};
pub(crate) use run::{Next, call, compare, load_vector, run, store_vector};
