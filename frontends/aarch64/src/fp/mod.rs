//! Scalar floating-point instructions.
//!
//! Source: Arm ARM, C4.1.96 (data processing: scalar floating point and
//! Advanced SIMD) and chapter C7.

mod arithmetic;
mod compare;
mod conversion;
pub mod env;
mod float;
mod helpers;
mod inline;
mod integer;
pub mod integral;
mod number;
mod spec;

pub use arithmetic::expand_immediate;
pub use helpers::Trio;
pub use integer::{FROM_INTEGER, TO_INTEGER};
pub use number::Precision;
pub use spec::{ConversionSpec, IntWidth, Mode};

use guest::Helper;

use crate::decode::Set;
use crate::model::Features;

/// Rows of these instructions, in the order of the manual's index.
pub static SETS: &[Set] = &[
    Set::float("conversion between floating-point and fixed-point", integer::FIXED),
    Set::float("conversion between floating-point and integer", integer::INTEGER),
    Set::float_feature("conversion between floating-point and integer", Features::JSCVT, integer::JSCVT),
    Set::float("floating-point data-processing (1 source)", arithmetic::ONE_SOURCE),
    Set::float_feature("floating-point data-processing (1 source)", Features::FRINTTS, arithmetic::FRINTTS),
    Set::float("floating-point compare", compare::COMPARE),
    Set::float("floating-point immediate", arithmetic::IMMEDIATE),
    Set::float("floating-point conditional compare", compare::CONDITIONAL_COMPARE),
    Set::float("floating-point data-processing (2 source)", arithmetic::TWO_SOURCES),
    Set::float("floating-point conditional select", compare::SELECT),
    Set::float("floating-point data-processing (3 source)", arithmetic::THREE_SOURCES),
];

/// Helpers of these instructions: arithmetic and comparison.
pub const ARITHMETIC: &[Helper] = helpers::ARITHMETIC;

/// Helpers of these instructions: conversions.
pub const CONVERSIONS: &[Helper] = conversion::CONVERSIONS;
