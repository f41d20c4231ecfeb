//! The list of all devices, for people.

use crate::{
    aclint, cfi_flash, finisher, fw_cfg, generic_timer, gic, goldfish_rtc, gpio_key, ns16550, pl011, pl031,
    pl061, plic,
};

/// What a device is and where it is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Short name, unique in the list.
    pub name: &'static str,
    /// One line on what it does.
    pub description: &'static str,
    /// The manual it was built from.
    pub source: &'static str,
    /// `compatible` strings of its device-tree node, most specific first; empty
    /// if it never has a node of its own.
    pub compatible: &'static [&'static str],
}

/// Every device there is.
pub const DEVICES: &[DeviceInfo] = &[
    ns16550::INFO,
    plic::INFO,
    aclint::CLINT_INFO,
    aclint::MTIMER_INFO,
    aclint::MSWI_INFO,
    aclint::SSWI_INFO,
    generic_timer::INFO,
    goldfish_rtc::INFO,
    gpio_key::INFO,
    finisher::INFO,
    cfi_flash::INFO,
    fw_cfg::INFO,
    gic::v2::INFO,
    gic::v3::INFO,
    pl011::INFO,
    pl031::INFO,
    pl061::INFO,
    virtio("virtio-blk", "Block device (disk)", "VIRTIO 1.2, section 5.2"),
    virtio("virtio-net", "Network card", "VIRTIO 1.2, section 5.1"),
    virtio("virtio-rng", "Entropy source", "VIRTIO 1.2, section 5.4"),
    virtio("virtio-console", "Console", "VIRTIO 1.2, section 5.3"),
];

const fn virtio(name: &'static str, description: &'static str, source: &'static str) -> DeviceInfo {
    DeviceInfo { name, description, source, compatible: &["virtio,mmio"] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rows_are_complete_and_names_unique() {
        let names: BTreeSet<_> = DEVICES.iter().map(|device| device.name).collect();
        assert_eq!(names.len(), DEVICES.len());
        for device in DEVICES {
            assert!(!device.name.is_empty() && !device.description.is_empty() && !device.source.is_empty());
        }
    }
}
