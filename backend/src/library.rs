//! Code that an earlier run has compiled, as somebody else keeps it.
//!
//! A stored unit says which guest code it was compiled from, byte by byte, and
//! is taken in only where memory holds exactly that. So a library may hold what
//! other guests have left. That its host code is sound nobody can check: a
//! library must hold nothing but what an engine of the same program has added,
//! on a host of the same kind.

use crate::arena::UNIT_BYTES_MAX;
use crate::cache::BlockId;
use crate::engine::Engine;
use crate::generations::Kind;
use crate::growth::{MAX_PAGES, PageAt};
use crate::jit::{UnitCode, Wanted};
use crate::region::Region;
use crate::status::CHECK;
use crate::stored::{Source, Stored, StoredBlock};
use crate::tlb::PAGE_MASK;
use crate::vcpu::Vcpu;
use bus::PAGE_BYTES;
use ir::BlockKey;

pub use crate::jit::host_identity;

/// How many bytes of code a unit is looked for by.
const START_BYTES: usize = 16;

/// Where units are kept beyond the life of an engine.
pub trait Library: Send {
    /// Shows `take` the units that were added for code that starts like this in
    /// this mode, the likeliest first, until it says that it has taken one. `start`
    /// is a sum of the first bytes of code and their place in the page.
    fn find(&mut self, start: u64, mode: u32, take: &mut dyn FnMut(&[u8]) -> bool);

    /// Keeps a unit whose code starts like this, in this mode.
    fn add(&mut self, start: u64, mode: u32, unit: &[u8]);
}

impl Engine {
    /// Uses and fills a library from now on. It has no effect on what the guest
    /// does, and none at all on an engine that compiles nothing.
    pub fn set_library(&mut self, library: Box<dyn Library>) {
        self.library = self.compiled.is_some().then_some(library);
    }

    /// Takes in the unit that starts at `key`, if the library has one for the
    /// code that is at `phys`; yields the block's number.
    pub(crate) fn take_stored(&mut self, vcpu: &mut Vcpu, key: BlockKey, phys: u64) -> Option<BlockId> {
        let start = self.start_of(phys)?;
        let mut library = self.library.take()?;
        let mut taken = None;
        library.find(start, key.mode, &mut |unit| {
            taken = Stored::decode(unit).and_then(|unit| self.take_in(vcpu, key, phys, unit));
            taken.is_some()
        });
        self.library = Some(library);
        taken
    }

