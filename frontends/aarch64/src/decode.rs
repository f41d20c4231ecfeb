//! The decoder: all instruction rows, and a fast way to the one that fits.

use std::sync::{LazyLock, OnceLock};

use guest::Row;

use crate::lift::LiftFn;
use crate::model::Features;
use crate::{base, fp, simd, system};

/// The rows of one table of the manual's encoding index (Arm ARM, C4.1).
pub struct Set {
    /// The table's name.
    pub name: &'static str,
    /// Its rows, in the manual's order.
    pub rows: &'static [Row<LiftFn>],
    /// The features its instructions need; without them they are undefined.
    pub features: Features,
    /// Its instructions trap where floating point and SIMD are off.
    pub float: bool,
}

impl Set {
    /// Integer instructions of every model.
    pub const fn base(name: &'static str, rows: &'static [Row<LiftFn>]) -> Set {
        Set { name, rows, features: Features::empty(), float: false }
    }

    /// Integer instructions that need `features`.
    pub const fn feature(name: &'static str, features: Features, rows: &'static [Row<LiftFn>]) -> Set {
        Set { name, rows, features, float: false }
    }

    /// Floating-point or SIMD instructions of every model.
    pub const fn float(name: &'static str, rows: &'static [Row<LiftFn>]) -> Set {
        Set { name, rows, features: Features::empty(), float: true }
    }

    /// Floating-point or SIMD instructions that need `features`.
    pub const fn float_feature(name: &'static str, features: Features, rows: &'static [Row<LiftFn>]) -> Set {
        Set { name, rows, features, float: true }
    }
}

/// Every instruction, in the groups of the manual's index.
pub static GROUPS: &[&[Set]] = &[base::SETS, system::SETS, fp::SETS, simd::SETS];

/// All sets.
pub fn sets() -> impl Iterator<Item = &'static Set> {
    GROUPS.iter().flat_map(|group| group.iter())
}

/// A decoded instruction.
#[derive(Clone, Copy)]
pub struct Decoded {
    /// The table that it is in.
    pub set: &'static Set,
    /// Its row.
    pub row: &'static Row<LiftFn>,
}

/// Finds the row for an instruction, whatever the model; `None` if the
/// encoding is unallocated.
pub fn decode(word: u32) -> Option<Decoded> {
    let bucket = &BUCKETS[(word >> BUCKET_SHIFT) as usize];
    let bucket = bucket.get_or_init(|| candidates(word >> BUCKET_SHIFT));
    let found = bucket.iter().find(|candidate| word & candidate.mask == candidate.value)?;
    Some(Decoded { set: found.set, row: found.row })
}

/// A row, with its pattern at hand.
struct Candidate {
    mask: u32,
    value: u32,
    set: &'static Set,
    row: &'static Row<LiftFn>,
}

/// Words share a bucket if they agree from this bit up.
const BUCKET_SHIFT: u32 = 21;

/// Rows by the words' high bits, the most specific first; each bucket is made
/// when a word of it is met.
static BUCKETS: LazyLock<Vec<OnceLock<Vec<Candidate>>>> =
    LazyLock::new(|| (0..1 << (32 - BUCKET_SHIFT)).map(|_| OnceLock::new()).collect());

/// The rows of which words in bucket `index` can be.
fn candidates(index: u32) -> Vec<Candidate> {
    let (word, shared) = (index << BUCKET_SHIFT, u32::MAX << BUCKET_SHIFT);
    let of_set = |set: &'static Set| set.rows.iter().map(move |row| (set, row));
    let rows = sets().flat_map(of_set).map(|(set, row)| {
        let (mask, value) = (row.pattern.mask as u32, row.pattern.value as u32);
        Candidate { mask, value, set, row }
    });
    let mut fitting: Vec<Candidate> =
        rows.filter(|row| (row.value ^ word) & row.mask & shared == 0).collect();
    fitting.sort_by_key(|candidate| std::cmp::Reverse(candidate.mask.count_ones()));
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets of which the second has the words that the first leaves: the manual
    /// says so in prose. The first has more fixed bits, and wins.
    const LEFT_OVER: (&str, &str) = ("Advanced SIMD modified immediate", "Advanced SIMD shift by immediate");

    /// Two rows may share words only if all words of one are words of the
    /// other: it is then a special case, and wins.
    #[test]
    fn rows_overlap_only_where_one_is_a_special_case() {
        let rows: Vec<_> = sets().flat_map(|set| set.rows.iter().map(move |row| (set.name, row))).collect();
        for (i, (set, a)) in rows.iter().enumerate() {
            for (other, b) in &rows[i + 1..] {
                let (p, q) = (&a.pattern, &b.pattern);
                let nested = p.mask & q.mask == p.mask || p.mask & q.mask == q.mask;
                let left_over = (*set, *other) == LEFT_OVER && p.mask.count_ones() > q.mask.count_ones();
                let special = left_over || nested && p.mask != q.mask;
                assert!(!p.overlaps(q) || special, "{} and {} overlap", a.bits, b.bits);
            }
        }
    }

    #[test]
    fn every_row_has_32_bits_and_some_word_finds_it() {
        for row in sets().flat_map(|set| set.rows) {
            assert_eq!(row.pattern.width, 32, "{}", row.name);
            let letters = !row.pattern.mask as u32;
            let fills = [0, letters, letters & 0x5555_5555, letters & 0xaaaa_aaaa];
            let words = fills.map(|fill| row.pattern.value as u32 | fill);
            let found = words.into_iter().any(|word| decode(word).is_some_and(|d| d.row.bits == row.bits));
            assert!(found, "{} {}", row.name, row.bits);
        }
    }

    #[test]
    fn zero_is_udf_and_ones_are_nothing() {
        assert_eq!(decode(0).map(|found| found.row.name), Some("udf"));
        assert!(decode(0xffff_ffff).is_none());
    }
}
