use super::*;
use crate::virtio::driver::{Buffer, Guest, QUEUE_SIZE};
use crate::virtio::mmio::reg;
use crate::virtio::{feature as ring_feature, status};
use bus::Device;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

const MAC: MacAddr = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
const USUAL: u64 = feature::MAC | feature::STATUS | ring_feature::EVENT_IDX;

#[derive(Default)]
struct Ends {
    sent: Vec<Vec<u8>>,
    coming: VecDeque<Vec<u8>>,
}

/// A cable whose other end the test holds.
#[derive(Clone, Default)]
struct Cable(Arc<Mutex<Ends>>);

impl Cable {
    fn with<R>(&self, f: impl FnOnce(&mut Ends) -> R) -> R {
        f(&mut self.0.lock().expect("not poisoned"))
    }

    fn coming(&self, frame: &[u8]) {
        self.with(|ends| ends.coming.push_back(frame.to_vec()));
    }

    fn waiting(&self) -> usize {
        self.with(|ends| ends.coming.len())
    }
}

impl NetPeer for Cable {
    fn send(&mut self, frame: &[u8], _now_ns: u64) {
        self.with(|ends| ends.sent.push(frame.to_vec()));
    }
    fn receive(&mut self, _now_ns: u64) -> Option<Vec<u8>> {
        self.with(|ends| ends.coming.pop_front())
    }
    fn deadline(&self) -> Option<u64> {
        (self.waiting() > 0).then_some(0)
    }
    fn poll_fds(&self, _out: &mut Vec<PollFd>) {}
}

fn card(cable: &Cable) -> Net {
    Net::new(Box::new(cable.clone()), MAC, Clock::counted())
}

/// A frame of `len` bytes to `destination`.
fn frame_to(destination: MacAddr, len: usize) -> Vec<u8> {
    let mut frame: Vec<u8> = (0..len).map(|i| (i * 3) as u8).collect();
    frame[..6].copy_from_slice(&destination);
    frame
}

fn header(buffers: u16) -> Vec<u8> {
    [&[0; NUM_BUFFERS][..], &buffers.to_le_bytes()].concat()
}

#[test]
fn sent_frames_lose_their_header() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL);
    let frame = frame_to([2; 6], 1514);
    let split = [Buffer::data(&header(0)[..7]), Buffer::data(&[&header(0)[7..], &frame[..9]].concat())];
    let [a, b] = split;
    let head = guest.offer(TRANSMIT, &[a, b, Buffer::data(&frame[9..])]);
    guest.notify(TRANSMIT);
    assert_eq!(guest.used(TRANSMIT), [(head, 0)]);
    assert_eq!(cable.with(|ends| ends.sent.clone()), [frame]);
}

#[test]
fn chains_without_a_frame_or_with_too_long_a_one_are_not_sent() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL);
    let longest = vec![1; FRAME_BYTES_MAX];
    let chains = [
        Buffer::data(&header(0)),
        Buffer::data(&[0; 5]),
        Buffer::data(&[header(0), longest.clone(), vec![1]].concat()),
        Buffer::data(&[header(0), longest.clone()].concat()),
    ];
    for chain in chains {
        guest.offer(TRANSMIT, &[chain]);
    }
    guest.notify(TRANSMIT);
    assert_eq!(guest.used(TRANSMIT).len(), 4);
    assert_eq!(cable.with(|ends| ends.sent.clone()), [longest]);
}

#[test]
fn received_frames_get_a_header() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL);
    let head = guest.offer(RECEIVE, &[Buffer::room(10), Buffer::room(1600)]);
    guest.notify(RECEIVE);
    let frame = frame_to(MAC, 60);
    cable.coming(&frame);
    guest.device.poll();
    assert_eq!(guest.used(RECEIVE), [(head, 72)]);
    assert_eq!(guest.room(RECEIVE, head)[..72], [header(1), frame].concat());
    assert!(guest.irq.level());
}

#[test]
fn frames_stay_with_the_peer_while_there_are_no_buffers() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL);
    (0..3).for_each(|_| cable.coming(&frame_to(MAC, 60)));
    guest.device.poll();
    assert_eq!((cable.waiting(), guest.device.deadline()), (3, None));
    guest.offer(RECEIVE, &[Buffer::room(1600)]);
    guest.notify(RECEIVE);
    assert_eq!((cable.waiting(), guest.used(RECEIVE).len()), (2, 1));
}

#[test]
fn without_merging_a_frame_too_large_for_its_buffer_is_lost() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL);
    let head = guest.offer(RECEIVE, &[Buffer::room(100)]);
    cable.coming(&frame_to(MAC, 89));
    cable.coming(&frame_to(MAC, 88));
    guest.device.poll();
    assert_eq!(guest.used(RECEIVE), [(head, 100)]);
}

#[test]
fn a_large_frame_is_spread_over_merged_buffers() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL | feature::MRG_RXBUF);
    let frame = frame_to(MAC, 250);
    cable.coming(&frame);
    let heads: Vec<u16> = (0..3).map(|_| guest.offer(RECEIVE, &[Buffer::room(100)])).collect();
    guest.device.poll();
    assert_eq!(guest.used(RECEIVE), [(heads[0], 100), (heads[1], 100), (heads[2], 62)]);
    let mut all: Vec<u8> = heads.iter().flat_map(|&head| guest.room(RECEIVE, head)).collect();
    all.truncate(262);
    assert_eq!(all, [header(3), frame].concat());
}

