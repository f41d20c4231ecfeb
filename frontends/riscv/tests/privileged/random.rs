//! Random registers, values and page tables: nothing panics, nothing hangs,
//! and legal values stay as they are.

use crate::hart::{Hart, M, RAM, RAM_BYTES, S, U};
use guest::{Access, Cause, Fault, Guest};
use proptest::prelude::*;
use riscv::csr::{self, Update};
use riscv::fields::mstatus;
use riscv::state::{MENVCFG, MSTATUS, MTVEC, PC, PRIV, SATP, STVEC, x};

fn number() -> impl Strategy<Value = u16> {
    let rows: Vec<u16> = csr::TABLE.iter().flat_map(|row| row.first..=row.last).collect();
    prop_oneof![9 => proptest::sample::select(rows), 1 => 0..=u16::MAX]
}

fn update() -> impl Strategy<Value = Update> {
    proptest::sample::select(vec![Update::Write, Update::Set, Update::Clear])
}

fn value() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), (0..64_u32).prop_map(|bit| 1 << bit), Just(0), Just(u64::MAX)]
}

/// A walk's addresses: anything, or near the ends of the schemes' ranges.
fn address() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), 0..1_u64 << 39, (0..1_u64 << 39).prop_map(|low| !low)]
}

/// Entries that walk on often: many point to RAM, and are valid.
fn entry() -> impl Strategy<Value = u64> {
    let ppn = (RAM >> 12)..((RAM + RAM_BYTES) >> 12);
    prop_oneof![
        4 => (ppn.clone(), 0..1_u64 << 10).prop_map(|(ppn, flags)| ppn << 10 | flags | 1),
        4 => ppn.prop_map(|ppn| ppn << 10 | 1),
        1 => any::<u64>(),
    ]
}

