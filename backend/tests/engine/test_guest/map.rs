//! The test guest's memory map: physical addresses, and a table of virtual
//! pages of every kind.

use super::state;
use bus::{PAGE_BYTES, PAGE_SHIFT};
use guest::{Access, CpuState, Fault, Page};

/// Where RAM starts.
pub const RAM: u64 = 0x8000_0000;
/// Pages of RAM.
pub const RAM_PAGES: u64 = 8;
/// Where the chip's registers start; they take a page.
pub const CHIP: u64 = 0x1000_0000;
/// A page of a device that is read as code and never changes.
pub const ROM: u64 = 0x2000_0000;
/// Nothing answers here.
const HOLE: u64 = 0x3000_0000;

/// Causes of faults; the access (see [`access_number`]) is added.
pub mod cause {
    /// The page is not mapped, or not for this access.
    pub const PAGE: u64 = 0x10;
    /// Nothing answers.
    pub const BUS: u64 = 0x20;
    /// The address is not a multiple of the size.
    pub const ALIGN: u64 = 0x30;
    /// A helper's own.
    pub const HELPER: u64 = 0x40;
}

/// A number for each kind of access.
pub fn access_number(access: Access) -> u64 {
    match access {
        Access::Load => 0,
        Access::Store => 1,
        Access::Fetch => 2,
    }
}

/// The virtual pages, by their number in the map.
pub mod page {
    pub const CODE_A: u64 = 0;
    /// Behind A, so that blocks and loops cross; it is two pages by turns.
    pub const CODE_B: u64 = 1;
    /// Starts with the fault handler.
    pub const HANDLER: u64 = 2;
    /// Changes places with the next by turns.
    pub const DATA: u64 = 3;
    /// The two before may be read only, and written only. This is code page A once
    /// more.
    pub const ALIAS_A: u64 = 7;
    /// Code page B once more.
    pub const ALIAS_B: u64 = 8;
    pub const CHIP: u64 = 9;
    pub const NOTHING: u64 = 10;
    /// A page of data that translations are not remembered for. Nothing answers
    /// behind it.
    pub const UNCACHED: u64 = 11;
    /// This and the next are one page of 8 KiB, if the map starts so that it is
    /// aligned; they change places with two others by turns.
    pub const LARGE: u64 = 14;
    /// Moves in all address spaces at once.
    pub const GLOBAL: u64 = 16;
    /// How many there are.
    pub const COUNT: u64 = 17;
}

/// What a virtual page maps to.
struct Row {
    phys: u64,
    /// Where it is when it has changed places.
    other: u64,
    /// The bit of slot `map` that moves it.
    moves: u64,
    allowed: &'static str,
    cacheable: bool,
}

const fn fixed(phys: u64, allowed: &'static str) -> Row {
    Row { phys, other: phys, moves: 0, allowed, cacheable: true }
}

const fn moving(first: u64, second: u64, moves: u64, allowed: &'static str) -> Row {
    Row { phys: ram(first), other: ram(second), moves, allowed, cacheable: true }
}

const fn ram(number: u64) -> u64 {
    RAM + number * PAGE_BYTES
}

const ROWS: [Row; page::COUNT as usize] = [
    fixed(ram(0), "rwx"),
    moving(1, 2, MOVES_CODE, "rwx"),
    fixed(ram(3), "rwx"),
    moving(4, 5, MOVES_DATA, "rw"),
    moving(5, 4, MOVES_DATA, "rw"),
    fixed(ram(6), "r"),
    fixed(ram(7), "w"),
    fixed(ram(0), "rwx"),
    fixed(ram(1), "rwx"),
    fixed(CHIP, "rw"),
    fixed(0, ""),
    Row { cacheable: false, ..fixed(ram(5), "rw") },
    fixed(HOLE, "rwx"),
    fixed(ROM, "rx"),
    moving(4, 6, MOVES_LARGE, "rw"),
    moving(5, 7, MOVES_LARGE, "rw"),
    moving(6, 7, MOVES_GLOBAL, "rw"),
];

/// Bit of slot `map` that moves code page B.
pub const MOVES_CODE: u64 = 1;
/// Bit of slot `map` that moves the data pages. They, and all between them and
/// [`page::LARGE`], are flushed together, as if they were one page.
pub const MOVES_DATA: u64 = 2;
/// Bit of slot `map` that moves the large page.
pub const MOVES_LARGE: u64 = 4;
/// Bit of slot `map` that moves the global page; there is but one.
pub const MOVES_GLOBAL: u64 = 8;

/// How far up the bits of an address space are in slot `map`.
pub const fn map_shift(space: u64) -> u64 {
    4 * space
}

/// Whether [`page::LARGE`] is one page in a map that starts at `start`.
pub const fn has_large_page(start: u64) -> bool {
    start.is_multiple_of(2 * PAGE_BYTES)
}

/// How many low bits the page of a row keeps.
fn offset_bits(start: u64, row: &Row) -> u8 {
    match row.moves {
        MOVES_DATA => 16,
        MOVES_LARGE if has_large_page(start) => 13,
        _ => 12,
    }
}

/// Translates `at`, an offset from the map's start being `at - start`. In odd
/// regimes, what can change places has.
///
/// # Errors
/// The page is not mapped for this access.
pub fn translate(cpu: &CpuState, start: u64, at: u64, access: Access, regime: u8) -> Result<Page, Fault> {
    let fault = Fault { cause: cause::PAGE + access_number(access), value: at };
    let offset = at.wrapping_sub(start);
    let number = offset >> PAGE_SHIFT;
    let row = ROWS.get(number as usize).ok_or(fault)?;
    let global = matches!(row.moves, 0 | MOVES_GLOBAL);
    let space = if global { 0 } else { state::space(cpu) };
    let bits = cpu.get(state::MAP) >> map_shift(space);
    let moved = (bits & row.moves != 0) != (regime % 2 == 1);
    let base = if moved { row.other } else { row.phys };
    let [read, write, exec] = ["r", "w", "x"].map(|letter| row.allowed.contains(letter));
    let allowed = match access {
        Access::Load => read,
        Access::Store => write,
        Access::Fetch => exec,
    };
    if !allowed {
        return Err(fault);
    }
    let phys = base + offset % PAGE_BYTES;
    let offset_bits = offset_bits(start, row);
    let whole = row.moves != MOVES_DATA;
    Ok(Page {
        phys,
        read,
        write,
        exec,
        cacheable: row.cacheable,
        global,
        offset_bits,
        whole,
        aligned: false,
        code_mode: 0,
    })
}
