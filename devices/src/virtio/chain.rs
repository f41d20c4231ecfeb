//! Descriptor chains (virtio 1.2, sections 2.7.4 and 2.7.5).
//!
//! A chain is walked once, when it is taken from the ring, and every rule is
//! checked then. What a device reads and writes afterwards are two byte
//! streams; where descriptors begin and end does not matter (section 2.7.4).

use super::QueueFault;
use bus::{Dma, PhysAddr};

/// The most descriptors one chain may have, indirect ones included. Linux and
/// QEMU use the same bound.
const DESCRIPTORS_MAX: u32 = 1024;
/// Size of one descriptor (section 2.7.5).
pub(super) const DESCRIPTOR_BYTES: u64 = 16;

/// Descriptor flags (section 2.7.5).
mod flag {
    pub const NEXT: u16 = 1;
    pub const WRITE: u16 = 2;
    pub const INDIRECT: u16 = 4;
}

/// A table of descriptors, the queue's own or an indirect one.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub at: PhysAddr,
    pub entries: u32,
}

struct Descriptor {
    at: PhysAddr,
    len: u32,
    flags: u16,
    next: u16,
}

impl Table {
    fn load(self, dma: &Dma, index: u32) -> Result<Descriptor, QueueFault> {
        if index >= self.entries {
            return Err(QueueFault::IndexOutOfRange);
        }
        let at = self.at.wrapping_add(u64::from(index) * DESCRIPTOR_BYTES);
        let raw = u128::from_le_bytes(dma.load(at).map_err(|_| QueueFault::RingOutsideRam)?);
        let (at, len) = (raw as u64, (raw >> 64) as u32);
        Ok(Descriptor { at, len, flags: (raw >> 96) as u16, next: (raw >> 112) as u16 })
    }
}

/// The buffers of one direction, as a stream of bytes.
#[derive(Default)]
struct Stream {
    segments: Vec<(PhysAddr, u32)>,
    index: usize,
    offset: u32,
    left: u64,
}

impl Stream {
    fn clear(&mut self) {
        self.segments.clear();
        (self.index, self.offset, self.left) = (0, 0, 0);
    }

    fn add(&mut self, at: PhysAddr, len: u32) {
        self.segments.push((at, len));
        self.left += u64::from(len);
    }

    /// The next contiguous piece, at most `max` bytes; the stream moves past it.
    fn advance(&mut self, max: usize) -> Option<(PhysAddr, usize)> {
        let &(at, len) = self.segments.get(self.index)?;
        let piece = (len - self.offset).min(u32::try_from(max).unwrap_or(u32::MAX));
        let start = at + u64::from(self.offset);
        self.offset += piece;
        self.left -= u64::from(piece);
        if self.offset == len {
            (self.index, self.offset) = (self.index + 1, 0);
        }
        Some((start, piece as usize))
    }
}

/// A request the driver made available: bytes to read, and room to write.
#[derive(Default)]
pub struct Chain {
    head: u16,
    readable: Stream,
    writable: Stream,
    written: u32,
}

impl Chain {
    /// Index of the first descriptor, which names the chain in the used ring.
    pub fn head(&self) -> u16 {
        self.head
    }

    /// Bytes not yet read.
    pub fn readable_bytes(&self) -> u64 {
        self.readable.left
    }

    /// Room not yet written, in bytes.
    pub fn writable_bytes(&self) -> u64 {
        self.writable.left
    }

    /// Length of the written part, which begins at the first writable byte.
    pub fn written_bytes(&self) -> u32 {
        self.written
    }

    /// Reads the next bytes into `buf`; returns how many there were.
    pub fn read(&mut self, dma: &Dma, buf: &mut [u8]) -> usize {
        let mut done = 0;
        while done < buf.len() {
            let Some((at, len)) = self.readable.advance(buf.len() - done) else { break };
            // Cannot fail: the walk found the range to be RAM.
            if dma.read(at, &mut buf[done..done + len]).is_err() {
                break;
            }
            done += len;
        }
        done
    }

    /// Passes over the next `bytes`, or over all there are.
    pub fn skip(&mut self, mut bytes: u64) {
        while bytes > 0 {
            let max = usize::try_from(bytes).unwrap_or(usize::MAX);
            let Some((_, len)) = self.readable.advance(max) else { break };
            bytes -= len as u64;
        }
    }

