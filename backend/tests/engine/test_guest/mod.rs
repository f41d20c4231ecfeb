//! A guest for tests: a whole CPU around [`ir::testing`]'s slots, helpers and
//! random blocks, made so that every word of memory is an instruction.
//!
//! Its code is a word an instruction: the number of the instruction in a pool.
//! So a store to code makes other code, and random words make a program.

pub mod chip;
mod helpers;
mod instruction;
pub mod map;
pub mod state;

pub use instruction::{BYTES, Instruction};

use bus::{AddressSpace, PAGE_BYTES};
use guest::{Access, Cause, CpuState, Fault, Fetch, Guest, Helper, Page};
use ir::testing::BASE;
use ir::{Block, BlockKey, Builder, Spec, Terminator};
use map::{access_number, cause, page};
use state::{CAUSE, DATUM, ENABLE, EPC, HISTORY, LINES, MAP, MODE, OLD_MODE, START, TAKEN, mix};

/// The number of the instruction that lowers the interrupt lines.
pub const ACKNOWLEDGE: u32 = 1;
/// The number of the instruction that handlers end with.
pub const RETURN: u32 = 2;

/// The guest: its instructions, and where its map starts.
pub struct TestGuest {
    spec: Spec,
    helpers: Vec<Helper>,
    pool: Vec<Instruction>,
    start: u64,
}

impl TestGuest {
    /// A guest with these instructions, numbered from 0, but for 1 and 2, which
    /// are put in.
    pub fn new(start: u64, instructions: impl FnOnce(&Spec) -> Vec<Instruction>) -> TestGuest {
        let mut spec = state::spec();
        let helpers = helpers::declare(&mut spec);
        let mut pool = instructions(&spec);
        let at = pool.len().min(1);
        pool.insert(at, Instruction::acknowledge(start, &spec));
        pool.insert(at + 1, Instruction::return_from_fault());
        TestGuest { spec, helpers, pool, start }
    }

    /// How many instructions there are.
    pub fn pool_len(&self) -> u32 {
        self.pool.len() as u32
    }

    /// The address at an offset in a page of the map.
    pub fn at(&self, page: u64, offset: u64) -> u64 {
        self.start.wrapping_add(page * PAGE_BYTES + offset)
    }

    fn decode(&self, word: u32, mode: u32) -> &Instruction {
        &self.pool[(word.wrapping_add(mode & 1) % self.pool_len()) as usize]
    }
}

