//! Our chips against those of QEMU's `virt` for Arm, as `qemu.rs` does for
//! RISC-V: the same random accesses to both, and every value read must be the
//! same. What CPUs reach by system registers cannot be compared like that.
//!
//! Without QEMU on the host these tests pass and say that they checked nothing.

mod qtest;

use bus::{AddressSpace, CharSink, Clock, CpuLines, Initiator, IrqLine, shared};
use devices::gic::v2::{GICV2_BYTES, Gicv2};
use devices::gic::v3::{DISTRIBUTOR_BYTES, Frame, Gicv3, REDISTRIBUTOR_BYTES};
use devices::gic::{CpuPins, wire};
use devices::pl011::Pl011;
use devices::pl031::Pl031;
use devices::pl061::Pl061;
use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};
use qtest::Qemu;

const DISTRIBUTOR: u64 = 0x800_0000;
const INTERFACE: u64 = 0x801_0000;
const REDISTRIBUTOR: u64 = 0x80a_0000;
const UART: u64 = 0x900_0000;
const RTC: u64 = 0x901_0000;
const GPIO: u64 = 0x903_0000;

/// Of the board with a GICv3.
const CPUS: u32 = 2;
const SPIS: u32 = 256;
/// 2001-09-09 01:46:40 UTC.
const EPOCH_NS: u64 = 1_000_000_000_000_000_000;

struct Nowhere;

impl CharSink for Nowhere {
    fn write(&mut self, _bytes: &[u8]) {}
}

/// Both boards.
struct Pair {
    qemu: Qemu,
    space: AddressSpace,
    random: TestRng,
}

impl Pair {
    fn start(version: u32) -> Option<Pair> {
        let machine = format!("virt,gic-version={version}");
        // QEMU's GICv2 with several CPUs wants to know which of them asks.
        let count = if version == 2 { 1 } else { CPUS };
        let qemu = Qemu::start(&["qemu-system-aarch64", "-machine", &machine, "-smp", &count.to_string()])?;
        let clock = Clock::counted();
        let cpus: Vec<CpuLines> = (0..count).map(|_| CpuLines::default()).collect();
        let pins = cpus.iter().map(|cpu| CpuPins { irq: cpu.line(0), fiq: cpu.line(1) }).collect();
        let mut space = AddressSpace::default();
        let inputs = if version == 2 {
            let (gic, inputs) = Gicv2::shared(SPIS, pins, Initiator::default());
            space.add_device("gic", DISTRIBUTOR..DISTRIBUTOR + GICV2_BYTES, gic);
            inputs
        } else {
            let (gic, inputs) = Gicv3::shared(SPIS, pins);
            let (first, second) = (Frame::distributor(&gic), Frame::redistributors(&gic));
            space.add_device("gicd", DISTRIBUTOR..DISTRIBUTOR + DISTRIBUTOR_BYTES, shared(first));
            let end = REDISTRIBUTOR + REDISTRIBUTOR_BYTES * u64::from(CPUS);
            space.add_device("gicr", REDISTRIBUTOR..end, shared(second));
            inputs
        };
        let spi = |n: u32| wire(&inputs, 32 + n);
        space.add_device("uart", UART..UART + 0x1000, shared(Pl011::new(spi(1), Box::new(Nowhere))));
        space.add_device("rtc", RTC..RTC + 0x1000, shared(Pl031::new(EPOCH_NS, clock, spi(2))));
        let outputs: [IrqLine; 8] = std::array::from_fn(|_| IrqLine::unconnected());
        space.add_device("gpio", GPIO..GPIO + 0x1000, shared(Pl061::new(spi(7), outputs)));
        Some(Pair { qemu, space, random: TestRng::deterministic_rng(RngAlgorithm::ChaCha) })
    }

    fn write(&mut self, at: u64, bytes: u8, value: u64) {
        self.space.write(at, bytes, value).expect("a device of ours");
        self.qemu.write(at, bytes, value);
    }

