//! Calls made as a supervisor makes them: arguments into registers, then what
//! came back.

use super::*;
use crate::cpu::Activity;
use crate::host::{Capture, SharedSink};
use backend::Vcpu;
use bus::{AddressSpace, CharPort, Clock, IrqLine, Ram, Shared, shared};
use devices::ns16550::{INPUT_HZ, Ns16550};
use devices::power::PowerRequest;
use guest::Guest;
use proptest::prelude::*;
use riscv::fields::{interrupt, privilege};
use riscv::state::{MINSTRET_OFFSET, MIP_SOFT, PC, PRIV, SATP};
use std::collections::VecDeque;
use std::sync::Arc;

const RAM: u64 = 0x8000_0000;
const RAM_BYTES: u64 = 0x1_0000;

const SUCCESS: (i64, u64) = (0, 0);
const NOT_SUPPORTED: (i64, u64) = (-2, 0);
const INVALID_PARAM: (i64, u64) = (-3, 0);
const INVALID_ADDRESS: (i64, u64) = (-5, 0);
const ALREADY_AVAILABLE: (i64, u64) = (-6, 0);

/// Three harts, of which the first runs and the others are off.
struct Bench {
    sbi: Sbi,
    cpus: Vec<Cpu>,
    space: AddressSpace,
    clock: Clock,
    input: VecDeque<u8>,
    power: Power,
    output: Capture,
    uart: Shared<Ns16550>,
}

impl Bench {
    fn new() -> Bench {
        let guest = Riscv64::new();
        let erased: Arc<dyn Guest> = Arc::new(guest.clone());
        let cpus = (0..3).map(|n| Cpu { vcpu: Vcpu::new(&erased, n, RAM), activity: Activity::Off });
        let mut cpus: Vec<Cpu> = cpus.collect();
        guest.setup_supervisor(cpus[0].vcpu.state_mut(), RAM, 0, 0);
        cpus[0].activity = Activity::Running;
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::new(Ram::new(RAM, RAM_BYTES).expect("a small mapping")));
        let (power, output, clock) = (Power::default(), Capture::default(), Clock::counted());
        let sink = SharedSink::new(Box::new(output.clone()));
        let uart =
            shared(Ns16550::new(INPUT_HZ, clock.clone(), IrqLine::unconnected(), Box::new(sink.clone())));
        let console = Console::new(sink, uart.clone());
        let sbi = Sbi::new(guest, cpus.len(), power.clone(), console);
        Bench { sbi, cpus, space, clock, input: VecDeque::new(), power, output, uart }
    }

    fn raw(&mut self, hart: usize, extension: u64, function: u64, args: &[u64]) {
        let cpu = self.cpus[hart].vcpu.registers_mut();
        for (n, arg) in args.iter().enumerate() {
            cpu.set(x(10 + n as u32), *arg);
        }
        cpu.set(x(16), function);
        cpu.set(x(17), extension);
        let mut around = Surroundings {
            cpus: &mut self.cpus,
            space: &self.space,
            clock: &self.clock,
            input: &mut self.input,
        };
        self.sbi.call(hart, &mut around);
    }

    /// A call of hart 0: the error and value that come back.
    fn call(&mut self, extension: u64, function: u64, args: &[u64]) -> (i64, u64) {
        self.raw(0, extension, function, args);
        let cpu = self.cpus[0].vcpu.state();
        (cpu.get(x(10)) as i64, cpu.get(x(11)))
    }

    fn get(&self, hart: usize, slot: Slot) -> u64 {
        self.cpus[hart].vcpu.state().get(slot)
    }
}

const BASE: u64 = 0x10;
const TIME: u64 = 0x5449_4d45;
const IPI: u64 = 0x73_5049;
const RFENCE: u64 = 0x5246_4e43;
const HSM: u64 = 0x48_534d;
const SRST: u64 = 0x5352_5354;
const DBCN: u64 = 0x4442_434e;
const PMU: u64 = 0x50_4d55;

#[test]
fn base_tells_version_and_extensions() {
    let mut bench = Bench::new();
    assert_eq!(bench.call(BASE, 0, &[]), (0, 0x0200_0000));
    for extension in [BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, PMU, 0, 1, 2, 8] {
        assert_eq!(bench.call(BASE, 3, &[extension]), (0, 1), "{extension:#x}");
    }
    // Suspend to RAM and CPPC, which Linux asks for.
    for extension in [0x5355_5350, 0x4350_5043, u64::MAX] {
        assert_eq!(bench.call(BASE, 3, &[extension]), SUCCESS, "{extension:#x}");
        assert_eq!(bench.call(extension, 0, &[]), NOT_SUPPORTED);
    }
    assert_eq!(bench.call(BASE, 7, &[]), NOT_SUPPORTED);
}

