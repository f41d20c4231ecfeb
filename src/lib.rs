//! Mynah, a multi-architecture emulator: its face for programs that embed it.
//!
//! A [`MachineConfig`] says what a machine is made of, [`Machine::new`] makes
//! it, and [`Machine::run`] runs it under a [`HostLoop`], the embedder's side
//! of time and input. Consoles, disks and network cables are values that the
//! embedder makes: those in [`host`] and [`net`], or its own.
//!
//! ```
//! use mynah::{HostLoop, Image, Machine, MachineConfig, Outcome, PollFd, host::Capture};
//!
//! /// Types nothing and never stops the machine.
//! struct Patient;
//!
//! impl HostLoop for Patient {
//!     fn input(&mut self) -> Vec<u8> {
//!         Vec::new()
//!     }
//!     fn wait(&mut self, _fds: &[PollFd], timeout: Option<std::time::Duration>) {
//!         timeout.map(std::thread::sleep);
//!     }
//!     fn stop_requested(&mut self) -> bool {
//!         false
//!     }
//!     fn input_open(&self) -> bool {
//!         false
//!     }
//! }
//!
//! // lui t0, 0x100; lui t1, 0x5; addi t1, t1, 0x555; sw t1, 0(t0): power off.
//! let program: [u32; 4] = [0x0010_02b7, 0x0000_5337, 0x5553_0313, 0x0062_a023];
//! let bytes = program.iter().flat_map(|word| word.to_le_bytes()).collect();
//! let mut config = MachineConfig::new("riscv-virt", Box::new(Capture::default()));
//! config.bios = Some(Image { name: "program".into(), bytes });
//! let outcome = Machine::new(config)?.run(&mut Patient)?;
//! assert_eq!(outcome, Outcome::PowerOff { code: 0 });
//! # Ok::<(), mynah::MachineError>(())
//! ```

pub mod bench;
pub mod code_cache;
pub mod debian;

pub use bus::{BlockStore, CharSink, EntropySource, NetPeer, PollFd};
pub use devices::registry::{DEVICES, DeviceInfo};
pub use machines::{
    CPUS_MAX, ClockMode, CodeRange, CpuStats, Drive, EngineChoice, Exits, HostLoop, Image, Library, MACHINES,
    Machine, MachineConfig, MachineError, MachineInfo, MachineOption, MachineStats, MemoryAccess, Outcome,
    Published, Thresholds, Tier, demo, host, net,
};
