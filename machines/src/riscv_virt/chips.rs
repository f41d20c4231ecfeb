//! The board's chips, their places and their wires.

use super::{Interruptor, irq, map};
use crate::board::{Board, NodeInfo, Part};
use crate::config::MachineConfig;
use crate::cpu::Cpu;
use crate::error::MachineError;
use crate::flash;
use crate::fw_cfg;
use crate::host::SharedSink;
use crate::rom::Rom;
use crate::slots::{Slots, Windows};
use backend::Vcpu;
use bus::{Clock, Device, IrqLine, IrqSink, Ram, Shared, shared};
use devices::aclint::{self, Clint, Mswi, Mtimer, RisingEdge, Sswi, Timebase};
use devices::finisher::{self, Finisher};
use devices::goldfish_rtc::{self, GoldfishRtc};
use devices::ns16550::{self, Ns16550};
use devices::plic::{self, Plic};
use devices::power::Power;
use devices::virtio::{Console, MmioTransport, Net};
use riscv::fields::interrupt;
use riscv::timer::TIMEBASE_HZ;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Windows for virtio devices.
const VIRTIO_SLOTS: usize = 8;

/// The board, and those of its chips that the host's side has a hand in.
pub struct Chips {
    pub board: Board,
    pub power: Power,
    pub uart: Shared<Ns16550>,
    pub net: Option<Shared<MmioTransport<Net>>>,
    pub console: Option<Shared<MmioTransport<Console>>>,
}

impl Chips {
    /// All chips but the boot ROM. Of `config` it takes disks, network and
    /// consoles.
    pub fn new(
        config: &mut MachineConfig,
        interruptor: Interruptor,
        cpus: &[Cpu],
        clock: &Clock,
        ram: &Arc<Ram>,
        serial: SharedSink,
        stop: &Arc<AtomicBool>,
    ) -> Result<Chips, MachineError> {
        let mut board = Board::default();
        board.ram(Arc::clone(ram));
        let power = Power::default();
        let inputs = add_plic(&mut board, cpus);
        let wire = |input: u32| IrqLine::new(Arc::clone(&inputs), input);

        let info = &finisher::INFO;
        let node = NodeInfo::soc("test", info.compatible).with("phandle", super::fdt::FINISHER);
        let finisher = Switch { finisher: Finisher::new(power.clone()), stop: Arc::clone(stop) };
        board.add(Part::new("test", map::FINISHER).node(node), shared(finisher));

        let rtc = GoldfishRtc::new(config.rtc_epoch_ns, clock.clone(), wire(irq::RTC));
        let node = NodeInfo::soc("rtc", goldfish_rtc::INFO.compatible);
        board.add(Part::new("rtc", map::RTC).irq(irq::RTC).node(node), shared(rtc));

        let uart = shared(Ns16550::new(ns16550::INPUT_HZ, clock.clone(), wire(irq::UART), Box::new(serial)));
        let node =
            NodeInfo::soc("serial", ns16550::INFO.compatible).with("clock-frequency", ns16550::INPUT_HZ);
        board.add(Part::new("serial", map::UART).irq(irq::UART).node(node), uart.clone());

        add_interruptor(&mut board, interruptor, cpus, clock, stop);
        flash::add(&mut board, map::FLASH, None, config.flash.take())?;
        fw_cfg::add(&mut board, map::FW_CFG, config);
        let windows = Windows {
            count: VIRTIO_SLOTS,
            first: map::VIRTIO,
            irq: irq::VIRTIO,
            input: irq::VIRTIO,
            node: |_| NodeInfo::soc("virtio_mmio", &["virtio,mmio"]),
        };
        let mut slots = Slots::new(windows, board.space().dma(), inputs);
        let (net, console) = slots.fill(config, clock)?;
        slots.place(&mut board);
        Ok(Chips { board, power, uart, net, console })
    }

    /// Adds the boot ROM, whose contents depend on all else.
    pub fn add_rom(&mut self, contents: Vec<u8>) {
        self.board.add(Part::new("rom", map::ROM), shared(Rom::new(contents)));
    }
}

/// One pin of each hart.
fn pins(cpus: &[Cpu], pin: u64) -> Vec<IrqLine> {
    cpus.iter().map(|cpu| cpu.vcpu.lines().line(pin as u32)).collect()
}

