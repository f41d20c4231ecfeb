//! A case: parsing, the CPU it starts on, and the check.

use std::sync::Arc;

use bus::{AddressSpace, Ram};
use guest::testing::case::{Line, differences, lines, list};
use guest::{CpuState, Guest};
use ir::Type;

use super::value::{Place, SYNDROME, item};
use super::{CODE, INSNS_MAX, RAM, Reference, VECTORS};
use crate::fields::cpacr;
use crate::fields::hcr;
use crate::state::{
    C, CPACR_EL1, CURRENT_EL, ELR_EL1, HCR_EL2, N, PC, SCTLR_EL1, SPSEL, SPSR_EL1, V, VBAR_EL1, Z,
};
use crate::system::pstate;
use crate::{Aarch64, disasm};

/// One line of a case file.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file's name and the line, for messages.
    pub at: String,
    /// The line.
    pub text: String,
    /// The code.
    pub words: Vec<u32>,
    before: Vec<(Place, u128)>,
    after: Vec<(Place, u128)>,
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
        words: parse_code(line.code)?,
        before: list(line.before, item)?,
        after: list(line.after, item)?,
    })
}

/// `[words]` and their disassembly.
fn parse_code(text: &str) -> Result<Vec<u32>, String> {
    let rest = text.strip_prefix('[').ok_or("the code is not in `[]`")?;
    let (numbers, expected) = rest.split_once(']').ok_or("`]` is missing")?;
    let word =
        |number: &str| u32::from_str_radix(number, 16).map_err(|_| format!("`{number}` is not hexadecimal"));
    let words = numbers.split_whitespace().map(word).collect::<Result<Vec<_>, _>>()?;
    let shown = |(index, word): (usize, &u32)| {
        let text = disasm::disassemble(CODE + 4 * index as u64, &word.to_le_bytes());
        text.map_or_else(String::new, |(text, _)| text)
    };
    let found = words.iter().enumerate().map(shown).collect::<Vec<_>>().join("; ");
    if found == expected.trim() { Ok(words) } else { Err(format!("the code is `{found}`")) }
}

impl Case {
    /// The address behind the code.
    pub fn end(&self) -> u64 {
        CODE + 4 * self.words.len() as u64
    }

    /// A CPU that is about to run the code, and its memory. It is as after
    /// reset, but at EL0, without translation, with floating point and SIMD on
    /// and [`VECTORS`] for EL1's vectors.
    ///
    /// # Panics
    /// The host has no 32 KiB of memory left, or the case names memory that
    /// is not there.
    pub fn cpu(&self, guest: &Aarch64) -> (CpuState, AddressSpace) {
        let mut space = AddressSpace::default();
        let ram = Ram::new(RAM.start, RAM.end - RAM.start).expect("a small mapping");
        space.add_ram("ram", Arc::new(ram));
        for (index, word) in self.words.iter().enumerate() {
            space.write(CODE + 4 * index as u64, 4, u64::from(*word)).expect("the code fits");
        }
        let mut cpu = CpuState::default();
        guest.reset(&mut cpu, 0, CODE);
        pstate::select(&mut cpu, 0, 0);
        cpu.set(CPACR_EL1, 3 << cpacr::FPEN_SHIFT);
        cpu.set(SCTLR_EL1, 0);
        // Memory is Normal memory although nothing is translated.
        cpu.set(HCR_EL2, hcr::DC);
        cpu.set(VBAR_EL1, VECTORS);
        put(guest, &self.before, &mut cpu, &space);
        if cpu.get(CURRENT_EL) == 1 {
            cpu.set(SPSEL, 1);
        }
        (cpu, space)
    }

    /// Runs on the reference interpreter from the start, and checks what became
    /// of the CPU.
    ///
    /// # Errors
    /// What differs from what the case expects, or a block that is not valid.
    pub fn run(&self, guest: &Aarch64) -> Result<(), String> {
        let (cpu, space) = self.cpu(guest);
        let mut reference = Reference::new(guest, cpu, space);
        for _ in 0..INSNS_MAX {
            reference.step(1).map_err(|problem| format!("{}: {problem}", self.at))?;
            if self.is_over(&reference.cpu) {
                break;
            }
        }
        self.check(guest, &reference.cpu, &reference.space)
    }

    /// Compares a CPU that ran with what the case expects.
    ///
    /// # Errors
    /// Every difference.
    pub fn check(&self, guest: &Aarch64, cpu: &CpuState, space: &AddressSpace) -> Result<(), String> {
        let (mut want, want_space) = self.cpu(guest);
        want.set(PC, self.end());
        if self.after.iter().any(|(place, _)| *place == Place::Exception) {
            let lower = want.get(CURRENT_EL) == 0;
            want.set(PC, VECTORS + if lower { 0x400 } else { 0x200 });
            want.set(ELR_EL1, CODE);
            // What else taking an exception does is the system tests' matter.
            for slot in pstate::SLOTS.iter().chain(&[SPSR_EL1]) {
                want.set(*slot, cpu.get(*slot));
            }
        }
        put(guest, &self.after, &mut want, &want_space);
        let layout = &guest.spec().layout;
        let problems = differences(layout, RAM, (cpu, space), (&want, &want_space));
        if problems.is_empty() {
            return Ok(());
        }
        Err(format!("{}: {}\n    {}", self.at, self.text, problems.join("\n    ")))
    }

    /// Whether the CPU has come to the end of the case.
    pub fn is_over(&self, cpu: &CpuState) -> bool {
        !(CODE..self.end()).contains(&cpu.get(PC))
    }
}

/// Puts values in their places.
fn put(guest: &Aarch64, list: &[(Place, u128)], cpu: &mut CpuState, space: &AddressSpace) {
    for (place, value) in list {
        let low = *value as u64;
        match *place {
            Place::Slot(slot) => {
                cpu.words[slot.index()] = low;
                if guest.spec().layout.info(slot).ty == Type::V128 {
                    cpu.words[slot.index() + 1] = (*value >> 64) as u64;
                }
            }
            Place::Nzcv => {
                for (slot, bit) in [(N, 3), (Z, 2), (C, 1), (V, 0)] {
                    cpu.set(slot, low >> bit & 1);
                }
            }
            Place::Memory { at, bytes } => {
                let value = low & (u64::MAX >> (64 - 8 * u32::from(bytes)));
                space.write(at, bytes, value).expect("a case names memory that is there");
            }
            Place::Exception => cpu.set(SYNDROME, low),
        }
    }
}
