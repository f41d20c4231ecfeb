//! How a running machine is told to end, from any thread.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::pipe::{PipeFlags, pipe_with};

/// Why the machine ends although its guest did not switch it off.
#[derive(Debug)]
pub enum Reason {
    /// The user typed the escape for it.
    Quit,
    /// This signal came.
    Signal(i32),
    /// The console's output cannot be written.
    Output(io::Error),
}

/// A wish that the machine end. Clones share it.
#[derive(Clone, Debug)]
pub struct Stop(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    reason: Mutex<Option<Reason>>,
    /// Readable once there is a reason, so that it ends a wait.
    wake: OwnedFd,
    waker: OwnedFd,
}

impl Stop {
    /// No wish yet.
    ///
    /// # Errors
    /// The host gives no pipe.
    pub fn new() -> io::Result<Stop> {
        let (wake, waker) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        Ok(Stop(Arc::new(Shared { reason: Mutex::new(None), wake, waker })))
    }

    /// Wishes that the machine end. Tells whether that is news; if not, the
    /// first reason stays.
    pub fn request(&self, reason: Reason) -> bool {
        let mut kept = self.reason();
        let is_first = kept.is_none();
        kept.get_or_insert(reason);
        if is_first {
            // The pipe is empty, so the byte has room.
            let _ = rustix::io::write(&self.0.waker, &[0]);
        }
        is_first
    }

    /// Whether the machine shall end.
    pub fn is_requested(&self) -> bool {
        self.reason().is_some()
    }

    /// Takes the reason.
    pub fn take(&self) -> Option<Reason> {
        self.reason().take()
    }

    /// Readable once the machine shall end.
    pub fn wake_fd(&self) -> BorrowedFd<'_> {
        self.0.wake.as_fd()
    }

    fn reason(&self) -> MutexGuard<'_, Option<Reason>> {
        self.0.reason.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::*;

    fn is_awake(stop: &Stop) -> bool {
        let mut fds = [PollFd::from_borrowed_fd(stop.wake_fd(), PollFlags::IN)];
        poll(&mut fds, Some(&Timespec::default())).unwrap() == 1
    }

    #[test]
    fn the_first_reason_counts_and_wakes() {
        let stop = Stop::new().unwrap();
        assert!(!stop.is_requested() && !is_awake(&stop));
        assert!(stop.clone().request(Reason::Signal(15)));
        assert!(!stop.request(Reason::Quit));
        assert!(stop.is_requested() && is_awake(&stop));
        assert!(matches!(stop.take(), Some(Reason::Signal(15))));
    }
}
