//! The machine's power button as chips see it: a request the run loop takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a guest asks of its power supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerRequest {
    /// Switch off; `code` is the guest's verdict, 0 for success.
    Off {
        /// The guest's exit code.
        code: u32,
    },
    /// Start again from power-on.
    Reset,
}

/// A handle on the power supply. Clones share it; of several requests before
/// the run loop looks, the first wins.
#[derive(Clone, Default)]
pub struct Power(Arc<AtomicU64>);

const NONE: u64 = 0;
const OFF: u64 = 1 << 32;
const RESET: u64 = 2 << 32;

impl Power {
    /// Asks for `request`, unless one is pending already.
    pub fn request(&self, request: PowerRequest) {
        let word = match request {
            PowerRequest::Off { code } => OFF | u64::from(code),
            PowerRequest::Reset => RESET,
        };
        // A failed exchange means that somebody was first, which is the rule.
        let _ = self.0.compare_exchange(NONE, word, Ordering::AcqRel, Ordering::Acquire);
    }

    /// The pending request, which stays pending.
    pub fn pending(&self) -> Option<PowerRequest> {
        decode(self.0.load(Ordering::Acquire))
    }

    /// The pending request, which is then no longer pending.
    pub fn take(&self) -> Option<PowerRequest> {
        decode(self.0.swap(NONE, Ordering::AcqRel))
    }
}

fn decode(word: u64) -> Option<PowerRequest> {
    match word {
        NONE => None,
        RESET => Some(PowerRequest::Reset),
        off => Some(PowerRequest::Off { code: off as u32 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_request_wins_and_is_taken_once() {
        let power = Power::default();
        let other = power.clone();
        assert_eq!(power.pending(), None);
        other.request(PowerRequest::Off { code: u32::MAX });
        power.request(PowerRequest::Reset);
        assert_eq!(power.pending(), Some(PowerRequest::Off { code: u32::MAX }));
        assert_eq!(power.take(), Some(PowerRequest::Off { code: u32::MAX }));
        assert_eq!(other.take(), None);
        power.request(PowerRequest::Reset);
        assert_eq!(other.take(), Some(PowerRequest::Reset));
    }
}