    /// Writes `bytes` to the next room; returns how many there was room for.
    pub fn write(&mut self, dma: &Dma, bytes: &[u8]) -> usize {
        let mut done = 0;
        while done < bytes.len() {
            let Some((at, len)) = self.writable.advance(bytes.len() - done) else { break };
            // Cannot fail: the walk found the range to be RAM.
            if dma.write(at, &bytes[done..done + len]).is_err() {
                break;
            }
            done += len;
            self.written += len as u32;
        }
        done
    }

    /// Writes the very last byte of the room, where block requests and network
    /// commands want their status; `false` if there is no room at all.
    pub fn write_last(&mut self, dma: &Dma, byte: u8) -> bool {
        let Some(&(at, len)) = self.writable.segments.last() else { return false };
        // Only a gapless prefix may be reported as written (section 2.7.8.2).
        if self.writable.left == 1 {
            self.writable.advance(1);
            self.written += 1;
        }
        dma.write(at + u64::from(len) - 1, &[byte]).is_ok()
    }

    /// Empties the chain, keeping its allocations.
    fn clear(&mut self, head: u16) {
        self.head = head;
        self.written = 0;
        self.readable.clear();
        self.writable.clear();
    }

    /// Replaces this chain by the one that starts at `head` of `table`.
    pub(super) fn walk(
        &mut self,
        dma: &Dma,
        mut table: Table,
        head: u16,
        indirect_allowed: bool,
    ) -> Result<(), QueueFault> {
        self.clear(head);
        let (mut index, mut in_indirect) = (u32::from(head), false);
        let mut left = table.entries.min(DESCRIPTORS_MAX);
        loop {
            left = left.checked_sub(1).ok_or(QueueFault::ChainTooLong)?;
            let descriptor = table.load(dma, index)?;
            if descriptor.flags & flag::INDIRECT != 0 {
                if !indirect_allowed || in_indirect {
                    return Err(QueueFault::IndirectNotAllowed);
                }
                table = indirect_table(dma, &descriptor)?;
                (index, in_indirect) = (0, true);
                left = table.entries.min(DESCRIPTORS_MAX - self.descriptors());
                continue;
            }
            self.add(dma, &descriptor)?;
            if descriptor.flags & flag::NEXT == 0 {
                return Ok(());
            }
            index = descriptor.next.into();
        }
    }

    fn descriptors(&self) -> u32 {
        (self.readable.segments.len() + self.writable.segments.len()) as u32
    }

    fn add(&mut self, dma: &Dma, descriptor: &Descriptor) -> Result<(), QueueFault> {
        let writable = descriptor.flags & flag::WRITE != 0;
        if !writable && !self.writable.segments.is_empty() {
            return Err(QueueFault::ReadableAfterWritable);
        }
        if descriptor.len == 0 {
            return Ok(()); // Not forbidden, and nothing to do.
        }
        if !dma.contains(descriptor.at, descriptor.len.into()) {
            return Err(QueueFault::BufferOutsideRam);
        }
        let stream = if writable { &mut self.writable } else { &mut self.readable };
        stream.add(descriptor.at, descriptor.len);
        let total = self.readable.left + self.writable.left;
        if total > u32::MAX.into() { Err(QueueFault::ChainTooLong) } else { Ok(()) }
    }
}

/// Section 2.7.5.3: an indirect descriptor ends the chain of the queue's own
/// table, and its write flag is to be ignored.
fn indirect_table(dma: &Dma, descriptor: &Descriptor) -> Result<Table, QueueFault> {
    if descriptor.flags & flag::NEXT != 0 {
        return Err(QueueFault::IndirectNotAllowed);
    }
    let bytes = u64::from(descriptor.len);
    if bytes == 0 || !bytes.is_multiple_of(DESCRIPTOR_BYTES) {
        return Err(QueueFault::IndirectLength);
    }
    if !dma.contains(descriptor.at, bytes) {
        return Err(QueueFault::RingOutsideRam);
    }
    Ok(Table { at: descriptor.at, entries: (bytes / DESCRIPTOR_BYTES) as u32 })
}
