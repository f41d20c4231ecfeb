// Where the program starts, how it takes exceptions, and the instructions it tries.

        .macro  function name
        .global \name
        .balign 4
\name:
        .endm

        .text
function _start
        adrp    x9, at_reset
        add     x9, x9, :lo12:at_reset
        mrs     x10, sctlr_el1
        mrs     x11, currentel
        mrs     x12, daif
        mrs     x13, spsel
        stp     x10, x11, [x9]
        stp     x12, x13, [x9, #16]
        adrp    x9, stack_top
        add     sp, x9, :lo12:stack_top
        adrp    x9, vectors
        add     x9, x9, :lo12:vectors
        msr     vbar_el1, x9
        isb
        bl      start
        b       .

        // attempt(f, a, b): f(a, b), and 1; or 0 if that takes an exception.
function attempt
        adrp    x9, kept
        add     x9, x9, :lo12:kept
        stp     x19, x20, [x9]
        stp     x21, x22, [x9, #16]
        stp     x23, x24, [x9, #32]
        stp     x25, x26, [x9, #48]
        stp     x27, x28, [x9, #64]
        stp     x29, x30, [x9, #80]
        mov     x10, sp
        str     x10, [x9, #96]
        // What is saved of the flags is not left to chance.
        msr     nzcv, xzr
        mov     x10, x0
        mov     x0, x1
        mov     x1, x2
        blr     x10
        adrp    x9, result
        str     x0, [x9, :lo12:result]
        mov     x0, 1
back:
        adrp    x9, kept
        add     x9, x9, :lo12:kept
        ldp     x19, x20, [x9]
        ldp     x21, x22, [x9, #16]
        ldp     x23, x24, [x9, #32]
        ldp     x25, x26, [x9, #48]
        ldp     x27, x28, [x9, #64]
        ldp     x29, x30, [x9, #80]
        ldr     x10, [x9, #96]
        mov     sp, x10
        ret

        // enter(address, spsr): goes there, for attempt.
function enter
        msr     elr_el1, x0
        msr     spsr_el1, x1
        mov     x0, 0
        eret

        .macro  vector number
        .balign 128
        adrp    x9, stack_top
        add     sp, x9, :lo12:stack_top
        mov     x9, \number
        b       taken
        .endm

        .balign 2048
vectors:
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        vector  \number
        .endr

taken:
        // Like the code before: not a stack that a test has bent, and no step.
        adrp    x10, exception
        add     x10, x10, :lo12:exception
        mrs     x11, esr_el1
        stp     x9, x11, [x10]
        mrs     x11, far_el1
        mrs     x12, elr_el1
        stp     x11, x12, [x10, #16]
        mrs     x11, spsr_el1
        stp     x11, x0, [x10, #32]
        mov     x0, 0
        b       back

        // What is tried at EL1.
        .macro  one name:req, text:vararg
function \name
        \text
        ret
        .endm

        one     try_svc, svc 0x1234
        one     try_hvc, hvc 0x77
        one     try_smc, smc 0x55
        one     try_brk, brk 0x800
        one     try_hlt, hlt 1
        one     try_udf, udf 3
        one     try_unallocated, .inst 0xffffffff
        one     try_load, ldr x0, [x0]
        one     try_load_w, ldr w0, [x0]
        one     try_load_b, ldrb w0, [x0]
        one     try_store, str x0, [x0]
        one     try_pair, ldp x0, x1, [x0]
        one     try_store_pair, stp x0, x1, [x0]
        one     try_atomic, ldxr x0, [x0]
        one     try_exclusive_pair, ldxp x0, x1, [x0]
        one     try_ordered, ldar x0, [x0]
        one     try_release, stlr x1, [x0]
        one     try_unprivileged, ldtr x0, [x0]
        one     try_unprivileged_store, sttr x1, [x0]
        one     try_zero_block, dc zva, x0
        one     try_ldadd, .inst 0xf8220000 // ldadd x2, x0, [x0]
        one     try_swp, .inst 0xb8228000 // swp w2, w0, [x0]
        one     try_cas, .inst 0xc8a27c03 // cas x2, x3, [x0]
        one     try_casp, .inst 0x08227c04 // casp w2, w3, w4, w5, [x0]
        one     try_prefetch, prfm pldl1keep, [x0]
        one     try_vector, .inst 0x4ea01c00
        one     try_vector_load, .inst 0x3dc00000
        one     try_read_el2, mrs x0, hcr_el2
        one     try_read_unknown, mrs x0, s3_0_c15_c15_7
        one     try_write_id, .inst 0xd5180000
        one     try_jump, br x0
        one     try_dbgdtr, mrs x0, dbgdtr_el0
        one     try_daif, mrs x0, daif

function try_call
        str     x30, [sp, #-16]!
        blr     x0
        ldr     x30, [sp], #16
        ret

        // With the stack pointer x0 bytes off.
function try_stack_store
        mov     x9, sp
        sub     sp, sp, x0
        stp     x0, x1, [sp, #-32]!
        mov     sp, x9
        ret
function try_stack_register
        mov     x9, sp
        sub     sp, sp, x0
        strb    w0, [sp, x1]
        ldrb    w0, [sp, x1]
        mov     sp, x9
        ret
function try_stack_exclusive
        mov     x9, sp
        sub     sp, sp, x0
        ldxrb   w10, [sp]
        mov     sp, x9
        ret
        // The access before the stack pointer is bent, and the one behind.
function try_stack_post
        mov     x9, sp
        str     x0, [sp], #-8
        ldr     x0, [sp], #-8
        mov     sp, x9
        ret
function try_stack_pre
        mov     x9, sp
        str     x0, [sp, #-8]!
        ldr     x0, [sp], #8
        mov     sp, x9
        ret
function try_stack_prefetch
        mov     x9, sp
        sub     sp, sp, x0
        prfm    pldl1keep, [sp]
        mov     sp, x9
        ret
function try_stack_add
        mov     x9, sp
        sub     sp, sp, x0
        add     x0, sp, 4
        sub     x0, x9, x0
        mov     sp, x9
        ret

        // The exclusive monitor.
function exclusive_plain
        ldxr    x9, [x0]
        stxr    w11, x9, [x0]
        mov     w0, w11
        ret
function exclusive_twice
        ldxr    x9, [x0]
        stxr    w10, x9, [x0]
        stxr    w11, x9, [x0]
        mov     w0, w11
        ret
function exclusive_cleared
        ldxr    x9, [x0]
        clrex
        stxr    w11, x9, [x0]
        mov     w0, w11
        ret
function exclusive_none
        clrex
        stxr    w11, x9, [x0]
        mov     w0, w11
        ret

        // Address translation: PAR_EL1.
        .macro  translation name
function at_\name
        at      \name, x0
        isb
        mrs     x0, par_el1
        ret
        .endm
        translation s1e1r
        translation s1e1w
        translation s1e0r
        translation s1e0w

        // Code for EL0, mapped elsewhere.
        .section .user, "ax"
        .balign 4096
        .global user
user:
        .macro  at_user name:req, text:vararg
function user_\name
        \text
        svc     0xfff
        .endm
        at_user svc, nop
        at_user load, ldr x0, [x1]
        at_user store, str x0, [x1]
        at_user brk, brk 7
        at_user undefined, udf 0
        at_user privileged, mrs x0, sctlr_el1
        at_user midr, mrs x0, midr_el1
        at_user ctr, mrs x0, ctr_el0
        at_user daif, msr daifset, 2
        at_user wfi, wfi
        at_user wfe, wfe
        at_user zero, dc zva, x1
        at_user clean, dc cvau, x1
        at_user ivac, dc ivac, x1
        at_user invalidate, ic iallu
        at_user counter, mrs x0, cntvct_el0
        at_user frequency, mrs x0, cntfrq_el0
        at_user cycles, mrs x0, pmccntr_el0
        at_user vector, .inst 0x4ea01c00
        at_user hvc, hvc 0
        at_user smc, smc 0
        at_user eret, eret
        at_user tlbi, tlbi vmalle1
        at_user jump, br x1
        at_user stack, ldr x0, [sp, 8]
function user_two
        nop
        nop
        svc     0xfff
        at_user debug, mrs x0, mdccsr_el0
        .balign 4096
        .global user_end
user_end:

        // Code for a guarded page: each entry is 16 bytes.
        .section .guarded, "ax"
        .balign 4096
        .global guarded
guarded:
        .macro  entry text:vararg
        .balign 16
        \text
        ret
        .endm
        entry   nop
        entry   hint 32
        entry   hint 34
        entry   hint 36
        entry   hint 38
        entry   hint 25
        entry   hint 27
        entry   brk 5
        entry   hlt 5
        entry   svc 5
        entry   udf 5
        // Branches out of the page: to x0, by x1 or x16, with a link.
        .balign 16
        mov     x1, x0
        br      x1
        .balign 16
        mov     x16, x0
        br      x16
        .balign 16
        mov     x9, x30
        blr     x0
        ret     x9
        .balign 16
        ret     x0
        .balign 4096

        .bss
        .balign 16
        .skip   16384
stack_top:
        .global stack_top
kept:   .skip   112
        .section .note.GNU-stack, "", @progbits
