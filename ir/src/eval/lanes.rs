//! What operations on vectors compute. A vector is a `u128`; lane 0 is its
//! lowest bits. Nothing here panics.

use super::aes;
use super::{binary, icmp as scalar_icmp, unary as scalar_unary};
use crate::{BinaryOp, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, Type, UnaryOp};

/// The vector with `low` in lane 0 and `high` in lane 1 of `i64x2`.
#[inline]
pub const fn iconcat(low: u64, high: u64) -> u128 {
    low as u128 | (high as u128) << 64
}

/// Its two words: lanes 0 and 1 of `i64x2`.
#[inline]
pub const fn isplit(vector: u128) -> [u64; 2] {
    [vector as u64, (vector >> 64) as u64]
}

/// The vector with `value` in all lanes.
#[inline]
pub fn splat(lanes: Lanes, value: u64) -> u128 {
    each(lanes, |_| value)
}

/// Lane `lane`, zero-extended; 0 if there is none.
#[inline]
pub fn extract(lanes: Lanes, vector: u128, lane: u8) -> u64 {
    let ty = lanes.ty();
    if lane < lanes.count() { (vector >> (u32::from(lane) * ty.bits())) as u64 & ty.mask() } else { 0 }
}

/// `vector` with lane `lane` replaced, if there is such a lane.
#[inline]
pub fn insert(lanes: Lanes, vector: u128, lane: u8, value: u64) -> u128 {
    let ty = lanes.ty();
    if lane >= lanes.count() {
        return vector;
    }
    let shift = u32::from(lane) * ty.bits();
    vector & !(u128::from(ty.mask()) << shift) | u128::from(value & ty.mask()) << shift
}

/// What a helper gets for a lane's value: 32 bits boxed.
#[inline]
pub const fn lane_argument(lanes: Lanes, value: u64) -> u64 {
    match lanes {
        Lanes::I64x2 => value,
        _ => value | !0 << 32,
    }
}

/// The result of `op` on the lanes of `a`. Lanes that the operation is not for
/// yield something.
pub fn lane_unary(op: LaneUnaryOp, lanes: Lanes, a: u128) -> u128 {
    let ty = lanes.ty();
    let half = lanes.count() / 2;
    let signed = |lane| ty.sext(extract(lanes, a, lane));
    let unsigned = |lane| extract(lanes, a, lane);
    match op {
        LaneUnaryOp::Bnot => !a,
        LaneUnaryOp::Ineg => map(lanes, a, |x| scalar_unary(UnaryOp::Ineg, ty, x)),
        LaneUnaryOp::Iabs => map(lanes, a, |x| (ty.sext(x) as i64).unsigned_abs()),
        LaneUnaryOp::Popcnt => map(lanes, a, |x| x.count_ones().into()),
        LaneUnaryOp::SwidenLow => widened(lanes, signed),
        LaneUnaryOp::SwidenHigh => widened(lanes, |lane| signed(half + lane)),
        LaneUnaryOp::UwidenLow => widened(lanes, unsigned),
        LaneUnaryOp::UwidenHigh => widened(lanes, |lane| unsigned(half + lane)),
        LaneUnaryOp::AesSub => aes::sub(a),
        LaneUnaryOp::AesUnsub => aes::unsub(a),
        LaneUnaryOp::AesMix => aes::mix(a),
        LaneUnaryOp::AesUnmix => aes::unmix(a),
    }
}

