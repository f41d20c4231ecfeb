//! The devices. Hot values and offsets lead random accesses to where things
//! happen; they are no expectations.

use super::rig::{Constant, RAM, Rig, Silence};
use super::{Outside, Subject, conform};
use bus::{CharPort, IrqInputs, IrqLine};
use devices::aclint::{CLINT_BYTES, Clint, MTIMER_BYTES, Mswi, Mtimer, SWI_BYTES, Sswi, Timebase};
use devices::cfi_flash::{BANK_BYTES, CfiFlash};
use devices::finisher::Finisher;
use devices::fw_cfg::{FW_CFG_BYTES, FwCfg};
use devices::generic_timer::{GENERIC_TIMER_BYTES, GenericTimer};
use devices::gic::CpuPins;
use devices::gic::v2::{GICV2_BYTES, Gicv2};
use devices::gic::v3::{GICV3_BYTES, Gicv3, encoding};
use devices::goldfish_rtc::GoldfishRtc;
use devices::gpio_key::GpioKey;
use devices::ns16550::{INPUT_HZ, Ns16550};
use devices::pl011::Pl011;
use devices::pl031::Pl031;
use devices::pl061::Pl061;
use devices::plic::Plic;
use devices::primecell::PRIMECELL_BYTES;
use devices::virtio::{
    Blk, Console, EmptySlot, MacAddr, MmioTransport, Net, Rng, VirtioDevice, WINDOW_BYTES,
};

const HZ: u64 = 10_000_000;
const MAC: MacAddr = [2, 0, 0, 0, 0, 1];
/// The start of RAM as a little-endian guest writes a big-endian address.
const RAM_BIG_ENDIAN: u64 = RAM.swap_bytes();

fn nothing<D>(_device: &mut D, _value: u64) {}

#[test]
fn ns16550() {
    conform(&Subject {
        make: |rig| {
            let (clock, irq) = (rig.clock.clone(), rig.wires[0].clone());
            Ns16550::new(INPUT_HZ, clock, irq, Box::new(rig.output.clone()))
        },
        span: 0x100,
        offsets: &[0, 1, 2, 3, 4, 5, 6, 7],
        values: &[0, 1, 2, 3, 5, 0x0f, 0x10, 0x1f, 0x41, 0x81, 0xc7, 0x83],
        outside: |uart, value| {
            uart.receive(&value.to_le_bytes()[..value as usize % 9]);
        },
    });
}

#[test]
fn plic() {
    conform(&Subject {
        make: |rig| Plic::new(95, rig.wires[..4].to_vec()),
        span: 0x60_0000,
        offsets: &[
            4, 8, 0x28, 0x80, 0x1000, 0x2000, 0x2080, 0x2084, 0x20_0000, 0x20_0004, 0x20_1004, 0x20_2004,
        ],
        values: &[0, 1, 2, 7, 10, 32, u64::MAX, 0x406],
        outside: |plic, value| plic.set_level(value as u32 % 40, value >> 32 & 1 != 0),
    });
}

fn cpu_pins(rig: &Rig) -> Vec<CpuPins> {
    rig.wires.chunks(2).map(|pair| CpuPins { irq: pair[0].clone(), fiq: pair[1].clone() }).collect()
}

#[test]
fn gicv2() {
    conform(&Subject {
        make: |rig| Gicv2::new(64, cpu_pins(rig), rig.initiator.clone()),
        span: GICV2_BYTES,
        offsets: &[
            0, 0x80, 0x100, 0x104, 0x200, 0x204, 0x284, 0x304, 0x380, 0x400, 0x420, 0x820, 0xc08, 0xf00,
            0xf10, 0xf20, 0x1_0000, 0x1_0004, 0x1_0008, 0x1_000c, 0x1_0010, 0x1_0014, 0x1_0018, 0x1_0020,
            0x1_0024, 0x1_1000,
        ],
        values: &[0, 1, 2, 3, 0xf, 0xff, 0x203, 0x2000_0001, 0x0107_0003, 32, 33, 0xffff_ffff, 0x0101_0101],
        outside: |gic, value| gic.set_level(value as u32 & 0x3_003f, value >> 32 & 1 != 0),
    });
}

/// Offset of a system register of CPU 1.
const fn icc(register: [u32; 4]) -> u64 {
    0x32_0000 + 8 * encoding(register) as u64
}

