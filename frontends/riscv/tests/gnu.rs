//! The disassembler against GNU objdump and the assembler against GNU as and
//! ld, where binutils for riscv64 are installed; where not, the tests say so.

use std::path::{Path, PathBuf};
use std::process::Command;

use riscv::random::{Kind, kinds};
use riscv::{asm, csr, disasm};

/// All extensions of the tables, as GNU as 2.40 calls them.
const MARCH: &str = "-march=rv64gc_zba_zbb_zbs_zicbom_zicboz_zicbop_zihintpause_svinval";

/// A control register's number.
const MSCRATCH: u32 = 0x340;

/// Random instructions of each kind.
const PER_KIND: usize = 40;

/// Runs a tool; `None` if it is not installed.
fn run(tool: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(format!("riscv64-linux-gnu-{tool}")).args(args).output().ok()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {args:?} fails: {errors}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A scratch file.
fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Random instructions of all kinds that `accept` takes.
fn instructions(accept: fn(&Kind) -> bool) -> Vec<u32> {
    let mut seed = 7u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        seed ^ seed >> 31
    };
    let mut instances =
        |kind: &Kind| (0..PER_KIND).map(|_| usual(kind, kind.instance(&mut next))).collect::<Vec<_>>();
    kinds().iter().filter(|kind| accept(kind)).flat_map(&mut instances).collect()
}

/// `word` with the fields cleared that the hart ignores and assemblers do not
/// write, and with a control register that this hart has.
fn usual(kind: &Kind, word: u32) -> u32 {
    match kind.name {
        "fence" => word & 0x0ff0_707f,
        "fence.tso" => word & 0xfff0_707f,
        "fence.i" => word & 0x0000_707f,
        "c.addi" if word & 0x107c == 0 => word | 4,
        // Conversions that never round.
        "fcvt.d.s" | "fcvt.d.w" | "fcvt.d.wu" => word & !0x7000,
        name if name.starts_with("csr") && csr::name((word >> 20) as u16).is_none() => {
            word & 0x000f_ffff | MSCRATCH << 20
        }
        _ => word,
    }
}

/// What objdump makes of `words`: address, and text with one space.
fn objdump(name: &str, words: &[u32], options: &[&str]) -> Option<Vec<(u64, String)>> {
    let (source, object) = (scratch(&format!("{name}.s")), scratch(&format!("{name}.o")));
    let lines = words.iter().map(|word| format!(".insn {}, {word:#x}\n", if word & 3 == 3 { 4 } else { 2 }));
    std::fs::write(&source, lines.collect::<String>()).expect("a writable scratch file");
    run("as", &[MARCH, path(&source), "-o", path(&object)])?;
    let listing = run("objdump", &[&["-d", path(&object)], options].concat())?;
    let line = |line: &str| {
        let mut columns = line.split('\t');
        let at = u64::from_str_radix(columns.next()?.trim().strip_suffix(':')?, 16).ok()?;
        let text: Vec<&str> = columns.skip(1).map(str::trim).collect();
        Some((at, text.join(" ")))
    };
    Some(listing.lines().filter_map(line).collect())
}

/// An instruction's text in one form: objdump notes symbols and comments and
/// leaves `0x` out of targets.
fn normal(text: &str) -> String {
    let text = text.split(" <").next().unwrap_or(text).split(" #").next().unwrap_or(text).trim();
    let (name, operands) = text.split_once(' ').unwrap_or((text, ""));
    let target = name.starts_with('b')
        && !name.starts_with("bs")
        && !name.starts_with("bc")
        && !name.starts_with("be")
        && !name.starts_with("bi")
        || matches!(name, "beq" | "beqz" | "j" | "jal");
    let operand = |(index, operand): (usize, &str)| {
        let last = index == operands.matches(',').count();
        if target && last { operand.trim_start_matches("0x").to_owned() } else { operand.to_owned() }
    };
    let operands: Vec<String> = operands.split(',').enumerate().map(operand).collect();
    format!("{name} {}", operands.join(",")).trim().to_owned()
}

