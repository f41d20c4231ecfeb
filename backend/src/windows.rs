//! Host-mapped guest memory: windows of host addresses in which guest pages are
//! mapped as the guest has them, so that compiled code reaches them without a
//! look at the TLB.
//!
//! A window shows the lowest or the highest part of all guest addresses in one
//! translation regime: the highest as far as it is global, the lowest as one
//! address space has it. It knows the space by the number that marks its
//! translations (see [`crate::tlb::spaces`]); so what makes the TLB forget makes
//! windows forget, and one whose number is given no more is used again.
//!
//! Nothing is mapped until an access has raised a signal. Pages that hold code
//! are never mapped to be written, devices never at all: such an access makes the
//! unit leave, as a miss of the TLB does.

mod extents;
mod map;

use crate::memory::Memory;
use crate::tlb::spaces::Contexts;
use crate::tlb::{PAGE_MASK, REGIMES};
use crate::vcpu::Context;
use bus::{PAGE_BYTES, PAGE_SHIFT, Ram};
use extents::{Extent, Extents};
use guest::{Access, Page};
use map::Reservation;
pub(crate) use map::set_running;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// Log2 of the guest addresses that a window shows: half of the smallest space
/// that 64-bit guests commonly have.
pub(crate) const WINDOW_BITS: u32 = 38;
/// Host addresses before and behind them at which nothing ever is: an access may
/// be this far from the address that was looked at.
pub(crate) const GUARD_BYTES: u64 = 1 << 32;
/// Windows that a CPU has at most.
const WINDOWS_MAX: usize = 16;
/// Runs of pages that are mapped in a CPU's windows at most. The host has 65,530
/// mappings for the program, and each run may take two. No more is lost than the
/// windows' contents if it has less.
const RUNS_MAX: usize = 24_000;
/// Small pages that are mapped at once at most; they begin at a multiple of that.
const AROUND: u64 = 16;
/// Log2 of the most bytes of a large page that are mapped at once.
const RUN_BITS: u32 = 25;

/// Which part of which regime's addresses a window shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) regime: u8,
    /// The highest addresses, and not the lowest.
    pub(crate) high: bool,
}

/// How many places there are.
pub(crate) const PLACES: usize = 2 * REGIMES;

impl Place {
    /// The place's number.
    pub(crate) fn index(self) -> usize {
        usize::from(self.regime) % REGIMES * 2 + usize::from(self.high)
    }

    fn numbered(index: usize) -> Place {
        Place { regime: (index / 2) as u8, high: index % 2 == 1 }
    }

    /// The first guest address shown.
    pub(crate) fn start(self) -> u64 {
        if self.high { !0 << WINDOW_BITS } else { 0 }
    }

    fn range(self) -> RangeInclusive<u64> {
        self.start()..=self.start() + ((1 << WINDOW_BITS) - 1)
    }

    /// The number that marks what it shows now.
    fn number(self, contexts: Contexts) -> u32 {
        if self.high { contexts.global } else { contexts.local }
    }

    /// What a guest address here is to be added to for its host address.
    fn bias(self, reservation: &Reservation) -> u64 {
        (reservation.base() + GUARD_BYTES).wrapping_sub(self.start())
    }
}

/// Where nothing is ever mapped: what places without a window show.
static NOTHING: OnceLock<Option<Vec<Reservation>>> = OnceLock::new();

/// Whether this host can have windows. If so, it is ready for them.
pub(crate) fn are_offered() -> bool {
    let reserve = || (0..PLACES).map(|_| reserve().ok()).collect::<Option<Vec<_>>>();
    map::OFFERED && map::install() && NOTHING.get_or_init(reserve).is_some()
}

fn reserve() -> std::io::Result<Reservation> {
    Reservation::new((1 << WINDOW_BITS) + 2 * GUARD_BYTES)
}

/// One window.
struct Window {
    place: Place,
    number: u32,
    reservation: Reservation,
    extents: Extents,
}

impl Window {
    fn offset(&self, at: u64) -> u64 {
        at.wrapping_sub(self.place.start()) + GUARD_BYTES
    }

    /// Maps nothing any more.
    fn clear(&mut self) {
        if self.extents.len() > 0 {
            let all = self.reservation.unmap(0, (1 << WINDOW_BITS) + 2 * GUARD_BYTES);
            all.expect("a window without mappings takes the host less room than one with some");
            self.extents = Extents::default();
        }
    }

    /// Maps nothing at these addresses any more.
    fn unmap(&mut self, pages: &RangeInclusive<u64>) {
        let range = self.place.range();
        let (first, last) = (*pages.start().max(range.start()), *pages.end().min(range.end()));
        if first > last || self.extents.len() == 0 {
            return;
        }
        // Relative to the start, as the highest address has no next one.
        let (from, to) = (self.offset(first & PAGE_MASK), self.offset(last | !PAGE_MASK) + 1);
        let runs: Vec<_> = self.extents.within(from..to).collect();
        for run in &runs {
            if self.reservation.unmap(run.start, run.end - run.start).is_err() {
                return self.clear();
            }
        }
        self.extents.remove(from, to - from);
    }
}

