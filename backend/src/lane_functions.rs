//! Operations on vectors that Cranelift has no instruction for. Where the host has
//! one, it is in a function of its own here, which regions call as the host calls
//! functions: vectors in, a vector out. Where it has none, the function is the
//! operation's meaning.

// Vectors go in the registers of the host's convention, as they do for Cranelift.
#![allow(improper_ctypes_definitions)]

mod meaning;

#[cfg(target_arch = "x86_64")]
mod x86_64;

use ir::{LaneBinaryOp, LaneUnaryOp, Lanes};

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
    /// [`LaneBinaryOp::Ishl`] of 16-bit lanes.
    Ishl16,
    /// [`LaneBinaryOp::Ushr`] of 16-bit lanes.
    Ushr16,
    /// [`LaneBinaryOp::Sshr`] of 16-bit lanes.
    Sshr16,
    /// [`LaneBinaryOp::Ishl`] of 32-bit lanes.
    Ishl32,
    /// [`LaneBinaryOp::Ushr`] of 32-bit lanes.
    Ushr32,
    /// [`LaneBinaryOp::Sshr`] of 32-bit lanes.
    Sshr32,
    /// [`LaneBinaryOp::Ishl`] of 64-bit lanes.
    Ishl64,
    /// [`LaneBinaryOp::Ushr`] of 64-bit lanes.
    Ushr64,
}

impl LaneFunction {
    /// All of them, in the order of the declaration.
    pub(crate) const ALL: [LaneFunction; 16] = [
        LaneFunction::AesSub,
        LaneFunction::AesUnsub,
        LaneFunction::AesMix,
        LaneFunction::AesUnmix,
        LaneFunction::AesRound,
        LaneFunction::AesUnround,
        LaneFunction::ClmulLow,
        LaneFunction::ClmulHigh,
        LaneFunction::Ishl16,
        LaneFunction::Ushr16,
        LaneFunction::Sshr16,
        LaneFunction::Ishl32,
        LaneFunction::Ushr32,
        LaneFunction::Sshr32,
        LaneFunction::Ishl64,
        LaneFunction::Ushr64,
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

    /// The one for an operation, if Cranelift lacks it. Shifts it can do without,
    /// and has to where the host does not have them.
    pub(crate) fn of_binary(op: LaneBinaryOp, lanes: Lanes) -> Option<LaneFunction> {
        match (op, lanes) {
            (LaneBinaryOp::ClmulLow, _) => Some(LaneFunction::ClmulLow),
            (LaneBinaryOp::ClmulHigh, _) => Some(LaneFunction::ClmulHigh),
            _ if instruction(LaneFunction::Ishl32).is_none() => None,
            (LaneBinaryOp::Ishl, Lanes::I16x8) => Some(LaneFunction::Ishl16),
            (LaneBinaryOp::Ushr, Lanes::I16x8) => Some(LaneFunction::Ushr16),
            (LaneBinaryOp::Sshr, Lanes::I16x8) => Some(LaneFunction::Sshr16),
            (LaneBinaryOp::Ishl, Lanes::I32x4) => Some(LaneFunction::Ishl32),
            (LaneBinaryOp::Ushr, Lanes::I32x4) => Some(LaneFunction::Ushr32),
            (LaneBinaryOp::Sshr, Lanes::I32x4) => Some(LaneFunction::Sshr32),
            (LaneBinaryOp::Ishl, Lanes::I64x2) => Some(LaneFunction::Ishl64),
            (LaneBinaryOp::Ushr, Lanes::I64x2) => Some(LaneFunction::Ushr64),
            _ => None,
        }
    }

    /// How many vectors it takes.
    pub(crate) fn operands(self) -> usize {
        if (self as usize) < LaneFunction::ClmulLow as usize { 1 } else { 2 }
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
    let address = x86_64::instruction(function);
    #[cfg(not(target_arch = "x86_64"))]
    let address = None::<u64>.filter(|_| function.operands() > 0);
    address
}
