//! A board: a list of parts. The address space, the memory map's listing and
//! the device tree all derive from it.

use crate::dtb::{self, Node};
use crate::error::MachineError;
use bus::{AddressSpace, Clock, Device, Initiator, PAGE_BYTES, PhysAddr, Ram};
use std::fmt::Write;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One chip and its place on the board.
#[derive(Clone)]
pub struct Part {
    /// What the memory map calls it.
    pub name: String,
    /// Its registers' physical addresses.
    pub at: Range<PhysAddr>,
    /// The interrupt controller's input it drives.
    pub irq: Option<u32>,
    /// What it says of itself in the device tree; `None` if nothing.
    pub node: Option<NodeInfo>,
}

/// A part's device-tree node, without what the board knows of it.
#[derive(Clone)]
pub struct NodeInfo {
    /// Where in the tree it goes.
    pub parent: Parent,
    /// The generic name, which the unit address follows.
    pub name: &'static str,
    /// Address and size of each register block; empty for the part's own range.
    pub reg: Vec<(PhysAddr, u64)>,
    /// `compatible` and whatever else the binding wants. Of these, `reg` is the
    /// board's; so are `interrupt-parent` and `interrupts`, unless they are here.
    pub properties: Node,
}

/// The node under which parts stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parent {
    /// The root.
    Root,
    /// The `soc` bus.
    Soc,
}

impl NodeInfo {
    /// A node on the `soc` bus called `name`, compatible with `compatible`.
    pub fn soc(name: &'static str, compatible: &[&str]) -> NodeInfo {
        let properties = Node::default().with("compatible", compatible);
        NodeInfo { parent: Parent::Soc, name, reg: Vec::new(), properties }
    }

    /// The same under the root.
    pub fn root(name: &'static str, compatible: &[&str]) -> NodeInfo {
        NodeInfo { parent: Parent::Root, ..NodeInfo::soc(name, compatible) }
    }

    /// The same with one more property.
    pub fn with(mut self, name: &str, value: impl Into<dtb::Value>) -> NodeInfo {
        self.properties = self.properties.with(name, value);
        self
    }

    /// The same with one more property that is merely present.
    pub fn flag(self, name: &str) -> NodeInfo {
        self.with(name, dtb::Value::Flag)
    }

    /// The same with register blocks of its own.
    pub fn reg(self, reg: &[(PhysAddr, u64)]) -> NodeInfo {
        NodeInfo { reg: reg.to_vec(), ..self }
    }
}

/// RAM of `bytes` at `start`.
///
/// # Errors
/// The host has not the memory.
pub fn ram(start: PhysAddr, bytes: u64) -> Result<Arc<Ram>, MachineError> {
    debug_assert!(bytes.is_multiple_of(PAGE_BYTES));
    Ram::new(start, bytes).map(Arc::new).map_err(|error| MachineError::Memory { bytes, error })
}

type SharedDevice = Arc<Mutex<dyn Device>>;

/// A machine's parts, wired to one address space.
#[derive(Default)]
pub struct Board {
    parts: Vec<(Part, SharedDevice)>,
    space: AddressSpace,
    initiator: Initiator,
}

impl Board {
    /// Adds RAM. It goes before whatever part reads or writes memory itself.
    ///
    /// # Panics
    /// If it overlaps another part: the machine's mistake.
    pub fn ram(&mut self, ram: Arc<Ram>) {
        self.space.add_ram("ram", ram);
    }

    /// Adds a chip.
    ///
    /// # Panics
    /// If its range overlaps another's: the machine's mistake.
    pub fn add(&mut self, part: Part, device: SharedDevice) {
        self.space.add_device(&part.name, part.at.clone(), Arc::clone(&device));
        self.parts.push((part, device));
    }

    /// Adds a chip that nothing reaches by an address.
    pub fn add_unaddressed(&mut self, name: &str, device: SharedDevice) {
        self.parts.push((Part::new(name, 0..0), device));
    }

    /// All that answers to physical addresses.
    pub fn space(&self) -> &AddressSpace {
        &self.space
    }

    /// Which CPU is on the bus.
    pub fn initiator(&self) -> &Initiator {
        &self.initiator
    }

