//! Operations on integers. Unless one says otherwise, operands and result have
//! one type, and arithmetic wraps.

/// Operations on one value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    /// Two's complement negation.
    Ineg,
    /// Complement of each bit.
    Bnot,
    /// Leading zeros; the width for zero.
    Clz,
    /// Trailing zeros; the width for zero.
    Ctz,
    /// Bits set.
    Popcnt,
    /// Bytes reversed. Not for `i8`.
    Bswap,
    /// Bits reversed.
    Bitrev,
}

/// Operations on two values of one type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    /// Sum.
    Iadd,
    /// Difference.
    Isub,
    /// Low half of the product.
    Imul,
    /// High half of the unsigned product.
    Umulhi,
    /// High half of the signed product.
    Smulhi,
    /// Unsigned quotient; 0 if the divisor is 0.
    Udiv,
    /// Signed quotient, towards zero; 0 if the divisor is 0; the least value
    /// divided by −1 is itself.
    Sdiv,
    /// Unsigned remainder; the dividend if the divisor is 0.
    Urem,
    /// Signed remainder, with the dividend's sign; the dividend if the divisor
    /// is 0; the least value modulo −1 is 0.
    Srem,
    /// And.
    Band,
    /// Or.
    Bor,
    /// Exclusive or.
    Bxor,
    /// Shift left; the amount is taken modulo the width.
    Ishl,
    /// Logical shift right; the amount is taken modulo the width.
    Ushr,
    /// Arithmetic shift right; the amount is taken modulo the width.
    Sshr,
    /// Rotate left; the amount is taken modulo the width.
    Rotl,
    /// Rotate right; the amount is taken modulo the width.
    Rotr,
    /// Unsigned minimum.
    Umin,
    /// Unsigned maximum.
    Umax,
    /// Signed minimum.
    Smin,
    /// Signed maximum.
    Smax,
}
