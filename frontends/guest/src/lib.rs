//! What one guest architecture tells the rest of Mynah: the [`Guest`] trait,
//! the CPU's state, decoder rows, faults and helpers, and IEEE floating point.
//!
//! Adding a guest means implementing [`Guest`], and nothing else.

mod fault;
mod fetch;
mod helper;
mod page;
mod row;
pub mod softfloat;
mod state;
#[doc(hidden)]
pub mod testing;

pub use fault::{Access, Cause, Fault};
pub use fetch::Fetch;
pub use helper::{Env, Flush, Helper, HelperFn, HelperLists, Requests};
pub use page::{PAGE_MODE, Page};
pub use row::{Pattern, Row, row, same};
pub use state::{CpuState, STATE_WORDS};

use bus::AddressSpace;
use ir::{Block, BlockKey, Spec};

/// One architecture: how its code is lifted, its memory translated, its faults
/// and interrupts delivered. It holds no state of a CPU.
pub trait Guest: Send + Sync {
    /// The architecture's name, such as `riscv64`.
    fn name(&self) -> &'static str;

    /// The state of one CPU and the helpers' declarations.
    fn spec(&self) -> &Spec;

    /// The helpers, in the order of their declarations.
    fn helpers(&self) -> &[Helper];

    /// The pc, and those mode bits that change what its bytes mean, but for
    /// [`PAGE_MODE`].
    fn block_key(&self, cpu: &CpuState) -> BlockKey;

    /// Lifts one block of at most `max_insns` guest instructions. It depends on
    /// `key` and the code alone. Code that cannot be decoded lifts to a trap.
    /// Addresses are relative to the block's origin, also those `code` is asked for.
    ///
    /// # Errors
    /// The first instruction cannot be fetched. (If a later one cannot, the
    /// block ends before it.)
    fn lift(&self, key: BlockKey, code: &mut dyn Fetch, max_insns: u32) -> Result<Block, Fault>;

    /// The translation regime in which code of this mode is fetched.
    fn fetch_regime(&self, mode: u32) -> u8;

    /// A number for the address space the CPU is in: a translation learnt under
    /// it holds whenever the number is the same again, until it is flushed.
    /// Global ones hold under any number. It changes only where a block leaves
    /// with [`Leave::Resume`](ir::Leave::Resume), by [`Guest::deliver`], or
    /// between runs.
    fn address_space(&self, cpu: &CpuState) -> u64;

    /// Translates `at` for an access of `bytes` bytes that stay inside one
    /// 4 KiB page, and sets accessed and dirty flags as the architecture says.
    ///
    /// # Errors
    /// The guest's fault for a translation that fails.
    fn walk(
        &self,
        cpu: &mut CpuState,
        space: &AddressSpace,
        at: u64,
        bytes: u8,
        access: Access,
        regime: u8,
    ) -> Result<Page, Fault>;

    /// What [`Guest::walk`] says of an access to `at` as long as no flag has to be set
    /// for it: engines look ahead, and a guest is not to see that. `None` if one has to
    /// be, or the access faults.
    fn peek(&self, cpu: &CpuState, space: &AddressSpace, at: u64, access: Access, regime: u8)
    -> Option<Page>;

    /// The fault for an access that nothing answers to.
    fn bus_error(&self, at: u64, access: Access) -> Fault;

    /// The fault for an access that has to be aligned and is not.
    fn misaligned(&self, at: u64, access: Access) -> Fault;

    /// Puts the CPU into its state after power-on, about to run at `entry`.
    fn reset(&self, cpu: &mut CpuState, index: u32, entry: u64);

    /// Takes note of the interrupt pins' levels (a bit a pin) and of the time.
    fn sample(&self, cpu: &mut CpuState, lines: u64, now_ns: u64);

    /// The interrupt that would be taken now.
    fn pending(&self, cpu: &CpuState) -> Option<Cause>;

    /// Whether an idle CPU wakes: an interrupt is pending, masked or not.
    fn wakes(&self, cpu: &CpuState) -> bool;

    /// When the CPU's own timers want [`Guest::sample`] to be called next.
    fn deadline_ns(&self, cpu: &CpuState) -> Option<u64>;

    /// A fault as it is delivered: the exception may tell of the instruction that raised
    /// it, which `code` has at the pc. Engines ask before [`Guest::deliver`], of each fault
    /// alike.
    fn complete(&self, _: &CpuState, _: &AddressSpace, fault: Fault, _code: &mut dyn Fetch) -> Fault {
        fault
    }

    /// Takes an exception or interrupt: the pc is that of the instruction that
    /// faulted, or of the next one for an interrupt.
    fn deliver(&self, cpu: &mut CpuState, cause: Cause);

    /// One instruction as text, and its length in bytes; `None` if `code` is
    /// too short.
    fn disassemble(&self, key: BlockKey, code: &[u8]) -> Option<(String, usize)>;
}
