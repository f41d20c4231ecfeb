//! Signals: the machine ends in order and the terminal is restored.

use std::{io, thread};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::stop::{Reason, Stop};
use super::terminal::Terminal;

/// Watches signals from now on, on a thread of its own. One that ends a
/// program wishes to `stop`; the second one ends it at once.
///
/// # Errors
/// The host refuses.
pub fn watch(stop: Stop, terminal: Option<Terminal>) -> io::Result<()> {
    let mut signals = Signals::new([SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP])?;
    let handle = move || signals.forever().for_each(|signal| on_signal(signal, &stop, terminal.as_ref()));
    thread::Builder::new().name("signals".to_owned()).spawn(handle)?;
    Ok(())
}

fn on_signal(signal: i32, stop: &Stop, terminal: Option<&Terminal>) {
    match signal {
        SIGTSTP => {
            terminal.inspect(|terminal| terminal.suspend());
            // Returns once the user lets us go on.
            let _ = emulate_default_handler(signal);
            terminal.inspect(|terminal| terminal.resume());
        }
        SIGCONT => drop(terminal.inspect(|terminal| terminal.resume())),
        _ => {
            let is_first = stop.request(Reason::Signal(signal));
            if !is_first {
                end_by(signal, terminal);
            }
        }
    }
}

/// Ends the program as `signal` does where nobody handles it.
pub fn end_by(signal: i32, terminal: Option<&Terminal>) {
    terminal.inspect(|terminal| terminal.give_back());
    let _ = emulate_default_handler(signal);
}
