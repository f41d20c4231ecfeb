//! The board's chips, their places and their wires.

use super::{Choice, fdt, irq, map};
use crate::board::{Board, NodeInfo, Part};
use crate::config::MachineConfig;
use crate::cpu::Cpu;
use crate::error::MachineError;
use crate::flash;
use crate::fw_cfg;
use crate::host::Discard;
use crate::slots::{HostSides, Slots, Windows};
use bus::{CharPort, Clock, Device, IrqLine, IrqSink, PRIVATE_LINES, Ram, Shared, private_window, shared};
use devices::generic_timer::{GENERIC_TIMER_BYTES, GenericTimer, INTERRUPTS, WINDOW_OFFSET};
use devices::gic::v2::{self, Gicv2};
use devices::gic::v3::{self, Frame, Gicv3, INTERFACE_BYTES};
use devices::gic::{CpuPins, SPI_FIRST, ppi_input, wire};
use devices::gpio_key::GpioKey;
use devices::pl011::{self, Pl011};
use devices::pl031::{self, Pl031};
use devices::pl061::{self, Pl061};
use devices::power::Power;
use devices::virtio::{Console, MmioTransport, Net};
use std::sync::{Arc, Mutex};

/// Windows for virtio devices.
const VIRTIO_SLOTS: usize = 32;
/// CPU pins as the front end numbers them.
const PIN_IRQ: u32 = 0;
const PIN_FIQ: u32 = 1;
/// How an interrupt is raised, as its specifier says (Linux, Documentation/
/// devicetree/bindings/interrupt-controller/arm,gic.yaml).
const EDGE: u32 = 1;
const LEVEL: u32 = 4;

/// The board, and those of its chips that the host's side has a hand in.
pub struct Chips {
    pub board: Board,
    pub power: Power,
    pub uart: Arc<Mutex<dyn CharPort>>,
    pub net: Option<Shared<MmioTransport<Net>>>,
    pub console: Option<Shared<MmioTransport<Console>>>,
    pub power_button: Shared<GpioKey>,
}

/// A node under the root with an interrupt of its own.
fn node(name: &'static str, compatible: &[&str], spi: u32, how: u32) -> NodeInfo {
    NodeInfo::root(name, compatible).with("interrupts", vec![0, spi, how])
}

/// The node of a PrimeCell with these clocks, all of which are one.
fn primecell(name: &'static str, compatible: &[&str], spi: u32, clocks: &[&str]) -> NodeInfo {
    node(name, compatible, spi, LEVEL)
        .with("clocks", vec![fdt::CLOCK; clocks.len()])
        .with("clock-names", clocks)
}

impl Chips {
    /// All chips. Of `config` it takes disks, network and consoles.
    pub fn new(
        config: &mut MachineConfig,
        choice: Choice,
        cpus: &[Cpu],
        clock: &Clock,
        ram: &Arc<Ram>,
    ) -> Result<Chips, MachineError> {
        let mut board = Board::default();
        board.ram(Arc::clone(ram));
        let inputs = if choice.gicv3 { add_gicv3(&mut board, cpus) } else { add_gicv2(&mut board, cpus) };
        cpus.iter().for_each(|cpu| add_own(&mut board, cpu.vcpu.index(), clock, &inputs));
        let spi = |spi: u32| wire(&inputs, SPI_FIRST + spi);

        let serial = std::mem::replace(&mut config.serial, Box::new(Discard));
        let uart = shared(Pl011::new(spi(irq::UART), serial));
        let node = primecell("pl011", pl011::INFO.compatible, irq::UART, &["uartclk", "apb_pclk"]);
        board.add(Part::new("serial", map::UART).irq(irq::UART).node(node), uart.clone());

        let rtc = Pl031::new(config.rtc_epoch_ns, clock.clone(), spi(irq::RTC));
        let node = primecell("pl031", pl031::INFO.compatible, irq::RTC, &["apb_pclk"]);
        board.add(Part::new("rtc", map::RTC).irq(irq::RTC).node(node), shared(rtc));

        let power_button = add_gpio(&mut board, clock, spi(irq::GPIO));

        let variables = config.flash.take();
        flash::add(&mut board, map::FLASH, config.bios.as_ref(), variables)?;
        fw_cfg::add(&mut board, map::FW_CFG, config);
        let (net, console) = add_virtio(&mut board, config, clock, inputs)?;
        Ok(Chips { board, power: Power::default(), uart, net, console, power_button })
    }
}

/// The general-purpose lines, and the power button on one of them.
fn add_gpio(board: &mut Board, clock: &Clock, interrupt: IrqLine) -> Shared<GpioKey> {
    let gpio = shared(Pl061::new(interrupt, std::array::from_fn(|_| IrqLine::unconnected())));
    let node = primecell("pl061", pl061::INFO.compatible, irq::GPIO, &["apb_pclk"])
        .with("phandle", fdt::GPIO)
        .flag("gpio-controller")
        .with("#gpio-cells", 2);
    board.add(Part::new("gpio", map::GPIO).irq(irq::GPIO).node(node), gpio.clone());
    let button = shared(GpioKey::new(clock.clone(), IrqLine::new(gpio, fdt::POWER_LINE)));
    board.add_unaddressed("power-button", button.clone());
    button
}

