//! Software interrupts between harts (ACLINT specification 1.0-rc4, chapters 3
//! and 4).
//!
//! | chip | offset | register                                                |
//! |------|--------|---------------------------------------------------------|
//! | MSWI | 4·hart | MSIP: bit 0 is the level of the hart's pin              |
//! | SSWI | 4·hart | SETSSIP: a write with bit 0 set makes an edge; reads 0  |
//!
//! Registers are 32 bits wide; other accesses read as zero and write nothing.

use super::HARTS_MAX;
use crate::{is_word, refused};
use bus::{Device, IrqLine, IrqSink, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The size of either chip's register block in bytes.
pub const SWI_BYTES: u64 = 0x4000;

/// Machine-level software interrupts.
pub struct Mswi {
    state: MswiState,
    outputs: Vec<IrqLine>,
}

/// All that a guest can see of an [`Mswi`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MswiState {
    /// MSIP of each hart.
    pending: Vec<bool>,
}

impl Mswi {
    /// A chip with an output to each hart's machine software interrupt pin.
    ///
    /// # Panics
    /// If there are more than [`HARTS_MAX`] harts: a board's mistake.
    pub fn new(outputs: Vec<IrqLine>) -> Mswi {
        assert!(outputs.len() <= HARTS_MAX, "an MSWI serves {HARTS_MAX} harts, not {}", outputs.len());
        Mswi { state: MswiState { pending: vec![false; outputs.len()] }, outputs }
    }

    fn update(&self) {
        self.state.pending.iter().zip(&self.outputs).for_each(|(pending, output)| output.set(*pending));
    }
}

fn hart(offset: u64, bytes: u8) -> Option<usize> {
    is_word(offset, bytes).then_some((offset / 4) as usize)
}

impl Device for Mswi {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        hart(offset, bytes).and_then(|hart| self.state.pending.get(hart)).copied().unwrap_or(false).into()
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        if let Some(pending) = hart(offset, bytes).and_then(|hart| self.state.pending.get_mut(hart)) {
            *pending = value & 1 != 0;
            self.update();
        }
    }

    fn reset(&mut self) {
        self.state.pending.fill(false);
        self.update();
    }
}

impl Snapshot for Mswi {
    const KIND: &'static str = "aclint-mswi";
    const VERSION: u32 = 1;
    type State = MswiState;

    fn save(&self) -> MswiState {
        self.state.clone()
    }

    fn restore(&mut self, state: MswiState) -> Result<(), RestoreError> {
        if state.pending.len() != self.state.pending.len() {
            return Err(refused::<Mswi>("it is of a chip for another number of harts"));
        }
        self.state = state;
        // CPU pins remember nothing, so driving them again does no harm.
        self.update();
        Ok(())
    }
}

/// Supervisor-level software interrupts. The interrupt is an edge, which the
/// hart keeps in `mip.SSIP` until its software clears it; the chip itself has
/// no state. An output goes up and down within the write, so it has to end in
/// something that remembers, such as [`RisingEdge`].
pub struct Sswi {
    outputs: Vec<IrqLine>,
}

impl Sswi {
    /// A chip with an output to each hart.
    ///
    /// # Panics
    /// If there are more than [`HARTS_MAX`] harts: a board's mistake.
    pub fn new(outputs: Vec<IrqLine>) -> Sswi {
        assert!(outputs.len() <= HARTS_MAX, "an SSWI serves {HARTS_MAX} harts, not {}", outputs.len());
        Sswi { outputs }
    }
}

impl Device for Sswi {
    fn read(&mut self, _offset: u64, _bytes: u8) -> u64 {
        0
    }

    fn write(&mut self, offset: u64, bytes: u8, value: u64) {
        let output = hart(offset, bytes).and_then(|hart| self.outputs.get(hart));
        if let Some(output) = output.filter(|_| value & 1 != 0) {
            output.set(true);
            output.set(false);
        }
    }

    fn reset(&mut self) {}
}

impl Snapshot for Sswi {
    const KIND: &'static str = "aclint-sswi";
    const VERSION: u32 = 1;
    type State = ();

    fn save(&self) {}

    fn restore(&mut self, (): ()) -> Result<(), RestoreError> {
        Ok(())
    }
}

/// Passes rising edges on and swallows falling ones: whoever reads the pin
/// takes it down again.
pub struct RisingEdge(pub Arc<dyn IrqSink>);

impl IrqSink for RisingEdge {
    fn set(&self, input: u32, level: bool) {
        if level {
            self.0.set(input, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bus::CpuLines;

    #[test]
    fn msip_is_a_level_of_one_bit() {
        let cpu = CpuLines::default();
        let mut mswi = Mswi::new(vec![cpu.line(0), cpu.line(1)]);
        mswi.write(4, 4, 0xffff_ffff);
        assert_eq!((cpu.levels(), mswi.read(4, 4), mswi.read(0, 4)), (0b10, 1, 0));
        mswi.write(4, 4, 0xffff_fffe);
        assert_eq!((cpu.levels(), mswi.read(4, 4)), (0, 0));
        mswi.write(8, 4, 1);
        assert_eq!((cpu.levels(), mswi.read(8, 4)), (0, 0), "there is no third hart");
    }

    #[test]
    fn setssip_makes_an_edge_each_time() {
        let cpu = CpuLines::default();
        let pin: Arc<dyn IrqSink> = Arc::new(RisingEdge(Arc::new(cpu.clone())));
        let mut sswi = Sswi::new(vec![IrqLine::unconnected(), IrqLine::new(pin, 1)]);
        for _ in 0..2 {
            sswi.write(4, 4, 1);
            assert_eq!((cpu.levels(), sswi.read(4, 4)), (1 << 1, 0));
            IrqSink::set(&cpu, 1, false);
        }
        sswi.write(4, 4, 2);
        assert_eq!(cpu.levels(), 0);
    }
}
