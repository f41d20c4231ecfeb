//! What running costs, in nanoseconds of processor time per guest instruction,
//! in tier 0 and in compiled code.

mod bare;
mod cpu_time;

use std::time::Duration;

use backend::{Thresholds, Tiers};
use bare::{Bare, kernels::KERNELS};
use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};

/// Enough for all of a kernel to be compiled.
const WARM_UP: u64 = 200_000;
/// As many as a machine with one CPU runs in a slice.
const SLICE: u64 = 100_000;

/// The time of one guest instruction, times `rounds`.
fn run(bare: &mut Bare, rounds: u64) -> Duration {
    let start = cpu_time::now();
    for _ in 0..rounds {
        bare.run(SLICE);
    }
    (cpu_time::now() - start).div_f64(SLICE as f64)
}

fn bench(criterion: &mut Criterion) {
    let tiers = [("interpreter", Tiers::Interp), ("compiled", Tiers::Jit(Thresholds::regions(3_000)))];
    for (tier, tiers) in tiers {
        let mut group = criterion.benchmark_group(format!("a guest instruction, {tier}"));
        // Equal samples: shares of a nanosecond vanish in small ones.
        group.sampling_mode(SamplingMode::Flat);
        for (name, program) in KERNELS {
            let mut bare = Bare::new(program, tiers);
            bare.run(WARM_UP);
            group.bench_function(*name, |b| b.iter_custom(|rounds| run(&mut bare, rounds)));
            assert_eq!(bare.stats().tier2.blocks != 0, tiers != Tiers::Interp, "compiled as asked");
        }
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
