//! Any word at all lifts, in any mode, on each model: to a valid block that is
//! no longer than the instruction, that survives printing and the passes.
//! Nothing panics.
//!
//! `WORDS` in the environment sets how many random words are tried. `STEP` sets how
//! far apart the words are that are lifted and disassembled all over the 32-bit
//! space: with `STEP=1` they are all 4,294,967,296.

use aarch64::decode::sets;
use aarch64::{Aarch64, Model, disasm};
use guest::{Fault, Fetch, Guest};
use ir::BlockKey;

/// Random words, unless the environment says otherwise.
const WORDS: u64 = 300_000;
/// From a word to the next, unless the environment says otherwise: a prime.
const STEP: u64 = 16_381;
/// Random words of each row.
const PER_ROW: u64 = 200;

/// Code of one instruction.
struct OneInsn(u32);

impl Fetch for OneInsn {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        Ok((self.0 >> (8 * (at & 2))) as u16)
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 32) as u32
    }
}

/// Lifts the word in a mode, and shows it.
fn try_word(guest: &Aarch64, word: u32, mode: u32) {
    // At the end of a page: a block does not go on.
    let key = BlockKey { pc: 0xffc, mode };
    let mut block = guest.lift(key, &mut OneInsn(word), 8).expect("code can be fetched");
    if let Err(error) = ir::verify(&block, guest.spec()) {
        panic!("{word:#010x} in mode {mode:#x}: {error}");
    }
    assert_eq!((block.insns, block.bytes), (1, 4), "{word:#010x}");
    let printed = block.display(guest.spec()).to_string();
    assert_eq!(ir::parse(&printed, guest.spec()).as_ref(), Ok(&block), "{printed}");
    ir::passes::run(&mut block, guest.spec());
    assert_eq!(ir::verify(&block, guest.spec()), Ok(()), "{word:#010x}, simplified");
    assert!(disasm::disassemble(key.pc, &word.to_le_bytes()).is_some(), "{word:#010x}");
}

#[test]
fn every_word_lifts() {
    let words = std::env::var("WORDS").ok().and_then(|words| words.parse().ok()).unwrap_or(WORDS);
    let guests = Model::ALL.map(Aarch64::new);
    let mut random = Random(1);
    for index in 0..words {
        let (word, mode) = (random.next(), random.next());
        try_word(&guests[(index % 2) as usize], word, mode);
    }
}

/// A share of the space for each thread.
#[test]
fn the_whole_space_lifts() {
    let step = std::env::var("STEP").ok().and_then(|step| step.parse().ok()).unwrap_or(STEP).max(1);
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let share = |thread: u64| {
        let guests = Model::ALL.map(Aarch64::new);
        for (index, word) in (thread * step..1 << 32).step_by((threads * step) as usize).enumerate() {
            let word = word as u32;
            // A mode that has nothing to do with the word, and both models in turn.
            let mode = word.wrapping_mul(0x9e37_79b9);
            let key = BlockKey { pc: 0xffc, mode };
            let guest = &guests[index / 2 % 2];
            let block = guest.lift(key, &mut OneInsn(word), 8).expect("code can be fetched");
            assert_eq!((block.insns, block.bytes), (1, 4), "{word:#010x} in mode {mode:#x}");
            assert!(disasm::disassemble(key.pc, &word.to_le_bytes()).is_some(), "{word:#010x}");
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|thread| drop(scope.spawn(move || share(thread)))));
}

#[test]
fn every_row_lifts() {
    let guests = Model::ALL.map(Aarch64::new);
    let mut random = Random(2);
    for row in sets().flat_map(|set| set.rows) {
        let (value, letters) = (row.pattern.value as u32, !row.pattern.mask as u32);
        for index in 0..PER_ROW {
            let word = value | random.next() & letters;
            try_word(&guests[(index % 2) as usize], word, random.next());
        }
    }
}
