//! What QEMU made of some cases, as lines of `tests/exec/recorded.txt`, which
//! then need no QEMU and run on every engine.

use std::collections::BTreeMap;

use aarch64::decode::decode;
use aarch64::{Op, disasm};

use crate::cases::{Case, registers};
use crate::program::RECORDS;
use crate::record::{NZCV, RECORD_WORDS, Record, SP, WINDOW, X, X_COUNT, place};

/// Cases that are kept of each row.
const PER_ROW: usize = 2;

/// Where memory is in the cases.
const MEMORY: u64 = 0x2000;

/// The file.
pub fn text(version: &str, cases: &[Case], results: &[Record]) -> String {
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    let mut text = format!(
        "# What {version} makes of random instructions, two of each row; written by\n\
         # `BLESS=1 cargo test -p aarch64 --test base`.\n"
    );
    for (index, (case, after)) in cases.iter().zip(results).enumerate() {
        let count = kept.entry(case.bits).or_default();
        // Branches and addresses of code are where the program had them.
        let of_code = ["b", "bl", "b.cond", "br", "blr", "ret", "adr", "adrp"].contains(&case.name);
        let compares = case.name.starts_with("cb") || case.name.starts_with("tb");
        if *count < PER_ROW && !of_code && !compares && !is_base_data(case) {
            *count += 1;
            text += &line(case, index, after);
        }
    }
    text
}

/// The registers that the instruction names, 32 being the stack pointer.
fn named(case: &Case) -> Vec<u32> {
    let word = case.words[0];
    let row = decode(word).expect("a case has a row").row;
    let fields = registers(row).into_iter().map(|low| word >> low & 31);
    // Pairs that compare and swap name their first registers only.
    fields.flat_map(|n| [n].into_iter().chain((row.name == "casp").then_some(n + 1))).collect()
}

/// Whether the register that holds the address is used in another way, too.
fn is_base_data(case: &Case) -> bool {
    let base = Op(case.words[0]).rn();
    case.accesses.is_some() && named(case).iter().filter(|n| **n == base).count() != 1
}

fn line(case: &Case, index: usize, after: &Record) -> String {
    let word = case.words[0];
    let before = &case.record;
    let moved =
        case.accesses.map(|_| (RECORDS + ((index * RECORD_WORDS + WINDOW) * 8) as u64).wrapping_sub(MEMORY));
    let base = if Op(word).rn() == 31 { SP } else { X + Op(word).rn() as usize };
    let value = |record: &Record, at: usize| match moved {
        Some(distance) if at == base => record.0[at].wrapping_sub(distance),
        _ => record.0[at],
    };
    let name = |at: usize| match at {
        _ if at >= WINDOW => format!("d[{:#x}]", MEMORY + ((at - WINDOW) * 8) as u64),
        _ => place(at),
    };
    let item = |record: &Record, at: usize| {
        let value = value(record, at);
        let value = if at == NZCV { value >> 28 } else { value };
        if value < 10 { format!("{}={value}", name(at)) } else { format!("{}={value:#x}", name(at)) }
    };
    // The case's own count is not part of it.
    let counted = |at: usize| if at == X + X_COUNT - 1 { after.0[at].wrapping_sub(1) } else { after.0[at] };
    let mut uncounted = after.clone();
    uncounted.0[X + X_COUNT - 1] = counted(X + X_COUNT - 1);
    let used = (0..RECORD_WORDS).filter(|at| is_used(*at, case, index));
    let before_text: Vec<String> =
        used.filter(|at| value(before, *at) != 0).map(|at| item(before, at)).collect();
    let changed = (0..RECORD_WORDS).filter(|at| uncounted.0[*at] != before.0[*at]);
    let after_text: Vec<String> = changed.map(|at| item(&uncounted, at)).collect();
    let shown = disasm::text(0x1000, word).unwrap_or_default();
    format!("[{word:08x}] {shown} ; {} => {}\n", before_text.join(" "), after_text.join(" "))
}

/// Whether a place of the record may matter to the instruction.
fn is_used(at: usize, case: &Case, index: usize) -> bool {
    match at {
        NZCV => true,
        SP => named(case).contains(&31),
        _ if at >= WINDOW => {
            let word = RECORDS + ((index * RECORD_WORDS + at) * 8) as u64;
            case.accesses.is_some_and(|(from, to)| word < to && from < word + 8)
        }
        _ => at < X + X_COUNT && named(case).contains(&((at - X) as u32)),
    }
}
