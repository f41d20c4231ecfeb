//! What every machine tells its kernel in the device tree: the nodes `chosen`
//! and `memory` (Devicetree Specification 0.4, 3.4 and 3.6; Linux,
//! Documentation/devicetree/bindings/chosen.txt).

use crate::dtb::{Node, cells64};
use crate::host::SeededEntropy;
use bus::PhysAddr;
use std::ops::Range;

/// What goes into `chosen`.
pub struct Chosen<'a> {
    /// The kernel's command line.
    pub bootargs: &'a str,
    /// The initial RAM disk.
    pub initrd: Option<Range<PhysAddr>>,
    /// Where the random seeds start from.
    pub seed: u64,
}

impl Chosen<'_> {
    /// The node; the kernel's console is the node at path `serial`.
    pub fn node(&self, serial: &str) -> Node {
        let mut node = Node::new("chosen").with("stdout-path", serial);
        if !self.bootargs.is_empty() {
            node = node.with("bootargs", self.bootargs);
        }
        if let Some(Range { start, end }) = self.initrd {
            node = node
                .with("linux,initrd-start", cells64(start).to_vec())
                .with("linux,initrd-end", cells64(end).to_vec());
        }
        let mut entropy = SeededEntropy::new(self.seed);
        let mut seed =
            |words: usize| -> Vec<u32> { (0..words).flat_map(|_| cells64(entropy.next_u64())).collect() };
        node.with("rng-seed", seed(4)).with("kaslr-seed", seed(1))
    }
}

/// The node of RAM at `ram`.
pub fn memory(ram: &Range<PhysAddr>) -> Node {
    let reg = [cells64(ram.start), cells64(ram.end - ram.start)].concat();
    Node::new(format!("memory@{:x}", ram.start)).with("device_type", "memory").with("reg", reg)
}
