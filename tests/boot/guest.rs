//! The guest that boots: Debian's kernel, and an initial file system that runs
//! a workload.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use mynah::debian::{self, Arch, Request, Silent};

/// The folder of guests made beforehand, beside the project unless the
/// environment names another.
const GUESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../guests");
const GUESTS_VARIABLE: &str = "MYNAH_GUESTS";

/// The workload, for a guest made here.
const WORK: &[u8] = include_bytes!("../../benches/guest/workload.sh");

/// A kernel, what runs on it, and where.
pub struct Guest {
    /// The machine.
    pub machine: &'static str,
    /// The kernel's console.
    pub console: &'static str,
    /// The kernel's file.
    pub kernel: PathBuf,
    /// The initial file system's.
    pub initrd: PathBuf,
}

impl Guest {
    /// The guest made beforehand, or one from the Debian mirror or the cache;
    /// otherwise what is lacking.
    pub fn find(arch: Arch) -> Result<Guest, String> {
        let folder = env::var_os(GUESTS_VARIABLE).map_or_else(|| GUESTS.into(), PathBuf::from);
        match Guest::made_beforehand(arch, &folder) {
            Some(guest) => Ok(guest),
            None => Guest::from_debian(arch).map_err(|error| {
                format!(
                    "no guest in {}, which {GUESTS_VARIABLE} can name, and none from Debian: {error}",
                    folder.display()
                )
            }),
        }
    }

    fn made_beforehand(arch: Arch, folder: &Path) -> Option<Guest> {
        let folder = folder.join(arch.name());
        let kernel =
            ["vmlinux", "vmlinuz"].map(|name| folder.join(name)).into_iter().find(|path| path.is_file())?;
        let initrd = folder.join("initramfs-auto.cpio.gz");
        initrd.is_file().then(|| Guest::of(arch, kernel, initrd))
    }

    fn from_debian(arch: Arch) -> Result<Guest, debian::Error> {
        let request = Request { script: Some(WORK.to_vec()), ..Request::new(arch) };
        let guest = debian::prepare(&request, &mut Silent)?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let file = |name: &str| folder.join(format!("{name}-{arch}"));
        let (kernel, initrd) = (file("vmlinux"), file("initramfs"));
        fs::write(&kernel, guest.kernel)
            .and_then(|()| fs::write(&initrd, guest.initrd))
            .expect("room for both");
        Ok(Guest::of(arch, kernel, initrd))
    }

    fn of(arch: Arch, kernel: PathBuf, initrd: PathBuf) -> Guest {
        let (machine, console) = match arch {
            Arch::Riscv64 => ("riscv-virt", "ttyS0"),
            _ => ("arm-virt", "ttyAMA0"),
        };
        Guest { machine, console, kernel, initrd }
    }
}
