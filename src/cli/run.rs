//! `mynah run`: a machine with the user's own files.

use super::ending::{Ending, Failure};
use super::flash;
use super::options::RunOptions;
use super::session::{self, Guest};

/// Runs the machine that `options` describe.
///
/// # Errors
/// Something given cannot be used, or the emulator failed.
pub fn run(options: &RunOptions) -> Result<Ending, Failure> {
    let memory_bytes = options.machine.memory;
    let image = |path: &Option<_>, option| {
        path.as_ref().map(|path: &std::path::PathBuf| session::read(path, option, memory_bytes)).transpose()
    };
    let guest = Guest {
        machine: options.name.clone(),
        kernel: image(&options.kernel, "--kernel")?,
        initrd: image(&options.initrd, "--initrd")?,
        append: options.append.clone(),
        bios: image(&options.bios, "--bios")?,
        flash: options.flash.as_ref().map(|file| flash::open(file, &options.name)).transpose()?,
    };
    session::run(guest, &options.machine, &options.net, |console| Box::new(console))
}
