//! The units of a file, and those that have come since it was opened.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::time::SystemTime;

use tempfile::NamedTempFile;

use super::file::{self, HEAD_BYTES, Row, UNIT_BYTES_MAX};
use super::key::Key;
use super::{CodeCacheError, FILE_BYTES_MAX, failed};

/// The most units for one address and mode: what else is there is as likely
/// out of date.
const UNITS_MAX: usize = 8;

/// Units, found by guest address and mode.
#[derive(Default)]
pub(super) struct Shelf {
    /// The files that units are in.
    files: Vec<File>,
    /// Which of them has the units that have come since, one behind the other. It
    /// has no name.
    new: Option<usize>,
    new_bytes: u64,
    units: Vec<Unit>,
    /// Numbers of units, the newest last.
    found: HashMap<(u64, u32), Vec<usize>>,
    /// The unit read last.
    buffer: Vec<u8>,
}

/// A unit: its row, with the offset in the file it is in, and which that is.
struct Unit {
    row: Row,
    file: usize,
    used: bool,
}

impl Shelf {
    /// One without units.
    pub(super) fn empty() -> Shelf {
        Shelf::default()
    }

    /// The units of a file with this key.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub(super) fn read(old: File, key: Key) -> Result<Shelf, String> {
        let mut shelf = Shelf::empty();
        for row in file::read(&old, key, FILE_BYTES_MAX)? {
            shelf.push(Unit { row, file: 0, used: false });
        }
        shelf.files.push(old);
        Ok(shelf)
    }

    fn push(&mut self, unit: Unit) {
        let numbers = self.found.entry((unit.row.start, unit.row.mode)).or_default();
        numbers.push(self.units.len());
        if numbers.len() > UNITS_MAX {
            numbers.remove(0);
        }
        self.units.push(unit);
    }

    /// Shows `take` the units for an address and mode until it takes one: those
    /// already used in this run first, then the newest.
    pub(super) fn find(&mut self, start: u64, mode: u32, take: &mut dyn FnMut(&[u8]) -> bool) {
        let Some(numbers) = self.found.get(&(start, mode)) else { return };
        let mut numbers = numbers.clone();
        numbers.sort_by_key(|number| (self.units[*number].used, *number));
        for number in numbers.into_iter().rev() {
            if self.load(number).is_some() && take(&self.buffer) {
                self.units[number].used = true;
                return;
            }
        }
    }

    /// Reads a unit into the buffer. `None` if it is damaged.
    fn load(&mut self, number: usize) -> Option<()> {
        let unit = &self.units[number];
        self.buffer.resize(unit.row.bytes as usize, 0);
        self.files.get(unit.file)?.read_exact_at(&mut self.buffer, unit.row.offset).ok()?;
        (file::crc(&self.buffer) == unit.row.crc).then_some(())
    }

    /// Keeps a unit, unless it is there already or the host has no room.
    pub(super) fn add(&mut self, start: u64, mode: u32, unit: &[u8]) {
        let (crc, bytes) = (file::crc(unit), unit.len() as u32);
        let row = Row { start, mode, offset: self.new_bytes, bytes, crc, age: 0 };
        if let Some(number) = self.known(&row) {
            self.units[number].used = true;
            return;
        }
        if unit.len() > UNIT_BYTES_MAX || self.new_bytes + unit.len() as u64 > FILE_BYTES_MAX {
            return;
        }
        if let Ok(file) = self.append(unit) {
            self.new_bytes += unit.len() as u64;
            self.push(Unit { row, file, used: true });
        }
    }

    /// The number of a unit that can be found and has the same content as this
    /// row's, as far as sums tell.
    fn known(&self, row: &Row) -> Option<usize> {
        let same = |number: &usize| {
            let known = &self.units[*number].row;
            (known.crc, known.bytes) == (row.crc, row.bytes)
        };
        self.found.get(&(row.start, row.mode))?.iter().copied().find(same)
    }

    fn append(&mut self, unit: &[u8]) -> io::Result<usize> {
        let number = match self.new {
            Some(number) => number,
            None => {
                self.files.push(tempfile::tempfile()?);
                *self.new.insert(self.files.len() - 1)
            }
        };
        self.files[number].write_all_at(unit, self.new_bytes)?;
        Ok(number)
    }

    /// Whether nothing has come.
    pub(super) fn is_unchanged(&self) -> bool {
        self.new_bytes == 0
    }

    /// Takes in what another run has left in `theirs` since our file was opened.
    /// A file of no use has nothing.
    pub(super) fn merge(&mut self, theirs: File, key: Key) {
        let identity = |file: &File| file.metadata().map(|file| (file.dev(), file.ino())).ok();
        if self.files.iter().any(|file| identity(file) == identity(&theirs)) {
            return;
        }
        let rows = file::read(&theirs, key, FILE_BYTES_MAX).unwrap_or_default();
        let ours = std::mem::take(&mut self.units);
        let found = std::mem::take(&mut self.found);
        let numbers: HashSet<usize> = found.into_values().flatten().collect();
        for row in rows {
            self.push(Unit { row, file: self.files.len(), used: false });
        }
        self.files.push(theirs);
        // What only we have is newer; of the rest it counts who used it last.
        for (_, unit) in (0..).zip(ours).filter(|(number, _)| numbers.contains(number)) {
            match self.known(&unit.row) {
                Some(number) => {
                    let known = &mut self.units[number];
                    (known.used, known.row.age) = (unit.used, known.row.age.min(unit.row.age));
                }
                None => self.push(unit),
            }
        }
    }

    /// Notes that the file was used.
    pub(super) fn touch(&self) {
        if let Some(old) = self.files.first() {
            // Without it the file only counts as older than it is.
            let _ = old.set_modified(SystemTime::now());
        }
    }

    /// Writes the file anew. Whatever happens meanwhile, the old or the new one is
    /// there, whole.
    pub(super) fn save(&mut self, path: &Path, key: Key) -> Result<(), CodeCacheError> {
        let folder = path.parent().unwrap_or(path);
        let file = NamedTempFile::new_in(folder).map_err(failed("write to", folder))?;
        let written = self.write(file.as_file(), key).and_then(|()| file.as_file().sync_data());
        written.map_err(failed("write", path))?;
        file.persist(path).map_err(|error| failed("write", path)(error.error))?;
        Ok(())
    }

    fn write(&mut self, file: &File, key: Key) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 18, file);
        out.write_all(&[0; HEAD_BYTES])?;
        let mut at = HEAD_BYTES as u64;
        let mut rows = Vec::new();
        for number in self.kept() {
            if self.load(number).is_none() {
                continue;
            }
            out.write_all(&self.buffer)?;
            let unit = &self.units[number];
            let age = if unit.used { 0 } else { unit.row.age.saturating_add(1) };
            rows.push(Row { offset: at, age, ..unit.row });
            at += u64::from(unit.row.bytes);
        }
        let index = file::index(&rows);
        out.write_all(&index)?;
        out.flush()?;
        file.write_all_at(&file::head(key, at, &index), 0)
    }

    /// The units that fit a file, in the order they came: of those that can be
    /// found, the ones used last.
    fn kept(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.found.values().flatten().copied().collect();
        numbers.sort_by_key(|number| {
            let unit = &self.units[*number];
            (!unit.used, unit.row.age, std::cmp::Reverse(*number))
        });
        let row_bytes = file::index(&[self.units[numbers[0]].row]).len() as u64;
        let mut room = FILE_BYTES_MAX - HEAD_BYTES as u64;
        numbers.retain(|number| {
            let bytes = u64::from(self.units[*number].row.bytes) + row_bytes;
            let fits = bytes <= room;
            room -= if fits { bytes } else { 0 };
            fits
        });
        numbers.sort_unstable();
        numbers
    }
}
