//! Runs lifted code: an interpreter of pre-decoded IR (tier 0) and regions
//! compiled by Cranelift (tier 2), over one soft MMU and one block cache.
//!
//! Both tiers share the CPU's state, its TLB and the count of instructions, so
//! that every run of a guest is the same run whatever compiled it.

mod cache;
mod engine;
mod fetch;
mod host;
mod jit;
mod jumps;
mod memory;
mod region;
mod stats;
mod tier0;
mod tlb;
mod vcpu;

pub use engine::{Engine, EngineConfig, EngineError, Exit, HOT, Tiers};
pub use memory::NS_PER_INSTRUCTION;
pub use stats::{ExitStats, Stats, TierStats};
pub use vcpu::Vcpu;