impl Guest for TestGuest {
    fn name(&self) -> &'static str {
        "test"
    }

    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn helpers(&self) -> &[Helper] {
        &self.helpers
    }

    fn block_key(&self, cpu: &CpuState) -> BlockKey {
        let mode = cpu.get(MODE) as u32 & !guest::PAGE_MODE;
        BlockKey { pc: cpu.get(self.spec.layout.pc()), mode }
    }

    fn lift(&self, key: BlockKey, code: &mut dyn Fetch, max_insns: u32) -> Result<Block, Fault> {
        let mut b = Builder::new(&self.spec, key);
        if !key.pc.is_multiple_of(2) {
            b.insn(key.pc);
            let value = b.code_address(key.pc);
            let cause = cause::ALIGN + access_number(Access::Fetch);
            b.terminate(Terminator::Trap { cause, value });
            return Ok(b.finish(1));
        }
        let mut pc = key.pc;
        loop {
            let word = match code.fetch32(pc) {
                Ok(word) => word,
                Err(fault) if b.insns() == 0 => return Err(fault),
                Err(_) => break,
            };
            let ends = self.decode(word, key.mode).emit(&mut b, pc, self.start);
            pc = pc.wrapping_add(BYTES);
            if ends || b.insns() == max_insns {
                break;
            }
        }
        if !b.is_terminated() {
            b.terminate(Terminator::Jump { pc });
        }
        Ok(b.finish(pc.wrapping_sub(key.pc) as u32))
    }

    fn fetch_regime(&self, mode: u32) -> u8 {
        (mode >> 1 & 1) as u8
    }

    fn address_space(&self, cpu: &CpuState) -> u64 {
        state::space(cpu)
    }

    fn walk(
        &self,
        cpu: &mut CpuState,
        _space: &AddressSpace,
        at: u64,
        bytes: u8,
        access: Access,
        regime: u8,
    ) -> Result<Page, Fault> {
        if access == Access::Fetch && !at.is_multiple_of(2) {
            return Err(self.misaligned(at, access));
        }
        assert!(
            at % PAGE_BYTES + u64::from(bytes) <= PAGE_BYTES,
            "{bytes} bytes at {at:#x} are in two pages"
        );
        map::translate(cpu, self.start, at, access, regime)
    }

    fn peek(
        &self,
        cpu: &CpuState,
        _space: &AddressSpace,
        at: u64,
        access: Access,
        regime: u8,
    ) -> Option<Page> {
        map::translate(cpu, self.start, at, access, regime).ok()
    }

    fn bus_error(&self, at: u64, access: Access) -> Fault {
        Fault { cause: cause::BUS + access_number(access), value: at }
    }

    fn misaligned(&self, at: u64, access: Access) -> Fault {
        Fault { cause: cause::ALIGN + access_number(access), value: at }
    }

    fn reset(&self, cpu: &mut CpuState, index: u32, entry: u64) {
        cpu.set(self.spec.layout.pc(), entry);
        cpu.set(BASE, self.at(page::DATA, 0).wrapping_add(0x100 * u64::from(index)));
        cpu.set(ENABLE, 1);
        cpu.set(MAP, 0);
        cpu.set(START, self.start);
    }

    fn sample(&self, cpu: &mut CpuState, lines: u64, _now_ns: u64) {
        cpu.set(LINES, lines);
    }

    fn pending(&self, cpu: &CpuState) -> Option<Cause> {
        let lines = cpu.get(LINES);
        (lines != 0 && cpu.get(ENABLE) != 0).then(|| Cause::Interrupt(lines.trailing_zeros().into()))
    }

    fn wakes(&self, cpu: &CpuState) -> bool {
        cpu.get(LINES) != 0
    }

    fn deadline_ns(&self, _cpu: &CpuState) -> Option<u64> {
        None
    }

    /// Faults of loads and stores tell what instruction made them.
    fn complete(&self, cpu: &CpuState, _: &AddressSpace, fault: Fault, code: &mut dyn Fetch) -> Fault {
        let fetches = [cause::BUS, cause::ALIGN, cause::PAGE].map(|kind| kind + access_number(Access::Fetch));
        if fetches.contains(&fault.cause) {
            return fault;
        }
        let word = code.fetch32(cpu.get(self.spec.layout.pc())).map_or(0x7fff_ffff, u64::from);
        Fault { cause: fault.cause | word << 16 & !(1 << 63), ..fault }
    }

    fn deliver(&self, cpu: &mut CpuState, cause: Cause) {
        let (number, datum) = match cause {
            Cause::Exception(fault) => (fault.cause, fault.value),
            Cause::Interrupt(number) => (number | 1 << 63, 0),
        };
        let pc = self.spec.layout.pc();
        let epc = cpu.get(pc);
        let history = mix(mix(cpu.get(HISTORY), epc), mix(number, datum));
        cpu.set(EPC, epc);
        cpu.set(CAUSE, number);
        cpu.set(DATUM, datum);
        cpu.set(OLD_MODE, cpu.get(MODE));
        cpu.set(HISTORY, history);
        cpu.set(TAKEN, cpu.get(TAKEN) + 1);
        cpu.set(ENABLE, 0);
        cpu.set(MODE, 0);
        cpu.set(pc, self.at(page::HANDLER, 0));
    }

    fn disassemble(&self, _key: BlockKey, code: &[u8]) -> Option<(String, usize)> {
        let word = code.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))?;
        Some((format!("pool {}", word % self.pool_len()), BYTES as usize))
    }
}
