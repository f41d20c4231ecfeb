//! The guest's memory and a case's state, alike under QEMU and on our engines.
//!
//! Source of the layout of a signal's context: Linux 6.12,
//! arch/riscv/include/uapi/asm/{ucontext,sigcontext,ptrace}.h.

/// Where our harts trap to; QEMU's process has nothing here.
pub const VECTOR: u64 = 0x000f_f000;
/// Where the stub starts that runs cases under QEMU.
pub const STUB: u64 = 0x0010_0000;
/// Where the code of the first case lies.
pub const SLOTS: u64 = STUB + 0x1000;
/// Bytes for the code of one case; what it leaves is filled with c.ebreak.
pub const SLOT_BYTES: u64 = 512;
/// Where what can be written starts. It begins with what the stub needs.
pub const DATA: u64 = 0x0040_0000;
/// The memory that cases work on.
pub const SCRATCH: u64 = DATA + 0x1_0000;
/// Its length: a pointer to its middle takes any 12-bit offset.
pub const SCRATCH_BYTES: usize = 0x1400;
/// Behind the memory that our harts need.
pub const END: u64 = SCRATCH + 0x2000;
/// The cases' records, for QEMU alone.
pub const RECORDS: u64 = END;

/// A record: the signal, its address, the context, and the scratch memory.
pub const RECORD_CONTEXT: usize = 16;
/// See [`RECORD_CONTEXT`].
pub const RECORD_SCRATCH: usize = RECORD_CONTEXT + CONTEXT_WORDS * 8;
/// See [`RECORD_CONTEXT`].
pub const RECORD_BYTES: usize = RECORD_SCRATCH + SCRATCH_BYTES;

/// Words in a signal's saved registers: pc, x1 to x31, f0 to f31, fcsr.
pub const CONTEXT_WORDS: usize = 65;
/// Where a signal's saved registers lie in its context.
pub const CONTEXT_IN_UCONTEXT: u64 = 176;

/// Where the code of case `index` lies.
pub fn slot(index: usize) -> u64 {
    SLOTS + index as u64 * SLOT_BYTES
}

/// The registers of user level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context {
    pub pc: u64,
    pub x: [u64; 32],
    pub f: [u64; 32],
    pub fcsr: u64,
}

impl Context {
    /// The words in the order in which a signal saves them.
    pub fn words(&self) -> Vec<u64> {
        let x = self.x[1..].iter();
        std::iter::once(&self.pc).chain(x).chain(&self.f).chain([&self.fcsr]).copied().collect()
    }

    pub fn from_words(words: &[u64]) -> Context {
        let mut context = Context { pc: words[0], x: [0; 32], f: [0; 32], fcsr: words[64] & 0xffff_ffff };
        context.x[1..].copy_from_slice(&words[1..32]);
        context.f.copy_from_slice(&words[32..64]);
        context
    }
}

/// The signals that end cases, as Linux numbers them.
pub mod signal {
    /// An instruction that is not legal.
    pub const ILL: u64 = 4;
    /// A breakpoint: most cases end with one.
    pub const TRAP: u64 = 5;
    /// An access that has to be aligned and is not.
    pub const BUS: u64 = 7;
    /// An access where there is no memory.
    pub const SEGV: u64 = 11;
}

/// What became of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Why it ended, one of [`signal`]; 0 if it never did.
    pub signal: u64,
    /// The address of the access, for BUS and SEGV.
    pub address: Option<u64>,
    /// The pc is that of the instruction that ended it.
    pub context: Context,
    pub scratch: Vec<u8>,
}

impl Outcome {
    /// Reads a record that the stub has filled.
    pub fn from_record(record: &[u8]) -> Outcome {
        let words: Vec<u64> = words(&record[..RECORD_SCRATCH]);
        Outcome {
            signal: words[0],
            address: matches!(words[0], signal::BUS | signal::SEGV).then_some(words[1]),
            context: Context::from_words(&words[2..]),
            scratch: record[RECORD_SCRATCH..].to_vec(),
        }
    }

    /// Every difference, `theirs` being right. Empty if there is none.
    pub fn differences(&self, theirs: &Outcome) -> Vec<String> {
        let mut found = Vec::new();
        let mut note = |what: String, ours: u64, theirs: u64| {
            if ours != theirs {
                found.push(format!("{what}: {ours:#x}, QEMU has {theirs:#x}"));
            }
        };
        note("signal".into(), self.signal, theirs.signal);
        note("address".into(), self.address.unwrap_or(0), theirs.address.unwrap_or(0));
        note("pc".into(), self.context.pc, theirs.context.pc);
        note("fcsr".into(), self.context.fcsr, theirs.context.fcsr);
        for n in 0..32 {
            note(format!("x{n}"), self.context.x[n], theirs.context.x[n]);
            note(format!("f{n}"), self.context.f[n], theirs.context.f[n]);
        }
        let memory = words(&self.scratch).into_iter().zip(words(&theirs.scratch));
        for (index, (ours, theirs)) in memory.enumerate() {
            note(format!("memory at {:#x}", SCRATCH + index as u64 * 8), ours, theirs);
        }
        found
    }
}

/// Little-endian words.
pub fn words(bytes: &[u8]) -> Vec<u64> {
    bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("eight bytes"))).collect()
}
