//! Tier 2: regions compiled by Cranelift. Everything that knows Cranelift is
//! in this folder.

mod access;
mod arithmetic;
mod call;
mod entry;
mod float;
mod groups;
mod helper;
mod lower;
mod stubs;

use crate::engine::EngineError;
use crate::region::Region;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use guest::Guest;
use ir::{Block, Effects, HelperDecl, Inst, SlotSet, Spec, Terminator};
use std::sync::Arc;

pub(crate) use call::Gate;
use float::HostFloat;

/// What a unit is compiled for.
struct Host<'a> {
    isa: &'a dyn TargetIsa,
    /// The function that runs helpers; see [`call::helper_signature`].
    helper_address: u64,
    /// The one that does so in cold blocks; see [`call::rare_helper_signature`].
    rare_helper_address: u64,
    float: HostFloat,
}

/// The compiler. It works on its own, on any thread.
pub(crate) struct Compiler {
    isa: OwnedTargetIsa,
    guest: Arc<dyn Guest>,
    context: cranelift_codegen::Context,
    builder: FunctionBuilderContext,
    float: HostFloat,
    /// See [`Host::rare_helper_address`]; the place of what
    /// [`Compiler::compile_rare_helper`] made.
    pub(crate) rare_helper_address: u64,
}

/// Whether compiled code calls the helper itself: it touches slots only, and
/// says which.
pub(crate) fn is_inline_helper(decl: &HelperDecl) -> bool {
    let listed = |set: SlotSet| matches!(set, SlotSet::These(_));
    Effects::FAULT.contains(decl.effects) && listed(decl.reads) && listed(decl.writes)
}

/// How many of a block's guest instructions can be compiled, from the first on:
/// those before one that calls what compiled code does not, that traps or, in
/// regions, that leaves. A block is lifted again to end there, so that no pass
/// has taken what comes behind for certain.
pub(crate) fn compilable_insns(block: &Block, spec: &Spec, may_leave: bool) -> u32 {
    let mut started = 0;
    for inst in &block.insts {
        match *inst {
            Inst::Insn { .. } => started += 1,
            Inst::Call { helper, .. } if !is_inline_helper(spec.helper(helper)) => return started - 1,
            _ => (),
        }
    }
    let leaves = match block.terminator {
        Terminator::Leave { .. } => !may_leave,
        Terminator::Trap { .. } => true,
        _ => false,
    };
    block.insns - u32::from(leaves)
}

impl Compiler {
    /// A compiler for this host.
    pub(crate) fn new(guest: &Arc<dyn Guest>) -> Result<Compiler, EngineError> {
        let isa = host_isa()?;
        Ok(Compiler {
            float: HostFloat::of(&*isa),
            rare_helper_address: 0,
            isa,
            guest: Arc::clone(guest),
            context: cranelift_codegen::Context::new(),
            builder: FunctionBuilderContext::new(),
        })
    }

    /// Host code for a region, which runs at any address.
    pub(crate) fn compile(&mut self, region: &Region) -> Vec<u8> {
        self.context.clear();
        let host = Host {
            isa: &*self.isa,
            helper_address: crate::callback::helper_address(),
            rare_helper_address: self.rare_helper_address,
            float: self.float,
        };
        lower::lower(region, &self.guest, &host, &mut self.context.func, &mut self.builder);
        self.finish(region.blocks[0].key.pc)
    }

    /// Host code for what links without code lead to.
    pub(crate) fn compile_stub(&mut self) -> Vec<u8> {
        self.context.clear();
        stubs::lower_stub(&*self.isa, &mut self.context.func, &mut self.builder);
        self.finish(0)
    }

    /// Host code for the way to helpers from cold blocks; see
    /// [`call::rare_helper_signature`].
    pub(crate) fn compile_rare_helper(&mut self) -> Vec<u8> {
        self.context.clear();
        stubs::lower_rare_helper(&*self.isa, &mut self.context.func, &mut self.builder);
        self.finish(0)
    }

    fn finish(&mut self, pc: u64) -> Vec<u8> {
        let compiled = match self.context.compile(&*self.isa, &mut ControlPlane::default()) {
            Ok(compiled) => compiled,
            Err(error) => panic!("Cranelift refuses the region at {pc:#x}: {:?}", error.inner),
        };
        assert!(compiled.buffer.relocs().is_empty(), "compiled code refers to nothing by name");
        compiled.code_buffer().to_vec()
    }
}

/// Cranelift for the host the program runs on.
pub(crate) fn host_isa() -> Result<OwnedTargetIsa, EngineError> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
        ("unwind_info", "false"),
        ("enable_probestack", "false"),
        ("preserve_frame_pointers", "true"),
        ("use_colocated_libcalls", "false"),
        ("is_pic", "false"),
        ("enable_pinned_reg", "true"),
    ] {
        flags.set(name, value).map_err(|e| EngineError(format!("Cranelift setting {name}: {e}")))?;
    }
    let builder = cranelift_native::builder()
        .map_err(|e| EngineError(format!("Cranelift has no code generator for this host ({e})")))?;
    builder
        .finish(settings::Flags::new(flags))
        .map_err(|e| EngineError(format!("Cranelift does not work on this host: {e}")))
}
