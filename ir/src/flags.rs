//! Comparisons, and what arithmetic says beside its result.

use crate::{Slot, Type, eval};

/// Integer comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IntCC {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Signed less.
    Slt,
    /// Signed greater or equal.
    Sge,
    /// Signed greater.
    Sgt,
    /// Signed less or equal.
    Sle,
    /// Unsigned less.
    Ult,
    /// Unsigned greater or equal.
    Uge,
    /// Unsigned greater.
    Ugt,
    /// Unsigned less or equal.
    Ule,
}

/// Which sum's flags are set, those of a left operand and a right one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FlagsOp {
    /// Of their sum; carry is that out of the highest bit.
    Add,
    /// Of the left one less the right one; carry is set if there is no borrow.
    Sub,
}

/// The slots that flags go to, each an `i8` set to 0 or 1, in this order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FlagSlots {
    /// The result is negative.
    pub negative: Slot,
    /// The result is zero.
    pub zero: Slot,
    /// Carry.
    pub carry: Slot,
    /// The result is not the true one if all are signed.
    pub overflow: Slot,
}

impl FlagsOp {
    /// All of them, in the order of the declaration.
    pub const ALL: [FlagsOp; 2] = [FlagsOp::Add, FlagsOp::Sub];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            FlagsOp::Add => "add",
            FlagsOp::Sub => "sub",
        }
    }

    /// The flags, in the order of [`FlagSlots`], for two values of type `ty`.
    pub const fn flags(self, ty: Type, a: u64, b: u64) -> [bool; 4] {
        let (result, carry, signs) = match self {
            FlagsOp::Add => {
                let sum = a.wrapping_add(b) & ty.mask();
                (sum, sum < a, (a ^ sum) & (b ^ sum))
            }
            FlagsOp::Sub => {
                let difference = a.wrapping_sub(b) & ty.mask();
                (difference, a >= b, (a ^ b) & (a ^ difference))
            }
        };
        [eval::signed(ty, result) < 0, result == 0, carry, eval::signed(ty, signs) < 0]
    }
}

impl FlagSlots {
    /// The slots in order.
    pub const fn all(self) -> [Slot; 4] {
        [self.negative, self.zero, self.carry, self.overflow]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn flags_are_those_of_wider_sums(a: i32, b: i32, near in -2_i32..2) {
            for b in [b, a.wrapping_add(near), a.wrapping_neg().wrapping_add(near)] {
                let (low_a, low_b) = (u64::from(a as u32), u64::from(b as u32));
                let (sum, difference) = (i64::from(a) + i64::from(b), i64::from(a) - i64::from(b));
                let of = |wide: i64, carry| [(wide as i32) < 0, wide as i32 == 0, carry, wide != i64::from(wide as i32)];
                prop_assert_eq!(FlagsOp::Add.flags(Type::I32, low_a, low_b), of(sum, low_a + low_b > u64::from(u32::MAX)));
                prop_assert_eq!(FlagsOp::Sub.flags(Type::I32, low_a, low_b), of(difference, low_a >= low_b));
            }
        }
    }
}
