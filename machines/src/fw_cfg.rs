//! What boards tell firmware by `fw_cfg` (QEMU, docs/specs/fw_cfg.rst).

use crate::board::{Board, NodeInfo, Part};
use crate::config::MachineConfig;
use bus::shared;
use devices::fw_cfg::{self, FwCfg, key};
use std::ops::Range;

/// Adds the chip at `range`, with what `config` says of memory and CPUs in it.
pub fn add(board: &mut Board, range: Range<u64>, config: &MachineConfig) {
    let mut chip = FwCfg::new(board.space().dma());
    let cpus = (config.cpus as u16).to_le_bytes();
    chip.add_bytes(key::RAM_SIZE, config.memory_bytes.to_le_bytes());
    chip.add_bytes(key::NB_CPUS, cpus);
    chip.add_bytes(key::MAX_CPUS, cpus);
    chip.add_bytes(key::NOGRAPHIC, 1_u16.to_le_bytes());
    let node = NodeInfo::root("fw-cfg", fw_cfg::INFO.compatible).flag("dma-coherent");
    board.add(Part::new("fw-cfg", range).node(node), shared(chip));
}