/// The result of `op` on the lanes of `a` and `b`. Lanes that the operation is
/// not for yield something.
pub fn lane_binary(op: LaneBinaryOp, lanes: Lanes, a: u128, b: u128) -> u128 {
    let ty = lanes.ty();
    let scalar = |op| zip(lanes, a, b, |x, y| binary(op, ty, x, y));
    let signed = |f: fn(i128, i128) -> i128| {
        zip(lanes, a, b, |x, y| {
            saturated(true, ty, f((ty.sext(x) as i64).into(), (ty.sext(y) as i64).into()))
        })
    };
    let unsigned =
        |f: fn(i128, i128) -> i128| zip(lanes, a, b, |x, y| saturated(false, ty, f(x.into(), y.into())));
    match op {
        LaneBinaryOp::Band => a & b,
        LaneBinaryOp::Bor => a | b,
        LaneBinaryOp::Bxor => a ^ b,
        LaneBinaryOp::Iadd => scalar(BinaryOp::Iadd),
        LaneBinaryOp::Isub => scalar(BinaryOp::Isub),
        LaneBinaryOp::Imul => scalar(BinaryOp::Imul),
        LaneBinaryOp::Umin => scalar(BinaryOp::Umin),
        LaneBinaryOp::Umax => scalar(BinaryOp::Umax),
        LaneBinaryOp::Smin => scalar(BinaryOp::Smin),
        LaneBinaryOp::Smax => scalar(BinaryOp::Smax),
        LaneBinaryOp::Ishl => zip(lanes, a, b, |x, n| shift(BinaryOp::Ishl, ty, x, n)),
        LaneBinaryOp::Ushr => zip(lanes, a, b, |x, n| shift(BinaryOp::Ushr, ty, x, n)),
        LaneBinaryOp::Sshr => zip(lanes, a, b, |x, n| shift(BinaryOp::Sshr, ty, x, n)),
        LaneBinaryOp::Sshift => zip(lanes, a, b, |x, n| shift_either_way(BinaryOp::Sshr, ty, x, n)),
        LaneBinaryOp::Ushift => zip(lanes, a, b, |x, n| shift_either_way(BinaryOp::Ushr, ty, x, n)),
        LaneBinaryOp::UaddSat => unsigned(|x, y| x + y),
        LaneBinaryOp::SaddSat => signed(|x, y| x + y),
        LaneBinaryOp::UsubSat => unsigned(|x, y| x - y),
        LaneBinaryOp::SsubSat => signed(|x, y| x - y),
        LaneBinaryOp::AvgRound => unsigned(|x, y| (x + y + 1) >> 1),
        LaneBinaryOp::IaddPairwise => each(lanes, |lane| {
            let first = 2 * lane;
            let of_both = |lane| extract_of_both(lanes, a, b, lane);
            of_both(first).wrapping_add(of_both(first + 1))
        }),
        LaneBinaryOp::Snarrow => narrowed(lanes, a, b, |ty, x| saturated(true, ty, x), true),
        LaneBinaryOp::Unarrow => narrowed(lanes, a, b, |ty, x| saturated(false, ty, x), true),
        LaneBinaryOp::Uunarrow => narrowed(lanes, a, b, |ty, x| saturated(false, ty, x), false),
        LaneBinaryOp::Swizzle => swizzle(a, b),
        LaneBinaryOp::ClmulLow => carryless_product(a as u64, b as u64),
        LaneBinaryOp::ClmulHigh => carryless_product((a >> 64) as u64, (b >> 64) as u64),
    }
}

/// All ones in the lanes where `cond` holds, zero in the others.
pub fn lane_icmp(cond: IntCC, lanes: Lanes, a: u128, b: u128) -> u128 {
    let ty = lanes.ty();
    zip(lanes, a, b, |x, y| if scalar_icmp(cond, ty, x, y) { ty.mask() } else { 0 })
}

/// The bits of `then` where `mask` has ones, those of `other` where not.
#[inline]
pub const fn bitselect(mask: u128, then: u128, other: u128) -> u128 {
    then & mask | other & !mask
}

/// Bytes of `a` (0 to 15) and `b` (16 to 31) by the numbers in `mask`; 0 for
/// other numbers.
pub fn shuffle(a: u128, b: u128, mask: u128) -> u128 {
    let [a, b] = [a, b].map(u128::to_le_bytes);
    map(Lanes::I8x16, mask, |number| match number {
        0..16 => a[number as usize].into(),
        16..32 => b[number as usize - 16].into(),
        _ => 0,
    })
}

