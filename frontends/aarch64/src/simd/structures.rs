//! Loads and stores of structures: memory has the elements of one to four
//! registers in turn.
//!
//! Source: Arm ARM, C4.1.97, the tables named below, and chapter C7.

use guest::{Row, row};
use ir::{Lanes, Type, Value};

use super::encoding::lanes_by_size;
use super::register::{Extent, Shape};
use crate::lift::LiftFn;
use crate::{Lift, Op};

/// Advanced SIMD load/store multiple structures. Letters: `q` Q, `s` size,
/// `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const MULTIPLE: &[Row<LiftFn>] = &[
    row("st4", "0 q 0011000 0 000000 0000 ss nnnnn ttttt", multiple as LiftFn),
    row("st1", "0 q 0011000 0 000000 0010 ss nnnnn ttttt", multiple),
    row("st3", "0 q 0011000 0 000000 0100 ss nnnnn ttttt", multiple),
    row("st1", "0 q 0011000 0 000000 0110 ss nnnnn ttttt", multiple),
    row("st1", "0 q 0011000 0 000000 0111 ss nnnnn ttttt", multiple),
    row("st2", "0 q 0011000 0 000000 1000 ss nnnnn ttttt", multiple),
    row("st1", "0 q 0011000 0 000000 1010 ss nnnnn ttttt", multiple),
    row("ld4", "0 q 0011000 1 000000 0000 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011000 1 000000 0010 ss nnnnn ttttt", multiple),
    row("ld3", "0 q 0011000 1 000000 0100 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011000 1 000000 0110 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011000 1 000000 0111 ss nnnnn ttttt", multiple),
    row("ld2", "0 q 0011000 1 000000 1000 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011000 1 000000 1010 ss nnnnn ttttt", multiple),
];

/// Advanced SIMD load/store multiple structures (post-indexed). `m` is Rm.
#[rustfmt::skip]
pub const MULTIPLE_POST: &[Row<LiftFn>] = &[
    row("st4", "0 q 0011001 0 0 mmmmm 0000 ss nnnnn ttttt", multiple as LiftFn),
    row("st1", "0 q 0011001 0 0 mmmmm 0010 ss nnnnn ttttt", multiple),
    row("st3", "0 q 0011001 0 0 mmmmm 0100 ss nnnnn ttttt", multiple),
    row("st1", "0 q 0011001 0 0 mmmmm 0110 ss nnnnn ttttt", multiple),
    row("st1", "0 q 0011001 0 0 mmmmm 0111 ss nnnnn ttttt", multiple),
    row("st2", "0 q 0011001 0 0 mmmmm 1000 ss nnnnn ttttt", multiple),
    row("st1", "0 q 0011001 0 0 mmmmm 1010 ss nnnnn ttttt", multiple),
    row("ld4", "0 q 0011001 1 0 mmmmm 0000 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011001 1 0 mmmmm 0010 ss nnnnn ttttt", multiple),
    row("ld3", "0 q 0011001 1 0 mmmmm 0100 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011001 1 0 mmmmm 0110 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011001 1 0 mmmmm 0111 ss nnnnn ttttt", multiple),
    row("ld2", "0 q 0011001 1 0 mmmmm 1000 ss nnnnn ttttt", multiple),
    row("ld1", "0 q 0011001 1 0 mmmmm 1010 ss nnnnn ttttt", multiple),
];

