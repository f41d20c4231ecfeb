//! What the machine's run loop asks of the host.

use std::io;
use std::os::fd::{AsFd, RawFd};
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Interest, Poll, Token};
use mynah::{HostLoop, PollFd};
use rustix::event::Timespec;

use super::console::Console;
use super::stop::Stop;

/// A console to type at, and a way to stop.
pub struct Host {
    console: Console,
    stop: Stop,
    /// Holds the machine's own descriptors while we wait.
    others: Poll,
}

impl Host {
    /// Input comes from `console`; the machine ends when `stop` says so.
    ///
    /// # Errors
    /// The host gives no descriptor to wait on.
    pub fn new(console: Console, stop: Stop) -> io::Result<Host> {
        Ok(Host { console, stop, others: Poll::new()? })
    }

    /// Waits for `fds` too until [`Host::forget`]. One that is closed by now is
    /// nothing to wait for.
    fn watch(&self, fds: &[PollFd]) -> Vec<RawFd> {
        let mut watched = Vec::with_capacity(fds.len());
        for fd in fds {
            let readable = fd.readable.then_some(Interest::READABLE);
            let writable = fd.writable.then_some(Interest::WRITABLE);
            let interest = match (readable, writable) {
                (Some(readable), Some(writable)) => readable | writable,
                (one, other) => match one.or(other) {
                    Some(interest) => interest,
                    None => continue,
                },
            };
            if self.others.registry().register(&mut SourceFd(&fd.fd), Token(0), interest).is_ok() {
                watched.push(fd.fd);
            }
        }
        watched
    }

    fn forget(&self, watched: &[RawFd]) {
        for fd in watched {
            // It can only fail if the descriptor was never there.
            let _ = self.others.registry().deregister(&mut SourceFd(fd));
        }
    }
}

impl HostLoop for Host {
    fn input(&mut self) -> Vec<u8> {
        self.console.read()
    }

    fn wait(&mut self, fds: &[PollFd], timeout: Option<Duration>) {
        // A time too long to be told is no limit.
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let watched = self.watch(fds);
        let others = [self.stop.wake_fd(), self.others.registry().as_fd()];
        self.console.wait(&others, timeout.as_ref());
        self.forget(&watched);
    }

    fn stop_requested(&mut self) -> bool {
        self.stop.is_requested()
    }

    fn power_button(&mut self) -> bool {
        self.console.power_button()
    }

    fn input_open(&self) -> bool {
        self.console.is_open()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::time::Instant;

    use super::*;
    use crate::cli::serial::SerialOption;
    use crate::cli::stop::Reason;

    /// Far longer than any wait here, so that a hang shows.
    const LONG: Option<Duration> = Some(Duration::from_secs(600));

    fn host() -> (Host, Stop) {
        let stop = Stop::new().unwrap();
        let console = Console::open(&SerialOption::None, &stop, None).unwrap();
        (Host::new(console, stop.clone()).unwrap(), stop)
    }

    fn want(stream: &UnixStream) -> PollFd {
        PollFd { fd: stream.as_raw_fd(), readable: true, writable: false }
    }

    #[test]
    fn a_descriptor_that_is_ready_ends_the_wait_each_time() {
        let (mut host, _stop) = host();
        let (mut near, far) = UnixStream::pair().unwrap();
        near.write_all(b"x").unwrap();
        for _ in 0..3 {
            host.wait(&[want(&far)], LONG);
        }
        host.wait(&[PollFd { writable: true, ..want(&near) }], LONG);
    }

    #[test]
    fn a_timeout_ends_the_wait_and_is_not_rounded_to_nothing() {
        let (mut host, _stop) = host();
        let (_near, far) = UnixStream::pair().unwrap();
        let (timeout, started) = (Duration::from_micros(300), Instant::now());
        host.wait(&[want(&far)], Some(timeout));
        assert!(started.elapsed() >= timeout);
    }

    #[test]
    fn a_stop_ends_the_wait() {
        let (mut host, stop) = host();
        assert!(!host.stop_requested());
        stop.request(Reason::Quit);
        host.wait(&[], LONG);
        assert!(host.stop_requested());
    }

    #[test]
    fn a_closed_descriptor_is_passed_over() {
        let (mut host, stop) = host();
        let (near, far) = UnixStream::pair().unwrap();
        let gone = want(&far);
        drop((near, far));
        stop.request(Reason::Quit);
        host.wait(&[gone, PollFd { readable: false, ..gone }], LONG);
    }
}
