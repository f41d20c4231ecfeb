//! What an x86-64 processor computed, in `x86.txt`: one row per instruction,
//! the MXCSR before it with no exception raised, up to three operands, the
//! result, and the exceptions raised, all in hexadecimal. `x86.c` writes such
//! rows on a processor with FMA: `x86 COUNT SEED`.

use guest::softfloat::{self as soft, Env, F32, F64, Flags, MinMax, Negate, OutOfRange, Relation};
use guest::softfloat::{Rounding, SubnormalInput, SubnormalOutput};

/// MXCSR's exceptions and control bits (SDM volume 1, figure 10-3).
const EXCEPTIONS: [Flags; 6] =
    [Flags::INVALID, Flags::DENORMAL, Flags::DIVZERO, Flags::OVERFLOW, Flags::UNDERFLOW, Flags::INEXACT];
const DAZ: u64 = 1 << 6;
const FTZ: u64 = 1 << 15;

fn environment(mxcsr: u64) -> Env {
    let directions = [Rounding::NearestEven, Rounding::Down, Rounding::Up, Rounding::TowardZero];
    let mut env = Env::x86(directions[(mxcsr >> 13 & 3) as usize]);
    if mxcsr & DAZ != 0 {
        env.flush.input = SubnormalInput::Flush;
    }
    if mxcsr & FTZ != 0 {
        env.flush.output = SubnormalOutput::FlushInexact;
    }
    env
}

fn exceptions(flags: Flags) -> u64 {
    EXCEPTIONS.iter().enumerate().map(|(bit, &flag)| u64::from(flags.contains(flag)) << bit).sum()
}

/// ZF, PF and CF after UCOMISS and COMISS.
fn eflags(relation: Relation) -> u64 {
    match relation {
        Relation::Unordered => 0x45,
        Relation::Greater => 0,
        Relation::Less => 0x01,
        Relation::Equal => 0x40,
    }
}

/// The result of an instruction named as in the rows.
fn execute(name: &str, a: u64, b: u64, c: u64, env: &mut Env) -> u64 {
    let fused = |negate, env: &mut Env| soft::mul_add_signed::<F32>(a, b, c, negate, env);
    match name {
        "addss" => soft::add::<F32>(a, b, env),
        "subss" => soft::sub::<F32>(a, b, env),
        "mulss" => soft::mul::<F32>(a, b, env),
        "divss" => soft::div::<F32>(a, b, env),
        "minss" => soft::min::<F32>(a, b, MinMax::X86, env),
        "maxss" => soft::max::<F32>(a, b, MinMax::X86, env),
        "sqrtss" => soft::sqrt::<F32>(a, env),
        "vfmadd231ss" => fused(Negate::empty(), env),
        "vfmsub231ss" => fused(Negate::ADDEND, env),
        "vfnmadd231ss" => fused(Negate::PRODUCT, env),
        "vfnmsub231ss" => fused(Negate::all(), env),
        "ucomiss" => eflags(soft::compare::<F32>(a, b, env)),
        "comiss" => eflags(soft::compare_signaling::<F32>(a, b, env)),
        "cvtss2sd" => soft::convert::<F32, F64>(a, env),
        "cvtsd2ss" => soft::convert::<F64, F32>(a, env),
        "cvtss2si32" => {
            let integer: i32 = soft::to_integer::<F32, _>(a, OutOfRange::X86, env);
            u64::from(integer as u32)
        }
        "cvtss2si64" => {
            let integer: i64 = soft::to_integer::<F32, _>(a, OutOfRange::X86, env);
            integer as u64
        }
        "roundss" => soft::round_to_integral::<F32>(a, true, env),
        "cvtsi2ss64" => soft::from_integer::<F32, i64>(a as i64, env),
        _ => panic!("x86.txt names an instruction that this test does not know: {name}"),
    }
}

#[test]
fn results_and_exceptions_of_a_processor() {
    let mut compared = 0;
    for row in include_str!("x86.txt").lines() {
        let mut fields = row.split([' ', '=']).filter(|field| !field.is_empty());
        let name = fields.next().expect("a row starts with a name");
        let numbers: Vec<u64> =
            fields.map(|field| u64::from_str_radix(field, 16).expect("hexadecimal")).collect();
        let [mxcsr, a, b, c, result, raised] = numbers[..] else {
            panic!("x86.txt has a row of {} numbers: {row}", numbers.len());
        };
        let mut env = environment(mxcsr);
        let ours = execute(name, a, b, c, &mut env);
        let flags = exceptions(env.flags);
        assert!((ours, flags) == (result, raised), "{row}: ours {ours:x} {flags:02x}");
        compared += 1;
    }
    println!("x86: {compared} results and exceptions agree with the processor's");
    assert!(compared > 0);
}
