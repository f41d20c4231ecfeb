//! 16550A serial port (National Semiconductor PC16550D data sheet, June 1995;
//! Linux binding `ns16550a`).
//!
//! | offset | read             | write            | with LCR.DLAB set   |
//! |--------|------------------|------------------|---------------------|
//! | 0      | RBR received     | THR to send      | DLL divisor 7:0     |
//! | 1      | IER              | IER              | DLM divisor 15:8    |
//! | 2      | IIR interrupt id | FCR FIFO control |                     |
//! | 3      | LCR line control | LCR              |                     |
//! | 4      | MCR modem control| MCR              |                     |
//! | 5      | LSR line status  |                  |                     |
//! | 6      | MSR modem status |                  |                     |
//! | 7      | SCR scratch      | SCR              |                     |
//!
//! An access of any width is one of the register at its offset. A byte written
//! to THR is sent at once, so the transmitter is always empty. The other end of
//! the cable is always there: CTS, DSR and DCD are on.

use crate::refused;
use crate::registry::DeviceInfo;
use bus::{CharPort, CharSink, Clock, Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "ns16550",
    description: "16550A serial port",
    source: "National Semiconductor PC16550D data sheet, June 1995",
    compatible: &["ns16550a"],
};

/// The input clock QEMU's `virt` machine states in its device tree, in hertz.
pub const INPUT_HZ: u32 = 3_686_400;

/// Depth of the receive FIFO in characters.
const FIFO_CHARS: usize = 16;
/// Receive trigger levels by FCR bits 7:6 (data sheet 8.6.4).
const TRIGGERS: [usize; 4] = [1, 4, 8, 14];
/// The divisor at power-on, 19,200 baud; firmware sets its own.
const DIVISOR_AT_RESET: u16 = 12;

mod reg {
    pub const DATA: u64 = 0;
    pub const IER: u64 = 1;
    pub const IIR_FCR: u64 = 2;
    pub const LCR: u64 = 3;
    pub const MCR: u64 = 4;
    pub const LSR: u64 = 5;
    pub const MSR: u64 = 6;
    pub const SCR: u64 = 7;
}

mod ier {
    pub const RECEIVED: u8 = 1 << 0;
    pub const TRANSMITTER_EMPTY: u8 = 1 << 1;
    pub const LINE_STATUS: u8 = 1 << 2;
    pub const MODEM_STATUS: u8 = 1 << 3;
    pub const ALL: u8 = 0x0f;
}

mod fcr {
    pub const ENABLE: u8 = 1 << 0;
    pub const CLEAR_RECEIVER: u8 = 1 << 1;
    pub const CLEAR_TRANSMITTER: u8 = 1 << 2;
    pub const TRIGGER_SHIFT: u32 = 6;
}

mod lcr {
    pub const CHAR_BITS: u8 = 0x03;
    pub const TWO_STOP: u8 = 1 << 2;
    pub const PARITY: u8 = 1 << 3;
    pub const DLAB: u8 = 1 << 7;
}

mod mcr {
    pub const DTR: u8 = 1 << 0;
    pub const RTS: u8 = 1 << 1;
    pub const OUT1: u8 = 1 << 2;
    pub const OUT2: u8 = 1 << 3;
    pub const LOOPBACK: u8 = 1 << 4;
    pub const ALL: u8 = 0x1f;
}

mod lsr {
    pub const DATA_READY: u8 = 1 << 0;
    pub const OVERRUN: u8 = 1 << 1;
    pub const THR_EMPTY: u8 = 1 << 5;
    pub const TRANSMITTER_EMPTY: u8 = 1 << 6;
}

mod msr {
    pub const DELTA_CTS: u8 = 1 << 0;
    pub const DELTA_DSR: u8 = 1 << 1;
    pub const TRAILING_RI: u8 = 1 << 2;
    pub const DELTA_DCD: u8 = 1 << 3;
    pub const DELTAS: u8 = 0x0f;
    pub const CTS: u8 = 1 << 4;
    pub const DSR: u8 = 1 << 5;
    pub const RI: u8 = 1 << 6;
    pub const DCD: u8 = 1 << 7;
}

