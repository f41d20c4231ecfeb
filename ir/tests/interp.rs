//! The interpreter, on blocks small enough to work out by hand.

use ir::interp::{Outcome, Stopped, run};
use ir::testing::{Fault, Machine, spec};
use ir::{Hint, Leave, parse, verify};

const BASE: u64 = 0x8000;

/// A machine with 16 bytes of memory, 0 to 15, at [`BASE`], and zero slots.
fn machine() -> Machine {
    let mut machine = Machine::new(BASE, 16, 0);
    machine.memory = (0..16).collect();
    machine.words.fill(0);
    machine.words[ir::testing::BASE.index()] = BASE;
    machine
}

/// Runs the operations of up to two instructions, at 0x1000 and 0x1004.
fn execute(machine: &mut Machine, body: &str) -> Result<Outcome, Stopped<Fault>> {
    let insns = 1 + body.matches("insn").count();
    let text = format!("block 0x1000 mode 0 insns {insns} bytes 8\ninsn 0x1000\n{body}");
    let block = parse(&text, &spec()).expect(body);
    verify(&block, &spec()).expect(body);
    run(&block, &spec(), machine)
}

fn slot(machine: &Machine, name: &str) -> u64 {
    machine.words[spec().layout.by_name(name).expect(name).index()]
}

#[test]
fn loads_and_stores_are_little_endian_and_may_be_unaligned() {
    let mut m = machine();
    let body = "v0 = get.i64 base\nv1 = iconst.i64 1\nv2 = iadd v0, v1\nv3 = load.i32 r0 v2\nset w0, v3\n\
                v4 = iconst.i16 -2\nstore r0 v2, v4\njump 0x1004";
    assert_eq!(execute(&mut m, body), Ok(Outcome::Jump(0x1004)));
    assert_eq!(slot(&m, "w0"), 0x0403_0201);
    assert_eq!(m.memory[..4], [0, 0xfe, 0xff, 3]);
}

#[test]
fn a_fault_leaves_what_came_before_and_names_its_instruction() {
    let body = "v0 = get.i64 base\nset x0, v0\ninsn 0x1004\nv1 = iconst.i64 12\nv2 = iadd v0, v1\nset x1, v2\n\
                v3 = load.i64 r0 v2\nset x1, v3\njump 0x1008";
    let mut m = machine();
    let fault = Fault::Unmapped(BASE + 12);
    assert_eq!(execute(&mut m, body), Err(Stopped { fault, pc: 0x1004, completed: 1 }));
    assert_eq!((slot(&m, "x0"), slot(&m, "x1")), (BASE, BASE + 12));
}

#[test]
fn vectors_are_two_words_in_slots_and_memory() {
    let mut m = machine();
    let body = "v0 = get.i64 base\nv1 = load.v128 r0 v0\nv2 = iadd.i8x16 v1, v1\nset q1, v2\n\
                v3 = extractlane.i16x8 v2, 7\nset h0, v3\nstore r0 v0, v2\njump 0";
    assert_eq!(execute(&mut m, body), Ok(Outcome::Jump(0)));
    let q1 = spec().layout.by_name("q1").expect("it is there").index();
    assert_eq!(m.words[q1..q1 + 2], [0x0e0c_0a08_0604_0200, 0x1e1c_1a18_1614_1210]);
    assert_eq!((slot(&m, "h0"), m.memory[15]), (0x1e1c, 30));
}

#[test]
fn half_a_vector_is_stored_if_the_other_half_faults() {
    let body = "v0 = get.i64 base\nv1 = iconst.i64 8\nv2 = iadd v0, v1\nv3 = iconcat v1, v0\n\
                store r0 v2, v3\njump 0";
    let mut m = machine();
    let fault = Fault::Unmapped(BASE + 16);
    assert_eq!(execute(&mut m, body), Err(Stopped { fault, pc: 0x1000, completed: 0 }));
    assert_eq!(m.memory[8..], 8u64.to_le_bytes());
}

#[test]
fn natural_alignment_is_asked_for_by_the_access() {
    let body = "v0 = get.i64 base\nv1 = iconst.i64 2\nv2 = iadd v0, v1\nv3 = load.i32 r0 aligned v2\njump 0";
    let fault = Fault::Misaligned(BASE + 2);
    assert_eq!(execute(&mut machine(), body), Err(Stopped { fault, pc: 0x1000, completed: 0 }));
}

