//! How code moves up: from tier 0 to tier 1 block by block, from there to
//! regions, which are compiled while the guest runs on.

use crate::arena::UNIT_BYTES_MAX;
use crate::block::{Baseline, Part};
use crate::blocks::may_cross;
use crate::cache::{BlockId, Cache};
use crate::checks::Check;
use crate::code::HostCode;
use crate::engine::{Engine, EngineError, MAX_BLOCK_INSNS};
use crate::fetch::{CodeReader, PageReader};
use crate::generations::Kind;
use crate::growth::{Growth, Member, PageAt};
use crate::jit::{Compiler, UnitCode, compilable_insns};
use crate::library::ranges;
use crate::mapping::Mapping;
use crate::published::Published;
use crate::region::Region;
use crate::stored::Source as StoredSource;
use crate::tier1::Source;
use crate::tiers::Thresholds;
use crate::tlb::PAGE_MASK;
use crate::vcpu::Vcpu;
use crate::worker::Worker;
use guest::Guest;
use ir::{Block, BlockKey};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Regions the compiler's thread has at most: the one it works on, and the next.
const IN_FLIGHT_MAX: usize = 2;
/// Blocks that wait for a region at most; who comes later asks again later.
const WAITING_MAX: usize = 256;

/// Compiled code, and what makes it.
pub(crate) struct Compiled {
    pub(crate) code: HostCode,
    thresholds: Thresholds,
    backend: Backend,
    /// Regions that wait to be compiled.
    waiting: Vec<Growth>,
    /// Regions being compiled.
    orders: HashMap<u64, Order>,
    orders_made: u64,
    pub(crate) mapping: Mapping,
    /// What units of several pages check, by the unit's number.
    pub(crate) checks: HashMap<u32, Check>,
}

/// Who compiles regions.
enum Backend {
    Here(Box<Compiler>),
    Thread(Worker),
}

/// What a region on order was made from.
struct Order {
    /// Its blocks, and which blocks of all that were ever made they are.
    members: Vec<(BlockId, u64)>,
    /// The guest address of its first page when it was ordered.
    origin: u64,
    /// Those it will be entered at.
    entries: Vec<BlockId>,
    pages: Vec<PageAt>,
    /// The physical ranges of its code, as address and length.
    ranges: Vec<(u64, u64)>,
    insns: u64,
    /// What a library has to know.
    source: Option<StoredSource>,
}

impl Compiled {
    pub(crate) fn new(
        guest: &Arc<dyn Guest>,
        thresholds: Thresholds,
        timer: fn() -> Duration,
        published: Option<Published>,
    ) -> Result<Compiled, EngineError> {
        let mut compiler = Compiler::new(guest)?;
        let code = HostCode::new(guest, &mut compiler, published)?;
        let backend = if thresholds.background {
            let worker = Worker::new(compiler, timer);
            Backend::Thread(worker.map_err(|e| EngineError(format!("no thread for the compiler: {e}")))?)
        } else {
            Backend::Here(Box::new(compiler))
        };
        let (waiting, orders) = (Vec::new(), HashMap::new());
        let mapping = Mapping::new(thresholds.memory);
        let (orders_made, checks) = (0, HashMap::new());
        Ok(Compiled { code, thresholds, backend, waiting, orders, orders_made, mapping, checks })
    }

    /// An empty cache for blocks with this code.
    pub(crate) fn cache(&self) -> Cache {
        Cache::new(self.code.stub(), self.region_threshold())
    }

    fn region_threshold(&self) -> u32 {
        match self.thresholds.region {
            0 => i32::MAX as u32,
            runs => runs.min(i32::MAX as u32),
        }
    }

    /// Whether a block is part of a region that is on order: all blocks of a loop get
    /// hot at once, and one region is enough for them.
    fn is_on_its_way(&self, id: BlockId) -> bool {
        let in_flight = self.orders.values().flat_map(|order| order.members.iter().map(|member| member.0));
        let waiting = self.waiting.iter().flat_map(|growth| growth.members.iter().map(|member| member.id));
        in_flight.chain(waiting).any(|member| member == id)
    }

