//! Regions: sets of blocks that are compiled as one unit; see [`crate::growth`] for
//! how they come about.
//!
//! A region may span several pages. It then holds as long as all of them are
//! mapped as they were when it grew, which its entries check.

use crate::windows::Place;
use ir::{Block, Inst, Slot, Spec, Terminator};
use std::collections::{HashMap, HashSet};

/// Where a terminator may lead within the same mode, as far as it is known.
pub(crate) fn targets(terminator: &Terminator) -> [Option<u64>; 2] {
    match *terminator {
        Terminator::Jump { pc } => [Some(pc), None],
        Terminator::Branch { taken, other, .. } => [Some(taken), Some(other)],
        _ => [None, None],
    }
}

/// A set of slots, as a bit each.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Slots([u64; 8]);

impl Slots {
    pub(crate) fn insert(&mut self, slot: Slot) {
        self.0[slot.index() / 64] |= 1 << (slot.index() % 64);
    }

    pub(crate) fn contains(&self, slot: Slot) -> bool {
        self.0[slot.index() / 64] >> (slot.index() % 64) & 1 != 0
    }

    pub(crate) fn union(self, other: Slots) -> Slots {
        Slots(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    fn without(self, other: Slots) -> Slots {
        Slots(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Slot> + use<> {
        let words = self.0;
        (0..512u16).map(Slot).filter(move |s| words[s.index() / 64] >> (s.index() % 64) & 1 != 0)
    }
}

impl FromIterator<Slot> for Slots {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Slots {
        let mut set = Slots::default();
        slots.into_iter().for_each(|slot| set.insert(slot));
        set
    }
}

/// A region as the compiler wants it.
pub(crate) struct Region {
    /// Its blocks; the first is where it grew from.
    pub(crate) blocks: Vec<Block>,
    /// The blocks it can be entered at: the first, and every loop's head.
    pub(crate) entries: Vec<usize>,
    index: HashMap<u64, usize>,
    /// For each block that ends in an indirect jump: the blocks that it was
    /// seen to lead to.
    seen: Vec<Vec<usize>>,
    /// Guest addresses outside that it leads to whose links may be used without
    /// a look at the mapping.
    links: HashSet<u64>,
    /// It spans several pages, so its entries check that these are mapped as they
    /// were: a word of the unit then equals the CPU's jump tag.
    pub(crate) checked: bool,
    /// The window that its accesses go to, if it is to be compiled so.
    pub(crate) window: Option<Place>,
}

impl Region {
    /// Takes blocks of one mode, without duplicates, each with the targets that
    /// its indirect jump was seen to have.
    pub(crate) fn new(blocks: Vec<(Block, Vec<u64>)>) -> Region {
        let index: HashMap<u64, usize> = blocks.iter().enumerate().map(|(i, (b, _))| (b.key.pc, i)).collect();
        let inside = |targets: &Vec<u64>| targets.iter().filter_map(|pc| index.get(pc).copied()).collect();
        let seen = blocks.iter().map(|(_, targets)| inside(targets)).collect();
        let blocks = blocks.into_iter().map(|(block, _)| block).collect();
        let mut region = Region {
            blocks,
            entries: Vec::new(),
            index,
            seen,
            links: HashSet::new(),
            checked: false,
            window: None,
        };
        region.entries = region.loop_heads();
        region
    }

    /// The block at a guest address.
    pub(crate) fn at(&self, pc: u64) -> Option<usize> {
        self.index.get(&pc).copied()
    }

    /// The guest addresses outside that it leads to.
    pub(crate) fn exits(&self) -> Vec<u64> {
        let all = self.blocks.iter().flat_map(|b| targets(&b.terminator)).flatten();
        all.filter(|pc| self.at(*pc).is_none()).collect()
    }

    /// Lets jumps to `pc` go through its link.
    pub(crate) fn add_link(&mut self, pc: u64) {
        self.links.insert(pc);
    }

    /// Whether jumps to `pc` may go through its link.
    pub(crate) fn has_link_to(&self, pc: u64) -> bool {
        self.links.contains(&pc)
    }

    /// Guest instructions in it.
    pub(crate) fn insns(&self) -> u64 {
        self.blocks.iter().map(|b| u64::from(b.insns)).sum()
    }

    /// The blocks that a block's indirect jump was seen to lead to.
    pub(crate) fn seen_targets(&self, block: usize) -> &[usize] {
        match self.blocks[block].terminator {
            Terminator::Indirect { .. } => &self.seen[block],
            _ => &[],
        }
    }

    /// The blocks a block may be followed by inside the region.
    pub(crate) fn successors(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        let known = targets(&self.blocks[block].terminator).into_iter().flatten();
        known.filter_map(|pc| self.at(pc)).chain(self.seen_targets(block).iter().copied())
    }

    /// The most guest instructions that run from a block's start until an entry
    /// is reached again or the region left.
    pub(crate) fn longest_run(&self, block: usize) -> u64 {
        self.longest(block, &mut vec![None; self.blocks.len()])
    }

    /// Without the edges to entries there is no cycle, so this ends.
    fn longest(&self, block: usize, known: &mut Vec<Option<u64>>) -> u64 {
        if let Some(insns) = known[block] {
            return insns;
        }
        let inner: Vec<usize> = self.successors(block).filter(|next| !self.entries.contains(next)).collect();
        let behind = inner.into_iter().map(|next| self.longest(next, known)).max().unwrap_or(0);
        let insns = u64::from(self.blocks[block].insns) + behind;
        known[block] = Some(insns);
        insns
    }

    /// The blocks that are in loops: first those in loops with no loop inside,
    /// then those in the most loops. A loop is what reaches an edge back to an
    /// entry without going through that entry.
    pub(crate) fn looping(&self) -> Vec<usize> {
        let count = self.blocks.len();
        let mut before = vec![Vec::new(); count];
        for block in 0..count {
            self.successors(block).for_each(|next| before[next].push(block));
        }
        let mut innermost = vec![false; count];
        let mut depths = vec![0; count];
        for head in &self.entries {
            let body = self.body(*head, &before);
            let inner = self.entries.iter().all(|other| other == head || !body[*other]);
            for block in (0..count).filter(|block| body[*block]) {
                depths[block] += 1;
                innermost[block] |= inner;
            }
        }
        let mut looping: Vec<usize> = (0..count).filter(|block| depths[*block] > 0).collect();
        looping.sort_by_key(|block| std::cmp::Reverse((innermost[*block], depths[*block])));
        looping
    }

    /// The loop with this head, as far as there is one.
    fn body(&self, head: usize, before: &[Vec<usize>]) -> Vec<bool> {
        let mut body = vec![false; self.blocks.len()];
        let reached = self.reachable(head);
        let mut open: Vec<usize> = before[head].iter().copied().filter(|b| reached[*b]).collect();
        while let Some(block) = open.pop() {
            if !std::mem::replace(&mut body[block], true) && block != head {
                open.extend(before[block].iter().filter(|b| reached[**b]));
            }
        }
        body
    }

    /// What can be reached from a block, itself included.
    fn reachable(&self, from: usize) -> Vec<bool> {
        let mut reached = vec![false; self.blocks.len()];
        let mut open = vec![from];
        while let Some(block) = open.pop() {
            if !std::mem::replace(&mut reached[block], true) {
                open.extend(self.successors(block));
            }
        }
        reached
    }

    /// The first block and the targets of edges that lead back in a depth-first
    /// walk: every cycle goes through one of them.
    fn loop_heads(&self) -> Vec<usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum Visit {
            Not,
            Open,
            Done,
        }
        let mut state = vec![Visit::Not; self.blocks.len()];
        let mut heads = vec![0];
        for root in 0..self.blocks.len() {
            if state[root] != Visit::Not {
                continue;
            }
            let mut path = vec![(root, self.successors(root).collect::<Vec<_>>())];
            state[root] = Visit::Open;
            while let Some((block, rest)) = path.last_mut() {
                match rest.pop() {
                    None => {
                        state[*block] = Visit::Done;
                        path.pop();
                    }
                    Some(next) if state[next] == Visit::Open => {
                        if !heads.contains(&next) {
                            heads.push(next);
                        }
                    }
                    Some(next) if state[next] == Visit::Not => {
                        state[next] = Visit::Open;
                        path.push((next, self.successors(next).collect()));
                    }
                    Some(_) => (),
                }
            }
        }
        heads
    }
}

/// Which slots have to be in registers, and which back in the state, where.
pub(crate) struct Flow {
    /// Slots that may have been written since the entry, at each block's start.
    pub(crate) dirty_in: Vec<Slots>,
    /// Slots whose values are wanted at each block's start.
    pub(crate) live_in: Vec<Slots>,
}

impl Flow {
    /// Computes both by iteration to a fixed point.
    pub(crate) fn new(region: &Region, spec: &Spec, lazy: Slots) -> Flow {
        let count = region.blocks.len();
        let facts: Vec<Facts> = region.blocks.iter().map(|b| Facts::of(b, spec, lazy)).collect();
        let mut dirty_in = vec![Slots::default(); count];
        let mut changed = true;
        while changed {
            changed = false;
            for block in 0..count {
                let out = dirty_in[block].union(facts[block].written);
                for next in region.successors(block) {
                    let merged = dirty_in[next].union(out);
                    changed |= merged != dirty_in[next];
                    dirty_in[next] = merged;
                }
            }
        }
        // Every block may leave, and then stores what may be dirty.
        let mut live_in: Vec<Slots> = (0..count).map(|b| facts[b].read_first.union(dirty_in[b])).collect();
        changed = true;
        while changed {
            changed = false;
            for block in (0..count).rev() {
                let mut live = live_in[block];
                for next in region.successors(block) {
                    live = live.union(live_in[next].without(facts[block].written));
                }
                changed |= live != live_in[block];
                live_in[block] = live;
            }
        }
        Flow { dirty_in, live_in }
    }
}

/// What one block does to slots.
struct Facts {
    read_first: Slots,
    written: Slots,
}

impl Facts {
    /// Leaves out the slots in `lazy`.
    fn of(block: &Block, spec: &Spec, lazy: Slots) -> Facts {
        let (mut read_first, mut written) = (Slots::default(), Slots::default());
        for inst in &block.insts {
            match *inst {
                Inst::Get { slot } if !written.contains(slot) => read_first.insert(slot),
                Inst::Set { slot, .. } => written.insert(slot),
                Inst::SetFlags { flags, .. } => flags.all().into_iter().for_each(|slot| written.insert(slot)),
                Inst::Call { helper, .. } | Inst::LaneCall { helper, .. } => {
                    // What it writes is in the state and nowhere else: it is
                    // read back behind the call.
                    let decl = spec.helper(helper);
                    for index in 0..spec.layout.slots().len() as u16 {
                        let slot = Slot(index);
                        let touched = decl.reads.contains(slot) || decl.writes.contains(slot);
                        if touched && crate::jit::is_inline_helper(decl) && !written.contains(slot) {
                            read_first.insert(slot);
                        }
                    }
                }
                _ => (),
            }
        }
        Facts { read_first: read_first.without(lazy), written: written.without(lazy) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::{BlockKey, Builder, SlotClass, Type};

    fn spec() -> Spec {
        let mut spec = Spec::default();
        for name in ["pc", "a", "b"] {
            let class = if name == "pc" { SlotClass::Pc } else { SlotClass::Gpr };
            spec.layout.add(name, Type::I64, class);
        }
        spec
    }

    /// A block at `pc` that copies slot `from` to slot `to` and branches.
    fn block(spec: &Spec, pc: u64, from: u16, to: u16, taken: u64, other: u64) -> Block {
        let mut b = Builder::new(spec, BlockKey { pc, mode: 0 });
        b.insn(pc);
        let value = b.get(Slot(from));
        b.set(Slot(to), value);
        let zero = b.iconst(Type::I64, 0);
        let cond = b.icmp(ir::IntCC::Eq, value, zero);
        b.terminate(Terminator::Branch { cond, taken, other });
        b.finish(4)
    }

    #[test]
    fn loops_are_entered_at_their_heads() {
        let spec = spec();
        let region = region(vec![
            block(&spec, 0, 1, 2, 4, 100),
            block(&spec, 4, 1, 2, 8, 100),
            block(&spec, 8, 1, 2, 4, 100),
        ]);
        assert_eq!(region.entries, [0, 1]);
        assert_eq!(region.longest_run(0), 1, "up to the loop's head");
        assert_eq!(region.longest_run(1), 2, "once around");
        assert_eq!(region.looping(), [1, 2]);
    }

    fn region(blocks: Vec<Block>) -> Region {
        Region::new(blocks.into_iter().map(|block| (block, Vec::new())).collect())
    }

    #[test]
    fn dirty_slots_are_live_where_the_region_may_leave() {
        let spec = spec();
        let region = region(vec![block(&spec, 0, 1, 2, 4, 100), block(&spec, 4, 1, 1, 0, 100)]);
        let flow = Flow::new(&region, &spec, Slots::default());
        assert!(flow.dirty_in[1].contains(Slot(2)) && flow.dirty_in[0].contains(Slot(2)));
        assert!(flow.live_in[0].contains(Slot(1)) && flow.live_in[0].contains(Slot(2)));
        assert!(!flow.live_in[0].contains(Slot(0)));
    }
}
