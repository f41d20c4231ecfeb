use super::*;
use crate::virtio::driver::{Buffer, Guest};
use crate::virtio::mmio::reg;
use crate::virtio::{feature as ring_feature, status as device_status};
use bus::Device;
use std::sync::{Arc, Mutex};

const DISK_SECTORS: usize = 300;

#[derive(Default)]
struct Disk {
    bytes: Vec<u8>,
    flushes: usize,
    discards: Vec<(u64, u64)>,
    read_only: bool,
    broken: bool,
}

/// A disk in memory that a test can look into.
#[derive(Clone)]
struct Memory(Arc<Mutex<Disk>>);

impl Memory {
    fn new() -> Memory {
        let bytes = (0..DISK_SECTORS * 512).map(|i| (i / 512 + i) as u8).collect();
        Memory(Arc::new(Mutex::new(Disk { bytes, ..Disk::default() })))
    }

    fn with<R>(&self, f: impl FnOnce(&mut Disk) -> R) -> R {
        f(&mut self.0.lock().expect("not poisoned"))
    }

    fn sectors(&self, sector: usize, count: usize) -> Vec<u8> {
        self.with(|disk| disk.bytes[sector * 512..(sector + count) * 512].to_vec())
    }

    fn range(&self, offset: u64, len: usize) -> io::Result<std::ops::Range<usize>> {
        let outside = || io::Error::new(io::ErrorKind::InvalidInput, "outside the disk");
        let start = usize::try_from(offset).map_err(|_| outside())?;
        let end = start.checked_add(len).ok_or_else(outside)?;
        self.with(|disk| if disk.broken { Err(io::Error::other("bad sector")) } else { Ok(()) })?;
        if end > self.len_bytes() as usize { Err(outside()) } else { Ok(start..end) }
    }
}

impl BlockStore for Memory {
    fn len_bytes(&self) -> u64 {
        self.with(|disk| disk.bytes.len() as u64)
    }
    fn read_only(&self) -> bool {
        self.with(|disk| disk.read_only)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let range = self.range(offset, buf.len())?;
        self.with(|disk| buf.copy_from_slice(&disk.bytes[range]));
        Ok(())
    }
    fn write_at(&mut self, offset: u64, buf: &[u8]) -> io::Result<()> {
        let range = self.range(offset, buf.len())?;
        self.with(|disk| disk.bytes[range].copy_from_slice(buf));
        Ok(())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.range(0, 0)?;
        self.with(|disk| disk.flushes += 1);
        Ok(())
    }
    fn discard(&mut self, offset: u64, len_bytes: u64) -> io::Result<()> {
        let range = self.range(offset, len_bytes as usize)?;
        self.with(|disk| {
            disk.bytes[range].fill(0);
            disk.discards.push((offset, len_bytes));
        });
        Ok(())
    }
}

const OK: u8 = 0;
const IOERR: u8 = 1;
const UNSUPP: u8 = 2;
const USUAL: u64 = feature::FLUSH | feature::DISCARD | feature::WRITE_ZEROES | ring_feature::EVENT_IDX;

fn header(kind: u32, sector: u64) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat()
}

fn range(sector: u64, sectors: u32, flags: u32) -> Vec<u8> {
    [&sector.to_le_bytes()[..], &sectors.to_le_bytes(), &flags.to_le_bytes()].concat()
}

fn guest(disk: &Memory, features: u64) -> Guest<Blk> {
    Guest::started(Blk::new(Box::new(disk.clone()), "serial-1"), features)
}

/// Sends one request; what was written to its room, status last.
fn request(guest: &mut Guest<Blk>, buffers: &[Buffer]) -> Vec<u8> {
    let head = guest.offer(REQUESTS, buffers);
    guest.notify(REQUESTS);
    assert_eq!(guest.used(REQUESTS).last().map(|used| used.0), Some(head));
    guest.room(REQUESTS, head)
}

/// A request without data from the device; its status.
fn status_of(guest: &mut Guest<Blk>, kind: u32, sector: u64, data: &[u8]) -> u8 {
    let all = [header(kind, sector), data.to_vec()].concat();
    request(guest, &[Buffer::data(&all), Buffer::room(1)])[0]
}

#[test]
fn reads_fill_buffers_of_any_shape() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    let (start, rest) = (header(request::IN, 7), 2 * 512 - 3 - 600);
    let head = guest.offer(
        REQUESTS,
        &[
            Buffer::data(&start[..5]),
            Buffer::data(&start[5..]),
            Buffer::room(3),
            Buffer::room(600),
            Buffer::room(rest + 1), // The status shares the last descriptor.
        ],
    );
    guest.notify(REQUESTS);
    assert_eq!(guest.used(REQUESTS), [(head, 2 * 512 + 1)]);
    let room = guest.room(REQUESTS, head);
    assert_eq!(room, [disk.sectors(7, 2), vec![OK]].concat());
}

