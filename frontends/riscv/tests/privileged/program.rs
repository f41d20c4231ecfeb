//! Whole instructions: what lifting, helpers and traps make of them together.

use crate::hart::{Hart, M, RAM, S, U};
use crate::run::Stop;
use guest::{Flush, Guest};
use riscv::fields::envcfg::{ADUE, STCE};
use riscv::fields::mstatus::{FS, MIE, MPIE, MXR, SIE, SPIE, SPP, SUM, TSR, TVM, TW};
use riscv::state::{
    FFLAGS, FRM, MCAUSE, MCOUNTEREN, MENVCFG, MEPC, MIDELEG, MIE as MIE_SLOT, MIP_SOFT, MSCRATCH, MSTATUS,
    MTVAL, MTVEC, PC, PMPADDR0, PMPCFG0, PRIV, SATP, SCAUSE, SEPC, SSCRATCH, STVAL, STVEC, x,
};

/// Where traps go, to wait there.
const HANDLER: u64 = RAM + 0x800;

// Encodings as in the Unprivileged ISA, chapter "RV32/64G Instruction Set
// Listings", and the Privileged ISA, chapter "Instruction Set Listings".
const ECALL: u32 = 0x0000_0073;
const EBREAK: u32 = 0x0010_0073;
const C_EBREAK: u32 = 0x9002;
const SRET: u32 = 0x1020_0073;
const MRET: u32 = 0x3020_0073;
const WFI: u32 = 0x1050_0073;
const SFENCE_W_INVAL: u32 = 0x1800_0073;
const SFENCE_INVAL_IR: u32 = 0x1810_0073;
const FENCE_I: u32 = 0x0000_100f;

const fn sfence_vma(rs1: u32, rs2: u32) -> u32 {
    0x1200_0073 | rs2 << 20 | rs1 << 15
}

const fn sinval_vma(rs1: u32, rs2: u32) -> u32 {
    0x1600_0073 | rs2 << 20 | rs1 << 15
}

const fn csr(funct3: u32, rd: u32, number: u32, rs1: u32) -> u32 {
    number << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73
}
const RW: u32 = 1;
const RS: u32 = 2;
const RC: u32 = 3;
const RWI: u32 = 5;
const RSI: u32 = 6;
const RCI: u32 = 7;

const fn addi(rd: u32, rs1: u32, imm: u32) -> u32 {
    imm << 20 | rs1 << 15 | rd << 7 | 0x13
}

const fn ld(rd: u32, rs1: u32) -> u32 {
    rs1 << 15 | 3 << 12 | rd << 7 | 0x03
}

const fn sd(rs2: u32, rs1: u32) -> u32 {
    rs2 << 20 | rs1 << 15 | 3 << 12 | 0x23
}

const SSTATUS: u32 = 0x100;
const STVEC_CSR: u32 = 0x105;
const SSCRATCH_CSR: u32 = 0x140;
const SEPC_CSR: u32 = 0x141;
const STIMECMP: u32 = 0x14d;
const SATP_CSR: u32 = 0x180;
const MSTATUS_CSR: u32 = 0x300;
const MSCRATCH_CSR: u32 = 0x340;
const MINSTRET: u32 = 0xb02;
const TIME: u32 = 0xc01;
const INSTRET: u32 = 0xc02;

/// A hart with `words` at its pc, and traps that end in wfi.
fn program(hart: Hart, words: &[u32]) -> Hart {
    let hart = hart.with(PC, RAM).with(STVEC, HANDLER).with(MTVEC, HANDLER);
    for (i, word) in words.iter().enumerate() {
        hart.store(RAM + 4 * i as u64, 4, u64::from(*word));
    }
    hart.store(HANDLER, 4, u64::from(WFI));
    hart
}

fn run(hart: Hart, words: &[u32]) -> Hart {
    let mut hart = program(hart, words);
    assert_eq!(hart.run(50, 16), Stop::Idle);
    hart
}

/// What the trap told: cause, value, address, in the mode it was taken to.
fn trapped(hart: &Hart) -> (u64, u64, u64) {
    assert_eq!(hart.cpu.get(PC), HANDLER + 4, "a trap was taken");
    let slots = if hart.cpu.get(PRIV) == S { [SCAUSE, STVAL, SEPC] } else { [MCAUSE, MTVAL, MEPC] };
    let [cause, value, pc] = slots.map(|slot| hart.cpu.get(slot));
    (cause, value, pc)
}

