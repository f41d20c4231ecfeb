//! The distributor's registers (IHI 0048B.b, 4.3).

use super::State;
use crate::gic::lines::{Field, Lines, field, map};
use crate::gic::{SGIS, SPI_FIRST};

mod reg {
    pub const CTLR: u64 = 0x000;
    pub const TYPER: u64 = 0x004;
    pub const IIDR: u64 = 0x008;
    pub const SGIR: u64 = 0xf00;
    pub const CPENDSGIR: u64 = 0xf10;
    pub const SPENDSGIR: u64 = 0xf20;
    pub const SPENDSGIR_END: u64 = 0xf30;
    pub const IDENTIFICATION: u64 = 0xfd0;
    pub const END: u64 = 0x1000;
}

/// Implementer Arm (JEP106), revision 0, as QEMU's has it.
const IIDR: u32 = 0x43b;
/// PIDR4 to 7, PIDR0 to 3, CIDR0 to 3 (table 4-2 of Arm DDI 0471B; version 2 in
/// PIDR2).
const IDENTIFICATION: [u8; 12] = [4, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0x0d, 0xf0, 0x05, 0xb1];

/// What reads and writes lead to when a register has a byte for each interrupt.
enum ByteRegister {
    Priority,
    Targets,
    ClearSgi,
    SetSgi,
}

/// The byte register at `offset` and its interrupt, if the access is one of
/// whole bytes of it.
fn byte_register(offset: u64, bytes: u8) -> Option<(ByteRegister, usize)> {
    if !matches!(bytes, 1 | 4) || !offset.is_multiple_of(u64::from(bytes)) {
        return None;
    }
    let (register, base) = match offset {
        map::PRIORITY..map::TARGETS => (ByteRegister::Priority, map::PRIORITY),
        map::TARGETS..map::CONFIG => (ByteRegister::Targets, map::TARGETS),
        reg::CPENDSGIR..reg::SPENDSGIR => (ByteRegister::ClearSgi, reg::CPENDSGIR),
        reg::SPENDSGIR..reg::SPENDSGIR_END => (ByteRegister::SetSgi, reg::SPENDSGIR),
        _ => return None,
    };
    Some((register, (offset - base) as usize))
}

impl State {
    pub(super) fn read_distributor(&mut self, cpu: usize, offset: u64, bytes: u8) -> u64 {
        if let Some((register, first)) = byte_register(offset, bytes) {
            let byte = |i: usize| u64::from(self.read_byte(cpu, &register, first + i));
            return (0..usize::from(bytes)).rev().fold(0, |value, i| value << 8 | byte(i));
        }
        if !crate::is_word(offset, bytes) {
            return 0;
        }
        if let Some((field, word)) = field(offset) {
            return self.lines(cpu, word).map_or(0, |lines| lines.read(field)).into();
        }
        let value = match offset {
            reg::CTLR => self.control,
            reg::TYPER => self.spis.len() as u32 | (self.cpus.len() as u32 - 1) << 5,
            reg::IIDR => IIDR,
            map::CONFIG..map::CONFIG_END => {
                let index = ((offset - map::CONFIG) / 4) as usize;
                self.lines(cpu, index / 2).map_or(0, |lines| lines.read_config(index % 2))
            }
            reg::IDENTIFICATION..reg::END => {
                IDENTIFICATION[((offset - reg::IDENTIFICATION) / 4) as usize].into()
            }
            _ => 0,
        };
        value.into()
    }

    pub(super) fn write_distributor(&mut self, cpu: usize, offset: u64, bytes: u8, value: u64) {
        if let Some((register, first)) = byte_register(offset, bytes) {
            for i in 0..usize::from(bytes) {
                self.write_byte(cpu, &register, first + i, (value >> (8 * i)) as u8);
            }
            return;
        }
        if !crate::is_word(offset, bytes) {
            return;
        }
        let value = value as u32;
        if let Some((field, word)) = field(offset) {
            self.write_field(cpu, field, word, value);
            return;
        }
        match offset {
            reg::CTLR => self.control = value & 3,
            map::CONFIG..map::CONFIG_END => {
                let index = ((offset - map::CONFIG) / 4) as usize;
                // SGIs are edges for ever.
                if index != 0
                    && let Some(lines) = self.word_mut(cpu, index / 2)
                {
                    lines.write_config(index % 2, value);
                }
            }
            reg::SGIR => self.send(cpu, value),
            _ => (),
        }
    }

