//! The comparison for a terminal.

use std::fmt::Write;
use std::io::{IsTerminal, stdout};

use super::plot;
use super::report::{Figure, Note, Report, Section, is_good};

/// How the table looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Characters of a bar's full width.
    plot: usize,
    /// Whether the least and the largest ratio are shown.
    spread: bool,
    /// Whether there is colour.
    colour: bool,
}

impl Look {
    /// For a file or a pipe.
    pub const PLAIN: Look = Look { plot: 25, spread: true, colour: false };

    /// For what standard output is.
    pub fn of_stdout() -> Look {
        if !stdout().is_terminal() {
            return Look::PLAIN;
        }
        let size = rustix::termios::tcgetwinsize(stdout());
        let columns = size.map_or(0, |size| usize::from(size.ws_col));
        // https://no-color.org
        let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Look { colour, ..Look::of_width(columns) }
    }

    /// For so many columns; 0 where that is not known.
    fn of_width(columns: usize) -> Look {
        match columns {
            1..100 => Look { plot: 15, spread: false, ..Look::PLAIN },
            125.. => Look { plot: 50, ..Look::PLAIN },
            _ => Look::PLAIN,
        }
    }
}

/// The table of `report`.
pub fn table(report: &Report, look: Look) -> String {
    let mut text = format!("{}\n", report.setting);
    let _ = writeln!(
        text,
        "Processor time (user and system) unless a row says otherwise; medians of {} rounds, of which each\n\
         ran both sides in turn. The ratio is the left column's by the right one's, round by round: below 1\n\
         the left is faster. ✓ and ✗ tell whether it is what Mynah has to reach.",
        report.rounds
    );
    for section in report.sections() {
        text.push('\n');
        text += &head(&section, look);
        for figure in &section.figures {
            text += &line(figure, look);
        }
        if let Some((ratio, at_most)) = section.mean {
            let name = format!("geometric mean of {}", section.figures.len());
            let width = 1 + 7 + 1 + 7 + 1 + 3;
            text += &ratio_line(&format!("  {name:<25}{:width$}", ""), ratio, None, at_most, look);
        }
    }
    text += &notes("skipped", &report.skipped);
    text += &notes("FAILED", &report.failures);
    text
}

fn head(section: &Section, look: Look) -> String {
    let [ours, theirs] = section.sides;
    let spread = if look.spread { "  least–most" } else { "" };
    let name = section.group.name();
    let scale = plot::scale(look.plot);
    format!("{name:<27} {ours:>7} {theirs:>7}     ratio{spread}  {:<7} {scale}\n", "goal")
}

/// One line of a section.
fn line(figure: &Figure, look: Look) -> String {
    let [ours, theirs] = figure.medians.map(digits);
    let start = format!("  {:<25} {ours:>7} {theirs:>7} {:<3}", figure.name, figure.unit);
    ratio_line(&start, figure.ratio, Some(figure.spread), figure.at_most, look)
}

/// A line from the ratio on.
fn ratio_line(
    start: &str,
    ratio: f64,
    spread: Option<(f64, f64)>,
    at_most: Option<f64>,
    look: Look,
) -> String {
    let good = is_good(ratio, at_most);
    let spread = match spread {
        _ if !look.spread => String::new(),
        Some((least, most)) => format!("  {:<10}", format!("{least:.2}–{most:.2}")),
        None => " ".repeat(12),
    };
    let goal = match at_most {
        Some(at_most) => format!("≤{at_most:.2} {}", if good == Some(true) { '✓' } else { '✗' }),
        None => String::new(),
    };
    let bar = plot::bar(ratio, look.plot, good.filter(|_| look.colour));
    format!("{start} {ratio:>5.2}{spread}  {goal:<7} {bar}\n")
}