    /// Makes a stored unit's code be found, if what it was compiled from is there.
    fn take_in(&mut self, vcpu: &mut Vcpu, key: BlockKey, phys: u64, unit: Stored<'_>) -> Option<BlockId> {
        let pages = self.pages_of(vcpu, key, phys, &unit)?;
        let is_there = |block: &StoredBlock<'_>| {
            self.code_at(&pages, block.pc, block.bytes.len()).as_deref() == Some(block.bytes)
        };
        if !unit.blocks.iter().all(is_there) || unit.code.bytes.len() > UNIT_BYTES_MAX {
            return None;
        }
        let shadow = unit.code.shadow;
        if shadow != 0 && !self.compiled.as_ref()?.mapping.takes_mapped() {
            return None;
        }
        self.make_room(Kind::Unit);
        let code = self.resolve(key.mode, &pages, unit.code)?;
        let ranges: Vec<(u64, u64)> =
            unit.blocks.iter().flat_map(|block| ranges(&pages, block.pc, block.bytes.len() as u64)).collect();
        for (at, bytes) in &ranges {
            let fresh = self.memory.note_code(*at, *bytes);
            self.code_pages.extend(fresh);
        }
        self.catch_up(vcpu);
        let place = |block: &StoredBlock<'_>| {
            let phys = physical(&pages, block.pc)?;
            Some(self.cache.place(phys, key.mode))
        };
        let entries = unit.entries.iter().map(place).collect::<Option<Vec<BlockId>>>()?;
        let unit = self.cache.next_unit();
        let at = self.compiled.as_mut()?.code.publish(unit, key.pc, &code);
        self.memory.shadows.push(at, code.len() as u64, shadow.into());
        entries.iter().for_each(|id| self.cache.set_ordered(*id));
        // The first entry is the head, which is what was looked for.
        let head = entries.first().copied();
        self.cache.insert_unit(at, entries, ranges);
        self.memory.stats.units_from_library += 1;
        head
    }

    /// The pages of a unit whose head is at `key` and `phys`, as they are mapped
    /// now, relative to the head's page, which comes first. `None` if it cannot be
    /// this unit.
    fn pages_of(
        &mut self,
        vcpu: &mut Vcpu,
        key: BlockKey,
        phys: u64,
        unit: &Stored<'_>,
    ) -> Option<Vec<PageAt>> {
        if unit.entries[0].pc != key.pc & !PAGE_MASK {
            return None;
        }
        let origin = key.pc & PAGE_MASK;
        let mut pages = vec![PageAt { virt: 0, phys: phys & PAGE_MASK }];
        for block in &unit.blocks {
            let last = block.pc.wrapping_add(block.bytes.len() as u64).wrapping_sub(1);
            for virt in [block.pc & PAGE_MASK, last & PAGE_MASK] {
                if pages.iter().any(|page| page.virt == virt) {
                    continue;
                }
                if pages.len() == MAX_PAGES {
                    return None;
                }
                let (phys, mode) = self.reader(vcpu, key.mode, origin).locate(virt).ok()?;
                if mode != key.mode {
                    return None;
                }
                pages.push(PageAt { virt, phys: phys & PAGE_MASK });
            }
        }
        Some(pages)
    }

    /// The bytes of code at a guest address. `None` if they are not all in these
    /// pages and in RAM.
    fn code_at(&self, pages: &[PageAt], pc: u64, bytes: usize) -> Option<Vec<u8>> {
        let mut code = vec![0; bytes];
        let mut rest = &mut code[..];
        for (at, bytes) in ranges(pages, pc, bytes as u64) {
            let (part, behind) = rest.split_at_mut(bytes as usize);
            if !self.memory.space.ram_at(at)?.read(at, part) {
                return None;
            }
            rest = behind;
        }
        (bytes > 0 && rest.is_empty()).then_some(code)
    }

    /// Fills in what a unit refers to that lies in these pages.
    pub(crate) fn resolve(&mut self, mode: u32, pages: &[PageAt], code: UnitCode) -> Option<Vec<u8>> {
        let (unit, mut check) = (self.cache.next_unit(), None);
        code.resolve(|what| {
            let compiled = self.compiled.as_mut()?;
            let mut check = || *check.get_or_insert_with(|| compiled.add_check(unit, mode, pages));
            match what {
                Wanted::Helper => Some(crate::callback::helper_address()),
                Wanted::Lanes(function) => Some(function.address()),
                Wanted::RareHelper => Some(compiled.code.rare_helper()),
                Wanted::RareRefill => Some(compiled.code.rare_refill()),
                Wanted::CheckStatus => Some((CHECK | i64::from(check()) << 8) as u64),
                Wanted::Check => {
                    let number = check();
                    Some(compiled.validity(number))
                }
                Wanted::Link(pc) => self.link_to(mode, pages, pc),
            }
        })
    }

    /// What a library needs to know of a region. `None` if there is no library.
    pub(crate) fn source(&self, pages: &[PageAt], region: &Region) -> Option<Source> {
        self.library.as_ref()?;
        let mut source = Source::new(&region.entries);
        for block in &region.blocks {
            source.push(block.key.pc, block.insns, &self.code_at(pages, block.key.pc, block.bytes as usize)?);
        }
        Some(source)
    }

    /// Adds a unit to the library.
    pub(crate) fn store(&mut self, phys: u64, mode: u32, source: &Source, code: &UnitCode) {
        if let Some(start) = self.start_of(phys)
            && let Some(library) = &mut self.library
        {
            library.add(start, mode, &source.encode(code));
        }
    }

    /// A sum of what a page holds at `phys`, and of where that is in the page.
    fn start_of(&self, phys: u64) -> Option<u64> {
        let place = phys & !PAGE_MASK;
        let mut code = [0; START_BYTES];
        let part = &mut code[..START_BYTES.min((PAGE_BYTES - place) as usize)];
        self.memory.space.ram_at(phys)?.read(phys, part).then_some(())?;
        let words = code.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
        // FNV-1a's offset basis and prime, a word at a time.
        let sum = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x100_0000_01b3).rotate_left(29);
        Some(words.chain([place]).fold(0xcbf2_9ce4_8422_2325, sum))
    }
}

/// The physical ranges of `bytes` bytes of code at `pc`, as address and length:
/// as far as they are in these pages, and in at most two.
pub(crate) fn ranges(pages: &[PageAt], pc: u64, bytes: u64) -> impl Iterator<Item = (u64, u64)> + use<> {
    let first = bytes.min(PAGE_BYTES - (pc & !PAGE_MASK));
    let start = physical(pages, pc).filter(|_| first > 0);
    let rest = (bytes - first).min(PAGE_BYTES);
    let second = physical(pages, pc.wrapping_add(first)).filter(|_| start.is_some() && rest > 0);
    [start.map(|at| (at, first)), second.map(|at| (at, rest))].into_iter().flatten()
}

/// The physical address of code in these pages.
fn physical(pages: &[PageAt], pc: u64) -> Option<u64> {
    let page = pages.iter().find(|page| page.virt == pc & PAGE_MASK)?;
    Some(page.phys | pc & !PAGE_MASK)
}