const GICV3_OFFSETS: [u64; 24] = [
    0,
    0x84,
    0x104,
    0x204,
    0x420,
    0x6100,
    0x6108,
    0x12_0014,
    0x13_0080,
    0x13_0100,
    0x13_0200,
    0x13_0c04,
    icc([0, 4, 6, 0]),
    icc([0, 12, 8, 0]),
    icc([0, 12, 8, 1]),
    icc([0, 12, 11, 1]),
    icc([0, 12, 11, 3]),
    icc([0, 12, 11, 5]),
    icc([0, 12, 12, 0]),
    icc([0, 12, 12, 1]),
    icc([0, 12, 12, 2]),
    icc([0, 12, 12, 4]),
    icc([0, 12, 12, 6]),
    icc([0, 12, 12, 7]),
];

#[test]
fn gicv3() {
    conform(&Subject {
        make: |rig| Gicv3::new(64, cpu_pins(rig)),
        span: GICV3_BYTES,
        offsets: &GICV3_OFFSETS,
        values: &[0, 1, 2, 3, 0xf, 0xf0, 0x0100_0002, 0x100_0000_0000, 32, 33, 0xffff_ffff],
        outside: |gic, value| gic.set_level(value as u32 & 0x3_003f, value >> 32 & 1 != 0),
    });
}

#[test]
fn pl011() {
    conform(&Subject {
        make: |rig| Pl011::new(rig.wires[0].clone(), Box::new(rig.output.clone())),
        span: PRIMECELL_BYTES,
        offsets: &[0, 4, 0x18, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x40, 0x44, 0x48],
        values: &[0, 0x10, 0x20, 0x30, 0x70, 0x301, 0x381, 0x410, 0x7ff],
        outside: |uart, value| {
            uart.receive(&value.to_le_bytes()[..value as usize % 9]);
        },
    });
}

#[test]
fn pl031() {
    conform(&Subject {
        make: |rig| Pl031::new(1 << 60, rig.clock.clone(), rig.wires[0].clone()),
        span: PRIMECELL_BYTES,
        offsets: &[0, 4, 8, 0xc, 0x10, 0x14, 0x18, 0x1c],
        values: &[0, 1, 2, 0x44b8_2fa0, 0x44b8_2fa1, u64::MAX],
        outside: nothing,
    });
}

#[test]
fn pl061() {
    conform(&Subject {
        make: |rig| {
            let output = |n: usize| if n < 2 { rig.wires[1 + n].clone() } else { IrqLine::unconnected() };
            Pl061::new(rig.wires[0].clone(), std::array::from_fn(output))
        },
        span: PRIMECELL_BYTES,
        offsets: &[0x3fc, 0xc, 0x400, 0x404, 0x408, 0x40c, 0x410, 0x414, 0x418, 0x41c, 0x420],
        values: &[0, 1, 3, 8, 0xf0, 0xff],
        outside: |gpio, value| gpio.set_level(value as u32 % 10, value >> 32 & 1 != 0),
    });
}

#[test]
fn gpio_key() {
    conform(&Subject {
        make: |rig| GpioKey::new(rig.clock.clone(), rig.wires[0].clone()),
        span: 8,
        offsets: &[0],
        values: &[1],
        outside: |key, _| key.press(),
    });
}

fn timebase(rig: &Rig) -> Timebase {
    Timebase::new(rig.clock.clone(), HZ)
}

#[test]
fn clint() {
    conform(&Subject {
        make: |rig| Clint::new(timebase(rig), rig.wires[..2].to_vec(), rig.wires[2..4].to_vec()),
        span: CLINT_BYTES,
        offsets: &[0, 4, 0x4000, 0x4004, 0x4008, 0xbff8, 0xbffc],
        values: &[0, 1, 100, 5000, 10_000, u64::MAX, u64::MAX - 1000],
        outside: nothing,
    });
}

#[test]
fn aclint_mtimer() {
    conform(&Subject {
        make: |rig| Mtimer::new(timebase(rig), rig.wires[..2].to_vec()),
        span: MTIMER_BYTES,
        offsets: &[0, 4, 8, 12, 0x7ff8, 0x7ffc],
        values: &[0, 1, 100, 5000, 10_000, u64::MAX, u64::MAX - 1000],
        outside: nothing,
    });
}

#[test]
fn aclint_mswi() {
    conform(&Subject {
        make: |rig| Mswi::new(rig.wires[..3].to_vec()),
        span: SWI_BYTES,
        offsets: &[0, 4, 8, 12],
        values: &[0, 1],
        outside: nothing,
    });
}

#[test]
fn aclint_sswi() {
    conform(&Subject {
        make: |rig| Sswi::new(rig.wires[..3].to_vec()),
        span: SWI_BYTES,
        offsets: &[0, 4, 8, 12],
        values: &[0, 1],
        outside: nothing,
    });
}

