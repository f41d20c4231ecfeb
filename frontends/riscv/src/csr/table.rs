//! All registers, in the order of their numbers.
//!
//! Source: RISC-V Privileged ISA (20240411), §2.2, tables 4 to 8. Numbers that
//! have no row do not exist on this hart: there is no hypervisor and no
//! state-enable extension.

use super::counters::{
    counter_enabled, inhibited, read_cycle, read_instret, read_time, timer_enabled, write_cycle,
    write_inhibited, write_instret, write_stimecmp,
};
use super::float::{enabled, read_fcsr, read_fflags, read_frm, write_fcsr, write_fflags, write_frm};
use super::machine::{
    read_menvcfg, read_mideleg, read_mie, read_mip, read_mstatus, read_pmpaddr, read_pmpcfg, write_menvcfg,
    write_mideleg, write_mie, write_mip, write_mstatus, write_pmpaddr, write_pmpcfg,
};
use super::supervisor::{
    read_satp, read_senvcfg, read_sie, read_sip, read_sstatus, read_stimecmp, translation_allowed,
    write_satp, write_senvcfg, write_sie, write_sip, write_sstatus,
};
use super::{Csr, GateFn, Kind, ReadFn, WriteFn};
use crate::fields::{MISA, exception};
use crate::state::{
    MCAUSE, MCOUNTEREN, MEDELEG, MEPC, MHARTID, MSCRATCH, MTVAL, MTVEC, SCAUSE, SCOUNTEREN, SEPC, SSCRATCH,
    STVAL, STVEC,
};
use guest::{CpuState, Env};
use ir::Slot;

/// All bits of a register.
const ALL: u64 = u64::MAX;
/// The 32 counters of a counter-enable register.
const COUNTERS: u64 = 0xffff_ffff;
/// Trap vectors: modes 0 (direct) and 1 (vectored) are legal (§3.1.7).
const TVEC: u64 = !2;
/// Exception addresses: instructions are aligned to 16 bits (§3.1.14).
const EPC: u64 = !1;

/// The registers.
#[rustfmt::skip]
pub const TABLE: &[Csr] = &[
    // Floating point (Unprivileged ISA, §20.2).
    csr(0x001, "fflags",   read_fflags,  write_fflags).only_if(enabled),
    csr(0x002, "frm",      read_frm,     write_frm).only_if(enabled),
    csr(0x003, "fcsr",     read_fcsr,    write_fcsr).only_if(enabled),

    // Supervisor (§10.1).
    csr(0x100, "sstatus",  read_sstatus, write_sstatus),
    csr(0x104, "sie",      read_sie,     write_sie),
    plain(0x105, "stvec",      STVEC,      TVEC),
    plain(0x106, "scounteren", SCOUNTEREN, COUNTERS),
    csr(0x10a, "senvcfg",  read_senvcfg, write_senvcfg),
    plain(0x140, "sscratch",   SSCRATCH,   ALL),
    plain(0x141, "sepc",       SEPC,       EPC),
    plain(0x142, "scause",     SCAUSE,     ALL),
    plain(0x143, "stval",      STVAL,      ALL),
    csr(0x144, "sip",      read_sip,     write_sip),
    csr(0x14d, "stimecmp", read_stimecmp, write_stimecmp).only_if(timer_enabled),
    csr(0x180, "satp",     read_satp,    write_satp).only_if(translation_allowed),

    // Machine (§3.1).
    csr(0x300, "mstatus",  read_mstatus, write_mstatus),
    constant(0x301, "misa", MISA),
    plain(0x302, "medeleg",    MEDELEG,    exception::DELEGABLE),
    csr(0x303, "mideleg",  read_mideleg, write_mideleg),
    csr(0x304, "mie",      read_mie,     write_mie),
    plain(0x305, "mtvec",      MTVEC,      TVEC),
    plain(0x306, "mcounteren", MCOUNTEREN, COUNTERS),
    csr(0x30a, "menvcfg",  read_menvcfg, write_menvcfg),
    csr(0x320, "mcountinhibit", inhibited, write_inhibited),
    constant(0x323, "mhpmevent", 0).family(0x33f, 3),
    plain(0x340, "mscratch",   MSCRATCH,   ALL),
    plain(0x341, "mepc",       MEPC,       EPC),
    plain(0x342, "mcause",     MCAUSE,     ALL),
    plain(0x343, "mtval",      MTVAL,      ALL),
    csr(0x344, "mip",      read_mip,     write_mip),

    // Physical memory protection (§3.7): the odd pmpcfg are RV32's.
    csr(0x3a0, "pmpcfg0",  read_pmpcfg,  write_pmpcfg),
    csr(0x3a2, "pmpcfg2",  read_pmpcfg,  write_pmpcfg),
    csr(0x3b0, "pmpaddr",  read_pmpaddr, write_pmpaddr).family(0x3bf, 0),

    // Debug triggers (Debug Specification 1.0, chapter "Sdtrig"): tdata1 says
    // that there is none, and tinfo that there is nothing else to select.
    constant(0x7a0, "tselect", 0),
    constant(0x7a1, "tdata", 0).family(0x7a3, 1),
    constant(0x7a4, "tinfo", 1),

    // Counters (§3.1.10). No event can be counted.
    csr(0xb00, "mcycle",   read_cycle,   write_cycle),
    csr(0xb02, "minstret", read_instret, write_instret),
    constant(0xb03, "mhpmcounter", 0).family(0xb1f, 3),
    csr(0xc00, "cycle",    read_cycle,   ignore).only_if(counter_enabled),
    csr(0xc01, "time",     read_time,    ignore).only_if(counter_enabled),
    csr(0xc02, "instret",  read_instret, ignore).only_if(counter_enabled),
    constant(0xc03, "hpmcounter", 0).family(0xc1f, 3).only_if(counter_enabled),

    // Identity (§3.1.2 to §3.1.5, §3.1.17): zero says "not given".
    constant(0xf11, "mvendorid", 0),
    constant(0xf12, "marchid", 0),
    constant(0xf13, "mimpid", 0),
    plain(0xf14, "mhartid",    MHARTID,    ALL),
    constant(0xf15, "mconfigptr", 0),
];

const fn csr(number: u16, name: &'static str, read: ReadFn, write: WriteFn) -> Csr {
    row(number, name, Kind::Computed(read, write))
}

const fn plain(number: u16, name: &'static str, slot: Slot, mask: u64) -> Csr {
    row(number, name, Kind::Plain(slot, mask))
}

const fn constant(number: u16, name: &'static str, value: u64) -> Csr {
    row(number, name, Kind::Constant(value))
}

const fn row(number: u16, name: &'static str, kind: Kind) -> Csr {
    Csr { first: number, last: number, name, index: None, gate: always, kind }
}

impl Csr {
    /// The same for all numbers up to `last`; the first has index `index`.
    const fn family(self, last: u16, index: u16) -> Csr {
        Csr { last, index: Some(index), ..self }
    }

    const fn only_if(self, gate: GateFn) -> Csr {
        Csr { gate, ..self }
    }
}

fn always(_: &CpuState, _: u16) -> bool {
    true
}

/// The write of a register whose number forbids it.
fn ignore(_: &mut Env<'_>, _: u16, _: u64) {}
