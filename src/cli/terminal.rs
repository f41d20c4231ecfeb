//! The user's terminal: raw while the guest has it, as it was otherwise.

use std::panic;
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::getpgrp;
use rustix::stdio::stdin;
use rustix::termios::{OptionalActions, OutputModes, Termios, isatty, tcgetattr, tcgetpgrp, tcsetattr};

/// The terminal that standard input is. Clones share it.
#[derive(Clone)]
pub struct Terminal(Arc<Shared>);

struct Shared {
    found: Termios,
    /// Whether the guest is to have it.
    is_raw: Mutex<bool>,
}

/// Gives the terminal back to the user when it is dropped.
pub struct GiveBack(Option<Terminal>);

impl GiveBack {
    /// For `terminal`, if there is one.
    pub fn new(terminal: Option<&Terminal>) -> GiveBack {
        GiveBack(terminal.cloned())
    }
}

impl Drop for GiveBack {
    fn drop(&mut self) {
        self.0.as_ref().inspect(|terminal| terminal.give_back());
    }
}

impl Terminal {
    /// The terminal, or `None` if standard input is none. From now on a panic
    /// gives it back before it reports.
    pub fn open() -> Option<Terminal> {
        if !isatty(stdin()) {
            return None;
        }
        let found = tcgetattr(stdin()).ok()?;
        let terminal = Terminal(Arc::new(Shared { found, is_raw: Mutex::new(false) }));
        let in_panic = terminal.clone();
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            in_panic.give_back();
            report(info);
        }));
        Some(terminal)
    }

    /// Gives the terminal to the guest: every key goes there, Ctrl-C too.
    pub fn make_raw(&self) {
        self.0.set(true);
    }

    /// Makes the terminal what it was found as.
    pub fn give_back(&self) {
        self.0.set(false);
    }

    /// Lends it to others until [`Terminal::resume`].
    pub fn suspend(&self) {
        self.0.apply(false);
    }

    /// Makes it raw again if the guest has it.
    pub fn resume(&self) {
        let is_raw = self.0.is_raw.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.apply(*is_raw);
    }
}

impl Shared {
    fn set(&self, raw: bool) {
        let mut is_raw = self.is_raw.lock().unwrap_or_else(PoisonError::into_inner);
        // What was never raw is left alone: others may have changed it since.
        if *is_raw || raw {
            *is_raw = raw;
            self.apply(raw);
        }
    }

    fn apply(&self, raw: bool) {
        // In the background the terminal is another job's, and setting it
        // would stop us; SIGCONT tells when it is ours again.
        if tcgetpgrp(stdin()).is_ok_and(|foreground| foreground != getpgrp()) {
            return;
        }
        let mut wanted = self.found.clone();
        if raw {
            wanted.make_raw();
            // Our own messages still end their lines with a newline only.
            wanted.output_modes |= OutputModes::OPOST;
        }
        // A terminal that hung up needs no restoring.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &wanted);
    }
}
