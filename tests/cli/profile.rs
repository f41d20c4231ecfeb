//! What helps to find out where time goes.

use std::fs;
use std::ops::Range;
use std::process::Child;
use std::thread;
use std::time::Duration;

use crate::program::{GREETING, Program};
use crate::running::{Running, mynah};

/// The memory of `child` that it can run.
fn executable(child: &Child) -> Vec<Range<u64>> {
    let maps = fs::read_to_string(format!("/proc/{}/maps", child.id())).unwrap();
    let runnable =
        maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.contains('x')));
    let range = |line: &str| {
        let (start, end) = line.split(' ').next()?.split_once('-')?;
        Some(hex(start)..hex(end))
    };
    runnable.map(|line| range(line).expect("proc_pid_maps(5)")).collect()
}

fn hex(digits: &str) -> u64 {
    u64::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("{digits} is a number in hexadecimal"))
}

#[test]
fn a_perf_map_names_code_that_can_be_run() {
    let program = Program::new();
    let mut mynah = Running::on_pipes(mynah().args(["run", "--perf-map", "--bios", &program.file()]));
    mynah.expect(GREETING);
    let path = format!("/tmp/perf-{}.map", mynah.child.id());
    // The program's wait for input becomes hot.
    let map = loop {
        let map = fs::read_to_string(&path).unwrap();
        if map.ends_with('\n') {
            break map;
        }
        assert!(mynah.child.try_wait().unwrap().is_none(), "it ended");
        thread::sleep(Duration::from_millis(10));
    };
    let executable = executable(&mynah.child);
    for line in map.lines() {
        let [start, bytes, name] = line.split(' ').collect::<Vec<_>>().try_into().expect(line);
        let (start, bytes) = (hex(start), hex(bytes));
        assert!(
            bytes > 0 && executable.iter().any(|range| range.start <= start && start + bytes <= range.end),
            "{line}"
        );
        let pc = name.strip_prefix("mynah:tier").expect(line);
        let pc = pc.strip_prefix("1:riscv64:0x").or(pc.strip_prefix("2:riscv64:0x")).expect(line);
        assert!((0x8000_0000..0x8000_1000).contains(&hex(pc)), "{line}");
    }
    mynah.type_in(b"q");
    assert_eq!(mynah.end(), 0);
    fs::remove_file(path).unwrap();
}
