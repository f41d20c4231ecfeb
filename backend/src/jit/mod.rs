//! Tier 2: regions compiled by Cranelift. Everything that knows Cranelift is
//! in this folder.

mod access;
mod arithmetic;
mod call;
mod edges;
mod entry;
mod flags;
mod float;
mod groups;
mod helper;
mod lanes;
mod lower;
mod mapped;
mod names;
mod shadow;
mod stubs;
mod unit;

use crate::engine::EngineError;
use crate::region::Region;
use crate::windows::Place;
use cranelift_codegen::FinalizedRelocTarget;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::ExternalName;
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use guest::Guest;
use ir::{Block, Effects, HelperDecl, Inst, SlotSet, Spec, Terminator};
use std::sync::Arc;

pub(crate) use call::Gate;
pub(crate) use flags::settle as settle_flags;
use float::HostFloat;
use lanes::{has_vector, host_has_vectors};
use stubs::Rare;
pub(crate) use unit::{Relocation, UnitCode, Wanted};

/// What a unit is compiled for.
struct Host<'a> {
    isa: &'a dyn TargetIsa,
    float: HostFloat,
}

/// The compiler. It works on its own, on any thread.
pub(crate) struct Compiler {
    isa: OwnedTargetIsa,
    guest: Arc<dyn Guest>,
    context: cranelift_codegen::Context,
    builder: FunctionBuilderContext,
    float: HostFloat,
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
    let vectors = host_has_vectors();
    let types = if vectors { Vec::new() } else { block.result_types(spec) };
    for (index, inst) in block.insts.iter().enumerate() {
        match *inst {
            Inst::Insn { .. } => started += 1,
            ref inst if !vectors && has_vector(inst, index, &types) => return started - 1,
            Inst::Call { helper, .. } | Inst::LaneCall { helper, .. }
                if !is_inline_helper(spec.helper(helper)) =>
            {
                return started - 1;
            }
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
            isa,
            guest: Arc::clone(guest),
            context: cranelift_codegen::Context::new(),
            builder: FunctionBuilderContext::new(),
        })
    }

    /// Host code for a region.
    pub(crate) fn compile(&mut self, region: &Region) -> UnitCode {
        let place = region.window;
        let mapped = place.and_then(|_| self.compile_for(region, place));
        mapped.or_else(|| self.compile_for(region, None)).expect("the soft TLB serves every access")
    }

    /// The same with accesses to the window at `place`, if that can be.
    fn compile_for(&mut self, region: &Region, place: Option<Place>) -> Option<UnitCode> {
        self.context.clear();
        let host = Host { isa: &*self.isa, float: self.float };
        let func = &mut self.context.func;
        let lowered = lower::lower(region, place, &self.guest, &host, func, &mut self.builder);
        let code = self.finish(region.blocks[0].key.pc, &lowered.wanted);
        if lowered.mapped_accesses == 0 {
            return Some(code);
        }
        let traps = self.context.compiled_code()?.buffer.traps().iter();
        let accesses: Vec<u32> = traps.filter(|t| t.code == mapped::TRAP).map(|t| t.offset).collect();
        if accesses.len() < lowered.mapped_accesses { None } else { shadow::with_shadow(code, &accesses) }
    }

    /// Host code for what links without code lead to.
    pub(crate) fn compile_stub(&mut self) -> Vec<u8> {
        self.context.clear();
        stubs::lower_stub(&*self.isa, &mut self.context.func, &mut self.builder);
        self.finish(0, &[]).bytes
    }

    /// Host code for the way to helpers from cold blocks; see
    /// [`call::rare_helper_signature`].
    pub(crate) fn compile_rare_helper(&mut self) -> Vec<u8> {
        self.compile_rare(&Rare::helper())
    }

    /// Host code for the way to the TLB's refill from cold blocks.
    pub(crate) fn compile_rare_refill(&mut self) -> Vec<u8> {
        self.compile_rare(&Rare::refill())
    }

    fn compile_rare(&mut self, rare: &Rare) -> Vec<u8> {
        self.context.clear();
        stubs::lower_rare(rare, &*self.isa, &mut self.context.func, &mut self.builder);
        self.finish(0, &[]).bytes
    }

    fn finish(&mut self, pc: u64, wanted: &[Wanted]) -> UnitCode {
        if let Err(error) = self.context.compile(&*self.isa, &mut ControlPlane::default()) {
            panic!("Cranelift refuses the region at {pc:#x}: {:?}", error.inner);
        }
        let compiled = self.context.compiled_code().expect("it was compiled just now");
        let names = self.context.func.params.user_named_funcs();
        let relocations = compiled.buffer.relocs().iter().map(|reloc| {
            let FinalizedRelocTarget::ExternalName(ExternalName::User(name)) = &reloc.target else {
                panic!("compiled code refers to {:?}, which nobody has named", reloc.target);
            };
            assert!(reloc.kind == Reloc::Abs8 && reloc.addend == 0, "names stand for whole addresses");
            Relocation { offset: reloc.offset, what: wanted[names[*name].index as usize] }
        });
        let bytes = compiled.code_buffer().to_vec();
        UnitCode { relocations: relocations.collect(), bytes, shadow: 0 }
    }
}

/// What compiled code depends on beside the program that made it: the host's
/// architecture and the features that are used of it.
///
/// # Errors
/// Cranelift has no code generator for this host.
pub fn host_identity() -> Result<String, EngineError> {
    let isa = host_isa()?;
    let features: Vec<String> = isa.isa_flags().iter().map(ToString::to_string).collect();
    Ok(format!("{} {}", isa.triple(), features.join(" ")))
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
