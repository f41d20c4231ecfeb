//! The items behind the selector, and the directory of named ones (QEMU,
//! docs/specs/fw_cfg.rst, "Selector Register", "File Directory").

use crate::hex::HexBytes;
use std::collections::BTreeMap;
use std::fmt;

/// Keys with a fixed meaning. Numbers are little-endian unless stated.
pub mod key {
    /// "QEMU".
    pub const SIGNATURE: u16 = 0x00;
    /// 32 bits of features: bit 0 the data register, bit 1 DMA.
    pub const ID: u16 = 0x01;
    /// 16 bytes.
    pub const UUID: u16 = 0x02;
    /// RAM size in bytes, 64 bits.
    pub const RAM_SIZE: u16 = 0x03;
    /// 16 bits: no display.
    pub const NOGRAPHIC: u16 = 0x04;
    /// Number of CPUs, 16 bits.
    pub const NB_CPUS: u16 = 0x05;
    /// Size of [`KERNEL_DATA`], 32 bits.
    pub const KERNEL_SIZE: u16 = 0x08;
    /// Size of [`INITRD_DATA`], 32 bits.
    pub const INITRD_SIZE: u16 = 0x0b;
    /// 16 bits: show a boot menu.
    pub const BOOT_MENU: u16 = 0x0e;
    /// Largest number of CPUs, 16 bits.
    pub const MAX_CPUS: u16 = 0x0f;
    /// The kernel image.
    pub const KERNEL_DATA: u16 = 0x11;
    /// The initial RAM disk.
    pub const INITRD_DATA: u16 = 0x12;
    /// Size of [`CMDLINE_DATA`], 32 bits.
    pub const CMDLINE_SIZE: u16 = 0x14;
    /// The kernel's command line with its NUL.
    pub const CMDLINE_DATA: u16 = 0x15;
    /// The directory of named items; it makes itself.
    pub const FILE_DIRECTORY: u16 = 0x19;
    /// The first named item.
    pub const FILE_FIRST: u16 = 0x20;
}

/// The longest file name in bytes, without its NUL.
pub const NAME_BYTES_MAX: usize = 55;

/// Keys end here: the two bits above have other meanings.
const KEY_END: u16 = 0x4000;
/// Features: the data register and DMA.
const FEATURES: u32 = 0b11;

/// A file that cannot be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FwCfgError {
    /// The name is empty, has a NUL or is longer than [`NAME_BYTES_MAX`].
    BadName(String),
    /// Another file has the name.
    Taken(String),
    /// The file is larger than 4 GiB, or there are no more keys.
    NoRoom(String),
}

impl fmt::Display for FwCfgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FwCfgError::BadName(name) => {
                write!(f, "fw_cfg file name `{name}` must have 1 to {NAME_BYTES_MAX} bytes and no NUL")
            }
            FwCfgError::Taken(name) => write!(f, "there is a fw_cfg file `{name}` already"),
            FwCfgError::NoRoom(name) => {
                write!(
                    f,
                    "fw_cfg file `{name}` has no room: 4 GiB a file and {} files at most",
                    KEY_END - key::FILE_FIRST
                )
            }
        }
    }
}

impl std::error::Error for FwCfgError {}

struct Item {
    bytes: Vec<u8>,
    writable: bool,
}

/// All items.
pub struct Items {
    by_key: BTreeMap<u16, Item>,
    files: BTreeMap<String, u16>,
}

impl Items {
    /// The items every device has.
    pub fn new() -> Items {
        let mut items = Items { by_key: BTreeMap::new(), files: BTreeMap::new() };
        items.insert(key::SIGNATURE, b"QEMU".to_vec());
        items.insert(key::ID, FEATURES.to_le_bytes().to_vec());
        items.update_directory();
        items
    }

    pub fn insert(&mut self, key: u16, bytes: Vec<u8>) {
        self.by_key.insert(key, Item { bytes, writable: false });
    }

    pub fn add_file(&mut self, name: &str, bytes: Vec<u8>, writable: bool) -> Result<u16, FwCfgError> {
        if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains('\0') {
            return Err(FwCfgError::BadName(name.into()));
        }
        if self.files.contains_key(name) {
            return Err(FwCfgError::Taken(name.into()));
        }
        let key = u16::try_from(self.files.len()).ok().and_then(|n| n.checked_add(key::FILE_FIRST));
        let key = key.filter(|key| *key < KEY_END && u32::try_from(bytes.len()).is_ok());
        let key = key.ok_or_else(|| FwCfgError::NoRoom(name.into()))?;
        self.by_key.insert(key, Item { bytes, writable });
        self.files.insert(name.into(), key);
        self.update_directory();
        Ok(key)
    }

    pub fn get(&self, key: u16) -> Option<&[u8]> {
        self.by_key.get(&key).map(|item| item.bytes.as_slice())
    }

    /// The bytes of an item, if a guest may write it.
    pub fn writable(&mut self, key: u16) -> Option<&mut [u8]> {
        self.by_key.get_mut(&key).filter(|item| item.writable).map(|item| item.bytes.as_mut_slice())
    }

    /// The contents of the writable items.
    pub fn save_writable(&self) -> BTreeMap<u16, HexBytes> {
        let writable = self.by_key.iter().filter(|(_, item)| item.writable);
        writable.map(|(key, item)| (*key, HexBytes(item.bytes.clone()))).collect()
    }

    /// Takes over contents of the same writable items.
    pub fn restore_writable(&mut self, saved: BTreeMap<u16, HexBytes>) -> Result<(), &'static str> {
        let here = self.save_writable();
        let sizes = |items: &BTreeMap<u16, HexBytes>| -> Vec<_> {
            items.iter().map(|(key, bytes)| (*key, bytes.0.len())).collect()
        };
        if sizes(&here) != sizes(&saved) {
            return Err("it has other writable items");
        }
        for (key, HexBytes(bytes)) in saved {
            self.by_key.insert(key, Item { bytes, writable: true });
        }
        Ok(())
    }

    /// The directory, big-endian: a count, then for each file in the order of
    /// names its size, key, two bytes of nothing, and its name in 56 bytes.
    fn update_directory(&mut self) {
        let mut directory = (self.files.len() as u32).to_be_bytes().to_vec();
        for (name, key) in &self.files {
            let size = self.get(*key).map_or(0, <[u8]>::len) as u32;
            directory.extend(size.to_be_bytes());
            directory.extend(key.to_be_bytes());
            directory.extend([0; 2]);
            let padding = NAME_BYTES_MAX + 1 - name.len();
            directory.extend(name.bytes().chain(std::iter::repeat_n(0, padding)));
        }
        self.insert(key::FILE_DIRECTORY, directory);
    }
}