#[test]
fn a_frame_short_of_merged_buffers_waits_even_through_a_move() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL | feature::MRG_RXBUF);
    cable.coming(&frame_to(MAC, 150));
    let first = guest.offer(RECEIVE, &[Buffer::room(100)]);
    guest.device.poll();
    assert!(guest.used(RECEIVE).is_empty());
    assert_eq!(guest.device.deadline(), None);
    let mut guest = guest.moved_to(card(&Cable::default()));
    let second = guest.offer(RECEIVE, &[Buffer::room(100)]);
    guest.notify(RECEIVE);
    assert_eq!(guest.used(RECEIVE), [(first, 100), (second, 62)]);
}

/// Sends a command; its acknowledgement.
fn command(guest: &mut Guest<Net>, data: &[u8]) -> u8 {
    let head = guest.offer(CONTROL, &[Buffer::data(&data[..2]), Buffer::data(&data[2..]), Buffer::room(1)]);
    guest.notify(CONTROL);
    guest.room(CONTROL, head)[0]
}

/// How many of the frames to `destinations` the guest gets.
fn passed(guest: &mut Guest<Net>, cable: &Cable, destinations: &[MacAddr]) -> usize {
    for &destination in destinations {
        guest.offer(RECEIVE, &[Buffer::room(100)]);
        cable.coming(&frame_to(destination, 60));
    }
    guest.device.poll();
    let passed = guest.used(RECEIVE).len();
    // What was not used stays available; use it up.
    for _ in passed..destinations.len() {
        cable.coming(&frame_to([0xff; 6], 60));
    }
    guest.device.poll();
    guest.used(RECEIVE);
    passed
}

#[test]
fn the_control_queue_sets_the_receive_filter() {
    let cable = Cable::default();
    let features = USUAL | feature::CTRL_VQ | feature::CTRL_RX | feature::CTRL_MAC_ADDR;
    let mut guest = Guest::started(card(&cable), features);
    let (other, group) = ([2, 0, 0, 0, 0, 9], [0x33, 0x33, 0, 0, 0, 1]);
    let all = [MAC, other, group, [0xff; 6]];
    assert_eq!(passed(&mut guest, &cable, &all), 4);
    assert_eq!(command(&mut guest, &[0, 0, 0]), 0); // Promiscuous off.
    assert_eq!(passed(&mut guest, &cable, &all), 2);
    assert_eq!(command(&mut guest, &[0, 1, 1]), 0); // All multicast.
    assert_eq!(passed(&mut guest, &cable, &all), 3);
    assert_eq!(command(&mut guest, &[0, 1, 0]), 0);
    let table = [&[1, 0, 1, 0, 0, 0][..], &other, &[1, 0, 0, 0], &group].concat();
    assert_eq!(command(&mut guest, &table), 0);
    assert_eq!(passed(&mut guest, &cable, &all), 4);
    let new = [[1, 1].as_slice(), &[2, 0, 0, 0, 0, 8]].concat();
    assert_eq!(command(&mut guest, &new), 0);
    assert_eq!(guest.device.read(reg::CONFIG, 4), 2);
    assert_eq!(passed(&mut guest, &cable, &all), 3);
}

#[test]
fn bad_commands_are_refused() {
    let features = USUAL | feature::CTRL_VQ | feature::CTRL_RX;
    let mut guest = Guest::started(card(&Cable::default()), features);
    let cases: [&[u8]; 6] = [
        &[0, 0],                     // No setting.
        &[0, 9, 1],                  // Unknown mode.
        &[1, 0, 255, 255, 255, 255], // A table beyond its end.
        &[1, 0, 0, 0, 0, 0],         // One table of two.
        &[1, 1, 2, 0, 0, 0, 0, 8],   // Not negotiated.
        &[4, 0, 1, 0],               // Unknown class.
    ];
    for case in cases {
        assert_eq!(command(&mut guest, case), 1, "{case:?}");
    }
    guest.offer(CONTROL, &[Buffer::data(&[0, 0, 1])]);
    guest.notify(CONTROL);
    assert_ne!(guest.status() & status::NEEDS_RESET, 0);
}

#[test]
fn a_long_table_lets_all_of_its_kind_through() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL | feature::CTRL_VQ | feature::CTRL_RX);
    assert_eq!(command(&mut guest, &[0, 0, 0]), 0);
    let table = [&[1, 0, 65, 0, 0, 0][..], &[2; 65 * 6], &[0; 4]].concat();
    assert_eq!(command(&mut guest, &table), 0);
    assert_eq!(passed(&mut guest, &cable, &[[4; 6], [5; 6]]), 1);
}

#[test]
fn more_frames_than_descriptors_flow_over_time() {
    let cable = Cable::default();
    let mut guest = Guest::started(card(&cable), USUAL);
    let rounds = 3 * QUEUE_SIZE as usize;
    for i in 0..rounds {
        guest.offer(RECEIVE, &[Buffer::room(200)]);
        cable.coming(&frame_to(MAC, 60 + i));
        guest.device.poll();
        assert_eq!(guest.used(RECEIVE).len(), 1, "round {i}");
    }
}
