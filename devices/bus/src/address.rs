//! The physical address space: RAM and memory-mapped devices.

use crate::{Device, PhysAddr, Ram};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Nothing answers at the address, or not at that width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusError {
    /// The first byte asked for.
    pub at: PhysAddr,
}

impl std::fmt::Display for BusError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "nothing answers at physical address {:#x}", self.at)
    }
}

impl std::error::Error for BusError {}

/// What a region of the address space is.
#[derive(Clone)]
pub enum RegionKind {
    /// Memory.
    Ram(Arc<Ram>),
    /// A chip's registers.
    Device(Arc<Mutex<dyn Device>>),
}

/// One row of the memory map.
#[derive(Clone)]
pub struct Region {
    /// What the board calls it.
    pub name: String,
    /// Its physical addresses.
    pub range: Range<PhysAddr>,
    /// What answers there.
    pub kind: RegionKind,
}

/// All that answers to physical addresses, in address order, none overlapping.
#[derive(Clone, Default)]
pub struct AddressSpace {
    regions: Vec<Region>,
    ram: Vec<Arc<Ram>>,
}

impl AddressSpace {
    /// Adds RAM.
    ///
    /// # Panics
    /// If the range overlaps another: a board's mistake, not a guest's.
    pub fn add_ram(&mut self, name: &str, ram: Arc<Ram>) {
        self.ram.push(Arc::clone(&ram));
        self.insert(Region { name: name.into(), range: ram.range(), kind: RegionKind::Ram(ram) });
    }

    /// Adds a device's registers.
    ///
    /// # Panics
    /// If the range overlaps another: a board's mistake, not a guest's.
    pub fn add_device(&mut self, name: &str, range: Range<PhysAddr>, device: Arc<Mutex<dyn Device>>) {
        self.insert(Region { name: name.into(), range, kind: RegionKind::Device(device) });
    }

    fn insert(&mut self, region: Region) {
        let index = self.regions.partition_point(|r| r.range.start < region.range.start);
        let before = index.checked_sub(1).map(|i| &self.regions[i]);
        for other in before.into_iter().chain(self.regions.get(index)) {
            let apart = other.range.end <= region.range.start || region.range.end <= other.range.start;
            assert!(apart, "`{}` overlaps `{}`", region.name, other.name);
        }
        self.regions.insert(index, region);
    }

    /// The memory map, in address order.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The RAM regions.
    pub fn ram(&self) -> &[Arc<Ram>] {
        &self.ram
    }

    /// The RAM that holds `at`.
    pub fn ram_at(&self, at: PhysAddr) -> Option<&Arc<Ram>> {
        self.ram.iter().find(|ram| ram.range().contains(&at))
    }

    /// A handle on all RAM for devices that read and write memory themselves.
    pub fn dma(&self) -> Dma {
        Dma { ram: self.ram.clone().into() }
    }

    fn find(&self, at: PhysAddr, bytes: u8) -> Result<&Region, BusError> {
        let index = self.regions.partition_point(|r| r.range.end <= at);
        let region = self.regions.get(index).filter(|r| r.range.contains(&at)).ok_or(BusError { at })?;
        let last = at.checked_add(u64::from(bytes) - 1).ok_or(BusError { at })?;
        if region.range.contains(&last) { Ok(region) } else { Err(BusError { at }) }
    }

    /// Reads `bytes` (1, 2, 4 or 8) as a CPU does.
    ///
    /// # Errors
    /// Nothing is there, or the access leaves the region.
    pub fn read(&self, at: PhysAddr, bytes: u8) -> Result<u64, BusError> {
        let region = self.find(at, bytes)?;
        match &region.kind {
            RegionKind::Ram(ram) => ram.load(at, bytes).ok_or(BusError { at }),
            RegionKind::Device(device) => {
                let mut device = device.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(device.read(at - region.range.start, bytes) & mask(bytes))
            }
        }
    }

