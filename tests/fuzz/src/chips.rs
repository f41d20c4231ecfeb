//! Every chip, wired to a [`Rig`], and what is done to them.

use bus::{AnySnapshot, Device, Initiator, IrqLine};
use devices::aclint::{CLINT_BYTES, Clint, MTIMER_BYTES, Mswi, Mtimer, SWI_BYTES, Sswi, Timebase};
use devices::generic_timer::{GENERIC_TIMER_BYTES, GenericTimer};
use devices::cfi_flash::{BANK_BYTES, CfiFlash};
use devices::finisher::Finisher;
use devices::fw_cfg::{FW_CFG_BYTES, FwCfg};
use devices::gic::CpuPins;
use devices::gic::v2::{GICV2_BYTES, Gicv2};
use devices::gic::v3::{GICV3_BYTES, Gicv3};
use devices::goldfish_rtc::GoldfishRtc;
use devices::gpio_key::GpioKey;
use devices::ns16550::{INPUT_HZ, Ns16550};
use devices::pl011::Pl011;
use devices::pl031::Pl031;
use devices::pl061::Pl061;
use devices::plic::Plic;
use devices::primecell::PRIMECELL_BYTES;
use devices::virtio::{Blk, Console, EmptySlot, MmioTransport, Net, Rng, VirtioDevice, WINDOW_BYTES};

use crate::Script;
use crate::rig::{Constant, RAM, Rig, Silence};

/// A device with a state that can be saved.
pub trait Chip: Device + AnySnapshot {}

impl<T: Device + AnySnapshot> Chip for T {}

/// How a chip is made, and where its registers are.
pub struct Kind {
    /// Makes it, after power-on.
    pub make: fn(&Rig) -> Box<dyn Chip>,
    /// The size of its register block in bytes.
    pub span: u64,
    /// Offsets that lead somewhere.
    pub offsets: &'static [u64],
    /// Values that mean something.
    pub values: &'static [u64],
}

const HZ: u64 = 10_000_000;
const MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
/// The start of RAM as a little-endian guest writes a big-endian address.
const RAM_BIG_ENDIAN: u64 = RAM.swap_bytes();

const WINDOW_OFFSETS: &[u64] = &[
    0x14, 0x20, 0x24, 0x30, 0x38, 0x44, 0x50, 0x60, 0x64, 0x70, 0x80, 0x84, 0x90, 0x94, 0xa0, 0xa4, 0xc0,
    0x100, 0x108,
];
const WINDOW_VALUES: &[u64] = &[1, 3, 8, 0xb, 0xf, RAM, RAM + 0x100, RAM + 0x1000, RAM + 0x2000];
const TIMES: &[u64] = &[100, 5000, 10_000, u64::MAX, u64::MAX - 1000];

fn timebase(rig: &Rig) -> Timebase {
    Timebase::new(rig.clock.clone(), HZ)
}

fn cpu_pins(rig: &Rig) -> Vec<CpuPins> {
    rig.wires.chunks_exact(2).map(|pair| CpuPins { irq: pair[0].clone(), fiq: pair[1].clone() }).collect()
}

fn window<D: VirtioDevice + 'static>(rig: &Rig, device: D) -> Box<dyn Chip> {
    Box::new(MmioTransport::new(device, rig.dma.clone(), rig.wires[0].clone()))
}

/// The virtio devices, each in its window.
pub const VIRTIO: [Kind; 4] = [
    virtio(|rig| window(rig, Blk::new(Box::new(rig.disk.clone()), "disk"))),
    virtio(|rig| window(rig, Net::new(Box::new(Silence), MAC, rig.clock.clone()))),
    virtio(|rig| window(rig, Rng::new(Box::new(Constant)))),
    virtio(|rig| window(rig, Console::new(Box::new(rig.output.clone()), Some((80, 25))))),
];

const fn virtio(make: fn(&Rig) -> Box<dyn Chip>) -> Kind {
    Kind { make, span: WINDOW_BYTES, offsets: WINDOW_OFFSETS, values: WINDOW_VALUES }
}

