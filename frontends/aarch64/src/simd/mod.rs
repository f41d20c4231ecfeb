//! Advanced SIMD instructions.
//!
//! Source: Arm ARM, C4.1.96 (data processing: scalar floating point and
//! Advanced SIMD), C4.1.97 (loads and stores) and chapter C7.

mod across;
mod bitwise;
mod brain;
mod copy;
mod crypto;
mod doubling;
mod element;
mod encoding;
mod extra;
mod float_convert;
mod float_lanes;
mod float_three;
mod float_two;
mod half_products;
mod matrix;
mod memory;
mod packed;
mod permute;
mod register;
mod register_shift;
mod sha3;
mod shift;
mod sm;
mod structures;
mod three_different;
mod three_same;
mod two_register;

use guest::Helper;

use crate::decode::Set;
use crate::model::Features;

/// Rows of these instructions, in the order of the manual's index.
pub static SETS: &[Set] = &[
    Set::float_feature("cryptographic AES", Features::AES, crypto::AES),
    Set::float_feature("cryptographic three-register SHA", Features::SHA1, crypto::SHA1_THREE),
    Set::float_feature("cryptographic three-register SHA", Features::SHA256, crypto::SHA256_THREE),
    Set::float_feature("cryptographic two-register SHA", Features::SHA1, crypto::SHA1_TWO),
    Set::float_feature("cryptographic two-register SHA", Features::SHA256, crypto::SHA256_TWO),
    Set::float_feature("cryptographic SHA-3", Features::SHA3, sha3::SHA3),
    Set::float_feature("cryptographic SHA 512", Features::SHA512, sha3::SHA512),
    Set::float_feature("cryptographic SM3", Features::SM3, sm::SM3),
    Set::float_feature("cryptographic SM4", Features::SM4, sm::SM4),
    Set::float_feature("floating-point data-processing (1 source)", Features::BF16, brain::ONE_SOURCE),
    Set::float("Advanced SIMD scalar copy", copy::SCALAR),
    Set::float_feature("Advanced SIMD scalar three same FP16", Features::FP16, float_three::SCALAR_FP16),
    Set::float_feature(
        "Advanced SIMD scalar two-register miscellaneous FP16",
        Features::FP16,
        float_two::SCALAR_FP16,
    ),
    Set::float_feature("Advanced SIMD scalar three same extra", Features::RDM, extra::RDM_SCALAR),
    Set::float("Advanced SIMD scalar two-register miscellaneous", two_register::SCALAR),
    Set::float("Advanced SIMD scalar two-register miscellaneous", float_two::SCALAR),
    Set::float("Advanced SIMD scalar pairwise", across::SCALAR),
    Set::float("Advanced SIMD scalar pairwise", float_three::SCALAR_PAIRWISE),
    Set::float_feature("Advanced SIMD scalar pairwise", Features::FP16, float_three::SCALAR_PAIRWISE_FP16),
    Set::float("Advanced SIMD scalar three different", three_different::SCALAR),
    Set::float("Advanced SIMD scalar three same", three_same::SCALAR),
    Set::float("Advanced SIMD scalar three same", float_three::SCALAR),
    Set::float("Advanced SIMD scalar shift by immediate", shift::SCALAR),
    Set::float("Advanced SIMD scalar shift by immediate", float_convert::FIXED_SCALAR),
    Set::float("Advanced SIMD scalar x indexed element", element::SCALAR),
    Set::float_feature("Advanced SIMD scalar x indexed element", Features::FP16, element::SCALAR_FP16),
    Set::float_feature("Advanced SIMD scalar x indexed element", Features::RDM, element::SCALAR_RDM),
    Set::float("Advanced SIMD table lookup", permute::TABLE_LOOKUP),
    Set::float("Advanced SIMD permute", permute::PERMUTE),
    Set::float("Advanced SIMD extract", permute::EXTRACT),
    Set::float("Advanced SIMD copy", copy::VECTOR),
    Set::float_feature("Advanced SIMD three same (FP16)", Features::FP16, float_three::VECTOR_FP16),
    Set::float_feature(
        "Advanced SIMD two-register miscellaneous (FP16)",
        Features::FP16,
        float_two::VECTOR_FP16,
    ),
    Set::float_feature("Advanced SIMD three-register extension", Features::DOT_PROD, extra::DOT),
    Set::float_feature("Advanced SIMD three-register extension", Features::RDM, extra::RDM),
    Set::float_feature("Advanced SIMD three-register extension", Features::FCMA, extra::COMPLEX),
    Set::float_feature("Advanced SIMD three-register extension", Features::I8MM, matrix::VECTOR),
    Set::float_feature("Advanced SIMD three-register extension", Features::BF16, brain::VECTOR),
    Set::float("Advanced SIMD two-register miscellaneous", two_register::VECTOR),
    Set::float_feature("Advanced SIMD two-register miscellaneous", Features::BF16, brain::NARROW),
    Set::float("Advanced SIMD two-register miscellaneous", float_two::VECTOR),
    Set::float_feature(
        "Advanced SIMD two-register miscellaneous",
        Features::FRINTTS,
        float_two::VECTOR_FRINTTS,
    ),
    Set::float("Advanced SIMD across lanes", across::VECTOR),
    Set::float("Advanced SIMD across lanes", float_three::ACROSS),
    Set::float_feature("Advanced SIMD across lanes", Features::FP16, float_three::ACROSS_FP16),
    Set::float("Advanced SIMD three different", three_different::VECTOR),
    Set::float_feature("Advanced SIMD three different", Features::PMULL, three_different::PMULL),
    Set::float("Advanced SIMD three same", three_same::VECTOR),
    Set::float("Advanced SIMD three same", float_three::VECTOR),
    Set::float_feature("Advanced SIMD three same", Features::FHM, half_products::VECTOR),
    Set::float("Advanced SIMD modified immediate", copy::IMMEDIATE),
    Set::float_feature("Advanced SIMD modified immediate", Features::FP16, copy::IMMEDIATE_FP16),
    Set::float("Advanced SIMD shift by immediate", shift::VECTOR),
    Set::float("Advanced SIMD shift by immediate", float_convert::FIXED),
    Set::float("Advanced SIMD vector x indexed element", element::VECTOR),
    Set::float_feature("Advanced SIMD vector x indexed element", Features::FP16, element::VECTOR_FP16),
    Set::float_feature("Advanced SIMD vector x indexed element", Features::DOT_PROD, element::VECTOR_DOT),
    Set::float_feature("Advanced SIMD vector x indexed element", Features::RDM, element::VECTOR_RDM),
    Set::float_feature("Advanced SIMD vector x indexed element", Features::FCMA, extra::COMPLEX_ELEMENT),
    Set::float_feature("Advanced SIMD vector x indexed element", Features::I8MM, matrix::ELEMENT),
    Set::float_feature("Advanced SIMD vector x indexed element", Features::BF16, brain::ELEMENT),
    Set::float_feature("Advanced SIMD vector x indexed element", Features::FHM, half_products::ELEMENT),
    Set::float("Advanced SIMD load/store multiple structures", structures::MULTIPLE),
    Set::float("Advanced SIMD load/store multiple structures (post-indexed)", structures::MULTIPLE_POST),
    Set::float("Advanced SIMD load/store single structure", structures::SINGLE),
    Set::float("Advanced SIMD load/store single structure (post-indexed)", structures::SINGLE_POST),
    Set::float("load register (literal)", memory::LITERAL),
    Set::float("load/store register pair", memory::PAIR),
    Set::float("load/store register (unscaled immediate)", memory::UNSCALED),
    Set::float("load/store register (immediate post-indexed)", memory::POST_INDEXED),
    Set::float("load/store register (immediate pre-indexed)", memory::PRE_INDEXED),
    Set::float("load/store register (register offset)", memory::REGISTER),
    Set::float("load/store register (unsigned immediate)", memory::UNSIGNED),
];

/// Helpers of these instructions that work on lanes.
pub const LANES: &[Helper] = packed::HELPERS;