    /// Drops all code and what was on order.
    pub(crate) fn forget(&mut self) {
        self.code.clear();
        self.checks.clear();
        self.waiting.clear();
        self.orders.clear();
        self.mapping.forget();
    }
}

impl Engine {
    /// A block has run in tier 0 `heat` times.
    pub(crate) fn promote(&mut self, vcpu: &mut Vcpu, id: BlockId, heat: u32) {
        let Some(compiled) = &self.compiled else { return };
        let thresholds = compiled.thresholds;
        let baseline = self.cache.get(id).map(|b| b.baseline);
        if heat >= thresholds.baseline && thresholds.baseline != 0 && baseline == Some(Baseline::Not) {
            self.make_baseline(vcpu, id);
        }
        if heat == thresholds.region {
            self.order(vcpu, id, vcpu.context.origin);
        }
    }

    /// The tier 1 block at `pc` asks for a region.
    pub(crate) fn heated(&mut self, vcpu: &mut Vcpu, pc: u64) {
        let found = vcpu.context.jumps.get(pc, vcpu.context.jump_tag).map(|entry| entry.block);
        let Some(id) = found else { return };
        if self.compiled.as_ref().is_some_and(|compiled| compiled.is_on_its_way(id)) {
            self.cache.ask_later(id);
            self.take_compiled();
        } else {
            self.order(vcpu, id, pc & PAGE_MASK);
        }
    }

    fn make_baseline(&mut self, vcpu: &mut Vcpu, id: BlockId) {
        let started = (self.timer)();
        let origin = vcpu.context.origin;
        self.ask_library(vcpu, id, origin);
        self.make_room(Kind::Block);
        let baseline = self.emit(id, origin).unwrap_or(Baseline::Never);
        self.memory.stats.tier1.compile += (self.timer)().saturating_sub(started);
        self.cache.set_baseline(id, baseline);
    }

    /// Code that was not what the library knows when it was lifted may be so now:
    /// it is loaded piece by piece, and patched.
    fn ask_library(&mut self, vcpu: &mut Vcpu, id: BlockId, origin: u64) {
        if let Some(block) = self.cache.get(id)
            && !self.cache.has_unit(id)
        {
            let (key, phys) = (BlockKey { pc: origin.wrapping_add(block.key.pc), ..block.key }, block.phys);
            self.take_stored(vcpu, key, phys);
        }
    }

    /// Tier 1 code for a block, or for as much of it as can have some. Its page is
    /// mapped at `origin` now.
    fn emit(&mut self, id: BlockId, origin: u64) -> Option<Baseline> {
        let spec = self.memory.guest.spec();
        if !crate::tier1::takes(&self.cache.get(id)?.code, spec) {
            let block = self.lift_again(Member { id, base: 0 }, true)?;
            let code = self.decoder.decode(&block, self.memory.guest.spec()).ok()?;
            let part = Part { code, insns: block.insns };
            self.cache.block_mut(id)?.part = Some(Box::new(part));
        }
        let block = self.cache.get(id)?;
        let (key, page) = (block.key, block.pages_at(0).next()?);
        let targets = block.baseline_source().0.targets();
        let edges = targets.map(|pc| pc.and_then(|pc| Some((pc, self.link_to(key.mode, &[page], pc)?))));
        let block = self.cache.get(id)?;
        let (code, insns) = block.baseline_source();
        let seen = code.is_indirect().then(|| block.seen.address());
        let link = self.cache.links.address(id);
        let spec = self.memory.guest.spec();
        let (at, bytes) = self.compiled.as_mut()?.code.emit(
            id,
            &Source { key, insns, code, link, edges, seen, spec },
            origin,
        )?;
        let stats = &mut self.memory.stats.tier1;
        stats.blocks += 1;
        stats.guest_instructions_translated += u64::from(insns);
        stats.code_bytes += bytes;
        Some(Baseline::At(at))
    }

