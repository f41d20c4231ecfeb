//! Arm PrimeCell general-purpose input and output PL061 (Arm DDI 0190B).
//!
//! | offset | name  | access | meaning, a bit for each of eight lines         |
//! |--------|-------|--------|------------------------------------------------|
//! | 0x000  | DATA  | rw     | levels; address bits 9:2 are the mask          |
//! | 0x400  | DIR   | rw     | 1: an output                                   |
//! | 0x404  | IS    | rw     | 1: a level raises the interrupt, 0: an edge    |
//! | 0x408  | IBE   | rw     | 1: both edges do                               |
//! | 0x40c  | IEV   | rw     | 1: the rising edge or the high level does      |
//! | 0x410  | IE    | rw     | lets interrupts out                            |
//! | 0x414  | RIS   | r      | the interrupts                                 |
//! | 0x418  | MIS   | r      | those that may get out                         |
//! | 0x41c  | IC    | w      | takes interrupts of edges back                 |
//! | 0x420  | AFSEL | rw     | 1: the hardware's own control                  |
//! | 0xfd0  | ID    | r      | identification, a byte every four              |
//!
//! Registers are at multiples of four, with eight bits; other accesses read as
//! zero and write nothing.

use crate::is_word;
use crate::primecell::{IDENTIFICATION, PRIMECELL_BYTES, identification, shown};
use crate::registry::DeviceInfo;
use bus::{Device, IrqInputs, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "pl061",
    description: "Arm PrimeCell general-purpose input and output, eight lines",
    source: "Arm DDI 0190B, PrimeCell General Purpose Input/Output (PL061) TRM",
    compatible: &["arm,pl061", "arm,primecell"],
};

mod reg {
    pub const DATA_END: u64 = 0x400;
    pub const DIR: u64 = 0x400;
    pub const IS: u64 = 0x404;
    pub const IBE: u64 = 0x408;
    pub const IEV: u64 = 0x40c;
    pub const IE: u64 = 0x410;
    pub const RIS: u64 = 0x414;
    pub const MIS: u64 = 0x418;
    pub const IC: u64 = 0x41c;
    pub const AFSEL: u64 = 0x420;
}

/// Part 0x061, designer Arm, revision 0.
const PERIPHERAL: [u8; 4] = [0x61, 0x10, 0x04, 0x00];

/// The chip.
pub struct Pl061 {
    state: State,
    irq: IrqLine,
    outputs: [IrqLine; 8],
}

/// All that a guest can see of it, a bit for each line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What the guest drives, where it drives.
    driven: u8,
    /// The levels from outside.
    inputs: u8,
    direction: u8,
    level_sense: u8,
    both_edges: u8,
    event: u8,
    enabled: u8,
    /// Edges that were seen.
    edges: u8,
    alternate: u8,
}

impl Pl061 {
    /// A chip that drives `irq` and, where a line is an output, `outputs`.
    pub fn new(irq: IrqLine, outputs: [IrqLine; 8]) -> Pl061 {
        Pl061 { state: State::default(), irq, outputs }
    }

    fn update(&self) {
        self.irq.set(self.state.masked() != 0);
        for (line, output) in self.outputs.iter().enumerate() {
            output.set(self.state.output(line));
        }
    }
}

impl State {
    /// The level of each line.
    fn levels(&self) -> u8 {
        self.driven & self.direction | self.inputs & !self.direction
    }

    /// Notes what changed since the levels were `before` and is an event. Only
    /// inputs have any.
    fn see_edges(&mut self, before: u8) {
        let now = self.levels();
        let changed = (before ^ now) & !self.direction & !self.level_sense;
        self.edges |= changed & (self.both_edges | !(now ^ self.event));
    }

    /// The interrupts (RIS): edges that were seen, and levels as they are.
    fn raised(&self) -> u8 {
        let levels = !(self.levels() ^ self.event) & self.level_sense & !self.direction;
        self.edges & !self.level_sense | levels
    }

    fn masked(&self) -> u8 {
        self.raised() & self.enabled
    }

    fn output(&self, line: usize) -> bool {
        self.driven & self.direction & 1 << line != 0
    }
}

