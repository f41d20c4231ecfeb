//! What compiling a region costs, in microseconds of processor time per guest
//! instruction in it: from lifted blocks to code that can be entered.

mod bare;
mod cpu_time;

use std::time::Duration;

use backend::{Thresholds, Tiers};
use bare::{Bare, kernels::KERNELS};
use criterion::{Criterion, criterion_group, criterion_main};

/// Enough for each region of a kernel to become hot.
const INSTRUCTIONS: u64 = 2_000;

/// The mean time for a guest instruction of the regions of `program`.
fn compile(program: &str) -> Duration {
    let mut bare = Bare::new(program, Tiers::Jit(Thresholds::regions(1)));
    bare.run(INSTRUCTIONS);
    let tier = &bare.stats().tier2;
    assert_ne!(tier.guest_instructions_translated, 0, "the program is compiled");
    tier.compile.div_f64(tier.guest_instructions_translated as f64)
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile a guest instruction");
    for (name, program) in KERNELS {
        group.bench_function(*name, |b| {
            b.iter_custom(|rounds| (0..rounds).map(|_| compile(program)).sum());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    // Each sample makes whole machines.
    config = Criterion::default().sample_size(20).nresamples(10_000);
    targets = bench
}
criterion_main!(benches);
