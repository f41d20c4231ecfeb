//! Golden lifts: code, and the block that it becomes. `BLESS=1` rewrites the
//! files.
//!
//! A file has parts separated by empty lines. A part is `; code` (assembly at
//! 0x1000), maybe with `| fs=N` for a floating-point unit that is not dirty,
//! and then the block's text. Lines that start with `#` are remarks.

use std::path::Path;

use guest::{Fault, Fetch, Guest};
use ir::{BlockKey, Terminator};
use proptest::prelude::*;
use riscv::random::random_instruction;
use riscv::state::{Mode, regime};
use riscv::{Riscv64, asm, disasm, lift_block};

const CODE: u64 = 0x1000;
const INSNS_MAX: u32 = 64;

/// Code at [`CODE`], and a fetch fault behind it.
struct Bytes(Vec<u8>);

impl Fetch for Bytes {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let offset = at.wrapping_sub(CODE) as usize;
        let low = self.0.get(offset..).and_then(|rest| rest.first_chunk::<2>());
        low.map(|bytes| u16::from_le_bytes(*bytes)).ok_or(Fault { cause: 1, value: at })
    }
}

/// The block that `line`, without its `;`, becomes.
fn lifted(line: &str) -> String {
    let (code, fs) = line.split_once("| fs=").unwrap_or((line, "3"));
    let fs = fs.trim().parse().expect("fs is a number");
    let mode = Mode::new(0, fs, regime::USER, false);
    let program = asm::assemble(code, CODE).unwrap_or_else(|error| panic!("{error}: {code}"));
    let guest = Riscv64::new();
    let key = BlockKey { pc: CODE, mode: mode.0 };
    let block = lift_block(guest.spec(), key, &mut Bytes(program.bytes), INSNS_MAX).expect("there is code");
    ir::verify(&block, guest.spec()).unwrap_or_else(|error| panic!("{error}: {code}"));
    block.display(guest.spec()).to_string().trim_end().to_owned()
}

/// The part as it has to be.
fn golden(part: &str) -> String {
    let mut text = String::new();
    for line in part.lines().filter(|line| line.starts_with(['#', ';'])) {
        text += line;
        text += "\n";
        if let Some(code) = line.strip_prefix(';') {
            text += &lifted(code);
        }
    }
    text.trim_end().to_owned()
}

#[test]
fn blocks_are_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lift");
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder of the golden lifts") {
        let path = entry.expect("an entry").path();
        let found = std::fs::read_to_string(&path).expect("a readable file");
        let parts: Vec<String> = found.trim().split("\n\n").map(golden).collect();
        let wanted = parts.join("\n\n") + "\n";
        files += 1;
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, wanted).expect("a writable file");
            continue;
        }
        for (found, wanted) in found.trim().split("\n\n").zip(&parts) {
            assert_eq!(found.trim_end(), wanted, "{}; BLESS=1 accepts it", path.display());
        }
    }
    assert!(files > 0, "there are golden lifts");
}

/// Lifts at `pc` in endless `code`, of which everything from `limit` on cannot
/// be fetched. Yields instructions, bytes and where the block goes on.
fn lifted_at(pc: u64, code: u16, limit: u64, insns_max: u32) -> Result<(u32, u32, Terminator), Fault> {
    let guest = Riscv64::new();
    let block =
        lift_block(guest.spec(), BlockKey { pc, mode: Mode::USER.0 }, &mut Endless(code, limit), insns_max)?;
    Ok((block.insns, block.bytes, block.terminator))
}

/// The same halfword everywhere below a limit.
struct Endless(u16, u64);

impl Fetch for Endless {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        if at < self.1 { Ok(self.0) } else { Err(Fault { cause: 12, value: at }) }
    }
}

/// c.nop, and a halfword that twice is `xori x6,x6,0x431`, of 32 bits.
const SHORT: u16 = 0x0001;
const LONG: u16 = 0x4313;

