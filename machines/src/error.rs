//! What keeps a machine from being made or from going on.

use std::io;

/// A mistake of the machine's user, or a failure of the host. The text names
/// what is wrong and what helps.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// There is no machine of that name.
    #[error("there is no machine `{0}`; `mynah machines` lists those there are")]
    Unknown(String),
    /// Neither kernel nor firmware was given.
    #[error("there is nothing to run: give a kernel with --kernel or firmware with --bios")]
    NothingToRun,
    /// An option's value cannot be used.
    #[error("{option} {value}: {remedy}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: String,
        /// What to give instead.
        remedy: String,
    },
    /// A file is not what it should be.
    #[error("{name}: {reason}")]
    File {
        /// The file's name.
        name: String,
        /// What is wrong with it, and what helps.
        reason: String,
    },
    /// The host has not the memory.
    #[error("the host gives no {} MiB for the guest ({error}): give less with --memory", .bytes >> 20)]
    Memory {
        /// Bytes asked for.
        bytes: u64,
        /// What the host said.
        error: io::Error,
    },
    /// The engine does not work on this host.
    #[error(transparent)]
    Engine(#[from] backend::EngineError),
    /// A disk image, lock or other file of the host failed.
    #[error("{name}: {error}")]
    Host {
        /// The file's name.
        name: String,
        /// What the host said.
        error: io::Error,
    },
    /// No CPU will ever run an instruction again, though it tries.
    #[error(
        "the guest is lost: CPU {cpu} traps to {at:#x} for ever, where there is no memory, or no code; \
         is the kernel or firmware made for this machine, and whole?"
    )]
    Lost {
        /// One such CPU.
        cpu: usize,
        /// Its trap handler's address.
        at: u64,
    },
    /// No hart runs, and nothing can make one run again.
    #[error("the guest has nothing left to wait for: {0}")]
    Stalled(&'static str),
}

impl MachineError {
    /// The file `name` is not what it should be, for `reason`.
    pub(crate) fn file(name: &str, reason: impl Into<String>) -> MachineError {
        MachineError::File { name: name.into(), reason: reason.into() }
    }
}
