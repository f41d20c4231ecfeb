//! Mynah, a multi-architecture emulator: its face for programs that embed it.

pub mod debian;
