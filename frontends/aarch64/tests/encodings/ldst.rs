//! Loads and stores.

use crate::{Table, tables};

/// By the specification's tables.
#[rustfmt::skip]
pub const TABLES: &[Table] = tables![
    ldst::asisdlse { ST4_asisdlse_R4 ST1_asisdlse_R4_4v ST3_asisdlse_R3 ST1_asisdlse_R3_3v
        ST1_asisdlse_R1_1v ST2_asisdlse_R2 ST1_asisdlse_R2_2v LD4_asisdlse_R4 LD1_asisdlse_R4_4v
        LD3_asisdlse_R3 LD1_asisdlse_R3_3v LD1_asisdlse_R1_1v LD2_asisdlse_R2 LD1_asisdlse_R2_2v }
    ldst::asisdlsep { ST4_asisdlsep_R4_r ST1_asisdlsep_R4_r4 ST3_asisdlsep_R3_r ST1_asisdlsep_R3_r3
        ST1_asisdlsep_R1_r1 ST2_asisdlsep_R2_r ST1_asisdlsep_R2_r2 ST4_asisdlsep_I4_i ST1_asisdlsep_I4_i4
        ST3_asisdlsep_I3_i ST1_asisdlsep_I3_i3 ST1_asisdlsep_I1_i1 ST2_asisdlsep_I2_i ST1_asisdlsep_I2_i2
        LD4_asisdlsep_R4_r LD1_asisdlsep_R4_r4 LD3_asisdlsep_R3_r LD1_asisdlsep_R3_r3 LD1_asisdlsep_R1_r1
        LD2_asisdlsep_R2_r LD1_asisdlsep_R2_r2 LD4_asisdlsep_I4_i LD1_asisdlsep_I4_i4 LD3_asisdlsep_I3_i
        LD1_asisdlsep_I3_i3 LD1_asisdlsep_I1_i1 LD2_asisdlsep_I2_i LD1_asisdlsep_I2_i2 }
    ldst::asisdlso { ST1_asisdlso_B1_1b ST3_asisdlso_B3_3b ST1_asisdlso_H1_1h ST3_asisdlso_H3_3h
        ST1_asisdlso_S1_1s ST1_asisdlso_D1_1d ST3_asisdlso_S3_3s ST3_asisdlso_D3_3d STL1_asisdlso_D1
        ST2_asisdlso_B2_2b ST4_asisdlso_B4_4b ST2_asisdlso_H2_2h ST4_asisdlso_H4_4h ST2_asisdlso_S2_2s
        ST2_asisdlso_D2_2d ST4_asisdlso_S4_4s ST4_asisdlso_D4_4d LD1_asisdlso_B1_1b LD3_asisdlso_B3_3b
        LD1_asisdlso_H1_1h LD3_asisdlso_H3_3h LD1_asisdlso_S1_1s LD1_asisdlso_D1_1d LD3_asisdlso_S3_3s
        LD3_asisdlso_D3_3d LD1R_asisdlso_R1 LD3R_asisdlso_R3 LDAP1_asisdlso_D1 LD2_asisdlso_B2_2b
        LD4_asisdlso_B4_4b LD2_asisdlso_H2_2h LD4_asisdlso_H4_4h LD2_asisdlso_S2_2s LD2_asisdlso_D2_2d
        LD4_asisdlso_S4_4s LD4_asisdlso_D4_4d LD2R_asisdlso_R2 LD4R_asisdlso_R4 }
    ldst::asisdlsop { ST1_asisdlsop_BX1_r1b ST3_asisdlsop_BX3_r3b ST1_asisdlsop_HX1_r1h
        ST3_asisdlsop_HX3_r3h ST1_asisdlsop_SX1_r1s ST1_asisdlsop_DX1_r1d ST3_asisdlsop_SX3_r3s
        ST3_asisdlsop_DX3_r3d ST1_asisdlsop_B1_i1b ST3_asisdlsop_B3_i3b ST1_asisdlsop_H1_i1h
        ST3_asisdlsop_H3_i3h ST1_asisdlsop_S1_i1s ST1_asisdlsop_D1_i1d ST3_asisdlsop_S3_i3s
        ST3_asisdlsop_D3_i3d ST2_asisdlsop_BX2_r2b ST4_asisdlsop_BX4_r4b ST2_asisdlsop_HX2_r2h
        ST4_asisdlsop_HX4_r4h ST2_asisdlsop_SX2_r2s ST2_asisdlsop_DX2_r2d ST4_asisdlsop_SX4_r4s
        ST4_asisdlsop_DX4_r4d ST2_asisdlsop_B2_i2b ST4_asisdlsop_B4_i4b ST2_asisdlsop_H2_i2h
        ST4_asisdlsop_H4_i4h ST2_asisdlsop_S2_i2s ST2_asisdlsop_D2_i2d ST4_asisdlsop_S4_i4s
        ST4_asisdlsop_D4_i4d LD1_asisdlsop_BX1_r1b LD3_asisdlsop_BX3_r3b LD1_asisdlsop_HX1_r1h
        LD3_asisdlsop_HX3_r3h LD1_asisdlsop_SX1_r1s LD1_asisdlsop_DX1_r1d LD3_asisdlsop_SX3_r3s
        LD3_asisdlsop_DX3_r3d LD1R_asisdlsop_RX1_r LD3R_asisdlsop_RX3_r LD1_asisdlsop_B1_i1b
        LD3_asisdlsop_B3_i3b LD1_asisdlsop_H1_i1h LD3_asisdlsop_H3_i3h LD1_asisdlsop_S1_i1s
        LD1_asisdlsop_D1_i1d LD3_asisdlsop_S3_i3s LD3_asisdlsop_D3_i3d LD1R_asisdlsop_R1_i
        LD3R_asisdlsop_R3_i LD2_asisdlsop_BX2_r2b LD4_asisdlsop_BX4_r4b LD2_asisdlsop_HX2_r2h
        LD4_asisdlsop_HX4_r4h LD2_asisdlsop_SX2_r2s LD2_asisdlsop_DX2_r2d LD4_asisdlsop_SX4_r4s
        LD4_asisdlsop_DX4_r4d LD2R_asisdlsop_RX2_r LD4R_asisdlsop_RX4_r LD2_asisdlsop_B2_i2b
        LD4_asisdlsop_B4_i4b LD2_asisdlsop_H2_i2h LD4_asisdlsop_H4_i4h LD2_asisdlsop_S2_i2s
        LD2_asisdlsop_D2_i2d LD4_asisdlsop_S4_i4s LD4_asisdlsop_D4_i4d LD2R_asisdlsop_R2_i
        LD4R_asisdlsop_R4_i }
    ldst::comswap { CASB_C32_comswap CASLB_C32_comswap CASAB_C32_comswap CASALB_C32_comswap
        CASH_C32_comswap CASLH_C32_comswap CASAH_C32_comswap CASALH_C32_comswap CAS_C32_comswap
        CASL_C32_comswap CASA_C32_comswap CASAL_C32_comswap CAS_C64_comswap CASL_C64_comswap
        CASA_C64_comswap CASAL_C64_comswap }
    ldst::comswap_unpriv { CAST_C64_comswap_unpriv CASLT_C64_comswap_unpriv CASAT_C64_comswap_unpriv
        CASALT_C64_comswap_unpriv }
    ldst::comswappr { CASP_CP32_comswappr CASPL_CP32_comswappr CASPA_CP32_comswappr CASPAL_CP32_comswappr
        CASP_CP64_comswappr CASPL_CP64_comswappr CASPA_CP64_comswappr CASPAL_CP64_comswappr }
    ldst::comswappr_unpriv { CASPT_CP64_comswappr_unpriv CASPLT_CP64_comswappr_unpriv
        CASPAT_CP64_comswappr_unpriv CASPALT_CP64_comswappr_unpriv }
    ldst::ldapstl_simd { STLUR_B_ldapstl_simd LDAPUR_B_ldapstl_simd STLUR_Q_ldapstl_simd
        LDAPUR_Q_ldapstl_simd STLUR_H_ldapstl_simd LDAPUR_H_ldapstl_simd STLUR_S_ldapstl_simd
        LDAPUR_S_ldapstl_simd STLUR_D_ldapstl_simd LDAPUR_D_ldapstl_simd }
    ldst::ldapstl_unscaled { STLURB_32_ldapstl_unscaled LDAPURB_32_ldapstl_unscaled
        LDAPURSB_64_ldapstl_unscaled LDAPURSB_32_ldapstl_unscaled STLURH_32_ldapstl_unscaled
        LDAPURH_32_ldapstl_unscaled LDAPURSH_64_ldapstl_unscaled LDAPURSH_32_ldapstl_unscaled
        STLUR_32_ldapstl_unscaled LDAPUR_32_ldapstl_unscaled LDAPURSW_64_ldapstl_unscaled
        STLUR_64_ldapstl_unscaled LDAPUR_64_ldapstl_unscaled }
    ldst::ldapstl_writeback { STLR_32S_ldapstl_writeback LDAPR_32L_ldapstl_writeback
        STLR_64S_ldapstl_writeback LDAPR_64L_ldapstl_writeback }
    ldst::ldiappstilp { STILP_32SE_ldiappstilp STILP_32S_ldiappstilp LDIAPP_32LE_ldiappstilp
        LDIAPP_32L_ldiappstilp STILP_64SS_ldiappstilp STILP_64S_ldiappstilp STLP_64_ldiappstilp
        LDIAPP_64LS_ldiappstilp LDIAPP_64L_ldiappstilp LDAP_64_ldiappstilp LDAPP_64_ldiappstilp }
    ldst::ldst_gcs { GCSSTR_64_ldst_gcs GCSSTTR_64_ldst_gcs }
    ldst::ldst_immpost { STRB_32_ldst_immpost LDRB_32_ldst_immpost LDRSB_64_ldst_immpost
        LDRSB_32_ldst_immpost STR_B_ldst_immpost LDR_B_ldst_immpost STR_Q_ldst_immpost LDR_Q_ldst_immpost
        STRH_32_ldst_immpost LDRH_32_ldst_immpost LDRSH_64_ldst_immpost LDRSH_32_ldst_immpost
        STR_H_ldst_immpost LDR_H_ldst_immpost STR_32_ldst_immpost LDR_32_ldst_immpost
        LDRSW_64_ldst_immpost STR_S_ldst_immpost LDR_S_ldst_immpost STR_64_ldst_immpost
        LDR_64_ldst_immpost STR_D_ldst_immpost LDR_D_ldst_immpost }
    ldst::ldst_immpre { STRB_32_ldst_immpre LDRB_32_ldst_immpre LDRSB_64_ldst_immpre LDRSB_32_ldst_immpre
        STR_B_ldst_immpre LDR_B_ldst_immpre STR_Q_ldst_immpre LDR_Q_ldst_immpre STRH_32_ldst_immpre
        LDRH_32_ldst_immpre LDRSH_64_ldst_immpre LDRSH_32_ldst_immpre STR_H_ldst_immpre LDR_H_ldst_immpre
        STR_32_ldst_immpre LDR_32_ldst_immpre LDRSW_64_ldst_immpre STR_S_ldst_immpre LDR_S_ldst_immpre
        STR_64_ldst_immpre LDR_64_ldst_immpre STR_D_ldst_immpre LDR_D_ldst_immpre }
    ldst::ldst_pac { LDRAA_64_ldst_pac LDRAA_64W_ldst_pac LDRAB_64_ldst_pac LDRAB_64W_ldst_pac }
    ldst::ldst_pos { STRB_32_ldst_pos LDRB_32_ldst_pos LDRSB_64_ldst_pos LDRSB_32_ldst_pos STR_B_ldst_pos
        LDR_B_ldst_pos STR_Q_ldst_pos LDR_Q_ldst_pos STRH_32_ldst_pos LDRH_32_ldst_pos LDRSH_64_ldst_pos
        LDRSH_32_ldst_pos STR_H_ldst_pos LDR_H_ldst_pos STR_32_ldst_pos LDR_32_ldst_pos LDRSW_64_ldst_pos
        STR_S_ldst_pos LDR_S_ldst_pos STR_64_ldst_pos LDR_64_ldst_pos PRFM_P_ldst_pos STR_D_ldst_pos
        LDR_D_ldst_pos }
    ldst::ldst_regoff { STRB_32B_ldst_regoff STRB_32BL_ldst_regoff LDRB_32B_ldst_regoff
        LDRB_32BL_ldst_regoff LDRSB_64B_ldst_regoff LDRSB_64BL_ldst_regoff LDRSB_32B_ldst_regoff
        LDRSB_32BL_ldst_regoff STR_B_ldst_regoff STR_BL_ldst_regoff LDR_B_ldst_regoff LDR_BL_ldst_regoff
        STR_Q_ldst_regoff LDR_Q_ldst_regoff STRH_32_ldst_regoff LDRH_32_ldst_regoff LDRSH_64_ldst_regoff
        LDRSH_32_ldst_regoff STR_H_ldst_regoff LDR_H_ldst_regoff STR_32_ldst_regoff LDR_32_ldst_regoff
        LDRSW_64_ldst_regoff STR_S_ldst_regoff LDR_S_ldst_regoff STR_64_ldst_regoff LDR_64_ldst_regoff
        PRFM_P_ldst_regoff RPRFM_R_ldst_regoff STR_D_ldst_regoff LDR_D_ldst_regoff }
    ldst::ldst_unpriv { STTRB_32_ldst_unpriv LDTRB_32_ldst_unpriv LDTRSB_64_ldst_unpriv
        LDTRSB_32_ldst_unpriv STTRH_32_ldst_unpriv LDTRH_32_ldst_unpriv LDTRSH_64_ldst_unpriv
        LDTRSH_32_ldst_unpriv STTR_32_ldst_unpriv LDTR_32_ldst_unpriv LDTRSW_64_ldst_unpriv
        STTR_64_ldst_unpriv LDTR_64_ldst_unpriv }
    ldst::ldst_unscaled { STURB_32_ldst_unscaled LDURB_32_ldst_unscaled LDURSB_64_ldst_unscaled
        LDURSB_32_ldst_unscaled STUR_B_ldst_unscaled LDUR_B_ldst_unscaled STUR_Q_ldst_unscaled
        LDUR_Q_ldst_unscaled STURH_32_ldst_unscaled LDURH_32_ldst_unscaled LDURSH_64_ldst_unscaled
        LDURSH_32_ldst_unscaled STUR_H_ldst_unscaled LDUR_H_ldst_unscaled STUR_32_ldst_unscaled
        LDUR_32_ldst_unscaled LDURSW_64_ldst_unscaled STUR_S_ldst_unscaled LDUR_S_ldst_unscaled
        STUR_64_ldst_unscaled LDUR_64_ldst_unscaled PRFUM_P_ldst_unscaled STUR_D_ldst_unscaled
        LDUR_D_ldst_unscaled }
    ldst::ldstexclp { STXP_SP32_ldstexclp STLXP_SP32_ldstexclp LDXP_LP32_ldstexclp LDAXP_LP32_ldstexclp
        STXP_SP64_ldstexclp STLXP_SP64_ldstexclp LDXP_LP64_ldstexclp LDAXP_LP64_ldstexclp }
    ldst::ldstexclr { STXRB_SR32_ldstexclr STLXRB_SR32_ldstexclr LDXRB_LR32_ldstexclr
        LDAXRB_LR32_ldstexclr STXRH_SR32_ldstexclr STLXRH_SR32_ldstexclr LDXRH_LR32_ldstexclr
        LDAXRH_LR32_ldstexclr STXR_SR32_ldstexclr STLXR_SR32_ldstexclr LDXR_LR32_ldstexclr
        LDAXR_LR32_ldstexclr STXR_SR64_ldstexclr STLXR_SR64_ldstexclr LDXR_LR64_ldstexclr
        LDAXR_LR64_ldstexclr }
    ldst::ldstexclr_unpriv { STTXR_SR32_ldstexclr_unpriv STLTXR_SR32_ldstexclr_unpriv
        LDTXR_LR32_ldstexclr_unpriv LDATXR_LR32_ldstexclr_unpriv STTXR_SR64_ldstexclr_unpriv
        STLTXR_SR64_ldstexclr_unpriv LDTXR_LR64_ldstexclr_unpriv LDATXR_LR64_ldstexclr_unpriv }
    ldst::ldstnapair_offs { STNP_32_ldstnapair_offs LDNP_32_ldstnapair_offs STNP_S_ldstnapair_offs
        LDNP_S_ldstnapair_offs STNP_D_ldstnapair_offs LDNP_D_ldstnapair_offs STNP_64_ldstnapair_offs
        LDNP_64_ldstnapair_offs STNP_Q_ldstnapair_offs LDNP_Q_ldstnapair_offs STTNP_64_ldstnapair_offs
        LDTNP_64_ldstnapair_offs STTNP_Q_ldstnapair_offs LDTNP_Q_ldstnapair_offs }
    ldst::ldstord { STLLRB_SL32_ldstord STLRB_SL32_ldstord LDLARB_LR32_ldstord LDARB_LR32_ldstord
        STLLRH_SL32_ldstord STLRH_SL32_ldstord LDLARH_LR32_ldstord LDARH_LR32_ldstord STLLR_SL32_ldstord
        STLR_SL32_ldstord LDLAR_LR32_ldstord LDAR_LR32_ldstord STLLR_SL64_ldstord STLR_SL64_ldstord
        LDLAR_LR64_ldstord LDAR_LR64_ldstord }
    ldst::ldstpair_off { STP_32_ldstpair_off LDP_32_ldstpair_off STP_S_ldstpair_off LDP_S_ldstpair_off
        STGP_64_ldstpair_off LDPSW_64_ldstpair_off STP_D_ldstpair_off LDP_D_ldstpair_off
        STP_64_ldstpair_off LDP_64_ldstpair_off STP_Q_ldstpair_off LDP_Q_ldstpair_off STTP_64_ldstpair_off
        LDTP_64_ldstpair_off STTP_Q_ldstpair_off LDTP_Q_ldstpair_off }
    ldst::ldstpair_post { STP_32_ldstpair_post LDP_32_ldstpair_post STP_S_ldstpair_post
        LDP_S_ldstpair_post STGP_64_ldstpair_post LDPSW_64_ldstpair_post STP_D_ldstpair_post
        LDP_D_ldstpair_post STP_64_ldstpair_post LDP_64_ldstpair_post STP_Q_ldstpair_post
        LDP_Q_ldstpair_post STTP_64_ldstpair_post LDTP_64_ldstpair_post STTP_Q_ldstpair_post
        LDTP_Q_ldstpair_post }
    ldst::ldstpair_pre { STP_32_ldstpair_pre LDP_32_ldstpair_pre STP_S_ldstpair_pre LDP_S_ldstpair_pre
        STGP_64_ldstpair_pre LDPSW_64_ldstpair_pre STP_D_ldstpair_pre LDP_D_ldstpair_pre
        STP_64_ldstpair_pre LDP_64_ldstpair_pre STP_Q_ldstpair_pre LDP_Q_ldstpair_pre STTP_64_ldstpair_pre
        LDTP_64_ldstpair_pre STTP_Q_ldstpair_pre LDTP_Q_ldstpair_pre }
    ldst::ldsttags { STG_64Spost_ldsttags STG_64Soffset_ldsttags STG_64Spre_ldsttags STZGM_64bulk_ldsttags
        LDG_64Loffset_ldsttags STZG_64Spost_ldsttags STZG_64Soffset_ldsttags STZG_64Spre_ldsttags
        ST2G_64Spost_ldsttags ST2G_64Soffset_ldsttags ST2G_64Spre_ldsttags STGM_64bulk_ldsttags
        STZ2G_64Spost_ldsttags STZ2G_64Soffset_ldsttags STZ2G_64Spre_ldsttags LDGM_64bulk_ldsttags }
    ldst::loadlit { LDR_32_loadlit LDR_S_loadlit LDR_64_loadlit LDR_D_loadlit LDRSW_64_loadlit
        LDR_Q_loadlit PRFM_P_loadlit }
    ldst::memcms { CPYFP_CPY_memcms CPYFPWT_CPY_memcms CPYFPRT_CPY_memcms CPYFPT_CPY_memcms
        CPYFPWN_CPY_memcms CPYFPWTWN_CPY_memcms CPYFPRTWN_CPY_memcms CPYFPTWN_CPY_memcms
        CPYFPRN_CPY_memcms CPYFPWTRN_CPY_memcms CPYFPRTRN_CPY_memcms CPYFPTRN_CPY_memcms CPYFPN_CPY_memcms
        CPYFPWTN_CPY_memcms CPYFPRTN_CPY_memcms CPYFPTN_CPY_memcms CPYFM_CPY_memcms CPYFMWT_CPY_memcms
        CPYFMRT_CPY_memcms CPYFMT_CPY_memcms CPYFMWN_CPY_memcms CPYFMWTWN_CPY_memcms CPYFMRTWN_CPY_memcms
        CPYFMTWN_CPY_memcms CPYFMRN_CPY_memcms CPYFMWTRN_CPY_memcms CPYFMRTRN_CPY_memcms
        CPYFMTRN_CPY_memcms CPYFMN_CPY_memcms CPYFMWTN_CPY_memcms CPYFMRTN_CPY_memcms CPYFMTN_CPY_memcms
        CPYFE_CPY_memcms CPYFEWT_CPY_memcms CPYFERT_CPY_memcms CPYFET_CPY_memcms CPYFEWN_CPY_memcms
        CPYFEWTWN_CPY_memcms CPYFERTWN_CPY_memcms CPYFETWN_CPY_memcms CPYFERN_CPY_memcms
        CPYFEWTRN_CPY_memcms CPYFERTRN_CPY_memcms CPYFETRN_CPY_memcms CPYFEN_CPY_memcms
        CPYFEWTN_CPY_memcms CPYFERTN_CPY_memcms CPYFETN_CPY_memcms SETP_SET_memcms SETPT_SET_memcms
        SETPN_SET_memcms SETPTN_SET_memcms SETM_SET_memcms SETMT_SET_memcms SETMN_SET_memcms
        SETMTN_SET_memcms SETE_SET_memcms SETET_SET_memcms SETEN_SET_memcms SETETN_SET_memcms
        CPYP_CPY_memcms CPYPWT_CPY_memcms CPYPRT_CPY_memcms CPYPT_CPY_memcms CPYPWN_CPY_memcms
        CPYPWTWN_CPY_memcms CPYPRTWN_CPY_memcms CPYPTWN_CPY_memcms CPYPRN_CPY_memcms CPYPWTRN_CPY_memcms
        CPYPRTRN_CPY_memcms CPYPTRN_CPY_memcms CPYPN_CPY_memcms CPYPWTN_CPY_memcms CPYPRTN_CPY_memcms
        CPYPTN_CPY_memcms CPYM_CPY_memcms CPYMWT_CPY_memcms CPYMRT_CPY_memcms CPYMT_CPY_memcms
        CPYMWN_CPY_memcms CPYMWTWN_CPY_memcms CPYMRTWN_CPY_memcms CPYMTWN_CPY_memcms CPYMRN_CPY_memcms
        CPYMWTRN_CPY_memcms CPYMRTRN_CPY_memcms CPYMTRN_CPY_memcms CPYMN_CPY_memcms CPYMWTN_CPY_memcms
        CPYMRTN_CPY_memcms CPYMTN_CPY_memcms CPYE_CPY_memcms CPYEWT_CPY_memcms CPYERT_CPY_memcms
        CPYET_CPY_memcms CPYEWN_CPY_memcms CPYEWTWN_CPY_memcms CPYERTWN_CPY_memcms CPYETWN_CPY_memcms
        CPYERN_CPY_memcms CPYEWTRN_CPY_memcms CPYERTRN_CPY_memcms CPYETRN_CPY_memcms CPYEN_CPY_memcms
        CPYEWTN_CPY_memcms CPYERTN_CPY_memcms CPYETN_CPY_memcms SETGP_SET_memcms SETGPT_SET_memcms
        SETGPN_SET_memcms SETGPTN_SET_memcms SETGM_SET_memcms SETGMT_SET_memcms SETGMN_SET_memcms
        SETGMTN_SET_memcms SETGE_SET_memcms SETGET_SET_memcms SETGEN_SET_memcms SETGETN_SET_memcms }
    ldst::memop { LDADDB_32_memop LDCLRB_32_memop LDEORB_32_memop LDSETB_32_memop LDSMAXB_32_memop
        LDSMINB_32_memop LDUMAXB_32_memop LDUMINB_32_memop SWPB_32_memop RCWCLR_64_memop RCWSWP_64_memop
        RCWSET_64_memop LDADDLB_32_memop LDCLRLB_32_memop LDEORLB_32_memop LDSETLB_32_memop
        LDSMAXLB_32_memop LDSMINLB_32_memop LDUMAXLB_32_memop LDUMINLB_32_memop SWPLB_32_memop
        RCWCLRL_64_memop RCWSWPL_64_memop RCWSETL_64_memop LDADDAB_32_memop LDCLRAB_32_memop
        LDEORAB_32_memop LDSETAB_32_memop LDSMAXAB_32_memop LDSMINAB_32_memop LDUMAXAB_32_memop
        LDUMINAB_32_memop SWPAB_32_memop RCWCLRA_64_memop RCWSWPA_64_memop RCWSETA_64_memop
        LDAPRB_32L_memop LDADDALB_32_memop LDCLRALB_32_memop LDEORALB_32_memop LDSETALB_32_memop
        LDSMAXALB_32_memop LDSMINALB_32_memop LDUMAXALB_32_memop LDUMINALB_32_memop SWPALB_32_memop
        RCWCLRAL_64_memop RCWSWPAL_64_memop RCWSETAL_64_memop LDADDH_32_memop LDCLRH_32_memop
        LDEORH_32_memop LDSETH_32_memop LDSMAXH_32_memop LDSMINH_32_memop LDUMAXH_32_memop
        LDUMINH_32_memop SWPH_32_memop RCWSCLR_64_memop RCWSSWP_64_memop RCWSSET_64_memop LDADDLH_32_memop
        LDCLRLH_32_memop LDEORLH_32_memop LDSETLH_32_memop LDSMAXLH_32_memop LDSMINLH_32_memop
        LDUMAXLH_32_memop LDUMINLH_32_memop SWPLH_32_memop RCWSCLRL_64_memop RCWSSWPL_64_memop
        RCWSSETL_64_memop LDADDAH_32_memop LDCLRAH_32_memop LDEORAH_32_memop LDSETAH_32_memop
        LDSMAXAH_32_memop LDSMINAH_32_memop LDUMAXAH_32_memop LDUMINAH_32_memop SWPAH_32_memop
        RCWSCLRA_64_memop RCWSSWPA_64_memop RCWSSETA_64_memop LDAPRH_32L_memop LDADDALH_32_memop
        LDCLRALH_32_memop LDEORALH_32_memop LDSETALH_32_memop LDSMAXALH_32_memop LDSMINALH_32_memop
        LDUMAXALH_32_memop LDUMINALH_32_memop SWPALH_32_memop RCWSCLRAL_64_memop RCWSSWPAL_64_memop
        RCWSSETAL_64_memop LDADD_32_memop LDCLR_32_memop LDEOR_32_memop LDSET_32_memop LDSMAX_32_memop
        LDSMIN_32_memop LDUMAX_32_memop LDUMIN_32_memop SWP_32_memop LDADDL_32_memop LDCLRL_32_memop
        LDEORL_32_memop LDSETL_32_memop LDSMAXL_32_memop LDSMINL_32_memop LDUMAXL_32_memop
        LDUMINL_32_memop SWPL_32_memop LDADDA_32_memop LDCLRA_32_memop LDEORA_32_memop LDSETA_32_memop
        LDSMAXA_32_memop LDSMINA_32_memop LDUMAXA_32_memop LDUMINA_32_memop SWPA_32_memop LDAPR_32L_memop
        LDADDAL_32_memop LDCLRAL_32_memop LDEORAL_32_memop LDSETAL_32_memop LDSMAXAL_32_memop
        LDSMINAL_32_memop LDUMAXAL_32_memop LDUMINAL_32_memop SWPAL_32_memop LDADD_64_memop LDCLR_64_memop
        LDEOR_64_memop LDSET_64_memop LDSMAX_64_memop LDSMIN_64_memop LDUMAX_64_memop LDUMIN_64_memop
        SWP_64_memop ST64BV0_64_memop ST64BV_64_memop ST64B_64L_memop LDA64B_64L_memop LD64B_64L_memop
        LDADDL_64_memop LDCLRL_64_memop LDEORL_64_memop LDSETL_64_memop LDSMAXL_64_memop LDSMINL_64_memop
        LDUMAXL_64_memop LDUMINL_64_memop SWPL_64_memop STL64BV0_64_memop STL64BV_64_memop
        STL64B_64L_memop LDADDA_64_memop LDCLRA_64_memop LDEORA_64_memop LDSETA_64_memop LDSMAXA_64_memop
        LDSMINA_64_memop LDUMAXA_64_memop LDUMINA_64_memop SWPA_64_memop LDAPR_64L_memop LDADDAL_64_memop
        LDCLRAL_64_memop LDEORAL_64_memop LDSETAL_64_memop LDSMAXAL_64_memop LDSMINAL_64_memop
        LDUMAXAL_64_memop LDUMINAL_64_memop SWPAL_64_memop LDBFADD_16 LDBFMAX_16 LDBFMIN_16 LDBFMAXNM_16
        LDBFMINNM_16 STBFADD_16 STBFMAX_16 STBFMIN_16 STBFMAXNM_16 STBFMINNM_16 STBFADDL_16 STBFMAXL_16
        STBFMINL_16 STBFMAXNML_16 STBFMINNML_16 LDBFADDL_16 LDBFMAXL_16 LDBFMINL_16 LDBFMAXNML_16
        LDBFMINNML_16 LDBFADDA_16 LDBFMAXA_16 LDBFMINA_16 LDBFMAXNMA_16 LDBFMINNMA_16 LDBFADDAL_16
        LDBFMAXAL_16 LDBFMINAL_16 LDBFMAXNMAL_16 LDBFMINNMAL_16 LDFADD_16 LDFMAX_16 LDFMIN_16 LDFMAXNM_16
        LDFMINNM_16 STFADD_16 STFMAX_16 STFMIN_16 STFMAXNM_16 STFMINNM_16 STFADDL_16 STFMAXL_16 STFMINL_16
        STFMAXNML_16 STFMINNML_16 LDFADDL_16 LDFMAXL_16 LDFMINL_16 LDFMAXNML_16 LDFMINNML_16 LDFADDA_16
        LDFMAXA_16 LDFMINA_16 LDFMAXNMA_16 LDFMINNMA_16 LDFADDAL_16 LDFMAXAL_16 LDFMINAL_16 LDFMAXNMAL_16
        LDFMINNMAL_16 LDFADD_32 LDFMAX_32 LDFMIN_32 LDFMAXNM_32 LDFMINNM_32 STFADD_32 STFMAX_32 STFMIN_32
        STFMAXNM_32 STFMINNM_32 STFADDL_32 STFMAXL_32 STFMINL_32 STFMAXNML_32 STFMINNML_32 LDFADDL_32
        LDFMAXL_32 LDFMINL_32 LDFMAXNML_32 LDFMINNML_32 LDFADDA_32 LDFMAXA_32 LDFMINA_32 LDFMAXNMA_32
        LDFMINNMA_32 LDFADDAL_32 LDFMAXAL_32 LDFMINAL_32 LDFMAXNMAL_32 LDFMINNMAL_32 LDFADD_64 LDFMAX_64
        LDFMIN_64 LDFMAXNM_64 LDFMINNM_64 STFADD_64 STFMAX_64 STFMIN_64 STFMAXNM_64 STFMINNM_64 STFADDL_64
        STFMAXL_64 STFMINL_64 STFMAXNML_64 STFMINNML_64 LDFADDL_64 LDFMAXL_64 LDFMINL_64 LDFMAXNML_64
        LDFMINNML_64 LDFADDA_64 LDFMAXA_64 LDFMINA_64 LDFMAXNMA_64 LDFMINNMA_64 LDFADDAL_64 LDFMAXAL_64
        LDFMINAL_64 LDFMAXNMAL_64 LDFMINNMAL_64 }
    ldst::memop_128 { LDCLRP_128_memop_128 LDSETP_128_memop_128 SWPP_128_memop_128 RCWCLRP_128_memop_128
        RCWSWPP_128_memop_128 RCWSETP_128_memop_128 LDCLRPL_128_memop_128 LDSETPL_128_memop_128
        SWPPL_128_memop_128 RCWCLRPL_128_memop_128 RCWSWPPL_128_memop_128 RCWSETPL_128_memop_128
        LDCLRPA_128_memop_128 LDSETPA_128_memop_128 SWPPA_128_memop_128 RCWCLRPA_128_memop_128
        RCWSWPPA_128_memop_128 RCWSETPA_128_memop_128 LDCLRPAL_128_memop_128 LDSETPAL_128_memop_128
        SWPPAL_128_memop_128 RCWCLRPAL_128_memop_128 RCWSWPPAL_128_memop_128 RCWSETPAL_128_memop_128
        RCWSCLRP_128_memop_128 RCWSSWPP_128_memop_128 RCWSSETP_128_memop_128 RCWSCLRPL_128_memop_128
        RCWSSWPPL_128_memop_128 RCWSSETPL_128_memop_128 RCWSCLRPA_128_memop_128 RCWSSWPPA_128_memop_128
        RCWSSETPA_128_memop_128 RCWSCLRPAL_128_memop_128 RCWSSWPPAL_128_memop_128 RCWSSETPAL_128_memop_128
        }
    ldst::memop_unpriv { LDTADD_32_memop_unpriv LDTCLR_32_memop_unpriv LDTSET_32_memop_unpriv
        SWPT_32_memop_unpriv LDTADDL_32_memop_unpriv LDTCLRL_32_memop_unpriv LDTSETL_32_memop_unpriv
        SWPTL_32_memop_unpriv LDTADDA_32_memop_unpriv LDTCLRA_32_memop_unpriv LDTSETA_32_memop_unpriv
        SWPTA_32_memop_unpriv LDTADDAL_32_memop_unpriv LDTCLRAL_32_memop_unpriv LDTSETAL_32_memop_unpriv
        SWPTAL_32_memop_unpriv LDTADD_64_memop_unpriv LDTCLR_64_memop_unpriv LDTSET_64_memop_unpriv
        SWPT_64_memop_unpriv LDTADDL_64_memop_unpriv LDTCLRL_64_memop_unpriv LDTSETL_64_memop_unpriv
        SWPTL_64_memop_unpriv LDTADDA_64_memop_unpriv LDTCLRA_64_memop_unpriv LDTSETA_64_memop_unpriv
        SWPTA_64_memop_unpriv LDTADDAL_64_memop_unpriv LDTCLRAL_64_memop_unpriv LDTSETAL_64_memop_unpriv
        SWPTAL_64_memop_unpriv }
    ldst::memset_go { SETGOP_memset_go SETGOPT_memset_go SETGOPN_memset_go SETGOPTN_memset_go
        SETGOM_memset_go SETGOMT_memset_go SETGOMN_memset_go SETGOMTN_memset_go SETGOE_memset_go
        SETGOET_memset_go SETGOEN_memset_go SETGOETN_memset_go }
    ldst::rcwcomswap { RCWCAS_C64_rcwcomswap RCWCASL_C64_rcwcomswap RCWCASA_C64_rcwcomswap
        RCWCASAL_C64_rcwcomswap RCWSCAS_C64_rcwcomswap RCWSCASL_C64_rcwcomswap RCWSCASA_C64_rcwcomswap
        RCWSCASAL_C64_rcwcomswap }
    ldst::rcwcomswappr { RCWCASP_C64_rcwcomswappr RCWCASPL_C64_rcwcomswappr RCWCASPA_C64_rcwcomswappr
        RCWCASPAL_C64_rcwcomswappr RCWSCASP_C64_rcwcomswappr RCWSCASPL_C64_rcwcomswappr
        RCWSCASPA_C64_rcwcomswappr RCWSCASPAL_C64_rcwcomswappr }
];