/// Interrupt sources as IIR bits 3:0 name them, highest priority first (data
/// sheet table IV).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    LineStatus = 0b0110,
    Received = 0b0100,
    Timeout = 0b1100,
    TransmitterEmpty = 0b0010,
    ModemStatus = 0b0000,
}

/// IIR bits 3:0 when nothing is pending.
const NO_SOURCE: u8 = 0b0001;
/// IIR bits 7:6 while the FIFOs are on.
const IIR_FIFO: u8 = 0xc0;

/// The chip.
pub struct Ns16550 {
    state: State,
    input_hz: u32,
    clock: Clock,
    irq: IrqLine,
    output: Box<dyn CharSink>,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    received: VecDeque<u8>,
    /// What RBR keeps showing after its character was read.
    last: u8,
    overrun: bool,
    /// When the character timeout falls due, in nanoseconds.
    timeout_ns: Option<u64>,
    timed_out: bool,
    /// The transmitter-empty interrupt has not been seen yet.
    sent: bool,
    fifo: bool,
    /// FCR bits 7:6.
    trigger: u8,
    ier: u8,
    lcr: u8,
    mcr: u8,
    modem_deltas: u8,
    scratch: u8,
    divisor: u16,
}

impl Default for State {
    /// After power-on (data sheet table III).
    fn default() -> State {
        State {
            received: VecDeque::new(),
            last: 0,
            overrun: false,
            timeout_ns: None,
            timed_out: false,
            sent: false,
            fifo: false,
            trigger: 0,
            ier: 0,
            lcr: 0,
            mcr: 0,
            modem_deltas: 0,
            scratch: 0,
            divisor: DIVISOR_AT_RESET,
        }
    }
}

impl Ns16550 {
    /// A port whose input clock runs at `input_hz` (see [`INPUT_HZ`]) and that
    /// sends to `output`.
    pub fn new(input_hz: u32, clock: Clock, irq: IrqLine, output: Box<dyn CharSink>) -> Ns16550 {
        Ns16550 { state: State::default(), input_hz: input_hz.max(1), clock, irq, output }
    }

    /// Whether [`CharPort::receive`] would take at least one character.
    pub fn can_receive(&self) -> bool {
        self.room() > 0
    }

    fn room(&self) -> usize {
        // The loop disconnects the cable (data sheet 8.7, bit 4).
        if self.looped() { 0 } else { self.state.depth() - self.state.received.len() }
    }

    fn looped(&self) -> bool {
        self.state.mcr & mcr::LOOPBACK != 0
    }

    fn dlab(&self) -> bool {
        self.state.lcr & lcr::DLAB != 0
    }

    /// A character arrives. One too many is lost in the FIFO, but replaces the
    /// one before in RBR (data sheet 8.4, bit 1).
    fn push(&mut self, c: u8) {
        let state = &mut self.state;
        if !state.fifo {
            state.last = c;
        }
        if state.received.len() >= state.depth() {
            state.overrun = true;
            if !state.fifo {
                state.received.clear();
                state.received.push_back(c);
            }
        } else {
            state.received.push_back(c);
        }
        self.restart_timeout();
    }

    fn pop(&mut self) -> u8 {
        let shown = if self.state.fifo { 0 } else { self.state.last };
        let c = self.state.received.pop_front().unwrap_or(shown);
        self.state.timed_out = false;
        self.restart_timeout();
        c
    }

    /// Waiting characters time out four character times after the last one
    /// came or was read (data sheet 8.6, FIFO interrupt mode).
    fn restart_timeout(&mut self) {
        let waiting = self.state.fifo && !self.state.received.is_empty();
        let due_ns = self.clock.now_ns().saturating_add(self.chars_ns(4));
        self.state.timeout_ns = waiting.then_some(due_ns);
    }

