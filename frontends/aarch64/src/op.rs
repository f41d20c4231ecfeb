//! Fields of an instruction word.
//!
//! Source: Arm ARM, C4.1 (encoding index) and chapter C6 (base instructions).

use ir::Type;

/// A 32-bit instruction word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Op(pub u32);

impl Op {
    /// Bits `high` to `low`, moved down to bit 0.
    pub const fn bits(self, high: u32, low: u32) -> u32 {
        self.0 << (31 - high) >> (31 - high + low)
    }

    /// Bit `n`.
    pub const fn bit(self, n: u32) -> bool {
        self.0 >> n & 1 != 0
    }

    /// Bits `high` to `low`, the highest being the sign, extended to 64 bits.
    pub const fn signed(self, high: u32, low: u32) -> u64 {
        ((self.0 << (31 - high)) as i32 >> (31 - high + low)) as i64 as u64
    }

    /// `Rd` or `Rt`: the register in bits 4 to 0.
    pub const fn rd(self) -> u32 {
        self.bits(4, 0)
    }

    /// `Rt`: the same.
    pub const fn rt(self) -> u32 {
        self.bits(4, 0)
    }

    /// `Rn`, in bits 9 to 5.
    pub const fn rn(self) -> u32 {
        self.bits(9, 5)
    }

    /// `Ra` or `Rt2`, in bits 14 to 10.
    pub const fn ra(self) -> u32 {
        self.bits(14, 10)
    }

    /// `Rt2`: the same.
    pub const fn rt2(self) -> u32 {
        self.bits(14, 10)
    }

    /// `Rm` or `Rs`, in bits 20 to 16.
    pub const fn rm(self) -> u32 {
        self.bits(20, 16)
    }

    /// `Rs`: the same.
    pub const fn rs(self) -> u32 {
        self.bits(20, 16)
    }

    /// `sf`, bit 31: the operands have 64 bits, or else 32.
    pub const fn sf(self) -> Type {
        if self.bit(31) { Type::I64 } else { Type::I32 }
    }

    /// `size`, bits 31 and 30: the width of a memory access.
    pub const fn size(self) -> Type {
        match self.bits(31, 30) {
            0 => Type::I8,
            1 => Type::I16,
            2 => Type::I32,
            _ => Type::I64,
        }
    }

    /// `imm12`, bits 21 to 10.
    pub const fn imm12(self) -> u64 {
        self.bits(21, 10) as u64
    }

    /// `imm9`, bits 20 to 12, signed: −256 to 255.
    pub const fn imm9(self) -> u64 {
        self.signed(20, 12)
    }

    /// `imm7`, bits 21 to 15, signed: −64 to 63.
    pub const fn imm7(self) -> u64 {
        self.signed(21, 15)
    }

    /// `imm16`, bits 20 to 5.
    pub const fn imm16(self) -> u64 {
        self.bits(20, 5) as u64
    }

    /// `imm6`, bits 15 to 10.
    pub const fn imm6(self) -> u32 {
        self.bits(15, 10)
    }

    /// `immr`, bits 21 to 16.
    pub const fn immr(self) -> u32 {
        self.bits(21, 16)
    }

    /// `imms`, bits 15 to 10.
    pub const fn imms(self) -> u32 {
        self.bits(15, 10)
    }

    /// `cond`, bits 15 to 12, of the conditional data-processing instructions.
    pub const fn cond(self) -> u32 {
        self.bits(15, 12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_where_the_manual_has_them() {
        let op = Op(0xf85f_8c61); // ldr x1, [x3, #-8]!
        assert_eq!((op.rt(), op.rn(), op.size()), (1, 3, Type::I64));
        assert_eq!(op.imm9() as i64, -8);
        let op = Op(0xa9be_7bfd); // stp x29, x30, [sp, #-32]!
        assert_eq!((op.rt(), op.rt2(), op.rn()), (29, 30, 31));
        assert_eq!(op.imm7() as i64, -4);
    }
}
