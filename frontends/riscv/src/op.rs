//! Fields of a 32-bit instruction.
//!
//! Source: RISC-V Unprivileged ISA (20240411), §2.2 and §2.3, figures of the
//! base and immediate formats.

/// A 32-bit instruction word, or a compressed one's expansion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Op(pub u32);

impl Op {
    /// Bits `high` to `low`, moved down to bit 0.
    pub const fn bits(self, high: u32, low: u32) -> u32 {
        self.0 << (31 - high) >> (31 - high + low)
    }

    /// Bits `high` to `low`, the highest being the sign.
    const fn signed(self, high: u32, low: u32) -> i64 {
        ((self.0 << (31 - high)) as i32 >> (31 - high + low)) as i64
    }

    /// Major opcode, 7 bits.
    pub const fn opcode(self) -> u32 {
        self.bits(6, 0)
    }

    /// Destination register.
    pub const fn rd(self) -> u32 {
        self.bits(11, 7)
    }

    /// Minor opcode, 3 bits.
    pub const fn funct3(self) -> u32 {
        self.bits(14, 12)
    }

    /// First source register.
    pub const fn rs1(self) -> u32 {
        self.bits(19, 15)
    }

    /// Second source register.
    pub const fn rs2(self) -> u32 {
        self.bits(24, 20)
    }

    /// Third source register (R4 format).
    pub const fn rs3(self) -> u32 {
        self.bits(31, 27)
    }

    /// I-type immediate, sign-extended: −2048 to 2047.
    pub const fn imm_i(self) -> u64 {
        self.signed(31, 20) as u64
    }

    /// S-type immediate, sign-extended: −2048 to 2047.
    pub const fn imm_s(self) -> u64 {
        (self.signed(31, 25) << 5) as u64 | self.bits(11, 7) as u64
    }

    /// B-type immediate, sign-extended: even, ±4 KiB.
    pub const fn imm_b(self) -> u64 {
        (self.signed(31, 31) << 12) as u64
            | (self.bits(7, 7) << 11 | self.bits(30, 25) << 5 | self.bits(11, 8) << 1) as u64
    }

    /// U-type immediate, sign-extended: a multiple of 4096.
    pub const fn imm_u(self) -> u64 {
        (self.signed(31, 12) << 12) as u64
    }

    /// J-type immediate, sign-extended: even, ±1 MiB.
    pub const fn imm_j(self) -> u64 {
        (self.signed(31, 31) << 20) as u64
            | (self.bits(19, 12) << 12 | self.bits(20, 20) << 11 | self.bits(30, 21) << 1) as u64
    }

    /// Shift amount of a 64-bit shift, 0 to 63.
    pub const fn shamt(self) -> u64 {
        self.bits(25, 20) as u64
    }

    /// CSR number, 12 bits.
    pub const fn csr(self) -> u32 {
        self.bits(31, 20)
    }

    /// Immediate of the CSR instructions, 0 to 31.
    pub const fn zimm(self) -> u64 {
        self.rs1() as u64
    }

    /// Rounding mode: 0 to 4 static, 7 dynamic, 5 and 6 reserved.
    pub const fn rm(self) -> u32 {
        self.funct3()
    }

    /// The acquire bit of an atomic instruction.
    pub const fn aq(self) -> bool {
        self.bits(26, 26) != 0
    }

    /// The release bit of an atomic instruction.
    pub const fn rl(self) -> bool {
        self.bits(25, 25) != 0
    }

    /// With `value`'s low bits at bits `high` to `low`.
    const fn with(self, high: u32, low: u32, value: u32) -> Op {
        let mask = (u32::MAX << (31 - high)) >> (31 - high + low) << low;
        Op(self.0 & !mask | value << low & mask)
    }

    /// With a register in the five bits from `low` up.
    pub const fn with_register(self, low: u32, register: u32) -> Op {
        self.with(low + 4, low, register)
    }

    /// With a destination register.
    pub const fn with_rd(self, rd: u32) -> Op {
        self.with(11, 7, rd)
    }

