//! The time that benches measure: this thread's processor time, which other
//! programs on the host disturb least.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// This thread's processor time so far.
pub fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}
