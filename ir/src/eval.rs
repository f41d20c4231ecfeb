//! What the pure operations compute: the one meaning that the interpreter, the
//! engines and constant folding share.
//!
//! A vector is a `u128`. Every other value is a `u64` in canonical form:
//! zero-extended from its type. Operands must be canonical, results are. Nothing
//! here panics.

mod aes;
mod hash;
mod lanes;

use crate::{BinaryOp, IntCC, RmwOp, Type, UnaryOp};
pub use hash::hash;
pub use lanes::{
    bitselect, extract, iconcat, insert, isplit, lane_argument, lane_binary, lane_icmp, lane_unary, shuffle,
    splat,
};

/// The result of `op` on a value of type `ty`.
///
/// `bswap` of an `i8`, which the verifier rejects, is the value itself.
#[inline]
pub const fn unary(op: UnaryOp, ty: Type, a: u64) -> u64 {
    let unused = 64 - ty.bits();
    match op {
        UnaryOp::Ineg => a.wrapping_neg() & ty.mask(),
        UnaryOp::Bnot => !a & ty.mask(),
        UnaryOp::Clz => (a.leading_zeros() - unused) as u64,
        UnaryOp::Ctz => {
            let zeros = a.trailing_zeros();
            (if zeros < ty.bits() { zeros } else { ty.bits() }) as u64
        }
        UnaryOp::Popcnt => a.count_ones() as u64,
        UnaryOp::Bswap => a.swap_bytes() >> unused,
        UnaryOp::Bitrev => a.reverse_bits() >> unused,
    }
}

/// The result of `op` on two values of type `ty`.
#[inline]
pub const fn binary(op: BinaryOp, ty: Type, a: u64, b: u64) -> u64 {
    let (bits, mask) = (ty.bits(), ty.mask());
    let amount = b as u32 & (bits - 1);
    match op {
        BinaryOp::Iadd => a.wrapping_add(b) & mask,
        BinaryOp::Isub => a.wrapping_sub(b) & mask,
        BinaryOp::Imul => a.wrapping_mul(b) & mask,
        BinaryOp::Umulhi => ((a as u128 * b as u128) >> bits) as u64 & mask,
        BinaryOp::Smulhi => {
            let product = signed(ty, a) as i128 * signed(ty, b) as i128;
            (product >> bits) as u64 & mask
        }
        BinaryOp::Udiv if b == 0 => 0,
        BinaryOp::Udiv => a / b,
        BinaryOp::Sdiv if b == 0 => 0,
        BinaryOp::Sdiv => signed(ty, a).wrapping_div(signed(ty, b)) as u64 & mask,
        BinaryOp::Urem | BinaryOp::Srem if b == 0 => a,
        BinaryOp::Urem => a % b,
        BinaryOp::Srem => signed(ty, a).wrapping_rem(signed(ty, b)) as u64 & mask,
        BinaryOp::Band => a & b,
        BinaryOp::Bor => a | b,
        BinaryOp::Bxor => a ^ b,
        BinaryOp::Ishl => (a << amount) & mask,
        BinaryOp::Ushr => a >> amount,
        BinaryOp::Sshr => (signed(ty, a) >> amount) as u64 & mask,
        BinaryOp::Rotl => rotate_left(ty, a, amount),
        BinaryOp::Rotr => rotate_left(ty, a, (bits - amount) & (bits - 1)),
        BinaryOp::Umin => pick(a <= b, a, b),
        BinaryOp::Umax => pick(a >= b, a, b),
        BinaryOp::Smin => pick(signed(ty, a) <= signed(ty, b), a, b),
        BinaryOp::Smax => pick(signed(ty, a) >= signed(ty, b), a, b),
    }
}

/// Whether `cond` holds between two values of type `ty`.
#[inline]
pub const fn icmp(cond: IntCC, ty: Type, a: u64, b: u64) -> bool {
    match cond {
        IntCC::Eq => a == b,
        IntCC::Ne => a != b,
        IntCC::Slt => signed(ty, a) < signed(ty, b),
        IntCC::Sge => signed(ty, a) >= signed(ty, b),
        IntCC::Sgt => signed(ty, a) > signed(ty, b),
        IntCC::Sle => signed(ty, a) <= signed(ty, b),
        IntCC::Ult => a < b,
        IntCC::Uge => a >= b,
        IntCC::Ugt => a > b,
        IntCC::Ule => a <= b,
    }
}

/// `a` zero-extended: canonical values are, so this changes nothing.
#[inline]
pub const fn uextend(a: u64) -> u64 {
    a
}

