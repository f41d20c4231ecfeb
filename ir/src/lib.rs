//! The intermediate representation (IR) that every guest is lifted into.
//!
//! A [`Block`] is straight-line code from one guest address with one
//! [`Terminator`]. Values are assigned once and live inside a block; between
//! blocks everything flows through the [`Slot`]s of the guest's state. Names
//! are Cranelift's where the meaning is Cranelift's. There are no guest
//! opcodes: what the IR cannot say is a helper with declared effects.
//!
//! A front end makes blocks with a [`Builder`]; [`verify()`] says what they have
//! to satisfy; [`Passes`] make them cheaper; [`mod@print`] and [`mod@parse`] define
//! their text form. What they mean is what [`interp::run`] does, and what single
//! operations compute is in [`eval`]: every engine has to agree with these two.
//! Random blocks to check that with are in `testing`.

mod access;
mod args;
mod block;
mod builder;
pub mod eval;
mod flags;
mod float;
mod hash;
mod inst;
pub mod interp;
mod lane;
mod layout;
mod names;
mod op;
pub mod parse;
pub mod passes;
pub mod print;
#[doc(hidden)]
pub mod testing;
mod types;
pub mod verify;

pub use access::{Align, MemAccess, Order, RmwOp};
pub use args::Args;
pub use block::{Block, BlockKey, Hint, Leave, ORIGIN_BYTES, Terminator};
pub use builder::{Builder, OnLanes};
pub use flags::{FlagSlots, FlagsOp, IntCC};
pub use float::{Calls, FloatEnv, FloatFormat, FloatOp, InlineFloat, Integer, SlotBits, Toward};
pub use hash::HashOp;
pub use inst::{Inst, Value};
pub use lane::{LaneBinaryOp, LaneUnaryOp, Lanes};
pub use layout::{Effects, HelperDecl, HelperId, Slot, SlotClass, SlotInfo, SlotSet, Spec, StateLayout};
pub use op::{BinaryOp, UnaryOp};
pub use parse::{ParseError, parse};
pub use passes::Passes;
pub use types::Type;
pub use verify::{VerifyError, verify};
