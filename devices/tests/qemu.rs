//! Our chips against QEMU's, register by register: the same random accesses
//! go to a small board of ours and, by the qtest protocol (QEMU,
//! docs/devel/testing/qtest.rst), to `qemu-system-riscv64 -machine virt`, and
//! every value read must be the same. Where the two differ on purpose, the
//! test says why and steers around it.
//!
//! Without QEMU on the host these tests pass and say that they checked nothing.

mod qtest;

use bus::{AddressSpace, CharSink, Clock, CpuLines, IrqLine, Ram, shared};
use devices::aclint::{CLINT_BYTES, Clint, Timebase};
use devices::cfi_flash::{BANK_BYTES, CfiFlash, SECTOR_BYTES};
use devices::fw_cfg::{FW_CFG_BYTES, FwCfg, key};
use devices::goldfish_rtc::GoldfishRtc;
use devices::ns16550::{INPUT_HZ, Ns16550};
use devices::plic::Plic;
use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};
use qtest::Qemu;
use std::sync::Arc;

/// Without firmware, as the tests reset nothing.
const QEMU: [&str; 7] = ["qemu-system-riscv64", "-machine", "virt", "-smp", "2", "-bios", "none"];

const RTC: u64 = 0x10_1000;
const CLINT: u64 = 0x200_0000;
const PLIC: u64 = 0xc00_0000;
const UART: u64 = 0x1000_0000;
const FW_CFG: u64 = 0x1010_0000;
const FLASH: u64 = 0x2000_0000;
const RAM: u64 = 0x8000_0000;

const HARTS: u32 = 2;
const TIMEBASE_HZ: u64 = 10_000_000;
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
    fn start() -> Option<Pair> {
        let qemu = Qemu::start(&QEMU)?;
        let clock = Clock::counted();
        let cpus: Vec<CpuLines> = (0..HARTS).map(|_| CpuLines::default()).collect();
        let pins = |pin: u32| cpus.iter().map(|cpu| cpu.line(pin)).collect::<Vec<_>>();
        let contexts = cpus.iter().flat_map(|cpu| [cpu.line(11), cpu.line(9)]).collect();
        let (plic, inputs) = Plic::shared(95, contexts);
        let wire = |source| IrqLine::new(Arc::clone(&inputs), source);
        let clint = shared(Clint::new(Timebase::new(clock.clone(), TIMEBASE_HZ), pins(3), pins(7)));
        let rtc = shared(GoldfishRtc::new(EPOCH_NS, clock.clone(), wire(11)));
        let uart = shared(Ns16550::new(INPUT_HZ, clock.clone(), wire(10), Box::new(Nowhere)));
        let flash = CfiFlash::new(BANK_BYTES, vec![0; BANK_BYTES], false).expect("a whole bank");

        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::new(Ram::new(RAM, 16 << 20).expect("a small mapping")));
        let mut cfg = FwCfg::new(space.dma());
        cfg.add_bytes(key::NB_CPUS, (HARTS as u16).to_le_bytes());
        space.add_device("rtc", RTC..RTC + 0x20, rtc.clone());
        space.add_device("clint", CLINT..CLINT + CLINT_BYTES, clint.clone());
        space.add_device("plic", PLIC..PLIC + 0x60_0000, plic);
        space.add_device("uart", UART..UART + 8, uart.clone());
        space.add_device("fw-cfg", FW_CFG..FW_CFG + FW_CFG_BYTES, shared(cfg));
        space.add_device("flash", FLASH..FLASH + BANK_BYTES as u64, shared(flash));
        let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        Some(Pair { qemu, space, random })
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
}

