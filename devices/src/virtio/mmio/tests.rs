use super::*;
use crate::virtio::driver::{Buffer, Guest, NEXT_RAM, NEXT_RAM_BYTES, QUEUE_SIZE, RAM_BASE};
use crate::virtio::{QueueFault, Rng, feature, status};
use bus::{AnySnapshot, EntropySource};

struct Ones;

impl EntropySource for Ones {
    fn fill(&mut self, buf: &mut [u8]) {
        buf.fill(1);
    }
}

fn rng() -> Rng {
    Rng::new(Box::new(Ones))
}

fn started() -> Guest<Rng> {
    Guest::started(rng(), feature::EVENT_IDX)
}

#[test]
fn the_window_identifies_itself() {
    let mut guest = Guest::new(rng());
    assert_eq!(guest.read(reg::MAGIC_VALUE), 0x7472_6976);
    assert_eq!(guest.read(reg::VERSION), 2);
    assert_eq!(guest.read(reg::DEVICE_ID), 4);
    assert_eq!(guest.read(reg::QUEUE_NUM_MAX), 64);
    guest.write(reg::QUEUE_SEL, 1);
    assert_eq!(guest.read(reg::QUEUE_NUM_MAX), 0);
    assert_eq!(guest.read(reg::SHM_LEN_LOW), u32::MAX);
}

#[test]
fn features_are_offered_in_words() {
    let mut guest = Guest::new(rng());
    let mut words = Vec::new();
    for word in 0..4 {
        guest.write(reg::DEVICE_FEATURES_SEL, word);
        words.push(guest.read(reg::DEVICE_FEATURES));
    }
    assert_eq!(words, [1 << 28 | 1 << 29, 1 | 1 << 8, 0, 0]);
}

#[test]
fn bad_feature_sets_are_refused() {
    for features in [0, feature::EVENT_IDX, feature::VERSION_1 | 1 << 34, feature::VERSION_1 | 1] {
        let mut guest = Guest::new(rng());
        guest.claim(features);
        guest.set_status(status::ACKNOWLEDGE | status::DRIVER | status::FEATURES_OK);
        assert_eq!(guest.status(), 3, "{features:#x}");
        guest.set_status(status::DRIVER_OK);
        assert_eq!(guest.status(), 3, "{features:#x}");
    }
}

#[test]
fn features_above_those_defined_are_refused() {
    let mut guest = Guest::new(rng());
    guest.claim(feature::VERSION_1);
    guest.write(reg::DRIVER_FEATURES_SEL, 2);
    guest.write(reg::DRIVER_FEATURES, 1);
    guest.set_status(status::FEATURES_OK);
    assert_eq!(guest.status(), 0);
}

#[test]
fn features_are_settled_once() {
    let mut guest = started();
    guest.claim(0);
    assert_eq!(guest.device.transport().driver_features(), feature::VERSION_1 | feature::EVENT_IDX);
}

#[test]
fn nothing_is_consumed_before_the_driver_is_ready() {
    let mut guest = Guest::new(rng());
    guest.claim(feature::VERSION_1);
    guest.set_status(status::FEATURES_OK);
    guest.set_up_queue(0);
    let head = guest.offer(0, &[Buffer::room(1)]);
    guest.notify(0);
    assert!(guest.used(0).is_empty());
    guest.set_status(status::DRIVER_OK);
    assert_eq!(guest.used(0), [(head, 1)]);
}

#[test]
fn writing_zero_to_status_resets() {
    let mut guest = started();
    guest.offer(0, &[Buffer::room(1)]);
    guest.notify(0);
    assert!(guest.irq.level());
    guest.write(reg::STATUS, 0);
    assert!(!guest.irq.level());
    assert_eq!(guest.device.save_any(), Guest::new(rng()).device.save_any());
}

#[test]
fn interrupts_last_until_acknowledged() {
    let mut guest = started();
    guest.offer(0, &[Buffer::room(1)]);
    guest.notify(0);
    assert_eq!((guest.read(reg::INTERRUPT_STATUS), guest.irq.level()), (1, true));
    guest.write(reg::INTERRUPT_ACK, 2);
    assert!(guest.irq.level());
    guest.acknowledge_all();
    guest.notify(0);
    assert!(!guest.irq.level());
}

