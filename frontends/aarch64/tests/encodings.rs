//! Every A64 encoding of Arm's machine-readable specification (the crate
//! `aarchmrs-instructions`, which is made from Arm's AARCHMRS release of
//! 2026-09) is lifted, or it is in the list of those that are undefined; and
//! every row of the decoder is an encoding of the specification.

#[path = "encodings/absent.rs"]
mod absent;
#[path = "encodings/base.rs"]
mod base;
#[path = "encodings/ldst.rs"]
mod ldst;
#[path = "encodings/simd.rs"]
mod simd;
#[path = "encodings/sme.rs"]
mod sme;
#[path = "encodings/sve.rs"]
mod sve;

use std::collections::BTreeMap;

use aarch64::decode::{decode, sets};
use aarch64::state::{Conduit, Mode};
use aarch64::{Aarch64, Model};
use absent::ABSENT;
use guest::{Fault, Fetch, Guest};
use ir::{BlockKey, Terminator};

/// One table of the specification.
pub struct Table {
    /// Its path in the specification.
    pub path: &'static [&'static str],
    /// Its encodings: name, value, mask of the fixed bits, and of those among
    /// them that should be so, but need not be checked.
    pub encodings: &'static [(&'static str, u32, u32, u32)],
}

/// Tables, by path and names.
macro_rules! tables {
    ($($($part:ident)::+ { $($name:ident)* })*) => {
        &[$(crate::Table {
            path: &[$(stringify!($part)),+],
            encodings: {
                use aarchmrs_instructions::A64::$($part)::+::*;
                &[$((stringify!($name), $name::OPCODE, $name::OPCODE_MASK, $name::SHOULD_BE_MASK)),*]
            },
        }),*]
    };
}
pub(crate) use tables;

/// How many encodings the crate has. (Two more, of FEAT_TME, are in a file that
/// it leaves out.)
const COUNT: usize = 4429;

/// Words that are tried of each encoding and row.
const SAMPLES: u32 = 200;
/// The same of System instructions, of which few words are one.
const SYSTEM_SAMPLES: u32 = 20_000;

#[derive(Clone)]
struct Encoding {
    table: String,
    name: &'static str,
    value: u32,
    mask: u32,
    should_be: u32,
}

impl Encoding {
    fn matches(&self, word: u32) -> bool {
        word & self.mask == self.value
    }

    /// Whether a list names it, or its whole table.
    fn is_in(&self, list: &[(&str, &[&str])]) -> bool {
        let named = |name: &str| {
            name == self.name || name.strip_suffix('*').is_some_and(|prefix| self.table.starts_with(prefix))
        };
        list.iter().any(|(_, names)| names.iter().any(|name| named(name)))
    }
}

fn encodings() -> Vec<Encoding> {
    let groups = [base::TABLES, ldst::TABLES, simd::TABLES, sve::TABLES, sme::TABLES];
    let of_table = |table: &'static Table| {
        table.encodings.iter().map(|(name, value, mask, should_be)| Encoding {
            table: table.path.join("::"),
            name,
            value: *value,
            mask: *mask,
            should_be: *should_be,
        })
    };
    groups.into_iter().flatten().flat_map(of_table).collect()
}

/// Code of one instruction.
struct OneInsn(u32);

impl Fetch for OneInsn {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        Ok((self.0 >> (8 * (at & 2))) as u16)
    }
}

/// Whether the front end knows the instruction: at EL1, with calls to EL2 and
/// to firmware, where nothing traps.
fn is_defined(guest: &Aarch64, word: u32) -> bool {
    let calls = (Conduit::Hypervisor as u32) << 11 | (Conduit::Firmware as u32) << 13;
    let key = BlockKey { pc: 0x1000, mode: Mode::USER.0 | 1 | calls };
    let block = guest.lift(key, &mut OneInsn(word), 1).expect("code can be fetched");
    ir::verify(&block, guest.spec()).unwrap_or_else(|error| panic!("{word:#010x}: {error}"));
    const UNDEFINED: u64 = 1 << 25;
    !matches!(block.terminator, Terminator::Trap { cause: UNDEFINED, .. })
}

