//! Block device, virtio-blk (virtio 1.2, section 5.2).

use super::device::read_config_image;
use super::{Chain, QueueFault, Queues, VirtioDevice};
use bus::{BlockStore, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};
use std::io;

const REQUESTS: usize = 0;
/// The unit of all sector numbers, whatever the block size (section 5.2.4).
const SECTOR_BYTES: u64 = 512;
/// Size of the copy between store and RAM.
const BUFFER_BYTES: usize = 64 << 10;
const QUEUE_SIZE: u16 = 256;
/// What a request may carry besides its header and status.
const SEGMENTS_MAX: u32 = QUEUE_SIZE as u32 - 2;
/// 2 GiB for one segment of a discard request.
const DISCARD_SECTORS_MAX: u32 = 1 << 22;
/// 64 MiB: zeroes may have to be written out.
const WRITE_ZEROES_SECTORS_MAX: u32 = 1 << 17;
const DISCARD_SEGMENTS_MAX: u32 = 16;
const WRITE_ZEROES_SEGMENTS_MAX: u32 = 1;

/// Feature bits (section 5.2.3), as masks.
mod feature {
    pub const SEG_MAX: u64 = 1 << 2;
    pub const RO: u64 = 1 << 5;
    pub const BLK_SIZE: u64 = 1 << 6;
    pub const FLUSH: u64 = 1 << 9;
    pub const CONFIG_WCE: u64 = 1 << 11;
    pub const DISCARD: u64 = 1 << 13;
    pub const WRITE_ZEROES: u64 = 1 << 14;
}

/// Request types (section 5.2.6).
mod request {
    pub const IN: u32 = 0;
    pub const OUT: u32 = 1;
    pub const FLUSH: u32 = 4;
    pub const GET_ID: u32 = 8;
    pub const DISCARD: u32 = 11;
    pub const WRITE_ZEROES: u32 = 13;
}

/// Offset of `writeback` in configuration space (section 5.2.4).
const WRITEBACK: u64 = 32;
/// In a write-zeroes segment: the range may be given back to the host.
const UNMAP: u32 = 1;
const ID_BYTES: usize = 20;

/// The host could not do what the guest asked of a disk.
#[derive(Debug)]
pub struct BlkError {
    /// First byte of the disk concerned.
    pub offset_bytes: u64,
    /// What the store reported.
    pub error: io::Error,
}

impl std::fmt::Display for BlkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "disk I/O at byte {}: {}", self.offset_bytes, self.error)
    }
}

impl std::error::Error for BlkError {}

/// Why a request failed.
enum Failure {
    /// The host could not do it.
    Host(BlkError),
    /// A driver must not ask for this.
    Invalid,
    /// The device does not offer this.
    Unsupported,
}

impl Failure {
    fn host(offset_bytes: u64) -> impl FnOnce(io::Error) -> Failure {
        move |error| Failure::Host(BlkError { offset_bytes, error })
    }
}

/// The status byte of a request (section 5.2.6).
mod status {
    pub const OK: u8 = 0;
    pub const IOERR: u8 = 1;
    pub const UNSUPP: u8 = 2;
}

/// What the driver has set; the disk's contents are the store's.
#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub struct BlkState {
    /// 1 if completed writes may still be in the host's cache.
    writeback: u8,
}

/// A disk for the guest.
pub struct Blk {
    state: BlkState,
    store: Box<dyn BlockStore>,
    id: [u8; ID_BYTES],
    buffer: Box<[u8]>,
    last_error: Option<BlkError>,
}

impl Blk {
    /// A disk with the contents of `store`, of which the part that does not
    /// fill a 512-byte sector is out of reach. `id`, in ASCII, is the serial
    /// number the guest can ask for; more than 20 bytes are cut off.
    pub fn new(store: Box<dyn BlockStore>, id: &str) -> Blk {
        let mut padded = [0; ID_BYTES];
        let len = id.len().min(ID_BYTES);
        padded[..len].copy_from_slice(&id.as_bytes()[..len]);
        let buffer = vec![0; BUFFER_BYTES].into_boxed_slice();
        Blk { state: BlkState { writeback: 1 }, store, id: padded, buffer, last_error: None }
    }

    /// The host's last failure since power-on, for its user to be told.
    pub fn last_error(&self) -> Option<&BlkError> {
        self.last_error.as_ref()
    }

    /// The disk's contents.
    pub fn store(&mut self) -> &mut dyn BlockStore {
        &mut *self.store
    }

