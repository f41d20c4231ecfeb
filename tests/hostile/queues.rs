//! Virtqueues that break the rules, set up by a guest through a disk's
//! registers (virtio 1.2, sections 2.7 and 4.2).

use mynah::host::MemoryStore;
use mynah::{Drive, EngineChoice, MachineConfig};

use super::guest::{Seen, Step, bare, perform};
use super::host::ENGINES;

/// The window that the first disk is in.
const WINDOW: u64 = 0x1000_8000;
/// RAM is 8 MiB.
const RAM_END: u64 = 0x8080_0000;
/// The queue's parts, and buffers; the program and its table are below.
const TABLE: u64 = 0x8040_0000;
const AVAILABLE: u64 = TABLE + 0x1000;
const USED: u64 = TABLE + 0x2000;
const HEADER: u64 = TABLE + 0x3000;
const DATA: u64 = TABLE + 0x4000;
const STATUS_BYTE: u64 = TABLE + 0x5000;
const INDIRECT: u64 = TABLE + 0x6000;
/// Nobody may write here.
const GUARD: u64 = TABLE + 0x1_0000;
const GUARD_WORDS: u64 = 64;
const QUEUE_SIZE: u64 = 8;

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const TABLE_OF: u16 = 4;
/// Bits of the device status.
const NEEDS_RESET: u64 = 64;
const RUNNING: u64 = 0xf;

/// A descriptor: address, bytes, flags, next.
type Descriptor = (u64, u32, u16, u16);

/// What a driver does wrong.
struct Case {
    name: &'static str,
    table: &'static [Descriptor],
    indirect: &'static [Descriptor],
    /// The first entry of the available ring, and its index.
    head: u64,
    index: u64,
    /// Where the driver says that the descriptor table is.
    table_at: u64,
}

const SOUND: Case = Case { name: "", table: &[], indirect: &[], head: 0, index: 1, table_at: TABLE };

/// A request to read sector 0.
const READ: &[Descriptor] =
    &[(HEADER, 16, NEXT, 1), (DATA, 512, NEXT | WRITE, 2), (STATUS_BYTE, 1, WRITE, 0)];

const CASES: &[Case] = &[
    Case { name: "a chain that is a loop of one", table: &[(HEADER, 16, NEXT, 0)], ..SOUND },
    Case {
        name: "a chain that is a loop of two",
        table: &[(HEADER, 16, NEXT, 1), (DATA, 512, NEXT, 0)],
        ..SOUND
    },
    Case { name: "a next beyond the table", table: &[(HEADER, 16, NEXT, 0xffff)], ..SOUND },
    Case { name: "a head beyond the table", table: READ, head: 0x7777, ..SOUND },
    Case { name: "more entries than the ring has", table: READ, index: 0x8000, ..SOUND },
    Case { name: "a buffer where no RAM is", table: &[(0x10, 16, NEXT, 1), (DATA, 512, WRITE, 0)], ..SOUND },
    Case { name: "a buffer in a chip", table: &[(0x0c00_0000, 16, NEXT, 1), (DATA, 513, WRITE, 0)], ..SOUND },
    Case {
        name: "a buffer that leaves RAM",
        table: &[(HEADER, 16, NEXT, 1), (RAM_END - 256, 513, WRITE, 0)],
        ..SOUND
    },
    Case {
        name: "a buffer that wraps around",
        table: &[(HEADER, 16, NEXT, 1), (u64::MAX - 4, 513, WRITE, 0)],
        ..SOUND
    },
    Case { name: "a buffer of 4 GiB", table: &[(HEADER, 16, NEXT, 1), (DATA, u32::MAX, WRITE, 0)], ..SOUND },
    Case {
        name: "something to read behind something to write",
        table: &[(DATA, 512, NEXT | WRITE, 1), (HEADER, 16, 0, 0)],
        ..SOUND
    },
    Case { name: "an indirect table where no RAM is", table: &[(0x10, 32, TABLE_OF, 0)], ..SOUND },
    Case {
        name: "an indirect table of odd size",
        table: &[(INDIRECT, 17, TABLE_OF, 0)],
        indirect: READ,
        ..SOUND
    },
    Case {
        name: "an indirect table inside another",
        table: &[(INDIRECT, 16, TABLE_OF, 0)],
        indirect: &[(INDIRECT, 16, TABLE_OF, 0)],
        ..SOUND
    },
    Case {
        name: "an indirect chain that is a loop",
        table: &[(INDIRECT, 32, TABLE_OF, 0)],
        indirect: &[(HEADER, 16, NEXT, 1), (DATA, 512, NEXT, 0)],
        ..SOUND
    },
    Case {
        name: "an indirect chain that leaves its table",
        table: &[(INDIRECT, 32, TABLE_OF, 0)],
        indirect: &[(HEADER, 16, NEXT, 1), (DATA, 512, NEXT, 2)],
        ..SOUND
    },
    Case { name: "a descriptor table where no RAM is", table: READ, table_at: 0x1000, ..SOUND },
    Case { name: "a descriptor table that leaves RAM", table: READ, table_at: RAM_END - 16, ..SOUND },
];

fn words(descriptor: Descriptor) -> [u64; 2] {
    let (at, bytes, flags, next) = descriptor;
    [at, u64::from(bytes) | u64::from(flags) << 32 | u64::from(next) << 48]
}

