//! Disassembly in the GNU notation.

use guest::Row;

use crate::alias::{ALIASES, COMPRESSED};
use crate::decode::{self, Decoded};
use crate::syntax::{self, F_ABI, Operand, ROUNDING_MODES, X_ABI};
use crate::{Op, csr};

/// The instruction at the start of `code`, which lies at `pc`, as text, and
/// its length in bytes; `None` if `code` is too short.
///
/// Pseudo-instructions are used where they fit, and compressed instructions
/// are shown as what they expand to. What cannot be decoded becomes a data
/// directive.
pub fn disassemble(pc: u64, code: &[u8]) -> Option<(String, usize)> {
    let half = |at: usize| Some(u32::from(u16::from_le_bytes([*code.get(at)?, *code.get(at + 1)?])));
    let low = half(0)?;
    if low & 3 != 3 {
        return Some((text(pc, low).unwrap_or_else(|| format!(".2byte {low:#x}")), 2));
    }
    let word = low | half(2)? << 16;
    Some((text(pc, word).unwrap_or_else(|| format!(".4byte {word:#x}")), 4))
}

/// The instruction `word` (of 16 or 32 bits) at `pc`, under the name that fits
/// best; `None` if it cannot be decoded.
pub fn text(pc: u64, word: u32) -> Option<String> {
    let found = decode::decode(word)?;
    let compressed: &[Row<()>] = if word & 3 == 3 { &[] } else { COMPRESSED };
    let fits = |row: &&Row<()>| row.pattern.matches(u64::from(found.op.0)) && tied(row, found.op);
    let alias = compressed.iter().chain(ALIASES).find(fits);
    Some(match alias {
        Some(alias) => written(alias.name.to_owned(), &syntax::operands(alias), pc, found.op),
        None => plain(&found, pc),
    })
}

/// The same under the name of its row; compressed instructions expanded.
pub fn text_without_aliases(pc: u64, word: u32) -> Option<String> {
    Some(plain(&decode::decode(word)?, pc))
}

/// Whether registers are the same where the row says so.
fn tied(row: &Row<()>, op: Op) -> bool {
    !syntax::operands(row).contains(&Operand::FTwice) || op.rs1() == op.rs2()
}

fn plain(found: &Decoded, pc: u64) -> String {
    let mut name = found.row.name.to_owned();
    if found.row.bits.contains("ar") {
        name += match (found.op.aq(), found.op.rl()) {
            (false, false) => "",
            (true, false) => ".aq",
            (false, true) => ".rl",
            (true, true) => ".aqrl",
        };
    }
    written(name, &syntax::operands(found.row), pc, found.op)
}

fn written(name: String, operands: &[Operand], pc: u64, op: Op) -> String {
    let texts: Vec<String> = operands.iter().filter_map(|operand| operand_text(*operand, pc, op)).collect();
    if texts.is_empty() { name } else { format!("{name} {}", texts.join(",")) }
}

/// `None` if the operand is left out.
fn operand_text(operand: Operand, pc: u64, op: Op) -> Option<String> {
    let x = |low| X_ABI[op.bits(low + 4, low) as usize];
    let f = |low| F_ABI[op.bits(low + 4, low) as usize].to_owned();
    Some(match operand {
        Operand::X(low) => x(low).to_owned(),
        Operand::F(low) => f(low),
        Operand::FTwice => f(15),
        Operand::Imm => (op.imm_i() as i64).to_string(),
        Operand::Upper => format!("{:#x}", op.bits(31, 12)),
        Operand::Branch => format!("{:#x}", pc.wrapping_add(op.imm_b())),
        Operand::Jump => format!("{:#x}", pc.wrapping_add(op.imm_j())),
        Operand::Shamt(bits) => format!("{:#x}", op.bits(19 + bits, 20)),
        Operand::MemoryI => format!("{}({})", op.imm_i() as i64, x(15)),
        Operand::MemoryS => format!("{}({})", op.imm_s() as i64, x(15)),
        Operand::Prefetch => format!("{}({})", op.imm_s() as i64 & !31, x(15)),
        Operand::Address => format!("({})", x(15)),
        Operand::Rounding => return rounding(op),
        Operand::Predecessors => fence_set(op.bits(27, 24)),
        Operand::Successors => fence_set(op.bits(23, 20)),
        Operand::Csr => csr::name(op.csr() as u16).unwrap_or_else(|| format!("{:#x}", op.csr())),
        Operand::Zimm => op.zimm().to_string(),
    })
}