    fn write_field(&mut self, cpu: usize, field: Field, word: usize, value: u32) {
        // SGIs are always enabled, and become pending by registers of their own.
        let fixed =
            matches!(field, Field::SetEnable | Field::ClearEnable | Field::SetPending | Field::ClearPending);
        let value = if word == 0 && fixed { value & !Lines::SGI_MASK } else { value };
        if let Some(lines) = self.word_mut(cpu, word) {
            lines.write(field, value);
        }
    }

    /// Interrupts 32·`word` and on as CPU `cpu` sees them.
    fn lines(&self, cpu: usize, word: usize) -> Option<&Lines> {
        match word.checked_sub(1) {
            None => Some(&self.cpus[cpu].lines),
            Some(word) => self.spis.get(word).map(|spis| &spis.lines),
        }
    }

    fn word_mut(&mut self, cpu: usize, word: usize) -> Option<&mut Lines> {
        self.lines_mut(cpu, 32 * word as u32)
    }

    fn read_byte(&self, cpu: usize, register: &ByteRegister, intid: usize) -> u8 {
        let (word, bit) = (intid / 32, intid % 32);
        match register {
            ByteRegister::Priority => self.lines(cpu, word).map_or(0, |lines| lines.priority[bit]),
            // With one CPU there is no choice to show (4.3.12).
            ByteRegister::Targets if self.cpus.len() == 1 => 0,
            ByteRegister::Targets if intid < SPI_FIRST as usize => 1 << cpu,
            ByteRegister::Targets => self.spis.get(word - 1).map_or(0, |spis| spis.targets[bit]),
            ByteRegister::ClearSgi | ByteRegister::SetSgi => self.cpus[cpu].senders[intid],
        }
    }

    fn write_byte(&mut self, cpu: usize, register: &ByteRegister, intid: usize, value: u8) {
        let (word, bit) = (intid / 32, intid % 32);
        let existing = u8::MAX >> (super::CPUS_MAX - self.cpus.len());
        match register {
            ByteRegister::Priority => {
                if let Some(lines) = self.word_mut(cpu, word) {
                    lines.priority[bit] = value;
                }
            }
            ByteRegister::Targets if self.cpus.len() == 1 || word == 0 => (),
            ByteRegister::Targets => {
                if let Some(spis) = self.spis.get_mut(word - 1) {
                    spis.targets[bit] = value & existing;
                }
            }
            ByteRegister::ClearSgi => {
                let senders = self.cpus[cpu].senders[intid] & !value;
                self.set_senders(cpu, intid, senders);
            }
            ByteRegister::SetSgi => {
                let senders = self.cpus[cpu].senders[intid] | value & existing;
                self.set_senders(cpu, intid, senders);
            }
        }
    }

    /// SGI `intid` of CPU `cpu` is pending from `senders`.
    pub(super) fn set_senders(&mut self, cpu: usize, intid: usize, senders: u8) {
        let state = &mut self.cpus[cpu];
        state.senders[intid] = senders;
        let mask = 1 << intid;
        let latched = state.lines.latched;
        state.lines.latched = if senders == 0 { latched & !mask } else { latched | mask };
    }

    /// A write to SGIR: CPU `cpu` interrupts others (4.3.15).
    fn send(&mut self, cpu: usize, value: u32) {
        let intid = value as usize % SGIS as usize;
        let targets = match value >> 24 & 3 {
            0 => value >> 16 & 0xff,
            1 => !(1 << cpu),
            2 => 1 << cpu,
            _ => 0,
        };
        for target in (0..self.cpus.len()).filter(|target| targets >> target & 1 != 0) {
            let senders = self.cpus[target].senders[intid] | 1 << cpu;
            self.set_senders(target, intid, senders);
        }
    }
}
