//! ELF programs (System V ABI, ELF-64 Object File Format 1.5).

use super::{Program, Segment, Target};
use crate::MachineError;
use bus::PhysAddr;
use bytes::Bytes;
use goblin::container::{Container, Ctx};
use goblin::elf::header::{ET_DYN, ET_EXEC, Header};
use goblin::elf::program_header::{PT_LOAD, ProgramHeader};
use goblin::elf::section_header::{SHT_SYMTAB, SectionHeader};
use goblin::elf::sym::Symtab;
use goblin::strtab::Strtab;
use std::ops::Range;

/// The addresses of the symbols that make a program one for the host-target
/// interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    /// Where the guest writes.
    pub tohost: Option<PhysAddr>,
    /// Where the host answers.
    pub fromhost: Option<PhysAddr>,
}

/// Whether the file begins as ELF files do.
pub fn is_elf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x7fELF")
}

/// Reads the ELF file `name`. If it is position-independent and its addresses
/// are not in `ram`, it goes to `base`.
pub fn parse(
    name: &str,
    target: &Target,
    bytes: &Bytes,
    base: PhysAddr,
    ram: &Range<PhysAddr>,
) -> Result<Program, MachineError> {
    let damaged = |what: &str| MachineError::file(name, format!("its ELF {what} is damaged or cut short"));
    let header = header(name, target, bytes)?;
    let ctx = Ctx::new(Container::Big, goblin::container::Endian::Little);
    let loads = match header.e_phoff {
        0 => Vec::new(),
        at => ProgramHeader::parse(bytes, at as usize, header.e_phnum.into(), ctx)
            .map_err(|_| damaged("program header table"))?,
    };
    let loads: Vec<_> = loads.into_iter().filter(|p| p.p_type == PT_LOAD && p.p_memsz > 0).collect();
    let Some(lowest) = loads.iter().map(|p| p.p_paddr).min() else {
        return Err(MachineError::file(name, "it has nothing to load: is it a linked program?"));
    };
    let movable = header.e_type == ET_DYN && !ram.contains(&lowest);
    let bias = if movable { base.wrapping_sub(lowest) } else { 0 };
    let mut segments = Vec::with_capacity(loads.len());
    for load in &loads {
        let file = usize::try_from(load.p_offset).ok().zip(usize::try_from(load.p_filesz).ok());
        let file = file.and_then(|(at, len)| bytes.get(at..at.checked_add(len)?));
        let file = file.ok_or_else(|| damaged("segment"))?;
        if load.p_filesz > load.p_memsz {
            return Err(damaged("segment"));
        }
        let at = load.p_paddr.wrapping_add(bias);
        segments.push(Segment { at, bytes: bytes.slice_ref(file), memory_bytes: load.p_memsz });
    }
    // The entry is a virtual address; it is where its segment is loaded.
    let inside = |p: &&ProgramHeader| header.e_entry.checked_sub(p.p_vaddr).is_some_and(|o| o < p.p_memsz);
    let entry = loads
        .iter()
        .find(inside)
        .map_or(header.e_entry, |p| header.e_entry.wrapping_sub(p.p_vaddr).wrapping_add(p.p_paddr));
    let symbols = symbols(bytes, &header, ctx, bias);
    Ok(Program { segments, entry: entry.wrapping_add(bias), symbols })
}

fn header(name: &str, target: &Target, bytes: &[u8]) -> Result<Header, MachineError> {
    let refuse = |reason: String| Err(MachineError::file(name, reason));
    let Ok(header) = goblin::elf::Elf::parse_header(bytes) else {
        return refuse("its ELF header is damaged or cut short".into());
    };
    if header.e_machine != target.elf {
        let machine = goblin::elf::header::machine_to_str(header.e_machine);
        return refuse(format!("it is an ELF file for {machine}, not for {}", target.name));
    }
    if !matches!(
        (header.container(), header.endianness()),
        (Ok(Container::Big), Ok(goblin::container::Endian::Little))
    ) {
        return refuse(format!("it is not a 64-bit little-endian ELF file: build it for {}", target.name));
    }
    if header.e_type != ET_EXEC && header.e_type != ET_DYN {
        return refuse("it is no ELF program (its type is neither EXEC nor DYN): link it first".into());
    }
    Ok(header)
}

/// Looks up the symbols; a file whose symbol table is damaged has none.
fn symbols(bytes: &[u8], header: &Header, ctx: Ctx, bias: u64) -> Symbols {
    let find = || {
        let sections =
            SectionHeader::parse(bytes, header.e_shoff as usize, header.e_shnum.into(), ctx).ok()?;
        let table = sections.iter().find(|s| s.sh_type == SHT_SYMTAB)?;
        let names = sections.get(table.sh_link as usize)?;
        let count = usize::try_from(table.sh_size).ok()? / goblin::elf64::sym::SIZEOF_SYM;
        let symtab = Symtab::parse(bytes, usize::try_from(table.sh_offset).ok()?, count, ctx).ok()?;
        let names = Strtab::parse(
            bytes,
            usize::try_from(names.sh_offset).ok()?,
            usize::try_from(names.sh_size).ok()?,
            0,
        )
        .ok()?;
        let address = |wanted: &str| {
            let symbol = symtab.iter().find(|s| names.get_at(s.st_name) == Some(wanted))?;
            Some(symbol.st_value.wrapping_add(bias))
        };
        Some(Symbols { tohost: address("tohost"), fromhost: address("fromhost") })
    };
    find().unwrap_or_default()
}
