//! Operations on vectors: those that have lanes by way of [`Builder::lanes`].

use super::Builder;
use crate::{Args, HashOp, HelperId, Inst, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, Type, Value};

/// Appends operations on vectors divided into certain lanes; see
/// [`Builder::lanes`].
pub struct OnLanes<'b, 'a> {
    b: &'b mut Builder<'a>,
    lanes: Lanes,
}

impl<'a> Builder<'a> {
    /// Operations on vectors as these lanes: `b.lanes(Lanes::I32x4).iadd(x, y)`.
    pub fn lanes(&mut self, lanes: Lanes) -> OnLanes<'_, 'a> {
        OnLanes { b: self, lanes }
    }

    /// A vector constant.
    pub fn vconst(&mut self, value: u128) -> Value {
        let low = self.iconst(Type::I64, value as u64);
        let high = if (value >> 64) as u64 == value as u64 {
            low
        } else {
            self.iconst(Type::I64, (value >> 64) as u64)
        };
        self.iconcat(low, high)
    }

    /// The vector of two `i64`s.
    pub fn iconcat(&mut self, low: Value, high: Value) -> Value {
        self.push(Inst::Iconcat { low, high })
    }

    /// And of two vectors.
    pub fn vand(&mut self, lhs: Value, rhs: Value) -> Value {
        self.lanes(Lanes::I8x16).binary(LaneBinaryOp::Band, lhs, rhs)
    }

    /// Or of two vectors.
    pub fn vor(&mut self, lhs: Value, rhs: Value) -> Value {
        self.lanes(Lanes::I8x16).binary(LaneBinaryOp::Bor, lhs, rhs)
    }

    /// Exclusive or of two vectors.
    pub fn vxor(&mut self, lhs: Value, rhs: Value) -> Value {
        self.lanes(Lanes::I8x16).binary(LaneBinaryOp::Bxor, lhs, rhs)
    }

    /// Complement of each bit of a vector.
    pub fn vnot(&mut self, value: Value) -> Value {
        self.lanes(Lanes::I8x16).unary(LaneUnaryOp::Bnot, value)
    }

    /// Bits of `then` where `mask` has ones, of `other` where not.
    pub fn bitselect(&mut self, mask: Value, then: Value, other: Value) -> Value {
        self.push(Inst::Bitselect { mask, then, other })
    }

    /// Four rounds of a hash function.
    pub fn hash_rounds(&mut self, op: HashOp, first: Value, second: Value, words: Value) -> Value {
        self.push(Inst::HashRounds { op, first, second, words })
    }

    /// Bytes of two vectors by their numbers, 0 to 31; 0 for other numbers.
    pub fn shuffle(&mut self, lhs: Value, rhs: Value, numbers: [u8; 16]) -> Value {
        let mask = self.vconst(u128::from_le_bytes(numbers));
        self.push(Inst::Shuffle { lhs, rhs, mask })
    }

    /// The same by numbers that are a vector's bytes.
    pub fn shuffle_by(&mut self, lhs: Value, rhs: Value, mask: Value) -> Value {
        self.push(Inst::Shuffle { lhs, rhs, mask })
    }

    /// Bytes of a vector by the numbers in another; 0 for numbers from 16 on.
    pub fn swizzle(&mut self, table: Value, numbers: Value) -> Value {
        self.lanes(Lanes::I8x16).binary(LaneBinaryOp::Swizzle, table, numbers)
    }
}

/// One method an operation, named like it.
macro_rules! on_lanes {
    (unary: $($(#[$doc:meta])* $name:ident => $op:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(self, value: Value) -> Value {
            self.unary(LaneUnaryOp::$op, value)
        }
    )*};
    (binary: $($(#[$doc:meta])* $name:ident => $op:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(self, lhs: Value, rhs: Value) -> Value {
            self.binary(LaneBinaryOp::$op, lhs, rhs)
        }
    )*};
}

impl OnLanes<'_, '_> {
    /// An operation on one vector.
    pub fn unary(self, op: LaneUnaryOp, value: Value) -> Value {
        self.b.push(Inst::LaneUnary { op, lanes: self.lanes, value })
    }

    /// An operation on two vectors.
    pub fn binary(self, op: LaneBinaryOp, lhs: Value, rhs: Value) -> Value {
        self.b.push(Inst::LaneBinary { op, lanes: self.lanes, lhs, rhs })
    }

    /// A mask of the lanes for which `cond` holds.
    pub fn icmp(self, cond: IntCC, lhs: Value, rhs: Value) -> Value {
        self.b.push(Inst::LaneIcmp { cond, lanes: self.lanes, lhs, rhs })
    }

    /// A value in all lanes, of their type.
    pub fn splat(self, value: Value) -> Value {
        self.b.push(Inst::Splat { lanes: self.lanes, value })
    }

    /// A constant in all lanes, cut to their type.
    pub fn splat_const(self, value: u64) -> Value {
        let value = self.b.iconst(self.lanes.ty(), value);
        self.splat(value)
    }

