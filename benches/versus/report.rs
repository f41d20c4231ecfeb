//! What is told: a table for people, JSON for programs.

use std::fmt::Write;

use serde::Serialize;

use crate::process::Cost;
use crate::work::Reading;

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The host and the two programs, for people.
    pub setting: String,
    /// How often everything ran.
    pub rounds: u32,
    /// One for each thing measured.
    pub rows: Vec<Row>,
    /// What went wrong.
    pub failures: Vec<String>,
}

/// One thing, measured in each round.
#[derive(Debug, Serialize)]
pub struct Row {
    group: &'static str,
    name: String,
    /// How many operations it consists of; null where they are not counted.
    operations: Option<u64>,
    rounds: Vec<Pair>,
}

/// One round's measurements; neither is there without the other.
#[derive(Clone, Copy, Debug, Serialize)]
struct Pair {
    mynah: Measured,
    qemu: Measured,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Measured {
    cpu_s: f64,
    wall_s: f64,
    /// Of the whole process that this was a part of.
    peak_rss_bytes: u64,
}

/// What one emulator's run gave: readings, and its peak memory.
pub type Readings = (Vec<Reading>, u64);

impl Report {
    /// Adds what both gave in one round for a work of `group`.
    pub fn add(&mut self, group: &'static str, mynah: &Readings, qemu: &Readings) {
        for (ours, theirs) in mynah.0.iter().zip(&qemu.0) {
            let known = self.rows.iter_mut().find(|row| row.group == group && row.name == ours.name);
            let pair = Pair { mynah: measured(ours.cost, mynah.1), qemu: measured(theirs.cost, qemu.1) };
            match known {
                Some(row) => row.rounds.push(pair),
                None => self.rows.push(Row {
                    group,
                    name: ours.name.clone(),
                    operations: ours.operations,
                    rounds: vec![pair],
                }),
            }
        }
    }

    /// The table.
    pub fn table(&self) -> String {
        let mut text = format!("\n{}\n", self.setting);
        let _ = writeln!(
            text,
            "Processor time (user and system), medians of {} rounds. The ratio is Mynah's by QEMU's: below 1,\n\
             Mynah is faster. It is the median of the rounds' ratios; beside it are the least and the largest.",
            self.rounds
        );
        let mut groups: Vec<&str> = self.rows.iter().map(|row| row.group).collect();
        groups.dedup();
        for group in &groups {
            let _ = writeln!(
                text,
                "\n{group:<27} {:>9} {:>9}     {:>6}  {:<12} {:>6}  {:>9}",
                "Mynah", "QEMU", "ratio", "least–most", "wall", "peak MiB"
            );
            let rows: Vec<&Row> = self.rows.iter().filter(|row| row.group == *group).collect();
            for row in &rows {
                text += &row.line();
            }
            text += &mean_line(&rows);
        }
        if groups.len() > 1 {
            text.push('\n');
            text += &mean_line(&self.rows.iter().collect::<Vec<_>>());
        }
        for failure in &self.failures {
            let _ = writeln!(text, "\nFAILED {failure}");
        }
        text
    }
}

impl Row {
    /// The ratio of processor times: Mynah's by QEMU's.
    fn ratio(&self) -> f64 {
        self.median(|pair| pair.mynah.cpu_s / pair.qemu.cpu_s)
    }

    fn median(&self, of: impl Fn(&Pair) -> f64) -> f64 {
        median(self.rounds.iter().map(of).collect())
    }

    /// One line of the table.
    fn line(&self) -> String {
        let (mynah_s, qemu_s) = (self.median(|pair| pair.mynah.cpu_s), self.median(|pair| pair.qemu.cpu_s));
        let (unit, scale) = match self.operations {
            Some(operations) if qemu_s / operations as f64 > 1e-5 => ("µs", 1e6 / operations as f64),
            Some(operations) => ("ns", 1e9 / operations as f64),
            None => ("s ", 1.0),
        };
        let ratios = self.rounds.iter().map(|pair| pair.mynah.cpu_s / pair.qemu.cpu_s);
        let (least, most) = ratios.fold((f64::MAX, 0f64), |(low, high), r| (low.min(r), high.max(r)));
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        format!(
            "  {:<25} {:>9} {:>9} {unit}  {:>6.2}  {:<12} {:>6.2}  {:>4.0} {:>4.0}\n",
            self.name,
            digits(scale * mynah_s),
            digits(scale * qemu_s),
            self.ratio(),
            format!("{least:.2}–{most:.2}"),
            self.median(|pair| pair.mynah.wall_s / pair.qemu.wall_s),
            self.median(|pair| mib(pair.mynah.peak_rss_bytes)),
            self.median(|pair| mib(pair.qemu.peak_rss_bytes)),
        )
    }
}

fn measured(cost: Cost, peak_rss_bytes: u64) -> Measured {
    Measured { cpu_s: cost.cpu_s, wall_s: cost.wall_s, peak_rss_bytes }
}

/// Three significant digits or all before the point.
fn digits(value: f64) -> String {
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$}")
}

fn mean_line(rows: &[&Row]) -> String {
    let mean = (rows.iter().map(|row| row.ratio().ln()).sum::<f64>() / rows.len() as f64).exp();
    let name = format!("geometric mean of {}", rows.len());
    format!("  {name:<25} {:>23}  {mean:>6.2}\n", "")
}

/// The middle one, or the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}
