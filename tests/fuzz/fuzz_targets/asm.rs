//! Any text assembles, or its mistake is named; what it assembles to can be
//! shown again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use riscv::{asm, disasm};

const BASE: u64 = 0x8000_0000;

fuzz_target!(|text: &str| {
    match asm::assemble(text, BASE) {
        Ok(program) => {
            let mut code = program.bytes.as_slice();
            while let Some((text, bytes)) = disasm::disassemble(BASE, code) {
                assert!(!text.is_empty() && bytes > 0);
                code = &code[bytes..];
            }
        }
        Err(error) => {
            let line = 1..=text.lines().count().max(1);
            assert!(line.contains(&error.line) && !error.message.is_empty());
        }
    }
});
