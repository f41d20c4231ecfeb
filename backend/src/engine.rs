//! The engine: runs a vCPU for a slice, in whatever tier its code is.

use crate::block::{Baseline, Part};
use crate::cache::{BlockId, Cache, MAX_BLOCKS};
use crate::compiled::Compiled;
use crate::event::{Event, What};
use crate::hash::AddressMap;
use crate::jumps::NO_BLOCK;
use crate::library::Library;
use crate::mapping::SLICE_END;
use crate::memory::Memory;
use crate::news::Flushes;
use crate::published::Published;
use crate::stats::Stats;
use crate::status::Status;
use crate::tier0::{self, Next};
use crate::tiers::Tiers;
use crate::tlb::PAGE_MASK;
use crate::vcpu::{NO_RESERVATION, Vcpu};
use bus::{AddressSpace, Clock};
use guest::{Fault, Guest, Requests};
use ir::{BlockKey, Leave, Slot};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Most guest instructions in a block. Long enough that a block's own cost is
/// small, short enough that its temporaries fit.
pub(crate) const MAX_BLOCK_INSNS: u32 = 64;

/// The most beginnings of blocks that are kept for slices that end there.
const MAX_SHORT_BLOCKS: usize = 4096;
/// Runs of a block in tier 0 after which it notes where its indirect jump leads.
const NOTED_RUNS: u32 = 16;

/// How an engine is made.
#[derive(Clone)]
pub struct EngineConfig {
    /// Which tiers it uses.
    pub tiers: Tiers,
    /// The host's monotonic time, for statistics only.
    pub timer: fn() -> Duration,
    /// Raised by whoever wants the running slice to end soon.
    pub stop: Arc<AtomicBool>,
    /// Told of all compiled code.
    pub published: Option<Published>,
}

/// Why [`Engine::run`] came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// The budget is used up.
    Budget,
    /// The CPU waits for an interrupt.
    Idle,
    /// The guest calls the machine's firmware; its arguments are in registers.
    Firmware,
    /// [`EngineConfig::stop`] was raised.
    Stop,
}

/// The engine cannot work on this host.
#[derive(Debug)]
pub struct EngineError(pub(crate) String);

impl std::fmt::Display for EngineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; `--engine interp` works on any host", self.0)
    }
}

impl std::error::Error for EngineError {}

/// Runs guest code. One engine serves all vCPUs of a machine.
pub struct Engine {
    pub(crate) memory: Memory,
    pub(crate) cache: Cache,
    /// Compiled code, and what makes it.
    pub(crate) compiled: Option<Compiled>,
    /// Code that earlier runs have compiled.
    pub(crate) library: Option<Box<dyn Library>>,
    /// Blocks that are kept; when they are more, all are dropped.
    pub(crate) max_blocks: usize,
    pub(crate) timer: fn() -> Duration,
    stop: Arc<AtomicBool>,
    pub(crate) passes: ir::passes::Passes,
    pub(crate) decoder: tier0::Decoder,
    pc: Slot,
    /// Pages that came to hold code, in order: what vCPUs have to be told.
    pub(crate) code_pages: Vec<u64>,
    /// Counts what makes jump caches wrong: that places of blocks went, or that
    /// another block came to one that only some mappings lead to.
    pub(crate) drops: u64,
    /// What one vCPU has had all forget.
    pub(crate) flushes: Flushes,
    /// The first instructions of blocks that a slice ended in, by the block's
    /// serial number and how many they are.
    short_blocks: AddressMap<(u64, u32), Part>,
}

/// How far a vCPU has heard of what concerns all.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) code_pages: usize,
    pub(crate) drops: u64,
    pub(crate) remapped: u64,
    pub(crate) flushes: u64,
}

impl Engine {
    /// An engine for CPUs of `guest` on `space`.
    ///
    /// # Errors
    /// Compiled code was asked for and this host cannot have it.
    pub fn new(
        guest: Arc<dyn Guest>,
        space: AddressSpace,
        clock: Clock,
        config: EngineConfig,
    ) -> Result<Engine, EngineError> {
        let compiled = match config.tiers {
            Tiers::Interp => None,
            Tiers::Jit(thresholds) => {
                Some(Compiled::new(&guest, thresholds, config.timer, config.published)?)
            }
        };
        let cache = compiled.as_ref().map_or_else(Cache::default, Compiled::cache);
        Ok(Engine {
            pc: guest.spec().layout.pc(),
            memory: Memory::new(guest, space, clock),
            cache,
            compiled,
            library: None,
            max_blocks: MAX_BLOCKS,
            timer: config.timer,
            stop: config.stop,
            passes: ir::passes::Passes::default(),
            decoder: tier0::Decoder::default(),
            code_pages: Vec::new(),
            drops: 0,
            flushes: Flushes::default(),
            short_blocks: AddressMap::default(),
        })
    }

