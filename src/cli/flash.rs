//! The flash in which firmware keeps its variables, as in `--flash variables.fd`.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use mynah::host::FileStore;
use mynah::{Drive, MachineInfo};

use super::drive::DriveOption;
use super::ending::Failure;

/// Opens the file of `option` for a machine called `machine`. One that is not there
/// is made, of the size that the machine's bank has. It holds zeroes, over which UEFI
/// writes no variables, but a store of its own first.
///
/// # Errors
/// There is no such machine, or the file cannot be made or opened.
pub fn open(option: &DriveOption, machine: &str) -> Result<Drive, Failure> {
    let bank_bytes = MachineInfo::find(machine)?.flash_bytes;
    let name = option.path.display().to_string();
    if !option.read_only && make(&option.path, bank_bytes).map_err(|error| cannot_make(&name, error))? {
        eprintln!("mynah: made {name} for the variables of the firmware");
    }
    Ok(Drive { name, store: Box::new(FileStore::open(&option.path, option.read_only)?) })
}

/// Makes an empty file of `bytes` unless there is one. Yields whether it did.
fn make(path: &Path, bytes: u64) -> io::Result<bool> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file.set_len(bytes).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn cannot_make(name: &str, error: io::Error) -> Failure {
    Failure::Use(format!("cannot make {name}: {error}; give a place where a file can be, with --flash"))
}
