//! How a region grows from a hot block: along the edges that were taken, branches,
//! calls, and those targets of indirect jumps that were seen.

use crate::block::CachedBlock;
use crate::cache::{BlockId, Cache};
use crate::tlb::PAGE_MASK;

/// Most blocks in a region.
const MAX_BLOCKS: usize = 64;
/// Most guest instructions in a region: function-sized. With 150, 200 and 400 a
/// boot of Linux took the same time; code for 400 is half as large again.
const MAX_INSNS: u32 = 300;
/// The same where an indirect jump has many targets: the arms of an interpreter
/// pass registers to each other. With 600 instructions nothing was faster, and the
/// compiler took up to 10 MB more.
const MAX_WIDE_BLOCKS: usize = 128;
const MAX_WIDE_INSNS: u32 = 400;
/// An indirect jump with more targets than these goes through a table, as they are
/// too many for one comparison after another.
pub(crate) const FEW_TARGETS: usize = 6;
/// How much colder the arms of such a jump may be than other blocks.
const ARMS_DIVISOR: u32 = 16;
/// How far apart they may be for those between to be arms as well.
const MAX_ARMS_BYTES: u64 = 8192;
/// Most pages in a region.
pub(crate) const MAX_PAGES: usize = 8;
/// A neighbour joins the region if it is at least this part as hot as what
/// makes a block worth compiling: colder ones would be compiled for nothing.
const WARM_DIVISOR: u32 = 16;

/// A virtual page, relative to a region's origin, and the physical page it was
/// found at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PageAt {
    pub(crate) virt: u64,
    pub(crate) phys: u64,
}

/// A block of a region, and where its page is. All addresses in a region are
/// relative to the page of its first block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Member {
    pub(crate) id: BlockId,
    pub(crate) base: u64,
}

/// A region that is growing.
pub(crate) struct Growth {
    /// Its blocks in the order in which they were reached.
    pub(crate) members: Vec<Member>,
    /// Where each of them is known to lead by an indirect jump.
    pub(crate) seen: Vec<Vec<u64>>,
    /// The pages they lie in; the first is the first block's.
    pub(crate) pages: Vec<PageAt>,
    /// The guest address of that page when it grew.
    pub(crate) origin: u64,
    insns: u32,
    /// An indirect jump in it has many targets.
    wide: bool,
    /// Its accesses are to go to a window.
    pub(crate) mapped: bool,
}

impl Growth {
    /// The region that grows from `head`, whose page is at `origin`. `translate`
    /// tells the physical address of code as it is mapped now.
    pub(crate) fn from(
        cache: &Cache,
        head: BlockId,
        origin: u64,
        hot: u32,
        mut translate: impl FnMut(u64) -> Option<u64>,
    ) -> Growth {
        let first = cache.block(head);
        let members = vec![Member { id: head, base: 0 }];
        let mut growth = Growth {
            members,
            seen: Vec::new(),
            pages: first.pages_at(0).collect(),
            origin,
            insns: first.insns,
            wide: false,
            mapped: false,
        };
        // Code that jumps by a distance to other code is mapped together with that,
        // but what an indirect jump led to may be anywhere the next time.
        let narrow = cache.is_narrow(head);
        // How often a block has to have run to follow each member.
        let mut wanted = vec![hot / WARM_DIVISOR];
        let mut next = 0;
        while next < growth.members.len() {
            let Member { id, base } = growth.members[next];
            let (block, mut least) = (cache.block(id), wanted[next]);
            next += 1;
            let at = |target: u64| base.wrapping_add(target);
            let known = block.code.targets().into_iter().flatten().map(|target| (at(target), true));
            let mut seen: Vec<u64> =
                block.seen.targets(origin.wrapping_add(base)).into_iter().map(at).collect();
            if seen.len() > FEW_TARGETS {
                growth.wide = true;
                least = hot / WARM_DIVISOR / ARMS_DIVISOR;
                growth.add_arms(&mut seen, |phys| {
                    cache.find(phys, block.key.mode).is_some_and(|id| cache.runs(id) >= least)
                });
            }
            for (pc, may_add_pages) in known.chain(seen.iter().map(|pc| (*pc, !narrow))) {
                let mut elsewhere = |pc| if may_add_pages { translate(pc) } else { None };
                let Some(phys) = growth.find(pc).or_else(|| elsewhere(pc)) else { continue };
                let Some(id) = cache.find(phys, block.key.mode) else { continue };
                let fresh = growth.members.iter().all(|member| member.id != id);
                if fresh && cache.runs(id) >= least {
                    growth.add(Member { id, base: pc & PAGE_MASK }, cache.block(id));
                    wanted.resize(growth.members.len(), least);
                }
            }
            growth.seen.push(seen);
        }
        growth
    }

    /// Adds to the targets of an indirect jump that has many those blocks between the
    /// first and the last that `is_warm`, by their physical address: the jumps that
    /// were seen are a sample.
    fn add_arms(&self, seen: &mut Vec<u64>, is_warm: impl Fn(u64) -> bool) {
        let span = |seen: &[u64]| Some((*seen.iter().min()?, *seen.iter().max()?));
        let Some((first, last)) = span(seen).filter(|(first, last)| last - first <= MAX_ARMS_BYTES) else {
            return;
        };
        for pc in first..last {
            if !seen.contains(&pc) && self.find(pc).is_some_and(&is_warm) {
                seen.push(pc);
            }
        }
    }

    /// The physical address of code in a page of the region.
    fn find(&self, pc: u64) -> Option<u64> {
        let page = self.pages.iter().find(|page| page.virt == pc & PAGE_MASK)?;
        Some(page.phys | pc & !PAGE_MASK)
    }

    /// Takes a block in if there is room for it.
    fn add(&mut self, member: Member, block: &CachedBlock) {
        let fresh: Vec<PageAt> =
            block.pages_at(member.base).filter(|page| !self.pages.contains(page)).collect();
        let (blocks, insns) =
            if self.wide { (MAX_WIDE_BLOCKS, MAX_WIDE_INSNS) } else { (MAX_BLOCKS, MAX_INSNS) };
        let fits = self.members.len() < blocks
            && self.insns + block.insns <= insns
            && self.pages.len() + fresh.len() <= MAX_PAGES;
        // The same virtual page at two places would be two regions.
        let agrees = fresh.iter().all(|page| self.pages.iter().all(|other| other.virt != page.virt));
        if fits && agrees {
            self.insns += block.insns;
            self.pages.extend(fresh);
            self.members.push(member);
        }
    }
}
