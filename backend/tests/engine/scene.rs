//! Small programs in IR text, for what random ones reach too rarely.

use crate::engines::Engines;
use crate::test_guest::map::RAM_PAGES;
use crate::test_guest::{ACKNOWLEDGE, BYTES, Instruction, RETURN, TestGuest};
use crate::world::Subject;
use backend::{MemoryAccess, Thresholds, Tiers};
use bus::PAGE_BYTES;
use std::sync::Arc;

/// The engines that all is run on.
pub const TIERS: [Tiers; 6] = [
    Tiers::Interp,
    Tiers::Jit(Thresholds::regions(1)),
    Tiers::Jit(Thresholds::regions(3)),
    Tiers::Jit(Thresholds::baseline(1)),
    Tiers::Jit(Thresholds { baseline: 1, region: 3, background: false, memory: MemoryAccess::Mapped }),
    Tiers::Jit(Thresholds { baseline: 2, region: 2, background: true, memory: MemoryAccess::Mapped }),
];

/// Adds 1 to `x0`.
pub const STEP: &str = "v0 = get.i64 x0\nv1 = iconst.i64 1\nv2 = iadd v0, v1\nset x0, v2\njump 4";
/// Does nothing.
pub const NOP: &str = "jump 4";
/// Ends the slice.
pub const FIRMWARE: &str = "v0 = iconst.i64 0\nleave firmware, v0";

/// Code in RAM, and the instructions it refers to.
pub struct Scene {
    start: u64,
    texts: Vec<String>,
    image: Vec<u8>,
}

impl Scene {
    /// An empty scene in a map at the usual place. Its fault handler lowers the
    /// interrupt lines and returns.
    pub fn new() -> Scene {
        Scene::at(0x40_0000)
    }

    /// The same in a map that starts at `start`.
    pub fn at(start: u64) -> Scene {
        let image = vec![0; (RAM_PAGES * PAGE_BYTES) as usize];
        let mut scene = Scene { start, texts: vec![FIRMWARE.into()], image };
        scene.word(3, 0, ACKNOWLEDGE);
        scene.word(3, BYTES, RETURN);
        scene
    }

    /// Writes instructions at an offset in a page of RAM.
    pub fn code(&mut self, page: u64, offset: u64, texts: &[&str]) {
        for (index, text) in (0..).zip(texts) {
            let number = self.number(text);
            self.word(page, offset + index * BYTES, number);
        }
    }

    /// The word of an instruction. What is not written is [`FIRMWARE`].
    pub fn number(&mut self, text: &str) -> u32 {
        let known = self.texts.iter().position(|t| t == text);
        let index = known.unwrap_or_else(|| {
            self.texts.push(text.into());
            self.texts.len() - 1
        });
        // The guest puts two instructions in after the first.
        if index == 0 { 0 } else { index as u32 + 2 }
    }

    /// Writes a word at an offset in a page of RAM.
    pub fn word(&mut self, page: u64, offset: u64, word: u32) {
        let at = (page * PAGE_BYTES + offset) as usize;
        self.image[at..at + 4].copy_from_slice(&word.to_le_bytes());
    }

    /// An address in a page of the map.
    pub fn address(&self, page: u64, offset: u64) -> u64 {
        self.start.wrapping_add(page * PAGE_BYTES + offset)
    }

    /// The guest.
    pub fn guest(&self) -> Arc<TestGuest> {
        let parse = |spec: &ir::Spec| self.texts.iter().map(|t| Instruction::parse(t, spec)).collect();
        Arc::new(TestGuest::new(self.start, parse))
    }

    /// CPUs that start at an address, on one engine.
    pub fn engines(&self, tiers: Tiers, cpus: usize, entry: u64) -> Engines {
        Engines::new(&self.guest(), &self.image, cpus, entry, tiers)
    }

    /// Does the same with every kind of engine, with one CPU.
    pub fn each(&self, entry: u64, test: impl Fn(&mut Engines)) {
        self.each_with(1, entry, test);
    }

    /// Does the same with every kind of engine.
    pub fn each_with(&self, cpus: usize, entry: u64, test: impl Fn(&mut Engines)) {
        for tiers in TIERS {
            println!("{tiers:?}");
            test(&mut self.engines(tiers, cpus, entry));
        }
    }
}

/// A text that stores the `i32` `word` at `at`.
pub fn store_word(at: u64, word: u32) -> String {
    format!("v0 = iconst.i64 {at:#x}\nv1 = iconst.i32 {word:#x}\nstore r0 v0, v1\njump 4")
}

/// A text that jumps `offset` bytes from where it is.
pub fn jump(offset: i64) -> String {
    format!("jump {:#x}", offset as u64)
}

/// A slot of the first CPU, by name.
pub fn slot(engines: &Engines, name: &str) -> u64 {
    slot_of(engines, 0, name)
}

/// A slot of a CPU, by name.
pub fn slot_of(engines: &Engines, cpu: usize, name: &str) -> u64 {
    let slot = engines.spec().layout.by_name(name).expect(name);
    engines.slots(cpu)[slot.index()]
}