/// Stores of a table of descriptors at `at`.
fn table(at: u64, descriptors: &[Descriptor]) -> impl Iterator<Item = Step> {
    let words = descriptors.iter().flat_map(|descriptor| words(*descriptor));
    words.enumerate().map(move |(index, word)| Step::Store(at + 8 * index as u64, 8, word))
}

fn register(offset: u64, value: u64) -> Step {
    Step::Store(WINDOW + offset, 4, value)
}

/// Resets the disk and starts it with its queue as `case` has it (section
/// 3.1.1), then notifies it.
fn offend(case: &Case) -> Vec<Step> {
    // A started device may look at once, so its rings are empty by then.
    let mut steps = vec![register(0x70, 0), Step::Store(AVAILABLE, 4, 0), Step::Store(USED, 4, 0)];
    steps.push(register(0x70, 3));
    // VIRTIO_F_VERSION_1 and VIRTIO_F_INDIRECT_DESC.
    for (half, features) in [(0, 1 << 28), (1, 1)] {
        steps.extend([register(0x24, half), register(0x20, features)]);
    }
    steps.extend([register(0x70, 0xb), register(0x30, 0), register(0x38, QUEUE_SIZE)]);
    for (offset, at) in [(0x80, case.table_at), (0x90, AVAILABLE), (0xa0, USED)] {
        steps.extend([register(offset, at & 0xffff_ffff), register(offset + 4, at >> 32)]);
    }
    steps.extend([register(0x44, 1), register(0x70, RUNNING)]);
    steps.extend(table(TABLE, case.table).chain(table(INDIRECT, case.indirect)));
    // Index and first entry; the request's header asks to read sector 0.
    let ring = [(2, case.index), (4, case.head)];
    steps.extend(ring.map(|(offset, value)| Step::Store(AVAILABLE + offset, 2, value)));
    steps.extend([Step::Store(HEADER, 8, 0), Step::Store(HEADER + 8, 8, 0)]);
    steps.push(Step::Store(STATUS_BYTE, 1, 0xff));
    steps.push(register(0x50, 0));
    steps
}

/// What is asked after an offence: the device status, how many chains came
/// back, the request's status.
const QUESTIONS: [Step; 3] =
    [Step::Load(WINDOW + 0x70, 4), Step::Load(USED + 2, 2), Step::Load(STATUS_BYTE, 1)];

fn machine(engine: EngineChoice) -> MachineConfig {
    let store = Box::new(MemoryStore::new(vec![0xd1; 4096], false));
    let mut config = bare(engine);
    config.drives.push(Drive { name: "disk".into(), store });
    config
}

/// The device gives up, or the request fails; it is then started again, and a
/// sound request succeeds.
#[test]
fn a_disk_survives_every_broken_queue() {
    let sound = Case { table: READ, ..SOUND };
    for (engine, case) in ENGINES.into_iter().flat_map(|engine| CASES.iter().map(move |case| (engine, case)))
    {
        let guard = || (0..GUARD_WORDS).map(|n| GUARD + 8 * n);
        let mut steps: Vec<Step> = guard().map(|at| Step::Store(at, 8, at)).collect();
        steps.extend(offend(case).into_iter().chain(QUESTIONS));
        let offended = steps.len();
        steps.extend(offend(&sound).into_iter().chain(QUESTIONS).chain([Step::Load(DATA, 8)]));
        let (machine, seen) = perform(machine(engine), &steps);
        assert!(seen.iter().all(|seen| matches!(seen, Seen::Value(_))), "{}: no access traps", case.name);
        let [Seen::Value(status), Seen::Value(used), Seen::Value(answer)] = seen[offended - 3..offended]
        else {
            panic!("{}: the questions have answers", case.name)
        };
        let gave_up = status & NEEDS_RESET != 0 && used == 0;
        // VIRTIO_BLK_S_OK is 0.
        let failed = used == 1 && answer != 0;
        assert!(gave_up || failed, "{}: status {status:#x}, {used} used, answer {answer}", case.name);
        let after = &seen[seen.len() - 4..];
        let fine = [RUNNING, 1, 0, 0xd1d1_d1d1_d1d1_d1d1].map(Seen::Value);
        assert_eq!(after, fine, "{}: the disk works again", case.name);
        for at in guard() {
            assert_eq!(machine.board().space().read(at, 8), Ok(at), "{}", case.name);
        }
    }
}

/// Buffers that lie over the rings: what the driver asks for, it gets, and no
/// more.
#[test]
fn buffers_over_the_rings_harm_the_driver_alone() {
    const OVER: [u64; 4] = [TABLE, AVAILABLE, USED, HEADER];
    for (engine, at) in ENGINES.into_iter().flat_map(|engine| OVER.map(|at| (engine, at))) {
        let chain = [(HEADER, 16, NEXT, 1), (at, 512, NEXT | WRITE, 2), (STATUS_BYTE, 1, WRITE, 0)];
        let mut steps = offend(&Case { table: READ, ..SOUND });
        // The chain, in place of the sound one, before the notification.
        let notify = steps.pop().expect("the notification");
        steps.extend(table(TABLE, &chain));
        steps.extend([notify, notify, QUESTIONS[0]]);
        steps.extend(offend(&Case { table: READ, ..SOUND }).into_iter().chain(QUESTIONS));
        let (_, seen) = perform(machine(engine), &steps);
        assert_eq!(seen[seen.len() - 3..], [RUNNING, 1, 0].map(Seen::Value), "over {at:#x}");
    }
}
