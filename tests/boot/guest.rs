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

/// A kernel and what runs on it.
pub struct Guest {
    /// The kernel's file.
    pub kernel: PathBuf,
    /// The initial file system's.
    pub initrd: PathBuf,
}

impl Guest {
    /// The guest made beforehand, or one from the Debian mirror or the cache;
    /// otherwise what is lacking.
    pub fn find() -> Result<Guest, String> {
        let folder = env::var_os(GUESTS_VARIABLE).map_or_else(|| GUESTS.into(), PathBuf::from);
        match Guest::made_beforehand(&folder) {
            Some(guest) => Ok(guest),
            None => Guest::from_debian().map_err(|error| {
                format!(
                    "no guest in {}, which {GUESTS_VARIABLE} can name, and none from Debian: {error}",
                    folder.display()
                )
            }),
        }
    }

    fn made_beforehand(folder: &Path) -> Option<Guest> {
        let kernel = folder.join("riscv64/vmlinux");
        let initrd = folder.join("riscv64/initramfs-auto.cpio.gz");
        (kernel.is_file() && initrd.is_file()).then_some(Guest { kernel, initrd })
    }

    fn from_debian() -> Result<Guest, debian::Error> {
        let request = Request { script: Some(WORK.to_vec()), ..Request::new(Arch::Riscv64) };
        let guest = debian::prepare(&request, &mut Silent)?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (kernel, initrd) = (folder.join("vmlinux"), folder.join("initramfs"));
        fs::write(&kernel, guest.kernel)
            .and_then(|()| fs::write(&initrd, guest.initrd))
            .expect("room for both");
        Ok(Guest { kernel, initrd })
    }
}
