//! The time base, and the supervisor's timer interrupt.
//!
//! Source: RISC-V Privileged ISA (20240411), §3.2.1 (mtime) and chapter
//! "Sstc".

use crate::fields::{envcfg, interrupt};
use crate::state::{MENVCFG, MIP_PINS, STIMECMP};
use guest::CpuState;

/// Ticks of `time` and of the machine timer in a second.
pub const TIMEBASE_HZ: u64 = 10_000_000;

const NS_PER_TICK: u64 = 1_000_000_000 / TIMEBASE_HZ;
const STIP: u64 = 1 << interrupt::STI;

/// The value of `time` at `now_ns` nanoseconds after power-on.
pub const fn ticks(now_ns: u64) -> u64 {
    now_ns / NS_PER_TICK
}

/// Whether S has its own timer.
fn enabled(cpu: &CpuState) -> bool {
    cpu.get(MENVCFG) & envcfg::STCE != 0
}

/// Makes STIP say whether `time` has reached stimecmp.
pub fn sample(cpu: &mut CpuState, now_ns: u64) {
    let expired = enabled(cpu) && ticks(now_ns) >= cpu.get(STIMECMP);
    let others = cpu.get(MIP_PINS) & !STIP;
    cpu.set(MIP_PINS, if expired { others | STIP } else { others });
}

/// When STIP will rise, in nanoseconds after power-on; `None` if it has, or if
/// that is beyond what nanoseconds can say.
pub fn deadline_ns(cpu: &CpuState) -> Option<u64> {
    let armed = enabled(cpu) && cpu.get(MIP_PINS) & STIP == 0;
    if armed { cpu.get(STIMECMP).checked_mul(NS_PER_TICK) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_the_instant_of_expiry() {
        let mut cpu = CpuState::default();
        cpu.set(MENVCFG, envcfg::STCE);
        cpu.set(STIMECMP, 3);
        let due = deadline_ns(&cpu).expect("armed");
        sample(&mut cpu, due - 1);
        assert_eq!(cpu.get(MIP_PINS), 0);
        sample(&mut cpu, due);
        assert_eq!((cpu.get(MIP_PINS), deadline_ns(&cpu)), (STIP, None));
    }

    #[test]
    fn a_time_never_reached_is_no_deadline() {
        let mut cpu = CpuState::default();
        cpu.set(STIMECMP, 5);
        assert_eq!(deadline_ns(&cpu), None);
        cpu.set(MENVCFG, envcfg::STCE);
        cpu.set(STIMECMP, u64::MAX);
        assert_eq!(deadline_ns(&cpu), None);
    }
}