    fn capacity_sectors(&self) -> u64 {
        self.store.len_bytes() / SECTOR_BYTES
    }

    /// The byte offset of `sector`, if `len_bytes` from there are on the disk.
    fn locate(&self, sector: u64, len_bytes: u64) -> Result<u64, Failure> {
        if !len_bytes.is_multiple_of(SECTOR_BYTES) {
            return Err(Failure::Invalid);
        }
        let end = sector.checked_add(len_bytes / SECTOR_BYTES);
        if end.is_none_or(|end| end > self.capacity_sectors()) {
            return Err(Failure::Invalid);
        }
        Ok(sector * SECTOR_BYTES)
    }

    fn serve(&mut self, queues: &mut Queues<'_>) {
        while let Some(mut chain) = queues.pop(REQUESTS) {
            if chain.writable_bytes() == 0 {
                queues.fail(REQUESTS, QueueFault::NoRoomForStatus);
                return;
            }
            let status = match self.request(&mut chain, queues) {
                Ok(()) => status::OK,
                Err(Failure::Invalid) => status::IOERR,
                Err(Failure::Unsupported) => status::UNSUPP,
                Err(Failure::Host(error)) => {
                    self.last_error = Some(error);
                    status::IOERR
                }
            };
            chain.write_last(queues.dma(), status);
            queues.push(REQUESTS, chain);
        }
    }

    fn request(&mut self, chain: &mut Chain, queues: &mut Queues<'_>) -> Result<(), Failure> {
        let mut header = [0; 16];
        if chain.read(queues.dma(), &mut header) < header.len() {
            return Err(Failure::Invalid);
        }
        let header = u128::from_le_bytes(header);
        let (kind, sector) = (header as u32, (header >> 64) as u64);
        match kind {
            request::IN => self.read(chain, queues, sector),
            request::OUT => {
                self.check_writable()?;
                self.write(chain, queues, sector)?;
                self.settle_writes(queues)
            }
            request::FLUSH => self.flush(),
            request::GET_ID => {
                let room = (chain.writable_bytes() - 1).min(ID_BYTES as u64) as usize;
                chain.write(queues.dma(), &self.id[..room]);
                Ok(())
            }
            request::DISCARD | request::WRITE_ZEROES => {
                if self.store.read_only() {
                    return Err(Failure::Unsupported);
                }
                self.ranges(chain, queues, kind)?;
                self.settle_writes(queues)
            }
            _ => Err(Failure::Unsupported),
        }
    }

    fn check_writable(&self) -> Result<(), Failure> {
        if self.store.read_only() { Err(Failure::Invalid) } else { Ok(()) }
    }

    fn read(&mut self, chain: &mut Chain, queues: &Queues<'_>, sector: u64) -> Result<(), Failure> {
        let mut left = chain.writable_bytes() - 1; // The last byte is the status.
        let mut offset_bytes = self.locate(sector, left)?;
        while left > 0 {
            let piece = &mut self.buffer[..left.min(BUFFER_BYTES as u64) as usize];
            self.store.read_at(offset_bytes, piece).map_err(Failure::host(offset_bytes))?;
            chain.write(queues.dma(), piece);
            offset_bytes += piece.len() as u64;
            left -= piece.len() as u64;
        }
        Ok(())
    }

