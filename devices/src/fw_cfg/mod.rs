//! QEMU's firmware configuration device (QEMU, docs/specs/fw_cfg.rst), in its
//! memory-mapped form.
//!
//! | offset | width | register                                              |
//! |--------|-------|-------------------------------------------------------|
//! | 0      | 1–8   | data: the next bytes of the selected item             |
//! | 8      | 2     | selector, big-endian: the item, read from its start   |
//! | 16     | 8     | DMA address, big-endian; the low half starts          |
//!
//! The address may be written as two 32-bit halves, high half first. It is
//! that of a descriptor in RAM: 32 bits of control, 32 of length, 64 of
//! address, all big-endian. Control is zero afterwards, or has the error bit.

mod items;

pub use items::{FwCfgError, NAME_BYTES_MAX, key};

use crate::hex::HexBytes;
use crate::refused;
use crate::registry::DeviceInfo;
use bus::{BusError, Device, Dma, PhysAddr, RestoreError, Snapshot};
use items::Items;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "fw-cfg",
    description: "Firmware configuration: named items from host to guest",
    source: "QEMU 10, docs/specs/fw_cfg.rst",
    compatible: &["qemu,fw-cfg-mmio"],
};

/// The size of the register block in bytes.
pub const FW_CFG_BYTES: u64 = 0x18;

/// Read from the DMA address register, big-endian: "QEMU CFG".
const DMA_SIGNATURE: [u8; 8] = *b"QEMU CFG";

mod reg {
    pub const DATA_END: u64 = 8;
    pub const SELECTOR: u64 = 8;
    pub const DMA_HIGH: u64 = 16;
    pub const DMA_LOW: u64 = 20;
}

/// Control bits of a DMA descriptor; bits 31:16 are the key to select.
mod control {
    pub const ERROR: u32 = 1 << 0;
    pub const READ: u32 = 1 << 1;
    pub const SKIP: u32 = 1 << 2;
    pub const SELECT: u32 = 1 << 3;
    pub const WRITE: u32 = 1 << 4;
    pub const KEY_SHIFT: u32 = 16;
}

/// The chip.
pub struct FwCfg {
    state: Registers,
    items: Items,
    dma: Dma,
}

/// All that a guest can see of it and change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    registers: Registers,
    /// Contents of the items a guest may write, by key.
    writable: BTreeMap<u16, HexBytes>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Registers {
    selected: u16,
    /// Of the next byte within the selected item.
    position: u32,
    dma_high: u32,
}

impl FwCfg {
    /// A device with the signature and feature items only, that transfers to
    /// and from the RAM behind `dma`.
    pub fn new(dma: Dma) -> FwCfg {
        FwCfg { state: Registers::default(), items: Items::new(), dma }
    }

    /// Gives item `key` (see [`key`]) the contents `bytes`, replacing what it
    /// had. Numbers in items are little-endian on RISC-V.
    pub fn add_bytes(&mut self, key: u16, bytes: impl Into<Vec<u8>>) {
        self.items.insert(key, bytes.into());
    }

