//! The `Packages` index of a suite: which files hold a kernel and a busybox
//! (Debian repository format; relations as in Debian Policy 7.1).

use std::io::{self, BufRead};

use super::hash::Sum;
use super::release::Listed;
use super::stanza::{Stanza, Stanzas};

/// A binary package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its path below the mirror.
    pub path: String,
    /// The sum and length of that file.
    pub file: Listed,
    depends: String,
}

impl Package {
    fn from_stanza(stanza: &Stanza) -> Option<Self> {
        let field = |name| stanza.get(name).map(str::to_owned);
        let path = field("Filename").filter(|path| is_below(path))?;
        let sum: Sum = stanza.get("SHA256")?.parse().ok()?;
        let bytes = stanza.get("Size")?.parse().ok()?;
        Some(Self {
            name: field("Package")?,
            version: field("Version")?,
            path,
            file: Listed { sum, bytes },
            depends: field("Depends").unwrap_or_default(),
        })
    }
}

/// Whether `path` stays below the mirror and needs no quoting in an address.
fn is_below(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+~:/-".contains(c);
    path.chars().all(plain) && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// The packages of an index that may be needed.
#[derive(Debug)]
pub struct Index {
    packages: Vec<Package>,
}

const KERNELS: &str = "linux-image-";
const BUSYBOX: &str = "busybox-static";

impl Index {
    /// Reads a decompressed `Packages` file.
    pub fn read(input: impl BufRead) -> io::Result<Self> {
        let mut packages = Vec::new();
        for stanza in Stanzas::new(input) {
            let stanza = stanza?;
            let name = stanza.get("Package").unwrap_or_default();
            if name.starts_with(KERNELS) || name == BUSYBOX {
                packages.extend(Package::from_stanza(&stanza));
            }
        }
        Ok(Self { packages })
    }

    /// The static busybox, or the name that is missing.
    pub fn busybox(&self) -> Result<&Package, String> {
        self.find(BUSYBOX, None)
    }

    /// The kernel that `linux-image-ARCH` stands for, or the name that is
    /// missing: the metapackage depends on the one with the version.
    pub fn kernel(&self, arch: &str) -> Result<&Package, String> {
        let meta = self.find(&format!("{KERNELS}{arch}"), None)?;
        let relations = meta.depends.split([',', '|']).map(relation);
        match relations.into_iter().find(|(name, _)| name.starts_with(KERNELS)) {
            Some((name, version)) => self.find(name, version),
            None => Ok(meta),
        }
    }

    fn find(&self, name: &str, version: Option<&str>) -> Result<&Package, String> {
        let wanted = |p: &&Package| p.name == name && version.is_none_or(|version| p.version == version);
        let found = self.packages.iter().find(wanted);
        found.ok_or_else(|| version.map_or(name.to_owned(), |version| format!("{name} {version}")))
    }
}

/// The name in `name (= version)`, and the version where it is exact.
fn relation(text: &str) -> (&str, Option<&str>) {
    let (name, constraint) = text.split_once('(').unwrap_or((text, ""));
    let version = constraint.trim_end().trim_end_matches(')').strip_prefix('=');
    (name.trim(), version.map(str::trim))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SUM: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn stanza(name: &str, version: &str, extra: &str) -> String {
        let path = format!("pool/{name}_{version}.deb");
        format!("Package: {name}\nVersion: {version}\nFilename: {path}\nSize: 3\nSHA256: {SUM}\n{extra}\n")
    }

    fn index(stanzas: &[String]) -> Index {
        Index::read(stanzas.concat().as_bytes()).unwrap()
    }

    #[test]
    fn the_metapackage_leads_to_the_kernel_of_its_version() {
        let index = index(&[
            stanza("linux-image-6.12.9-riscv64", "6.12.9-1", ""),
            stanza("linux-image-6.12.9-riscv64", "6.12.9-2", ""),
            stanza("other", "1", ""),
            stanza(
                "linux-image-riscv64",
                "6.12.9-2",
                "Depends: x, linux-image-6.12.9-riscv64 (= 6.12.9-2)\n",
            ),
        ]);
        let kernel = index.kernel("riscv64").unwrap();
        assert_eq!(kernel.path, "pool/linux-image-6.12.9-riscv64_6.12.9-2.deb");
        assert_eq!(kernel.file, Listed { sum: SUM.parse().unwrap(), bytes: 3 });
        assert_eq!(index.kernel("arm64").unwrap_err(), "linux-image-arm64");
        assert_eq!(index.busybox().unwrap_err(), "busybox-static");
    }

    #[test]
    fn a_dangling_metapackage_names_what_is_missing() {
        let meta = stanza("linux-image-arm64", "2", "Depends: linux-image-6-arm64 (= 2)\n");
        assert_eq!(index(&[meta]).kernel("arm64").unwrap_err(), "linux-image-6-arm64 2");
    }

    #[test]
    fn paths_out_of_the_mirror_are_not_packages() {
        for path in ["/etc/passwd", "pool/../../x", "pool//x", "pool/x?y", "pool/x y", "", "."] {
            assert!(!is_below(path), "{path}");
        }
        assert!(is_below("pool/main/l/linux/linux-image-6.12.107+deb13-riscv64_6.12.107-1_riscv64.deb"));
    }

    #[test]
    fn relations_are_names_with_or_without_versions() {
        assert_eq!(relation(" a (= 1-2) "), ("a", Some("1-2")));
        assert_eq!(relation("a (>= 1)"), ("a", None));
        assert_eq!(relation("a"), ("a", None));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(lines in proptest::collection::vec(
            "(Package: linux-image-x|Depends|Filename: |Size: |SHA256: )?[ -~]{0,20}", 0..30)) {
            let index = Index::read(lines.join("\n").as_bytes()).unwrap();
            let _ = (index.kernel("x"), index.busybox());
        }
    }
}
