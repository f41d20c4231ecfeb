//! x86-64 hosts: AES-NI, PCLMULQDQ, the SHA extensions, and AVX2 for shifts by lanes.

use super::{LaneFunction, Vector};
use std::arch::x86_64::*;

/// The address of the function that has the host's instruction; `None` if the host
/// lacks that.
pub(super) fn instruction(function: LaneFunction) -> Option<u64> {
    use LaneFunction as F;
    let (aes, clmul) = (is_x86_feature_detected!("aes"), is_x86_feature_detected!("pclmulqdq"));
    let shifts = is_x86_feature_detected!("avx2");
    let hashes = is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1");
    let (has, address) = match function {
        F::AesSub => (aes, aes_sub as *const ()),
        F::AesUnsub => (aes, aes_unsub as *const ()),
        F::AesMix => (aes, aes_mix as *const ()),
        F::AesUnmix => (aes, aes_unmix as *const ()),
        F::AesRound => (aes, aes_round as *const ()),
        F::AesUnround => (aes, aes_unround as *const ()),
        F::ClmulLow => (clmul, clmul_low as *const ()),
        F::ClmulHigh => (clmul, clmul_high as *const ()),
        F::Sshift16 => (shifts, sshift16 as *const ()),
        F::Ushift16 => (shifts, ushift16 as *const ()),
        F::Sshift32 => (shifts, sshift32 as *const ()),
        F::Ushift32 => (shifts, ushift32 as *const ()),
        F::Sshift64 => (shifts, sshift64 as *const ()),
        F::Ushift64 => (shifts, ushift64 as *const ()),
        F::Sha1Choose => (hashes, sha1_choose as *const ()),
        F::Sha1Parity => (hashes, sha1_parity as *const ()),
        F::Sha1Majority => (hashes, sha1_majority as *const ()),
        F::Sha256First => (hashes, sha256_first as *const ()),
        F::Sha256Second => (hashes, sha256_second as *const ()),
    };
    has.then_some(address as u64)
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

// Amounts that are negative are too large for the host, and so give zero. Shifted by
// none, a lane is the same in both directions.

/// The low halves of lanes of 32 bits.
#[target_feature(enable = "avx2")]
fn low_halves(wide: __m256i) -> Vector {
    let low = _mm256_and_si256(wide, _mm256_set1_epi32(0xffff));
    _mm_packus_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256::<1>(low))
}

#[target_feature(enable = "avx2")]
extern "C" fn ushift16(a: Vector, amounts: Vector) -> Vector {
    let (a, amounts) = (_mm256_cvtepu16_epi32(a), _mm256_cvtepi16_epi32(amounts));
    let right = _mm256_srlv_epi32(a, _mm256_sub_epi32(_mm256_setzero_si256(), amounts));
    low_halves(_mm256_or_si256(_mm256_sllv_epi32(a, amounts), right))
}

#[target_feature(enable = "avx2")]
extern "C" fn sshift16(a: Vector, amounts: Vector) -> Vector {
    let (a, amounts) = (_mm256_cvtepi16_epi32(a), _mm256_cvtepi16_epi32(amounts));
    let right = _mm256_srav_epi32(a, _mm256_sub_epi32(_mm256_setzero_si256(), amounts));
    // The amount's sign, the topmost bit, chooses.
    low_halves(_mm256_castps_si256(_mm256_blendv_ps(
        _mm256_castsi256_ps(_mm256_sllv_epi32(a, amounts)),
        _mm256_castsi256_ps(right),
        _mm256_castsi256_ps(amounts),
    )))
}

#[target_feature(enable = "avx2")]
extern "C" fn ushift32(a: Vector, amounts: Vector) -> Vector {
    let right = _mm_srlv_epi32(a, _mm_sub_epi32(_mm_setzero_si128(), amounts));
    _mm_or_si128(_mm_sllv_epi32(a, amounts), right)
}

#[target_feature(enable = "avx2")]
extern "C" fn sshift32(a: Vector, amounts: Vector) -> Vector {
    let right = _mm_srav_epi32(a, _mm_sub_epi32(_mm_setzero_si128(), amounts));
    let left = _mm_castsi128_ps(_mm_sllv_epi32(a, amounts));
    _mm_castps_si128(_mm_blendv_ps(left, _mm_castsi128_ps(right), _mm_castsi128_ps(amounts)))
}

