//! The rules of the house that a compiler does not check. Each rule is a test
//! and a table; a row of a table is an exception with its reason.

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/source.rs"]
mod source;

use std::collections::BTreeMap;

use source::{Line, Source};

/// Where `unsafe` may stand.
const UNSAFE: &[&str] = &[
    "devices/bus/src/ram.rs",
    "backend/src/arena.rs",
    "backend/src/callback.rs",
    "backend/src/host.rs",
    "backend/src/jit/call.rs",
    "backend/src/lane_functions/meaning.rs",
    "backend/src/windows/map.rs",
];

/// Lines between an `unsafe` and the end of the comment that justifies it.
const SAFETY_LINES: usize = 3;

/// Folders that name no guest, and words that would.
const GUEST_FREE: &[&str] = &["ir/src", "backend/src"];
const GUESTS: &[&str] = &[
    "riscv", "rv32", "rv64", "rv64gc", "aarch64", "aarch32", "arm", "arm64", "armv8", "a64", "x86", "x86_64",
    "amd64", "i386", "ia32", "cadr", "lisp",
];

/// The folder of the devices names no processor; their own chips' names and
/// bindings may. Word, file and reason.
const CPU_FREE: &str = "devices/src";
const DEVICE_WORDS: &[(&str, &str, &str)] = &[
    ("riscv", "devices/src/aclint/mod.rs", "the binding's `compatible` strings"),
    ("riscv", "devices/src/plic.rs", "the binding's `compatible` strings"),
    ("arm", "devices/src/generic_timer.rs", "the maker's manual, and the binding's `compatible` strings"),
    ("armv8", "devices/src/generic_timer.rs", "the binding's `compatible` strings"),
    ("arm", "devices/src/gic/v2/mod.rs", "the maker's manual, and the binding's `compatible` strings"),
    ("arm", "devices/src/gic/v3/mod.rs", "the maker's manual, and the binding's `compatible` strings"),
    ("arm", "devices/src/pl011.rs", "the maker's manual, and the binding's `compatible` strings"),
    ("arm", "devices/src/pl031.rs", "the maker's manual, and the binding's `compatible` strings"),
    ("arm", "devices/src/pl061.rs", "the maker's manual, and the binding's `compatible` strings"),
];

/// Hosts that the code generator has to name. Word, file and reason.
const HOST_WORDS: &[(&str, &str, &str)] = &[
    ("x86", "backend/src/arena.rs", "part of the next"),
    ("x86_64", "backend/src/arena.rs", "the host whose instruction caches need no flush"),
    ("x86", "backend/src/lane_functions.rs", "part of the next"),
    ("x86_64", "backend/src/lane_functions.rs", "hosts whose vector registers are known"),
    ("aarch64", "backend/src/lane_functions.rs", "the same"),
    ("x86", "backend/src/lane_functions/x64.rs", "part of the next"),
    ("x86_64", "backend/src/lane_functions/x64.rs", "the host's instructions"),
    ("x86", "backend/src/windows/map.rs", "part of the next"),
    ("x86_64", "backend/src/windows/map.rs", "the hosts that have windows"),
    ("x86", "backend/src/tier1/mod.rs", "part of the next"),
    ("x86_64", "backend/src/tier1/mod.rs", "the hosts that have the tier"),
];

/// Crates below `machines`, which have the host's files, clock and environment
/// handed in. Rust paths that would reach for them.
const HOSTLESS: &[&str] = &["ir/src", "frontends", "backend/src", "devices"];
const HOST_PATHS: &[&str] = &["std::fs", "std::env", "std::net", "std::process", "Instant", "SystemTime"];
/// Path, file and reason.
const HOST_ROWS: &[(&str, &str, &str)] = &[
    ("std::fs", "devices/bus/src/ram.rs", "the memory file that guest RAM is"),
    ("std::fs", "backend/src/arena.rs", "the memory file that compiled code is in"),
];

/// The most lines of a function; and those that are longer, which may shrink
/// but not grow. File, function, lines.
const FUNCTION_LINES: usize = 70;
const LONG_FUNCTIONS: &[(&str, &str, usize)] = &[("backend/src/tier0/run.rs", "run", 188)];

