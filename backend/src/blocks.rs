//! The engine's blocks: how they are found, lifted and kept.

use crate::block::CachedBlock;
use crate::cache::BlockId;
use crate::engine::{Engine, MAX_BLOCK_INSNS};
use crate::fetch::CodeReader;
use crate::jumps::{JumpEntry, NO_BLOCK};
use crate::tier0::{self, TooLong};
use crate::tlb::PAGE_MASK;
use crate::vcpu::Vcpu;
use bus::PAGE_BYTES;
use guest::Fault;
use ir::{Block, BlockKey};
use std::sync::Arc;

impl Engine {
    /// Finds or makes the block at `key`, and remembers it for jumps.
    /// [`NO_BLOCK`] if it cannot be kept.
    pub(crate) fn find(&mut self, vcpu: &mut Vcpu, key: BlockKey) -> Result<BlockId, Fault> {
        let tag_mode = key.mode;
        let (phys, mode) = self.reader(vcpu, key.mode, 0).locate(key.pc)?;
        let key = BlockKey { mode, ..key };
        let in_ram = self.memory.space.ram_at(phys).is_some();
        if !in_ram {
            return Ok(NO_BLOCK);
        }
        let block = match self.cache.known_place(phys, key.mode) {
            // What has code is there: so much a link tells, which is at hand.
            Some(id) if !may_cross(key.pc) && self.cache.links.code(id).is_some() => Some(id),
            Some(id) if self.cache.get(id).is_some() => self.still_there(vcpu, key, id).then_some(id),
            Some(id) if self.cache.has_unit(id) => Some(id),
            _ => match self.take_stored(vcpu, key, phys) {
                Some(id) => Some(id),
                None => self.make(vcpu, key, phys)?,
            },
        };
        let Some(block) = block else { return Ok(NO_BLOCK) };
        // Only now: making the block may have flushed the table.
        let tag = vcpu.context.jump_tag_of(tag_mode);
        let link = self.cache.links.address(block);
        vcpu.context.jumps.insert(JumpEntry { pc: key.pc, tag, link, block });
        Ok(block)
    }

    /// The number of a block that there is for tier 0: what came compiled from a
    /// library is lifted only now.
    pub(crate) fn lifted(&mut self, vcpu: &mut Vcpu, key: BlockKey, id: BlockId) -> Result<BlockId, Fault> {
        if id == NO_BLOCK || self.cache.get(id).is_some() {
            return Ok(id);
        }
        let phys = self.cache.phys(id);
        let key = BlockKey { mode: self.cache.key(id).mode, ..key };
        Ok(self.make(vcpu, key, phys)?.unwrap_or(NO_BLOCK))
    }

    /// Whether the second page of a block is the one it was lifted from, if the
    /// first is where `key` says.
    fn still_there(&mut self, vcpu: &mut Vcpu, key: BlockKey, id: BlockId) -> bool {
        // Most blocks cannot reach one, which their place tells: the block itself
        // is far away in memory.
        if !may_cross(key.pc) {
            return true;
        }
        let block = self.cache.block(id);
        let (last, second) = (last_page(key.pc, block.bytes), block.second_page);
        second.is_none_or(|page| self.reader(vcpu, key.mode, 0).translate(last) == Ok(page))
    }

    pub(crate) fn reader<'a>(&'a mut self, vcpu: &'a mut Vcpu, mode: u32, origin: u64) -> CodeReader<'a> {
        CodeReader::new(&mut vcpu.context, &mut self.memory, mode, origin)
    }

    /// Lifts, improves and pre-decodes the block at `key`, of at most `limit`
    /// instructions. What comes back is relative to its page, and has all of its mode.
    pub(crate) fn lift(
        &mut self,
        vcpu: &mut Vcpu,
        key: BlockKey,
        limit: u32,
    ) -> Result<(Block, tier0::Code), Fault> {
        let started = (self.timer)();
        let mut limit = limit;
        loop {
            let block = self.lift_ir(vcpu, key, limit)?;
            match self.decoder.decode(&block, self.memory.guest.spec()) {
                Ok(code) => {
                    let stats = &mut self.memory.stats.tier0;
                    stats.blocks += 1;
                    stats.guest_instructions_translated += u64::from(block.insns);
                    stats.code_bytes += code.size_bytes();
                    stats.compile += (self.timer)().saturating_sub(started);
                    return Ok((block, code));
                }
                Err(TooLong) => {
                    assert!(block.insns > 1, "one instruction of {:?} needs too many temporaries", key);
                    limit = block.insns / 2;
                }
            }
        }
    }

