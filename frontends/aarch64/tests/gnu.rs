//! The disassembler against GNU objdump, where Debian's
//! `binutils-aarch64-linux-gnu` is installed: random words of every row.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use aarch64::Aarch64;
use aarch64::decode::{decode, sets};
use aarch64::disasm::text;
use aarch64::model::Model;
use aarch64::state::Mode;
use guest::{Fault, Fetch, Guest};
use ir::{BlockKey, Terminator};

const OBJDUMP: &str = "aarch64-linux-gnu-objdump";

/// Where the words are shown to lie.
const BASE: u64 = 0x10_0000;

/// Words of each row; `CASES` in the environment says otherwise.
const PER_ROW: usize = 40;

/// Rows that objdump shows in other ways, or with other numbers: features that
/// are not on by default, and System registers, whose names are many.
const LEFT_OUT: &[&str] = &["mrs", "msr", "sys", "sysl", "hint", "clrbhb"];

/// Code of one instruction.
struct OneInsn(u32);

impl Fetch for OneInsn {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        Ok((self.0 >> (8 * (at & 2))) as u16)
    }
}

fn is_defined(guest: &Aarch64, word: u32) -> bool {
    let key = BlockKey { pc: 0x1000, mode: Mode::USER.0 | 1 };
    let block = guest.lift(key, &mut OneInsn(word), 1).expect("code can be fetched");
    const UNDEFINED: u64 = 1 << 25;
    !matches!(block.terminator, Terminator::Trap { cause: UNDEFINED, .. })
}

/// Random words of the rows.
fn words() -> Vec<u32> {
    let per_row = std::env::var("CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(PER_ROW);
    let guest = Aarch64::new(Model::Max);
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 32) as u32
    };
    let rows = sets().filter(|set| !set.name.starts_with("System")).flat_map(|set| set.rows);
    let mut words = Vec::new();
    for row in rows.filter(|row| !LEFT_OUT.contains(&row.name)) {
        let (value, letters) = (row.pattern.value as u32, !row.pattern.mask as u32);
        for _ in 0..per_row {
            let word = value | random() & letters & if random() & 1 == 0 { random() } else { u32::MAX };
            let own = decode(word).is_some_and(|found| found.row.bits == row.bits);
            words.extend((own && is_defined(&guest, word)).then_some(word));
        }
    }
    words
}

/// What objdump shows, without comments and symbols; `None` if it is not there.
fn objdump(words: &[u32]) -> Option<Vec<String>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-words.bin");
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    std::fs::write(&path, bytes).expect("a writable scratch file");
    let arguments = ["-D", "-z", "-b", "binary", "-m", "aarch64", "--adjust-vma=0x100000"];
    let output = Command::new(OBJDUMP).args(arguments).arg(&path).output().ok()?;
    assert!(output.status.success(), "{OBJDUMP}: {}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).expect("text");
    let lines = listing.lines().filter(|line| line.starts_with("  "));
    Some(lines.map(|line| shown(line.splitn(3, '\t').nth(2).unwrap_or_default())).collect())
}

/// A line's instruction: `name operands`.
fn shown(text: &str) -> String {
    let text = text.split("//").next().unwrap_or_default();
    let text = text.split('<').next().unwrap_or_default();
    text.trim().replace('\t', " ")
}

#[test]
fn instructions_look_as_in_gnu_objdump() {
    let words = words();
    let Some(theirs) = objdump(&words) else {
        println!("skipped: {OBJDUMP} is not installed");
        return;
    };
    assert_eq!(theirs.len(), words.len(), "one line an instruction");
    let mut problems: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, (word, theirs)) in words.iter().zip(&theirs).enumerate() {
        let ours = text(BASE + 4 * index as u64, *word).unwrap_or_default();
        // Where two registers are the same that should not be, objdump gives up.
        if ours != *theirs && !theirs.starts_with(".inst") {
            let bits = decode(*word).map_or("", |found| found.row.bits);
            problems.entry(bits).or_default().push(format!("{word:08x} is `{ours}`, not `{theirs}`"));
        }
    }
    let shown: Vec<String> = problems.values().flat_map(|texts| texts.iter().take(3)).cloned().collect();
    assert!(problems.is_empty(), "{} rows differ\n{}", problems.len(), shown.join("\n"));
    println!("{} instructions look alike", words.len());
}
