//! Arm PrimeCell serial port PL011 (Arm DDI 0183G).
//!
//! | offset | name  | access | meaning                                         |
//! |--------|-------|--------|-------------------------------------------------|
//! | 0x00   | DR    | rw     | a character received, or to send                |
//! | 0x04   | RSR   | rw     | errors of the last character; a write clears    |
//! | 0x18   | FR    | r      | flags: FIFOs full or empty                      |
//! | 0x20   | ILPR  | rw     | infrared, not modelled                          |
//! | 0x24   | IBRD  | rw     | whole part of the divisor                       |
//! | 0x28   | FBRD  | rw     | 64ths of it                                     |
//! | 0x2c   | LCR_H | rw     | line control: FIFOs, length, parity             |
//! | 0x30   | CR    | rw     | control: enables, loop                          |
//! | 0x34   | IFLS  | rw     | at how many characters the FIFOs interrupt      |
//! | 0x38   | IMSC  | rw     | lets interrupts out                             |
//! | 0x3c   | RIS   | r      | the interrupts                                  |
//! | 0x40   | MIS   | r      | those that may get out                          |
//! | 0x44   | ICR   | w      | takes interrupts back                           |
//! | 0x48   | DMACR | rw     | DMA, not modelled                               |
//! | 0xfe0  | ID    | r      | identification, a byte every four               |
//!
//! An access of any width is one of the register at its offset. A character
//! written to DR is sent at once, so the transmitter is always empty, whatever
//! the line's speed; as QEMU's does, it sends even while CR says that it should
//! not, since early consoles forget to say so. The modem lines are not there.

use crate::primecell::{IDENTIFICATION, PRIMECELL_BYTES, identification};
use crate::refused;
use crate::registry::DeviceInfo;
use bus::{CharPort, CharSink, Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "pl011",
    description: "Arm PrimeCell serial port",
    source: "Arm DDI 0183G, PrimeCell UART (PL011) TRM",
    compatible: &["arm,pl011", "arm,primecell"],
};

/// Depth of the receive FIFO in characters.
const FIFO_CHARS: usize = 16;

mod reg {
    pub const DR: u64 = 0x00;
    pub const RSR: u64 = 0x04;
    pub const FR: u64 = 0x18;
    pub const ILPR: u64 = 0x20;
    pub const IBRD: u64 = 0x24;
    pub const FBRD: u64 = 0x28;
    pub const LCR_H: u64 = 0x2c;
    pub const CR: u64 = 0x30;
    pub const IFLS: u64 = 0x34;
    pub const IMSC: u64 = 0x38;
    pub const RIS: u64 = 0x3c;
    pub const MIS: u64 = 0x40;
    pub const ICR: u64 = 0x44;
    pub const DMACR: u64 = 0x48;
}

mod fr {
    pub const RX_EMPTY: u32 = 1 << 4;
    pub const RX_FULL: u32 = 1 << 6;
    pub const TX_EMPTY: u32 = 1 << 7;
}

mod lcr {
    pub const FIFO_ENABLE: u32 = 1 << 4;
    pub const ALL: u32 = 0xff;
}

mod cr {
    pub const LOOPBACK: u32 = 1 << 7;
    pub const TX_ENABLE: u32 = 1 << 8;
    pub const RX_ENABLE: u32 = 1 << 9;
    pub const ALL: u32 = 0xff87;
}

mod int {
    pub const RX: u32 = 1 << 4;
    pub const TX: u32 = 1 << 5;
    pub const OVERRUN: u32 = 1 << 10;
    pub const ALL: u32 = 0x7ff;
}

const FRACTION_BITS: u32 = 0x3f;
const LEVELS_BITS: u32 = 0x3f;
const DMA_BITS: u32 = 0x7;

/// The overrun bit of a character that is read, and of RSR.
const DR_OVERRUN: u32 = 1 << 11;
const RSR_OVERRUN: u32 = 1 << 3;
/// Half of each FIFO.
const IFLS_RESET: u32 = 0x12;
/// Part 0x011, designer Arm, revision r1p4 as QEMU's.
const PERIPHERAL: [u8; 4] = [0x11, 0x10, 0x14, 0x00];

