//! The command line: options, the terminal, and what the commands do.

mod bench;
mod boot;
mod console;
mod drive;
mod ending;
mod flash;
mod host;
mod list;
mod memory;
mod network;
mod options;
mod perf_map;
mod run;
mod serial;
mod session;
mod signals;
mod stats;
mod stats_table;
mod stop;
mod terminal;
mod tiers;

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser;

use ending::{Ending, FAILED, Failure, OK};
use options::{Command, Options};

/// Does what the command line says and gives the exit status.
pub fn main() -> ExitCode {
    // The hook has already said what happened, and where.
    let ended = panic::catch_unwind(AssertUnwindSafe(|| execute(&Options::parse())));
    match ended {
        Ok(Ok(Ending::Status(status))) => ExitCode::from(status),
        Ok(Ok(Ending::Quit)) => ExitCode::from(OK),
        Ok(Ok(Ending::Signal(signal))) => {
            signals::end_by(signal, None);
            ExitCode::from(FAILED)
        }
        Ok(Err(failure)) => {
            eprintln!("mynah: {failure}");
            ExitCode::from(failure.status())
        }
        Err(_) => {
            eprintln!(
                "mynah: this is a bug in Mynah; please report the lines above and how you came to see them"
            );
            ExitCode::from(FAILED)
        }
    }
}

fn execute(options: &Options) -> Result<Ending, Failure> {
    match &options.command {
        Command::Boot(options) => boot::run(options),
        Command::Run(options) => run::run(options),
        Command::Bench(options) => bench::run(options),
        Command::Machines => listed(list::machines(&mut io::stdout().lock())),
        Command::Devices => listed(list::devices(&mut io::stdout().lock())),
    }
}

fn listed(written: io::Result<()>) -> Result<Ending, Failure> {
    match written {
        Ok(()) => Ok(Ending::Status(OK)),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(Ending::Signal(signal_hook::consts::SIGPIPE))
        }
        Err(error) => Err(Failure::Emulator(format!("cannot write the list: {error}; send it elsewhere"))),
    }
}
