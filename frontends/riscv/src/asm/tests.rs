//! What the assembler emits, and what it says about mistakes. Words are those
//! that GNU as 2.40 emits for the same text.

use proptest::prelude::*;

use super::assemble;

/// The words of `source`, assembled at 0x1000.
fn words(source: &str) -> Vec<u32> {
    let program = assemble(source, 0x1000).unwrap_or_else(|e| panic!("{e}\n{source}"));
    program.bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect()
}

/// The line and message of the mistake in `source`.
fn mistake(source: &str) -> (usize, String) {
    let error = assemble(source, 0x1000).unwrap_err();
    (error.line, error.message)
}

#[test]
fn instructions_are_encoded_by_their_rows() {
    assert_eq!(words("add a0,a1,a2"), [0x00c5_8533]);
    assert_eq!(words("addi x10, x11, -1"), [0xfff5_8513]);
    assert_eq!(words("ld ra,8(sp); sd s0, -8(fp)"), [0x0081_3083, 0xfe84_3c23]);
    assert_eq!(words("lr.w.aqrl a0,(a1)"), [0x1605_a52f]);
    assert_eq!(words("amoadd.d.rl a0,a1,(a2)"), [0x02b6_352f]);
    assert_eq!(words("fadd.s fa0,fa1,fa2"), [0x00c5_f553]);
    assert_eq!(words("fadd.s fa0,fa1,fa2,rtz"), [0x00c5_9553]);
    assert_eq!(words("fcvt.d.w fa0,a0"), [0xd205_0553]);
    assert_eq!(words("fneg.d fa0,fa1"), [0x22b5_9553]);
    assert_eq!(words("slli a0,a0,33; rori a0,a0,7; roriw a0,a0,5"), [0x0215_1513, 0x6075_5513, 0x6055_551b]);
    assert_eq!(
        words("fence rw,w; fence; fence.tso; pause"),
        [0x0310_000f, 0x0ff0_000f, 0x8330_000f, 0x0100_000f]
    );
    assert_eq!(
        words("csrr a0,mstatus; csrw 0x300,a0; csrwi mstatus,3"),
        [0x3000_2573, 0x3005_1073, 0x3001_d073]
    );
    assert_eq!(words("lui a0,0x80000; auipc a0,1"), [0x8000_0537, 0x0000_1517]);
    assert_eq!(words("cbo.zero (a0); prefetch.r 32(a0)"), [0x0045_200f, 0x0215_6013]);
    assert_eq!(
        words("jalr a0; jalr 4(a0); jalr a1,a0; jr a0; jr 8(a0); ret"),
        [0x0005_00e7, 0x0045_00e7, 0x0005_05e7, 0x0005_0067, 0x0085_0067, 0x0000_8067,]
    );
}

#[test]
fn labels_are_found_before_and_behind() {
    let source = "
start:  beqz a0, end    # forward
1:      addi a0, a0, -1
        bnez a0, 1b
        bgt a0, a1, 1f
1:      j start
end:    ret";
    assert_eq!(words(source), [0x0005_0a63, 0xfff5_0513, 0xfe05_1ee3, 0x00a5_c263, 0xff1f_f06f, 0x0000_8067]);
}

#[test]
fn far_addresses_take_two_instructions() {
    // auipc's part is rounded, as the second instruction's is signed.
    assert_eq!(words("la a0, . + 0x7ff"), [0x0000_0517, 0x7ff5_0513]);
    assert_eq!(words("la a0, . + 0x800"), [0x0000_1517, 0x8005_0513]);
    assert_eq!(words("call . - 0x1000"), [0xffff_f097, 0x0000_80e7]);
    assert_eq!(words("tail . + 4"), [0x0000_0317, 0x0043_0067]);
}

