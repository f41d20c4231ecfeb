//! Random cases: code of all rows, and the state it starts from.
//!
//! Code is made from its end to its start, so that the distance to every later
//! instruction is known when a jump is made. Some registers point to the
//! scratch memory and are never written; the others hold anything.

use riscv::Op;
use riscv::decode::{Decoded, decode};
use riscv::random::{Kind, kinds};

use crate::layout::{Context, SCRATCH, SCRATCH_BYTES, SLOT_BYTES, slot};
use crate::values::{Random, float, integer};

/// Most units in a case.
const UNITS_MAX: u64 = 20;
/// Bytes that no unit exceeds: lr, two more and sc; or a jump with its address.
const UNIT_BYTES_MAX: usize = 16;
const C_EBREAK: [u8; 2] = 0x9002u16.to_le_bytes();
const EBREAK: u32 = 0x0010_0073;
const SP: u32 = 2;
const A0: u32 = 10;
const A7: u32 = 17;

/// Code, and the state it starts from.
#[derive(Clone)]
pub struct Case {
    /// What [`Generator::case`] was called with.
    pub seed: u64,
    /// Instructions, or short sequences that belong together.
    pub units: Vec<Vec<u8>>,
    /// Registers at the start; the pc is that of the case's slot.
    start: Context,
    /// The scratch memory at the start.
    pub scratch: Vec<u8>,
}

impl Case {
    /// The registers it starts from in slot `index`.
    pub fn context(&self, index: usize) -> Context {
        Context { pc: slot(index), ..self.start.clone() }
    }

    /// The code, filled up with c.ebreak.
    pub fn slot(&self) -> Vec<u8> {
        let mut code = self.units.concat();
        while code.len() < SLOT_BYTES as usize {
            code.extend(C_EBREAK);
        }
        code
    }

    /// The same with the first `units` of its units only.
    pub fn prefix(&self, units: usize) -> Case {
        Case { units: self.units[..units].to_vec(), ..self.clone() }
    }

    /// The one unit `index`, from another state.
    pub fn alone(&self, index: usize, start: Context, scratch: Vec<u8>) -> Case {
        Case { seed: self.seed, units: vec![self.units[index].clone()], start, scratch }
    }
}

/// Makes cases.
pub struct Generator {
    plain: Vec<Kind>,
    trapping: Vec<Kind>,
}

impl Generator {
    /// One that makes the kinds that `accept` takes.
    pub fn new(accept: impl Fn(&Kind) -> bool) -> Generator {
        let (trapping, plain) = kinds().into_iter().filter(accept).partition(always_traps);
        Generator { plain, trapping }
    }

    /// The case of this seed.
    pub fn case(&self, seed: u64) -> Case {
        let mut random = Random(seed);
        let mut draft = Draft::new(&mut random);
        if draft.random.one_in(4) {
            let last = draft.last(self);
            draft.push(last);
        } else if draft.random.one_in(2) {
            draft.push(Some(bytes(EBREAK)));
        }
        let units = 1 + draft.random.below(UNITS_MAX) as usize;
        while draft.units.len() < units {
            let kind = draft.random.pick(&self.plain);
            let unit = draft.unit(&kind);
            draft.push(unit);
        }
        draft.finish(seed)
    }
}

/// Ends a case: a breakpoint, or not for user level.
fn always_traps(kind: &Kind) -> bool {
    let control = ["ecall", "csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci", "fence.i"];
    kind.name == "c.ebreak" || kind.set == "System" && !control.contains(&kind.name)
}

/// A case in the making.
struct Draft<'a> {
    random: &'a mut Random,
    /// The last comes first.
    units: Vec<Vec<u8>>,
    start: Context,
    /// Registers that hold addresses.
    pointers: Vec<u32>,
    /// The one among them that is aligned to 8 bytes for sure.
    aligned: u32,
}

