//! Machines at the other end of pipes, files and sockets.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::program::{FAILURE, GREETING, Program};
use crate::running::{Running, mynah, text};

const BROKEN_PIPE: i32 = 13;

fn on_pipes(program: &Program, args: &[&str]) -> Running {
    Running::on_pipes(mynah().args(["run", "--bios", &program.file()]).args(args))
}

#[test]
fn a_guest_that_powers_off_ends_with_0() {
    for engine in ["interp", "jit"] {
        let program = Program::new();
        let mut running = on_pipes(&program, &["--engine", engine]);
        running.expect(GREETING);
        running.type_in(b"hello");
        running.expect("hello");
        running.type_in(b"q");
        assert_eq!(running.end(), 0);
    }
}

#[test]
fn the_guests_own_code_is_ours() {
    let program = Program::new();
    let mut child = mynah();
    child.args(["run", "--bios", &program.file()]).stderr(std::process::Stdio::piped());
    let mut running = Running::on_pipes(&mut child);
    let mut errors = running.child.stderr.take().unwrap();
    running.type_in(b"f");
    assert_eq!(running.end(), FAILURE);
    let mut message = String::new();
    errors.read_to_string(&mut message).unwrap();
    assert!(message.contains("code 7"), "{message}");
}

#[test]
fn escapes_quit_help_and_pass() {
    let program = Program::new();
    let mut running = on_pipes(&program, &[]);
    running.expect(GREETING);
    running.type_in(b"a\x01hb\x01\x01c");
    running.expect("ab\x01c");
    running.type_in(b"\x01x");
    assert_eq!(running.end(), 0);
}

#[test]
fn the_end_of_the_input_is_not_the_end_of_the_guest() {
    let program = Program::new();
    let mut running = on_pipes(&program, &[]);
    running.type_in(b"last words");
    running.close_input();
    running.expect("last words");
    thread::sleep(Duration::from_millis(100));
    assert!(running.child.try_wait().unwrap().is_none(), "it goes on");
    let pid = Pid::from_child(&running.child);
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(running.end(), -Signal::TERM.as_raw());
}

#[test]
fn a_reader_that_goes_away_ends_us_as_any_program() {
    let program = Program::new();
    let mut child = mynah()
        .args(["run", "--bios", &program.file()])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let input = child.stdin.take().unwrap();
    let mut running = Running::new(child, input, std::io::empty());
    running.type_in(b"anybody there?");
    assert_eq!(running.end(), -BROKEN_PIPE);
}

#[test]
fn a_file_receives_the_output() {
    let program = Program::new();
    let log = program.path("log");
    let serial = format!("file:{}", log.display());
    let mut running = on_pipes(&program, &["--serial", &serial]);
    wait_for(|| fs::read_to_string(&log).is_ok_and(|text| text.contains(GREETING)));
    kill_process(Pid::from_child(&running.child), Signal::INT).unwrap();
    assert_eq!(running.end(), -Signal::INT.as_raw());
}

#[test]
fn clients_of_a_socket_come_and_go() {
    let program = Program::new();
    let path = program.path("console");
    let serial = format!("unix:{}", path.display());
    let running = on_pipes(&program, &["--serial", &serial]);
    wait_for(|| path.exists());
    for typed in ["one", "two"] {
        let mut client = UnixStream::connect(&path).unwrap();
        client.write_all(typed.as_bytes()).unwrap();
        assert!(read_until(&mut client, typed));
    }
    UnixStream::connect(&path).unwrap().write_all(b"q").unwrap();
    let (status, output) = running.finish();
    assert_eq!((status, output.as_str()), (0, ""));
    assert!(!path.exists(), "the socket is gone");
}

fn read_until(client: &mut UnixStream, wanted: &str) -> bool {
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !text(&seen).contains(wanted) {
        match client.read(&mut byte) {
            Ok(1) => seen.push(byte[0]),
            _ => return false,
        }
    }
    true
}

/// Waits for something that is to come, or for the test's time limit.
fn wait_for(mut is_there: impl FnMut() -> bool) {
    while !is_there() {
        thread::sleep(Duration::from_millis(5));
    }
}

fn report(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_report_has_its_keys() {
    let program = Program::new();
    let path = program.path("stats.json");
    let stats = path.display().to_string();
    let mut running = on_pipes(&program, &["--stats", &stats, "--cpus", "2"]);
    running.expect(GREETING);
    running.type_in(b"q");
    assert_eq!(running.end(), 0);
    let report = report(&path);
    for key in ["guest_instructions", "virtual_ns", "wall_s", "cpu_s", "peak_rss_bytes", "tlb_misses", "mmio"]
    {
        assert!(report[key].is_number(), "{key}");
    }
    assert!(report["guest_instructions"].as_u64().unwrap() > 20);
    assert!(report["mmio"].as_u64().unwrap() > GREETING.len() as u64);
    assert_eq!(report["cpus"].as_array().unwrap().len(), 2);
    assert_eq!(report["state_hash"].as_str().unwrap().len(), 64);
    for tier in ["tier0", "tier2"] {
        for key in ["blocks", "guest_instructions_translated", "compile_s", "code_bytes"] {
            assert!(report["tiers"][tier][key].is_number(), "{tier}.{key}");
        }
    }
    for cause in
        ["budget", "idle", "firmware", "resume", "fault", "interrupt", "side_exit", "attention", "stop"]
    {
        assert!(report["exits"][cause].is_number(), "{cause}");
    }
}

#[test]
fn counted_runs_are_the_same_on_both_engines() {
    let program = Program::new();
    // It fails before it reads anything: what is typed comes when it likes.
    let source =
        "li t0, 1000\nagain: addi t0, t0, -1\nbnez t0, again\nli t1, 0x5555\nli t0, 0x100000\nsw t1, 0(t0)\n";
    let bios = program.path("count.bin");
    fs::write(&bios, riscv::asm::assemble(source, 0x8000_0000).unwrap().bytes).unwrap();
    let reports = ["interp", "interp", "jit"].map(|engine| {
        let path = program.path("stats.json");
        let (bios, stats) = (bios.display().to_string(), path.display().to_string());
        let line = ["run", "--bios", &bios, "--stats", &stats, "--clock", "count", "--engine", engine];
        let output = crate::running::run(&line);
        assert!(output.status.success());
        let report = report(&path);
        (report["guest_instructions"].clone(), report["virtual_ns"].clone(), report["state_hash"].clone())
    });
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
}
