//! Names for compiled code in the profiles of `perf`: the file that it reads for
//! code that is in no program (linux/tools/perf/Documentation/jit-interface.txt).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use mynah::{CodeRange, Published};

use super::ending::Failure;

/// Writes a line for all code that is compiled from now on.
///
/// # Errors
/// The file cannot be made.
pub fn open() -> Result<Published, Failure> {
    let path = PathBuf::from(format!("/tmp/perf-{}.map", std::process::id()));
    let file = create(&path).map_err(|error| {
        Failure::Emulator(format!(
            "cannot write {}: {error}; remove it, or run without --perf-map",
            path.display()
        ))
    })?;
    // None once it could not be written.
    let file = Mutex::new(Some(file));
    Ok(Arc::new(move |code| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = &mut *file else { return };
        if let Err(error) = open.write_all(line(code).as_bytes()) {
            eprintln!("mynah: cannot write {}: {error}; later code has no names there", path.display());
            *file = None;
        }
    }))
}

/// A new file, for us alone. The folder is everybody's, so what is already there
/// is never written to: it was left by a program that had our number before.
///
/// Lines are appended: under `perf record`, Cranelift's library truncates the
/// file and names the way into compiled code in it, before there is any.
fn create(path: &PathBuf) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => (),
    }
    OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)
}

/// Address, length and name.
fn line(code: &CodeRange) -> String {
    let CodeRange { tier, guest, pc, address, bytes } = code;
    format!("{address:x} {bytes:x} mynah:tier{tier}:{guest}:{pc:#x}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_perf_reads_it() {
        let code = CodeRange {
            tier: 2,
            guest: "riscv64",
            pc: 0xffff_ffff_8000_1234,
            address: 0x7f00_1000,
            bytes: 96,
        };
        assert_eq!(line(&code), "7f001000 60 mynah:tier2:riscv64:0xffffffff80001234\n");
    }

    #[test]
    fn a_file_in_the_way_is_not_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let (path, victim) = (folder.path().join("perf.map"), folder.path().join("victim"));
        fs::write(&victim, "kept").unwrap();
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        create(&path).unwrap().write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "kept");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }
}