/// `a`, of type `from`, sign-extended to the wider type `to`.
#[inline]
pub const fn sextend(from: Type, to: Type, a: u64) -> u64 {
    from.sext(a) & to.mask()
}

/// The low bits of `a` that fit `to`.
#[inline]
pub const fn ireduce(to: Type, a: u64) -> u64 {
    a & to.mask()
}

/// `then` if `cond` is not zero, or else `other`.
#[inline]
pub const fn select(cond: u64, then: u64, other: u64) -> u64 {
    pick(cond != 0, then, other)
}

/// What an atomic `op` stores where `old` was, both of type `ty`.
#[inline]
pub const fn rmw(op: RmwOp, ty: Type, old: u64, operand: u64) -> u64 {
    let op = match op {
        RmwOp::Xchg => return operand,
        RmwOp::Add => BinaryOp::Iadd,
        RmwOp::Sub => BinaryOp::Isub,
        RmwOp::And => BinaryOp::Band,
        RmwOp::Or => BinaryOp::Bor,
        RmwOp::Xor => BinaryOp::Bxor,
        RmwOp::Umin => BinaryOp::Umin,
        RmwOp::Umax => BinaryOp::Umax,
        RmwOp::Smin => BinaryOp::Smin,
        RmwOp::Smax => BinaryOp::Smax,
    };
    binary(op, ty, old, operand)
}

#[inline]
pub(crate) const fn signed(ty: Type, a: u64) -> i64 {
    ty.sext(a) as i64
}

#[inline]
const fn pick(first: bool, a: u64, b: u64) -> u64 {
    if first { a } else { b }
}