#[test]
fn rings_that_cannot_be_used_stop_the_device() {
    let end = NEXT_RAM + NEXT_RAM_BYTES;
    let cases = [
        (reg::QUEUE_NUM, 3, QueueFault::Size),
        (reg::QUEUE_NUM, 0, QueueFault::Size),
        (reg::QUEUE_NUM, 128, QueueFault::Size),
        (reg::QUEUE_NUM, 0x1_0010, QueueFault::Size),
        (reg::QUEUE_DESC_LOW, RAM_BASE as u32 + 8, QueueFault::Alignment),
        (reg::QUEUE_DRIVER_LOW, RAM_BASE as u32 + 1, QueueFault::Alignment),
        (reg::QUEUE_DEVICE_LOW, RAM_BASE as u32 + 2, QueueFault::Alignment),
        (reg::QUEUE_DESC_LOW, NEXT_RAM as u32 - 16, QueueFault::RingOutsideRam),
        (reg::QUEUE_DRIVER_LOW, end as u32, QueueFault::RingOutsideRam),
        (reg::QUEUE_DEVICE_LOW, 0, QueueFault::RingOutsideRam),
        (reg::QUEUE_DESC_HIGH, u32::MAX, QueueFault::RingOutsideRam),
    ];
    for (register, value, fault) in cases {
        let mut guest = started();
        guest.write(reg::QUEUE_READY, 0);
        guest.write(register, value);
        guest.write(reg::QUEUE_READY, 1);
        assert_eq!(guest.device.transport().fault(), Some((0, fault)), "{register:#x} {value:#x}");
        assert_ne!(guest.status() & status::NEEDS_RESET, 0);
        assert_eq!(guest.read(reg::INTERRUPT_STATUS), 2);
        guest.write(reg::STATUS, 0);
        assert_eq!((guest.status(), guest.device.transport().fault()), (0, None));
    }
}

#[test]
fn a_ready_queue_keeps_its_rings() {
    let mut guest = started();
    guest.write(reg::QUEUE_NUM, 4);
    guest.write(reg::QUEUE_DESC_LOW, 0);
    let head = guest.offer(0, &[Buffer::room(1)]);
    guest.notify(0);
    assert_eq!(guest.used(0), [(head, 1)]);
}

#[test]
fn a_queue_can_be_reset_alone() {
    let mut guest = Guest::started(rng(), feature::RING_RESET);
    for _ in 0..QUEUE_SIZE + 3 {
        guest.offer(0, &[Buffer::room(1)]);
        guest.notify(0);
    }
    guest.write(reg::QUEUE_RESET, 1);
    assert_eq!((guest.read(reg::QUEUE_RESET), guest.read(reg::QUEUE_READY)), (0, 0));
    guest.set_up_queue(0);
    let head = guest.offer(0, &[Buffer::room(1)]);
    guest.notify(0);
    assert_eq!(guest.used(0), [(head, 1)]);
}

#[test]
fn registers_take_words_only() {
    let mut guest = started();
    let before = guest.device.save_any();
    for bytes in [1, 2, 8] {
        for offset in 0..reg::CONFIG {
            guest.device.write(offset, bytes, 0);
            assert_eq!(guest.device.read(offset, bytes), 0);
        }
    }
    for offset in (0..reg::CONFIG).filter(|offset| offset % 4 != 0) {
        guest.device.write(offset, 4, u64::from(u32::MAX));
        assert_eq!(guest.device.read(offset, 4), 0, "{offset:#x}");
    }
    assert_eq!(guest.device.save_any(), before);
}

#[test]
fn a_snapshot_that_does_not_fit_is_refused_and_changes_nothing() {
    let mut guest = started();
    let saved = guest.device.save_any();
    let mut far = saved.clone();
    far["queues"][0]["descriptors"] = (NEXT_RAM + NEXT_RAM_BYTES).into();
    let mut fancy = saved.clone();
    fancy["control"]["driver_features"] = (feature::VERSION_1 | 1 << 5).into();
    let mut many = saved.clone();
    many["queues"] = serde_json::Value::Array(Vec::new());
    for bad in [far, fancy, many] {
        let error = guest.device.restore_any(bad).expect_err("does not fit");
        assert_eq!(error.kind, "virtio-rng");
        assert_eq!(guest.device.save_any(), saved);
    }
}

#[test]
fn an_empty_slot_has_device_id_zero() {
    let mut slot = EmptySlot;
    slot.write(reg::STATUS, 4, 0xff);
    let read = [reg::MAGIC_VALUE, reg::VERSION, reg::DEVICE_ID, reg::STATUS].map(|at| slot.read(at, 4));
    assert_eq!(read, [0x7472_6976, 2, 0, 0]);
}