/// The chip.
pub struct Pl011 {
    state: State,
    irq: IrqLine,
    output: Box<dyn CharSink>,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    received: VecDeque<u8>,
    /// What DR keeps showing after the last character was read.
    last: u8,
    overrun: bool,
    infrared: u8,
    divisor: u16,
    fraction: u8,
    line_control: u32,
    control: u32,
    levels: u32,
    mask: u32,
    raised: u32,
    dma: u32,
}

impl Default for State {
    fn default() -> State {
        State {
            received: VecDeque::new(),
            last: 0,
            overrun: false,
            infrared: 0,
            divisor: 0,
            fraction: 0,
            line_control: 0,
            control: cr::TX_ENABLE | cr::RX_ENABLE,
            levels: IFLS_RESET,
            mask: 0,
            raised: 0,
            dma: 0,
        }
    }
}

impl State {
    fn depth(&self) -> usize {
        if self.line_control & lcr::FIFO_ENABLE != 0 { FIFO_CHARS } else { 1 }
    }

    fn is_reachable(&self) -> bool {
        self.received.len() <= self.depth()
            && u32::from(self.fraction) & !FRACTION_BITS == 0
            && self.line_control & !lcr::ALL == 0
            && self.control & !cr::ALL == 0
            && self.levels & !LEVELS_BITS == 0
            && (self.mask | self.raised) & !int::ALL == 0
            && self.dma & !DMA_BITS == 0
    }

    /// A character arrives; one too many is lost.
    fn push(&mut self, c: u8) {
        if self.received.len() < self.depth() {
            self.received.push_back(c);
            self.raised |= int::RX;
        } else {
            self.overrun = true;
            self.raised |= int::OVERRUN;
        }
    }

    /// The character that DR shows, with its errors. The interrupt goes with the
    /// last one.
    fn pop(&mut self) -> u32 {
        if let Some(c) = self.received.pop_front() {
            self.last = c;
        }
        if self.received.is_empty() {
            self.raised &= !int::RX;
        }
        u32::from(self.last) | if self.overrun { DR_OVERRUN } else { 0 }
    }

    /// Switching the FIFOs on or off empties them.
    fn set_line_control(&mut self, value: u32) {
        if (self.line_control ^ value) & lcr::FIFO_ENABLE != 0 {
            self.received.clear();
        }
        self.line_control = value & lcr::ALL;
    }

    fn flags(&self) -> u32 {
        let bit = |on, bit| if on { bit } else { 0 };
        let received = self.received.len();
        fr::TX_EMPTY | bit(received == 0, fr::RX_EMPTY) | bit(received >= self.depth(), fr::RX_FULL)
    }
}

impl Pl011 {
    /// A port that sends to `output`.
    pub fn new(irq: IrqLine, output: Box<dyn CharSink>) -> Pl011 {
        Pl011 { state: State::default(), irq, output }
    }

    fn send(&mut self, c: u8) {
        if self.state.control & cr::LOOPBACK != 0 {
            self.state.push(c);
        } else {
            self.output.write(&[c]);
        }
        self.state.raised |= int::TX;
    }

    fn update(&self) {
        self.irq.set(self.state.raised & self.state.mask != 0);
    }
}

impl CharPort for Pl011 {
    fn receive(&mut self, chars: &[u8]) -> usize {
        // The loop disconnects the cable.
        let looped = self.state.control & cr::LOOPBACK != 0;
        let room = if looped { 0 } else { self.state.depth() - self.state.received.len() };
        let taken = chars.len().min(room);
        chars.iter().take(taken).for_each(|c| self.state.push(*c));
        self.update();
        taken
    }
}

