//! What is measured, and how often.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::architecture::Architecture;

/// Options of `mynah bench`, and of `cargo bench --bench versus`.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The guests' architecture: riscv64 or arm64
    #[arg(long, value_name = "GUEST", default_value = "riscv64", value_parser = Architecture::by_name)]
    pub guest: &'static Architecture,

    /// How often everything runs; otherwise $MYNAH_ROUNDS, or 5
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,

    /// Only work whose group or name contains this. Repeat it for more
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,

    /// Show the work and run nothing
    #[arg(long)]
    pub list: bool,

    /// Mynah's engine: interp or jit
    #[arg(long, value_name = "ENGINE", default_value = "jit", value_parser = ["interp", "jit"], hide_possible_values = true)]
    pub engine: String,

    /// Also write all measurements to this file, in JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Also draw the comparison into this file, in SVG
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,

    /// Another build of Mynah to measure
    #[arg(long, value_name = "FILE")]
    pub mynah: Option<PathBuf>,

    /// Debian's kernel for GUEST; otherwise vmlinux (for arm64 vmlinuz) in
    /// $MYNAH_GUESTS/GUEST or ../guests/GUEST, or the one `mynah boot
    /// debian/GUEST` has kept
    #[arg(long, value_name = "FILE")]
    pub kernel: Option<PathBuf>,

    /// The initial RAM disk that prints BOOT-OK and WORK-OK; otherwise
    /// initramfs-auto.cpio.gz beside that kernel
    #[arg(long, value_name = "FILE")]
    pub initrd: Option<PathBuf>,

    /// Seconds of wall time after which a run counts as hung
    #[arg(long, value_name = "S", default_value_t = 300)]
    timeout: u64,
}

impl Options {
    /// How often everything runs.
    pub fn rounds(&self) -> u32 {
        let from_environment = || std::env::var("MYNAH_ROUNDS").ok()?.parse().ok().filter(|n| *n > 0);
        self.rounds.or_else(from_environment).unwrap_or(5)
    }

    /// When a run counts as hung.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    /// Whether a work is wanted.
    pub fn wants(&self, group: &str, name: &str) -> bool {
        self.filter.is_empty() || self.filter.iter().any(|text| group.contains(text) || name.contains(text))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn parse(line: &str) -> Result<Options, String> {
        let words = ["bench"].into_iter().chain(line.split_whitespace());
        Line::try_parse_from(words).map(|line| line.options).map_err(|error| error.to_string())
    }

    #[test]
    fn every_option_is_read() {
        let options = parse(
            "--guest arm64 --rounds 7 --filter a --filter b --list --engine interp --json j --svg s --mynah m --kernel k \
             --initrd i --timeout 9",
        )
        .unwrap();
        assert_eq!((options.guest.name(), parse("").unwrap().guest.name()), ("arm64", "riscv64"));
        assert_eq!((options.rounds(), options.list, options.engine.as_str()), (7, true, "interp"));
        assert_eq!((options.json, options.svg), (Some("j".into()), Some("s".into())));
        assert_eq!((options.mynah, options.kernel), (Some("m".into()), Some("k".into())));
        assert_eq!((options.initrd, options.timeout), (Some("i".into()), 9));
    }

    #[test]
    fn a_filter_looks_at_group_and_name() {
        let options = parse("--filter integer --filter memcpy").unwrap();
        assert!(options.wants("integer programs", "mix") && options.wants("x", "memcpy of 1 MiB"));
        assert!(!options.wants("x", "mix") && parse("").unwrap().wants("x", "mix"));
    }

    #[test]
    fn wrong_values_are_refused() {
        for (line, part) in [
            ("--rounds 0", "--rounds"),
            ("--engine fast", "interp"),
            ("--round", "--rounds"),
            ("--guest amd64", "choose riscv64 or arm64"),
        ] {
            let message = parse(line).unwrap_err();
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}
