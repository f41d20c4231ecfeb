//! Data processing, branches, System instructions and the reserved group.

use crate::{Table, tables};

/// By the specification's tables.
#[rustfmt::skip]
pub const TABLES: &[Table] = tables![
    control::barriers { CLREX_BN_barriers DSB_BO_barriers DMB_BO_barriers ISB_BI_barriers SB_only_barriers
        DSB_BOn_barriers }
    control::branch_imm { B_only_branch_imm BL_only_branch_imm }
    control::branch_reg { BR_64_branch_reg BRAAZ_64_branch_reg BRABZ_64_branch_reg BLR_64_branch_reg
        BLRAAZ_64_branch_reg BLRABZ_64_branch_reg RET_64R_branch_reg RETAASPPCR_64M_branch_reg
        RETAA_64E_branch_reg RETABSPPCR_64M_branch_reg RETAB_64E_branch_reg ERET_64E_branch_reg
        ERETAA_64E_branch_reg ERETAB_64E_branch_reg TEXIT_te_branch_reg DRPS_64E_branch_reg
        BRAA_64P_branch_reg BRAB_64P_branch_reg BLRAA_64P_branch_reg BLRAB_64P_branch_reg }
    control::compbranch { CBZ_32_compbranch CBNZ_32_compbranch CBZ_64_compbranch CBNZ_64_compbranch }
    control::compbranch_imm { CBGT_32_imm CBLT_32_imm CBHI_32_imm CBLO_32_imm CBEQ_32_imm CBNE_32_imm
        CBGT_64_imm CBLT_64_imm CBHI_64_imm CBLO_64_imm CBEQ_64_imm CBNE_64_imm }
    control::compbranch_regs { CBGT_32_regs CBGE_32_regs CBHI_32_regs CBHS_32_regs CBEQ_32_regs
        CBNE_32_regs CBGT_64_regs CBGE_64_regs CBHI_64_regs CBHS_64_regs CBEQ_64_regs CBNE_64_regs }
    control::compbranch_regs2 { CBBGT_8_regs CBBGE_8_regs CBBHI_8_regs CBBHS_8_regs CBBEQ_8_regs
        CBBNE_8_regs CBHGT_16_regs CBHGE_16_regs CBHHI_16_regs CBHHS_16_regs CBHEQ_16_regs CBHNE_16_regs }
    control::compfault_imm { CFLTGT_32_imm CFLTLT_32_imm CFLTHI_32_imm CFLTLO_32_imm CFLTEQ_32_imm
        CFLTNE_32_imm CFLTGT_64_imm CFLTLT_64_imm CFLTHI_64_imm CFLTLO_64_imm CFLTEQ_64_imm CFLTNE_64_imm
        }
    control::compfault_regs { CFLTGT_32_regs CFLTGE_32_regs CFLTHI_32_regs CFLTHS_32_regs CFLTEQ_32_regs
        CFLTNE_32_regs CFLTGT_64_regs CFLTGE_64_regs CFLTHI_64_regs CFLTHS_64_regs CFLTEQ_64_regs
        CFLTNE_64_regs }
    control::condbranch { B_only_condbranch BC_only_condbranch }
    control::exception { SVC_EX_exception HVC_EX_exception SMC_EX_exception BRK_EX_exception
        FLT_EX_exception HLT_EX_exception DCPS1_DC_exception DCPS2_DC_exception DCPS3_DC_exception
        TENTER_te_exception }
    control::extendedhints { HINTE_extendedhint }
    control::hints { NOP_HI_hints YIELD_HI_hints WFE_HI_hints WFI_HI_hints SEV_HI_hints SEVL_HI_hints
        DGH_HI_hints XPACLRI_HI_hints PACIA1716_HI_hints PACIB1716_HI_hints AUTIA1716_HI_hints
        AUTIB1716_HI_hints ESB_HI_hints PSB_HC_hints TSB_HC_hints GCSB_HD_hints CSDB_HI_hints
        CLRBHB_HI_hints PACIAZ_HI_hints PACIASP_HI_hints PACIBZ_HI_hints PACIBSP_HI_hints AUTIAZ_HI_hints
        AUTIASP_HI_hints AUTIBZ_HI_hints AUTIBSP_HI_hints BTI_HB_hints PACM_HI_hints CHKFEAT_HF_hints
        STSHH_HI_hints SHUH_HI_hints STCPH_HI_hints SRLS_HI_hints SLBND_HI_hints HINT_HM_hints }
    control::miscbranch { RETAASPPC_only_miscbranch RETABSPPC_only_miscbranch }
    control::pstate { MSR_SI_pstate CFINV_M_pstate XAFLAG_M_pstate AXFLAG_M_pstate }
    control::syspairinstrs { SYSP_CR_syspairinstrs }
    control::systeminstrs { SYS_CR_systeminstrs SYSL_RC_systeminstrs }
    control::systeminstrswithreg { WFET_only_systeminstrswithreg WFIT_only_systeminstrswithreg }
    control::systemmove { MSR_SR_systemmove MRS_RS_systemmove }
    control::systemmovepr { MSRR_SR_systemmovepr MRRS_RS_systemmovepr }
    control::tchange_imm { TCHANGEB_tc_imm TCHANGEF_tc_imm }
    control::tchange_reg { TCHANGEB_tc_reg TCHANGEF_tc_reg }
    control::testbranch { TBZ_only_testbranch TBNZ_only_testbranch }
    control::testfault { TFLTZ TFLTNZ }
    dpimm::addsub_imm { ADD_32_addsub_imm ADDS_32S_addsub_imm SUB_32_addsub_imm SUBS_32S_addsub_imm
        ADD_64_addsub_imm ADDS_64S_addsub_imm SUB_64_addsub_imm SUBS_64S_addsub_imm }
    dpimm::addsub_immtags { ADDG_64_addsub_immtags SUBG_64_addsub_immtags }
    dpimm::bitfield { SBFM_32M_bitfield BFM_32M_bitfield UBFM_32M_bitfield SBFM_64M_bitfield
        BFM_64M_bitfield UBFM_64M_bitfield }
    dpimm::dp_1src_imm { AUTIASPPC_only_dp_1src_imm AUTIBSPPC_only_dp_1src_imm }
    dpimm::extract { EXTR_32_extract EXTR_64_extract }
    dpimm::log_imm { AND_32_log_imm ORR_32_log_imm EOR_32_log_imm ANDS_32S_log_imm AND_64_log_imm
        ORR_64_log_imm EOR_64_log_imm ANDS_64S_log_imm }
    dpimm::minmax_imm { SMAX_32_minmax_imm UMAX_32U_minmax_imm SMIN_32_minmax_imm UMIN_32U_minmax_imm
        SMAX_64_minmax_imm UMAX_64U_minmax_imm SMIN_64_minmax_imm UMIN_64U_minmax_imm }
    dpimm::movewide { MOVN_32_movewide MOVZ_32_movewide MOVK_32_movewide MOVN_64_movewide MOVZ_64_movewide
        MOVK_64_movewide }
    dpimm::pcreladdr { ADR_only_pcreladdr ADRP_only_pcreladdr }
    dpreg::addsub_carry { ADC_32_addsub_carry ADCS_32_addsub_carry SBC_32_addsub_carry
        SBCS_32_addsub_carry ADC_64_addsub_carry ADCS_64_addsub_carry SBC_64_addsub_carry
        SBCS_64_addsub_carry }
    dpreg::addsub_ext { ADD_32_addsub_ext ADDS_32S_addsub_ext SUB_32_addsub_ext SUBS_32S_addsub_ext
        ADD_64_addsub_ext ADDS_64S_addsub_ext SUB_64_addsub_ext SUBS_64S_addsub_ext }
    dpreg::addsub_pt { ADDPT_64_addsub_pt SUBPT_64_addsub_pt }
    dpreg::addsub_shift { ADD_32_addsub_shift ADDS_32_addsub_shift SUB_32_addsub_shift
        SUBS_32_addsub_shift ADD_64_addsub_shift ADDS_64_addsub_shift SUB_64_addsub_shift
        SUBS_64_addsub_shift }
    dpreg::condcmp_imm { CCMN_32_condcmp_imm CCMP_32_condcmp_imm CCMN_64_condcmp_imm CCMP_64_condcmp_imm }
    dpreg::condcmp_reg { CCMN_32_condcmp_reg CCMP_32_condcmp_reg CCMN_64_condcmp_reg CCMP_64_condcmp_reg }
    dpreg::condsel { CSEL_32_condsel CSINC_32_condsel CSINV_32_condsel CSNEG_32_condsel CSEL_64_condsel
        CSINC_64_condsel CSINV_64_condsel CSNEG_64_condsel }
    dpreg::dp_1src { RBIT_32_dp_1src REV16_32_dp_1src REV_32_dp_1src CLZ_32_dp_1src CLS_32_dp_1src
        CTZ_32_dp_1src CNT_32_dp_1src ABS_32_dp_1src RBIT_64_dp_1src REV16_64_dp_1src REV32_64_dp_1src
        REV_64_dp_1src CLZ_64_dp_1src CLS_64_dp_1src CTZ_64_dp_1src CNT_64_dp_1src ABS_64_dp_1src
        PACIA_64P_dp_1src PACIB_64P_dp_1src PACDA_64P_dp_1src PACDB_64P_dp_1src AUTIA_64P_dp_1src
        AUTIB_64P_dp_1src AUTDA_64P_dp_1src AUTDB_64P_dp_1src PACIZA_64Z_dp_1src PACIZB_64Z_dp_1src
        PACDZA_64Z_dp_1src PACDZB_64Z_dp_1src AUTIZA_64Z_dp_1src AUTIZB_64Z_dp_1src AUTDZA_64Z_dp_1src
        AUTDZB_64Z_dp_1src XPACI_64Z_dp_1src XPACD_64Z_dp_1src PACNBIASPPC_64LR_dp_1src
        PACNBIBSPPC_64LR_dp_1src PACIA171615_64LR_dp_1src PACIB171615_64LR_dp_1src
        AUTIASPPCR_64LRR_dp_1src AUTIBSPPCR_64LRR_dp_1src PACIASPPC_64LR_dp_1src PACIBSPPC_64LR_dp_1src
        AUTIA171615_64LR_dp_1src AUTIB171615_64LR_dp_1src }
    dpreg::dp_2src { UDIV_32_dp_2src SDIV_32_dp_2src LSLV_32_dp_2src LSRV_32_dp_2src ASRV_32_dp_2src
        RORV_32_dp_2src CRC32B_32C_dp_2src CRC32H_32C_dp_2src CRC32W_32C_dp_2src CRC32CB_32C_dp_2src
        CRC32CH_32C_dp_2src CRC32CW_32C_dp_2src SMAX_32_dp_2src UMAX_32_dp_2src SMIN_32_dp_2src
        UMIN_32_dp_2src SUBP_64S_dp_2src UDIV_64_dp_2src SDIV_64_dp_2src IRG_64I_dp_2src GMI_64G_dp_2src
        LSLV_64_dp_2src LSRV_64_dp_2src ASRV_64_dp_2src RORV_64_dp_2src PACGA_64P_dp_2src
        CRC32X_64C_dp_2src CRC32CX_64C_dp_2src SMAX_64_dp_2src UMAX_64_dp_2src SMIN_64_dp_2src
        UMIN_64_dp_2src SUBPS_64S_dp_2src }
    dpreg::dp_3src { MADD_32A_dp_3src MSUB_32A_dp_3src MADD_64A_dp_3src MSUB_64A_dp_3src
        SMADDL_64WA_dp_3src SMSUBL_64WA_dp_3src SMULH_64_dp_3src MADDPT_64A_dp_3src MSUBPT_64A_dp_3src
        UMADDL_64WA_dp_3src UMSUBL_64WA_dp_3src UMULH_64_dp_3src }
    dpreg::log_shift { AND_32_log_shift BIC_32_log_shift ORR_32_log_shift ORN_32_log_shift
        EOR_32_log_shift EON_32_log_shift ANDS_32_log_shift BICS_32_log_shift AND_64_log_shift
        BIC_64_log_shift ORR_64_log_shift ORN_64_log_shift EOR_64_log_shift EON_64_log_shift
        ANDS_64_log_shift BICS_64_log_shift }
    dpreg::rmif { RMIF_only_rmif }
    dpreg::setf { SETF8_only_setf SETF16_only_setf }
    reserved::perm_undef { UDF_only_perm_undef }
];
