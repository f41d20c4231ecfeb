//! Helpers: what the IR cannot say, in the guest crate's Rust.

use crate::row::same;
use crate::{CpuState, Fault};
use bus::{AddressSpace, Clock};
use ir::{HelperDecl, HelperId};

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

/// The helpers of a front end: a list for each of its modules that has some. All of
/// this works at compile time.
#[derive(Clone, Copy)]
pub struct HelperLists(pub &'static [&'static [Helper]]);

impl HelperLists {
    /// The number of the helper called `name`. Meant for `const` items, so that a name
    /// that does not exist fails to compile.
    ///
    /// # Panics
    /// If there is none.
    pub const fn id(self, name: &str) -> HelperId {
        let (mut base, mut list) = (0, 0);
        while list < self.0.len() {
            let mut i = 0;
            while i < self.0[list].len() {
                if same(self.0[list][i].decl.name, name) {
                    return HelperId((base + i) as u16);
                }
                i += 1;
            }
            base += self.0[list].len();
            list += 1;
        }
        panic!("no helper has this name")
    }

    /// How many helpers there are.
    pub const fn count(self) -> usize {
        let (mut count, mut list) = (0, 0);
        while list < self.0.len() {
            count += self.0[list].len();
            list += 1;
        }
        count
    }

    /// All lists, one after the other: a helper's place is its [`HelperId`].
    ///
    /// # Panics
    /// If `N` is not their [`HelperLists::count`], or 0.
    pub const fn concatenated<const N: usize>(self) -> [Helper; N] {
        assert!(N == self.count(), "the array has room for all helpers and no more");
        let mut first = 0;
        while self.0[first].is_empty() {
            first += 1;
        }
        let mut all = [self.0[first][0]; N];
        let (mut at, mut list) = (0, 0);
        while list < self.0.len() {
            let mut i = 0;
            while i < self.0[list].len() {
                all[at] = self.0[list][i];
                at += 1;
                i += 1;
            }
            list += 1;
        }
        all
    }
}
