//! Directives: data, space, alignment and constants.

use super::expr::unescape;
use super::{Pass, Result1};

/// addi x0, x0, 0.
const NOP: u32 = 0x0000_0013;

/// The same in 16 bits.
const C_NOP: u16 = 0x0001;

/// How many bytes one directive may emit.
const SPACE_MAX_BYTES: u64 = 64 << 20;

impl Pass {
    /// Obeys a directive, which starts with a dot.
    pub fn directive(&mut self, name: &str, list: &[&str]) -> Result1<()> {
        match (name, list) {
            (".byte", _) => self.data(list, 1),
            (".half" | ".short" | ".2byte", _) => self.data(list, 2),
            (".word" | ".long" | ".4byte", _) => self.data(list, 4),
            (".dword" | ".quad" | ".8byte", _) => self.data(list, 8),
            (".ascii", _) => self.strings(list, &[]),
            (".asciz" | ".string", _) => self.strings(list, &[0]),
            (".align" | ".p2align", [power]) => self.align_to_power(power),
            (".balign", [bytes]) => {
                let bytes = self.known_value(bytes)?;
                self.align(bytes)
            }
            (".org", [address]) => self.move_to(address),
            (".space" | ".skip" | ".zero", [bytes]) => self.space(bytes, "0"),
            (".space" | ".skip", [bytes, fill]) => self.space(bytes, fill),
            (".equ" | ".set", [name, value]) => {
                let value = self.known_value(value)?;
                self.define(name, value as u64)
            }
            // There is one section, all symbols are known to the caller, and
            // nothing is compressed or relaxed.
            (".globl" | ".global", _) | (".text", []) | (".option", ["norvc" | "norelax"]) => Ok(()),
            _ => Err(format!("there is no directive `{name}` with {} operands", list.len())),
        }
    }

    /// Values of `bytes` bytes each, signed or not.
    fn data(&mut self, list: &[&str], bytes: u32) -> Result1<()> {
        for text in list {
            let value = self.value(text)?;
            let bits = 8 * bytes;
            let fits = bits == 64 || (-1 << (bits - 1)..1 << bits).contains(&value);
            if self.last && !fits {
                return Err(format!("`{text}` is {value}, which has more than {bits} bits"));
            }
            self.bytes.extend(&value.to_le_bytes()[..bytes as usize]);
        }
        Ok(())
    }

    fn strings(&mut self, list: &[&str], end: &[u8]) -> Result1<()> {
        for text in list {
            let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
            let inner = inner.ok_or_else(|| format!("`{text}` is no string in double quotes"))?;
            let bytes = unescape(inner)?;
            self.bytes.extend(bytes);
            self.bytes.extend(end);
        }
        Ok(())
    }

    fn align_to_power(&mut self, power: &str) -> Result1<()> {
        match self.known_value(power)? {
            power @ 0..=20 => self.align(1 << power),
            power => Err(format!("{power} is no power for an alignment; it has to be from 0 to 20")),
        }
    }

    /// Emits a zero byte and `nop`s of 2 and 4 bytes up to a multiple of
    /// `bytes`.
    fn align(&mut self, bytes: i64) -> Result1<()> {
        let bytes = u64::try_from(bytes).ok().filter(|bytes| bytes.is_power_of_two() && *bytes <= 1 << 20);
        let bytes = bytes.ok_or("an alignment is a power of two up to 1 MiB")?;
        if self.here() & (bytes - 1) & 1 != 0 {
            self.bytes.push(0);
        }
        if self.here() & (bytes - 1) & 2 != 0 {
            self.bytes.extend(C_NOP.to_le_bytes());
        }
        while self.here() & (bytes - 1) != 0 {
            self.bytes.extend(NOP.to_le_bytes());
        }
        Ok(())
    }

    /// Emits zeros up to an address.
    fn move_to(&mut self, address: &str) -> Result1<()> {
        let target = self.known_value(address)? as u64;
        let here = self.here();
        let distance = target.checked_sub(here);
        let distance = distance.ok_or_else(|| format!("`{address}` is {target:#x}, before {here:#x}"))?;
        self.fill(Some(distance), 0)
    }

    fn space(&mut self, bytes: &str, fill: &str) -> Result1<()> {
        let bytes = u64::try_from(self.known_value(bytes)?).ok();
        let fill = self.known_value(fill)? as u8;
        self.fill(bytes, fill)
    }

    fn fill(&mut self, bytes: Option<u64>, fill: u8) -> Result1<()> {
        match bytes {
            Some(bytes) if bytes <= SPACE_MAX_BYTES => {
                self.bytes.resize(self.bytes.len() + bytes as usize, fill);
                Ok(())
            }
            _ => Err(format!("more than {SPACE_MAX_BYTES} bytes, or fewer than none")),
        }
    }
}
