//! The way from Rust into compiled code.
#![allow(unsafe_code)] // The fence around calls; see docs/architecture.md.

use crate::engine::EngineError;
use crate::memory::Memory;
use crate::status::Status;
use crate::vcpu::Context;
use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, types::I8X16, types::I64};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Linkage, Module};

/// The signature of units: CPU, entry number and budget in, status out.
pub(super) fn unit_signature() -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    signature.params = vec![AbiParam::new(I64); 3];
    signature.returns = vec![AbiParam::new(I64)];
    signature
}

/// The signature of helpers as compiled code calls them.
pub(super) fn helper_signature(convention: CallConv) -> Signature {
    let mut signature = Signature::new(convention);
    signature.params = vec![AbiParam::new(I64); 6];
    signature.returns = vec![AbiParam::new(I64)];
    signature
}

/// The signature of functions of so many vectors.
pub(super) fn lane_function_signature(convention: CallConv, operands: usize) -> Signature {
    let mut signature = Signature::new(convention);
    signature.params = vec![AbiParam::new(I8X16); operands];
    signature.returns = vec![AbiParam::new(I8X16)];
    signature
}

/// The signature of the ways to helpers and to the TLB's refill from cold blocks:
/// the CPU in, whose context says what is called with what, and gets the result. It changes no
/// register, and so costs the hot path nothing.
pub(super) fn rare_helper_signature() -> Signature {
    let mut signature = Signature::new(CallConv::PreserveAll);
    signature.params = vec![AbiParam::new(I64)];
    signature
}

/// The way in: a function of the host's convention that calls a unit.
pub(crate) struct Gate {
    /// Keeps `enter` mapped.
    _module: JITModule,
    enter: extern "C" fn(*mut Context, u64, u64, i64) -> i64,
}

// SAFETY: the module is never used again after `new`; it only owns the memory
// of `enter`, which any thread may run.
unsafe impl Send for Gate {}

impl Gate {
    /// A way in that calls a unit, or, with `via`, calls the code there, which
    /// gets the unit's address as one more argument.
    pub(crate) fn new(isa: OwnedTargetIsa, via: Option<u64>) -> Result<Gate, EngineError> {
        let failed =
            |e: cranelift_module::ModuleError| EngineError(format!("the way into compiled code: {e}"));
        let convention = isa.default_call_conv();
        let mut module = JITModule::new(JITBuilder::with_isa(isa, cranelift_module::default_libcall_names()));
        let mut context = module.make_context();
        context.func.signature = Signature::new(convention);
        context.func.signature.params = vec![AbiParam::new(I64); 4];
        context.func.signature.returns = vec![AbiParam::new(I64)];
        let mut builder_context = FunctionBuilderContext::new();
        lower(FunctionBuilder::new(&mut context.func, &mut builder_context), via, &module);
        let id =
            module.declare_function("enter", Linkage::Export, &context.func.signature).map_err(failed)?;
        module.define_function(id, &mut context).map_err(failed)?;
        module.finalize_definitions().map_err(failed)?;
        let address = module.get_finalized_function(id);
        // SAFETY: the function just made has this signature and convention, and
        // lives as long as the module, which is kept beside it.
        let enter = unsafe {
            std::mem::transmute::<*const u8, extern "C" fn(*mut Context, u64, u64, i64) -> i64>(address)
        };
        Ok(Gate { _module: module, enter })
    }

    /// Runs the unit at `code`. The caller vouches that it is one, compiled for
    /// `memory`'s guest and not dropped since.
    pub(crate) fn enter(&self, cx: &mut Context, memory: &mut Memory, code: u64, entry: u32) -> Status {
        cx.helper_memory = std::ptr::from_mut(memory) as u64;
        let budget = cx.budget;
        Status::decode((self.enter)(cx, code, entry.into(), budget))
    }
}

fn lower(mut f: FunctionBuilder<'_>, via: Option<u64>, module: &JITModule) {
    let block = f.create_block();
    f.append_block_params_for_function_params(block);
    f.switch_to_block(block);
    let params = f.block_params(block).to_vec();
    let (cx, code, entry, budget) = (params[0], params[1], params[2], params[3]);
    // Units keep the budget in this register, and the caller something else.
    let kept = f.ins().get_pinned_reg(I64);
    let mut signature = unit_signature();
    let call = match via {
        None => {
            let unit = f.import_signature(signature);
            f.ins().call_indirect(unit, code, &[cx, entry, budget])
        }
        Some(via) => {
            signature.params.push(AbiParam::new(I64));
            let unit = f.import_signature(signature);
            let via = f.ins().iconst(I64, via as i64);
            f.ins().call_indirect(unit, via, &[cx, entry, budget, code])
        }
    };
    let status = f.inst_results(call)[0];
    f.ins().set_pinned_reg(kept);
    f.ins().return_(&[status]);
    f.seal_all_blocks();
    f.finalize(module.target_config());
}