    /// Reads on both boards; bits outside `mask` need not agree.
    fn read_masked(&mut self, at: u64, bytes: u8, mask: u64) -> u64 {
        let ours = self.space.read(at, bytes).expect("a device of ours");
        let theirs = self.qemu.read(at, bytes);
        assert_eq!(
            ours & mask,
            theirs & mask,
            "read of {bytes} bytes at {at:#x}: ours {ours:#x}, QEMU's {theirs:#x}"
        );
        ours
    }

    fn read(&mut self, at: u64, bytes: u8) -> u64 {
        self.read_masked(at, bytes, u64::MAX)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.random.random_range(0..end)
    }

    fn pick(&mut self, from: &[u64]) -> u64 {
        from[self.below(from.len() as u64) as usize]
    }

    /// One of the distributor's registers with a bit or more for each interrupt.
    fn bank(&mut self) -> u64 {
        let field = self.pick(&[0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380]);
        let word = 4 * self.below(9);
        let priority = 0x400 + 4 * self.below(72);
        let target = 0x800 + 4 * self.below(72);
        let config = 0xc00 + 4 * self.below(18);
        self.pick(&[field + word, field + word, field + word, priority, target, config])
    }
}

#[test]
fn gicv2_registers() {
    let Some(mut pair) = Pair::start(2) else { return };
    for at in [0x4, 0x8].into_iter().chain((0xfd0..0x1000).step_by(4)) {
        pair.read(DISTRIBUTOR + at, 4);
    }
    pair.read(INTERFACE + 0xfc, 4);
    for _ in 0..20_000 {
        let bank = pair.bank();
        let interface = pair.pick(&[0, 4, 8, 0x1c, 0xd0, 0xe0]);
        let at = pair.pick(&[DISTRIBUTOR + bank, INTERFACE + interface, DISTRIBUTOR]);
        let value: u32 = pair.random.random();
        if pair.below(2) == 0 { _ = pair.read(at, 4) } else { pair.write(at, 4, value.into()) }
    }
}

/// Interrupts from pending to their end, by register. Both groups stay enabled:
/// QEMU lets one that is off hide less urgent ones of the other, and has no
/// aliases for group 1.
#[test]
fn gicv2_interrupts() {
    let Some(mut pair) = Pair::start(2) else { return };
    for (at, value) in [(DISTRIBUTOR, 3), (INTERFACE, 3), (INTERFACE + 4, 0xff)] {
        pair.write(at, 4, value);
    }
    let mut taken = Vec::new();
    for _ in 0..30_000 {
        let (bank, value) = (pair.bank(), u64::from(pair.random.random::<u32>()));
        let few = value & u64::from(pair.random.random::<u32>()) & u64::from(pair.random.random::<u32>());
        match pair.below(12) {
            0 | 1 => pair.write(DISTRIBUTOR + bank, 4, few),
            2 => pair.write(DISTRIBUTOR + 0xf00, 4, value & 0x01ff_000f),
            3 => {
                // QEMU takes a write of zero, or from a CPU that is none, for one.
                let at = 0xf10 + pair.below(32);
                pair.write(DISTRIBUTOR + at, 1, 1);
            }
            4 => _ = pair.read(DISTRIBUTOR + bank, 4),
            5 => pair.write(INTERFACE, 4, 3 | value & 0x21c),
            6 => {
                let at = pair.pick(&[4, 8, 0x1c]);
                pair.write(INTERFACE + at, 4, value & 0xff);
            }
            7 => _ = pair.read(INTERFACE + 0x14, 4),
            8 => _ = pair.read(INTERFACE + 0x18, 4),
            _ => {
                // Ends come in the order that the architecture asks for.
                let number = pair.read(INTERFACE + 0xc, 4);
                if number & 0x3ff < 288 {
                    taken.push(number);
                }
                if pair.below(2) == 0
                    && let Some(number) = taken.pop()
                {
                    pair.write(INTERFACE + 0x10, 4, number);
                    pair.write(INTERFACE + 0x1000, 4, number);
                }
            }
        }
    }
}

