//! Data processing.

use ir::Type::{self, I32, I64};

use super::text::{CONDITIONS, EXTENSIONS, SHIFTS, join, reg, reg_sp};
use crate::Op;
use crate::base::bit_mask;
use crate::decode::Decoded;

/// The text of an instruction of these groups.
pub fn text(found: &Decoded, pc: u64, op: Op) -> Option<String> {
    let name = found.row.name;
    Some(match found.set.name {
        "PC-rel. addressing" => {
            let offset = op.signed(23, 5) << 2 | u64::from(op.bits(30, 29));
            let at = if name == "adr" {
                pc.wrapping_add(offset)
            } else {
                (pc & !0xfff).wrapping_add(offset << 12)
            };
            join(name, &[reg(I64, op.rd()), format!("{at:#x}")])
        }
        "add/subtract (immediate)" => add_sub_immediate(name, op),
        "logical (immediate)" => logical_immediate(name, op)?,
        "move wide (immediate)" => move_wide(name, op),
        "bitfield" => bitfield(name, op),
        "extract" => extract(op),
        "logical (shifted register)" => logical_shifted(name, op),
        "add/subtract (shifted register)" => add_sub_shifted(name, op),
        "add/subtract (extended register)" => add_sub_extended(name, op),
        "add/subtract (with carry)" => with_carry(name, op),
        "conditional compare (register)" | "conditional compare (immediate)" => conditional_compare(name, op),
        "conditional select" => conditional_select(name, op),
        "data-processing (1 source)" if !found.row.name.contains("pac") && !name.starts_with("aut") => {
            join(name, &[reg(op.sf(), op.rd()), reg(op.sf(), op.rn())])
        }
        "data-processing (2 source)" if name != "pacga" => two_source(name, op),
        "data-processing (3 source)" => three_source(name, op),
        _ => return None,
    })
}

/// The name that is used when the result is dropped.
fn comparison(name: &str) -> &'static str {
    match name {
        "adds" => "cmn",
        "subs" => "cmp",
        _ => "tst",
    }
}

fn add_sub_immediate(name: &str, op: Op) -> String {
    let ty = op.sf();
    let flags = name.ends_with('s');
    let (d, n) = (if flags { reg(ty, op.rd()) } else { reg_sp(ty, op.rd()) }, reg_sp(ty, op.rn()));
    if name == "add" && op.bits(22, 10) == 0 && (op.rd() == 31 || op.rn() == 31) {
        return join("mov", &[d, n]);
    }
    let mut operands = vec![d, n, format!("#{:#x}", op.imm12())];
    if op.bit(22) {
        operands.push("lsl #12".to_owned());
    }
    if flags && op.rd() == 31 { join(comparison(name), &operands[1..]) } else { join(name, &operands) }
}

fn logical_immediate(name: &str, op: Op) -> Option<String> {
    let ty = op.sf();
    let mask = bit_mask(op.bit(22), op.imms(), op.immr(), ty)?;
    let immediate = format!("#{mask:#x}");
    let d = if name == "ands" { reg(ty, op.rd()) } else { reg_sp(ty, op.rd()) };
    Some(match (name, op.rd(), op.rn()) {
        ("ands", 31, _) => join("tst", &[reg(ty, op.rn()), immediate]),
        ("orr", d_number, 31) if d_number == 31 || !is_wide_move(mask, ty) => join("mov", &[d, immediate]),
        _ => join(name, &[d, reg(ty, op.rn()), immediate]),
    })
}

/// Whether a move wide gives the value, too, and so has the name.
fn is_wide_move(value: u64, ty: Type) -> bool {
    let halves = |value: u64| (0..ty.bits()).step_by(16).filter(|at| value >> at & 0xffff != 0).count();
    halves(value) <= 1 || halves(!value) <= 1
}

