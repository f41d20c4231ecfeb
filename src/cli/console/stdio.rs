//! A console on standard input and output: a terminal in raw mode, or pipes.

use std::io;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::escape::{Escapes, HELP, Request};
use super::{Backend, INPUT_BYTES};
use crate::cli::stop::{Reason, Stop};

/// Standard input and output.
pub struct Stdio {
    escapes: Escapes,
    stop: Stop,
    /// False once standard input has ended.
    is_open: bool,
    /// The user pressed the power button and nobody was told yet.
    button: bool,
}

impl Stdio {
    /// The user's escape to quit asks for a `stop`.
    pub fn new(stop: Stop) -> Stdio {
        Stdio { escapes: Escapes::default(), stop, is_open: true, button: false }
    }

    /// Reads once, if there is something.
    fn read_ready(&mut self) -> Vec<u8> {
        // The descriptor itself: nothing may stay behind in a buffer.
        let stdin = rustix::stdio::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut fds, Some(&Timespec::default())) {
            Ok(0) | Err(_) => return Vec::new(),
            Ok(_) => (),
        }
        let mut bytes = vec![0; INPUT_BYTES];
        match rustix::io::read(stdin, &mut bytes) {
            Ok(0) => self.is_open = false,
            Ok(read) => {
                bytes.truncate(read);
                return bytes;
            }
            Err(Errno::INTR | Errno::AGAIN) => (),
            // A terminal that hung up, or nothing to read from at all.
            Err(_) => self.is_open = false,
        }
        Vec::new()
    }
}

impl Backend for Stdio {
    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let stdout = rustix::stdio::stdout();
        while !bytes.is_empty() {
            match rustix::io::write(stdout, bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(Errno::INTR) => (),
                // Another program made the terminal we share non-blocking.
                Err(Errno::AGAIN) => drop(poll(&mut [PollFd::new(&stdout, PollFlags::OUT)], None)),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read(&mut self) -> Vec<u8> {
        if !self.is_open {
            return Vec::new();
        }
        let typed = self.read_ready();
        let (sent, requests) = self.escapes.filter(&typed);
        for request in requests {
            match request {
                Request::Help => eprint!("\n{HELP}"),
                Request::PowerButton => self.button = true,
                Request::Quit => drop(self.stop.request(Reason::Quit)),
            }
        }
        sent
    }

    fn interests<'a>(&'a self, out: &mut Vec<PollFd<'a>>) {
        if self.is_open {
            out.push(PollFd::from_borrowed_fd(rustix::stdio::stdin(), PollFlags::IN));
        }
    }

    fn power_button(&mut self) -> bool {
        std::mem::take(&mut self.button)
    }

    fn is_open(&self) -> bool {
        self.is_open
    }
}
