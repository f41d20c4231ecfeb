//! How an instruction is written: its operands, read off its row.
//!
//! A row's letters say which fields it has and in which bits; the major opcode
//! says how assemblers write them. So one bit string feeds decoder,
//! disassembler and assembler. The notation is the GNU assembler's.

use guest::Row;

/// ABI names of the integer registers (RISC-V ABIs Specification 1.0, integer
/// register convention).
#[rustfmt::skip]
pub const X_ABI: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
    "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
];

/// ABI names of the floating-point registers (the same, floating-point
/// register convention).
#[rustfmt::skip]
pub const F_ABI: [&str; 32] = [
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",
    "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
];

/// Names of the rounding modes by their numbers; the reserved ones have none.
pub const ROUNDING_MODES: [Option<&str>; 8] =
    [Some("rne"), Some("rtz"), Some("rdn"), Some("rup"), Some("rmm"), None, None, Some("dyn")];

/// One operand, and where it goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// An integer register, in the five bits from this one up.
    X(u32),
    /// A floating-point register, in the five bits from this one up.
    F(u32),
    /// A floating-point register that is both rs1 and rs2.
    FTwice,
    /// A signed 12-bit immediate (I-type).
    Imm,
    /// A 20-bit immediate, the upper bits of a constant (U-type).
    Upper,
    /// The target of a branch (B-type).
    Branch,
    /// The target of a jump (J-type).
    Jump,
    /// A shift amount or bit number of so many bits.
    Shamt(u32),
    /// `imm(rs1)` with an I-type immediate.
    MemoryI,
    /// `imm(rs1)` with an S-type immediate.
    MemoryS,
    /// `imm(rs1)` with an S-type immediate whose low five bits are zero.
    Prefetch,
    /// `(rs1)`.
    Address,
    /// A rounding mode; `dyn` may be left out.
    Rounding,
    /// The predecessor set of a fence.
    Predecessors,
    /// The successor set of a fence.
    Successors,
    /// A control register.
    Csr,
    /// An unsigned 5-bit immediate in the place of rs1.
    Zimm,
}

/// Major opcodes whose operands are written in a form of their own.
mod opcode {
    pub const LOAD: u64 = 0b0000011;
    pub const LOAD_FP: u64 = 0b0000111;
    pub const MISC_MEM: u64 = 0b0001111;
    pub const OP_IMM: u64 = 0b0010011;
    pub const STORE: u64 = 0b0100011;
    pub const STORE_FP: u64 = 0b0100111;
    pub const AMO: u64 = 0b0101111;
    pub const AUIPC: u64 = 0b0010111;
    pub const LUI: u64 = 0b0110111;
    pub const BRANCH: u64 = 0b1100011;
    pub const JALR: u64 = 0b1100111;
    pub const JAL: u64 = 0b1101111;
    pub const SYSTEM: u64 = 0b1110011;
}

/// The letters of a 32-bit row and where they stand.
struct Letters<'a>(&'a str);

impl Letters<'_> {
    /// The lowest bit of the highest run of `letter`.
    fn low(&self, letter: char) -> Option<u32> {
        let bits: Vec<char> = self.0.chars().filter(|c| *c != ' ').collect();
        let first = bits.iter().position(|c| *c == letter)?;
        let run = bits[first..].iter().take_while(|c| **c == letter).count();
        // A letter in two neighbouring fields is a run of both.
        Some((bits.len() - first - run) as u32)
    }

    fn has(&self, letter: char) -> bool {
        self.0.contains(letter)
    }

    fn count(&self, letter: char) -> u32 {
        self.0.matches(letter).count() as u32
    }
}

/// The operands of a 32-bit row, in the order in which they are written.
pub fn operands<F: Copy>(row: &Row<F>) -> Vec<Operand> {
    let letters = Letters(row.bits);
    let x = |letter| letters.low(letter).map(Operand::X);
    let when = |operand, letter| letters.has(letter).then_some(operand);
    let list = match row.pattern.value & 0x7f {
        opcode::LUI | opcode::AUIPC => vec![x('d'), when(Operand::Upper, 'i')],
        opcode::JAL => vec![x('d'), when(Operand::Jump, 'i')],
        opcode::JALR if letters.has('i') => vec![x('d'), Some(Operand::MemoryI)],
        opcode::BRANCH => vec![x('s'), x('t'), Some(Operand::Branch)],
        opcode::LOAD | opcode::LOAD_FP => vec![x('d'), float(&letters, 'D'), Some(Operand::MemoryI)],
        opcode::STORE | opcode::STORE_FP => vec![x('t'), float(&letters, 'T'), Some(Operand::MemoryS)],
        opcode::AMO => vec![x('d'), x('t'), Some(Operand::Address)],
        opcode::MISC_MEM if letters.has('p') => vec![Some(Operand::Predecessors), Some(Operand::Successors)],
        opcode::MISC_MEM if letters.has('d') => vec![],
        opcode::MISC_MEM => vec![when(Operand::Address, 's')],
        opcode::OP_IMM if letters.has('i') && !letters.has('d') => vec![Some(Operand::Prefetch)],
        opcode::SYSTEM => vec![x('d'), when(Operand::Csr, 'c'), x('s'), x('t'), when(Operand::Zimm, 'i')],
        _ => arithmetic(&letters),
    };
    list.into_iter().flatten().collect()
}

/// The floating-point register in the place of `letter`.
fn float(letters: &Letters<'_>, letter: char) -> Option<Operand> {
    match letters.count(letter) {
        10 => Some(Operand::FTwice),
        _ => letters.low(letter).map(Operand::F),
    }
}

/// Destination, sources, immediate, rounding mode.
fn arithmetic(letters: &Letters<'_>) -> Vec<Option<Operand>> {
    let x = |letter| letters.low(letter).map(Operand::X);
    let when = |operand, letter| letters.has(letter).then_some(operand);
    vec![
        x('d'),
        float(letters, 'D'),
        x('s'),
        float(letters, 'S'),
        x('t'),
        float(letters, 'T'),
        float(letters, 'R'),
        when(Operand::Imm, 'i'),
        when(Operand::Shamt(letters.count('h')), 'h'),
        when(Operand::Rounding, 'm'),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use guest::row;

    #[test]
    fn operands_are_read_off_the_letters() {
        use Operand::*;
        let of = |bits| operands(&row("", bits, ()));
        assert_eq!(of("iiiiiiiiiiii sssss 000 ddddd 0010011"), [X(7), X(15), Imm]);
        assert_eq!(of("000000 hhhhhh sssss 001 ddddd 0010011"), [X(7), X(15), Shamt(6)]);
        assert_eq!(of("iiiiiii TTTTT sssss 010 iiiii 0100111"), [F(20), MemoryS]);
        assert_eq!(of("RRRRR00 TTTTT SSSSS mmm DDDDD 1000011"), [F(7), F(15), F(20), F(27), Rounding]);
        assert_eq!(of("0010000 SSSSS SSSSS 000 DDDDD 1010011"), [F(7), FTwice]);
        assert_eq!(of("iiiiiii sssss ttttt 100 iiiii 1100011"), [X(20), X(15), Branch]);
        assert_eq!(of("cccccccccccc iiiii 101 ddddd 1110011"), [X(7), Csr, Zimm]);
        assert_eq!(of("000000000100 sssss 010 00000 0001111"), [Address]);
    }
}