/// Advanced SIMD load/store single structure. Letters: `q` Q, `o` opcode, `S` S,
/// `s` size, `n` Rn, `t` Rt.
#[rustfmt::skip]
pub const SINGLE: &[Row<LiftFn>] = &[
    row("st1",  "0 q 0011010 0 0 00000 oo0 S ss nnnnn ttttt", single as LiftFn),
    row("st3",  "0 q 0011010 0 0 00000 oo1 S ss nnnnn ttttt", single),
    row("st2",  "0 q 0011010 0 1 00000 oo0 S ss nnnnn ttttt", single),
    row("st4",  "0 q 0011010 0 1 00000 oo1 S ss nnnnn ttttt", single),
    row("ld1",  "0 q 0011010 1 0 00000 oo0 S ss nnnnn ttttt", single),
    row("ld3",  "0 q 0011010 1 0 00000 oo1 S ss nnnnn ttttt", single),
    row("ld1r", "0 q 0011010 1 0 00000 110 0 ss nnnnn ttttt", replicate),
    row("ld3r", "0 q 0011010 1 0 00000 111 0 ss nnnnn ttttt", replicate),
    row("ld2",  "0 q 0011010 1 1 00000 oo0 S ss nnnnn ttttt", single),
    row("ld4",  "0 q 0011010 1 1 00000 oo1 S ss nnnnn ttttt", single),
    row("ld2r", "0 q 0011010 1 1 00000 110 0 ss nnnnn ttttt", replicate),
    row("ld4r", "0 q 0011010 1 1 00000 111 0 ss nnnnn ttttt", replicate),
];

/// Advanced SIMD load/store single structure (post-indexed). `m` is Rm.
#[rustfmt::skip]
pub const SINGLE_POST: &[Row<LiftFn>] = &[
    row("st1",  "0 q 0011011 0 0 mmmmm oo0 S ss nnnnn ttttt", single as LiftFn),
    row("st3",  "0 q 0011011 0 0 mmmmm oo1 S ss nnnnn ttttt", single),
    row("st2",  "0 q 0011011 0 1 mmmmm oo0 S ss nnnnn ttttt", single),
    row("st4",  "0 q 0011011 0 1 mmmmm oo1 S ss nnnnn ttttt", single),
    row("ld1",  "0 q 0011011 1 0 mmmmm oo0 S ss nnnnn ttttt", single),
    row("ld3",  "0 q 0011011 1 0 mmmmm oo1 S ss nnnnn ttttt", single),
    row("ld1r", "0 q 0011011 1 0 mmmmm 110 0 ss nnnnn ttttt", replicate),
    row("ld3r", "0 q 0011011 1 0 mmmmm 111 0 ss nnnnn ttttt", replicate),
    row("ld2",  "0 q 0011011 1 1 mmmmm oo0 S ss nnnnn ttttt", single),
    row("ld4",  "0 q 0011011 1 1 mmmmm oo1 S ss nnnnn ttttt", single),
    row("ld2r", "0 q 0011011 1 1 mmmmm 110 0 ss nnnnn ttttt", replicate),
    row("ld4r", "0 q 0011011 1 1 mmmmm 111 0 ss nnnnn ttttt", replicate),
];

/// L, bit 22: it loads.
const fn is_load(op: Op) -> bool {
    op.bit(22)
}

/// After a post-indexed access of `bytes` bytes: the base register becomes more
/// by that, or by Rm if that is not 31.
fn write_back(l: &mut Lift, op: Op, base: Value, bytes: u64) {
    if !op.bit(23) {
        return;
    }
    let next = if op.rm() == 31 {
        l.offset(base, bytes)
    } else {
        let amount = l.x(op.rm());
        l.b.iadd(base, amount)
    };
    l.set_reg_sp(op.rn(), next);
}

/// Register `index` of those from Rt on; behind 31 comes 0.
const fn register(op: Op, index: u8) -> u32 {
    (op.rt() + index as u32) % 32
}

/// How memory and registers lie to each other.
#[derive(Clone, Copy)]
struct Layout {
    lanes: Lanes,
    /// Bytes of each register.
    bytes: u8,
    /// Registers.
    registers: u8,
    /// Elements of one structure.
    elements: u8,
}

