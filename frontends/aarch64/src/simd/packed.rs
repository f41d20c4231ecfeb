//! Helpers that work on all lanes of 64 bits at once.
//!
//! Source: Arm ARM, chapter C7 and the pseudocode functions named below. The
//! last argument of each is a [`Code`].

use guest::softfloat::{recip_estimate_u32, rsqrt_estimate_u32};
use guest::{Env, Fault, Helper, HelperFn};
use ir::{Effects, HelperDecl, HelperId, Lanes, SlotSet, Type, Value};

use super::register::{Extent, Shape};
use super::sm::substitute_word;
use crate::Lift;
use crate::fp::env::fpsr;
use crate::state::FPSR;

/// Helpers of lanes.
#[rustfmt::skip]
pub const HELPERS: &[Helper] = &[
    saturating("lanes.shl", 3, shift),
    saturating("lanes.sqadd.mixed", 3, add_mixed),
    pure("lanes.recpe", 2, recip_estimate),
    pure("lanes.rsqrte", 2, rsqrt_estimate),
    pure("sm4.sub", 1, substitute_word),
    pure("lanes.pmul", 3, polynomial_low),
];

/// A helper that depends on its arguments alone.
const fn pure(name: &'static str, args: u8, run: HelperFn) -> Helper {
    let (reads, writes) = (SlotSet::NONE, SlotSet::NONE);
    let effects = Effects::empty();
    Helper { decl: HelperDecl { name, args, returns: true, reads, writes, effects, inline: &[] }, run }
}

/// A helper that may set FPSR.QC.
const fn saturating(name: &'static str, args: u8, run: HelperFn) -> Helper {
    let (reads, writes) = (SlotSet::These(&[FPSR]), SlotSet::These(&[FPSR]));
    let effects = Effects::empty();
    Helper { decl: HelperDecl { name, args, returns: true, reads, writes, effects, inline: &[] }, run }
}

/// What a helper is told of its operation.
#[derive(Clone, Copy, Debug)]
pub struct Code(pub u64);

impl Code {
    /// Lanes are unsigned.
    pub const UNSIGNED: u64 = 1 << 8;
    /// Results are rounded, not cut.
    pub const ROUNDING: u64 = 1 << 9;
    /// Results are the nearest that fits.
    pub const SATURATING: u64 = 1 << 10;

    /// Lanes of a type, and some of the above.
    pub const fn new(lanes: Lanes, options: u64) -> Code {
        Code(lanes.ty().bits() as u64 | options)
    }

    const fn bits(self) -> u32 {
        (self.0 & 0x7f) as u32
    }

    const fn has(self, option: u64) -> bool {
        self.0 & option != 0
    }

    const fn ty(self) -> Type {
        match self.bits() {
            8 => Type::I8,
            16 => Type::I16,
            32 => Type::I32,
            _ => Type::I64,
        }
    }

    /// A lane's value.
    fn value(self, lane: u64) -> i128 {
        if self.has(Code::UNSIGNED) { lane.into() } else { i128::from(self.ty().sext(lane) as i64) }
    }

    /// Lanes that `f` makes from the numbers of the lanes.
    fn each(self, mut f: impl FnMut(u32) -> u64) -> u64 {
        let bits = self.bits();
        (0..64 / bits).fold(0, |all, lane| all | (f(lane) & self.ty().mask()) << (lane * bits))
    }

    /// Lane `lane` of 64 bits.
    fn lane(self, half: u64, lane: u32) -> u64 {
        half >> (lane * self.bits()) & self.ty().mask()
    }

    /// The nearest value that the result's lanes hold (`SatQ`), noting in
    /// `saturated` if that is another one.
    fn saturate(self, value: i128, saturated: &mut bool) -> i128 {
        let bits = self.bits();
        let unsigned = self.has(Code::UNSIGNED);
        let (least, greatest) = if unsigned {
            (0, (1i128 << bits) - 1)
        } else {
            (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
        };
        *saturated |= value < least || value > greatest;
        value.clamp(least, greatest)
    }
}

impl Lift<'_> {
    /// Calls a helper for the part of vectors that `shape` says, half by half.
    pub fn packed(&mut self, helper: HelperId, shape: Shape, operands: &[Value], code: Code) -> Value {
        let code = self.i64(code.0);
        let mut halves = [code; 2];
        let count = if shape.extent == Extent::Full { 2 } else { 1 };
        for (half, result) in halves.iter_mut().enumerate().take(count) {
            let mut args = [code; 4];
            for (arg, operand) in args.iter_mut().zip(operands) {
                *arg = match shape.extent {
                    Extent::Scalar => {
                        let lane = self.b.lanes(shape.lanes).extract(*operand, 0);
                        self.b.uextend(Type::I64, lane)
                    }
                    _ => self.half(*operand, half as u8),
                };
            }
            *result = self.call(helper, &args[..=operands.len()]);
        }
        if count == 1 {
            halves[1] = self.i64(0);
        }
        self.b.iconcat(halves[0], halves[1])
    }
}

