// A hypervisor's entry, how it runs code in its guest, and the instructions that are tried there.

        .arch   armv8.5-a

        .macro  function name
        .global \name
        .balign 4
\name:
        .endm

        .text
function _start
        adrp    x9, stack_top
        add     sp, x9, :lo12:stack_top
        adrp    x9, vectors
        add     x9, x9, :lo12:vectors
        msr     vbar_el2, x9
        isb
        bl      start
        b       .

        // attempt(f, a, b, spsr): f(a, b) in the guest, until that takes an exception.
function attempt
        adrp    x9, kept
        add     x9, x9, :lo12:kept
        stp     x19, x20, [x9]
        stp     x21, x22, [x9, #16]
        stp     x23, x24, [x9, #32]
        stp     x25, x26, [x9, #48]
        stp     x27, x28, [x9, #64]
        stp     x29, x30, [x9, #80]
        msr     elr_el2, x0
        msr     spsr_el2, x3
        mov     x0, x1
        mov     x1, x2
        mov     x4, 8
        eret

        .macro  vector number
        .balign 128
        mov     x9, \number
        b       taken
        .endm

        .balign 2048
vectors:
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        vector  \number
        .endr

taken:
        adrp    x10, exception
        add     x10, x10, :lo12:exception
        mrs     x11, esr_el2
        stp     x9, x11, [x10]
        mrs     x11, far_el2
        mrs     x12, elr_el2
        stp     x11, x12, [x10, #16]
        mrs     x11, hpfar_el2
        str     x11, [x10, #32]
        adrp    x9, kept
        add     x9, x9, :lo12:kept
        ldp     x19, x20, [x9]
        ldp     x21, x22, [x9, #16]
        ldp     x23, x24, [x9, #32]
        ldp     x25, x26, [x9, #48]
        ldp     x27, x28, [x9, #64]
        ldp     x29, x30, [x9, #80]
        ret

        // The guest's own exceptions.
        .balign 2048
        .global guest_vectors
guest_vectors:
        .rept   16
        .balign 128
        hvc     1
        .endr

        .balign 2048
        .macro  one name:req, text:vararg
function try_\name
        \text
        hvc     0
        .endm

        one     str_w, str w1, [x0]
        one     str_x, str xzr, [x0]
        one     strb, strb w2, [x0, #3]
        one     strh, strh w3, [x0, x4]
        one     ldr_w, ldr w5, [x0]
        one     ldr_x, ldr x6, [x0, #8]
        one     ldr_zero, ldr xzr, [x0]
        one     ldr_register, ldr x7, [x0, w4, uxtw #3]
        one     ldrb, ldrb w7, [x0, #1]
        one     ldrsb_w, ldrsb w8, [x0]
        one     ldrsb_x, ldrsb x9, [x0]
        one     ldrh, ldrh w10, [x0]
        one     ldrsh_w, ldrsh w11, [x0]
        one     ldrsh_x, ldrsh x12, [x0, x4]
        one     ldrsw, ldrsw x13, [x0]
        one     ldur, ldur w14, [x0, #4]
        one     stur, stur x15, [x0, #8]
        one     ldursw, ldursw x16, [x0, #4]
        one     ldtr, ldtr x17, [x0]
        one     ldtrsb, ldtrsb w18, [x0]
        one     ldtrsw, ldtrsw x18, [x0]
        one     sttrh, sttrh w19, [x0]
        one     ldar, ldar x20, [x0]
        one     ldarb, ldarb w21, [x0]
        one     stlr, stlr w22, [x0]
        one     stlrh, stlrh w23, [x0]
        one     post, ldr x1, [x0], #8
        one     pre, str x1, [x0, #8]!
        one     ldp, ldp x1, x2, [x0]
        one     stp, stp w1, w2, [x0]
        one     ldpsw, ldpsw x1, x2, [x0]
        one     ldnp, ldnp x1, x2, [x0]
        one     ldxr, ldxr x1, [x0]
        one     ldaxrb, ldaxrb w1, [x0]
        one     ldxp, ldxp x1, x2, [x0]
        one     ldr_q, ldr q0, [x0]
        one     ldr_d, ldr d0, [x0]
        one     str_b, str b0, [x0]
        one     ldp_q, ldp q0, q1, [x0]
        one     ld1, ld1 {v0.16b}, [x0]
        one     st1, st1 {v0.s}[1], [x0]
        one     zero, dc zva, x0
        one     prefetch, prfm pldl1keep, [x0]
        // Where the model has them.
        one     ldapr, ldapr x24, [x0]
        one     ldaprh, ldaprh w24, [x0]
        one     ldapurb, ldapurb w25, [x0, #1]
        one     ldapursh, ldapursh w25, [x0]
        one     ldapursw, ldapursw x25, [x0]
        one     stlur, stlur x26, [x0, #8]
        one     ldraa, ldraa x27, [x0]
        one     ldrab, ldrab x27, [x0, #8]
        one     ldraa_pre, ldraa x27, [x0, #8]!
        one     ldadd, ldadd x1, x2, [x0]
        one     stadd, stadd w1, [x0]
        one     swpal, swpal x1, x2, [x0]
        one     cas, cas x1, x2, [x0]
        one     casp, casp x2, x3, x4, x5, [x0]

        // Accesses that go well many times before one does not.
function try_many_loads
        ldrsh   x9, [x0]
        add     x0, x0, 8
        b       try_many_loads
function try_many_stores
        strb    wzr, [x0, #7]
        add     x0, x0, 8
        b       try_many_stores
function try_many_pairs
        ldp     x9, x10, [x0], #16
        b       try_many_pairs
function try_many_vectors
        ldr     q0, [x0]
        add     x0, x0, 16
        b       try_many_vectors
        // Two instructions that may fault, in turns; the other one does.
function try_many_copies
        ldr     w9, [x0]
        stur    w9, [x1, #4]
        add     x0, x0, 8
        add     x1, x1, 8
        b       try_many_copies

        .bss
        .balign 16
        .skip   16384
stack_top:
kept:   .skip   96
        .section .note.GNU-stack, "", @progbits
