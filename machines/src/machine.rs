//! A machine that can run: the parts a machine's own file has made, and the
//! engine that drives them.

use crate::board::Board;
use crate::config::EngineChoice;
use crate::config::MachineConfig;
use crate::cpu::Cpu;
use crate::error::MachineError;
use crate::platform::{Platform, Surroundings};
use crate::registry::{MachineInfo, choices};
use crate::stats::Spent;
use backend::{Engine, EngineConfig, Published, Tiers};
use bus::{CharPort, Clock, Ram, Shared};
use devices::gpio_key::GpioKey;
use devices::power::Power;
use devices::virtio::{Console, MmioTransport, Net};
use guest::Guest;
use rustix::fs::FallocateFlags;
use rustix::time::{ClockId, clock_gettime};
use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a machine's own file hands to [`Machine::assemble`].
pub struct Parts {
    /// The CPUs' architecture.
    pub guest: Arc<dyn Guest>,
    /// The CPUs.
    pub cpus: Vec<Cpu>,
    /// All RAM.
    pub ram: Arc<Ram>,
    /// Virtual time.
    pub clock: Clock,
    /// Raised to end a slice early.
    pub stop: Arc<AtomicBool>,
    /// The chips.
    pub board: Board,
    /// The power supply.
    pub power: Power,
    /// The serial port.
    pub uart: Arc<Mutex<dyn CharPort>>,
    /// The network card.
    pub net: Option<Shared<MmioTransport<Net>>>,
    /// The virtio console.
    pub console: Option<Shared<MmioTransport<Console>>>,
    /// The button that asks the guest to switch off.
    pub power_button: Option<Shared<GpioKey>>,
    /// What knows the architecture.
    pub platform: Box<dyn Platform>,
    /// Which engine.
    pub engine: EngineChoice,
    /// Told of all compiled code.
    pub published: Option<Published>,
}

/// A machine.
pub struct Machine {
    pub(crate) guest: Arc<dyn Guest>,
    pub(crate) engine: Engine,
    pub(crate) cpus: Vec<Cpu>,
    pub(crate) ram: Arc<Ram>,
    pub(crate) clock: Clock,
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) board: Board,
    pub(crate) power: Power,
    pub(crate) uart: Arc<Mutex<dyn CharPort>>,
    pub(crate) net: Option<Shared<MmioTransport<Net>>>,
    pub(crate) console: Option<Shared<MmioTransport<Console>>>,
    pub(crate) power_button: Option<Shared<GpioKey>>,
    pub(crate) platform: Box<dyn Platform>,
    pub(crate) input: VecDeque<u8>,
    pub(crate) spent: Spent,
}

impl Machine {
    /// The machine that `config` names, at power-on.
    ///
    /// # Errors
    /// What is wrong with the configuration, a file of it, or the host.
    pub fn new(mut config: MachineConfig) -> Result<Machine, MachineError> {
        let info = MachineInfo::find(&config.machine)?;
        choices(&config.machine, info.options)?;
        let library = config.library.take();
        let mut machine = (info.new)(config)?;
        if let Some(library) = library {
            machine.engine.set_library(library);
        }
        Ok(machine)
    }

    /// Puts a machine together and switches it on.
    ///
    /// # Errors
    /// The engine does not work on this host.
    pub fn assemble(parts: Parts) -> Result<Machine, MachineError> {
        let tiers = match parts.engine {
            EngineChoice::Interp => Tiers::Interp,
            EngineChoice::Jit(thresholds) => Tiers::Jit(thresholds),
        };
        let (stop, published) = (Arc::clone(&parts.stop), parts.published);
        let config = EngineConfig { tiers, timer: monotonic, stop, published };
        let space = parts.board.space().clone();
        let engine = Engine::new(Arc::clone(&parts.guest), space, parts.clock.clone(), config)?;
        let mut machine = Machine {
            guest: parts.guest,
            engine,
            cpus: parts.cpus,
            ram: parts.ram,
            clock: parts.clock,
            stop: parts.stop,
            board: parts.board,
            power: parts.power,
            uart: parts.uart,
            net: parts.net,
            console: parts.console,
            power_button: parts.power_button,
            platform: parts.platform,
            input: VecDeque::new(),
            spent: Spent::default(),
        };
        machine.power_on()?;
        Ok(machine)
    }

    /// What another thread, or a signal handler, raises to make [`Machine::run`]
    /// ask [`crate::HostLoop::stop_requested`] soon.
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// The board: its parts and its memory map.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The CPUs.
    pub fn cpus(&self) -> &[Cpu] {
        &self.cpus
    }

    /// Starts again from power-on: chips are reset and the files loaded anew.
    pub(crate) fn reset(&mut self) -> Result<(), MachineError> {
        self.board.reset();
        self.clear_ram()?;
        self.power_on()
    }

    fn power_on(&mut self) -> Result<(), MachineError> {
        let (platform, mut around) = self.platform();
        platform.power_on(&mut around)
    }

    /// The platform, and what it may touch.
    pub(crate) fn platform(&mut self) -> (&mut dyn Platform, Surroundings<'_>) {
        let around = Surroundings {
            cpus: &mut self.cpus,
            space: self.board.space(),
            clock: &self.clock,
            input: &mut self.input,
        };
        (&mut *self.platform, around)
    }

    /// Makes RAM zero.
    fn clear_ram(&self) -> Result<(), MachineError> {
        let pages = self.ram.range().step_by(bus::PAGE_BYTES as usize);
        for page in pages.filter(|page| self.ram.is_code(*page)) {
            // A write of RAM's own, so that the engine hears of it.
            assert!(self.ram.write(page, &[0; bus::PAGE_BYTES as usize]), "the page is RAM");
        }
        let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        rustix::fs::fallocate(self.ram.file(), hole, 0, self.ram.len_bytes())
            .map_err(|error| MachineError::Host { name: "guest memory".into(), error: error.into() })
    }
}

/// The host's monotonic time, for statistics.
pub(crate) fn monotonic() -> Duration {
    let now = clock_gettime(ClockId::Monotonic);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}
