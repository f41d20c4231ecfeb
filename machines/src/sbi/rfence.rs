//! Remote fences (SBI 2.0, chapter 8).
//!
//! Code that is written is noticed when it is, so a remote `fence.i` has
//! nothing to do. There is no hypervisor extension, so its fences do not exist.

use super::{Args, Call, SbiError, SbiResult};
use bus::PAGE_BYTES;
use riscv::mmu;

/// Most pages that are forgotten one by one; Linux draws the same line.
const MAX_PAGES: u64 = 64;

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => call.harts(args[0], args[1]).map(|_| 0),
        1 => sfence(call, args, None),
        2 => sfence(call, args, Some(args[4])),
        _ => Err(SbiError::NotSupported),
    }
}

/// Has harts forget the translations of a range of addresses, of one address
/// space or of all. A long range counts as all addresses.
fn sfence(call: &mut Call<'_, '_>, args: Args, asid: Option<u64>) -> SbiResult {
    let [mask, base, start, size, ..] = args;
    let harts = call.harts(mask, base)?;
    let everything = size == 0 || size == u64::MAX;
    if !everything && start.checked_add(size - 1).is_none() {
        return Err(SbiError::InvalidAddress);
    }
    let first = start & !(PAGE_BYTES - 1);
    let pages = (start - first).saturating_add(size).div_ceil(PAGE_BYTES);
    for hart in harts {
        let vcpu = &mut call.around.cpus[hart].vcpu;
        if everything || pages > MAX_PAGES {
            vcpu.flush(mmu::fence(None, asid));
            continue;
        }
        for page in 0..pages {
            vcpu.flush(mmu::fence(Some(first + page * PAGE_BYTES), asid));
        }
    }
    Ok(0)
}
