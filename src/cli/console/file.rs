//! A console whose output goes to a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use rustix::event::PollFd;

use super::Backend;

/// A file that receives the output.
pub struct Log(File);

impl Log {
    /// Makes the file at `path`, or empties it.
    ///
    /// # Errors
    /// The file cannot be written; the message says what helps.
    pub fn create(path: &Path) -> Result<Log, String> {
        let shown = path.display();
        let failed =
            |error| format!("cannot write {shown}: {error}; choose another file with --serial file:FILE");
        File::create(path).map(Log).map_err(failed)
    }
}

impl Backend for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn read(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn interests<'a>(&'a self, _out: &mut Vec<PollFd<'a>>) {}

    fn is_open(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_goes_to_the_file_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        std::fs::write(&path, "old").unwrap();
        let mut log = Log::create(&path).unwrap();
        log.write(b"new ").unwrap();
        log.write(b"text").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new text");
        assert!(log.read().is_empty() && !log.is_open());
    }

    #[test]
    fn the_error_names_the_file_and_the_option() {
        let Err(message) = Log::create(Path::new("/nowhere/at/all")) else { panic!("no such directory") };
        assert!(message.contains("/nowhere/at/all") && message.contains("--serial"), "{message}");
    }
}
