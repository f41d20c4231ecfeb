//! RISC-V 64 front end: RV64GC, bit manipulation and cache-block operations,
//! with machine, supervisor and user mode.
//!
//! One row and one small function per instruction, a file per chapter of the
//! manual: RISC-V Unprivileged ISA and Privileged ISA, both of 20240411.

pub mod decode;
pub mod helpers;
pub mod lift;
mod m;
mod op;
mod rv64i;
pub mod state;
mod zicbo;

pub use lift::{Lift, lift_block};
pub use op::Op;