#[test]
fn a_conditional_store_yields_zero_once() {
    let body = "v0 = get.i64 base\nv1 = load_reserved.i64 r0 aligned v0\n\
                v2 = store_conditional r0 aligned v0, v0\nset b0, v2\n\
                v3 = store_conditional r0 aligned v0, v1\nset b1, v3\njump 0";
    let mut m = machine();
    assert_eq!(execute(&mut m, body), Ok(Outcome::Jump(0)));
    assert_eq!((slot(&m, "b0"), slot(&m, "b1")), (0, 1));
    assert_eq!(m.memory[..8], BASE.to_le_bytes());
}

#[test]
fn atomics_yield_the_old_value() {
    let body = "v0 = get.i64 base\nv1 = iconst.i32 1\nv2 = atomic_rmw.add r0 aligned v0, v1\nset w0, v2\n\
                v3 = iconst.i32 0x03020101\nv4 = atomic_cas r0 aligned v0, v3, v1\nset w1, v4\n\
                v5 = iconst.i32 7\nv6 = atomic_cas r0 aligned v0, v3, v5\nv7 = uextend.i64 v6\nset x0, v7\njump 0";
    let mut m = machine();
    assert_eq!(execute(&mut m, body), Ok(Outcome::Jump(0)));
    assert_eq!((slot(&m, "w0"), slot(&m, "w1"), slot(&m, "x0")), (0x0302_0100, 0x0302_0101, 1));
    assert_eq!(m.memory[..4], [1, 0, 0, 0]);
}

#[test]
fn helpers_take_arguments_and_may_fault() {
    let mut m = machine();
    let body = "v0 = iconst.i64 9\ncall put v0\nset c1, v0\nv1 = call look\nset x0, v1\njump 0";
    assert_eq!(execute(&mut m, body), Ok(Outcome::Jump(0)));
    assert_eq!((slot(&m, "c0"), slot(&m, "x0")), (9, 10));
    let body = "v0 = iconst.i64 3\nset x1, v0\nv1 = call check v0, v0, v0\nset x1, v1\njump 0";
    let stopped = Stopped { fault: Fault::Helper(3), pc: 0x1000, completed: 0 };
    assert_eq!(execute(&mut m, body), Err(stopped));
    assert_eq!(slot(&m, "x1"), 3);
}

#[test]
fn a_trap_that_is_taken_leaves_what_was_done_before() {
    let body = |cond: u8| {
        format!("v0 = iconst.i64 7\nv1 = iconst.i8 {cond}\nset x0, v0\ntrap_if v1, 5, v0\nset x1, v0\njump 0")
    };
    let mut m = machine();
    let before = slot(&m, "x1");
    let stopped = Stopped { fault: Fault::Trap(5, 7), pc: 0x1000, completed: 0 };
    assert_eq!(execute(&mut m, &body(2)), Err(stopped));
    assert_eq!((slot(&m, "x0"), slot(&m, "x1")), (7, before));
    assert_eq!(execute(&mut m, &body(0)), Ok(Outcome::Jump(0)));
    assert_eq!(slot(&m, "x1"), 7);
}

#[test]
fn terminators_tell_where_the_guest_goes_on() {
    let value = |terminator: &str| {
        let body =
            format!("v0 = iconst.i64 0x2000\nv1 = iconst.i8 2\nv2 = iconst.i8 0\ninsn 0x1004\n{terminator}");
        execute(&mut machine(), &body)
    };
    assert_eq!(value("branch v1, 1, 2"), Ok(Outcome::Jump(1)));
    assert_eq!(value("branch v2, 1, 2"), Ok(Outcome::Jump(2)));
    let hint = Hint::Call { ret: 8 };
    assert_eq!(value("indirect v0, call 8"), Ok(Outcome::Indirect { pc: 0x2000, hint }));
    assert_eq!(value("leave idle, v0"), Ok(Outcome::Leave { reason: Leave::Idle, pc: 0x2000 }));
    assert_eq!(value("trap 5, v0"), Ok(Outcome::Trap { cause: 5, value: 0x2000, pc: 0x1004 }));
}
