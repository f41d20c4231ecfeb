//! The device tree: what the board's parts say, and the nodes that are no
//! part's (Linux, Documentation/devicetree/bindings/arm and timer/
//! arm,arch_timer.yaml; Devicetree Specification 0.4, chapter 3).

use super::{Choice, irq, map};
use crate::board::{Board, Parent};
use crate::chosen::{Chosen, memory};
use crate::dtb::Node;
use aarch64::Model;
use bus::PhysAddr;
use std::ops::Range;

/// The clock of all PrimeCells.
pub const CLOCK: u32 = 1;
/// The interrupt controller.
pub const GIC: u32 = 2;
/// The general-purpose lines.
pub const GPIO: u32 = 3;
/// The first CPU; the next follow.
const CPUS: u32 = 16;

/// The frequency of that clock.
const CLOCK_HZ: u32 = 24_000_000;
/// The line of the power button, and the key it is to Linux (KEY_POWER).
pub const POWER_LINE: u32 = 3;
const POWER_KEY: u32 = 116;
/// How a CPU calls the firmware: functions with arguments of 64 bits, where
/// there are such (Arm DEN 0022D, 5.1).
const PSCI: [(&str, u32); 4] = [
    ("cpu_suspend", 0xc400_0001),
    ("cpu_off", 0x8400_0002),
    ("cpu_on", 0xc400_0003),
    ("migrate", 0xc400_0005),
];

/// The whole tree.
pub fn tree(board: &Board, choice: Choice, cpus: u32, ram: &Range<PhysAddr>, chosen: &Chosen<'_>) -> Node {
    let serial = format!("/pl011@{:x}", map::UART.start);
    let root = Node::new("")
        .with("#address-cells", 2)
        .with("#size-cells", 2)
        .with("compatible", "linux,dummy-virt")
        .with("model", "linux,dummy-virt")
        .with("interrupt-parent", GIC)
        .flag("dma-coherent")
        .child(chosen.node(&serial))
        .child(Node::new("aliases").with("serial0", &*serial))
        .child(psci(choice))
        .child(memory(ram))
        .child(self::cpus(choice, cpus))
        .child(timer(choice, cpus))
        .child(pmu(choice, cpus))
        .child(clock())
        .child(power_button());
    board.nodes(Parent::Root, GIC).into_iter().fold(root, Node::child)
}

fn psci(choice: Choice) -> Node {
    let versions: &[&str] = &["arm,psci-1.0", "arm,psci-0.2", "arm,psci"];
    let node = Node::new("psci")
        .with("compatible", versions)
        .with("method", if choice.virtualization { "smc" } else { "hvc" });
    PSCI.iter().fold(node, |node, (name, function)| node.with(name, *function))
}

fn phandle(cpu: u32) -> u32 {
    CPUS + cpu
}

fn cpus(choice: Choice, count: u32) -> Node {
    let compatible = match choice.model {
        Model::CortexA57 => "arm,cortex-a57",
        Model::Max => "arm,armv8",
    };
    let cpu = |index: u32| {
        let node = Node::new(format!("cpu@{index:x}"))
            .with("phandle", phandle(index))
            .with("device_type", "cpu")
            .with("compatible", compatible)
            .with("reg", index);
        // One alone has nobody to switch it on.
        if count > 1 { node.with("enable-method", "psci") } else { node }
    };
    let cores = (0..count).fold(Node::new("cluster0"), |cluster, index| {
        cluster.child(Node::new(format!("core{index}")).with("cpu", phandle(index)))
    });
    let map = Node::new("cpu-map").child(Node::new("socket0").child(cores));
    let cpus = Node::new("cpus").with("#address-cells", 1).with("#size-cells", 0);
    (0..count).map(cpu).fold(cpus, Node::child).child(map)
}

/// The specifier of PPI `intid`: a level, and with a GICv2 the CPUs that have it.
fn ppi(choice: Choice, cpus: u32, intid: u32) -> [u32; 3] {
    let mask = if choice.gicv3 { 0 } else { ((1 << cpus) - 1) << 8 };
    [1, intid - 16, mask | 4]
}

/// The timers: secure, which is not there, and then those of EL1, virtual and
/// EL2.
fn timer(choice: Choice, cpus: u32) -> Node {
    use irq::ppi::{HYPERVISOR_TIMER, PHYSICAL_TIMER, VIRTUAL_TIMER};
    const SECURE_TIMER: u32 = 29;
    let timers = [SECURE_TIMER, PHYSICAL_TIMER, VIRTUAL_TIMER, HYPERVISOR_TIMER];
    let compatible: &[&str] = &["arm,armv8-timer", "arm,armv7-timer"];
    Node::new("timer")
        .with("compatible", compatible)
        .flag("always-on")
        .with("interrupts", timers.map(|intid| ppi(choice, cpus, intid)).concat())
}

fn pmu(choice: Choice, cpus: u32) -> Node {
    Node::new("pmu")
        .with("compatible", "arm,armv8-pmuv3")
        .with("interrupts", ppi(choice, cpus, irq::ppi::PMU).to_vec())
}

fn clock() -> Node {
    Node::new("apb-pclk")
        .with("phandle", CLOCK)
        .with("compatible", "fixed-clock")
        .with("#clock-cells", 0)
        .with("clock-frequency", CLOCK_HZ)
        .with("clock-output-names", "clk24mhz")
}

fn power_button() -> Node {
    let button = Node::new("poweroff")
        .with("label", "GPIO Key Poweroff")
        .with("linux,code", POWER_KEY)
        .with("gpios", vec![GPIO, POWER_LINE, 0]);
    Node::new("gpio-keys").with("compatible", "gpio-keys").child(button)
}
