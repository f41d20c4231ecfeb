//! AArch64 as a [`Guest`].

use bus::AddressSpace;
use guest::{Access, Cause, CpuState, Fault, Fetch, Guest, Helper, Page};
use ir::{Block, BlockKey, Spec};

use crate::model::Model;
use crate::state::{self, CURRENT_EL, Mode, PC, layout};
use crate::system::debug::{self, Watched};
use crate::system::slots::HAS_EL2;
use crate::system::{self, abort, exception, syndrome};
use crate::{disasm, helpers, lift_block, mmu};

/// An AArch64 PE with EL0, EL1 and EL2, of some model.
///
/// A fault's cause is the syndrome as ESR_ELx shows it, and its datum the
/// address that FAR_ELx shows. Interrupts 0 to 3 are IRQ, FIQ, virtual IRQ and
/// virtual FIQ; the pins have the same numbers.
#[derive(Clone, Debug)]
pub struct Aarch64 {
    spec: Spec,
    model: Model,
}

impl Aarch64 {
    /// The architecture as `model` has it.
    pub fn new(model: Model) -> Aarch64 {
        Aarch64 { spec: Spec { layout: layout(), helpers: helpers::declarations() }, model }
    }

    /// The model.
    pub fn model(&self) -> Model {
        self.model
    }

    /// Puts a PE that was reset into EL1 or EL2 at `entry` as the Linux boot
    /// protocol wants it, with `x0` the address of the device tree; `firmware`
    /// (one of [`state::firmware`]) says which calls the machine answers.
    pub fn setup_boot(&self, cpu: &mut CpuState, level: u64, entry: u64, x0: u64, firmware: u64) {
        cpu.set(CURRENT_EL, level);
        cpu.set(HAS_EL2, u64::from(level == 2));
        cpu.set(PC, entry);
        cpu.set(state::x(0), x0);
        cpu.set(state::FIRMWARE, firmware);
    }
}

impl Guest for Aarch64 {
    fn name(&self) -> &'static str {
        "aarch64"
    }

    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn helpers(&self) -> &[Helper] {
        helpers::HELPERS
    }

    fn block_key(&self, cpu: &CpuState) -> BlockKey {
        BlockKey { pc: cpu.get(PC), mode: Mode::of(cpu).0 }
    }

    fn lift(&self, key: BlockKey, code: &mut dyn Fetch, max_insns: u32) -> Result<Block, Fault> {
        lift_block(&self.spec, self.model.features(), key, code, max_insns)
    }

    fn fetch_regime(&self, mode: u32) -> u8 {
        Mode(mode).fetch_regime()
    }

    fn address_space(&self, cpu: &CpuState) -> u64 {
        mmu::address_space(cpu)
    }

    fn walk(
        &self,
        cpu: &mut CpuState,
        space: &AddressSpace,
        at: u64,
        bytes: u8,
        access: Access,
        regime: u8,
    ) -> Result<Page, Fault> {
        if access == Access::Fetch {
            let target = mmu::branch_target(cpu, at, regime);
            if target != at {
                return Err(Fault { cause: syndrome::ELSEWHERE, value: target });
            }
        }
        let page = mmu::walk(cpu, space, at, access, regime)?;
        match debug::watch(cpu, at, bytes, access, regime) {
            Watched::Nowhere => Ok(page),
            Watched::Nearby => Ok(Page { cacheable: false, ..page }),
            Watched::Hit(fault) => Err(fault),
        }
    }

    fn peek(
        &self,
        cpu: &CpuState,
        space: &AddressSpace,
        at: u64,
        access: Access,
        regime: u8,
    ) -> Option<Page> {
        mmu::peek(cpu, space, at, access, regime)
    }

    fn bus_error(&self, at: u64, access: Access) -> Fault {
        mmu::bus_error(at, access)
    }

    fn misaligned(&self, at: u64, access: Access) -> Fault {
        mmu::misaligned(at, access)
    }

    fn reset(&self, cpu: &mut CpuState, index: u32, entry: u64) {
        for slot in &mut cpu.words[..self.spec.layout.slots().len()] {
            *slot = 0;
        }
        cpu.set(PC, entry);
        system::reset(cpu, self.model, index);
    }

    fn sample(&self, cpu: &mut CpuState, lines: u64, _now_ns: u64) {
        cpu.set(state::PINS, lines);
    }

    fn pending(&self, cpu: &CpuState) -> Option<Cause> {
        exception::pending(cpu).map(Cause::Interrupt)
    }

    fn wakes(&self, cpu: &CpuState) -> bool {
        exception::wakes(cpu)
    }

    fn deadline_ns(&self, _cpu: &CpuState) -> Option<u64> {
        // The timers are a chip of their own.
        None
    }

    fn complete(&self, cpu: &CpuState, space: &AddressSpace, fault: Fault, code: &mut dyn Fetch) -> Fault {
        abort::complete(cpu, space, fault, code)
    }

    fn deliver(&self, cpu: &mut CpuState, cause: Cause) {
        exception::deliver(cpu, cause);
    }

    fn disassemble(&self, key: BlockKey, code: &[u8]) -> Option<(String, usize)> {
        disasm::disassemble(key.pc, code)
    }
}