    /// With a rounding mode.
    pub const fn with_rm(self, rm: u32) -> Op {
        self.with(14, 12, rm)
    }

    /// With a first source register.
    pub const fn with_rs1(self, rs1: u32) -> Op {
        self.with(19, 15, rs1)
    }

    /// With a second source register.
    pub const fn with_rs2(self, rs2: u32) -> Op {
        self.with(24, 20, rs2)
    }

    /// With a third source register.
    pub const fn with_rs3(self, rs3: u32) -> Op {
        self.with(31, 27, rs3)
    }

    /// With acquire and release bits.
    pub const fn with_aq_rl(self, aq: bool, rl: bool) -> Op {
        self.with(26, 26, aq as u32).with(25, 25, rl as u32)
    }

    /// With a 6-bit shift amount.
    pub const fn with_shamt(self, shamt: u32) -> Op {
        self.with(25, 20, shamt)
    }

    /// With an I-type immediate or a CSR number.
    pub const fn with_imm_i(self, imm: u32) -> Op {
        self.with(31, 20, imm)
    }

    /// With an S-type immediate.
    pub const fn with_imm_s(self, imm: u32) -> Op {
        self.with(31, 25, imm >> 5).with(11, 7, imm)
    }

    /// With a B-type immediate.
    pub const fn with_imm_b(self, imm: u32) -> Op {
        self.with(31, 31, imm >> 12).with(7, 7, imm >> 11).with(30, 25, imm >> 5).with(11, 8, imm >> 1)
    }

    /// With a U-type immediate, of which the low 12 bits are dropped.
    pub const fn with_imm_u(self, imm: u32) -> Op {
        self.with(31, 12, imm >> 12)
    }

    /// With a J-type immediate.
    pub const fn with_imm_j(self, imm: u32) -> Op {
        self.with(31, 31, imm >> 20).with(19, 12, imm >> 12).with(20, 20, imm >> 11).with(30, 21, imm >> 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Words and operands as GNU objdump 2.44 shows them.
    #[test]
    fn immediates_are_sign_extended() {
        assert_eq!(Op(0xfff5_0513).imm_i() as i64, -1); // addi a0,a0,-1
        assert_eq!(Op(0xfea4_2e23).imm_s() as i64, -4); // sw a0,-4(s0)
        assert_eq!(Op(0xfe00_0ee3).imm_b() as i64, -4); // beqz zero,.-4
        assert_eq!(Op(0x8000_0537).imm_u(), 0xffff_ffff_8000_0000); // lui a0,0x80000
        assert_eq!(Op(0xffdf_f0ef).imm_j() as i64, -4); // jal .-4
        assert_eq!(Op(0x7fe0_00ef).imm_j(), 0x7fe); // jal .+0x7fe
        assert_eq!(Op(0x0010_00ef).imm_j(), 0x800); // jal .+0x800
    }

    #[test]
    fn fields_come_back_as_they_were_put() {
        for imm in [-4096i64, -2050, -2, 0, 2, 30, 2046, 2048, 4094] {
            assert_eq!(Op(0).with_imm_b(imm as u32).imm_b() as i64, imm);
        }
        for imm in [-1_048_576i64, -4096, -2050, -2, 0, 2046, 2048, 4094, 1_048_574] {
            assert_eq!(Op(u32::MAX).with_imm_j(imm as u32).imm_j() as i64, imm);
        }
        for imm in [-2048i64, -33, -1, 0, 31, 32, 2047] {
            assert_eq!(Op(0).with_imm_i(imm as u32).imm_i() as i64, imm);
            assert_eq!(Op(u32::MAX).with_imm_s(imm as u32).imm_s() as i64, imm);
        }
        let op = Op(0x33).with_rd(31).with_rs1(1).with_rs2(2).with_rs3(3).with_rm(7);
        assert_eq!((op.rd(), op.rs1(), op.rs2(), op.rs3(), op.rm(), op.opcode()), (31, 1, 2, 3, 7, 0x33));
    }
}