/// QEMU's loop reports no changes of the modem lines, so MSR bits 3:0 and the
/// interrupt they raise are left out; so are resets of the FIFOs while the
/// FIFOs are off, which mean nothing.
#[test]
fn uart() {
    let Some(mut pair) = Pair::start() else { return };
    for _ in 0..20_000 {
        let register = pair.below(8);
        let at = UART + register;
        if pair.below(2) == 0 {
            pair.read_masked(at, 1, if register == 6 { 0xf0 } else { 0xff });
        } else {
            let value = match register {
                0 => pair.below(256),
                1 => pair.below(8),
                2 => pair.pick(&[0, 0x01, 0x03, 0x05, 0x41, 0x87, 0xc1]),
                3 => pair.pick(&[0x03, 0x03, 0x03, 0x1f, 0x83]),
                4 => pair.below(32),
                7 => pair.below(256),
                _ => continue,
            };
            pair.write(at, 1, value);
        }
    }
}

#[test]
fn clint() {
    let Some(mut pair) = Pair::start() else { return };
    let timers = [0x4000, 0x4004, 0x4008, 0x400c, 0xbff8, 0xbffc];
    for (at, bytes) in [(0x4000, 8), (0x4008, 8)] {
        pair.write(CLINT + at, bytes, u64::MAX);
    }
    for _ in 0..10_000 {
        let software = pair.below(2) * 4;
        let timer = pair.pick(&timers);
        let wide = pair.random.random();
        match pair.below(6) {
            0 => {
                pair.read(CLINT + software, 4);
            }
            1 => {
                let value: u32 = pair.random.random();
                pair.write(CLINT + software, 4, value.into());
            }
            2 => {
                pair.read(CLINT + timer, 4);
            }
            3 => {
                pair.read(CLINT + (timer & !7), 8);
            }
            4 => pair.write(CLINT + (timer & !7), 8, wide),
            _ => pair.write(CLINT + timer, 4, wide & 0xffff_ffff),
        }
    }
}

/// QEMU lets software set the enable bit of source 0, which is none.
#[test]
fn plic() {
    let Some(mut pair) = Pair::start() else { return };
    for _ in 0..20_000 {
        let context = pair.below(4);
        let source = pair.below(96);
        let registers = [
            4 * source,
            0x1000 + source / 32 * 4,
            0x2000 + 0x80 * context + source / 32 * 4,
            0x20_0000 + 0x1000 * context,
            0x20_0004 + 0x1000 * context,
        ];
        let at = PLIC + pair.pick(&registers);
        let value: u32 = pair.random.random();
        if pair.below(2) == 0 {
            let source_0 = u64::from(at & 0x7f == 0 && (0x2000..0x2200).contains(&(at - PLIC)));
            pair.read_masked(at, 4, !source_0);
        } else {
            pair.write(at, 4, value.into());
        }
    }
}

/// QEMU does not look at the alarm when the time is set, so the alarm is
/// cleared before.
#[test]
fn rtc() {
    let Some(mut pair) = Pair::start() else { return };
    for _ in 0..5_000 {
        let register = 4 * pair.below(8);
        let value: u32 = pair.random.random();
        match pair.below(3) {
            0 => {
                pair.read(RTC + register, 4);
            }
            1 => {
                if register < 8 {
                    pair.write(RTC + 0x14, 4, 0);
                }
                pair.write(RTC + register, 4, value.into());
            }
            _ => {
                pair.read(PLIC + 0x1000, 4);
            }
        }
    }
}

/// Where reading goes on after a transfer that failed is nobody's promise, so
/// an item is selected then.
#[test]
fn fw_cfg() {
    let Some(mut pair) = Pair::start() else { return };
    for register in [16, 20] {
        pair.read(FW_CFG + register, 4);
    }
    pair.read(FW_CFG + 16, 8);
    let descriptor = RAM + 0x1000;
    for _ in 0..3_000 {
        let key = pair.pick(&[0, 1, 5, 0x3ffe]) as u16;
        match pair.below(3) {
            0 => pair.write(FW_CFG + 8, 2, key.swap_bytes().into()),
            1 => {
                let bytes = pair.pick(&[1, 2, 4, 8]) as u8;
                pair.read(FW_CFG, bytes);
            }
            _ => {
                let control = pair.below(32) as u32 & !1 | u32::from(key) << 16;
                let length = pair.below(16) as u32;
                let address = pair.pick(&[RAM, RAM + 0x30, 0x9000_0000]);
                pair.write(descriptor, 4, control.swap_bytes().into());
                pair.write(descriptor + 4, 4, length.swap_bytes().into());
                pair.write(descriptor + 8, 8, address.swap_bytes());
                pair.write(FW_CFG + 16, 8, descriptor.swap_bytes());
                if pair.read(descriptor, 4) != 0 {
                    pair.write(FW_CFG + 8, 2, 0);
                }
                for word in 0..8 {
                    pair.read(RAM + 8 * word, 8);
                }
            }
        }
    }
}