/// A hart in `privilege` without firmware; all of memory is open.
fn bare(privilege: u64) -> Hart {
    let open = Hart::new().with(PMPADDR0, u64::MAX >> 10).with(PMPCFG0, 0x1f);
    open.at(privilege)
}

/// §3.3.1: ecall's cause tells the mode; epc is its own address.
#[test]
fn ecall_traps_with_the_mode() {
    for (mode, cause) in [(U, 8), (S, 9), (M, 11)] {
        let hart = run(bare(mode), &[addi(5, 0, 1), ECALL]);
        assert_eq!(trapped(&hart), (cause, 0, RAM + 4));
        assert_eq!((hart.cpu.get(PRIV), hart.cpu.get(x(5))), (M, 1));
    }
}

/// With the machine as firmware, a call from S leaves with the next pc; one
/// from U is S's to handle.
#[test]
fn ecall_from_s_reaches_the_firmware() {
    let mut hart = program(Hart::supervisor(), &[ECALL]);
    assert_eq!((hart.run(5, 16), hart.cpu.get(PC), hart.cpu.get(PRIV)), (Stop::Firmware, RAM + 4, S));
    let hart = run(Hart::supervisor().at(U), &[ECALL]);
    assert_eq!((trapped(&hart), hart.cpu.get(PRIV)), ((8, 0, RAM), S));
}

/// §3.3.1, §3.1.16: ebreak's value is its address, in both lengths.
#[test]
fn ebreak_traps_with_its_address() {
    for word in [EBREAK, C_EBREAK] {
        assert_eq!(trapped(&run(bare(M), &[addi(0, 0, 0), word])), (3, RAM + 4, RAM + 4));
    }
}

/// §3.1.16: an illegal instruction's value is its bits.
#[test]
fn illegal_accesses_tell_the_instruction() {
    let cases = [
        (M, csr(RW, 1, 0x7c0, 2)),        // No such register.
        (M, csr(RW, 0, TIME, 2)),         // Read-only.
        (M, csr(RSI, 1, 0xf14, 1)),       // Read-only.
        (S, csr(RS, 1, MSTATUS_CSR, 0)),  // Of a higher mode.
        (U, csr(RS, 1, SSCRATCH_CSR, 0)), // Of a higher mode.
        (U, csr(RS, 1, SSTATUS, 0)),      // Of a higher mode.
        (S, csr(RS, 1, TIME, 0)),         // Not enabled.
        (S, csr(RS, 1, STIMECMP, 0)),     // Not enabled.
        (M, csr(RS, 1, 0x001, 0)),        // The unit is off.
        (M, csr(RWI, 0, 0x002, 1)),       // The unit is off.
        (S, MRET),
        (U, MRET),
        (U, SRET),
        (U, WFI),
        (U, sfence_vma(0, 0)),
        (U, sinval_vma(0, 0)),
        (U, SFENCE_W_INVAL),
        (U, SFENCE_INVAL_IR),
    ];
    for (mode, word) in cases {
        let hart = run(bare(mode).with(x(1), 77).with(x(2), 5), &[word]);
        assert_eq!(trapped(&hart), (2, word.into(), RAM), "{word:#x} in {mode}");
        assert_eq!(hart.cpu.get(x(1)), 77);
    }
}

/// §3.1.6.5: TSR, TW and TVM bind S, not M. Svinval's own fences are free.
#[test]
fn traps_of_virtual_machines_bind_s_only() {
    let cases = [
        (TSR, SRET),
        (TW, WFI),
        (TVM, sfence_vma(0, 0)),
        (TVM, sinval_vma(5, 0)),
        (TVM, csr(RS, 1, SATP_CSR, 0)),
        (TVM, csr(RW, 0, SATP_CSR, 0)),
    ];
    for (bit, word) in cases {
        let hart = run(bare(S).status(bit), &[word]);
        assert_eq!(trapped(&hart), (2, word.into(), RAM), "{word:#x}");
        for hart in [bare(M).status(bit), bare(S)] {
            let mut hart = program(hart.with(SEPC, HANDLER).status(SPP), &[word, WFI]);
            assert_eq!(hart.run(9, 16), Stop::Idle, "{word:#x}");
            assert_eq!(hart.cpu.get(MCAUSE), 0, "{word:#x} is legal without {bit:#x}, or in M");
        }
    }
    let mut hart = program(bare(S).status(TVM), &[SFENCE_W_INVAL, SFENCE_INVAL_IR, WFI]);
    assert_eq!((hart.run(9, 16), hart.cpu.get(PC)), (Stop::Idle, RAM + 12));
}

