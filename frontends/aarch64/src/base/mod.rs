//! The base instructions.
//!
//! Source: Arm ARM, C4.1 (encoding index) and chapter C6.

pub mod barrier;
mod bitfield;
mod branch;
pub mod checksum;
mod exception;
mod flag;
pub mod hint;
mod immediate;
pub mod memory;
pub mod pointer;
mod register;
mod source;
mod stack;

pub(crate) use self::immediate::bit_mask;
use self::memory::{atomic, exclusive, ordered, pair, single};
use crate::decode::Set;
use crate::model::Features;

/// Rows of these instructions, in the order of the manual's index.
pub static SETS: &[Set] = &[
    Set::base("reserved", exception::RESERVED),
    Set::base("PC-rel. addressing", immediate::PC_RELATIVE),
    Set::base("add/subtract (immediate)", immediate::ADD_SUB),
    Set::base("logical (immediate)", immediate::LOGICAL),
    Set::base("move wide (immediate)", immediate::MOVE_WIDE),
    Set::base("bitfield", bitfield::BITFIELD),
    Set::base("extract", immediate::EXTRACT),
    Set::base("conditional branch (immediate)", branch::CONDITIONAL),
    Set::base("exception generation", exception::GENERATION),
    Set::base("hints", hint::HINTS),
    Set::base("hints", pointer::HINTS),
    Set::base("data cache zero", hint::ZERO),
    Set::base("barriers", barrier::BARRIERS),
    Set::feature("barriers", Features::SB, barrier::SPECULATION),
    Set::feature("flags", Features::FLAG_M, flag::FLAG_M),
    Set::feature("flags", Features::FLAG_M2, flag::FLAG_M2),
    Set::base("unconditional branch (register)", branch::REGISTER),
    Set::feature("unconditional branch (register)", Features::PAUTH, pointer::BRANCHES),
    Set::base("unconditional branch (immediate)", branch::UNCONDITIONAL),
    Set::base("compare and branch (immediate)", branch::COMPARE),
    Set::base("test and branch (immediate)", branch::TEST),
    Set::base("data-processing (2 source)", source::TWO),
    Set::feature("data-processing (2 source)", Features::CRC32, checksum::CRC32),
    Set::feature("data-processing (2 source)", Features::PAUTH, pointer::TWO_SOURCE),
    Set::base("data-processing (1 source)", source::ONE),
    Set::feature("data-processing (1 source)", Features::PAUTH, pointer::ONE_SOURCE),
    Set::base("logical (shifted register)", register::LOGICAL),
    Set::base("add/subtract (shifted register)", register::ADD_SUB_SHIFTED),
    Set::base("add/subtract (extended register)", register::ADD_SUB_EXTENDED),
    Set::base("add/subtract (with carry)", register::ADD_SUB_CARRY),
    Set::base("conditional compare (register)", register::COND_COMPARE_REGISTER),
    Set::base("conditional compare (immediate)", register::COND_COMPARE_IMMEDIATE),
    Set::base("conditional select", register::COND_SELECT),
    Set::base("data-processing (3 source)", source::THREE),
    Set::base("load/store exclusive pair", exclusive::PAIR),
    Set::base("load/store exclusive register", exclusive::REGISTER),
    Set::base("load/store ordered", ordered::ORDERED),
    Set::feature("compare and swap", Features::LSE, atomic::COMPARE_SWAP),
    Set::feature("LDAPR/STLR (unscaled immediate)", Features::LRCPC2, ordered::LRCPC2),
    Set::base("load register (literal)", single::LITERAL),
    Set::base("load/store register pair", pair::PAIR),
    Set::base("load/store register (unscaled immediate)", single::UNSCALED),
    Set::base("load/store register (immediate post-indexed)", single::POST_INDEXED),
    Set::base("load/store register (unprivileged)", single::UNPRIVILEGED),
    Set::base("load/store register (immediate pre-indexed)", single::PRE_INDEXED),
    Set::feature("atomic memory operations", Features::LSE, atomic::OPERATIONS),
    Set::feature("atomic memory operations", Features::LRCPC, ordered::LRCPC),
    Set::feature("load/store register (pac)", Features::PAUTH, pointer::LOADS),
    Set::base("load/store register (register offset)", single::REGISTER),
    Set::base("load/store register (unsigned immediate)", single::UNSIGNED),
];
