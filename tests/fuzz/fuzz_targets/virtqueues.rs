//! Any descriptors and rings, given to virtio devices that are set up in order
//! or nearly so.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_fuzz::Script;
use mynah_fuzz::chips::{Chip, VIRTIO};
use mynah_fuzz::rig::{RAM, Rig};

/// Bytes of the rig's RAM; queue 0 has its rings on the first page, queue 1 on
/// the second, and so on.
const RAM_BYTES: u64 = 4 << 12;
const QUEUE_SIZE: u64 = 16;

/// Register offsets (virtio 1.2, section 4.2.2).
mod reg {
    pub const DRIVER_FEATURES: u64 = 0x20;
    pub const DRIVER_FEATURES_SEL: u64 = 0x24;
    pub const QUEUE_SEL: u64 = 0x30;
    pub const QUEUE_NUM: u64 = 0x38;
    pub const QUEUE_READY: u64 = 0x44;
    pub const QUEUE_NOTIFY: u64 = 0x50;
    pub const INTERRUPT_ACK: u64 = 0x64;
    pub const STATUS: u64 = 0x70;
    pub const RINGS: [(u64, u64); 3] = [(0x80, 0), (0x90, 0x400), (0xa0, 0x800)];
    pub const DEVICE_FEATURES: u64 = 0x10;
    pub const DEVICE_FEATURES_SEL: u64 = 0x14;
}

/// Where queue `queue` has its rings.
fn rings(queue: u64) -> u64 {
    RAM + (queue % 3 << 12)
}

fn start(chip: &mut dyn Chip, features_off: u64) {
    chip.write(reg::STATUS, 4, 0);
    chip.write(reg::STATUS, 4, 3);
    for half in 0..2 {
        chip.write(reg::DEVICE_FEATURES_SEL, 4, half);
        let offered = chip.read(reg::DEVICE_FEATURES, 4);
        chip.write(reg::DRIVER_FEATURES_SEL, 4, half);
        chip.write(reg::DRIVER_FEATURES, 4, offered & !(features_off >> (32 * half)) & 0xffff_ffff);
    }
    chip.write(reg::STATUS, 4, 0xb);
    for queue in 0..4 {
        chip.write(reg::QUEUE_SEL, 4, queue);
        chip.write(reg::QUEUE_NUM, 4, QUEUE_SIZE);
        for (register, offset) in reg::RINGS {
            chip.write(register, 4, rings(queue) + offset);
            chip.write(register + 4, 4, 0);
        }
        chip.write(reg::QUEUE_READY, 4, 1);
    }
    chip.write(reg::STATUS, 4, 0xf);
}

/// A descriptor: buffers in RAM and near its ends, lengths that fit and that
/// overflow, chains that lead anywhere.
fn descriptor(script: &mut Script<'_>) -> [u64; 2] {
    let at = match script.byte() % 8 {
        0 => script.long(),
        1 => RAM + RAM_BYTES - u64::from(script.byte()),
        _ => RAM + u64::from(script.half()) % RAM_BYTES,
    };
    let bytes = match script.byte() % 8 {
        0 => script.word(),
        1 => u32::MAX,
        2 => 16 * u32::from(script.byte()),
        3 => 512,
        _ => u32::from(script.byte()),
    };
    let (flags, next) = (u64::from(script.byte() % 8), script.below(QUEUE_SIZE as usize + 2) as u64);
    [at, u64::from(bytes) | flags << 32 | next << 48]
}

fn step(chip: &mut dyn Chip, rig: &Rig, script: &mut Script<'_>, made: &mut [u16; 4]) {
    let queue = script.below(4);
    let page = rings(queue as u64);
    match script.byte() % 16 {
        0..=5 => {
            let [low, high] = descriptor(script);
            // Rings and the tables that indirect descriptors name.
            let at = page + 16 * script.below(40) as u64;
            rig.poke(at, low);
            rig.poke(at + 8, high);
        }
        6 | 7 => rig.poke(RAM + 8 * script.below(0x7f0) as u64, u64::from(script.word())),
        8..=11 => {
            let head = script.below(QUEUE_SIZE as usize + 2) as u16;
            let entry = page + 0x400 + 4 + 2 * (u64::from(made[queue]) % QUEUE_SIZE);
            rig.dma.write(entry, &head.to_le_bytes()).expect("RAM");
            made[queue] = made[queue].wrapping_add(1);
            rig.dma.write(page + 0x402, &made[queue].to_le_bytes()).expect("RAM");
            chip.write(reg::QUEUE_NOTIFY, 4, queue as u64);
        }
        12 => {
            rig.dma.write(page + 0x402, &script.half().to_le_bytes()).expect("RAM");
            chip.write(reg::QUEUE_NOTIFY, 4, queue as u64);
        }
        13 => chip.write(reg::INTERRUPT_ACK, 4, 3),
        14 => {
            let register = 4 * script.below(0x42) as u64;
            chip.write(register, 4, script.value(&[RAM, RAM + 0x3ff0, 0x10, 0xf]) & 0xffff_ffff);
        }
        _ => {
            start(chip, script.long());
            *made = [0; 4];
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let rig = Rig::new();
    let mut chip = (VIRTIO[script.below(VIRTIO.len())].make)(&rig);
    start(&mut *chip, u64::from(script.byte() % 4) << 28);
    let mut made = [0; 4];
    while !script.is_over() {
        step(&mut *chip, &rig, &mut script, &mut made);
    }
});
