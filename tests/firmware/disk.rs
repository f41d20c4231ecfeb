//! A disk that UEFI starts a program from.

use std::iter::repeat_n;

const SECTOR: usize = 512;
/// The partition's first sector, and its sectors: so many are FAT16's.
const FIRST: usize = 64;
const SECTORS: usize = 8192;
const FAT_SECTORS: usize = 32;
const ROOT_ENTRIES: usize = 16;
/// What marks the last cluster of a file.
const LAST: u16 = 0xffff;
const FOLDER: u8 = 0x10;
const FILE: u8 = 0x20;

/// A disk with one partition, an EFI system partition of FAT16 with one file:
/// `\EFI\BOOT\BOOTAA64.EFI`, which holds `program` (UEFI Specification 2.10, 3.5 and
/// 13.3; Microsoft's FAT specification 1.03).
pub fn with_program(program: &[u8]) -> Vec<u8> {
    let mut disk = boot_record();
    disk.resize(FIRST * SECTOR, 0);
    disk.extend(parameters());
    // Clusters 0 and 1 are no clusters, 2 and 3 the folders, all else the file's.
    let clusters = program.len().div_ceil(SECTOR) as u16;
    let chain = (5..4 + clusters).chain([LAST]);
    let table = [0xfff8, LAST, LAST, LAST].into_iter().chain(chain);
    disk.extend(padded(table.flat_map(u16::to_le_bytes).collect(), FAT_SECTORS * SECTOR));
    disk.extend(padded(entry(b"EFI        ", FOLDER, 2, 0), ROOT_ENTRIES * 32));
    disk.extend(folder(2, 0, entry(b"BOOT       ", FOLDER, 3, 0)));
    disk.extend(folder(3, 2, entry(b"BOOTAA64EFI", FILE, 4, program.len() as u32)));
    disk.extend(program);
    padded(disk, (FIRST + SECTORS) * SECTOR)
}

fn padded(bytes: Vec<u8>, length: usize) -> Vec<u8> {
    let missing = length - bytes.len();
    bytes.into_iter().chain(repeat_n(0, missing)).collect()
}

/// A sector that ends as both kinds of first sectors do.
fn signed(bytes: Vec<u8>) -> Vec<u8> {
    padded(bytes, SECTOR - 2).into_iter().chain([0x55, 0xaa]).collect()
}

/// The master boot record: one partition, type 0xef.
fn boot_record() -> Vec<u8> {
    let mut record = vec![0; 446];
    record.extend([0, 0, 0, 0, 0xef, 0, 0, 0]);
    record.extend([FIRST as u32, SECTORS as u32].map(u32::to_le_bytes).concat());
    signed(record)
}

/// The partition's first sector: one table, clusters of one sector.
fn parameters() -> Vec<u8> {
    let mut sector = b"\xeb\x3c\x90mynah   ".to_vec();
    sector.extend((SECTOR as u16).to_le_bytes());
    sector.extend([1, 1, 0, 1]);
    sector.extend([ROOT_ENTRIES as u16, SECTORS as u16].map(u16::to_le_bytes).concat());
    sector.extend([0xf8, FAT_SECTORS as u8, 0, 32, 0, 2, 0, FIRST as u8]);
    sector.resize(36, 0);
    sector.extend(b"\x80\0\x29\x01\x02\x03\x04MYNAH      FAT16   ");
    signed(sector)
}

/// A folder in a cluster of its own, with itself and its parent in it.
fn folder(own: u16, parent: u16, child: Vec<u8>) -> Vec<u8> {
    let dots = [entry(b".          ", FOLDER, own, 0), entry(b"..         ", FOLDER, parent, 0)];
    padded([dots.concat(), child].concat(), SECTOR)
}

fn entry(name: &[u8; 11], attributes: u8, cluster: u16, bytes: u32) -> Vec<u8> {
    let mut entry = name.to_vec();
    entry.push(attributes);
    entry.resize(26, 0);
    entry.extend(cluster.to_le_bytes());
    entry.extend(bytes.to_le_bytes());
    entry
}
