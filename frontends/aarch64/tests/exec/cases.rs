//! Reads the cases beside this file.

use aarch64::testing::{Case, parse};

/// All cases, of all files in `folder`.
pub fn cases(folder: &str) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).expect("the folder of the cases");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let parsed = paths.iter().flat_map(|path| {
        let name = path.file_name().expect("a file").to_string_lossy();
        let source = std::fs::read_to_string(path).expect("a readable file");
        parse(&name, &source).unwrap_or_else(|problem| panic!("{problem}"))
    });
    parsed.collect()
}
