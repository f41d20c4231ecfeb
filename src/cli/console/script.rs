//! Finds out with which status a script in the guest ended.

use std::sync::{Arc, Mutex, PoisonError};

use mynah::CharSink;

/// Passes output on, except for the line with which the guest's init tells a
/// script's exit status.
pub struct ScriptSink {
    inner: Box<dyn CharSink>,
    /// How the line begins; a decimal number follows.
    mark: String,
    /// What of the current line may still become that line.
    held: Vec<u8>,
    /// The current line is another one.
    passing: bool,
    status: Arc<Mutex<Option<u8>>>,
}

/// The script's exit status, once it is known.
#[derive(Clone, Default)]
pub struct ScriptStatus(Arc<Mutex<Option<u8>>>);

impl ScriptStatus {
    /// The status, if the guest has told it.
    pub fn get(&self) -> Option<u8> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ScriptSink {
    /// Watches for a line `mark NUMBER` on the way to `inner`.
    pub fn new(inner: Box<dyn CharSink>, mark: &str) -> (ScriptSink, ScriptStatus) {
        let status = ScriptStatus::default();
        let sink = ScriptSink {
            inner,
            mark: format!("{mark} "),
            held: Vec::new(),
            passing: false,
            status: Arc::clone(&status.0),
        };
        (sink, status)
    }

    /// Whether the line so far can become the one looked for.
    fn may_be_mark(&self) -> bool {
        let mark = self.mark.as_bytes();
        let (head, number) = self.held.split_at(self.held.len().min(mark.len()));
        let number = number.strip_suffix(b"\r").unwrap_or(number);
        mark.starts_with(head) && number.len() <= 3 && number.iter().all(u8::is_ascii_digit)
    }

    fn end_of_line(&mut self) {
        let number = self.held.strip_prefix(self.mark.as_bytes()).map(|digits| digits.trim_ascii_end());
        let status = number.and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
        match status {
            Some(status) => *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Some(status),
            None => self.inner.write(&[&self.held, &b"\n"[..]].concat()),
        }
        self.held.clear();
    }
}

impl CharSink for ScriptSink {
    fn write(&mut self, bytes: &[u8]) {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.passing {
                self.inner.write(line);
                self.passing = !line.ends_with(b"\n");
                continue;
            }
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            self.held.extend_from_slice(text);
            if text.len() < line.len() {
                self.end_of_line();
            } else if !self.may_be_mark() {
                self.inner.write(&self.held);
                self.held.clear();
                self.passing = true;
            }
        }
    }
}

impl Drop for ScriptSink {
    fn drop(&mut self) {
        self.inner.write(&self.held);
    }
}

#[cfg(test)]
mod tests {
    use mynah::host::Capture;
    use proptest::prelude::*;

    use super::*;

    fn watch(pieces: &[&[u8]]) -> (String, Option<u8>) {
        let capture = Capture::default();
        let (mut sink, status) = ScriptSink::new(Box::new(capture.clone()), "EXIT");
        pieces.iter().for_each(|piece| sink.write(piece));
        drop(sink);
        (capture.text(), status.get())
    }

    #[test]
    fn the_line_is_taken_out_and_read() {
        assert_eq!(watch(&[b"a\r\nEXIT 7\r\nb"]), ("a\r\nb".to_owned(), Some(7)));
        assert_eq!(watch(&[b"a\nEX", b"IT ", b"255", b"\n"]), ("a\n".to_owned(), Some(255)));
    }

    #[test]
    fn other_lines_pass() {
        for text in
            ["EXIT x\n", "EXIT 256\n", "EXIT \n", "an EXIT 1\n", "EXIT 1", "EXIT 1 2\n", "EXI\n", "\n\n"]
        {
            assert_eq!(watch(&[text.as_bytes()]), (text.to_owned(), None), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn output_in_any_pieces_is_the_same(pieces in proptest::collection::vec("[EXIT 0-9\r\n]{0,9}", 0..12)) {
            let bytes: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
            prop_assert_eq!(watch(&bytes), watch(&[pieces.concat().as_bytes()]));
        }

        #[test]
        fn a_prompt_is_shown_at_once(text in "[a-z]{1,9}") {
            let capture = Capture::default();
            let (mut sink, _status) = ScriptSink::new(Box::new(capture.clone()), "EXIT");
            sink.write(text.as_bytes());
            prop_assert_eq!(capture.text(), text);
        }
    }
}
