//! Makes guests: compiles the programs in `benches/guest`, and packs initial file
//! systems.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use super::architecture::{Architecture, Compiler};
use super::sources::{SHARED, Source};
use crate::debian::Sum;
use crate::debian::cpio::Archive;

/// No C library, no compiler's own ideas of one, no start-up code.
const FLAGS: &[&str] = &[
    "-O2",
    "-ffreestanding",
    "-fno-math-errno",
    "-fno-pic",
    "-fno-stack-protector",
    "-fno-tree-loop-distribute-patterns",
    "-static",
    "-nostdlib",
    "-Wl,--build-id=none",
];

/// Where guests are made, and kept for the next time.
#[derive(Debug)]
pub struct Toolchain {
    architecture: &'static Architecture,
    folder: PathBuf,
}

impl Toolchain {
    /// For guests of `architecture`. Keeps what it makes below `cache`, in a folder
    /// of its own for each state of the sources.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(architecture: &'static Architecture, cache: &Path) -> Result<Toolchain, String> {
        let folder = cache.join("bench").join(state(architecture));
        let write = |(name, text): &Source| fs::write(folder.join(name), text);
        let written = fs::create_dir_all(&folder).and_then(|()| sources(architecture).try_for_each(write));
        match written {
            Ok(()) => Ok(Toolchain { architecture, folder }),
            Err(error) => Err(format!(
                "cannot write to {}: {error}; name another place by MYNAH_CACHE",
                folder.display()
            )),
        }
    }

    /// Where it keeps what it makes.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A program for the bare machine that calls `function` of `source`, and how
    /// often.
    ///
    /// # Errors
    /// It does not compile.
    pub fn program(&self, source: &str, function: &str, repeat: u64) -> Result<PathBuf, String> {
        self.kept(&format!("{function}-{repeat}.elf"), |to| {
            let mut gcc = Command::new(self.architecture.compiler.program);
            gcc.args([format!("-DWORK={function}"), format!("-DREPEAT={repeat}")]);
            gcc.args(["-T", "link.ld", "start.S", source]);
            self.compile(&mut gcc, to)
        })
    }

    /// An initial file system with nothing but `source` in it, as `/init`; the
    /// kernel itself brings `/dev/console`.
    ///
    /// # Errors
    /// It does not compile.
    pub fn init(&self, source: &str) -> Result<PathBuf, String> {
        let program = self.kept(&format!("{source}.elf"), |to| {
            self.compile(Command::new(self.architecture.compiler.program).arg(source), to)
        })?;
        self.kept(&format!("{source}.cpio"), |to| {
            let failed = |error: io::Error| format!("cannot pack {}: {error}", to.display());
            let mut archive = Archive::default();
            archive
                .file("init", 0o755, &fs::read(&program).map_err(failed)?)
                .map_err(|error| failed(io::Error::other(error)))?;
            fs::write(to, archive.finish()).map_err(failed)
        })
    }

    /// An initial file system of the files in `node`, which is one too, with
    /// `/init` and the program it runs.
    ///
    /// # Errors
    /// `node` cannot be read, or the other one not be written.
    pub fn node(&self, node: &Path) -> Result<PathBuf, String> {
        let failed = |error: &dyn std::fmt::Display| format!("cannot pack {}: {error}", node.display());
        let mut archive = Archive::default();
        ["proc", "dev"].into_iter().for_each(|path| archive.directory(path));
        archive.symlink("lib", "usr/lib");
        for (name, path, permissions) in [("jit.sh", "init", 0o755), ("jit.js", "jit.js", 0o644)] {
            let text = SHARED.iter().find(|source| source.0 == name).map_or("", |source| source.1);
            archive.file(path, permissions, text.as_bytes()).map_err(|error| failed(&error))?;
        }
        // Linux unpacks archives one after the other. Made anew each time, as
        // that is cheap and `node` may have changed.
        let mut bytes = fs::read(node).map_err(|error| failed(&error))?;
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend(archive.finish());
        let (path, partial) =
            (self.folder.join("node.cpio"), self.folder.join(format!("node.{}", std::process::id())));
        fs::write(&partial, bytes)
            .and_then(|()| fs::rename(&partial, &path))
            .map_err(|error| failed(&error))?;
        Ok(path)
    }

    /// The file called `name`, which `make` makes if it is not there yet. It
    /// appears whole or not at all.
    fn kept(&self, name: &str, make: impl FnOnce(&Path) -> Result<(), String>) -> Result<PathBuf, String> {
        let path = self.folder.join(name);
        if !path.exists() {
            let partial = self.folder.join(format!("{name}.{}", std::process::id()));
            make(&partial)?;
            fs::rename(&partial, &path)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
        Ok(path)
    }

    fn compile(&self, gcc: &mut Command, to: &Path) -> Result<(), String> {
        let Compiler { program, flags, package } = self.architecture.compiler;
        let output = gcc.args(FLAGS).args(flags).arg("-o").arg(to).current_dir(&self.folder).output();
        let output = output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!("{program} is missing: install {package}"),
            _ => format!("cannot start {program}: {error}"),
        })?;
        if !output.status.success() {
            return Err(format!("{program} failed:\n{}", String::from_utf8_lossy(&output.stderr)));
        }
        Ok(())
    }
}