#[test]
fn a_block_ends_after_its_greatest_number_of_instructions() {
    assert_eq!(lifted_at(0x1000, SHORT, u64::MAX, 3), Ok((3, 6, Terminator::Jump { pc: 0x1006 })));
    assert_eq!(lifted_at(0x1000, LONG, u64::MAX, 3), Ok((3, 12, Terminator::Jump { pc: 0x100c })));
    assert_eq!(lifted_at(0x1000, SHORT, u64::MAX, 0), Ok((1, 2, Terminator::Jump { pc: 0x1002 })));
}

#[test]
fn a_block_ends_with_its_page() {
    assert_eq!(lifted_at(0x1ffc, SHORT, u64::MAX, 64), Ok((2, 4, Terminator::Jump { pc: 0x2000 })));
    assert_eq!(lifted_at(0x1ff8, LONG, u64::MAX, 64), Ok((2, 8, Terminator::Jump { pc: 0x2000 })));
    assert_eq!(lifted_at(u64::MAX - 3, SHORT, u64::MAX, 64), Ok((2, 4, Terminator::Jump { pc: 0 })));
}

#[test]
fn an_instruction_that_crosses_the_page_end_is_a_block_of_its_own() {
    assert_eq!(lifted_at(0x1ff6, LONG, u64::MAX, 64), Ok((2, 8, Terminator::Jump { pc: 0x1ffe })));
    assert_eq!(lifted_at(0x1ffe, LONG, u64::MAX, 64), Ok((1, 4, Terminator::Jump { pc: 0x2002 })));
}

#[test]
fn what_cannot_be_fetched_is_a_fault_only_if_it_comes_first() {
    assert_eq!(lifted_at(0x1000, LONG, 0x100a, 64), Ok((2, 8, Terminator::Jump { pc: 0x1008 })));
    assert_eq!(lifted_at(0x1000, LONG, 0x1000, 64), Err(Fault { cause: 12, value: 0x1000 }));
    // The second half lies in the next page, whose address is the datum.
    assert_eq!(lifted_at(0x1ffe, LONG, 0x2000, 64), Err(Fault { cause: 12, value: 0x2000 }));
}

proptest! {
    /// Whatever the bytes are, in whatever mode: a block comes out, and it
    /// verifies; the disassembler finds words for them.
    #[test]
    fn any_bytes_lift_to_a_block_that_verifies(
        code in prop::collection::vec(any::<u8>(), 2..64),
        privilege in prop::sample::select(vec![0, 1, 3]),
        fs in 0..4u32,
        insns_max in 0..20u32,
    ) {
        let guest = Riscv64::new();
        let mode = Mode::new(privilege, fs, regime::SUPERVISOR, privilege == 1);
        let key = BlockKey { pc: CODE, mode: mode.0 };
        if let Ok(block) = lift_block(guest.spec(), key, &mut Bytes(code.clone()), insns_max) {
            prop_assert!(block.insns <= insns_max.max(1) && block.bytes as usize <= code.len());
            prop_assert_eq!(ir::verify(&block, guest.spec()), Ok(()));
        }
        let disassembled = disasm::disassemble(CODE, &code);
        prop_assert!(disassembled.is_some_and(|(text, bytes)| !text.is_empty() && bytes <= code.len()) || code.len() < 4);
    }

    /// The same for instructions there are, which random bytes seldom hold.
    #[test]
    fn any_instruction_lifts_to_a_block_that_verifies(seed in 1..u64::MAX, fs in 0..4u32) {
        let guest = Riscv64::new();
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state ^ state >> 31
        };
        let word = random_instruction(&mut next, &|_| true).expect("there are instructions");
        let key = BlockKey { pc: CODE, mode: Mode::new(1, fs, regime::SUPERVISOR, false).0 };
        let block = lift_block(guest.spec(), key, &mut Bytes(word.to_le_bytes().to_vec()), 1).expect("there is code");
        prop_assert_eq!(ir::verify(&block, guest.spec()), Ok(()), "{:#x}", word);
    }
}
