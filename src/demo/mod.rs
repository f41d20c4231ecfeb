//! A guest that needs no files: a small program for the bare machine, which
//! shows what it runs on, checks it, and takes a few commands.
//!
//! It is assembled from the sources in this folder when it is wanted.

use crate::Image;

/// The machine it is made for.
pub const MACHINE: &str = "riscv-virt";

/// Where that machine's RAM begins, to which firmware is loaded.
const BASE: u64 = 0x8000_0000;

/// The parts in the order in which they lie in memory.
const PARTS: [(&str, &str); 6] = [
    ("start.s", include_str!("start.s")),
    ("serial.s", include_str!("serial.s")),
    ("machine.s", include_str!("machine.s")),
    ("checks.s", include_str!("checks.s")),
    ("prompt.s", include_str!("prompt.s")),
    ("data.s", include_str!("data.s")),
];

/// The program, to be used as firmware.
///
/// # Panics
/// If its source is wrong, which a test rules out.
pub fn program() -> Image {
    let source: String = PARTS.iter().map(|(_, part)| *part).collect();
    match riscv::asm::assemble(&source, BASE) {
        Ok(program) => Image { name: "demo".to_owned(), bytes: program.bytes },
        Err(error) => panic!("{}: {}", place(error.line), error.message),
    }
}

/// The file and line of a line of the whole.
fn place(mut line: usize) -> String {
    for (name, part) in PARTS {
        let lines = part.lines().count();
        if line <= lines {
            return format!("src/demo/{name}:{line}");
        }
        line -= lines;
    }
    "src/demo".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_sound_and_small() {
        assert!(program().bytes.len() < 32 << 10);
    }

    #[test]
    fn mistakes_are_found_in_their_files() {
        assert_eq!(place(1), "src/demo/start.s:1");
        assert_eq!(place(PARTS[0].1.lines().count() + 2), "src/demo/serial.s:2");
    }
}