/// The product of polynomials over {0, 1}.
fn carryless_product(a: u64, b: u64) -> u128 {
    (0..64).filter(|bit| a >> bit & 1 != 0).fold(0, |product, bit| product ^ u128::from(b) << bit)
}

fn swizzle(table: u128, numbers: u128) -> u128 {
    let bytes = table.to_le_bytes();
    map(Lanes::I8x16, numbers, |number| bytes.get(number as usize).map_or(0, |byte| (*byte).into()))
}

/// The vector whose lanes `f` makes from their numbers; it may yield more bits
/// than a lane has.
#[inline]
fn each(lanes: Lanes, f: impl Fn(u8) -> u64) -> u128 {
    // An array for each width, which compilers make host vectors of.
    match lanes {
        Lanes::I8x16 => u128::from_le_bytes(std::array::from_fn(|lane| f(lane as u8) as u8)),
        Lanes::I16x8 => {
            let values: [u16; 8] = std::array::from_fn(|lane| f(lane as u8) as u16);
            values.iter().rev().fold(0, |vector, value| vector << 16 | u128::from(*value))
        }
        Lanes::I32x4 => {
            let values: [u32; 4] = std::array::from_fn(|lane| f(lane as u8) as u32);
            values.iter().rev().fold(0, |vector, value| vector << 32 | u128::from(*value))
        }
        Lanes::I64x2 => iconcat(f(0), f(1)),
    }
}

/// The lanes, the lowest first, zero-extended; what is beyond their number is zero.
#[inline]
fn unpacked(lanes: Lanes, vector: u128) -> [u64; 16] {
    let bytes = vector.to_le_bytes();
    let mut values = [0; 16];
    match lanes {
        Lanes::I8x16 => values = bytes.map(u64::from),
        Lanes::I16x8 => {
            let halves = bytes.as_chunks().0.iter().map(|chunk| u16::from_le_bytes(*chunk));
            values.iter_mut().zip(halves).for_each(|(value, half)| *value = half.into());
        }
        Lanes::I32x4 => {
            let words = bytes.as_chunks().0.iter().map(|chunk| u32::from_le_bytes(*chunk));
            values.iter_mut().zip(words).for_each(|(value, word)| *value = word.into());
        }
        Lanes::I64x2 => [values[0], values[1]] = isplit(vector),
    }
    values
}

#[inline]
fn map(lanes: Lanes, a: u128, f: impl Fn(u64) -> u64) -> u128 {
    let a = unpacked(lanes, a);
    each(lanes, |lane| f(a[usize::from(lane % 16)]))
}

#[inline]
fn zip(lanes: Lanes, a: u128, b: u128, f: impl Fn(u64, u64) -> u64) -> u128 {
    let (a, b) = (unpacked(lanes, a), unpacked(lanes, b));
    each(lanes, |lane| f(a[usize::from(lane % 16)], b[usize::from(lane % 16)]))
}

/// A lane of two vectors one after the other; 0 if there is none.
#[inline]
fn extract_of_both(lanes: Lanes, a: u128, b: u128, lane: u8) -> u64 {
    match lane.checked_sub(lanes.count()) {
        None => extract(lanes, a, lane),
        Some(lane) => extract(lanes, b, lane),
    }
}

/// Lanes of twice the width, which `f` makes from their numbers.
fn widened(lanes: Lanes, f: impl Fn(u8) -> u64) -> u128 {
    each(lanes.wider().unwrap_or(lanes), f)
}

