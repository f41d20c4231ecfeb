//! Decoder rows: bit strings in the manual's own notation.

/// Which bits of an instruction are fixed, and to what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Bits that are fixed.
    pub mask: u64,
    /// Their values.
    pub value: u64,
    /// Width in bits.
    pub width: u32,
}

impl Pattern {
    /// Parses a bit string, most significant bit first: `0` and `1` are fixed,
    /// any letter is a field's, spaces are for the reader.
    ///
    /// # Panics
    /// At compile time, if another character occurs or the width is not 16, 32
    /// or 48.
    pub const fn parse(text: &str) -> Pattern {
        let bytes = text.as_bytes();
        let mut pattern = Pattern { mask: 0, value: 0, width: 0 };
        let mut i = 0;
        while i < bytes.len() {
            let c = bytes[i];
            i += 1;
            if c == b' ' {
                continue;
            }
            pattern.mask <<= 1;
            pattern.value <<= 1;
            pattern.width += 1;
            match c {
                b'0' => pattern.mask |= 1,
                b'1' => {
                    pattern.mask |= 1;
                    pattern.value |= 1;
                }
                b'a'..=b'z' | b'A'..=b'Z' => (),
                _ => panic!("a pattern has 0, 1, letters and spaces only"),
            }
        }
        assert!(matches!(pattern.width, 16 | 32 | 48), "a pattern has 16, 32 or 48 bits");
        pattern
    }

    /// Whether `word` fits.
    pub const fn matches(&self, word: u64) -> bool {
        word & self.mask == self.value
    }

    /// Whether some word fits both.
    pub const fn overlaps(&self, other: &Pattern) -> bool {
        let both = self.mask & other.mask;
        self.width == other.width && self.value & both == other.value & both
    }
}

/// One instruction: its name, its encoding, and what to do with it.
#[derive(Clone, Copy)]
pub struct Row<F: Copy> {
    /// The mnemonic.
    pub name: &'static str,
    /// The bit string as written.
    pub bits: &'static str,
    /// The same, parsed.
    pub pattern: Pattern,
    /// The lift function.
    pub lift: F,
}

/// Makes a row; a malformed bit string fails to compile in a `const`.
pub const fn row<F: Copy>(name: &'static str, bits: &'static str, lift: F) -> Row<F> {
    Row { name, bits, pattern: Pattern::parse(bits), lift }
}

/// Whether two names are the same, at compile time.
pub const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fixes_zeros_and_ones_only() {
        let p = Pattern::parse("000 d ddddd 01 iiiii");
        assert_eq!((p.mask, p.value, p.width), (0b1110_0000_0110_0000, 0b0010_0000, 16));
        assert!(p.matches(0b0001_1111_1011_1111));
        assert!(!p.matches(0b1001_1111_1011_1111));
    }

    #[test]
    fn overlap_is_seen_only_where_both_are_fixed_alike() {
        let p = Pattern::parse("0000000000000000");
        let q = Pattern::parse("000000000000000d");
        let r = Pattern::parse("100000000000000d");
        assert!(p.overlaps(&q) && q.overlaps(&p) && !q.overlaps(&r));
    }
}
