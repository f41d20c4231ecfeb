//! Operations on vectors, which are two consecutive words each.

use super::ops::Word;
use guest::{CpuState, STATE_WORDS};
use ir::{HashOp, IntCC, LaneBinaryOp, LaneUnaryOp, Lanes, eval};

/// One operation. `d` is written, all other words are read; of a vector they
/// name the lower word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum VectorOp {
    Mov { d: Word, a: Word },
    Select { d: Word, cond: Word, a: Word, b: Word },
    Iconcat { d: Word, low: Word, high: Word },
    Splat { lanes: Lanes, d: Word, v: Word },
    /// The result is an integer.
    Extract { lanes: Lanes, lane: u8, d: Word, a: Word },
    Insert { lanes: Lanes, lane: u8, d: Word, a: Word, v: Word },
    Unary { op: LaneUnaryOp, lanes: Lanes, d: Word, a: Word },
    Binary { op: LaneBinaryOp, lanes: Lanes, d: Word, a: Word, b: Word },
    Icmp { cond: IntCC, lanes: Lanes, d: Word, a: Word, b: Word },
    Bitselect { d: Word, mask: Word, a: Word, b: Word },
    Shuffle { d: Word, a: Word, b: Word, mask: Word },
    HashRounds { op: HashOp, d: Word, a: Word, b: Word, c: Word },
}

impl VectorOp {
    /// The word that is written, or the first of two.
    pub(crate) fn destination(&self) -> Word {
        match *self {
            VectorOp::Extract { d, .. }
            | VectorOp::Mov { d, .. }
            | VectorOp::Select { d, .. }
            | VectorOp::Iconcat { d, .. }
            | VectorOp::Splat { d, .. }
            | VectorOp::Insert { d, .. }
            | VectorOp::Unary { d, .. }
            | VectorOp::Binary { d, .. }
            | VectorOp::Icmp { d, .. }
            | VectorOp::Bitselect { d, .. }
            | VectorOp::Shuffle { d, .. }
            | VectorOp::HashRounds { d, .. } => d,
        }
    }

    /// Does it on the words of a CPU's state.
    // Apart from the loop over operations, which is the better for being small.
    #[inline(never)]
    pub(crate) fn run(&self, state: &mut CpuState) {
        let w = |word: Word| state.words[usize::from(word) % STATE_WORDS];
        let v = |word: Word| vector(state, word);
        let result = match *self {
            VectorOp::Mov { a, .. } => v(a),
            VectorOp::Select { cond, a, b, .. } => v(if w(cond) != 0 { a } else { b }),
            VectorOp::Iconcat { low, high, .. } => eval::iconcat(w(low), w(high)),
            VectorOp::Splat { lanes, v, .. } => eval::splat(lanes, w(v)),
            VectorOp::Extract { lanes, lane, d, a } => {
                state.words[usize::from(d) % STATE_WORDS] = eval::extract(lanes, v(a), lane);
                return;
            }
            VectorOp::Insert { lanes, lane, a, v: value, .. } => eval::insert(lanes, v(a), lane, w(value)),
            VectorOp::Unary { op, lanes, a, .. } => eval::lane_unary(op, lanes, v(a)),
            VectorOp::Binary { op, lanes, a, b, .. } => eval::lane_binary(op, lanes, v(a), v(b)),
            VectorOp::Icmp { cond, lanes, a, b, .. } => eval::lane_icmp(cond, lanes, v(a), v(b)),
            VectorOp::Bitselect { mask, a, b, .. } => eval::bitselect(v(mask), v(a), v(b)),
            VectorOp::Shuffle { a, b, mask, .. } => eval::shuffle(v(a), v(b), v(mask)),
            VectorOp::HashRounds { op, a, b, c, .. } => eval::hash(op, v(a), v(b), v(c)),
        };
        set_vector(state, self.destination(), result);
    }
}

/// The vector in a word and the next.
pub(crate) fn vector(state: &CpuState, word: Word) -> u128 {
    let at = |word: usize| state.words[word % STATE_WORDS];
    eval::iconcat(at(word.into()), at(usize::from(word) + 1))
}

/// Puts a vector into a word and the next.
pub(crate) fn set_vector(state: &mut CpuState, word: Word, value: u128) {
    let [low, high] = eval::isplit(value);
    state.words[usize::from(word) % STATE_WORDS] = low;
    state.words[(usize::from(word) + 1) % STATE_WORDS] = high;
}
