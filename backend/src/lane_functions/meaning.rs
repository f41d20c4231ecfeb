//! Functions that do what the operations mean, for any host.
#![allow(unsafe_code)] // The fence around vectors as integers; see docs/architecture.md.

use super::{LaneFunction, Vector};
use ir::{HashOp, LaneBinaryOp as Op, LaneUnaryOp as UnaryOp, Lanes, eval};

type Unary = extern "C" fn(Vector) -> Vector;
type Binary = extern "C" fn(Vector, Vector) -> Vector;
type Ternary = extern "C" fn(Vector, Vector, Vector) -> Vector;

pub(super) fn address(function: LaneFunction) -> u64 {
    use LaneFunction as F;
    let unary = |f: Unary| f as usize as u64;
    let binary = |f: Binary| f as usize as u64;
    let ternary = |f: Ternary| f as usize as u64;
    match function {
        F::AesSub => unary(unary_of::<{ UnaryOp::AesSub as usize }>),
        F::AesUnsub => unary(unary_of::<{ UnaryOp::AesUnsub as usize }>),
        F::AesMix => unary(unary_of::<{ UnaryOp::AesMix as usize }>),
        F::AesUnmix => unary(unary_of::<{ UnaryOp::AesUnmix as usize }>),
        F::AesRound => unary(round),
        F::AesUnround => unary(unround),
        F::ClmulLow => binary(binary_of::<{ Op::ClmulLow as usize }, 3>),
        F::ClmulHigh => binary(binary_of::<{ Op::ClmulHigh as usize }, 3>),
        F::Sshift16 => binary(binary_of::<{ Op::Sshift as usize }, 1>),
        F::Ushift16 => binary(binary_of::<{ Op::Ushift as usize }, 1>),
        F::Sshift32 => binary(binary_of::<{ Op::Sshift as usize }, 2>),
        F::Ushift32 => binary(binary_of::<{ Op::Ushift as usize }, 2>),
        F::Sshift64 => binary(binary_of::<{ Op::Sshift as usize }, 3>),
        F::Ushift64 => binary(binary_of::<{ Op::Ushift as usize }, 3>),
        F::Sha1Choose => ternary(rounds_of::<{ HashOp::Sha1Choose as usize }>),
        F::Sha1Parity => ternary(rounds_of::<{ HashOp::Sha1Parity as usize }>),
        F::Sha1Majority => ternary(rounds_of::<{ HashOp::Sha1Majority as usize }>),
        F::Sha256First => ternary(rounds_of::<{ HashOp::Sha256First as usize }>),
        F::Sha256Second => ternary(rounds_of::<{ HashOp::Sha256Second as usize }>),
    }
}

fn from_bits(bits: u128) -> Vector {
    // SAFETY: both are 16 bytes, of which each value is one.
    unsafe { std::mem::transmute(bits) }
}

fn to_bits(vector: Vector) -> u128 {
    // SAFETY: as above.
    unsafe { std::mem::transmute(vector) }
}

extern "C" fn unary_of<const OP: usize>(a: Vector) -> Vector {
    from_bits(eval::lane_unary(UnaryOp::ALL[OP], Lanes::I8x16, to_bits(a)))
}

extern "C" fn binary_of<const OP: usize, const LANES: usize>(a: Vector, b: Vector) -> Vector {
    from_bits(eval::lane_binary(Op::ALL[OP], Lanes::ALL[LANES], to_bits(a), to_bits(b)))
}

extern "C" fn rounds_of<const OP: usize>(first: Vector, second: Vector, words: Vector) -> Vector {
    from_bits(eval::hash(HashOp::ALL[OP], to_bits(first), to_bits(second), to_bits(words)))
}

extern "C" fn round(a: Vector) -> Vector {
    unary_of::<{ UnaryOp::AesMix as usize }>(unary_of::<{ UnaryOp::AesSub as usize }>(a))
}

extern "C" fn unround(a: Vector) -> Vector {
    unary_of::<{ UnaryOp::AesUnmix as usize }>(unary_of::<{ UnaryOp::AesUnsub as usize }>(a))
}
