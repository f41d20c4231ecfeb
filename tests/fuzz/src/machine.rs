//! Whole machines that run for a moment.

use std::time::Duration;

use machines::host::Discard;
use machines::{ClockMode, EngineChoice, HostLoop, MachineConfig};

/// A host that types nothing and stops the machine after some turns of its
/// loop.
pub struct Turns(pub u32);

impl HostLoop for Turns {
    fn input(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn wait(&mut self, _fds: &[bus::PollFd], _timeout: Option<Duration>) {}

    fn stop_requested(&mut self) -> bool {
        let over = self.0 == 0;
        self.0 = self.0.saturating_sub(1);
        over
    }

    fn input_open(&self) -> bool {
        false
    }
}

/// A small machine whose runs are all the same; there is nothing to run yet.
pub fn small() -> MachineConfig {
    MachineConfig {
        memory_bytes: 4 << 20,
        engine: EngineChoice::Interp,
        clock: ClockMode::Count,
        ..MachineConfig::new("riscv-virt", Box::new(Discard))
    }
}
