//! Kernel modules: which ones a guest needs, and in which order they load.
//!
//! Debian packages carry no `modules.dep` (depmod makes it on the installed
//! system), so the dependencies are read where depmod reads them: in the
//! `.modinfo` section of each module, zero-terminated `key=value` strings
//! (linux/include/linux/module.h, `MODULE_INFO`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind, Read};

use goblin::elf::Elf;

use super::deb::{Member, xz};

/// The most a module may unpack to.
const MODULE_BYTES: u64 = 64 << 20;

/// A loadable module, decompressed.
#[derive(Debug)]
pub struct Module {
    /// Its name, with underscores for dashes as the kernel prints it.
    pub name: String,
    /// The ELF file.
    pub content: Vec<u8>,
    /// The modules that have to be there before it.
    pub depends: Vec<String>,
    /// The names under which the kernel asks for it.
    pub aliases: Vec<String>,
}

/// The modules of a kernel package.
pub struct Modules {
    files: BTreeMap<String, Member>,
    builtin: BTreeSet<String>,
}

impl Modules {
    /// Sorts out those `members` that are modules or list the built-in ones.
    pub fn new(members: Vec<Member>) -> Self {
        let mut modules = Self { files: BTreeMap::new(), builtin: BTreeSet::new() };
        for member in members {
            if member.path.ends_with("/modules.builtin") {
                let list = String::from_utf8_lossy(&member.content).into_owned();
                modules.builtin.extend(list.lines().filter_map(name));
            } else if let Some(name) = name(&member.path) {
                modules.files.insert(name, member);
            }
        }
        modules
    }

    /// Whether [`new`](Self::new) has a use for the file at `path`.
    pub fn wants(path: &str) -> bool {
        path.ends_with("/modules.builtin") || name(path).is_some()
    }

    /// The modules called `wanted` and all they depend on, each after what it
    /// depends on. Those that this kernel has built in need none; those it does
    /// not have are passed over.
    pub fn choose(&self, wanted: &[&str]) -> io::Result<Vec<Module>> {
        let mut names: Vec<String> = wanted.iter().map(|&name| name.to_owned()).collect();
        names.retain(|name| self.has(name));
        let mut waiting: Vec<Module> = Vec::new();
        while let Some(name) = names.pop() {
            if self.builtin.contains(&name) || waiting.iter().any(|module| module.name == name) {
                continue;
            }
            let member = self.files.get(&name);
            let member = member.ok_or_else(|| invalid(format!("module {name} is needed but missing")))?;
            let mut module = Module::read(name, member)?;
            module.depends.retain(|needed| !self.builtin.contains(needed));
            names.extend(module.depends.iter().cloned());
            waiting.push(module);
        }
        in_load_order(waiting)
    }

    /// Whether this kernel has the module, built in or as a file.
    pub fn has(&self, name: &str) -> bool {
        self.builtin.contains(name) || self.files.contains_key(name)
    }
}

fn in_load_order(mut waiting: Vec<Module>) -> io::Result<Vec<Module>> {
    let mut ordered: Vec<Module> = Vec::new();
    while !waiting.is_empty() {
        let loaded = |name: &String| ordered.iter().any(|module| module.name == *name);
        let next = waiting.iter().position(|module| module.depends.iter().all(loaded));
        let next = next.ok_or_else(|| invalid(format!("module {} depends on itself", waiting[0].name)))?;
        ordered.push(waiting.remove(next));
    }
    Ok(ordered)
}

impl Module {
    fn read(name: String, member: &Member) -> io::Result<Self> {
        let content = decompress(member)?;
        let info =
            modinfo(&content).ok_or_else(|| invalid(format!("{} is no kernel module", member.path)))?;
        let values = |key| info.iter().filter_map(move |entry| entry.strip_prefix(key));
        Ok(Self {
            depends: values("depends=").flat_map(|list| list.split(',')).filter_map(plain_name).collect(),
            aliases: values("alias=").map(str::to_owned).collect(),
            name,
            content,
        })
    }
}

fn decompress(member: &Member) -> io::Result<Vec<u8>> {
    let compressed = member.content.as_slice();
    let decoder: Box<dyn Read> = match member.path.rsplit('.').next() {
        Some("xz") => Box::new(xz(compressed)?),
        Some("zst") => Box::new(zstd::Decoder::new(compressed)?),
        Some("gz") => Box::new(flate2::read::GzDecoder::new(compressed)),
        _ => Box::new(compressed),
    };
    let mut content = Vec::new();
    decoder.take(MODULE_BYTES).read_to_end(&mut content)?;
    Ok(content)
}

/// The entries of the `.modinfo` section.
fn modinfo(module: &[u8]) -> Option<Vec<String>> {
    let elf = Elf::parse(module).ok()?;
    let is_modinfo =
        |header: &&goblin::elf::SectionHeader| elf.shdr_strtab.get_at(header.sh_name) == Some(".modinfo");
    let section = module.get(elf.section_headers.iter().find(is_modinfo)?.file_range()?)?;
    let entries = section.split(|&byte| byte == 0).filter(|entry| !entry.is_empty());
    Some(entries.map(|entry| String::from_utf8_lossy(entry).into_owned()).collect())
}