    /// A lane, of the lanes' type.
    pub fn extract(self, value: Value, lane: u8) -> Value {
        self.b.push(Inst::ExtractLane { lanes: self.lanes, lane, value })
    }

    /// `vector` with a lane replaced by `value`, of the lanes' type.
    pub fn insert(self, vector: Value, lane: u8, value: Value) -> Value {
        self.b.push(Inst::InsertLane { lanes: self.lanes, lane, vector, value })
    }

    /// What a helper yields for each lane; see [`Inst::LaneCall`].
    pub fn call(self, helper: HelperId, args: &[Value]) -> Value {
        self.b.push(Inst::LaneCall { helper, lanes: self.lanes, args: Args::new(args) })
    }

    on_lanes! { unary:
        /// Two's complement negation.
        ineg => Ineg;
        /// Absolute value.
        iabs => Iabs;
        /// Bits set.
        popcnt => Popcnt;
        /// The lower half of the lanes, sign-extended to twice the width.
        swiden_low => SwidenLow;
        /// The upper half of the lanes, sign-extended to twice the width.
        swiden_high => SwidenHigh;
        /// The lower half of the lanes, zero-extended to twice the width.
        uwiden_low => UwidenLow;
        /// The upper half of the lanes, zero-extended to twice the width.
        uwiden_high => UwidenHigh;
        /// A round of AES without the rest; see [`LaneUnaryOp::AesSub`].
        aes_sub => AesSub;
        /// The inverse of that.
        aes_unsub => AesUnsub;
        /// Columns of AES mixed.
        aes_mix => AesMix;
        /// The inverse of that.
        aes_unmix => AesUnmix;
    }

    on_lanes! { binary:
        /// Sums.
        iadd => Iadd;
        /// Differences.
        isub => Isub;
        /// Low halves of the products.
        imul => Imul;
        /// Unsigned minima.
        umin => Umin;
        /// Unsigned maxima.
        umax => Umax;
        /// Signed minima.
        smin => Smin;
        /// Signed maxima.
        smax => Smax;
        /// Shifts left by lanes; see [`LaneBinaryOp::Ishl`].
        ishl => Ishl;
        /// Logical shifts right by lanes; see [`LaneBinaryOp::Ushr`].
        ushr => Ushr;
        /// Arithmetic shifts right by lanes; see [`LaneBinaryOp::Sshr`].
        sshr => Sshr;
        /// Shifts either way with signs; see [`LaneBinaryOp::Sshift`].
        sshift => Sshift;
        /// Shifts either way with zeros; see [`LaneBinaryOp::Ushift`].
        ushift => Ushift;
        /// Unsigned sums that saturate.
        uadd_sat => UaddSat;
        /// Signed sums that saturate.
        sadd_sat => SaddSat;
        /// Unsigned differences that saturate.
        usub_sat => UsubSat;
        /// Signed differences that saturate.
        ssub_sat => SsubSat;
        /// Unsigned averages, rounded up.
        avg_round => AvgRound;
        /// Sums of neighbours; see [`LaneBinaryOp::IaddPairwise`].
        iadd_pairwise => IaddPairwise;
        /// Both vectors' lanes at half the width, signed, saturated.
        snarrow => Snarrow;
        /// Both vectors' lanes at half the width, signed to unsigned, saturated.
        unarrow => Unarrow;
        /// Both vectors' lanes at half the width, unsigned, saturated.
        uunarrow => Uunarrow;
        /// Lower words' carry-less product.
        clmul_low => ClmulLow;
        /// Upper words' carry-less product.
        clmul_high => ClmulHigh;
    }

    /// Shifts all lanes left by `amount` bits; 0 if that is the width or more.
    pub fn ishl_const(self, value: Value, amount: u64) -> Value {
        self.shift_const(LaneBinaryOp::Ishl, value, amount)
    }

    /// Shifts all lanes right by `amount` bits; 0 if that is the width or more.
    pub fn ushr_const(self, value: Value, amount: u64) -> Value {
        self.shift_const(LaneBinaryOp::Ushr, value, amount)
    }

    /// Shifts all lanes right by `amount` bits, with their signs; nothing but these
    /// if that is the width or more.
    pub fn sshr_const(self, value: Value, amount: u64) -> Value {
        self.shift_const(LaneBinaryOp::Sshr, value, amount)
    }

    fn shift_const(self, op: LaneBinaryOp, value: Value, amount: u64) -> Value {
        let OnLanes { b, lanes } = self;
        let amount = b.lanes(lanes).splat_const(amount.min(lanes.ty().bits().into()));
        b.lanes(lanes).binary(op, value, amount)
    }

    /// Both vectors' lanes cut to half the width. Not for `i8x16`.
    ///
    /// # Panics
    /// For `i8x16`: a front end's mistake.
    pub fn narrow(self, lhs: Value, rhs: Value) -> Value {
        let bytes = self.lanes.narrower().expect("bytes have no halves").ty().bytes();
        let number = |at: u8| at / bytes * 2 * bytes + at % bytes;
        self.b.shuffle(lhs, rhs, std::array::from_fn(|at| number(at as u8)))
    }
}
