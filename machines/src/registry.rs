//! The list of all machines.

use crate::config::{Image, MachineConfig};
use crate::error::MachineError;
use crate::host::Discard;
use crate::machine::Machine;
use crate::riscv_virt;

/// One kind of machine.
#[derive(Clone, Copy)]
pub struct MachineInfo {
    /// Short name, unique in the list.
    pub name: &'static str,
    /// One line on what it is.
    pub description: &'static str,
    /// Makes one.
    pub new: fn(MachineConfig) -> Result<Machine, MachineError>,
}

/// Every machine there is; the first is the default.
pub const MACHINES: &[MachineInfo] = &[
    MachineInfo {
        name: "riscv-virt",
        description: "RV64GC, 1 to 8 harts, laid out like QEMU's virt",
        new: riscv_virt::with_clint,
    },
    MachineInfo {
        name: "riscv-virt-aclint",
        description: "The same described like QEMU's virt with aclint=on",
        new: riscv_virt::with_aclint,
    },
];

/// The row of machine `name`.
///
/// # Errors
/// There is none.
pub fn find(name: &str) -> Result<&'static MachineInfo, MachineError> {
    MACHINES.iter().find(|info| info.name == name).ok_or_else(|| MachineError::Unknown(name.into()))
}

impl MachineInfo {
    /// The memory map of such a machine with 128 MiB of RAM, as text.
    ///
    /// # Errors
    /// The host's own failure.
    pub fn memory_map(&self) -> Result<String, MachineError> {
        let mut config = MachineConfig::new(self.name, Box::new(Discard));
        // Something to run, which is not going to.
        config.bios = Some(Image { name: "nothing".into(), bytes: vec![0] });
        config.engine = crate::config::EngineChoice::Interp;
        Ok((self.new)(config)?.board().memory_map())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (index, info) in MACHINES.iter().enumerate() {
            assert!(MACHINES[..index].iter().all(|other| other.name != info.name));
            assert!(find(info.name).is_ok() && !info.description.is_empty());
        }
        let error = find("nosuch").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("nosuch") && error.contains("mynah machines"));
    }

    #[test]
    fn every_machine_has_a_memory_map() {
        for info in MACHINES {
            let map = info.memory_map().expect("it can be made");
            assert!(map.contains("ram") && map.contains("serial") && map.contains("irq 10"), "{map}");
        }
    }
}
