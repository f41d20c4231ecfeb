//! A button on a general-purpose line (Linux, Documentation/devicetree/bindings/
//! input/gpio-keys.yaml). It has no registers: pressed, it holds its line high
//! for a tenth of a second, far longer than drivers take for a bounce.

use crate::registry::DeviceInfo;
use bus::{Clock, Device, IrqLine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

/// The row of the device list.
pub const INFO: DeviceInfo = DeviceInfo {
    name: "gpio-key",
    description: "Button on a general-purpose line",
    source: "Linux, Documentation/devicetree/bindings/input/gpio-keys.yaml",
    compatible: &["gpio-keys"],
};

/// How long a press lasts.
const PRESS_NS: u64 = 100_000_000;

/// The button.
pub struct GpioKey {
    state: State,
    clock: Clock,
    line: IrqLine,
}

/// All that a guest can see of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// When it is let go; `None` if nobody presses.
    release_ns: Option<u64>,
}

impl GpioKey {
    /// A button that drives `line`.
    pub fn new(clock: Clock, line: IrqLine) -> GpioKey {
        GpioKey { state: State::default(), clock, line }
    }

    /// Presses it, or goes on pressing.
    pub fn press(&mut self) {
        self.state.release_ns = Some(self.clock.now_ns().saturating_add(PRESS_NS));
        self.line.set(true);
    }
}

impl Device for GpioKey {
    fn read(&mut self, _offset: u64, _bytes: u8) -> u64 {
        0
    }

    fn write(&mut self, _offset: u64, _bytes: u8, _value: u64) {}

    fn deadline(&self) -> Option<u64> {
        self.state.release_ns
    }

    fn expire(&mut self) {
        if self.state.release_ns.is_some_and(|due_ns| due_ns <= self.clock.now_ns()) {
            self.reset();
        }
    }

    fn reset(&mut self) {
        self.state.release_ns = None;
        self.line.set(false);
    }
}

impl Snapshot for GpioKey {
    const KIND: &'static str = "gpio-key";
    const VERSION: u32 = 1;
    type State = State;

    fn save(&self) -> State {
        self.state.clone()
    }

    fn restore(&mut self, state: State) -> Result<(), RestoreError> {
        self.state = state;
        self.line.restore(self.state.release_ns.is_some());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_ends_by_itself() {
        let (clock, line) = (Clock::counted(), IrqLine::unconnected());
        let mut key = GpioKey::new(clock.clone(), line.clone());
        key.press();
        assert_eq!((line.level(), key.deadline()), (true, Some(PRESS_NS)));
        clock.advance_to(PRESS_NS - 1);
        key.expire();
        assert!(line.level());
        key.press();
        clock.advance_to(2 * PRESS_NS - 1);
        key.expire();
        assert_eq!((line.level(), key.deadline()), (false, None));
    }
}
