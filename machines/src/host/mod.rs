//! The host's side of a machine's ports: disks in files and in memory, sources
//! of randomness, output to nowhere and to several places.

mod entropy;
mod file;
mod memory;
mod sink;

pub use entropy::{HostEntropy, SeededEntropy};
pub use file::FileStore;
pub use memory::MemoryStore;
pub use sink::{Capture, Discard, SharedSink};
