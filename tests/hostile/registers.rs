//! Registers of every chip, and the addresses around them, with all widths.

use std::ops::Range;

use bus::RegionKind;
use mynah::Machine;

use super::guest::{LOAD_FAULT, STORE_FAULT, Seen, Step, bare, perform};
use super::host::{ENGINES, Random, config, image};

/// No register switches the machine off for these.
const VALUES: [u64; 3] = [0x5a5a_5a5a_5a5a_5a5a, u64::MAX, 1];
/// Where the flash banks, and so all chips, end.
const CHIPS_END: u64 = 0x2400_0000;

/// The chips' places on the board.
fn chips() -> Vec<Range<u64>> {
    let config = mynah::MachineConfig { bios: image("nop", [0x13, 0, 0, 0]), ..config(ENGINES[0]) };
    let machine = Machine::new(config).expect("a sound configuration");
    let regions = machine.board().space().regions().iter();
    regions.filter(|r| matches!(r.kind, RegionKind::Device(_))).map(|r| r.range.clone()).collect()
}

/// Aligned addresses at the edges of `range` and inside it.
fn places(range: &Range<u64>) -> Vec<u64> {
    let near = |at: u64| (at.saturating_sub(32) & !7..at + 32).step_by(8);
    let stride = ((range.end - range.start) / 64).max(8) & !7;
    let head = (range.start..range.end.min(range.start + 0x180)).step_by(8);
    let inside = (range.start..range.end).step_by(stride as usize);
    near(range.start).chain(near(range.end)).chain(head).chain(inside).collect()
}

/// All accesses to the eight bytes at `at` that are aligned.
fn aligned(at: u64, value: u64) -> impl Iterator<Item = Step> {
    let widths = [1_u8, 2, 4, 8].into_iter();
    widths.flat_map(move |bytes| {
        let each = (0..8).step_by(bytes.into());
        each.flat_map(move |offset| [Step::Load(at + offset, bytes), Step::Store(at + offset, bytes, value)])
    })
}

/// Nothing but the chips' own ranges answers; everything else is an access
/// fault at the very address (Privileged ISA, §3.1.15 and §3.1.16).
#[test]
fn accesses_beside_the_chips_are_faults_and_others_are_not() {
    let chips = chips();
    assert!(chips.len() > 15 && chips.iter().all(|range| range.end <= CHIPS_END));
    for (engine, value) in ENGINES.into_iter().flat_map(|engine| VALUES.map(|value| (engine, value))) {
        let steps: Vec<Step> = chips.iter().flat_map(places).flat_map(|at| aligned(at, value)).collect();
        let (_, seen) = perform(bare(engine), &steps);
        let mut faults = 0;
        for (step, seen) in steps.iter().zip(&seen) {
            let (at, bytes, expected) = match *step {
                Step::Load(at, bytes) => (at, bytes, LOAD_FAULT),
                Step::Store(at, bytes, _) => (at, bytes, STORE_FAULT),
                Step::Jump(_) => unreachable!("there are no jumps"),
            };
            let answers = chips.iter().any(|c| c.start <= at && at + u64::from(bytes) <= c.end);
            match seen {
                Seen::Value(_) => assert!(answers, "{step:x?} beside the chips found something"),
                Seen::Trap { cause, value, .. } => {
                    assert!(!answers && (*cause, *value) == (expected, at), "{step:x?}: {seen:x?}");
                    faults += 1;
                }
            }
        }
        assert!(faults > 500, "{faults} of {} accesses were beside the chips", steps.len());
    }
}

/// Misaligned accesses may be done or trap, as the implementation likes
/// (Unprivileged ISA, §2.6), but nothing else.
#[test]
fn misaligned_accesses_to_chips_are_done_or_trap() {
    let mut random = Random(1);
    let steps: Vec<Step> = chips()
        .iter()
        .flat_map(places)
        .flat_map(|at| {
            let (value, bytes) = (random.next() | 0x80, 2 << (random.next() % 3));
            let at = at + 1 + random.next() % (u64::from(bytes) - 1);
            [Step::Load(at, bytes), Step::Store(at, bytes, value)]
        })
        // The finisher would take some for a wish.
        .filter(|step| !matches!(step, Step::Store(at, ..) if *at < 0x10_0008 && *at > 0xf_fff0))
        .collect();
    for engine in ENGINES {
        let (_, seen) = perform(bare(engine), &steps);
        for (step, seen) in steps.iter().zip(&seen) {
            // Address misaligned and access fault, for loads and for stores.
            let allowed = if matches!(step, Step::Load(..)) { [4, LOAD_FAULT] } else { [6, STORE_FAULT] };
            let fine = matches!(seen, Seen::Value(_) | Seen::Trap { cause: 4..=7, .. });
            assert!(fine, "{step:x?}: {seen:x?}");
            if let Seen::Trap { cause, .. } = seen {
                assert!(allowed.contains(cause), "{step:x?}: {seen:x?}");
            }
        }
    }
}

/// Random values to random registers: whatever the chips do, the guest goes on.
#[test]
fn random_accesses_leave_the_guest_running() {
    for (seed, engine) in ENGINES.into_iter().enumerate() {
        let (chips, mut random) = (chips(), Random(seed as u64 + 7));
        let steps: Vec<Step> = (0..20_000)
            .map(|_| {
                let range = &chips[random.next() as usize % chips.len()];
                let reach =
                    (range.end - range.start).min(if random.next() % 4 == 0 { u64::MAX } else { 0x200 });
                let bytes = 1_u8 << (random.next() % 4);
                let at = (range.start + random.next() % reach) & !u64::from(bytes - 1);
                let value = random.next() >> (random.next() % 64);
                let finisher = at & !0xfff == 0x10_0000;
                if finisher || random.next() % 3 == 0 {
                    Step::Load(at, bytes)
                } else {
                    Step::Store(at, bytes, value)
                }
            })
            .collect();
        let (_, seen) = perform(bare(engine), &steps);
        let traps: Vec<_> =
            steps.iter().zip(&seen).filter(|(_, seen)| matches!(seen, Seen::Trap { .. })).collect();
        // The firmware configuration's window is 24 bytes; a region's last
        // aligned access stays inside in all other cases.
        assert!(traps.is_empty(), "{:x?}", &traps[..traps.len().min(3)]);
    }
}
