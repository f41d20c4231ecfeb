//! A running `mynah` to converse with.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// After this long something hangs. No test passes by it.
const HANG: Duration = Duration::from_secs(300);

/// The program under test, with a cache of its own.
pub fn mynah() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mynah"));
    command.env("MYNAH_CACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    command
}

/// Runs `mynah` with `args` and nothing to read to its end.
pub fn run(args: &[&str]) -> Output {
    mynah().args(args).stdin(Stdio::null()).output().expect("the program starts")
}

/// What a finished program wrote.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A program whose output is watched while it runs.
pub struct Running {
    /// The program.
    pub child: Child,
    input: Option<Box<dyn Write>>,
    output: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Running {
    /// `child`, which is typed to by `input` and answers on `output`.
    pub fn new(child: Child, input: impl Write + 'static, output: impl Read + Send + 'static) -> Running {
        Running { child, input: Some(Box::new(input)), output: watch(output), seen: Vec::new() }
    }

    /// Starts `command` on pipes.
    pub fn on_pipes(command: &mut Command) -> Running {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Running::new(child, input, output)
    }

    /// Types `bytes`.
    pub fn type_in(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(bytes).and_then(|()| input.flush()).expect("the program reads");
    }

    /// Ends the input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits until the output since the last call holds `wanted`.
    pub fn expect(&mut self, wanted: &str) {
        let deadline = Instant::now() + HANG;
        loop {
            if let Some(at) = find(&self.seen, wanted.as_bytes()) {
                self.seen.drain(..at + wanted.len());
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(error) => panic!("{error} while waiting for {wanted:?} after {:?}", text(&self.seen)),
            }
        }
    }

    /// Waits for the end: exit status, or the negative number of the signal.
    pub fn end(&mut self) -> i32 {
        let deadline = Instant::now() + HANG;
        loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                return status.code().or(status.signal().map(|signal| -signal)).expect("one of both");
            }
            assert!(Instant::now() < deadline, "it does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end and gives the rest of the output too.
    pub fn finish(mut self) -> (i32, String) {
        let status = self.end();
        self.input = None;
        let rest: Vec<u8> = self.output.iter().flatten().collect();
        (status, text(&[std::mem::take(&mut self.seen), rest].concat()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Only a test that failed leaves it running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Sends on what can be read from `output` until it ends.
fn watch(mut output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        // A terminal whose other side has gone is an error, and the end.
        while let Ok(read @ 1..) = output.read(&mut buffer) {
            if sender.send(buffer[..read].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}
