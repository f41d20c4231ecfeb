//! Virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The one clock of a machine, in nanoseconds since power-on.
///
/// Devices read it and state deadlines; only the machine's run loop moves it.
/// Clones share the same time. It never goes backwards.
#[derive(Clone)]
pub struct Clock {
    now_ns: Arc<AtomicU64>,
    source: Option<Arc<dyn Fn() -> u64 + Send + Sync>>,
}

impl Clock {
    /// A clock that stands still until [`Clock::advance_to`]: time is then a
    /// function of the instruction count, and so deterministic.
    pub fn counted() -> Clock {
        Clock { now_ns: Arc::default(), source: None }
    }

    /// A clock that follows `source` (nanoseconds, monotonic), given by the
    /// machine, which alone may ask the host.
    pub fn following(source: impl Fn() -> u64 + Send + Sync + 'static) -> Clock {
        Clock { now_ns: Arc::default(), source: Some(Arc::new(source)) }
    }

    /// Whether time follows the instruction count.
    pub fn is_counted(&self) -> bool {
        self.source.is_none()
    }

    /// Nanoseconds since power-on.
    pub fn now_ns(&self) -> u64 {
        match &self.source {
            Some(source) => {
                let now_ns = source();
                self.now_ns.fetch_max(now_ns, Ordering::Relaxed).max(now_ns)
            }
            None => self.now_ns.load(Ordering::Relaxed),
        }
    }

    /// Moves time forward to `now_ns`; an earlier time is ignored.
    pub fn advance_to(&self, now_ns: u64) {
        self.now_ns.fetch_max(now_ns, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_time_moves_only_forward() {
        let clock = Clock::counted();
        clock.advance_to(10);
        clock.advance_to(4);
        assert_eq!(clock.now_ns(), 10);
    }

    #[test]
    fn following_time_never_goes_back() {
        let source = Arc::new(AtomicU64::new(7));
        let seen = Arc::clone(&source);
        let clock = Clock::following(move || seen.load(Ordering::Relaxed));
        assert_eq!(clock.now_ns(), 7);
        source.store(3, Ordering::Relaxed);
        assert_eq!(clock.now_ns(), 7);
    }
}
