//! Remote fences (SBI 2.0, chapter 8).
//!
//! Code that is written is noticed when it is, so a remote `fence.i` has
//! nothing to do. There is no hypervisor extension, so its fences do not exist.

use super::{Args, Call, SbiError, SbiResult};

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => call.harts(args[0], args[1]).map(|_| 0),
        1 | 2 => sfence(call, args[0], args[1], args[2], args[3]),
        _ => Err(SbiError::NotSupported),
    }
}

/// Forgets the translations of a range of addresses. All of a hart's may go
/// whatever the range, which is what happens.
pub(super) fn sfence(call: &mut Call<'_, '_>, mask: u64, base: u64, start: u64, size: u64) -> SbiResult {
    let harts = call.harts(mask, base)?;
    let everything = size == 0 || size == u64::MAX;
    if !everything && start.checked_add(size - 1).is_none() {
        return Err(SbiError::InvalidAddress);
    }
    for hart in harts {
        call.around.cpus[hart].vcpu.flush_translations();
    }
    Ok(0)
}
