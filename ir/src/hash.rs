//! Rounds of hash functions, and their names in the text form.

/// Four rounds of SHA-1 or SHA-256 (FIPS 180-4, §6.1.2 and §6.2.2). Of the state and
/// the words, the first is the lowest 32 bits of a vector; the words have the rounds'
/// constants added.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum HashOp {
    /// SHA-1's *a* to *d*, by the function Ch. The rest of the state is *e*, in the
    /// lowest 32 bits.
    Sha1Choose,
    /// The same by the function Parity.
    Sha1Parity,
    /// The same by the function Maj.
    Sha1Majority,
    /// SHA-256's *a* to *d*; the rest of the state is *e* to *h*.
    Sha256First,
    /// SHA-256's *e* to *h*; the operands are the same.
    Sha256Second,
}

impl HashOp {
    /// All of them, in the order of the declaration.
    pub const ALL: [HashOp; 5] = [
        HashOp::Sha1Choose,
        HashOp::Sha1Parity,
        HashOp::Sha1Majority,
        HashOp::Sha256First,
        HashOp::Sha256Second,
    ];

    /// The name in the text form.
    pub const fn name(self) -> &'static str {
        match self {
            HashOp::Sha1Choose => "sha1_choose",
            HashOp::Sha1Parity => "sha1_parity",
            HashOp::Sha1Majority => "sha1_majority",
            HashOp::Sha256First => "sha256_first",
            HashOp::Sha256Second => "sha256_second",
        }
    }
}