/// Zicsr: rd gets the old value, also where it is rs1; csrrs and csrrc with x0
/// do not write, with another register they do, even if it holds zero.
#[test]
fn csr_instructions_read_before_they_write() {
    let hart = bare(S).with(SSCRATCH, 0xf0).with(x(5), 0xcc).with(x(6), 0x3c).with(x(7), 0x0f);
    let hart = run(
        hart,
        &[
            csr(RW, 5, SSCRATCH_CSR, 5),
            csr(RS, 8, SSCRATCH_CSR, 6),
            csr(RC, 9, SSCRATCH_CSR, 7),
            csr(RSI, 10, SSCRATCH_CSR, 31),
            csr(RCI, 11, SSCRATCH_CSR, 1),
            csr(RS, 12, SSCRATCH_CSR, 0),
            csr(RWI, 13, SSCRATCH_CSR, 9),
            WFI,
        ],
    );
    let values = [5, 8, 9, 10, 11, 12, 13].map(|n| hart.cpu.get(x(n)));
    assert_eq!(values, [0xf0, 0xcc, 0xfc, 0xf0, 0xff, 0xfe, 0xfe]);
    assert_eq!(hart.cpu.get(SSCRATCH), 9);
    let read_only = run(bare(M).with(x(5), 0), &[csr(RS, 1, TIME, 5)]);
    assert_eq!(trapped(&read_only).0, 2);
}

/// The fast paths keep to the fields as the registers' rows do (§10.1.2,
/// §10.1.7), and the plain and the helper's way agree.
#[test]
fn lifted_writes_keep_to_legal_values() {
    let ones = u64::MAX;
    let words = [
        csr(RW, 0, SEPC_CSR, 5),
        csr(RS, 6, SEPC_CSR, 0),
        csr(RW, 0, STVEC_CSR, 5),
        csr(RS, 7, STVEC_CSR, 0),
    ];
    let hart = run(bare(S).with(x(5), ones), &[words[0], words[1], words[2], words[3], WFI]);
    assert_eq!((hart.cpu.get(x(6)), hart.cpu.get(x(7))), (ones - 1, ones - 2));
}

/// §10.1.1: sstatus shows and changes its part of mstatus; SD follows FS.
#[test]
fn sstatus_is_a_window_on_mstatus() {
    let before = SPIE | SUM | MIE | MPIE | TSR;
    let words = [csr(RW, 6, SSTATUS, 5), csr(RS, 7, SSTATUS, 0), csr(RCI, 8, SSTATUS, 2), WFI];
    let hart = run(bare(M).status(before).with(x(5), u64::MAX), &words);
    assert_eq!(hart.cpu.get(x(6)), 2 << 32 | SPIE | SUM);
    let all = 1 << 63 | 2 << 32 | SIE | SPIE | SPP | FS | SUM | MXR;
    assert_eq!((hart.cpu.get(x(7)), hart.cpu.get(x(8))), (all, all));
    let kept = hart.cpu.get(MSTATUS) & (MIE | MPIE | TSR | SIE);
    assert_eq!(kept, MIE | MPIE | TSR);
}

/// Unprivileged ISA §20.2: fcsr is frm and fflags; a write in any state but
/// dirty makes it dirty.
#[test]
fn float_registers_work_in_all_states() {
    for fs in 1..=3 {
        let words = [
            csr(RWI, 0, 0x002, 3),
            csr(RSI, 6, 0x001, 0x11),
            csr(RCI, 7, 0x003, 1),
            csr(RS, 8, 0x003, 0),
            csr(RW, 9, 0x003, 5),
            WFI,
        ];
        let hart = run(bare(M).status(fs << 13).with(x(5), 0xfff), &words);
        assert_eq!([6, 7, 8, 9].map(|n| hart.cpu.get(x(n))), [0, 0x71, 0x70, 0x70], "FS {fs}");
        assert_eq!((hart.cpu.get(FRM), hart.cpu.get(FFLAGS)), (7, 0x1f));
        assert_eq!(hart.cpu.get(MSTATUS) & FS, FS);
    }
    let hart = run(bare(M).status(1 << 13), &[csr(RS, 6, 0x003, 0), WFI]);
    assert_eq!(hart.cpu.get(MSTATUS) & FS, 1 << 13, "a read leaves FS");
}

