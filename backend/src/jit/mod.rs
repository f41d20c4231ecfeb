//! Tier 2: regions compiled by Cranelift. Everything that knows Cranelift is
//! in this folder.

mod access;
mod call;
mod lower;
mod memory;

use crate::engine::EngineError;
use crate::memory::Memory;
use crate::region::Region;
use crate::vcpu::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use guest::Guest;
use ir::{Block, Effects, HelperDecl, Inst, SlotSet, Spec, Terminator};
use std::sync::Arc;

use call::Gate;
use memory::Arena;

/// How compiled code came back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    /// To go on at the pc, wherever its code is.
    Jump,
    /// The instruction at the pc needs tier 0.
    Side,
}

/// A compiled unit.
pub(crate) struct Unit {
    /// Its address.
    pub(crate) code: u64,
    /// Its size.
    pub(crate) bytes: u64,
}

/// The compiler, the code it made, and the way into it.
pub(crate) struct Jit {
    isa: OwnedTargetIsa,
    guest: Arc<dyn Guest>,
    context: cranelift_codegen::Context,
    builder: FunctionBuilderContext,
    arena: Arena,
    gate: Gate,
}

/// Whether compiled code calls the helper itself: it touches slots only, and
/// says which.
pub(crate) fn is_inline_helper(decl: &HelperDecl) -> bool {
    let listed = |set: SlotSet| matches!(set, SlotSet::These(_));
    Effects::FAULT.contains(decl.effects) && listed(decl.reads) && listed(decl.writes)
}

/// How many of a block's guest instructions can be compiled, from the first on:
/// those before one that calls what compiled code does not, or that leaves. A
/// block is lifted again to end there, so that no pass has taken what comes
/// behind for certain.
pub(crate) fn compilable_insns(block: &Block, spec: &Spec) -> u32 {
    let mut started = 0;
    for inst in &block.insts {
        match *inst {
            Inst::Insn { .. } => started += 1,
            Inst::Call { helper, .. } if !is_inline_helper(spec.helper(helper)) => return started - 1,
            _ => (),
        }
    }
    let leaves = matches!(block.terminator, Terminator::Leave { .. } | Terminator::Trap { .. });
    block.insns - u32::from(leaves)
}

impl Jit {
    /// A compiler for this host.
    pub(crate) fn new(guest: &Arc<dyn Guest>) -> Result<Jit, EngineError> {
        let isa = host_isa()?;
        let gate = Gate::new(host_isa()?)?;
        let arena = Arena::new().map_err(|e| EngineError(format!("no memory for compiled code: {e}")))?;
        Ok(Jit {
            isa,
            guest: Arc::clone(guest),
            context: cranelift_codegen::Context::new(),
            builder: FunctionBuilderContext::new(),
            arena,
            gate,
        })
    }

    /// Runs compiled code from one of a unit's entries until it comes back.
    pub(crate) fn enter(&self, cx: &mut Context, memory: &Memory, code: u64, entry: u32) -> Status {
        debug_assert!(self.arena.contains(code), "{code:#x} is not compiled code");
        self.gate.enter(cx, memory, code, entry)
    }

    /// Compiles a region.
    pub(crate) fn compile(&mut self, region: &Region) -> Unit {
        self.context.clear();
        lower::lower(region, &self.guest, &*self.isa, &mut self.context.func, &mut self.builder);
        let compiled = match self.context.compile(&*self.isa, &mut ControlPlane::default()) {
            Ok(compiled) => compiled,
            Err(error) => {
                panic!("Cranelift refuses the region at {:#x}: {:?}", region.blocks[0].key.pc, error.inner)
            }
        };
        assert!(compiled.buffer.relocs().is_empty(), "compiled code refers to nothing by name");
        let bytes = compiled.code_buffer();
        let code = self.arena.publish(bytes);
        Unit { code, bytes: bytes.len() as u64 }
    }

    /// Keeps no more than so many bytes of code, beside what a unit may need.
    pub(crate) fn limit(&mut self, code_bytes: usize) {
        self.arena.limit(code_bytes);
    }

    /// Whether there may be no room for another unit.
    pub(crate) fn is_full(&self) -> bool {
        self.arena.is_full()
    }

    /// Forgets all compiled code. None of it may be entered any more.
    pub(crate) fn clear(&mut self) {
        self.arena.clear();
    }
}

/// Cranelift for the host the program runs on.
fn host_isa() -> Result<OwnedTargetIsa, EngineError> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
        ("unwind_info", "false"),
        ("enable_probestack", "false"),
        ("preserve_frame_pointers", "true"),
        ("use_colocated_libcalls", "false"),
        ("is_pic", "false"),
    ] {
        flags.set(name, value).map_err(|e| EngineError(format!("Cranelift setting {name}: {e}")))?;
    }
    let builder = cranelift_native::builder()
        .map_err(|e| EngineError(format!("Cranelift has no code generator for this host ({e})")))?;
    builder
        .finish(settings::Flags::new(flags))
        .map_err(|e| EngineError(format!("Cranelift does not work on this host: {e}")))
}
