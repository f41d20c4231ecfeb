//! Golden texts. `forms.txt` shows every form of the text once. A case in
//! `passes/*.txt` is a comment, a block, `=>`, and the operations that the passes
//! leave of it; cases stand apart by an empty line. `BLESS=1` rewrites the
//! files: read the difference before you believe it.

use ir::testing::spec;
use ir::{Passes, parse, verify};
use std::fs;
use std::path::Path;

/// Compares a file with what it should be, or makes it so.
fn check(path: &Path, text: &str, actual: &str) {
    if std::env::var_os("BLESS").is_some() {
        return fs::write(path, actual).expect("golden files are writable");
    }
    let same = text.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    assert!(text == actual, "{}:{} differs. BLESS=1 would write:\n{actual}", path.display(), same + 1);
}

fn directory() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
}

#[test]
fn forms() {
    let (spec, path) = (spec(), directory().join("forms.txt"));
    let text = fs::read_to_string(&path).expect("the file is there");
    let block = parse(&text, &spec).expect("the forms parse");
    verify(&block, &spec).expect("the forms verify");
    check(&path, &text, &block.display(&spec).to_string());
}

/// One case as it should be.
fn optimised(case: &str) -> String {
    let spec = spec();
    let is_comment = |line: &&str| line.starts_with(';');
    let comment: String = case.lines().take_while(is_comment).map(|line| format!("{line}\n")).collect();
    let before = case.split("=>").next().unwrap_or(case);
    let mut block = parse(before, &spec).unwrap_or_else(|error| panic!("{error}\n{case}"));
    verify(&block, &spec).unwrap_or_else(|error| panic!("{error}\n{case}"));
    let before = block.display(&spec).to_string();
    Passes::default().run(&mut block, &spec);
    let after = block.display(&spec).to_string();
    let (_header, after) = after.split_once('\n').expect("a block has a header");
    format!("{comment}{before}=>\n{after}")
}

fn passes(file: &str) {
    let path = directory().join("passes").join(file);
    let text = fs::read_to_string(&path).expect("the file is there");
    let cases: Vec<String> = text.split("\n\n").map(optimised).collect();
    check(&path, &text, &cases.join("\n"));
}

#[test]
fn forwarding() {
    passes("forward.txt");
}

#[test]
fn folding() {
    passes("fold.txt");
}

#[test]
fn dead_operations() {
    passes("dce.txt");
}
