//! Where characters go.

use bus::CharSink;
use std::sync::{Arc, Mutex, PoisonError};

/// Takes output and forgets it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Discard;

impl CharSink for Discard {
    fn write(&mut self, _bytes: &[u8]) {}
}

/// Keeps output. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<Vec<u8>>>);

impl Capture {
    /// All that was written so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }
}

impl CharSink for Capture {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }
}

/// Lets several chips write to one place. Clones share it.
#[derive(Clone)]
pub struct SharedSink(Arc<Mutex<Box<dyn CharSink>>>);

impl SharedSink {
    /// A sink whose clones all write to `sink`.
    pub fn new(sink: Box<dyn CharSink>) -> SharedSink {
        SharedSink(Arc::new(Mutex::new(sink)))
    }
}

impl CharSink for SharedSink {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes);
    }
}
