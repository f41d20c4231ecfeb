//! What lifting costs, in nanoseconds of processor time per guest instruction:
//! the front end alone, with the passes, and with the verifier too.

mod cpu_time;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use guest::{Access, Fault, Fetch, Guest};
use ir::{Block, BlockKey, Passes};
use riscv::Riscv64;
use riscv::state::Mode;

/// Compiled code: `WORD TEXT` lines.
const CODE: &str = include_str!("guest/code.txt");
const BASE: u64 = 0x1_0000;
/// As many as the engine asks for.
const BLOCK_INSNS_MAX: u32 = 64;

/// Code in memory.
struct Code {
    bytes: Vec<u8>,
}

impl Code {
    fn parse(text: &str) -> Code {
        let mut bytes = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with(';')) {
            let word = line.split(' ').next().unwrap_or_default();
            let value = u32::from_str_radix(word, 16).expect("a word in hexadecimal");
            bytes.extend(&value.to_le_bytes()[..word.len() / 2]);
        }
        Code { bytes }
    }

    fn end(&self) -> u64 {
        BASE + self.bytes.len() as u64
    }
}

impl Fetch for Code {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let offset = at.wrapping_sub(BASE) as usize;
        match self.bytes.get(offset..).and_then(|rest| rest.first_chunk()) {
            Some(unit) => Ok(u16::from_le_bytes(*unit)),
            None => Err(Riscv64::default().bus_error(at, Access::Fetch)),
        }
    }
}

/// Lifts all of `code`, block after block, and gives each to `then`; tells how
/// many guest instructions there were.
fn lift(guest: &Riscv64, code: &mut Code, mut then: impl FnMut(Block)) -> u64 {
    let (mut pc, mut insns) = (BASE, 0);
    while pc < code.end() {
        let key = BlockKey { pc, mode: Mode::USER.0 };
        let block = guest.lift(key, code, BLOCK_INSNS_MAX).expect("there is code");
        pc += u64::from(block.bytes);
        insns += u64::from(block.insns);
        then(block);
    }
    insns
}

/// The time one guest instruction takes, times `rounds`, if `lift_all` lifts
/// them and tells how many they were.
fn per_instruction(rounds: u64, mut lift_all: impl FnMut() -> u64) -> Duration {
    let start = cpu_time::now();
    let insns: u64 = (0..rounds).map(|_| lift_all()).sum();
    (cpu_time::now() - start).div_f64(insns as f64 / rounds as f64)
}

fn bench(criterion: &mut Criterion) {
    let (guest, mut code) = (Riscv64::default(), Code::parse(CODE));
    let mut passes = Passes::default();
    let mut group = criterion.benchmark_group("a guest instruction");
    group.bench_function("lift", |b| {
        b.iter_custom(|rounds| {
            per_instruction(rounds, || lift(&guest, &mut code, |block| drop(black_box(block))))
        });
    });
    group.bench_function("lift and passes", |b| {
        b.iter_custom(|rounds| {
            per_instruction(rounds, || {
                lift(&guest, &mut code, |mut block| {
                    passes.run(&mut block, guest.spec());
                    black_box(block);
                })
            })
        });
    });
    group.bench_function("lift, passes and verifier", |b| {
        b.iter_custom(|rounds| {
            per_instruction(rounds, || {
                lift(&guest, &mut code, |mut block| {
                    passes.run(&mut block, guest.spec());
                    ir::verify(black_box(&block), guest.spec()).expect("what is lifted verifies");
                })
            })
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
