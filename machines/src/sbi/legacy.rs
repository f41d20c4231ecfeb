//! Legacy extensions (SBI 2.0, chapter 5), of which each is a call of its own
//! that gives back one value. Those that take a hart mask by virtual address
//! are left out: kernels of today ask for their successors first.

use super::{Args, Call, time};
use devices::power::PowerRequest;

const SET_TIMER: u64 = 0;
const CONSOLE_PUTCHAR: u64 = 1;
const CONSOLE_GETCHAR: u64 = 2;
const CLEAR_IPI: u64 = 3;
const SHUTDOWN: u64 = 8;

/// What `console_getchar` gives if nothing was typed.
const NOTHING: u64 = u64::MAX;

/// Whether there is a legacy extension of that number.
pub(super) fn is_available(id: u64) -> bool {
    matches!(id, SET_TIMER | CONSOLE_PUTCHAR | CONSOLE_GETCHAR | CLEAR_IPI | SHUTDOWN)
}

/// Serves call `id`; yields what goes into `a0`.
pub(super) fn call(call: &mut Call<'_, '_>, id: u64, args: Args) -> u64 {
    match id {
        SET_TIMER => time::set_timer(call, args[0]),
        CONSOLE_PUTCHAR => call.sbi.console.write(&[args[0] as u8]),
        CONSOLE_GETCHAR => return call.sbi.console.read(call.around.input).map_or(NOTHING, u64::from),
        CLEAR_IPI => {
            let guest = call.sbi.guest.clone();
            guest.set_supervisor_software(call.registers(), false);
        }
        _ => call.sbi.power.request(PowerRequest::Off { code: 0 }),
    }
    0
}