    /// How long characters take on the line: start, data, parity, stop.
    fn chars_ns(&self, chars: u64) -> u64 {
        let lcr = self.state.lcr;
        let data = 5 + u64::from(lcr & lcr::CHAR_BITS);
        let parity = u64::from(lcr & lcr::PARITY != 0);
        let stop = 1 + u64::from(lcr & lcr::TWO_STOP != 0);
        let ticks_per_bit = 16 * u64::from(self.state.divisor.max(1));
        chars * (1 + data + parity + stop) * ticks_per_bit * 1_000_000_000 / u64::from(self.input_hz)
    }

    fn send(&mut self, c: u8) {
        if self.looped() {
            self.push(c);
        } else {
            self.output.write(&[c]);
        }
        self.state.sent = true;
    }

    /// The most urgent enabled interrupt.
    fn source(&self) -> Option<Source> {
        let state = &self.state;
        let enabled = |bit| state.ier & bit != 0;
        if enabled(ier::LINE_STATUS) && state.overrun {
            Some(Source::LineStatus)
        } else if enabled(ier::RECEIVED) && state.received.len() >= state.trigger_level() {
            Some(Source::Received)
        } else if enabled(ier::RECEIVED) && state.timed_out {
            Some(Source::Timeout)
        } else if enabled(ier::TRANSMITTER_EMPTY) && state.sent {
            Some(Source::TransmitterEmpty)
        } else if enabled(ier::MODEM_STATUS) && state.modem_deltas != 0 {
            Some(Source::ModemStatus)
        } else {
            None
        }
    }

    fn update(&mut self) {
        self.irq.set(self.source().is_some());
    }

    /// Reading IIR takes back the transmitter-empty interrupt if it is the one
    /// reported (data sheet table IV).
    fn read_iir(&mut self) -> u8 {
        let source = self.source();
        if source == Some(Source::TransmitterEmpty) {
            self.state.sent = false;
        }
        let id = source.map_or(NO_SOURCE, |source| source as u8);
        if self.state.fifo { id | IIR_FIFO } else { id }
    }

    fn read_lsr(&mut self) -> u8 {
        let overrun = std::mem::take(&mut self.state.overrun);
        let ready = !self.state.received.is_empty();
        let bit = |on, bit| if on { bit } else { 0 };
        lsr::THR_EMPTY | lsr::TRANSMITTER_EMPTY | bit(ready, lsr::DATA_READY) | bit(overrun, lsr::OVERRUN)
    }

    fn read_msr(&mut self) -> u8 {
        self.modem_inputs() | std::mem::take(&mut self.state.modem_deltas)
    }

    /// MSR bits 7:4: the cable's, or with the loop closed the outputs of MCR
    /// (data sheet 8.7, bit 4).
    fn modem_inputs(&self) -> u8 {
        if !self.looped() {
            return msr::CTS | msr::DSR | msr::DCD;
        }
        let pairs = [(mcr::RTS, msr::CTS), (mcr::DTR, msr::DSR), (mcr::OUT1, msr::RI), (mcr::OUT2, msr::DCD)];
        let on = pairs.iter().filter(|(output, _)| self.state.mcr & output != 0);
        on.fold(0, |inputs, (_, input)| inputs | input)
    }

    fn write_mcr(&mut self, value: u8) {
        let before = self.modem_inputs();
        self.state.mcr = value & mcr::ALL;
        let after = self.modem_inputs();
        let changed = |line| (before ^ after) & line != 0;
        let deltas = [
            (changed(msr::CTS), msr::DELTA_CTS),
            (changed(msr::DSR), msr::DELTA_DSR),
            (before & !after & msr::RI != 0, msr::TRAILING_RI),
            (changed(msr::DCD), msr::DELTA_DCD),
        ];
        let seen = deltas.iter().filter(|(seen, _)| *seen);
        self.state.modem_deltas |= seen.fold(0, |bits, (_, bit)| bits | bit);
    }

    /// Enabling the transmitter-empty interrupt while the transmitter is empty,
    /// which it always is, raises it.
    fn write_ier(&mut self, value: u8) {
        let rising = value & !self.state.ier;
        if rising & ier::TRANSMITTER_EMPTY != 0 {
            self.state.sent = true;
        }
        self.state.ier = value & ier::ALL;
    }

