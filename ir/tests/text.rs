//! The text form: printing and parsing undo each other, and what does not
//! parse or verify says where and why.

use ir::testing::{Options, Tape, random_block, spec};
use ir::{Inst, parse, verify};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same_block(tape in prop::collection::vec(any::<u8>(), 0..400)) {
        let spec = spec();
        let block = random_block(&mut Tape::new(&tape), &Options::default());
        let text = block.display(&spec).to_string();
        let parsed = parse(&text, &spec);
        prop_assert_eq!(parsed.as_ref(), Ok(&block), "{}", text);
    }

    #[test]
    fn random_blocks_verify(tape in prop::collection::vec(any::<u8>(), 0..400)) {
        let spec = spec();
        let block = random_block(&mut Tape::new(&tape), &Options::default());
        prop_assert_eq!(verify(&block, &spec), Ok(()), "{}", block.display(&spec));
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".{0,200}") {
        drop(parse(&text, &spec()));
        drop(parse(&format!("block 0 mode 0 insns 1 bytes 4\n insn 0\n {text}"), &spec()));
    }

    /// Lines of a good text, words of it swapped for others: much nearer to
    /// what the parser takes than arbitrary text.
    #[test]
    fn damaged_text_never_panics(
        tape in prop::collection::vec(any::<u8>(), 0..200),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0..WORDS.len()), 1..4),
    ) {
        let spec = spec();
        let block = random_block(&mut Tape::new(&tape), &Options::default());
        let text = block.display(&spec).to_string();
        let mut words: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
        for (at, word) in damage {
            let at = at.index(words.len());
            words[at] = WORDS[word];
        }
        if let Ok(block) = parse(&words.concat(), &spec) {
            drop(verify(&block, &spec));
            drop(block.display(&spec).to_string());
        }
    }
}

const WORDS: [&str; 16] = [
    "",
    "\n",
    ", ",
    "= ",
    "v0 ",
    "v99999999999 ",
    "r9 ",
    "r-1 ",
    "aligned ",
    "-",
    "0x ",
    "+1 ",
    "18446744073709551616 ",
    "call ",
    "iadd ",
    "jump 0\n",
];

const HEAD: &str = "block 0x1000 mode 0 insns 1 bytes 4\n    insn 0x1000\n";

/// The error for a block whose second instruction on is `body`.
fn parse_error(body: &str) -> String {
    parse(&format!("{HEAD}{body}"), &spec()).expect_err(body).to_string()
}

#[test]
fn parse_errors_name_the_place_and_the_reason() {
    let cases = [
        ("    v0 = get.i64 x9", "line 3, column 18: there is no slot `x9`"),
        ("    v0 = get.i32 x1", "line 3, column 18: the slot is an i64"),
        ("    v0 = iadd v1, v2", "line 3, column 15: `v1` is not defined before"),
        ("    get.i64 x0", "line 3, column 5: the operation yields a value: write `v… =` before it"),
        ("    v0 = fence", "line 3, column 10: the operation yields no value"),
        ("    v0 = call put", "line 3, column 10: the operation yields no value"),
        ("    v0 = iconst.i8 256", "line 3, column 20: `256` does not fit"),
        ("    v0 = iconst.i8 -0x81", "line 3, column 20: `-0x81` does not fit"),
        ("    v0 = add.i64 v1", "line 3, column 10: there is no operation `add.i64`"),
        ("    call frob", "line 3, column 10: there is no helper `frob`"),
        ("    v0 = get.i64 x0 x1", "line 3, column 21: expected the end of the line, found `x1`"),
        ("    leave now, v0", "line 3, column 11: expected `resume`, `idle` or `firmware`, found `now`"),
        ("    jump 1\n    fence", "line 4, column 5: expected nothing after the terminator, found `fence`"),
        ("    v0 = iconst.i64 1\n    v0 = iconst.i64 1", "line 4, column 5: `v0` is defined already"),
        (
            "    v0 = iconst.i64 1\n    v1 = load.i64 v0",
            "line 4, column 19: expected a translation regime such as `r0`, found `v0`",
        ),
        ("    fence", "line 3, column 1: the block has no terminator"),
    ];
    for (body, message) in cases {
        assert_eq!(parse_error(body), message);
    }
    let headless = parse("blok", &spec()).expect_err("no header").to_string();
    assert_eq!(headless, "line 1, column 1: expected block, found `blok`");
}

/// Each block breaks a rule, and the verifier says so.
fn errors_are(cases: &[(&str, &str)]) {
    for (body, message) in cases {
        let block = parse(&format!("{HEAD}{body}"), &spec()).expect(body);
        assert_eq!(verify(&block, &spec()).expect_err(body).to_string(), *message);
    }
}

