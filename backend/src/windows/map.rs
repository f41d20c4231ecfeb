//! The host's part of windows: reserved addresses, mappings of guest RAM in them,
//! and the signal that an access to what is not mapped raises.
#![allow(unsafe_code)] // The fence around mappings of guest memory; see docs/architecture.md.

use crate::memory::Memory;
use crate::vcpu::Context;
use bus::Ram;
use rustix::mm::{MapFlags, ProtFlags};
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::io;
use std::ptr::null_mut;
use std::sync::OnceLock;

/// Whether this host can have windows: its registers are known here.
pub(crate) const OFFERED: bool = cfg!(all(target_arch = "x86_64", target_os = "linux"));

/// Reserved host addresses at which nothing is mapped at first.
pub(crate) struct Reservation {
    base: u64,
    bytes: u64,
}

impl Reservation {
    /// Reserves so many bytes.
    ///
    /// # Errors
    /// The host has not the address space.
    pub(crate) fn new(bytes: u64) -> io::Result<Reservation> {
        // SAFETY: a new mapping where the host has room for it replaces nothing.
        let base = unsafe {
            rustix::mm::mmap_anonymous(null_mut(), bytes as usize, ProtFlags::empty(), reserved())?
        };
        Ok(Reservation { base: base as u64, bytes })
    }

    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    pub(crate) fn contains(&self, host: u64) -> bool {
        host.wrapping_sub(self.base) < self.bytes
    }

    /// The host address of what is at `offset`.
    ///
    /// # Panics
    /// If not all of it is in the reservation.
    fn place(&self, offset: u64, bytes: u64) -> *mut c_void {
        let fits = offset.checked_add(bytes).is_some_and(|end| end <= self.bytes);
        assert!(fits, "{bytes:#x} bytes at {offset:#x} are not in a window of {:#x}", self.bytes);
        (self.base + offset) as *mut c_void
    }

    /// Maps a part of guest RAM.
    pub(crate) fn map(&self, offset: u64, ram: &Ram, phys: u64, bytes: u64, write: bool) -> io::Result<()> {
        let prot = if write { ProtFlags::READ | ProtFlags::WRITE } else { ProtFlags::READ };
        let (place, from) = (self.place(offset, bytes), phys - ram.range().start);
        let flags = MapFlags::SHARED | MapFlags::FIXED | MapFlags::NORESERVE;
        // SAFETY: the place lies in our reservation, to which no Rust reference
        // leads, so what is replaced is a mapping of ours.
        unsafe { rustix::mm::mmap(place, bytes as usize, prot, flags, ram.file(), from)? };
        Ok(())
    }

    /// Maps nothing any more.
    ///
    /// # Errors
    /// The host has no room to note it; there is room if all is unmapped at once.
    pub(crate) fn unmap(&self, offset: u64, bytes: u64) -> io::Result<()> {
        let place = self.place(offset, bytes);
        let flags = reserved() | MapFlags::FIXED;
        // SAFETY: as in `map`.
        unsafe { rustix::mm::mmap_anonymous(place, bytes as usize, ProtFlags::empty(), flags)? };
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        // SAFETY: the addresses are ours, and no compiled code runs that may use
        // them: their owner is gone.
        let _ = unsafe { rustix::mm::munmap(self.base as *mut c_void, self.bytes as usize) };
    }
}

fn reserved() -> MapFlags {
    MapFlags::PRIVATE | MapFlags::NORESERVE
}

thread_local! {
    /// The context whose compiled code this thread runs, if it does.
    static RUNNING: Cell<*mut Context> = const { Cell::new(null_mut()) };
}

/// Says that compiled code runs with this context on this thread, or none.
pub(crate) fn set_running(cx: *mut Context) {
    RUNNING.set(cx);
}

/// What took care of the signal before, if it is ours now.
static PREVIOUS: OnceLock<Option<libc::sigaction>> = OnceLock::new();

/// Takes care of accesses to windows from now on. Tells whether the host lets us.
pub(crate) fn install() -> bool {
    let set = || {
        // SAFETY: all zeros are a valid `sigaction`.
        let (mut old, mut new): (libc::sigaction, libc::sigaction) = unsafe { std::mem::zeroed() };
        let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = on_fault;
        new.sa_sigaction = handler as usize;
        // Not on a signal stack, which is small: that of compiled code has room.
        new.sa_flags = libc::SA_SIGINFO;
        // SAFETY: the handler has the form that `SA_SIGINFO` wants, and changes
        // nothing of what it interrupts unless that is compiled code.
        (unsafe { libc::sigaction(libc::SIGSEGV, &new, &mut old) } == 0).then_some(old)
    };
    PREVIOUS.get_or_init(set).is_some()
}

