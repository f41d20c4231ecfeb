//! `--stats table`: where time went, for people. Nothing here is sampled: what
//! was counted is shown, and what is a difference of two measurements is called
//! the rest.

use std::fmt::Write;

use mynah::{MachineStats, Tier};

/// What the host spent, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct HostTime {
    /// Wall time from power-on to the end.
    pub wall_s: f64,
    /// Processor time of all threads.
    pub cpu_s: f64,
}

/// The table of a run.
pub fn table(stats: &MachineStats, host: HostTime) -> String {
    let tiers = [
        ("tier 0, interpreted", stats.tier0),
        ("tier 1, blocks", stats.tier1),
        ("tier 2, regions", stats.tier2),
    ];
    let mut text = format!(
        "\n{:<22}{:>9}{:>8}{:>10}{:>12}{:>10}{:>8}{:>10}\n",
        "guest code", "run", "share", "units", "translated", "seconds", "ns each", "code"
    );
    for (name, tier) in &tiers {
        text += &tier_line(name, tier, stats.guest_instructions);
    }
    if stats.tier1.blocks != 0 {
        text += "  what tier 1's code has run is counted with tier 2's\n";
    }
    let _ = writeln!(
        text,
        "  {} instructions in {:.2} s of guest time; {:.0} million a second of processor time",
        count(stats.guest_instructions),
        stats.virtual_ns as f64 / 1e9,
        ratio(stats.guest_instructions as f64 / 1e6, host.cpu_s),
    );
    text += &times(stats, &tiers, host);
    text += &events(stats);
    text
}

/// What a tier ran, and what it made: units, instructions in them, the time that
/// took, and bytes of code.
fn tier_line(name: &str, tier: &Tier, all: u64) -> String {
    // What compiled code runs is counted with the last tier.
    let (run, share) = match tier.guest_instructions {
        0 => (String::new(), String::new()),
        run => (count(run), percent(run as f64, all as f64)),
    };
    format!(
        "  {name:<20}{run:>9}{share:>8}{:>10}{:>12}{:>10.2}{:>8.0}{:>10}\n",
        count(tier.blocks),
        count(tier.guest_instructions_translated),
        tier.compile_s,
        ratio(tier.compile_s * 1e9, tier.guest_instructions_translated as f64),
        format!("{} KiB", tier.code_bytes >> 10),
    )
}

/// Where wall time went.
fn times(stats: &MachineStats, tiers: &[(&str, Tier)], host: HostTime) -> String {
    let mut text =
        format!("\nhost time{:>18.2} s of wall time, {:.2} s of processor time\n", host.wall_s, host.cpu_s);
    let mut line = |name: &str, seconds: f64| {
        let share = percent(seconds, host.wall_s);
        let _ = writeln!(text, "  {name:<20}{seconds:>5.2} s{share:>8}");
    };
    // Translating is a part of the engine's time, but for what is done beside.
    let translating: f64 = tiers.iter().map(|(_, tier)| tier.compile_s - tier.beside_s).sum();
    let beside: f64 = tiers.iter().map(|(_, tier)| tier.beside_s).sum();
    for (name, tier) in tiers {
        let tier_name = name.split(',').next().unwrap_or(name);
        line(&format!("translating {tier_name}"), tier.compile_s - tier.beside_s);
    }
    line("running guest code*", stats.engine_s - translating);
    line("waiting", stats.waiting_s);
    line("the rest**", host.wall_s - stats.engine_s - stats.waiting_s);
    if beside > 0.0 {
        line("beside: compiling***", beside);
    }
    text += "  *  all tiers, the chips they reach and the rest of the engine\n  \
            ** firmware calls, chips between slices, the host's input\n";
    if beside > 0.0 {
        text += "  *** on a thread of its own, while the guest ran on: in none of the above\n";
    }
    text
}

/// What made control leave the fast path.
fn events(stats: &MachineStats) -> String {
    let exits = &stats.exits;
    let mut text = String::from("\nevents\n");
    for (name, events) in [
        ("TLB misses", stats.tlb_misses),
        ("page-table walks", stats.tlb_walks),
        ("side exits", exits.side_exit),
        ("checks of mappings", exits.check),
        ("device accesses", stats.mmio),
        ("blocks dropped", stats.invalidated),
        ("code parts emptied", stats.code_parts_emptied),
        ("exceptions", exits.fault),
        ("interrupts", exits.interrupt),
        ("firmware calls", exits.firmware),
        ("waits for interrupt", exits.idle),
    ] {
        let per_million = ratio(events as f64 * 1e6, stats.guest_instructions as f64);
        let _ =
            writeln!(text, "  {name:<20}{:>9} {per_million:>9.1} in a million instructions", count(events));
    }
    text
}