    /// Writes the low `bytes` (1, 2, 4 or 8) of `value` as a CPU does.
    ///
    /// # Errors
    /// Nothing is there, or the access leaves the region.
    pub fn write(&self, at: PhysAddr, bytes: u8, value: u64) -> Result<(), BusError> {
        let region = self.find(at, bytes)?;
        match &region.kind {
            RegionKind::Ram(ram) => ram.store(at, bytes, value).ok_or(BusError { at }),
            RegionKind::Device(device) => {
                let mut device = device.lock().unwrap_or_else(PoisonError::into_inner);
                device.write(at - region.range.start, bytes, value & mask(bytes));
                Ok(())
            }
        }
    }
}

/// The low `bytes` bytes set.
fn mask(bytes: u8) -> u64 {
    u64::MAX >> (64 - 8 * u32::from(bytes.clamp(1, 8)))
}

/// Direct access to RAM for a device. Every range is checked; none reaches a
/// device's registers or leaves one RAM region.
#[derive(Clone)]
pub struct Dma {
    ram: Arc<[Arc<Ram>]>,
}

impl Dma {
    /// Copies guest memory into `buf`.
    ///
    /// # Errors
    /// The range is not all RAM; `buf` is then unchanged.
    pub fn read(&self, at: PhysAddr, buf: &mut [u8]) -> Result<(), BusError> {
        if self.ram.iter().any(|ram| ram.read(at, buf)) { Ok(()) } else { Err(BusError { at }) }
    }

    /// Copies `buf` into guest memory.
    ///
    /// # Errors
    /// The range is not all RAM; nothing is then written.
    pub fn write(&self, at: PhysAddr, buf: &[u8]) -> Result<(), BusError> {
        if self.ram.iter().any(|ram| ram.write(at, buf)) { Ok(()) } else { Err(BusError { at }) }
    }

    /// Whether `len` bytes at `at` are all RAM.
    pub fn contains(&self, at: PhysAddr, len: u64) -> bool {
        let Some(end) = at.checked_add(len) else { return false };
        self.ram.iter().any(|ram| ram.range().start <= at && end <= ram.range().end)
    }

    /// Loads `N` bytes, little-endian.
    ///
    /// # Errors
    /// The range is not all RAM.
    pub fn load<const N: usize>(&self, at: PhysAddr) -> Result<[u8; N], BusError> {
        let mut buf = [0; N];
        self.read(at, &mut buf)?;
        Ok(buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared;

    struct Echo(u64);

    impl Device for Echo {
        fn read(&mut self, offset: u64, _bytes: u8) -> u64 {
            self.0 + offset
        }
        fn write(&mut self, offset: u64, bytes: u8, value: u64) {
            self.0 = value + offset + u64::from(bytes);
        }
        fn reset(&mut self) {}
    }

    fn space() -> AddressSpace {
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::new(Ram::new(0x8000_0000, 0x2000).expect("a small mapping")));
        space.add_device("echo", 0x1000..0x1010, shared(Echo(0)));
        space
    }

    #[test]
    fn devices_see_offsets_widths_and_masked_values() {
        let space = space();
        space.write(0x1004, 2, 0x1_2345).expect("mapped");
        assert_eq!(space.read(0x1000, 4), Ok(0x2345 + 4 + 2));
        assert_eq!(space.read(0x1000, 1), Ok((0x2345 + 4 + 2) & 0xff));
    }

    #[test]
    fn holes_and_straddling_accesses_are_bus_errors() {
        let space = space();
        for at in [0, 0xfff, 0x100d, 0x1010, 0x8000_1ffd, u64::MAX] {
            assert_eq!(space.read(at, 4), Err(BusError { at }), "{at:#x}");
        }
    }

    #[test]
    fn dma_reaches_ram_only() {
        let dma = space().dma();
        assert!(dma.read(0x1000, &mut [0; 4]).is_err());
        assert!(dma.write(0x8000_0000, &[1, 2, 3]).is_ok());
        assert_eq!(dma.load::<2>(0x8000_0001), Ok([2, 3]));
        assert!(!dma.contains(u64::MAX, 2) && dma.contains(0x8000_0000, 0x2000));
    }

    #[test]
    #[should_panic(expected = "overlaps")]
    fn overlapping_regions_are_refused() {
        space().add_device("late", 0x100f..0x1011, shared(Echo(0)));
    }
}
