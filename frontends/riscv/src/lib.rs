//! RISC-V 64 front end: RV64GC, bit manipulation and cache-block operations,
//! with machine, supervisor and user mode.
//!
//! One row and one small function per instruction, a file per chapter of the
//! manual: RISC-V Unprivileged ISA and Privileged ISA, both of 20240411.

mod a;
mod alias;
pub mod asm;
pub mod c;
pub mod csr;
mod d;
pub mod decode;
pub mod disasm;
mod f;
pub mod fields;
mod fp;
mod fp_helpers;
mod fp_inline;
mod hart;
pub mod helpers;
pub mod lift;
mod m;
pub mod mmu;
mod op;
pub mod platform;
pub mod pmp;
pub mod random;
mod rv64i;
pub mod state;
pub mod syntax;
mod system;
mod system_csr;
#[doc(hidden)]
pub mod testing;
pub mod timer;
pub mod trap;
mod zba;
mod zbb;
mod zbs;
mod zicbo;

pub use hart::Riscv64;
pub use lift::{Lift, lift_block};
pub use op::Op;