#[test]
fn data_directives_emit_little_endian_values() {
    let program =
        assemble(".equ N, 3\n.byte N, 'A', '\\n', -1\n.half 0x1234\n.align 2\n.word . + 4\n", 0x1000);
    assert_eq!(program.unwrap().bytes, [3, 65, 10, 255, 0x34, 0x12, 1, 0, 0x0c, 0x10, 0, 0]);
    let program = assemble(".asciz \"a#;,\\\"\\0b\"\n.org 0x100a\n.space 2, 7\n.dword ~0 >> 4", 0x1000);
    assert_eq!(program.unwrap().bytes, *b"a#;,\"\0b\0\0\0\x07\x07\xff\xff\xff\xff\xff\xff\xff\x0f");
}

#[test]
fn operators_bind_as_in_c() {
    let value = |text: &str| {
        let bytes = assemble(&format!(".dword {text}"), 0).unwrap().bytes;
        i64::from_le_bytes(bytes.try_into().unwrap())
    };
    assert_eq!(value("2 + 3 * 4"), 14);
    assert_eq!(value("(2 + 3) * -4"), -20);
    assert_eq!(value("1 | 2 ^ 3 & 1 << 1"), 1);
    assert_eq!(value("10 - 3 - 2"), 5);
    assert_eq!(value("0x10 % 7 + 0b101 / 2"), 4);
    assert_eq!(value("~0"), -1);
}

#[test]
fn mistakes_are_named_with_their_line() {
    let cases = [
        ("nop\nfoo a0", 2, "there is no instruction `foo`"),
        ("add a0,a1", 1, "`add` does not take 2 operands"),
        ("add a0,a1,a32", 1, "`a32` is no integer register"),
        ("fadd.s fa0,fa1,fa2,up", 1, "`up` is no rounding mode"),
        ("addi a0,a0,2048", 1, "`2048` is 2048; it has to be from -2048 to 2047"),
        ("\n\nj nowhere", 3, "`nowhere` is not defined"),
        ("j 1f", 1, "there is no label for `1f`"),
        ("a: nop\na: nop", 2, "`a` is defined already in line 1"),
        ("lw a0, a1", 1, "`a1` is no address of the form offset(register)"),
        (".byte 256", 1, "`256` is 256, which has more than 8 bits"),
        (".foo 1", 1, "there is no directive `.foo` with 1 operands"),
        ("li a0, later\n.equ later, 1", 1, "`later` has to be defined before this line"),
        (".byte 1\nnop", 2, "`nop` is at the odd address 0x1001; use .balign 4 before it"),
        (".word 1 +", 1, "a value is missing before ``"),
        (".word 1 2", 1, "`2` is not expected here"),
        (".org 0x10", 1, "`0x10` is 0x10, before 0x1000"),
        (".space 1 << 40", 1, "more than 67108864 bytes, or fewer than none"),
    ];
    for (source, line, message) in cases {
        assert_eq!(mistake(source), (line, message.to_owned()), "{source}");
    }
}

#[test]
fn odd_input_is_refused_and_not_feared() {
    let deep = format!(".word {}1", "(".repeat(100_000));
    for source in [
        "'",
        ".byte '",
        ".byte '\\",
        "\"",
        ".ascii \"\\",
        ":",
        "::",
        "é:",
        ".word é",
        "1é:",
        ".word 1é",
        &deep,
    ] {
        assert!(assemble(source, 0).is_err(), "{source:.20}");
    }
}

proptest! {
    /// Any text gives a program or a mistake in one of its lines.
    #[test]
    fn any_text_is_answered(
        name in "(add|ld|sd|beq|jal|jalr|li|la|csrw|fadd.d|amoadd.w.aq|fence|lui|slli|cbo.zero|\\.byte|\\.align|\\.org|\\.equ|\\.space|x:|\\PC{0,4})",
        operands in "[a0-9sxf(){},' +*/%|^&<>~\"\\\\#;:.-]{0,24}",
    ) {
        let source = format!("{name} {operands}");
        if let Err(error) = assemble(&source, 0x1000) {
            prop_assert!(error.line == 1 && !error.message.is_empty());
        }
    }
}
