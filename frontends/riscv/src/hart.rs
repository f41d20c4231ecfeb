//! RV64GC as a [`Guest`].
//!
//! Sources: RISC-V Privileged ISA (20240411), §3.4 for the state after reset;
//! RISC-V SBI specification 2.0, chapter "Hart State Management", for how
//! firmware hands a hart to a supervisor.

use crate::fields::{MISA, envcfg, exception, interrupt, mstatus, privilege};
use crate::mmu;
use crate::state::{
    FIRMWARE, MCOUNTEREN, MEDELEG, MENVCFG, MHARTID, MIDELEG, MIP_PINS, MIP_SOFT, MISA as MISA_SLOT, MSTATUS,
    Mode, PC, PINS_SEEN, PRIV, STIMECMP, layout, regime, x,
};
use crate::{disasm, helpers, lift_block, pmp, timer, trap};
use bus::AddressSpace;
use guest::{Access, Cause, CpuState, Fault, Fetch, Guest, Helper, Page};
use ir::{Block, BlockKey, Spec};

/// The pins whose level is a bit of mip: MSI, MTI, SEI and MEI.
const LEVEL_PINS: u64 = 1 << interrupt::MSI | 1 << interrupt::MTI | 1 << interrupt::SEI | 1 << interrupt::MEI;
const SSIP: u64 = 1 << interrupt::SSI;

/// A 64-bit RISC-V hart with M, S and U mode.
///
/// An interrupt pin has the number of its interrupt: 3, 7, 9 and 11 are
/// levels. The supervisor software interrupt has none that stays: a rising
/// edge of pin 1 sets mip.SSIP, which software clears.
#[derive(Clone, Debug)]
pub struct Riscv64 {
    spec: Spec,
}

impl Default for Riscv64 {
    fn default() -> Riscv64 {
        Riscv64::new()
    }
}

impl Riscv64 {
    /// The architecture, with all that this front end implements.
    pub fn new() -> Riscv64 {
        Riscv64 { spec: Spec { layout: layout(), helpers: helpers::declarations() } }
    }

    /// Puts a hart that was reset into S mode at `entry`, with `a0` and `a1`
    /// in the registers of these names, as SBI firmware does: all traps but
    /// the calls to the firmware are S's, all of memory, all counters and all
    /// extensions are open to it, interrupts and translation are off. Calls
    /// from S then leave the block with [`ir::Leave::Firmware`], the pc being
    /// that of the next instruction.
    pub fn setup_supervisor(&self, cpu: &mut CpuState, entry: u64, a0: u64, a1: u64) {
        cpu.set(FIRMWARE, 1);
        cpu.set(PRIV, privilege::S);
        cpu.set(PC, entry);
        cpu.set(x(10), a0);
        cpu.set(x(11), a1);
        cpu.set(MEDELEG, exception::DELEGABLE & !(1 << exception::ECALL_FROM_S));
        cpu.set(MIDELEG, interrupt::SUPERVISOR);
        cpu.set(MCOUNTEREN, u64::from(u32::MAX));
        cpu.set(MENVCFG, envcfg::MENVCFG & !envcfg::FIOM);
        cpu.set(STIMECMP, u64::MAX);
        pmp::open(cpu);
    }

    /// Sets or clears the supervisor software interrupt, as an SBI call or an
    /// edge from another hart does.
    pub fn set_supervisor_software(&self, cpu: &mut CpuState, pending: bool) {
        let others = cpu.get(MIP_SOFT) & !SSIP;
        cpu.set(MIP_SOFT, if pending { others | SSIP } else { others });
    }

    /// Sets the supervisor's timer, as the SBI's TIME extension does; `ticks`
    /// count as `time` does, at [`timer::TIMEBASE_HZ`].
    pub fn set_supervisor_timer(&self, cpu: &mut CpuState, ticks: u64, now_ns: u64) {
        cpu.set(STIMECMP, ticks);
        timer::sample(cpu, now_ns);
    }
}

