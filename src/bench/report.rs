//! What was measured, and what it comes to. Rows are raw; sections are what
//! people are shown of them.

use serde::Serialize;

use super::group::{Bar, Group, Measure};
use super::process::Cost;
use super::work::Reading;

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The host and the two programs, for people.
    pub setting: String,
    /// How often everything ran.
    pub rounds: u32,
    /// One for each thing measured.
    pub rows: Vec<Row>,
    /// What could not be tried, and why.
    pub skipped: Vec<Note>,
    /// What was tried and went wrong.
    pub failures: Vec<Note>,
}

/// What is to be said of a work that gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its group.
    pub group: Group,
    /// Its name.
    pub name: &'static str,
    /// What is the matter.
    pub why: String,
}

/// One thing, measured in each round.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it belongs to.
    pub group: Group,
    /// Its name.
    pub name: String,
    /// What is shown of it.
    pub bars: Vec<Bar>,
    /// What is compared,
    pub subject: Side,
    /// and with what.
    pub baseline: Side,
}

/// One side of a row.
#[derive(Debug, Serialize)]
pub struct Side {
    /// Whose it is.
    pub name: &'static str,
    /// How many operations it consists of; null where they are not counted.
    pub operations: Option<u64>,
    /// A measurement for each round; one side has as many as the other.
    pub rounds: Vec<Measured>,
}

/// One round's measurement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// Processor time in seconds.
    pub cpu_s: f64,
    /// Wall time in seconds.
    pub wall_s: f64,
    /// Of the whole process that this was a part of.
    pub peak_rss_bytes: u64,
}

/// What one side's run gave.
#[derive(Debug)]
pub struct Readings {
    /// Whose they are.
    pub side: &'static str,
    /// In the same order on both sides.
    pub readings: Vec<Reading>,
    /// Of the run.
    pub peak_rss_bytes: u64,
}

/// The figures of a group.
#[derive(Debug)]
pub struct Section {
    /// Whose they are.
    pub group: Group,
    /// Who takes part.
    pub sides: [&'static str; 2],
    /// In the order in which they were measured.
    pub figures: Vec<Figure>,
    /// The geometric mean of the ratios, and what it may be, where it says
    /// something.
    pub mean: Option<(f64, Option<f64>)>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What is compared.
    pub name: String,
    /// The medians of both sides, in `unit`.
    pub medians: [f64; 2],
    /// Seconds, microseconds, nanoseconds or mebibytes.
    pub unit: &'static str,
    /// The median of the rounds' ratios.
    pub ratio: f64,
    /// The least and the largest of them.
    pub spread: (f64, f64),
    /// The largest ratio that is good.
    pub at_most: Option<f64>,
}

impl Report {
    /// Adds what both sides gave in one round for a work of `group`.
    pub fn add(&mut self, group: Group, subject: &Readings, baseline: &Readings) {
        for (ours, theirs) in subject.readings.iter().zip(&baseline.readings) {
            let known = self.rows.iter().position(|row| row.group == group && row.name == ours.name);
            let index = known.unwrap_or_else(|| {
                self.rows.push(Row {
                    group,
                    name: ours.name.clone(),
                    bars: group.bars(&ours.name),
                    subject: Side::new(subject.side, ours),
                    baseline: Side::new(baseline.side, theirs),
                });
                self.rows.len() - 1
            });
            let row = &mut self.rows[index];
            row.subject.rounds.push(Measured::new(ours.cost, subject.peak_rss_bytes));
            row.baseline.rounds.push(Measured::new(theirs.cost, baseline.peak_rss_bytes));
        }
    }

    /// What people are shown, group by group.
    pub fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for row in &self.rows {
            if sections.last().is_none_or(|section| section.group != row.group) {
                let sides = [row.subject.name, row.baseline.name];
                sections.push(Section { group: row.group, sides, figures: Vec::new(), mean: None });
            }
            if let Some(section) = sections.last_mut() {
                section.figures.extend(row.figures());
            }
        }
        for section in &mut sections {
            let mean = section.group.mean().filter(|_| section.figures.len() > 1);
            section.mean = mean.map(|at_most| (geometric_mean(&section.figures), at_most));
        }
        sections
    }
}

impl Row {
    /// A figure for each measure that is shown.
    fn figures(&self) -> impl Iterator<Item = Figure> {
        self.bars.iter().map(|bar| self.figure(*bar))
    }

    fn figure(&self, bar: Bar) -> Figure {
        let (ours, theirs) = (self.subject.values(bar.measure), self.baseline.values(bar.measure));
        let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
        let (unit, scale) = self.unit(bar.measure, median(&theirs));
        let spread = ratios.iter().fold((f64::MAX, 0f64), |(low, high), r| (low.min(*r), high.max(*r)));
        let name = match self.bars.len() == 1 && bar.measure == Measure::Cpu {
            true => self.name.clone(),
            false => format!("{}, {}", self.name, bar.measure.name()),
        };
        Figure {
            name,
            medians: [scale * median(&ours), scale * median(&theirs)],
            unit,
            ratio: median(&ratios),
            spread,
            at_most: bar.at_most,
        }
    }

    /// The unit in which `value` can be read, and how many of it are one.
    fn unit(&self, measure: Measure, value: f64) -> (&'static str, f64) {
        match (measure, self.baseline.operations) {
            (Measure::Memory, _) => ("MiB", 1.0 / f64::from(1 << 20)),
            (_, None) => ("s", 1.0),
            (_, Some(_)) if value > 1e-5 => ("µs", 1e6),
            (_, Some(_)) => ("ns", 1e9),
        }
    }
}

