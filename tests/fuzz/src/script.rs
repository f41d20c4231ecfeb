//! Choices from a fuzzer's bytes.

/// Bytes read as choices. Where they end, every choice is 0, so that each
/// input means something and a shorter one something simpler.
pub struct Script<'a> {
    bytes: &'a [u8],
}

impl<'a> Script<'a> {
    /// Reads `bytes`.
    pub fn new(bytes: &'a [u8]) -> Script<'a> {
        Script { bytes }
    }

    /// Whether all bytes are used up.
    pub fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        u8::from_le_bytes(self.array())
    }

    /// The next 16 bits.
    pub fn half(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    /// The next 32 bits.
    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    /// The next 64 bits.
    pub fn long(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    /// A number below `end`, which is 1 to 65536.
    pub fn below(&mut self, end: usize) -> usize {
        let choice = if end <= 256 { self.byte().into() } else { self.half().into() };
        let choice: usize = choice;
        choice % end
    }

    /// One of `all`, which is not empty.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A value as registers get them: small, one of `hot`, or anything.
    pub fn value(&mut self, hot: &[u64]) -> u64 {
        match self.byte() % 4 {
            0 => self.byte().into(),
            1 | 2 if !hot.is_empty() => self.pick(hot),
            1 | 2 => self.word().into(),
            _ => self.long(),
        }
    }

    /// The next `bytes` bytes, or as many as there are.
    pub fn take(&mut self, bytes: usize) -> &'a [u8] {
        let (taken, rest) = self.bytes.split_at(bytes.min(self.bytes.len()));
        self.bytes = rest;
        taken
    }

    /// All bytes that are left.
    pub fn rest(&mut self) -> &'a [u8] {
        self.take(usize::MAX)
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.take(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }
}
