//! Floating point in integer arithmetic, for every guest (IEEE 754-2008).
//!
//! One set of operations serves all guests of one process, so everything in
//! which architectures differ is a value in [`Env`]: the rounding mode, where
//! tininess is detected, which NaN an operation returns, and what happens to
//! subnormal numbers. Operations take and return raw bits and only ever add to
//! [`Env::flags`], as the standard asks of default exception handling (§7.1).
//!
//! ```
//! use guest::softfloat::{self, Env, F64, Flags, Rounding};
//!
//! let mut env = Env::riscv(Rounding::NearestEven);
//! let third = softfloat::div::<F64>(1f64.to_bits(), 3f64.to_bits(), &mut env);
//! assert_eq!(f64::from_bits(third), 1.0 / 3.0);
//! assert_eq!(env.flags, Flags::INEXACT);
//! ```
//!
//! Sources: IEEE 754-2008 and, for minimum and maximum, IEEE 754-2019; the
//! RISC-V unprivileged manual (20240411), chapters "F" and "D"; the Arm
//! Architecture Reference Manual (DDI 0487), the shared pseudocode functions
//! `FPUnpack`, `FPRound`, `FPProcessNaNs` and those that call them; the Intel
//! 64 and IA-32 Software Developer's Manual (SDM), volume 1, chapters 4, 10,
//! 11 and 14.
//!
//! Inside, a nonzero number is a sign, an exponent and a significand shifted
//! up to the top bit of its word (`unpack.rs`). The bits below the format's
//! precision hold what rounding needs: the last of them is *sticky*, set when
//! anything nonzero was shifted out. `round.rs` alone turns that
//! back into bits.

mod arith;
mod compare;
mod convert;
mod env;
mod estimate;
mod format;
mod fused;
pub mod host;
mod integer;
mod integral;
mod minmax;
mod nan;
mod round;
mod sqrt_div;
mod unpack;
mod word;

pub use arith::{add, mul, mul_extended, sub};
pub use compare::{Relation, compare, compare_signaling, eq, le, le_quiet, lt, lt_quiet};
pub use convert::{convert, from_alternative_half, to_alternative_half};
pub use env::{Env, Flags, Flush, NanRule, Rounding, SubnormalInput, SubnormalOutput, Tininess};
pub use estimate::{recip_estimate, recip_estimate_u32, recip_exponent, rsqrt_estimate, rsqrt_estimate_u32};
pub use format::{BF16, F16, F32, F64, Format};
pub use fused::{Negate, mul_add, mul_add_signed, newton_step};
pub use integer::{Integer, OutOfRange, from_fixed, from_integer, to_fixed, to_i32_modular, to_integer};
pub use integral::round_to_integral;
pub use minmax::{MinMax, max, min};
pub use sqrt_div::{div, sqrt};
pub use unpack::{Class, classify};
pub use word::{Wide, Word};