#[target_feature(enable = "avx2")]
extern "C" fn ushift64(a: Vector, amounts: Vector) -> Vector {
    let right = _mm_srlv_epi64(a, _mm_sub_epi64(_mm_setzero_si128(), amounts));
    _mm_or_si128(_mm_sllv_epi64(a, amounts), right)
}

/// Shifted to the right with the sign: the complement with zeros, complemented.
#[target_feature(enable = "avx2")]
extern "C" fn sshift64(a: Vector, amounts: Vector) -> Vector {
    let sign = _mm_cmpgt_epi64(_mm_setzero_si128(), a);
    let positive = _mm_xor_si128(a, sign);
    let right = _mm_srlv_epi64(positive, _mm_sub_epi64(_mm_setzero_si128(), amounts));
    let right = _mm_castsi128_pd(_mm_xor_si128(right, sign));
    let left = _mm_castsi128_pd(_mm_sllv_epi64(a, amounts));
    _mm_castpd_si128(_mm_blendv_pd(left, right, _mm_castsi128_pd(amounts)))
}

/// Words the other way round, as the host has those of SHA-1.
const REVERSED: i32 = 0b00_01_10_11;
/// The words of both halves the other way round.
const SWAPPED: i32 = 0b10_11_00_01;

/// The host adds the constant of the rounds, `CONSTANT`, and takes *e* in the first
/// word, which is the topmost.
#[target_feature(enable = "sha,sse4.1")]
fn sha1<const FUNCTION: i32, const CONSTANT: i32>(first: Vector, e: Vector, words: Vector) -> Vector {
    let words = _mm_sub_epi32(words, _mm_set1_epi32(CONSTANT));
    let e = _mm_blend_epi16::<0b11>(_mm_setzero_si128(), e);
    let words = _mm_shuffle_epi32::<REVERSED>(_mm_add_epi32(words, e));
    let state = _mm_shuffle_epi32::<REVERSED>(first);
    _mm_shuffle_epi32::<REVERSED>(_mm_sha1rnds4_epu32::<FUNCTION>(state, words))
}

#[target_feature(enable = "sha,sse4.1")]
extern "C" fn sha1_choose(first: Vector, e: Vector, words: Vector) -> Vector {
    sha1::<0, 0x5a82_7999>(first, e, words)
}

#[target_feature(enable = "sha,sse4.1")]
extern "C" fn sha1_parity(first: Vector, e: Vector, words: Vector) -> Vector {
    sha1::<1, 0x6ed9_eba1>(first, e, words)
}

#[target_feature(enable = "sha,sse4.1")]
extern "C" fn sha1_majority(first: Vector, e: Vector, words: Vector) -> Vector {
    sha1::<2, { 0x8f1b_bcdc_u32 as i32 }>(first, e, words)
}

/// The state after four rounds as the host has it: *f*, *e*, *b*, *a*, and then
/// those of two rounds before, which are *h*, *g*, *d*, *c*.
#[target_feature(enable = "sha,sse4.1")]
fn sha256(first: Vector, second: Vector, words: Vector) -> [Vector; 2] {
    let feba = _mm_shuffle_epi32::<SWAPPED>(_mm_unpacklo_epi64(second, first));
    let hgdc = _mm_shuffle_epi32::<SWAPPED>(_mm_unpackhi_epi64(second, first));
    let middle = _mm_sha256rnds2_epu32(hgdc, feba, words);
    [_mm_sha256rnds2_epu32(feba, middle, _mm_unpackhi_epi64(words, words)), middle]
}

#[target_feature(enable = "sha,sse4.1")]
extern "C" fn sha256_first(first: Vector, second: Vector, words: Vector) -> Vector {
    let [feba, hgdc] = sha256(first, second, words);
    _mm_shuffle_epi32::<SWAPPED>(_mm_unpackhi_epi64(feba, hgdc))
}

#[target_feature(enable = "sha,sse4.1")]
extern "C" fn sha256_second(first: Vector, second: Vector, words: Vector) -> Vector {
    let [feba, hgdc] = sha256(first, second, words);
    _mm_shuffle_epi32::<SWAPPED>(_mm_unpacklo_epi64(feba, hgdc))
}
