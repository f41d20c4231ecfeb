use super::*;
use crate::gic::{ppi_input, wire};
use bus::CpuLines;

struct Bench {
    gic: Shared<Gicv3>,
    inputs: Arc<dyn IrqSink>,
    cpus: Vec<CpuLines>,
}

const IRQ: u64 = 1;
const PMR: [u32; 4] = [0, 4, 6, 0];
const DIR: [u32; 4] = [0, 12, 11, 1];
const RPR: [u32; 4] = [0, 12, 11, 3];
const SGI1R: [u32; 4] = [0, 12, 11, 5];
const IAR1: [u32; 4] = [0, 12, 12, 0];
const EOIR1: [u32; 4] = [0, 12, 12, 1];
const CTLR: [u32; 4] = [0, 12, 12, 4];
const IGRPEN1: [u32; 4] = [0, 12, 12, 7];

/// Two CPUs, all interrupts of group 1 and let through.
fn bench() -> Bench {
    let cpus = vec![CpuLines::default(), CpuLines::default()];
    let pins = cpus.iter().map(|cpu| CpuPins { irq: cpu.line(0), fiq: cpu.line(1) }).collect();
    let (gic, inputs) = Gicv3::shared(64, pins);
    let bench = Bench { gic, inputs, cpus };
    bench.write(0, 2);
    bench.write(0x84, !0);
    for cpu in 0..2 {
        bench.write(own(cpu, 0x80), !0);
        bench.set(cpu, PMR, 0xf0);
        bench.set(cpu, IGRPEN1, 1);
    }
    bench
}

/// A register of the frame of CPU `cpu`'s own interrupts.
fn own(cpu: u64, offset: u64) -> u64 {
    REDISTRIBUTORS + cpu * REDISTRIBUTOR_BYTES + 0x1_0000 + offset
}

fn system(cpu: u64, register: [u32; 4]) -> u64 {
    INTERFACES + cpu * INTERFACE_BYTES + 8 * u64::from(encoding(register))
}

impl Bench {
    fn read(&self, offset: u64) -> u32 {
        self.gic.lock().expect("one thread").read(offset, 4) as u32
    }
    fn write(&self, offset: u64, value: u32) {
        self.gic.lock().expect("one thread").write(offset, 4, value.into());
    }
    fn get(&self, cpu: u64, register: [u32; 4]) -> u64 {
        self.gic.lock().expect("one thread").read(system(cpu, register), 8)
    }
    fn set(&self, cpu: u64, register: [u32; 4], value: u64) {
        self.gic.lock().expect("one thread").write(system(cpu, register), 8, value);
    }
    fn levels(&self) -> [u64; 2] {
        [self.cpus[0].levels(), self.cpus[1].levels()]
    }
}

#[test]
fn a_wire_reaches_the_cpu_it_is_routed_to() {
    let b = bench();
    b.write(0x104, 1 << 1);
    b.write(0x6000 + 8 * 33, 1);
    let wire = wire(&b.inputs, 33);
    wire.set(true);
    assert_eq!((b.levels(), b.get(0, IAR1)), ([0, IRQ], 1023));
    assert_eq!((b.get(1, IAR1), b.levels()), (33, [0, 0]));
    b.set(1, EOIR1, 33);
    assert_eq!(b.levels(), [0, IRQ], "the level is still up");
    wire.set(false);
    assert_eq!(b.levels(), [0, 0]);
}

#[test]
fn each_cpu_has_its_own_timer() {
    let b = bench();
    b.write(own(1, 0x100), 1 << 27);
    wire(&b.inputs, ppi_input(0, 27)).set(true);
    assert_eq!(b.levels(), [0, 0], "it is enabled for the other CPU");
    wire(&b.inputs, ppi_input(1, 27)).set(true);
    assert_eq!((b.levels(), b.get(1, IAR1)), ([0, IRQ], 27));
}

#[test]
fn sgis_go_to_a_list_or_to_all_others() {
    let b = bench();
    for cpu in 0..2 {
        b.write(own(cpu, 0x100), 0xffff);
    }
    b.set(0, SGI1R, 5 << 24 | 0b10);
    assert_eq!((b.levels(), b.get(1, IAR1)), ([0, IRQ], 5));
    b.set(1, EOIR1, 5);
    b.set(1, SGI1R, 1 << 40 | 7 << 24);
    assert_eq!((b.levels(), b.get(0, IAR1)), ([IRQ, 0], 7));
    b.set(0, SGI1R, 1 << 16 | 6 << 24 | 0b10);
    assert_eq!(b.levels(), [0, 0], "another Aff1");
}

#[test]
fn a_more_urgent_interrupt_preempts_and_five_bits_count() {
    let b = bench();
    b.write(own(0, 0x100), !0);
    b.write(own(0, 0x400 + 20), 0x4387);
    b.write(own(0, 0x200), 1 << 20);
    assert_eq!((b.get(0, IAR1), b.get(0, RPR)), (20, 0x80));
    b.write(own(0, 0x200), 1 << 21);
    assert_eq!((b.levels()[0], b.get(0, IAR1), b.get(0, RPR)), (IRQ, 21, 0x40));
    b.set(0, EOIR1, 21);
    assert_eq!(b.get(0, RPR), 0x80);
    b.set(0, EOIR1, 20);
    assert_eq!(b.get(0, RPR), 0xff);
    b.set(0, PMR, !0);
    assert_eq!(b.get(0, PMR), 0xf8);
}

#[test]
fn with_eoi_mode_the_end_comes_in_two_steps() {
    let b = bench();
    b.set(0, CTLR, 2);
    b.write(own(0, 0x100), 1 << 27);
    wire(&b.inputs, ppi_input(0, 27)).set(true);
    assert_eq!(b.get(0, IAR1), 27);
    b.set(0, EOIR1, 27);
    assert_eq!((b.levels()[0], b.read(own(0, 0x300))), (0, 1 << 27), "dropped, and still active");
    b.set(0, DIR, 27);
    assert_eq!((b.levels()[0], b.read(own(0, 0x300))), (IRQ, 0));
}

#[test]
fn group_0_is_fast() {
    let b = bench();
    b.write(0, 3);
    b.write(own(0, 0x80), 0);
    b.write(own(0, 0x100), 1);
    b.set(0, [0, 12, 12, 6], 1);
    b.set(0, [0, 12, 11, 7], 1);
    assert_eq!((b.levels()[0], b.get(0, IAR1), b.get(0, [0, 12, 8, 0])), (2, 1023, 0));
    b.set(0, EOIR1, 0);
    assert_eq!(b.get(0, RPR), 0, "of the other group");
    b.set(0, [0, 12, 8, 1], 0);
    assert_eq!(b.get(0, RPR), 0xff);
}

#[test]
fn numbers_that_are_none_end_nothing() {
    let b = bench();
    for intid in [96, 500, 1020, 1023, u64::MAX] {
        b.set(0, EOIR1, intid);
        b.set(0, DIR, intid);
    }
    b.write(REDISTRIBUTORS + 7 * REDISTRIBUTOR_BYTES + 0x1_0100, !0);
    assert_eq!(b.get(0, IAR1), 1023);
}
