//! How operations reach memory.

/// What an atomic read-modify-write stores, from the old value and the operand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RmwOp {
    /// The operand.
    Xchg,
    /// The sum.
    Add,
    /// The difference: old − operand.
    Sub,
    /// And.
    And,
    /// Or.
    Or,
    /// Exclusive or.
    Xor,
    /// Unsigned minimum.
    Umin,
    /// Unsigned maximum.
    Umax,
    /// Signed minimum.
    Smin,
    /// Signed maximum.
    Smax,
}

/// What an address that is not a multiple of the access size means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Align {
    /// Nothing: the access is done.
    Any,
    /// An alignment fault of the guest.
    Natural,
}

/// Memory ordering of an access against the CPU's other accesses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Order {
    /// None.
    Relaxed,
    /// Later accesses stay after it.
    Acquire,
    /// Earlier accesses stay before it.
    Release,
    /// Both, in one total order.
    SeqCst,
}

/// All about a memory access but its address and its type, which gives the
/// size. How it reaches memory (soft MMU, mapped, traced) is the engine's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MemAccess {
    /// Alignment rule.
    pub align: Align,
    /// Ordering.
    pub order: Order,
    /// Which of the guest's translation regimes applies (0 to 7).
    pub regime: u8,
}

impl MemAccess {
    /// The last regime.
    pub const MAX_REGIME: u8 = 7;

    /// A plain access: any alignment, relaxed.
    pub const fn plain(regime: u8) -> MemAccess {
        MemAccess { align: Align::Any, order: Order::Relaxed, regime }
    }
}
