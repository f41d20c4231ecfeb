//! Timer extension (SBI 2.0, chapter 6).

use super::{Args, Call, SbiError, SbiResult};

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => {
            set_timer(call, args[0]);
            Ok(0)
        }
        _ => Err(SbiError::NotSupported),
    }
}

/// Sets the time of the hart's next timer interrupt, which takes a pending one
/// back. All ones is never.
pub(super) fn set_timer(call: &mut Call<'_, '_>, ticks: u64) {
    let (guest, now_ns) = (call.sbi.guest.clone(), call.around.clock.now_ns());
    guest.set_supervisor_timer(call.registers(), ticks, now_ns);
}