impl Layout {
    /// Which register and byte of it are at byte `at` of memory.
    fn in_registers(self, at: u8) -> (u8, u8) {
        if self.elements == 1 {
            return (at / self.bytes, at % self.bytes);
        }
        let bytes = self.lanes.ty().bytes();
        let element = at / bytes;
        (element % self.elements, element / self.elements * bytes + at % bytes)
    }

    /// Which byte of memory is byte `at` of a register.
    fn in_memory(self, register: u8, at: u8) -> u8 {
        if self.elements == 1 {
            return register * self.bytes + at;
        }
        let bytes = self.lanes.ty().bytes();
        (at / bytes * self.elements + register) * bytes + at % bytes
    }
}

/// A vector of bytes of up to four others; `from` says for each which one and
/// which of its bytes, and `None` for zero.
fn gather(l: &mut Lift, sources: &[Value], from: impl Fn(u8) -> Option<(u8, u8)>) -> Value {
    let pairs: Vec<Value> = sources
        .chunks(2)
        .zip((0u8..).step_by(2))
        .map(|(pair, first)| {
            let numbers = std::array::from_fn(|at| match from(at as u8) {
                Some((source, byte)) if source / 2 * 2 == first => (source - first) * 16 + byte,
                _ => u8::MAX,
            });
            l.b.shuffle(pair[0], *pair.last().expect("a chunk is not empty"), numbers)
        })
        .collect();
    pairs.into_iter().reduce(|a, b| l.b.vor(a, b)).expect("there is a source")
}

/// Loads 64 or 128 bits. Where accesses have to be aligned, each element is one.
fn load_register(l: &mut Lift, layout: Layout, at: Value) -> Value {
    let access = l.access();
    if !l.mode.aligned() {
        if layout.bytes == 16 {
            return l.b.load(Type::V128, access, at);
        }
        let low = l.b.load(Type::I64, access, at);
        return l.vector_of(&[low]);
    }
    let ty = layout.lanes.ty();
    let lanes: Vec<Value> = (0..layout.bytes / ty.bytes())
        .map(|index| {
            let at = l.offset(at, u64::from(index * ty.bytes()));
            l.b.load(ty, access, at)
        })
        .collect();
    l.vector_of(&lanes)
}

/// Stores 64 or 128 bits likewise.
fn store_register(l: &mut Lift, layout: Layout, at: Value, value: Value) {
    let access = l.access();
    if !l.mode.aligned() {
        let stored = if layout.bytes == 16 { value } else { l.half(value, 0) };
        l.b.store(access, at, stored);
        return;
    }
    let ty = layout.lanes.ty();
    for index in 0..layout.bytes / ty.bytes() {
        let at = l.offset(at, u64::from(index * ty.bytes()));
        let lane = l.b.lanes(layout.lanes).extract(value, index);
        l.b.store(access, at, lane);
    }
}

/// LD1 to LD4 and ST1 to ST4 (multiple structures).
fn multiple(l: &mut Lift, op: Op) {
    let (registers, elements) = match op.bits(15, 12) {
        0b0000 => (4, 4),
        0b0010 => (4, 1),
        0b0100 => (3, 3),
        0b0110 => (3, 1),
        0b0111 => (1, 1),
        0b1000 => (2, 2),
        _ => (2, 1),
    };
    let (lanes, full) = (lanes_by_size(op.bits(11, 10)), op.bit(30));
    if lanes == Lanes::I64x2 && !full && elements > 1 {
        return l.undefined();
    }
    let layout = Layout { lanes, bytes: if full { 16 } else { 8 }, registers, elements };
    let base = l.x_sp(op.rn());
    if is_load(op) {
        load_multiple(l, op, layout, base);
    } else {
        store_multiple(l, op, layout, base);
    }
    write_back(l, op, base, u64::from(layout.registers * layout.bytes));
}

