//! Precisions as types: how numbers stand in arguments, what FPCR says of
//! them, and what of their arithmetic the host has.

use guest::softfloat::host::Host;
use guest::softfloat::{F16, F32, F64, Flush, Format, SubnormalInput, SubnormalOutput};

use super::env::fpcr;

/// The bits above a number in single precision, in an argument or a result
/// (see [`ir::FloatFormat::BoxedSingle`]).
pub const BOX: u64 = 0xffff_ffff_0000_0000;

/// Operations that the host has.
#[derive(Clone, Copy, Debug)]
pub enum HostOp {
    /// a + b.
    Add,
    /// a − b.
    Sub,
    /// a × b.
    Mul,
    /// a ÷ b.
    Div,
    /// √a.
    Sqrt,
    /// a × b + c.
    MulAdd,
}

/// A precision.
pub trait Float: Format<Word = u64> {
    /// What FPCR says of its subnormals.
    fn flush(control: u64) -> Flush;

    /// The host's result; `None` if it does not compute in this precision.
    fn host(op: HostOp, operands: [u64; 3]) -> Option<u64>;

    /// The argument or result that a number is.
    fn boxed(number: u64) -> u64 {
        number
    }

    /// The number that an argument is.
    fn unboxed(argument: u64) -> u64 {
        argument & (u64::MAX >> (64 - Self::BITS))
    }
}

impl Float for F16 {
    /// FPCR.FZ16. That an operand was flushed is not told.
    fn flush(control: u64) -> Flush {
        if control & fpcr::FZ16 == 0 {
            return Flush::default();
        }
        Flush { input: SubnormalInput::Flush, output: SubnormalOutput::Flush }
    }

    fn host(_: HostOp, _: [u64; 3]) -> Option<u64> {
        None
    }
}

impl Float for F32 {
    fn flush(control: u64) -> Flush {
        flush_by_fz(control)
    }

    fn host(op: HostOp, operands: [u64; 3]) -> Option<u64> {
        Some(by_host::<F32>(op, operands))
    }

    fn boxed(number: u64) -> u64 {
        number | BOX
    }
}

impl Float for F64 {
    fn flush(control: u64) -> Flush {
        flush_by_fz(control)
    }

    fn host(op: HostOp, operands: [u64; 3]) -> Option<u64> {
        Some(by_host::<F64>(op, operands))
    }
}

/// FPCR.FZ, for single and double precision.
fn flush_by_fz(control: u64) -> Flush {
    if control & fpcr::FZ == 0 {
        return Flush::default();
    }
    Flush { input: SubnormalInput::FlushAndRaise, output: SubnormalOutput::Flush }
}

fn by_host<F: Host>(op: HostOp, [a, b, c]: [u64; 3]) -> u64 {
    match op {
        HostOp::Add => F::add(a, b),
        HostOp::Sub => F::sub(a, b),
        HostOp::Mul => F::mul(a, b),
        HostOp::Div => F::div(a, b),
        HostOp::Sqrt => F::sqrt(a),
        HostOp::MulAdd => F::mul_add(a, b, c),
    }
}
