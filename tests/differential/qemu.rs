//! Runs cases in one process under `qemu-riscv64`.
//!
//! Every case ends with a signal. The handler keeps the registers that the
//! signal saved and the scratch memory, puts those of the next case in their
//! place and returns to it: so a case has all registers to itself, and whatever
//! it traps on is a result like any other.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use riscv::asm::assemble;

use crate::elf::{Segment, executable};
use crate::generate::Case;
use crate::layout::{
    CONTEXT_IN_UCONTEXT, CONTEXT_WORDS, DATA, Outcome, RECORD_BYTES, RECORD_CONTEXT, RECORD_SCRATCH, RECORDS,
    SCRATCH, SCRATCH_BYTES, SLOT_BYTES, SLOTS, STUB, signal, slot,
};

const PROGRAM: &str = "qemu-riscv64";

/// Where the data segment keeps the address of the running case's record, the
/// arguments of system calls, and the signals' stack.
const CURSOR: u64 = DATA;
const SIGACTION: u64 = DATA + 0x100;
const STACK_T: u64 = DATA + 0x200;
const STACK: u64 = DATA + 0x1000;
const STACK_BYTES: u64 = 0x8000;

/// An installed `qemu-riscv64`.
pub struct Qemu {
    /// What it says it is.
    pub version: String,
    /// The value of its option `-cpu`.
    cpu: &'static str,
    /// It is 8.0 or later: it knows Zicbom and Zicboz.
    pub recent: bool,
}

impl Qemu {
    /// The installed one, if there is any.
    pub fn find() -> Option<Qemu> {
        let output = Command::new(PROGRAM).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.lines().next().unwrap_or(PROGRAM).to_owned();
        let all =
            "rv64,zba=true,zbb=true,zbs=true,zicbom=true,zicboz=true,cbom_blocksize=64,cboz_blocksize=64";
        let most = "rv64,zba=true,zbb=true,zbs=true";
        let plain = Qemu { version, cpu: most, recent: false };
        let full = Qemu { version: plain.version.clone(), cpu: all, recent: true };
        // A property that it does not know ends it before the guest starts.
        Some(if full.run(&[]).is_ok() { full } else { plain })
    }

    /// What becomes of each case; case `n` runs in slot `n`.
    pub fn run(&self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        let file = image(cases);
        let output = self.execute(&file)?;
        // The first record is that of the stub's own start.
        let records = output.stdout.chunks_exact(RECORD_BYTES).skip(1);
        let outcomes: Vec<Outcome> = records.map(Outcome::from_record).collect();
        if output.status.success() && outcomes.len() == cases.len() {
            return Ok(outcomes);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "{}: {}, {} of {} cases: {said}",
            self.version,
            output.status,
            outcomes.len(),
            cases.len()
        ))
    }

    /// Runs an executable, without input.
    pub fn execute(&self, executable: &[u8]) -> Result<Output, String> {
        let run = || -> std::io::Result<Output> {
            // QEMU wants it executable, and leaves without a word if it is not.
            let mode = Permissions::from_mode(0o700);
            let mut file = tempfile::Builder::new().permissions(mode).tempfile()?;
            file.write_all(executable)?;
            Command::new(PROGRAM).args(["-cpu", self.cpu]).arg(file.path()).stdin(Stdio::null()).output()
        };
        run().map_err(|error| format!("{PROGRAM} cannot be run: {error}"))
    }
}

/// The executable that runs `cases` and writes their records.
fn image(cases: &[Case]) -> Vec<u8> {
    let end = RECORDS + (cases.len() as u64 + 1) * RECORD_BYTES as u64;
    let stub = assemble(&stub(end), STUB).expect("the stub is right");
    assert!(stub.bytes.len() as u64 <= SLOTS - STUB && slot(cases.len()) <= DATA, "too many cases");
    let mut code = stub.bytes;
    code.resize((SLOTS - STUB) as usize, 0);
    for case in cases {
        code.extend(case.slot());
    }
    let mut data = vec![0; (end - DATA) as usize];
    put(&mut data, CURSOR, &[RECORDS]);
    const SIGINFO: u64 = 4;
    const ONSTACK: u64 = 0x0800_0000;
    put(&mut data, SIGACTION, &[stub.symbols["handler"], SIGINFO | ONSTACK]);
    put(&mut data, STACK_T, &[STACK, 0, STACK_BYTES]);
    for (index, case) in cases.iter().enumerate() {
        let record = RECORDS + (index as u64 + 1) * RECORD_BYTES as u64;
        put(&mut data, record + RECORD_CONTEXT as u64, &case.context(index).words());
        let scratch = (record - DATA) as usize + RECORD_SCRATCH;
        data[scratch..scratch + SCRATCH_BYTES].copy_from_slice(&case.scratch);
    }
    let code = Segment { at: STUB, bytes: code, writable: false };
    let data = Segment { at: DATA, bytes: data, writable: true };
    assert!(code.bytes.len() as u64 == SLOTS - STUB + cases.len() as u64 * SLOT_BYTES);
    executable(STUB, &[code, data])
}

fn put(data: &mut [u8], at: u64, words: &[u64]) {
    let start = (at - DATA) as usize;
    for (word, bytes) in words.iter().zip(data[start..].chunks_exact_mut(8)) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
}

/// The program around the cases; the records end at `end`.
fn stub(end: u64) -> String {
    let signals = [signal::ILL, signal::TRAP, signal::BUS, signal::SEGV];
    let actions: String = signals.iter().map(|signal| format!("li a0, {signal}; ecall\n")).collect();
    let scratch_words = SCRATCH_BYTES / 8;
    format!(
        "
        li   a0, {STACK_T}
        li   a1, 0
        li   a7, 132            # sigaltstack
        ecall
        li   a1, {SIGACTION}
        li   a2, 0
        li   a3, 8
        li   a7, 134            # rt_sigaction
        {actions}
        ebreak

handler:                        # of signal a0, with siginfo_t a1, ucontext_t a2
        li   t0, {CURSOR}
        sc.w zero, zero, (t0)   # drops the case's reservation, and fails
        ld   t1, (t0)
        sd   a0, (t1)
        ld   t2, 16(a1)
        sd   t2, 8(t1)
        addi a3, a2, {CONTEXT_IN_UCONTEXT}
        addi a4, t1, {RECORD_CONTEXT}
        li   a5, {CONTEXT_WORDS}
        jal  t3, copy
        li   a3, {SCRATCH}
        li   a5, {scratch_words}
        jal  t3, copy
        sd   a4, (t0)
        li   t2, {end}
        beq  a4, t2, finish
        addi a3, a4, {RECORD_CONTEXT}
        addi a4, a2, {CONTEXT_IN_UCONTEXT}
        li   a5, {CONTEXT_WORDS}
        jal  t3, copy
        li   a4, {SCRATCH}
        li   a5, {scratch_words}
        jal  t3, copy
        ret

copy:                           # a5 words from a3 to a4; they end behind them
        ld   t2, (a3)
        sd   t2, (a4)
        addi a3, a3, 8
        addi a4, a4, 8
        addi a5, a5, -1
        bnez a5, copy
        jr   t3

finish: li   s0, {RECORDS}
1:      li   a0, 1
        mv   a1, s0
        li   a2, {end}
        sub  a2, a2, s0
        li   a7, 64             # write
        ecall
        blez a0, 2f
        add  s0, s0, a0
        li   a2, {end}
        bne  s0, a2, 1b
        li   a0, 0
2:      li   a7, 93             # exit
        ecall
        "
    )
}
