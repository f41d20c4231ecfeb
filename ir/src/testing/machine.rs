//! A host in which everything that can be observed is plain data.

use super::{BASE, call, spec};
use crate::interp::Host;
use crate::{Align, HelperId, MemAccess, RmwOp, Slot, Type, eval};

/// Something a host sees in passing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// A guest instruction started.
    Insn(u64),
    /// A fence.
    Fence,
    /// A helper that does more than compute was called.
    Call(HelperId, [u64; 4]),
    /// An access: address, bytes, whether it writes.
    Access(u64, u8, MemAccess, bool),
}

/// Why a block stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// An access outside the window.
    Unmapped(u64),
    /// An access that had to be aligned.
    Misaligned(u64),
    /// A helper's.
    Helper(u64),
    /// One that the block raises: cause and datum.
    Trap(u64, u64),
}

/// Slots, a window of memory and a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Machine {
    /// The origin of blocks, 0 at first.
    pub origin: u64,
    /// The slots, a word each.
    pub words: Vec<u64>,
    /// The memory from the address in [`BASE`] on.
    pub memory: Vec<u8>,
    /// What the reservation stands on: address and bytes.
    pub reservation: Option<(u64, u8)>,
    /// All that was seen, in order.
    pub events: Vec<Event>,
}

impl Machine {
    /// A machine with `window` bytes of memory at `base`, and slots and memory
    /// filled from `seed`.
    pub fn new(base: u64, window: usize, seed: u64) -> Machine {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ state >> 29
        };
        let mut words: Vec<u64> = spec().layout.slots().iter().map(|slot| next() & slot.ty.mask()).collect();
        words[BASE.index()] = base;
        let memory = (0..window).map(|_| next() as u8).collect();
        Machine { origin: 0, words, memory, reservation: None, events: Vec::new() }
    }

    /// The index into the memory, if the access is in order.
    fn index(&mut self, ty: Type, access: MemAccess, addr: u64, writes: bool) -> Result<usize, Fault> {
        let bytes = ty.bytes();
        if access.align == Align::Natural && !addr.is_multiple_of(u64::from(bytes)) {
            return Err(Fault::Misaligned(addr));
        }
        let from = addr.wrapping_sub(self.words[BASE.index()]);
        let fits = from.checked_add(u64::from(bytes)).is_some_and(|end| end <= self.memory.len() as u64);
        if !fits {
            return Err(Fault::Unmapped(addr));
        }
        self.events.push(Event::Access(addr, bytes, access, writes));
        Ok(from as usize)
    }

    fn read(&self, ty: Type, index: usize) -> u64 {
        let bytes = &self.memory[index..index + usize::from(ty.bytes())];
        bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
    }

    fn write(&mut self, ty: Type, index: usize, value: u64) {
        let bytes = usize::from(ty.bytes());
        self.memory[index..index + bytes].copy_from_slice(&value.to_le_bytes()[..bytes]);
    }
}

impl Host for Machine {
    type Fault = Fault;

    fn origin(&self) -> u64 {
        self.origin
    }

    fn get(&mut self, slot: Slot) -> u64 {
        self.words[slot.index()]
    }

    fn set(&mut self, slot: Slot, value: u64) {
        self.words[slot.index()] = value;
    }

    fn load(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        let index = self.index(ty, access, addr, false)?;
        Ok(self.read(ty, index))
    }

    fn store(&mut self, ty: Type, access: MemAccess, addr: u64, value: u64) -> Result<(), Fault> {
        let index = self.index(ty, access, addr, true)?;
        self.write(ty, index, value);
        Ok(())
    }

    fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        let value = self.load(ty, access, addr)?;
        self.reservation = Some((addr, ty.bytes()));
        Ok(value)
    }

    fn store_conditional(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<bool, Fault> {
        let index = self.index(ty, access, addr, true)?;
        let stands = self.reservation.take() == Some((addr, ty.bytes()));
        if stands {
            self.write(ty, index, value);
        }
        Ok(stands)
    }

    fn atomic_rmw(
        &mut self,
        op: RmwOp,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<u64, Fault> {
        let index = self.index(ty, access, addr, true)?;
        let old = self.read(ty, index);
        self.write(ty, index, eval::rmw(op, ty, old, value));
        Ok(old)
    }

    fn atomic_cas(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        expected: u64,
        new: u64,
    ) -> Result<u64, Fault> {
        let index = self.index(ty, access, addr, true)?;
        let old = self.read(ty, index);
        if old == expected {
            self.write(ty, index, new);
        }
        Ok(old)
    }

    fn fence(&mut self) {
        self.events.push(Event::Fence);
    }

    fn call(&mut self, helper: HelperId, args: [u64; 4]) -> Result<u64, Fault> {
        if !spec().helper(helper).effects.is_empty() {
            self.events.push(Event::Call(helper, args));
        }
        call(helper, &mut self.words, args).map_err(Fault::Helper)
    }

    fn trap(&mut self, cause: u64, value: u64) -> Fault {
        Fault::Trap(cause, value)
    }

    fn insn(&mut self, pc: u64) {
        self.events.push(Event::Insn(pc));
    }
}