impl Device for Pl011 {
    fn read(&mut self, offset: u64, _bytes: u8) -> u64 {
        let state = &mut self.state;
        let value = match offset {
            reg::DR => state.pop(),
            reg::RSR if state.overrun => RSR_OVERRUN,
            reg::FR => state.flags(),
            reg::ILPR => state.infrared.into(),
            reg::IBRD => state.divisor.into(),
            reg::FBRD => state.fraction.into(),
            reg::LCR_H => state.line_control,
            reg::CR => state.control,
            reg::IFLS => state.levels,
            reg::IMSC => state.mask,
            reg::RIS => state.raised,
            reg::MIS => state.raised & state.mask,
            reg::DMACR => state.dma,
            IDENTIFICATION..PRIMECELL_BYTES => identification(offset, PERIPHERAL).into(),
            _ => 0,
        };
        self.update();
        value.into()
    }

    fn write(&mut self, offset: u64, _bytes: u8, value: u64) {
        let (state, value) = (&mut self.state, value as u32);
        match offset {
            reg::DR => self.send(value as u8),
            reg::RSR => state.overrun = false,
            reg::ILPR => state.infrared = value as u8,
            reg::IBRD => state.divisor = value as u16,
            reg::FBRD => state.fraction = (value & FRACTION_BITS) as u8,
            reg::LCR_H => state.set_line_control(value),
            reg::CR => state.control = value & cr::ALL,
            reg::IFLS => state.levels = value & LEVELS_BITS,
            reg::IMSC => state.mask = value & int::ALL,
            reg::ICR => state.raised &= !value,
            reg::DMACR => state.dma = value & DMA_BITS,
            _ => (),
        }
        self.update();
    }

    fn reset(&mut self) {
        self.state = State::default();
        self.update();
    }
}

impl Snapshot for Pl011 {
    const KIND: &'static str = "pl011";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        if !state.is_reachable() {
            return Err(refused::<Pl011>("its fields do not fit each other"));
        }
        self.state = state;
        self.irq.restore(self.state.raised & self.state.mask != 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<u8>>>);

    impl CharSink for Seen {
        fn write(&mut self, bytes: &[u8]) {
            self.0.lock().expect("one thread").extend(bytes);
        }
    }

    fn port() -> (Pl011, IrqLine, Seen) {
        let (irq, seen) = (IrqLine::unconnected(), Seen::default());
        (Pl011::new(irq.clone(), Box::new(seen.clone())), irq, seen)
    }

    #[test]
    fn characters_are_sent_at_once_and_interrupt() {
        let (mut port, irq, seen) = port();
        port.write(reg::IMSC, 2, int::TX.into());
        assert!(!irq.level());
        port.write(reg::DR, 1, b'x'.into());
        assert!(irq.level());
        assert_eq!(*seen.0.lock().expect("one thread"), b"x");
        port.write(reg::ICR, 2, int::TX.into());
        assert!(!irq.level());
        assert_eq!(port.read(reg::FR, 2), u64::from(fr::TX_EMPTY | fr::RX_EMPTY));
    }

    #[test]
    fn characters_wait_to_be_read() {
        let (mut port, irq, _) = port();
        port.write(reg::IMSC, 4, int::RX.into());
        assert_eq!(port.receive(b"abc"), 1, "there is no FIFO yet");
        assert_eq!((irq.level(), port.read(reg::DR, 4), irq.level()), (true, u64::from(b'a'), false));
        port.write(reg::LCR_H, 4, 0x70);
        assert_eq!(port.receive(&[b'z'; 20]), 16);
        assert_eq!(port.read(reg::FR, 4), u64::from(fr::TX_EMPTY | fr::RX_FULL));
        (0..16).for_each(|_| assert_eq!(port.read(reg::DR, 4), u64::from(b'z')));
        assert!(!irq.level());
    }

    #[test]
    fn the_loop_overruns_what_nobody_reads() {
        let (mut port, _, seen) = port();
        port.write(reg::CR, 4, u64::from(cr::LOOPBACK));
        port.write(reg::DR, 1, 1);
        port.write(reg::DR, 1, 2);
        assert_eq!((port.receive(b"x"), seen.0.lock().expect("one thread").len()), (0, 0));
        assert_eq!(port.read(reg::DR, 4), u64::from(DR_OVERRUN | 1));
        port.write(reg::RSR, 4, 0);
        assert_eq!((port.read(reg::DR, 4), port.read(reg::RSR, 4)), (1, 0));
    }
}
