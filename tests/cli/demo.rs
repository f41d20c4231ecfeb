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
        for wanted in ["64 MiB", "harts    3", "serial@10000000", "network card", "Self-check"] {
            demo.expect(wanted);
        }
        demo.type_in(b"check\noff\n");
        let (status, output) = demo.finish();
        assert_eq!(status, 0, "{output}");
        assert_eq!((output.matches("PASS").count(), output.matches("FAIL").count()), (16, 0), "{output}");
    }
}

#[test]
fn the_demo_can_be_quit() {
    let mut demo = boot(&["--net", "none"]);
    demo.expect("demo> ");
    demo.type_in(b"tame\x7f\x7f\x7fime\r");
    demo.expect("instructions");
    demo.type_in(b"\x01x");
    assert_eq!(demo.end(), 0);
}
