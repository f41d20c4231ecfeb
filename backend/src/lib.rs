//! Runs lifted code: an interpreter of pre-decoded IR (tier 0), host code block
//! by block (tier 1), and regions compiled by Cranelift (tier 2), over one soft
//! MMU and one block cache.
//!
//! All tiers share the CPU's state, its TLB and the count of instructions, so
//! that every run of a guest is the same run whatever compiled it.

mod arena;
mod block;
mod blocks;
mod cache;
mod callback;
mod checks;
mod code;
mod compiled;
mod crossing;
mod description;
mod engine;
mod event;
mod fetch;
mod generations;
mod growth;
mod hash;
mod host;
mod jit;
mod jumps;
mod lane_functions;
mod library;
mod links;
mod mapping;
mod memory;
mod news;
mod published;
mod region;
mod stats;
mod status;
mod stored;
mod tier0;
mod tier1;
mod tiers;
mod tlb;
mod translations;
mod vcpu;
mod windows;
mod worker;

pub use engine::{Engine, EngineConfig, EngineError, Exit};
pub use library::{Library, host_identity};
pub use memory::NS_PER_INSTRUCTION;
pub use published::{CodeRange, Published};
pub use stats::{ExitStats, Stats, TierStats};
pub use tiers::{MemoryAccess, Thresholds, Tiers};
pub use vcpu::Vcpu;
