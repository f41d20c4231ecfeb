//! AArch64 front end: the A64 instructions of the Armv8-A profile, exception
//! levels EL0 to EL2, the VMSAv8-64 page tables.
//!
//! One row and one small function per instruction, a file per encoding group
//! of the manual: Arm Architecture Reference Manual for A-profile architecture,
//! DDI 0487, issue L.a. Sections such as "C6.2.5" are those of that issue.

pub mod base;
mod cpu;
pub mod decode;
pub mod disasm;
pub mod fields;
pub mod flags;
pub mod fp;
pub mod helpers;
pub mod lift;
pub mod mmu;
pub mod model;
mod op;
pub mod simd;
pub mod state;
pub mod system;
#[doc(hidden)]
pub mod testing;

pub use cpu::Aarch64;
pub use lift::{Lift, lift_block};
pub use model::{Features, Model};
pub use op::Op;
