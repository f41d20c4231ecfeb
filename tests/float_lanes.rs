//! Random code on numbers in vectors, compiled, against the reference
//! interpreter, from every state that decides whether the host may compute on
//! all lanes at once; as `tests/float.rs` does for single numbers.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aarch64::Aarch64;
use aarch64::state::{CPACR_EL1, FPCR, FPSR, v};
use backend::{Engine, EngineConfig, Thresholds, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::testing::Reference;
use guest::{CpuState, Guest};

const CODE: u64 = 0x1000;
const RAM_BYTES: u64 = 0x4000;
/// A branch to itself: where a program ends, its CPU stays until the slice is over.
const STAY: u32 = 0x1400_0000;
/// Enough for compiled code to be entered, which it is not near a slice's end.
const BUDGET: u64 = 500;
/// Programs, and states that each is run from.
const PROGRAMS: u64 = 400;
const STATES: u64 = 40;
/// Most instructions in a program.
const LENGTH_MAX: u64 = 8;

/// Instructions with Rd in bits 4 to 0, Rn in 9 to 5 and Rm in 20 to 16, which all
/// have both precisions, bit 22 (Arm ARM, C4.1.96).
const THREE: [u32; 14] = [
    0x4e20_d400, // fadd v.4s
    0x4ea0_d400, // fsub
    0x6e20_dc00, // fmul
    0x6e20_fc00, // fdiv
    0x4e20_cc00, // fmla
    0x4ea0_cc00, // fmls
    0x6e20_d400, // faddp
    0x1e20_2800, // fadd s
    0x1e20_0800, // fmul s
    0x4e20_f400, // fmax v.4s
    0x4e20_fc00, // frecps v.4s
    0x4ea0_fc00, // frsqrts v.4s
    0x5e20_fc00, // frecps s
    0x5ea0_fc00, // frsqrts s
];
/// The same without Rm.
const TWO: [u32; 10] = [
    0x6ea1_f800, // fsqrt v.4s
    0x1e21_c000, // fsqrt s
    0x4e21_8800, // frintn v.4s
    0x4ea1_8800, // frintp v.4s
    0x4e21_9800, // frintm v.4s
    0x6e21_9800, // frintx v.4s
    0x6ea1_9800, // frinti v.4s
    0x1e25_4000, // frintm s
    0x1e25_c000, // frintz s
    0x1e27_4000, // frintx s
];

/// Knuth's linear congruential generator, the upper bits.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 24 ^ self.0 << 33
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    fn instruction(&mut self) -> u32 {
        let [d, n, m] = [0, 5, 16].map(|shift| (self.below(4) as u32) << shift);
        let precision = (self.below(2) as u32) << 22;
        if self.below(6) == 0 {
            self.pick(&TWO) | precision | d | n
        } else {
            self.pick(&THREE) | precision | d | n | m
        }
    }

    /// A number of single precision: zeros, whole, small, large, none, any.
    fn single(&mut self) -> u32 {
        let sign = (self.below(2) as u32) << 31;
        sign | match self.below(8) {
            0 => 0,
            1 | 2 => (self.below(1000) as f32).to_bits(),
            3 | 4 => (self.next() as f32 / 1e9).to_bits(),
            5 => {
                self.pick(&[1, 0x007f_ffff, 0x0080_0000, 0x0080_0001, 0x7f7f_ffff, 0x7f80_0000, 0x7fc0_0000])
            }
            6 => 0x7f80_0001 + self.below(9) as u32,
            _ => self.next() as u32 & 0x7fff_ffff,
        }
    }

    fn double(&mut self) -> u64 {
        let sign = self.below(2) << 63;
        sign | match self.below(8) {
            0 => 0,
            1 | 2 => (self.below(1000) as f64).to_bits(),
            3 | 4 => (self.next() as f64 / 1e15).to_bits(),
            5 => self.pick(&[1, 1 << 52, (1 << 52) - 1, 0x7fef_ffff_ffff_ffff, 0x7ff0 << 48, 0x7ff8 << 48]),
            6 => (0x7ff0 << 48) + 1 + self.below(9),
            _ => self.next() & !(1 << 63),
        }
    }

    fn vector(&mut self) -> u128 {
        // Ordinary numbers in all lanes, or else one odd lane decides.
        let tame = self.below(3) == 0;
        let double = |r: &mut Self| if tame { (r.next() as f64 / 1e9).to_bits() } else { r.double() };
        let single = |r: &mut Self| if tame { (r.next() as f32 / 1e9).to_bits() } else { r.single() };
        if self.below(2) == 0 {
            u128::from(double(self)) | u128::from(double(self)) << 64
        } else {
            (0..4).fold(0, |vector, _| vector << 32 | u128::from(single(self)))
        }
    }

    fn state(&mut self, guest: &Aarch64) -> CpuState {
        let mut cpu = CpuState::default();
        guest.reset(&mut cpu, 0, CODE);
        cpu.set(CPACR_EL1, 3 << 20);
        for n in 0..4 {
            let value = self.vector();
            cpu.set_vector(v(n), value);
        }
        // Inexact is bit 4 of FPSR; RMode is bits 23 and 22 of FPCR, FZ 24, DN 25.
        let sticky = self.pick(&[0, 1 << 4, 1 << 4, 1 << 4, 0x9f]);
        let control = self.pick(&[0, 0, 0, 0, 1 << 22, 3 << 22, 1 << 24, 1 << 25]);
        cpu.set(FPSR, sticky);
        cpu.set(FPCR, control);
        cpu
    }
}