    /// Switching the FIFOs on or off empties them; other bits count only while
    /// they are on (data sheet 8.5). Emptying the transmitter raises its
    /// interrupt.
    fn write_fcr(&mut self, value: u8) {
        let fifo = value & fcr::ENABLE != 0;
        let switched = fifo != self.state.fifo;
        let clears = |bit| switched || fifo && value & bit != 0;
        if clears(fcr::CLEAR_RECEIVER) {
            self.state.received.clear();
            self.state.timed_out = false;
            self.state.timeout_ns = None;
        }
        if clears(fcr::CLEAR_TRANSMITTER) {
            self.state.sent = true;
        }
        self.state.fifo = fifo;
        self.state.trigger = if fifo { value >> fcr::TRIGGER_SHIFT } else { 0 };
    }
}

impl State {
    fn depth(&self) -> usize {
        if self.fifo { FIFO_CHARS } else { 1 }
    }

    fn trigger_level(&self) -> usize {
        TRIGGERS[usize::from(self.trigger & 3)]
    }

    fn is_reachable(&self) -> bool {
        self.received.len() <= self.depth()
            && self.trigger <= if self.fifo { 3 } else { 0 }
            && self.ier & !ier::ALL == 0
            && self.mcr & !mcr::ALL == 0
            && self.modem_deltas & !msr::DELTAS == 0
            && (self.fifo && !self.received.is_empty() || self.timeout_ns.is_none() && !self.timed_out)
    }
}

impl CharPort for Ns16550 {
    fn receive(&mut self, chars: &[u8]) -> usize {
        let taken = chars.len().min(self.room());
        chars.iter().take(taken).for_each(|c| self.push(*c));
        self.update();
        taken
    }
}

impl Device for Ns16550 {
    fn read(&mut self, offset: u64, _bytes: u8) -> u64 {
        let [divisor_low, divisor_high] = self.state.divisor.to_le_bytes();
        let value = match offset {
            reg::DATA if self.dlab() => divisor_low,
            reg::IER if self.dlab() => divisor_high,
            reg::DATA => self.pop(),
            reg::IER => self.state.ier,
            reg::IIR_FCR => self.read_iir(),
            reg::LCR => self.state.lcr,
            reg::MCR => self.state.mcr,
            reg::LSR => self.read_lsr(),
            reg::MSR => self.read_msr(),
            reg::SCR => self.state.scratch,
            _ => 0,
        };
        self.update();
        value.into()
    }

    fn write(&mut self, offset: u64, _bytes: u8, value: u64) {
        let value = value as u8;
        let [divisor_low, divisor_high] = self.state.divisor.to_le_bytes();
        match offset {
            reg::DATA if self.dlab() => self.state.divisor = u16::from_le_bytes([value, divisor_high]),
            reg::IER if self.dlab() => self.state.divisor = u16::from_le_bytes([divisor_low, value]),
            reg::DATA => self.send(value),
            reg::IER => self.write_ier(value),
            reg::IIR_FCR => self.write_fcr(value),
            reg::LCR => self.state.lcr = value,
            reg::MCR => self.write_mcr(value),
            reg::SCR => self.state.scratch = value,
            _ => (),
        }
        self.update();
    }

    fn deadline(&self) -> Option<u64> {
        self.state.timeout_ns
    }

    fn expire(&mut self) {
        if self.state.timeout_ns.is_some_and(|due_ns| due_ns <= self.clock.now_ns()) {
            self.state.timeout_ns = None;
            self.state.timed_out = true;
        }
        self.update();
    }

    fn reset(&mut self) {
        self.state = State::default();
        self.update();
    }
}

impl Snapshot for Ns16550 {
    const KIND: &'static str = "ns16550";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        if !state.is_reachable() {
            return Err(refused::<Ns16550>("the FIFO or a register holds more than it has room for"));
        }
        self.state = state;
        self.irq.restore(self.source().is_some());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
