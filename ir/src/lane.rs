//! Vectors as lanes: their shapes, the operations on them, and the names of
//! both in the text form.
//!
//! A shape is an operation's, not a value's: what one operation makes as eight
//! lanes another may read as four.

use crate::Type;

/// How an operation divides a vector. Lane 0 is the lowest bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Lanes {
    /// Sixteen of 8 bits.
    I8x16,
    /// Eight of 16 bits.
    I16x8,
    /// Four of 32 bits.
    I32x4,
    /// Two of 64 bits.
    I64x2,
}

impl Lanes {
    /// All of them, the narrowest first.
    pub const ALL: [Lanes; 4] = [Lanes::I8x16, Lanes::I16x8, Lanes::I32x4, Lanes::I64x2];

    /// The lanes of type `ty`; `None` if there are none.
    pub const fn of(ty: Type) -> Option<Lanes> {
        match ty {
            Type::I8 => Some(Lanes::I8x16),
            Type::I16 => Some(Lanes::I16x8),
            Type::I32 => Some(Lanes::I32x4),
            Type::I64 => Some(Lanes::I64x2),
            Type::V128 => None,
        }
    }

    /// The type of a lane.
    pub const fn ty(self) -> Type {
        match self {
            Lanes::I8x16 => Type::I8,
            Lanes::I16x8 => Type::I16,
            Lanes::I32x4 => Type::I32,
            Lanes::I64x2 => Type::I64,
        }
    }

    /// How many there are.
    pub const fn count(self) -> u8 {
        16 / self.ty().bytes()
    }

    /// Lanes twice as wide, half as many; `None` if these are the widest.
    pub const fn wider(self) -> Option<Lanes> {
        match self {
            Lanes::I8x16 => Some(Lanes::I16x8),
            Lanes::I16x8 => Some(Lanes::I32x4),
            Lanes::I32x4 => Some(Lanes::I64x2),
            Lanes::I64x2 => None,
        }
    }

    /// Lanes half as wide, twice as many; `None` if these are the narrowest.
    pub const fn narrower(self) -> Option<Lanes> {
        match self {
            Lanes::I8x16 => None,
            Lanes::I16x8 => Some(Lanes::I8x16),
            Lanes::I32x4 => Some(Lanes::I16x8),
            Lanes::I64x2 => Some(Lanes::I32x4),
        }
    }

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            Lanes::I8x16 => "i8x16",
            Lanes::I16x8 => "i16x8",
            Lanes::I32x4 => "i32x4",
            Lanes::I64x2 => "i64x2",
        }
    }
}

/// Operations on each lane of one vector.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LaneUnaryOp {
    /// Complement of each bit. For `i8x16` only, as lanes do not matter.
    Bnot,
    /// Two's complement negation.
    Ineg,
    /// Absolute value; the least value is its own.
    Iabs,
    /// Bits set. For `i8x16` only.
    Popcnt,
    /// The lower half of the lanes, each sign-extended to twice its width. Not for
    /// `i64x2`.
    SwidenLow,
    /// The upper half, likewise.
    SwidenHigh,
    /// The lower half of the lanes, each zero-extended to twice its width. Not for
    /// `i64x2`.
    UwidenLow,
    /// The upper half, likewise.
    UwidenHigh,
    /// The rows of an AES state shifted, its bytes substituted (FIPS 197, §5.1.1 and
    /// §5.1.2). Byte 0 is the first of the first column. For `i8x16` only, as the
    /// others of AES.
    AesSub,
    /// The inverse of that (§5.3.1, §5.3.2).
    AesUnsub,
    /// The columns of an AES state mixed (§5.1.3).
    AesMix,
    /// The inverse of that (§5.3.3).
    AesUnmix,
}

