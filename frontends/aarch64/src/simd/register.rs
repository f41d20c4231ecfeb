//! The SIMD and floating-point registers.
//!
//! Source: Arm ARM, B1.2.1 (registers in AArch64 Execution state).

use ir::{Type, Value};

use crate::Lift;
use crate::state::v;

impl Lift<'_> {
    /// Half `half` of register `n`, an `i64`.
    pub fn v_half(&mut self, n: u32, half: u32) -> Value {
        self.b.get(v(n, half))
    }

    /// Writes both halves of register `n`, `i64`s.
    pub fn set_v(&mut self, n: u32, halves: [Value; 2]) {
        for (half, value) in halves.into_iter().enumerate() {
            self.b.set(v(n, half as u32), value);
        }
    }

    /// Writes bits 63 to 0 of register `n`; the rest becomes zero.
    pub fn set_d(&mut self, n: u32, value: Value) {
        let zero = self.i64(0);
        self.set_v(n, [value, zero]);
    }

    /// Lane `index` of register `n`, of type `ty`.
    pub fn v_lane(&mut self, n: u32, ty: Type, index: u32) -> Value {
        let per_half = 64 / ty.bits();
        let half = self.v_half(n, index / per_half);
        self.lane(half, ty, index % per_half)
    }

    /// Writes lane `index` of register `n`; the rest of it stays.
    pub fn set_v_lane(&mut self, n: u32, index: u32, value: Value) {
        let per_half = 64 / self.b.type_of(value).bits();
        let slot = v(n, index / per_half);
        let old = self.b.get(slot);
        let new = self.with_lane(old, index % per_half, value);
        self.b.set(slot, new);
    }

    /// Lane `index` of 64 bits, of type `ty`.
    pub fn lane(&mut self, half: Value, ty: Type, index: u32) -> Value {
        if index == 0 {
            return self.b.ireduce(ty, half);
        }
        let shift = self.i64((index * ty.bits()).into());
        let shifted = self.b.ushr(half, shift);
        self.b.ireduce(ty, shifted)
    }

    /// 64 bits with `value` in lane `index`.
    pub fn with_lane(&mut self, half: Value, index: u32, value: Value) -> Value {
        let ty = self.b.type_of(value);
        if ty == Type::I64 {
            return value;
        }
        let (wide, offset) = (self.b.uextend(Type::I64, value), index * ty.bits());
        let rest = self.i64(!(ty.mask() << offset));
        let rest = self.b.band(half, rest);
        let amount = self.i64(offset.into());
        let placed = if offset == 0 { wide } else { self.b.ishl(wide, amount) };
        self.b.bor(rest, placed)
    }

    /// 64 bits of lanes, the first one lowest.
    pub fn from_lanes(&mut self, lanes: &[Value]) -> Value {
        let mut half = self.b.uextend(Type::I64, lanes[0]);
        for (index, lane) in lanes.iter().enumerate().skip(1) {
            let bits = self.b.type_of(*lane).bits();
            let wide = self.b.uextend(Type::I64, *lane);
            let amount = self.i64((index as u32 * bits).into());
            let placed = self.b.ishl(wide, amount);
            half = self.b.bor(half, placed);
        }
        half
    }
}
