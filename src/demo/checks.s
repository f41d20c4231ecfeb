# The self-check: a little of everything, against what the manual says.

self_check:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s2, 16(sp)
        sd      s3, 8(sp)
        la      a0, title_checks
        call    print
        li      s3, 0                           # failures
        la      s2, checks
1:
        ld      a0, 0(s2)
        beqz    a0, 4f
        li      a1, 26
        call    print_column
        ld      t0, 8(s2)
        jalr    t0
        addi    s2, s2, 16
        bnez    a0, 2f
        addi    s3, s3, 1
        la      a0, text_failed
        j       3f
2:
        la      a0, text_ok
3:
        call    print
        j       1b
4:
        mv      a0, s3
        ld      s3, 8(sp)
        ld      s2, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret

        .balign 8
checks:
        .dword  text_integers, check_integers
        .dword  text_division, check_division
        .dword  text_bits, check_bits
        .dword  text_floats, check_floats
        .dword  text_memory, check_memory
        .dword  text_atomics, check_atomics
        .dword  text_traps, check_traps
        .dword  text_timer, check_timer
        .dword  0

# 1 + 2 + ... + 1000, and a product of more than 64 bits.
check_integers:
        li      t0, 1000
        li      a0, 0
1:
        add     a0, a0, t0
        addi    t0, t0, -1
        bnez    t0, 1b
        li      t0, 500500
        xor     a0, a0, t0
        li      t1, -1
        mulhu   t1, t1, t1                      # (2^64 - 1)^2 >> 64
        addi    t1, t1, 2
        or      a0, a0, t1
        seqz    a0, a0
        ret

# Division by zero and the one overflow do not trap.
check_division:
        li      t0, 7
        div     a0, t0, zero
        addi    a0, a0, 1                       # all ones
        rem     t1, t0, zero
        xor     t1, t1, t0
        or      a0, a0, t1
        li      t0, 1
        slli    t0, t0, 63
        li      t1, -1
        div     t2, t0, t1
        xor     t2, t2, t0
        or      a0, a0, t2
        rem     t2, t0, t1
        or      a0, a0, t2
        seqz    a0, a0
        ret

check_bits:
        li      t0, 0x00ff00ff00000f00
        cpop    a0, t0
        addi    a0, a0, -20
        ctz     t1, t0
        addi    t1, t1, -8
        or      a0, a0, t1
        clz     t1, t0
        addi    t1, t1, -8
        or      a0, a0, t1
        seqz    a0, a0
        ret

# 1/3 and the root of 2 to the last bit, and the flag that they are inexact.
check_floats:
        li      t0, 3 << 13                     # mstatus.FS: dirty
        csrs    mstatus, t0
        csrw    fcsr, zero
        li      t0, 1
        fcvt.d.l fa0, t0
        li      t0, 3
        fcvt.d.l fa1, t0
        fdiv.d  fa0, fa0, fa1
        fmv.x.d a0, fa0
        li      t0, 0x3fd5555555555555
        xor     a0, a0, t0
        li      t0, 2
        fcvt.d.l fa1, t0
        fsqrt.d fa1, fa1
        fmv.x.d t1, fa1
        li      t0, 0x3ff6a09e667f3bcd
        xor     t1, t1, t0
        or      a0, a0, t1
        csrr    t1, fcsr
        addi    t1, t1, -1
        or      a0, a0, t1
        seqz    a0, a0
        ret

# Words at odd addresses keep what was stored.
check_memory:
        la      t0, scratch + 1
        li      t1, 100
        li      a0, 0
1:
        mul     t2, t1, t1
        sd      t2, 0(t0)
        ld      t3, 0(t0)
        xor     t3, t3, t2
        or      a0, a0, t3
        addi    t0, t0, 9
        addi    t1, t1, -1
        bnez    t1, 1b
        seqz    a0, a0
        ret

# No count of the other harts was lost. Waits for them.
check_atomics:
        la      t0, harts
        ld      t0, 0(t0)
        addi    t0, t0, -1
        la      t1, finished
1:
        lw      t2, 0(t1)
        bltu    t2, t0, 1b
        la      t1, total
2:
        lr.w    t2, (t1)
        addi    t2, t2, 1
        sc.w    t3, t2, (t1)
        bnez    t3, 2b
        lw      a0, 0(t1)
        sc.w    t3, zero, (t1)                  # without a reservation: fails
        li      t1, ROUNDS
        mul     t0, t0, t1
        addi    t0, t0, 1
        xor     a0, a0, t0
        seqz    t3, t3
        or      a0, a0, t3
        seqz    a0, a0
        # Once more must find the same.
        la      t1, total
        li      t0, -1
        amoadd.w zero, t0, (t1)
        ret

# Calls and unknown instructions trap with their causes.
check_traps:
        la      t0, cause
        ecall
        ld      a0, 0(t0)
        addi    a0, a0, -11                     # from machine mode
        .word   0
        ld      t1, 0(t0)
        addi    t1, t1, -2                      # illegal
        or      a0, a0, t1
        seqz    a0, a0
        ret

# A timer a millisecond from now wakes a sleeping hart, and not early.
check_timer:
        csrr    t3, mie
        rdtime  t0
        li      t1, 10000
        add     t0, t0, t1
        li      t1, TIMER_COMPARE
        sd      t0, 0(t1)
        li      t2, 1 << 7                      # MTIE
        csrw    mie, t2
1:
        wfi
        csrr    a0, mip
        and     a0, a0, t2
        beqz    a0, 1b
        rdtime  t4
        sltu    a0, t4, t0
        xori    a0, a0, 1
        li      t2, -1
        sd      t2, 0(t1)
        csrw    mie, t3
        ret