/// Lanes of half the width, which `f` makes from a type and all lanes of both.
fn narrowed(lanes: Lanes, a: u128, b: u128, f: impl Fn(Type, i128) -> u64, signed: bool) -> u128 {
    let narrow = lanes.narrower().unwrap_or(lanes);
    each(narrow, |lane| {
        let x = extract_of_both(lanes, a, b, lane);
        f(narrow.ty(), if signed { i128::from(lanes.ty().sext(x) as i64) } else { x.into() })
    })
}

/// The nearest value of the type, zero-extended.
fn saturated(signed: bool, ty: Type, value: i128) -> u64 {
    let (least, greatest) = if signed {
        (-(1i128 << (ty.bits() - 1)), (1i128 << (ty.bits() - 1)) - 1)
    } else {
        (0, ty.mask().into())
    };
    value.clamp(least, greatest) as u64 & ty.mask()
}

/// A shift of one lane by an amount that may be too large.
#[inline]
fn shift(op: BinaryOp, ty: Type, x: u64, amount: u64) -> u64 {
    let last = u64::from(ty.bits()) - 1;
    match op {
        BinaryOp::Sshr => binary(op, ty, x, amount.min(last)),
        _ if amount > last => 0,
        _ => binary(op, ty, x, amount),
    }
}