/// §3.3.2: from M to U by mret, from S to U by sret, and back by a trap.
#[test]
fn returns_go_where_the_stack_says() {
    let target = RAM + 0x400;
    for (mode, word, pc) in [(M, MRET, MEPC), (S, SRET, SEPC)] {
        let hart = program(bare(mode).with(pc, target), &[word]);
        hart.store(target, 4, ECALL.into());
        let mut hart = hart;
        assert_eq!(hart.run(9, 16), Stop::Idle);
        assert_eq!(trapped(&hart), (8, 0, target));
    }
}

/// §3.1.6.1: an interrupt that pends is taken right after the instruction that
/// enables it, and its epc is the next one's address.
#[test]
fn enabling_takes_what_pends_at_once() {
    for word in
        [csr(RSI, 0, SSTATUS, 2), csr(RS, 0, SSTATUS, 5), csr(RW, 0, 0x104, 6), csr(RSI, 0, SSTATUS, 2)]
    {
        let enabled = if word == csr(RW, 0, 0x104, 6) { SIE } else { 0 };
        let hart = Hart::supervisor().with(MIDELEG, 2).with(MIP_SOFT, 2).status(enabled);
        let hart = hart.with(MIE_SLOT, if enabled == 0 { 2 } else { 0 }).with(x(5), SIE).with(x(6), 2);
        let hart = run(hart, &[word, addi(7, 0, 1), WFI]);
        assert_eq!(trapped(&hart), (1 << 63 | 1, 0, RAM + 4), "{word:#x}");
        assert_eq!(hart.cpu.get(x(7)), 0);
    }
}

/// §3.3.3: wfi's epc, were an interrupt taken, is that of the next instruction.
#[test]
fn wfi_is_over_when_the_hart_idles() {
    let mut hart = program(Hart::supervisor().with(MIE_SLOT, 2), &[WFI, ECALL]);
    assert_eq!((hart.run(5, 16), hart.cpu.get(PC)), (Stop::Idle, RAM + 4));
    hart.guest.set_supervisor_software(&mut hart.cpu, true);
    assert!(hart.guest.wakes(&hart.cpu));
    assert_eq!(hart.run(5, 16), Stop::Firmware);
}

/// §10.2.1: rs1 names a page; without it, all translations go. rs2 names an
/// address space, by the low 16 bits; whether there is one is told by the field.
#[test]
fn fences_ask_for_what_they_name() {
    for fence in [sfence_vma, sinval_vma] {
        let (page, space) = (Some(0x5000), Some(3));
        let cases = [
            (fence(0, 0), Flush::ALL),
            (fence(0, 6), Flush { page: None, space }),
            (fence(5, 0), Flush { page, space: None }),
            (fence(5, 6), Flush { page, space }),
            (fence(7, 7), Flush { page: Some(0), space: Some(0) }),
        ];
        for (word, flush) in cases {
            let hart = Hart::supervisor().with(x(5), 0x5000).with(x(6), 0xdead_0000_0003);
            let mut hart = program(hart, &[word]);
            hart.run(1, 16);
            assert_eq!((hart.requests.flush, hart.cpu.get(PC)), (Some(flush), RAM + 4), "{word:#x}");
        }
    }
}

/// Zifencei: the block ends, so that what was stored is fetched.
#[test]
fn stored_code_is_fetched_after_fence_i() {
    let words = [0x0053_2023, FENCE_I, ECALL, WFI]; // sw x5, 0(x6)
    let hart = Hart::supervisor().with(x(5), addi(7, 0, 9).into()).with(x(6), RAM + 8);
    let hart = run(hart, &words);
    assert_eq!(hart.cpu.get(x(7)), 9);
}

/// §3.1.10: instret counts the instructions before the one that reads it, in
/// whatever blocks they are.
#[test]
fn instret_counts_every_instruction() {
    let words = [
        csr(RWI, 0, MINSTRET, 0),
        csr(RS, 5, INSTRET, 0),
        addi(0, 0, 0),
        csr(RS, 6, INSTRET, 0),
        csr(RSI, 0, MSCRATCH_CSR, 1),
        csr(RS, 7, MINSTRET, 0),
        WFI,
    ];
    for max_insns in [1, 2, 16] {
        let mut hart = program(bare(M), &words);
        assert_eq!(hart.run(50, max_insns), Stop::Idle);
        assert_eq!([5, 6, 7].map(|n| hart.cpu.get(x(n))), [0, 2, 4]);
        assert_eq!(hart.cpu.get(MSCRATCH), 1);
    }
}

