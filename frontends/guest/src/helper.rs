//! Helpers: what the IR cannot say, in the guest crate's Rust.

use crate::{CpuState, Fault};
use bus::{AddressSpace, Clock};
use ir::HelperDecl;

/// Which of a CPU's translations an engine has to forget, in every regime: those
/// that both fields name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flush {
    /// Those of the page that holds this virtual address; `None` for all.
    pub page: Option<u64>,
    /// Those learnt in this address space (see
    /// [`Guest::address_space`](crate::Guest::address_space)) that are not
    /// global; `None` for those of all spaces and the global ones.
    pub space: Option<u64>,
}

impl Flush {
    /// Everything.
    pub const ALL: Flush = Flush { page: None, space: None };
}

/// What a helper asks of the engine once it has returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Requests {
    /// Translations to forget.
    pub flush: Option<Flush>,
    /// All CPUs forget them, before they run again.
    pub flush_everywhere: bool,
    /// Timers or interrupt masks changed: sample the pins and deadlines again.
    pub resample: bool,
    /// The CPU's memory reservation is dropped.
    pub drop_reservation: bool,
}

/// All that a helper can see and touch.
pub struct Env<'a> {
    /// The CPU's state.
    pub cpu: &'a mut CpuState,
    /// Physical memory and devices.
    pub space: &'a AddressSpace,
    /// Virtual time, exact at this instruction.
    pub clock: &'a Clock,
    /// Instructions this CPU retired before the current one.
    pub instructions: u64,
    /// What the engine is to do afterwards.
    pub requests: Requests,
}

/// A helper's code. It gets the arguments, unused ones zero.
///
/// # Errors
/// An exception of the guest; the helper has then changed no slot.
pub type HelperFn = fn(&mut Env<'_>, [u64; 4]) -> Result<u64, Fault>;

/// A helper: what the IR knows of it, and its code.
#[derive(Clone, Copy)]
pub struct Helper {
    /// Its declaration.
    pub decl: HelperDecl,
    /// Its code.
    pub run: HelperFn,
}
