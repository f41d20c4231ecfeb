//! Saved state: one serialisable value a device, named and versioned.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// A part whose state can be saved and restored. There is no default: a part
/// without state says so with `type State = ()`.
pub trait Snapshot {
    /// The record's name, the same in every release.
    const KIND: &'static str;
    /// Counts up when `State` changes shape.
    const VERSION: u32;
    /// All of the part's state that a guest can see.
    type State: Serialize + DeserializeOwned + Clone + PartialEq + fmt::Debug;

    /// The state now.
    fn save(&self) -> Self::State;

    /// Takes over `state`, and makes wires and deadlines agree with it.
    ///
    /// # Errors
    /// A state no run can have come to; the part is then unchanged.
    fn restore(&mut self, state: Self::State) -> Result<(), RestoreError>;
}

/// A snapshot record that cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreError {
    /// The record's name.
    pub kind: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "snapshot record `{}`: {}", self.kind, self.reason)
    }
}

impl std::error::Error for RestoreError {}

/// [`Snapshot`] with the state type erased, as boards store it. `json` is the
/// record's body.
pub trait AnySnapshot {
    /// The record's name and version.
    fn kind(&self) -> (&'static str, u32);
    /// The state now.
    fn save_any(&self) -> serde_json::Value;
    /// Takes over a saved state.
    ///
    /// # Errors
    /// A body of another shape, or a state no run can have come to.
    fn restore_any(&mut self, body: serde_json::Value) -> Result<(), RestoreError>;
}

impl<T: Snapshot> AnySnapshot for T {
    fn kind(&self) -> (&'static str, u32) {
        (T::KIND, T::VERSION)
    }

    fn save_any(&self) -> serde_json::Value {
        serde_json::to_value(self.save()).unwrap_or(serde_json::Value::Null)
    }

    fn restore_any(&mut self, body: serde_json::Value) -> Result<(), RestoreError> {
        let state = serde_json::from_value(body)
            .map_err(|e| RestoreError { kind: T::KIND.into(), reason: e.to_string() })?;
        self.restore(state)
    }
}
