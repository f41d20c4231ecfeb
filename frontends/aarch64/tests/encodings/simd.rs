//! Scalar floating point and Advanced SIMD.

use crate::{Table, tables};

/// By the specification's tables.
#[rustfmt::skip]
pub const TABLES: &[Table] = tables![
    simd_dp::asimdall { SADDLV_asimdall_only SMAXV_asimdall_only SMINV_asimdall_only ADDV_asimdall_only
        FMAXNMV_asimdall_only_H FMAXV_asimdall_only_H FMINNMV_asimdall_only_H FMINV_asimdall_only_H
        UADDLV_asimdall_only UMAXV_asimdall_only UMINV_asimdall_only FMAXNMV_asimdall_only_SD
        FMAXV_asimdall_only_SD FMINNMV_asimdall_only_SD FMINV_asimdall_only_SD }
    simd_dp::asimddiff { SADDL_asimddiff_L SADDW_asimddiff_W SSUBL_asimddiff_L SSUBW_asimddiff_W
        ADDHN_asimddiff_N SABAL_asimddiff_L SUBHN_asimddiff_N SABDL_asimddiff_L SMLAL_asimddiff_L
        SQDMLAL_asimddiff_L SMLSL_asimddiff_L SQDMLSL_asimddiff_L SMULL_asimddiff_L SQDMULL_asimddiff_L
        PMULL_asimddiff_L UADDL_asimddiff_L UADDW_asimddiff_W USUBL_asimddiff_L USUBW_asimddiff_W
        RADDHN_asimddiff_N UABAL_asimddiff_L RSUBHN_asimddiff_N UABDL_asimddiff_L UMLAL_asimddiff_L
        UMLSL_asimddiff_L UMULL_asimddiff_L }
    simd_dp::asimdelem { SMLAL_asimdelem_L SQDMLAL_asimdelem_L SMLSL_asimdelem_L SQDMLSL_asimdelem_L
        MUL_asimdelem_R SMULL_asimdelem_L SQDMULL_asimdelem_L SQDMULH_asimdelem_R SQRDMULH_asimdelem_R
        SDOT_asimdelem_D FDOT_asimdelem_D FMLA_asimdelem_RH_H FMLS_asimdelem_RH_H FMUL_asimdelem_RH_H
        SUDOT_asimdelem_D FDOT_asimdelem_G FDOT_asimdelem_FP16FP32 BFDOT_asimdelem_E FMLA_asimdelem_R_SD
        FMLS_asimdelem_R_SD FMUL_asimdelem_R_SD FMLAL_asimdelem_LH FMLSL_asimdelem_LH USDOT_asimdelem_D
        BFMLAL_asimdelem_F MLA_asimdelem_R UMLAL_asimdelem_L MLS_asimdelem_R UMLSL_asimdelem_L
        UMULL_asimdelem_L SQRDMLAH_asimdelem_R UDOT_asimdelem_D SQRDMLSH_asimdelem_R FMULX_asimdelem_RH_H
        FCMLA_advsimd_elt FMULX_asimdelem_R_SD FMLAL2_asimdelem_LH FMLSL2_asimdelem_LH FMLALB_asimdelem_H
        FMLALLBB_asimdelem_J FMLALLBT_asimdelem_J FMLALT_asimdelem_H FMLALLTB_asimdelem_J
        FMLALLTT_asimdelem_J }
    simd_dp::asimdext { EXT_asimdext_only }
    simd_dp::asimdimm { MOVI_asimdimm_L_sl ORR_asimdimm_L_sl MOVI_asimdimm_L_hl ORR_asimdimm_L_hl
        MOVI_asimdimm_M_sm MOVI_asimdimm_N_b FMOV_asimdimm_S_s FMOV_asimdimm_H_h MVNI_asimdimm_L_sl
        BIC_asimdimm_L_sl MVNI_asimdimm_L_hl BIC_asimdimm_L_hl MVNI_asimdimm_M_sm MOVI_asimdimm_D_ds
        MOVI_asimdimm_D2_d FMOV_asimdimm_D2_d }
    simd_dp::asimdins { DUP_asimdins_DV_v DUP_asimdins_DR_r SMOV_asimdins_W_w UMOV_asimdins_W_w
        INS_asimdins_IR_r SMOV_asimdins_X_x UMOV_asimdins_X_x INS_asimdins_IV_v }
    simd_dp::asimdmisc { REV64_asimdmisc_R REV16_asimdmisc_R SADDLP_asimdmisc_P SUQADD_asimdmisc_R
        CLS_asimdmisc_R CNT_asimdmisc_R SADALP_asimdmisc_P SQABS_asimdmisc_R CMGT_asimdmisc_Z
        CMEQ_asimdmisc_Z CMLT_asimdmisc_Z ABS_asimdmisc_R XTN_asimdmisc_N SQXTN_asimdmisc_N
        FCVTN_asimdmisc_N FCVTL_asimdmisc_L FRINTN_asimdmisc_R FRINTM_asimdmisc_R FCVTNS_asimdmisc_R
        FCVTMS_asimdmisc_R FCVTAS_asimdmisc_R SCVTF_asimdmisc_R FRINT32Z_asimdmisc_R FRINT64Z_asimdmisc_R
        FCMGT_asimdmisc_FZ FCMEQ_asimdmisc_FZ FCMLT_asimdmisc_FZ FABS_asimdmisc_R FRINTP_asimdmisc_R
        FRINTZ_asimdmisc_R FCVTPS_asimdmisc_R FCVTZS_asimdmisc_R URECPE_asimdmisc_R FRECPE_asimdmisc_R
        BFCVTN_asimdmisc_4S REV32_asimdmisc_R UADDLP_asimdmisc_P USQADD_asimdmisc_R CLZ_asimdmisc_R
        UADALP_asimdmisc_P SQNEG_asimdmisc_R CMGE_asimdmisc_Z CMLE_asimdmisc_Z NEG_asimdmisc_R
        SQXTUN_asimdmisc_N SHLL_asimdmisc_S UQXTN_asimdmisc_N FCVTXN_asimdmisc_N FRINTA_asimdmisc_R
        FRINTX_asimdmisc_R FCVTNU_asimdmisc_R FCVTMU_asimdmisc_R FCVTAU_asimdmisc_R UCVTF_asimdmisc_R
        FRINT32X_asimdmisc_R FRINT64X_asimdmisc_R NOT_asimdmisc_R F1CVTL_asimdmisc_V RBIT_asimdmisc_R
        F2CVTL_asimdmisc_V FCMGE_asimdmisc_FZ FCMLE_asimdmisc_FZ FNEG_asimdmisc_R FRINTI_asimdmisc_R
        FCVTPU_asimdmisc_R FCVTZU_asimdmisc_R URSQRTE_asimdmisc_R FRSQRTE_asimdmisc_R FSQRT_asimdmisc_R
        BF1CVTL_asimdmisc_V BF2CVTL_asimdmisc_V }
    simd_dp::asimdmiscfp16 { FRINTN_asimdmiscfp16_R FRINTM_asimdmiscfp16_R FCVTNS_asimdmiscfp16_R
        FCVTMS_asimdmiscfp16_R FCVTAS_asimdmiscfp16_R SCVTF_asimdmiscfp16_R FCMGT_asimdmiscfp16_FZ
        FCMEQ_asimdmiscfp16_FZ FCMLT_asimdmiscfp16_FZ FABS_asimdmiscfp16_R FRINTP_asimdmiscfp16_R
        FRINTZ_asimdmiscfp16_R FCVTPS_asimdmiscfp16_R FCVTZS_asimdmiscfp16_R FRECPE_asimdmiscfp16_R
        FRINTA_asimdmiscfp16_R FRINTX_asimdmiscfp16_R FCVTNU_asimdmiscfp16_R FCVTMU_asimdmiscfp16_R
        FCVTAU_asimdmiscfp16_R UCVTF_asimdmiscfp16_R FCMGE_asimdmiscfp16_FZ FCMLE_asimdmiscfp16_FZ
        FNEG_asimdmiscfp16_R FRINTI_asimdmiscfp16_R FCVTPU_asimdmiscfp16_R FCVTZU_asimdmiscfp16_R
        FRSQRTE_asimdmiscfp16_R FSQRT_asimdmiscfp16_R }
    simd_dp::asimdperm { UZP1_asimdperm_only TRN1_asimdperm_only ZIP1_asimdperm_only UZP2_asimdperm_only
        TRN2_asimdperm_only ZIP2_asimdperm_only }
    simd_dp::asimdsame { SHADD_asimdsame_only SQADD_asimdsame_only SRHADD_asimdsame_only
        SHSUB_asimdsame_only SQSUB_asimdsame_only CMGT_asimdsame_only CMGE_asimdsame_only
        SSHL_asimdsame_only SQSHL_asimdsame_only SRSHL_asimdsame_only SQRSHL_asimdsame_only
        SMAX_asimdsame_only SMIN_asimdsame_only SABD_asimdsame_only SABA_asimdsame_only ADD_asimdsame_only
        CMTST_asimdsame_only MLA_asimdsame_only MUL_asimdsame_only SMAXP_asimdsame_only
        SMINP_asimdsame_only SQDMULH_asimdsame_only ADDP_asimdsame_only FMAXNM_asimdsame_only
        FMLA_asimdsame_only FADD_asimdsame_only FMULX_asimdsame_only FCMEQ_asimdsame_only
        FMAX_asimdsame_only FRECPS_asimdsame_only AND_asimdsame_only FMLAL_asimdsame_F BIC_asimdsame_only
        FMINNM_asimdsame_only FMLS_asimdsame_only FSUB_asimdsame_only FAMAX_asimdsame_only
        FMIN_asimdsame_only FRSQRTS_asimdsame_only ORR_asimdsame_only FMLSL_asimdsame_F ORN_asimdsame_only
        UHADD_asimdsame_only UQADD_asimdsame_only URHADD_asimdsame_only UHSUB_asimdsame_only
        UQSUB_asimdsame_only CMHI_asimdsame_only CMHS_asimdsame_only USHL_asimdsame_only
        UQSHL_asimdsame_only URSHL_asimdsame_only UQRSHL_asimdsame_only UMAX_asimdsame_only
        UMIN_asimdsame_only UABD_asimdsame_only UABA_asimdsame_only SUB_asimdsame_only CMEQ_asimdsame_only
        MLS_asimdsame_only PMUL_asimdsame_only UMAXP_asimdsame_only UMINP_asimdsame_only
        SQRDMULH_asimdsame_only FMAXNMP_asimdsame_only FADDP_asimdsame_only FMUL_asimdsame_only
        FCMGE_asimdsame_only FACGE_asimdsame_only FMAXP_asimdsame_only FDIV_asimdsame_only
        EOR_asimdsame_only FMLAL2_asimdsame_F BSL_asimdsame_only FMINNMP_asimdsame_only
        FABD_asimdsame_only FAMIN_asimdsame_only FCMGT_asimdsame_only FACGT_asimdsame_only
        FMINP_asimdsame_only FSCALE_asimdsame_only BIT_asimdsame_only FMLSL2_asimdsame_F
        BIF_asimdsame_only }
    simd_dp::asimdsame2 { SDOT_asimdsame2_D FCVTN_asimdsame2_H FDOT_asimdsame2_DD FCVTN_asimdsame2_D
        FDOT_asimdsame2_D USDOT_asimdsame2_D FDOT_asimdsame2_FP16FP32 SQRDMLAH_asimdsame2_only
        SQRDMLSH_asimdsame2_only UDOT_asimdsame2_D FCMLA_asimdsame2_C FCADD_asimdsame2_C
        BFDOT_asimdsame2_D BFMLAL_asimdsame2_F_ FMLALLBB_asimdsame2_G FMLALLBT_asimdsame2_G
        FMLALB_asimdsame2_J FMLALLTB_asimdsame2_G FMLALLTT_asimdsame2_G SMMLA_asimdsame2_G
        USMMLA_asimdsame2_G FMMLA_asimd_FP16FP16 FMLALT_asimdsame2_J FMMLA_asimd_FP8FP16
        FMMLA_asimd_FP16FP32 BFMMLA_asimdsame2_E FMMLA_asimd_FP8FP32 UMMLA_asimdsame2_G }
    simd_dp::asimdsamefp16 { FMAXNM_asimdsamefp16_only FMLA_asimdsamefp16_only FADD_asimdsamefp16_only
        FMULX_asimdsamefp16_only FCMEQ_asimdsamefp16_only FMAX_asimdsamefp16_only
        FRECPS_asimdsamefp16_only FMINNM_asimdsamefp16_only FMLS_asimdsamefp16_only
        FSUB_asimdsamefp16_only FAMAX_asimdsamefp16_only FMIN_asimdsamefp16_only
        FRSQRTS_asimdsamefp16_only FMAXNMP_asimdsamefp16_only FADDP_asimdsamefp16_only
        FMUL_asimdsamefp16_only FCMGE_asimdsamefp16_only FACGE_asimdsamefp16_only FMAXP_asimdsamefp16_only
        FDIV_asimdsamefp16_only FMINNMP_asimdsamefp16_only FABD_asimdsamefp16_only
        FAMIN_asimdsamefp16_only FCMGT_asimdsamefp16_only FACGT_asimdsamefp16_only
        FMINP_asimdsamefp16_only FSCALE_asimdsamefp16_only }
    simd_dp::asimdshf { SSHR_asimdshf_R SSRA_asimdshf_R SRSHR_asimdshf_R SRSRA_asimdshf_R SHL_asimdshf_R
        SQSHL_asimdshf_R SHRN_asimdshf_N RSHRN_asimdshf_N SQSHRN_asimdshf_N SQRSHRN_asimdshf_N
        SSHLL_asimdshf_L SCVTF_asimdshf_C FCVTZS_asimdshf_C USHR_asimdshf_R USRA_asimdshf_R
        URSHR_asimdshf_R URSRA_asimdshf_R SRI_asimdshf_R SLI_asimdshf_R SQSHLU_asimdshf_R UQSHL_asimdshf_R
        SQSHRUN_asimdshf_N SQRSHRUN_asimdshf_N UQSHRN_asimdshf_N UQRSHRN_asimdshf_N USHLL_asimdshf_L
        UCVTF_asimdshf_C FCVTZU_asimdshf_C }
    simd_dp::asimdtbl { TBL_asimdtbl_L1_1 TBX_asimdtbl_L1_1 TBL_asimdtbl_L2_2 TBX_asimdtbl_L2_2
        TBL_asimdtbl_L3_3 TBX_asimdtbl_L3_3 TBL_asimdtbl_L4_4 TBX_asimdtbl_L4_4 LUTI4_asimdtbl_L7
        LUTI4_asimdtbl_L5 LUTI2_asimdtbl_L5 LUTI2_asimdtbl_L6 }
    simd_dp::asisddiff { SQDMLAL_asisddiff_only SQDMLSL_asisddiff_only SQDMULL_asisddiff_only }
    simd_dp::asisdelem { SQDMLAL_asisdelem_L SQDMLSL_asisdelem_L SQDMULL_asisdelem_L SQDMULH_asisdelem_R
        SQRDMULH_asisdelem_R FMLA_asisdelem_RH_H FMLS_asisdelem_RH_H FMUL_asisdelem_RH_H
        FMLA_asisdelem_R_SD FMLS_asisdelem_R_SD FMUL_asisdelem_R_SD SQRDMLAH_asisdelem_R
        SQRDMLSH_asisdelem_R FMULX_asisdelem_RH_H FMULX_asisdelem_R_SD }
    simd_dp::asisdmisc { SUQADD_asisdmisc_R SQABS_asisdmisc_R CMGT_asisdmisc_Z CMEQ_asisdmisc_Z
        CMLT_asisdmisc_Z ABS_asisdmisc_R SQXTN_asisdmisc_N FCVTNS_asisdmisc_R FCVTMS_asisdmisc_R
        FCVTAS_asisdmisc_R SCVTF_asisdmisc_R FCMGT_asisdmisc_FZ FCMEQ_asisdmisc_FZ FCMLT_asisdmisc_FZ
        FCVTPS_asisdmisc_R FCVTZS_asisdmisc_R FRECPE_asisdmisc_R FRECPX_asisdmisc_R USQADD_asisdmisc_R
        SQNEG_asisdmisc_R CMGE_asisdmisc_Z CMLE_asisdmisc_Z NEG_asisdmisc_R SQXTUN_asisdmisc_N
        UQXTN_asisdmisc_N FCVTXN_asisdmisc_N FCVTNU_asisdmisc_R FCVTMU_asisdmisc_R FCVTAU_asisdmisc_R
        UCVTF_asisdmisc_R FCMGE_asisdmisc_FZ FCMLE_asisdmisc_FZ FCVTPU_asisdmisc_R FCVTZU_asisdmisc_R
        FRSQRTE_asisdmisc_R }
    simd_dp::asisdmiscfp16 { FCVTNS_asisdmiscfp16_R FCVTMS_asisdmiscfp16_R FCVTAS_asisdmiscfp16_R
        SCVTF_asisdmiscfp16_R FCMGT_asisdmiscfp16_FZ FCMEQ_asisdmiscfp16_FZ FCMLT_asisdmiscfp16_FZ
        FCVTPS_asisdmiscfp16_R FCVTZS_asisdmiscfp16_R FRECPE_asisdmiscfp16_R FRECPX_asisdmiscfp16_R
        FCVTNU_asisdmiscfp16_R FCVTMU_asisdmiscfp16_R FCVTAU_asisdmiscfp16_R UCVTF_asisdmiscfp16_R
        FCMGE_asisdmiscfp16_FZ FCMLE_asisdmiscfp16_FZ FCVTPU_asisdmiscfp16_R FCVTZU_asisdmiscfp16_R
        FRSQRTE_asisdmiscfp16_R }
    simd_dp::asisdone { DUP_asisdone_only }
    simd_dp::asisdpair { ADDP_asisdpair_only FMAXNMP_asisdpair_only_H FADDP_asisdpair_only_H
        FMAXP_asisdpair_only_H FMINNMP_asisdpair_only_H FMINP_asisdpair_only_H FMAXNMP_asisdpair_only_SD
        FADDP_asisdpair_only_SD FMAXP_asisdpair_only_SD FMINNMP_asisdpair_only_SD FMINP_asisdpair_only_SD
        }
    simd_dp::asisdsame { SQADD_asisdsame_only SQSUB_asisdsame_only CMGT_asisdsame_only CMGE_asisdsame_only
        SSHL_asisdsame_only SQSHL_asisdsame_only SRSHL_asisdsame_only SQRSHL_asisdsame_only
        ADD_asisdsame_only CMTST_asisdsame_only SQDMULH_asisdsame_only FMULX_asisdsame_only
        FCMEQ_asisdsame_only FRECPS_asisdsame_only FRSQRTS_asisdsame_only UQADD_asisdsame_only
        UQSUB_asisdsame_only CMHI_asisdsame_only CMHS_asisdsame_only USHL_asisdsame_only
        UQSHL_asisdsame_only URSHL_asisdsame_only UQRSHL_asisdsame_only SUB_asisdsame_only
        CMEQ_asisdsame_only SQRDMULH_asisdsame_only FCMGE_asisdsame_only FACGE_asisdsame_only
        FABD_asisdsame_only FCMGT_asisdsame_only FACGT_asisdsame_only }
    simd_dp::asisdsame2 { SQRDMLAH_asisdsame2_only SQRDMLSH_asisdsame2_only }
    simd_dp::asisdsamefp16 { FMULX_asisdsamefp16_only FCMEQ_asisdsamefp16_only FRECPS_asisdsamefp16_only
        FRSQRTS_asisdsamefp16_only FCMGE_asisdsamefp16_only FACGE_asisdsamefp16_only
        FABD_asisdsamefp16_only FCMGT_asisdsamefp16_only FACGT_asisdsamefp16_only }
    simd_dp::asisdshf { SSHR_asisdshf_R SSRA_asisdshf_R SRSHR_asisdshf_R SRSRA_asisdshf_R SHL_asisdshf_R
        SQSHL_asisdshf_R SQSHRN_asisdshf_N SQRSHRN_asisdshf_N SCVTF_asisdshf_C FCVTZS_asisdshf_C
        USHR_asisdshf_R USRA_asisdshf_R URSHR_asisdshf_R URSRA_asisdshf_R SRI_asisdshf_R SLI_asisdshf_R
        SQSHLU_asisdshf_R UQSHL_asisdshf_R SQSHRUN_asisdshf_N SQRSHRUN_asisdshf_N UQSHRN_asisdshf_N
        UQRSHRN_asisdshf_N UCVTF_asisdshf_C FCVTZU_asisdshf_C }
    simd_dp::crypto3_imm2 { SM3TT1A_VVV4_crypto3_imm2 SM3TT1B_VVV4_crypto3_imm2 SM3TT2A_VVV4_crypto3_imm2
        SM3TT2B_VVV_crypto3_imm2 }
    simd_dp::crypto3_imm6 { XAR_VVV2_crypto3_imm6 }
    simd_dp::crypto4 { EOR3_VVV16_crypto4 BCAX_VVV16_crypto4 SM3SS1_VVV4_crypto4 }
    simd_dp::cryptoaes { AESE_B_cryptoaes AESD_B_cryptoaes AESMC_B_cryptoaes AESIMC_B_cryptoaes }
    simd_dp::cryptosha2 { SHA1H_SS_cryptosha2 SHA1SU1_VV_cryptosha2 SHA256SU0_VV_cryptosha2 }
    simd_dp::cryptosha3 { SHA1C_QSV_cryptosha3 SHA1P_QSV_cryptosha3 SHA1M_QSV_cryptosha3
        SHA1SU0_VVV_cryptosha3 SHA256H_QQV_cryptosha3 SHA256H2_QQV_cryptosha3 SHA256SU1_VVV_cryptosha3 }
    simd_dp::cryptosha512_2 { SHA512SU0_VV2_cryptosha512_2 SM4E_VV4_cryptosha512_2 }
    simd_dp::cryptosha512_3 { SHA512H_QQV_cryptosha512_3 SHA512H2_QQV_cryptosha512_3
        SHA512SU1_VVV2_cryptosha512_3 RAX1_VVV2_cryptosha512_3 SM3PARTW1_VVV4_cryptosha512_3
        SM3PARTW2_VVV4_cryptosha512_3 SM4EKEY_VVV4_cryptosha512_3 }
    simd_dp::float2fix { SCVTF_S32_float2fix UCVTF_S32_float2fix FCVTZS_32S_float2fix FCVTZU_32S_float2fix
        SCVTF_D32_float2fix UCVTF_D32_float2fix FCVTZS_32D_float2fix FCVTZU_32D_float2fix
        SCVTF_H32_float2fix UCVTF_H32_float2fix FCVTZS_32H_float2fix FCVTZU_32H_float2fix
        SCVTF_S64_float2fix UCVTF_S64_float2fix FCVTZS_64S_float2fix FCVTZU_64S_float2fix
        SCVTF_D64_float2fix UCVTF_D64_float2fix FCVTZS_64D_float2fix FCVTZU_64D_float2fix
        SCVTF_H64_float2fix UCVTF_H64_float2fix FCVTZS_64H_float2fix FCVTZU_64H_float2fix }
    simd_dp::float2int { FCVTNS_32S_float2int FCVTNU_32S_float2int SCVTF_S32_float2int UCVTF_S32_float2int
        FCVTAS_32S_float2int FCVTAU_32S_float2int FMOV_32S_float2int FMOV_S32_float2int
        FCVTPS_32S_float2int FCVTPU_32S_float2int FCVTMS_32S_float2int FCVTMU_32S_float2int
        FCVTZS_32S_float2int FCVTZU_32S_float2int FCVTNS_32D_float2int FCVTNU_32D_float2int
        SCVTF_D32_float2int UCVTF_D32_float2int FCVTAS_32D_float2int FCVTAU_32D_float2int
        FCVTPS_32D_float2int FCVTPU_32D_float2int FCVTMS_32D_float2int FCVTMU_32D_float2int
        FCVTZS_32D_float2int FCVTZU_32D_float2int FJCVTZS_32D_float2int FCVTNS_32H_float2int
        FCVTNU_32H_float2int SCVTF_H32_float2int UCVTF_H32_float2int FCVTAS_32H_float2int
        FCVTAU_32H_float2int FMOV_32H_float2int FMOV_H32_float2int FCVTPS_32H_float2int
        FCVTPU_32H_float2int FCVTMS_32H_float2int FCVTMU_32H_float2int FCVTZS_32H_float2int
        FCVTZU_32H_float2int FCVTNS_64S_float2int FCVTNU_64S_float2int SCVTF_S64_float2int
        UCVTF_S64_float2int FCVTAS_64S_float2int FCVTAU_64S_float2int FCVTPS_64S_float2int
        FCVTPU_64S_float2int FCVTMS_64S_float2int FCVTMU_64S_float2int FCVTZS_64S_float2int
        FCVTZU_64S_float2int FCVTNS_64D_float2int FCVTNU_64D_float2int SCVTF_D64_float2int
        UCVTF_D64_float2int FCVTAS_64D_float2int FCVTAU_64D_float2int FMOV_64D_float2int
        FMOV_D64_float2int FCVTPS_64D_float2int FCVTPU_64D_float2int FCVTMS_64D_float2int
        FCVTMU_64D_float2int FCVTZS_64D_float2int FCVTZU_64D_float2int FMOV_64VX_float2int
        FMOV_V64I_float2int FCVTNS_64H_float2int FCVTNU_64H_float2int SCVTF_H64_float2int
        UCVTF_H64_float2int FCVTAS_64H_float2int FCVTAU_64H_float2int FMOV_64H_float2int
        FMOV_H64_float2int FCVTPS_64H_float2int FCVTPU_64H_float2int FCVTMS_64H_float2int
        FCVTMU_64H_float2int FCVTZS_64H_float2int FCVTZU_64H_float2int FCVTNS_sisd_32D FCVTAS_sisd_32D
        FCVTPS_sisd_32D FCVTMS_sisd_32D FCVTZS_sisd_32D SCVTF_sisd_32D FCVTNU_sisd_32D FCVTAU_sisd_32D
        FCVTPU_sisd_32D FCVTMU_sisd_32D FCVTZU_sisd_32D UCVTF_sisd_32D FCVTNS_sisd_32H FCVTAS_sisd_32H
        FCVTPS_sisd_32H FCVTMS_sisd_32H FCVTZS_sisd_32H SCVTF_sisd_32H FCVTNU_sisd_32H FCVTAU_sisd_32H
        FCVTPU_sisd_32H FCVTMU_sisd_32H FCVTZU_sisd_32H UCVTF_sisd_32H FCVTNS_sisd_64H FCVTAS_sisd_64H
        FCVTPS_sisd_64H FCVTMS_sisd_64H FCVTZS_sisd_64H SCVTF_sisd_64H FCVTNU_sisd_64H FCVTAU_sisd_64H
        FCVTPU_sisd_64H FCVTMU_sisd_64H FCVTZU_sisd_64H UCVTF_sisd_64H FCVTNS_sisd_64S FCVTAS_sisd_64S
        FCVTPS_sisd_64S FCVTMS_sisd_64S FCVTZS_sisd_64S SCVTF_sisd_64S FCVTNU_sisd_64S FCVTAU_sisd_64S
        FCVTPU_sisd_64S FCVTMU_sisd_64S FCVTZU_sisd_64S UCVTF_sisd_64S }
    simd_dp::floatccmp { FCCMP_S_floatccmp FCCMPE_S_floatccmp FCCMP_D_floatccmp FCCMPE_D_floatccmp
        FCCMP_H_floatccmp FCCMPE_H_floatccmp }
    simd_dp::floatcmp { FCMP_S_floatcmp FCMP_SZ_floatcmp FCMPE_S_floatcmp FCMPE_SZ_floatcmp
        FCMTL_S_floatcmp FCMTLMG_S_floatcmp FCMP_D_floatcmp FCMP_DZ_floatcmp FCMPE_D_floatcmp
        FCMPE_DZ_floatcmp FCMTL_D_floatcmp FCMTLMG_D_floatcmp FCMP_H_floatcmp FCMP_HZ_floatcmp
        FCMPE_H_floatcmp FCMPE_HZ_floatcmp FCMTL_H_floatcmp FCMTLMG_H_floatcmp }
    simd_dp::floatdp1 { FMOV_S_floatdp1 FABS_S_floatdp1 FNEG_S_floatdp1 FSQRT_S_floatdp1 FCVT_DS_floatdp1
        FCVT_HS_floatdp1 FRINTN_S_floatdp1 FRINTP_S_floatdp1 FRINTM_S_floatdp1 FRINTZ_S_floatdp1
        FRINTA_S_floatdp1 FRINTX_S_floatdp1 FRINTI_S_floatdp1 FRINT32Z_S_floatdp1 FRINT32X_S_floatdp1
        FRINT64Z_S_floatdp1 FRINT64X_S_floatdp1 FMOV_D_floatdp1 FABS_D_floatdp1 FNEG_D_floatdp1
        FSQRT_D_floatdp1 FCVT_SD_floatdp1 BFCVT_BS_floatdp1 FCVT_HD_floatdp1 FRINTN_D_floatdp1
        FRINTP_D_floatdp1 FRINTM_D_floatdp1 FRINTZ_D_floatdp1 FRINTA_D_floatdp1 FRINTX_D_floatdp1
        FRINTI_D_floatdp1 FRINT32Z_D_floatdp1 FRINT32X_D_floatdp1 FRINT64Z_D_floatdp1 FRINT64X_D_floatdp1
        FMOV_H_floatdp1 FABS_H_floatdp1 FNEG_H_floatdp1 FSQRT_H_floatdp1 FCVT_SH_floatdp1 FCVT_DH_floatdp1
        FRINTN_H_floatdp1 FRINTP_H_floatdp1 FRINTM_H_floatdp1 FRINTZ_H_floatdp1 FRINTA_H_floatdp1
        FRINTX_H_floatdp1 FRINTI_H_floatdp1 }
    simd_dp::floatdp2 { FMUL_S_floatdp2 FDIV_S_floatdp2 FADD_S_floatdp2 FSUB_S_floatdp2 FMAX_S_floatdp2
        FMIN_S_floatdp2 FMAXNM_S_floatdp2 FMINNM_S_floatdp2 FNMUL_S_floatdp2 FMAXINM_S_floatdp2
        FMININM_S_floatdp2 FMAXMG_S_floatdp2 FMINMG_S_floatdp2 FMAXMGINM_S_floatdp2 FMINMGINM_S_floatdp2
        FMUL_D_floatdp2 FDIV_D_floatdp2 FADD_D_floatdp2 FSUB_D_floatdp2 FMAX_D_floatdp2 FMIN_D_floatdp2
        FMAXNM_D_floatdp2 FMINNM_D_floatdp2 FNMUL_D_floatdp2 FMAXINM_D_floatdp2 FMININM_D_floatdp2
        FMAXMG_D_floatdp2 FMINMG_D_floatdp2 FMAXMGINM_D_floatdp2 FMINMGINM_D_floatdp2 FMUL_H_floatdp2
        FDIV_H_floatdp2 FADD_H_floatdp2 FSUB_H_floatdp2 FMAX_H_floatdp2 FMIN_H_floatdp2 FMAXNM_H_floatdp2
        FMINNM_H_floatdp2 FNMUL_H_floatdp2 FMAXINM_H_floatdp2 FMININM_H_floatdp2 FMAXMG_H_floatdp2
        FMINMG_H_floatdp2 FMAXMGINM_H_floatdp2 FMINMGINM_H_floatdp2 }
    simd_dp::floatdp3 { FMADD_S_floatdp3 FMSUB_S_floatdp3 FNMADD_S_floatdp3 FNMSUB_S_floatdp3
        FMADD_D_floatdp3 FMSUB_D_floatdp3 FNMADD_D_floatdp3 FNMSUB_D_floatdp3 FMADD_H_floatdp3
        FMSUB_H_floatdp3 FNMADD_H_floatdp3 FNMSUB_H_floatdp3 }
    simd_dp::floatimm { FMOV_S_floatimm FMOV_D_floatimm FMOV_H_floatimm }
    simd_dp::floatsel { FCSEL_S_floatsel FCSEL_D_floatsel FCSEL_H_floatsel }
];