fn move_wide(name: &str, op: Op) -> String {
    let (ty, shift) = (op.sf(), 16 * op.bits(22, 21));
    let d = reg(ty, op.rd());
    let shifted_zero = op.imm16() == 0 && shift != 0;
    let value = match name {
        "movz" if !shifted_zero => Some(op.imm16() << shift),
        "movn" if !shifted_zero && (ty == I64 || op.imm16() != 0xffff) => {
            Some(!(op.imm16() << shift) & ty.mask())
        }
        _ => None,
    };
    if let Some(value) = value {
        return join("mov", &[d, format!("#{value:#x}")]);
    }
    let mut operands = vec![d, format!("#{:#x}", op.imm16())];
    if shift != 0 {
        operands.push(format!("lsl #{shift}"));
    }
    join(name, &operands)
}

fn bitfield(name: &str, op: Op) -> String {
    let (ty, immr, imms) = (op.sf(), op.immr(), op.imms());
    let (width, d, n) = (ty.bits(), reg(ty, op.rd()), reg(ty, op.rn()));
    let inserted = imms < immr;
    let numbers = if inserted { [width - immr, imms + 1] } else { [immr, (imms + 1).saturating_sub(immr)] };
    let two = |name: &str| {
        join(name, &[d.clone(), n.clone(), format!("#{}", numbers[0]), format!("#{}", numbers[1])])
    };
    let one = |name: &str, number: u32| join(name, &[d.clone(), n.clone(), format!("#{number}")]);
    let extended = |name: &str| join(name, &[d.clone(), reg(I32, op.rn())]);
    match (name, immr, imms) {
        ("ubfm", 0, 7) if ty == I32 => extended("uxtb"),
        ("ubfm", 0, 15) if ty == I32 => extended("uxth"),
        ("ubfm", ..) if imms + 1 == immr => one("lsl", width - immr),
        ("ubfm", ..) if imms == width - 1 => one("lsr", immr),
        ("ubfm", ..) => two(if inserted { "ubfiz" } else { "ubfx" }),
        ("sbfm", 0, 7) => extended("sxtb"),
        ("sbfm", 0, 15) => extended("sxth"),
        ("sbfm", 0, 31) if ty == I64 => extended("sxtw"),
        ("sbfm", ..) if imms == width - 1 => one("asr", immr),
        ("sbfm", ..) => two(if inserted { "sbfiz" } else { "sbfx" }),
        _ if inserted && op.rn() == 31 => {
            join("bfc", &[d, format!("#{}", numbers[0]), format!("#{}", numbers[1])])
        }
        _ => two(if inserted { "bfi" } else { "bfxil" }),
    }
}

fn extract(op: Op) -> String {
    let (ty, amount) = (op.sf(), format!("#{}", op.imms()));
    let (d, n, m) = (reg(ty, op.rd()), reg(ty, op.rn()), reg(ty, op.rm()));
    if op.rn() == op.rm() { join("ror", &[d, n, amount]) } else { join("extr", &[d, n, m, amount]) }
}

/// Rm, and how it is shifted if it is.
fn shifted(op: Op) -> Vec<String> {
    let mut operands = vec![reg(op.sf(), op.rm())];
    if op.bits(23, 22) != 0 || op.imm6() != 0 {
        operands.push(format!("{} #{}", SHIFTS[op.bits(23, 22) as usize], op.imm6()));
    }
    operands
}

fn logical_shifted(name: &str, op: Op) -> String {
    let (d, n) = (reg(op.sf(), op.rd()), reg(op.sf(), op.rn()));
    let plain = op.bits(23, 22) == 0 && op.imm6() == 0;
    match (name, op.rd(), op.rn()) {
        ("orr", _, 31) if plain => join("mov", &[d, reg(op.sf(), op.rm())]),
        ("orn", _, 31) => join("mvn", &[vec![d], shifted(op)].concat()),
        ("ands", 31, _) => join("tst", &[vec![n], shifted(op)].concat()),
        _ => join(name, &[vec![d, n], shifted(op)].concat()),
    }
}

fn add_sub_shifted(name: &str, op: Op) -> String {
    let (d, n) = (reg(op.sf(), op.rd()), reg(op.sf(), op.rn()));
    match (name, op.rd(), op.rn()) {
        ("adds" | "subs", 31, _) => join(comparison(name), &[vec![n], shifted(op)].concat()),
        ("sub", _, 31) => join("neg", &[vec![d], shifted(op)].concat()),
        ("subs", _, 31) => join("negs", &[vec![d], shifted(op)].concat()),
        _ => join(name, &[vec![d, n], shifted(op)].concat()),
    }
}

