//! The decoder: all instruction rows, and a fast way to the one that fits.

use std::sync::LazyLock;

use guest::{Row, same};

use crate::lift::LiftFn;
use crate::{Op, a, c, d, f, m, rv64i, system, zba, zbb, zbs, zicbo};

/// The rows of one extension.
pub struct Set {
    /// The extension's name, as in the manual.
    pub name: &'static str,
    /// Its rows, in the manual's order.
    pub rows: &'static [Row<LiftFn>],
    /// Its instructions need the floating-point unit: illegal if mstatus.FS is
    /// off.
    pub float: bool,
}

impl Set {
    /// Instructions that work in every state.
    const fn new(name: &'static str, rows: &'static [Row<LiftFn>]) -> Set {
        Set { name, rows, float: false }
    }
}

/// Every 32-bit instruction.
#[rustfmt::skip]
pub static SETS: &[Set] = &[
    Set::new("I", rv64i::TABLE),
    Set::new("M", m::TABLE),
    Set::new("A", a::TABLE),
    Set { name: "F", rows: f::TABLE, float: true },
    Set { name: "D", rows: d::TABLE, float: true },
    Set::new("Zba", zba::TABLE),
    Set::new("Zbb", zbb::TABLE),
    Set::new("Zbs", zbs::TABLE),
    Set::new("Zicbo", zicbo::TABLE),
    Set::new("System", system::TABLE),
];

/// A decoded instruction.
#[derive(Clone, Copy)]
pub struct Decoded {
    /// The extension it belongs to.
    pub set: &'static Set,
    /// Its row.
    pub row: &'static Row<LiftFn>,
    /// Its fields; a compressed instruction's expansion.
    pub op: Op,
}

/// Finds the row for an instruction of 32 bits, or of 16 (zero-extended);
/// `None` if the encoding is unknown or reserved.
pub fn decode(word: u32) -> Option<Decoded> {
    let op = if word & 3 == 3 { Op(word) } else { Op(c::expand(word as u16)?) };
    let found = BUCKETS[bucket(op.0)].iter().find(|candidate| op.0 & candidate.mask == candidate.value)?;
    Some(Decoded { set: found.set, row: found.row, op })
}

/// The row of `table` called `name`, for constants.
///
/// # Panics
/// At compile time, if there is none.
pub(crate) const fn row_in<F: Copy>(table: &[Row<F>], name: &str) -> Row<F> {
    let mut i = 0;
    while i < table.len() {
        if same(table[i].name, name) {
            return table[i];
        }
        i += 1;
    }
    panic!("no row has this name")
}

/// The row called `name`.
pub fn by_name(name: &str) -> Option<&'static Row<LiftFn>> {
    SETS.iter().flat_map(|set| set.rows).find(|row| row.name == name)
}

/// A row, with its pattern at hand.
struct Candidate {
    mask: u32,
    value: u32,
    set: &'static Set,
    row: &'static Row<LiftFn>,
}

/// Rows by major opcode and funct3, the most specific first.
static BUCKETS: LazyLock<Vec<Vec<Candidate>>> = LazyLock::new(|| (0..256).map(candidates).collect());

/// The rows of which words in bucket `index` can be.
fn candidates(index: u32) -> Vec<Candidate> {
    // One word of the bucket, and the bits that all its words share.
    let (word, shared) = ((index & 31) << 2 | 3 | (index >> 5) << 12, 0x707f);
    let of_set = |set: &'static Set| set.rows.iter().map(move |row| (set, row));
    let rows = SETS.iter().flat_map(of_set).map(|(set, row)| {
        let (mask, value) = (row.pattern.mask as u32, row.pattern.value as u32);
        Candidate { mask, value, set, row }
    });
    let mut fitting: Vec<Candidate> =
        rows.filter(|row| (row.value ^ word) & row.mask & shared == 0).collect();
    fitting.sort_by_key(|candidate| std::cmp::Reverse(candidate.mask.count_ones()));
    fitting
}

/// The index in [`BUCKETS`] of a 32-bit word.
fn bucket(word: u32) -> usize {
    (word >> 2 & 31 | (word >> 12 & 7) << 5) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that are special cases of others by the manual's own design: the
    /// hints of Zicbop and Zihintpause, and fence.tso.
    const SPECIAL: &[(&str, &str)] = &[
        ("prefetch.i", "ori"),
        ("prefetch.r", "ori"),
        ("prefetch.w", "ori"),
        ("pause", "fence"),
        ("fence.tso", "fence"),
    ];

    #[test]
    fn rows_overlap_only_where_one_is_a_special_case() {
        let rows: Vec<_> = SETS.iter().flat_map(|set| set.rows).collect();
        for (i, a) in rows.iter().enumerate() {
            for b in &rows[i + 1..] {
                if a.pattern.overlaps(&b.pattern) {
                    let known = SPECIAL.contains(&(a.name, b.name)) || SPECIAL.contains(&(b.name, a.name));
                    assert!(known, "{} and {} overlap", a.name, b.name);
                }
            }
        }
    }

    #[test]
    fn special_cases_win() {
        assert_eq!(decode(0x0100_000f).unwrap().row.name, "pause");
        assert_eq!(decode(0x0ff0_000f).unwrap().row.name, "fence");
        assert_eq!(decode(0x0015_6013).unwrap().row.name, "prefetch.r"); // ori x0,a0,1
        assert_eq!(decode(0x0015_6093).unwrap().row.name, "ori"); // ori ra,a0,1
    }

    #[test]
    fn every_row_has_32_bits_and_finds_itself() {
        for set in SETS {
            for row in set.rows {
                assert_eq!(row.pattern.width, 32, "{}", row.name);
                let found = decode(row.pattern.value as u32).map(|d| d.row.name);
                assert!(found == Some(row.name) || SPECIAL.iter().any(|s| s.1 == row.name), "{}", row.name);
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = SETS.iter().flat_map(|set| set.rows).map(|row| row.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn zero_and_ones_are_illegal() {
        assert!(decode(0).is_none());
        assert!(decode(0xffff_ffff).is_none());
    }
}