/// Sets FPSR.QC if a result was saturated.
fn note(env: &mut Env<'_>, saturated: bool) {
    if saturated {
        let status = env.cpu.get(FPSR) | fpsr::QC;
        env.cpu.set(FPSR, status);
    }
}

/// Shifts lanes by the signed number in the low byte of another's: left, or
/// right if it is negative (SSHL, USHL and those that round or saturate).
fn shift(env: &mut Env<'_>, [a, b, code, _]: [u64; 4]) -> Result<u64, Fault> {
    let code = Code(code);
    let mut saturated = false;
    let result = code.each(|lane| {
        let value = code.value(code.lane(a, lane));
        let amount = i32::from(code.lane(b, lane) as i8);
        let shifted = shifted(value, amount, code.has(Code::ROUNDING));
        if code.has(Code::SATURATING) {
            code.saturate(shifted, &mut saturated) as u64
        } else {
            shifted as u64
        }
    });
    note(env, saturated);
    Ok(result)
}

/// A value of at most 64 bits shifted. To the left, what is too large for 64
/// bits stays so, with its sign.
fn shifted(value: i128, amount: i32, rounding: bool) -> i128 {
    match amount {
        0..64 => value << amount,
        64.. if value == 0 => 0,
        64.. => value.signum() << 126,
        _ => {
            let amount = amount.unsigned_abs().min(66);
            let round = if rounding { 1 << (amount - 1) } else { 0 };
            (value + round) >> amount
        }
    }
}

/// Unsigned lanes `a` and signed ones `b` as unsigned sums, or, with
/// [`Code::UNSIGNED`] clear, signed `a` and unsigned `b` as signed sums
/// (USQADD, SUQADD).
fn add_mixed(env: &mut Env<'_>, [a, b, code, _]: [u64; 4]) -> Result<u64, Fault> {
    let code = Code(code);
    let other = Code(code.0 ^ Code::UNSIGNED);
    let mut saturated = false;
    let result = code.each(|lane| {
        let sum = code.value(code.lane(a, lane)) + other.value(code.lane(b, lane));
        code.saturate(sum, &mut saturated) as u64
    });
    note(env, saturated);
    Ok(result)
}

/// `UnsignedRecipEstimate` of two lanes.
fn recip_estimate(_: &mut Env<'_>, [a, code, ..]: [u64; 4]) -> Result<u64, Fault> {
    let code = Code(code);
    Ok(code.each(|lane| recip_estimate_u32(code.lane(a, lane) as u32).into()))
}

/// `UnsignedRSqrtEstimate` of two lanes.
fn rsqrt_estimate(_: &mut Env<'_>, [a, code, ..]: [u64; 4]) -> Result<u64, Fault> {
    let code = Code(code);
    Ok(code.each(|lane| rsqrt_estimate_u32(code.lane(a, lane) as u32).into()))
}

/// The product of polynomials over {0, 1} (`PolynomialMult`).
pub fn polynomial_product(a: u64, b: u64) -> u128 {
    (0..64).filter(|bit| a >> bit & 1 != 0).fold(0, |product, bit| product ^ u128::from(b) << bit)
}

/// The low halves of the products of eight lanes (PMUL).
fn polynomial_low(_: &mut Env<'_>, [a, b, code, _]: [u64; 4]) -> Result<u64, Fault> {
    let code = Code(code);
    Ok(code.each(|lane| polynomial_product(code.lane(a, lane), code.lane(b, lane)) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_go_both_ways() {
        assert_eq!(shifted(-5, -1, false), -3);
        assert_eq!(shifted(-5, -1, true), -2);
        assert_eq!(shifted(5, 3, false), 40);
        assert_eq!((shifted(-1, -128, false), shifted(-1, -128, true)), (-1, 0));
        assert_eq!(shifted(i64::MAX.into(), -64, true), 0);
        assert_eq!(shifted(u64::MAX.into(), -64, true), 1);
    }

    #[test]
    fn polynomials_have_no_carries() {
        assert_eq!(polynomial_product(0b11, 0b11), 0b101);
        assert_eq!(polynomial_product(1 << 63, 1 << 63), 1 << 126);
    }
}
