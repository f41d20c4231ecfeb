//! Reads the workspace's Rust sources, with code and comments told apart.

use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's root.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// One source file.
pub struct Source {
    /// Its path below the root.
    pub path: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line of a source.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What is compiled, with string and character literals emptied.
    pub code: String,
    /// The contents of its string literals, each with a space after it.
    pub text: String,
    /// The text of its comments.
    pub comment: String,
}

/// A function found in a source.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The number of its first line, from 1.
    pub at: usize,
    /// Its lines, from `fn` to the closing brace.
    pub lines: usize,
}

/// All sources below `folder`, itself below the root, in order of their paths.
/// Build directories and folders of other crates' build output are left out.
pub fn below(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&Path::new(ROOT).join(folder), &mut paths);
    paths.sort();
    paths.into_iter().map(|path| Source::read(&path)).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !name.starts_with("target") && !name.starts_with('.') {
                collect(&path, paths);
            }
        } else if name.ends_with(".rs") {
            paths.push(path);
        }
    }
}

impl Source {
    fn read(path: &Path) -> Source {
        let text = fs::read_to_string(path).expect("a readable source");
        let path = path.strip_prefix(ROOT).expect("it is below the root").display().to_string();
        Source { path, lines: split(&text) }
    }

    /// Lines that are part of the product, with their numbers from 1: those
    /// before the unit tests, and none of a file of tests.
    pub fn product(&self) -> impl Iterator<Item = (usize, &Line)> {
        let is_test = |part: &str| matches!(part, "tests" | "tests.rs" | "benches" | "examples");
        let is_product = !self.path.split('/').any(is_test);
        let tests = self.lines.windows(2).position(|pair| {
            let [attribute, module] = pair else { return false };
            attribute.code.trim() == "#[cfg(test)]"
                && module.code.starts_with("mod ")
                && module.code.ends_with('{')
        });
        let lines = if is_product { tests.unwrap_or(self.lines.len()) } else { 0 };
        self.lines[..lines].iter().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The functions that have a body, in order.
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let Some(name) = function_name(&line.code) else { continue };
            if let Some(lines) = body_lines(&self.lines[index..]) {
                found.push(Function { name: name.to_owned(), at: index + 1, lines });
            }
        }
        found
    }
}

/// The name after the keyword `fn`; a function pointer type has none.
fn function_name(code: &str) -> Option<&str> {
    let (before, after) = code.split_once("fn ")?;
    if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!name.is_empty()).then_some(name)
}

/// How many lines there are up to the brace that closes the first one opened;
/// `None` if a semicolon comes first, as for a function without a body.
fn body_lines(lines: &[Line]) -> Option<usize> {
    let (mut braces, mut brackets) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        for c in line.code.chars() {
            match c {
                '{' => braces += 1,
                '}' => braces -= 1,
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                ';' if braces == 0 && brackets == 0 => return None,
                _ => (),
            }
            if c == '}' && braces == 0 {
                return Some(index + 1);
            }
        }
    }
    None
}

/// What a scanner is in the midst of.
enum State {
    Code,
    LineComment,
    /// Block comments nest.
    BlockComment(usize),
    /// A literal that ends with a quote and this many `#`; `None` where a
    /// backslash escapes.
    Text(Option<usize>),
}

/// Takes a source apart.
pub fn split(text: &str) -> Vec<Line> {
    let (mut lines, mut line) = (Vec::new(), Line::default());
    let mut state = State::Code;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\n' {
            lines.push(std::mem::take(&mut line));
            if matches!(state, State::LineComment) {
                state = State::Code;
            }
            rest = &rest[1..];
            continue;
        }
        let (used, next) = step(&state, rest, &mut line);
        if let Some(next) = next {
            state = next;
        }
        rest = &rest[used..];
    }
    if line != Line::default() {
        lines.push(line);
    }
    lines
}