#[test]
fn verify_errors_name_the_operation_and_the_rule() {
    let cases = [
        (
            "v0 = get.i64 x0\nv1 = get.i32 w0\nv2 = iadd v0, v1\njump 0",
            "operation 3 (`v2 = iadd v0, v1`): operand 2 is of type i32, not i64",
        ),
        (
            "v0 = get.i32 w0\nset x0, v0\njump 0",
            "operation 2 (`set x0, v0`): operand 1 is of type i32, not i64",
        ),
        (
            "v0 = get.i64 x0\nv1 = uextend.i64 v0\njump 0",
            "operation 2 (`v1 = uextend.i64 v0`): extends an i64 to an i64, which is no wider",
        ),
        (
            "v0 = get.i8 b0\nv1 = ireduce.i16 v0\njump 0",
            "operation 2 (`v1 = ireduce.i16 v0`): reduces an i8 to an i16, which is no narrower",
        ),
        (
            "v0 = get.i8 b0\nv1 = bswap v0\njump 0",
            "operation 2 (`v1 = bswap v0`): `bswap` needs more than one byte",
        ),
        (
            "v0 = get.i32 w0\nv1 = load.i8 r0 v0\njump 0",
            "operation 2 (`v1 = load.i8 r0 v0`): operand 1 is of type i32, not i64",
        ),
        (
            "v0 = get.i64 x0\nv1 = load.i8 r8 v0\njump 0",
            "operation 2 (`v1 = load.i8 r8 v0`): translation regimes are 0 to 7, not 8",
        ),
        (
            "v0 = get.i64 x0\nv1 = load_reserved.i8 r0 v0\njump 0",
            "operation 2 (`v1 = load_reserved.i8 r0 v0`): an atomic access must be `aligned`",
        ),
        (
            "v0 = get.i64 x0\nv1 = call mix v0\njump 0",
            "operation 2 (`v1 = call mix v0`): the helper takes 2 arguments, not 1",
        ),
        (
            "v0 = get.i64 x0\ncall control v0\nfence\njump 0",
            "operation 2 (`call control v0`): only the terminator can follow a helper that changes control",
        ),
        (
            "v0 = get.i64 x0\nbranch v0, 1, 2",
            "operation 2 (`branch v0, 0x1, 0x2`): operand 1 is of type i64, not i8",
        ),
        ("insn 0x1004\njump 0", "operation 2 (`jump 0x0`): the block claims 1 guest instructions and has 2"),
    ];
    errors_are(&cases);
}

#[test]
fn verify_errors_name_what_vectors_are_not_for() {
    let cases = [
        (
            "v0 = get.v128 q0\nv1 = get.i64 x0\nv2 = iadd.i8x16 v0, v1\njump 0",
            "operation 3 (`v2 = iadd.i8x16 v0, v1`): operand 2 is of type i64, not v128",
        ),
        (
            "v0 = get.v128 q0\nv1 = iadd v0, v0\njump 0",
            "operation 2 (`v1 = iadd v0, v0`): operand 1 is a vector, not an integer",
        ),
        (
            "v0 = get.v128 q0\nv1 = popcnt.i32x4 v0\njump 0",
            "operation 2 (`v1 = popcnt.i32x4 v0`): it is not for lanes i32x4",
        ),
        (
            "v0 = get.v128 q0\nv1 = extractlane.i64x2 v0, 2\njump 0",
            "operation 2 (`v1 = extractlane.i64x2 v0, 2`): there is no lane 2 of i64x2",
        ),
        (
            "v0 = get.i8 b0\nv1 = uextend.v128 v0\njump 0",
            "operation 2 (`v1 = uextend.v128 v0`): a v128 is no integer",
        ),
        (
            "v0 = get.v128 q0\nv1 = lane_call.i16x8 mix v0, v0\njump 0",
            "operation 2 (`v1 = lane_call.i16x8 mix v0, v0`): it is not for lanes i16x8",
        ),
        (
            "v0 = get.v128 q0\nv1 = lane_call.i64x2 turn v0\njump 0",
            "operation 2 (`v1 = lane_call.i64x2 turn v0`): the helper yields nothing, does more than fault, \
             or writes vectors",
        ),
    ];
    errors_are(&cases);
}

#[test]
fn the_verifier_rejects_what_text_cannot_say() {
    let spec = spec();
    let good = parse(&format!("{HEAD}v0 = iconst.i8 1\nset b0, v0\njump 0"), &spec).unwrap();
    assert_eq!(verify(&good, &spec), Ok(()));
    let message = |index: usize, inst: Inst| {
        let mut bad = good.clone();
        bad.insts[index] = inst;
        verify(&bad, &spec).expect_err("a rule is broken").to_string()
    };

    let slot = ir::Slot(99);
    assert_eq!(message(1, Inst::Get { slot }), "operation 1 (`v0 = get.? ?99`): there is no slot 99");
    let value = ir::Value(2);
    assert_eq!(
        message(2, Inst::Set { slot: ir::Slot(10), value }),
        "operation 2 (`set b0, ?2`): operand 2 is not the result of an earlier operation",
    );
    let value = ir::Value(0);
    assert_eq!(
        message(2, Inst::Set { slot: ir::Slot(10), value }),
        "operation 2 (`set b0, ?0`): operand 0 is an operation without a result",
    );
    assert_eq!(
        message(1, Inst::Iconst { ty: ir::Type::I8, value: 256 }),
        "operation 1 (`v0 = iconst.i8 0x100`): 0x100 does not fit an i8",
    );
    assert_eq!(message(0, Inst::Fence), "operation 0 (`fence`): a block starts with `insn`");
    let call = Inst::Call { helper: ir::HelperId(99), args: ir::Args::new(&[]) };
    assert_eq!(message(1, call), "operation 1 (`call ?99`): there is no helper 99");
    let slot = spec.layout.by_name("q0").expect("it is there").upper();
    let upper = format!("operation 1 (`v0 = get.i64 q0`): slot {} is the upper word of a vector", slot.0);
    assert_eq!(message(1, Inst::Get { slot }), upper);
}

#[test]
fn terminators_print_as_they_are_written() {
    let spec = spec();
    let lines = [
        "jump 0x1004",
        "branch v1, 0xffc, 0x1004",
        "indirect v0",
        "indirect v0, return",
        "indirect v0, call 0x1004",
        "leave resume, v0",
        "leave idle, v0",
        "leave firmware, v0",
        "trap 0x2, v0",
    ];
    for line in lines {
        let block = parse(&format!("{HEAD}v0 = get.i64 x0\nv1 = get.i8 b0\n{line}"), &spec).expect(line);
        verify(&block, &spec).expect(line);
        let text = block.display(&spec).to_string();
        assert_eq!(text.lines().last(), Some(format!("    {line}").as_str()));
    }
}