fn load_multiple(l: &mut Lift, op: Op, layout: Layout, base: Value) {
    let memory: Vec<Value> = (0..layout.registers)
        .map(|index| {
            let at = l.offset(base, u64::from(index * layout.bytes));
            load_register(l, layout, at)
        })
        .collect();
    for index in 0..layout.registers {
        let value = if layout.elements == 1 {
            memory[usize::from(index)]
        } else {
            gather(l, &memory, |at| {
                let from = layout.in_memory(index, at);
                (at < layout.bytes).then_some((from / layout.bytes, from % layout.bytes))
            })
        };
        l.set_v(register(op, index), value);
    }
}

fn store_multiple(l: &mut Lift, op: Op, layout: Layout, base: Value) {
    let values: Vec<Value> = (0..layout.registers).map(|index| l.v(register(op, index))).collect();
    for index in 0..layout.registers {
        let value = if layout.elements == 1 {
            values[usize::from(index)]
        } else {
            gather(l, &values, |at| {
                (at < layout.bytes).then(|| layout.in_registers(index * layout.bytes + at))
            })
        };
        let at = l.offset(base, u64::from(index * layout.bytes));
        store_register(l, layout, at, value);
    }
}

/// How many registers a single structure has: bits 13 and 21, and one more.
const fn single_registers(op: Op) -> u8 {
    (op.bits(13, 13) << 1 | op.bits(21, 21)) as u8 + 1
}

/// The lanes and the number of the one that Q, opcode, S and size say; `None` if
/// they say none, and then the instruction has become undefined.
fn single_element(l: &mut Lift, op: Op) -> Option<(Lanes, u8)> {
    let (q, s, size) = (op.bits(30, 30), op.bits(12, 12), op.bits(11, 10));
    let (lanes, index) = match (op.bits(15, 14), size, s) {
        (0, ..) => (Lanes::I8x16, q << 3 | s << 2 | size),
        (1, 0 | 2, _) => (Lanes::I16x8, q << 2 | s << 1 | size >> 1),
        (2, 0, _) => (Lanes::I32x4, q << 1 | s),
        (2, 1, 0) => (Lanes::I64x2, q),
        _ => {
            l.undefined();
            return None;
        }
    };
    Some((lanes, index as u8))
}

/// LD1 to LD4 and ST1 to ST4 (single structure).
fn single(l: &mut Lift, op: Op) {
    let Some((lanes, index)) = single_element(l, op) else { return };
    let (base, ty, registers) = (l.x_sp(op.rn()), lanes.ty(), single_registers(op));
    let (access, bytes) = (l.access(), u64::from(ty.bytes()));
    let places: Vec<Value> = (0..registers).map(|n| l.offset(base, u64::from(n) * bytes)).collect();
    if is_load(op) {
        let loaded: Vec<Value> = places.into_iter().map(|at| l.b.load(ty, access, at)).collect();
        for (n, value) in (0..).zip(loaded) {
            l.set_v_lane(register(op, n), index, value);
        }
    } else {
        for (n, at) in (0..).zip(places) {
            let value = l.v_lane(register(op, n), ty, index);
            l.b.store(access, at, value);
        }
    }
    write_back(l, op, base, u64::from(registers) * bytes);
}

/// LD1R to LD4R: one structure to all lanes.
fn replicate(l: &mut Lift, op: Op) {
    let lanes = lanes_by_size(op.bits(11, 10));
    let shape = Shape { lanes, extent: if op.bit(30) { Extent::Full } else { Extent::Half } };
    let (base, registers) = (l.x_sp(op.rn()), single_registers(op));
    let (access, bytes) = (l.access(), u64::from(lanes.ty().bytes()));
    let loaded: Vec<Value> = (0..registers)
        .map(|n| {
            let at = l.offset(base, u64::from(n) * bytes);
            l.b.load(lanes.ty(), access, at)
        })
        .collect();
    for (n, value) in (0..).zip(loaded) {
        let vector = l.b.lanes(lanes).splat(value);
        l.set_shaped(register(op, n), shape, vector);
    }
    write_back(l, op, base, u64::from(registers) * bytes);
}
