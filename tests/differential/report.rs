//! What a mismatch looks like to the reader: the instruction that is to blame,
//! what it was given, and both results.

use std::fmt::Write;

use riscv::disasm::disassemble;
use riscv::syntax::{F_ABI, X_ABI};

use crate::compare::{HARTS, run_ours};
use crate::generate::Case;
use crate::layout::{Outcome, slot};
use crate::qemu::Qemu;

/// A report on `case`, for which hart number `hart` differs from QEMU.
pub fn report(qemu: &Qemu, case: &Case, hart: usize) -> Result<String, String> {
    let prefixes: Vec<Case> = (0..=case.units.len()).map(|units| case.prefix(units)).collect();
    let (ours, theirs) = (run_ours(&prefixes, &mut |_| ()), qemu.run(&prefixes)?);
    let ours = &ours.outcomes[hart];
    let mut text = format!("case {:#x} on {}:\n", case.seed, HARTS[hart]);
    let Some(units) = (0..prefixes.len()).find(|units| ours[*units] != theirs[*units]) else {
        text += "    no prefix of it differs, only the whole among others\n";
        text += &listing(case, 0, None);
        return Ok(text);
    };
    text += &listing(&prefixes[units], units, units.checked_sub(1));
    for difference in ours[units].differences(&theirs[units]) {
        let _ = writeln!(text, "    {difference}");
    }
    if let Some(last) = units.checked_sub(1) {
        text += &alone(qemu, case, hart, last, &theirs[last])?;
    }
    Ok(text)
}

/// Whether the unit differs by itself, from the state that QEMU has there.
fn alone(qemu: &Qemu, case: &Case, hart: usize, unit: usize, before: &Outcome) -> Result<String, String> {
    let alone = [case.alone(unit, before.context.clone(), before.scratch.clone())];
    let (ours, theirs) = (run_ours(&alone, &mut |_| ()), qemu.run(&alone)?);
    let differs = ours.outcomes[hart] != theirs;
    let mut text = format!("    {} when it runs alone; before it:\n", if differs { "so" } else { "not so" });
    let written = listing(&alone[0], 0, None);
    let context = &before.context;
    let registers = X_ABI.iter().zip(context.x).chain(F_ABI.iter().zip(context.f));
    for (name, value) in registers.chain([(&"fcsr", context.fcsr)]) {
        let words = written.split(|c: char| !c.is_ascii_alphanumeric());
        if *name == "fcsr" || words.into_iter().any(|word| word == *name) {
            let _ = writeln!(text, "        {name} = {value:#x}");
        }
    }
    Ok(text)
}

/// The code of a case in slot `index`; the unit `marked` with an arrow.
fn listing(case: &Case, index: usize, marked: Option<usize>) -> String {
    let mut text = String::new();
    let mut pc = slot(index);
    for (unit, code) in case.units.iter().enumerate() {
        let arrow = if marked == Some(unit) { "->" } else { "  " };
        let mut rest = code.as_slice();
        while let Some((line, bytes)) = disassemble(pc, rest) {
            let hex: String = rest[..bytes].iter().rev().map(|byte| format!("{byte:02x}")).collect();
            let _ = writeln!(text, "  {arrow} {pc:x}: {hex:>8}  {line}");
            pc += bytes as u64;
            rest = &rest[bytes..];
        }
    }
    text
}
