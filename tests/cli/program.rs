//! A bare-metal program to run: an echo that can switch the machine off.

use std::path::PathBuf;

/// Greets, then sends back what it receives. `q` powers off, `f` ends with
/// code [`FAILURE`].
const SOURCE: &str = "
    li s0, 0x10000000
    la a0, greeting
print:
    lbu t0, 0(a0)
    beqz t0, receive
    sb t0, 0(s0)
    addi a0, a0, 1
    j print
receive:
    lbu t0, 5(s0)
    andi t0, t0, 1
    beqz t0, receive
    lbu t1, 0(s0)
    li t2, 113
    beq t1, t2, off
    li t2, 102
    beq t1, t2, fail
    sb t1, 0(s0)
    j receive
off:
    li t1, 0x5555
    j finish
fail:
    li t1, 0x73333
finish:
    li t0, 0x100000
    sw t1, 0(t0)
    j finish
greeting:
    .asciz \"ready\\n\"
";

/// What the program writes first.
pub const GREETING: &str = "ready";

/// The code with which it fails.
pub const FAILURE: i32 = 7;

/// Where RAM and so the program begins.
const BASE: u64 = 0x8000_0000;

/// The program in a file, which goes with the folder.
pub struct Program {
    folder: tempfile::TempDir,
}

impl Program {
    /// Assembles it.
    pub fn new() -> Program {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = riscv::asm::assemble(SOURCE, BASE).expect("a sound program");
        std::fs::write(folder.path().join("echo.bin"), program.bytes).expect("room for it");
        Program { folder }
    }

    /// The file.
    pub fn file(&self) -> String {
        self.path("echo.bin").display().to_string()
    }

    /// A path beside it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
