//! The front ends' cases, `frontends/*/tests/exec/*.txt`, on all tiers of the
//! engine. The front ends' own tests run them on the reference interpreter, so
//! that all engines answer to the same lines.

#[path = "../frontends/aarch64/tests/exec/cases.rs"]
mod aarch64_cases;
#[path = "exec/engine.rs"]
mod engine;
#[path = "../frontends/riscv/tests/exec/cases.rs"]
mod riscv_cases;

use std::sync::Arc;

use aarch64::{Aarch64, Model};
use backend::{Thresholds, Tiers};
use bus::AddressSpace;
use engine::{Case, Subject, all_hold};
use guest::CpuState;
use riscv::Riscv64;

/// The folders of the cases.
const RISCV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/frontends/riscv/tests/exec");
const AARCH64: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/frontends/aarch64/tests/exec");

/// A case of RISC-V.
struct Riscv(riscv::testing::Case, Arc<Riscv64>);

impl Case for Riscv {
    fn at(&self) -> &str {
        &self.0.at
    }

    fn start(&self) -> (CpuState, AddressSpace) {
        self.0.hart(&self.1)
    }

    fn is_over(&self, cpu: &CpuState) -> bool {
        self.0.is_over(cpu)
    }

    fn check(&self, cpu: &CpuState, space: &AddressSpace) -> Result<(), String> {
        self.0.check(&self.1, cpu, space)
    }
}

/// A case of AArch64.
struct Arm(aarch64::testing::Case, Arc<Aarch64>);

impl Case for Arm {
    fn at(&self) -> &str {
        &self.0.at
    }

    fn start(&self) -> (CpuState, AddressSpace) {
        self.0.cpu(&self.1)
    }

    fn is_over(&self, cpu: &CpuState) -> bool {
        self.0.is_over(cpu)
    }

    fn check(&self, cpu: &CpuState, space: &AddressSpace) -> Result<(), String> {
        self.0.check(&self.1, cpu, space)
    }
}

fn riscv_hold(tiers: Tiers, runs: u32) -> u64 {
    let guest = Arc::new(Riscv64::new());
    let cases = riscv_cases::cases(RISCV).into_iter().map(|case| Riscv(case, Arc::clone(&guest)));
    let cases: Vec<Riscv> = cases.collect();
    let cases: Vec<&dyn Case> = cases.iter().map(|case| case as &dyn Case).collect();
    // c.j to itself
    let subject = Subject { guest, insns_max: riscv::testing::INSNS_MAX, stay: (0xa001, 2) };
    all_hold(&subject, &cases, tiers, runs)
}

fn aarch64_hold(tiers: Tiers, runs: u32) -> u64 {
    let guest = Arc::new(Aarch64::new(Model::Max));
    let cases = aarch64_cases::cases(AARCH64).into_iter().map(|case| Arm(case, Arc::clone(&guest)));
    let cases: Vec<Arm> = cases.collect();
    let cases: Vec<&dyn Case> = cases.iter().map(|case| case as &dyn Case).collect();
    // b to itself
    let subject = Subject { guest, insns_max: aarch64::testing::INSNS_MAX, stay: (0x1400_0000, 4) };
    all_hold(&subject, &cases, tiers, runs)
}

#[test]
fn cases_hold_on_tier_0() {
    assert_eq!(riscv_hold(Tiers::Interp, 1), 0);
    assert_eq!(aarch64_hold(Tiers::Interp, 1), 0);
}

/// A block is compiled when it has run once, and so the second run of a case
/// is compiled code's.
#[test]
fn cases_hold_on_compiled_code() {
    assert!(riscv_hold(Tiers::Jit(Thresholds::regions(1)), 2) > 0);
    assert!(riscv_hold(Tiers::Jit(Thresholds::baseline(1)), 2) > 0);
}

#[test]
fn aarch64_cases_hold_on_regions() {
    assert!(aarch64_hold(Tiers::Jit(Thresholds::regions(1)), 2) > 0);
}

#[test]
fn aarch64_cases_hold_on_the_baseline() {
    assert!(aarch64_hold(Tiers::Jit(Thresholds::baseline(1)), 2) > 0);
}
