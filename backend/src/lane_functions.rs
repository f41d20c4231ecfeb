//! Operations on vectors that Cranelift has no instruction for. Where the host has
//! one, it is in a function of its own here, which regions call as the host calls
//! functions: vectors in, a vector out. Where it has none, the function is the
//! operation's meaning.

// Vectors go in the registers of the host's convention, as they do for Cranelift.
#![allow(improper_ctypes_definitions)]

mod meaning;

#[cfg(target_arch = "x86_64")]
mod x64;

use ir::{HashOp, LaneBinaryOp, LaneUnaryOp, Lanes};

/// Such a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LaneFunction {
    /// [`LaneUnaryOp::AesSub`].
    AesSub,
    /// [`LaneUnaryOp::AesUnsub`].
    AesUnsub,
    /// [`LaneUnaryOp::AesMix`].
    AesMix,
    /// [`LaneUnaryOp::AesUnmix`].
    AesUnmix,
    /// [`LaneUnaryOp::AesMix`] of [`LaneUnaryOp::AesSub`].
    AesRound,
    /// [`LaneUnaryOp::AesUnmix`] of [`LaneUnaryOp::AesUnsub`].
    AesUnround,
    /// [`LaneBinaryOp::ClmulLow`].
    ClmulLow,
    /// [`LaneBinaryOp::ClmulHigh`].
    ClmulHigh,
    /// [`LaneBinaryOp::Sshift`] of 16-bit lanes.
    Sshift16,
    /// [`LaneBinaryOp::Ushift`] of 16-bit lanes.
    Ushift16,
    /// [`LaneBinaryOp::Sshift`] of 32-bit lanes.
    Sshift32,
    /// [`LaneBinaryOp::Ushift`] of 32-bit lanes.
    Ushift32,
    /// [`LaneBinaryOp::Sshift`] of 64-bit lanes.
    Sshift64,
    /// [`LaneBinaryOp::Ushift`] of 64-bit lanes.
    Ushift64,
    /// [`HashOp::Sha1Choose`].
    Sha1Choose,
    /// [`HashOp::Sha1Parity`].
    Sha1Parity,
    /// [`HashOp::Sha1Majority`].
    Sha1Majority,
    /// [`HashOp::Sha256First`].
    Sha256First,
    /// [`HashOp::Sha256Second`].
    Sha256Second,
}

impl LaneFunction {
    /// All of them, in the order of the declaration.
    pub(crate) const ALL: [LaneFunction; 19] = [
        LaneFunction::AesSub,
        LaneFunction::AesUnsub,
        LaneFunction::AesMix,
        LaneFunction::AesUnmix,
        LaneFunction::AesRound,
        LaneFunction::AesUnround,
        LaneFunction::ClmulLow,
        LaneFunction::ClmulHigh,
        LaneFunction::Sshift16,
        LaneFunction::Ushift16,
        LaneFunction::Sshift32,
        LaneFunction::Ushift32,
        LaneFunction::Sshift64,
        LaneFunction::Ushift64,
        LaneFunction::Sha1Choose,
        LaneFunction::Sha1Parity,
        LaneFunction::Sha1Majority,
        LaneFunction::Sha256First,
        LaneFunction::Sha256Second,
    ];

    /// The one for an operation, if Cranelift lacks it.
    pub(crate) fn of_unary(op: LaneUnaryOp) -> Option<LaneFunction> {
        match op {
            LaneUnaryOp::AesSub => Some(LaneFunction::AesSub),
            LaneUnaryOp::AesUnsub => Some(LaneFunction::AesUnsub),
            LaneUnaryOp::AesMix => Some(LaneFunction::AesMix),
            LaneUnaryOp::AesUnmix => Some(LaneFunction::AesUnmix),
            _ => None,
        }
    }

    /// The one for an operation, if Cranelift lacks it. Shifts are made of
    /// what it has where the host has none.
    pub(crate) fn of_binary(op: LaneBinaryOp, lanes: Lanes) -> Option<LaneFunction> {
        match (op, lanes) {
            (LaneBinaryOp::ClmulLow, _) => Some(LaneFunction::ClmulLow),
            (LaneBinaryOp::ClmulHigh, _) => Some(LaneFunction::ClmulHigh),
            _ if instruction(LaneFunction::Sshift16).is_none() => None,
            (LaneBinaryOp::Sshift, Lanes::I16x8) => Some(LaneFunction::Sshift16),
            (LaneBinaryOp::Ushift, Lanes::I16x8) => Some(LaneFunction::Ushift16),
            (LaneBinaryOp::Sshift, Lanes::I32x4) => Some(LaneFunction::Sshift32),
            (LaneBinaryOp::Ushift, Lanes::I32x4) => Some(LaneFunction::Ushift32),
            (LaneBinaryOp::Sshift, Lanes::I64x2) => Some(LaneFunction::Sshift64),
            (LaneBinaryOp::Ushift, Lanes::I64x2) => Some(LaneFunction::Ushift64),
            _ => None,
        }
    }

    /// The one for rounds of a hash function.
    pub(crate) fn of_rounds(op: HashOp) -> LaneFunction {
        match op {
            HashOp::Sha1Choose => LaneFunction::Sha1Choose,
            HashOp::Sha1Parity => LaneFunction::Sha1Parity,
            HashOp::Sha1Majority => LaneFunction::Sha1Majority,
            HashOp::Sha256First => LaneFunction::Sha256First,
            HashOp::Sha256Second => LaneFunction::Sha256Second,
        }
    }

    /// How many vectors it takes.
    pub(crate) fn operands(self) -> usize {
        match self as usize {
            n if n < LaneFunction::ClmulLow as usize => 1,
            n if n < LaneFunction::Sha1Choose as usize => 2,
            _ => 3,
        }
    }

    /// Its address: the host's instruction, or else the meaning.
    pub(crate) fn address(self) -> u64 {
        instruction(self).unwrap_or_else(|| meaning::address(self))
    }
}

/// A vector in the host's register.
#[cfg(target_arch = "x86_64")]
type Vector = std::arch::x86_64::__m128i;
#[cfg(target_arch = "aarch64")]
type Vector = std::arch::aarch64::uint8x16_t;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Vector = u128;

/// Whether compiled code can call the functions: it has to know in which registers
/// they take vectors.
pub(crate) const HOST_HAS_THEM: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

/// The address of the function that has the host's instruction; `None` if the host
/// has none.
fn instruction(function: LaneFunction) -> Option<u64> {
    #[cfg(target_arch = "x86_64")]
    let address = x64::instruction(function);
    #[cfg(not(target_arch = "x86_64"))]
    let address = None::<u64>.filter(|_| function.operands() > 0);
    address
}
