//! Disassembly in the notation of GNU objdump, with its preferred aliases.
//!
//! Source: Arm ARM, chapters C3, C6 and C7.

mod control;
mod data;
mod float;
mod memory;
mod text;
mod vector;
mod vector_memory;

use crate::Op;
use crate::decode::{self, Decoded};
use text::vector_fields;

/// The instruction at the start of `code`, which lies at `pc`, as text, and
/// its length in bytes; `None` if `code` is too short.
///
/// What cannot be decoded becomes a data directive.
pub fn disassemble(pc: u64, code: &[u8]) -> Option<(String, usize)> {
    let bytes = code.first_chunk::<4>()?;
    let word = u32::from_le_bytes(*bytes);
    let text = text(pc, word).unwrap_or_else(|| format!(".inst {word:#010x}"));
    Some((text, bytes.len()))
}

/// The instruction `word` at `pc`; `None` if it cannot be decoded.
pub fn text(pc: u64, word: u32) -> Option<String> {
    let found = decode::decode(word)?;
    let op = Op(word);
    if found.set.float {
        let known = float::text(&found, op)
            .or_else(|| vector::text(&found, op))
            .or_else(|| vector_memory::text(&found, pc, op));
        return Some(known.unwrap_or_else(|| unknown(&found, op)));
    }
    let known = control::text(&found, pc, op)
        .or_else(|| data::text(&found, pc, op))
        .or_else(|| memory::text(&found, pc, op));
    Some(known.unwrap_or_else(|| unknown(&found, op)))
}

/// The row's name, and its fields by their letters.
fn unknown(found: &Decoded, op: Op) -> String {
    let fields = vector_fields(found.row, op);
    if fields.is_empty() { found.row.name.to_owned() } else { format!("{} {fields}", found.row.name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_is_nothing_and_what_is_no_instruction_is_data() {
        assert_eq!(disassemble(0, &[0; 4]), Some(("udf #0".to_owned(), 4)));
        assert_eq!(disassemble(0, &[0xff; 4]), Some((".inst 0xffffffff".to_owned(), 4)));
        assert_eq!(disassemble(0, &[0; 3]), None);
    }

    // As GNU objdump 2.44 shows them.
    #[test]
    fn instructions_look_as_in_the_gnu_notation() {
        let cases = [
            (0x9100_0421, "add x1, x1, #0x1"),
            (0xf100_043f, "cmp x1, #0x1"),
            (0xaa01_03e0, "mov x0, x1"),
            (0xd280_0020, "mov x0, #0x1"),
            (0xd37d_f020, "lsl x0, x1, #3"),
            (0x9a9f_17e0, "cset x0, eq"),
            (0xa9bf_7bfd, "stp x29, x30, [sp, #-16]!"),
            (0xf861_7800, "ldr x0, [x0, x1, lsl #3]"),
            (0x5400_0040, "b.eq 0x1008"),
            (0xd65f_03c0, "ret"),
            (0xd503_201f, "nop"),
        ];
        for (word, expected) in cases {
            assert_eq!(text(0x1000, word).as_deref(), Some(expected), "{word:#x}");
        }
    }
}