fn add_sub_extended(name: &str, op: Op) -> String {
    let (ty, option, shift) = (op.sf(), op.bits(15, 13), op.bits(12, 10));
    let flags = name.ends_with('s');
    let d = if flags { reg(ty, op.rd()) } else { reg_sp(ty, op.rd()) };
    let mut operands = vec![d, reg_sp(ty, op.rn()), reg(if option & 3 == 3 { ty } else { I32 }, op.rm())];
    let whole = option == if ty == I64 { 3 } else { 2 };
    let with_sp = op.rn() == 31 || op.rd() == 31 && !flags;
    match (whole && with_sp, shift) {
        (true, 0) => (),
        (true, _) => operands.push(format!("lsl #{shift}")),
        (false, 0) => operands.push(EXTENSIONS[option as usize].to_owned()),
        (false, _) => operands.push(format!("{} #{shift}", EXTENSIONS[option as usize])),
    }
    if flags && op.rd() == 31 { join(comparison(name), &operands[1..]) } else { join(name, &operands) }
}

fn with_carry(name: &str, op: Op) -> String {
    let [d, n, m] = [op.rd(), op.rn(), op.rm()].map(|register| reg(op.sf(), register));
    match (name, op.rn()) {
        ("sbc", 31) => join("ngc", &[d, m]),
        ("sbcs", 31) => join("ngcs", &[d, m]),
        _ => join(name, &[d, n, m]),
    }
}

fn conditional_compare(name: &str, op: Op) -> String {
    let second = if op.bit(11) { format!("#{:#x}", op.rm()) } else { reg(op.sf(), op.rm()) };
    let condition = CONDITIONS[op.cond() as usize].to_owned();
    join(name, &[reg(op.sf(), op.rn()), second, format!("#{:#x}", op.bits(3, 0)), condition])
}

fn conditional_select(name: &str, op: Op) -> String {
    let [d, n, m] = [op.rd(), op.rn(), op.rm()].map(|register| reg(op.sf(), register));
    let condition = CONDITIONS[op.cond() as usize].to_owned();
    let inverse = CONDITIONS[op.cond() as usize ^ 1].to_owned();
    let alike = op.rn() == op.rm() && op.cond() < 14;
    match (name, op.rn()) {
        ("csinc", 31) if alike => join("cset", &[d, inverse]),
        ("csinv", 31) if alike => join("csetm", &[d, inverse]),
        ("csinc", _) if alike => join("cinc", &[d, n, inverse]),
        ("csinv", _) if alike => join("cinv", &[d, n, inverse]),
        ("csneg", _) if alike => join("cneg", &[d, n, inverse]),
        _ => join(name, &[d, n, m, condition]),
    }
}

fn two_source(name: &str, op: Op) -> String {
    if let Some(size) = name.strip_prefix("crc32") {
        let ty = if size.ends_with('x') { I64 } else { I32 };
        return join(name, &[reg(I32, op.rd()), reg(I32, op.rn()), reg(ty, op.rm())]);
    }
    let name = if matches!(name, "lslv" | "lsrv" | "asrv" | "rorv") { &name[..3] } else { name };
    join(name, &[op.rd(), op.rn(), op.rm()].map(|register| reg(op.sf(), register)))
}

fn three_source(name: &str, op: Op) -> String {
    let from = if name.ends_with('l') { I32 } else { op.sf() };
    let d = reg(op.sf(), op.rd());
    let (n, m) = (reg(from, op.rn()), reg(from, op.rm()));
    let alias = match name {
        "madd" => "mul",
        "msub" => "mneg",
        "smaddl" => "smull",
        "smsubl" => "smnegl",
        "umaddl" => "umull",
        "umsubl" => "umnegl",
        _ => return join(name, &[d, n, m]),
    };
    if op.ra() == 31 { join(alias, &[d, n, m]) } else { join(name, &[d, n, m, reg(op.sf(), op.ra())]) }
}
