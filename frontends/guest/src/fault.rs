//! What goes wrong, or comes from outside, while guest code runs.

/// An exception of the guest, in its own numbering.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The guest's number for it.
    pub cause: u64,
    /// The guest's datum: a bad address, the instruction's bits, or 0.
    pub value: u64,
}

/// Why a CPU leaves its straight path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The current instruction raised an exception.
    Exception(Fault),
    /// The interrupt with the guest's number.
    Interrupt(u64),
}

/// What an access is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Access {
    /// Data is read.
    Load,
    /// Data is written, or read and written.
    Store,
    /// Code is read.
    Fetch,
}