proptest! {
    /// §2.3: writing back what a WARL field holds changes nothing, for any
    /// register that is not driven from outside.
    #[test]
    fn what_was_read_can_be_written_back(steps in proptest::collection::vec((number(), update(), value()), 1..40)) {
        let mut hart = Hart::new();
        for (number, update, operand) in steps {
            if hart.modify(number, update, operand).is_err() {
                prop_assert!(csr::find(number).is_none() || csr::is_read_only(number) || number <= 3);
                continue;
            }
            let before = hart.read(number).expect("what can be written can be read");
            let counts = matches!(number, 0xb00 | 0xb02);
            let kept = hart.write(number, before);
            prop_assert!(counts || kept == before, "{number:#x}: {before:#x}, then {kept:#x}");
        }
        prop_assert_ne!(hart.cpu.get(MSTATUS) & mstatus::MPP, 2 << mstatus::MPP_SHIFT);
    }

    /// §2.1: below M, only registers of the mode can be reached, and a refused
    /// access changes nothing.
    #[test]
    fn a_refused_access_changes_nothing(
        mode in proptest::sample::select(vec![U, S, M]),
        number in number(),
        update in update(),
        operand in value(),
    ) {
        let mut hart = Hart::new().at(mode);
        let before = hart.cpu.clone();
        let done = hart.modify(number, update, operand);
        prop_assert!(done.is_err() || csr::privilege(number) <= mode);
        prop_assert!(done.is_ok() || hart.cpu == before);
    }

    /// Lifted code, with its fast paths, does what the registers' rows say.
    #[test]
    fn lifted_accesses_do_what_the_rows_do(
        mode in proptest::sample::select(vec![U, S, M]),
        status in any::<u64>(),
        number in number(),
        funct3 in 1..8_u32,
        rd in 0..32_u32,
        rs1 in 0..32_u32,
        operand in value(),
        seed in any::<u64>(),
    ) {
        prop_assume!(funct3 != 4 && number < 0x1000);
        let hart = || {
            let mut hart = Hart::supervisor().at(M);
            hart.cpu.set(riscv::state::FIRMWARE, 0);
            hart.write(0x300, status & !mstatus::MPRV);
            for n in 1..32 {
                hart.cpu.set(x(n), seed.rotate_left(n));
            }
            hart.cpu.set(x(rs1), if rs1 == 0 { 0 } else { operand });
            hart.at(mode).with(STVEC, RAM + 0x800).with(MTVEC, RAM + 0x800).with(PC, RAM)
        };
        let word = u32::from(number) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73;
        let mut lifted = hart();
        lifted.store(RAM, 4, word.into());
        lifted.run(1, 1);

        let mut direct = hart();
        let update = [Update::Write, Update::Set, Update::Clear][(funct3 as usize & 3) - 1];
        let operand = if funct3 > 4 { rs1.into() } else { direct.cpu.get(x(rs1)) };
        let reads = update != Update::Write && rs1 == 0;
        let old = if reads { direct.read(number) } else { direct.modify(number, update, operand) };
        match old {
            Ok(old) if rd != 0 => direct.cpu.set(x(rd), old),
            Ok(_) => (),
            Err(_) => direct.guest.deliver(&mut direct.cpu, Cause::Exception(Fault { cause: 2, value: word.into() })),
        }
        if old.is_ok() {
            direct.cpu.set(PC, RAM + 4);
        }
        let slots = direct.guest.spec().layout.slots();
        for (index, slot) in slots.iter().enumerate() {
            prop_assert_eq!(lifted.cpu.words[index], direct.cpu.words[index], "{} by {:#x}", slot.name, word);
        }
    }

    /// Whatever SYSTEM or MISC-MEM word runs in whatever state: no panic, and
    /// no helper that faults has changed a slot.
    #[test]
    fn system_words_do_no_harm(
        words in proptest::collection::vec((any::<u32>(), any::<bool>()), 1..30),
        mode in proptest::sample::select(vec![U, S, M]),
        status in any::<u64>(),
        firmware in any::<bool>(),
    ) {
        let mut hart = Hart::supervisor().at(M);
        hart.write(0x300, status);
        hart.cpu.set(riscv::state::FIRMWARE, firmware.into());
        for (i, (word, system)) in words.iter().enumerate() {
            let opcode = if *system { 0x73 } else { 0x0f };
            hart.store(RAM + 4 * i as u64, 4, u64::from(word & !0x7f | opcode));
        }
        let mut hart = hart.at(mode).with(PC, RAM);
        hart.run(60, 4);
    }

    /// Any tables: walks end, and a translation stays valid while asked again.
    #[test]
    fn walks_end_and_repeat(
        entries in proptest::collection::vec((0..RAM_BYTES / 8, entry()), 0..200),
        fill in entry(),
        mode in 0..16_u64,
        root in 0..RAM_BYTES >> 12,
        config in any::<u64>(),
        accesses in proptest::collection::vec((address(), 0..3_usize, 0..8_u8), 1..20),
    ) {
        let mut hart = Hart::supervisor();
        hart.cpu.set(SATP, mode << 60 | ((RAM >> 12) + root));
        hart.cpu.set(MENVCFG, config & riscv::fields::envcfg::MENVCFG);
        for at in (RAM..RAM + RAM_BYTES).step_by(8 * 64) {
            hart.store(at, 8, fill);
        }
        for (index, pte) in entries {
            hart.store(RAM + index * 8, 8, pte);
        }
        for (at, access, regime) in accesses {
            let access = [Access::Load, Access::Store, Access::Fetch][access];
            let first = hart.walk(at, access, regime);
            if let Ok(page) = first {
                let allowed = match access {
                    Access::Load => page.read,
                    Access::Store => page.write,
                    Access::Fetch => page.exec,
                };
                prop_assert!(allowed && page.phys >> 56 == 0 && page.phys & 0xfff == at & 0xfff);
            }
            prop_assert_eq!(first.is_ok(), hart.walk(at, access, regime).is_ok());
        }
    }

    /// §3.1.6.1: a trap and its return restore the mode, the pc and the enable.
    #[test]
    fn a_trap_and_its_return_are_inverse(
        mode in proptest::sample::select(vec![U, S, M]),
        status in any::<u64>(),
        medeleg in any::<u64>(),
        cause in any::<u64>(),
        pc in any::<u64>(),
    ) {
        let mut hart = Hart::new();
        hart.write(0x300, status & !mstatus::MPRV);
        hart.write(0x302, medeleg);
        hart.cpu.set(PRIV, mode);
        hart.cpu.set(PC, pc);
        let enables = |hart: &Hart| hart.cpu.get(MSTATUS) & (mstatus::SIE | mstatus::MIE);
        let before = enables(&hart);
        hart.guest.deliver(&mut hart.cpu, Cause::Exception(Fault { cause, value: 0 }));
        let handler = hart.cpu.get(PRIV);
        prop_assert!(handler >= mode && handler >= S);
        let target = if handler == S {
            riscv::trap::return_s(&mut hart.cpu)
        } else {
            riscv::trap::return_m(&mut hart.cpu)
        };
        prop_assert_eq!((target, hart.cpu.get(PRIV), enables(&hart)), (pc, mode, before));
    }
}
