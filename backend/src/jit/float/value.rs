//! Values that are numbers of the host's beside bits in a register, and slots
//! that are kept as such.

use super::super::lower::Lower;
use crate::region::{Region, Slots};
use cranelift_codegen::ir::types::{F32, F64, I32, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value};
use ir::{BinaryOp, FloatFormat, Inst, Slot, Spec};

/// The upper half of a register that holds a boxed single.
pub(super) const BOX: u64 = 0xffff_ffff_0000_0000;

/// Slots that hold doubles for some operation of the host's in the region.
pub(in crate::jit) fn float_slots(region: &Region, spec: &Spec) -> Slots {
    let mut slots = Slots::default();
    for block in &region.blocks {
        let computes = |v: ir::Value| match block.insts[v.index()] {
            Inst::Call { helper, .. } => spec
                .helper(helper)
                .inline
                .first()
                .is_some_and(|form| form.yields() == Some(FloatFormat::Double)),
            _ => false,
        };
        for inst in &block.insts {
            match *inst {
                Inst::Set { slot, value } if computes(value) => slots.insert(slot),
                Inst::Call { helper, ref args } => {
                    let takes = spec.helper(helper).inline.first().and_then(|form| form.takes());
                    for arg in args.as_slice() {
                        if let (Inst::Get { slot }, Some(FloatFormat::Double)) =
                            (block.insts[arg.index()], takes)
                        {
                            slots.insert(slot);
                        }
                    }
                }
                _ => (),
            }
        }
    }
    slots
}

impl Lower<'_, '_> {
    /// Sets a slot in the form in which it is kept.
    pub(in crate::jit) fn set(&mut self, slot: Slot, value: ir::Value) {
        let (variable, ty) = (self.variable(slot), self.slot_type(slot));
        let value = if ty == F64 { self.float_value(value, F64) } else { self.value(value) };
        self.f.def_var(variable, value);
        self.dirty.insert(slot);
        self.float_known.forget(slot);
    }

    /// The same for a value of no name, and a slot that is no double's.
    pub(in crate::jit) fn define(&mut self, slot: Slot, value: Value) {
        let variable = self.variable(slot);
        self.f.def_var(variable, value);
        self.dirty.insert(slot);
    }

    /// Whether the operation that is being lowered yields what a double's slot
    /// is set to.
    pub(in crate::jit) fn is_for_float_slot(&self) -> bool {
        let here = self.at;
        self.insts[here..].iter().any(|inst| {
            matches!(*inst, Inst::Set { slot, value } if value.index() == here && self.float_slots.contains(slot))
        })
    }

    /// A word that is zero if all these registers hold boxed singles; `None` if
    /// they do in any case.
    pub(super) fn unboxed(&mut self, args: &[ir::Value]) -> Option<Value> {
        let mut word = None;
        for &arg in args {
            if !self.is_boxed(arg) {
                let value = self.value(arg);
                let ones = self.f.ins().iconst(I64, BOX as i64);
                let wrong = self.f.ins().band_not(ones, value);
                word = self.or_all(word, Some(wrong));
            }
        }
        word
    }

    /// Whether a value is a boxed single by the way it was made.
    fn is_boxed(&self, v: ir::Value) -> bool {
        let made_here = self.floats[v.index()].is_some_and(|f| self.f.func.dfg.value_type(f) == F32);
        made_here || self.boxed(v).is_some()
    }

    /// The `i32` that a value boxes.
    fn boxed(&self, v: ir::Value) -> Option<ir::Value> {
        let Inst::Binary { op: BinaryOp::Bor, lhs, rhs } = self.insts[v.index()] else { return None };
        match (self.insts[lhs.index()], self.insts[rhs.index()]) {
            (Inst::Uextend { value, .. }, Inst::Iconst { value: BOX, .. }) => {
                let is_half = self.f.func.dfg.value_type(self.value(value)) == I32;
                is_half.then_some(value)
            }
            _ => None,
        }
    }

    /// A value as the host's number; an integer stays one.
    pub(super) fn float_value(&mut self, v: ir::Value, ty: Type) -> Value {
        match self.floats[v.index()] {
            Some(float) if self.f.func.dfg.value_type(float) == ty => float,
            _ if ty == F32 && self.boxed(v).is_some() => {
                let half = self.boxed(v).expect("just found");
                match self.single(half) {
                    Some(single) => single,
                    None => {
                        let bits = self.value(half);
                        self.f.ins().bitcast(F32, MemFlagsData::new(), bits)
                    }
                }
            }
            _ => self.unpacked(self.value(v), ty),
        }
    }

    /// The number of the host's type that a register holds.
    pub(super) fn unpacked(&mut self, word: Value, ty: Type) -> Value {
        let flags = MemFlagsData::new();
        if ty == F64 {
            self.f.ins().bitcast(F64, flags, word)
        } else if ty == F32 {
            let bits = self.f.ins().ireduce(I32, word);
            self.f.ins().bitcast(F32, flags, bits)
        } else {
            word
        }
    }

    /// The register that holds a result. If that is a number of the host's, it
    /// is kept beside it, for operations that want it so.
    pub(in crate::jit) fn integer_form(&mut self, value: Value) -> Value {
        let flags = MemFlagsData::new();
        let ty = self.f.func.dfg.value_type(value);
        if ty == F64 {
            self.floats[self.at] = Some(value);
            self.f.ins().bitcast(I64, flags, value)
        } else if ty == F32 {
            self.floats[self.at] = Some(value);
            let bits = self.f.ins().bitcast(I32, flags, value);
            let wide = self.f.ins().uextend(I64, bits);
            self.f.ins().bor_imm_s(wide, BOX as i64)
        } else {
            value
        }
    }

    /// A change of a double's sign, as the host's: it stays in its register.
    pub(in crate::jit) fn sign_change(
        &mut self,
        op: BinaryOp,
        lhs: ir::Value,
        rhs: ir::Value,
    ) -> Option<Value> {
        const SIGN: u64 = 1 << 63;
        const REST: u64 = !SIGN;
        let number = self.floats[lhs.index()].filter(|f| self.f.func.dfg.value_type(*f) == F64)?;
        match (op, self.insts[rhs.index()]) {
            (BinaryOp::Bxor, Inst::Iconst { value: SIGN, .. }) => Some(self.f.ins().fneg(number)),
            (BinaryOp::Band, Inst::Iconst { value: REST, .. }) => Some(self.f.ins().fabs(number)),
            _ => None,
        }
    }

    /// An `i32` that is a single of the host's, as such.
    fn single(&self, v: ir::Value) -> Option<Value> {
        let single = self.floats[v.index()].filter(|f| self.f.func.dfg.value_type(*f) == F32)?;
        (self.f.func.dfg.value_type(self.value(v)) == I32).then_some(single)
    }

    /// Takes note of a boxed single's lower half, which is the same number.
    pub(in crate::jit) fn keep_half(&mut self, ty: Type, of: ir::Value) {
        let single = self.floats[of.index()].filter(|f| self.f.func.dfg.value_type(*f) == F32);
        if ty == I32 && single.is_some() {
            self.floats[self.at] = single;
        }
    }

    /// A value as it is stored to memory: a number from the host's register.
    pub(in crate::jit) fn stored(&self, v: ir::Value) -> Value {
        let double = self.floats[v.index()].filter(|f| self.f.func.dfg.value_type(*f) == F64);
        double.or_else(|| self.single(v)).unwrap_or_else(|| self.value(v))
    }
}