    fn lift_ir(&mut self, vcpu: &mut Vcpu, key: BlockKey, limit: u32) -> Result<Block, Fault> {
        let guest = Arc::clone(&self.memory.guest);
        let mode = self.reader(vcpu, key.mode, 0).locate(key.pc)?.1;
        let (origin, key) = relative(BlockKey { mode, ..key });
        let block = guest.lift(key, &mut self.reader(vcpu, key.mode, origin), limit)?;
        Ok(self.improve(block))
    }

    /// Checks and improves what a front end lifted.
    pub(crate) fn improve(&mut self, mut block: Block) -> Block {
        let guest = &self.memory.guest;
        if cfg!(debug_assertions)
            && let Err(error) = ir::verify(&block, guest.spec())
        {
            panic!("the {} front end lifted a bad block at {:#x}: {error}", guest.name(), block.key.pc);
        }
        self.passes.run(&mut block, guest.spec());
        block
    }

    /// Makes the block at `key`, whose code is in RAM at `phys`. `None` if it
    /// cannot be kept.
    fn make(&mut self, vcpu: &mut Vcpu, key: BlockKey, phys: u64) -> Result<Option<BlockId>, Fault> {
        let (block, code) = self.lift(vcpu, key, MAX_BLOCK_INSNS)?;
        let last = last_page(key.pc, block.bytes);
        let second_page = match last == key.pc & PAGE_MASK {
            true => None,
            false => Some(self.reader(vcpu, key.mode, 0).translate(last)?),
        };
        if second_page.is_some_and(|page| self.memory.space.ram_at(page).is_none()) {
            return Ok(None);
        }
        if self.cache.len() >= self.max_blocks {
            self.clear();
            self.catch_up(vcpu);
        }
        let first = u64::from(block.bytes).min(PAGE_BYTES - (phys & !PAGE_MASK));
        let mut fresh = self.memory.note_code(phys, first.max(1));
        if let Some(page) = second_page {
            fresh.extend(self.memory.note_code(page, u64::from(block.bytes) - first));
        }
        self.code_pages.extend(&fresh);
        // Jumps come to a place by its first page; this block holds for those
        // that have the second one too.
        self.drops += u64::from(second_page.is_some() && self.cache.known_place(phys, key.mode).is_some());
        self.catch_up(vcpu);
        let size = (block.insns, block.bytes);
        Ok(Some(self.cache.insert(CachedBlock::new(relative(key).1, phys, second_page, size, code))))
    }

    /// Drops every block and all compiled code.
    pub(crate) fn clear(&mut self) {
        for page in self.cache.clear() {
            self.memory.forget_code(page);
        }
        if let Some(compiled) = &mut self.compiled {
            compiled.forget();
        }
        self.memory.shadows.clear();
        self.drops += 1;
    }
}

/// The origin of the block at a guest address, and its key relative to that.
fn relative(key: BlockKey) -> (u64, BlockKey) {
    (key.pc & PAGE_MASK, BlockKey { pc: key.pc & !PAGE_MASK, ..key })
}

/// The page of the last of `bytes` bytes of code at `pc`; it may be beyond the end
/// of the address space, and so at its start.
fn last_page(pc: u64, bytes: u32) -> u64 {
    pc.wrapping_add(u64::from(bytes).saturating_sub(1)) & PAGE_MASK
}

/// No instruction is longer.
const INSN_BYTES_MAX: u64 = 16;

/// Whether a block at `pc` may go on in the next page: it ends with its page
/// unless its first instruction does not.
pub(crate) fn may_cross(pc: u64) -> bool {
    pc & !PAGE_MASK > PAGE_BYTES - INSN_BYTES_MAX
}
