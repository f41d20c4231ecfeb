//! The host's end of a console, a disk, a network cable and a source of
//! randomness. These are a machine's input ports: all that comes from outside
//! comes through them, so recording them records a run.

use std::io;
use std::os::fd::RawFd;

/// Where a serial port or console sends its output.
pub trait CharSink: Send {
    /// Takes all of `bytes`. The host's errors are kept for its own side: a
    /// guest must not notice that a terminal went away.
    fn write(&mut self, bytes: &[u8]);
}

/// A chip that takes what is typed: a serial port.
pub trait CharPort: Send {
    /// Characters come in from the host. Returns how many were taken; the rest
    /// did not fit and should be offered again later.
    fn receive(&mut self, chars: &[u8]) -> usize;
}

/// A disk's contents.
pub trait BlockStore: Send {
    /// Size in bytes.
    fn len_bytes(&self) -> u64;
    /// Whether writes are refused.
    fn read_only(&self) -> bool;
    /// Fills `buf` from byte `offset`.
    ///
    /// # Errors
    /// A range outside the disk, or the host's own failure.
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()>;
    /// Writes `buf` at byte `offset`.
    ///
    /// # Errors
    /// A range outside the disk, a read-only disk, or the host's own failure.
    fn write_at(&mut self, offset: u64, buf: &[u8]) -> io::Result<()>;
    /// Returns once all earlier writes would survive a crash of the host.
    ///
    /// # Errors
    /// The host's own failure.
    fn flush(&mut self) -> io::Result<()>;
    /// Gives the range back to the host; it reads as zeroes afterwards.
    ///
    /// # Errors
    /// As for [`BlockStore::write_at`].
    fn discard(&mut self, offset: u64, len_bytes: u64) -> io::Result<()>;
}

/// The other end of a network cable. Frames are Ethernet II without FCS.
pub trait NetPeer: Send {
    /// Takes one frame the guest sent.
    fn send(&mut self, frame: &[u8], now_ns: u64);
    /// The next frame for the guest, if there is one.
    fn receive(&mut self, now_ns: u64) -> Option<Vec<u8>>;
    /// The virtual time at which the peer wants to be asked again.
    fn deadline(&self) -> Option<u64>;
    /// The file descriptors on which a sleeping run loop has to wait.
    fn poll_fds(&self, out: &mut Vec<PollFd>);
}

/// A file descriptor to wait on, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollFd {
    /// The descriptor, open for as long as its owner is unchanged.
    pub fd: RawFd,
    /// Wait until it can be read.
    pub readable: bool,
    /// Wait until it can be written.
    pub writable: bool,
}

/// Where random bytes for the guest come from.
pub trait EntropySource: Send {
    /// Fills `buf`.
    fn fill(&mut self, buf: &mut [u8]);
}
