//! The `mynah` command as its users see it.

mod console;
mod demo;
mod program;
mod running;
mod terminal;
mod usage;
