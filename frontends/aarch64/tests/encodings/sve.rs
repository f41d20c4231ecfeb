//! Scalable vectors (FEAT_SVE and what builds on it).

use crate::{Table, tables};

/// By the specification's tables.
#[rustfmt::skip]
pub const TABLES: &[Table] = tables![
    sve::sve_abal::sve_abal { sabal_z_zz_ uabal_z_zz_ }
    sve::sve_alloca::sve_int_arith_svl { addsvl_r_ri_ addspl_r_ri_ }
    sve::sve_alloca::sve_int_arith_vl { addvl_r_ri_ addpl_r_ri_ }
    sve::sve_alloca::sve_int_read_svl_a { rdsvl_r_i_ }
    sve::sve_alloca::sve_int_read_vl_a { rdvl_r_i_ }
    sve::sve_cmpgpr::sve_int_cterm { ctermeq_rr_ ctermne_rr_ }
    sve::sve_cmpgpr::sve_int_while_rr { whilege_p_p_rr_ whilehs_p_p_rr_ whilegt_p_p_rr_ whilehi_p_p_rr_
        whilelt_p_p_rr_ whilelo_p_p_rr_ whilele_p_p_rr_ whilels_p_p_rr_ }
    sve::sve_cmpgpr::sve_int_whilenc { whilewr_p_rr_ whilerw_p_rr_ }
    sve::sve_cmpsimm::sve_int_scmp_vi { cmpge_p_p_zi_ cmpeq_p_p_zi_ cmplt_p_p_zi_ cmpgt_p_p_zi_
        cmpne_p_p_zi_ cmple_p_p_zi_ }
    sve::sve_cmpuimm::sve_int_ucmp_vi { cmphs_p_p_zi_ cmphi_p_p_zi_ cmplo_p_p_zi_ cmpls_p_p_zi_ }
    sve::sve_cmpvec::sve_int_cmp_0 { cmphs_p_p_zz_ cmpge_p_p_zz_ cmpeq_p_p_zw_ cmpeq_p_p_zz_ cmphi_p_p_zz_
        cmpgt_p_p_zz_ cmpne_p_p_zw_ cmpne_p_p_zz_ }
    sve::sve_cmpvec::sve_int_cmp_1 { cmpge_p_p_zw_ cmphs_p_p_zw_ cmpgt_p_p_zw_ cmphi_p_p_zw_ cmplt_p_p_zw_
        cmplo_p_p_zw_ cmple_p_p_zw_ cmpls_p_p_zw_ }
    sve::sve_countelt::sve_int_count { cntb_r_s_ cnth_r_s_ cntw_r_s_ cntd_r_s_ }
    sve::sve_countelt::sve_int_countvlv0 { sqinch_z_zs_ sqdech_z_zs_ uqinch_z_zs_ uqdech_z_zs_
        sqincw_z_zs_ sqdecw_z_zs_ uqincw_z_zs_ uqdecw_z_zs_ sqincd_z_zs_ sqdecd_z_zs_ uqincd_z_zs_
        uqdecd_z_zs_ }
    sve::sve_countelt::sve_int_countvlv1 { inch_z_zs_ dech_z_zs_ incw_z_zs_ decw_z_zs_ incd_z_zs_ decd_z_zs_ }
    sve::sve_countelt::sve_int_pred_pattern_a { incb_r_rs_ decb_r_rs_ inch_r_rs_ dech_r_rs_ incw_r_rs_
        decw_r_rs_ incd_r_rs_ decd_r_rs_ }
    sve::sve_countelt::sve_int_pred_pattern_b { sqincb_r_rs_sx uqincb_r_rs_uw sqdecb_r_rs_sx
        uqdecb_r_rs_uw sqincb_r_rs_x sqdecb_r_rs_x sqinch_r_rs_sx uqinch_r_rs_uw sqdech_r_rs_sx
        uqdech_r_rs_uw sqinch_r_rs_x sqdech_r_rs_x sqincw_r_rs_sx uqincw_r_rs_uw sqdecw_r_rs_sx
        uqdecw_r_rs_uw sqincw_r_rs_x sqdecw_r_rs_x sqincd_r_rs_sx uqincd_r_rs_uw sqdecd_r_rs_sx
        uqdecd_r_rs_uw sqincd_r_rs_x sqdecd_r_rs_x uqincb_r_rs_x uqdecb_r_rs_x uqinch_r_rs_x uqdech_r_rs_x
        uqincw_r_rs_x uqdecw_r_rs_x uqincd_r_rs_x uqdecd_r_rs_x }
    sve::sve_fp8_fma_w::sve_fp8_fma_long { fmlalb_z_z8z8z8_ fmlalt_z_z8z8z8_ }
    sve::sve_fp8_fma_w::sve_fp8_fma_long_long { fmlallbb_z32_z8z8z8_ fmlallbt_z32_z8z8z8_
        fmlalltb_z32_z8z8z8_ fmlalltt_z32_z8z8z8_ }
    sve::sve_fp8_fma_w_by_indexed_elem::sve_fp8_fma_long_by_indexed_elem { fmlalb_z_z8z8z8i_
        fmlalt_z_z8z8z8i_ }
    sve::sve_fp8_fma_ww_by_indexed_elem::sve_fp8_fma_long_long_by_indexed_elem { fmlallbb_z32_z8z8z8i_
        fmlallbt_z32_z8z8z8i_ fmlalltb_z32_z8z8z8i_ fmlalltt_z32_z8z8z8i_ }
    sve::sve_fp8_fmmla::sve_fp8_fmmla { fmmla_z32_zz8z8_ fmmla_z16_zz8z8_ }
    sve::sve_fp_clamp::sve_fp_clamp { fclamp_z_zz_ bfclamp_z_zz_ }
    sve::sve_fp_cmpvev::sve_fp_3op_p_pd { fcmge_p_p_zz_ fcmuo_p_p_zz_ facge_p_p_zz_ facgt_p_p_zz_
        fcmgt_p_p_zz_ fcmeq_p_p_zz_ fcmne_p_p_zz_ }
    sve::sve_fp_cmpzero::sve_fp_2op_p_pd { fcmge_p_p_z0_ fcmeq_p_p_z0_ fcmgt_p_p_z0_ fcmlt_p_p_z0_
        fcmne_p_p_z0_ fcmle_p_p_z0_ }
    sve::sve_fp_fastreduce::sve_fp_fast_red { faddv_v_p_z_ fmaxnmv_v_p_z_ fminnmv_v_p_z_ fmaxv_v_p_z_
        fminv_v_p_z_ }
    sve::sve_fp_fastreduce_1::sve_fp_fast_red_1 { fmaxinmv_v_p_z_ fmininmv_v_p_z_ fmaxmginmv_v_p_z_
        fminmginmv_v_p_z_ fmaxmgv_v_p_z_ fminmgv_v_p_z_ }
    sve::sve_fp_fastreduceq::sve_fp_fast_redq { faddqv_z_p_z_ fmaxnmqv_z_p_z_ fminnmqv_z_p_z_
        fmaxqv_z_p_z_ fminqv_z_p_z_ }
    sve::sve_fp_fcadd::sve_fp_fcadd { fcadd_z_p_zz_ }
    sve::sve_fp_fcmla::sve_fp_fcmla { fcmla_z_p_zzz_ }
    sve::sve_fp_fcmla_by_indexed_elem::sve_fp_fcmla_by_indexed_elem { fcmla_z_zzzi_h fcmla_z_zzzi_s }
    sve::sve_fp_fcvt2::sve_fp_fcvt2 { fcvtxnt_z_p_z_d2s fcvtnt_z_p_z_s2h fcvtlt_z_p_z_h2s
        bfcvtnt_z_p_z_s2bf fcvtnt_z_p_z_d2s fcvtlt_z_p_z_s2d }
    sve::sve_fp_fcvt2z::sve_fp_fcvt2z { fcvtxnt_z_p_z_d2sz fcvtnt_z_p_z_s2hz fcvtlt_z_p_z_h2sz
        bfcvtnt_z_p_z_s2bfz fcvtnt_z_p_z_d2sz fcvtlt_z_p_z_s2dz }
    sve::sve_fp_fma::sve_fp_3op_p_zds_a { fmla_z_p_zzz_ bfmla_z_p_zzz_ fmls_z_p_zzz_ bfmls_z_p_zzz_
        fnmla_z_p_zzz_ fnmls_z_p_zzz_ }
    sve::sve_fp_fma::sve_fp_3op_p_zds_b { fmad_z_p_zzz_ fmsb_z_p_zzz_ fnmad_z_p_zzz_ fnmsb_z_p_zzz_ }
    sve::sve_fp_fma_by_indexed_elem::sve_fp_fma_by_indexed_elem { fmla_z_zzzi_h bfmla_z_zzzi_h
        fmla_z_zzzi_s fmla_z_zzzi_d fmls_z_zzzi_h bfmls_z_zzzi_h fmls_z_zzzi_s fmls_z_zzzi_d }
    sve::sve_fp_fma_w::sve_fp_fdot { fdot_z_zzz_ bfdot_z_zzz_ fdot_z_zz8z8_ fdot_z32_zz8z8_ }
    sve::sve_fp_fma_w::sve_fp_fma_long { fmlalb_z_zzz_ bfmlalb_z_zzz_ fmlslb_z_zzz_ bfmlslb_z_zzz_
        fmlalt_z_zzz_ bfmlalt_z_zzz_ fmlslt_z_zzz_ bfmlslt_z_zzz_ }
    sve::sve_fp_fma_w_by_indexed_elem::sve_fp_fdot_by_indexed_elem { fdot_z_zzzi_ bfdot_z_zzzi_
        fdot_z_zz8z8i_ fdot_z32_zz8z8i_ }
    sve::sve_fp_fma_w_by_indexed_elem::sve_fp_fma_long_by_indexed_elem { fmlalb_z_zzzi_s bfmlalb_z_zzzi_
        fmlslb_z_zzzi_s bfmlslb_z_zzzi_ fmlalt_z_zzzi_s bfmlalt_z_zzzi_ fmlslt_z_zzzi_s bfmlslt_z_zzzi_ }
    sve::sve_fp_fmmla::sve_fp_fmmla { fmmla_z32_zzz_h bfmmla_z_zzz_ fmmla_z_zzz_s fmmla_z_zzz_d }
    sve::sve_fp_fmmla_nw::sve_fp_fmmla_nw { fmmla_z_zzz_h bfmmla_z_zzz_h }
    sve::sve_fp_fmul_by_indexed_elem::sve_fp_fmul_by_indexed_elem { fmul_z_zzi_h bfmul_z_zzi_h
        fmul_z_zzi_s fmul_z_zzi_d }
    sve::sve_fp_pairwise::sve_fp_pairwise { faddp_z_p_zz_ fmaxnmp_z_p_zz_ fminnmp_z_p_zz_ fmaxp_z_p_zz_
        fminp_z_p_zz_ }
    sve::sve_fp_pred::sve_fp_2op_i_p_zds { fadd_z_p_zs_ fsub_z_p_zs_ fmul_z_p_zs_ fsubr_z_p_zs_
        fmaxnm_z_p_zs_ fminnm_z_p_zs_ fmax_z_p_zs_ fmin_z_p_zs_ }
    sve::sve_fp_pred::sve_fp_2op_p_zds { fadd_z_p_zz_ bfadd_z_p_zz_ fsub_z_p_zz_ bfsub_z_p_zz_
        fmul_z_p_zz_ bfmul_z_p_zz_ fsubr_z_p_zz_ fmaxnm_z_p_zz_ bfmaxnm_z_p_zz_ fminnm_z_p_zz_
        bfminnm_z_p_zz_ fmax_z_p_zz_ bfmax_z_p_zz_ fmin_z_p_zz_ bfmin_z_p_zz_ fabd_z_p_zz_ fscale_z_p_zz_
        bfscale_z_p_zz_ fmulx_z_p_zz_ fdivr_z_p_zz_ fdiv_z_p_zz_ famax_z_p_zz_ famin_z_p_zz_ }
    sve::sve_fp_pred::sve_fp_ftmad { ftmad_z_zzi_ }
    sve::sve_fp_pred_maxmin::sve_fp_maxmin { fmaxinm_z_p_zz_ fmininm_z_p_zz_ fmaxmginm_z_p_zz_
        fminmginm_z_p_zz_ fmaxmg_z_p_zz_ fminmg_z_p_zz_ }
    sve::sve_fp_slowreduce::sve_fp_2op_p_vd { fadda_v_p_z_ }
    sve::sve_fp_unary::sve_fp_2op_p_zd_a { frintn_z_p_z_m frintp_z_p_z_m frintm_z_p_z_m frintz_z_p_z_m
        frinta_z_p_z_m frintx_z_p_z_m frinti_z_p_z_m }
    sve::sve_fp_unary::sve_fp_2op_p_zd_b_0 { fcvtx_z_p_z_d2s fcvt_z_p_z_s2h fcvt_z_p_z_h2s
        bfcvt_z_p_z_s2bf fcvt_z_p_z_d2h fcvt_z_p_z_h2d fcvt_z_p_z_d2s fcvt_z_p_z_s2d }
    sve::sve_fp_unary::sve_fp_2op_p_zd_b_1 { frecpx_z_p_z_m fsqrt_z_p_z_m }
    sve::sve_fp_unary::sve_fp_2op_p_zd_c { frint32z_z_p_z_m frint32x_z_p_z_m frint64z_z_p_z_m
        frint64x_z_p_z_m scvtf_z_p_z_w2s scvtf_z_p_z_w2d scvtf_z_p_z_x2s scvtf_z_p_z_x2d
        scvtf_z_p_z_h2fp16 scvtf_z_p_z_w2fp16 scvtf_z_p_z_x2fp16 ucvtf_z_p_z_w2s ucvtf_z_p_z_w2d
        ucvtf_z_p_z_x2s ucvtf_z_p_z_x2d ucvtf_z_p_z_h2fp16 ucvtf_z_p_z_w2fp16 ucvtf_z_p_z_x2fp16 }
    sve::sve_fp_unary::sve_fp_2op_p_zd_d { flogb_z_p_z_m fcvtzs_z_p_z_s2w fcvtzs_z_p_z_d2w
        fcvtzs_z_p_z_s2x fcvtzs_z_p_z_d2x fcvtzs_z_p_z_fp162h fcvtzs_z_p_z_fp162w fcvtzs_z_p_z_fp162x
        fcvtzu_z_p_z_s2w fcvtzu_z_p_z_d2w fcvtzu_z_p_z_s2x fcvtzu_z_p_z_d2x fcvtzu_z_p_z_fp162h
        fcvtzu_z_p_z_fp162w fcvtzu_z_p_z_fp162x }
    sve::sve_fp_unary_unpred::sve_fp8_fcvt_narrow { fcvtn_z8_mz2_h2b fcvtnb_z8_mz2_s2b bfcvtn_z8_mz2_bf2b
        fcvtnt_z8_mz2_s2b }
    sve::sve_fp_unary_unpred::sve_fp8_fcvt_wide { f1cvt_z_z8_b2h f2cvt_z_z8_b2h bf1cvt_z_z8_b2bf
        bf2cvt_z_z8_b2bf f1cvtlt_z_z8_b2h f2cvtlt_z_z8_b2h bf1cvtlt_z_z8_b2bf bf2cvtlt_z_z8_b2bf }
    sve::sve_fp_unary_unpred::sve_fp_2op_u_zd { frecpe_z_z_ frsqrte_z_z_ }
    sve::sve_fp_unary_unpred::sve_fp_fcvtzu_narrow { fcvtzsn_z_mz2_ fcvtzun_z_mz2_ }
    sve::sve_fp_unary_unpred::sve_fp_ucvtf_wide { scvtf_z_z_ scvtflt_z_z_ ucvtf_z_z_ ucvtflt_z_z_ }
    sve::sve_fp_unpred::sve_fp_3op_u_zd { fadd_z_zz_ bfadd_z_zz_ fsub_z_zz_ bfsub_z_zz_ fmul_z_zz_
        bfmul_z_zz_ ftsmul_z_zz_ fcmtl_p_zz_ fcmtlmg_p_zz_ frecps_z_zz_ frsqrts_z_zz_ }
    sve::sve_fp_zeroing_unary::sve_fp_z2op_p_zd_a { frintn_z_p_z_z frintp_z_p_z_z frintm_z_p_z_z
        frintz_z_p_z_z frinta_z_p_z_z frintx_z_p_z_z frinti_z_p_z_z }
    sve::sve_fp_zeroing_unary::sve_fp_z2op_p_zd_b_0 { fcvtx_z_p_z_d2sz fcvt_z_p_z_s2hz fcvt_z_p_z_h2sz
        bfcvt_z_p_z_s2bfz fcvt_z_p_z_d2hz fcvt_z_p_z_h2dz fcvt_z_p_z_d2sz fcvt_z_p_z_s2dz }
    sve::sve_fp_zeroing_unary::sve_fp_z2op_p_zd_b_1 { frecpx_z_p_z_z fsqrt_z_p_z_z }
    sve::sve_fp_zeroing_unary::sve_fp_z2op_p_zd_c { frint32z_z_p_z_z frint32x_z_p_z_z frint64z_z_p_z_z
        frint64x_z_p_z_z scvtf_z_p_z_w2sz scvtf_z_p_z_w2dz scvtf_z_p_z_x2sz scvtf_z_p_z_x2dz
        scvtf_z_p_z_h2fp16z scvtf_z_p_z_w2fp16z scvtf_z_p_z_x2fp16z ucvtf_z_p_z_w2sz ucvtf_z_p_z_w2dz
        ucvtf_z_p_z_x2sz ucvtf_z_p_z_x2dz ucvtf_z_p_z_h2fp16z ucvtf_z_p_z_w2fp16z ucvtf_z_p_z_x2fp16z }
    sve::sve_fp_zeroing_unary::sve_fp_z2op_p_zd_d { flogb_z_p_z_z fcvtzs_z_p_z_s2wz fcvtzs_z_p_z_d2wz
        fcvtzs_z_p_z_s2xz fcvtzs_z_p_z_d2xz fcvtzs_z_p_z_fp162hz fcvtzs_z_p_z_fp162wz fcvtzs_z_p_z_fp162xz
        fcvtzu_z_p_z_s2wz fcvtzu_z_p_z_d2wz fcvtzu_z_p_z_s2xz fcvtzu_z_p_z_d2xz fcvtzu_z_p_z_fp162hz
        fcvtzu_z_p_z_fp162wz fcvtzu_z_p_z_fp162xz }
    sve::sve_index::sve_int_index_ii { index_z_ii_ }
    sve::sve_index::sve_int_index_ir { index_z_ir_ }
    sve::sve_index::sve_int_index_ri { index_z_ri_ }
    sve::sve_index::sve_int_index_rr { index_z_rr_ }
    sve::sve_int_adr::sve_int_bin_cons_misc_0_a { adr_z_az_d_s32_scaled adr_z_az_d_u32_scaled
        adr_z_az_sd_same_scaled }
    sve::sve_int_muladd_pred::sve_int_mladdsub_vvv_pred { mad_z_p_zzz_ msb_z_p_zzz_ }
    sve::sve_int_muladd_pred::sve_int_mlas_vvv_pred { mla_z_p_zzz_ mls_z_p_zzz_ }
    sve::sve_int_pred_bin::sve_int_bin_pred_arit_0 { add_z_p_zz_ sub_z_p_zz_ subr_z_p_zz_ addpt_z_p_zz_
        subpt_z_p_zz_ }
    sve::sve_int_pred_bin::sve_int_bin_pred_arit_1 { smax_z_p_zz_ smin_z_p_zz_ sabd_z_p_zz_ umax_z_p_zz_
        umin_z_p_zz_ uabd_z_p_zz_ }
    sve::sve_int_pred_bin::sve_int_bin_pred_arit_2 { mul_z_p_zz_ smulh_z_p_zz_ umulh_z_p_zz_ }
    sve::sve_int_pred_bin::sve_int_bin_pred_div { sdiv_z_p_zz_ sdivr_z_p_zz_ udiv_z_p_zz_ udivr_z_p_zz_ }
    sve::sve_int_pred_bin::sve_int_bin_pred_log { orr_z_p_zz_ eor_z_p_zz_ and_z_p_zz_ bic_z_p_zz_ }
    sve::sve_int_pred_red::sve_int_movprfx_pred { movprfx_z_p_z_ }
    sve::sve_int_pred_red::sve_int_reduce_0 { saddv_r_p_z_ uaddv_r_p_z_ }
    sve::sve_int_pred_red::sve_int_reduce_0q { addqv_z_p_z_ }
    sve::sve_int_pred_red::sve_int_reduce_1 { smaxv_r_p_z_ sminv_r_p_z_ umaxv_r_p_z_ uminv_r_p_z_ }
    sve::sve_int_pred_red::sve_int_reduce_1q { smaxqv_z_p_z_ sminqv_z_p_z_ umaxqv_z_p_z_ uminqv_z_p_z_ }
    sve::sve_int_pred_red::sve_int_reduce_2 { orv_r_p_z_ eorv_r_p_z_ andv_r_p_z_ }
    sve::sve_int_pred_red::sve_int_reduce_2q { orqv_z_p_z_ eorqv_z_p_z_ andqv_z_p_z_ }
    sve::sve_int_pred_shift::sve_int_bin_pred_shift_0 { asr_z_p_zi_ lsl_z_p_zi_ asrd_z_p_zi_ sqshl_z_p_zi_
        srshr_z_p_zi_ sqshlu_z_p_zi_ lsr_z_p_zi_ uqshl_z_p_zi_ urshr_z_p_zi_ }
    sve::sve_int_pred_shift::sve_int_bin_pred_shift_1 { asr_z_p_zz_ lsl_z_p_zz_ asrr_z_p_zz_ lslr_z_p_zz_
        lsr_z_p_zz_ lsrr_z_p_zz_ }
    sve::sve_int_pred_shift::sve_int_bin_pred_shift_2 { asr_z_p_zw_ lsl_z_p_zw_ lsr_z_p_zw_ }
    sve::sve_int_pred_un::sve_int_un_pred_arit_0 { abs_z_p_z_m abs_z_p_z_z neg_z_p_z_m neg_z_p_z_z
        sxtw_z_p_z_m sxtw_z_p_z_z sxth_z_p_z_m sxth_z_p_z_z sxtb_z_p_z_m sxtb_z_p_z_z uxtw_z_p_z_m
        uxtw_z_p_z_z uxth_z_p_z_m uxth_z_p_z_z uxtb_z_p_z_m uxtb_z_p_z_z }
    sve::sve_int_pred_un::sve_int_un_pred_arit_1 { cls_z_p_z_m cls_z_p_z_z clz_z_p_z_m clz_z_p_z_z
        cnt_z_p_z_m cnt_z_p_z_z cnot_z_p_z_m cnot_z_p_z_z fabs_z_p_z_m fabs_z_p_z_z fneg_z_p_z_m
        fneg_z_p_z_z not_z_p_z_m not_z_p_z_z }
    sve::sve_int_select::sve_int_sel_vvv { sel_z_p_zz_ }
    sve::sve_int_unpred_arit::sve_int_bin_cons_arit_0 { add_z_zz_ sub_z_zz_ addpt_z_zz_ subpt_z_zz_
        sqadd_z_zz_ sqsub_z_zz_ uqadd_z_zz_ uqsub_z_zz_ }
    sve::sve_int_unpred_arit_b::sve_int_addqp { addqp_z_zz_ }
    sve::sve_int_unpred_arit_b::sve_int_addsubp { addsubp_z_zz_ }
    sve::sve_int_unpred_arit_b::sve_int_mul_b { mul_z_zz_ pmul_z_zz_ smulh_z_zz_ umulh_z_zz_ }
    sve::sve_int_unpred_arit_b::sve_int_sqdmulh { sqdmulh_z_zz_ sqrdmulh_z_zz_ }
    sve::sve_int_unpred_logical::sve_int_bin_cons_log { and_z_zz_ orr_z_zz_ eor_z_zz_ bic_z_zz_ }
    sve::sve_int_unpred_logical::sve_int_rotate_imm { xar_z_zzi_ }
    sve::sve_int_unpred_logical::sve_int_tern_log { eor3_z_zzz_ bcax_z_zzz_ bsl_z_zzz_ bsl1n_z_zzz_
        bsl2n_z_zzz_ nbsl_z_zzz_ }
    sve::sve_int_unpred_misc::sve_int_bin_cons_misc_0_b { ftssel_z_zz_ }
    sve::sve_int_unpred_misc::sve_int_bin_cons_misc_0_c { fexpa_z_z_ }
    sve::sve_int_unpred_misc::sve_int_bin_cons_misc_0_d { movprfx_z_z_ }
    sve::sve_int_unpred_shift::sve_int_bin_cons_shift_a { asr_z_zw_ lsl_z_zw_ lsr_z_zw_ }
    sve::sve_int_unpred_shift::sve_int_bin_cons_shift_b { asr_z_zi_ lsl_z_zi_ lsr_z_zi_ }
    sve::sve_intx_acc::sve_intx_aba { saba_z_zzz_ uaba_z_zzz_ }
    sve::sve_intx_acc::sve_intx_aba_long { sabalb_z_zzz_ sabalt_z_zzz_ uabalb_z_zzz_ uabalt_z_zzz_ }
    sve::sve_intx_acc::sve_intx_adc_long { adclb_z_zzz_ sbclb_z_zzz_ adclt_z_zzz_ sbclt_z_zzz_ }
    sve::sve_intx_acc::sve_intx_cadd { cadd_z_zz_ sqcadd_z_zz_ }
    sve::sve_intx_acc::sve_intx_shift_insert { sri_z_zzi_ sli_z_zzi_ }
    sve::sve_intx_acc::sve_intx_sra { ssra_z_zi_ srsra_z_zi_ usra_z_zi_ ursra_z_zi_ }
    sve::sve_intx_by_indexed_elem::sve_intx_cdot_by_indexed_elem { cdot_z_zzzi_s cdot_z_zzzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_cmla_by_indexed_elem { cmla_z_zzzi_h cmla_z_zzzi_s }
    sve::sve_intx_by_indexed_elem::sve_intx_dot_by_indexed_elem { sdot_z_zzzi_s sdot_z_zzzi_d
        sdot_z16_zzzi_h udot_z_zzzi_s udot_z_zzzi_d udot_z16_zzzi_h }
    sve::sve_intx_by_indexed_elem::sve_intx_mixed_dot_by_indexed_elem { usdot_z_zzzi_s sudot_z_zzzi_s }
    sve::sve_intx_by_indexed_elem::sve_intx_mla_by_indexed_elem { mla_z_zzzi_h mla_z_zzzi_s mla_z_zzzi_d
        mls_z_zzzi_h mls_z_zzzi_s mls_z_zzzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_mla_long_by_indexed_elem { smlalb_z_zzzi_s smlalb_z_zzzi_d
        smlslb_z_zzzi_s smlslb_z_zzzi_d smlalt_z_zzzi_s smlalt_z_zzzi_d smlslt_z_zzzi_s smlslt_z_zzzi_d
        umlalb_z_zzzi_s umlalb_z_zzzi_d umlslb_z_zzzi_s umlslb_z_zzzi_d umlalt_z_zzzi_s umlalt_z_zzzi_d
        umlslt_z_zzzi_s umlslt_z_zzzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_mul_by_indexed_elem { mul_z_zzi_h mul_z_zzi_s mul_z_zzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_mul_long_by_indexed_elem { smullb_z_zzi_s smullb_z_zzi_d
        smullt_z_zzi_s smullt_z_zzi_d umullb_z_zzi_s umullb_z_zzi_d umullt_z_zzi_s umullt_z_zzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_qdmla_long_by_indexed_elem { sqdmlalb_z_zzzi_s
        sqdmlalb_z_zzzi_d sqdmlslb_z_zzzi_s sqdmlslb_z_zzzi_d sqdmlalt_z_zzzi_s sqdmlalt_z_zzzi_d
        sqdmlslt_z_zzzi_s sqdmlslt_z_zzzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_qdmul_long_by_indexed_elem { sqdmullb_z_zzi_s sqdmullb_z_zzi_d
        sqdmullt_z_zzi_s sqdmullt_z_zzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_qdmulh_by_indexed_elem { sqdmulh_z_zzi_h sqdmulh_z_zzi_s
        sqdmulh_z_zzi_d sqrdmulh_z_zzi_h sqrdmulh_z_zzi_s sqrdmulh_z_zzi_d }
    sve::sve_intx_by_indexed_elem::sve_intx_qrdcmla_by_indexed_elem { sqrdcmlah_z_zzzi_h sqrdcmlah_z_zzzi_s }
    sve::sve_intx_by_indexed_elem::sve_intx_qrdmlah_by_indexed_elem { sqrdmlah_z_zzzi_h sqrdmlah_z_zzzi_s
        sqrdmlah_z_zzzi_d sqrdmlsh_z_zzzi_h sqrdmlsh_z_zzzi_s sqrdmlsh_z_zzzi_d }
    sve::sve_intx_clamp::sve_intx_clamp { sclamp_z_zz_ uclamp_z_zz_ }
    sve::sve_intx_cons_widening::sve_intx_cons_arith_long { saddlb_z_zz_ ssublb_z_zz_ sabdlb_z_zz_
        saddlt_z_zz_ ssublt_z_zz_ sabdlt_z_zz_ uaddlb_z_zz_ usublb_z_zz_ uabdlb_z_zz_ uaddlt_z_zz_
        usublt_z_zz_ uabdlt_z_zz_ }
    sve::sve_intx_cons_widening::sve_intx_cons_arith_wide { saddwb_z_zz_ ssubwb_z_zz_ saddwt_z_zz_
        ssubwt_z_zz_ uaddwb_z_zz_ usubwb_z_zz_ uaddwt_z_zz_ usubwt_z_zz_ }
    sve::sve_intx_cons_widening::sve_intx_cons_mul_long { sqdmullb_z_zz_ pmullb_z_zz_q pmullb_z_zz_
        smullb_z_zz_ sqdmullt_z_zz_ pmullt_z_zz_q pmullt_z_zz_ smullt_z_zz_ umullb_z_zz_ umullt_z_zz_ }
    sve::sve_intx_constructive::sve_intx_clong { saddlbt_z_zz_ ssublbt_z_zz_ ssubltb_z_zz_ }
    sve::sve_intx_constructive::sve_intx_eorx { eorbt_z_zz_ eortb_z_zz_ }
    sve::sve_intx_constructive::sve_intx_mmla { smmla_z_zzz_ usmmla_z_zzz_ ummla_z_zzz_ }
    sve::sve_intx_constructive::sve_intx_perm_bit { bext_z_zz_ bdep_z_zz_ bgrp_z_zz_ }
    sve::sve_intx_constructive::sve_intx_shift_long { sshllb_z_zi_ sshllt_z_zi_ ushllb_z_zi_ ushllt_z_zi_ }
    sve::sve_intx_crypto::sve_crypto_binary_const { sm4ekey_z_zz_ rax1_z_zz_ }
    sve::sve_intx_crypto::sve_crypto_binary_dest { aese_z_zz_ aesd_z_zz_ sm4e_z_zz_ }
    sve::sve_intx_crypto::sve_crypto_binary_multi2 { aese_mz_zzi_2x1 aesd_mz_zzi_2x1 aesemc_mz_zzi_2x1
        aesdimc_mz_zzi_2x1 }
    sve::sve_intx_crypto::sve_crypto_binary_multi4 { aese_mz_zzi_4x1 aesd_mz_zzi_4x1 aesemc_mz_zzi_4x1
        aesdimc_mz_zzi_4x1 }
    sve::sve_intx_crypto::sve_crypto_pmlal_multi { pmlal_mz_zzzw_1x2 }
    sve::sve_intx_crypto::sve_crypto_pmull_multi { pmull_mz_zzw_1x2 }
    sve::sve_intx_crypto::sve_crypto_unary { aesmc_z_z_ aesimc_z_z_ }
    sve::sve_intx_dot2::sve_intx_dot2 { sdot_z32_zzz_ udot_z32_zzz_ }
    sve::sve_intx_dot2_by_indexed_elem::sve_intx_dot2_by_indexed_elem { sdot_z32_zzzi_ udot_z32_zzzi_ }
    sve::sve_intx_histcnt::sve_intx_histcnt { histcnt_z_p_zz_ }
    sve::sve_intx_histseg_lut::sve_intx_histseg { histseg_z_zz_ }
    sve::sve_intx_histseg_lut::sve_intx_lut2_16 { luti2_z_zz_16 }
    sve::sve_intx_histseg_lut::sve_intx_lut2_8 { luti2_z_zz_8 }
    sve::sve_intx_histseg_lut::sve_intx_lut4_16 { luti4_z_zz_2x16 luti4_z_zz_1x16 }
    sve::sve_intx_histseg_lut::sve_intx_lut4_8 { luti4_z_zz_8 }
    sve::sve_intx_histseg_lut::sve_intx_lut6_16 { luti6_z_zzz_16 }
    sve::sve_intx_histseg_lut::sve_intx_lut6_8 { luti6_z_zzz_8 }
    sve::sve_intx_muladd_unpred::sve_intx_cdot { cdot_z_zzz_ }
    sve::sve_intx_muladd_unpred::sve_intx_cmla { cmla_z_zzz_ sqrdcmlah_z_zzz_ }
    sve::sve_intx_muladd_unpred::sve_intx_dot { sdot_z_zzz_ sdot_z16_zzz_h udot_z_zzz_ udot_z16_zzz_h }
    sve::sve_intx_muladd_unpred::sve_intx_mixed_dot { usdot_z_zzz_s }
    sve::sve_intx_muladd_unpred::sve_intx_mlal_long { smlalb_z_zzz_ smlslb_z_zzz_ smlalt_z_zzz_
        smlslt_z_zzz_ umlalb_z_zzz_ umlslb_z_zzz_ umlalt_z_zzz_ umlslt_z_zzz_ }
    sve::sve_intx_muladd_unpred::sve_intx_qdmlal_long { sqdmlalb_z_zzz_ sqdmlslb_z_zzz_ sqdmlalt_z_zzz_
        sqdmlslt_z_zzz_ }
    sve::sve_intx_muladd_unpred::sve_intx_qdmlalbt { sqdmlalbt_z_zzz_ sqdmlslbt_z_zzz_ }
    sve::sve_intx_muladd_unpred::sve_intx_qrdmlah { sqrdmlah_z_zzz_ sqrdmlsh_z_zzz_ }
    sve::sve_intx_narrowing::sve_intx_arith_narrow { addhnb_z_zz_ raddhnb_z_zz_ subhnb_z_zz_ rsubhnb_z_zz_
        addhnt_z_zz_ raddhnt_z_zz_ subhnt_z_zz_ rsubhnt_z_zz_ }
    sve::sve_intx_narrowing::sve_intx_extract_narrow { sqxtnb_z_zz_ sqxtunb_z_zz_ sqxtnt_z_zz_
        sqxtunt_z_zz_ uqxtnb_z_zz_ uqxtnt_z_zz_ }
    sve::sve_intx_narrowing::sve_intx_multi_extract_narrow { sqcvtn_z_mz2_ sqcvtun_z_mz2_ uqcvtn_z_mz2_ }
    sve::sve_intx_narrowing::sve_intx_multi_shift_narrow { sqrshrn_z_mz2_ sqrshrn_z_mz2_b sqrshrun_z_mz2_
        sqrshrun_z_mz2_b sqshrn_z_mz2_ sqshrun_z_mz2_ uqrshrn_z_mz2_ uqrshrn_z_mz2_b uqshrn_z_mz2_ }
    sve::sve_intx_narrowing::sve_intx_shift_narrow { sqshrunb_z_zi_ sqrshrunb_z_zi_ shrnb_z_zi_
        rshrnb_z_zi_ sqshrnb_z_zi_ sqrshrnb_z_zi_ sqshrunt_z_zi_ sqrshrunt_z_zi_ shrnt_z_zi_ rshrnt_z_zi_
        sqshrnt_z_zi_ sqrshrnt_z_zi_ uqshrnb_z_zi_ uqrshrnb_z_zi_ uqshrnt_z_zi_ uqrshrnt_z_zi_ }
    sve::sve_intx_predicated::sve_intx_accumulate_long_pairs { sadalp_z_p_z_ uadalp_z_p_z_ }
    sve::sve_intx_predicated::sve_intx_arith_binary_pairs { subp_z_p_zz_ addp_z_p_zz_ smaxp_z_p_zz_
        sminp_z_p_zz_ umaxp_z_p_zz_ uminp_z_p_zz_ }
    sve::sve_intx_predicated::sve_intx_bin_pred_shift_sat_round { srshl_z_p_zz_ srshlr_z_p_zz_
        sqshl_z_p_zz_ sqrshl_z_p_zz_ sqshlr_z_p_zz_ sqrshlr_z_p_zz_ urshl_z_p_zz_ urshlr_z_p_zz_
        uqshl_z_p_zz_ uqrshl_z_p_zz_ uqshlr_z_p_zz_ uqrshlr_z_p_zz_ }
    sve::sve_intx_predicated::sve_intx_pred_arith_binary { shadd_z_p_zz_ shsub_z_p_zz_ srhadd_z_p_zz_
        shsubr_z_p_zz_ uhadd_z_p_zz_ uhsub_z_p_zz_ urhadd_z_p_zz_ uhsubr_z_p_zz_ }
    sve::sve_intx_predicated::sve_intx_pred_arith_binary_sat { sqadd_z_p_zz_ sqsub_z_p_zz_ suqadd_z_p_zz_
        usqadd_z_p_zz_ sqsubr_z_p_zz_ uqadd_z_p_zz_ uqsub_z_p_zz_ uqsubr_z_p_zz_ }
    sve::sve_intx_predicated::sve_intx_pred_arith_unary { urecpe_z_p_z_m urecpe_z_p_z_z ursqrte_z_p_z_m
        ursqrte_z_p_z_z sqabs_z_p_z_m sqabs_z_p_z_z sqneg_z_p_z_m sqneg_z_p_z_z }
    sve::sve_intx_string::sve_intx_match { match_p_p_zz_ nmatch_p_p_zz_ }
    sve::sve_maskimm::sve_int_dup_mask_imm { dupm_z_i_ }
    sve::sve_maskimm::sve_int_log_imm { orr_z_zi_ eor_z_zi_ and_z_zi_ }
    sve::sve_mem32::sve_mem_32b_acqfill { ldapro_z_bi_ }
    sve::sve_mem32::sve_mem_32b_fill { ldr_z_bi_ }
    sve::sve_mem32::sve_mem_32b_gld_sv_a { ld1sh_z_p_bz_s_x32_scaled ld1h_z_p_bz_s_x32_scaled
        ldff1sh_z_p_bz_s_x32_scaled ldff1h_z_p_bz_s_x32_scaled }
    sve::sve_mem32::sve_mem_32b_gld_sv_b { ld1w_z_p_bz_s_x32_scaled ldff1w_z_p_bz_s_x32_scaled }
    sve::sve_mem32::sve_mem_32b_gld_vi { ld1sb_z_p_ai_s ld1sh_z_p_ai_s ld1w_z_p_ai_s ld1b_z_p_ai_s
        ld1h_z_p_ai_s ldff1sb_z_p_ai_s ldff1sh_z_p_ai_s ldff1w_z_p_ai_s ldff1b_z_p_ai_s ldff1h_z_p_ai_s }
    sve::sve_mem32::sve_mem_32b_gld_vs { ld1sb_z_p_bz_s_x32_unscaled ld1sh_z_p_bz_s_x32_unscaled
        ld1w_z_p_bz_s_x32_unscaled ld1b_z_p_bz_s_x32_unscaled ld1h_z_p_bz_s_x32_unscaled
        ldff1sb_z_p_bz_s_x32_unscaled ldff1sh_z_p_bz_s_x32_unscaled ldff1w_z_p_bz_s_x32_unscaled
        ldff1b_z_p_bz_s_x32_unscaled ldff1h_z_p_bz_s_x32_unscaled }
    sve::sve_mem32::sve_mem_32b_gldnt_vs { ldnt1sb_z_p_ar_s_x32_unscaled ldnt1sh_z_p_ar_s_x32_unscaled
        ldnt1w_z_p_ar_s_x32_unscaled ldnt1b_z_p_ar_s_x32_unscaled ldnt1h_z_p_ar_s_x32_unscaled }
    sve::sve_mem32::sve_mem_32b_pfill { ldr_p_bi_ }
    sve::sve_mem32::sve_mem_32b_prfm_sv { prfb_i_p_bz_s_x32_scaled prfh_i_p_bz_s_x32_scaled
        prfw_i_p_bz_s_x32_scaled prfd_i_p_bz_s_x32_scaled }
    sve::sve_mem32::sve_mem_32b_prfm_vi { prfb_i_p_ai_s prfh_i_p_ai_s prfw_i_p_ai_s prfd_i_p_ai_s }
    sve::sve_mem32::sve_mem_ld_dup { ld1rb_z_p_bi_u8 ld1rb_z_p_bi_u16 ld1rb_z_p_bi_u32 ld1rb_z_p_bi_u64
        ld1rsw_z_p_bi_s64 ld1rh_z_p_bi_u16 ld1rh_z_p_bi_u32 ld1rh_z_p_bi_u64 ld1rsh_z_p_bi_s64
        ld1rsh_z_p_bi_s32 ld1rw_z_p_bi_u32 ld1rw_z_p_bi_u64 ld1rsb_z_p_bi_s64 ld1rsb_z_p_bi_s32
        ld1rsb_z_p_bi_s16 ld1rd_z_p_bi_u64 }
    sve::sve_mem32::sve_mem_prfm_si { prfb_i_p_bi_s prfh_i_p_bi_s prfw_i_p_bi_s prfd_i_p_bi_s }
    sve::sve_mem32::sve_mem_prfm_ss { prfb_i_p_br_s prfh_i_p_br_s prfw_i_p_br_s prfd_i_p_br_s }
    sve::sve_mem64::sve_mem_64b_gld_sv { ld1sh_z_p_bz_d_x32_scaled ld1sw_z_p_bz_d_x32_scaled
        ld1d_z_p_bz_d_x32_scaled ld1h_z_p_bz_d_x32_scaled ld1w_z_p_bz_d_x32_scaled
        ldff1sh_z_p_bz_d_x32_scaled ldff1sw_z_p_bz_d_x32_scaled ldff1d_z_p_bz_d_x32_scaled
        ldff1h_z_p_bz_d_x32_scaled ldff1w_z_p_bz_d_x32_scaled }
    sve::sve_mem64::sve_mem_64b_gld_sv2 { ld1sh_z_p_bz_d_64_scaled ld1sw_z_p_bz_d_64_scaled
        ld1d_z_p_bz_d_64_scaled ld1h_z_p_bz_d_64_scaled ld1w_z_p_bz_d_64_scaled ldff1sh_z_p_bz_d_64_scaled
        ldff1sw_z_p_bz_d_64_scaled ldff1d_z_p_bz_d_64_scaled ldff1h_z_p_bz_d_64_scaled
        ldff1w_z_p_bz_d_64_scaled }
    sve::sve_mem64::sve_mem_64b_gld_vi { ld1sb_z_p_ai_d ld1sh_z_p_ai_d ld1sw_z_p_ai_d ld1d_z_p_ai_d
        ld1b_z_p_ai_d ld1h_z_p_ai_d ld1w_z_p_ai_d ldff1sb_z_p_ai_d ldff1sh_z_p_ai_d ldff1sw_z_p_ai_d
        ldff1d_z_p_ai_d ldff1b_z_p_ai_d ldff1h_z_p_ai_d ldff1w_z_p_ai_d }
    sve::sve_mem64::sve_mem_64b_gld_vs { ld1sb_z_p_bz_d_x32_unscaled ld1sh_z_p_bz_d_x32_unscaled
        ld1sw_z_p_bz_d_x32_unscaled ld1d_z_p_bz_d_x32_unscaled ld1b_z_p_bz_d_x32_unscaled
        ld1h_z_p_bz_d_x32_unscaled ld1w_z_p_bz_d_x32_unscaled ldff1sb_z_p_bz_d_x32_unscaled
        ldff1sh_z_p_bz_d_x32_unscaled ldff1sw_z_p_bz_d_x32_unscaled ldff1d_z_p_bz_d_x32_unscaled
        ldff1b_z_p_bz_d_x32_unscaled ldff1h_z_p_bz_d_x32_unscaled ldff1w_z_p_bz_d_x32_unscaled }
    sve::sve_mem64::sve_mem_64b_gld_vs2 { ld1sb_z_p_bz_d_64_unscaled ld1sh_z_p_bz_d_64_unscaled
        ld1sw_z_p_bz_d_64_unscaled ld1d_z_p_bz_d_64_unscaled ld1b_z_p_bz_d_64_unscaled
        ld1h_z_p_bz_d_64_unscaled ld1w_z_p_bz_d_64_unscaled ldff1sb_z_p_bz_d_64_unscaled
        ldff1sh_z_p_bz_d_64_unscaled ldff1sw_z_p_bz_d_64_unscaled ldff1d_z_p_bz_d_64_unscaled
        ldff1b_z_p_bz_d_64_unscaled ldff1h_z_p_bz_d_64_unscaled ldff1w_z_p_bz_d_64_unscaled }
    sve::sve_mem64::sve_mem_64b_gldnt_vs { ldnt1sb_z_p_ar_d_64_unscaled ldnt1sh_z_p_ar_d_64_unscaled
        ldnt1sw_z_p_ar_d_64_unscaled ldnt1d_z_p_ar_d_64_unscaled ldnt1b_z_p_ar_d_64_unscaled
        ldnt1h_z_p_ar_d_64_unscaled ldnt1w_z_p_ar_d_64_unscaled }
    sve::sve_mem64::sve_mem_64b_gldq_vs { ld1q_z_p_ar_d_64_unscaled }
    sve::sve_mem64::sve_mem_64b_prfm_sv { prfb_i_p_bz_d_x32_scaled prfh_i_p_bz_d_x32_scaled
        prfw_i_p_bz_d_x32_scaled prfd_i_p_bz_d_x32_scaled }
    sve::sve_mem64::sve_mem_64b_prfm_sv2 { prfb_i_p_bz_d_64_scaled prfh_i_p_bz_d_64_scaled
        prfw_i_p_bz_d_64_scaled prfd_i_p_bz_d_64_scaled }
    sve::sve_mem64::sve_mem_64b_prfm_vi { prfb_i_p_ai_d prfh_i_p_ai_d prfw_i_p_ai_d prfd_i_p_ai_d }
    sve::sve_memcld::sve_mem_cld_si { ld1b_z_p_bi_u8 ld1b_z_p_bi_u16 ld1b_z_p_bi_u32 ld1b_z_p_bi_u64
        ld1sw_z_p_bi_s64 ld1h_z_p_bi_u16 ld1h_z_p_bi_u32 ld1h_z_p_bi_u64 ld1sh_z_p_bi_s64 ld1sh_z_p_bi_s32
        ld1w_z_p_bi_u32 ld1w_z_p_bi_u64 ld1sb_z_p_bi_s64 ld1sb_z_p_bi_s32 ld1sb_z_p_bi_s16 ld1d_z_p_bi_u64
        }
    sve::sve_memcld::sve_mem_cld_si_q { ld1w_z_p_bi_u128 ld1d_z_p_bi_u128 }
    sve::sve_memcld::sve_mem_cld_ss { ld1b_z_p_br_u8 ld1b_z_p_br_u16 ld1b_z_p_br_u32 ld1b_z_p_br_u64
        ld1sw_z_p_br_s64 ld1h_z_p_br_u16 ld1h_z_p_br_u32 ld1h_z_p_br_u64 ld1sh_z_p_br_s64 ld1sh_z_p_br_s32
        ld1w_z_p_br_u32 ld1w_z_p_br_u64 ld1sb_z_p_br_s64 ld1sb_z_p_br_s32 ld1sb_z_p_br_s16 ld1d_z_p_br_u64
        }
    sve::sve_memcld::sve_mem_cld_ss_q { ld1w_z_p_br_u128 ld1d_z_p_br_u128 }
    sve::sve_memcld::sve_mem_cldff_ss { ldff1b_z_p_br_u8 ldff1b_z_p_br_u16 ldff1b_z_p_br_u32
        ldff1b_z_p_br_u64 ldff1sw_z_p_br_s64 ldff1h_z_p_br_u16 ldff1h_z_p_br_u32 ldff1h_z_p_br_u64
        ldff1sh_z_p_br_s64 ldff1sh_z_p_br_s32 ldff1w_z_p_br_u32 ldff1w_z_p_br_u64 ldff1sb_z_p_br_s64
        ldff1sb_z_p_br_s32 ldff1sb_z_p_br_s16 ldff1d_z_p_br_u64 }
    sve::sve_memcld::sve_mem_cldnf_si { ldnf1b_z_p_bi_u8 ldnf1b_z_p_bi_u16 ldnf1b_z_p_bi_u32
        ldnf1b_z_p_bi_u64 ldnf1sw_z_p_bi_s64 ldnf1h_z_p_bi_u16 ldnf1h_z_p_bi_u32 ldnf1h_z_p_bi_u64
        ldnf1sh_z_p_bi_s64 ldnf1sh_z_p_bi_s32 ldnf1w_z_p_bi_u32 ldnf1w_z_p_bi_u64 ldnf1sb_z_p_bi_s64
        ldnf1sb_z_p_bi_s32 ldnf1sb_z_p_bi_s16 ldnf1d_z_p_bi_u64 }
    sve::sve_memcld::sve_mem_cldnt_si { ldnt1b_z_p_bi_contiguous ldnt1h_z_p_bi_contiguous
        ldnt1w_z_p_bi_contiguous ldnt1d_z_p_bi_contiguous }
    sve::sve_memcld::sve_mem_cldnt_ss { ldnt1b_z_p_br_contiguous ldnt1h_z_p_br_contiguous
        ldnt1w_z_p_br_contiguous ldnt1d_z_p_br_contiguous }
    sve::sve_memcld::sve_mem_eld_si { ld2b_z_p_bi_contiguous ld3b_z_p_bi_contiguous ld4b_z_p_bi_contiguous
        ld2h_z_p_bi_contiguous ld3h_z_p_bi_contiguous ld4h_z_p_bi_contiguous ld2w_z_p_bi_contiguous
        ld3w_z_p_bi_contiguous ld4w_z_p_bi_contiguous ld2d_z_p_bi_contiguous ld3d_z_p_bi_contiguous
        ld4d_z_p_bi_contiguous }
    sve::sve_memcld::sve_mem_eld_ss { ld2b_z_p_br_contiguous ld3b_z_p_br_contiguous ld4b_z_p_br_contiguous
        ld2h_z_p_br_contiguous ld3h_z_p_br_contiguous ld4h_z_p_br_contiguous ld2w_z_p_br_contiguous
        ld3w_z_p_br_contiguous ld4w_z_p_br_contiguous ld2d_z_p_br_contiguous ld3d_z_p_br_contiguous
        ld4d_z_p_br_contiguous }
    sve::sve_memcld::sve_mem_eldq_si { ld2q_z_p_bi_contiguous ld3q_z_p_bi_contiguous ld4q_z_p_bi_contiguous }
    sve::sve_memcld::sve_mem_eldq_ss { ld2q_z_p_br_contiguous ld3q_z_p_br_contiguous ld4q_z_p_br_contiguous }
    sve::sve_memcld::sve_mem_ldqr_si { ld1rqb_z_p_bi_u8 ld1rob_z_p_bi_u8 ld1rqh_z_p_bi_u16
        ld1roh_z_p_bi_u16 ld1rqw_z_p_bi_u32 ld1row_z_p_bi_u32 ld1rqd_z_p_bi_u64 ld1rod_z_p_bi_u64 }
    sve::sve_memcld::sve_mem_ldqr_ss { ld1rqb_z_p_br_contiguous ld1rob_z_p_br_contiguous
        ld1rqh_z_p_br_contiguous ld1roh_z_p_br_contiguous ld1rqw_z_p_br_contiguous
        ld1row_z_p_br_contiguous ld1rqd_z_p_br_contiguous ld1rod_z_p_br_contiguous }
    sve::sve_memcst_nt::sve_mem_cstnt_ss { stnt1b_z_p_br_contiguous stnt1h_z_p_br_contiguous
        stnt1w_z_p_br_contiguous stnt1d_z_p_br_contiguous }
    sve::sve_memcst_nt::sve_mem_est_ss { st2b_z_p_br_contiguous st3b_z_p_br_contiguous
        st4b_z_p_br_contiguous st2h_z_p_br_contiguous st3h_z_p_br_contiguous st4h_z_p_br_contiguous
        st2w_z_p_br_contiguous st3w_z_p_br_contiguous st4w_z_p_br_contiguous st2d_z_p_br_contiguous
        st3d_z_p_br_contiguous st4d_z_p_br_contiguous }
    sve::sve_memsst_nt::sve_mem_sstnt_32b_vs { stnt1b_z_p_ar_s_x32_unscaled stnt1h_z_p_ar_s_x32_unscaled
        stnt1w_z_p_ar_s_x32_unscaled }
    sve::sve_memsst_nt::sve_mem_sstnt_64b_vs { stnt1b_z_p_ar_d_64_unscaled stnt1h_z_p_ar_d_64_unscaled
        stnt1w_z_p_ar_d_64_unscaled stnt1d_z_p_ar_d_64_unscaled }
    sve::sve_memsst_nt::sve_mem_sstq_64b_vs { st1q_z_p_ar_d_64_unscaled }
    sve::sve_memst_cs::sve_mem_cst_ss { st1b_z_p_br_ st1h_z_p_br_ st1w_z_p_br_u128 st1w_z_p_br_
        st1d_z_p_br_u128 st1d_z_p_br_ }
    sve::sve_memst_cs::sve_mem_estq_si { st2q_z_p_bi_contiguous st3q_z_p_bi_contiguous
        st4q_z_p_bi_contiguous }
    sve::sve_memst_cs::sve_mem_estq_ss { st2q_z_p_br_contiguous st3q_z_p_br_contiguous
        st4q_z_p_br_contiguous }
    sve::sve_memst_cs::sve_mem_pspill { str_p_bi_ }
    sve::sve_memst_cs::sve_mem_relspill { stlro_z_bi_ }
    sve::sve_memst_cs::sve_mem_spill { str_z_bi_ }
    sve::sve_memst_si::sve_mem_cst_si { st1b_z_p_bi_ st1h_z_p_bi_ st1w_z_p_bi_u128 st1w_z_p_bi_
        st1d_z_p_bi_u128 st1d_z_p_bi_ }
    sve::sve_memst_si::sve_mem_cstnt_si { stnt1b_z_p_bi_contiguous stnt1h_z_p_bi_contiguous
        stnt1w_z_p_bi_contiguous stnt1d_z_p_bi_contiguous }
    sve::sve_memst_si::sve_mem_est_si { st2b_z_p_bi_contiguous st3b_z_p_bi_contiguous
        st4b_z_p_bi_contiguous st2h_z_p_bi_contiguous st3h_z_p_bi_contiguous st4h_z_p_bi_contiguous
        st2w_z_p_bi_contiguous st3w_z_p_bi_contiguous st4w_z_p_bi_contiguous st2d_z_p_bi_contiguous
        st3d_z_p_bi_contiguous st4d_z_p_bi_contiguous }
    sve::sve_memst_ss::sve_mem_sst_sv_a { st1h_z_p_bz_d_x32_scaled st1w_z_p_bz_d_x32_scaled
        st1d_z_p_bz_d_x32_scaled }
    sve::sve_memst_ss::sve_mem_sst_sv_b { st1h_z_p_bz_s_x32_scaled st1w_z_p_bz_s_x32_scaled }
    sve::sve_memst_ss::sve_mem_sst_vs_a { st1b_z_p_bz_d_x32_unscaled st1h_z_p_bz_d_x32_unscaled
        st1w_z_p_bz_d_x32_unscaled st1d_z_p_bz_d_x32_unscaled }
    sve::sve_memst_ss::sve_mem_sst_vs_b { st1b_z_p_bz_s_x32_unscaled st1h_z_p_bz_s_x32_unscaled
        st1w_z_p_bz_s_x32_unscaled }
    sve::sve_memst_ss2::sve_mem_sst_sv2 { st1h_z_p_bz_d_64_scaled st1w_z_p_bz_d_64_scaled
        st1d_z_p_bz_d_64_scaled }
    sve::sve_memst_ss2::sve_mem_sst_vi_a { st1b_z_p_ai_d st1h_z_p_ai_d st1w_z_p_ai_d st1d_z_p_ai_d }
    sve::sve_memst_ss2::sve_mem_sst_vi_b { st1b_z_p_ai_s st1h_z_p_ai_s st1w_z_p_ai_s }
    sve::sve_memst_ss2::sve_mem_sst_vs2 { st1b_z_p_bz_d_64_unscaled st1h_z_p_bz_d_64_unscaled
        st1w_z_p_bz_d_64_unscaled st1d_z_p_bz_d_64_unscaled }
    sve::sve_perm_extract::sve_int_perm_extract_i { ext_z_zi_des }
    sve::sve_perm_extract::sve_intx_perm_extract_i { ext_z_zi_con }
    sve::sve_perm_inter::sve_int_perm_bin_perm_zz { zip1_z_zz_ uzp1_z_zz_ trn1_z_zz_ zip2_z_zz_ uzp2_z_zz_
        trn2_z_zz_ }
    sve::sve_perm_inter_long::sve_int_perm_bin_long_perm_zz { zip1_z_zz_q uzp1_z_zz_q trn1_z_zz_q
        zip2_z_zz_q uzp2_z_zz_q trn2_z_zz_q }
    sve::sve_perm_pred::sve_int_perm_clast_rz { clasta_r_p_z_ clastb_r_p_z_ }
    sve::sve_perm_pred::sve_int_perm_clast_vz { clasta_v_p_z_ clastb_v_p_z_ }
    sve::sve_perm_pred::sve_int_perm_clast_zz { clasta_z_p_zz_ clastb_z_p_zz_ }
    sve::sve_perm_pred::sve_int_perm_compact { compact_z_p_z_s compact_z_p_z_ }
    sve::sve_perm_pred::sve_int_perm_cpy_r { cpy_z_p_r_bhs_ cpy_z_p_r_d_ }
    sve::sve_perm_pred::sve_int_perm_cpy_v { cpy_z_p_v_ }
    sve::sve_perm_pred::sve_int_perm_expand { expand_z_p_z_ }
    sve::sve_perm_pred::sve_int_perm_last_r { lasta_r_p_z_ lastb_r_p_z_ }
    sve::sve_perm_pred::sve_int_perm_last_v { lasta_v_p_z_ lastb_v_p_z_ }
    sve::sve_perm_pred::sve_int_perm_rev { revb_z_z_m revb_z_z_z revh_z_z_m revh_z_z_z revw_z_z_m
        revw_z_z_z rbit_z_p_z_m rbit_z_p_z_z }
    sve::sve_perm_pred::sve_int_perm_revd { revd_z_p_z_m revd_z_p_z_z }
    sve::sve_perm_pred::sve_int_perm_splice { splice_z_p_zz_des }
    sve::sve_perm_pred::sve_intx_perm_splice { splice_z_p_zz_con }
    sve::sve_perm_predicates::sve_int_perm_bin_perm_pp { zip1_p_pp_ uzp1_p_pp_ trn1_p_pp_ zip2_p_pp_
        uzp2_p_pp_ trn2_p_pp_ }
    sve::sve_perm_predicates::sve_int_perm_punpk { punpklo_p_p_ punpkhi_p_p_ }
    sve::sve_perm_predicates::sve_int_perm_reverse_p { rev_p_p_ }
    sve::sve_perm_quads_a::sve_int_perm_dupq_i { dupq_z_zi_ }
    sve::sve_perm_quads_a::sve_int_perm_extq { extq_z_zi_des }
    sve::sve_perm_quads_b::sve_int_perm_binquads { zipq1_z_zz_ uzpq1_z_zz_ tblq_z_zz_ zipq2_z_zz_
        uzpq2_z_zz_ }
    sve::sve_perm_quads_c::sve_int_perm_tbxquads { tbxq_z_zz_ }
    sve::sve_perm_unpred_a::sve_int_perm_dup_i { dup_z_zi_ }
    sve::sve_perm_unpred_b::sve_int_perm_tbl_3src { tbl_z_zz_2 tbx_z_zz_ }
    sve::sve_perm_unpred_c::sve_int_perm_tbl { tbl_z_zz_1 }
    sve::sve_perm_unpred_d::sve_int_mov_p2v { pmov_z_pi_b pmov_z_pi_h pmov_z_pi_s pmov_z_pi_d }
    sve::sve_perm_unpred_d::sve_int_mov_v2p { pmov_p_zi_b pmov_p_zi_h pmov_p_zi_s pmov_p_zi_d }
    sve::sve_perm_unpred_d::sve_int_perm_dup_r { dup_z_r_bhs_ dup_z_r_d_ }
    sve::sve_perm_unpred_d::sve_int_perm_insrs { insr_z_r_ }
    sve::sve_perm_unpred_d::sve_int_perm_insrv { insr_z_v_ }
    sve::sve_perm_unpred_d::sve_int_perm_reverse_z { rev_z_z_ }
    sve::sve_perm_unpred_d::sve_int_perm_unpk { sunpklo_z_z_ sunpkhi_z_z_ uunpklo_z_z_ uunpkhi_z_z_ }
    sve::sve_pred_count_a::sve_int_pcount_pn { cntp_r_pn_ }
    sve::sve_pred_count_a::sve_int_pcount_pred { cntp_r_p_p_ firstp_r_p_p_ lastp_r_p_p_ }
    sve::sve_pred_count_b::sve_int_count_r { incp_r_p_r_ decp_r_p_r_ }
    sve::sve_pred_count_b::sve_int_count_r_sat { sqincp_r_p_r_sx uqincp_r_p_r_uw sqdecp_r_p_r_sx
        uqdecp_r_p_r_uw sqincp_r_p_r_x sqdecp_r_p_r_x uqincp_r_p_r_x uqdecp_r_p_r_x }
    sve::sve_pred_count_b::sve_int_count_v { incp_z_p_z_ decp_z_p_z_ }
    sve::sve_pred_count_b::sve_int_count_v_sat { sqincp_z_p_z_ sqdecp_z_p_z_ uqincp_z_p_z_ uqdecp_z_p_z_ }
    sve::sve_pred_dup::sve_int_pred_dup { psel_p_ppi_ }
    sve::sve_pred_gen_a::sve_int_pred_log { and_p_p_pp_z bic_p_p_pp_z orr_p_p_pp_z orn_p_p_pp_z
        eor_p_p_pp_z sel_p_p_pp_ nor_p_p_pp_z nand_p_p_pp_z ands_p_p_pp_z bics_p_p_pp_z orrs_p_p_pp_z
        orns_p_p_pp_z eors_p_p_pp_z nors_p_p_pp_z nands_p_p_pp_z }
    sve::sve_pred_gen_b::sve_int_brkp { brkpa_p_p_pp_ brkpas_p_p_pp_ brkpb_p_p_pp_ brkpbs_p_p_pp_ }
    sve::sve_pred_gen_c::sve_int_break { brka_p_p_p_ brkas_p_p_p_z brkb_p_p_p_ brkbs_p_p_p_z }
    sve::sve_pred_gen_c::sve_int_brkn { brkn_p_p_pp_ brkns_p_p_pp_ }
    sve::sve_pred_gen_d::sve_int_pfalse { pfalse_p_ }
    sve::sve_pred_gen_d::sve_int_pfirst { pfirst_p_p_p_ }
    sve::sve_pred_gen_d::sve_int_pnext { pnext_p_p_p_ }
    sve::sve_pred_gen_d::sve_int_ptest { ptest__p_p_ }
    sve::sve_pred_gen_d::sve_int_ptrue { ptrue_p_s_ ptrues_p_s_ }
    sve::sve_pred_gen_d::sve_int_rdffr { rdffr_p_p_f_ rdffrs_p_p_f_ }
    sve::sve_pred_gen_d::sve_int_rdffr_2 { rdffr_p_f_ }
    sve::sve_pred_wrffr::sve_int_setffr { setffr_f_ }
    sve::sve_pred_wrffr::sve_int_wrffr { wrffr_f_p_ }
    sve::sve_ptr_muladd_unpred::sve_ptr_muladd_unpred { mlapt_z_zzz_ madpt_z_zzz_ }
    sve::sve_while_pn::sve_int_ctr_to_mask { pext_pn_rr_ pext_pp_rr_ }
    sve::sve_while_pn::sve_int_pn_ptrue { ptrue_pn_i_ }
    sve::sve_while_pn::sve_int_while_rr_pair { whilege_pp_rr_ whilehs_pp_rr_ whilegt_pp_rr_ whilehi_pp_rr_
        whilelt_pp_rr_ whilelo_pp_rr_ whilele_pp_rr_ whilels_pp_rr_ }
    sve::sve_while_pn::sve_int_while_rr_pn { whilege_pn_rr_ whilehs_pn_rr_ whilegt_pn_rr_ whilehi_pn_rr_
        whilelt_pn_rr_ whilelo_pn_rr_ whilele_pn_rr_ whilels_pn_rr_ }
    sve::sve_wideimm_pred::sve_int_dup_fpimm_pred { fcpy_z_p_i_ }
    sve::sve_wideimm_pred::sve_int_dup_imm_pred { cpy_z_o_i_ cpy_z_p_i_ }
    sve::sve_wideimm_unpred::sve_int_arith_imm0 { add_z_zi_ sub_z_zi_ subr_z_zi_ sqadd_z_zi_ sqsub_z_zi_
        uqadd_z_zi_ uqsub_z_zi_ }
    sve::sve_wideimm_unpred::sve_int_arith_imm1 { smax_z_zi_ smin_z_zi_ umax_z_zi_ umin_z_zi_ }
    sve::sve_wideimm_unpred::sve_int_arith_imm2 { mul_z_zi_ }
    sve::sve_wideimm_unpred::sve_int_dup_fpimm { fdup_z_i_ }
    sve::sve_wideimm_unpred::sve_int_dup_imm { dup_z_i_ }
];