/// The regime of loads and stores (§3.1.6.3: MPRV lends them MPP's privilege).
fn data_regime(privilege: u64, status: u64) -> u8 {
    let lent = (status & mstatus::MPP) >> mstatus::MPP_SHIFT;
    let privilege = if status & mstatus::MPRV != 0 { lent } else { privilege };
    let (sum, mxr) = (status & mstatus::SUM != 0, status & mstatus::MXR != 0);
    match (privilege, sum, mxr) {
        (privilege::M, ..) => regime::MACHINE,
        (privilege::S, false, false) => regime::SUPERVISOR,
        (privilege::S, true, false) => regime::SUPERVISOR_SUM,
        (privilege::S, false, true) => regime::SUPERVISOR_MXR,
        (privilege::S, true, true) => regime::SUPERVISOR_SUM_MXR,
        (_, _, false) => regime::USER,
        (_, _, true) => regime::USER_MXR,
    }
}

impl Guest for Riscv64 {
    fn name(&self) -> &'static str {
        "riscv64"
    }

    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn helpers(&self) -> &[Helper] {
        helpers::HELPERS
    }

    fn block_key(&self, cpu: &CpuState) -> BlockKey {
        let (privilege, status) = (cpu.get(PRIV), cpu.get(MSTATUS));
        let fs = (status & mstatus::FS) >> mstatus::FS_SHIFT;
        let regime = data_regime(privilege, status);
        let mode = Mode::new(privilege as u32, fs as u32, regime, cpu.get(FIRMWARE) != 0);
        BlockKey { pc: cpu.get(PC), mode: mode.0 }
    }

    fn lift(&self, key: BlockKey, code: &mut dyn Fetch, max_insns: u32) -> Result<Block, Fault> {
        lift_block(&self.spec, key, code, max_insns)
    }

    fn fetch_regime(&self, mode: u32) -> u8 {
        match u64::from(Mode(mode).privilege()) {
            privilege::M => regime::MACHINE,
            privilege::S => regime::SUPERVISOR,
            _ => regime::USER,
        }
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
        mmu::walk(cpu, space, at, bytes, access, regime)
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
        trap::access_fault(at, access)
    }

    fn misaligned(&self, at: u64, access: Access) -> Fault {
        trap::misaligned(at, access)
    }

    fn reset(&self, cpu: &mut CpuState, index: u32, entry: u64) {
        for slot in &mut cpu.words[..self.spec.layout.slots().len()] {
            *slot = 0;
        }
        cpu.set(PC, entry);
        cpu.set(PRIV, privilege::M);
        cpu.set(MSTATUS, mstatus::XLEN_64);
        cpu.set(MISA_SLOT, MISA);
        cpu.set(MHARTID, index.into());
    }

    fn sample(&self, cpu: &mut CpuState, lines: u64, now_ns: u64) {
        let rising = lines & !cpu.get(PINS_SEEN);
        if rising & SSIP != 0 {
            self.set_supervisor_software(cpu, true);
        }
        cpu.set(PINS_SEEN, lines);
        cpu.set(MIP_PINS, cpu.get(MIP_PINS) & !LEVEL_PINS | lines & LEVEL_PINS);
        timer::sample(cpu, now_ns);
    }

    fn pending(&self, cpu: &CpuState) -> Option<Cause> {
        trap::pending(cpu).map(Cause::Interrupt)
    }

    fn wakes(&self, cpu: &CpuState) -> bool {
        trap::wakes(cpu)
    }

    fn deadline_ns(&self, cpu: &CpuState) -> Option<u64> {
        timer::deadline_ns(cpu)
    }

    fn deliver(&self, cpu: &mut CpuState, cause: Cause) {
        trap::deliver(cpu, cause);
    }

    fn disassemble(&self, key: BlockKey, code: &[u8]) -> Option<(String, usize)> {
        disasm::disassemble(key.pc, code)
    }
}
