//! All registers, in the order of their encodings' groups.
//!
//! Source: Arm ARM, D24.1 (index by encoding).

use super::control::{
    current_level, ignore, pending, read_flags, read_part, read_stack_choice, write_flags, write_fpcr,
    write_fpsr, write_hypervisor, write_par, write_part, write_stack_choice, write_translation, zero,
};
use super::debug::{
    os_lock_status, read_claim_clear, read_claim_set, write_claim_clear, write_claim_set,
    write_debug_control, write_os_lock, write_watchpoint,
};
use super::identity::{
    CLIDR, aa64dfr0, aa64isar0, aa64isar1, aa64mmfr0, aa64mmfr1, aa64mmfr2, aa64pfr0, aa64pfr1, ccsidr, ctr,
    dczid, midr, mpidr,
};
use super::pmu::{
    EVENTS, clear_bits, read_bits, read_control, read_cycles, set_bits, write_control, write_cycles,
};
use super::timer::{COUNTER_HZ, physical_count, virtual_count, write_offset};
use super::{Encoding, Gate, Kind, ReadFn, Register, Rights, WriteFn, gic, random, timer};
use crate::Features;
use crate::state::*;
use crate::system::slots::*;
use guest::CpuState;
use ir::Slot;

/// All bits of a register.
const ALL: u64 = u64::MAX;
/// The low 32 bits.
const LOW: u64 = 0xffff_ffff;
/// Vectors are multiples of 2048.
const VECTORS: u64 = !0x7ff;

const fn e(op0: u16, op1: u16, crn: u16, crm: u16, op2: u16) -> Encoding {
    Encoding::new(op0, op1, crn, crm, op2)
}

