//! The names of operations in the text form, lists of all of them, and what
//! holds for each by its name.

use crate::{BinaryOp, IntCC, Leave, Order, RmwOp, UnaryOp};

impl UnaryOp {
    /// All of them, in the order of the declaration.
    pub const ALL: [UnaryOp; 7] = [
        UnaryOp::Ineg,
        UnaryOp::Bnot,
        UnaryOp::Clz,
        UnaryOp::Ctz,
        UnaryOp::Popcnt,
        UnaryOp::Bswap,
        UnaryOp::Bitrev,
    ];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            UnaryOp::Ineg => "ineg",
            UnaryOp::Bnot => "bnot",
            UnaryOp::Clz => "clz",
            UnaryOp::Ctz => "ctz",
            UnaryOp::Popcnt => "popcnt",
            UnaryOp::Bswap => "bswap",
            UnaryOp::Bitrev => "bitrev",
        }
    }
}

impl BinaryOp {
    /// All of them, in the order of the declaration.
    pub const ALL: [BinaryOp; 21] = [
        BinaryOp::Iadd,
        BinaryOp::Isub,
        BinaryOp::Imul,
        BinaryOp::Umulhi,
        BinaryOp::Smulhi,
        BinaryOp::Udiv,
        BinaryOp::Sdiv,
        BinaryOp::Urem,
        BinaryOp::Srem,
        BinaryOp::Band,
        BinaryOp::Bor,
        BinaryOp::Bxor,
        BinaryOp::Ishl,
        BinaryOp::Ushr,
        BinaryOp::Sshr,
        BinaryOp::Rotl,
        BinaryOp::Rotr,
        BinaryOp::Umin,
        BinaryOp::Umax,
        BinaryOp::Smin,
        BinaryOp::Smax,
    ];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            BinaryOp::Iadd => "iadd",
            BinaryOp::Isub => "isub",
            BinaryOp::Imul => "imul",
            BinaryOp::Umulhi => "umulhi",
            BinaryOp::Smulhi => "smulhi",
            BinaryOp::Udiv => "udiv",
            BinaryOp::Sdiv => "sdiv",
            BinaryOp::Urem => "urem",
            BinaryOp::Srem => "srem",
            BinaryOp::Band => "band",
            BinaryOp::Bor => "bor",
            BinaryOp::Bxor => "bxor",
            BinaryOp::Ishl => "ishl",
            BinaryOp::Ushr => "ushr",
            BinaryOp::Sshr => "sshr",
            BinaryOp::Rotl => "rotl",
            BinaryOp::Rotr => "rotr",
            BinaryOp::Umin => "umin",
            BinaryOp::Umax => "umax",
            BinaryOp::Smin => "smin",
            BinaryOp::Smax => "smax",
        }
    }

    /// Whether the operands can change places.
    pub const fn is_commutative(self) -> bool {
        use BinaryOp::{Band, Bor, Bxor, Iadd, Imul, Smax, Smin, Smulhi, Umax, Umin, Umulhi};
        matches!(self, Iadd | Imul | Umulhi | Smulhi | Band | Bor | Bxor | Umin | Umax | Smin | Smax)
    }
}

impl IntCC {
    /// All of them, in the order of the declaration.
    pub const ALL: [IntCC; 10] = [
        IntCC::Eq,
        IntCC::Ne,
        IntCC::Slt,
        IntCC::Sge,
        IntCC::Sgt,
        IntCC::Sle,
        IntCC::Ult,
        IntCC::Uge,
        IntCC::Ugt,
        IntCC::Ule,
    ];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            IntCC::Eq => "eq",
            IntCC::Ne => "ne",
            IntCC::Slt => "slt",
            IntCC::Sge => "sge",
            IntCC::Sgt => "sgt",
            IntCC::Sle => "sle",
            IntCC::Ult => "ult",
            IntCC::Uge => "uge",
            IntCC::Ugt => "ugt",
            IntCC::Ule => "ule",
        }
    }

    /// The comparison that holds if and only if this one does not.
    pub const fn inverted(self) -> IntCC {
        match self {
            IntCC::Eq => IntCC::Ne,
            IntCC::Ne => IntCC::Eq,
            IntCC::Slt => IntCC::Sge,
            IntCC::Sge => IntCC::Slt,
            IntCC::Sgt => IntCC::Sle,
            IntCC::Sle => IntCC::Sgt,
            IntCC::Ult => IntCC::Uge,
            IntCC::Uge => IntCC::Ult,
            IntCC::Ugt => IntCC::Ule,
            IntCC::Ule => IntCC::Ugt,
        }
    }

    /// The same comparison with the operands in the other order.
    pub const fn swapped(self) -> IntCC {
        match self {
            IntCC::Eq => IntCC::Eq,
            IntCC::Ne => IntCC::Ne,
            IntCC::Slt => IntCC::Sgt,
            IntCC::Sge => IntCC::Sle,
            IntCC::Sgt => IntCC::Slt,
            IntCC::Sle => IntCC::Sge,
            IntCC::Ult => IntCC::Ugt,
            IntCC::Uge => IntCC::Ule,
            IntCC::Ugt => IntCC::Ult,
            IntCC::Ule => IntCC::Uge,
        }
    }
}

impl RmwOp {
    /// All of them, in the order of the declaration.
    pub const ALL: [RmwOp; 10] = [
        RmwOp::Xchg,
        RmwOp::Add,
        RmwOp::Sub,
        RmwOp::And,
        RmwOp::Or,
        RmwOp::Xor,
        RmwOp::Umin,
        RmwOp::Umax,
        RmwOp::Smin,
        RmwOp::Smax,
    ];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            RmwOp::Xchg => "xchg",
            RmwOp::Add => "add",
            RmwOp::Sub => "sub",
            RmwOp::And => "and",
            RmwOp::Or => "or",
            RmwOp::Xor => "xor",
            RmwOp::Umin => "umin",
            RmwOp::Umax => "umax",
            RmwOp::Smin => "smin",
            RmwOp::Smax => "smax",
        }
    }
}

impl Order {
    /// All of them, in the order of the declaration.
    pub const ALL: [Order; 4] = [Order::Relaxed, Order::Acquire, Order::Release, Order::SeqCst];

    /// The name in the text form, where the first is left out.
    pub const fn name(self) -> &'static str {
        match self {
            Order::Relaxed => "relaxed",
            Order::Acquire => "acquire",
            Order::Release => "release",
            Order::SeqCst => "seq_cst",
        }
    }
}

impl Leave {
    /// All of them, in the order of the declaration.
    pub const ALL: [Leave; 3] = [Leave::Resume, Leave::Idle, Leave::Firmware];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            Leave::Resume => "resume",
            Leave::Idle => "idle",
            Leave::Firmware => "firmware",
        }
    }
}
