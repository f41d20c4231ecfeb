//! The distributor's registers (IHI 0069H, 12.9). With affinity routing on, it
//! has nothing for SGIs and PPIs.

use super::{Spis, State};
use crate::gic::SPI_FIRST;
use crate::gic::lines::{Field, field, map};

mod reg {
    pub const CTLR: u64 = 0x0000;
    pub const TYPER: u64 = 0x0004;
    pub const IIDR: u64 = 0x0008;
    pub const IROUTER: u64 = 0x6000;
    pub const IROUTER_END: u64 = 0x8000;
    pub const IDENTIFICATION: u64 = 0xffd0;
    pub const END: u64 = 0x1_0000;
}

mod ctlr {
    /// Affinity routing is on, for good.
    pub const ARE: u32 = 1 << 4;
    /// There is one security state.
    pub const DS: u32 = 1 << 6;
}

mod typer {
    /// Numbers of interrupts have 16 bits.
    pub const ID_BITS: u32 = 0xf << 19;
    /// Aff3 counts.
    pub const A3V: u32 = 1 << 24;
    /// An SPI goes to one CPU that is named, never to any of several.
    pub const NO_1_OF_N: u32 = 1 << 25;
}

/// Implementer Arm (JEP106), as QEMU's has it.
pub const IIDR: u32 = 0x43b;
/// PIDR0 of a distributor.
const PIDR0: u8 = 0x92;
/// Aff3 and Aff2 to Aff0 of a route.
pub const ROUTE_MASK: u64 = 0xff_00ff_ffff;

/// PIDR4 to 7, PIDR0 to 3 and CIDR0 to 3 of a part whose PIDR0 is `pidr0`
/// (12.9.18 and on), by `offset` from the first. PIDR2 tells version 3.
pub fn identification(offset: u64, pidr0: u8) -> u32 {
    let bytes = [0x44, 0, 0, 0, pidr0, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1];
    bytes.get((offset / 4) as usize).copied().unwrap_or(0).into()
}

impl State {
    pub(super) fn read_distributor(&mut self, offset: u64, bytes: u8) -> u64 {
        if let Some((spi, part)) = route(offset, bytes) {
            let spis = spi.and_then(|spi| Some(self.spis.get(spi / 32)?.routes[spi % 32]));
            return spis.map_or(0, |route| route >> part);
        }
        if let Some((spi, bytes)) = priority(offset, bytes) {
            let spis =
                spi.and_then(|spi| Some(self.spis.get(spi / 32)?.lines.read_priority(spi % 32, bytes)));
            return spis.unwrap_or(0);
        }
        if !crate::is_word(offset, bytes) {
            return 0;
        }
        if let Some((field, word)) = field(offset) {
            return self.word(word).map_or(0, |spis| spis.lines.read(field)).into();
        }
        let value = match offset {
            reg::CTLR => self.control | ctlr::ARE | ctlr::DS,
            reg::TYPER => self.spis.len() as u32 | typer::ID_BITS | typer::A3V | typer::NO_1_OF_N,
            reg::IIDR => IIDR,
            map::CONFIG..map::CONFIG_END => {
                let index = ((offset - map::CONFIG) / 4) as usize;
                self.word(index / 2).map_or(0, |spis| spis.lines.read_config(index % 2))
            }
            reg::IDENTIFICATION..reg::END => identification(offset - reg::IDENTIFICATION, PIDR0),
            _ => 0,
        };
        value.into()
    }

    pub(super) fn write_distributor(&mut self, offset: u64, bytes: u8, value: u64) {
        if let Some((spi, part)) = route(offset, bytes) {
            if let Some(spi) = spi
                && let Some(spis) = self.spis.get_mut(spi / 32)
            {
                let old = spis.routes[spi % 32];
                let new = if bytes == 8 { value } else { crate::replace_half(old, part / 8, value) };
                spis.routes[spi % 32] = new & ROUTE_MASK;
            }
            return;
        }
        if let Some((spi, bytes)) = priority(offset, bytes) {
            if let Some(spi) = spi
                && let Some(spis) = self.spis.get_mut(spi / 32)
            {
                spis.lines.write_priority(spi % 32, bytes, value);
            }
            return;
        }
        if !crate::is_word(offset, bytes) {
            return;
        }
        let value = value as u32;
        if let Some((field, word)) = field(offset) {
            self.write_field(field, word, value);
            return;
        }
        match offset {
            reg::CTLR => self.control = value & 3,
            map::CONFIG..map::CONFIG_END => {
                let index = ((offset - map::CONFIG) / 4) as usize;
                if let Some(spis) = self.word_mut(index / 2) {
                    spis.lines.write_config(index % 2, value);
                }
            }
            _ => (),
        }
    }

    fn write_field(&mut self, field: Field, word: usize, value: u32) {
        if let Some(spis) = self.word_mut(word) {
            spis.lines.write(field, value);
        }
    }

    fn word(&self, word: usize) -> Option<&Spis> {
        self.spis.get(word.checked_sub(1)?)
    }

    fn word_mut(&mut self, word: usize) -> Option<&mut Spis> {
        self.spis.get_mut(word.checked_sub(1)?)
    }
}

/// The SPI whose route an access concerns, if it is one that has any, and where
/// in the route it begins, in bits.
fn route(offset: u64, bytes: u8) -> Option<(Option<usize>, u64)> {
    let at = offset.checked_sub(reg::IROUTER).filter(|_| offset < reg::IROUTER_END)?;
    if !matches!(bytes, 4 | 8) || !offset.is_multiple_of(u64::from(bytes)) {
        return None;
    }
    Some(((at as usize / 8).checked_sub(SPI_FIRST as usize), 8 * (at % 8)))
}

/// The first SPI whose priority an access concerns, if it is one that has any,
/// and how many.
fn priority(offset: u64, bytes: u8) -> Option<(Option<usize>, u8)> {
    let at = offset.checked_sub(map::PRIORITY).filter(|_| offset < map::TARGETS)?;
    if !matches!(bytes, 1 | 4) || !offset.is_multiple_of(u64::from(bytes)) {
        return None;
    }
    Some(((at as usize).checked_sub(SPI_FIRST as usize), bytes))
}
