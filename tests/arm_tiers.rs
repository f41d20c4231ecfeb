//! Random SIMD and floating-point code of AArch64 on every tier: what becomes of
//! the registers and of memory has to be what the reference interpreter makes of
//! them. Whether that is right is for `frontends/aarch64/tests/float.rs` to say.
//!
//! `MYNAH_TIER_CASES` sets how many cases are run.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aarch64::decode::{Set, decode, sets};
use aarch64::lift::LiftFn;
use aarch64::state::{CPACR_EL1, FPCR, FPSR, HCR_EL2, PC, v, x};
use aarch64::{Aarch64, Model};
use backend::{Engine, EngineConfig, Exit, Thresholds, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::{CpuState, Env, Fault, Fetch, Guest, Requests, Row};
use ir::interp::{self, Host, Outcome};
use ir::{HelperId, MemAccess, RmwOp, Slot, Terminator, Type};

/// Cases in a run, unless the environment says otherwise.
const CASES: usize = 400;
/// Instructions of a case.
const INSNS: usize = 10;
/// HCR_EL2.DC: without a map memory is Normal memory all the same, where accesses need not
/// be aligned.
const CACHEABLE: u64 = 1 << 12;
/// Where memory is, and how much of it.
const BASE: u64 = 0x4000_0000;
const BYTES: u64 = 4 << 20;
/// Where loads and stores go: 128 KiB around it.
const DATA: u64 = BASE + (2 << 20);
/// The register that points there.
const POINTER: u32 = 15;
/// wfi: an engine comes back when it gets there.
const WFI: u32 = 0xd503_207f;
/// Most instructions of a run.
const BUDGET: u64 = 1 << 20;

/// A generator of random values (Vigna, xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 11) % limit as u64) as usize
    }

    /// A number of either precision that others meet, or any bits.
    fn half(&mut self) -> u64 {
        let single = |bits: u64| (0x3f00_0000 + (bits & 0x01ff_ffff)) | bits << 3 & 0x8000_0000;
        match self.below(5) {
            0 => self.next(),
            1 => self.next() >> 40,
            2 => (0x3fd0_0000_0000_0000 + (self.next() >> 10)) | self.next() & 1 << 63,
            3 => single(self.next()) | single(self.next()) << 32,
            _ => 0x3ff0_0000_0000_0000,
        }
    }
}

/// Rows of which a case can have instructions: those that reach memory, and
/// those that do not.
fn rows() -> (Vec<&'static Row<LiftFn>>, Vec<&'static Row<LiftFn>>) {
    let of_set = |set: &'static Set| set.rows.iter().map(move |row| (set.name, row));
    let all = sets().filter(|set| set.float).flat_map(of_set);
    let all = all.filter(|(name, _)| !name.contains("literal") && !name.contains("register offset"));
    let (memory, rest): (Vec<_>, Vec<_>) = all.partition(|(name, _)| name.contains("load/store"));
    let bare = |rows: Vec<(_, _)>| rows.into_iter().map(|(_, row)| row).collect();
    (bare(memory), bare(rest))
}

/// The code of one case.
struct Case {
    words: Vec<u32>,
    cpu: CpuState,
}

impl Case {
    fn new(guest: &Aarch64, random: &mut Random) -> Case {
        let (memory, rest) = rows();
        let mut words = Vec::new();
        while words.len() < INSNS {
            let access = random.below(4) == 0;
            let rows = if access { &memory } else { &rest };
            let row = rows[random.below(rows.len())];
            let letters = !row.pattern.mask as u32;
            let mut word = row.pattern.value as u32 | random.next() as u32 & letters;
            // Few registers, so that instructions depend on each other; the pointer
            // is written by what accesses memory alone, and in small steps.
            for low in [0, 5, 16] {
                if letters >> low & 31 == 31 {
                    word &= !(0b11000 << low);
                }
            }
            if access {
                word = word & !(31 << 5) | POINTER << 5;
                if row.bits.contains("mmmmm") {
                    word |= 31 << 16;
                }
            }
            let found = decode(word).is_some_and(|found| found.row.bits == row.bits);
            if found && is_defined(guest, word) {
                words.push(word);
            }
        }
        words.push(WFI);
        Case { words, cpu: Case::registers(guest, random) }
    }