/// Operations on the lanes of two vectors.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LaneBinaryOp {
    /// And. For `i8x16` only, as lanes do not matter.
    Band,
    /// Or. For `i8x16` only.
    Bor,
    /// Exclusive or. For `i8x16` only.
    Bxor,
    /// Sum.
    Iadd,
    /// Difference.
    Isub,
    /// Low half of the product.
    Imul,
    /// Unsigned minimum.
    Umin,
    /// Unsigned maximum.
    Umax,
    /// Signed minimum.
    Smin,
    /// Signed maximum.
    Smax,
    /// Shift left by the amount in the right operand's lane, unsigned; 0 if that is
    /// the width or more.
    Ishl,
    /// Logical shift right by the amount in the right operand's lane, unsigned; 0 if
    /// that is the width or more.
    Ushr,
    /// Arithmetic shift right by the amount in the right operand's lane, unsigned;
    /// copies of the sign if that is the width or more.
    Sshr,
    /// Shift by the signed amount in the right operand's lane: left, or if that is
    /// negative, right. Nothing stays of a lane shifted by its width or more but, to
    /// the right, copies of the sign.
    Sshift,
    /// The same with zeros in place of the sign.
    Ushift,
    /// Unsigned sum, or the greatest value if that does not fit.
    UaddSat,
    /// Signed sum, or the nearest value that fits.
    SaddSat,
    /// Unsigned difference, or 0 if that is negative.
    UsubSat,
    /// Signed difference, or the nearest value that fits.
    SsubSat,
    /// Unsigned average, rounded up.
    AvgRound,
    /// Sums of neighbours: those of the left operand, then those of the right.
    IaddPairwise,
    /// The lanes of the left operand, then those of the right, each as the nearest
    /// signed value of half the width. Not for `i8x16`.
    Snarrow,
    /// The same from signed to the nearest unsigned values. Not for `i8x16`.
    Unarrow,
    /// The same from unsigned to the nearest unsigned values. Not for `i8x16`.
    Uunarrow,
    /// Bytes of the left operand by the numbers in the right operand's lanes; 0 for
    /// numbers from 16 on. For `i8x16` only.
    Swizzle,
    /// The product of both lower words as polynomials over {0, 1}, all of its bits.
    /// For `i64x2` only.
    ClmulLow,
    /// The same of both upper words.
    ClmulHigh,
}

impl LaneUnaryOp {
    /// All of them, in the order of the declaration.
    pub const ALL: [LaneUnaryOp; 12] = [
        LaneUnaryOp::Bnot,
        LaneUnaryOp::Ineg,
        LaneUnaryOp::Iabs,
        LaneUnaryOp::Popcnt,
        LaneUnaryOp::SwidenLow,
        LaneUnaryOp::SwidenHigh,
        LaneUnaryOp::UwidenLow,
        LaneUnaryOp::UwidenHigh,
        LaneUnaryOp::AesSub,
        LaneUnaryOp::AesUnsub,
        LaneUnaryOp::AesMix,
        LaneUnaryOp::AesUnmix,
    ];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            LaneUnaryOp::Bnot => "bnot",
            LaneUnaryOp::Ineg => "ineg",
            LaneUnaryOp::Iabs => "iabs",
            LaneUnaryOp::Popcnt => "popcnt",
            LaneUnaryOp::SwidenLow => "swiden_low",
            LaneUnaryOp::SwidenHigh => "swiden_high",
            LaneUnaryOp::UwidenLow => "uwiden_low",
            LaneUnaryOp::UwidenHigh => "uwiden_high",
            LaneUnaryOp::AesSub => "aes_sub",
            LaneUnaryOp::AesUnsub => "aes_unsub",
            LaneUnaryOp::AesMix => "aes_mix",
            LaneUnaryOp::AesUnmix => "aes_unmix",
        }
    }

    /// Whether it is for operands with these lanes.
    pub const fn takes(self, lanes: Lanes) -> bool {
        match self {
            LaneUnaryOp::Ineg | LaneUnaryOp::Iabs => true,
            LaneUnaryOp::SwidenLow
            | LaneUnaryOp::SwidenHigh
            | LaneUnaryOp::UwidenLow
            | LaneUnaryOp::UwidenHigh => lanes.wider().is_some(),
            _ => matches!(lanes, Lanes::I8x16),
        }
    }
}