#[test]
fn writes_reach_the_store_from_buffers_of_any_shape() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    let data: Vec<u8> = (0..200 * 512).map(|i| (i * 7 / 3) as u8).collect();
    let all = [header(request::OUT, 100), data.clone()].concat();
    let parts = [Buffer::data(&all[..17]), Buffer::data(&all[17..70_000]), Buffer::data(&all[70_000..])];
    let [a, b, c] = parts;
    assert_eq!(request(&mut guest, &[a, b, c, Buffer::room(1)]), [OK]);
    assert_eq!(disk.sectors(100, 200), data);
    assert_eq!(disk.with(|disk| disk.flushes), 0);
}

#[test]
fn several_requests_are_served_by_one_notification() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    let heads: Vec<u16> = (0..4)
        .map(|i| {
            guest
                .offer(REQUESTS, &[Buffer::data(&header(request::IN, i)), Buffer::room(512), Buffer::room(1)])
        })
        .collect();
    guest.notify(REQUESTS);
    assert_eq!(guest.used(REQUESTS), heads.iter().map(|&head| (head, 513)).collect::<Vec<_>>());
    assert_eq!(guest.room(REQUESTS, heads[3])[..512], disk.sectors(3, 1));
}

#[test]
fn ranges_off_the_disk_and_odd_lengths_are_io_errors() {
    let disk = Memory::new();
    let before = disk.sectors(0, DISK_SECTORS);
    let mut guest = guest(&disk, USUAL);
    let last = DISK_SECTORS as u64;
    for (sector, len) in [(last, 512), (last - 1, 1024), (u64::MAX, 512), (1 << 55, 512), (0, 511), (0, 513)]
    {
        let data = vec![0xee; len];
        assert_eq!(status_of(&mut guest, request::OUT, sector, &data), IOERR, "OUT {sector} {len}");
        let read = [Buffer::data(&header(request::IN, sector)), Buffer::room(len), Buffer::room(1)];
        assert_eq!(request(&mut guest, &read)[len], IOERR, "IN {sector} {len}");
    }
    assert_eq!(disk.sectors(0, DISK_SECTORS), before);
    assert_eq!(status_of(&mut guest, request::OUT, last - 1, &[1; 512]), OK);
}

#[test]
fn a_failed_read_reports_only_what_was_written() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    let head = guest
        .offer(REQUESTS, &[Buffer::data(&header(request::IN, 1 << 40)), Buffer::room(512), Buffer::room(1)]);
    guest.notify(REQUESTS);
    assert_eq!(guest.used(REQUESTS), [(head, 0)]);
}

#[test]
fn a_flush_reaches_the_store() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    assert_eq!(status_of(&mut guest, request::OUT, 0, &[1; 512]), OK);
    assert_eq!(status_of(&mut guest, request::FLUSH, 0, &[]), OK);
    assert_eq!(disk.with(|disk| disk.flushes), 1);
}

#[test]
fn without_flush_every_write_is_stable() {
    let disk = Memory::new();
    let mut guest = guest(&disk, 0);
    assert_eq!(status_of(&mut guest, request::OUT, 0, &[1; 512]), OK);
    assert_eq!(disk.with(|disk| disk.flushes), 1);
}

#[test]
fn the_driver_can_turn_the_write_back_cache_off() {
    let disk = Memory::new();
    let mut guest = guest(&disk, feature::FLUSH | feature::CONFIG_WCE);
    assert_eq!(guest.device.read(reg::CONFIG + WRITEBACK, 1), 1);
    guest.device.write(reg::CONFIG + WRITEBACK, 1, 0);
    assert_eq!(status_of(&mut guest, request::OUT, 0, &[1; 512]), OK);
    assert_eq!(disk.with(|disk| disk.flushes), 1);
    guest.write(reg::STATUS, 0);
    assert_eq!(guest.device.read(reg::CONFIG + WRITEBACK, 1), 1);
}

#[test]
fn a_cache_that_cannot_be_flushed_starts_write_through() {
    let mut guest = guest(&Memory::new(), feature::CONFIG_WCE);
    assert_eq!(guest.device.read(reg::CONFIG + WRITEBACK, 1), 0);
}

#[test]
fn the_serial_number_is_padded() {
    let mut guest = guest(&Memory::new(), USUAL);
    let answer =
        request(&mut guest, &[Buffer::data(&header(request::GET_ID, 0)), Buffer::room(20), Buffer::room(1)]);
    assert_eq!(&answer, b"serial-1\0\0\0\0\0\0\0\0\0\0\0\0\0");
}

#[test]
fn a_read_only_disk_says_so_and_stays_as_it_is() {
    let disk = Memory::new();
    disk.with(|disk| disk.read_only = true);
    let before = disk.sectors(0, DISK_SECTORS);
    let mut guest = guest(&disk, feature::RO | feature::FLUSH);
    assert_eq!(status_of(&mut guest, request::OUT, 0, &[0xee; 512]), IOERR);
    assert_eq!(status_of(&mut guest, request::DISCARD, 0, &range(0, 1, 0)), UNSUPP);
    assert_eq!(status_of(&mut guest, request::WRITE_ZEROES, 0, &range(0, 1, 0)), UNSUPP);
    assert_eq!(disk.sectors(0, DISK_SECTORS), before);
}

