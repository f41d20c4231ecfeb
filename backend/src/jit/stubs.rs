//! Pieces of code that all units share, compiled once.

use super::call::{rare_helper_signature, unit_signature};
use crate::status::LINK;
use crate::vcpu::Context;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{
    AbiParam, Endianness, Function, InstBuilder, MemFlagsData, Signature, UserFuncName,
};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use std::mem::offset_of;

/// Lowers to `func` what a link without code leads to: the way back to the
/// engine, which is told the link's number.
pub(super) fn lower_stub(isa: &dyn TargetIsa, func: &mut Function, builder: &mut FunctionBuilderContext) {
    func.signature = unit_signature();
    func.name = UserFuncName::default();
    let mut f = FunctionBuilder::new(func, builder);
    let start = f.create_block();
    f.append_block_params_for_function_params(start);
    f.switch_to_block(start);
    let [cx, link, budget] = f.block_params(start) else { unreachable!("the signature has three") };
    let (cx, link, budget) = (*cx, *link, *budget);
    let flags = MemFlagsData::new().with_notrap().with_aligned().with_endianness(Endianness::Little);
    f.ins().store(flags, budget, cx, offset_of!(Context, budget) as i32);
    let number = f.ins().ishl_imm_u(link, 8);
    let status = f.ins().bor_imm_u(number, LINK);
    f.ins().return_(&[status]);
    f.seal_all_blocks();
    f.finalize(isa.frontend_config());
}

/// A Rust function of the host's convention that cold blocks call, with what the
/// context holds for it.
pub(super) struct Rare {
    address: u64,
    /// Where in the context its arguments are, behind the context itself.
    arguments: &'static [usize],
    /// Where its result goes, if it is wanted.
    result: Option<usize>,
}

const ARGS: usize = offset_of!(Context, helper_args);

impl Rare {
    /// Helpers: the context says what is called with what, and gets the result.
    pub(super) fn helper() -> Rare {
        Rare {
            address: crate::callback::helper_address(),
            arguments: &[offset_of!(Context, helper), ARGS, ARGS + 8, ARGS + 16, ARGS + 24],
            result: Some(offset_of!(Context, helper_result)),
        }
    }

    /// The TLB's refill: the address of an access and its description.
    pub(super) fn refill() -> Rare {
        let address = crate::callback::refill_address();
        Rare { address, arguments: &[ARGS, ARGS + 8], result: None }
    }
}

/// Lowers to `func` the way to a function from cold blocks.
pub(super) fn lower_rare(
    rare: &Rare,
    isa: &dyn TargetIsa,
    func: &mut Function,
    builder: &mut FunctionBuilderContext,
) {
    func.signature = rare_helper_signature();
    func.name = UserFuncName::default();
    let mut f = FunctionBuilder::new(func, builder);
    let start = f.create_block();
    f.append_block_params_for_function_params(start);
    f.switch_to_block(start);
    let cx = f.block_params(start)[0];
    let flags = MemFlagsData::new().with_notrap().with_aligned().with_endianness(Endianness::Little);
    let mut operands = vec![cx];
    operands.extend(rare.arguments.iter().map(|field| f.ins().load(I64, flags, cx, *field as i32)));
    let mut signature = Signature::new(isa.default_call_conv());
    signature.params = vec![AbiParam::new(I64); operands.len()];
    signature.returns = vec![AbiParam::new(I64); rare.result.iter().len()];
    let signature = f.import_signature(signature);
    let callee = f.ins().iconst(I64, rare.address as i64);
    let call = f.ins().call_indirect(signature, callee, &operands);
    if let Some(field) = rare.result {
        let result = f.inst_results(call)[0];
        f.ins().store(flags, result, cx, field as i32);
    }
    f.ins().return_(&[]);
    f.seal_all_blocks();
    f.finalize(isa.frontend_config());
}
