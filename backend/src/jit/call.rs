//! The ways between Rust and compiled code: one in, and one for helpers back.
#![allow(unsafe_code)] // The fence around calls; see docs/architecture.md.

use super::Status;
use crate::engine::EngineError;
use crate::memory::Memory;
use crate::vcpu::Context;
use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, types::I64};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Linkage, Module};
use guest::{Env, Requests};

/// What a unit returns for [`Status::Side`]; anything else is `Jump`.
pub(super) const SIDE: i64 = 1;
/// What a unit returns for [`Status::Jump`].
pub(super) const JUMP: i64 = 0;

/// The signature of units: CPU and entry number in, status out.
pub(super) fn unit_signature() -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    signature.params = vec![AbiParam::new(I64), AbiParam::new(I64)];
    signature.returns = vec![AbiParam::new(I64)];
    signature
}

/// The signature of [`run_helper`].
pub(super) fn helper_signature(convention: CallConv) -> Signature {
    let mut signature = Signature::new(convention);
    signature.params = vec![AbiParam::new(I64); 6];
    signature.returns = vec![AbiParam::new(I64)];
    signature
}

/// The address of [`run_helper`].
pub(super) fn helper_address() -> u64 {
    run_helper as *const () as u64
}

/// The way in: a function of the host's convention that calls a unit.
pub(super) struct Gate {
    /// Keeps `enter` mapped.
    _module: JITModule,
    enter: extern "C" fn(*mut Context, u64, u64) -> i64,
}

// SAFETY: the module is never used again after `new`; it only owns the memory
// of `enter`, which any thread may run.
unsafe impl Send for Gate {}

impl Gate {
    pub(super) fn new(isa: OwnedTargetIsa) -> Result<Gate, EngineError> {
        let failed =
            |e: cranelift_module::ModuleError| EngineError(format!("the way into compiled code: {e}"));
        let convention = isa.default_call_conv();
        let mut module = JITModule::new(JITBuilder::with_isa(isa, cranelift_module::default_libcall_names()));
        let mut context = module.make_context();
        context.func.signature = Signature::new(convention);
        context.func.signature.params = vec![AbiParam::new(I64); 3];
        context.func.signature.returns = vec![AbiParam::new(I64)];
        let mut builder_context = FunctionBuilderContext::new();
        let mut f = FunctionBuilder::new(&mut context.func, &mut builder_context);
        let block = f.create_block();
        f.append_block_params_for_function_params(block);
        f.switch_to_block(block);
        let params = f.block_params(block).to_vec();
        let unit = f.import_signature(unit_signature());
        let call = f.ins().call_indirect(unit, params[1], &[params[0], params[2]]);
        let status = f.inst_results(call)[0];
        f.ins().return_(&[status]);
        f.seal_all_blocks();
        f.finalize(module.target_config());
        let id =
            module.declare_function("enter", Linkage::Export, &context.func.signature).map_err(failed)?;
        module.define_function(id, &mut context).map_err(failed)?;
        module.finalize_definitions().map_err(failed)?;
        let address = module.get_finalized_function(id);
        // SAFETY: the function just made has this signature and convention, and
        // lives as long as the module, which is kept beside it.
        let enter = unsafe {
            std::mem::transmute::<*const u8, extern "C" fn(*mut Context, u64, u64) -> i64>(address)
        };
        Ok(Gate { _module: module, enter })
    }

    /// Runs the unit at `code`. The caller vouches that it is one, compiled for
    /// `memory`'s guest and not dropped since.
    pub(super) fn enter(&self, cx: &mut Context, memory: &Memory, code: u64, entry: u32) -> Status {
        cx.helper_memory = std::ptr::from_ref(memory) as u64;
        let status = (self.enter)(cx, code, entry.into());
        if status == SIDE { Status::Side } else { Status::Jump }
    }
}

/// Runs a helper for compiled code. If it faults, nothing has changed and
/// `helper_failed` is set, whereupon compiled code leaves to tier 0.
extern "C" fn run_helper(cx: *mut Context, helper: u64, a0: u64, a1: u64, a2: u64, a3: u64) -> u64 {
    // SAFETY: compiled code passes on the pointer that `Gate::enter` got as an
    // exclusive reference, which nobody else uses until compiled code returns.
    let cx = unsafe { &mut *cx };
    // SAFETY: `Gate::enter` made this from a reference that outlives its call,
    // and this runs during that call.
    let memory = unsafe { &*(cx.helper_memory as *const Memory) };
    let run = memory.guest.helpers()[helper as usize].run;
    let mut env = Env {
        cpu: &mut cx.state,
        space: &memory.space,
        clock: &memory.clock,
        instructions: 0,
        requests: Requests::default(),
    };
    match run(&mut env, [a0, a1, a2, a3]) {
        Ok(value) => value,
        Err(_) => {
            cx.helper_failed = 1;
            0
        }
    }
}