    /// Keeps no more than so many blocks and bytes of compiled code, beside what
    /// few units may need. All blocks are dropped when there would be more; of
    /// code that was compiled earliest, some.
    pub fn limit(&mut self, blocks: usize, code_bytes: usize) {
        self.max_blocks = blocks.clamp(1, MAX_BLOCKS);
        if let Some(compiled) = &mut self.compiled {
            compiled.code.limit(code_bytes);
        }
    }

    /// Counters since the engine was made.
    pub fn stats(&self) -> &Stats {
        &self.memory.stats
    }

    /// Runs `vcpu` for exactly `budget` instructions, or until it exits for
    /// another reason. An instruction that raises an exception counts as one.
    pub fn run(&mut self, vcpu: &mut Vcpu, budget: u64) -> Exit {
        let budget = i64::try_from(budget).unwrap_or(i64::MAX);
        vcpu.context.budget = budget;
        self.memory.start_slice(budget, vcpu.instructions());
        self.take_compiled();
        vcpu.context.show_windows();
        self.weigh_windows(vcpu);
        self.catch_up(vcpu);
        self.memory.attention = true;
        let exit = self.run_slice(vcpu);
        self.memory.sync(vcpu.context.budget);
        vcpu.retire((budget - vcpu.context.budget) as u64);
        let exits = &mut self.memory.stats.exits;
        match exit {
            Exit::Budget => exits.budget += 1,
            Exit::Idle => exits.idle += 1,
            Exit::Firmware => exits.firmware += 1,
            Exit::Stop => exits.stop += 1,
        }
        exit
    }

    /// Delivers what is pending, then runs until mode or pending may differ.
    fn run_slice(&mut self, vcpu: &mut Vcpu) -> Exit {
        loop {
            if self.memory.attention {
                self.attend(vcpu);
                if self.stop.load(Ordering::Relaxed) {
                    return Exit::Stop;
                }
            }
            let guest = &self.memory.guest;
            if let Some(cause) = guest.pending(vcpu.state()) {
                guest.deliver(&mut vcpu.context.state, cause);
                vcpu.context.reserved_at = NO_RESERVATION;
                self.memory.stats.exits.interrupt += 1;
            }
            let guest = &self.memory.guest;
            let (key, space) = (guest.block_key(vcpu.state()), guest.address_space(vcpu.state()));
            vcpu.context.enter_space(space);
            if let Some(exit) = self.run_mode(vcpu, key) {
                return exit;
            }
        }
    }

    /// Looks after devices that were reached and code that was written.
    fn attend(&mut self, vcpu: &mut Vcpu) {
        self.memory.attention = false;
        self.memory.stats.exits.attention += 1;
        for ram in self.memory.space.ram().to_vec() {
            for page in ram.take_written_code() {
                self.memory.stale.push((page, bus::PAGE_BYTES));
            }
        }
        for (phys, len) in std::mem::take(&mut self.memory.stale) {
            self.invalidate(phys, len);
        }
        self.catch_up(vcpu);
        self.sample(vcpu);
    }

    fn sample(&mut self, vcpu: &mut Vcpu) {
        self.memory.sync(vcpu.context.budget);
        let (lines, now_ns) = (vcpu.lines().levels(), self.memory.clock.now_ns());
        self.memory.guest.sample(&mut vcpu.context.state, lines, now_ns);
    }

    fn invalidate(&mut self, phys: u64, len: u64) {
        let dropped = self.cache.invalidate(phys, len);
        self.memory.stats.invalidated += dropped.keys.len() as u64;
        for (page, code_left) in dropped.pages {
            self.memory.forget_code(page);
            for (at, bytes) in code_left {
                self.memory.note_code(at, bytes);
            }
        }
    }