/// A shift to the left by a signed amount, or by `right` if that is negative.
fn shift_either_way(right: BinaryOp, ty: Type, x: u64, amount: u64) -> u64 {
    let amount = ty.sext(amount) as i64;
    shift(if amount < 0 { right } else { BinaryOp::Ishl }, ty, x, amount.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Edge values in lanes of all widths as often as arbitrary bits.
    fn vector() -> impl Strategy<Value = u128> {
        let edge = prop::sample::select(vec![0u8, 1, 7, 8, 0x7f, 0x80, 0xff]);
        let bytes = prop::collection::vec(edge, 16);
        prop_oneof![
            any::<u128>(),
            bytes.prop_map(|bytes| u128::from_le_bytes(bytes.try_into().expect("there are 16"))),
            (0..4usize, any::<u128>(), 0..64u32).prop_map(|(lanes, bits, shift)| {
                let lanes = Lanes::ALL[lanes];
                map(lanes, bits, |x| x >> shift)
            }),
        ]
    }

    /// Checks operations on lanes of one type against Rust's own integers of that
    /// width, in arrays.
    macro_rules! matches_native_lanes {
        ($name:ident, $lanes:expr, $u:ty, $i:ty, $wide_u:ty, $wide_i:ty) => {
            proptest! {
                #[test]
                fn $name(a in vector(), b in vector()) {
                    const BYTES: usize = size_of::<$u>();
                    let split = |v: u128| -> Vec<$u> {
                        let bytes = v.to_le_bytes();
                        let lanes = bytes.chunks_exact(BYTES);
                        lanes.map(|lane| <$u>::from_le_bytes(lane.try_into().expect("as wide"))).collect()
                    };
                    let (x, y) = (split(a), split(b));
                    let pairs = || x.iter().copied().zip(y.iter().copied());
                    let u = |op, f: fn($u, $u) -> $u| {
                        let wanted: Vec<$u> = pairs().map(|(x, y)| f(x, y)).collect();
                        prop_assert_eq!(split(lane_binary(op, $lanes, a, b)), wanted, "{:?}", op);
                        Ok(())
                    };
                    let cond = |cond, f: fn($u, $u) -> bool| {
                        let wanted: Vec<$u> = pairs().map(|(x, y)| if f(x, y) { <$u>::MAX } else { 0 }).collect();
                        prop_assert_eq!(split(lane_icmp(cond, $lanes, a, b)), wanted, "{:?}", cond);
                        Ok(())
                    };
                    u(LaneBinaryOp::Iadd, <$u>::wrapping_add)?;
                    u(LaneBinaryOp::Isub, <$u>::wrapping_sub)?;
                    u(LaneBinaryOp::Imul, <$u>::wrapping_mul)?;
                    u(LaneBinaryOp::Umin, <$u>::min)?;
                    u(LaneBinaryOp::Umax, <$u>::max)?;
                    u(LaneBinaryOp::Smin, |x, y| (x as $i).min(y as $i) as $u)?;
                    u(LaneBinaryOp::Smax, |x, y| (x as $i).max(y as $i) as $u)?;
                    u(LaneBinaryOp::UaddSat, <$u>::saturating_add)?;
                    u(LaneBinaryOp::UsubSat, <$u>::saturating_sub)?;
                    u(LaneBinaryOp::SaddSat, |x, y| (x as $i).saturating_add(y as $i) as $u)?;
                    u(LaneBinaryOp::SsubSat, |x, y| (x as $i).saturating_sub(y as $i) as $u)?;
                    u(LaneBinaryOp::AvgRound, |x, y| (x as $wide_u + y as $wide_u).div_ceil(2) as $u)?;
                    let amount = |y: $u| u32::try_from(y).ok();
                    let shl = |x: $u, y: $u| amount(y).and_then(|n| x.checked_shl(n)).unwrap_or(0);
                    prop_assert_eq!(
                        split(lane_binary(LaneBinaryOp::Ishl, $lanes, a, b)),
                        pairs().map(|(x, y)| shl(x, y)).collect::<Vec<$u>>()
                    );
                    let shr = |x: $u, y: $u| amount(y).and_then(|n| x.checked_shr(n)).unwrap_or(0);
                    prop_assert_eq!(
                        split(lane_binary(LaneBinaryOp::Ushr, $lanes, a, b)),
                        pairs().map(|(x, y)| shr(x, y)).collect::<Vec<$u>>()
                    );
                    let sign = |x: $u| ((x as $i) >> (<$u>::BITS - 1)) as $u;
                    let sar = |x: $u, y: $u| {
                        amount(y).and_then(|n| (x as $i).checked_shr(n)).map_or(sign(x), |r| r as $u)
                    };
                    prop_assert_eq!(
                        split(lane_binary(LaneBinaryOp::Sshr, $lanes, a, b)),
                        pairs().map(|(x, y)| sar(x, y)).collect::<Vec<$u>>()
                    );
                    let both: Vec<$u> = x.iter().chain(&y).copied().collect();
                    prop_assert_eq!(
                        split(lane_binary(LaneBinaryOp::IaddPairwise, $lanes, a, b)),
                        both.chunks_exact(2).map(|pair| pair[0].wrapping_add(pair[1])).collect::<Vec<$u>>()
                    );
                    cond(IntCC::Eq, |x, y| x == y)?;
                    cond(IntCC::Ne, |x, y| x != y)?;
                    cond(IntCC::Ult, |x, y| x < y)?;
                    cond(IntCC::Uge, |x, y| x >= y)?;
                    cond(IntCC::Slt, |x, y| (x as $i) < y as $i)?;
                    cond(IntCC::Sle, |x, y| x as $i <= y as $i)?;
                    let negated: Vec<$u> = x.iter().map(|x| x.wrapping_neg()).collect();
                    prop_assert_eq!(split(lane_unary(LaneUnaryOp::Ineg, $lanes, a)), negated);
                    let absolute: Vec<$u> = x.iter().map(|x| (*x as $i).unsigned_abs()).collect();
                    prop_assert_eq!(split(lane_unary(LaneUnaryOp::Iabs, $lanes, a)), absolute);
                    for (lane, value) in (0..$lanes.count()).zip(&x) {
                        prop_assert_eq!(extract($lanes, a, lane), u64::from(*value));
                        let with: Vec<$u> = split(insert($lanes, b, lane, u64::from(*value)));
                        let mut wanted = y.clone();
                        wanted[usize::from(lane)] = *value;
                        prop_assert_eq!(with, wanted);
                        prop_assert!(split(splat($lanes, u64::from(*value))).iter().all(|x| x == value));
                    }
                    // To twice the width and back.
                    if $lanes.wider().is_some() {
                        let widen = |op| lane_unary(op, $lanes, a);
                        let wide = |v: u128, half: usize, f: fn($u) -> $wide_u| {
                            let wanted = x[half * x.len() / 2..][..x.len() / 2].iter();
                            let bytes: Vec<u8> = wanted.flat_map(|x| f(*x).to_le_bytes()).collect();
                            prop_assert_eq!(bytes, v.to_le_bytes().to_vec());
                            Ok(())
                        };
                        wide(widen(LaneUnaryOp::UwidenLow), 0, |x| x as $wide_u)?;
                        wide(widen(LaneUnaryOp::UwidenHigh), 1, |x| x as $wide_u)?;
                        wide(widen(LaneUnaryOp::SwidenLow), 0, |x| x as $i as $wide_i as $wide_u)?;
                        wide(widen(LaneUnaryOp::SwidenHigh), 1, |x| x as $i as $wide_i as $wide_u)?;
                        let wider = $lanes.wider().expect("just asked");
                        for (op, low, high) in [
                            (LaneBinaryOp::Snarrow, LaneUnaryOp::SwidenLow, LaneUnaryOp::SwidenHigh),
                            (LaneBinaryOp::Uunarrow, LaneUnaryOp::UwidenLow, LaneUnaryOp::UwidenHigh),
                        ] {
                            prop_assert_eq!(lane_binary(op, wider, widen(low), widen(high)), a);
                        }
                    }
                }
            }
        };
    }

    matches_native_lanes!(matches_native_i8x16, Lanes::I8x16, u8, i8, u16, i16);
    matches_native_lanes!(matches_native_i16x8, Lanes::I16x8, u16, i16, u32, i32);
    matches_native_lanes!(matches_native_i32x4, Lanes::I32x4, u32, i32, u64, i64);
    matches_native_lanes!(matches_native_i64x2, Lanes::I64x2, u64, i64, u128, i128);

    #[test]
    fn narrowing_takes_the_nearest_value() {
        let wide = splat(Lanes::I16x8, 0x0180) & !0xffff | 0xff7f;
        let signed = lane_binary(LaneBinaryOp::Snarrow, Lanes::I16x8, wide, 0);
        assert_eq!(signed, 0x7f7f_7f7f_7f7f_7f80);
        assert_eq!(lane_binary(LaneBinaryOp::Unarrow, Lanes::I16x8, wide, 0), 0xffff_ffff_ffff_ff00);
        assert_eq!(
            lane_binary(LaneBinaryOp::Uunarrow, Lanes::I16x8, wide, 1),
            1 << 64 | u128::from(u64::MAX)
        );
        let wide = iconcat(i64::MIN as u64, 1 << 32);
        assert_eq!(lane_binary(LaneBinaryOp::Snarrow, Lanes::I64x2, wide, 0), 0x7fff_ffff_8000_0000);
    }

    #[test]
    fn bytes_are_found_by_number_or_are_zero() {
        let numbers = u128::from_le_bytes([0, 15, 16, 31, 32, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        let table = u128::from_le_bytes(std::array::from_fn(|at| 100 + at as u8));
        let second = u128::from_le_bytes(std::array::from_fn(|at| 200 + at as u8));
        let found = shuffle(table, second, numbers).to_le_bytes();
        assert_eq!(found[..7], [100, 115, 200, 215, 0, 0, 101]);
        let found = lane_binary(LaneBinaryOp::Swizzle, Lanes::I8x16, table, numbers).to_le_bytes();
        assert_eq!(found[..7], [100, 115, 0, 0, 0, 0, 101]);
        assert_eq!(lane_unary(LaneUnaryOp::Popcnt, Lanes::I8x16, 0xff07), 0x0803);
        assert_eq!(bitselect(0xff00, 0x1234, 0x5678), 0x1278);
    }
}