impl Device for Pl061 {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let value = match offset {
            0..reg::DATA_END => self.state.levels() & (offset >> 2) as u8,
            reg::DIR => self.state.direction,
            reg::IS => self.state.level_sense,
            reg::IBE => self.state.both_edges,
            reg::IEV => self.state.event,
            reg::IE => self.state.enabled,
            reg::RIS => self.state.raised(),
            reg::MIS => self.state.masked(),
            reg::AFSEL => self.state.alternate,
            IDENTIFICATION..PRIMECELL_BYTES => identification(offset, PERIPHERAL),
            _ => 0,
        };
        shown(offset, bytes, value.into())
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        if !is_word(offset, bytes) {
            return;
        }
        let (before, value) = (self.state.levels(), value as u8);
        match offset {
            0..reg::DATA_END => {
                let mask = (offset >> 2) as u8 & self.state.direction;
                self.state.driven = self.state.driven & !mask | value & mask;
            }
            reg::DIR => self.state.direction = value,
            reg::IS => self.state.level_sense = value,
            reg::IBE => self.state.both_edges = value,
            reg::IEV => self.state.event = value,
            reg::IE => self.state.enabled = value,
            reg::IC => self.state.edges &= !value,
            reg::AFSEL => self.state.alternate = value,
            _ => (),
        }
        self.state.see_edges(before);
        self.update();
    }

    /// The lines keep the levels they have from outside.
    fn reset(&mut self) {
        self.state = State { inputs: self.state.inputs, ..State::default() };
        self.update();
    }
}

/// Inputs are lines 0 to 7.
impl IrqInputs for Pl061 {
    fn set_level(&mut self, line: u32, level: bool) {
        let Some(mask) = 1_u8.checked_shl(line).filter(|mask| *mask != 0) else { return };
        let before = self.state.levels();
        self.state.inputs = if level { self.state.inputs | mask } else { self.state.inputs & !mask };
        self.state.see_edges(before);
        self.update();
    }
}

impl Snapshot for Pl061 {
    const KIND: &'static str = "pl061";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        self.state = state;
        self.irq.restore(self.state.masked() != 0);
        for (line, output) in self.outputs.iter().enumerate() {
            output.restore(self.state.output(line));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gpio() -> (Pl061, IrqLine, [IrqLine; 8]) {
        let irq = IrqLine::unconnected();
        let outputs: [IrqLine; 8] = std::array::from_fn(|_| IrqLine::unconnected());
        (Pl061::new(irq.clone(), outputs.clone()), irq, outputs)
    }

    /// The power button as Linux's gpio-keys uses it: both edges of line 3.
    #[test]
    fn a_button_raises_an_interrupt_at_both_edges() {
        let (mut gpio, irq, _) = gpio();
        for register in [reg::IBE, reg::IE] {
            gpio.write(register, 4, 1 << 3);
        }
        gpio.set_level(3, true);
        assert_eq!((irq.level(), gpio.read(reg::MIS, 4), gpio.read(0x20, 4)), (true, 8, 8));
        gpio.write(reg::IC, 4, 1 << 3);
        assert!(!irq.level());
        gpio.set_level(3, false);
        assert_eq!((irq.level(), gpio.read(0x20, 4)), (true, 0));
    }

    #[test]
    fn the_address_masks_the_data() {
        let (mut gpio, _, outputs) = gpio();
        gpio.write(reg::DIR, 4, 0xf0);
        gpio.write(0x3fc, 4, 0xff);
        assert_eq!((gpio.read(0x3fc, 4), gpio.read(0x40 << 2, 4)), (0xf0, 0x40));
        gpio.write(0x10 << 2, 4, 0);
        let levels = outputs.map(|output| output.level());
        assert_eq!(levels, [false, false, false, false, false, true, true, true]);
    }

    #[test]
    fn levels_raise_as_long_as_they_last() {
        let (mut gpio, irq, _) = gpio();
        for (register, value) in [(reg::IS, 1), (reg::IEV, 1), (reg::IE, 1)] {
            gpio.write(register, 4, value);
        }
        gpio.set_level(0, true);
        gpio.write(reg::IC, 4, 1);
        assert!(irq.level());
        gpio.set_level(0, false);
        assert!(!irq.level());
    }
}