    /// Runs from `key` as long as the mode stays; `None` asks to look again.
    fn run_mode(&mut self, vcpu: &mut Vcpu, key: BlockKey) -> Option<Exit> {
        let mut key = key;
        let mut enter = Enter::Any;
        vcpu.context.enter_mode(key.mode);
        loop {
            if vcpu.context.budget <= 0 {
                vcpu.context.state.set(self.pc, key.pc);
                return Some(Exit::Budget);
            }
            vcpu.context.origin = key.pc & PAGE_MASK;
            let known = vcpu.context.jumps.get(key.pc, vcpu.context.jump_tag).map(|entry| entry.block);
            let block = match known {
                // What has code is there: so much a link tells.
                Some(id) if enter == Enter::Any && self.cache.links.code(id).is_some() => id,
                Some(id) if self.cache.is_used(id) => id,
                _ => match self.find(vcpu, key) {
                    Ok(block) => block,
                    Err(fault) => return self.fetch_fault(vcpu, key.pc, fault),
                },
            };
            if let Some((code, entry)) = self.code_of(block, enter) {
                match self.run_compiled(vcpu, code, entry) {
                    Ok((pc, next)) => (key.pc, enter) = (pc, next),
                    Err(exit) => return exit,
                }
                continue;
            }
            enter = Enter::Any;
            let block = match self.lifted(vcpu, key, block) {
                Ok(block) => block,
                Err(fault) => return self.fetch_fault(vcpu, key.pc, fault),
            };
            match self.run_block(vcpu, key, block) {
                Ok(pc) => key.pc = pc,
                Err(exit) => return exit,
            }
            if self.memory.attention {
                vcpu.context.state.set(self.pc, key.pc);
                return None;
            }
        }
    }

    /// The compiled code of a block that may be entered.
    fn code_of(&self, block: BlockId, enter: Enter) -> Option<(u64, u32)> {
        if block == NO_BLOCK {
            return None;
        }
        match (enter, &self.compiled) {
            (Enter::Tier0, _) | (_, None) => None,
            (Enter::Any, _) => self.cache.links.code(block),
            (Enter::Baseline, _) => match self.cache.get(block)?.baseline {
                Baseline::At(code) => Some((code, 0)),
                _ => None,
            },
        }
    }

    /// Runs compiled code. `Ok` is where the guest goes on in this mode, and
    /// how; `Err` leaves the mode.
    fn run_compiled(&mut self, vcpu: &mut Vcpu, code: u64, entry: u32) -> Result<(u64, Enter), Option<Exit>> {
        let compiled = self.compiled.as_ref().expect("somebody made this code");
        let before = vcpu.context.budget;
        vcpu.context.helper_failed = 0;
        let status = compiled.code.enter(&mut vcpu.context, &mut self.memory, code, entry);
        crate::jit::settle_flags(&mut vcpu.context);
        if vcpu.context.budget_kept != 0 {
            self.after_failed_access(vcpu);
        }
        let requests = std::mem::take(&mut self.memory.requests);
        self.grant(vcpu, requests);
        let stats = &mut self.memory.stats;
        stats.tier2.guest_instructions_run += (before - vcpu.context.budget) as u64;
        let pc = vcpu.context.state.get(self.pc);
        Ok(match status {
            Status::Jump => (pc, Enter::Any),
            Status::Link(block) => (vcpu.context.origin.wrapping_add(self.cache.key(block).pc), Enter::Any),
            Status::Side => {
                stats.exits.side_exit += 1;
                if vcpu.context.budget < SLICE_END {
                    self.sample_region(vcpu, pc);
                }
                (pc, Enter::Baseline)
            }
            Status::SideBaseline => {
                stats.exits.side_exit += 1;
                (pc, Enter::Tier0)
            }
            Status::Hot => {
                self.heated(vcpu, pc);
                (pc, Enter::Any)
            }
            Status::Check(number) => {
                stats.exits.check += 1;
                (pc, self.check(vcpu, number, pc))
            }
            Status::Raised => return Err(None),
            Status::Leave(reason) => {
                let event = Event { what: What::Leave(reason), pc, not_run: 0 };
                return self.leave(vcpu, event).map(|pc| (pc, Enter::Any));
            }
        })
    }

