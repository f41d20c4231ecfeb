//! Pseudo-instructions that stand for several instructions.

use crate::Op;
use crate::decode::by_name;

use super::operand::x_register;
use super::{Pass, Result1};

/// ra and t1, which calls use.
const RA: u32 = 1;
const T1: u32 = 6;

impl Pass {
    /// Emits `name` if it is one of these; says whether it is.
    pub fn pseudo(&mut self, name: &str, list: &[&str]) -> Result1<bool> {
        match (name, list) {
            ("li", [rd, value]) => {
                let (rd, value) = (x_register(rd)?, self.known_value(value)?);
                self.load_immediate(rd, value)?;
            }
            ("la" | "lla", [rd, symbol]) => {
                let rd = x_register(rd)?;
                let (upper, lower) = self.pc_relative(symbol)?;
                self.emit(base("auipc")?.with_rd(rd).with_imm_u(upper));
                self.emit(base("addi")?.with_rd(rd).with_rs1(rd).with_imm_i(lower));
            }
            ("call", [symbol]) => self.far_jump(RA, RA, symbol)?,
            ("tail", [symbol]) => self.far_jump(T1, 0, symbol)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn emit(&mut self, op: Op) {
        self.bytes.extend(op.0.to_le_bytes());
    }

    /// Jumps to `symbol`, however far it is within ±2 GiB, through `scratch`;
    /// `link` gets the return address.
    fn far_jump(&mut self, scratch: u32, link: u32, symbol: &str) -> Result1<()> {
        let (upper, lower) = self.pc_relative(symbol)?;
        self.emit(base("auipc")?.with_rd(scratch).with_imm_u(upper));
        self.emit(base("jalr")?.with_rd(link).with_rs1(scratch).with_imm_i(lower));
        Ok(())
    }

    /// The distance from here to `symbol` as immediates of auipc and of an
    /// instruction that adds its own, which is signed.
    fn pc_relative(&self, symbol: &str) -> Result1<(u32, u32)> {
        let distance = self.value(symbol)?.wrapping_sub(self.here() as i64);
        let upper = distance.wrapping_add(0x800) & !0xfff;
        if self.last && upper != i64::from(upper as i32) {
            return Err(format!("`{symbol}` is {distance} bytes from here, more than 2 GiB"));
        }
        Ok((upper as u32, distance as u32))
    }

    /// Makes `value` in `rd`: 32 bits by lui and addiw, longer ones from their
    /// upper part, a shift and an addition.
    fn load_immediate(&mut self, rd: u32, value: i64) -> Result1<()> {
        let lower = (value << 52) >> 52;
        let upper = value.wrapping_sub(lower);
        if value == lower {
            self.emit(base("addi")?.with_rd(rd).with_imm_i(value as u32));
        } else if value == i64::from(value as i32) {
            self.emit(base("lui")?.with_rd(rd).with_imm_u(upper as u32));
            if lower != 0 {
                self.emit(base("addiw")?.with_rd(rd).with_rs1(rd).with_imm_i(lower as u32));
            }
        } else {
            let shift = upper.trailing_zeros();
            self.load_immediate(rd, upper >> shift)?;
            self.emit(base("slli")?.with_rd(rd).with_rs1(rd).with_shamt(shift));
            if lower != 0 {
                self.emit(base("addi")?.with_rd(rd).with_rs1(rd).with_imm_i(lower as u32));
            }
        }
        Ok(())
    }
}

/// The instruction called `name`, with all its fields zero.
fn base(name: &str) -> Result1<Op> {
    let row = by_name(name).ok_or_else(|| format!("there is no instruction `{name}`"))?;
    Ok(Op(row.pattern.value as u32))
}
