//! How the program ends: exit status and message.

use std::fmt;

use mynah::MachineError;

/// A regular end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With this exit status.
    Status(u8),
    /// Because the user wanted it.
    Quit,
    /// By this signal.
    Signal(i32),
}

/// An end that needs explaining.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The command line, or a file it names, cannot be used.
    Use(String),
    /// The emulator or its host failed.
    Emulator(String),
}

/// Success.
pub const OK: u8 = 0;
const WRONG_USE: u8 = 2;
/// The emulator, or its host, failed.
pub const FAILED: u8 = 3;

impl Failure {
    /// A mistake in how Mynah is used: what is wrong and what helps.
    pub fn wrong_use(message: impl fmt::Display) -> Failure {
        Failure::Use(message.to_string())
    }

    /// A failure of Mynah or the host: what happened and what helps.
    pub fn emulator(message: impl fmt::Display) -> Failure {
        Failure::Emulator(message.to_string())
    }

    /// The exit status that tells it.
    pub fn status(&self) -> u8 {
        match self {
            Failure::Use(_) => WRONG_USE,
            Failure::Emulator(_) => FAILED,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Use(message) | Failure::Emulator(message)) = self;
        f.write_str(message)
    }
}

/// A machine could not be made: mostly because of what the user gave.
impl From<MachineError> for Failure {
    fn from(error: MachineError) -> Failure {
        match error {
            MachineError::Memory { .. } | MachineError::Engine(_) | MachineError::Stalled(_) => {
                Failure::emulator(error)
            }
            _ => Failure::wrong_use(error),
        }
    }
}

/// The exit status for a guest's own `code`. Those a status cannot tell become
/// the largest.
pub fn guest_status(code: i32) -> u8 {
    u8::try_from(code).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guests_failure_is_never_success() {
        for (code, status) in [(0, 0), (1, 1), (255, 255), (256, 255), (65536, 255), (-1, 255)] {
            assert_eq!(guest_status(code), status);
        }
    }

    #[test]
    fn mistakes_and_failures_have_different_statuses() {
        let unknown = Failure::from(MachineError::Unknown("x".into()));
        assert_eq!(unknown.status(), 2);
        assert!(unknown.to_string().contains("mynah machines"));
        assert_eq!(Failure::from(MachineError::Stalled("y")).status(), 3);
    }
}
