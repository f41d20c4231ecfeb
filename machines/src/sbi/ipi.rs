//! Interrupts between harts (SBI 2.0, chapter 7).

use super::{Args, Call, SbiError, SbiResult};
use crate::cpu::Activity;

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => send(call, args[0], args[1]),
        _ => Err(SbiError::NotSupported),
    }
}

/// Raises the supervisor software interrupt of each hart that is on.
pub(super) fn send(call: &mut Call<'_, '_>, mask: u64, base: u64) -> SbiResult {
    for hart in call.harts(mask, base)? {
        let cpu = &mut call.around.cpus[hart];
        if cpu.activity != Activity::Off {
            call.sbi.guest.set_supervisor_software(cpu.vcpu.registers_mut(), true);
        }
    }
    Ok(0)
}
