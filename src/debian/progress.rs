//! How the steps of [`prepare`](super::prepare) are shown.

use std::io::{self, IsTerminal, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Receives what is going on. Steps do not nest: starting one ends the last.
pub trait Progress {
    /// A step begins; `total_bytes` is its length when that is known.
    fn start(&mut self, what: &str, total_bytes: Option<u64>);
    /// The current step moved on by `bytes`.
    fn advance(&mut self, bytes: u64);
    /// The current step is done.
    fn finish(&mut self);
    /// Something the user should know, a whole sentence.
    fn note(&mut self, text: &str);
}

/// Progress on standard error: bars on a terminal, plain lines otherwise.
pub fn to_stderr() -> Box<dyn Progress> {
    if io::stderr().is_terminal() { Box::new(Bars::default()) } else { Box::new(Lines) }
}

/// Shows nothing; for callers with a display of their own, and for tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&mut self, _what: &str, _total_bytes: Option<u64>) {}
    fn advance(&mut self, _bytes: u64) {}
    fn finish(&mut self) {}
    fn note(&mut self, _text: &str) {}
}

/// One line per step and note.
struct Lines;

impl Progress for Lines {
    fn start(&mut self, what: &str, total_bytes: Option<u64>) {
        eprintln!("mynah: {}", line(what, total_bytes));
    }

    fn advance(&mut self, _bytes: u64) {}

    fn finish(&mut self) {}

    fn note(&mut self, text: &str) {
        eprintln!("mynah: {text}");
    }
}

fn line(what: &str, total_bytes: Option<u64>) -> String {
    match total_bytes {
        Some(bytes) => format!("{what} ({})", indicatif::HumanBytes(bytes)),
        None => what.to_owned(),
    }
}

/// A bar that follows the current step and vanishes with it.
#[derive(Default)]
struct Bars {
    current: Option<ProgressBar>,
}

/// Steps shorter than this draw no bar at all.
const REDRAW: Duration = Duration::from_millis(120);

impl Progress for Bars {
    fn start(&mut self, what: &str, total_bytes: Option<u64>) {
        self.finish();
        let bar = match total_bytes {
            Some(bytes) => ProgressBar::new(bytes)
                .with_style(style("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}")),
            None => ProgressBar::new_spinner().with_style(style("{spinner} {msg}")),
        };
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(REDRAW);
        self.current = Some(bar);
    }

    fn advance(&mut self, bytes: u64) {
        if let Some(bar) = &self.current {
            bar.inc(bytes);
        }
    }

    fn finish(&mut self) {
        if let Some(bar) = self.current.take() {
            bar.finish_and_clear();
        }
    }

    fn note(&mut self, text: &str) {
        match &self.current {
            Some(bar) => bar.suspend(|| eprintln!("mynah: {text}")),
            None => eprintln!("mynah: {text}"),
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.finish();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates above are well formed")
}

/// Reports what is read through it as progress of the current step.
pub(super) struct Counted<'a, R> {
    inner: R,
    progress: &'a mut dyn Progress,
}

impl<'a, R: Read> Counted<'a, R> {
    /// Counts reads of `inner`.
    pub fn new(inner: R, progress: &'a mut dyn Progress) -> Self {
        Self { inner, progress }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.progress.advance(bytes as u64);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_name_the_step_and_its_size() {
        assert_eq!(line("fetching x.deb", Some(3 << 20)), "fetching x.deb (3.00 MiB)");
        assert_eq!(line("unpacking", None), "unpacking");
    }

    #[test]
    fn every_template_is_well_formed_and_bars_end_with_their_step() {
        let mut bars = Bars::default();
        bars.start("one", Some(10));
        bars.advance(4);
        bars.start("two", None);
        bars.note("said beside a step");
        bars.finish();
        assert!(bars.current.is_none());
    }
}