    /// The parts in the order they were added.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().map(|(part, _)| part)
    }

    /// The deadlines of the chips, in nanoseconds since power-on.
    pub fn deadlines_ns(&self) -> impl Iterator<Item = u64> {
        self.parts.iter().filter_map(|(_, device)| lock(device).deadline())
    }

    /// Lets every chip act whose deadline has come.
    pub fn expire(&self, clock: &Clock) {
        for (_, device) in &self.parts {
            let mut device = lock(device);
            // Time is looked at last: a chip that is late may say "now".
            if device.deadline().is_some_and(|due_ns| due_ns <= clock.now_ns()) {
                device.expire();
            }
        }
    }

    /// Puts every chip into its state after power-on.
    pub fn reset(&self) {
        self.parts.iter().for_each(|(_, device)| lock(device).reset());
    }

    /// The device-tree nodes of the parts under `parent`, with interrupts led
    /// to the controller `phandle`.
    pub fn nodes(&self, parent: Parent, phandle: u32) -> Vec<Node> {
        let described = self.parts().filter_map(|part| part.node.as_ref().map(|info| (part, info)));
        described
            .filter(|(_, info)| info.parent == parent)
            .map(|(part, info)| part.tree(info, phandle))
            .collect()
    }

    /// The memory map as text, a line a region.
    pub fn memory_map(&self) -> String {
        let mut text = String::new();
        for region in self.space.regions() {
            let irq = self.parts().find(|part| part.name == region.name).and_then(|part| part.irq);
            let irq = irq.map(|irq| format!("  irq {irq}")).unwrap_or_default();
            let Range { start, end } = region.range;
            writeln!(text, "{start:#012x}-{:#012x}  {:<14}{irq}", end - 1, region.name)
                .expect("a string takes all");
        }
        text
    }
}

impl Part {
    /// A part that the device tree does not show.
    pub fn new(name: impl Into<String>, at: Range<PhysAddr>) -> Part {
        Part { name: name.into(), at, irq: None, node: None }
    }

    /// The same with an interrupt.
    pub fn irq(self, irq: u32) -> Part {
        Part { irq: Some(irq), ..self }
    }

    /// The same with a device-tree node.
    pub fn node(self, node: NodeInfo) -> Part {
        Part { node: Some(node), ..self }
    }

    fn tree(&self, info: &NodeInfo, phandle: u32) -> Node {
        let own = [(self.at.start, self.at.end - self.at.start)];
        let blocks = if info.reg.is_empty() { &own[..] } else { &info.reg };
        let reg = blocks.iter().flat_map(|(at, bytes)| [dtb::cells64(*at), dtb::cells64(*bytes)]);
        let name = format!("{}@{:x}", info.name, self.at.start);
        let mut node = Node::new(name).with("reg", reg.flatten().collect::<Vec<u32>>());
        node.properties.splice(0..0, info.properties.properties.iter().cloned());
        match self.irq {
            // The binding may want more than a number, which only the node knows.
            Some(irq) if node.get("interrupts").is_none() => {
                node.with("interrupt-parent", phandle).with("interrupts", irq)
            }
            _ => node,
        }
    }
}

fn lock(device: &SharedDevice) -> MutexGuard<'_, dyn Device + 'static> {
    device.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtb::Value;
    use bus::shared;

    /// Falls due at a time, and remembers that it did.
    struct Alarm(Option<u64>);

    impl Device for Alarm {
        fn read(&mut self, _offset: u64, _bytes: u8) -> u64 {
            0
        }
        fn write(&mut self, _offset: u64, _bytes: u8, value: u64) {
            self.0 = Some(value);
        }
        fn deadline(&self) -> Option<u64> {
            self.0
        }
        fn expire(&mut self) {
            self.0 = None;
        }
        fn reset(&mut self) {
            self.0 = Some(1);
        }
    }

    fn board() -> Board {
        let mut board = Board::default();
        let node = NodeInfo::soc("alarm", &["x,alarm"]).with("speed", 3);
        let part = Part::new("alarm", 0x1000..0x2000).irq(7).node(node);
        board.add(part, shared(Alarm(Some(50))));
        board.add(Part::new("quiet", 0x4000..0x4010), shared(Alarm(None)));
        board
    }

    #[test]
    fn deadlines_are_met_once() {
        let (board, clock) = (board(), Clock::counted());
        let deadlines = |board: &Board| board.deadlines_ns().collect::<Vec<_>>();
        clock.advance_to(49);
        board.expire(&clock);
        assert_eq!(deadlines(&board), [50]);
        clock.advance_to(50);
        board.expire(&clock);
        assert!(deadlines(&board).is_empty());
        board.reset();
        assert_eq!(deadlines(&board), [1, 1], "both chips are reset");
    }

    #[test]
    fn map_and_tree_derive_from_the_parts() {
        let board = board();
        let map = board.memory_map();
        assert_eq!(map.lines().count(), 2);
        assert!(map.starts_with("0x0000001000-0x0000001fff  alarm           irq 7"), "{map}");
        let [node] = &board.nodes(Parent::Soc, 9)[..] else { panic!("one part has a node") };
        assert_eq!(node.name, "alarm@1000");
        assert_eq!(node.get("reg"), Some(&Value::Cells(vec![0, 0x1000, 0, 0x1000])));
        assert_eq!(node.get("interrupts"), Some(&Value::Cells(vec![7])));
        assert_eq!(node.get("interrupt-parent"), Some(&Value::Cells(vec![9])));
        assert_eq!(node.get("speed"), Some(&Value::Cells(vec![3])));
        assert!(board.nodes(Parent::Root, 9).is_empty());
    }
}
