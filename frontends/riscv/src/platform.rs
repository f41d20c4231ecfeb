//! What a board tells the guest about this hart: the facts of a device tree's
//! `cpu` nodes.
//!
//! Source: Linux's binding `riscv/extensions.yaml`; RISC-V Unprivileged ISA
//! (20240411), chapter "ISA Extension Naming Conventions", for the order.

use crate::timer;

/// Everything the hart implements, in the order of the naming convention, as
/// the property `riscv,isa-extensions` has it. Only Svadu is named of the two
/// ways to keep accessed and dirty flags, which tells that hardware does.
#[rustfmt::skip]
pub const ISA_EXTENSIONS: &[&str] = &[
    "i", "m", "a", "f", "d", "c",
    "zicbom", "zicbop", "zicboz", "zicntr", "zicsr", "zifencei", "zihintpause", "zihpm",
    "zba", "zbb", "zbs",
    "sstc", "svadu", "svinval", "svnapot", "svpbmt",
];

/// The property `riscv,isa-base`.
pub const ISA_BASE: &str = "rv64i";

/// The property `mmu-type`: the largest translation scheme.
pub const MMU_TYPE: &str = "riscv,sv57";

/// The property `timebase-frequency` of the `cpus` node.
pub const TIMEBASE_HZ: u64 = timer::TIMEBASE_HZ;

/// The properties `riscv,cbom-block-size`, `riscv,cbop-block-size` and
/// `riscv,cboz-block-size`.
pub const CACHE_BLOCK_BYTES: u64 = crate::zicbo::BLOCK_BYTES;

/// The older property `riscv,isa`: letters together, the rest after underlines.
pub fn isa_string() -> String {
    let mut text = String::from("rv64");
    for extension in ISA_EXTENSIONS {
        if extension.len() > 1 {
            text.push('_');
        }
        text.push_str(extension);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    // The form that Linux's binding gives as an example.
    #[test]
    fn the_string_joins_letters_and_separates_names() {
        let text = isa_string();
        assert!(text.starts_with("rv64imafdc_zicbom_"), "{text}");
        assert!(text.ends_with("_sstc_svadu_svinval_svnapot_svpbmt"), "{text}");
    }

    /// misa has a bit for each single letter, and B for Zba, Zbb and Zbs
    /// (Privileged ISA, §3.1.1).
    #[test]
    fn single_letters_agree_with_misa() {
        for extension in ISA_EXTENSIONS.iter().filter(|e| e.len() == 1) {
            let letter = extension.as_bytes()[0] - b'a';
            assert!(crate::fields::MISA >> letter & 1 != 0, "{extension}");
        }
        let parts = ["zba", "zbb", "zbs"].iter().all(|z| ISA_EXTENSIONS.contains(z));
        assert_eq!(crate::fields::MISA >> 1 & 1 != 0, parts);
    }
}