    /// The address of the link for jumps to `pc` from code that is known to be
    /// mapped together with these pages, if `pc` is in one. Who takes it makes the
    /// context's origin that page.
    pub(crate) fn link_to(&mut self, mode: u32, pages: &[PageAt], pc: u64) -> Option<u64> {
        let page = pages.iter().find(|page| page.virt == pc & PAGE_MASK)?;
        // Whether the next page is mapped as it was is not known.
        if may_cross(pc) {
            return None;
        }
        let id = self.cache.place(page.phys | pc & !PAGE_MASK, mode);
        Some(self.cache.links.address(id))
    }

    /// Makes room for code of a kind: drops the oldest there is if need be.
    pub(crate) fn make_room(&mut self, kind: Kind) {
        let emptied = self.compiled.as_mut().and_then(|compiled| compiled.code.make_room(kind));
        if let Some((range, tenants)) = emptied {
            self.cache.drop_code(&range, &tenants);
            self.memory.stats.code_parts_emptied += 1;
        }
    }

    /// Wants a region that starts with a block, which is about to run or has
    /// just run in the page at `origin`.
    pub(crate) fn order(&mut self, vcpu: &mut Vcpu, id: BlockId, origin: u64) {
        if self.cache.get(id).is_some_and(|b| !b.ordered) {
            self.order_region(vcpu, id, origin, false);
        }
    }

    /// Wants a region that starts with a block, with accesses to a window or as
    /// usual.
    pub(crate) fn order_region(&mut self, vcpu: &mut Vcpu, id: BlockId, origin: u64, mapped: bool) {
        let (Some(compiled), Some(block)) = (&self.compiled, self.cache.get(id)) else { return };
        if compiled.thresholds.region == 0 || compiled.waiting.len() >= WAITING_MAX {
            return;
        }
        let (mode, hot) = (block.key.mode, compiled.region_threshold());
        let mut reader = CodeReader::new(&mut vcpu.context, &mut self.memory, mode, origin);
        let mut growth = Growth::from(&self.cache, id, origin, hot, |pc| reader.look_ahead(pc));
        growth.mapped = mapped || compiled.mapping.maps_all();
        self.cache.set_ordered(id);
        if let Some(compiled) = &mut self.compiled {
            compiled.waiting.push(growth);
        }
        self.send_orders();
        self.take_compiled();
    }

    /// Hands waiting regions to the compiler, the most urgent first.
    fn send_orders(&mut self) {
        while let Some(compiled) = &mut self.compiled
            && compiled.orders.len() < IN_FLIGHT_MAX
        {
            let urgency = |i: &usize| self.cache.urgency(compiled.waiting[*i].members[0].id);
            let Some(next) = (0..compiled.waiting.len()).max_by_key(urgency) else { return };
            let growth = compiled.waiting.swap_remove(next);
            let started = (self.timer)();
            if let Some((order, region)) = self.plan(growth) {
                self.send(order, region);
            }
            self.memory.stats.tier2.compile += (self.timer)().saturating_sub(started);
        }
    }

    fn send(&mut self, order: Order, region: Region) {
        let Some(compiled) = &mut self.compiled else { return };
        compiled.orders_made += 1;
        let number = compiled.orders_made;
        match &mut compiled.backend {
            Backend::Thread(worker) => {
                worker.order(number, region);
                compiled.orders.insert(number, order);
            }
            Backend::Here(compiler) => {
                let code = compiler.compile(&region);
                self.publish(order, code);
            }
        }
    }

