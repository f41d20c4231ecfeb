//! Calls made as a kernel makes them.

use super::*;
use crate::cpu::Cpu;
use aarch64::state::{PC, firmware};
use aarch64::{Aarch64, Model};
use backend::Vcpu;
use bus::{AddressSpace, Clock, Ram};
use guest::Guest;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::sync::Arc;

const RAM: u64 = 0x4000_0000;
const CPU_ON_64: u32 = function::CPU_ON | function::WIDE;

/// Three CPUs, of which the first runs and the others are off.
struct Bench {
    psci: Psci,
    cpus: Vec<Cpu>,
    space: AddressSpace,
    clock: Clock,
    input: VecDeque<u8>,
    power: Power,
}

impl Bench {
    fn new() -> Bench {
        let guest = Aarch64::new(Model::CortexA57);
        let erased: Arc<dyn Guest> = Arc::new(guest.clone());
        let cpu = |n| Cpu { vcpu: Vcpu::new(&erased, n, RAM), activity: Activity::Off };
        let mut cpus: Vec<Cpu> = (0..3).map(cpu).collect();
        cpus[0].activity = Activity::Running;
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::new(Ram::new(RAM, 0x1_0000).expect("a small mapping")));
        let enter: Enter = Box::new(move |cpu, index, entry, x0| {
            guest.reset(cpu, index, entry);
            guest.setup_boot(cpu, 1, entry, x0, firmware::HVC);
        });
        let power = Power::default();
        let psci = Psci::new(power.clone(), enter);
        Bench { psci, cpus, space, clock: Clock::counted(), input: VecDeque::new(), power }
    }

    /// A call of CPU `index`: what is in `x0` afterwards.
    fn call_from(&mut self, index: usize, function: u64, arguments: &[u64]) -> i64 {
        let registers = self.cpus[index].vcpu.registers_mut();
        registers.set(x(0), function);
        for (n, argument) in (1..).zip(arguments) {
            registers.set(x(n), *argument);
        }
        let mut around = Surroundings {
            cpus: &mut self.cpus,
            space: &self.space,
            clock: &self.clock,
            input: &mut self.input,
        };
        self.psci.call(index, &mut around);
        self.cpus[index].vcpu.state().get(x(0)) as i64
    }

    fn call(&mut self, function: u32, arguments: &[u64]) -> i64 {
        self.call_from(0, function.into(), arguments)
    }
}

#[test]
fn it_says_what_it_is() {
    let mut b = Bench::new();
    assert_eq!(b.call(function::VERSION, &[]), 0x1_0001);
    assert_eq!(b.call(function::SMCCC_VERSION, &[]), 0x1_0001);
    assert_eq!(b.call(function::MIGRATE_INFO_TYPE, &[]), 2);
    for there in [function::CPU_ON, CPU_ON_64, function::SYSTEM_OFF, function::SMCCC_VERSION] {
        assert_eq!(b.call(function::FEATURES, &[there.into()]), 0, "{there:#x}");
    }
    for missing in [0x8400_0005, function::SYSTEM_OFF | function::WIDE, 0x8400_000e] {
        assert_eq!(b.call(function::FEATURES, &[u64::from(missing)]), -1, "{missing:#x}");
        assert_eq!(b.call(missing, &[]), -1, "{missing:#x}");
    }
    assert_eq!(b.call(function::SMCCC_ARCH_FEATURES, &[function::WORKAROUND_1.into()]), 1);
    assert_eq!(b.call(function::SMCCC_ARCH_FEATURES, &[function::WORKAROUND_2.into()]), -2);
}

#[test]
fn cpus_are_switched_on_and_off() {
    let mut b = Bench::new();
    assert_eq!(b.call(function::AFFINITY_INFO, &[2, 0]), 1);
    assert_eq!(b.call(CPU_ON_64, &[2, RAM + 0x100, 77]), 0);
    let state = b.cpus[2].vcpu.state();
    assert_eq!((b.cpus[2].activity, state.get(PC), state.get(x(0))), (Activity::Running, RAM + 0x100, 77));
    assert_eq!(b.call(function::AFFINITY_INFO, &[2, 0]), 0);
    assert_eq!(b.call(CPU_ON_64, &[2, RAM, 0]), -4);
    assert_eq!(b.call(CPU_ON_64, &[3, RAM, 0]), -2);
    assert_eq!(b.call(CPU_ON_64, &[1, 0x1000, 0]), -9);
    b.call_from(2, function::CPU_OFF.into(), &[]);
    assert_eq!(b.cpus[2].activity, Activity::Off);
    assert_eq!(b.call(CPU_ON_64, &[2, RAM, 0]), 0);
}

#[test]
fn narrow_calls_have_narrow_arguments() {
    let mut b = Bench::new();
    assert_eq!(b.call(function::CPU_ON, &[1, 5 << 32 | RAM, 6 << 32 | 1]), 0);
    let state = b.cpus[1].vcpu.state();
    assert_eq!((state.get(PC), state.get(x(0))), (RAM, 1));
}

#[test]
fn a_suspended_cpu_comes_back_with_success() {
    let mut b = Bench::new();
    assert_eq!(b.call(function::CPU_SUSPEND, &[0x1_0000, RAM, 0]), 0);
    assert_eq!(b.cpus[0].activity, Activity::Idle);
}

#[test]
fn the_machine_is_switched_off_and_reset() {
    for (function, request) in
        [(function::SYSTEM_OFF, PowerRequest::Off { code: 0 }), (function::SYSTEM_RESET, PowerRequest::Reset)]
    {
        let mut b = Bench::new();
        b.call(function, &[]);
        assert_eq!(b.power.take(), Some(request));
    }
}

proptest! {
    /// Whatever a guest asks, it gets an answer or an end.
    #[test]
    fn no_call_is_fatal(calls in prop::collection::vec((any::<u64>(), any::<[u64; 3]>()), 1..40)) {
        let mut b = Bench::new();
        for (n, (function, arguments)) in calls.into_iter().enumerate() {
            let function = 0x8400_0000 | function & 0xc000_001f;
            b.call_from(n % 3, function, &arguments);
        }
    }
}
