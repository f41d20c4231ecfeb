//! Instructions under other names: the pseudo-instructions that stand for one
//! instruction.
//!
//! Source: RISC-V Unprivileged ISA (20240411), chapter 36 (assembly
//! programmer's handbook), tables of pseudoinstructions.

use guest::{Row, row};

/// Names that the disassembler prefers; of several that fit, the first. Letters
/// as in the instructions' rows; a letter in two fields wants the same register
/// in both.
#[rustfmt::skip]
pub const ALIASES: &[Row<()>] = &[
    row("nop",    "000000000000 00000 000 00000 0010011", ()),
    row("li",     "iiiiiiiiiiii 00000 000 ddddd 0010011", ()),
    row("mv",     "000000000000 sssss 000 ddddd 0010011", ()),
    row("not",    "111111111111 sssss 100 ddddd 0010011", ()),
    row("zext.b", "000011111111 sssss 111 ddddd 0010011", ()),
    row("seqz",   "000000000001 sssss 011 ddddd 0010011", ()),
    row("sext.w", "000000000000 sssss 000 ddddd 0011011", ()),
    row("neg",    "0100000 ttttt 00000 000 ddddd 0110011", ()),
    row("negw",   "0100000 ttttt 00000 000 ddddd 0111011", ()),
    row("zext.w", "0000100 00000 sssss 000 ddddd 0111011", ()),
    row("snez",   "0000000 ttttt 00000 011 ddddd 0110011", ()),
    row("sltz",   "0000000 00000 sssss 010 ddddd 0110011", ()),
    row("sgtz",   "0000000 ttttt 00000 010 ddddd 0110011", ()),

    row("beqz",   "iiiiiii 00000 sssss 000 iiiii 1100011", ()),
    row("bnez",   "iiiiiii 00000 sssss 001 iiiii 1100011", ()),
    row("blez",   "iiiiiii ttttt 00000 101 iiiii 1100011", ()),
    row("bgez",   "iiiiiii 00000 sssss 101 iiiii 1100011", ()),
    row("bltz",   "iiiiiii 00000 sssss 100 iiiii 1100011", ()),
    row("bgtz",   "iiiiiii ttttt 00000 100 iiiii 1100011", ()),

    row("j",      "iiiiiiiiiiiiiiiiiiii 00000 1101111", ()),
    row("jal",    "iiiiiiiiiiiiiiiiiiii 00001 1101111", ()),
    row("ret",    "000000000000 00001 000 00000 1100111", ()),
    row("jr",     "000000000000 sssss 000 00000 1100111", ()),
    row("jr",     "iiiiiiiiiiii sssss 000 00000 1100111", ()),
    row("jalr",   "000000000000 sssss 000 00001 1100111", ()),
    row("jalr",   "iiiiiiiiiiii sssss 000 00001 1100111", ()),
    row("jalr",   "000000000000 sssss 000 ddddd 1100111", ()),

    row("fmv.s",  "0010000 SSSSS SSSSS 000 DDDDD 1010011", ()),
    row("fneg.s", "0010000 SSSSS SSSSS 001 DDDDD 1010011", ()),
    row("fabs.s", "0010000 SSSSS SSSSS 010 DDDDD 1010011", ()),
    row("fmv.d",  "0010001 SSSSS SSSSS 000 DDDDD 1010011", ()),
    row("fneg.d", "0010001 SSSSS SSSSS 001 DDDDD 1010011", ()),
    row("fabs.d", "0010001 SSSSS SSSSS 010 DDDDD 1010011", ()),

    row("frcsr",     "000000000011 00000 010 ddddd 1110011", ()),
    row("fscsr",     "000000000011 sssss 001 00000 1110011", ()),
    row("fscsr",     "000000000011 sssss 001 ddddd 1110011", ()),
    row("frrm",      "000000000010 00000 010 ddddd 1110011", ()),
    row("fsrm",      "000000000010 sssss 001 00000 1110011", ()),
    row("fsrm",      "000000000010 sssss 001 ddddd 1110011", ()),
    row("frflags",   "000000000001 00000 010 ddddd 1110011", ()),
    row("fsflags",   "000000000001 sssss 001 00000 1110011", ()),
    row("fsflags",   "000000000001 sssss 001 ddddd 1110011", ()),
    row("rdcycle",   "110000000000 00000 010 ddddd 1110011", ()),
    row("rdtime",    "110000000001 00000 010 ddddd 1110011", ()),
    row("rdinstret", "110000000010 00000 010 ddddd 1110011", ()),
    row("unimp",     "110000000000 00000 001 00000 1110011", ()),
    row("csrr",      "cccccccccccc 00000 010 ddddd 1110011", ()),
    row("csrw",      "cccccccccccc sssss 001 00000 1110011", ()),
    row("csrs",      "cccccccccccc sssss 010 00000 1110011", ()),
    row("csrc",      "cccccccccccc sssss 011 00000 1110011", ()),
    row("csrwi",     "cccccccccccc iiiii 101 00000 1110011", ()),
    row("csrsi",     "cccccccccccc iiiii 110 00000 1110011", ()),
    row("csrci",     "cccccccccccc iiiii 111 00000 1110011", ()),

    row("fence",      "0000 1111 1111 00000 000 00000 0001111", ()),
    row("sfence.vma", "0001001 00000 00000 000 00000 1110011", ()),
    row("sfence.vma", "0001001 00000 sssss 000 00000 1110011", ()),
    row("sinval.vma", "0001011 00000 00000 000 00000 1110011", ()),
    row("sinval.vma", "0001011 00000 sssss 000 00000 1110011", ()),
];

/// Names that the disassembler prefers for expansions of compressed
/// instructions.
pub const COMPRESSED: &[Row<()>] = &[row("mv", "0000000 ttttt 00000 000 ddddd 0110011", ())];

/// Names that only the assembler knows: operands the other way round.
#[rustfmt::skip]
pub const SWAPPED: &[Row<()>] = &[
    row("bgt",  "iiiiiii sssss ttttt 100 iiiii 1100011", ()),
    row("ble",  "iiiiiii sssss ttttt 101 iiiii 1100011", ()),
    row("bgtu", "iiiiiii sssss ttttt 110 iiiii 1100011", ()),
    row("bleu", "iiiiiii sssss ttttt 111 iiiii 1100011", ()),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::SETS;

    #[test]
    fn every_alias_is_a_special_case_of_a_row() {
        let rows: Vec<_> = SETS.iter().flat_map(|set| set.rows).collect();
        for alias in ALIASES.iter().chain(COMPRESSED).chain(SWAPPED) {
            let p = alias.pattern;
            let covers = |q: guest::Pattern| q.overlaps(&p) && q.mask & p.mask == q.mask;
            assert!(rows.iter().any(|row| covers(row.pattern)), "{} {}", alias.name, alias.bits);
        }
    }
}