/// The chips that are no virtio device.
const OTHERS: [Kind; 18] = [
    Kind {
        make: |rig| {
            let (clock, irq) = (rig.clock.clone(), rig.wires[0].clone());
            Box::new(Ns16550::new(INPUT_HZ, clock, irq, Box::new(rig.output.clone())))
        },
        span: 0x100,
        offsets: &[0, 1, 2, 3, 4, 5, 6, 7],
        values: &[1, 0x0f, 0x10, 0x1f, 0x81, 0xc7],
    },
    Kind {
        make: |rig| Box::new(Plic::new(95, rig.wires[..4].to_vec())),
        span: 0x60_0000,
        offsets: &[4, 0x28, 0x1000, 0x2000, 0x2080, 0x20_0000, 0x20_0004, 0x20_1004],
        values: &[1, 7, 32, 0x406],
    },
    Kind {
        make: |rig| Box::new(Clint::new(timebase(rig), rig.wires[..2].to_vec(), rig.wires[2..4].to_vec())),
        span: CLINT_BYTES,
        offsets: &[0, 4, 0x4000, 0x4004, 0xbff8, 0xbffc],
        values: TIMES,
    },
    Kind {
        make: |rig| Box::new(Mtimer::new(timebase(rig), rig.wires[..2].to_vec())),
        span: MTIMER_BYTES,
        offsets: &[0, 4, 8, 12, 0x7ff8, 0x7ffc],
        values: TIMES,
    },
    Kind {
        make: |rig| Box::new(Mswi::new(rig.wires[..3].to_vec())),
        span: SWI_BYTES,
        offsets: &[0, 4, 8, 12],
        values: &[1],
    },
    Kind {
        make: |rig| Box::new(Sswi::new(rig.wires[..3].to_vec())),
        span: SWI_BYTES,
        offsets: &[0, 4, 8, 12],
        values: &[1],
    },
    Kind {
        make: |rig| Box::new(GoldfishRtc::new(1 << 60, rig.clock.clone(), rig.wires[0].clone())),
        span: 0x1000,
        offsets: &[0, 4, 8, 0xc, 0x10, 0x14, 0x18, 0x1c],
        values: &[1 << 28, 50_000, u64::MAX],
    },
    Kind {
        make: |rig| Box::new(Finisher::new(rig.power.clone())),
        span: 0x1000,
        offsets: &[0],
        values: &[0x5555, 0x3333, 0x2a_3333, 0x7777],
    },
    Kind {
        make: |_| Box::new(CfiFlash::new(BANK_BYTES, vec![0x5a; 4096], false).expect("a small image")),
        span: BANK_BYTES as u64,
        offsets: &[0, 2, 4, 0x40, 0xffc, 0x1000],
        values: &[0x20, 0x40, 0x50, 0x60, 0x70, 0x90, 0x98, 0xd0, 0xe8, 0xff, 0xd0_00d0, 0xe8_00e8],
    },
    Kind {
        make: |rig| {
            let mut cfg = FwCfg::new(rig.dma.clone());
            cfg.add_file("opt/read", *b"some bytes").expect("room");
            cfg.add_writable_file("opt/write", [0; 32]).expect("room");
            Box::new(cfg)
        },
        span: FW_CFG_BYTES,
        offsets: &[0, 8, 16, 20],
        values: &[0x1900, 0x2000, 0x2100, RAM_BIG_ENDIAN, 0x0800_0000_1800_2100, 0x0800_0000_0a00_2000],
    },
    Kind {
        make: |rig| Box::new(Gicv2::new(64, cpu_pins(rig), Initiator::default())),
        span: GICV2_BYTES,
        offsets: &[0, 0x80, 0x100, 0x200, 0x400, 0x820, 0xf00, 0x1_0000, 0x1_0004, 0x1_000c, 0x1_0010],
        values: &[1, 3, 0xff, 0x203, 0x2000_0001, 32, 0xffff_ffff],
    },
    Kind {
        make: |rig| Box::new(Gicv3::new(64, cpu_pins(rig))),
        span: GICV3_BYTES,
        offsets: &[0, 0x84, 0x104, 0x204, 0x6100, 0x12_0014, 0x13_0080, 0x13_0100, 0x13_0200, 0x32_3230],
        values: &[1, 3, 0xf0, 0x0100_0002, 32, 0xffff_ffff],
    },
    Kind {
        make: |rig| {
            let lines = std::array::from_fn(|n| rig.wires[n].clone());
            Box::new(GenericTimer::new(rig.clock.clone(), lines))
        },
        span: GENERIC_TIMER_BYTES,
        offsets: &[0, 8, 0x10, 0x18, 0x40],
        values: TIMES,
    },
    Kind {
        make: |rig| Box::new(Pl011::new(rig.wires[0].clone(), Box::new(rig.output.clone()))),
        span: PRIMECELL_BYTES,
        offsets: &[0, 4, 0x18, 0x2c, 0x30, 0x38, 0x3c, 0x44],
        values: &[0x10, 0x70, 0x301, 0x381, 0x7ff],
    },
    Kind {
        make: |rig| Box::new(Pl031::new(1 << 60, rig.clock.clone(), rig.wires[0].clone())),
        span: PRIMECELL_BYTES,
        offsets: &[0, 4, 8, 0x10, 0x14, 0x1c],
        values: &[1, 2, 0x44b8_2fa0, u64::MAX],
    },
    Kind {
        make: |rig| {
            let outputs = std::array::from_fn(|_| IrqLine::unconnected());
            Box::new(Pl061::new(rig.wires[0].clone(), outputs))
        },
        span: PRIMECELL_BYTES,
        offsets: &[0x3fc, 0x400, 0x404, 0x408, 0x40c, 0x410, 0x41c],
        values: &[1, 8, 0xf0, 0xff],
    },
    Kind {
        make: |rig| Box::new(GpioKey::new(rig.clock.clone(), rig.wires[0].clone())),
        span: 8,
        offsets: &[0],
        values: &[1],
    },
    Kind { make: |_| Box::new(EmptySlot), span: WINDOW_BYTES, offsets: &[0, 4, 8, 0x70], values: &[1] },
];

