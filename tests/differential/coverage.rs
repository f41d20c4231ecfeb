//! Which of the decoder's rows were compared.

use std::collections::BTreeMap;

use riscv::random::{Kind, kinds};
use riscv::{c, decode};

/// Counts the instructions run, by row.
pub struct Coverage {
    counts: BTreeMap<&'static str, u64>,
    /// Rows that cannot be compared, each with the reason.
    left_out: Vec<(&'static str, &'static str)>,
}

impl Coverage {
    /// Of all rows; `reason` says why one is left out.
    pub fn new(reason: impl Fn(&Kind) -> Option<&'static str>) -> Coverage {
        let kinds = kinds();
        let counts = kinds.iter().map(|kind| (kind.name, 0)).collect();
        let left_out = kinds.iter().filter_map(|kind| Some((kind.name, reason(kind)?))).collect();
        Coverage { counts, left_out }
    }

    /// Notes that an instruction was run.
    pub fn note(&mut self, word: u32) {
        let name = match word & 3 {
            3 => decode::decode(word).map(|found| found.row.name),
            _ => c::find(word as u16).map(|row| row.name),
        };
        if let Some(count) = name.and_then(|name| self.counts.get_mut(name)) {
            *count += 1;
        }
    }

    /// Rows that should have been run and were not.
    pub fn missing(&self) -> Vec<&'static str> {
        let left_out = |name: &str| self.left_out.iter().any(|(left, _)| *left == name);
        self.counts
            .iter()
            .filter(|(name, count)| **count == 0 && !left_out(name))
            .map(|(name, _)| *name)
            .collect()
    }

    /// How many rows were run, of how many, and what was left out and why.
    pub fn summary(&self) -> String {
        let covered = self.counts.values().filter(|count| **count > 0).count();
        let run: u64 = self.counts.values().sum();
        let (rarest, least) =
            self.counts.iter().filter(|(_, count)| **count > 0).min_by_key(|row| row.1).unzip();
        let mut text = format!("{covered} of {} rows covered by {run} instructions", self.counts.len());
        if let (Some(name), Some(count)) = (rarest, least) {
            text += &format!("; {name} the least often, {count} times");
        }
        for (name, reason) in &self.left_out {
            text += &format!("\n{name} left out: {reason}");
        }
        text
    }
}
