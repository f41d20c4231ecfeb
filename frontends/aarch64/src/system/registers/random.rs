//! RNDR and RNDRRS: random numbers.
//!
//! They come from a generator whose state is the CPU's, so that runs repeat; it
//! is no source of entropy. Source: Arm ARM, D24.2.150; the generator is
//! Marsaglia's xorshift64*.

use guest::{CpuState, Env};

use super::Encoding;
use crate::system::slots::RANDOM;

/// The next number of the generator.
pub fn next(cpu: &mut CpuState) -> u64 {
    let mut state = cpu.get(RANDOM).max(1);
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    cpu.set(RANDOM, state);
    state.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

/// What is read while nothing may be changed: the instructions call [`next`].
pub fn peek(env: &Env<'_>, _: Encoding) -> u64 {
    env.cpu.get(RANDOM)
}