/// The windows of a CPU.
#[derive(Default)]
pub(crate) struct Windows {
    windows: Vec<Window>,
    /// Which is next to be given up.
    next: usize,
    /// A place that was accessed and has none.
    wanted: Option<Place>,
    /// Signals so far, by place.
    pub(crate) signals: [u64; PLACES],
}

impl Windows {
    /// Whether a host address is in a window, or where there would be one.
    pub(crate) fn contains(&self, host: u64) -> bool {
        self.windows.iter().any(|w| w.reservation.contains(host)) || nothing_at(host).is_some()
    }

    /// Lets no store through to a physical page any more.
    pub(crate) fn protect(&mut self, phys: u64) {
        for window in &mut self.windows {
            for at in window.extents.protect(phys) {
                if window.reservation.unmap(at, PAGE_BYTES).is_err() {
                    window.clear();
                    break;
                }
            }
        }
    }

    /// Maps nothing at these addresses any more, in windows with this number or
    /// in all.
    pub(crate) fn flush_pages(&mut self, pages: &RangeInclusive<u64>, number: Option<u32>) {
        for window in &mut self.windows {
            if number.is_none_or(|number| number == window.number) {
                window.unmap(pages);
            }
        }
    }

    /// What places show under these numbers: see [`Place::bias`].
    pub(crate) fn biases(&self, contexts: Contexts) -> [u64; PLACES] {
        let Some(Some(nothing)) = NOTHING.get() else { return [0; PLACES] };
        std::array::from_fn(|index| {
            let place = Place::numbered(index);
            let shown = |w: &&Window| w.place == place && w.number == place.number(contexts);
            let window = self.windows.iter().find(shown).map(|w| &w.reservation);
            place.bias(window.unwrap_or(&nothing[index]))
        })
    }

    /// Gives the place that was accessed and has no window one. Tells whether
    /// there is a change.
    pub(crate) fn grant(&mut self, contexts: Contexts) -> bool {
        let Some(place) = self.wanted.take() else { return false };
        let number = place.number(contexts);
        if self.windows.len() < WINDOWS_MAX {
            let Ok(reservation) = reserve() else { return false };
            self.windows.push(Window { place, number, reservation, extents: Extents::default() });
            return true;
        }
        // Whether other spaces come again is not known.
        self.next = (self.next + 1) % WINDOWS_MAX;
        let window = &mut self.windows[self.next];
        window.clear();
        (window.place, window.number) = (place, number);
        true
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.windows.clear();
    }

    /// Makes room for one more run.
    fn make_room(&mut self) {
        if self.windows.iter().map(|w| w.extents.len()).sum::<usize>() >= RUNS_MAX {
            self.windows.iter_mut().for_each(Window::clear);
        }
    }
}

/// The place in which nothing is at a host address.
fn nothing_at(host: u64) -> Option<Place> {
    let index = NOTHING.get()?.as_ref()?.iter().position(|nothing| nothing.contains(host))?;
    Some(Place::numbered(index))
}

impl Memory {
    /// Maps the page whose host address was accessed, if it is plain memory that
    /// the guest may access so. Nothing else changes but what the access itself
    /// would change.
    pub(crate) fn fill_window(&mut self, cx: &mut Context, host: u64, write: bool) -> bool {
        self.stats.window_misses += 1;
        if let Some(place) = nothing_at(host) {
            cx.windows.wanted = Some(place);
            cx.windows.signals[place.index()] += 1;
            return false;
        }
        let Some(index) = cx.windows.windows.iter().position(|w| w.reservation.contains(host)) else {
            return false;
        };
        let window = &cx.windows.windows[index];
        let (place, offset) = (window.place, host - window.reservation.base());
        cx.windows.signals[place.index()] += 1;
        if !(GUARD_BYTES..GUARD_BYTES + (1 << WINDOW_BITS)).contains(&offset) {
            return false;
        }
        let at = place.start() + (offset - GUARD_BYTES);
        let access = if write { Access::Store } else { Access::Load };
        // What starts in the page before has to find that one first, as its fault
        // comes before this page is looked at.
        let may_start_before = at & !PAGE_MASK == 0
            && window.extents.at(offset - 1).is_none_or(|(_, before)| write && !before.write);
        let page = match may_start_before {
            true => cx.translations.get(at, access, place.regime),
            false => self.look_up(cx, at, 1, access, place.regime).ok(),
        };
        let Some(page) = page.filter(|page| page.cacheable && !page.aligned && (page.global || !place.high))
        else {
            return false;
        };
        let phys = page.phys & PAGE_MASK;
        let Some(ram) = self.space.ram_at(phys) else { return false };
        let known = |at: u64| {
            cx.translations.get(at, access, place.regime).filter(|p| p.global == page.global && !p.aligned)
        };
        let around = match page.offset_bits {
            12 => run_of_small(&page, ram, at, known),
            _ => run_around(&page, ram),
        };
        let Some((below, extent)) = around.filter(|(_, e)| e.write || !write) else { return false };
        cx.windows.make_room();
        let window = &mut cx.windows.windows[index];
        let start = (offset & PAGE_MASK) - below;
        let mapped = window.reservation.map(start, ram, extent.phys, extent.bytes, extent.write);
        if mapped.is_ok() {
            window.extents.insert(start, extent);
        }
        mapped.is_ok()
    }
}