    /// Lifts a grown region. `None` if its head is gone or cannot be compiled.
    fn plan(&mut self, growth: Growth) -> Option<(Order, Region)> {
        let Growth { mut members, mut pages, seen, origin, mapped, .. } = growth;
        let mut seen = seen.into_iter();
        let head = members[0];
        let mode = self.cache.get(head.id)?.key.mode;
        let mut blocks = Vec::with_capacity(members.len());
        members.retain(|member| {
            // Without its head a region has no way in.
            let wanted = !blocks.is_empty() || *member == head;
            let lifted = if wanted { self.lift_again(*member, false) } else { None };
            let targets = seen.next().unwrap_or_default();
            lifted.map(|block| blocks.push((block, targets))).is_some()
        });
        if blocks.is_empty() {
            return None;
        }
        let mut region = Region::new(blocks);
        let blocks = region.blocks.iter();
        let ranges: Vec<_> = blocks.flat_map(|b| ranges(&pages, b.key.pc, b.bytes.into())).collect();
        // Some were of blocks that could not be compiled.
        pages.retain(|page| ranges.iter().any(|(at, _)| at & PAGE_MASK == page.phys));
        region.checked = pages.len() > 1;
        for pc in region.exits() {
            if self.link_to(mode, &pages, pc).is_some() {
                region.add_link(pc);
            }
        }
        let serial = |member: &Member| (member.id, self.cache.block(member.id).serial);
        let mapping = self.compiled.as_ref().filter(|_| mapped).map(|c| &c.mapping);
        region.window = mapping.and_then(|mapping| mapping.window_of(&region, origin));
        let order = Order {
            members: members.iter().map(serial).collect(),
            origin,
            entries: region.entries.iter().map(|index| members[*index].id).collect(),
            ranges,
            insns: region.insns(),
            source: self.source(&pages, &region),
            pages,
        };
        Some((order, region))
    }

    /// Lifts a known block as far as it can be compiled. `None` if it is gone or
    /// cannot.
    fn lift_again(&mut self, Member { id, base }: Member, may_leave: bool) -> Option<Block> {
        let block = self.cache.get(id)?;
        let (key, insns) = (BlockKey { pc: base.wrapping_add(block.key.pc), ..block.key }, block.insns);
        let pages: Vec<PageAt> = block.pages_at(base).collect();
        let guest = Arc::clone(&self.memory.guest);
        let mut limit = MAX_BLOCK_INSNS;
        loop {
            let mut reader = PageReader { memory: &self.memory, pages: &pages };
            let block = guest.lift(key, &mut reader, limit).ok()?;
            // It may be too long for tier 0 in one piece.
            if limit == MAX_BLOCK_INSNS && block.insns != insns {
                return None;
            }
            let block = self.improve(block);
            match compilable_insns(&block, guest.spec(), may_leave) {
                0 => return None,
                all if all == block.insns => return Some(block),
                some => limit = some,
            }
        }
    }

    /// Takes in what the compiler's thread has finished.
    pub(crate) fn take_compiled(&mut self) {
        while let Some(compiled) = &mut self.compiled
            && let Backend::Thread(worker) = &compiled.backend
            && let Some(done) = worker.take()
        {
            self.memory.stats.tier2.compile += done.time;
            self.memory.stats.tier2.beside += done.time;
            let Some(order) = compiled.orders.remove(&done.number) else { continue };
            self.publish(order, done.code);
            self.send_orders();
        }
    }

    /// Makes a region's code be found, if what it was made from is still there.
    fn publish(&mut self, order: Order, code: UnitCode) {
        let alive = |(id, serial): &(BlockId, u64)| self.cache.get(*id).is_some_and(|b| b.serial == *serial);
        if !order.members.iter().all(alive) {
            return;
        }
        let head = self.cache.block(order.members[0].0);
        let (key, phys) = (head.key, head.phys);
        if let Some(source) = &order.source {
            self.store(phys, key.mode, source, &code);
        }
        let (bytes, shadow) = (code.bytes.len() as u64, code.shadow);
        if bytes > UNIT_BYTES_MAX as u64 {
            return;
        }
        self.make_room(Kind::Unit);
        let code =
            self.resolve(key.mode, &order.pages, code).expect("a region refers to what has an address");
        let Some(compiled) = &mut self.compiled else { return };
        let start = order.origin.wrapping_add(key.pc);
        let at = compiled.code.publish(self.cache.next_unit(), start, &code);
        self.memory.shadows.push(at, bytes, shadow.into());
        self.cache.insert_unit(at, order.entries, order.ranges);
        let stats = &mut self.memory.stats.tier2;
        stats.blocks += 1;
        stats.guest_instructions_translated += order.insns;
        stats.code_bytes += bytes;
    }
}
