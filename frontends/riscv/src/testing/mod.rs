//! Per-instruction cases: their text form, the hart that they start on, and
//! the check of what became of it. For tests of this crate and of engines.
//!
//! One case a line, `code ; before => after`:
//!
//! ```text
//! addi a0,a1,-1 ; a1=0 => a0=-1
//! [4505] li a0,1 ; => a0=1
//! lw a0,4(a1) ; a1=0x2000 w[0x2004]=0x80000000 => a0=-0x80000000
//! fadd.s f1,f2,f3 ; f2=s:1.5 f3=s:inf => f1=s:inf
//! lr.w a0,(a1) ; a1=0x2001 => trap=4 tval=0x2001
//! ```
//!
//! The code is assembly, or bytes as objdump writes them (halfwords and words)
//! with the text that disassembling them has to give. It lies at [`CODE`] and
//! runs until the pc leaves it, at most [`INSNS_MAX`] instructions long.
//!
//! Before and after are lists of `name=value`. A name is a register's, a
//! slot's, or memory: `b[…]`, `h[…]`, `w[…]` or `d[…]` with an address in RAM.
//! A value is a number, or a floating-point one: `s:` (boxed) or `d:` before a
//! number, `inf`, `nan` (the canonical one) or raw bits in hexadecimal. What is
//! not named before is as [`Case::hart`] says, and what is not named after must
//! not change, save that the pc moves behind the code. `trap=N` stands for what
//! taking exception N changes, `tval=` for its datum (0 if left out), and
//! `mepc=` for the instruction (the first if left out).

mod case;
mod value;

pub use case::{Case, parse};
pub use guest::testing::Reference;

/// Where RAM starts, and its length in bytes: all there is to access.
pub const RAM: std::ops::Range<u64> = 0..0x8000;
/// Where the code of a case lies.
pub const CODE: u64 = 0x1000;
/// Where a hart traps to.
pub const TRAP: u64 = 0x7000;
/// Most instructions that a case may run.
pub const INSNS_MAX: u32 = 64;
