//! The demo that `mynah boot` shows alone: a bare-metal program in assembly,
//! which is assembled when it is asked for.

use crate::config::Image;

/// The program's source, which is one text to the assembler.
const SOURCE: &str = concat!(
    include_str!("main.s"),
    include_str!("tree.s"),
    include_str!("check.s"),
    include_str!("text.s"),
    include_str!("data.s"),
);

/// Where the machine loads a kernel that does not say so itself.
const BASE: u64 = 0x8020_0000;

/// The demo, to be given to the machine `riscv-virt` as its kernel.
///
/// # Panics
/// If the source has a mistake, which a test would have found.
pub fn demo() -> Image {
    let program = riscv::asm::assemble(SOURCE, BASE).unwrap_or_else(|error| panic!("the demo: {error}"));
    Image { name: "demo".into(), bytes: program.bytes.into() }
}

#[cfg(test)]
mod tests;
