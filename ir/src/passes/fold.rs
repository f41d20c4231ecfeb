//! Folds constants and applies identities that need no new operation: an
//! operation becomes another one, or an earlier value.

mod lanes;

use crate::{BinaryOp, Inst, IntCC, ORIGIN_BYTES, Terminator, Type, UnaryOp, Value, eval};

/// What becomes of an operation.
pub enum Folded {
    /// It stays.
    Kept,
    /// Its result is this earlier value.
    Same(Value),
    /// It is this operation instead.
    Inst(Inst),
}

/// The operations before the one in question, and their results' types.
pub struct Known<'a> {
    pub insts: &'a [Inst],
    pub types: &'a [Option<Type>],
}

fn constant(ty: Type, value: u64) -> Folded {
    Folded::Inst(Inst::Iconst { ty, value })
}

fn boolean(value: bool) -> Folded {
    constant(Type::I8, u64::from(value))
}

impl Known<'_> {
    /// Simplifies `inst`, whose operands are known.
    pub fn fold(&self, inst: &Inst) -> Folded {
        match *inst {
            Inst::Unary { op, value } => self.unary(op, value),
            Inst::Binary { op, lhs, rhs } => self.binary(op, lhs, rhs),
            Inst::Icmp { cond, lhs, rhs } => self.icmp(cond, lhs, rhs),
            Inst::Select { cond, then, other } => self.select(cond, then, other),
            Inst::Uextend { ty, value } => self.uextend(ty, value),
            Inst::Sextend { ty, value } => self.sextend(ty, value),
            Inst::Ireduce { ty, value } => self.ireduce(ty, value),
            Inst::ExtractLane { lanes, lane, value } => self.extract_lane(lanes, lane, value),
            Inst::Iconcat { low, high } => self.iconcat(low, high),
            Inst::LaneBinary { op, lhs, rhs, .. } => self.lane_binary(op, lhs, rhs),
            Inst::Bitselect { then, other, .. } if then == other => Folded::Same(then),
            _ => Folded::Kept,
        }
    }

    /// Simplifies the terminator: where the next address is known, it jumps.
    pub fn terminator(&self, terminator: Terminator) -> Terminator {
        match terminator {
            Terminator::Branch { taken, other, .. } if taken == other => Terminator::Jump { pc: taken },
            Terminator::Branch { cond, taken, other } => match self.constant(cond) {
                Some(cond) => Terminator::Jump { pc: eval::select(cond, taken, other) },
                None => terminator,
            },
            Terminator::Indirect { target, .. } => match self.inst(target) {
                Inst::CodeAddress { pc } => Terminator::Jump { pc },
                _ => terminator,
            },
            _ => terminator,
        }
    }

    fn inst(&self, value: Value) -> Inst {
        self.insts[value.index()]
    }

    fn ty(&self, value: Value) -> Type {
        self.types[value.index()].expect("operands of a verified block are values")
    }

    fn constant(&self, value: Value) -> Option<u64> {
        match self.inst(value) {
            Inst::Iconst { value, .. } => Some(value),
            _ => None,
        }
    }

    fn unary(&self, op: UnaryOp, value: Value) -> Folded {
        if let Some(a) = self.constant(value) {
            let ty = self.ty(value);
            return constant(ty, eval::unary(op, ty, a));
        }
        match self.inst(value) {
            Inst::Unary { op: inner, value } if inner == op && undoes_itself(op) => Folded::Same(value),
            _ => Folded::Kept,
        }
    }

    fn binary(&self, op: BinaryOp, lhs: Value, rhs: Value) -> Folded {
        let ty = self.ty(lhs);
        match (self.constant(lhs), self.constant(rhs)) {
            (Some(a), Some(b)) => constant(ty, eval::binary(op, ty, a, b)),
            (None, Some(b)) => match self.inst(lhs) {
                Inst::CodeAddress { pc } => address_and_constant(op, lhs, pc, b),
                _ => constant_right(op, ty, lhs, b),
            },
            (Some(a), None) if op.is_commutative() => {
                match (constant_right(op, ty, rhs, a), self.inst(rhs)) {
                    (Folded::Kept, Inst::CodeAddress { pc }) => address_and_constant(op, rhs, pc, a),
                    // Engines look for constants on the right only.
                    (Folded::Kept, _) => Folded::Inst(Inst::Binary { op, lhs: rhs, rhs: lhs }),
                    (folded, _) => folded,
                }
            }
            (Some(0), None) => zero_left(op, ty, rhs),
            _ if lhs == rhs => equal_operands(op, ty, lhs),
            _ => Folded::Kept,
        }
    }

    fn icmp(&self, cond: IntCC, lhs: Value, rhs: Value) -> Folded {
        let ty = self.ty(lhs);
        match (self.constant(lhs), self.constant(rhs)) {
            (Some(a), Some(b)) => boolean(eval::icmp(cond, ty, a, b)),
            (Some(_), None) => Folded::Inst(Inst::Icmp { cond: cond.swapped(), lhs: rhs, rhs: lhs }),
            (None, Some(0)) => self.compare_with_zero(cond, lhs),
            _ if lhs == rhs => boolean(eval::icmp(cond, ty, 0, 0)),
            _ => Folded::Kept,
        }
    }

    /// A comparison's result, maybe extended, is compared again: so guests
    /// without flags branch on less.
    fn compare_with_zero(&self, cond: IntCC, value: Value) -> Folded {
        let flag = match self.inst(value) {
            Inst::Uextend { value, .. } => value,
            _ => value,
        };
        match (cond, self.inst(flag)) {
            (IntCC::Ult, _) => boolean(false),
            (IntCC::Uge, _) => boolean(true),
            (IntCC::Ne | IntCC::Ugt, Inst::Icmp { .. }) => Folded::Same(flag),
            (IntCC::Eq | IntCC::Ule, Inst::Icmp { cond, lhs, rhs }) => {
                Folded::Inst(Inst::Icmp { cond: cond.inverted(), lhs, rhs })
            }
            _ => Folded::Kept,
        }
    }

    fn select(&self, cond: Value, then: Value, other: Value) -> Folded {
        match self.constant(cond) {
            _ if then == other => Folded::Same(then),
            Some(0) => Folded::Same(other),
            Some(_) => Folded::Same(then),
            None => Folded::Kept,
        }
    }

    fn uextend(&self, ty: Type, value: Value) -> Folded {
        match self.inst(value) {
            Inst::Iconst { value, .. } => constant(ty, eval::uextend(value)),
            Inst::Uextend { value, .. } => Folded::Inst(Inst::Uextend { ty, value }),
            _ => Folded::Kept,
        }
    }

    fn sextend(&self, ty: Type, value: Value) -> Folded {
        match self.inst(value) {
            Inst::Iconst { ty: from, value } => constant(ty, eval::sextend(from, ty, value)),
            Inst::Sextend { value, .. } => Folded::Inst(Inst::Sextend { ty, value }),
            // The extended value's sign bit is clear.
            Inst::Uextend { value, .. } => Folded::Inst(Inst::Uextend { ty, value }),
            _ => Folded::Kept,
        }
    }

    fn ireduce(&self, ty: Type, value: Value) -> Folded {
        let (inner, extended) = match self.inst(value) {
            Inst::Iconst { value, .. } => return constant(ty, eval::ireduce(ty, value)),
            Inst::Ireduce { value, .. } => return Folded::Inst(Inst::Ireduce { ty, value }),
            Inst::Uextend { value, .. } => (value, Inst::Uextend { ty, value }),
            Inst::Sextend { value, .. } => (value, Inst::Sextend { ty, value }),
            _ => return Folded::Kept,
        };
        match self.ty(inner) {
            from if from == ty => Folded::Same(inner),
            from if from < ty => Folded::Inst(extended),
            _ => Folded::Inst(Inst::Ireduce { ty, value: inner }),
        }
    }
}

