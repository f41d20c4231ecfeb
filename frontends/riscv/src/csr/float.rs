//! The floating-point control and status register.
//!
//! Source: RISC-V Unprivileged ISA (20240411), §20.2; Privileged ISA
//! (20240411), §3.1.6.6.

use crate::fields::mstatus;
use crate::state::{FFLAGS, FRM, MSTATUS};
use guest::{CpuState, Env};

/// mstatus.FS is not Off.
pub fn enabled(cpu: &CpuState, _: u16) -> bool {
    cpu.get(MSTATUS) & mstatus::FS != 0
}

fn make_dirty(cpu: &mut CpuState) {
    cpu.set(MSTATUS, cpu.get(MSTATUS) | mstatus::FS);
}

pub fn read_fflags(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(FFLAGS)
}

pub fn write_fflags(env: &mut Env<'_>, _: u16, value: u64) {
    env.cpu.set(FFLAGS, value & 0x1f);
    make_dirty(env.cpu);
}

pub fn read_frm(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(FRM)
}

/// Any three bits: a reserved mode is an error of the instruction that uses it.
pub fn write_frm(env: &mut Env<'_>, _: u16, value: u64) {
    env.cpu.set(FRM, value & 7);
    make_dirty(env.cpu);
}

pub fn read_fcsr(env: &Env<'_>, _: u16) -> u64 {
    env.cpu.get(FRM) << 5 | env.cpu.get(FFLAGS)
}

pub fn write_fcsr(env: &mut Env<'_>, number: u16, value: u64) {
    write_frm(env, number, value >> 5);
    write_fflags(env, number, value);
}