/// Takes the next piece of `rest`, which is not the end of a line: how long it
/// is, and what comes after it if that changes.
fn step(state: &State, rest: &str, line: &mut Line) -> (usize, Option<State>) {
    let c = rest.chars().next().expect("the caller has looked");
    match state {
        State::Code => return code(rest, line),
        State::LineComment => line.comment.push(c),
        State::BlockComment(depth) => {
            let (opens, closes) = (rest.starts_with("/*"), rest.starts_with("*/"));
            if opens || closes {
                let depth = if opens { depth + 1 } else { depth - 1 };
                return (2, Some(if depth == 0 { State::Code } else { State::BlockComment(depth) }));
            }
            line.comment.push(c);
        }
        State::Text(None) if c == '\\' => {
            let escaped = rest[1..].chars().next().filter(|escaped| *escaped != '\n');
            return (1 + escaped.map_or(0, char::len_utf8), None);
        }
        State::Text(hashes) => {
            let end = format!("\"{}", "#".repeat(hashes.unwrap_or(0)));
            if rest.starts_with(&end) {
                line.code.push('"');
                line.text.push(' ');
                return (end.len(), Some(State::Code));
            }
            line.text.push(c);
        }
    }
    (c.len_utf8(), None)
}

fn code(rest: &str, line: &mut Line) -> (usize, Option<State>) {
    if rest.starts_with("//") {
        return (2, Some(State::LineComment));
    }
    if rest.starts_with("/*") {
        return (2, Some(State::BlockComment(1)));
    }
    let is_word = line.code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if let Some((length, hashes)) = raw_literal(rest).filter(|_| !is_word) {
        line.code.push('"');
        return (length, Some(State::Text(Some(hashes))));
    }
    if rest.starts_with('"') {
        line.code.push('"');
        return (1, Some(State::Text(None)));
    }
    if let Some(length) = char_literal(rest) {
        line.code.push_str("''");
        return (length, None);
    }
    let c = rest.chars().next().expect("the caller has looked");
    line.code.push(c);
    (c.len_utf8(), None)
}

/// The length of `r##"` and the number of its `#`.
fn raw_literal(rest: &str) -> Option<(usize, usize)> {
    let prefix = if rest.starts_with("br") { 2 } else { 1 };
    let after = rest.strip_prefix("br").or(rest.strip_prefix('r'))?;
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    after[hashes..].starts_with('"').then_some((prefix + hashes + 1, hashes))
}

/// The length of a character literal; a lifetime is none.
fn char_literal(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let end = match inside.strip_prefix('\\') {
        // The escaped character itself may be a quote.
        Some(escape) => 2 + escape.get(1..)?.find('\'')?,
        None => inside.chars().next()?.len_utf8(),
    };
    inside.get(end..)?.starts_with('\'').then_some(end + 2)
}

#[test]
fn code_text_and_comments_are_told_apart() {
    let source = "let a = \"x // y\"; // why \"so\"\n/* b /* c */ unsafe */ d('\"', '\\'', b'\\x01', &'a e);\nr#\"un\"safe\"#;";
    let lines = split(source);
    assert_eq!(lines[0].code, "let a = \"\"; ");
    assert_eq!((lines[0].text.as_str(), lines[0].comment.as_str()), ("x // y ", " why \"so\""));
    assert_eq!(lines[1].code, " d('', '', b'', &'a e);");
    assert!(lines[1].comment.contains("unsafe"));
    assert_eq!((lines[2].code.as_str(), lines[2].text.as_str()), ("\"\";", "un\"safe "));
}

#[test]
fn functions_are_measured_by_their_braces() {
    let source = "fn a();\nfn b(c: [u8; 2]) {\n    let d = \"}\";\n    if e { f() }\n}\ntype G = fn (u8);\nfn h() {}\n";
    let functions = Source { path: String::new(), lines: split(source) }.functions();
    let found: Vec<_> = functions.iter().map(|f| (f.name.as_str(), f.at, f.lines)).collect();
    assert_eq!(found, [("b", 2, 4), ("h", 7, 1)]);
}