/// The most lines of a file; and those that are longer, with the reason.
const FILE_LINES: usize = 500;
const LONG_FILES: &[(&str, usize, &str)] = &[];

/// What is never left in a source.
const LEFTOVERS: &[&str] = &["todo!", "unimplemented!", "dbg!", "#[ignore", "static mut", "allow(dead_code)"];

/// What no module, file or type is called: it says nothing.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "misc", "manager"];

/// Every Rust source of the workspace.
fn all() -> Vec<Source> {
    source::below("")
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The words of `text`; an identifier with underscores is one too.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn has_word(text: &str, word: &str) -> bool {
    words(text).any(|found| {
        let found = found.to_ascii_lowercase();
        found == word || !word.contains('_') && found.split('_').any(|part| part == word)
    })
}

/// Rows of `rows` whose word no longer stands in their file.
fn stale(rows: &[(&str, &str, &str)], found: &[(String, String)]) -> Vec<String> {
    let is_stale = |row: &&(&str, &str, &str)| !found.contains(&(row.0.to_owned(), row.1.to_owned()));
    rows.iter()
        .filter(is_stale)
        .map(|row| format!("{} no longer has {}: drop its row", row.1, row.0))
        .collect()
}

/// Product lines below `folders` that hold one of `forbidden` words, but for
/// `rows`; and rows without need.
fn forbidden_words(folders: &[&str], forbidden: &[&str], rows: &[(&str, &str, &str)]) -> Vec<String> {
    let (mut wrong, mut found) = (Vec::new(), Vec::new());
    for source in folders.iter().flat_map(|folder| source::below(folder)) {
        for (number, line) in source.product() {
            let Line { code, text, .. } = line;
            for word in forbidden.iter().filter(|word| has_word(code, word) || has_word(text, word)) {
                found.push(((*word).to_owned(), source.path.clone()));
                if !rows.iter().any(|row| (row.0, row.1) == (*word, source.path.as_str())) {
                    wrong.push(format!("{}:{number}: {word} has no place here", source.path));
                }
            }
        }
    }
    wrong.extend(stale(rows, &found));
    wrong
}

#[test]
fn unsafe_stays_behind_its_fences_and_is_justified() {
    let mut wrong = Vec::new();
    for source in all() {
        for (index, line) in source.lines.iter().enumerate() {
            let place = format!("{}:{}", source.path, index + 1);
            let fenced = UNSAFE.contains(&source.path.as_str());
            if words(&line.code).any(|word| matches!(word, "unsafe" | "unsafe_code")) && !fenced {
                wrong.push(format!("{place}: unsafe outside its fences"));
            }
            let opens = ["unsafe {", "unsafe impl"].iter().any(|opening| line.code.contains(opening));
            if opens && !is_justified(&source.lines, index) {
                wrong.push(format!("{place}: unsafe without a SAFETY comment"));
            }
        }
    }
    assert_none(&wrong);
}

/// Whether a `SAFETY:` comment ends at most [`SAFETY_LINES`] above.
fn is_justified(lines: &[Line], index: usize) -> bool {
    let above = lines[..=index].iter().rev();
    let mut code_lines = 0;
    for line in above {
        if line.comment.contains("SAFETY:") {
            return true;
        }
        code_lines += usize::from(line.comment.is_empty());
        if code_lines > SAFETY_LINES {
            return false;
        }
    }
    false
}

#[test]
fn the_ir_and_the_engines_name_no_guest() {
    assert_none(&forbidden_words(GUEST_FREE, GUESTS, HOST_WORDS));
}

#[test]
fn devices_name_no_processor() {
    assert_none(&forbidden_words(&[CPU_FREE], GUESTS, DEVICE_WORDS));
}

#[test]
fn nothing_below_machines_reaches_for_the_host() {
    let (mut wrong, mut found) = (Vec::new(), Vec::new());
    for source in HOSTLESS.iter().flat_map(|folder| source::below(folder)) {
        for (number, line) in source.product() {
            for path in HOST_PATHS.iter().filter(|path| names_path(&line.code, path)) {
                found.push(((*path).to_owned(), source.path.clone()));
                if !HOST_ROWS.iter().any(|row| (row.0, row.1) == (*path, source.path.as_str())) {
                    wrong.push(format!("{}:{number}: {path} is the machine's business", source.path));
                }
            }
        }
    }
    wrong.extend(stale(HOST_ROWS, &found));
    assert_none(&wrong);
}

fn names_path(code: &str, path: &str) -> bool {
    match path.split_once("::") {
        Some((_, last)) => {
            let in_group = code.contains("std::{") && has_word(code, last);
            code.match_indices(path)
                .any(|(at, _)| !code[at + path.len()..].starts_with(char::is_alphanumeric))
                || in_group
        }
        None => words(code).any(|word| word == path),
    }
}

#[test]
fn functions_fit_a_screen() {
    let rows: BTreeMap<_, _> =
        LONG_FUNCTIONS.iter().map(|(file, name, lines)| ((*file, *name), *lines)).collect();
    let (mut wrong, mut needed) = (Vec::new(), Vec::new());
    for source in all() {
        for function in source.functions().iter().filter(|function| function.lines > FUNCTION_LINES) {
            let key = (source.path.as_str(), function.name.as_str());
            needed.push((source.path.clone(), function.name.clone()));
            let limit = rows.get(&key).copied().unwrap_or(FUNCTION_LINES);
            if function.lines > limit {
                let (path, at, name, lines) = (&source.path, function.at, &function.name, function.lines);
                wrong.push(format!("{path}:{at}: {name} has {lines} lines, more than {limit}"));
            }
        }
    }
    let unneeded =
        rows.keys().filter(|(file, name)| !needed.contains(&((*file).to_owned(), (*name).to_owned())));
    wrong.extend(unneeded.map(|(file, name)| format!("{file}: {name} is short by now: drop its row")));
    assert_none(&wrong);
}

#[test]
fn files_stay_readable() {
    let mut wrong = Vec::new();
    let sources = all();
    for source in &sources {
        let row = LONG_FILES.iter().find(|(file, ..)| *file == source.path);
        let limit = row.map_or(FILE_LINES, |(_, lines, _)| *lines);
        if source.lines.len() > limit {
            wrong.push(format!(
                "{} has {} lines, more than {limit}: split it",
                source.path,
                source.lines.len()
            ));
        }
    }
    for (file, ..) in LONG_FILES {
        let is_long = sources.iter().any(|source| source.path == *file && source.lines.len() > FILE_LINES);
        wrong.extend((!is_long).then(|| format!("{file} is short by now: drop its row")));
    }
    let lines: usize = sources.iter().map(|source| source.lines.len()).sum();
    println!("{} files, {lines} lines, {} a file", sources.len(), lines / sources.len());
    assert_none(&wrong);
}

#[test]
fn nothing_is_left_over() {
    let mut wrong = Vec::new();
    for source in all() {
        for (index, line) in source.lines.iter().enumerate() {
            let found = LEFTOVERS.iter().filter(|leftover| line.code.contains(*leftover));
            wrong.extend(found.map(|leftover| format!("{}:{}: {leftover}", source.path, index + 1)));
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_module_says_what_it_is() {
    let opens = |source: &Source| source.lines.first().is_some_and(|line| line.comment.starts_with('!'));
    let product = |source: &&Source| source.product().next().is_some();
    let sources = all();
    let silent = sources.iter().filter(product).filter(|source| !opens(source));
    assert_none(&silent.map(|source| format!("{} does not open with //!", source.path)).collect::<Vec<_>>());
}

#[test]
fn names_say_something() {
    let sources = all();
    let is_empty = |part: &str| EMPTY_NAMES.contains(&part.trim_end_matches(".rs"));
    let wrong = sources.iter().filter(|source| source.path.split('/').any(is_empty));
    assert_none(&wrong.map(|source| format!("{}: call it by what it does", source.path)).collect::<Vec<_>>());
}

#[test]
fn words_are_found_whole() {
    assert!(has_word("let x = RISCV_ARCH;", "riscv") && has_word("cfg(target_arch = \"x86_64\")", "x86_64"));
    assert!(!has_word("alarm(charm)", "arm") && !has_word("unsafely", "unsafe"));
    assert!(names_path("use std::{io, fs};", "std::fs") && names_path("std::fs::read(x)", "std::fs"));
    assert!(!names_path("use std::fsx;", "std::fs") && !names_path("InstantNoodles", "Instant"));
}