    /// Runs one block in tier 0. `Ok` is where the guest goes on in this mode;
    /// `Err` leaves the mode.
    fn run_block(&mut self, vcpu: &mut Vcpu, key: BlockKey, id: BlockId) -> Result<u64, Option<Exit>> {
        if id == NO_BLOCK || i64::from(self.cache.block(id).insns) > vcpu.context.budget {
            let serial = self.cache.get(id).map(|block| block.serial);
            return self.run_short(vcpu, key, serial);
        }
        let block = self.cache.block(id);
        let heat = block.heat.get().saturating_add(1);
        block.heat.set(heat);
        let mut requests = Requests::default();
        vcpu.context.budget -= i64::from(block.insns);
        self.memory.stats.tier0.guest_instructions_run += u64::from(block.insns);
        let next = tier0::run(&block.code, block.insns, &mut vcpu.context, &mut self.memory, &mut requests);
        let result = match next {
            Next::Goto(pc) => {
                // Most blocks run a few times and never again: no memory for those.
                if heat > NOTED_RUNS && block.code.is_indirect() {
                    block.seen.note(pc, vcpu.context.budget);
                }
                Ok(pc)
            }
            next => {
                let event = Event::new(next, block.insns, vcpu.context.origin, &block.code);
                self.leave(vcpu, event)
            }
        };
        self.grant(vcpu, requests);
        self.promote(vcpu, id, heat);
        result
    }

    /// Runs a block that has no place: one shorter than the whole since the
    /// budget is, or one whose code is not in RAM.
    fn run_short(&mut self, vcpu: &mut Vcpu, key: BlockKey, whole: Option<u64>) -> Result<u64, Option<Exit>> {
        let limit = u32::try_from(vcpu.context.budget).unwrap_or(u32::MAX).min(MAX_BLOCK_INSNS);
        let known = whole.and_then(|serial| self.short_blocks.remove(&(serial, limit)));
        let lifted = match known {
            Some(short) => Ok(short),
            None => self.lift(vcpu, key, limit).map(|(block, code)| Part { code, insns: block.insns }),
        };
        let part = match lifted {
            Ok(part) => part,
            Err(fault) => return Err(self.fetch_fault(vcpu, key.pc, fault)),
        };
        let result = self.run_part(vcpu, &part);
        if let Some(serial) = whole {
            if self.short_blocks.len() >= MAX_SHORT_BLOCKS {
                self.short_blocks.clear();
            }
            self.short_blocks.insert((serial, limit), part);
        }
        result
    }

    fn run_part(&mut self, vcpu: &mut Vcpu, Part { code, insns }: &Part) -> Result<u64, Option<Exit>> {
        let mut requests = Requests::default();
        vcpu.context.budget -= i64::from(*insns);
        self.memory.stats.tier0.guest_instructions_run += u64::from(*insns);
        let next = tier0::run(code, *insns, &mut vcpu.context, &mut self.memory, &mut requests);
        let result = match next {
            Next::Goto(pc) => Ok(pc),
            next => {
                let event = Event::new(next, *insns, vcpu.context.origin, code);
                self.leave(vcpu, event)
            }
        };
        self.grant(vcpu, requests);
        result
    }

    /// Does what a block that did not simply go on asks for.
    fn leave(&mut self, vcpu: &mut Vcpu, event: Event) -> Result<u64, Option<Exit>> {
        vcpu.context.budget += event.not_run;
        self.memory.stats.tier0.guest_instructions_run -= event.not_run as u64;
        vcpu.context.state.set(self.pc, event.pc);
        match event.what {
            What::Fault(fault) => {
                self.memory.raise(&mut vcpu.context, event.pc, fault);
                Err(None)
            }
            What::Early => Err(None),
            What::Leave(Leave::Resume) => {
                self.memory.stats.exits.resume += 1;
                Err(None)
            }
            What::Leave(Leave::Firmware) => Err(Some(Exit::Firmware)),
            What::Leave(Leave::Idle) => {
                self.sample(vcpu);
                let wakes = self.memory.guest.wakes(vcpu.state());
                Err((!wakes).then_some(Exit::Idle))
            }
        }
    }

    /// Delivers the fault of an instruction that could not be fetched; it counts
    /// as one. The mode is another then.
    fn fetch_fault(&mut self, vcpu: &mut Vcpu, pc: u64, fault: Fault) -> Option<Exit> {
        vcpu.context.budget -= 1;
        self.memory.raise(&mut vcpu.context, pc, fault);
        None
    }

    /// Does what a helper asked for.
    fn grant(&mut self, vcpu: &mut Vcpu, requests: Requests) {
        if let Some(flush) = requests.flush {
            vcpu.flush(flush);
            self.doubt_checks(vcpu);
            if requests.flush_everywhere {
                vcpu.seen.flushes = self.flushes.note(flush);
            }
        }
        self.memory.attention |= requests.resample;
    }
}

/// Which of a block's compiled code may be entered: what has just handed its
/// first instruction down may not be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enter {
    Any,
    Baseline,
    Tier0,
}