    /// Adds a file that the guest can read. Returns its key.
    ///
    /// # Errors
    /// The name is empty, has a NUL, is longer than [`NAME_BYTES_MAX`] or is
    /// taken; or there are too many files, or the file is larger than 4 GiB.
    pub fn add_file(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Result<u16, FwCfgError> {
        self.items.add_file(name, bytes.into(), false)
    }

    /// Adds a file of fixed size that the guest can also write, by DMA. Returns
    /// its key.
    ///
    /// # Errors
    /// As for [`FwCfg::add_file`].
    pub fn add_writable_file(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Result<u16, FwCfgError> {
        self.items.add_file(name, bytes.into(), true)
    }

    /// What item `key` holds now.
    pub fn item(&self, key: u16) -> Option<&[u8]> {
        self.items.get(key)
    }

    fn select(&mut self, key: u16) {
        self.state.selected = key;
        self.state.position = 0;
    }

    /// What is left of the selected item; an unknown item is empty.
    fn rest(&self) -> &[u8] {
        let item = self.items.get(self.state.selected).unwrap_or(&[]);
        item.get(self.state.position as usize..).unwrap_or(&[])
    }

    /// Steps over `bytes`, at most to the end of the item.
    fn skip(&mut self, bytes: u32) {
        let rest = u32::try_from(self.rest().len()).unwrap_or(u32::MAX);
        self.state.position += bytes.min(rest);
    }

    /// The next bytes in item order, zeroes behind the end. They are at rising
    /// addresses whatever the width.
    fn read_data(&mut self, bytes: u8) -> u64 {
        let mut buf = [0; 8];
        let rest = self.rest();
        let taken = rest.len().min(bytes.into()).min(8);
        buf[..taken].copy_from_slice(&rest[..taken]);
        self.skip(bytes.into());
        u64::from_le_bytes(buf)
    }

    /// Obeys the descriptor at `at`. If it is not in RAM there is nowhere to
    /// report that to.
    fn transfer(&mut self, at: PhysAddr) {
        let Ok(descriptor) = self.dma.load::<16>(at) else { return };
        let result = match self.obey(descriptor) {
            Ok(()) => 0,
            Err(BusError { .. }) => control::ERROR,
        };
        // The descriptor was just read, so it is RAM and can be written.
        let _ = self.dma.write(at, &result.to_be_bytes());
    }

    fn obey(&mut self, descriptor: [u8; 16]) -> Result<(), BusError> {
        let [control, length, high, low] =
            [0, 4, 8, 12].map(|i| u32::from_be_bytes([0, 1, 2, 3].map(|j| descriptor[i + j])));
        let address = u64::from(high) << 32 | u64::from(low);
        if control & control::SELECT != 0 {
            self.select((control >> control::KEY_SHIFT) as u16);
        }
        if length == 0 {
            Ok(())
        } else if control & control::READ != 0 {
            self.read_into_ram(address, length)
        } else if control & control::WRITE != 0 {
            self.write_from_ram(address, length)
        } else {
            if control & control::SKIP != 0 {
                self.skip(length);
            }
            Ok(())
        }
    }

    /// Copies `length` bytes to RAM, zeroes behind the item's end; nothing if
    /// some of the range is not RAM.
    fn read_into_ram(&mut self, address: PhysAddr, length: u32) -> Result<(), BusError> {
        if !self.dma.contains(address, length.into()) {
            return Err(BusError { at: address });
        }
        let taken = self.rest().len().min(length as usize);
        self.dma.write(address, &self.rest()[..taken])?;
        self.skip(length);
        let (mut at, end) = (address + taken as u64, address + u64::from(length));
        let zeroes = [0; 4096];
        while at < end {
            let step = (end - at).min(zeroes.len() as u64);
            self.dma.write(at, &zeroes[..step as usize])?;
            at += step;
        }
        Ok(())
    }

    /// Copies `length` bytes from RAM, all within a writable item or none.
    fn write_from_ram(&mut self, address: PhysAddr, length: u32) -> Result<(), BusError> {
        let refusal = BusError { at: address };
        let start = self.state.position as usize;
        let item = self.items.writable(self.state.selected).ok_or(refusal)?;
        let end = start.checked_add(length as usize).ok_or(refusal)?;
        self.dma.read(address, item.get_mut(start..end).ok_or(refusal)?)?;
        self.skip(length);
        Ok(())
    }
}

impl Device for FwCfg {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        match offset {
            0..reg::DATA_END => self.read_data(bytes),
            reg::DMA_HIGH..FW_CFG_BYTES => {
                let from = (offset - reg::DMA_HIGH) as usize;
                let mut buf = [0; 8];
                DMA_SIGNATURE[from..].iter().zip(&mut buf).for_each(|(byte, slot)| *slot = *byte);
                let mask = u64::MAX >> (64 - 8 * u32::from(bytes.clamp(1, 8)));
                u64::from_le_bytes(buf) & mask
            }
            _ => 0,
        }
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        let high = (value as u32).swap_bytes();
        match (offset, bytes) {
            (reg::SELECTOR, 2) => self.select((value as u16).swap_bytes()),
            (reg::DMA_HIGH, 4) => self.state.dma_high = high,
            (reg::DMA_HIGH, 8) => self.transfer(value.swap_bytes()),
            (reg::DMA_LOW, 4) => {
                let dma_high = std::mem::take(&mut self.state.dma_high);
                self.transfer(u64::from(dma_high) << 32 | u64::from(high));
            }
            _ => (),
        }
    }

    /// Items the guest wrote keep what it wrote.
    fn reset(&mut self) {
        self.state = Registers::default();
    }
}

impl Snapshot for FwCfg {
    const KIND: &'static str = "fw-cfg";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        State { registers: self.state.clone(), writable: self.items.save_writable() }
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        let length = self.items.get(state.registers.selected).map_or(0, <[u8]>::len);
        if state.registers.position as usize > length {
            return Err(refused::<FwCfg>("it reads behind the end of an item"));
        }
        self.items.restore_writable(state.writable).map_err(refused::<FwCfg>)?;
        self.state = state.registers;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
