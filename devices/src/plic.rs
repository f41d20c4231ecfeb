//! Platform-level interrupt controller (RISC-V PLIC specification 1.0.0; the
//! SiFive layout that QEMU's `virt` machine uses).
//!
//! | offset                      | register                                   |
//! |-----------------------------|--------------------------------------------|
//! | 4·source                    | priority, 0 (never) to 7                   |
//! | 0x1000 + 4·word             | pending bits, read-only                    |
//! | 0x2000 + 0x80·context + 4·word | enable bits                             |
//! | 0x200000 + 0x1000·context   | priority threshold                         |
//! | 0x200004 + 0x1000·context   | read: claim; write: complete               |
//!
//! Contexts are interrupt pins of harts; `virt` has machine mode, then
//! supervisor mode of each hart. Registers are 32 bits wide (section 3); other
//! accesses read as zero and write nothing.

use crate::registry::DeviceInfo;
use crate::{is_word, refused};
use bus::{Device, IrqInputs, IrqLine, IrqSink, RestoreError, Shared, Snapshot, shared};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "plic",
    description: "Platform-level interrupt controller",
    source: "RISC-V Platform-Level Interrupt Controller specification 1.0.0",
    compatible: &["sifive,plic-1.0.0", "riscv,plic0"],
};

/// The highest source number the layout has room for.
pub const SOURCES_MAX: u32 = 1023;
/// The highest number of contexts the layout has room for.
pub const CONTEXTS_MAX: usize = 15872;

/// Priorities and thresholds have three bits.
const PRIORITY_MASK: u32 = 7;

/// Where the parts of the memory map begin (section 3).
mod map {
    pub const PENDING: u64 = 0x1000;
    pub const ENABLE: u64 = 0x2000;
    pub const ENABLE_STRIDE: u64 = 0x80;
    pub const CONTEXT: u64 = 0x20_0000;
    pub const CONTEXT_STRIDE: u64 = 0x1000;
}

/// A register, by what the offset selects.
enum Register {
    Priority(usize),
    Pending(usize),
    Enable { context: usize, word: usize },
    Threshold(usize),
    Claim(usize),
}

/// The chip.
pub struct Plic {
    state: State,
    outputs: Vec<IrqLine>,
}

/// All that a guest can see of it. Sets of sources are bit strings, bit
/// `source % 32` of word `source / 32`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    priorities: Vec<u8>,
    levels: Vec<u32>,
    pending: Vec<u32>,
    /// Claimed by a hart and not completed.
    in_service: Vec<u32>,
    contexts: Vec<Context>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Context {
    enabled: Vec<u32>,
    threshold: u8,
}

impl Plic {
    /// A controller with sources 1 to `sources` and an output a context.
    ///
    /// # Panics
    /// If there are more sources or contexts than the layout has room for: a
    /// board's mistake, not a guest's.
    pub fn new(sources: u32, outputs: Vec<IrqLine>) -> Plic {
        assert!(sources <= SOURCES_MAX, "a PLIC has at most {SOURCES_MAX} sources, not {sources}");
        let contexts = outputs.len();
        assert!(contexts <= CONTEXTS_MAX, "a PLIC has at most {CONTEXTS_MAX} contexts, not {contexts}");
        Plic { state: State::new(sources, contexts), outputs }
    }

    /// A controller as [`Plic::new`] makes it, and the end of the wires into it:
    /// input `n` is source `n`.
    pub fn shared(sources: u32, outputs: Vec<IrqLine>) -> (Shared<Plic>, Arc<dyn IrqSink>) {
        let plic = shared(Plic::new(sources, outputs));
        (Arc::clone(&plic), plic)
    }

    /// How many sources there are; they are numbered from 1.
    pub fn sources(&self) -> u32 {
        self.state.priorities.len() as u32 - 1
    }

    fn update(&self) {
        for (context, output) in self.state.contexts.iter().zip(&self.outputs) {
            output.set(self.state.best(context, context.threshold).is_some());
        }
    }

    fn register(&self, offset: u64) -> Option<Register> {
        let word = (offset % map::ENABLE_STRIDE / 4) as usize;
        let register = match offset {
            0..map::PENDING => Register::Priority((offset / 4) as usize),
            map::PENDING..map::ENABLE => Register::Pending(((offset - map::PENDING) / 4) as usize),
            map::ENABLE..map::CONTEXT => {
                let context = ((offset - map::ENABLE) / map::ENABLE_STRIDE) as usize;
                Register::Enable { context, word }
            }
            _ => {
                let context = ((offset - map::CONTEXT) / map::CONTEXT_STRIDE) as usize;
                match offset % map::CONTEXT_STRIDE {
                    0 => Register::Threshold(context),
                    4 => Register::Claim(context),
                    _ => return None,
                }
            }
        };
        self.exists(&register).then_some(register)
    }

    fn exists(&self, register: &Register) -> bool {
        let (words, contexts) = (self.state.pending.len(), self.state.contexts.len());
        match *register {
            Register::Priority(source) => source < self.state.priorities.len(),
            Register::Pending(word) => word < words,
            Register::Enable { context, word } => context < contexts && word < words,
            Register::Threshold(context) | Register::Claim(context) => context < contexts,
        }
    }

