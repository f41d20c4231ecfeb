//! Prepares a Debian guest: the distribution's own kernel and a shell.
//!
//! [`prepare`] finds a mirror, fetches and verifies the suite's signed index,
//! the kernel package and the static busybox, builds an initial file system in
//! memory, and caches all of it. Formats are those of the Debian repository
//! format, deb(5), and the Linux initramfs buffer format.

pub(crate) mod cache;
pub(crate) mod cpio;
mod deb;
mod error;
mod hash;
mod index;
mod initramfs;
mod mirror;
mod module;
mod progress;
mod proxy;
mod release;
mod session;
mod sources;
mod stanza;
mod verify;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

pub use cache::default_root;
pub use error::Error;
pub use hash::Sum;
pub use progress::{Progress, Silent, to_stderr};

use session::Session;

/// An architecture of which Debian guests are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arch {
    /// 64-bit RISC-V (RV64GC).
    Riscv64,
    /// 64-bit Arm.
    Arm64,
    /// 64-bit x86.
    Amd64,
}

impl Arch {
    /// The name Debian gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Riscv64 => "riscv64",
            Self::Arm64 => "arm64",
            Self::Amd64 => "amd64",
        }
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Arch {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let all = [Self::Riscv64, Self::Arm64, Self::Amd64];
        all.into_iter().find(|arch| arch.name() == name).ok_or_else(|| Error::Arch(name.to_owned()))
    }
}

/// The suite whose kernel is meant to run: Debian 13.
pub const SUITE: &str = "trixie";

/// Which guest is wanted, and what may be used to prepare it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The guest's architecture.
    pub arch: Arch,
    /// The suite's code name, or a name such as `stable`.
    pub suite: String,
    /// The mirror's address; without one, that of the host's apt.
    pub mirror: Option<String>,
    /// The cache's directory; without one, as the environment says.
    pub cache: Option<PathBuf>,
    /// OpenPGP keys that may sign the index; without, the host's Debian ones.
    pub keyring: Option<PathBuf>,
    /// A shell script to run in the guest instead of a shell for the user.
    pub script: Option<Vec<u8>>,
    /// Whether to do with what is in the cache.
    pub offline: bool,
    /// Whether to go on where the index is not signed by a known key.
    pub allow_unsigned: bool,
}

impl Request {
    /// A shell on [`SUITE`], verified, from the host's mirror.
    pub fn new(arch: Arch) -> Self {
        Self {
            arch,
            suite: SUITE.to_owned(),
            mirror: None,
            cache: None,
            keyring: None,
            script: None,
            offline: false,
            allow_unsigned: false,
        }
    }
}

/// What a machine needs to boot.
///
/// The console shows a greeting and a shell, or the output of the script and,
/// last before power-off, a line [`SCRIPT_EXIT`] with its exit status.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Guest {
    /// The kernel as Debian ships it in `/boot`.
    pub kernel: Vec<u8>,
    /// The initial file system, gzipped cpio archives.
    pub initrd: Vec<u8>,
    /// The kernel's release, as `uname -r` prints it in the guest.
    pub kernel_release: String,
    /// Where it all comes from, in a line for people.
    pub description: String,
}

/// Begins the last line of a script's output; a space and the script's exit
/// status in decimal follow.
pub const SCRIPT_EXIT: &str = "MYNAH-SCRIPT-EXIT";

/// Prepares the guest of `request`, from the mirror or the cache, and tells
/// `progress` about it.
pub fn prepare(request: &Request, progress: &mut dyn Progress) -> Result<Guest, Error> {
    let mut guest = Session::new(request, progress)?.prepare()?;
    if let Some(script) = &request.script {
        guest.initrd.extend(initramfs::script(script)?);
    }
    Ok(guest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn architectures_have_debian_names() {
        for arch in [Arch::Riscv64, Arch::Arm64, Arch::Amd64] {
            assert_eq!(arch.to_string().parse::<Arch>().unwrap(), arch);
        }
        let error = "riscv".parse::<Arch>().unwrap_err().to_string();
        assert!(error.contains("riscv64"), "{error}");
    }
}
