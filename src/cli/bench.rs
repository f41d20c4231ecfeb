//! `mynah bench`: this program beside QEMU.

use mynah::bench::{self, Options};

use super::ending::{Ending, FAILED, Failure, OK};

/// Measures as `options` say.
///
/// # Errors
/// Something given cannot be used.
pub fn run(options: &Options) -> Result<Ending, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        Failure::Use(format!("the host does not tell where this program is: {error}; use --mynah"))
    })?;
    let all_went_well = bench::run(options, program).map_err(Failure::Use)?;
    Ok(Ending::Status(if all_went_well { OK } else { FAILED }))
}
