//! Matrices (FEAT_SME and what builds on it).

use crate::{Table, tables};

/// By the specification's tables.
#[rustfmt::skip]
pub const TABLES: &[Table] = tables![
    sme::mortlach_multivec_scaled_idx { fdot_za16_zz8i_2xi fvdot_za16_zz8i_2xi }
    sme::mortlach_zero_zt { zero_zt_i_ }
    sme::mortlach2_64bit_prod4::mortlach_f64f64_prod4 { fmop4a_za_zz_d1x1 fmop4s_za_zz_d1x1
        fmop4a_za_zz_d1x2 fmop4s_za_zz_d1x2 fmop4a_za_zz_d2x1 fmop4s_za_zz_d2x1 fmop4a_za_zz_d2x2
        fmop4s_za_zz_d2x2 }
    sme::mortlach2_64bit_prod4::mortlach_i16i64_prod4 { smop4a_za_zz_h1x1 sumop4a_za_zz_h1x1
        usmop4a_za_zz_h1x1 umop4a_za_zz_h1x1 smop4s_za_zz_h1x1 sumop4s_za_zz_h1x1 usmop4s_za_zz_h1x1
        umop4s_za_zz_h1x1 smop4a_za_zz_h1x2 sumop4a_za_zz_h1x2 usmop4a_za_zz_h1x2 umop4a_za_zz_h1x2
        smop4s_za_zz_h1x2 sumop4s_za_zz_h1x2 usmop4s_za_zz_h1x2 umop4s_za_zz_h1x2 smop4a_za_zz_h2x1
        sumop4a_za_zz_h2x1 usmop4a_za_zz_h2x1 umop4a_za_zz_h2x1 smop4s_za_zz_h2x1 sumop4s_za_zz_h2x1
        usmop4s_za_zz_h2x1 umop4s_za_zz_h2x1 smop4a_za_zz_h2x2 sumop4a_za_zz_h2x2 usmop4a_za_zz_h2x2
        umop4a_za_zz_h2x2 smop4s_za_zz_h2x2 sumop4s_za_zz_h2x2 usmop4s_za_zz_h2x2 umop4s_za_zz_h2x2 }
    sme::mortlach2_misc_prod::mortlach_b16b16_prod { bfmopa_za_pp_zz_16 bfmops_za_pp_zz_16 }
    sme::mortlach2_misc_prod::mortlach_bini32_prod { bmopa_za_pp_zz_32 bmops_za_pp_zz_32 }
    sme::mortlach2_misc_prod::mortlach_f16f16_prod { fmopa_za_pp_zz_16 fmops_za_pp_zz_16 }
    sme::mortlach2_misc_prod::mortlach_f16f8_prod { fmopab_za16_zz8z fmopat_za16_zz8z }
    sme::mortlach2_misc_prod::mortlach_f8f16_prod { fmopa_za16_pp_z8z8_8 }
    sme::mortlach2_prod4::mortlach_b16b16_prod4 { bfmop4a_za_zz_h1x1 bfmop4s_za_zz_h1x1 bfmop4a_za_zz_h1x2
        bfmop4s_za_zz_h1x2 bfmop4a_za_zz_h2x1 bfmop4s_za_zz_h2x1 bfmop4a_za_zz_h2x2 bfmop4s_za_zz_h2x2 }
    sme::mortlach2_prod4::mortlach_b16f32_prod4 { bfmop4a_za32_zz_h1x1 bfmop4s_za32_zz_h1x1
        bfmop4a_za32_zz_h1x2 bfmop4s_za32_zz_h1x2 bfmop4a_za32_zz_h2x1 bfmop4s_za32_zz_h2x1
        bfmop4a_za32_zz_h2x2 bfmop4s_za32_zz_h2x2 }
    sme::mortlach2_prod4::mortlach_f16f16_prod4 { fmop4a_za_zz_h1x1 fmop4s_za_zz_h1x1 fmop4a_za_zz_h1x2
        fmop4s_za_zz_h1x2 fmop4a_za_zz_h2x1 fmop4s_za_zz_h2x1 fmop4a_za_zz_h2x2 fmop4s_za_zz_h2x2 }
    sme::mortlach2_prod4::mortlach_f16f32_prod4 { fmop4a_za32_zz_h1x1 fmop4s_za32_zz_h1x1
        fmop4a_za32_zz_h1x2 fmop4s_za32_zz_h1x2 fmop4a_za32_zz_h2x1 fmop4s_za32_zz_h2x1
        fmop4a_za32_zz_h2x2 fmop4s_za32_zz_h2x2 }
    sme::mortlach2_prod4::mortlach_f32f32_prod4 { fmop4a_za_zz_s1x1 fmop4s_za_zz_s1x1 fmop4a_za_zz_s1x2
        fmop4s_za_zz_s1x2 fmop4a_za_zz_s2x1 fmop4s_za_zz_s2x1 fmop4a_za_zz_s2x2 fmop4s_za_zz_s2x2 }
    sme::mortlach2_prod4::mortlach_f8f16_prod4 { fmop4a_za16_z8z8_b1x1 fmop4a_za16_z8z8_b1x2
        fmop4a_za16_z8z8_b2x1 fmop4a_za16_z8z8_b2x2 }
    sme::mortlach2_prod4::mortlach_f8f32_prod4 { fmop4a_za32_z8z8_b1x1 fmop4a_za32_z8z8_b1x2
        fmop4a_za32_z8z8_b2x1 fmop4a_za32_z8z8_b2x2 }
    sme::mortlach2_prod4::mortlach_i16i32_prod4 { smop4a_za32_zz_h1x1 umop4a_za32_zz_h1x1
        smop4s_za32_zz_h1x1 umop4s_za32_zz_h1x1 smop4a_za32_zz_h1x2 umop4a_za32_zz_h1x2
        smop4s_za32_zz_h1x2 umop4s_za32_zz_h1x2 smop4a_za32_zz_h2x1 umop4a_za32_zz_h2x1
        smop4s_za32_zz_h2x1 umop4s_za32_zz_h2x1 smop4a_za32_zz_h2x2 umop4a_za32_zz_h2x2
        smop4s_za32_zz_h2x2 umop4s_za32_zz_h2x2 }
    sme::mortlach2_prod4::mortlach_i8i32_prod4 { smop4a_za_zz_b1x1 sumop4a_za_zz_b1x1 usmop4a_za_zz_b1x1
        umop4a_za_zz_b1x1 smop4s_za_zz_b1x1 sumop4s_za_zz_b1x1 usmop4s_za_zz_b1x1 umop4s_za_zz_b1x1
        smop4a_za_zz_b1x2 sumop4a_za_zz_b1x2 usmop4a_za_zz_b1x2 umop4a_za_zz_b1x2 smop4s_za_zz_b1x2
        sumop4s_za_zz_b1x2 usmop4s_za_zz_b1x2 umop4s_za_zz_b1x2 smop4a_za_zz_b2x1 sumop4a_za_zz_b2x1
        usmop4a_za_zz_b2x1 umop4a_za_zz_b2x1 smop4s_za_zz_b2x1 sumop4s_za_zz_b2x1 usmop4s_za_zz_b2x1
        umop4s_za_zz_b2x1 smop4a_za_zz_b2x2 sumop4a_za_zz_b2x2 usmop4a_za_zz_b2x2 umop4a_za_zz_b2x2
        smop4s_za_zz_b2x2 sumop4s_za_zz_b2x2 usmop4s_za_zz_b2x2 umop4s_za_zz_b2x2 }
    sme::mortlach2_ss_prod::mortlach_b16b16_1in2ss_prod { bftmopa_za_zzzi_h2x1 }
    sme::mortlach2_ss_prod::mortlach_b16f32_2in4ss_prod { bftmopa_za32_zzzi_h2x1 }
    sme::mortlach2_ss_prod::mortlach_f16f16_1in2ss_prod { ftmopa_za_zzzi_h2x1 }
    sme::mortlach2_ss_prod::mortlach_f16f32_2in4ss_prod { ftmopa_za32_zzzi_h2x1 }
    sme::mortlach2_ss_prod::mortlach_f32f32_1in2ss_prod { ftmopa_za_zzzi_s2x1 }
    sme::mortlach2_ss_prod::mortlach_f8f16_2in4ss_prod { ftmopa_za16_z8z8zi_b2x1 }
    sme::mortlach2_ss_prod::mortlach_f8f32_2in4ss_prod { ftmopa_za32_z8z8zi_b2x1 }
    sme::mortlach2_ss_prod::mortlach_i16i32_2in4ss_prod { stmopa_za32_zzzi_h2x1 utmopa_za32_zzzi_h2x1 }
    sme::mortlach2_ss_prod::mortlach_i8i32_2in4ss_prod { stmopa_za_zzzi_b2x1 sutmopa_za_zzzi_b2x1
        ustmopa_za_zzzi_b2x1 utmopa_za_zzzi_b2x1 }
    sme::mortlach_32bit_fp_prod::mortlach_b16f32_prod { bfmopa_za32_pp_zz_ bfmops_za32_pp_zz_ }
    sme::mortlach_32bit_fp_prod::mortlach_f16f32_prod { fmopa_za32_pp_zz_16 fmops_za32_pp_zz_16 }
    sme::mortlach_32bit_fp_prod::mortlach_f32f32_prod { fmopa_za_pp_zz_32 fmops_za_pp_zz_32 }
    sme::mortlach_32bit_fp_prod::mortlach_f8f32_prod { fmopa_za32_pp_z8z8_8 }
    sme::mortlach_32bit_int_prod::mortlach_i16i32_prod { smopa_za32_pp_zz_16 umopa_za32_pp_zz_16
        smops_za32_pp_zz_16 umops_za32_pp_zz_16 }
    sme::mortlach_32bit_int_prod::mortlach_i8i32_prod { smopa_za_pp_zz_32 sumopa_za_pp_zz_32
        usmopa_za_pp_zz_32 umopa_za_pp_zz_32 smops_za_pp_zz_32 sumops_za_pp_zz_32 usmops_za_pp_zz_32
        umops_za_pp_zz_32 }
    sme::mortlach_64bit_prod::mortlach_f64f64_prod { fmopa_za_pp_zz_64 fmops_za_pp_zz_64 }
    sme::mortlach_64bit_prod::mortlach_i16i64_prod { smopa_za_pp_zz_64 sumopa_za_pp_zz_64
        usmopa_za_pp_zz_64 umopa_za_pp_zz_64 smops_za_pp_zz_64 sumops_za_pp_zz_64 usmops_za_pp_zz_64
        umops_za_pp_zz_64 }
    sme::mortlach_ext::mortlach_extract_pred { mova_z_p_rza_b mova_z_p_rza_h mova_z_p_rza_w mova_z_p_rza_d
        mova_z_p_rza_q }
    sme::mortlach_ext::mortlach_extract_zero { movaz_z_rza_b movaz_z_rza_h movaz_z_rza_w movaz_z_rza_d
        movaz_z_rza_q }
    sme::mortlach_ext::mortlach_multi2_extract_ctg { mova_mz2_za_b1 mova_mz2_za_h1 mova_mz2_za_w1
        mova_mz2_za_d1 }
    sme::mortlach_ext::mortlach_multi2_extract_zero { movaz_mz2_za_b1 movaz_mz2_za_h1 movaz_mz2_za_w1
        movaz_mz2_za_d1 }
    sme::mortlach_ext::mortlach_multi2_za_extract_ctg { mova_mz_za2_1 }
    sme::mortlach_ext::mortlach_multi2_za_extract_zero { movaz_mz_za2_1 }
    sme::mortlach_ext::mortlach_multi4_extract_ctg { mova_mz4_za_b1 mova_mz4_za_h1 mova_mz4_za_w1
        mova_mz4_za_d1 }
    sme::mortlach_ext::mortlach_multi4_extract_zero { movaz_mz4_za_b1 movaz_mz4_za_h1 movaz_mz4_za_w1
        movaz_mz4_za_d1 }
    sme::mortlach_ext::mortlach_multi4_za_extract_ctg { mova_mz_za4_1 }
    sme::mortlach_ext::mortlach_multi4_za_extract_zero { movaz_mz_za4_1 }
    sme::mortlach_hvadd::mortlach_addhv { addha_za_pp_z_32 addha_za_pp_z_64 addva_za_pp_z_32
        addva_za_pp_z_64 }
    sme::mortlach_ins::mortlach_insert_pred { mova_za_p_rz_b mova_za_p_rz_h mova_za_p_rz_w mova_za_p_rz_d
        mova_za_p_rz_q }
    sme::mortlach_ins::mortlach_multi2_insert_ctg { mova_za2_z_b1 mova_za2_z_h1 mova_za2_z_w1 mova_za2_z_d1 }
    sme::mortlach_ins::mortlach_multi2_za_insert_ctg { mova_za_mz2_1 }
    sme::mortlach_ins::mortlach_multi4_insert_ctg { mova_za4_z_b1 mova_za4_z_h1 mova_za4_z_w1 mova_za4_z_d1 }
    sme::mortlach_ins::mortlach_multi4_za_insert_ctg { mova_za_mz4_1 }
    sme::mortlach_mem::mortlach_contig_load { ld1b_za_p_rrr_ ld1h_za_p_rrr_ ld1w_za_p_rrr_ ld1d_za_p_rrr_ }
    sme::mortlach_mem::mortlach_contig_qload { ld1q_za_p_rrr_ }
    sme::mortlach_mem::mortlach_contig_qstore { st1q_za_p_rrr_ }
    sme::mortlach_mem::mortlach_contig_store { st1b_za_p_rrr_ st1h_za_p_rrr_ st1w_za_p_rrr_ st1d_za_p_rrr_ }
    sme::mortlach_mem::mortlach_ctxt_ldst { ldr_za_ri_ str_za_ri_ }
    sme::mortlach_mem::mortlach_zt_ldst { ldr_zt_br_ str_zt_br_ }
    sme::mortlach_mov_zt::mortlach_extract_zt { movt_r_zt_ }
    sme::mortlach_mov_zt::mortlach_insert_zt { movt_zt_r_ }
    sme::mortlach_mov_zt::mortlach_move_to_zt { movt_zt_z_ }
    sme::mortlach_multi_array_1a::mortlach_multi1_zz_za_fma_long_sm { bfmlal_za_zzv_1 fmlal_za_zzv_1
        bfmlsl_za_zzv_1 fmlsl_za_zzv_1 }
    sme::mortlach_multi_array_1a::mortlach_multi1_zz_za_mla_long_long_sm { smlall_za_zzv_1
        usmlall_za_zzv_s smlsll_za_zzv_1 umlall_za_zzv_1 umlsll_za_zzv_1 }
    sme::mortlach_multi_array_1a::mortlach_multi1_zz_za_mla_long_sm { smlal_za_zzv_1 smlsl_za_zzv_1
        umlal_za_zzv_1 umlsl_za_zzv_1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_z_za_2way_dot_sm { sdot_za32_zzv_2x1 udot_za32_zzv_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_z_za_4way_dot_sm { sdot_za_zzv_2x1 udot_za_zzv_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_z_za_fpdot_sm { fdot_za_zzv_2x1 bfdot_za_zzv_2x1
        fdot_za_z8z8v_2x1 fdot_za32_z8z8v_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_z_za_mixed_dot_sm { usdot_za_zzv_s2x1 sudot_za_zzv_s2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_zz_za_f16_sm { fmla_za_zzv_2x1_16 bfmla_za_zzv_2x1_16
        fmls_za_zzv_2x1_16 bfmls_za_zzv_2x1_16 }
    sme::mortlach_multi_array_1a::mortlach_multi2_zz_za_float_sm { fmla_za_zzv_2x1 fmls_za_zzv_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_zz_za_fma_long_sm { bfmlal_za_zzv_2x1 fmlal_za_zzv_2x1
        fmlal_za_z8z8v_2x1 bfmlsl_za_zzv_2x1 fmlsl_za_zzv_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_zz_za_fp8_fma_long_long_sm { fmlall_za32_z8z8v_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_zz_za_int_sm { add_za_zzv_2x1 sub_za_zzv_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_zz_za_mla_long_long_sm { smlall_za_zzv_2x1
        usmlall_za_zzv_s2x1 smlsll_za_zzv_2x1 umlall_za_zzv_2x1 sumlall_za_zzv_s2x1 umlsll_za_zzv_2x1 }
    sme::mortlach_multi_array_1a::mortlach_multi2_zz_za_mla_long_sm { smlal_za_zzv_2x1 smlsl_za_zzv_2x1
        umlal_za_zzv_2x1 umlsl_za_zzv_2x1 }
    sme::mortlach_multi_array_1b::mortlach_multi1_zz_za_fp8_fma_long_long_sm { fmlall_za32_z8z8v_1 }
    sme::mortlach_multi_array_1b::mortlach_multi1_zz_za_fp8_fma_long_sm { fmlal_za_z8z8v_1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_z_za_2way_dot_sm { sdot_za32_zzv_4x1 udot_za32_zzv_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_z_za_4way_dot_sm { sdot_za_zzv_4x1 udot_za_zzv_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_z_za_fpdot_sm { fdot_za_zzv_4x1 bfdot_za_zzv_4x1
        fdot_za_z8z8v_4x1 fdot_za32_z8z8v_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_z_za_mixed_dot_sm { usdot_za_zzv_s4x1 sudot_za_zzv_s4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_zz_za_f16_sm { fmla_za_zzv_4x1_16 bfmla_za_zzv_4x1_16
        fmls_za_zzv_4x1_16 bfmls_za_zzv_4x1_16 }
    sme::mortlach_multi_array_1b::mortlach_multi4_zz_za_float_sm { fmla_za_zzv_4x1 fmls_za_zzv_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_zz_za_fma_long_sm { bfmlal_za_zzv_4x1 fmlal_za_zzv_4x1
        fmlal_za_z8z8v_4x1 bfmlsl_za_zzv_4x1 fmlsl_za_zzv_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_zz_za_fp8_fma_long_long_sm { fmlall_za32_z8z8v_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_zz_za_int_sm { add_za_zzv_4x1 sub_za_zzv_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_zz_za_mla_long_long_sm { smlall_za_zzv_4x1
        usmlall_za_zzv_s4x1 smlsll_za_zzv_4x1 umlall_za_zzv_4x1 sumlall_za_zzv_s4x1 umlsll_za_zzv_4x1 }
    sme::mortlach_multi_array_1b::mortlach_multi4_zz_za_mla_long_sm { smlal_za_zzv_4x1 smlsl_za_zzv_4x1
        umlal_za_zzv_4x1 umlsl_za_zzv_4x1 }
    sme::mortlach_multi_array_2a::mortlach_multi2_z_za_2way_dot_mm { sdot_za32_zzw_2x2 udot_za32_zzw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_z_za_4way_dot_mm { sdot_za_zzw_2x2 udot_za_zzw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_z_za_f16_mm { fadd_za_zw_2x2_16 bfadd_za_zw_2x2_16
        fsub_za_zw_2x2_16 bfsub_za_zw_2x2_16 }
    sme::mortlach_multi_array_2a::mortlach_multi2_z_za_float_mm { fadd_za_zw_2x2 fsub_za_zw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_z_za_fpdot_mm { fdot_za_zzw_2x2 bfdot_za_zzw_2x2
        fdot_za_z8z8w_2x2 fdot_za32_z8z8w_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_z_za_int_mm { add_za_zw_2x2 sub_za_zw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_z_za_mixed_dot_mm { usdot_za_zzw_s2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_f16_mm { fmla_za_zzw_2x2_16 bfmla_za_zzw_2x2_16
        fmls_za_zzw_2x2_16 bfmls_za_zzw_2x2_16 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_float_mm { fmla_za_zzw_2x2 fmls_za_zzw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_fma_long_mm { bfmlal_za_zzw_2x2 fmlal_za_zzw_2x2
        bfmlsl_za_zzw_2x2 fmlsl_za_zzw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_fp8_fma_long_long_mm { fmlall_za32_z8z8w_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_fp8_fma_long_mm { fmlal_za_z8z8w_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_int_mm { add_za_zzw_2x2 sub_za_zzw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_mla_long_long_mm { smlall_za_zzw_2x2
        usmlall_za_zzw_s2x2 smlsll_za_zzw_2x2 umlall_za_zzw_2x2 umlsll_za_zzw_2x2 }
    sme::mortlach_multi_array_2a::mortlach_multi2_zz_za_mla_long_mm { smlal_za_zzw_2x2 smlsl_za_zzw_2x2
        umlal_za_zzw_2x2 umlsl_za_zzw_2x2 }
    sme::mortlach_multi_array_2b::mortlach_multi4_z_za_2way_dot_mm { sdot_za32_zzw_4x4 udot_za32_zzw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_z_za_4way_dot_mm { sdot_za_zzw_4x4 udot_za_zzw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_z_za_f16_mm { fadd_za_zw_4x4_16 bfadd_za_zw_4x4_16
        fsub_za_zw_4x4_16 bfsub_za_zw_4x4_16 }
    sme::mortlach_multi_array_2b::mortlach_multi4_z_za_float_mm { fadd_za_zw_4x4 fsub_za_zw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_z_za_fpdot_mm { fdot_za_zzw_4x4 bfdot_za_zzw_4x4
        fdot_za_z8z8w_4x4 fdot_za32_z8z8w_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_z_za_int_mm { add_za_zw_4x4 sub_za_zw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_z_za_mixed_dot_mm { usdot_za_zzw_s4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_f16_mm { fmla_za_zzw_4x4_16 bfmla_za_zzw_4x4_16
        fmls_za_zzw_4x4_16 bfmls_za_zzw_4x4_16 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_float_mm { fmla_za_zzw_4x4 fmls_za_zzw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_fma_long_mm { bfmlal_za_zzw_4x4 fmlal_za_zzw_4x4
        bfmlsl_za_zzw_4x4 fmlsl_za_zzw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_fp8_fma_long_long_mm { fmlall_za32_z8z8w_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_fp8_fma_long_mm { fmlal_za_z8z8w_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_int_mm { add_za_zzw_4x4 sub_za_zzw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_mla_long_long_mm { smlall_za_zzw_4x4
        usmlall_za_zzw_s4x4 smlsll_za_zzw_4x4 umlall_za_zzw_4x4 umlsll_za_zzw_4x4 }
    sme::mortlach_multi_array_2b::mortlach_multi4_zz_za_mla_long_mm { smlal_za_zzw_4x4 smlsl_za_zzw_4x4
        umlal_za_zzw_4x4 umlsl_za_zzw_4x4 }
    sme::mortlach_multi_indexed_1::mortlach_multi1_fma_long_idx { bfmlal_za_zzi_1 fmlal_za_zzi_1
        bfmlsl_za_zzi_1 fmlsl_za_zzi_1 }
    sme::mortlach_multi_indexed_1::mortlach_multi1_fp8_fma_long_idx { fmlal_za_z8z8i_1 }
    sme::mortlach_multi_indexed_1::mortlach_multi1_fp8_fma_long_long_idx { fmlall_za32_z8z8i_1 }
    sme::mortlach_multi_indexed_1::mortlach_multi1_mla_long_idx { smlal_za_zzi_1 smlsl_za_zzi_1
        umlal_za_zzi_1 umlsl_za_zzi_1 }
    sme::mortlach_multi_indexed_1::mortlach_multi1_mla_long_long_idx_d { smlall_za_zzi_d smlsll_za_zzi_d
        umlall_za_zzi_d umlsll_za_zzi_d }
    sme::mortlach_multi_indexed_1::mortlach_multi1_mla_long_long_idx_s { smlall_za_zzi_s usmlall_za_zzi_s
        smlsll_za_zzi_s umlall_za_zzi_s sumlall_za_zzi_s umlsll_za_zzi_s }
    sme::mortlach_multi_indexed_2::mortlach_multi2_fma_long_idx { bfmlal_za_zzi_2xi fmlal_za_zzi_2xi
        bfmlsl_za_zzi_2xi fmlsl_za_zzi_2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_fp8_fdot_idx { fdot_za_z8z8i_2xi fvdot_za_z8z8i_2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_fp8_fma_long_idx { fmlal_za_z8z8i_2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_fp8_fma_long_long_idx { fmlall_za32_z8z8i_2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_fp8_fvdot_idx_s { fvdotb_za32_z8z8i_2xi
        fvdott_za32_z8z8i_2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_mla_long_idx { smlal_za_zzi_2xi smlsl_za_zzi_2xi
        umlal_za_zzi_2xi umlsl_za_zzi_2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_mla_long_long_idx_d { smlall_za_zzi_d2xi
        smlsll_za_zzi_d2xi umlall_za_zzi_d2xi umlsll_za_zzi_d2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_mla_long_long_idx_s { smlall_za_zzi_s2xi
        usmlall_za_zzi_s2xi smlsll_za_zzi_s2xi umlall_za_zzi_s2xi sumlall_za_zzi_s2xi umlsll_za_zzi_s2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_zza_idx_d { fmla_za_zzi_d2xi sdot_za_zzi_d2xi
        fmls_za_zzi_d2xi udot_za_zzi_d2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_zza_idx_h { fmla_za_zzi_h2xi bfmla_za_zzi_h2xi
        fmls_za_zzi_h2xi bfmls_za_zzi_h2xi }
    sme::mortlach_multi_indexed_2::mortlach_multi2_zza_idx_s { fmla_za_zzi_s2xi fvdot_za_zzi_2xi
        bfvdot_za_zzi_2xi svdot_za32_zzi_2xi fdot_za32_z8z8i_2xi sdot_za32_zzi_2xi fdot_za_zzi_2xi
        bfdot_za_zzi_2xi sdot_za_zzi_s2xi usdot_za_zzi_s2xi fmls_za_zzi_s2xi uvdot_za32_zzi_2xi
        udot_za32_zzi_2xi udot_za_zzi_s2xi sudot_za_zzi_s2xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_fma_long_idx { bfmlal_za_zzi_4xi fmlal_za_zzi_4xi
        bfmlsl_za_zzi_4xi fmlsl_za_zzi_4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_fp8_fdot_idx_h { fdot_za_z8z8i_4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_fp8_fma_long_idx { fmlal_za_z8z8i_4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_fp8_fma_long_long_idx { fmlall_za32_z8z8i_4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_mla_long_idx { smlal_za_zzi_4xi smlsl_za_zzi_4xi
        umlal_za_zzi_4xi umlsl_za_zzi_4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_mla_long_long_idx_d { smlall_za_zzi_d4xi
        smlsll_za_zzi_d4xi umlall_za_zzi_d4xi umlsll_za_zzi_d4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_mla_long_long_idx_s { smlall_za_zzi_s4xi
        usmlall_za_zzi_s4xi smlsll_za_zzi_s4xi umlall_za_zzi_s4xi sumlall_za_zzi_s4xi umlsll_za_zzi_s4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_zza_idx_d { fmla_za_zzi_d4xi sdot_za_zzi_d4xi
        svdot_za_zzi_d4xi fmls_za_zzi_d4xi udot_za_zzi_d4xi uvdot_za_zzi_d4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_zza_idx_h { fmla_za_zzi_h4xi bfmla_za_zzi_h4xi
        fmls_za_zzi_h4xi bfmls_za_zzi_h4xi }
    sme::mortlach_multi_indexed_3::mortlach_multi4_zza_idx_s { fmla_za_zzi_s4xi fdot_za32_z8z8i_4xi
        svdot_za_zzi_s4xi usvdot_za_zzi_s4xi sdot_za32_zzi_4xi fdot_za_zzi_4xi bfdot_za_zzi_4xi
        sdot_za_zzi_s4xi usdot_za_zzi_s4xi fmls_za_zzi_s4xi uvdot_za_zzi_s4xi suvdot_za_zzi_s4xi
        udot_za32_zzi_4xi udot_za_zzi_s4xi sudot_za_zzi_s4xi }
    sme::mortlach_multi_mem_ctg::mortlach_multi2_cld_cldnt_si_ctg { ld1b_mz_p_bi_2 ldnt1b_mz_p_bi_2
        ld1h_mz_p_bi_2 ldnt1h_mz_p_bi_2 ld1w_mz_p_bi_2 ldnt1w_mz_p_bi_2 ld1d_mz_p_bi_2 ldnt1d_mz_p_bi_2 }
    sme::mortlach_multi_mem_ctg::mortlach_multi2_cld_cldnt_ss_ctg { ld1b_mz_p_br_2 ldnt1b_mz_p_br_2
        ld1h_mz_p_br_2 ldnt1h_mz_p_br_2 ld1w_mz_p_br_2 ldnt1w_mz_p_br_2 ld1d_mz_p_br_2 ldnt1d_mz_p_br_2 }
    sme::mortlach_multi_mem_ctg::mortlach_multi2_cst_cstnt_si_ctg { st1b_mz_p_bi_2 stnt1b_mz_p_bi_2
        st1h_mz_p_bi_2 stnt1h_mz_p_bi_2 st1w_mz_p_bi_2 stnt1w_mz_p_bi_2 st1d_mz_p_bi_2 stnt1d_mz_p_bi_2 }
    sme::mortlach_multi_mem_ctg::mortlach_multi2_cst_cstnt_ss_ctg { st1b_mz_p_br_2 stnt1b_mz_p_br_2
        st1h_mz_p_br_2 stnt1h_mz_p_br_2 st1w_mz_p_br_2 stnt1w_mz_p_br_2 st1d_mz_p_br_2 stnt1d_mz_p_br_2 }
    sme::mortlach_multi_mem_ctg::mortlach_multi4_cld_cldnt_si_ctg { ld1b_mz_p_bi_4 ldnt1b_mz_p_bi_4
        ld1h_mz_p_bi_4 ldnt1h_mz_p_bi_4 ld1w_mz_p_bi_4 ldnt1w_mz_p_bi_4 ld1d_mz_p_bi_4 ldnt1d_mz_p_bi_4 }
    sme::mortlach_multi_mem_ctg::mortlach_multi4_cld_cldnt_ss_ctg { ld1b_mz_p_br_4 ldnt1b_mz_p_br_4
        ld1h_mz_p_br_4 ldnt1h_mz_p_br_4 ld1w_mz_p_br_4 ldnt1w_mz_p_br_4 ld1d_mz_p_br_4 ldnt1d_mz_p_br_4 }
    sme::mortlach_multi_mem_ctg::mortlach_multi4_cst_cstnt_si_ctg { st1b_mz_p_bi_4 stnt1b_mz_p_bi_4
        st1h_mz_p_bi_4 stnt1h_mz_p_bi_4 st1w_mz_p_bi_4 stnt1w_mz_p_bi_4 st1d_mz_p_bi_4 stnt1d_mz_p_bi_4 }
    sme::mortlach_multi_mem_ctg::mortlach_multi4_cst_cstnt_ss_ctg { st1b_mz_p_br_4 stnt1b_mz_p_br_4
        st1h_mz_p_br_4 stnt1h_mz_p_br_4 st1w_mz_p_br_4 stnt1w_mz_p_br_4 st1d_mz_p_br_4 stnt1d_mz_p_br_4 }
    sme::mortlach_multi_mem_nctg::mortlach_multi2_cld_cldnt_si_nctg { ld1b_mzx_p_bi_2x8
        ldnt1b_mzx_p_bi_2x8 ld1h_mzx_p_bi_2x8 ldnt1h_mzx_p_bi_2x8 ld1w_mzx_p_bi_2x8 ldnt1w_mzx_p_bi_2x8
        ld1d_mzx_p_bi_2x8 ldnt1d_mzx_p_bi_2x8 }
    sme::mortlach_multi_mem_nctg::mortlach_multi2_cld_cldnt_ss_nctg { ld1b_mzx_p_br_2x8
        ldnt1b_mzx_p_br_2x8 ld1h_mzx_p_br_2x8 ldnt1h_mzx_p_br_2x8 ld1w_mzx_p_br_2x8 ldnt1w_mzx_p_br_2x8
        ld1d_mzx_p_br_2x8 ldnt1d_mzx_p_br_2x8 }
    sme::mortlach_multi_mem_nctg::mortlach_multi2_cst_cstnt_si_nctg { st1b_mzx_p_bi_2x8
        stnt1b_mzx_p_bi_2x8 st1h_mzx_p_bi_2x8 stnt1h_mzx_p_bi_2x8 st1w_mzx_p_bi_2x8 stnt1w_mzx_p_bi_2x8
        st1d_mzx_p_bi_2x8 stnt1d_mzx_p_bi_2x8 }
    sme::mortlach_multi_mem_nctg::mortlach_multi2_cst_cstnt_ss_nctg { st1b_mzx_p_br_2x8
        stnt1b_mzx_p_br_2x8 st1h_mzx_p_br_2x8 stnt1h_mzx_p_br_2x8 st1w_mzx_p_br_2x8 stnt1w_mzx_p_br_2x8
        st1d_mzx_p_br_2x8 stnt1d_mzx_p_br_2x8 }
    sme::mortlach_multi_mem_nctg::mortlach_multi4_cld_cldnt_si_nctg { ld1b_mzx_p_bi_4x4
        ldnt1b_mzx_p_bi_4x4 ld1h_mzx_p_bi_4x4 ldnt1h_mzx_p_bi_4x4 ld1w_mzx_p_bi_4x4 ldnt1w_mzx_p_bi_4x4
        ld1d_mzx_p_bi_4x4 ldnt1d_mzx_p_bi_4x4 }
    sme::mortlach_multi_mem_nctg::mortlach_multi4_cld_cldnt_ss_nctg { ld1b_mzx_p_br_4x4
        ldnt1b_mzx_p_br_4x4 ld1h_mzx_p_br_4x4 ldnt1h_mzx_p_br_4x4 ld1w_mzx_p_br_4x4 ldnt1w_mzx_p_br_4x4
        ld1d_mzx_p_br_4x4 ldnt1d_mzx_p_br_4x4 }
    sme::mortlach_multi_mem_nctg::mortlach_multi4_cst_cstnt_si_nctg { st1b_mzx_p_bi_4x4
        stnt1b_mzx_p_bi_4x4 st1h_mzx_p_bi_4x4 stnt1h_mzx_p_bi_4x4 st1w_mzx_p_bi_4x4 stnt1w_mzx_p_bi_4x4
        st1d_mzx_p_bi_4x4 stnt1d_mzx_p_bi_4x4 }
    sme::mortlach_multi_mem_nctg::mortlach_multi4_cst_cstnt_ss_nctg { st1b_mzx_p_br_4x4
        stnt1b_mzx_p_br_4x4 st1h_mzx_p_br_4x4 stnt1h_mzx_p_br_4x4 st1w_mzx_p_br_4x4 stnt1w_mzx_p_br_4x4
        st1d_mzx_p_br_4x4 stnt1d_mzx_p_br_4x4 }
    sme::mortlach_multi_sve_1::mortlach_multi2_select_int { sel_mz_p_zz_2 }
    sme::mortlach_multi_sve_1::mortlach_multi4_select_int { sel_mz_p_zz_4 }
    sme::mortlach_multi_sve_2a::mortlach_multi2_z_z_add_sm { add_mz_zzv_2x1 }
    sme::mortlach_multi_sve_2a::mortlach_multi2_z_z_fminmax_sm { fmax_mz_zzv_2x1 bfmax_mz_zzv_2x1
        fmin_mz_zzv_2x1 bfmin_mz_zzv_2x1 fmaxnm_mz_zzv_2x1 bfmaxnm_mz_zzv_2x1 fminnm_mz_zzv_2x1
        bfminnm_mz_zzv_2x1 }
    sme::mortlach_multi_sve_2a::mortlach_multi2_z_z_fscale_sm { fscale_mz_zzv_2x1 bfscale_mz_zzv_2x1 }
    sme::mortlach_multi_sve_2a::mortlach_multi2_z_z_minmax_sm { smax_mz_zzv_2x1 smin_mz_zzv_2x1
        umax_mz_zzv_2x1 umin_mz_zzv_2x1 }
    sme::mortlach_multi_sve_2a::mortlach_multi2_z_z_shift_sm { srshl_mz_zzv_2x1 urshl_mz_zzv_2x1 }
    sme::mortlach_multi_sve_2a::mortlach_multi2_z_z_sqdmulh_sm { sqdmulh_mz_zzv_2x1 }
    sme::mortlach_multi_sve_2b::mortlach_multi4_z_z_add_sm { add_mz_zzv_4x1 }
    sme::mortlach_multi_sve_2b::mortlach_multi4_z_z_fminmax_sm { fmax_mz_zzv_4x1 bfmax_mz_zzv_4x1
        fmin_mz_zzv_4x1 bfmin_mz_zzv_4x1 fmaxnm_mz_zzv_4x1 bfmaxnm_mz_zzv_4x1 fminnm_mz_zzv_4x1
        bfminnm_mz_zzv_4x1 }
    sme::mortlach_multi_sve_2b::mortlach_multi4_z_z_fscale_sm { fscale_mz_zzv_4x1 bfscale_mz_zzv_4x1 }
    sme::mortlach_multi_sve_2b::mortlach_multi4_z_z_minmax_sm { smax_mz_zzv_4x1 smin_mz_zzv_4x1
        umax_mz_zzv_4x1 umin_mz_zzv_4x1 }
    sme::mortlach_multi_sve_2b::mortlach_multi4_z_z_shift_sm { srshl_mz_zzv_4x1 urshl_mz_zzv_4x1 }
    sme::mortlach_multi_sve_2b::mortlach_multi4_z_z_sqdmulh_sm { sqdmulh_mz_zzv_4x1 }
    sme::mortlach_multi_sve_2c0::mortlach_multi2_z_z_fminmax_mm { fmax_mz_zzw_2x2 bfmax_mz_zzw_2x2
        fmin_mz_zzw_2x2 bfmin_mz_zzw_2x2 fmaxnm_mz_zzw_2x2 bfmaxnm_mz_zzw_2x2 fminnm_mz_zzw_2x2
        bfminnm_mz_zzw_2x2 famax_mz_zzw_2x2 famin_mz_zzw_2x2 }
    sme::mortlach_multi_sve_2c0::mortlach_multi2_z_z_fscale_mm { fscale_mz_zzw_2x2 bfscale_mz_zzw_2x2 }
    sme::mortlach_multi_sve_2c0::mortlach_multi2_z_z_minmax_mm { smax_mz_zzw_2x2 smin_mz_zzw_2x2
        umax_mz_zzw_2x2 umin_mz_zzw_2x2 }
    sme::mortlach_multi_sve_2c0::mortlach_multi2_z_z_shift_mm { srshl_mz_zzw_2x2 urshl_mz_zzw_2x2 }
    sme::mortlach_multi_sve_2c1::mortlach_multi2_z_z_sqdmulh_mm { sqdmulh_mz_zzw_2x2 }
    sme::mortlach_multi_sve_2d0::mortlach_multi4_z_z_fminmax_mm { fmax_mz_zzw_4x4 bfmax_mz_zzw_4x4
        fmin_mz_zzw_4x4 bfmin_mz_zzw_4x4 fmaxnm_mz_zzw_4x4 bfmaxnm_mz_zzw_4x4 fminnm_mz_zzw_4x4
        bfminnm_mz_zzw_4x4 famax_mz_zzw_4x4 famin_mz_zzw_4x4 }
    sme::mortlach_multi_sve_2d0::mortlach_multi4_z_z_fscale_mm { fscale_mz_zzw_4x4 bfscale_mz_zzw_4x4 }
    sme::mortlach_multi_sve_2d0::mortlach_multi4_z_z_minmax_mm { smax_mz_zzw_4x4 smin_mz_zzw_4x4
        umax_mz_zzw_4x4 umin_mz_zzw_4x4 }
    sme::mortlach_multi_sve_2d0::mortlach_multi4_z_z_shift_mm { srshl_mz_zzw_4x4 urshl_mz_zzw_4x4 }
    sme::mortlach_multi_sve_2d1::mortlach_multi4_z_z_sqdmulh_mm { sqdmulh_mz_zzw_4x4 }
    sme::mortlach_multi_sve_3::mortlach_multi2_clamp_int { sclamp_mz_zz_2 uclamp_mz_zz_2 }
    sme::mortlach_multi_sve_3::mortlach_multi2_fclamp { fclamp_mz_zz_2 bfclamp_mz_zz_2 }
    sme::mortlach_multi_sve_3::mortlach_multi2_qrshr { sqrshr_z_mz2_ sqrshru_z_mz2_ uqrshr_z_mz2_ }
    sme::mortlach_multi_sve_3::mortlach_multi2_z_z_long_zip { zip_mz_zz_2q uzp_mz_zz_2q }
    sme::mortlach_multi_sve_3::mortlach_multi2_z_z_zip { zip_mz_zz_2 uzp_mz_zz_2 }
    sme::mortlach_multi_sve_3::mortlach_multi4_clamp_int { sclamp_mz_zz_4 uclamp_mz_zz_4 }
    sme::mortlach_multi_sve_3::mortlach_multi4_fclamp { fclamp_mz_zz_4 bfclamp_mz_zz_4 }
    sme::mortlach_multi_sve_3::mortlach_multi4_qrshr { sqrshr_z_mz4_ sqrshru_z_mz4_ sqrshrn_z_mz4_
        sqrshrun_z_mz4_ uqrshr_z_mz4_ uqrshrn_z_mz4_ }
    sme::mortlach_multi_sve_4::mortlach_multi2_fpint_cvrt { fcvtzs_mz_z_2 fcvtzu_mz_z_2 }
    sme::mortlach_multi_sve_4::mortlach_multi2_frint { frintn_mz_z_2 frintp_mz_z_2 frintm_mz_z_2
        frinta_mz_z_2 }
    sme::mortlach_multi_sve_4::mortlach_multi2_intfp_cvrt { scvtf_mz_z_2 ucvtf_mz_z_2 }
    sme::mortlach_multi_sve_4::mortlach_multi2_narrow_fp8_cvrt { bfcvt_z8_mz2_ fcvt_z8_mz2_ }
    sme::mortlach_multi_sve_4::mortlach_multi2_narrow_fp_cvrt { bfcvt_z_mz2_ fcvt_z_mz2_ bfcvtn_z_mz2_
        fcvtn_z_mz2_ }
    sme::mortlach_multi_sve_4::mortlach_multi2_narrow_int_cvrt { sqcvt_z_mz2_ sqcvtu_z_mz2_ uqcvt_z_mz2_ }
    sme::mortlach_multi_sve_4::mortlach_multi2_wide_fp8_cvrt { f1cvt_mz2_z8_ bf1cvt_mz2_z8_ f2cvt_mz2_z8_
        bf2cvt_mz2_z8_ f1cvtl_mz2_z8_ bf1cvtl_mz2_z8_ f2cvtl_mz2_z8_ bf2cvtl_mz2_z8_ }
    sme::mortlach_multi_sve_4::mortlach_multi2_wide_fp_cvrt { fcvt_mz2_z_ fcvtl_mz2_z_ }
    sme::mortlach_multi_sve_4::mortlach_multi2_wide_int { sunpk_mz_z_2 uunpk_mz_z_2 }
    sme::mortlach_multi_sve_4::mortlach_multi4_fpint_cvrt { fcvtzs_mz_z_4 fcvtzu_mz_z_4 }
    sme::mortlach_multi_sve_4::mortlach_multi4_frint { frintn_mz_z_4 frintp_mz_z_4 frintm_mz_z_4
        frinta_mz_z_4 }
    sme::mortlach_multi_sve_4::mortlach_multi4_intfp_cvrt { scvtf_mz_z_4 ucvtf_mz_z_4 }
    sme::mortlach_multi_sve_4::mortlach_multi4_narrow_fp8_cvrt { fcvt_z8_mz4_ fcvtn_z8_mz4_ }
    sme::mortlach_multi_sve_4::mortlach_multi4_narrow_int_cvrt { sqcvt_z_mz4_ sqcvtu_z_mz4_ sqcvtn_z_mz4_
        sqcvtun_z_mz4_ uqcvt_z_mz4_ uqcvtn_z_mz4_ }
    sme::mortlach_multi_sve_4::mortlach_multi4_wide_int { sunpk_mz_z_4 uunpk_mz_z_4 }
    sme::mortlach_multi_sve_4::mortlach_multi4_z_z_long_zip { zip_mz_z_4q uzp_mz_z_4q }
    sme::mortlach_multi_sve_4::mortlach_multi4_z_z_zip { zip_mz_z_4 uzp_mz_z_4 }
    sme::mortlach_multi_sve_5a::mortlach_multi2_fmul_mm { fmul_mz_zzw_2x2 bfmul_mz_zzw_2x2 }
    sme::mortlach_multi_sve_5a::mortlach_multi4_fmul_mm { fmul_mz_zzw_4x4 bfmul_mz_zzw_4x4 }
    sme::mortlach_multi_sve_5b::mortlach_multi2_fmul_sm { fmul_mz_zzv_2x1 bfmul_mz_zzv_2x1 }
    sme::mortlach_multi_sve_5b::mortlach_multi4_fmul_sm { fmul_mz_zzv_4x1 bfmul_mz_zzv_4x1 }
    sme::mortlach_multi_sve_6::mortlach_multi4_lut6_16_ctg { luti6_mz4_zmz2_1 }
    sme::mortlach_multi_sve_6::mortlach_multi4_lut6_16_nctg { luti6_mz4_zmz2_4 }
    sme::mortlach_multizero::mortlach_multi_zero { zero_za1_ri_2 zero_za1_ri_4 zero_za2_ri_1 zero_za2_ri_2
        zero_za2_ri_4 zero_za4_ri_1 zero_za4_ri_2 zero_za4_ri_4 }
    sme::mortlach_zero::mortlach_zero { zero_za_i_ }
    sme::mortlach_zt_expand_ctg::mortlach_expand_1dst { luti2_z_ztz_ luti4_z_ztz_ luti6_z_ztz_ }
    sme::mortlach_zt_expand_ctg::mortlach_expand_2dst_ctg { luti2_mz2_ztz_1 luti4_mz2_ztz_1 }
    sme::mortlach_zt_expand_ctg::mortlach_expand_4dst2src_ctg { luti4_mz4_ztmz2_1 }
    sme::mortlach_zt_expand_ctg::mortlach_expand_4dst3src_ctg { luti6_mz4_ztmz3_1 }
    sme::mortlach_zt_expand_ctg::mortlach_expand_4dst_ctg { luti2_mz4_ztz_1 luti4_mz4_ztz_1 }
    sme::mortlach_zt_expand_nctg::mortlach_expand_2dst_nctg { luti2_mz2_ztz_8 luti4_mz2_ztz_8 }
    sme::mortlach_zt_expand_nctg::mortlach_expand_4dst2src_nctg { luti4_mz4_ztmz2_4 }
    sme::mortlach_zt_expand_nctg::mortlach_expand_4dst3src_nctg { luti6_mz4_ztmz3_4 }
    sme::mortlach_zt_expand_nctg::mortlach_expand_4dst_nctg { luti2_mz4_ztz_4 luti4_mz4_ztz_4 }
];
