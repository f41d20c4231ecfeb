use super::*;
use bus::CpuLines;
use proptest::prelude::*;

const M: u64 = 0;
const S: u64 = 1;

struct Bench {
    plic: Shared<Plic>,
    inputs: Arc<dyn IrqSink>,
    cpu: CpuLines,
}

/// One hart: context 0 drives pin 11, context 1 pin 9.
fn bench() -> Bench {
    let cpu = CpuLines::default();
    let (plic, inputs) = Plic::shared(95, vec![cpu.line(11), cpu.line(9)]);
    Bench { plic, inputs, cpu }
}

impl Bench {
    fn read(&self, offset: u64) -> u32 {
        self.plic.lock().expect("one thread").read(offset, 4) as u32
    }
    fn write(&self, offset: u64, value: u32) {
        self.plic.lock().expect("one thread").write(offset, 4, value.into());
    }
    fn enable(&self, context: u64, source: u32, priority: u32) {
        self.write(4 * u64::from(source), priority);
        let at = map::ENABLE + map::ENABLE_STRIDE * context + u64::from(source / 32 * 4);
        self.write(at, self.read(at) | 1 << (source % 32));
    }
    fn claim(&self, context: u64) -> u32 {
        self.read(map::CONTEXT + map::CONTEXT_STRIDE * context + 4)
    }
    fn complete(&self, context: u64, source: u32) {
        self.write(map::CONTEXT + map::CONTEXT_STRIDE * context + 4, source);
    }
    fn threshold(&self, context: u64, value: u32) {
        self.write(map::CONTEXT + map::CONTEXT_STRIDE * context, value);
    }
    fn wire(&self, source: u32) -> IrqLine {
        IrqLine::new(Arc::clone(&self.inputs), source)
    }
    fn pending(&self, source: u32) -> bool {
        self.read(map::PENDING + u64::from(source / 32 * 4)) >> (source % 32) & 1 != 0
    }
}

#[test]
fn a_wire_reaches_the_enabled_context() {
    let b = bench();
    b.enable(S, 10, 1);
    b.wire(10).set(true);
    assert_eq!(b.cpu.levels(), 1 << 9);
    assert_eq!((b.claim(M), b.claim(S)), (0, 10));
    assert_eq!(b.cpu.levels(), 0);
}

#[test]
fn a_level_asks_again_after_completion_only() {
    let b = bench();
    b.enable(S, 10, 1);
    let wire = b.wire(10);
    wire.set(true);
    assert_eq!((b.claim(S), b.claim(S)), (10, 0));
    wire.set(false);
    wire.set(true);
    assert!(!b.pending(10), "the gateway holds the next request back");
    b.complete(S, 10);
    assert_eq!((b.cpu.levels(), b.claim(S)), (1 << 9, 10));
    wire.set(false);
    b.complete(S, 10);
    assert_eq!((b.cpu.levels(), b.claim(S)), (0, 0));
}

#[test]
fn a_request_outlives_its_level() {
    let b = bench();
    let wire = b.wire(33);
    wire.set(true);
    wire.set(false);
    assert!(b.pending(33));
    b.enable(M, 33, 3);
    assert_eq!((b.cpu.levels(), b.claim(M)), (1 << 11, 33));
}

#[test]
fn completion_of_a_source_not_enabled_is_ignored() {
    let b = bench();
    b.enable(S, 10, 1);
    b.wire(10).set(true);
    b.claim(S);
    for (context, source) in [(M, 10), (S, 11), (S, 0), (S, 96), (S, u32::MAX)] {
        b.complete(context, source);
    }
    assert_eq!(b.claim(S), 0);
    b.complete(S, 10);
    assert_eq!(b.claim(S), 10);
}

#[test]
fn priority_then_number_decides() {
    let b = bench();
    for (source, priority) in [(7, 2), (40, 5), (41, 5), (95, 1), (3, 0)] {
        b.enable(S, source, priority);
        b.wire(source).set(true);
    }
    let order: Vec<u32> = (0..6).map(|_| b.claim(S)).collect();
    assert_eq!(order, [40, 41, 7, 95, 0, 0], "priority 0 never interrupts");
}

#[test]
fn the_threshold_masks_the_pin_but_not_the_claim() {
    let b = bench();
    b.enable(S, 5, 3);
    b.threshold(S, 3);
    b.wire(5).set(true);
    assert_eq!(b.cpu.levels(), 0);
    b.threshold(S, 2);
    assert_eq!(b.cpu.levels(), 1 << 9);
    b.threshold(S, 7);
    assert_eq!((b.cpu.levels(), b.claim(S)), (0, 5));
}

#[test]
fn fields_keep_the_bits_they_have() {
    let b = bench();
    b.write(4, u32::MAX);
    b.write(0, u32::MAX);
    b.write(map::ENABLE, u32::MAX);
    b.threshold(M, u32::MAX);
    b.write(map::PENDING, u32::MAX);
    let seen = [4, 0, map::ENABLE, map::CONTEXT, map::PENDING].map(|at| b.read(at));
    assert_eq!(seen, [7, 0, 0xffff_fffe, 7, 0]);
}

#[test]
fn reset_keeps_the_wires() {
    let b = bench();
    b.enable(S, 10, 1);
    b.wire(10).set(true);
    b.plic.lock().expect("one thread").reset();
    assert_eq!(b.cpu.levels(), 0);
    b.enable(S, 10, 1);
    assert_eq!(b.claim(S), 10);
}

#[test]
fn a_state_of_another_board_is_refused() {
    let state = Plic::new(95, Vec::new()).save();
    assert!(Plic::new(96, Vec::new()).restore(state.clone()).is_err());
    assert!(Plic::new(95, vec![IrqLine::unconnected()]).restore(state).is_err());
}

proptest! {
    /// Whatever happens, no source is lost: one whose wire is high is pending
    /// or in service.
    #[test]
    fn no_request_is_lost(steps in prop::collection::vec((0u32..4, 1u32..6), 1..60)) {
        let b = bench();
        let wires: Vec<_> = (0..6).map(|source| b.wire(source)).collect();
        (1..6).for_each(|source| b.enable(S, source, source));
        for (what, source) in steps {
            match what {
                0 => wires[source as usize].set(true),
                1 => wires[source as usize].set(false),
                2 => drop(b.claim(S)),
                _ => b.complete(S, source),
            }
            let state = b.plic.lock().expect("one thread").save();
            for source in 1..6 {
                let held = get(&state.pending, source) || get(&state.in_service, source);
                prop_assert!(held || !wires[source as usize].level());
            }
            prop_assert_eq!(b.cpu.levels() != 0, state.pending[0] != 0);
        }
    }
}