    fn write(&mut self, chain: &mut Chain, queues: &Queues<'_>, sector: u64) -> Result<(), Failure> {
        let mut offset_bytes = self.locate(sector, chain.readable_bytes())?;
        while chain.readable_bytes() > 0 {
            let len = chain.read(queues.dma(), &mut self.buffer);
            let written = self.store.write_at(offset_bytes, &self.buffer[..len]);
            written.map_err(Failure::host(offset_bytes))?;
            offset_bytes += len as u64;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.store.flush().map_err(Failure::host(0))
    }

    /// Section 5.2.6.2: without a write-back cache, a write that is reported
    /// complete has reached stable storage.
    fn settle_writes(&mut self, queues: &Queues<'_>) -> Result<(), Failure> {
        let writeback = match queues.has(feature::CONFIG_WCE) {
            true => self.state.writeback != 0,
            false => queues.has(feature::FLUSH),
        };
        if writeback { Ok(()) } else { self.flush() }
    }

    /// Discard and write-zeroes requests: a list of ranges.
    fn ranges(&mut self, chain: &mut Chain, queues: &mut Queues<'_>, kind: u32) -> Result<(), Failure> {
        let (segments_max, sectors_max) = match kind {
            request::DISCARD => (DISCARD_SEGMENTS_MAX, DISCARD_SECTORS_MAX),
            _ => (WRITE_ZEROES_SEGMENTS_MAX, WRITE_ZEROES_SECTORS_MAX),
        };
        let bytes = chain.readable_bytes();
        if bytes == 0 || !bytes.is_multiple_of(16) || bytes / 16 > segments_max.into() {
            return Err(Failure::Invalid);
        }
        let mut segment = [0; 16];
        while chain.read(queues.dma(), &mut segment) == segment.len() {
            let segment = u128::from_le_bytes(segment);
            let (sector, sectors, flags) = (segment as u64, (segment >> 64) as u32, (segment >> 96) as u32);
            if flags & !UNMAP != 0 || kind == request::DISCARD && flags != 0 {
                return Err(Failure::Unsupported);
            }
            if sectors > sectors_max {
                return Err(Failure::Invalid);
            }
            let len_bytes = u64::from(sectors) * SECTOR_BYTES;
            let offset_bytes = self.locate(sector, len_bytes)?;
            let done = match kind == request::DISCARD || flags & UNMAP != 0 {
                true => self.store.discard(offset_bytes, len_bytes),
                false => {
                    queues.charge(len_bytes);
                    self.write_zeroes(offset_bytes, len_bytes)
                }
            };
            done.map_err(Failure::host(offset_bytes))?;
        }
        Ok(())
    }

    fn write_zeroes(&mut self, mut offset_bytes: u64, mut left: u64) -> io::Result<()> {
        self.buffer.fill(0);
        while left > 0 {
            let len = left.min(BUFFER_BYTES as u64);
            self.store.write_at(offset_bytes, &self.buffer[..len as usize])?;
            (offset_bytes, left) = (offset_bytes + len, left - len);
        }
        Ok(())
    }
}

impl VirtioDevice for Blk {
    const DEVICE_ID: u32 = 2;

    fn features(&self) -> u64 {
        let by_access = match self.store.read_only() {
            true => feature::RO,
            false => feature::DISCARD | feature::WRITE_ZEROES,
        };
        by_access | feature::SEG_MAX | feature::BLK_SIZE | feature::FLUSH | feature::CONFIG_WCE
    }

    fn queue_sizes(&self) -> &'static [u16] {
        &[QUEUE_SIZE]
    }

    /// Section 5.2.4.
    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let mut image = [0; 60];
        let mut put = |at: usize, value: u32| image[at..at + 4].copy_from_slice(&value.to_le_bytes());
        let capacity = self.capacity_sectors();
        put(0, capacity as u32);
        put(4, (capacity >> 32) as u32);
        put(12, SEGMENTS_MAX);
        put(20, SECTOR_BYTES as u32); // blk_size
        put(WRITEBACK as usize, self.state.writeback.into());
        if !self.store.read_only() {
            put(36, DISCARD_SECTORS_MAX);
            put(40, DISCARD_SEGMENTS_MAX);
            put(44, 1); // discard_sector_alignment
            put(48, WRITE_ZEROES_SECTORS_MAX);
            put(52, WRITE_ZEROES_SEGMENTS_MAX);
            put(56, 1); // write_zeroes_may_unmap
        }
        read_config_image(&image, offset, data);
    }

    /// The driver may turn the write-back cache off and on (section 5.2.5).
    fn write_config(&mut self, offset: u64, data: &[u8]) {
        if offset == WRITEBACK
            && let Some(&byte) = data.first()
        {
            self.state.writeback = byte & 1;
        }
    }

    /// Section 5.2.5.2: no write-back cache without a way to flush it.
    fn activate(&mut self, features: u64) {
        if features & (feature::CONFIG_WCE | feature::FLUSH) == feature::CONFIG_WCE {
            self.state.writeback = 0;
        }
    }

    fn reset(&mut self) {
        self.state.writeback = 1;
    }

    fn notify(&mut self, _queue: usize, queues: &mut Queues<'_>) {
        self.serve(queues);
    }

    fn poll(&mut self, queues: &mut Queues<'_>) {
        self.serve(queues);
    }
}

impl Snapshot for Blk {
    const KIND: &'static str = "virtio-blk";
    const VERSION: u32 = 1;
    type State = BlkState;

    fn save(&self) -> BlkState {
        self.state.clone()
    }

    fn restore(&mut self, state: BlkState) -> Result<(), RestoreError> {
        self.state = state;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
