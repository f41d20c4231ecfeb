//! The paragraphs of `Field: value` lines that Debian's control files share
//! (deb822(5), Debian Policy 5.1): `Release`, `Packages`, `*.sources`, and the
//! notes in our own cache.

use std::io::{self, BufRead};

/// One paragraph. Field names are compared without regard to case.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stanza {
    fields: Vec<(String, String)>,
}

impl Stanza {
    /// The value of `name`, its further lines separated by newlines.
    pub fn get(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }

    /// The words of `name`; none where the field is absent.
    pub fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).unwrap_or_default().split_whitespace()
    }

    /// Takes one line that is neither blank nor a comment. What is neither a
    /// field nor a continuation of one says nothing and is passed over.
    fn push(&mut self, line: &str) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = self.fields.last_mut() {
                value.push('\n');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            self.fields.push((name.to_owned(), value.trim().to_owned()));
        }
    }
}

/// The paragraphs of a file, one after another.
pub struct Stanzas<R> {
    input: R,
    line: Vec<u8>,
}

impl<R: BufRead> Stanzas<R> {
    /// Reads paragraphs from `input`.
    pub fn new(input: R) -> Self {
        Self { input, line: Vec::new() }
    }

    fn read(&mut self) -> io::Result<Option<Stanza>> {
        let mut stanza = Stanza::default();
        loop {
            self.line.clear();
            let ended = self.input.read_until(b'\n', &mut self.line)? == 0;
            let blank = self.line.trim_ascii().is_empty();
            if (ended || blank) && !stanza.fields.is_empty() {
                return Ok(Some(stanza));
            }
            if ended {
                return Ok(None);
            }
            if !blank && self.line[0] != b'#' {
                stanza.push(&String::from_utf8_lossy(&self.line));
            }
        }
    }
}

impl<R: BufRead> Iterator for Stanzas<R> {
    type Item = io::Result<Stanza>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Vec<Stanza> {
        Stanzas::new(text.as_bytes()).collect::<io::Result<_>>().unwrap()
    }

    #[test]
    fn paragraphs_are_parted_by_blank_lines() {
        let stanzas = parse("\n# comment\nPackage: a\nversion:1\n \t\n\nPackage: b");
        assert_eq!(stanzas.len(), 2);
        assert_eq!(stanzas[0].get("Package"), Some("a"));
        assert_eq!(stanzas[0].get("Version"), Some("1"));
        assert_eq!(stanzas[1].get("Package"), Some("b"));
        assert_eq!(stanzas[1].get("Version"), None);
    }

    #[test]
    fn indented_lines_continue_a_field() {
        let stanzas = parse("SHA256:\n 12 3 a\n#between\n\t45 6 b\r\nSuite: x\n");
        assert_eq!(stanzas[0].get("SHA256"), Some("\n12 3 a\n45 6 b"));
        assert_eq!(stanzas[0].words("sha256").nth(5), Some("b"));
        assert_eq!(stanzas[0].get("Suite"), Some("x"));
    }

    #[test]
    fn lines_that_are_no_fields_say_nothing() {
        assert_eq!(parse(" lost\nnonsense\n"), []);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for stanza in Stanzas::new(bytes.as_slice()) {
                prop_assert!(!stanza.unwrap().fields.is_empty());
            }
        }

        #[test]
        fn fields_come_back(fields in proptest::collection::vec(("[A-Za-z-]{1,8}", "[!-~]{0,9}"), 1..9)) {
            let text: String = fields.iter().map(|(n, v)| format!("{n}: {v}\n")).collect();
            prop_assert_eq!(parse(&text), vec![Stanza { fields }]);
        }
    }
}