#[test]
fn the_timer_is_set_and_taken_back() {
    let mut bench = Bench::new();
    let guest = Riscv64::new();
    assert_eq!(bench.call(TIME, 0, &[7]), SUCCESS);
    assert_eq!(guest.deadline_ns(bench.cpus[0].vcpu.state()), Some(700));
    bench.call(TIME, 0, &[u64::MAX]);
    assert_eq!(guest.deadline_ns(bench.cpus[0].vcpu.state()), None);
    bench.raw(0, 0, 99, &[8]);
    assert_eq!((guest.deadline_ns(bench.cpus[0].vcpu.state()), bench.get(0, x(10))), (Some(800), 0));
}

#[test]
fn ipis_reach_the_harts_of_the_mask_that_are_on() {
    let mut bench = Bench::new();
    let ssip = 1 << interrupt::SSI;
    assert_eq!(bench.call(HSM, 0, &[2, RAM, 0]), SUCCESS);
    assert_eq!(bench.call(IPI, 0, &[0b11, 1]), SUCCESS);
    let pending = |bench: &Bench, hart| bench.get(hart, MIP_SOFT) & ssip != 0;
    assert_eq!([0, 1, 2].map(|hart| pending(&bench, hart)), [false, false, true]);
    assert_eq!(bench.call(IPI, 0, &[0, u64::MAX]), SUCCESS);
    assert!(pending(&bench, 0));
    for (mask, base) in [(0b1000, 0), (1, 3), (2, u64::MAX - 1), (1, 1 << 40)] {
        assert_eq!(bench.call(IPI, 0, &[mask, base]), INVALID_PARAM, "{mask:#x} {base:#x}");
    }
}

#[test]
fn fences_check_their_arguments() {
    let mut bench = Bench::new();
    assert_eq!(bench.call(RFENCE, 0, &[0, u64::MAX]), SUCCESS);
    assert_eq!(bench.call(RFENCE, 1, &[1, 0, 0x1000, 0x2000]), SUCCESS);
    assert_eq!(bench.call(RFENCE, 2, &[1, 0, 0, u64::MAX, 5]), SUCCESS);
    assert_eq!(bench.call(RFENCE, 2, &[1, 0, u64::MAX - 1, 2, 5]), SUCCESS);
    assert_eq!(bench.call(RFENCE, 1, &[1, 0, 5, u64::MAX - 5]), SUCCESS);
    assert_eq!(bench.call(RFENCE, 1, &[1, 0, u64::MAX, 2]), INVALID_ADDRESS);
    assert_eq!(bench.call(RFENCE, 1, &[8, 0, 0, 0]), INVALID_PARAM);
    // The hypervisor's.
    assert_eq!(bench.call(RFENCE, 3, &[1, 0, 0, 0]), NOT_SUPPORTED);
}

#[test]
fn a_hart_is_started_and_stopped() {
    let mut bench = Bench::new();
    assert_eq!(bench.call(HSM, 2, &[1]), (0, 1));
    assert_eq!(bench.call(HSM, 0, &[1, RAM + 8, 0x1234]), SUCCESS);
    let found = [PC, PRIV, x(10), x(11), SATP].map(|slot| bench.get(1, slot));
    assert_eq!(found, [RAM + 8, privilege::S, 1, 0x1234, 0]);
    assert_eq!(bench.call(HSM, 2, &[1]), SUCCESS);
    assert_eq!(bench.call(HSM, 0, &[1, RAM, 0]), ALREADY_AVAILABLE);
    assert_eq!(bench.call(HSM, 0, &[3, RAM, 0]), INVALID_PARAM);
    assert_eq!(bench.call(HSM, 0, &[2, 0x1000, 0]), INVALID_ADDRESS);
    bench.raw(1, HSM, 1, &[]);
    assert_eq!(bench.cpus[1].activity, Activity::Off);
    assert_eq!(bench.call(HSM, 2, &[1]), (0, 1));
}

#[test]
fn a_hart_suspends_itself() {
    let mut bench = Bench::new();
    bench.call(HSM, 0, &[1, RAM, 0]);
    bench.raw(1, HSM, 3, &[0, 0, 0]);
    assert_eq!((bench.cpus[1].activity, bench.get(1, x(10))), (Activity::Idle, 0));
    assert_eq!(bench.call(HSM, 2, &[1]), (0, 4));
    bench.cpus[1].activity = Activity::Running;
    bench.sbi.note_run(1);
    assert_eq!(bench.call(HSM, 2, &[1]), SUCCESS);
    bench.raw(1, HSM, 3, &[0x8000_0000, RAM + 16, 77]);
    let found = [PC, x(10), x(11)].map(|slot| bench.get(1, slot));
    assert_eq!((bench.cpus[1].activity, found), (Activity::Idle, [RAM + 16, 1, 77]));
    assert_eq!(bench.call(HSM, 3, &[1, 0, 0]), INVALID_PARAM);
    assert_eq!(bench.call(HSM, 3, &[0x1000_0000, 0, 0]), NOT_SUPPORTED);
}