#[test]
fn gicv3_registers() {
    let Some(mut pair) = Pair::start(3) else { return };
    pair.read(DISTRIBUTOR + 8, 4);
    pair.read(REDISTRIBUTOR + 4, 4);
    for at in (0xffd0..0x1_0000).step_by(4) {
        pair.read(DISTRIBUTOR + at, 4);
        pair.read(REDISTRIBUTOR + at, 4);
    }
    // LPIs, and the width of their numbers.
    pair.read_masked(DISTRIBUTOR + 4, 4, !(1 << 17));
    for cpu in 0..2 {
        pair.read_masked(REDISTRIBUTOR + cpu * REDISTRIBUTOR_BYTES + 8, 8, !1);
    }
    for _ in 0..20_000 {
        let (bank, cpu) = (pair.bank(), pair.below(2));
        let redistributor = REDISTRIBUTOR + cpu * REDISTRIBUTOR_BYTES;
        let own = pair.pick(&[0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x41c, 0xc00, 0xc04]);
        let route = 0x6000 + 8 * pair.below(288);
        let (at, bytes) = match pair.below(6) {
            0 => (DISTRIBUTOR, 4),
            1 => (DISTRIBUTOR + route, 8),
            2 => (redistributor + 0x14, 4),
            3 => (redistributor + 0x1_0000 + own, 4),
            _ => (DISTRIBUTOR + bank, 4),
        };
        let value: u32 = pair.random.random();
        let value = match bytes {
            8 => pair.pick(&[0, 1, 0x1_0000, 0x7f_0000_0001]),
            _ => value.into(),
        };
        if pair.below(2) == 0 { _ = pair.read(at, bytes) } else { pair.write(at, bytes, value) }
    }
}

/// The transmitter of QEMU's has no FIFO either. The loop is left out: QEMU's
/// receives through it only what its trigger level lets it see.
#[test]
fn uart() {
    let Some(mut pair) = Pair::start(2) else { return };
    for at in (0xfe0..0x1000).step_by(4) {
        pair.read(UART + at, 4);
    }
    for _ in 0..20_000 {
        let register = pair.pick(&[0, 0x18, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x40, 0x44, 0x48]);
        let value: u32 = pair.random.random();
        let value = match register {
            0x0 | 0x2c => value & 0xff,
            0x28 | 0x34 => value & 0x3f,
            0x30 => value & 0xff07,
            0x38 | 0x44 => value & 0x7ff,
            0x48 => value & 7,
            _ => value & 0xffff,
        };
        if pair.below(2) == 0 {
            _ = pair.read(UART + register, 4);
        } else {
            pair.write(UART + register, 4, value.into())
        }
    }
}

/// The clocks stand still, so an alarm goes off when it is set, or never.
#[test]
fn rtc() {
    let Some(mut pair) = Pair::start(2) else { return };
    for at in (0xfe0..0x1000).step_by(4) {
        pair.read(RTC + at, 4);
    }
    for _ in 0..5_000 {
        let register = pair.pick(&[0, 4, 8, 0xc, 0x10, 0x14, 0x18, 0x1c]);
        let value: u32 = pair.random.random();
        let near = pair.read(RTC, 4) + pair.below(2);
        let value = if register == 4 { near } else { value.into() };
        match pair.below(3) {
            0 => _ = pair.read(RTC + register, 4),
            1 => _ = pair.read(DISTRIBUTOR + 0x204, 4),
            _ => pair.write(RTC + register, 4, value),
        }
    }
}

/// QEMU remembers levels as if they were edges, and takes what is driven out for
/// an event, so interrupts are left out; so are inputs, which float.
#[test]
fn gpio() {
    let Some(mut pair) = Pair::start(2) else { return };
    for at in (0xfe0..0x1000).step_by(4) {
        pair.read(GPIO + at, 4);
    }
    for _ in 0..10_000 {
        let register = pair.pick(&[0x400, 0x404, 0x408, 0x40c, 0x420]);
        let (data, value) = (4 * pair.below(256), pair.below(256));
        match pair.below(4) {
            0 => _ = pair.read(GPIO + register, 4),
            1 => {
                let outputs = pair.read(GPIO + 0x400, 4);
                pair.read_masked(GPIO + data, 4, outputs);
            }
            2 => pair.write(GPIO + data, 4, value),
            _ => pair.write(GPIO + register, 4, value),
        }
    }
}
