//! Base extension (SBI 2.0, chapter 4): what firmware this is and what it can.

use super::{Args, Call, SbiError, SbiResult, is_available};

/// Version 2.0: major in bits 30:24.
const SPEC_VERSION: u64 = 2 << 24;
/// No number is registered for this firmware; 0x4d79 is "My".
const IMPLEMENTATION: u64 = 0x4d79;

/// The numbers of `mvendorid`, `marchid` and `mimpid`: not given.
const UNKNOWN: u64 = 0;

pub(super) fn call(_: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => Ok(SPEC_VERSION),
        1 => Ok(IMPLEMENTATION),
        2 => Ok(1),
        3 => Ok(u64::from(is_available(args[0]))),
        4..=6 => Ok(UNKNOWN),
        _ => Err(SbiError::NotSupported),
    }
}
