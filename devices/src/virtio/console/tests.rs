use super::*;
use crate::virtio::driver::{Buffer, Guest, NEXT_RAM, NEXT_RAM_BYTES, QUEUE_SIZE, RawDescriptor};
use crate::virtio::mmio::reg;
use bus::Device;
use std::sync::{Arc, Mutex};

/// Keeps all that was printed.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("not poisoned")).into_owned()
    }
}

impl CharSink for Paper {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().expect("not poisoned").extend(bytes);
    }
}

fn console(paper: &Paper) -> Console {
    Console::new(Box::new(paper.clone()), Some((80, 25)))
}

#[test]
fn output_reaches_the_sink_in_order() {
    let paper = Paper::default();
    let mut guest = Guest::started(console(&paper), feature::SIZE);
    let long = "x".repeat(5000);
    let first = guest.offer(TRANSMIT, &[Buffer::data(b"login"), Buffer::data(b": ")]);
    let second = guest.offer(TRANSMIT, &[Buffer::data(long.as_bytes())]);
    guest.notify(TRANSMIT);
    assert_eq!(guest.used(TRANSMIT), [(first, 0), (second, 0)]);
    assert_eq!(paper.text(), format!("login: {long}"));
}

/// Sixteen times the same 8 MiB: too much for one call.
#[test]
fn much_output_is_spread_over_calls() {
    let paper = Paper::default();
    let mut guest = Guest::started(console(&paper), 0);
    for index in 0..QUEUE_SIZE {
        let descriptor = RawDescriptor { at: NEXT_RAM, len: NEXT_RAM_BYTES as u32, flags: 0, next: 0 };
        guest.put_descriptor(TRANSMIT, index, descriptor);
        guest.put_available(TRANSMIT, index);
    }
    guest.notify(TRANSMIT);
    assert!((1..QUEUE_SIZE).contains(&guest.used_index(TRANSMIT)));
    for _ in 0..QUEUE_SIZE {
        if guest.device.deadline() == Some(0) {
            guest.device.expire();
        }
    }
    assert_eq!((guest.used_index(TRANSMIT), guest.device.deadline()), (QUEUE_SIZE, None));
    let printed = paper.0.lock().expect("not poisoned").len() as u64;
    assert_eq!(printed, u64::from(QUEUE_SIZE) * NEXT_RAM_BYTES);
}

#[test]
fn input_waits_for_buffers_and_fills_as_many_as_it_needs() {
    let mut guest = Guest::started(console(&Paper::default()), 0);
    assert_eq!(guest.device.with_device(|console| console.receive(b"reboot\n")), 7);
    assert!(guest.used(RECEIVE).is_empty());
    let first = guest.offer(RECEIVE, &[Buffer::room(4)]);
    let second = guest.offer(RECEIVE, &[Buffer::room(16)]);
    guest.notify(RECEIVE);
    assert_eq!(guest.used(RECEIVE), [(first, 4), (second, 3)]);
    assert_eq!(guest.room(RECEIVE, first), b"rebo");
    assert_eq!(guest.room(RECEIVE, second)[..3], *b"ot\n");
}

#[test]
fn input_arrives_in_waiting_buffers_with_an_interrupt() {
    let mut guest = Guest::started(console(&Paper::default()), 0);
    let head = guest.offer(RECEIVE, &[Buffer::room(16)]);
    guest.notify(RECEIVE);
    assert!(!guest.irq.level());
    guest.device.with_device(|console| console.receive(b"hi"));
    assert_eq!(guest.used(RECEIVE), [(head, 2)]);
    assert!(guest.irq.level());
    guest.acknowledge_all();
}

#[test]
fn input_is_bounded() {
    let mut console = console(&Paper::default());
    let much = vec![0; INPUT_BYTES_MAX - 1];
    assert_eq!(console.receive(&much), much.len());
    assert_eq!(console.receive(b"ab"), 1);
    assert_eq!((console.receive(b"c"), console.input_room()), (0, 0));
}

#[test]
fn a_new_size_changes_the_configuration() {
    let mut guest = Guest::started(console(&Paper::default()), feature::SIZE);
    assert_eq!(guest.device.read(reg::CONFIG, 4), 25 << 16 | 80);
    let generation = guest.read(reg::CONFIG_GENERATION);
    guest.device.with_device(|console| console.resize(132, 43));
    assert_eq!(guest.device.read(reg::CONFIG, 2), 132);
    assert_eq!(guest.device.read(reg::CONFIG + 2, 2), 43);
    assert_ne!(guest.read(reg::CONFIG_GENERATION), generation);
    assert_eq!(guest.read(reg::INTERRUPT_STATUS), 2);
    guest.acknowledge_all();
    guest.device.with_device(|console| console.resize(132, 43));
    assert!(!guest.irq.level());
}

#[test]
fn a_character_can_be_written_before_any_set_up() {
    let paper = Paper::default();
    let mut guest = Guest::new(console(&paper));
    guest.device.write(reg::CONFIG + EMERG_WR, 4, u64::from(b'!'));
    assert_eq!(paper.text(), "!");
}

#[test]
fn unread_input_survives_a_move() {
    let mut guest = Guest::started(console(&Paper::default()), 0);
    guest.device.with_device(|console| console.receive(b"ls"));
    let mut guest = guest.moved_to(console(&Paper::default()));
    let head = guest.offer(RECEIVE, &[Buffer::room(8)]);
    guest.notify(RECEIVE);
    assert_eq!(guest.used(RECEIVE), [(head, 2)]);
    assert_eq!(guest.room(RECEIVE, head)[..2], *b"ls");
}
