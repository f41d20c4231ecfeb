//! Guest state as data: the one list of registers from which everything that
//! needs one is derived.

use crate::{InlineFloat, Type};
use bitflags::bitflags;

/// A named piece of guest state; an index into its [`StateLayout`]. A vector has
/// two, of which the even one names it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Slot(pub u16);

impl Slot {
    /// The index into [`StateLayout::slots`], which is also the index of the
    /// 64-bit word that holds the slot.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The slot behind it: if this is a vector's, the upper word.
    pub const fn upper(self) -> Slot {
        Slot(self.0 + 1)
    }
}

/// What a slot is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SlotClass {
    /// The program counter.
    Pc,
    /// A general register.
    Gpr,
    /// A floating-point or vector register.
    Fpr,
    /// A condition flag.
    Flag,
    /// A control or status register.
    Control,
    /// State that the architecture does not show.
    Hidden,
    /// No slot of its own: the upper word of the vector before it.
    Upper,
}

/// One slot: a word of state, zero-extended if its type is narrower. A vector's is
/// followed by one more, of class [`SlotClass::Upper`] and type `i64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotInfo {
    /// Its name, as in the manual.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What it is for.
    pub class: SlotClass,
}

/// All state of one guest CPU.
#[derive(Clone, Debug, Default)]
pub struct StateLayout {
    slots: Vec<SlotInfo>,
}

impl StateLayout {
    /// The most slots a layout can have.
    pub const MAX_SLOTS: usize = 512;

    /// Adds a slot. A vector takes two words, of which the first has an even
    /// number, so that it lies aligned.
    ///
    /// # Panics
    /// If there are too many, the name is taken, or a vector would have an odd
    /// number: a front end's mistake.
    pub fn add(&mut self, name: &'static str, ty: Type, class: SlotClass) -> Slot {
        let slot = Slot(self.slots.len() as u16);
        assert!(self.by_name(name).is_none(), "two slots are called `{name}`");
        self.slots.push(SlotInfo { name, ty, class });
        if ty.is_vector() {
            assert!(slot.0.is_multiple_of(2), "the vector `{name}` has an odd slot, {}", slot.0);
            self.slots.push(SlotInfo { name, ty: Type::I64, class: SlotClass::Upper });
        }
        assert!(self.slots.len() <= Self::MAX_SLOTS, "a layout has at most {} slots", Self::MAX_SLOTS);
        slot
    }

    /// All slots, in order; those of class [`SlotClass::Upper`] are in it.
    pub fn slots(&self) -> &[SlotInfo] {
        &self.slots
    }

    /// One slot's row.
    pub fn info(&self, slot: Slot) -> &SlotInfo {
        &self.slots[slot.index()]
    }

    /// The slot with this name.
    pub fn by_name(&self, name: &str) -> Option<Slot> {
        self.slots.iter().position(|s| s.name == name).map(|i| Slot(i as u16))
    }

    /// The program counter.
    ///
    /// # Panics
    /// If the layout has none: a front end's mistake.
    pub fn pc(&self) -> Slot {
        let index = self.slots.iter().position(|s| s.class == SlotClass::Pc);
        Slot(index.expect("every guest has a program counter") as u16)
    }
}

/// A set of slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlotSet {
    /// Every slot.
    All,
    /// Just these.
    These(&'static [Slot]),
}

impl SlotSet {
    /// The empty set.
    pub const NONE: SlotSet = SlotSet::These(&[]);

    /// Whether `slot` is in the set.
    pub fn contains(self, slot: Slot) -> bool {
        match self {
            SlotSet::All => true,
            SlotSet::These(slots) => slots.contains(&slot),
        }
    }
}

bitflags! {
    /// What a helper may do beside reading and writing slots.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct Effects: u8 {
        /// Raise a fault of the guest.
        const FAULT = 1;
        /// Read or write guest memory or devices.
        const MEMORY = 2;
        /// Read time, counters or interrupt pins: the count must be exact.
        const OBSERVE = 4;
        /// Change what is translated, what is pending or how code is decoded:
        /// the block ends after it.
        const CONTROL = 8;
    }
}

/// An index into [`Spec::helpers`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct HelperId(pub u16);

/// What the IR has to know of a helper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HelperDecl {
    /// Its name in the text form.
    pub name: &'static str,
    /// How many `i64` arguments it takes (0 to 4).
    pub args: u8,
    /// Whether it yields an `i64`.
    pub returns: bool,
    /// The slots it reads.
    pub reads: SlotSet,
    /// The slots it writes.
    pub writes: SlotSet,
    /// What else it may do.
    pub effects: Effects,
    /// What the host may compute in its place.
    pub inline: &'static [InlineFloat],
}

impl HelperDecl {
    /// Whether the block may end at a call: by a fault or another effect, or as an
    /// engine leaves there because the guest's settings forbid what the host would
    /// compute ([`FloatEnv::nearest`](crate::FloatEnv::nearest)). All slots are then
    /// looked at.
    pub fn may_leave(&self) -> bool {
        !self.effects.is_empty() || self.inline.iter().any(|form| form.env.nearest.is_some())
    }
}

/// What blocks of one guest refer to: its state and its helpers.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// The guest's state.
    pub layout: StateLayout,
    /// The guest's helpers.
    pub helpers: Vec<HelperDecl>,
}

impl Spec {
    /// One helper's row.
    pub fn helper(&self, id: HelperId) -> &HelperDecl {
        &self.helpers[usize::from(id.0)]
    }

    /// The helper with this name.
    pub fn helper_by_name(&self, name: &str) -> Option<HelperId> {
        self.helpers.iter().position(|h| h.name == name).map(|i| HelperId(i as u16))
    }
}
