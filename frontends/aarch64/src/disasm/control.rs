//! Branches, exceptions, hints, barriers and System instructions.

use ir::Type::{self, I64};

use super::text::{CONDITIONS, join, reg, reg_sp};
use crate::Op;
use crate::decode::Decoded;

/// Domains and accesses of barriers, in the order of their numbers.
const BARRIERS: [&str; 16] = [
    "#0x00", "oshld", "oshst", "osh", "#0x04", "nshld", "nshst", "nsh", "#0x08", "ishld", "ishst", "ish",
    "#0x0c", "ld", "st", "sy",
];

/// The text of an instruction of these groups.
pub fn text(found: &Decoded, pc: u64, op: Op) -> Option<String> {
    let name = found.row.name;
    let address = |offset: u64| format!("{:#x}", pc.wrapping_add(offset << 2));
    let immediate = || format!("#{:#x}", op.imm16());
    Some(match name {
        "udf" => format!("udf #{}", op.0 & 0xffff),
        "b" | "bl" => join(name, &[address(op.signed(25, 0))]),
        "b.cond" => format!("b.{} {}", CONDITIONS[op.bits(3, 0) as usize], address(op.signed(23, 5))),
        "cbz" | "cbnz" => join(name, &[reg(op.sf(), op.rt()), address(op.signed(23, 5))]),
        "tbz" | "tbnz" => {
            let (ty, bit) = (op.sf(), op.bits(31, 31) << 5 | op.bits(23, 19));
            join(name, &[reg(ty, op.rt()), format!("#{bit}"), address(op.signed(18, 5))])
        }
        "ret" if op.rn() == 30 => "ret".to_owned(),
        "br" | "blr" | "ret" => join(name, &[reg(I64, op.rn())]),
        "svc" | "hvc" | "smc" | "brk" | "hlt" => join(name, &[immediate()]),
        "hint" => format!("hint #{:#x}", op.bits(11, 5)),
        "psb" | "tsb" => format!("{name} csync"),
        "bti" => ["bti", "bti c", "bti j", "bti jc"][op.bits(7, 6) as usize].to_owned(),
        "clrex" | "isb" if op.bits(11, 8) == 15 => name.to_owned(),
        "clrex" | "isb" => format!("{name} #{:#x}", op.bits(11, 8)),
        "dsb" if op.bits(11, 8) == 0 => "ssbb".to_owned(),
        "dsb" if op.bits(11, 8) == 4 => "pssbb".to_owned(),
        "dsb" | "dmb" => format!("{name} {}", BARRIERS[op.bits(11, 8) as usize]),
        "dc zva" => format!("dc zva, {}", reg(I64, op.rt())),
        _ => return pointer(name, op),
    })
}

/// Pointer authentication.
fn pointer(name: &str, op: Op) -> Option<String> {
    let (d, n) = (reg(I64, op.rd()), reg_sp(I64, op.rn()));
    Some(match name {
        "braaz" | "brabz" | "blraaz" | "blrabz" => join(name, &[reg(I64, op.rn())]),
        "braa" | "brab" | "blraa" | "blrab" => join(name, &[reg(I64, op.rn()), reg_sp(I64, op.rd())]),
        "pacia" | "pacib" | "pacda" | "pacdb" | "autia" | "autib" | "autda" | "autdb" => join(name, &[d, n]),
        "pacga" => join(name, &[d, reg(I64, op.rn()), reg_sp(Type::I64, op.rm())]),
        _ if name.starts_with("paciz") || name.starts_with("pacdz") => join(name, &[d]),
        _ if name.starts_with("autiz") || name.starts_with("autdz") => join(name, &[d]),
        "xpaci" | "xpacd" => join(name, &[d]),
        "rmif" => {
            let (shift, mask) = (op.bits(20, 15), op.bits(3, 0));
            join(name, &[reg(I64, op.rn()), format!("#{shift}"), format!("#{mask}")])
        }
        "setf8" | "setf16" => join(name, &[reg(Type::I32, op.rn())]),
        _ => return None,
    })
}