#[test]
fn host_failures_are_io_errors_and_remembered() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    assert!(guest.device.transport().device().last_error().is_none());
    disk.with(|disk| disk.broken = true);
    assert_eq!(status_of(&mut guest, request::OUT, 3, &[1; 512]), IOERR);
    assert_eq!(status_of(&mut guest, request::FLUSH, 0, &[]), IOERR);
    disk.with(|disk| disk.broken = false);
    assert_eq!(status_of(&mut guest, request::OUT, 3, &[1; 512]), OK);
    let error = guest.device.transport().device().last_error().expect("remembered");
    assert_eq!(error.to_string(), "disk I/O at byte 0: bad sector");
}

#[test]
fn discards_and_zeroes_clear_their_ranges() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    let two = [range(1, 2, 0), range(10, 1, 0)].concat();
    assert_eq!(status_of(&mut guest, request::DISCARD, 0, &two), OK);
    assert_eq!(disk.with(|disk| disk.discards.clone()), [(512, 1024), (5120, 512)]);
    assert_eq!(status_of(&mut guest, request::WRITE_ZEROES, 0, &range(20, 200, 0)), OK);
    assert_eq!(status_of(&mut guest, request::WRITE_ZEROES, 0, &range(240, 1, UNMAP)), OK);
    assert_eq!(disk.with(|disk| disk.discards.len()), 3);
    for (sector, count) in [(1, 2), (10, 1), (20, 200), (240, 1)] {
        assert!(disk.sectors(sector, count).iter().all(|&byte| byte == 0), "{sector}");
    }
    assert_eq!(disk.sectors(11, 9), Memory::new().sectors(11, 9));
}

#[test]
fn bad_ranges_are_refused() {
    let mut guest = guest(&Memory::new(), USUAL);
    let cases: [(u32, Vec<u8>, u8); 8] = [
        (request::DISCARD, range(0, 1, UNMAP), UNSUPP),
        (request::DISCARD, range(0, 1, 2), UNSUPP),
        (request::WRITE_ZEROES, range(0, 1, 2), UNSUPP),
        (request::WRITE_ZEROES, range(DISK_SECTORS as u64, 1, 0), IOERR),
        (request::WRITE_ZEROES, range(u64::MAX, u32::MAX, 0), IOERR),
        (request::WRITE_ZEROES, [range(0, 1, 0), range(1, 1, 0)].concat(), IOERR),
        (request::DISCARD, vec![0; 15], IOERR),
        (request::DISCARD, Vec::new(), IOERR),
    ];
    for (kind, data, status) in cases {
        assert_eq!(status_of(&mut guest, kind, 0, &data), status, "{kind} {data:?}");
    }
}

#[test]
fn unknown_types_and_short_headers_have_their_status() {
    let mut guest = guest(&Memory::new(), USUAL);
    assert_eq!(status_of(&mut guest, 0x8000_0000, 0, &[]), UNSUPP);
    assert_eq!(request(&mut guest, &[Buffer::data(&[0; 15]), Buffer::room(1)]), [IOERR]);
    assert_eq!(request(&mut guest, &[Buffer::room(1)]), [IOERR]);
}

#[test]
fn a_request_without_room_for_a_status_stops_the_device() {
    let mut guest = guest(&Memory::new(), USUAL);
    guest.offer(REQUESTS, &[Buffer::data(&header(request::FLUSH, 0))]);
    guest.notify(REQUESTS);
    assert_ne!(guest.status() & device_status::NEEDS_RESET, 0);
    assert_eq!(guest.device.transport().fault(), Some((REQUESTS, QueueFault::NoRoomForStatus)));
    assert_eq!(guest.read(reg::INTERRUPT_STATUS), 2);
}

#[test]
fn configuration_space_describes_the_disk() {
    let mut guest = guest(&Memory::new(), USUAL);
    assert_eq!(guest.device.read(reg::CONFIG, 8), DISK_SECTORS as u64);
    assert_eq!(guest.device.read(reg::CONFIG + 12, 4), u64::from(SEGMENTS_MAX));
    assert_eq!(guest.device.read(reg::CONFIG + 20, 4), 512);
    assert_eq!(guest.device.read(reg::CONFIG + 48, 4), u64::from(WRITE_ZEROES_SECTORS_MAX));
    assert_eq!(guest.device.read(reg::CONFIG + 60, 8), 0);
}

#[test]
fn a_moved_guest_goes_on_where_it_was() {
    let disk = Memory::new();
    let mut guest = guest(&disk, USUAL);
    assert_eq!(status_of(&mut guest, request::OUT, 0, &[1; 512]), OK);
    let head =
        guest.offer(REQUESTS, &[Buffer::data(&header(request::IN, 0)), Buffer::room(512), Buffer::room(1)]);
    let mut guest = guest.moved_to(Blk::new(Box::new(disk), "serial-1"));
    guest.notify(REQUESTS);
    assert_eq!(guest.used(REQUESTS), [(head, 513)]);
    assert_eq!(guest.room(REQUESTS, head)[..512], [1; 512]);
}
