//! A terminal is raw while the guest has it, and restored however that ends.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, tcgetattr};

use crate::program::{GREETING, Program};
use crate::running::{Running, mynah};

/// A terminal with a guest on it.
struct Session {
    running: Running,
    /// The guest's side, kept open so that its state can be looked at.
    near: OwnedFd,
    found: Modes,
}

/// What of a terminal's state a program may change.
type Modes = (u32, u32, u32, u32, String);

fn modes(state: &Termios) -> Modes {
    let flags = (state.input_modes.bits(), state.output_modes.bits(), state.control_modes.bits());
    (flags.0, flags.1, flags.2, state.local_modes.bits(), format!("{:?}", state.special_codes))
}

impl Session {
    fn start(program: &Program) -> Session {
        let far = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&far).unwrap();
        unlockpt(&far).unwrap();
        let name = ptsname(&far, Vec::new()).unwrap();
        let near = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let found = modes(&tcgetattr(&near).unwrap());
        let side = || Stdio::from(near.try_clone().unwrap());
        let child = mynah()
            .args(["run", "--bios", &program.file()])
            .stdin(side())
            .stdout(side())
            .stderr(side())
            .spawn()
            .unwrap();
        let running = Running::new(child, File::from(far.try_clone().unwrap()), File::from(far));
        let mut session = Session { running, near, found };
        session.running.expect(GREETING);
        session
    }

    fn is_restored(&self) -> bool {
        modes(&tcgetattr(&self.near).unwrap()) == self.found
    }

    fn is_raw(&self) -> bool {
        let local = tcgetattr(&self.near).unwrap().local_modes;
        !local.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.running.child), signal).unwrap();
    }
}

#[test]
fn keys_reach_the_guest_one_by_one_and_ctrl_c_too() {
    let program = Program::new();
    let mut session = Session::start(&program);
    assert!(session.is_raw() && !session.is_restored());
    session.running.type_in(b"a\x03\x1a\x04b");
    session.running.expect("a\x03\x1a\x04b");
    session.running.type_in(b"q");
    assert_eq!(session.running.end(), 0);
    assert!(session.is_restored());
}

#[test]
fn quitting_restores_it() {
    let program = Program::new();
    let mut session = Session::start(&program);
    session.running.type_in(b"\x01h");
    session.running.expect("Ctrl-A x");
    session.running.type_in(b"\x01x");
    assert_eq!(session.running.end(), 0);
    assert!(session.is_restored());
}

#[test]
fn signals_restore_it() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let program = Program::new();
        let mut session = Session::start(&program);
        session.signal(signal);
        assert_eq!(session.running.end(), -signal.as_raw());
        assert!(session.is_restored(), "{signal:?}");
    }
}

#[test]
fn a_pause_lends_it_to_the_shell() {
    let program = Program::new();
    let mut session = Session::start(&program);
    session.signal(Signal::TSTP);
    let pid = Pid::from_child(&session.running.child);
    let (_, status) = waitpid(Some(pid), WaitOptions::UNTRACED).unwrap().unwrap();
    assert!(status.stopped() && session.is_restored());
    session.signal(Signal::CONT);
    while !session.is_raw() {
        thread::sleep(Duration::from_millis(5));
    }
    session.running.type_in(b"x");
    session.running.expect("x");
    session.running.type_in(b"q");
    assert_eq!(session.running.end(), 0);
    assert!(session.is_restored());
}
