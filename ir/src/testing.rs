//! For tests of this crate and of engines: a small guest with slots of every
//! type and helpers of every kind, random blocks for it, and a host to run them
//! on.

mod generate;
mod machine;

pub use generate::{Options, Tape, random_block};
pub use machine::{Event, Fault, Machine};

use crate::{Effects, HelperDecl, HelperId, Slot, SlotClass, SlotSet, Spec, StateLayout, Type};

/// The address of the memory window; random blocks read it and never write it.
pub const BASE: Slot = Slot(1);

/// The slots, in order: name, type, class. A vector takes two numbers.
const SLOTS: [(&str, Type, SlotClass); 21] = [
    ("pc", Type::I64, SlotClass::Pc),
    ("base", Type::I64, SlotClass::Gpr),
    ("x0", Type::I64, SlotClass::Gpr),
    ("x1", Type::I64, SlotClass::Gpr),
    ("x2", Type::I64, SlotClass::Gpr),
    ("x3", Type::I64, SlotClass::Gpr),
    ("w0", Type::I32, SlotClass::Gpr),
    ("w1", Type::I32, SlotClass::Gpr),
    ("h0", Type::I16, SlotClass::Hidden),
    ("h1", Type::I16, SlotClass::Hidden),
    ("b0", Type::I8, SlotClass::Flag),
    ("b1", Type::I8, SlotClass::Flag),
    ("c0", Type::I64, SlotClass::Control),
    ("c1", Type::I64, SlotClass::Control),
    ("q0", Type::V128, SlotClass::Fpr),
    ("q1", Type::V128, SlotClass::Fpr),
    ("q2", Type::V128, SlotClass::Fpr),
    ("f0", Type::I8, SlotClass::Flag),
    ("f1", Type::I8, SlotClass::Flag),
    ("f2", Type::I8, SlotClass::Flag),
    ("f3", Type::I8, SlotClass::Flag),
];

/// How many words the slots take.
pub const WORDS: usize = 24;

/// `f0`, the first of four flags.
const FLAGS: Slot = Slot(20);
/// `c0`, which helpers write.
const C0: Slot = Slot(12);
/// `c1`, which helpers read.
const C1: Slot = Slot(13);
/// `q1`, which helpers write.
const Q1: Slot = Slot(16);
/// `q2`, which helpers read.
const Q2: Slot = Slot(18);

const PURE: HelperDecl = HelperDecl {
    name: "mix",
    args: 2,
    returns: true,
    reads: SlotSet::NONE,
    writes: SlotSet::NONE,
    effects: Effects::empty(),
    inline: &[],
};

/// The helpers, in order.
const HELPERS: [HelperDecl; 9] = [
    PURE,
    HelperDecl { name: "look", args: 0, reads: SlotSet::These(&[C1]), ..PURE },
    HelperDecl { name: "put", args: 1, returns: false, writes: SlotSet::These(&[C0]), ..PURE },
    HelperDecl {
        name: "swap",
        args: 0,
        returns: false,
        reads: SlotSet::These(&[C0, C1]),
        writes: SlotSet::These(&[C0, C1]),
        ..PURE
    },
    HelperDecl { name: "sum", args: 4, reads: SlotSet::All, ..PURE },
    HelperDecl { name: "scramble", args: 1, returns: false, writes: SlotSet::All, ..PURE },
    HelperDecl { name: "check", args: 3, effects: Effects::FAULT, ..PURE },
    HelperDecl {
        name: "control",
        args: 1,
        returns: false,
        writes: SlotSet::These(&[C0]),
        effects: Effects::CONTROL,
        ..PURE
    },
    HelperDecl {
        name: "turn",
        args: 1,
        returns: false,
        reads: SlotSet::These(&[Q2]),
        writes: SlotSet::These(&[Q1]),
        ..PURE
    },
];

/// The guest's slots and helpers.
pub fn spec() -> Spec {
    let mut layout = StateLayout::default();
    for (name, ty, class) in SLOTS {
        layout.add(name, ty, class);
    }
    Spec { layout, helpers: HELPERS.to_vec() }
}

/// What a helper does. `words` are the slots, two for a vector. No helper reads or
/// writes the program counter, which engines keep in their own way.
///
/// # Errors
/// The faulting argument; no slot has changed then.
pub fn call(helper: HelperId, words: &mut [u64], args: [u64; 4]) -> Result<u64, u64> {
    let mix = |a: u64, b: u64| (a ^ b.rotate_left(17)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (c0, c1) = (C0.index(), C1.index());
    match HELPERS[usize::from(helper.0)].name {
        "mix" => return Ok(mix(args[0], args[1])),
        "look" => return Ok(words[c1].wrapping_add(1)),
        // What is declared to be written need not be.
        "put" | "scramble" if args[0].is_multiple_of(2) => (),
        "put" => words[c0] = args[0],
        "swap" => words.swap(c0, c1),
        "sum" => {
            let slots = words[BASE.index()..WORDS].iter();
            return Ok(slots.chain(&args).fold(0, |sum, &word| mix(sum, word)));
        }
        "scramble" => {
            for (index, slot) in spec().layout.slots().iter().enumerate().skip(BASE.index() + 1) {
                words[index] = mix(args[0], index as u64) & slot.ty.mask();
            }
        }
        "turn" => {
            words[Q1.index()] = words[Q2.upper().index()] ^ args[0];
            words[Q1.upper().index()] = words[Q2.index()];
        }
        "check" if args[0] % 4 == 3 => return Err(args[0]),
        "check" => return Ok(mix(args[1], args[2])),
        _ => words[c0] = args[0],
    }
    Ok(0)
}
