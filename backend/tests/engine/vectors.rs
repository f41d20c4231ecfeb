//! Each operation on vectors, with operands in slots and with constants, on
//! edge values, in every tier.

use crate::engines::Engines;
use crate::scene::{FIRMWARE, Scene};
use crate::test_guest::map::{RAM, page};
use crate::test_guest::state::mix;
use crate::world::Subject;
use backend::Exit;
use bus::PAGE_BYTES;
use ir::testing::{Machine, spec};
use ir::{HashOp, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, Slot};

/// Operations in a program: a vector of each one's results fits a page.
const CHUNK: usize = 250;
/// Where the results go: a page of data, in RAM here.
const RESULTS: u64 = RAM + 4 * PAGE_BYTES;

/// Every operation of `v0` and `v1`, which are `q0` and `q1`, that yields `v2`.
fn operations() -> Vec<String> {
    let mut texts = vec![
        "v2 = bitselect v0, v1, v0".to_owned(),
        "v2 = bitselect v1, v0, v1".to_owned(),
        "v2 = shuffle v0, v1, v1".to_owned(),
        "v2 = shuffle v1, v0, v0".to_owned(),
        "v3 = extractlane.i8x16 v0, 3\nv2 = select v3, v0, v1".to_owned(),
    ];
    texts.extend(HashOp::ALL.map(|op| format!("v2 = {} v0, v1, v0", op.name())));
    for lanes in Lanes::ALL {
        let name = lanes.name();
        let binary = LaneBinaryOp::ALL.into_iter().filter(|op| op.takes(lanes));
        texts.extend(binary.map(|op| format!("v2 = {}.{name} v0, v1", op.name())));
        let unary = LaneUnaryOp::ALL.into_iter().filter(|op| op.takes(lanes));
        texts.extend(unary.map(|op| format!("v2 = {}.{name} v0", op.name())));
        texts.extend(IntCC::ALL.map(|cond| format!("v2 = icmp.{}.{name} v0, v1", cond.name())));
        for lane in 0..lanes.count() {
            texts.push(format!("v3 = extractlane.{name} v0, {lane}\nv2 = splat.{name} v3"));
            texts.push(format!("v3 = extractlane.{name} v0, {lane}\nv2 = insertlane.{name} v1, {lane}, v3"));
        }
    }
    let words = "v3 = extractlane.i64x2 v0, 1\nv4 = extractlane.i64x2 v1, 0\n";
    texts.push(format!("{words}v2 = iconcat v3, v4"));
    texts.push(format!("{words}v5 = iconst.i64 0\nv2 = iconcat v4, v5"));
    texts
}

/// The same with a constant on the right, which code may be made for.
fn operations_on_constants() -> Vec<String> {
    let mut texts = Vec::new();
    for lanes in Lanes::ALL {
        let (name, bits) = (lanes.name(), u64::from(lanes.ty().bits()));
        for amount in [0, 1, 3, bits - 1, bits, bits + 1, lanes.ty().mask()] {
            for op in ["ishl", "ushr", "sshr", "iadd", "smin"] {
                let ty = lanes.ty().name();
                texts.push(format!(
                    "v3 = iconst.{ty} {amount:#x}\nv4 = splat.{name} v3\nv2 = {op}.{name} v0, v4"
                ));
            }
        }
    }
    let masks: [[u64; 2]; 5] = [
        [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908],
        [0x1716_1514_1312_1110, 0x0706_0504_0302_0100],
        [0x0e0c_0a08_0604_0200, 0x1e1c_1a18_1614_1210],
        [0x0001_0203_0405_0607, 0x1f20_ff80_0011_1f07],
        [0x1303_1202_1101_1000, 0x1707_1606_1505_1404],
    ];
    for [low, high] in masks {
        let mask = format!("v3 = iconst.i64 {low:#x}\nv4 = iconst.i64 {high:#x}\nv5 = iconcat v3, v4\n");
        texts.push(format!("{mask}v2 = shuffle v0, v1, v5"));
        texts.push(format!("{mask}v2 = swizzle.i8x16 v0, v5"));
    }
    texts
}