/// The registers. Columns: name, encoding, what stands behind it.
#[rustfmt::skip]
pub const TABLE: &[Register] = &[
    // Debug (D24.3).
    plain("osdtrrx_el1",   e(2,0,0,0,2), DBGDTR, LOW).gate(Gate::Debug),
    plain("dbgbvrn_el1",   e(2,0,0,0,4), DBGBVR0_EL1, !3).family(6).gate(Gate::Debug),
    mode("dbgbcrn_el1",    e(2,0,0,0,5), DBGBCR0_EL1, 0x00ff_f1fe | 1).family(6).gate(Gate::Debug),
    watched("dbgwvrn_el1", e(2,0,0,0,6), DBGWVR0_EL1, write_watchpoint).family(4).gate(Gate::Debug),
    watched("dbgwcrn_el1", e(2,0,0,0,7), DBGWCR0_EL1, write_watchpoint).family(4).gate(Gate::Debug),
    plain("mdccint_el1",   e(2,0,0,2,0), MDCCINT_EL1, 3 << 29).gate(Gate::Debug),
    watched("mdscr_el1",   e(2,0,0,2,2), MDSCR_EL1, write_debug_control).gate(Gate::Debug),
    plain("osdtrtx_el1",   e(2,0,0,3,2), DBGDTR, LOW).gate(Gate::Debug),
    plain("oseccr_el1",    e(2,0,0,6,2), OSECCR_EL1, LOW).gate(Gate::Debug),
    constant("mdccsr_el0", e(2,3,0,1,0), 0).gate(Gate::Debug),
    plain("dbgdtr_el0",    e(2,3,0,4,0), DBGDTR, ALL).gate(Gate::Debug),
    plain("dbgdtrrx_el0",  e(2,3,0,5,0), DBGDTR, LOW).gate(Gate::Debug),
    constant("mdrar_el1",  e(2,0,1,0,0), 0).gate(Gate::DebugRom),
    computed("oslar_el1",  e(2,0,1,0,4), zero, write_os_lock).write_only().gate(Gate::OsLock),
    identity("oslsr_el1",  e(2,0,1,1,4), os_lock_status).gate(Gate::OsLock),
    plain("osdlr_el1",     e(2,0,1,3,4), OSDLR_EL1, 1).gate(Gate::OsLock),
    constant("dbgprcr_el1", e(2,0,1,4,4), 0).writable().gate(Gate::OsLock),
    computed("dbgclaimset_el1", e(2,0,7,8,6), read_claim_set, write_claim_set).gate(Gate::Debug),
    computed("dbgclaimclr_el1", e(2,0,7,9,6), read_claim_clear, write_claim_clear).gate(Gate::Debug),
    constant("dbgauthstatus_el1", e(2,0,7,14,6), 0).gate(Gate::Debug),

    // Identification (D24.1.1). What has no row in this space reads as zero.
    identity("midr_el1",   e(3,0,0,0,0), midr),
    identity("mpidr_el1",  e(3,0,0,0,5), mpidr),
    constant("revidr_el1", e(3,0,0,0,6), 0).gate(Gate::Tid1),
    // What describes AArch32, which there is none of, and reserved encodings.
    constant("id_cn_0_el1", e(3,0,0,1,0), 0).family(3).gate(Gate::Tid3),
    constant("id_cn_1_el1", e(3,0,0,1,1), 0).family(3).gate(Gate::Tid3),
    constant("id_cn_2_el1", e(3,0,0,1,2), 0).family(3).gate(Gate::Tid3),
    constant("id_cn_3_el1", e(3,0,0,1,3), 0).family(3).gate(Gate::Tid3),
    constant("id_cn_4_el1", e(3,0,0,1,4), 0).family(3).gate(Gate::Tid3),
    constant("id_cn_5_el1", e(3,0,0,1,5), 0).family(3).gate(Gate::Tid3),
    constant("id_cn_6_el1", e(3,0,0,1,6), 0).family(3).gate(Gate::Tid3),
    constant("id_cn_7_el1", e(3,0,0,1,7), 0).family(3).gate(Gate::Tid3),
    identity("id_aa64pfr0_el1", e(3,0,0,4,0), aa64pfr0).gate(Gate::Tid3),
    identity("id_aa64pfr1_el1", e(3,0,0,4,1), aa64pfr1).gate(Gate::Tid3),
    constant("id_aa64pfr2_el1", e(3,0,0,4,2), 0).gate(Gate::Tid3),
    constant("id_c4_3_el1",      e(3,0,0,4,3), 0).gate(Gate::Tid3),
    constant("id_aa64zfr0_el1",  e(3,0,0,4,4), 0).gate(Gate::Tid3),
    constant("id_aa64smfr0_el1", e(3,0,0,4,5), 0).gate(Gate::Tid3),
    constant("id_c4_6_el1",      e(3,0,0,4,6), 0).gate(Gate::Tid3),
    constant("id_aa64fpfr0_el1", e(3,0,0,4,7), 0).gate(Gate::Tid3),
    identity("id_aa64dfr0_el1",  e(3,0,0,5,0), aa64dfr0).gate(Gate::Tid3),
    constant("id_aa64dfr1_el1",  e(3,0,0,5,1), 0).gate(Gate::Tid3),
    constant("id_c5_2_el1",      e(3,0,0,5,2), 0).gate(Gate::Tid3),
    constant("id_c5_3_el1",      e(3,0,0,5,3), 0).gate(Gate::Tid3),
    constant("id_aa64afr0_el1",  e(3,0,0,5,4), 0).gate(Gate::Tid3),
    constant("id_aa64afr1_el1",  e(3,0,0,5,5), 0).gate(Gate::Tid3),
    constant("id_c5_6_el1",      e(3,0,0,5,6), 0).gate(Gate::Tid3),
    constant("id_c5_7_el1",      e(3,0,0,5,7), 0).gate(Gate::Tid3),
    identity("id_aa64isar0_el1", e(3,0,0,6,0), aa64isar0).gate(Gate::Tid3),
    identity("id_aa64isar1_el1", e(3,0,0,6,1), aa64isar1).gate(Gate::Tid3),
    constant("id_aa64isar2_el1", e(3,0,0,6,2), 0).gate(Gate::Tid3),
    constant("id_aa64isar3_el1", e(3,0,0,6,3), 0).gate(Gate::Tid3),
    constant("id_c6_4_el1",      e(3,0,0,6,4), 0).gate(Gate::Tid3),
    constant("id_c6_5_el1",      e(3,0,0,6,5), 0).gate(Gate::Tid3),
    constant("id_c6_6_el1",      e(3,0,0,6,6), 0).gate(Gate::Tid3),
    constant("id_c6_7_el1",      e(3,0,0,6,7), 0).gate(Gate::Tid3),
    identity("id_aa64mmfr0_el1", e(3,0,0,7,0), aa64mmfr0).gate(Gate::Tid3),
    identity("id_aa64mmfr1_el1", e(3,0,0,7,1), aa64mmfr1).gate(Gate::Tid3),
    identity("id_aa64mmfr2_el1", e(3,0,0,7,2), aa64mmfr2).gate(Gate::Tid3),
    constant("id_aa64mmfr3_el1", e(3,0,0,7,3), 0).gate(Gate::Tid3),
    constant("id_aa64mmfr4_el1", e(3,0,0,7,4), 0).gate(Gate::Tid3),
    constant("id_c7_5_el1",      e(3,0,0,7,5), 0).gate(Gate::Tid3),
    constant("id_c7_6_el1",      e(3,0,0,7,6), 0).gate(Gate::Tid3),
    constant("id_c7_7_el1",      e(3,0,0,7,7), 0).gate(Gate::Tid3),
    identity("ccsidr_el1", e(3,1,0,0,0), ccsidr).gate(Gate::Tid2),
    constant("clidr_el1",  e(3,1,0,0,1), CLIDR).gate(Gate::Tid2),
    constant("aidr_el1",   e(3,1,0,0,7), 0).gate(Gate::Tid1),
    plain("csselr_el1",    e(3,2,0,0,0), CSSELR_EL1, 0xf).gate(Gate::Tid2),
    identity("ctr_el0",    e(3,3,0,0,1), ctr).gate(Gate::CacheType),
    identity("dczid_el0",  e(3,3,0,0,7), dczid),

    // Control (D24.2).
    watched("sctlr_el1",   e(3,0,1,0,0), SCTLR_EL1, write_translation).gate(Gate::Memory).host(e(3,4,1,0,0)),
    constant("actlr_el1",  e(3,0,1,0,1), 0).writable().gate(Gate::Auxiliary),
    mode("cpacr_el1",      e(3,0,1,0,2), CPACR_EL1, 3 << 20).gate(Gate::Coprocessors).host(e(3,4,1,1,2)),
    mode("ttbr0_el1",      e(3,0,2,0,0), TTBR0_EL1, ALL).gate(Gate::Memory).host(e(3,4,2,0,0)),
    mode("ttbr1_el1",      e(3,0,2,0,1), TTBR1_EL1, ALL).gate(Gate::Memory).host(e(3,4,2,0,1)),
    watched("tcr_el1",     e(3,0,2,0,2), TCR_EL1, write_translation).gate(Gate::Memory).host(e(3,4,2,0,2)),
    plain("apiakeylo_el1", e(3,0,2,1,0), APIAKEYLO_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apiakeyhi_el1", e(3,0,2,1,1), APIAKEYHI_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apibkeylo_el1", e(3,0,2,1,2), APIBKEYLO_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apibkeyhi_el1", e(3,0,2,1,3), APIBKEYHI_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apdakeylo_el1", e(3,0,2,2,0), APDAKEYLO_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apdakeyhi_el1", e(3,0,2,2,1), APDAKEYHI_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apdbkeylo_el1", e(3,0,2,2,2), APDBKEYLO_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apdbkeyhi_el1", e(3,0,2,2,3), APDBKEYHI_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apgakeylo_el1", e(3,0,2,3,0), APGAKEYLO_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("apgakeyhi_el1", e(3,0,2,3,1), APGAKEYHI_EL1, ALL).gate(Gate::Keys).needs(Features::PAUTH),
    plain("spsr_el1",      e(3,0,4,0,0), SPSR_EL1, LOW).host(e(3,4,4,0,0)),
    plain("elr_el1",       e(3,0,4,0,1), ELR_EL1, ALL).host(e(3,4,4,0,1)),
    plain("sp_el0",        e(3,0,4,1,0), SP_EL0, ALL),
    computed("spsel",      e(3,0,4,2,0), read_stack_choice, write_stack_choice),
    identity("currentel",  e(3,0,4,2,2), current_level),
    computed("pan",        e(3,0,4,2,3), read_part, write_part).needs(Features::PAN),
    computed("uao",        e(3,0,4,2,4), read_part, write_part).needs(Features::UAO),
    constant("afsr0_el1",  e(3,0,5,1,0), 0).writable().gate(Gate::Memory).host(e(3,4,5,1,0)),
    constant("afsr1_el1",  e(3,0,5,1,1), 0).writable().gate(Gate::Memory).host(e(3,4,5,1,1)),
    plain("esr_el1",       e(3,0,5,2,0), ESR_EL1, (1 << 37) - 1).gate(Gate::Memory).host(e(3,4,5,2,0)),
    plain("far_el1",       e(3,0,6,0,0), FAR_EL1, ALL).gate(Gate::Memory).host(e(3,4,6,0,0)),
    watched("par_el1",     e(3,0,7,4,0), PAR_EL1, write_par),
    plain("mair_el1",      e(3,0,10,2,0), MAIR_EL1, ALL).gate(Gate::Memory).host(e(3,4,10,2,0)),
    constant("amair_el1",  e(3,0,10,3,0), 0).writable().gate(Gate::Memory).host(e(3,4,10,3,0)),
    plain("vbar_el1",      e(3,0,12,0,0), VBAR_EL1, VECTORS).host(e(3,4,12,0,0)),
    constant("rvbar_el1",  e(3,0,12,0,1), 0),
    identity("isr_el1",    e(3,0,12,1,0), pending),
    plain("contextidr_el1", e(3,0,13,0,1), CONTEXTIDR_EL1, LOW).gate(Gate::Memory).host(e(3,4,13,0,1)),
    plain("tpidr_el1",     e(3,0,13,0,4), TPIDR_EL1, ALL),
    plain("cntkctl_el1",   e(3,0,14,1,0), CNTKCTL_EL1, 0x3ff).host(e(3,4,14,1,0)),
    // Of the Cortex-A57: two cores' cache control, without effect.
    constant("l2ctlr_el1", e(3,1,11,0,2), 0).writable(),
    constant("l2ectlr_el1", e(3,1,11,0,3), 0).writable(),
    constant("cpuactlr_el1", e(3,1,15,2,0), 0).writable(),
    constant("cpuectlr_el1", e(3,1,15,2,1), 0).writable(),
    constant("cpumerrsr_el1", e(3,1,15,2,2), 0).writable(),
    constant("l2merrsr_el1", e(3,1,15,2,3), 0).writable(),
    constant("cbar_el1",   e(3,1,15,3,0), 0),

    // Of EL0.
    computed("rndr",       e(3,3,2,4,0), random::peek, ignore).read_only().needs(Features::RNG),
    computed("rndrrs",     e(3,3,2,4,1), random::peek, ignore).read_only().needs(Features::RNG),
    computed("nzcv",       e(3,3,4,2,0), read_flags, write_flags),
    computed("daif",       e(3,3,4,2,1), read_part, write_part).gate(Gate::Masks),
    computed("dit",        e(3,3,4,2,5), read_part, write_part).needs(Features::DIT),
    computed("ssbs",       e(3,3,4,2,6), read_part, write_part).needs(Features::SSBS),
    watched("fpcr",        e(3,3,4,4,0), FPCR, write_fpcr),
    watched("fpsr",        e(3,3,4,4,1), FPSR, write_fpsr),
    plain("tpidr_el0",     e(3,3,13,0,2), TPIDR_EL0, ALL),
    plain("tpidrro_el0",   e(3,3,13,0,3), TPIDRRO_EL0, ALL).writer(1),

    // Performance monitors (D24.5).
    computed("pmintenset_el1", e(3,0,9,14,1), read_bits, set_bits).gate(Gate::Monitors),
    computed("pmintenclr_el1", e(3,0,9,14,2), read_bits, clear_bits).gate(Gate::Monitors),
    constant("pmmir_el1",      e(3,0,9,14,6), 0).gate(Gate::Monitors),
    computed("pmcr_el0",       e(3,3,9,12,0), read_control, write_control).gate(Gate::Monitors),
    computed("pmcntenset_el0", e(3,3,9,12,1), read_bits, set_bits).gate(Gate::Monitors),
    computed("pmcntenclr_el0", e(3,3,9,12,2), read_bits, clear_bits).gate(Gate::Monitors),
    computed("pmovsclr_el0",   e(3,3,9,12,3), read_bits, clear_bits).gate(Gate::Monitors),
    constant("pmswinc_el0",    e(3,3,9,12,4), 0).writable().write_only().gate(Gate::Monitors),
    plain("pmselr_el0",        e(3,3,9,12,5), PMSELR_EL0, 0x1f).gate(Gate::Monitors),
    constant("pmceid0_el0",    e(3,3,9,12,6), EVENTS).gate(Gate::Monitors),
    constant("pmceid1_el0",    e(3,3,9,12,7), 0).gate(Gate::Monitors),
    computed("pmccntr_el0",    e(3,3,9,13,0), read_cycles, write_cycles).gate(Gate::Monitors),
    plain("pmxevtyper_el0",    e(3,3,9,13,1), PMCCFILTR_EL0, 0xfc00_0000).gate(Gate::Monitors),
    constant("pmxevcntr_el0",  e(3,3,9,13,2), 0).writable().gate(Gate::Monitors),
    plain("pmuserenr_el0",     e(3,3,9,14,0), PMUSERENR_EL0, 0xf).writer(1).gate(Gate::Monitors),
    computed("pmovsset_el0",   e(3,3,9,14,3), read_bits, set_bits).gate(Gate::Monitors),
    plain("pmccfiltr_el0",     e(3,3,14,15,7), PMCCFILTR_EL0, 0xfc00_0000).gate(Gate::Monitors),

    // Timers (D24.10).
    constant("cntfrq_el0",   e(3,3,14,0,0), COUNTER_HZ).gate(Gate::Timers),
    computed("cntpct_el0",   e(3,3,14,0,1), physical_count, ignore).read_only().gate(Gate::Timers),
    computed("cntvct_el0",   e(3,3,14,0,2), virtual_count, ignore).read_only().gate(Gate::Timers),
    ahead("cntp_tval_el0",   e(3,3,14,2,0)).host(e(3,4,14,2,0)),
    control("cntp_ctl_el0",  e(3,3,14,2,1)).host(e(3,4,14,2,1)),
    compare("cntp_cval_el0", e(3,3,14,2,2)).host(e(3,4,14,2,2)),
    ahead("cntv_tval_el0",   e(3,3,14,3,0)).host(e(3,4,14,3,0)),
    control("cntv_ctl_el0",  e(3,3,14,3,1)).host(e(3,4,14,3,1)),
    compare("cntv_cval_el0", e(3,3,14,3,2)).host(e(3,4,14,3,2)),
    plain("cnthctl_el2",     e(3,4,14,1,0), CNTHCTL_EL2, 0xf_ffff),
    watched("cntvoff_el2",   e(3,4,14,0,3), CNTVOFF_EL2, write_offset),
    ahead("cnthp_tval_el2",  e(3,4,14,2,0)),
    control("cnthp_ctl_el2", e(3,4,14,2,1)),
    compare("cnthp_cval_el2", e(3,4,14,2,2)),
    ahead("cnthv_tval_el2",  e(3,4,14,3,0)).needs(Features::VHE),
    control("cnthv_ctl_el2", e(3,4,14,3,1)).needs(Features::VHE),
    compare("cnthv_cval_el2", e(3,4,14,3,2)).needs(Features::VHE),

    // Of EL2 (D24.2).
    plain("vpidr_el2",     e(3,4,0,0,0), VPIDR_EL2, LOW),
    plain("vmpidr_el2",    e(3,4,0,0,5), VMPIDR_EL2, ALL),
    watched("sctlr_el2",   e(3,4,1,0,0), SCTLR_EL2, write_translation),
    constant("actlr_el2",  e(3,4,1,0,1), 0).writable(),
    watched("hcr_el2",     e(3,4,1,1,0), HCR_EL2, write_hypervisor),
    mode("mdcr_el2",       e(3,4,1,1,1), MDCR_EL2, LOW),
    mode("cptr_el2",       e(3,4,1,1,2), CPTR_EL2, LOW),
    plain("hstr_el2",      e(3,4,1,1,3), HSTR_EL2, LOW),
    constant("hacr_el2",   e(3,4,1,1,7), 0).writable(),
    mode("ttbr0_el2",      e(3,4,2,0,0), TTBR0_EL2, ALL),
    mode("ttbr1_el2",      e(3,4,2,0,1), TTBR1_EL2, ALL).needs(Features::VHE),
    watched("tcr_el2",     e(3,4,2,0,2), TCR_EL2, write_translation),
    mode("vttbr_el2",      e(3,4,2,1,0), VTTBR_EL2, ALL),
    watched("vtcr_el2",    e(3,4,2,1,2), VTCR_EL2, write_translation),
    plain("spsr_el2",      e(3,4,4,0,0), SPSR_EL2, LOW),
    plain("elr_el2",       e(3,4,4,0,1), ELR_EL2, ALL),
    plain("sp_el1",        e(3,4,4,1,0), SP_EL1, ALL),
    constant("spsr_irq",   e(3,4,4,3,0), 0).writable(),
    constant("spsr_abt",   e(3,4,4,3,1), 0).writable(),
    constant("spsr_und",   e(3,4,4,3,2), 0).writable(),
    constant("spsr_fiq",   e(3,4,4,3,3), 0).writable(),
    constant("dacr32_el2", e(3,4,3,0,0), 0).writable(),
    constant("ifsr32_el2", e(3,4,5,0,1), 0).writable(),
    constant("fpexc32_el2", e(3,4,5,3,0), 0x700).writable(),
    constant("afsr0_el2",  e(3,4,5,1,0), 0).writable(),
    constant("afsr1_el2",  e(3,4,5,1,1), 0).writable(),
    plain("esr_el2",       e(3,4,5,2,0), ESR_EL2, (1 << 37) - 1),
    plain("far_el2",       e(3,4,6,0,0), FAR_EL2, ALL),
    plain("hpfar_el2",     e(3,4,6,0,4), HPFAR_EL2, ALL),
    plain("mair_el2",      e(3,4,10,2,0), MAIR_EL2, ALL),
    constant("amair_el2",  e(3,4,10,3,0), 0).writable(),
    plain("vbar_el2",      e(3,4,12,0,0), VBAR_EL2, VECTORS),
    plain("contextidr_el2", e(3,4,13,0,1), CONTEXTIDR_EL2, LOW).needs(Features::VHE),
    plain("tpidr_el2",     e(3,4,13,0,2), TPIDR_EL2, ALL),

    // The interrupt controller's (GIC specification, 12.2).
    chip("icc_pmr_el1",     e(3,0,4,6,0)),
    chip("icc_iar0_el1",    e(3,0,12,8,0)).read_only(),
    chip("icc_eoir0_el1",   e(3,0,12,8,1)).write_only(),
    chip("icc_hppir0_el1",  e(3,0,12,8,2)).read_only(),
    chip("icc_bpr0_el1",    e(3,0,12,8,3)),
    chip("icc_ap0r0_el1",   e(3,0,12,8,4)),
    chip("icc_ap0r1_el1",   e(3,0,12,8,5)),
    chip("icc_ap0r2_el1",   e(3,0,12,8,6)),
    chip("icc_ap0r3_el1",   e(3,0,12,8,7)),
    chip("icc_ap1r0_el1",   e(3,0,12,9,0)),
    chip("icc_ap1r1_el1",   e(3,0,12,9,1)),
    chip("icc_ap1r2_el1",   e(3,0,12,9,2)),
    chip("icc_ap1r3_el1",   e(3,0,12,9,3)),
    chip("icc_dir_el1",     e(3,0,12,11,1)).write_only(),
    chip("icc_rpr_el1",     e(3,0,12,11,3)).read_only(),
    chip("icc_sgi1r_el1",   e(3,0,12,11,5)).write_only(),
    chip("icc_asgi1r_el1",  e(3,0,12,11,6)).write_only(),
    chip("icc_sgi0r_el1",   e(3,0,12,11,7)).write_only(),
    chip("icc_iar1_el1",    e(3,0,12,12,0)).read_only(),
    chip("icc_eoir1_el1",   e(3,0,12,12,1)).write_only(),
    chip("icc_hppir1_el1",  e(3,0,12,12,2)).read_only(),
    chip("icc_bpr1_el1",    e(3,0,12,12,3)),
    chip("icc_ctlr_el1",    e(3,0,12,12,4)),
    chip("icc_sre_el1",     e(3,0,12,12,5)),
    chip("icc_igrpen0_el1", e(3,0,12,12,6)),
    chip("icc_igrpen1_el1", e(3,0,12,12,7)),
    chip("ich_ap0r0_el2",   e(3,4,12,8,0)),
    chip("ich_ap0r1_el2",   e(3,4,12,8,1)),
    chip("ich_ap0r2_el2",   e(3,4,12,8,2)),
    chip("ich_ap0r3_el2",   e(3,4,12,8,3)),
    chip("ich_ap1r0_el2",   e(3,4,12,9,0)),
    chip("ich_ap1r1_el2",   e(3,4,12,9,1)),
    chip("ich_ap1r2_el2",   e(3,4,12,9,2)),
    chip("ich_ap1r3_el2",   e(3,4,12,9,3)),
    chip("icc_sre_el2",     e(3,4,12,9,5)),
    chip("ich_hcr_el2",     e(3,4,12,11,0)),
    chip("ich_vtr_el2",     e(3,4,12,11,1)).read_only(),
    chip("ich_misr_el2",    e(3,4,12,11,2)).read_only(),
    chip("ich_eisr_el2",    e(3,4,12,11,3)).read_only(),
    chip("ich_elrsr_el2",   e(3,4,12,11,5)).read_only(),
    chip("ich_vmcr_el2",    e(3,4,12,11,7)),
    chip("ich_lrn_0_el2",   e(3,4,12,12,0)).family(2),
    chip("ich_lrn_1_el2",   e(3,4,12,12,1)).family(2),
    chip("ich_lrn_2_el2",   e(3,4,12,12,2)).family(2),
    chip("ich_lrn_3_el2",   e(3,4,12,12,3)).family(2),
    chip("ich_lrn_4_el2",   e(3,4,12,12,4)).family(2),
    chip("ich_lrn_5_el2",   e(3,4,12,12,5)).family(2),
    chip("ich_lrn_6_el2",   e(3,4,12,12,6)).family(2),
    chip("ich_lrn_7_el2",   e(3,4,12,12,7)).family(2),
];

const fn plain(name: &'static str, at: Encoding, slot: Slot, mask: u64) -> Register {
    row(name, at, Kind::Plain(slot, mask))
}

const fn mode(name: &'static str, at: Encoding, slot: Slot, mask: u64) -> Register {
    row(name, at, Kind::Mode(slot, mask))
}

const fn watched(name: &'static str, at: Encoding, slot: Slot, write: WriteFn) -> Register {
    row(name, at, Kind::Watched(slot, write))
}

const fn computed(name: &'static str, at: Encoding, read: ReadFn, write: WriteFn) -> Register {
    row(name, at, Kind::Computed(read, write))
}

const fn constant(name: &'static str, at: Encoding, value: u64) -> Register {
    row(name, at, Kind::Constant(value)).read_only()
}

const fn identity(name: &'static str, at: Encoding, value: fn(&CpuState) -> u64) -> Register {
    row(name, at, Kind::Identity(value)).read_only()
}

const fn chip(name: &'static str, at: Encoding) -> Register {
    row(name, at, Kind::Chip(gic::read, gic::write)).gate(Gate::InterruptController)
}

const fn control(name: &'static str, at: Encoding) -> Register {
    row(name, at, Kind::Chip(timer::read_control, timer::write_control)).gate(Gate::Timers)
}

const fn compare(name: &'static str, at: Encoding) -> Register {
    row(name, at, Kind::Chip(timer::read_compare, timer::write_compare)).gate(Gate::Timers)
}

const fn ahead(name: &'static str, at: Encoding) -> Register {
    row(name, at, Kind::Chip(timer::read_ahead, timer::write_ahead)).gate(Gate::Timers)
}

const fn row(name: &'static str, at: Encoding, kind: Kind) -> Register {
    Register {
        name,
        at,
        count: 1,
        kind,
        rights: Rights::ReadWrite,
        writer: at.lowest_level(),
        gate: Gate::Open,
        features: Features::empty(),
        host: at,
    }
}

impl Register {
    const fn family(self, count: u16) -> Register {
        Register { count, ..self }
    }

    const fn gate(self, gate: Gate) -> Register {
        Register { gate, ..self }
    }

    const fn needs(self, features: Features) -> Register {
        Register { features, ..self }
    }

    const fn host(self, host: Encoding) -> Register {
        Register { host, ..self }
    }

    const fn writer(self, writer: u64) -> Register {
        Register { writer, ..self }
    }

    const fn read_only(self) -> Register {
        Register { rights: Rights::ReadOnly, ..self }
    }

    const fn write_only(self) -> Register {
        Register { rights: Rights::WriteOnly, ..self }
    }

    /// Writes are allowed, and change nothing.
    const fn writable(self) -> Register {
        Register { rights: Rights::ReadWrite, ..self }
    }
}
