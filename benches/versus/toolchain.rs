//! Makes guests: compiles `benches/guest` and packs initial file systems.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use crate::emulator::Guest;

const GCC: &str = "riscv64-linux-gnu-gcc";

/// No C library, no compiler's own ideas of one, no start-up code.
const FLAGS: &[&str] = &[
    "-O2",
    "-march=rv64gc",
    "-mabi=lp64d",
    "-mcmodel=medany",
    "-ffreestanding",
    "-fno-pic",
    "-fno-stack-protector",
    "-fno-tree-loop-distribute-patterns",
    "-static",
    "-nostdlib",
    "-Wl,--build-id=none",
];

const APPEND: &str = "console=ttyS0";
/// Nothing but what the guest's program prints.
const APPEND_QUIET: &str = "console=ttyS0 quiet";

/// Where guests are made from and put.
#[derive(Debug)]
pub struct Toolchain {
    sources: PathBuf,
    made: PathBuf,
    guests: PathBuf,
}

impl Toolchain {
    /// Puts what it makes into Cargo's directory for such files; Debian's kernel
    /// is in `guests`.
    ///
    /// # Errors
    /// The directory cannot be made.
    pub fn new(guests: PathBuf) -> io::Result<Toolchain> {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("versus");
        fs::create_dir_all(&made)?;
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/guest");
        Ok(Toolchain { sources, made, guests })
    }

    /// A program for the bare machine that calls `function` of `source`, and how
    /// often.
    ///
    /// # Errors
    /// It does not compile.
    pub fn program(&self, source: &str, function: &str, repeat: u64) -> Result<Guest, String> {
        let program = self.made.join(format!("{function}-{repeat}.elf"));
        let mut gcc = Command::new(GCC);
        gcc.args([format!("-DWORK={function}"), format!("-DREPEAT={repeat}")]);
        gcc.args(["-T", "link.ld", "start.S", source]);
        self.compile(&mut gcc, &program)?;
        Ok(Guest::Bare(program))
    }

    /// Debian's kernel and the initial file system of the guests' collection.
    ///
    /// # Errors
    /// They are missing.
    pub fn debian(&self) -> Result<Guest, String> {
        let initrd = self.guest_file("initramfs-auto.cpio.gz")?;
        Ok(Guest::Linux { kernel: self.guest_file("vmlinux")?, initrd, append: APPEND })
    }

    /// Debian's kernel and `init.c`.
    ///
    /// # Errors
    /// The kernel is missing, or `init.c` does not compile.
    pub fn init(&self) -> Result<Guest, String> {
        let kernel = self.guest_file("vmlinux")?;
        let program = self.made.join("init");
        self.compile(Command::new(GCC).arg("init.c"), &program)?;
        let initrd = self.made.join("init.cpio");
        let packed = fs::read(&program).and_then(|init| fs::write(&initrd, archive(&init)?));
        packed.map_err(|error| format!("cannot write {}: {error}", initrd.display()))?;
        Ok(Guest::Linux { kernel, initrd, append: APPEND_QUIET })
    }

    fn compile(&self, gcc: &mut Command, to: &Path) -> Result<(), String> {
        let output = gcc.args(FLAGS).arg("-o").arg(to).current_dir(&self.sources).output();
        let output = output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!("{GCC} is missing: install gcc-riscv64-linux-gnu"),
            _ => format!("cannot start {GCC}: {error}"),
        })?;
        if !output.status.success() {
            return Err(format!("{GCC} failed:\n{}", String::from_utf8_lossy(&output.stderr)));
        }
        Ok(())
    }

    fn guest_file(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.guests.join(name);
        if path.exists() {
            return Ok(path);
        }
        Err(format!("{} is missing: name a directory with Debian's kernel by --guests", path.display()))
    }
}

/// An initial file system with nothing but `/init` in it; the kernel itself
/// brings `/dev/console`.
fn archive(init: &[u8]) -> io::Result<Vec<u8>> {
    const EXECUTABLE_FILE: u32 = 0o100_755;
    let entry = cpio::newc::Builder::new("init").mode(EXECUTABLE_FILE);
    let size = u32::try_from(init.len()).map_err(io::Error::other)?;
    let mut writer = entry.write(Vec::new(), size);
    io::Write::write_all(&mut writer, init)?;
    cpio::newc::trailer(writer.finish()?)
}