    /// Hands the best pending source to a hart, 0 if there is none. The
    /// threshold does not count here (section 7).
    fn claim(&mut self, context: usize) -> u32 {
        let Some(source) = self.state.best(&self.state.contexts[context], 0) else { return 0 };
        set(&mut self.state.pending, source, false);
        set(&mut self.state.in_service, source, true);
        source
    }

    /// A hart is done with a source; one not enabled for its context is
    /// ignored (section 8).
    fn complete(&mut self, context: usize, source: u32) {
        if source <= self.sources() && get(&self.state.contexts[context].enabled, source) {
            set(&mut self.state.in_service, source, false);
            self.state.gate(source);
        }
    }
}

impl State {
    fn new(sources: u32, contexts: usize) -> State {
        let bits = vec![0; sources as usize / 32 + 1];
        State {
            priorities: vec![0; sources as usize + 1],
            levels: bits.clone(),
            pending: bits.clone(),
            in_service: bits.clone(),
            contexts: vec![Context { enabled: bits, threshold: 0 }; contexts],
        }
    }

    /// The gateway of a level-triggered source (section 2): a high level
    /// becomes a request unless the last one is still under way. A request
    /// stays when the level falls.
    fn gate(&mut self, source: u32) {
        if get(&self.levels, source) && !get(&self.in_service, source) {
            set(&mut self.pending, source, true);
        }
    }

    /// The enabled pending source with the highest priority above `floor`; of
    /// equals the lowest number (section 5).
    fn best(&self, context: &Context, floor: u8) -> Option<u32> {
        let mut best = None;
        let mut floor = floor;
        for (word, (pending, enabled)) in (0..).zip(self.pending.iter().zip(&context.enabled)) {
            for source in bits(pending & enabled).map(|bit| 32 * word + bit) {
                let priority = self.priorities[source as usize];
                if priority > floor {
                    (best, floor) = (Some(source), priority);
                }
            }
        }
        best
    }

    /// Whether the parts have the sizes of `other`'s and no bit stands for a
    /// source that is not there.
    fn fits(&self, other: &State) -> bool {
        let existing = existing(other.priorities.len() as u32 - 1);
        let is_set = |words: &[u32]| {
            words.len() == existing.len() && words.iter().zip(&existing).all(|(word, mask)| word & !mask == 0)
        };
        let is_priority = |value: &u8| u32::from(*value) <= PRIORITY_MASK;
        self.priorities.len() == other.priorities.len()
            && self.contexts.len() == other.contexts.len()
            && self.priorities.iter().all(is_priority)
            && self.priorities.first() == Some(&0)
            && [&self.levels, &self.pending, &self.in_service].into_iter().all(|words| is_set(words))
            && self.contexts.iter().all(|c| is_set(&c.enabled) && is_priority(&c.threshold))
    }
}

/// The set of sources 1 to `sources`.
fn existing(sources: u32) -> Vec<u32> {
    let mut words = vec![0; sources as usize / 32 + 1];
    (1..=sources).for_each(|source| set(&mut words, source, true));
    words
}

fn get(words: &[u32], source: u32) -> bool {
    words[source as usize / 32] >> (source % 32) & 1 != 0
}

fn set(words: &mut [u32], source: u32, on: bool) {
    let (word, bit) = (&mut words[source as usize / 32], 1 << (source % 32));
    *word = if on { *word | bit } else { *word & !bit };
}

/// The numbers of the set bits, lowest first.
fn bits(mut word: u32) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        Some(bit)
    })
}

impl Device for Plic {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let Some(register) = self.register(offset).filter(|_| is_word(offset, bytes)) else { return 0 };
        let value = match register {
            Register::Priority(source) => self.state.priorities[source].into(),
            Register::Pending(word) => self.state.pending[word],
            Register::Enable { context, word } => self.state.contexts[context].enabled[word],
            Register::Threshold(context) => self.state.contexts[context].threshold.into(),
            Register::Claim(context) => self.claim(context),
        };
        self.update();
        value.into()
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        let Some(register) = self.register(offset).filter(|_| is_word(offset, bytes)) else { return };
        let value = value as u32;
        let priority = (value & PRIORITY_MASK) as u8;
        match register {
            Register::Priority(0) | Register::Pending(_) => (),
            Register::Priority(source) => self.state.priorities[source] = priority,
            Register::Enable { context, word } => {
                let existing = existing(self.sources())[word];
                self.state.contexts[context].enabled[word] = value & existing;
            }
            Register::Threshold(context) => self.state.contexts[context].threshold = priority,
            Register::Claim(context) => self.complete(context, value),
        }
        self.update();
    }

    /// The wires keep their levels: they are the devices'.
    fn reset(&mut self) {
        let levels = std::mem::take(&mut self.state.levels);
        self.state = State { levels, ..State::new(self.sources(), self.outputs.len()) };
        (1..=self.sources()).for_each(|source| self.state.gate(source));
        self.update();
    }
}

impl IrqInputs for Plic {
    /// Source 0 and those beyond the last do not exist.
    fn set_level(&mut self, source: u32, level: bool) {
        if source != 0 && source <= self.sources() {
            set(&mut self.state.levels, source, level);
            self.state.gate(source);
            self.update();
        }
    }
}

impl Snapshot for Plic {
    const KIND: &'static str = "plic";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        if !state.fits(&self.state) {
            return Err(refused::<Plic>("it is of a controller with other sources or contexts"));
        }
        self.state = state;
        // CPU pins remember nothing, so driving them again does no harm.
        self.update();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