/// The same for a page of 4 KiB, together with those beside it that go on where it
/// ends and are known to.
fn run_of_small(
    page: &Page,
    ram: &Ram,
    at: u64,
    known: impl Fn(u64) -> Option<Page>,
) -> Option<(u64, Extent)> {
    let (_, single) = run_around(&Page { whole: false, ..*page }, ram)?;
    let at = at & PAGE_MASK;
    let is_part = |distance: u64| {
        let phys = single.phys.wrapping_add(distance);
        let fits = |other: &Page| other.phys == phys && other.read && other.write == page.write;
        ram.range().contains(&phys)
            && !ram.is_code(phys)
            && known(at.wrapping_add(distance)).is_some_and(|p| fits(&p))
    };
    if single.write != page.write {
        return Some((0, single));
    }
    let inside = at >> PAGE_SHIFT & (AROUND - 1);
    let before = (1..=inside).take_while(|n| is_part((n * PAGE_BYTES).wrapping_neg())).count() as u64;
    let behind = (1..AROUND - inside).take_while(|n| is_part(n * PAGE_BYTES)).count() as u64;
    let below = before * PAGE_BYTES;
    let bytes = (before + 1 + behind) * PAGE_BYTES;
    Some((below, Extent { bytes, phys: single.phys - below, ..single }))
}

/// What may be mapped together with a page: how many bytes begin before it, and
/// all of it. `None` if the page may not be mapped.
fn run_around(page: &Page, ram: &Ram) -> Option<(u64, Extent)> {
    let (phys, range) = (page.phys & PAGE_MASK, ram.range());
    if phys + PAGE_BYTES > range.end || !page.read {
        return None;
    }
    let write = page.write && !ram.is_code(phys);
    let bits = if page.whole { u32::from(page.offset_bits).min(RUN_BITS) } else { 0 };
    let single = Extent { bytes: PAGE_BYTES, phys, write };
    if bits <= PAGE_SHIFT || write != page.write {
        return Some((0, single));
    }
    let (first, end) = (phys >> bits << bits, ((phys >> bits) + 1) << bits);
    let (first, end) = (first.max(range.start), end.min(range.end));
    let fits = |page: u64| !write || !ram.is_code(page);
    let before = (1..=(phys - first) / PAGE_BYTES).take_while(|n| fits(phys - n * PAGE_BYTES)).count() as u64;
    let behind = (1..(end - phys) / PAGE_BYTES).take_while(|n| fits(phys + n * PAGE_BYTES)).count() as u64;
    let below = before * PAGE_BYTES;
    Some((below, Extent { bytes: (before + 1 + behind) * PAGE_BYTES, phys: phys - below, write }))
}

/// Where units have copies of their code without accesses to windows, to go on
/// in once one has failed.
#[derive(Default)]
pub(crate) struct Shadows {
    /// Where the copy starts, by where the unit does.
    units: BTreeMap<u64, u64>,
}

impl Shadows {
    /// Notes `bytes` bytes of code in the place of other code, with a copy
    /// `distance` bytes behind its start if that is not 0.
    pub(crate) fn push(&mut self, start: u64, bytes: u64, distance: u64) {
        let gone: Vec<u64> = self.units.range(start..start + bytes).map(|(start, _)| *start).collect();
        for start in gone {
            self.units.remove(&start);
        }
        if distance > 0 {
            self.units.insert(start, start + distance);
        }
    }

    /// How far from this code its copy is.
    pub(crate) fn of(&self, pc: u64) -> Option<u64> {
        let (start, copy) = self.units.range(..=pc).next_back()?;
        (pc < *copy).then_some(copy - start)
    }

    /// Forgets all, as all code is dropped.
    pub(crate) fn clear(&mut self) {
        self.units.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_finds_its_copy_until_other_code_is_there() {
        let mut shadows = Shadows::default();
        shadows.push(0x1000, 0x200, 0x100);
        shadows.push(0x2000, 0x80, 0x40);
        let found = |shadows: &Shadows| [0xfff, 0x1000, 0x10ff, 0x1100, 0x203f].map(|pc| shadows.of(pc));
        assert_eq!(found(&shadows), [None, Some(0x100), Some(0x100), None, Some(0x40)]);
        shadows.push(0xf00, 0x180, 0);
        assert_eq!(found(&shadows), [None, None, None, None, Some(0x40)]);
    }
}