/// `amount` must be less than the width.
#[inline]
const fn rotate_left(ty: Type, a: u64, amount: u32) -> u64 {
    let back = (ty.bits() - amount) & (ty.bits() - 1);
    ((a << amount) | (a >> back)) & ty.mask()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks every operation on one type against Rust's own integers of that
    /// width, which know nothing of masks.
    macro_rules! matches_native_integers {
        ($name:ident, $ty:expr, $u:ty, $i:ty, $wide_u:ty, $wide_i:ty) => {
            proptest! {
                #[test]
                fn $name(a in operand::<$u>(), b in operand::<$u>()) {
                    let (a, b) = (a as $u, b as $u);
                    let (sa, sb) = (a as $i, b as $i);
                    let bits = <$u>::BITS;
                    let two = |op| binary(op, $ty, u64::from(a), u64::from(b));
                    let one = |op| unary(op, $ty, u64::from(a));
                    let cmp = |cond| icmp(cond, $ty, u64::from(a), u64::from(b));
                    let u = |v: $u| u64::from(v);
                    let s = |v: $i| u64::from(v as $u);

                    prop_assert_eq!(two(BinaryOp::Iadd), u(a.wrapping_add(b)));
                    prop_assert_eq!(two(BinaryOp::Isub), u(a.wrapping_sub(b)));
                    prop_assert_eq!(two(BinaryOp::Imul), u(a.wrapping_mul(b)));
                    let high = (a as $wide_u * b as $wide_u) >> bits;
                    prop_assert_eq!(two(BinaryOp::Umulhi), u(high as $u));
                    let high = (sa as $wide_i * sb as $wide_i) >> bits;
                    prop_assert_eq!(two(BinaryOp::Smulhi), s(high as $i));
                    prop_assert_eq!(two(BinaryOp::Udiv), u(a.checked_div(b).unwrap_or(0)));
                    prop_assert_eq!(two(BinaryOp::Urem), u(a.checked_rem(b).unwrap_or(a)));
                    let (q, r) = if sb == 0 { (0, sa) } else { (sa.wrapping_div(sb), sa.wrapping_rem(sb)) };
                    prop_assert_eq!(two(BinaryOp::Sdiv), s(q));
                    prop_assert_eq!(two(BinaryOp::Srem), s(r));
                    prop_assert_eq!(two(BinaryOp::Band), u(a & b));
                    prop_assert_eq!(two(BinaryOp::Bor), u(a | b));
                    prop_assert_eq!(two(BinaryOp::Bxor), u(a ^ b));
                    prop_assert_eq!(two(BinaryOp::Ishl), u(a.wrapping_shl(b as u32)));
                    prop_assert_eq!(two(BinaryOp::Ushr), u(a.wrapping_shr(b as u32)));
                    prop_assert_eq!(two(BinaryOp::Sshr), s(sa.wrapping_shr(b as u32)));
                    prop_assert_eq!(two(BinaryOp::Rotl), u(a.rotate_left(b as u32 % bits)));
                    prop_assert_eq!(two(BinaryOp::Rotr), u(a.rotate_right(b as u32 % bits)));
                    prop_assert_eq!(two(BinaryOp::Umin), u(a.min(b)));
                    prop_assert_eq!(two(BinaryOp::Umax), u(a.max(b)));
                    prop_assert_eq!(two(BinaryOp::Smin), s(sa.min(sb)));
                    prop_assert_eq!(two(BinaryOp::Smax), s(sa.max(sb)));

                    prop_assert_eq!(one(UnaryOp::Ineg), u(a.wrapping_neg()));
                    prop_assert_eq!(one(UnaryOp::Bnot), u(!a));
                    prop_assert_eq!(one(UnaryOp::Clz), u64::from(a.leading_zeros()));
                    prop_assert_eq!(one(UnaryOp::Ctz), u64::from(a.trailing_zeros()));
                    prop_assert_eq!(one(UnaryOp::Popcnt), u64::from(a.count_ones()));
                    prop_assert_eq!(one(UnaryOp::Bswap), u(a.swap_bytes()));
                    prop_assert_eq!(one(UnaryOp::Bitrev), u(a.reverse_bits()));

                    prop_assert_eq!(cmp(IntCC::Eq), a == b);
                    prop_assert_eq!(cmp(IntCC::Ne), a != b);
                    prop_assert_eq!(cmp(IntCC::Slt), sa < sb);
                    prop_assert_eq!(cmp(IntCC::Sge), sa >= sb);
                    prop_assert_eq!(cmp(IntCC::Sgt), sa > sb);
                    prop_assert_eq!(cmp(IntCC::Sle), sa <= sb);
                    prop_assert_eq!(cmp(IntCC::Ult), a < b);
                    prop_assert_eq!(cmp(IntCC::Uge), a >= b);
                    prop_assert_eq!(cmp(IntCC::Ugt), a > b);
                    prop_assert_eq!(cmp(IntCC::Ule), a <= b);

                    prop_assert_eq!(sextend($ty, Type::I64, u64::from(a)), sa as i64 as u64);
                    prop_assert_eq!(ireduce(Type::I8, u64::from(a)), u64::from(a as u8));
                }
            }
        };
    }

    /// Edge values as often as arbitrary ones, cut to the width.
    fn operand<T>() -> impl Strategy<Value = u64> {
        let bits = 8 * size_of::<T>() as u32;
        let top = 1u64 << (bits - 1);
        prop_oneof![
            prop::sample::select(vec![0, 1, 2, u64::from(bits), top, top - 1, top | (top - 1)]),
            any::<u64>().prop_map(move |v| v & (top | (top - 1))),
        ]
    }

    matches_native_integers!(matches_native_i8, Type::I8, u8, i8, u16, i16);
    matches_native_integers!(matches_native_i16, Type::I16, u16, i16, u32, i32);
    matches_native_integers!(matches_native_i32, Type::I32, u32, i32, u64, i64);
    matches_native_integers!(matches_native_i64, Type::I64, u64, i64, u128, i128);

    #[test]
    fn signed_extension_stops_at_the_type_it_goes_to() {
        assert_eq!(sextend(Type::I8, Type::I16, 0x80), 0xff80);
        assert_eq!(sextend(Type::I8, Type::I32, 0x7f), 0x7f);
        assert_eq!(uextend(0x80), 0x80);
    }

    #[test]
    fn atomics_store_the_operand_or_a_combination_with_the_old_value() {
        assert_eq!(rmw(RmwOp::Xchg, Type::I32, 5, 7), 7);
        assert_eq!(rmw(RmwOp::Sub, Type::I32, 5, 7), 0xffff_fffe);
        assert_eq!(rmw(RmwOp::Add, Type::I8, 0xff, 2), 1);
        assert_eq!(rmw(RmwOp::Smin, Type::I32, 0x8000_0000, 1), 0x8000_0000);
        assert_eq!(rmw(RmwOp::Umin, Type::I32, 0x8000_0000, 1), 1);
        assert_eq!(rmw(RmwOp::Smax, Type::I32, 0x8000_0000, 1), 1);
        assert_eq!(rmw(RmwOp::Umax, Type::I32, 0x8000_0000, 1), 0x8000_0000);
        assert_eq!(rmw(RmwOp::And, Type::I16, 0xf0f0, 0xff00), 0xf000);
        assert_eq!(rmw(RmwOp::Or, Type::I16, 0xf0f0, 0x0f00), 0xfff0);
        assert_eq!(rmw(RmwOp::Xor, Type::I16, 0xf0f0, 0xffff), 0x0f0f);
    }
}
