//! Every operation on every pair of edge values, as constants and as slots'
//! values, and every pair of conversions and unary operations: folded or not,
//! the result is the same.

use ir::interp::run;
use ir::testing::{Machine, spec};
use ir::{
    BinaryOp, Block, BlockKey, Builder, Inst, IntCC, Passes, Slot, Spec, Terminator, Type, UnaryOp, Value,
    verify,
};

/// Slots of this type to read from, and one to write the result to.
fn slots(spec: &Spec, ty: Type) -> [Slot; 2] {
    let names = match ty {
        Type::I64 => ["x0", "x1"],
        Type::I32 => ["w0", "w1"],
        Type::I16 => ["h0", "h1"],
        Type::I8 => ["b0", "b1"],
        Type::V128 => ["q0", "q1"],
    };
    names.map(|name| spec.layout.by_name(name).expect("the test guest has it"))
}

fn edges(ty: Type) -> [u64; 8] {
    let top = 1 << (ty.bits() - 1);
    [0, 1, 2, u64::from(ty.bits()), top - 1, top, top + 1, ty.mask()]
}

/// The block that computes what `body` says and writes it to a slot.
fn block(spec: &Spec, body: &dyn Fn(&mut Builder<'_>) -> Value) -> Block {
    let mut b = Builder::new(spec, BlockKey { pc: 0, mode: 0 });
    b.insn(0);
    let result = body(&mut b);
    let [_, to] = slots(spec, b.type_of(result));
    b.set(to, result);
    b.terminate(Terminator::Jump { pc: 4 });
    b.finish(4)
}

/// Runs the block before and after the passes on each pair of edge values in
/// the slots of type `ty`.
fn check(spec: &Spec, passes: &mut Passes, ty: Type, body: &dyn Fn(&mut Builder<'_>) -> Value) {
    let before = block(spec, body);
    assert_eq!(verify(&before, spec), Ok(()));
    let mut after = before.clone();
    passes.run(&mut after, spec);
    assert_eq!(verify(&after, spec), Ok(()));
    for x in edges(ty) {
        for y in edges(ty) {
            let mut plain = Machine::new(0, 0, 0);
            let [first, second] = slots(spec, ty);
            plain.words[first.index()] = x;
            plain.words[second.index()] = y;
            let mut optimised = plain.clone();
            assert_eq!(run(&before, spec, &mut plain), run(&after, spec, &mut optimised));
            let texts = || format!("{}=>\n{}", before.display(spec), after.display(spec));
            assert_eq!(optimised, plain, "x = {x:#x}, y = {y:#x}\n{}", texts());
        }
    }
}

/// The ways to get two operands: slots, the same slot, and constants.
fn operands(b: &mut Builder<'_>, ty: Type, way: Way) -> (Value, Value) {
    let [first, second] = slots(b.spec(), ty);
    match way {
        Way::Slots => (b.get(first), b.get(second)),
        Way::Same => (b.get(first), b.get(first)),
        Way::Left(value) => (b.iconst(ty, value), b.get(second)),
        Way::Right(value) => (b.get(first), b.iconst(ty, value)),
        Way::Both(left, right) => (b.iconst(ty, left), b.iconst(ty, right)),
    }
}

#[derive(Clone, Copy)]
enum Way {
    Slots,
    Same,
    Left(u64),
    Right(u64),
    Both(u64, u64),
}

fn ways(ty: Type) -> Vec<Way> {
    let edges = edges(ty);
    let both = edges.iter().flat_map(|&a| edges.map(|b| Way::Both(a, b)));
    let one = edges.iter().flat_map(|&a| [Way::Left(a), Way::Right(a)]);
    [Way::Slots, Way::Same].into_iter().chain(one).chain(both).collect()
}

#[test]
fn operations_on_two_values() {
    let (spec, mut passes) = (spec(), Passes::default());
    for ty in Type::INTEGERS {
        for way in ways(ty) {
            for op in BinaryOp::ALL {
                check(&spec, &mut passes, ty, &|b| {
                    let (lhs, rhs) = operands(b, ty, way);
                    b.binary(op, lhs, rhs)
                });
            }
            for cond in IntCC::ALL {
                check(&spec, &mut passes, ty, &|b| {
                    let (lhs, rhs) = operands(b, ty, way);
                    b.icmp(cond, lhs, rhs)
                });
            }
        }
    }
}

#[test]
fn selections() {
    let (spec, mut passes) = (spec(), Passes::default());
    for ty in Type::INTEGERS {
        for way in [Way::Slots, Way::Same] {
            for constant in [None, Some(0), Some(1), Some(0xff)] {
                check(&spec, &mut passes, ty, &|b| {
                    let (then, other) = operands(b, ty, way);
                    let cond = match constant {
                        Some(value) => b.iconst(Type::I8, value),
                        None => b.get(slots(&spec, Type::I8)[0]),
                    };
                    b.select(cond, then, other)
                });
            }
        }
    }
}

#[test]
fn comparisons_compared_with_zero() {
    let (spec, mut passes) = (spec(), Passes::default());
    for inner in IntCC::ALL {
        for outer in IntCC::ALL {
            for ty in Type::INTEGERS {
                check(&spec, &mut passes, Type::I64, &|b| {
                    let (lhs, rhs) = operands(b, Type::I64, Way::Slots);
                    let flag = b.icmp(inner, lhs, rhs);
                    let wide = b.uextend(ty, flag);
                    let zero = b.iconst(ty, 0);
                    b.icmp(outer, wide, zero)
                });
            }
        }
    }
}

/// A unary operation or conversion of an operand of type `from`, if there is
/// one with this number.
fn step(b: &mut Builder<'_>, number: usize, value: Value) -> Value {
    let from = b.type_of(value);
    let to = Type::INTEGERS[number % 4];
    match number / 4 {
        0 if to > from => b.uextend(to, value),
        1 if to > from => b.sextend(to, value),
        2 if to < from => b.ireduce(to, value),
        0..=2 => value,
        n => match UnaryOp::ALL[n - 3] {
            UnaryOp::Bswap if from == Type::I8 => value,
            op => b.push(Inst::Unary { op, value }),
        },
    }
}

#[test]
fn chains_of_operations_on_one_value() {
    let (spec, mut passes) = (spec(), Passes::default());
    let steps = 4 * (3 + UnaryOp::ALL.len());
    for ty in Type::INTEGERS {
        for first in 0..steps {
            for second in 0..steps {
                for way in [Way::Slots, Way::Left(1 << (ty.bits() - 1))] {
                    check(&spec, &mut passes, ty, &|b| {
                        let (value, _) = operands(b, ty, way);
                        let value = step(b, first, value);
                        step(b, second, value)
                    });
                }
            }
        }
    }
}
