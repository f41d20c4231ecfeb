//! The host's side of a machine that may not run for long.

use std::time::Duration;

use mynah::host::Discard;
use mynah::{
    ClockMode, EngineChoice, HostLoop, Image, Machine, MachineConfig, MachineError, Outcome, PollFd,
};

/// Both engines; the second compiles what runs twice.
pub const ENGINES: [EngineChoice; 2] = [EngineChoice::Interp, EngineChoice::EAGER];

/// A host that types nothing and stops the machine after some turns of its
/// loop: a guest without end is then none.
pub struct Turns(pub u32);

impl HostLoop for Turns {
    fn input(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn wait(&mut self, _fds: &[PollFd], _timeout: Option<Duration>) {}

    fn stop_requested(&mut self) -> bool {
        let over = self.0 == 0;
        self.0 = self.0.saturating_sub(1);
        over
    }

    fn input_open(&self) -> bool {
        false
    }
}

pub fn image(name: &str, bytes: impl Into<Vec<u8>>) -> Option<Image> {
    Some(Image { name: name.into(), bytes: bytes.into().into() })
}

/// A machine with 8 MiB whose runs are all the same; there is nothing to run
/// yet.
pub fn config(engine: EngineChoice) -> MachineConfig {
    MachineConfig {
        memory_bytes: 8 << 20,
        engine,
        clock: ClockMode::Count,
        ..MachineConfig::new("riscv-virt", Box::new(Discard))
    }
}

/// The machine, and how its run of at most `turns` ended.
pub fn run(config: MachineConfig, turns: u32) -> (Machine, Result<Outcome, MachineError>) {
    let mut machine = Machine::new(config).expect("the configuration is sound");
    let outcome = machine.run(&mut Turns(turns));
    (machine, outcome)
}

/// Random numbers that are the same in each run (Knuth's MMIX generator).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 ^ self.0 >> 29
    }
}
