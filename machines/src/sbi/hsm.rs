//! Hart state management (SBI 2.0, chapter 9).

use super::{Args, Call, SbiError, SbiResult};
use crate::cpu::Activity;
use guest::Guest;

/// Hart states (chapter 9, table 1). Nothing takes time here, so the pending
/// ones do not occur.
mod state {
    pub const STARTED: u64 = 0;
    pub const STOPPED: u64 = 1;
    pub const SUSPENDED: u64 = 4;
}

/// Suspend types (chapter 9.4, table 2).
mod suspend {
    pub const RETENTIVE: u32 = 0;
    pub const NON_RETENTIVE: u32 = 0x8000_0000;
}

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => start(call, args[0], args[1], args[2]),
        1 => {
            call.cpu().activity = Activity::Off;
            call.returns = false;
            Ok(0)
        }
        2 => status(call, args[0]),
        3 => suspend(call, args[0], args[1], args[2]),
        _ => Err(SbiError::NotSupported),
    }
}

fn index(call: &Call<'_, '_>, hart: u64) -> Result<usize, SbiError> {
    usize::try_from(hart).ok().filter(|hart| *hart < call.around.cpus.len()).ok_or(SbiError::InvalidParam)
}

/// Starts hart `hart` in S mode at `at`, with its number in `a0` and `opaque`
/// in `a1`.
fn start(call: &mut Call<'_, '_>, hart: u64, at: u64, opaque: u64) -> SbiResult {
    let hart = index(call, hart)?;
    if call.around.cpus[hart].activity != Activity::Off {
        return Err(SbiError::AlreadyAvailable);
    }
    check_code(call, at)?;
    enter(call, hart, at, opaque);
    call.around.cpus[hart].activity = Activity::Running;
    Ok(0)
}

fn status(call: &Call<'_, '_>, hart: u64) -> SbiResult {
    let hart = index(call, hart)?;
    Ok(match call.around.cpus[hart].activity {
        Activity::Off => state::STOPPED,
        Activity::Idle if call.sbi.harts[hart].suspended => state::SUSPENDED,
        Activity::Idle | Activity::Running => state::STARTED,
    })
}

/// Suspends the calling hart until an interrupt is pending.
fn suspend(call: &mut Call<'_, '_>, kind: u64, at: u64, opaque: u64) -> SbiResult {
    match kind as u32 {
        suspend::RETENTIVE => (),
        suspend::NON_RETENTIVE => {
            check_code(call, at)?;
            // It comes back with its interrupt enables, but nothing else.
            let hart = call.hart;
            let enabled = call.registers().get(riscv::state::MIE);
            enter(call, hart, at, opaque);
            call.set(riscv::state::MIE, enabled);
            call.returns = false;
        }
        0x1000_0000..=0x7fff_ffff | 0x9000_0000..=0xffff_ffff => return Err(SbiError::NotSupported),
        _ => return Err(SbiError::InvalidParam),
    }
    call.sbi.harts[call.hart].suspended = true;
    call.cpu().activity = Activity::Idle;
    Ok(0)
}

fn check_code(call: &Call<'_, '_>, at: u64) -> Result<(), SbiError> {
    match at & 1 == 0 && call.around.space.ram_at(at).is_some() {
        true => Ok(()),
        false => Err(SbiError::InvalidAddress),
    }
}

/// The state in which a supervisor finds a hart (chapter 9, table 3).
fn enter(call: &mut Call<'_, '_>, hart: usize, at: u64, opaque: u64) {
    let guest = &call.sbi.guest;
    let vcpu = &mut call.around.cpus[hart].vcpu;
    vcpu.drop_reservation();
    let cpu = vcpu.state_mut();
    guest.reset(cpu, hart as u32, at);
    guest.setup_supervisor(cpu, at, hart as u64, opaque);
}