    fn registers(guest: &Aarch64, random: &mut Random) -> CpuState {
        let mut cpu = CpuState::default();
        guest.reset(&mut cpu, 0, BASE);
        cpu.set(CPACR_EL1, 3 << 20);
        cpu.set(HCR_EL2, CACHEABLE);
        for n in 0..32 {
            cpu.set(v(n), random.half());
            cpu.set(v(n).upper(), random.half());
            cpu.set(x(n), random.next() >> random.below(64));
        }
        cpu.set(x(POINTER), DATA + random.below(64) as u64);
        // Mostly what programs have, and what compiled code is good at.
        if random.below(4) == 0 {
            cpu.set(FPCR, random.next() & 0x07c8_0000);
        }
        if random.below(3) != 0 {
            cpu.set(FPSR, 0x10);
        }
        cpu
    }
}

fn is_defined(guest: &Aarch64, word: u32) -> bool {
    let mut cpu = CpuState::default();
    guest.reset(&mut cpu, 0, BASE);
    cpu.set(CPACR_EL1, 3 << 20);
    cpu.set(HCR_EL2, CACHEABLE);
    let block = guest.lift(guest.block_key(&cpu), &mut Code(&[word]), 1).expect("code can be fetched");
    !matches!(block.terminator, Terminator::Trap { .. })
}

/// Code that lies at a page's start.
struct Code<'a>(&'a [u32]);

impl Fetch for Code<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let word = self.0.get((at as usize & 0xfff) / 4).copied().unwrap_or(WFI);
        Ok((word >> (8 * (at & 2))) as u16)
    }
}

/// A CPU on the reference interpreter, where memory is `BYTES` at `BASE`.
struct Reference<'a> {
    guest: &'a Aarch64,
    cpu: CpuState,
    memory: &'a Ram,
}

impl Host for Reference<'_> {
    type Fault = Fault;

    fn get(&mut self, slot: Slot) -> u64 {
        self.cpu.get(slot)
    }

    fn set(&mut self, slot: Slot, value: u64) {
        self.cpu.set(slot, value);
    }

    fn load(&mut self, ty: Type, _: MemAccess, addr: u64) -> Result<u64, Fault> {
        let mut bytes = [0; 8];
        assert!(self.memory.read(addr, &mut bytes[..usize::from(ty.bytes())]), "{addr:#x} is in memory");
        Ok(u64::from_le_bytes(bytes))
    }

    fn store(&mut self, ty: Type, _: MemAccess, addr: u64, value: u64) -> Result<(), Fault> {
        let bytes = &value.to_le_bytes()[..usize::from(ty.bytes())];
        assert!(self.memory.write(addr, bytes), "{addr:#x} is in memory");
        Ok(())
    }

    fn load_reserved(&mut self, ty: Type, access: MemAccess, addr: u64) -> Result<u64, Fault> {
        self.load(ty, access, addr)
    }

    fn store_conditional(
        &mut self,
        ty: Type,
        access: MemAccess,
        addr: u64,
        value: u64,
    ) -> Result<bool, Fault> {
        self.store(ty, access, addr, value).map(|()| true)
    }

    fn atomic_rmw(&mut self, _: RmwOp, ty: Type, access: MemAccess, addr: u64, _: u64) -> Result<u64, Fault> {
        self.load(ty, access, addr)
    }

    fn atomic_cas(&mut self, ty: Type, access: MemAccess, addr: u64, _: u64, _: u64) -> Result<u64, Fault> {
        self.load(ty, access, addr)
    }

    fn fence(&mut self) {}

    fn call(&mut self, helper: HelperId, args: [u64; 4]) -> Result<u64, Fault> {
        let mut env = Env {
            cpu: &mut self.cpu,
            space: &AddressSpace::default(),
            clock: &Clock::counted(),
            instructions: 0,
            requests: Requests::default(),
        };
        (self.guest.helpers()[usize::from(helper.0)].run)(&mut env, args)
    }

    fn trap(&mut self, cause: u64, value: u64) -> Fault {
        Fault { cause, value }
    }

    fn insn(&mut self, _pc: u64) {}
}