/// Interrupts from chip to controller to claim, all by register: the clock
/// alarm and the serial port raise sources 11 and 10. QEMU compares the claim
/// with the threshold, which the PLIC specification does not, so thresholds
/// stay zero. It takes completions of sources that are not enabled, and looks
/// at the wire again only when it rises, so a claim is completed at once, with
/// the wire low.
#[test]
fn interrupts() {
    let Some(mut pair) = Pair::start() else { return };
    for source in [10, 11] {
        let priority = pair.below(7) + 1;
        pair.write(PLIC + 4 * source, 4, priority);
    }
    for context in 0..4 {
        pair.write(PLIC + 0x2000 + 0x80 * context, 4, 3 << 10);
    }
    for _ in 0..2_000 {
        let (uart, rtc) = (pair.below(2), pair.below(2));
        if rtc != 0 {
            pair.write(RTC + 0x10, 4, 1);
            pair.write(RTC + 0x08, 4, 0);
        }
        if uart != 0 {
            pair.write(UART + 1, 1, 0);
            pair.write(UART + 1, 1, 2);
        }
        pair.read(PLIC + 0x1000, 4);
        pair.write(UART + 1, 1, 0);
        pair.write(RTC + 0x1c, 4, 1);
        pair.read(PLIC + 0x1000, 4);
        for _ in 0..3 {
            let context = pair.below(4);
            let claim = PLIC + 0x20_0004 + 0x1000 * context;
            let source = pair.read(claim, 4);
            pair.write(claim, 4, source);
        }
    }
}

/// Programming only writes over erased cells: QEMU's flash stores what it is
/// given, where a real one can only clear bits. Between reading modes comes read
/// array, since QEMU takes little else in query mode.
#[test]
fn flash() {
    let Some(mut pair) = Pair::start() else { return };
    let both = |command: u64| command << 16 | command;
    for command in [0x98, 0x90, 0x70] {
        pair.write(FLASH, 4, both(0xff));
        pair.write(FLASH, 4, both(command));
        for word in 0..0x60 {
            pair.read(FLASH + 4 * word, 4);
        }
    }
    pair.write(FLASH, 4, both(0xff));
    for block in 0..6 {
        let base = FLASH + block * SECTOR_BYTES as u64;
        for command in [0x20, 0xd0, 0x50] {
            pair.write(base, 4, both(command));
        }
        let words = pair.below(40) + 1;
        pair.write(base, 4, both(0xe8));
        pair.read(base, 4);
        pair.write(base, 4, both(words - 1));
        for word in 0..words {
            let data: u32 = pair.random.random();
            pair.write(base + 4 * word, 4, data.into());
        }
        pair.write(base, 4, both(0xd0));
        pair.read(base, 4);
        let data: u32 = pair.random.random();
        pair.write(base + 0x1000, 4, both(0x40));
        pair.write(base + 0x1000, 4, data.into());
        pair.read(base, 4);
        pair.write(base, 4, both(0xff));
        for word in 0..0x410 {
            pair.read(base + 4 * word, 4);
        }
        let (at, bytes) = (base + pair.below(0x1000), pair.pick(&[1, 2, 4, 8]) as u8);
        pair.read(at, bytes);
    }
}
