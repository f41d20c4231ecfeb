//! QEMU as a board without running CPUs, by the qtest protocol (QEMU,
//! docs/devel/testing/qtest.rst).

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A QEMU that is stopped: its CPUs and its clock stand still.
pub struct Qemu {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Qemu {
    /// Starts the program with the options of `command` and 16 MiB of RAM,
    /// if there is such a program.
    pub fn start(command: &[&str]) -> Option<Qemu> {
        let (program, options) = command.split_first().expect("a program");
        let machine = ["-m", "16M", "-S", "-qtest", "stdio", "-qtest-log", "none"];
        let quiet = ["-display", "none", "-nodefaults", "-serial", "null"];
        let time = ["-rtc", "base=2001-09-09T01:46:40,clock=vm"];
        let spawned = Command::new(program)
            .args(options)
            .args(machine)
            .args(quiet)
            .args(time)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = spawned else {
            eprintln!("skipped: {program} cannot be started, nothing was compared");
            return None;
        };
        let commands = child.stdin.take().expect("piped");
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        Some(Qemu { child, commands, answers })
    }

    /// Sends a command and returns what follows `OK` in the answer.
    pub fn ask(&mut self, command: &str) -> String {
        writeln!(self.commands, "{command}").expect("QEMU listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("QEMU answers");
        let value = answer.strip_prefix("OK").unwrap_or_else(|| panic!("`{command}`: `{answer}`"));
        value.trim().to_string()
    }

    /// Reads `bytes` bytes at `at`.
    pub fn read(&mut self, at: u64, bytes: u8) -> u64 {
        let answer = self.ask(&format!("read{} {at:#x}", width(bytes)));
        u64::from_str_radix(answer.trim_start_matches("0x"), 16).expect("a hexadecimal number")
    }

    /// Writes `bytes` bytes at `at`.
    pub fn write(&mut self, at: u64, bytes: u8, value: u64) {
        self.ask(&format!("write{} {at:#x} {value:#x}", width(bytes)));
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        // It may have gone already, which is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn width(bytes: u8) -> char {
    match bytes {
        1 => 'b',
        2 => 'w',
        4 => 'l',
        _ => 'q',
    }
}
