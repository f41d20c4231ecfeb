//! The record of a case: what the instruction starts on, and what it leaves.

/// Registers x0 to x15.
pub const X: usize = 0;
pub const X_COUNT: usize = 16;
/// N, Z, C and V in bits 31 to 28.
pub const NZCV: usize = 16;
pub const FPCR: usize = 17;
pub const FPSR: usize = 18;
/// The stack pointer.
pub const SP: usize = 19;
/// Registers v0 to v31, the low half first.
pub const V: usize = 20;
/// Memory.
pub const WINDOW: usize = 84;
pub const WINDOW_WORDS: usize = 20;
pub const RECORD_WORDS: usize = WINDOW + WINDOW_WORDS;

/// A record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record(pub [u64; RECORD_WORDS]);

/// The name of a record's word.
pub fn place(index: usize) -> String {
    match index {
        X..NZCV => format!("x{index}"),
        NZCV => "nzcv".to_owned(),
        FPCR => "fpcr".to_owned(),
        FPSR => "fpsr".to_owned(),
        SP => "sp".to_owned(),
        V..WINDOW => format!("v{}.d[{}]", (index - V) / 2, (index - V) % 2),
        _ => format!("memory {}", (index as i64 - WINDOW as i64) * 8),
    }
}
