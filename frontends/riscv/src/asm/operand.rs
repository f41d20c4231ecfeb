//! Operands of an instruction: from text to bits.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::syntax::{F_ABI, Operand, ROUNDING_MODES, X_ABI};
use crate::{Op, csr};

use super::{Pass, Result1};

/// Numbers of the control registers by their names.
static CSRS: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let named = |number| Some((csr::name(number)?, u32::from(number)));
    (0..4096).filter_map(named).collect()
});

impl Pass {
    /// `op` with `operand` as `text` says.
    pub fn operand(&self, op: Op, operand: Operand, text: &str) -> Result1<Op> {
        Ok(match operand {
            Operand::X(low) => op.with_register(low, x_register(text)?),
            Operand::F(low) => op.with_register(low, f_register(text)?),
            Operand::FTwice => op.with_rs1(f_register(text)?).with_rs2(f_register(text)?),
            Operand::Imm => op.with_imm_i(self.in_range(text, -2048, 2047)?),
            Operand::Upper => op.with_imm_u(self.in_range(text, 0, 0xf_ffff)? << 12),
            Operand::Branch => op.with_imm_b(self.distance(text, 1 << 12)?),
            Operand::Jump => op.with_imm_j(self.distance(text, 1 << 20)?),
            Operand::Shamt(bits) => op.with_shamt(self.in_range(text, 0, (1 << bits) - 1)? | op.bits(25, 20)),
            Operand::MemoryI => {
                let (offset, base) = self.memory(text)?;
                op.with_imm_i(offset).with_rs1(base)
            }
            Operand::MemoryS => {
                let (offset, base) = self.memory(text)?;
                op.with_imm_s(offset).with_rs1(base)
            }
            Operand::Prefetch => self.prefetch(op, text)?,
            Operand::Address => self.address(op, text)?,
            Operand::Rounding => op.with_rm(rounding_mode(text)?),
            Operand::Predecessors => Op(op.0 | fence_set(text)? << 24),
            Operand::Successors => Op(op.0 | fence_set(text)? << 20),
            Operand::Csr => op.with_imm_i(self.csr(text)?),
            Operand::Zimm => op.with_rs1(self.in_range(text, 0, 31)?),
        })
    }

    /// A value from `least` to `greatest`; checked once it is known.
    fn in_range(&self, text: &str, least: i64, greatest: i64) -> Result1<u32> {
        let value = self.value(text)?;
        if self.last && !(least..=greatest).contains(&value) {
            return Err(format!("`{text}` is {value}; it has to be from {least} to {greatest}"));
        }
        Ok(value as u32)
    }

    /// The distance from here to the address `text`, even and below `limit`.
    fn distance(&self, text: &str, limit: i64) -> Result1<u32> {
        let distance = self.value(text)?.wrapping_sub(self.here() as i64);
        if self.last && (distance % 2 != 0 || !(-limit..limit).contains(&distance)) {
            let range = format!("an even distance below {limit}");
            return Err(format!("`{text}` is {distance} bytes from here; it has to be {range}"));
        }
        Ok(distance as u32)
    }

    /// `offset(register)`; the offset may be left out.
    fn memory(&self, text: &str) -> Result1<(u32, u32)> {
        let wrong = || format!("`{text}` is no address of the form offset(register)");
        let (offset, base) = text.strip_suffix(')').and_then(|t| t.rsplit_once('(')).ok_or_else(wrong)?;
        let base = x_register(base.trim())?;
        let offset = if offset.trim().is_empty() { 0 } else { self.in_range(offset, -2048, 2047)? };
        Ok((offset, base))
    }

    fn prefetch(&self, op: Op, text: &str) -> Result1<Op> {
        let (offset, base) = self.memory(text)?;
        if offset % 32 != 0 {
            return Err(format!("the offset of `{text}` has to be a multiple of 32"));
        }
        Ok(op.with_imm_s(offset).with_rs1(base))
    }

    fn address(&self, op: Op, text: &str) -> Result1<Op> {
        match self.memory(text)? {
            (0, base) => Ok(op.with_rs1(base)),
            _ => Err(format!("`{text}` cannot have an offset")),
        }
    }

    /// A control register by name or number.
    fn csr(&self, text: &str) -> Result1<u32> {
        match CSRS.get(text) {
            Some(number) => Ok(*number),
            None => self.in_range(text, 0, 4095),
        }
    }
}

/// An integer register by its ABI name or as `x0` to `x31`; `fp` is `s0`.
pub fn x_register(text: &str) -> Result1<u32> {
    let numbered = || text.strip_prefix('x').and_then(register_number);
    let named = || X_ABI.iter().position(|name| *name == text).map(|n| n as u32);
    let found = numbered().or_else(named).or((text == "fp").then_some(8));
    found.ok_or_else(|| format!("`{text}` is no integer register"))
}

/// A floating-point register by its ABI name or as `f0` to `f31`.
pub fn f_register(text: &str) -> Result1<u32> {
    let numbered = || text.strip_prefix('f').and_then(register_number);
    let named = || F_ABI.iter().position(|name| *name == text).map(|n| n as u32);
    numbered().or_else(named).ok_or_else(|| format!("`{text}` is no floating-point register"))
}

fn register_number(digits: &str) -> Option<u32> {
    digits.parse::<u32>().ok().filter(|n| *n < 32 && digits == n.to_string())
}

fn rounding_mode(text: &str) -> Result1<u32> {
    let found = ROUNDING_MODES.iter().position(|mode| *mode == Some(text));
    found.map(|n| n as u32).ok_or_else(|| format!("`{text}` is no rounding mode"))
}

/// Some of `iorw`, in this order, or 0.
fn fence_set(text: &str) -> Result1<u32> {
    let mut set = 0;
    let mut rest = text;
    for (letter, bit) in [('i', 8), ('o', 4), ('r', 2), ('w', 1)] {
        if let Some(behind) = rest.strip_prefix(letter) {
            (set, rest) = (set | bit, behind);
        }
    }
    if text == "0" || rest.is_empty() && set != 0 {
        Ok(set)
    } else {
        Err(format!("`{text}` is no set of `iorw`"))
    }
}