/// What a signal has interrupted, as far as a unit that leaves needs it.
struct Interrupted<'a> {
    pc: &'a mut i64,
    /// The register with what is left of the budget.
    left: &'a mut i64,
    /// Whether a store raised it.
    write: bool,
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn interrupted(context: &mut libc::ucontext_t) -> Option<Interrupted<'_>> {
    let registers = &mut context.uc_mcontext.gregs;
    let write = registers[libc::REG_ERR as usize] & 2 != 0;
    let [pc, left] = registers.get_disjoint_mut([libc::REG_RIP as usize, libc::REG_R15 as usize]).ok()?;
    Some(Interrupted { pc, left, write })
}

/// Elsewhere no unit has accesses to windows.
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
fn interrupted(_context: &mut libc::ucontext_t) -> Option<Interrupted<'_>> {
    None
}

/// Handles an access to what is not mapped.
extern "C" fn on_fault(_signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes both, for as long as this lasts.
    let (at, context) = unsafe { ((*info).si_addr() as u64, &mut *context.cast::<libc::ucontext_t>()) };
    let cx = RUNNING.get();
    // SAFETY: `set_running` got an exclusive reference that outlives the run of
    // compiled code, which is what this thread does if the pc is in a unit; it
    // and `helper_memory` are looked at by nobody else meanwhile.
    let handle = |code| !cx.is_null() && unsafe { handle(&mut *cx, at, code) };
    let known = interrupted(context).is_some_and(handle);
    if !known {
        hand_on();
    }
}

/// Maps what was accessed, or has the unit leave. Tells whether it was a unit's
/// access to a window.
///
/// # Safety
/// `helper_memory` is that of the running unit if the pc is in one.
unsafe fn handle(cx: &mut Context, at: u64, code: Interrupted<'_>) -> bool {
    // SAFETY: as above; while nothing runs there is no context to ask.
    let memory = unsafe { &mut *(cx.helper_memory as *mut Memory) };
    let Some(shadow) = memory.shadows.of(*code.pc as u64) else { return false };
    if !cx.windows.contains(at) {
        return false;
    }
    if !memory.fill_window(cx, at, code.write) {
        cx.budget_kept = code.left.wrapping_sub(i64::MIN);
        *code.left = i64::MIN;
        *code.pc += shadow as i64;
    }
    true
}

/// Lets whoever took care of the signal before do so: the access is made again.
fn hand_on() {
    // SAFETY: all zeros stand for the default, which ends the program.
    let default: libc::sigaction = unsafe { std::mem::zeroed() };
    let previous = PREVIOUS.get().copied().flatten().unwrap_or(default);
    // SAFETY: it was in force before.
    unsafe { libc::sigaction(libc::SIGSEGV, &previous, null_mut()) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use bus::PAGE_BYTES;

    #[test]
    fn what_is_mapped_is_guest_memory() {
        let ram = Ram::new(0x8000_0000, 4 * PAGE_BYTES).expect("a small mapping");
        ram.store(0x8000_1008, 8, 77).expect("inside");
        let window = Reservation::new(1 << 38).expect("addresses are free");
        window.map(0x5000, &ram, 0x8000_1000, PAGE_BYTES, true).expect("the host has room");
        let at = (window.base() + 0x5008) as *mut u64;
        // SAFETY: the page was mapped just now, and `ram` lives on.
        unsafe {
            assert_eq!(at.read_volatile(), 77);
            at.write_volatile(78);
        }
        assert_eq!(ram.load(0x8000_1008, 8), Some(78));
        window.unmap(0x5000, PAGE_BYTES).expect("the host has room");
        assert!(window.contains(at as u64) && !window.contains(window.base() - 1));
    }

    #[test]
    #[should_panic = "are not in a window"]
    fn nothing_is_mapped_outside() {
        let window = Reservation::new(4 * PAGE_BYTES).expect("addresses are free");
        let _ = window.unmap(3 * PAGE_BYTES, 2 * PAGE_BYTES);
    }
}
