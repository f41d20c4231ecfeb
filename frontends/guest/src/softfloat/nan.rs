//! Which NaN an operation returns (IEEE 754-2008 §6.2).

use super::env::{Env, Flags, NanRule};
use super::format::Format;
use super::unpack::{Kind, Operand};

/// The result of an operation with at least one NaN operand: raises the
/// invalid exception if one is signalling, and picks by the guest's rule.
///
/// `operands` stand in the order in which the rule looks at them.
#[cold]
pub(super) fn propagate<F: Format>(operands: &[Operand<F::Word>], env: &mut Env) -> F::Word {
    let first = |kind| operands.iter().find(|operand| operand.kind == kind);
    let signaling = first(Kind::SignalingNan);
    if signaling.is_some() {
        env.raise(Flags::INVALID);
    }
    let chosen = match env.nan {
        NanRule::Riscv | NanRule::Arm { default_nan: true } => None,
        NanRule::Arm { default_nan: false } => signaling.or_else(|| first(Kind::QuietNan)),
        NanRule::X86 => operands.iter().find(|operand| operand.is_nan()),
    };
    match chosen {
        Some(operand) => operand.bits | F::quiet_bit(),
        None => env.default_nan::<F>(),
    }
}
