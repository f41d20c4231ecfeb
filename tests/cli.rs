//! The `mynah` command as its users see it.

#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/console.rs"]
mod console;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/profile.rs"]
mod profile;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/running.rs"]
mod running;
#[path = "cli/terminal.rs"]
mod terminal;
#[path = "cli/usage.rs"]
mod usage;
