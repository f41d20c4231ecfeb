//! Disassembly.

use crate::decode;

/// The instruction at the start of `code`, which lies at `pc`, as text, and
/// its length in bytes; `None` if `code` is too short.
///
/// What cannot be decoded becomes a data directive.
pub fn disassemble(_pc: u64, code: &[u8]) -> Option<(String, usize)> {
    let bytes = code.first_chunk::<4>()?;
    let word = u32::from_le_bytes(*bytes);
    let text = match decode::decode(word) {
        Some(found) => found.row.name.to_owned(),
        None => format!(".inst {word:#010x}"),
    };
    Some((text, bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_have_names_and_the_rest_is_data() {
        assert_eq!(disassemble(0, &[0; 4]), Some(("udf".to_owned(), 4)));
        assert_eq!(disassemble(0, &[0xff; 4]), Some((".inst 0xffffffff".to_owned(), 4)));
        assert_eq!(disassemble(0, &[0; 3]), None);
    }
}