/// The name of the module in the file at `path`, if it is one.
fn name(path: &str) -> Option<String> {
    let file = path.rsplit('/').next()?;
    let (name, suffix) = file.rsplit_once(".ko")?;
    ["", ".xz", ".zst", ".gz"].contains(&suffix).then(|| plain_name(name))?
}

fn plain_name(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.replace('-', "_"))
}

fn invalid(reason: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An ELF file with nothing but a `.modinfo` section (System V ABI,
    /// chapter 4).
    fn elf(modinfo: &[u8]) -> Vec<u8> {
        const NAMES: &[u8] = b"\0.modinfo\0.shstrtab\0";
        let mut file = b"\x7fELF\x02\x01\x01".to_vec();
        file.resize(16, 0);
        file.extend([1, 0, 243, 0, 1, 0, 0, 0]); // ET_REL, EM_RISCV, EV_CURRENT
        file.extend([0; 16]);
        file.extend((64 + modinfo.len() as u64 + NAMES.len() as u64).to_le_bytes());
        file.extend([0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 64, 0, 3, 0, 2, 0]);
        file.extend(modinfo);
        file.extend(NAMES);
        let sections = [(0, 0, 0, 0), (1, 1, 64, modinfo.len()), (10, 3, 64 + modinfo.len(), NAMES.len())];
        for (name, kind, offset, bytes) in sections {
            file.extend(u64::to_le_bytes(name | kind << 32));
            file.extend([0; 16]);
            file.extend((offset as u64).to_le_bytes());
            file.extend((bytes as u64).to_le_bytes());
            file.extend([0; 24]);
        }
        file
    }

    fn member(path: &str, modinfo: &str) -> Member {
        Member { path: path.to_owned(), content: elf(modinfo.as_bytes()) }
    }

    fn kernel(modules: &[(&str, &str)]) -> Modules {
        let mut members: Vec<_> = modules.iter().map(|(path, info)| member(path, info)).collect();
        let builtin = b"kernel/drivers/virtio/virtio-ring.ko\n".to_vec();
        members.push(Member { path: "usr/lib/modules/6/modules.builtin".to_owned(), content: builtin });
        Modules::new(members)
    }

    fn names(modules: &[Module]) -> Vec<&str> {
        modules.iter().map(|module| module.name.as_str()).collect()
    }

    #[test]
    fn modules_come_after_what_they_depend_on() {
        let kernel = kernel(&[
            ("k/virtio_net.ko", "license=GPL\0depends=net-failover,virtio_ring\0alias=virtio:d1\0"),
            ("k/net_failover.ko", "depends=failover\0"),
            ("k/failover.ko", "depends=\0"),
            ("k/unwanted.ko", "depends=absent\0"),
        ]);
        let chosen = kernel.choose(&["virtio_net", "failover", "virtio_ring", "nonexistent"]).unwrap();
        assert_eq!(names(&chosen), ["failover", "net_failover", "virtio_net"]);
        assert_eq!(chosen[2].depends, ["net_failover"]);
        assert_eq!(chosen[2].aliases, ["virtio:d1"]);
        assert!(kernel.has("virtio_ring") && !kernel.has("nonexistent"));
    }

    #[test]
    fn missing_and_circular_dependencies_are_errors() {
        let kernel = kernel(&[
            ("k/lost.ko", "depends=absent\0"),
            ("k/a.ko", "depends=b\0"),
            ("k/b.ko", "depends=a\0"),
            ("k/noise.ko.xz", ""),
        ]);
        let error = |wanted| kernel.choose(&[wanted]).unwrap_err().to_string();
        assert_eq!(error("lost"), "module absent is needed but missing");
        assert!(error("a").contains("depends on itself"));
        assert!(kernel.choose(&["noise"]).is_err());
    }

    #[test]
    fn only_module_files_have_names() {
        assert_eq!(name("usr/lib/virtio-rng.ko.xz").as_deref(), Some("virtio_rng"));
        assert_eq!(name("ext4.ko").as_deref(), Some("ext4"));
        for path in ["", "a.ko.sig", "a.kox", ".ko", "modules.order", "vmlinux"] {
            assert_eq!(name(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn damaged_modules_never_panic(
            at in any::<prop::sample::Index>(),
            bytes in proptest::collection::vec(any::<u8>(), 1..12),
            kept in any::<prop::sample::Index>(),
        ) {
            let mut file = elf(b"depends=x\0");
            let start = at.index(file.len());
            let end = file.len().min(start + bytes.len());
            file[start..end].copy_from_slice(&bytes[..end - start]);
            let _ = modinfo(&file);
            file.truncate(kept.index(file.len()));
            let _ = modinfo(&file);
        }
    }
}
