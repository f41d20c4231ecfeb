//! A case: parsing, the hart it starts on, and the check.

use std::sync::Arc;

use bus::{AddressSpace, Ram};
use guest::testing::case::{Line, differences, lines, list};
use guest::{CpuState, Guest};

use super::value::{Place, item};
use super::{CODE, INSNS_MAX, RAM, Reference, TRAP};
use crate::fields::mstatus;
use crate::state::{MCAUSE, MEPC, MSTATUS, MTVAL, MTVEC, PC, PRIV};
use crate::{Riscv64, asm, disasm};

/// One line of a case file.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file's name and the line, for messages.
    pub at: String,
    /// The line.
    pub text: String,
    /// The code.
    pub code: Vec<u8>,
    before: Vec<(Place, u64)>,
    after: Vec<(Place, u64)>,
}

/// The cases in `source`, a file called `name`. Empty lines and lines that
/// start with `#` are left out.
///
/// # Errors
/// The first line that is no case, and why.
pub fn parse(name: &str, source: &str) -> Result<Vec<Case>, String> {
    lines(name, source, case)
}

fn case(line: Line<'_>) -> Result<Case, String> {
    Ok(Case {
        at: line.at,
        text: line.text.to_owned(),
        code: parse_code(line.code)?,
        before: list(line.before, item)?,
        after: list(line.after, item)?,
    })
}

/// Assembly, or `[bytes]` and their disassembly.
fn parse_code(text: &str) -> Result<Vec<u8>, String> {
    let Some(rest) = text.strip_prefix('[') else {
        let program = asm::assemble(text, CODE).map_err(|error| error.message)?;
        return Ok(program.bytes);
    };
    let (numbers, expected) = rest.split_once(']').ok_or("`]` is missing")?;
    let mut code = Vec::new();
    for number in numbers.split_whitespace() {
        let value = u32::from_str_radix(number, 16).map_err(|_| format!("`{number}` is not hexadecimal"))?;
        match number.len() {
            4 => code.extend(&value.to_le_bytes()[..2]),
            8 => code.extend(value.to_le_bytes()),
            _ => return Err(format!("`{number}` has neither 4 nor 8 digits")),
        }
    }
    let texts: Vec<String> = instructions(&code).map(|(pc, code)| disassembled(pc, code)).collect();
    let found = texts.join("; ");
    if found == expected.trim() { Ok(code) } else { Err(format!("the code is `{found}`")) }
}

fn disassembled(pc: u64, code: &[u8]) -> String {
    disasm::disassemble(pc, code).map_or_else(|| "too short".to_owned(), |(text, _)| text)
}

/// The instructions in `code`: their addresses, and the code from there on.
fn instructions(code: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = code.get(at..).filter(|rest| !rest.is_empty())?;
        let here = CODE + at as u64;
        at += if rest[0] & 3 == 3 { 4 } else { 2 };
        Some((here, rest))
    })
}

impl Case {
    /// The instructions of the code, as words of 16 or 32 bits.
    pub fn words(&self) -> Vec<u32> {
        let word = |(_, code): (u64, &[u8])| {
            let bytes = if code[0] & 3 == 3 { 4 } else { 2 };
            code.iter().take(bytes).rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
        };
        instructions(&self.code).map(word).collect()
    }

    /// The address behind the code.
    pub fn end(&self) -> u64 {
        CODE + self.code.len() as u64
    }

    /// A hart that is about to run the code, and its memory. It is as after
    /// reset (in M mode), but its floating-point unit is on and dirty, and it
    /// traps to [`TRAP`].
    ///
    /// # Panics
    /// The host has no 32 KiB of memory left, or the case names memory that
    /// is not there.
    pub fn hart(&self, guest: &Riscv64) -> (CpuState, AddressSpace) {
        let mut space = AddressSpace::default();
        let ram = Ram::new(RAM.start, RAM.end - RAM.start).expect("a small mapping");
        space.add_ram("ram", Arc::new(ram));
        for (offset, byte) in self.code.iter().enumerate() {
            space.write(CODE + offset as u64, 1, u64::from(*byte)).expect("the code fits");
        }
        let mut cpu = CpuState::default();
        guest.reset(&mut cpu, 0, CODE);
        cpu.set(MSTATUS, cpu.get(MSTATUS) | mstatus::FS | mstatus::SD);
        cpu.set(MTVEC, TRAP);
        put(&self.before, &mut cpu, &space);
        (cpu, space)
    }

    /// Runs on the reference interpreter from the start, and checks what became
    /// of the hart.
    ///
    /// # Errors
    /// What differs from what the case expects, or a block that is not valid.
    pub fn run(&self, guest: &Riscv64) -> Result<(), String> {
        let (cpu, space) = self.hart(guest);
        let mut hart = Reference::new(guest, cpu, space);
        for _ in 0..INSNS_MAX {
            hart.step(1).map_err(|problem| format!("{}: {problem}", self.at))?;
            if self.is_over(&hart.cpu) {
                break;
            }
        }
        self.check(guest, &hart.cpu, &hart.space)
    }

    /// Compares a hart that ran with what the case expects.
    ///
    /// # Errors
    /// Every difference.
    pub fn check(&self, guest: &Riscv64, cpu: &CpuState, space: &AddressSpace) -> Result<(), String> {
        let (mut want, want_space) = self.hart(guest);
        want.set(PC, self.end());
        let traps = self.after.iter().any(|(place, _)| *place == Place::Trap);
        if traps {
            for (slot, value) in [(PC, TRAP), (MEPC, CODE), (MTVAL, 0)] {
                want.set(slot, value);
            }
            // What else a trap does to these is the privileged tests' matter.
            want.set(MSTATUS, cpu.get(MSTATUS));
            want.set(PRIV, cpu.get(PRIV));
        }
        put(&self.after, &mut want, &want_space);
        let layout = &guest.spec().layout;
        let problems = differences(layout, RAM, (cpu, space), (&want, &want_space));
        if problems.is_empty() {
            return Ok(());
        }
        Err(format!("{}: {}\n    {}", self.at, self.text, problems.join("\n    ")))
    }

    /// Whether the hart has come to the end of the case.
    pub fn is_over(&self, cpu: &CpuState) -> bool {
        !(CODE..self.end()).contains(&cpu.get(PC))
    }
}

/// Puts values in their places.
fn put(list: &[(Place, u64)], cpu: &mut CpuState, space: &AddressSpace) {
    for (place, value) in list {
        match *place {
            Place::Slot(slot) => cpu.set(slot, *value),
            Place::Memory { at, bytes } => {
                let value = value & (u64::MAX >> (64 - 8 * u32::from(bytes)));
                space.write(at, bytes, value).expect("a case names memory that is there");
            }
            Place::Trap => cpu.set(MCAUSE, *value),
            Place::Tval => cpu.set(MTVAL, *value),
        }
    }
}
