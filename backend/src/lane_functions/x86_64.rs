//! x86-64 hosts: AES-NI, PCLMULQDQ, and AVX2 for shifts by lanes.

use super::{LaneFunction, Vector};
use std::arch::x86_64::*;

type Unary = unsafe extern "C" fn(Vector) -> Vector;
type Binary = unsafe extern "C" fn(Vector, Vector) -> Vector;

/// The address of the function that has the host's instruction; `None` if the host
/// lacks that.
pub(super) fn instruction(function: LaneFunction) -> Option<u64> {
    use LaneFunction as F;
    let (aes, clmul) = (is_x86_feature_detected!("aes"), is_x86_feature_detected!("pclmulqdq"));
    let shifts = is_x86_feature_detected!("avx2");
    let unary = |has: bool, f: Unary| has.then_some(f as usize as u64);
    let binary = |has: bool, f: Binary| has.then_some(f as usize as u64);
    match function {
        F::AesSub => unary(aes, aes_sub),
        F::AesUnsub => unary(aes, aes_unsub),
        F::AesMix => unary(aes, aes_mix),
        F::AesUnmix => unary(aes, aes_unmix),
        F::AesRound => unary(aes, aes_round),
        F::AesUnround => unary(aes, aes_unround),
        F::ClmulLow => binary(clmul, clmul_low),
        F::ClmulHigh => binary(clmul, clmul_high),
        F::Ishl16 => binary(shifts, ishl16),
        F::Ushr16 => binary(shifts, ushr16),
        F::Sshr16 => binary(shifts, sshr16),
        F::Ishl32 => binary(shifts, ishl32),
        F::Ushr32 => binary(shifts, ushr32),
        F::Sshr32 => binary(shifts, sshr32),
        F::Ishl64 => binary(shifts, ishl64),
        F::Ushr64 => binary(shifts, ushr64),
    }
}

#[target_feature(enable = "aes")]
extern "C" fn aes_sub(a: Vector) -> Vector {
    _mm_aesenclast_si128(a, _mm_setzero_si128())
}

#[target_feature(enable = "aes")]
extern "C" fn aes_unsub(a: Vector) -> Vector {
    _mm_aesdeclast_si128(a, _mm_setzero_si128())
}

/// What the first half of a round undoes, the second does again.
#[target_feature(enable = "aes")]
extern "C" fn aes_mix(a: Vector) -> Vector {
    aes_round(aes_unsub(a))
}

#[target_feature(enable = "aes")]
extern "C" fn aes_unmix(a: Vector) -> Vector {
    _mm_aesimc_si128(a)
}

#[target_feature(enable = "aes")]
extern "C" fn aes_round(a: Vector) -> Vector {
    _mm_aesenc_si128(a, _mm_setzero_si128())
}

#[target_feature(enable = "aes")]
extern "C" fn aes_unround(a: Vector) -> Vector {
    _mm_aesdec_si128(a, _mm_setzero_si128())
}

#[target_feature(enable = "pclmulqdq")]
extern "C" fn clmul_low(a: Vector, b: Vector) -> Vector {
    _mm_clmulepi64_si128::<0x00>(a, b)
}

#[target_feature(enable = "pclmulqdq")]
extern "C" fn clmul_high(a: Vector, b: Vector) -> Vector {
    _mm_clmulepi64_si128::<0x11>(a, b)
}

/// The low halves of lanes of 32 bits.
#[target_feature(enable = "avx2")]
fn low_halves(wide: __m256i) -> Vector {
    let low = _mm256_and_si256(wide, _mm256_set1_epi32(0xffff));
    _mm_packus_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256::<1>(low))
}

#[target_feature(enable = "avx2")]
extern "C" fn ishl16(a: Vector, amounts: Vector) -> Vector {
    low_halves(_mm256_sllv_epi32(_mm256_cvtepu16_epi32(a), _mm256_cvtepu16_epi32(amounts)))
}

#[target_feature(enable = "avx2")]
extern "C" fn ushr16(a: Vector, amounts: Vector) -> Vector {
    low_halves(_mm256_srlv_epi32(_mm256_cvtepu16_epi32(a), _mm256_cvtepu16_epi32(amounts)))
}

#[target_feature(enable = "avx2")]
extern "C" fn sshr16(a: Vector, amounts: Vector) -> Vector {
    low_halves(_mm256_srav_epi32(_mm256_cvtepi16_epi32(a), _mm256_cvtepu16_epi32(amounts)))
}

#[target_feature(enable = "avx2")]
extern "C" fn ishl32(a: Vector, amounts: Vector) -> Vector {
    _mm_sllv_epi32(a, amounts)
}

#[target_feature(enable = "avx2")]
extern "C" fn ushr32(a: Vector, amounts: Vector) -> Vector {
    _mm_srlv_epi32(a, amounts)
}

#[target_feature(enable = "avx2")]
extern "C" fn sshr32(a: Vector, amounts: Vector) -> Vector {
    _mm_srav_epi32(a, amounts)
}

#[target_feature(enable = "avx2")]
extern "C" fn ishl64(a: Vector, amounts: Vector) -> Vector {
    _mm_sllv_epi64(a, amounts)
}

#[target_feature(enable = "avx2")]
extern "C" fn ushr64(a: Vector, amounts: Vector) -> Vector {
    _mm_srlv_epi64(a, amounts)
}