/// Pairs of vectors: edge values in all kinds of lanes, small numbers, any bits.
fn operands() -> Vec<[u128; 2]> {
    let edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 1 << 31, (1 << 31) - 1, 1 << 63, u64::MAX];
    let vector = |seed: u64| {
        let any = |index: u64| mix(seed, index);
        match seed % 4 {
            0 => u128::from(any(0)) << 64 | u128::from(any(1)),
            // Numbers of bytes and bits.
            1 => small(seed),
            _ => {
                let lanes = Lanes::ALL[any(2) as usize % 4];
                (0..lanes.count()).fold(0, |vector, lane| {
                    let value = edges[any(u64::from(lane) + 3) as usize % edges.len()];
                    vector | u128::from(value & lanes.ty().mask()) << (u32::from(lane) * lanes.ty().bits())
                })
            }
        }
    };
    (0..60).map(|n| [vector(3 * n), vector(7 * n + 1)]).collect()
}

/// A vector of small numbers in lanes of some kind.
fn small(seed: u64) -> u128 {
    let lanes = Lanes::ALL[mix(seed, 1) as usize % 4];
    (0..lanes.count()).fold(0, |vector, lane| {
        let value = mix(seed, u64::from(lane) + 2) % 40;
        vector | u128::from(value) << (u32::from(lane) * lanes.ty().bits())
    })
}

/// What the operation yields, by the reference interpreter.
fn expected(text: &str, operands: [u128; 2]) -> u128 {
    let spec = spec();
    let text = format!(
        "block 0 mode 0 insns 1 bytes 4\ninsn 0\nv0 = get.v128 q0\nv1 = get.v128 q1\n{text}\n\
         set q2, v2\njump 4"
    );
    let block = ir::parse(&text, &spec).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    ir::verify(&block, &spec).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    let mut machine = Machine::new(0, 0, 0);
    let slots = ["q0", "q1", "q2"].map(|name| spec.layout.by_name(name).expect(name).index());
    for (slot, value) in slots.into_iter().zip(operands) {
        machine.words[slot] = value as u64;
        machine.words[slot + 1] = (value >> 64) as u64;
    }
    ir::interp::run(&block, &spec, &mut machine).expect("nothing faults");
    u128::from(machine.words[slots[2]]) | u128::from(machine.words[slots[2] + 1]) << 64
}

/// A program that does each operation and stores its result.
fn scene(texts: &[String]) -> Scene {
    let mut scene = Scene::new();
    for (index, text) in (0u64..).zip(texts) {
        let at = scene.address(page::DATA, 16 * index);
        let text = format!(
            "v0 = get.v128 q0\nv1 = get.v128 q1\n{text}\nset q2, v2\nv20 = iconst.i64 {at:#x}\n\
             v21 = get.v128 q2\nstore r0 v20, v21\njump 4"
        );
        scene.code(0, 4 * index, &[&text]);
    }
    scene.code(0, 4 * texts.len() as u64, &[FIRMWARE]);
    scene
}

fn set_vector(engines: &mut Engines, name: &str, value: u128) {
    let slot = spec().layout.by_name(name).expect(name);
    engines.set_slot(0, slot, value as u64);
    engines.set_slot(0, slot.upper(), (value >> 64) as u64);
}

fn result(engines: &Engines, index: usize) -> u128 {
    let word = |at: u64| engines.world().ram.load(RESULTS + at, 8).expect("it is RAM");
    let at = 16 * index as u64;
    u128::from(word(at)) | u128::from(word(at + 8)) << 64
}

fn check(texts: &[String]) {
    let rounds = operands();
    for texts in texts.chunks(CHUNK) {
        let scene = scene(texts);
        let entry = scene.address(page::CODE_A, 0);
        let expected: Vec<Vec<u128>> = rounds
            .iter()
            .map(|operands| texts.iter().map(|text| expected(text, *operands)).collect())
            .collect();
        scene.each(entry, |engines| {
            for (operands, expected) in rounds.iter().zip(&expected) {
                set_vector(engines, "q0", operands[0]);
                set_vector(engines, "q1", operands[1]);
                engines.set_slot(0, Slot(0), entry);
                assert_eq!(engines.run(0, 10_000), Exit::Firmware);
                for (index, text) in texts.iter().enumerate() {
                    let found = result(engines, index);
                    assert_eq!(found, expected[index], "{found:#x}: {text} of {operands:#x?}");
                }
            }
        });
    }
}

#[test]
fn operations_do_what_the_reference_does() {
    check(&operations());
}

#[test]
fn operations_with_constants_do_what_the_reference_does() {
    check(&operations_on_constants());
}
