//! The reference interpreter: the executable meaning of a block.
//!
//! Operations run one after the other, and each takes effect at once. So when
//! one faults, the state is exactly what the operations before it have made of
//! it: whoever lifts an instruction orders its operations so that those that
//! may fault come before those that change a slot. Engines and passes may do
//! otherwise only where nobody can tell.

use crate::{
    Block, HelperId, Hint, Inst, Lanes, Leave, MemAccess, RmwOp, Slot, Spec, Terminator, Type, Value, eval,
};

/// What a block runs on. Values are zero-extended from their types in both
/// directions.
pub trait Host {
    /// Why an operation may stop the block.
    type Fault;

    /// The guest address that the block's address 0 stands for; a multiple of
    /// [`crate::ORIGIN_BYTES`].
    fn origin(&self) -> u64 {
        0
    }

    /// Reads a slot, or one word of a vector's.
    fn get(&mut self, slot: Slot) -> u64;

    /// Writes a slot, or one word of a vector's.
    fn set(&mut self, slot: Slot, value: u64);

    /// Loads an integer at a guest virtual address.
    ///
    /// # Errors
    /// The guest's fault; nothing has changed then.
    fn load(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Self::Fault>;

    /// Stores an integer at a guest virtual address.
    ///
    /// # Errors
    /// The guest's fault; nothing has changed then.
    fn store(&mut self, ty: Type, access: MemAccess, addr: u64, value: u64) -> Result<(), Self::Fault>;

    /// Loads, and places this CPU's reservation on the address.
    ///
    /// # Errors
    /// The guest's fault; nothing has changed then.
    fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Self::Fault>;

    /// Stores if the reservation stands, and drops it. Yields whether it stored.
    ///
    /// # Errors
    /// The guest's fault; nothing has been stored then.
    fn store_conditional(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<bool, Self::Fault>;

    /// Replaces what is in memory by [`eval::rmw`] of it and `value`, in one
    /// step. Yields what was there.
    ///
    /// # Errors
    /// The guest's fault; nothing has changed then.
    fn atomic_rmw(
        &mut self,
        op: RmwOp,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<u64, Self::Fault>;

    /// Stores `new` if memory holds `expected`, in one step. Yields what was
    /// there.
    ///
    /// # Errors
    /// The guest's fault; nothing has changed then.
    fn atomic_cas(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        expected: u64,
        new: u64,
    ) -> Result<u64, Self::Fault>;

    /// Orders all accesses before against all after.
    fn fence(&mut self);

    /// Calls a helper; unused arguments are zero. What it yields is ignored if
    /// it is declared not to.
    ///
    /// # Errors
    /// The guest's fault; no slot has changed then.
    fn call(&mut self, helper: HelperId, args: [u64; 4]) -> Result<u64, Self::Fault>;

    /// The fault that is exception `cause` with the datum `value`, which the block raises.
    fn trap(&mut self, cause: u64, value: u64) -> Self::Fault;

    /// Takes note that the guest instruction at `pc` starts.
    fn insn(&mut self, pc: u64);
}

/// How a block ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The guest goes on at this address, known when the block was made.
    Jump(u64),
    /// The guest goes on at a computed address.
    Indirect {
        /// The address.
        pc: u64,
        /// What the jump is for.
        hint: Hint,
    },
    /// The engine has something to do before the guest goes on.
    Leave {
        /// What.
        reason: Leave,
        /// Where the guest goes on.
        pc: u64,
    },
    /// The guest instruction that started last raised an exception and is not
    /// completed.
    Trap {
        /// The guest's number for it.
        cause: u64,
        /// The guest's datum.
        value: u64,
        /// The address of the instruction.
        pc: u64,
    },
}

/// A fault in the middle of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stopped<F> {
    /// The host's fault.
    pub fault: F,
    /// The address of the guest instruction it happened in.
    pub pc: u64,
    /// Guest instructions of this block completed before that one.
    pub completed: u32,
}

/// Runs `block`, which must verify.
///
/// # Errors
/// The first fault that `host` reports.
///
/// # Panics
/// Maybe, if the block does not verify.
pub fn run<H: Host>(block: &Block, spec: &Spec, host: &mut H) -> Result<Outcome, Stopped<H::Fault>> {
    let types = block.result_types(spec);
    let mut frame = Frame { values: Vec::with_capacity(block.insts.len()), types: &types, spec };
    let origin = host.origin();
    let (mut pc, mut started) = (origin.wrapping_add(block.key.pc), 0u32);
    for inst in &block.insts {
        if let Inst::Insn { pc: at } = *inst {
            (pc, started) = (origin.wrapping_add(at), started + 1);
        }
        let result = match frame.vector_step(inst, host) {
            Some(result) => result,
            None => frame.step(inst, host).map(u128::from),
        };
        match result {
            Ok(value) => frame.values.push(value),
            Err(fault) => return Err(Stopped { fault, pc, completed: started.saturating_sub(1) }),
        }
    }
    Ok(frame.outcome(&block.terminator, pc, origin))
}

/// The values computed so far.
struct Frame<'a> {
    /// Integers are zero-extended.
    values: Vec<u128>,
    types: &'a [Option<Type>],
    spec: &'a Spec,
}

