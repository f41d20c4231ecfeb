//! What devices and machines share: RAM, the physical address space, virtual
//! time, interrupt lines, the device and snapshot traits, and the host's end
//! of a console, disk or network cable.
//!
//! Nothing here names a CPU, reads a file or looks at the host's clock.

mod address;
mod clock;
mod device;
mod host;
mod irq;
mod private;
mod ram;
mod snapshot;

pub use address::{AddressSpace, BusError, Dma, Region, RegionKind};
pub use clock::Clock;
pub use device::{Device, Shared, shared};
pub use host::{BlockStore, CharPort, CharSink, EntropySource, NetPeer, PollFd};
pub use irq::{CpuLines, IrqInputs, IrqLine, IrqSink};
pub use private::{Initiator, PRIVATE_LINES, private_window};
pub use ram::{PAGE_BYTES, PAGE_SHIFT, PhysAddr, Ram};
pub use snapshot::{AnySnapshot, RestoreError, Snapshot};
