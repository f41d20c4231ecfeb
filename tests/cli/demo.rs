//! `mynah boot` alone.

use std::process::Stdio;

use crate::running::{Running, mynah};

fn boot(args: &[&str]) -> Running {
    Running::on_pipes(mynah().arg("boot").args(args).stderr(Stdio::null()))
}

#[test]
fn the_demo_shows_what_it_runs_on_and_checks_it() {
    for engine in ["interp", "jit"] {
        let mut demo = boot(&["--engine", engine, "--cpus", "3", "--memory", "64M"]);
        for wanted in
            ["harts    3", "rv64imafdc", "memory   64 MiB", "serial@10000000", "network card", "self-check"]
        {
            demo.expect(wanted);
        }
        demo.type_in(b"check\noff\n");
        let (status, output) = demo.finish();
        assert_eq!(status, 0, "{output}");
        assert_eq!(output.matches("ok\r\n").count(), 16, "{output}");
        assert!(!output.contains("FAILED"), "{output}");
    }
}

#[test]
fn the_prompt_takes_commands() {
    let mut demo = boot(&["--net", "none"]);
    demo.expect("> ");
    demo.type_in(b"help\r");
    demo.expect("exit N");
    demo.type_in(b"tame\x7f\x7f\x7fime\r");
    demo.expect("s since power-on");
    demo.type_in(b"exit 256\r");
    demo.expect("up to 255");
    demo.type_in(b"what\r");
    demo.expect("Type help");
    demo.type_in(b"exit 42\r");
    assert_eq!(demo.end(), 42);
}

#[test]
fn the_demo_can_be_quit() {
    let mut demo = boot(&[]);
    demo.expect("> ");
    demo.type_in(b"\x01x");
    assert_eq!(demo.end(), 0);
}