/// All that guests of `architecture` are made from.
fn sources(architecture: &Architecture) -> impl Iterator<Item = &'static Source> {
    SHARED.iter().chain(architecture.sources)
}

/// A short name for what guests of `architecture` are made from.
fn state(architecture: &Architecture) -> String {
    let names_and_texts = sources(architecture).flat_map(|(name, text)| [*name, *text]);
    let flags = FLAGS.iter().chain(architecture.compiler.flags).copied();
    let all: Vec<&str> = names_and_texts.chain(flags).collect();
    Sum::of(all.join("\0").as_bytes()).to_string()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::architecture::tests::WITHOUT_TOOLS;
    use super::*;

    #[test]
    fn a_missing_compiler_is_told_with_its_package() {
        let cache = tempfile::tempdir().unwrap();
        let toolchain = Toolchain::new(&WITHOUT_TOOLS, cache.path()).unwrap();
        for made in [toolchain.program("work.c", "mix", 1), toolchain.init("init.c")] {
            let message = made.unwrap_err();
            assert_eq!(message, "no-such-gcc is missing: install gcc-riscv64-linux-gnu");
        }
    }

    #[test]
    fn what_was_made_is_kept() {
        let cache = tempfile::tempdir().unwrap();
        let toolchain = Toolchain::new(&WITHOUT_TOOLS, cache.path()).unwrap();
        let path = toolchain.folder().join("mix-1.elf");
        fs::write(&path, "made").unwrap();
        assert_eq!(toolchain.program("work.c", "mix", 1), Ok(path));
    }

    #[test]
    fn the_files_of_node_come_before_what_runs_on_them() {
        let cache = tempfile::tempdir().unwrap();
        let toolchain = Toolchain::new(&WITHOUT_TOOLS, cache.path()).unwrap();
        let files = cache.path().join("node.cpio");
        let message = toolchain.node(&files).unwrap_err();
        assert!(message.contains(files.to_str().unwrap()), "{message}");
        fs::write(&files, "files").unwrap();
        let bytes = fs::read(toolchain.node(&files).unwrap()).unwrap();
        assert!(bytes.starts_with(b"files\0\0\x00070701"));
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("init\0"), "no /init");
        assert!(text.contains("busybox poweroff") && text.contains("sumOf"));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let message = Toolchain::new(&WITHOUT_TOOLS, file.path()).unwrap_err();
        assert!(
            message.contains(file.path().to_str().unwrap()) && message.contains("MYNAH_CACHE"),
            "{message}"
        );
    }
}