impl Frame<'_> {
    fn value(&self, value: Value) -> u64 {
        self.values[value.index()] as u64
    }

    fn vector(&self, value: Value) -> u128 {
        self.values[value.index()]
    }

    fn ty(&self, value: Value) -> Type {
        self.types[value.index()].expect("operands of a verified block are values")
    }

    fn is_vector(&self, value: Value) -> bool {
        self.ty(value).is_vector()
    }

    /// Runs one operation that reads or yields vectors; `None` if it does neither.
    fn vector_step<H: Host>(&self, inst: &Inst, host: &mut H) -> Option<Result<u128, H::Fault>> {
        let (v, x) = (|value| self.value(value), |value| self.vector(value));
        let is_v128 = |slot: Slot| self.spec.layout.info(slot).ty.is_vector();
        Some(Ok(match *inst {
            Inst::Get { slot } if is_v128(slot) => eval::iconcat(host.get(slot), host.get(slot.upper())),
            Inst::Set { slot, value } if self.is_vector(value) => {
                let [low, high] = eval::isplit(x(value));
                host.set(slot, low);
                host.set(slot.upper(), high);
                0
            }
            Inst::Select { cond, then, other } => x(if v(cond) != 0 { then } else { other }),
            Inst::Iconcat { low, high } => eval::iconcat(v(low), v(high)),
            Inst::Splat { lanes, value } => eval::splat(lanes, v(value)),
            Inst::ExtractLane { lanes, lane, value } => eval::extract(lanes, x(value), lane).into(),
            Inst::InsertLane { lanes, lane, vector, value } => eval::insert(lanes, x(vector), lane, v(value)),
            Inst::LaneUnary { op, lanes, value } => eval::lane_unary(op, lanes, x(value)),
            Inst::LaneBinary { op, lanes, lhs, rhs } => eval::lane_binary(op, lanes, x(lhs), x(rhs)),
            Inst::LaneIcmp { cond, lanes, lhs, rhs } => eval::lane_icmp(cond, lanes, x(lhs), x(rhs)),
            Inst::Bitselect { mask, then, other } => eval::bitselect(x(mask), x(then), x(other)),
            Inst::Shuffle { lhs, rhs, mask } => eval::shuffle(x(lhs), x(rhs), x(mask)),
            Inst::HashRounds { op, first, second, words } => eval::hash(op, x(first), x(second), x(words)),
            Inst::LaneCall { helper, lanes, ref args } => {
                let vectors: Vec<u128> = args.as_slice().iter().map(|v| x(*v)).collect();
                return Some(lane_call(host, helper, lanes, &vectors));
            }
            Inst::Load { ty: Type::V128, access, addr } => return Some(load_vector(host, access, v(addr))),
            Inst::Store { access, addr, value } if self.is_vector(value) => {
                return Some(store_vector(host, access, v(addr), x(value)).map(|()| 0));
            }
            _ => return None,
        }))
    }

    /// Runs one operation on integers; yields its result, or 0 if it has none.
    fn step<H: Host>(&self, inst: &Inst, host: &mut H) -> Result<u64, H::Fault> {
        let v = |value| self.value(value);
        match *inst {
            Inst::Insn { pc } => host.insn(host.origin().wrapping_add(pc)),
            Inst::Set { slot, value } => host.set(slot, v(value)),
            Inst::SetFlags { op, flags, lhs, rhs } => {
                let set = op.flags(self.ty(lhs), v(lhs), v(rhs));
                flags.all().into_iter().zip(set).for_each(|(slot, set)| host.set(slot, set.into()));
            }
            Inst::Fence => host.fence(),
            Inst::TrapIf { cond, cause, value } if v(cond) != 0 => return Err(host.trap(cause, v(value))),
            Inst::TrapIf { .. } => (),
            Inst::Store { access, addr, value } => {
                host.store(self.ty(value), access, v(addr), v(value))?;
            }
            Inst::Iconst { value, .. } => return Ok(value),
            Inst::CodeAddress { pc } => return Ok(host.origin().wrapping_add(pc)),
            Inst::Get { slot } => return Ok(host.get(slot)),
            Inst::Unary { op, value } => return Ok(eval::unary(op, self.ty(value), v(value))),
            Inst::Binary { op, lhs, rhs } => return Ok(eval::binary(op, self.ty(lhs), v(lhs), v(rhs))),
            Inst::Icmp { cond, lhs, rhs } => {
                return Ok(u64::from(eval::icmp(cond, self.ty(lhs), v(lhs), v(rhs))));
            }
            Inst::Uextend { value, .. } => return Ok(eval::uextend(v(value))),
            Inst::Sextend { ty, value } => return Ok(eval::sextend(self.ty(value), ty, v(value))),
            Inst::Ireduce { ty, value } => return Ok(eval::ireduce(ty, v(value))),
            Inst::Load { ty, access, addr } => return host.load(ty, access, v(addr)),
            Inst::LoadReserved { ty, access, addr } => return host.load_reserved(ty, access, v(addr)),
            Inst::StoreConditional { access, addr, value } => {
                let stored = host.store_conditional(self.ty(value), access, v(addr), v(value))?;
                return Ok(u64::from(!stored));
            }
            Inst::AtomicRmw { op, access, addr, value } => {
                return host.atomic_rmw(op, self.ty(value), access, v(addr), v(value));
            }
            Inst::AtomicCas { access, addr, expected, new } => {
                return host.atomic_cas(self.ty(new), access, v(addr), v(expected), v(new));
            }
            Inst::Call { helper, ref args } => {
                let mut passed = [0; 4];
                for (to, &from) in passed.iter_mut().zip(args.as_slice()) {
                    *to = v(from);
                }
                let result = host.call(helper, passed)?;
                return Ok(if self.spec.helper(helper).returns { result } else { 0 });
            }
            Inst::Select { .. }
            | Inst::Iconcat { .. }
            | Inst::Splat { .. }
            | Inst::ExtractLane { .. }
            | Inst::InsertLane { .. }
            | Inst::LaneUnary { .. }
            | Inst::LaneBinary { .. }
            | Inst::LaneIcmp { .. }
            | Inst::Bitselect { .. }
            | Inst::Shuffle { .. }
            | Inst::HashRounds { .. }
            | Inst::LaneCall { .. } => unreachable!("`vector_step` comes first"),
        }
        Ok(0)
    }

    fn outcome(&self, terminator: &Terminator, at: u64, origin: u64) -> Outcome {
        match *terminator {
            Terminator::Jump { pc } => Outcome::Jump(origin.wrapping_add(pc)),
            Terminator::Branch { cond, taken, other } => {
                let pc = eval::select(self.value(cond), taken, other);
                Outcome::Jump(origin.wrapping_add(pc))
            }
            Terminator::Indirect { target, hint } => Outcome::Indirect { pc: self.value(target), hint },
            Terminator::Leave { reason, pc } => Outcome::Leave { reason, pc: self.value(pc) },
            Terminator::Trap { cause, value } => Outcome::Trap { cause, value: self.value(value), pc: at },
        }
    }
}

/// A call for each lane.
fn lane_call<H: Host>(
    host: &mut H,
    helper: HelperId,
    lanes: Lanes,
    vectors: &[u128],
) -> Result<u128, H::Fault> {
    let mut result = 0;
    for lane in 0..lanes.count() {
        let mut passed = [0; 4];
        for (to, vector) in passed.iter_mut().zip(vectors) {
            *to = eval::lane_argument(lanes, eval::extract(lanes, *vector, lane));
        }
        result = eval::insert(lanes, result, lane, host.call(helper, passed)?);
    }
    Ok(result)
}

/// Two loads.
fn load_vector<H: Host>(host: &mut H, access: MemAccess, addr: u64) -> Result<u128, H::Fault> {
    let low = host.load(Type::I64, access, addr)?;
    Ok(eval::iconcat(low, host.load(Type::I64, access, addr.wrapping_add(8))?))
}

/// Two stores.
fn store_vector<H: Host>(host: &mut H, access: MemAccess, addr: u64, value: u128) -> Result<(), H::Fault> {
    let [low, high] = eval::isplit(value);
    host.store(Type::I64, access, addr, low)?;
    host.store(Type::I64, access, addr.wrapping_add(8), high)
}