impl Side {
    fn new(name: &'static str, reading: &Reading) -> Side {
        Side { name, operations: reading.operations, rounds: Vec::new() }
    }

    /// Time of the whole or, where they are counted, of one operation; memory in
    /// bytes.
    fn values(&self, measure: Measure) -> Vec<f64> {
        let operations = self.operations.map_or(1.0, |operations| operations.max(1) as f64);
        let value = |round: &Measured| match measure {
            Measure::Cpu => round.cpu_s / operations,
            Measure::Wall => round.wall_s / operations,
            Measure::Memory => round.peak_rss_bytes as f64,
        };
        self.rounds.iter().map(value).collect()
    }
}

impl Measured {
    fn new(cost: Cost, peak_rss_bytes: u64) -> Measured {
        Measured { cpu_s: cost.cpu_s, wall_s: cost.wall_s, peak_rss_bytes }
    }
}

/// Whether a ratio is as it should be; `None` where nothing is asked for.
pub fn is_good(ratio: f64, at_most: Option<f64>) -> Option<bool> {
    at_most.map(|at_most| ratio <= at_most)
}

fn geometric_mean(figures: &[Figure]) -> f64 {
    (figures.iter().map(|figure| figure.ratio.ln()).sum::<f64>() / figures.len() as f64).exp()
}

/// The middle one, or the mean of the two in the middle.
fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// What a side gave: a name, operations, and seconds of wall time; half of
    /// them were processor time.
    fn side(side: &'static str, readings: &[(&str, Option<u64>, f64)]) -> Readings {
        let reading = |(name, operations, wall_s): &(&str, Option<u64>, f64)| Reading {
            name: (*name).to_owned(),
            operations: *operations,
            cost: Cost { wall_s: *wall_s, cpu_s: wall_s / 2.0 },
        };
        let readings = readings.iter().map(reading).collect();
        Readings { side, readings, peak_rss_bytes: if side == "QEMU" { 200 << 20 } else { 300 << 20 } }
    }

    /// A report with something of everything.
    pub fn report() -> Report {
        let mut report =
            Report { setting: "Mynah (jit) and QEMU 10 <on> a host".into(), rounds: 3, ..Report::default() };
        for (ours, theirs) in [(0.6, 2.0), (0.8, 2.0), (1.0, 4.0)] {
            let both = [("mix", None, ours), ("recursion", None, theirs)];
            let qemu = [("mix", None, theirs), ("recursion", None, theirs / 1.5)];
            report.add(Group::Integer, &side("Mynah", &both), &side("QEMU", &qemu));
            let (ours, theirs) =
                ([("big switch", Some(10_000_000), ours)], [("big switch", Some(10_000_000), theirs)]);
            report.add(Group::Bare, &side("Mynah", &ours), &side("QEMU", &theirs));
        }
        for group in [super::super::group::TO_BOOTED, super::super::group::WHOLE] {
            report.add(
                Group::Boot,
                &side("Mynah", &[(group, None, 3.1)]),
                &side("QEMU", &[(group, None, 4.0)]),
            );
        }
        let harts = ("work on each hart", Some(4000), 4.2);
        let hart = ("work on each hart", Some(1000), 1.0);
        report.add(Group::Harts, &side("4 harts", &[harts]), &side("1 hart", &[hart]));
        let note = |name, why: &str| Note { group: Group::Linux, name, why: why.to_owned() };
        report.skipped.push(note("init", "riscv64-linux-gnu-gcc is missing: install gcc-riscv64-linux-gnu"));
        report.failures.push(note("boot", "the guest never printed BOOT-OK"));
        report
    }

    #[test]
    fn medians_are_in_the_middle() {
        assert_eq!((median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0])), (2.0, 2.5));
    }

    #[test]
    fn a_ratio_is_the_median_of_the_rounds_ratios() {
        let sections = report().sections();
        let mix = &sections[0].figures[0];
        assert_eq!((mix.medians, mix.unit), ([0.4, 1.0], "s"));
        assert_eq!((mix.ratio, mix.spread, mix.at_most), (0.3, (0.25, 0.4), Some(0.8)));
        let (mean, at_most) = sections[0].mean.unwrap();
        assert!((mean - (0.3f64 * 1.5).sqrt()).abs() < 1e-9 && at_most == Some(0.40), "{mean}");
    }

    #[test]
    fn operations_are_compared_one_by_one() {
        let sections = report().sections();
        let harts = &sections.last().unwrap().figures[0];
        assert!((harts.ratio - 1.05).abs() < 1e-9 && harts.unit == "µs", "{harts:?}");
    }

    #[test]
    fn memory_and_wall_time_are_named() {
        let sections = report().sections();
        let boot: Vec<_> =
            sections[2].figures.iter().map(|figure| (figure.name.as_str(), figure.unit)).collect();
        assert_eq!(
            boot,
            [
                ("power-on to BOOT-OK, wall", "s"),
                ("power-on to BOOT-OK, CPU", "s"),
                ("whole run, peak memory", "MiB")
            ]
        );
        assert_eq!(sections[2].figures[2].medians, [300.0, 200.0]);
    }

    #[test]
    fn json_has_every_round() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["rows"][0]["subject"]["rounds"][1]["wall_s"], 0.8);
        assert_eq!(json["rows"][0]["bars"][0]["measure"], "cpu");
        assert_eq!(json["skipped"][0]["group"], "single mechanisms, linux");
    }
}
