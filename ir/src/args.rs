//! What helpers are called with.

use crate::Value;

/// Up to four arguments of a helper.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Args {
    values: [Value; 4],
    len: u8,
}

impl Args {
    /// Takes `values`.
    ///
    /// # Panics
    /// If there are more than four: a front end's mistake.
    pub fn new(values: &[Value]) -> Args {
        assert!(values.len() <= 4, "a helper takes at most four arguments");
        let mut args = Args { values: [Value(0); 4], len: values.len() as u8 };
        args.values[..values.len()].copy_from_slice(values);
        args
    }

    /// The arguments.
    pub fn as_slice(&self) -> &[Value] {
        &self.values[..usize::from(self.len)]
    }

    /// The arguments, to be renamed by a pass.
    pub fn as_mut_slice(&mut self) -> &mut [Value] {
        &mut self.values[..usize::from(self.len)]
    }
}
