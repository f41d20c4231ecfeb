//! Everything that can go wrong between a mirror and a bootable guest.

use std::io;
use std::path::{Path, PathBuf};

use super::hash::Sum;

/// Why no guest could be prepared. Each message names the file or address
/// concerned and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller asked for an architecture that is not offered.
    #[error("no Debian guest for architecture {0:?}; choose riscv64, arm64 or amd64")]
    Arch(String),
    /// The suite's name cannot be one.
    #[error("{0:?} is no name of a suite; use one such as trixie")]
    Suite(String),
    /// The mirror's address cannot be used.
    #[error(
        "cannot use the mirror {url:?}: {reason}; give --mirror an http, https or file address such as http://deb.debian.org/debian"
    )]
    Mirror {
        /// The address as given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The mirror could not be reached, or the transfer broke off.
    #[error("cannot fetch {url}: {reason}; {remedy}")]
    Fetch {
        /// What was asked for.
        url: String,
        /// What happened.
        reason: String,
        /// What to try.
        remedy: &'static str,
    },
    /// The mirror has no such file.
    #[error("{url} does not exist; check that the mirror is complete, or choose another with --mirror")]
    NotFound {
        /// What was asked for.
        url: String,
    },
    /// The mirror sends more than the index promises, or than is sensible.
    #[error("{url} is longer than the {limit_bytes} bytes expected; choose another mirror with --mirror")]
    TooLong {
        /// What was asked for.
        url: String,
        /// The most that would have been accepted.
        limit_bytes: u64,
    },
    /// A file differs from what the signed index says of it.
    #[error(
        "{url} is not what the signed index promises (SHA-256 {found}, {found_bytes} bytes, instead of {wanted}, {wanted_bytes} bytes); try again later as the mirror may be amid an update, choose another with --mirror, or use what is cached with --offline"
    )]
    Mismatch {
        /// What was asked for.
        url: String,
        /// The promised sum.
        wanted: Sum,
        /// The promised length.
        wanted_bytes: u64,
        /// The sum of what came.
        found: Sum,
        /// The length of what came.
        found_bytes: u64,
    },
    /// The index is not one.
    #[error("{what} is not a usable index: {reason}; choose another mirror with --mirror")]
    Index {
        /// The address or file of the index.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The index carries no signature that can be trusted.
    #[error(
        "the signature of {what} is not trusted: {reason}; install or update the package debian-archive-keyring, or pass --allow-unsigned to go on without"
    )]
    Signature {
        /// The address or file of the index.
        what: String,
        /// What the verifier said.
        reason: String,
    },
    /// The suite has no such package.
    #[error("{suite} has no package {package} for {arch}; check the suite and the mirror")]
    Package {
        /// The package looked for.
        package: String,
        /// The suite it was looked for in.
        suite: String,
        /// The architecture it was looked for in.
        arch: &'static str,
    },
    /// A package does not hold what it should.
    #[error("cannot unpack {package}: {reason}")]
    Unpack {
        /// The package's name.
        package: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file does not fit into the initramfs.
    #[error("{path} is too large for the initramfs ({bytes} bytes; the format ends at 4 GiB)")]
    Initramfs {
        /// The file's path in the guest.
        path: String,
        /// Its size.
        bytes: u64,
    },
    /// The cache directory cannot be used.
    #[error("cannot {action} {path}: {source}; point MYNAH_CACHE at a directory that can be written", path = path.display())]
    Cache {
        /// What was tried.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Neither a cache directory nor a home is named.
    #[error("no place for the cache: set MYNAH_CACHE, XDG_CACHE_HOME or HOME to a directory")]
    NoCache,
    /// An offline run lacks something.
    #[error("{what} is missing from the cache {cache}, or damaged there; run once without --offline", cache = cache.display())]
    Offline {
        /// What is missing.
        what: String,
        /// The cache looked at.
        cache: PathBuf,
    },
}

impl Error {
    /// Wraps the system's answer to `action` on a path of the cache.
    pub(super) fn cache(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Cache { action, path: path.to_owned(), source }
    }

    /// Whether another network, or none at all, could help: the mirror gave
    /// no answer, so what it last said may still be used.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(self, Self::Fetch { .. })
    }

    /// Whether the mirror answered with another file than the signed index
    /// promises, or with none.
    pub(super) fn is_stale(&self) -> bool {
        matches!(self, Self::Mismatch { .. } | Self::TooLong { .. } | Self::NotFound { .. })
    }
}
