use super::*;
use crate::gic::{ppi_input, wire};
use bus::CpuLines;

struct Bench {
    gic: Shared<Gicv2>,
    inputs: Arc<dyn IrqSink>,
    initiator: Initiator,
    cpus: Vec<CpuLines>,
}

const IRQ: u64 = 1;

/// Two CPUs, all interrupts of group 0 enabled everywhere.
fn bench() -> Bench {
    let cpus = vec![CpuLines::default(), CpuLines::default()];
    let pins = cpus.iter().map(|cpu| CpuPins { irq: cpu.line(0), fiq: cpu.line(1) }).collect();
    let initiator = Initiator::default();
    let (gic, inputs) = Gicv2::shared(64, pins, initiator.clone());
    let bench = Bench { gic, inputs, initiator, cpus };
    bench.write(0, 0, 1);
    for cpu in 0..2 {
        bench.write(cpu, INTERFACE, 1);
        bench.write(cpu, INTERFACE + 4, 0xf0);
    }
    bench
}

impl Bench {
    fn read(&self, cpu: u32, offset: u64) -> u32 {
        self.initiator.set(cpu);
        self.gic.lock().expect("one thread").read(offset, 4) as u32
    }
    fn write(&self, cpu: u32, offset: u64, value: u32) {
        self.initiator.set(cpu);
        self.gic.lock().expect("one thread").write(offset, 4, value.into());
    }
    fn byte(&self, offset: u64, value: u8) {
        self.gic.lock().expect("one thread").write(offset, 1, value.into());
    }
    fn acknowledge(&self, cpu: u32) -> u32 {
        self.read(cpu, INTERFACE + 0xc)
    }
    fn end(&self, cpu: u32, intid: u32) {
        self.write(cpu, INTERFACE + 0x10, intid);
    }
    fn levels(&self) -> [u64; 2] {
        [self.cpus[0].levels(), self.cpus[1].levels()]
    }
}

#[test]
fn a_wire_reaches_the_cpu_it_is_routed_to() {
    let b = bench();
    b.write(0, 0x104, 1 << 1);
    b.byte(0x821, 2);
    let wire = wire(&b.inputs, 33);
    wire.set(true);
    assert_eq!((b.levels(), b.acknowledge(0)), ([0, IRQ], 1023));
    assert_eq!((b.acknowledge(1), b.levels()), (33, [0, 0]));
    b.end(1, 33);
    assert_eq!(b.levels(), [0, IRQ], "the level is still up");
    wire.set(false);
    assert_eq!(b.levels(), [0, 0]);
}

#[test]
fn each_cpu_has_its_own_timer() {
    let b = bench();
    b.write(1, 0x100, 1 << 27);
    wire(&b.inputs, ppi_input(0, 27)).set(true);
    assert_eq!(b.levels(), [0, 0], "it is enabled for the other CPU");
    wire(&b.inputs, ppi_input(1, 27)).set(true);
    assert_eq!((b.levels(), b.acknowledge(1)), ([0, IRQ], 27));
}

#[test]
fn an_sgi_says_who_sent_it() {
    let b = bench();
    b.write(1, 0xf00, 0x0001_0005);
    b.write(0, 0xf00, 0x0200_0005);
    assert_eq!((b.levels(), b.acknowledge(0)), ([IRQ, 0], 5));
    b.end(0, 5);
    assert_eq!((b.levels(), b.acknowledge(0)), ([IRQ, 0], 1 << 10 | 5));
    b.end(0, 1 << 10 | 5);
    b.write(0, 0xf00, 0x0100_0003);
    assert_eq!((b.acknowledge(0), b.acknowledge(1)), (1023, 3));
}

#[test]
fn a_more_urgent_interrupt_preempts() {
    let b = bench();
    b.write(0, 0x100, !0);
    b.byte(0x400 + 20, 0x80);
    b.byte(0x400 + 21, 0x40);
    b.write(0, 0x200, 1 << 20);
    assert_eq!((b.acknowledge(0), b.read(0, INTERFACE + 0x14)), (20, 0x80));
    b.write(0, 0x200, 1 << 21);
    assert_eq!((b.levels()[0], b.acknowledge(0), b.read(0, INTERFACE + 0x14)), (IRQ, 21, 0x40));
    b.end(0, 21);
    assert_eq!(b.read(0, INTERFACE + 0x14), 0x80);
    b.end(0, 20);
    assert_eq!(b.read(0, INTERFACE + 0x14), 0xff);
}

#[test]
fn with_eoi_mode_the_end_comes_in_two_steps() {
    let b = bench();
    b.write(0, INTERFACE, 0x201);
    b.write(0, 0x100, 1 << 27);
    wire(&b.inputs, ppi_input(0, 27)).set(true);
    assert_eq!(b.acknowledge(0), 27);
    b.end(0, 27);
    assert_eq!((b.levels()[0], b.read(0, 0x300)), (0, 1 << 27), "dropped, and still active");
    b.write(0, INTERFACE + 0x1000, 27);
    assert_eq!((b.levels()[0], b.read(0, 0x300)), (IRQ, 0));
}

#[test]
fn group_0_is_fast_where_it_is_told_so() {
    let b = bench();
    b.write(0, 0, 3);
    b.write(0, INTERFACE, 0xb);
    b.write(0, 0x80, 1 << 2);
    b.write(0, 0xf00, 0x0200_0001);
    assert_eq!(b.levels()[0], 2);
    b.end(0, b.acknowledge(0));
    b.write(0, 0xf00, 0x0200_0002);
    assert_eq!((b.levels()[0], b.acknowledge(0)), (IRQ, 1022), "group 1 has a register of its own");
    assert_eq!(b.read(0, INTERFACE + 0x20), 2);
}

#[test]
fn numbers_that_are_none_end_nothing() {
    let b = bench();
    for intid in [96, 500, 1020, 1023, u32::MAX] {
        b.end(0, intid);
    }
    b.byte(0x800 + 1000, 1);
    assert_eq!(b.acknowledge(0), 1023);
}
