//! The floating point of `guest::softfloat` against other implementations.
//!
//! `berkeley` compares results and exceptions of every operation in every
//! rounding direction with Berkeley SoftFloat 3 as built for RISC-V; `host`
//! compares results with the host's own arithmetic; `arm` has what only Arm
//! has; `rules` holds what the manuals say about each guest's NaNs, subnormals,
//! minima and integers.

mod arm;
mod berkeley;
mod host;
mod operands;
mod rules;
mod x86;