/// A kind of chip that `script` chooses.
pub fn kind(script: &mut Script<'_>) -> &'static Kind {
    static ALL: [&[Kind]; 2] = [&OTHERS, &VIRTIO];
    let index = script.below(OTHERS.len() + VIRTIO.len());
    ALL.iter().flat_map(|kinds| *kinds).nth(index).expect("as many as were counted")
}

impl Kind {
    /// Does one thing to `chip`, as a machine would: an access that stays in
    /// its block, time that passes, memory that changes, or a reset.
    pub fn step(&self, chip: &mut dyn Chip, rig: &Rig, script: &mut Script<'_>) {
        match script.byte() % 16 {
            0..=8 => self.access(chip, script),
            9 | 10 => rig.clock.advance_to(rig.clock.now_ns().saturating_add(script.word().into())),
            11..=13 => rig.poke(RAM + 8 * script.below(0x800) as u64, script.value(self.values)),
            14 => {
                let record = chip.save_any();
                chip.restore_any(record.clone()).expect("a state that was saved");
                assert_eq!(chip.save_any(), record);
            }
            _ if script.byte() < 16 => chip.reset(),
            _ => (),
        }
        if chip.deadline().is_some_and(|due_ns| due_ns <= rig.clock.now_ns()) {
            chip.expire();
        }
    }

    fn access(&self, chip: &mut dyn Chip, script: &mut Script<'_>) {
        let bytes = 1_u8 << (script.byte() % 4);
        let offset = if script.byte() < 192 { script.pick(self.offsets) } else { script.word().into() };
        let offset = offset % (self.span - u64::from(bytes) + 1);
        if script.byte() % 4 == 0 {
            chip.read(offset, bytes);
        } else {
            let value = script.value(self.values) & u64::MAX >> (64 - 8 * u32::from(bytes));
            chip.write(offset, bytes, value);
        }
    }
}
