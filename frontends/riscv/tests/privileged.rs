//! Privileged behaviour, with expected values worked out from the manual:
//! RISC-V Privileged ISA (20240411). Sections are cited at each case.

#[path = "privileged/csr.rs"]
mod csr;
#[path = "privileged/hart.rs"]
mod hart;
#[path = "privileged/program.rs"]
mod program;
#[path = "privileged/random.rs"]
mod random;
#[path = "privileged/run.rs"]
mod run;
#[path = "privileged/trap.rs"]
mod trap;
#[path = "privileged/walk.rs"]
mod walk;
