//! Interrupt lines: level-sensitive wires from a device to a controller, and
//! from a controller to a CPU.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a wire ends in: an interrupt controller's inputs, or a CPU's pins.
pub trait IrqSink: Send + Sync {
    /// Input `input` now has level `level`. Called on changes only.
    fn set(&self, input: u32, level: bool);
}

/// A chip that wires lead into. Shared, it is the end of them.
pub trait IrqInputs: Send {
    /// Input `input` now has level `level`. One that does not exist is ignored.
    fn set_level(&mut self, input: u32, level: bool);
}

impl<C: IrqInputs> IrqSink for Mutex<C> {
    fn set(&self, input: u32, level: bool) {
        self.lock().unwrap_or_else(PoisonError::into_inner).set_level(input, level);
    }
}

/// One wire. Clones drive the same wire.
#[derive(Clone)]
pub struct IrqLine {
    sink: Option<Arc<dyn IrqSink>>,
    input: u32,
    level: Arc<AtomicBool>,
}

impl IrqLine {
    /// A wire to input `input` of `sink`, low.
    pub fn new(sink: Arc<dyn IrqSink>, input: u32) -> IrqLine {
        IrqLine { sink: Some(sink), input, level: Arc::default() }
    }

    /// A wire that ends nowhere; its level can still be read back.
    pub fn unconnected() -> IrqLine {
        IrqLine { sink: None, input: 0, level: Arc::default() }
    }

    /// Drives the wire.
    pub fn set(&self, level: bool) {
        if self.level.swap(level, Ordering::AcqRel) != level
            && let Some(sink) = &self.sink
        {
            sink.set(self.input, level);
        }
    }

    /// Sets the level without telling the other end: a restored snapshot holds
    /// the other end's state too, so no edge may be seen.
    pub fn restore(&self, level: bool) {
        self.level.store(level, Ordering::Release);
    }

    /// The wire's level.
    pub fn level(&self) -> bool {
        self.level.load(Ordering::Acquire)
    }
}

/// Up to 64 interrupt pins of one CPU, as a word with a bit for each pin.
#[derive(Clone, Default)]
pub struct CpuLines(Arc<AtomicU64>);

impl CpuLines {
    /// All pins, bit `n` for pin `n`.
    pub fn levels(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// A wire to pin `pin` (0 to 63).
    pub fn line(&self, pin: u32) -> IrqLine {
        assert!(pin < 64, "a CPU has 64 pins, not {pin}");
        IrqLine::new(Arc::new(self.clone()), pin)
    }
}

impl IrqSink for CpuLines {
    fn set(&self, input: u32, level: bool) {
        if level {
            self.0.fetch_or(1 << input, Ordering::AcqRel);
        } else {
            self.0.fetch_and(!(1 << input), Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_drives_its_pin() {
        let lines = CpuLines::default();
        let (timer, external) = (lines.line(5), lines.line(9));
        timer.set(true);
        external.set(true);
        timer.set(false);
        assert_eq!(lines.levels(), 1 << 9);
        assert!(!timer.level());
    }

    #[test]
    fn restoring_makes_no_edge() {
        let lines = CpuLines::default();
        let line = lines.line(0);
        line.restore(true);
        assert_eq!(lines.levels(), 0);
        line.set(true);
        assert_eq!(lines.levels(), 0);
    }
}