/// Sstc: a compare value in the past interrupts after the write.
#[test]
fn the_timer_interrupts_once_armed() {
    let hart = Hart::supervisor().status(SIE).with(MIE_SLOT, 1 << 5).with(x(5), 3);
    hart.clock.advance_to(300);
    assert_eq!((hart.cpu.get(MENVCFG) & STCE, hart.cpu.get(MCOUNTEREN) & 2), (STCE, 2));
    let hart = run(hart, &[csr(RS, 6, TIME, 0), csr(RW, 0, STIMECMP, 5), ECALL]);
    assert_eq!((trapped(&hart), hart.cpu.get(x(6))), ((1 << 63 | 5, 0, RAM + 8), 3));
}

/// §10.3.2 and §3.1.16: page faults of code and data give the address, with
/// all before done; the walk sets A and D.
#[test]
fn translated_code_faults_precisely() {
    let root = RAM + 0x1_0000;
    let text = 0x4000_0000;
    let flags = 0xf; // V, R, W, X
    let hart = Hart::supervisor().with(SATP, 8 << 60 | root >> 12).with(MENVCFG, ADUE);
    let mut hart = program(hart, &[addi(5, 0, 7), sd(5, 6), ld(7, 6), ld(8, 9), WFI]);
    hart.store(root + 8, 8, (root + 0x1000) >> 12 << 10 | 1);
    hart.store(root + 0x1000, 8, (root + 0x2000) >> 12 << 10 | 1);
    let entry = |n: u64| root + 0x2000 + 8 * n;
    hart.store(entry(0), 8, RAM >> 12 << 10 | flags);
    hart.store(entry(2), 8, (RAM + 0x3000) >> 12 << 10 | flags);
    hart.store(entry(3), 8, (RAM + 0x3000) >> 12 << 10 | 1 | 2);
    for (slot, value) in
        [(PC, text), (STVEC, text + 0x800), (x(6), text + 0x2010), (x(9), text + 0x1ff8), (x(8), 1)]
    {
        hart.cpu.set(slot, value);
    }
    assert_eq!(hart.run(9, 16), Stop::Idle);
    let told = [SCAUSE, STVAL, SEPC].map(|slot| hart.cpu.get(slot));
    assert_eq!(told, [13, text + 0x1ff8, text + 12]);
    assert_eq!((hart.cpu.get(x(7)), hart.cpu.get(x(8)), hart.load(RAM + 0x3010, 8)), (7, 1, 7));
    assert_eq!((hart.load(entry(0), 8) >> 6 & 3, hart.load(entry(2), 8) >> 6 & 3), (1, 3));

    hart.cpu.set(PC, text + 0x3004);
    assert_eq!(hart.run(9, 16), Stop::Idle);
    let told = [SCAUSE, STVAL, SEPC].map(|slot| hart.cpu.get(slot));
    assert_eq!(told, [12, text + 0x3004, text + 0x3004], "no fetch without X");
}

/// §3.1.6.3: M with MPRV loads with the rules of MPP.
#[test]
fn mprv_lends_the_translation_of_mpp() {
    let root = RAM + 0x1_0000;
    let hart = Hart::supervisor().with(SATP, 8 << 60 | root >> 12).at(M).with(x(6), 0x123_4000);
    let mut hart = program(hart, &[csr(RW, 0, MSTATUS_CSR, 5), ld(7, 6), WFI]);
    hart.cpu.set(x(5), 1 << 17 | S << 11);
    hart.store(root, 8, 0xcf); // A gigapage at physical address 0.
    assert_eq!(hart.run(9, 16), Stop::Idle);
    // Nothing is at that physical address, so the translated load fails there.
    assert_eq!(trapped(&hart), (5, 0x123_4000, RAM + 4));
    hart.store(root, 8, 2 << 28 | 0xcf); // At 2 GiB, where RAM is.
    hart.cpu.set(PC, RAM);
    hart.cpu.set(x(6), 0x2_0000);
    hart.store(RAM + 0x2_0000, 8, 42);
    assert_eq!((hart.run(9, 16), hart.cpu.get(x(7))), (Stop::Idle, 42));
}
