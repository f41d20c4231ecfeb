//! Escape keys: what the user types for the emulator, not for the guest.

/// Ctrl-A, which begins every escape.
const ESCAPE: u8 = 0x01;

/// What `Ctrl-A h` shows.
pub const HELP: &str = "Ctrl-A x       quit\n\
                        Ctrl-A p       press the power button, on a machine that has one\n\
                        Ctrl-A h       this help\n\
                        Ctrl-A Ctrl-A  send Ctrl-A to the guest\n";

/// What an escape asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// End the emulator.
    Quit,
    /// Press the machine's power button.
    PowerButton,
    /// Show [`HELP`].
    Help,
}

/// Takes escapes out of what is typed.
#[derive(Debug, Default)]
pub struct Escapes {
    /// The last byte was an escape that awaits its key.
    begun: bool,
}

impl Escapes {
    /// Splits `typed` into what goes to the guest and what is asked for. An
    /// unknown key asks for help. Nothing after a [`Request::Quit`] counts.
    pub fn filter(&mut self, typed: &[u8]) -> (Vec<u8>, Vec<Request>) {
        let (mut sent, mut requests) = (Vec::with_capacity(typed.len()), Vec::new());
        for &byte in typed {
            if !self.begun {
                match byte {
                    ESCAPE => self.begun = true,
                    _ => sent.push(byte),
                }
                continue;
            }
            self.begun = false;
            match byte {
                ESCAPE => sent.push(ESCAPE),
                b'x' | b'X' => {
                    requests.push(Request::Quit);
                    break;
                }
                b'p' | b'P' => requests.push(Request::PowerButton),
                _ => requests.push(Request::Help),
            }
        }
        (sent, requests)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filter(typed: &[u8]) -> (Vec<u8>, Vec<Request>) {
        Escapes::default().filter(typed)
    }

    #[test]
    fn escapes_do_not_reach_the_guest() {
        assert_eq!(filter(b"a\x01hb"), (b"ab".to_vec(), vec![Request::Help]));
        assert_eq!(filter(b"a\x01xb"), (b"a".to_vec(), vec![Request::Quit]));
        assert_eq!(filter(b"a\x01pb"), (b"ab".to_vec(), vec![Request::PowerButton]));
        assert_eq!(filter(b"a\x01?b"), (b"ab".to_vec(), vec![Request::Help]));
    }

    #[test]
    fn the_escape_itself_is_sent_when_doubled() {
        assert_eq!(filter(b"\x01\x01x"), (b"\x01x".to_vec(), vec![]));
    }

    #[test]
    fn an_escape_may_come_in_two_pieces() {
        let mut escapes = Escapes::default();
        assert_eq!(escapes.filter(b"a\x01"), (b"a".to_vec(), vec![]));
        assert_eq!(escapes.filter(b"x"), (vec![], vec![Request::Quit]));
    }

    proptest! {
        #[test]
        fn what_has_no_escape_passes_unchanged(typed in proptest::collection::vec(2u8.., 0..50)) {
            prop_assert_eq!(filter(&typed), (typed, vec![]));
        }

        #[test]
        fn a_doubled_escape_makes_any_input_pass(input: Vec<u8>) {
            let mut typed = Vec::new();
            for byte in &input {
                typed.extend(std::iter::repeat_n(*byte, if *byte == ESCAPE { 2 } else { 1 }));
            }
            prop_assert_eq!(filter(&typed), (input, vec![]));
        }
    }
}
