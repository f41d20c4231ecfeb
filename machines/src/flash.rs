//! The two banks of flash that boards have side by side under one node of the
//! device tree, as QEMU's do: firmware in the first, its variables in the second.

use crate::board::{Board, NodeInfo, Part};
use crate::config::{Drive, Image};
use crate::error::MachineError;
use bus::shared;
use devices::cfi_flash::{self, CfiFlash};
use std::io;
use std::ops::Range;

/// Adds both banks, each half of `range`. The first holds `firmware` and forgets what
/// the guest writes; the second holds `variables` and writes back to them, if they
/// can be written. One without contents is erased.
///
/// # Errors
/// A file does not fit its bank, or cannot be read.
pub fn add(
    board: &mut Board,
    range: Range<u64>,
    firmware: Option<&Image>,
    variables: Option<Drive>,
) -> Result<(), MachineError> {
    let bank_bytes = bank_bytes(range.clone());
    let second = range.start + bank_bytes;
    let node = NodeInfo::root("flash", cfi_flash::INFO.compatible)
        .with("bank-width", cfi_flash::BANK_WIDTH)
        .reg(&[(range.start, bank_bytes), (second, bank_bytes)]);
    let (name, bytes) = firmware.map_or(("flash", &[][..]), |image| (&image.name, &image.bytes));
    let firmware = CfiFlash::new(bank_bytes as usize, bytes.to_vec(), false);
    board.add(Part::new("flash0", range.start..second).node(node), shared(made(name, firmware)?));
    let variables = match variables {
        Some(Drive { name, store }) => made(&name, CfiFlash::open(bank_bytes as usize, store))?,
        None => made("flash", CfiFlash::new(bank_bytes as usize, Vec::new(), false))?,
    };
    board.add(Part::new("flash1", second..range.end), shared(variables));
    Ok(())
}

/// The size of each of the two banks that share `range`.
pub const fn bank_bytes(range: Range<u64>) -> u64 {
    (range.end - range.start) / 2
}

fn made(name: &str, flash: io::Result<CfiFlash>) -> Result<CfiFlash, MachineError> {
    flash.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => MachineError::file(name, error.to_string()),
        _ => MachineError::Host { name: name.into(), error },
    })
}
