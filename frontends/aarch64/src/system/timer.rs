//! The generic timers.

use guest::CpuState;

/// Takes note of the time.
pub fn sample(_cpu: &mut CpuState, _now_ns: u64) {}

/// When a timer fires next.
pub fn deadline_ns(_cpu: &CpuState) -> Option<u64> {
    None
}
