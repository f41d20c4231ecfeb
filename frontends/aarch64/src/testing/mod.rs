//! Per-instruction cases: their text form, the CPU that they start on, and the
//! check of what became of it. For tests of this crate and of engines.
//!
//! One case a line, `[code] text ; before => after`:
//!
//! ```text
//! [91000420] add x0, x1, #0x1 ; x1=1 => x0=2
//! [eb02003f 54000040] cmp x1, x2; b.eq 0x100c ; x1=5 x2=5 => nzcv=6 pc=0x100c
//! [f9400420] ldr x0, [x1, #8] ; x1=0x2000 d[0x2008]=7 => x0=7
//! [d4000001] svc #0x0 ; => esr=0x56000000 elr=0x1004
//! ```
//!
//! The code is words as objdump writes them, with the text that disassembling
//! them has to give. It lies at [`CODE`] and runs until the pc leaves it, at
//! most [`INSNS_MAX`] instructions long.
//!
//! Before and after are lists of `name=value`. A name is a register's or other
//! slot's, `nzcv` for the four flags, or memory: `b[…]`, `h[…]`, `w[…]` or
//! `d[…]` with an address in RAM. A value is a number, of up to 128 bits for
//! vector registers. What is not named before is as [`Case::cpu`] says, and
//! what is not named after must not change, save that the pc moves behind the
//! code. `esr=` stands for what taking an exception to EL1 with that syndrome
//! changes, `far=` for its address, `elr=` for where it returns to (the code if
//! left out).

mod case;
mod value;

pub use case::{Case, parse};
pub use guest::testing::Reference;

/// Where RAM starts, and its length in bytes: all there is to access.
pub const RAM: std::ops::Range<u64> = 0..0x8000;
/// Where the code of a case lies.
pub const CODE: u64 = 0x1000;
/// The vectors of EL1.
pub const VECTORS: u64 = 0x7000;
/// Most instructions that a case may run.
pub const INSNS_MAX: u32 = 64;
