//! The command state machine of one 16-bit chip (J3 data sheet, section 4).

use super::contents::{Lane, Refusal};
use super::{BLOCK_WORDS, BUFFER_WORDS, query};
use serde::{Deserialize, Serialize};

mod command {
    pub const PROGRAM_ALTERNATE: u8 = 0x10;
    pub const ERASE: u8 = 0x20;
    pub const PROGRAM: u8 = 0x40;
    pub const CLEAR_STATUS: u8 = 0x50;
    pub const LOCK: u8 = 0x60;
    pub const READ_STATUS: u8 = 0x70;
    pub const READ_IDENTIFIER: u8 = 0x90;
    pub const QUERY: u8 = 0x98;
    pub const SUSPEND: u8 = 0xb0;
    pub const PROTECTION: u8 = 0xc0;
    pub const CONFIRM: u8 = 0xd0;
    pub const BUFFER: u8 = 0xe8;
}

/// The second cycle of a lock command.
mod lock {
    pub const LOCK: u8 = 0x01;
    pub const LOCK_DOWN: u8 = 0x2f;
    pub const UNLOCK: u8 = 0xd0;
}

/// Status register (J3 data sheet, table 16).
mod status {
    pub const READY: u8 = 1 << 7;
    pub const ERASE_ERROR: u8 = 1 << 5;
    pub const PROGRAM_ERROR: u8 = 1 << 4;
    pub const LOCKED: u8 = 1 << 1;
    pub const ERRORS: u8 = ERASE_ERROR | PROGRAM_ERROR | LOCKED;
    /// Both error bits together: the cycles were not those of a command.
    pub const SEQUENCE_ERROR: u8 = ERASE_ERROR | PROGRAM_ERROR;
}

/// What reads show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Output {
    #[default]
    Array,
    Identifier,
    Query,
    Status,
}

/// What the next write cycle is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Cycle {
    #[default]
    Command,
    EraseConfirm,
    Word,
    BufferCount,
    /// `left` words are still to come for `block`, then the confirmation.
    Buffer {
        block: u32,
        left: u32,
        words: Vec<(u32, u16)>,
    },
    Lock,
    Protection,
}

/// One chip, but for its contents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    output: Output,
    cycle: Cycle,
    /// The error bits of the status register.
    errors: u8,
}

impl Chip {
    /// What the chip drives onto its data lines for `word`; `cell` is what it
    /// holds there.
    pub fn read(&self, word: u32, blocks: usize, cell: impl FnOnce() -> u16) -> u16 {
        match self.output {
            Output::Array => cell(),
            Output::Identifier => query::identifier(word),
            Output::Query => query::word(word, blocks),
            Output::Status => (status::READY | self.errors).into(),
        }
    }

    /// A write cycle. Commands are on the low eight data lines.
    pub fn write(&mut self, word: u32, data: u16, cells: &mut Lane<'_>) {
        let low = data as u8;
        match std::mem::take(&mut self.cycle) {
            Cycle::Command => self.command(low),
            Cycle::EraseConfirm if low == command::CONFIRM => {
                let outcome = cells.erase(word / BLOCK_WORDS);
                self.finish(outcome, status::ERASE_ERROR);
            }
            Cycle::Word => {
                let outcome = cells.program(&[(word, data)]);
                self.finish(outcome, status::PROGRAM_ERROR);
            }
            Cycle::BufferCount => self.start_buffer(word, data),
            Cycle::Buffer { left: 0, words, .. } if low == command::CONFIRM => {
                let outcome = cells.program(&words);
                self.finish(outcome, status::PROGRAM_ERROR);
            }
            Cycle::Buffer { block, left, words } if left > 0 && word / BLOCK_WORDS == block => {
                self.fill_buffer(block, left, words, (word, data));
            }
            Cycle::Lock if matches!(low, lock::LOCK | lock::LOCK_DOWN | lock::UNLOCK) => (),
            Cycle::Protection => self.finish(Err(Refusal::Locked), status::PROGRAM_ERROR),
            Cycle::EraseConfirm | Cycle::Buffer { .. } | Cycle::Lock => self.errors |= status::SEQUENCE_ERROR,
        }
    }

    fn command(&mut self, command: u8) {
        let (output, cycle) = match command {
            command::READ_IDENTIFIER => (Output::Identifier, Cycle::Command),
            command::QUERY => (Output::Query, Cycle::Command),
            // Nothing takes time, so there is nothing to suspend or resume.
            command::READ_STATUS | command::SUSPEND | command::CONFIRM => (Output::Status, Cycle::Command),
            command::ERASE => (Output::Status, Cycle::EraseConfirm),
            command::PROGRAM | command::PROGRAM_ALTERNATE => (Output::Status, Cycle::Word),
            command::BUFFER => (Output::Status, Cycle::BufferCount),
            command::LOCK => (Output::Status, Cycle::Lock),
            command::PROTECTION => (Output::Status, Cycle::Protection),
            // Read array, and what is no command.
            _ => (Output::Array, Cycle::Command),
        };
        if command == command::CLEAR_STATUS {
            self.errors = 0;
        }
        self.output = output;
        self.cycle = cycle;
    }

    /// The count cycle of a buffered program: the number of words less one.
    fn start_buffer(&mut self, word: u32, count: u16) {
        let left = u32::from(count) + 1;
        if left > BUFFER_WORDS {
            self.errors |= status::SEQUENCE_ERROR;
        } else {
            self.cycle = Cycle::Buffer { block: word / BLOCK_WORDS, left, words: Vec::new() };
        }
    }

    fn fill_buffer(&mut self, block: u32, left: u32, mut words: Vec<(u32, u16)>, next: (u32, u16)) {
        words.push(next);
        self.cycle = Cycle::Buffer { block, left: left - 1, words };
    }

    fn finish(&mut self, outcome: Result<(), Refusal>, error: u8) {
        match outcome {
            Ok(()) => (),
            Err(Refusal::Locked) => self.errors |= error | status::LOCKED,
            Err(Refusal::Host) => self.errors |= error,
        }
    }

    /// Whether a run can have come to this state.
    pub fn is_reachable(&self, blocks: usize) -> bool {
        let fits = match &self.cycle {
            Cycle::Buffer { block, left, words } => {
                *left <= BUFFER_WORDS
                    && words.len() <= (BUFFER_WORDS - left) as usize
                    && (*block as usize) < blocks
                    && words.iter().all(|(word, _)| word / BLOCK_WORDS == *block)
            }
            _ => true,
        };
        fits && self.errors & !status::ERRORS == 0
    }
}