/// Memory as a case finds it.
fn memory() -> Arc<Ram> {
    let ram = Ram::new(BASE, BYTES).expect("memory for a guest");
    let bytes: Vec<u8> = (0..256 << 10).map(|n: u32| (n.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
    assert!(ram.write(DATA - (128 << 10), &bytes), "the data is in memory");
    Arc::new(ram)
}

fn bytes_of(ram: &Ram) -> Vec<u8> {
    let mut bytes = vec![0; 256 << 10];
    assert!(ram.read(DATA - (128 << 10), &mut bytes), "the data is in memory");
    bytes
}

/// What the interpreter makes of a case.
fn reference(guest: &Aarch64, case: &Case) -> (CpuState, Vec<u8>) {
    let ram = memory();
    let insns = case.words.len() - 1;
    let mut host = Reference { guest, cpu: case.cpu.clone(), memory: &ram };
    let key = guest.block_key(&host.cpu);
    let block = guest.lift(key, &mut Code(&case.words), insns as u32).expect("code can be fetched");
    ir::verify(&block, guest.spec()).expect("a valid block");
    match interp::run(&block, guest.spec(), &mut host) {
        Ok(Outcome::Jump(pc)) => assert_eq!(pc, BASE + 4 * insns as u64),
        other => panic!("{other:?}"),
    }
    (host.cpu, bytes_of(&ram))
}

/// What an engine makes of it, once it has run it often enough to compile it.
fn on_engine(tiers: Tiers, case: &Case) -> (CpuState, Vec<u8>) {
    let (ram, mut space) = (memory(), AddressSpace::default());
    space.add_ram("ram", Arc::clone(&ram));
    let code: Vec<u8> = case.words.iter().flat_map(|word| word.to_le_bytes()).collect();
    assert!(ram.write(BASE, &code), "the code is in memory");
    let guest: Arc<dyn Guest> = Arc::new(Aarch64::new(Model::Max));
    let stop = Arc::new(AtomicBool::new(false));
    let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
    let mut engine = Engine::new(Arc::clone(&guest), space, Clock::counted(), config)
        .expect("this host runs compiled code");
    let mut vcpu = Vcpu::new(&guest, 0, 0);
    let data = bytes_of(&ram);
    for _ in 0..3 {
        assert!(ram.write(DATA - (128 << 10), &data), "the data is in memory");
        *vcpu.registers_mut() = case.cpu.clone();
        assert_eq!(engine.run(&mut vcpu, BUDGET), Exit::Idle);
    }
    (vcpu.state().clone(), bytes_of(&ram))
}

/// The slots in which two states differ.
fn differences(guest: &Aarch64, ours: &CpuState, expected: &CpuState) -> Vec<String> {
    let layout = &guest.spec().layout;
    let slots = layout.slots().iter().enumerate().filter(|(index, _)| *index != PC.index());
    slots
        .filter(|(index, _)| ours.words[*index] != expected.words[*index])
        .map(|(i, info)| format!("{} is {:#x}, not {:#x}", info.name, ours.words[i], expected.words[i]))
        .collect()
}

/// How a tier's run of a case differs from what is expected; `None` if it does
/// not.
fn problem(guest: &Aarch64, tiers: Tiers, case: &Case) -> Option<String> {
    let (expected, data) = reference(guest, case);
    let (cpu, bytes) = on_engine(tiers, case);
    let mut differences = differences(guest, &cpu, &expected);
    if bytes != data {
        differences.push("memory differs".to_owned());
    }
    (!differences.is_empty()).then(|| differences.join("; "))
}

/// A case without the instructions that do not matter for its problem.
fn shrunk(guest: &Aarch64, tiers: Tiers, case: &Case) -> Case {
    let mut case = Case { words: case.words.clone(), cpu: case.cpu.clone() };
    let mut index = 0;
    while index + 1 < case.words.len() {
        let mut words = case.words.clone();
        words.remove(index);
        let fewer = Case { words, cpu: case.cpu.clone() };
        if fewer.words.len() > 1 && problem(guest, tiers, &fewer).is_some() {
            case = fewer;
        } else {
            index += 1;
        }
    }
    case
}

#[test]
fn tiers_agree_on_simd_and_floating_point() {
    let guest = Aarch64::new(Model::Max);
    let mut random = Random(0x0123_4567_89ab_cdef);
    let cases = std::env::var("MYNAH_TIER_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let tiers = [
        ("tier 0", Tiers::Interp),
        ("tier 1", Tiers::Jit(Thresholds::baseline(1))),
        ("tier 2", Tiers::Jit(Thresholds::regions(1))),
    ];
    for _ in 0..cases {
        let case = Case::new(&guest, &mut random);
        for (name, tiers) in tiers {
            if problem(&guest, tiers, &case).is_some() {
                let case = shrunk(&guest, tiers, &case);
                let problem = problem(&guest, tiers, &case).expect("it still has one");
                let text = |word: &u32| format!("{} {word:08x}", decode(*word).map_or("?", |d| d.row.name));
                let code: Vec<String> = case.words.iter().map(text).collect();
                panic!("{name}: {problem}\n{}", code.join("\n"));
            }
        }
    }
    println!("{cases} cases agree in {} tiers", tiers.len());
}