/// With the `i` that objdump 2.40 leaves out of the names of instructions with
/// an immediate, and `0` for the empty set of a fence.
fn full_name(text: &str) -> String {
    let Some((name, operands)) = text.split_once(' ') else { return text.to_owned() };
    let last = operands.rsplit(',').next().unwrap_or("");
    let immediate = last.starts_with(|c: char| c.is_ascii_digit() || c == '-') && !last.ends_with(')');
    match name {
        "fence" => text.replace("unknown", "0"),
        "sltu" if immediate => format!("sltiu {operands}"),
        "addw" | "sllw" | "srlw" | "sraw" | "rorw" if immediate => {
            format!("{}iw {operands}", name.trim_end_matches('w'))
        }
        "add" | "sll" | "srl" | "sra" | "and" | "or" | "xor" | "slt" | "ror" | "bclr" | "bext" | "binv"
        | "bset" | "csrw" | "csrs" | "csrc" | "csrrw" | "csrrs" | "csrrc"
            if immediate =>
        {
            format!("{name}i {operands}")
        }
        _ => text.to_owned(),
    }
}

/// Compares what `ours` says with what objdump says.
fn compare(name: &str, words: &[u32], options: &[&str], ours: fn(u64, u32) -> Option<String>) {
    let Some(listing) = objdump(name, words, options) else {
        println!("skipped: binutils-riscv64-linux-gnu is not installed");
        return;
    };
    assert_eq!(listing.len(), words.len());
    let mut problems = Vec::new();
    for (word, (at, theirs)) in words.iter().zip(&listing) {
        let ours = ours(*at, *word).map(|text| normal(&text)).unwrap_or_default();
        let theirs = full_name(&normal(theirs));
        // Names of hints, which are shown as what they stand for here.
        let hint = theirs.starts_with("c.");
        if ours != theirs && !hint {
            problems.push(format!("{word:08x}: `{ours}` for `{theirs}`"));
        }
    }
    assert!(problems.is_empty(), "{} of {}\n{}", problems.len(), words.len(), problems.join("\n"));
    println!("{} instructions look alike", words.len());
}

#[test]
fn instructions_look_as_in_objdump() {
    let words = instructions(|kind| !kind.compressed);
    compare("plain", &words, &["-M", "no-aliases"], disasm::text_without_aliases);
}

#[test]
fn instructions_look_as_in_objdump_with_aliases() {
    let words = instructions(|kind| !kind.compressed);
    compare("aliases", &words, &[], disasm::text);
}

#[test]
fn compressed_instructions_look_as_in_objdump() {
    let words = instructions(|kind| kind.compressed);
    compare("compressed", &words, &[], disasm::text);
}

#[test]
fn what_is_disassembled_assembles_to_the_same_word() {
    for word in instructions(|kind| !kind.compressed) {
        for text in [disasm::text(0x10_0000, word), disasm::text_without_aliases(0x10_0000, word)] {
            let text = text.expect("it decodes");
            let program = asm::assemble(&text, 0x10_0000).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(program.bytes, word.to_le_bytes(), "{word:08x}: {text}");
        }
    }
}

/// `source` at 0x1000, assembled and linked by the GNU tools.
fn gnu_program(source: &Path) -> Option<Vec<u8>> {
    let (object, linked, bytes) = (scratch("program.o"), scratch("program.elf"), scratch("program.bin"));
    run("as", &[MARCH, path(source), "-o", path(&object)])?;
    run("ld", &["--no-relax", "-e", "0", "-Ttext=0x1000", path(&object), "-o", path(&linked)])?;
    run("objcopy", &["-O", "binary", "-j", ".text", path(&linked), path(&bytes)])?;
    Some(std::fs::read(bytes).expect("the program"))
}

#[test]
fn a_program_assembles_as_with_the_gnu_tools() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asm/program.s");
    let text = std::fs::read_to_string(&source).expect("a readable file");
    let ours = asm::assemble(&text, 0x1000).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    let Some(theirs) = gnu_program(&source) else {
        println!("skipped: binutils-riscv64-linux-gnu is not installed");
        return;
    };
    for (index, (ours, theirs)) in ours.bytes.chunks(4).zip(theirs.chunks(4)).enumerate() {
        assert_eq!(ours, theirs, "at {:#x}", 0x1000 + 4 * index);
    }
    assert_eq!(ours.bytes.len(), theirs.len());
}
