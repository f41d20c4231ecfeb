//! A suite's `InRelease` file: which indexes it has, under which sums
//! (Debian repository format), wrapped in a cleartext signature (RFC 9580,
//! section 7).

use std::collections::BTreeMap;

use super::hash::Sum;
use super::stanza::{Stanza, Stanzas};

const BEGIN_MESSAGE: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const BEGIN_SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const END_SIGNATURE: &str = "-----END PGP SIGNATURE-----";

/// Names of releases by age, the newest first.
const AGES: [&str; 3] = ["stable", "oldstable", "oldoldstable"];

/// A cleartext-signed message, taken apart so that what is verified and what
/// is read are the same bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Clearsigned {
    /// The signed text: dashes unescaped, line ends as single newlines and
    /// without the last one, which the signature does not cover.
    pub message: String,
    /// The armoured signatures.
    pub signature: String,
}

impl Clearsigned {
    /// Takes `text` apart, or says why it cannot be. Anything outside the
    /// signed part is refused: it would be trusted without being signed.
    pub fn split(text: &[u8]) -> Result<Self, &'static str> {
        let text = str::from_utf8(text).map_err(|_| "it is not text")?;
        let mut lines = text.lines().map(|line| line.trim_end_matches([' ', '\t', '\r']));
        if lines.next() != Some(BEGIN_MESSAGE) {
            return Err("it does not begin with a signed message");
        }
        for header in lines.by_ref().take_while(|line| !line.is_empty()) {
            if !header.starts_with("Hash: ") {
                return Err("the signed message has unknown headers");
            }
        }
        let mut message = Vec::new();
        for line in lines.by_ref().take_while(|line| *line != BEGIN_SIGNATURE) {
            match line.strip_prefix("- ") {
                Some(escaped) => message.push(escaped),
                None if line.starts_with('-') => return Err("the signed message has unescaped dashes"),
                None => message.push(line),
            }
        }
        let mut signature = vec![BEGIN_SIGNATURE];
        signature.extend(lines.by_ref().take_while(|line| *line != END_SIGNATURE));
        signature.extend([END_SIGNATURE, ""]);
        if !text.contains(END_SIGNATURE) {
            return Err("the signature is cut off");
        }
        if lines.any(|line| !line.is_empty()) {
            return Err("there is text after the signature");
        }
        Ok(Self { message: message.join("\n"), signature: signature.join("\n") })
    }
}

/// What a suite says of itself.
#[derive(Debug)]
pub struct Release {
    /// Its code name, such as `trixie`, which never changes; may be empty.
    pub codename: String,
    /// Its present name, such as `stable`; may be empty.
    pub suite: String,
    /// Its version and date, for people.
    pub description: String,
    /// Whether indexes can be had under their sums, safe from updates midway.
    pub by_hash: bool,
    files: BTreeMap<String, Listed>,
}

/// A file of which a sum is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its SHA-256.
    pub sum: Sum,
    /// Its length.
    pub bytes: u64,
}

impl Release {
    /// Reads the text of a `Release` file, or says why it cannot be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut stanzas = Stanzas::new(text.as_bytes()).flatten();
        let stanza = stanzas.next().ok_or("it is empty")?;
        let files: BTreeMap<_, _> =
            stanza.get("SHA256").unwrap_or_default().lines().filter_map(listed).collect();
        if files.is_empty() {
            return Err("it lists no files with their SHA-256");
        }
        Ok(Self {
            codename: stanza.get("Codename").unwrap_or_default().to_owned(),
            suite: stanza.get("Suite").unwrap_or_default().to_owned(),
            description: description(&stanza),
            by_hash: stanza.get("Acquire-By-Hash") == Some("yes"),
            files,
        })
    }

    /// Names under which mirrors may have this release: its own, and those
    /// that releases take on one after another as they grow old.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        let own = [self.codename.as_str(), &self.suite].into_iter().filter(|name| !name.is_empty());
        own.chain(AGES.into_iter().filter(|age| *age != self.suite))
    }

    /// The sum and length of the file at `path` below the suite.
    pub fn file(&self, path: &str) -> Option<Listed> {
        self.files.get(path).copied()
    }
}

fn description(stanza: &Stanza) -> String {
    let field = |name| stanza.get(name).unwrap_or("?");
    format!("{} {} ({}) of {}", field("Origin"), field("Version"), field("Codename"), field("Date"))
}

/// `SUM LENGTH PATH`
fn listed(line: &str) -> Option<(String, Listed)> {
    let mut words = line.split_whitespace();
    let sum = words.next()?.parse().ok()?;
    let bytes = words.next()?.parse().ok()?;
    Some((words.next()?.to_owned(), Listed { sum, bytes }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: x \n- - dash\nlast\n\
                          -----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";

    #[test]
    fn a_signed_message_is_taken_apart() {
        let parts = Clearsigned::split(SIGNED.as_bytes()).unwrap();
        assert_eq!(parts.message, "Origin: x\n- dash\nlast");
        let signature = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";
        assert_eq!(parts.signature, signature);
    }

    #[test]
    fn nothing_unsigned_is_smuggled_in() {
        let refused = |text: &str| Clearsigned::split(text.as_bytes()).unwrap_err();
        assert!(refused(&format!("Origin: evil\n{SIGNED}")).contains("does not begin"));
        assert!(refused(&format!("{SIGNED}Origin: evil\n")).contains("after the signature"));
        assert!(refused(&SIGNED.replace("Hash: SHA256", "Origin: evil")).contains("headers"));
        assert!(refused(&SIGNED.replace("- - dash", "-----BEGIN")).contains("unescaped"));
        assert!(refused(&SIGNED.replace("-----END PGP SIGNATURE-----", "")).contains("cut off"));
        assert!(refused("").contains("does not begin"));
    }

    #[test]
    fn a_release_lists_its_files() {
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let text = format!(
            "Codename: trixie\nSuite: stable\nAcquire-By-Hash: yes\nSHA256:\n {sum} 3 main/x\n bad\n"
        );
        let release = Release::parse(&text).unwrap();
        assert_eq!((release.codename.as_str(), release.suite.as_str()), ("trixie", "stable"));
        assert_eq!(release.aliases().collect::<Vec<_>>(), ["trixie", "stable", "oldstable", "oldoldstable"]);
        assert!(release.by_hash);
        assert_eq!(release.file("main/x"), Some(Listed { sum: sum.parse().unwrap(), bytes: 3 }));
        assert_eq!(release.file("main/y"), None);
        assert!(Release::parse("").is_err() && Release::parse("Codename: x").is_err());
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in "(-----BEGIN PGP SIGNED MESSAGE-----\n)?(\\PC|\n|- ){0,80}") {
            let _ = Clearsigned::split(text.as_bytes());
            let _ = Release::parse(&text);
        }
    }
}