#[test]
fn generic_timer() {
    conform(&Subject {
        make: |rig| {
            let lines = std::array::from_fn(|n| rig.wires[n].clone());
            GenericTimer::new(rig.clock.clone(), lines)
        },
        span: GENERIC_TIMER_BYTES,
        offsets: &[0, 8, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38, 0x40],
        values: &[0, 1, 2, 3, 100, 5000, u64::MAX, u64::MAX - 1000],
        outside: nothing,
    });
}

#[test]
fn goldfish_rtc() {
    conform(&Subject {
        make: |rig| GoldfishRtc::new(1 << 60, rig.clock.clone(), rig.wires[0].clone()),
        span: 0x1000,
        offsets: &[0, 4, 8, 0xc, 0x10, 0x14, 0x18, 0x1c],
        values: &[0, 1, 1 << 28, 50_000, 500_000, u64::MAX],
        outside: nothing,
    });
}

#[test]
fn finisher() {
    conform(&Subject {
        make: |rig| Finisher::new(rig.power.clone()),
        span: 0x1000,
        offsets: &[0],
        values: &[0x5555, 0x3333, 0x2a_3333, 0x7777],
        outside: nothing,
    });
}

#[test]
fn cfi_flash() {
    conform(&Subject {
        make: |_| CfiFlash::new(BANK_BYTES, vec![0x5a; 4096], false).expect("a small image"),
        span: BANK_BYTES as u64,
        offsets: &[0, 2, 4, 0x40, 0xffc, 0x1000],
        values: &[
            0, 1, 0x20, 0x40, 0x50, 0x60, 0x70, 0x90, 0x98, 0xd0, 0xe8, 0xff, 0xd0_00d0, 0xe8_00e8, 0x1_0001,
        ],
        outside: nothing,
    });
}

#[test]
fn fw_cfg() {
    conform(&Subject {
        make: |rig| {
            let mut cfg = FwCfg::new(rig.dma.clone());
            cfg.add_file("opt/read", *b"some bytes").expect("room");
            cfg.add_writable_file("opt/write", [0; 32]).expect("room");
            cfg
        },
        span: FW_CFG_BYTES,
        offsets: &[0, 8, 16, 20],
        // Keys and addresses as a little-endian guest writes them; the rest
        // are halves of descriptors.
        values: &[
            0,
            0x1900,
            0x2000,
            0x2100,
            0x80,
            RAM_BIG_ENDIAN,
            0x0800_0000_1800_2100,
            0x0800_0000_0a00_2000,
        ],
        outside: nothing,
    });
}

/// A virtio device behind its window. The values set it up with its rings in
/// RAM as often as not.
fn virtio<D: VirtioDevice>(make: fn(&Rig) -> MmioTransport<D>, outside: Outside<MmioTransport<D>>) {
    conform(&Subject {
        make,
        span: WINDOW_BYTES,
        offsets: &[
            0x14, 0x20, 0x24, 0x30, 0x38, 0x44, 0x50, 0x60, 0x64, 0x70, 0x80, 0x84, 0x90, 0x94, 0xa0, 0xa4,
            0xc0, 0x100, 0x108,
        ],
        values: &[
            0,
            1,
            2,
            3,
            4,
            8,
            0xb,
            0xf,
            RAM,
            RAM + 0x100,
            RAM + 0x200,
            0x1_0000_0010,
            0x2_0001_0000_0010,
        ],
        outside,
    });
}

#[test]
fn virtio_blk() {
    virtio(
        |rig| {
            MmioTransport::new(
                Blk::new(Box::new(rig.disk.clone()), "disk"),
                rig.dma.clone(),
                rig.wires[0].clone(),
            )
        },
        |slot, _| slot.poll(),
    );
}

#[test]
fn virtio_net() {
    let make = |rig: &Rig| {
        let net = Net::new(Box::new(Silence), MAC, rig.clock.clone());
        MmioTransport::new(net, rig.dma.clone(), rig.wires[0].clone())
    };
    virtio(make, |slot, _| slot.poll());
}

#[test]
fn virtio_rng() {
    virtio(
        |rig| MmioTransport::new(Rng::new(Box::new(Constant)), rig.dma.clone(), rig.wires[0].clone()),
        |slot, _| slot.poll(),
    );
}

#[test]
fn virtio_console() {
    let make = |rig: &Rig| {
        let console = Console::new(Box::new(rig.output.clone()), Some((80, 25)));
        MmioTransport::new(console, rig.dma.clone(), rig.wires[0].clone())
    };
    virtio(make, |slot, value| {
        let chars = value.to_le_bytes();
        slot.with_device(|console| console.receive(&chars[..value as usize % 9]));
    });
}

#[test]
fn virtio_empty_slot() {
    conform(&Subject {
        make: |_| EmptySlot,
        span: WINDOW_BYTES,
        offsets: &[0, 4, 8, 0x70],
        values: &[0, 1],
        outside: nothing,
    });
}
