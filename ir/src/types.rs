//! Value types.

use std::fmt;

/// The type of a value: an integer of so many bits, or a vector. Floating-point
/// values are their bit patterns; booleans are `i8`, 0 or 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Type {
    /// 8 bits.
    I8,
    /// 16 bits.
    I16,
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
    /// A vector of 128 bits. Operations say what [lanes](crate::Lanes) it has; lane
    /// 0 is the lowest bits.
    V128,
}

impl Type {
    /// All types, narrowest first.
    pub const ALL: [Type; 5] = [Type::I8, Type::I16, Type::I32, Type::I64, Type::V128];

    /// Those of integers, narrowest first.
    pub const INTEGERS: [Type; 4] = [Type::I8, Type::I16, Type::I32, Type::I64];

    /// Whether it is a vector: two words, where an integer is one.
    pub const fn is_vector(self) -> bool {
        matches!(self, Type::V128)
    }

    /// Width in bits.
    pub const fn bits(self) -> u32 {
        8 * self.bytes() as u32
    }

    /// Width in bytes.
    pub const fn bytes(self) -> u8 {
        match self {
            Type::I8 => 1,
            Type::I16 => 2,
            Type::I32 => 4,
            Type::I64 => 8,
            Type::V128 => 16,
        }
    }

    /// All bits of the type set; those of each word, for a vector.
    pub const fn mask(self) -> u64 {
        u64::MAX >> 64u32.saturating_sub(self.bits())
    }

    /// `value` cut to this width and sign-extended to 64 bits. Not for vectors.
    pub const fn sext(self, value: u64) -> u64 {
        let unused = 64u32.saturating_sub(self.bits());
        (((value << unused) as i64) >> unused) as u64
    }

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            Type::I8 => "i8",
            Type::I16 => "i16",
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::V128 => "v128",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
