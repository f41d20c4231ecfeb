//! The command line's grammars, which are modules of the `mynah` binary.

#[path = "../../../src/cli/drive.rs"]
pub mod drive;
#[path = "../../../src/cli/memory.rs"]
pub mod memory;
#[path = "../../../src/cli/network.rs"]
pub mod network;
#[path = "../../../src/cli/options.rs"]
pub mod options;
#[path = "../../../src/cli/serial.rs"]
pub mod serial;
#[path = "../../../src/cli/stats.rs"]
pub mod stats;
#[path = "../../../src/cli/stats_table.rs"]
mod stats_table;
#[path = "../../../src/cli/tiers.rs"]
pub mod tiers;
