//! The host's end of the guest's console.

mod escape;
mod file;
mod script;
mod stdio;
mod unix;

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynah::CharSink;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::serial::SerialOption;
use super::stop::{Reason, Stop};
use super::terminal::Terminal;

pub use script::{ScriptSink, ScriptStatus};

/// Output waits for this many bytes, or for the end of the guest's slice.
const PENDING_BYTES: usize = 4096;
/// The most that is read at once.
const INPUT_BYTES: usize = 1024;

/// One way to show what the guest writes, and to type.
trait Backend: Send {
    /// Shows all of `bytes`.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// What was typed since the last call. Never waits.
    fn read(&mut self) -> Vec<u8>;
    /// What to wait on for input, or to get rid of output.
    fn interests<'a>(&'a self, out: &mut Vec<PollFd<'a>>);
    /// Whether the power button was pressed since the last call.
    fn power_button(&mut self) -> bool {
        false
    }
    /// Whether input may still come.
    fn is_open(&self) -> bool;
}

/// The guest's console. Clones share it: one is the machine's sink, another
/// gives its input.
#[derive(Clone)]
pub struct Console(Arc<Mutex<State>>);

struct State {
    backend: Box<dyn Backend>,
    pending: Vec<u8>,
    stop: Stop,
}

impl Console {
    /// Opens what `option` says. A console that fails later, or whose user
    /// quits, wishes to `stop`. `terminal` is that of standard input, if it is
    /// one.
    ///
    /// # Errors
    /// The file or socket cannot be made; the message says what helps.
    pub fn open(option: &SerialOption, stop: &Stop, terminal: Option<&Terminal>) -> Result<Console, String> {
        let backend: Box<dyn Backend> = match option {
            SerialOption::Stdio => {
                if let Some(terminal) = terminal {
                    terminal.make_raw();
                }
                Box::new(stdio::Stdio::new(stop.clone()))
            }
            SerialOption::File(path) => Box::new(file::Log::create(path)?),
            SerialOption::Unix(path) => Box::new(unix::Socket::listen(path)?),
            SerialOption::None => Box::new(Nowhere),
        };
        Ok(Console(Arc::new(Mutex::new(State { backend, pending: Vec::new(), stop: stop.clone() }))))
    }

    /// What was typed since the last call; shows what the guest wrote before.
    pub fn read(&self) -> Vec<u8> {
        let mut state = self.lock();
        state.flush();
        state.backend.read()
    }

    /// Shows what the guest wrote.
    pub fn flush(&self) {
        self.lock().flush();
    }

    /// Whether the user has pressed the power button since the last call.
    pub fn power_button(&self) -> bool {
        self.lock().backend.power_button()
    }

    /// Whether input may still come.
    pub fn is_open(&self) -> bool {
        self.lock().backend.is_open()
    }

    /// Waits until something was typed, one of `others` can be read, or
    /// `timeout` has passed. It may return early.
    pub fn wait(&self, others: &[BorrowedFd<'_>], timeout: Option<&Timespec>) {
        let mut state = self.lock();
        state.flush();
        let mut fds: Vec<_> = others.iter().map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN)).collect();
        state.backend.interests(&mut fds);
        // Interrupted or not, the caller looks what there is.
        let _ = poll(&mut fds, timeout);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CharSink for Console {
    fn write(&mut self, bytes: &[u8]) {
        let mut state = self.lock();
        state.pending.extend_from_slice(bytes);
        if state.pending.len() >= PENDING_BYTES {
            state.flush();
        }
    }
}

impl State {
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        if let Err(error) = self.backend.write(&self.pending) {
            self.stop.request(Reason::Output(error));
        }
        self.pending.clear();
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Loses output and gives no input.
struct Nowhere;

impl Backend for Nowhere {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn read(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn interests<'a>(&'a self, _out: &mut Vec<PollFd<'a>>) {}

    fn is_open(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refuses all output.
    struct Full;

    impl Backend for Full {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn read(&mut self) -> Vec<u8> {
            Vec::new()
        }

        fn interests<'a>(&'a self, _out: &mut Vec<PollFd<'a>>) {}

        fn is_open(&self) -> bool {
            false
        }
    }

    #[test]
    fn output_that_cannot_be_written_ends_the_machine() {
        let stop = Stop::new().unwrap();
        let state = State { backend: Box::new(Full), pending: Vec::new(), stop: stop.clone() };
        let mut console = Console(Arc::new(Mutex::new(state)));
        console.write(b"x");
        assert!(!stop.is_requested(), "output waits for the end of the slice");
        assert!(console.read().is_empty());
        assert!(
            matches!(stop.take(), Some(Reason::Output(error)) if error.kind() == io::ErrorKind::StorageFull)
        );
    }

    #[test]
    fn none_is_silent_and_closed() {
        let stop = Stop::new().unwrap();
        let mut console = Console::open(&SerialOption::None, &stop, None).unwrap();
        console.write(b"x");
        assert!(console.read().is_empty() && !console.is_open());
        console.wait(&[], Some(&Timespec::default()));
    }
}
