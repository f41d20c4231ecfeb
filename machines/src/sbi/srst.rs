//! System reset (SBI 2.0, chapter 10).

use super::{Args, Call, SbiError, SbiResult};
use devices::power::PowerRequest;

/// Reset types (table 1).
mod kind {
    pub const SHUTDOWN: u32 = 0;
    pub const COLD_REBOOT: u32 = 1;
    pub const WARM_REBOOT: u32 = 2;
    pub const VENDOR: u32 = 0xf000_0000;
}

/// Reset reasons (table 2).
mod reason {
    pub const NONE: u32 = 0;
    pub const SYSTEM_FAILURE: u32 = 1;
    pub const SPECIFIC: u32 = 0xe000_0000;
}

/// The exit code of a guest that powers off because it failed.
const FAILED: u32 = 1;

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => reset(call, args[0] as u32, args[1] as u32),
        _ => Err(SbiError::NotSupported),
    }
}

/// The call does not return: the run loop looks at the request at once.
fn reset(call: &mut Call<'_, '_>, kind: u32, reason: u32) -> SbiResult {
    if !matches!(reason, reason::NONE | reason::SYSTEM_FAILURE | reason::SPECIFIC..) {
        return Err(SbiError::InvalidParam);
    }
    let code = if reason == reason::NONE { 0 } else { FAILED };
    let request = match kind {
        kind::SHUTDOWN => PowerRequest::Off { code },
        kind::COLD_REBOOT | kind::WARM_REBOOT => PowerRequest::Reset,
        kind::VENDOR.. => return Err(SbiError::NotSupported),
        _ => return Err(SbiError::InvalidParam),
    };
    call.sbi.power.request(request);
    Ok(0)
}
