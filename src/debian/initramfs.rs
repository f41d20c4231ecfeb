//! The initial file system of a guest: busybox, drivers and an init of our own.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use flate2::{Compression, GzBuilder};

use super::cpio::Archive;
use super::error::Error;
use super::module::Module;

const INIT: &[u8] = include_bytes!("init.sh");
const UDHCPC: &[u8] = include_bytes!("udhcpc.sh");

/// Drivers that init loads, so that the shell has disks, a network and
/// randomness; by the names of their modules.
pub const AT_BOOT: [&str; 6] =
    ["virtio_mmio", "virtio_pci", "virtio_blk", "virtio_net", "virtio_rng", "virtio_console"];

/// Modules that load when they are first asked for.
pub const ON_DEMAND: [&str; 4] = ["ext4", "crc32c_generic", "isofs", "af_packet"];

/// What goes into the file system.
pub struct Parts<'a> {
    /// The static busybox.
    pub busybox: &'a [u8],
    /// The kernel's release, which names the directory of its modules.
    pub release: &'a str,
    /// Modules in the order they load.
    pub modules: &'a [Module],
}

impl Parts<'_> {
    /// The gzipped cpio archive that boots to a shell.
    pub fn build(&self) -> Result<Vec<u8>, Error> {
        let mut archive = Archive::default();
        for path in
            ["bin", "dev", "etc", "etc/udhcpc", "lib", "lib/modules", "proc", "root", "sbin", "sys", "tmp"]
        {
            archive.directory(path);
        }
        archive.character_device("dev/console", 5, 1);
        archive.character_device("dev/null", 1, 3);
        archive.file("bin/busybox", 0o755, self.busybox)?;
        archive.symlink("bin/sh", "busybox");
        // The kernel's own path for loading modules on demand.
        archive.symlink("sbin/modprobe", "../bin/busybox");
        archive.file("init", 0o755, INIT)?;
        // Debian's busybox looks here, others in /usr/share.
        archive.file("etc/udhcpc/default.script", 0o755, UDHCPC)?;
        archive.directory("usr");
        archive.directory("usr/share");
        archive.symlink("usr/share/udhcpc", "../../etc/udhcpc");
        self.add_modules(&mut archive)?;
        Ok(gzip(&archive.finish()))
    }

    fn add_modules(&self, archive: &mut Archive) -> Result<(), Error> {
        let directory = format!("lib/modules/{}", self.release);
        archive.directory(&directory);
        let (mut dependencies, mut aliases, mut at_boot) = (String::new(), String::new(), String::new());
        let boot = self.closure(AT_BOOT.iter().map(|&name| name.to_owned()));
        for module in self.modules {
            let name = &module.name;
            archive.file(&format!("{directory}/{name}.ko"), 0o644, &module.content)?;
            let needed = self.closure(module.depends.iter().cloned());
            let needed = self.modules.iter().rev().filter(|other| needed.contains(&other.name));
            let needed: String = needed.map(|other| format!(" {}.ko", other.name)).collect();
            // Writing to a string does not fail.
            let _ = writeln!(dependencies, "{name}.ko:{needed}");
            for alias in &module.aliases {
                let _ = writeln!(aliases, "alias {alias} {name}");
            }
            if boot.contains(name) {
                let _ = writeln!(at_boot, "{name}");
            }
        }
        archive.file(&format!("{directory}/modules.dep"), 0o644, dependencies.as_bytes())?;
        archive.file(&format!("{directory}/modules.alias"), 0o644, aliases.as_bytes())?;
        archive.file("etc/modules", 0o644, at_boot.as_bytes())
    }

    /// `names` and whatever those modules depend on.
    fn closure(&self, names: impl Iterator<Item = String>) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = names.collect();
        // Later modules depend on earlier ones, so one pass backwards suffices.
        for module in self.modules.iter().rev() {
            if names.contains(&module.name) {
                names.extend(module.depends.iter().cloned());
            }
        }
        names
    }
}

/// A gzipped cpio archive with just `/script`. Linux unpacks any number of
/// archives one after another, so it is appended to the one of [`Parts::build`].
pub fn script(content: &[u8]) -> Result<Vec<u8>, Error> {
    let mut archive = Archive::default();
    archive.file("script", 0o755, content)?;
    Ok(gzip(&archive.finish()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to a vector does not fail")
}

/// Changes whenever the same packages would give another file system: what
/// becomes of empty ones, and the modules looked for.
pub fn recipe() -> Result<Vec<u8>, Error> {
    let name = format!("{AT_BOOT:?} {ON_DEMAND:?}");
    let module = Module { name, content: Vec::new(), depends: Vec::new(), aliases: vec![String::new()] };
    Parts { busybox: &[], release: "", modules: &[module] }.build()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use cpio::NewcReader;
    use flate2::read::GzDecoder;

    use super::*;

    fn module(name: &str, depends: &[&str], aliases: &[&str]) -> Module {
        let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        Module { name: name.to_owned(), content: vec![1], depends: owned(depends), aliases: owned(aliases) }
    }

    /// The content of the file at `path` in a gzipped archive.
    fn file(archive: &[u8], path: &str) -> Option<String> {
        let mut bytes = Vec::new();
        GzDecoder::new(archive).read_to_end(&mut bytes).unwrap();
        let mut rest = bytes.as_slice();
        loop {
            let mut reader = NewcReader::new(rest).unwrap();
            if reader.entry().is_trailer() {
                return None;
            }
            let found = reader.entry().name() == path;
            let mut content = String::new();
            reader.read_to_string(&mut content).unwrap();
            if found {
                return Some(content);
            }
            rest = reader.finish().unwrap();
        }
    }

    #[test]
    fn modules_are_listed_for_init_and_for_modprobe() {
        let modules = [
            module("failover", &[], &[]),
            module("mbcache", &[], &[]),
            module("net_failover", &["failover"], &[]),
            module("ext4", &["mbcache"], &["fs-ext4", "fs-ext3"]),
            module("virtio_net", &["net_failover"], &["virtio:d00000001v*"]),
        ];
        let parts = Parts { busybox: b"box", release: "6.1-x", modules: &modules };
        let archive = parts.build().unwrap();
        let file = |path| file(&archive, path).unwrap();
        assert_eq!(file("etc/modules"), "failover\nnet_failover\nvirtio_net\n");
        let dependencies = file("lib/modules/6.1-x/modules.dep");
        assert!(dependencies.contains("virtio_net.ko: net_failover.ko failover.ko\n"), "{dependencies}");
        assert!(dependencies.contains("\nmbcache.ko:\n"), "{dependencies}");
        assert!(file("lib/modules/6.1-x/modules.alias").starts_with("alias fs-ext4 ext4\n"));
        assert_eq!(file("bin/busybox"), "box");
        assert_eq!(file("lib/modules/6.1-x/ext4.ko"), "\u{1}");
    }

    #[test]
    fn equal_parts_give_equal_bytes() {
        let parts = Parts { busybox: b"box", release: "6", modules: &[] };
        assert_eq!(parts.build().unwrap(), parts.build().unwrap());
    }

    #[test]
    fn the_script_is_an_archive_of_its_own() {
        assert_eq!(file(&script(b"exit 3\n").unwrap(), "script").unwrap(), "exit 3\n");
    }
}