fn cpu_pins(cpus: &[Cpu]) -> Vec<CpuPins> {
    let pins = |cpu: &Cpu| {
        let lines = cpu.vcpu.lines();
        CpuPins { irq: lines.line(PIN_IRQ), fiq: lines.line(PIN_FIQ) }
    };
    cpus.iter().map(pins).collect()
}

/// The node of the interrupt controller.
fn controller(compatible: &[&str]) -> NodeInfo {
    NodeInfo::root("intc", compatible)
        .with("phandle", fdt::GIC)
        .flag("interrupt-controller")
        .with("#interrupt-cells", 3)
        .with("#address-cells", 2)
        .with("#size-cells", 2)
        .flag("ranges")
}

fn add_gicv2(board: &mut Board, cpus: &[Cpu]) -> Arc<dyn IrqSink> {
    let (gic, inputs) = Gicv2::shared(irq::COUNT, cpu_pins(cpus), board.initiator().clone());
    let base = map::GICV2.start;
    let node =
        controller(v2::INFO.compatible).reg(&[(base, v2::INTERFACE), (base + v2::INTERFACE, v2::INTERFACE)]);
    board.add(Part::new("gic", map::GICV2).node(node), gic);
    inputs
}

fn add_gicv3(board: &mut Board, cpus: &[Cpu]) -> Arc<dyn IrqSink> {
    let (gic, inputs) = Gicv3::shared(irq::COUNT, cpu_pins(cpus));
    let (distributor, redistributors) = (map::GICV3_DISTRIBUTOR, map::GICV3_REDISTRIBUTORS);
    let size = |range: &std::ops::Range<u64>| range.end - range.start;
    let node = controller(v3::INFO.compatible)
        .with("#redistributor-regions", 1)
        .reg(&[(distributor.start, size(&distributor)), (redistributors.start, size(&redistributors))]);
    board.add(Part::new("gic", distributor).node(node), shared(Frame::distributor(&gic)));
    board.add(Part::new("gic-cpus", redistributors), shared(Frame::redistributors(&gic)));
    for cpu in cpus {
        let (index, start) = (cpu.vcpu.index(), private_window(cpu.vcpu.index()).start);
        let part = Part::new(format!("gic-cpu{index}"), start..start + INTERFACE_BYTES);
        board.add(part, shared(Frame::interface(&gic, index)));
    }
    inputs
}

/// What only CPU `cpu` reaches: its timers, and its other interrupt outputs.
fn add_own(board: &mut Board, cpu: u32, clock: &Clock, inputs: &Arc<dyn IrqSink>) {
    const PMU: u32 = irq::ppi::PMU;
    let own = |intid: u32| wire(inputs, ppi_input(cpu, intid));
    let window = private_window(cpu).start;
    let timers = window + WINDOW_OFFSET..window + WINDOW_OFFSET + GENERIC_TIMER_BYTES;
    let chip = GenericTimer::new(clock.clone(), INTERRUPTS.map(own));
    board.add(Part::new(format!("timers{cpu}"), timers), shared(chip));
    let lines = window + PRIVATE_LINES..window + PRIVATE_LINES + 8;
    board.add(Part::new(format!("lines{cpu}"), lines), shared(OwnLines(vec![(PMU, own(PMU))])));
}

/// Interrupt outputs that a CPU drives by writing their levels.
struct OwnLines(Vec<(u32, IrqLine)>);

impl Device for OwnLines {
    fn read(&mut self, _offset: u64, _bytes: u8) -> u64 {
        0
    }

    fn write(&mut self, _offset: u64, _bytes: u8, value: u64) {
        self.0.iter().for_each(|(intid, line)| line.set(value >> intid & 1 != 0));
    }

    fn reset(&mut self) {
        self.write(0, 8, 0);
    }
}

fn add_virtio(
    board: &mut Board,
    config: &mut MachineConfig,
    clock: &Clock,
    inputs: Arc<dyn IrqSink>,
) -> Result<HostSides, MachineError> {
    let windows = Windows {
        count: VIRTIO_SLOTS,
        first: map::VIRTIO,
        irq: irq::VIRTIO,
        input: SPI_FIRST + irq::VIRTIO,
        node: |spi| node("virtio_mmio", &["virtio,mmio"], spi, EDGE).flag("dma-coherent"),
    };
    let mut slots = Slots::new(windows, board.space().dma(), inputs);
    let sides = slots.fill(config, clock)?;
    slots.place(board);
    Ok(sides)
}
