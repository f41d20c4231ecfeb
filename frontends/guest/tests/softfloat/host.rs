//! The host's own arithmetic as the oracle. It rounds to nearest even and
//! tells no exceptions; which NaN it returns is not compared.

use guest::softfloat::{self as soft, BF16, Env, F32, F64, Format, Rounding};

use crate::operands::{Random, corners, operand, operand_near};

/// Random samples per format.
const SAMPLES: u64 = 200_000;

fn env() -> Env {
    Env::riscv(Rounding::NearestEven)
}

/// Fails unless the results are the same bits, or both NaNs.
fn same<F: Format<Word = u64>>(name: &str, operands: &[u64], ours: u64, theirs: u64) {
    let nan = |bits| bits & !F::sign(true) > F::infinity(false);
    let agree = ours == theirs || nan(ours) && nan(theirs);
    assert!(agree, "{name} of {operands:#x?}: ours {ours:#x}, the host's {theirs:#x}");
}

/// Operand triples: the corners crossed, then random ones.
fn triples<F: Format<Word = u64>>() -> impl Iterator<Item = [u64; 3]> {
    let corners = corners::<F>();
    let all = corners.clone();
    let crossed: Vec<_> = corners
        .iter()
        .flat_map(|&a| corners.iter().map(move |&b| (a, b)))
        .flat_map(|(a, b)| all.iter().map(move |&c| [a, b, c]))
        .collect();
    let mut random = Random::new(20);
    crossed.into_iter().chain((0..SAMPLES).map(move |_| {
        let a = operand::<F>(&mut random);
        let b = operand_near::<F>(a, &mut random);
        let product = soft::mul::<F>(a, b, &mut env());
        [a, b, operand_near::<F>(product, &mut random)]
    }))
}

#[test]
fn single_precision() {
    let number = |bits: u64| f32::from_bits(bits as u32);
    let bits = |number: f32| u64::from(number.to_bits());
    let mut compared = 0;
    for [a, b, c] in triples::<F32>() {
        let (x, y, z) = (number(a), number(b), number(c));
        let env = &mut env();
        same::<F32>("add", &[a, b], soft::add::<F32>(a, b, env), bits(x + y));
        same::<F32>("sub", &[a, b], soft::sub::<F32>(a, b, env), bits(x - y));
        same::<F32>("mul", &[a, b], soft::mul::<F32>(a, b, env), bits(x * y));
        same::<F32>("div", &[a, b], soft::div::<F32>(a, b, env), bits(x / y));
        same::<F32>("sqrt", &[a], soft::sqrt::<F32>(a, env), bits(x.sqrt()));
        let fused = soft::mul_add::<F32>(a, b, c, env);
        same::<F32>("mul_add", &[a, b, c], fused, bits(x.mul_add(y, z)));
        let double = soft::convert::<F32, F64>(a, env);
        same::<F64>("to f64", &[a], double, f64::from(x).to_bits());
        compared += 7;
    }
    println!("f32: {compared} results agree with the host's");
}

#[test]
fn double_precision() {
    let (number, bits) = (f64::from_bits, f64::to_bits);
    let mut compared = 0;
    for [a, b, c] in triples::<F64>() {
        let (x, y, z) = (number(a), number(b), number(c));
        let env = &mut env();
        same::<F64>("add", &[a, b], soft::add::<F64>(a, b, env), bits(x + y));
        same::<F64>("sub", &[a, b], soft::sub::<F64>(a, b, env), bits(x - y));
        same::<F64>("mul", &[a, b], soft::mul::<F64>(a, b, env), bits(x * y));
        same::<F64>("div", &[a, b], soft::div::<F64>(a, b, env), bits(x / y));
        same::<F64>("sqrt", &[a], soft::sqrt::<F64>(a, env), bits(x.sqrt()));
        let fused = soft::mul_add::<F64>(a, b, c, env);
        same::<F64>("mul_add", &[a, b, c], fused, bits(x.mul_add(y, z)));
        let single = soft::convert::<F64, F32>(a, env);
        same::<F32>("to f32", &[a], single, u64::from((x as f32).to_bits()));
        compared += 7;
    }
    println!("f64: {compared} results agree with the host's");
}

/// A bfloat16 operation is the same operation in single precision, rounded
/// once more: with 24 ≥ 2 × 8 + 2 bits the second rounding does no harm
/// (Figueroa, "When is double rounding innocuous?", 1995), unless the first
/// one was at a subnormal's shorter precision.
#[test]
fn bfloat16() {
    let number = |bits: u64| f32::from_bits((bits as u32) << 16);
    let shortened = |number: f32| {
        let bits = number.to_bits();
        u64::from((bits + 0x7fff + (bits >> 16 & 1)) >> 16)
    };
    let mut compared = 0;
    let mut check = |name: &str, operands: &[u64], ours: u64, theirs: f32| {
        if theirs.is_nan() {
            assert_eq!(ours, 0x7fc0, "{name} of {operands:#x?}");
        } else if !theirs.is_subnormal() && theirs.abs() != f32::MIN_POSITIVE {
            same::<BF16>(name, operands, ours, shortened(theirs));
        }
        compared += 1;
    };
    for [a, b, _] in triples::<BF16>() {
        let (x, y) = (number(a), number(b));
        let env = &mut env();
        check("add", &[a, b], soft::add::<BF16>(a, b, env), x + y);
        check("sub", &[a, b], soft::sub::<BF16>(a, b, env), x - y);
        check("mul", &[a, b], soft::mul::<BF16>(a, b, env), x * y);
        check("div", &[a, b], soft::div::<BF16>(a, b, env), x / y);
        check("sqrt", &[a], soft::sqrt::<BF16>(a, env), x.sqrt());
    }
    let mut random = Random::new(21);
    for _ in 0..SAMPLES {
        let a = operand::<F32>(&mut random);
        check("of f32", &[a], soft::convert::<F32, BF16>(a, &mut env()), f32::from_bits(a as u32));
    }
    println!("bf16: {compared} results agree with the host's");
}