fn undoes_itself(op: UnaryOp) -> bool {
    matches!(op, UnaryOp::Ineg | UnaryOp::Bnot | UnaryOp::Bswap | UnaryOp::Bitrev)
}

/// `op` of `x` and the constant `b`.
fn constant_right(op: BinaryOp, ty: Type, x: Value, b: u64) -> Folded {
    use BinaryOp::{Band, Bor, Bxor, Iadd, Imul, Isub, Smulhi, Umax, Umin, Umulhi};
    use BinaryOp::{Ishl, Rotl, Rotr, Sdiv, Srem, Sshr, Udiv, Urem, Ushr};
    let all_ones = ty.mask();
    match (op, b) {
        (Iadd | Isub | Bor | Bxor | Umax | Urem | Srem, 0) => Folded::Same(x),
        (Imul | Umulhi | Smulhi | Band | Umin | Udiv | Sdiv, 0) => constant(ty, 0),
        (Imul | Udiv | Sdiv, 1) => Folded::Same(x),
        (Umulhi | Urem | Srem, 1) => constant(ty, 0),
        (Band | Umin, _) if b == all_ones => Folded::Same(x),
        (Bor | Umax, _) if b == all_ones => constant(ty, all_ones),
        (Ishl | Ushr | Sshr | Rotl | Rotr, _) if b & u64::from(ty.bits() - 1) == 0 => Folded::Same(x),
        _ => Folded::Kept,
    }
}

/// `op` of `x`, which is the address `pc` in the code, and the constant `b`. The
/// origin has no bits of its own below [`ORIGIN_BYTES`].
fn address_and_constant(op: BinaryOp, x: Value, pc: u64, b: u64) -> Folded {
    let moved = |pc| Folded::Inst(Inst::CodeAddress { pc });
    match op {
        BinaryOp::Iadd => moved(pc.wrapping_add(b)),
        BinaryOp::Isub => moved(pc.wrapping_sub(b)),
        BinaryOp::Band if b | (ORIGIN_BYTES - 1) == u64::MAX => moved(pc & b),
        _ => constant_right(op, Type::I64, x, b),
    }
}

/// `op`, which does not commute, of 0 and `x`.
fn zero_left(op: BinaryOp, ty: Type, x: Value) -> Folded {
    match op {
        BinaryOp::Isub => Folded::Inst(Inst::Unary { op: UnaryOp::Ineg, value: x }),
        // Shifts, rotations, quotients and remainders of 0, also by 0.
        _ => constant(ty, 0),
    }
}

/// `op` of `x` and itself.
fn equal_operands(op: BinaryOp, ty: Type, x: Value) -> Folded {
    use BinaryOp::{Band, Bor, Bxor, Isub, Smax, Smin, Srem, Umax, Umin, Urem};
    match op {
        Band | Bor | Umin | Umax | Smin | Smax => Folded::Same(x),
        Isub | Bxor | Urem | Srem => constant(ty, 0),
        _ => Folded::Kept,
    }
}
