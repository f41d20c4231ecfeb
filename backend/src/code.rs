//! Host code of all tiers: where it is kept and how it is entered.

use crate::arena::Arena;
use crate::cache::BlockId;
use crate::engine::EngineError;
use crate::generations::{Kind, Tenant};
use crate::jit::{Compiler, Gate, host_isa};
use crate::memory::Memory;
use crate::published::{CodeRange, Published};
use crate::status::Status;
use crate::tier1::{Emitter, Source};
use crate::vcpu::Context;
use crate::windows::set_running;
use guest::Guest;
use std::ops::Range;
use std::sync::Arc;

/// The arena with what is always in it, and the way in.
pub(crate) struct HostCode {
    arena: Arena,
    gate: Gate,
    /// What links without code lead to.
    stub: u64,
    /// See [`Compiler::compile_rare_helper`].
    rare_helper: u64,
    /// See [`Compiler::compile_rare_refill`].
    rare_refill: u64,
    emitter: Emitter,
    guest: &'static str,
    published: Option<Published>,
}

impl HostCode {
    /// Room for code of this guest, with the pieces that all code shares.
    /// `published` is told of all blocks' and regions' code.
    pub(crate) fn new(
        guest: &Arc<dyn Guest>,
        compiler: &mut Compiler,
        published: Option<Published>,
    ) -> Result<HostCode, EngineError> {
        let mut arena = Arena::new().map_err(|e| EngineError(format!("no memory for compiled code: {e}")))?;
        let stub = arena.keep(&compiler.compile_stub());
        let rare_helper = arena.keep(&compiler.compile_rare_helper());
        let rare_refill = arena.keep(&compiler.compile_rare_refill());
        let emitter = Emitter::new(&mut arena, guest.spec().layout.pc());
        let gate = Gate::new(host_isa()?, emitter.way_in())?;
        let guest = guest.name();
        Ok(HostCode { arena, gate, stub, rare_helper, rare_refill, emitter, guest, published })
    }

    /// What links without code lead to.
    pub(crate) fn stub(&self) -> u64 {
        self.stub
    }

    /// The way to helpers from cold blocks.
    pub(crate) fn rare_helper(&self) -> u64 {
        self.rare_helper
    }

    /// The way to the TLB's refill from cold blocks.
    pub(crate) fn rare_refill(&self) -> u64 {
        self.rare_refill
    }

    /// Runs code until it comes back.
    pub(crate) fn enter(&self, cx: &mut Context, memory: &mut Memory, code: u64, entry: u32) -> Status {
        debug_assert!(self.arena.contains(code), "{code:#x} is not compiled code");
        set_running(cx);
        self.gate.enter(cx, memory, code, entry)
    }

    /// Takes in tier 2's code of the unit that begins at `pc`; yields its address.
    /// There must be room for it.
    pub(crate) fn publish(&mut self, unit: u32, pc: u64, code: &[u8]) -> u64 {
        self.take(Tenant::Unit(unit), pc, code)
    }

    /// Tier 1 code for a block in the page at `origin`: its address and size in
    /// bytes. `None` if this host has no tier 1. There must be room for it.
    pub(crate) fn emit(&mut self, block: BlockId, source: &Source<'_>, origin: u64) -> Option<(u64, u64)> {
        let code = self.emitter.emit(source, self.arena.next(Kind::Block))?;
        let pc = origin.wrapping_add(source.key.pc);
        Some((self.take(Tenant::Block(block), pc, &code), code.len() as u64))
    }

    /// Takes in somebody's code, and says so.
    fn take(&mut self, tenant: Tenant, pc: u64, code: &[u8]) -> u64 {
        let address = self.arena.publish(tenant, code);
        let tier = match tenant {
            Tenant::Block(_) => 1,
            Tenant::Unit(_) => 2,
        };
        if let Some(published) = &self.published {
            published(&CodeRange { tier, guest: self.guest, pc, address, bytes: code.len() as u64 });
        }
        address
    }

    /// Keeps no more than so many bytes of code, beside what a unit may need.
    pub(crate) fn limit(&mut self, bytes: usize) {
        self.arena.limit(bytes);
    }

    /// See [`Arena::make_room`].
    pub(crate) fn make_room(&mut self, kind: Kind) -> Option<(Range<u64>, Vec<Tenant>)> {
        self.arena.make_room(kind)
    }

    /// Forgets all blocks' code. None of it may be entered any more.
    pub(crate) fn clear(&mut self) {
        self.arena.clear();
    }
}