/// Words with the fixed bits of a pattern, and all kinds of others.
fn samples(value: u32, mask: u32, count: u32) -> impl Iterator<Item = u32> {
    let mut state = u64::from(value) << 32 | u64::from(mask) | 1;
    let mut random = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 32) as u32
    };
    let fills = (0..count).map(move |index| match index {
        0 => 0,
        1 => u32::MAX,
        // Half of them with few bits, as small fields have small numbers.
        _ if index % 2 == 0 => random() & random() & random(),
        _ => random(),
    });
    fills.map(move |fill| value | fill & !mask)
}

/// The encodings by the words' first byte.
fn by_first_byte(all: &[Encoding]) -> Vec<Vec<Encoding>> {
    let of = |byte: u32| {
        let fits = |e: &&Encoding| (e.value ^ byte << 24) & e.mask & 0xff00_0000 == 0;
        all.iter().filter(fits).cloned().collect()
    };
    (0..256).map(of).collect()
}

/// The encoding of a word: the one with the most fixed bits.
fn encoding_of(buckets: &[Vec<Encoding>], word: u32) -> Option<&Encoding> {
    let fitting = buckets[(word >> 24) as usize].iter().filter(|e| e.matches(word));
    fitting.max_by_key(|e| e.mask.count_ones())
}

#[test]
fn every_encoding_is_lifted_or_listed() {
    let all = encodings();
    assert_eq!(all.len(), COUNT, "the lists have all encodings");
    let buckets = by_first_byte(&all);
    let guest = Aarch64::new(Model::Max);
    let mut problems = Vec::new();
    let mut lifted = 0;
    for encoding in &all {
        let own = |word: &u32| encoding_of(&buckets, *word).is_some_and(|e| e.name == encoding.name);
        let count = if encoding.table.contains("::system") { SYSTEM_SAMPLES } else { SAMPLES };
        let mut words = samples(encoding.value, encoding.mask, count).filter(own);
        let defined = words.find(|word| is_defined(&guest, *word));
        match (defined, encoding.is_in(ABSENT)) {
            (Some(word), true) => {
                problems.push(format!("{} is listed, but {word:#010x} is lifted", encoding.name))
            }
            (None, false) => {
                problems.push(format!("{}::{} is neither lifted nor listed", encoding.table, encoding.name))
            }
            (defined, _) => lifted += usize::from(defined.is_some()),
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    println!("{lifted} of {COUNT} encodings are lifted, the others are listed");
}

#[test]
fn every_row_is_an_encoding() {
    let all = encodings();
    let buckets = by_first_byte(&all);
    let guest = Aarch64::new(Model::Max);
    let mut problems = BTreeMap::new();
    for row in sets().flat_map(|set| set.rows) {
        let pattern = (row.pattern.value as u32, row.pattern.mask as u32);
        let own = |word: &u32| decode(*word).is_some_and(|found| found.row.bits == row.bits);
        for word in samples(pattern.0, pattern.1, SAMPLES).filter(own) {
            let like = |e: &Encoding| (word ^ e.value) & e.mask & !e.should_be == 0;
            if !buckets[(word >> 24) as usize].iter().any(like) && is_defined(&guest, word) {
                problems.insert(row.bits, format!("{} {word:#010x} is no encoding", row.name));
            }
        }
    }
    let texts: Vec<String> = problems.into_values().collect();
    assert!(texts.is_empty(), "{} problems\n{}", texts.len(), texts.join("\n"));
}

#[test]
fn lists_name_what_there_is() {
    let all = encodings();
    for (reason, names) in ABSENT {
        for name in *names {
            let one: &[&str] = &[name];
            assert!(all.iter().any(|e| e.is_in(&[("", one)])), "{reason}: there is no {name}");
        }
    }
}
