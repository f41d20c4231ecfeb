//! The demo from its banner to `off`, on both engines and any number of harts.

use super::*;
use crate::host::{Capture, MemoryStore};
use crate::{ClockMode, Drive, EngineChoice, HostLoop, Machine, MachineConfig, Outcome};
use bus::PollFd;
use std::collections::VecDeque;
use std::time::Duration;

/// Types a line each time the guest waits.
struct Typist(VecDeque<&'static str>, Vec<u8>);

impl HostLoop for Typist {
    fn input(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.1)
    }
    fn wait(&mut self, _fds: &[PollFd], _timeout: Option<Duration>) {
        self.1.extend(self.0.pop_front().unwrap_or_default().bytes());
    }
    fn stop_requested(&mut self) -> bool {
        false
    }
    fn input_open(&self) -> bool {
        !self.0.is_empty()
    }
}

/// What the demo prints while `lines` are typed.
fn session(engine: EngineChoice, cpus: u32, lines: &[&'static str]) -> String {
    let output = Capture::default();
    let disk = Drive { name: "disk".into(), store: Box::new(MemoryStore::new(vec![0; 512], true)) };
    let config = MachineConfig {
        kernel: Some(demo()),
        cpus,
        engine,
        drives: vec![disk],
        clock: ClockMode::Count,
        ..MachineConfig::new("riscv-virt", Box::new(output.clone()))
    };
    let mut machine = Machine::new(config).expect("a sound configuration");
    let mut host = Typist(lines.iter().copied().collect(), Vec::new());
    let outcome = machine.run(&mut host).expect("`off` ends it");
    assert_eq!(outcome, Outcome::PowerOff { code: 0 });
    output.text()
}

#[test]
fn the_demo_shows_the_machine_and_checks_itself() {
    for engine in [EngineChoice::Interp, EngineChoice::EAGER] {
        for cpus in [1, 4] {
            let text = session(engine, cpus, &["off\r"]);
            let has = |part: &str| assert!(text.contains(part), "no `{part}` in\n{text}");
            has("128 MiB at 0x80000000");
            has(&format!("harts    {cpus}, running 1\r\n"));
            has("serial@10000000         ns16550a\r\n");
            has("virtio_mmio@10008000    disk\r\n");
            has("virtio_mmio@10007000    random numbers\r\n");
            assert!(!text.contains("10006000"), "empty windows are passed over:\n{text}");
            assert_eq!((text.matches("PASS").count(), text.matches("FAIL").count()), (8, 0), "{text}");
            has("Switching off.");
        }
    }
}

#[test]
fn commands_are_edited_and_obeyed() {
    let lines =
        ["help\r", "tixx\x7f\x08me\n", "nonsense\r", "helpless\r", "\r", "check\r", "info\r", "off\r"];
    let text = session(EngineChoice::Interp, 1, &lines);
    assert_eq!(text.matches("this list").count(), 1, "{text}");
    assert_eq!(text.matches(" instructions\r\n").count(), 1, "by `time`:\n{text}");
    assert_eq!(text.matches("There is no such command").count(), 2, "{text}");
    assert_eq!(text.matches("PASS").count(), 16, "{text}");
    assert_eq!(text.matches("128 MiB").count(), 2, "{text}");
}

#[test]
fn a_line_that_is_too_long_is_cut() {
    let long = "a line that goes on and on and on and on and on and on and on and on and on\r";
    let text = session(EngineChoice::Interp, 1, &[long, "off\r"]);
    assert!(text.contains("There is no such command"), "{text}");
}
