//! Machines: boards of chips, what loads and starts guests on them, and the
//! loop that runs them.
//!
//! A machine is a file that lists its parts ([`riscv_virt`], [`arm_virt`]) and a row of
//! [`MACHINES`]. The memory map and the device tree derive from the parts. What
//! knows the CPUs' architecture, such as built-in firmware, is a
//! [`platform::Platform`]; the rest of this crate names no architecture.

pub mod arm_virt;
pub mod board;
mod chosen;
mod config;
mod cpu;
mod demo;
pub mod dtb;
mod error;
mod flash;
mod fw_cfg;
pub mod host;
mod htif;
pub mod loader;
mod machine;
pub mod net;
pub mod platform;
mod psci;
mod registry;
pub mod riscv_virt;
mod rom;
mod run;
mod sbi;
mod slots;
mod stats;

pub use backend::{CodeRange, Library, MemoryAccess, Published, Thresholds, host_identity};
pub use config::{
    APPEND_BYTES_MAX, CPUS_MAX, ClockMode, Drive, EngineChoice, Image, MEMORY_BYTES_MAX, MEMORY_BYTES_MIN,
    MachineConfig,
};
pub use cpu::{Activity, Cpu};
pub use demo::demo;
pub use error::MachineError;
pub use machine::{Machine, Parts};
pub use registry::{MACHINES, MachineInfo, MachineOption};
pub use run::{HostLoop, Outcome, SLICE, SLICE_SHARED};
pub use stats::{CpuStats, Exits, MachineStats, Tier};
