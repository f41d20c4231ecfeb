//! RISC-V 64 front end.
pub mod state;