/// Three or four digits and a unit of thousands.
fn count(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..10_000_000 => format!("{:.1} k", number as f64 / 1e3),
        10_000_000..10_000_000_000 => format!("{:.1} M", number as f64 / 1e6),
        _ => format!("{:.1} G", number as f64 / 1e9),
    }
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.1}%", 100.0 * ratio(part, whole))
}

/// Zero where there is nothing to divide by.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

#[cfg(test)]
mod tests {
    use mynah::Exits;

    use super::*;

    const GOLDEN: &str = "
guest code                  run   share     units  translated   seconds ns each      code
  tier 0, interpreted    25.0 M   25.0%      1000      20.0 k      0.25   12500     0 KiB
  tier 1, blocks                             2000      20.0 k      0.12    6250     4 KiB
  tier 2, regions        75.0 M   75.0%      3000      20.0 k      1.50   75000     8 KiB
  what tier 1's code has run is counted with tier 2's
  100.0 M instructions in 1.50 s of guest time; 50 million a second of processor time

host time              2.00 s of wall time, 2.00 s of processor time
  translating tier 0   0.25 s   12.5%
  translating tier 1   0.12 s    6.2%
  translating tier 2   0.25 s   12.5%
  running guest code*  0.88 s   43.8%
  waiting              0.25 s   12.5%
  the rest**           0.25 s   12.5%
  beside: compiling*** 1.25 s   62.5%
  *  all tiers, the chips they reach and the rest of the engine
  ** firmware calls, chips between slices, the host's input
  *** on a thread of its own, while the guest ran on: in none of the above

events
  TLB misses             12.3 k     123.5 in a million instructions
  page-table walks            0       0.0 in a million instructions
  side exits             20.0 M  200000.0 in a million instructions
  checks of mappings       2000      20.0 in a million instructions
  device accesses             7       0.1 in a million instructions
  blocks dropped              0       0.0 in a million instructions
  code parts emptied          3       0.0 in a million instructions
  exceptions                  0       0.0 in a million instructions
  interrupts                  0       0.0 in a million instructions
  firmware calls              0       0.0 in a million instructions
  waits for interrupt         0       0.0 in a million instructions
";

    fn stats() -> MachineStats {
        let tier = |share: u64| Tier {
            blocks: 1000 * share,
            guest_instructions_translated: 20_000,
            guest_instructions: 25_000_000 * share,
            compile_s: 0.25,
            beside_s: 0.0,
            code_bytes: 4096 * (share - 1),
        };
        MachineStats {
            guest_instructions: 100_000_000,
            virtual_ns: 1_500_000_000,
            tier0: tier(1),
            tier1: Tier { guest_instructions: 0, compile_s: 0.125, ..tier(2) },
            tier2: Tier { compile_s: 1.5, beside_s: 1.25, ..tier(3) },
            engine_s: 1.5,
            waiting_s: 0.25,
            tlb_misses: 12_345,
            mmio: 7,
            code_parts_emptied: 3,
            exits: Exits { side_exit: 20_000_000, check: 2_000, ..Exits::default() },
            ..MachineStats::default()
        }
    }

    #[test]
    fn the_table_adds_up() {
        assert_eq!(table(&stats(), HostTime { wall_s: 2.0, cpu_s: 2.0 }), GOLDEN);
    }

    #[test]
    fn a_machine_that_did_nothing_has_a_table() {
        let text = table(&MachineStats::default(), HostTime { wall_s: 0.0, cpu_s: 0.0 });
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    }

    #[test]
    fn counts_are_short() {
        let counts = [0, 9_999, 10_000, 9_999_949, 12_345_678, 5_214_823_917, u64::MAX].map(count);
        assert_eq!(counts, ["0", "9999", "10.0 k", "9999.9 k", "12.3 M", "5214.8 M", "18446744073.7 G"]);
    }
}