/// A CPU's memory, with a program.
fn memory(program: &[u32]) -> AddressSpace {
    let mut space = AddressSpace::default();
    space.add_ram("ram", Arc::new(Ram::new(0, RAM_BYTES).expect("a small mapping")));
    for (at, word) in (CODE..).step_by(4).zip(program.iter().chain([&STAY])) {
        space.write(at, 4, u64::from(*word)).expect("the code fits");
    }
    space
}

/// Runs a program from many states; instructions that ran compiled.
fn run(random: &mut Random, guest: &Aarch64, program: &[u32]) -> u64 {
    let shared: Arc<dyn Guest> = Arc::new(guest.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let tiers = Tiers::Jit(Thresholds::regions(1));
    let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
    let mut engine = Engine::new(Arc::clone(&shared), memory(program), Clock::counted(), config)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut vcpu = Vcpu::new(&shared, 0, 0);
    for _ in 0..STATES {
        let before = random.state(guest);
        *vcpu.registers_mut() = before.clone();
        engine.run(&mut vcpu, BUDGET);
        let mut reference = Reference::new(guest, before.clone(), memory(program));
        for _ in program {
            reference.step(1).unwrap_or_else(|problem| panic!("{program:x?}: {problem}"));
        }
        for (index, info) in guest.spec().layout.slots().iter().enumerate() {
            let (found, wanted) = (vcpu.state().words[index], reference.cpu.words[index]);
            let vectors: Vec<u128> = (0..4).map(|n| before.vector(v(n))).collect();
            assert!(
                found == wanted,
                "{} is {found:#x}, not {wanted:#x}, after {program:x?} from FPSR {:#x}, FPCR {:#x}, {vectors:#x?}",
                info.name,
                before.get(FPSR),
                before.get(FPCR),
            );
        }
    }
    engine.stats().tier2.guest_instructions_run
}

#[test]
fn compiled_code_does_what_the_reference_does() {
    let guest = Aarch64::new(aarch64::model::Model::Max);
    let mut random = Random(1);
    let mut compiled = 0;
    for _ in 0..PROGRAMS {
        let length = 1 + random.below(LENGTH_MAX);
        let program: Vec<u32> = (0..length).map(|_| random.instruction()).collect();
        compiled += run(&mut random, &guest, &program);
    }
    assert!(compiled > 0, "nothing was compiled");
}
