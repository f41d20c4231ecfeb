//! The list of all machines.

use crate::config::{Image, MachineConfig};
use crate::error::MachineError;
use crate::host::Discard;
use crate::machine::Machine;
use crate::{arm_virt, flash, riscv_virt};

/// One kind of machine.
#[derive(Clone, Copy)]
pub struct MachineInfo {
    /// Short name, unique in the list.
    pub name: &'static str,
    /// One line on what it is.
    pub description: &'static str,
    /// What may be chosen of it.
    pub options: &'static [MachineOption],
    /// The size of its second bank of flash, in bytes.
    pub flash_bytes: u64,
    /// Makes one.
    pub new: fn(MachineConfig) -> Result<Machine, MachineError>,
}

/// Something to be chosen of a machine, by `,NAME=VALUE` behind its name.
#[derive(Clone, Copy, Debug)]
pub struct MachineOption {
    /// Its name.
    pub name: &'static str,
    /// What it can be; the first is what it is if nothing is said.
    pub values: &'static [&'static str],
}

/// Every machine there is; the first is the default.
pub const MACHINES: &[MachineInfo] = &[
    MachineInfo {
        name: "riscv-virt",
        description: "RV64GC, 1 to 8 harts, laid out like QEMU's virt",
        options: &[],
        flash_bytes: flash::bank_bytes(riscv_virt::map::FLASH),
        new: riscv_virt::with_clint,
    },
    MachineInfo {
        name: "riscv-virt-aclint",
        description: "The same described like QEMU's virt with aclint=on",
        options: &[],
        flash_bytes: flash::bank_bytes(riscv_virt::map::FLASH),
        new: riscv_virt::with_aclint,
    },
    MachineInfo {
        name: "arm-virt",
        description: "AArch64, 1 to 8 CPUs, laid out like QEMU's virt",
        options: arm_virt::OPTIONS,
        flash_bytes: flash::bank_bytes(arm_virt::map::FLASH),
        new: arm_virt::new,
    },
];

/// What is chosen behind the name of the machine in `text`: a value for each of
/// `options`, in their order.
///
/// # Errors
/// There is no such option, or it has no such value.
pub fn choices(text: &str, options: &[MachineOption]) -> Result<Vec<&'static str>, MachineError> {
    let refuse = |value: &str, remedy: String| {
        Err(MachineError::Option { option: "--machine", value: value.into(), remedy })
    };
    let mut chosen: Vec<&'static str> = options.iter().map(|option| option.values[0]).collect();
    for choice in text.split(',').skip(1) {
        let (name, value) = choice.split_once('=').unwrap_or((choice, ""));
        let Some(index) = options.iter().position(|option| option.name == name) else {
            let names: Vec<_> = options.iter().map(|option| option.name).collect();
            return match names.is_empty() {
                true => refuse(choice, "this machine has nothing to choose".into()),
                false => refuse(choice, format!("choose one of {}", names.join(", "))),
            };
        };
        let values = options[index].values;
        let Some(value) = values.iter().find(|known| **known == value) else {
            return refuse(choice, format!("{name} can be {}", values.join(" or ")));
        };
        chosen[index] = value;
    }
    Ok(chosen)
}

impl MachineInfo {
    /// The row of machine `name`, which options may follow.
    ///
    /// # Errors
    /// There is none.
    pub fn find(name: &str) -> Result<&'static MachineInfo, MachineError> {
        let name = name.split(',').next().unwrap_or(name);
        MACHINES.iter().find(|info| info.name == name).ok_or_else(|| MachineError::Unknown(name.into()))
    }

    /// The memory map of such a machine with 128 MiB of RAM, as text.
    ///
    /// # Errors
    /// The host's own failure.
    pub fn memory_map(&self) -> Result<String, MachineError> {
        let mut config = MachineConfig::new(self.name, Box::new(Discard));
        // Something to run, which is not going to.
        config.bios = Some(Image { name: "nothing".into(), bytes: vec![0].into() });
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
            assert!(MachineInfo::find(info.name).is_ok() && !info.description.is_empty());
        }
        let error = MachineInfo::find("nosuch").err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("nosuch") && error.contains("mynah machines"));
    }

    #[test]
    fn choices_are_values_of_options() {
        let options = [
            MachineOption { name: "a", values: &["1", "2"] },
            MachineOption { name: "b", values: &["on", "off"] },
        ];
        let chosen = |text| choices(text, &options).map_err(|error| error.to_string());
        assert_eq!(chosen("m"), Ok(vec!["1", "on"]));
        assert_eq!(chosen("m,b=off,a=2"), Ok(vec!["2", "off"]));
        for (text, part) in [("m,c=1", "a, b"), ("m,a=3", "1 or 2"), ("m,a", "1 or 2"), ("m,", "a, b")] {
            let complaint = chosen(text).expect_err("must be refused");
            assert!(complaint.contains("--machine") && complaint.contains(part), "{complaint}");
        }
        assert!(choices("m,a=1", &[]).is_err() && MachineInfo::find("arm-virt,cpu=max").is_ok());
    }

    #[test]
    fn every_machine_has_a_memory_map() {
        for info in MACHINES {
            let map = info.memory_map().expect("it can be made");
            assert!(map.contains("ram") && map.contains("serial") && map.contains("irq "), "{map}");
        }
    }
}