/// What was not measured.
fn notes(what: &str, notes: &[Note]) -> String {
    let mut text = String::new();
    // The same reason is given once.
    let mut told: Vec<&str> = Vec::new();
    for note in notes {
        if told.contains(&note.why.as_str()) {
            continue;
        }
        told.push(&note.why);
        let same = notes.iter().filter(|other| other.why == note.why);
        let names: Vec<&str> = same.map(|other| other.name).collect();
        let _ = writeln!(text, "\n{what}: {}\n  {}", names.join(", "), note.why.replace('\n', "\n  "));
    }
    text
}

/// Three significant digits or all before the point.
fn digits(value: f64) -> String {
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;

    const GOLDEN: &str = "\
Mynah (jit) and QEMU 10 <on> a host
Processor time (user and system) unless a row says otherwise; medians of 3 rounds, of which each
ran both sides in turn. The ratio is the left column's by the right one's, round by round: below 1
the left is faster. ✓ and ✗ tell whether it is what Mynah has to reach.

integer programs              Mynah    QEMU     ratio  least–most  goal    0         ½         1
  mix                          0.40    1.00 s    0.30  0.25–0.40   ≤0.80 ✓ ██████    ┊         │
  recursion                    1.00    0.67 s    1.50  1.50–1.50   ≤0.80 ✗ ████████████████████████▶
  geometric mean of 2                            0.67              ≤0.40 ✗ █████████████▍      │

single mechanisms, bare       Mynah    QEMU     ratio  least–most  goal    0         ½         1
  big switch                   40.0     100 ns   0.30  0.25–0.40   ≤0.50 ✓ ██████    ┊         │

debian                        Mynah    QEMU     ratio  least–most  goal    0         ½         1
  power-on to BOOT-OK, wall    3.10    4.00 s    0.78  0.78–0.78   ≤0.80 ✓ ███████████████▌    │
  power-on to BOOT-OK, CPU     1.55    2.00 s    0.78  0.78–0.78   ≤1.20 ✓ ███████████████▌    │
  whole run, peak memory        300     200 MiB  1.50  1.50–1.50   ≤1.00 ✗ ████████████████████████▶

four harts                  4 harts  1 hart     ratio  least–most  goal    0         ½         1
  work on each hart             525     500 µs   1.05  1.05–1.05   ≤1.10 ✓ █████████████████████

skipped: init
  riscv64-linux-gnu-gcc is missing: install gcc-riscv64-linux-gnu

FAILED: boot
  the guest never printed BOOT-OK
";

    #[test]
    fn the_table_is_aligned_and_marked() {
        assert_eq!(table(&report(), Look::PLAIN), GOLDEN);
    }

    #[test]
    fn a_narrow_terminal_gets_a_narrow_table() {
        let (narrow, wide) = (Look::of_width(80), Look::of_width(200));
        let widest = |look| {
            let text = table(&report(), look);
            let figures = text.lines().skip(4).filter(|line| line.contains(['│', '█']));
            figures.map(|line| line.chars().count()).max().unwrap()
        };
        assert!(widest(narrow) <= 80 && widest(wide) > widest(Look::PLAIN));
        assert!(widest(Look::PLAIN) <= 100 && Look::of_width(0) == Look::PLAIN);
    }

    #[test]
    fn colour_follows_the_goal() {
        let text = table(&report(), Look { colour: true, ..Look::PLAIN });
        let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap().to_owned();
        assert!(line("mix").contains("\x1b[32m") && line("recursion").contains("\x1b[31m"));
        assert!(line("BOOT-OK, CPU").contains("\x1b[32m") && line("peak memory").contains("\x1b[31m"));
    }

    #[test]
    fn a_reason_is_told_once() {
        let note = |name| Note { group: super::super::group::Group::Bare, name, why: "no gcc".into() };
        assert_eq!(notes("skipped", &[note("a"), note("b")]), "\nskipped: a, b\n  no gcc\n");
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!([0.123, 9.994, 12.34, 123.4].map(digits), ["0.12", "9.99", "12.3", "123"]);
    }
}