#[test]
fn resets_become_power_requests() {
    let cases = [
        ([0, 0], Some(PowerRequest::Off { code: 0 })),
        ([0, 1], Some(PowerRequest::Off { code: 1 })),
        ([1, 0], Some(PowerRequest::Reset)),
        ([2, 0], Some(PowerRequest::Reset)),
        ([3, 0], None),
        ([0, 2], None),
    ];
    for (args, expected) in cases {
        let mut bench = Bench::new();
        let answer = bench.call(SRST, 0, &args);
        assert_eq!(bench.power.take(), expected, "{args:?}");
        assert_eq!(answer == INVALID_PARAM, expected.is_none(), "{args:?}");
    }
    let mut bench = Bench::new();
    bench.call(8, 0, &[]);
    assert_eq!(bench.power.take(), Some(PowerRequest::Off { code: 0 }));
}

#[test]
fn the_console_writes_what_is_in_ram() {
    let mut bench = Bench::new();
    bench.space.dma().write(RAM, b"hello").expect("RAM");
    assert_eq!(bench.call(DBCN, 0, &[5, RAM, 0]), (0, 5));
    assert_eq!(bench.call(DBCN, 2, &[u64::from(b'!')]), SUCCESS);
    bench.raw(0, 1, 0, &[u64::from(b'?')]);
    assert_eq!(bench.output.text(), "hello!?");
    for (bytes, low, high) in [(1, 0x1000, 0), (2, RAM + RAM_BYTES - 1, 0), (1, RAM, 1), (u64::MAX, RAM, 0)] {
        assert_eq!(bench.call(DBCN, 0, &[bytes, low, high]), INVALID_PARAM, "{bytes} {low:#x}");
        assert_eq!(bench.call(DBCN, 1, &[bytes, low, high]), INVALID_PARAM, "{bytes} {low:#x}");
    }
}

#[test]
fn the_console_reads_the_port_first() {
    let mut bench = Bench::new();
    assert_eq!(bench.call(DBCN, 1, &[4, RAM, 0]), SUCCESS);
    bench.uart.lock().expect("one thread").receive(b"a");
    bench.input.extend(b"bcd");
    assert_eq!(bench.call(DBCN, 1, &[3, RAM, 0]), (0, 3));
    assert_eq!(bench.space.dma().load(RAM), Ok(*b"abc\0"));
    bench.raw(0, 2, 0, &[]);
    assert_eq!(bench.get(0, x(10)), u64::from(b'd'));
    bench.raw(0, 2, 0, &[]);
    assert_eq!(bench.get(0, x(10)), u64::MAX);
}

#[test]
fn counters_are_found_by_event_and_started_once() {
    let mut bench = Bench::new();
    assert_eq!(bench.call(PMU, 0, &[]), (0, 2));
    // cycle and instret, 64 bits wide, hardware.
    assert_eq!(bench.call(PMU, 1, &[0]), (0, 0x3fc00));
    assert_eq!(bench.call(PMU, 1, &[1]), (0, 0x3fc02));
    assert_eq!(bench.call(PMU, 1, &[2]), INVALID_PARAM);
    assert_eq!(bench.call(PMU, 2, &[0, 0b11, 0, 2, 0]), (0, 1));
    assert_eq!(bench.call(PMU, 2, &[0, 0b01, 0, 2, 0]), NOT_SUPPORTED);
    assert_eq!(bench.call(PMU, 2, &[0, 0b11, 0, 3, 0]), NOT_SUPPORTED);
    assert_eq!(bench.call(PMU, 2, &[0, 0b100, 0, 1, 0]), INVALID_PARAM);
    assert_eq!(bench.call(PMU, 3, &[1, 1, 1, 500]), SUCCESS);
    assert_eq!(bench.get(0, MINSTRET_OFFSET), 500, "nothing has run");
    assert_eq!(bench.call(PMU, 3, &[1, 1, 0, 0]), (-7, 0));
    assert_eq!(bench.call(PMU, 4, &[1, 1, 0]), SUCCESS);
    assert_eq!(bench.call(PMU, 4, &[1, 1, 0]), (-8, 0));
    assert_eq!(bench.call(PMU, 5, &[0]), INVALID_PARAM);
}

proptest! {
    /// Whatever is asked for, nothing panics, and since nothing was typed,
    /// memory stays.
    #[test]
    fn no_call_panics(
        extension in prop_oneof![
            proptest::sample::select(vec![BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, PMU]),
            0..17u64,
            any::<u64>(),
        ],
        function in 0..9u64,
        args in proptest::array::uniform6(prop_oneof![0..5u64, RAM - 4..RAM + 4, any::<u64>()]),
    ) {
        let mut bench = Bench::new();
        bench.raw(0, extension, function, &args);
        let mut memory = vec![1; RAM_BYTES as usize];
        bench.space.dma().read(RAM, &mut memory).expect("RAM");
        prop_assert!(memory.iter().all(|byte| *byte == 0));
    }
}