/// The rounding mode, unless it is the one that is usual and left out.
fn rounding(op: Op) -> Option<String> {
    if op.rm() == usual_rounding(op) {
        return None;
    }
    Some(match ROUNDING_MODES[op.rm() as usize] {
        Some(name) => name.to_owned(),
        None => format!("{}", op.rm()),
    })
}

/// The mode that is left out: dyn, but rne for conversions that never round,
/// as the manual recommends for them ("F", "Floating-Point Control and Status
/// Register").
pub fn usual_rounding(op: Op) -> u32 {
    // fcvt.d.s, fcvt.d.w and fcvt.d.wu, by funct7 and rs2.
    let exact = matches!((op.bits(31, 25), op.rs2()), (0b0100001, 0) | (0b1101001, 0 | 1));
    if exact && op.opcode() == 0b1010011 { 0 } else { 7 }
}

/// The sets of a fence: input, output, reads, writes.
fn fence_set(bits: u32) -> String {
    if bits == 0 {
        return "0".to_owned();
    }
    let letters = [(8, 'i'), (4, 'o'), (2, 'r'), (1, 'w')];
    letters.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, letter)| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // As GNU objdump 2.40 shows them.
    #[test]
    fn instructions_look_as_in_the_gnu_notation() {
        let cases = [
            (0xff5f_f06f, "j 0xff4"),
            (0x0080_00ef, "jal 0x1008"),
            (0x0080_056f, "jal a0,0x1008"),
            (0x0045_00e7, "jalr 4(a0)"),
            (0x0005_05e7, "jalr a1,a0"),
            (0x0000_8067, "ret"),
            (0x0ff0_000f, "fence"),
            (0x0310_000f, "fence rw,w"),
            (0x8330_000f, "fence.tso"),
            (0x1605_a52f, "lr.w.aqrl a0,(a1)"),
            (0x02b6_352f, "amoadd.d.rl a0,a1,(a2)"),
            (0x00c5_9553, "fadd.s fa0,fa1,fa2,rtz"),
            (0x00c5_f553, "fadd.s fa0,fa1,fa2"),
            (0xd205_0553, "fcvt.d.w fa0,a0"),
            (0x20b5_8553, "fmv.s fa0,fa1"),
            (0x20c5_8553, "fsgnj.s fa0,fa1,fa2"),
            (0x3000_2573, "csrr a0,mstatus"),
            (0x0215_6013, "prefetch.r 32(a0)"),
            (0x0045_200f, "cbo.zero (a0)"),
            (0x8000_0537, "lui a0,0x80000"),
            (0xfe11_3c23, "sd ra,-8(sp)"),
            (0x850a, "mv a0,sp"),
            (0x8082, "ret"),
            (0x1141, "addi sp,sp,-16"),
        ];
        for (word, expected) in cases {
            assert_eq!(text(0x1000, word).as_deref(), Some(expected), "{word:#x}");
        }
    }

    #[test]
    fn what_is_no_instruction_is_data() {
        assert_eq!(disassemble(0, &[0, 0]), Some((".2byte 0x0".to_owned(), 2)));
        assert_eq!(disassemble(0, &[0xff; 4]), Some((".4byte 0xffffffff".to_owned(), 4)));
        assert_eq!(disassemble(0, &[0x93, 0]), None);
        assert_eq!(disassemble(0, &[1]), None);
    }
}