impl<'a> Draft<'a> {
    fn new(random: &'a mut Random) -> Draft<'a> {
        let mut start = Context { pc: 0, x: [0; 32], f: [0; 32], fcsr: fcsr(random) };
        start.x[1..].fill_with(|| integer(random));
        start.f.fill_with(|| float(random));
        // Two that compressed instructions can name, sp mostly, and another;
        // not the registers of the environment call.
        let aligned = random.pick(&[8, 9, 11, 12]);
        let mut pointers = vec![aligned, random.pick(&[13, 14, 15]), 18 + random.below(14) as u32];
        if !random.one_in(8) {
            pointers.push(SP);
        }
        for pointer in &pointers {
            let step = if *pointer == aligned { 8 } else { random.pick(&[1, 2, 4, 8]) };
            let offset = random.below(512) / step * step;
            start.x[*pointer as usize] = SCRATCH + 2048 + offset;
        }
        Draft { random, units: Vec::new(), start, pointers, aligned }
    }

    fn finish(self, seed: u64) -> Case {
        let mut units = self.units;
        units.reverse();
        let word = |random: &mut Random| if random.one_in(2) { integer(random) } else { float(random) };
        let scratch = (0..SCRATCH_BYTES / 8).flat_map(|_| word(self.random).to_le_bytes()).collect();
        Case { seed, units, start: self.start, scratch }
    }

    fn push(&mut self, unit: Option<Vec<u8>>) {
        self.units.extend(unit);
        let bytes: usize = self.units.iter().map(Vec::len).sum();
        assert!(bytes + UNIT_BYTES_MAX <= SLOT_BYTES as usize, "a case does not fit its slot");
    }

    /// Bytes of some of the units behind the one to be made.
    fn skip(&mut self) -> u64 {
        let units = self.random.below(4) as usize;
        self.units.iter().rev().take(units).map(|unit| unit.len() as u64).sum()
    }

    /// A unit of this kind; `None` if this case cannot have one.
    fn unit(&mut self, kind: &Kind) -> Option<Vec<u8>> {
        match kind.name {
            "beq" | "bne" | "blt" | "bge" | "bltu" | "bgeu" => Some(self.branch(kind)),
            "jal" => {
                let op = Op(self.instance(kind)?).with_imm_j(4 + self.skip() as u32);
                Some(bytes(op.0))
            }
            "c.j" | "c.beqz" | "c.bnez" => self.compressed_branch(kind),
            "jalr" | "c.jr" | "c.jalr" => self.indirect(kind),
            "ecall" => Some(self.call(kind)),
            "lr.w" | "lr.d" | "sc.w" | "sc.d" => self.reserved(kind),
            _ if kind.set == "System" && kind.control => self.control(kind),
            _ if kind.memory && !kind.compressed => self.memory(kind),
            _ => self.instance(kind).map(bytes_of),
        }
    }

    /// An instruction of this kind that leaves pointers alone, and uses them if
    /// it is compressed and accesses memory.
    fn instance(&mut self, kind: &Kind) -> Option<u32> {
        for _ in 0..200 {
            let word = kind.instance(&mut || self.random.next());
            let found = decode(word)?;
            let uses = !kind.compressed || !kind.memory || self.pointers.contains(&found.op.rs1());
            if uses && !self.destroys(&found) {
                return Some(word);
            }
        }
        None
    }

    fn destroys(&self, found: &Decoded) -> bool {
        found.row.bits.contains("ddddd") && self.pointers.contains(&found.op.rd())
    }

    /// A register that code may write.
    fn free_register(&mut self) -> u32 {
        loop {
            let register = 1 + self.random.below(31) as u32;
            if !self.pointers.contains(&register) {
                return register;
            }
        }
    }

    /// A load, store or atomic operation on the scratch memory.
    fn memory(&mut self, kind: &Kind) -> Option<Vec<u8>> {
        let op = Op(self.instance(kind)?);
        if kind.set == "A" || kind.set == "Zicbo" {
            return Some(bytes(op.with_rs1(self.aligned).0));
        }
        let pointer = self.random.pick(&self.pointers);
        // Mostly close together, so that loads meet what stores left.
        let offset = if self.random.one_in(4) { self.random.below(4096) } else { self.random.below(32) };
        Some(bytes(with_offset(op.with_rs1(pointer), offset as u32).0))
    }

    /// A pair on one address, with up to two others between; lr alone; or sc
    /// at another address, which fails. What sc does behind a store to its
    /// address, or an lr of another width, an implementation may choose.
    fn reserved(&mut self, kind: &Kind) -> Option<Vec<u8>> {
        let load = kind.name.starts_with("lr");
        let first = Op(self.instance(kind)?).with_rs1(self.aligned);
        if self.random.one_in(3) {
            return Some(if load { bytes(first.0) } else { self.moved(self.aligned, 8, first) });
        }
        // Bit 27 is what tells lr from sc.
        let other = Op(first.0 ^ 1 << 27).with_rd(self.free_register());
        let value = self.random.below(32) as u32;
        let (lr, sc) = if load { (first, other.with_rs2(value)) } else { (other.with_rs2(0), first) };
        let mut unit = bytes(lr.0);
        for _ in 0..self.random.below(3) {
            let (rd, rs1) = (self.free_register(), self.random.below(32) as u32);
            let add = Op(0x33).with_rd(rd).with_rs1(rs1).with_rs2(value);
            unit.extend(bytes(add.0));
        }
        unit.extend(bytes(sc.0));
        Some(unit)
    }

    /// `op` at `offset` from where `pointer` points.
    fn moved(&mut self, pointer: u32, offset: u32, op: Op) -> Vec<u8> {
        let base = self.free_register();
        let mut unit = bytes(Op(0x13).with_rd(base).with_rs1(pointer).with_imm_i(offset).0);
        unit.extend(bytes(op.with_rs1(base).0));
        unit
    }

    fn branch(&mut self, kind: &Kind) -> Vec<u8> {
        let mut op = Op(kind.instance(&mut || self.random.next()));
        if self.random.one_in(4) {
            op = op.with_rs2(op.rs1());
        }
        bytes(op.with_imm_b(4 + self.skip() as u32).0)
    }

    fn compressed_branch(&mut self, kind: &Kind) -> Option<Vec<u8>> {
        let offset = 2 + self.skip() as u32;
        // The bits of the offset that an instruction holds, from bit 12 down
        // (RISC-V Unprivileged ISA, 20240411, §26.4).
        let (mask, order): (u32, &[u32]) = match kind.name {
            "c.j" => (0x1ffc, &[11, 4, 9, 8, 10, 6, 7, 3, 2, 1, 5]),
            _ => (0x1c7c, &[8, 4, 3, 7, 6, 2, 1, 5]),
        };
        let mut places = (0..13).rev().filter(|bit| mask >> bit & 1 != 0);
        let imm: u32 = order.iter().map(|bit| (offset >> bit & 1) << places.next().unwrap_or(0)).sum();
        Some(bytes_of(self.instance(kind)? & !mask | imm))
    }

    /// auipc, addi and a jump to their sum.
    fn indirect(&mut self, kind: &Kind) -> Option<Vec<u8>> {
        let mut jump = self.instance(kind)?;
        let base = self.free_register();
        let bytes_before = 8;
        let distance = bytes_before + if kind.compressed { 2 } else { 4 } + self.skip();
        // The lowest bit of the address is dropped.
        let distance = distance as u32 + self.random.below(2) as u32;
        let mut added = distance;
        if kind.compressed {
            jump = jump & !(31 << 7) | base << 7;
        } else {
            added = self.random.below(1000) as u32;
            jump = Op(jump).with_rs1(base).with_imm_i(distance.wrapping_sub(added)).0;
        }
        let mut unit = bytes(Op(0x17).with_rd(base).0);
        unit.extend(bytes(Op(0x13).with_rd(base).with_rs1(base).with_imm_i(added).0));
        unit.extend(bytes_of(jump));
        Some(unit)
    }

    /// A system call that does not exist.
    fn call(&mut self, kind: &Kind) -> Vec<u8> {
        assert!(!self.pointers.contains(&A7) && !self.pointers.contains(&A0));
        let mut unit = bytes(Op(0x13).with_rd(A7).with_imm_i(u32::MAX).0);
        unit.extend(bytes(kind.instance(&mut || self.random.next())));
        unit
    }

    /// On the registers of floating point: mostly fflags, since what code
    /// writes to frm is mostly no rounding mode.
    fn control(&mut self, kind: &Kind) -> Option<Vec<u8>> {
        let op = Op(self.instance(kind)?);
        let register = self.random.pick(&[1, 1, 1, 2, 3]);
        let op = op.with_imm_i(register);
        let rounding = kind.name == "csrrwi" && register == 2;
        Some(bytes(if rounding { op.with_rs1(self.random.below(5) as u32) } else { op }.0))
    }

    /// Something that traps, in one way or another.
    fn last(&mut self, generator: &Generator) -> Option<Vec<u8>> {
        let some = |random: &mut Random, wanted: &dyn Fn(&Kind) -> bool| {
            let kinds: Vec<Kind> = generator.plain.iter().copied().filter(|kind| wanted(kind)).collect();
            random.pick(&kinds)
        };
        match self.random.below(8) {
            0 => {
                // QEMU's sc looks for its reservation first, and fails without.
                let checked = |kind: &Kind| kind.set == "A" && !kind.name.starts_with("sc");
                let kind = some(self.random, &checked);
                let odd = 1 + self.random.below(3) as u32;
                let op = Op(self.instance(&kind)?);
                Some(self.moved(self.aligned, odd, op))
            }
            1 => {
                let plain =
                    |kind: &Kind| kind.memory && !kind.compressed && !matches!(kind.set, "A" | "Zicbo");
                let kind = some(self.random, &plain);
                let op = Op(self.instance(&kind)?).with_rs1(0);
                Some(bytes(with_offset(op, self.random.below(2048) as u32).0))
            }
            2 => {
                let kind = some(self.random, &|kind| matches!(kind.name, "fadd.s" | "fsqrt.d" | "fcvt.w.s"));
                let reserved = 5 + self.random.below(2) as u32;
                Some(bytes(Op(self.instance(&kind)?).with_rm(reserved).0))
            }
            3 => {
                let kind = some(self.random, &|kind| kind.name.starts_with("csr"));
                let denied = self.random.pick(&[0x100, 0x140, 0x300, 0x341, 0xf14]);
                Some(bytes(Op(self.instance(&kind)?).with_imm_i(denied).0))
            }
            _ => {
                let kind = self.random.pick(&generator.trapping);
                self.instance(&kind).map(bytes_of)
            }
        }
    }
}

/// A rounding mode, now and then no valid one, and flags.
fn fcsr(random: &mut Random) -> u64 {
    let mode = if random.one_in(16) { random.below(8) } else { random.below(5) };
    mode << 5 | if random.one_in(2) { random.below(32) } else { 0 }
}

/// With the offset of a load or store.
fn with_offset(op: Op, offset: u32) -> Op {
    let store = matches!(op.opcode(), 0x23 | 0x27);
    if store { op.with_imm_s(offset) } else { op.with_imm_i(offset) }
}

fn bytes(word: u32) -> Vec<u8> {
    word.to_le_bytes().to_vec()
}

/// The bytes of an instruction of 16 or 32 bits.
fn bytes_of(word: u32) -> Vec<u8> {
    let length = if word & 3 == 3 { 4 } else { 2 };
    word.to_le_bytes()[..length].to_vec()
}