impl LaneBinaryOp {
    /// All of them, in the order of the declaration.
    pub const ALL: [LaneBinaryOp; 27] = [
        LaneBinaryOp::Band,
        LaneBinaryOp::Bor,
        LaneBinaryOp::Bxor,
        LaneBinaryOp::Iadd,
        LaneBinaryOp::Isub,
        LaneBinaryOp::Imul,
        LaneBinaryOp::Umin,
        LaneBinaryOp::Umax,
        LaneBinaryOp::Smin,
        LaneBinaryOp::Smax,
        LaneBinaryOp::Ishl,
        LaneBinaryOp::Ushr,
        LaneBinaryOp::Sshr,
        LaneBinaryOp::Sshift,
        LaneBinaryOp::Ushift,
        LaneBinaryOp::UaddSat,
        LaneBinaryOp::SaddSat,
        LaneBinaryOp::UsubSat,
        LaneBinaryOp::SsubSat,
        LaneBinaryOp::AvgRound,
        LaneBinaryOp::IaddPairwise,
        LaneBinaryOp::Snarrow,
        LaneBinaryOp::Unarrow,
        LaneBinaryOp::Uunarrow,
        LaneBinaryOp::Swizzle,
        LaneBinaryOp::ClmulLow,
        LaneBinaryOp::ClmulHigh,
    ];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            LaneBinaryOp::Band => "band",
            LaneBinaryOp::Bor => "bor",
            LaneBinaryOp::Bxor => "bxor",
            LaneBinaryOp::Iadd => "iadd",
            LaneBinaryOp::Isub => "isub",
            LaneBinaryOp::Imul => "imul",
            LaneBinaryOp::Umin => "umin",
            LaneBinaryOp::Umax => "umax",
            LaneBinaryOp::Smin => "smin",
            LaneBinaryOp::Smax => "smax",
            LaneBinaryOp::Ishl => "ishl",
            LaneBinaryOp::Ushr => "ushr",
            LaneBinaryOp::Sshr => "sshr",
            LaneBinaryOp::Sshift => "sshift",
            LaneBinaryOp::Ushift => "ushift",
            LaneBinaryOp::UaddSat => "uadd_sat",
            LaneBinaryOp::SaddSat => "sadd_sat",
            LaneBinaryOp::UsubSat => "usub_sat",
            LaneBinaryOp::SsubSat => "ssub_sat",
            LaneBinaryOp::AvgRound => "avg_round",
            LaneBinaryOp::IaddPairwise => "iadd_pairwise",
            LaneBinaryOp::Snarrow => "snarrow",
            LaneBinaryOp::Unarrow => "unarrow",
            LaneBinaryOp::Uunarrow => "uunarrow",
            LaneBinaryOp::Swizzle => "swizzle",
            LaneBinaryOp::ClmulLow => "clmul_low",
            LaneBinaryOp::ClmulHigh => "clmul_high",
        }
    }

    /// Whether it shifts each lane by the amount in another.
    pub const fn is_shift(self) -> bool {
        matches!(self, LaneBinaryOp::Ishl | LaneBinaryOp::Ushr | LaneBinaryOp::Sshr)
    }

    /// Whether it is for operands with these lanes.
    pub const fn takes(self, lanes: Lanes) -> bool {
        match self {
            LaneBinaryOp::Band | LaneBinaryOp::Bor | LaneBinaryOp::Bxor | LaneBinaryOp::Swizzle => {
                matches!(lanes, Lanes::I8x16)
            }
            LaneBinaryOp::Snarrow | LaneBinaryOp::Unarrow | LaneBinaryOp::Uunarrow => {
                lanes.narrower().is_some()
            }
            LaneBinaryOp::ClmulLow | LaneBinaryOp::ClmulHigh => matches!(lanes, Lanes::I64x2),
            _ => true,
        }
    }
}