/// For each hart, the hart's interrupt controller and one of its inputs.
fn extended(cpus: &[Cpu], inputs: &[u64]) -> Vec<u32> {
    let hart = |cpu: &Cpu| {
        let phandle = super::fdt::hart_controller(cpu.vcpu.index());
        inputs.iter().flat_map(move |input| [phandle, *input as u32])
    };
    cpus.iter().flat_map(hart).collect()
}

/// The interrupt controller: machine, then supervisor mode of each hart.
fn add_plic(board: &mut Board, cpus: &[Cpu]) -> Arc<dyn IrqSink> {
    let contexts = |cpu: &Cpu| [interrupt::MEI, interrupt::SEI].map(|pin| cpu.vcpu.lines().line(pin as u32));
    let (chip, inputs) = Plic::shared(irq::MAX, cpus.iter().flat_map(contexts).collect());
    let node = NodeInfo::soc("plic", plic::INFO.compatible)
        .with("phandle", super::fdt::PLIC)
        .with("riscv,ndev", irq::MAX)
        .with("interrupts-extended", extended(cpus, &[interrupt::MEI, interrupt::SEI]))
        .flag("interrupt-controller")
        .with("#address-cells", 0)
        .with("#interrupt-cells", 1);
    board.add(Part::new("plic", map::PLIC).node(node), chip);
    inputs
}

fn add_interruptor(
    board: &mut Board,
    interruptor: Interruptor,
    cpus: &[Cpu],
    clock: &Clock,
    stop: &Arc<AtomicBool>,
) {
    let timebase = Timebase::new(clock.clone(), TIMEBASE_HZ);
    let (software, timer) = (pins(cpus, interrupt::MSI), pins(cpus, interrupt::MTI));
    let controller = |name, compatible, input| {
        NodeInfo::soc(name, compatible)
            .with("#interrupt-cells", 0)
            .flag("interrupt-controller")
            .with("interrupts-extended", extended(cpus, &[input]))
    };
    if interruptor == Interruptor::Clint {
        let node = NodeInfo::soc("clint", aclint::CLINT_INFO.compatible)
            .with("interrupts-extended", extended(cpus, &[interrupt::MSI, interrupt::MTI]));
        board.add(Part::new("clint", map::CLINT).node(node), shared(Clint::new(timebase, software, timer)));
    } else {
        let node = controller("mswi", aclint::MSWI_INFO.compatible, interrupt::MSI);
        board.add(Part::new("mswi", map::MSWI).node(node), shared(Mswi::new(software)));
        let node = NodeInfo::soc("mtimer", aclint::MTIMER_INFO.compatible)
            .with("interrupts-extended", extended(cpus, &[interrupt::MTI]))
            // The time register, then the comparators.
            .reg(&[(0x200_bff8, 0x4008), (0x200_4000, 0x7ff8)]);
        board.add(Part::new("mtimer", map::MTIMER).node(node), shared(Mtimer::new(timebase, timer)));
    }
    let edges = cpus.iter().map(|cpu| edge(&cpu.vcpu, stop)).collect();
    let node = controller("sswi", aclint::SSWI_INFO.compatible, interrupt::SSI);
    board.add(Part::new("sswi", map::SSWI).node(node), shared(Sswi::new(edges)));
}

/// A wire for the edges of the supervisor software interrupt. The run loop
/// takes the pin down again once the hart has seen it, so each edge ends the
/// slice in which it was made.
fn edge(vcpu: &Vcpu, stop: &Arc<AtomicBool>) -> IrqLine {
    let pin: Arc<dyn IrqSink> = Arc::new(RisingEdge(Arc::new(vcpu.lines().clone())));
    let ends_slice = EndsSlice { pin, stop: Arc::clone(stop) };
    IrqLine::new(Arc::new(ends_slice), interrupt::SSI as u32)
}

struct EndsSlice {
    pin: Arc<dyn IrqSink>,
    stop: Arc<AtomicBool>,
}

impl IrqSink for EndsSlice {
    fn set(&self, input: u32, level: bool) {
        self.pin.set(input, level);
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// The test finisher; a write ends the slice, so that nothing runs behind it.
struct Switch {
    finisher: Finisher,
    stop: Arc<AtomicBool>,
}

impl Device for Switch {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        self.finisher.read(offset, bytes)
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        self.finisher.write(offset, bytes, value);
        self.stop.store(true, Ordering::Relaxed);
    }

    fn reset(&mut self) {
        self.finisher.reset();
    }
}
