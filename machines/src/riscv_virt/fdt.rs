//! The device tree: what the board's parts say, and the nodes that are no
//! part's (Linux, Documentation/devicetree/bindings/riscv/cpus.yaml and
//! extensions.yaml; Devicetree Specification 0.4, chapter 3).

use super::map;
use crate::board::{Board, Parent};
use crate::chosen::{Chosen, memory};
use crate::dtb::{Node, Value};
use bus::PhysAddr;
use riscv::platform::{CACHE_BLOCK_BYTES, ISA_BASE, ISA_EXTENSIONS, MMU_TYPE, TIMEBASE_HZ, isa_string};
use std::ops::Range;

/// The interrupt controller's phandle.
pub const PLIC: u32 = 1;
/// The test finisher's phandle.
pub const FINISHER: u32 = 2;
/// The first hart's phandle; that of its controller, and the next hart's follow.
const HARTS: u32 = 16;

/// The values that switch the machine off and reset it, by the finisher.
const POWER_OFF: u32 = 0x5555;
const RESET: u32 = 0x7777;

/// The phandle of a hart's node.
fn hart(index: u32) -> u32 {
    HARTS + 2 * index
}

/// The phandle of a hart's own interrupt controller.
pub fn hart_controller(index: u32) -> u32 {
    hart(index) + 1
}

/// The whole tree.
pub fn tree(board: &Board, harts: u32, ram: &Range<PhysAddr>, chosen: &Chosen<'_>) -> Node {
    let serial = format!("/soc/serial@{:x}", map::UART.start);
    let soc = Node::new("soc")
        .with("#address-cells", 2)
        .with("#size-cells", 2)
        .with("compatible", "simple-bus")
        .flag("ranges");
    let soc = board.nodes(Parent::Soc, PLIC).into_iter().fold(soc, Node::child);
    let root = Node::new("")
        .with("#address-cells", 2)
        .with("#size-cells", 2)
        .with("compatible", "riscv-virtio")
        .with("model", "riscv-virtio,mynah")
        .child(chosen.node(&serial))
        .child(Node::new("aliases").with("serial0", &*serial))
        .child(memory(ram))
        .child(cpus(harts))
        .child(
            Node::new("pmu")
                .with("compatible", "riscv,pmu")
                .with("riscv,event-to-mhpmcounters", pmu_events()),
        )
        .child(syscon("poweroff", "syscon-poweroff", POWER_OFF))
        .child(syscon("reboot", "syscon-reboot", RESET));
    board.nodes(Parent::Root, PLIC).into_iter().fold(root, Node::child).child(soc)
}

fn cpus(harts: u32) -> Node {
    let cpus = Node::new("cpus")
        .with("#address-cells", 1)
        .with("#size-cells", 0)
        .with("timebase-frequency", TIMEBASE_HZ as u32);
    let cores = (0..harts).fold(Node::new("cluster0"), |cluster, index| {
        cluster.child(Node::new(format!("core{index}")).with("cpu", hart(index)))
    });
    (0..harts).map(cpu).fold(cpus, Node::child).child(Node::new("cpu-map").child(cores))
}

fn cpu(index: u32) -> Node {
    let block = CACHE_BLOCK_BYTES as u32;
    let controller = Node::new("interrupt-controller")
        .with("#interrupt-cells", 1)
        .flag("interrupt-controller")
        .with("compatible", "riscv,cpu-intc")
        .with("phandle", hart_controller(index));
    Node::new(format!("cpu@{index:x}"))
        .with("phandle", hart(index))
        .with("device_type", "cpu")
        .with("reg", index)
        .with("status", "okay")
        .with("compatible", "riscv")
        .with("riscv,cbom-block-size", block)
        .with("riscv,cbop-block-size", block)
        .with("riscv,cboz-block-size", block)
        .with("riscv,isa-extensions", ISA_EXTENSIONS)
        .with("riscv,isa-base", ISA_BASE)
        .with("riscv,isa", &*isa_string())
        .with("mmu-type", MMU_TYPE)
        .child(controller)
}

/// For firmware: which SBI event each counter can count (OpenSBI,
/// docs/pmu_support.md), as first event, last event and mask of counters.
fn pmu_events() -> Value {
    const CYCLES: [u32; 3] = [1, 1, 1 << 0];
    const INSTRUCTIONS: [u32; 3] = [2, 2, 1 << 2];
    Value::Cells([CYCLES, INSTRUCTIONS].concat())
}

/// A power switch: `value` is written to the finisher.
fn syscon(name: &str, compatible: &str, value: u32) -> Node {
    Node::new(name)
        .with("compatible", compatible)
        .with("regmap", FINISHER)
        .with("offset", 0)
        .with("value", value)
}
