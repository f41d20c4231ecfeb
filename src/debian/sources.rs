//! Which mirror the host's apt uses: sources.list(5), both its one-line and
//! its deb822 form.

use std::fs;
use std::path::{Path, PathBuf};

use super::stanza::{Stanza, Stanzas};

/// Where apt keeps its configuration.
pub const APT: &str = "/etc/apt";

/// The address that serves the Debian archive from everywhere.
pub const FALLBACK: &str = "http://deb.debian.org/debian";

/// The first mirror of the Debian archive that the configuration in `apt`
/// names, or [`FALLBACK`]. Files that cannot be read are passed over: apt
/// itself complains about those.
pub fn mirror(apt: &Path) -> String {
    files(apt).iter().find_map(|file| first_archive(file)).unwrap_or_else(|| FALLBACK.to_owned())
}

/// `sources.list`, then the parts in the order apt reads them.
fn files(apt: &Path) -> Vec<PathBuf> {
    let mut parts: Vec<PathBuf> = fs::read_dir(apt.join("sources.list.d"))
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    parts.retain(|part| part.extension().is_some_and(|e| e == "list" || e == "sources"));
    parts.sort();
    parts.insert(0, apt.join("sources.list"));
    parts
}

fn first_archive(file: &Path) -> Option<String> {
    let text = fs::read(file).ok()?;
    let text = String::from_utf8_lossy(&text);
    let entries = if file.extension().is_some_and(|e| e == "sources") {
        deb822(&text)
    } else {
        text.lines().filter_map(one_line).collect()
    };
    let archive = entries.into_iter().find(Entry::is_archive)?;
    Some(archive.uri.trim_end_matches('/').to_owned())
}

/// What one source offers.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    uri: String,
    suites: Vec<String>,
    main: bool,
}

impl Entry {
    /// Whether the whole archive lies below the address. Backports are part of
    /// it; security updates have an archive of their own, which some mirrors
    /// nevertheless keep in a directory called `debian`.
    fn is_archive(&self) -> bool {
        let Some((scheme, rest)) = self.uri.split_once("://") else { return false };
        let web = scheme == "http" || scheme == "https";
        let named_debian = rest.split('/').skip(1).any(|part| part == "debian");
        let other = |suite: &String| suite.contains("-security") || suite.contains("/updates");
        web && named_debian && self.main && !self.suites.iter().all(other)
    }
}

/// `deb [options] uri suite component…`
fn one_line(line: &str) -> Option<Entry> {
    let rest = line.trim().strip_prefix("deb")?;
    if !rest.starts_with([' ', '\t', '[']) {
        return None;
    }
    let rest = match rest.trim_start().strip_prefix('[') {
        Some(options) => options.split_once(']')?.1,
        None => rest,
    };
    let mut words = rest.split('#').next()?.split_whitespace();
    Some(Entry {
        uri: words.next()?.to_owned(),
        suites: vec![words.next()?.to_owned()],
        main: words.any(|component| component == "main"),
    })
}

fn deb822(text: &str) -> Vec<Entry> {
    let stanzas = Stanzas::new(text.as_bytes()).flatten();
    stanzas.filter(binary_and_enabled).flat_map(|stanza| entries(&stanza)).collect()
}

fn binary_and_enabled(stanza: &Stanza) -> bool {
    let off = ["no", "false", "without", "off", "disable"];
    let enabled = stanza.get("Enabled").unwrap_or("yes").to_ascii_lowercase();
    stanza.words("Types").any(|kind| kind == "deb") && !off.contains(&enabled.as_str())
}

fn entries(stanza: &Stanza) -> Vec<Entry> {
    let suites: Vec<String> = stanza.words("Suites").map(str::to_owned).collect();
    let main = stanza.words("Components").any(|component| component == "main");
    let entry = |uri: &str| Entry { uri: uri.to_owned(), suites: suites.clone(), main };
    stanza.words("URIs").map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`mirror`] makes of a configuration of these files.
    fn mirror_of(files: &[(&str, &str)]) -> String {
        let apt = tempfile::tempdir().unwrap();
        fs::create_dir(apt.path().join("sources.list.d")).unwrap();
        for (name, text) in files {
            fs::write(apt.path().join(name), text).unwrap();
        }
        mirror(apt.path())
    }

    #[test]
    fn one_line_sources_are_read() {
        let text = "# deb http://commented/debian bookworm main\n\
                    deb-src http://sources/debian bookworm main\n\
                    deb cdrom:[Debian 12]/ bookworm main\n\
                    deb http://security/debian-security bookworm-security main\n\
                    deb [arch=amd64 signed-by=/k.gpg] https://ftp.example.org/pub/debian/ bookworm contrib main # x\n";
        assert_eq!(mirror_of(&[("sources.list", text)]), "https://ftp.example.org/pub/debian");
    }

    #[test]
    fn deb822_sources_are_read() {
        let text = "Types: deb-src\nURIs: http://a/debian\nSuites: sid\nComponents: main\n\n\
                    Types: deb\nEnabled: no\nURIs: http://b/debian\nSuites: sid\nComponents: main\n\n\
                    # note\nTypes: deb deb-src\nURIs: tor+http://c/debian http://d/debian\n\
                    Suites: trixie\n trixie-updates\nComponents: main\n";
        assert_eq!(mirror_of(&[("sources.list.d/debian.sources", text)]), "http://d/debian");
    }

    #[test]
    fn files_are_read_in_the_order_of_apt() {
        let line = |host: &str| format!("deb http://{host}/debian trixie main");
        let (first, second) = (line("first"), line("second"));
        let parts = [
            ("sources.list.d/b.list", second.as_str()),
            ("sources.list.d/a.list", first.as_str()),
            ("sources.list.d/0.list.save", "deb http://stale/debian trixie main"),
        ];
        assert_eq!(mirror_of(&parts), "http://first/debian");
    }

    #[test]
    fn other_archives_are_not_taken_for_debian() {
        for line in [
            "deb http://archive.ubuntu.com/ubuntu noble main",
            "deb https://packages.example.org/apt stable main",
            "deb http://mirror/debian trixie-security main",
            "deb http://mirror/debian ./",
            "deb",
            "deb [unclosed http://mirror/debian trixie main",
            "debug http://mirror/debian trixie main",
        ] {
            assert_eq!(mirror_of(&[("sources.list", line)]), FALLBACK, "{line}");
        }
        assert_eq!(mirror(Path::new("/nonexistent")), FALLBACK);
    }

    #[test]
    fn backports_lie_in_the_archive_itself() {
        let line = "deb http://mirror/debian bookworm-backports main";
        assert_eq!(mirror_of(&[("sources.list", line)]), "http://mirror/debian");
    }
}
