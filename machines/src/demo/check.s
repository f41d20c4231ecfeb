# The self-check.

# Each check gives back 0 in a0 if all is well.
check:
    addi sp, sp, -16
    sd ra, 0(sp)
    sd s1, 8(sp)
    la s1, checks
1:  ld a0, 0(s1)
    beqz a0, 2f
    call puts
    ld t0, 8(s1)
    jalr t0
    la t0, text_pass
    beqz a0, 3f
    la t0, text_fail
3:  mv a0, t0
    call puts
    addi s1, s1, 16
    j 1b
2:  ld ra, 0(sp)
    ld s1, 8(sp)
    addi sp, sp, 16
    ret

    .balign 8
checks:
    .dword text_integers, check_integers
    .dword text_multiply, check_multiply
    .dword text_bits, check_bits
    .dword text_atomics, check_atomics
    .dword text_floats, check_floats
    .dword text_traps, check_traps
    .dword text_timer, check_timer
    .dword text_all_harts, check_harts
    .dword 0

# The sum of 1 to 1000, and words that wrap.
check_integers:
    li t0, 1000
    li t1, 0
1:  add t1, t1, t0
    addi t0, t0, -1
    bnez t0, 1b
    li t2, 500500
    xor a0, t1, t2
    li t0, 0x7fffffff
    addiw t0, t0, 1
    li t1, -0x80000000
    xor t0, t0, t1
    or a0, a0, t0
    ret

# Upper halves of products; division by zero does not trap.
check_multiply:
    li t0, -1
    mulhu t1, t0, t0
    addi t1, t1, 2              # 2^64 - 2
    li t2, 12345678901
    li t3, 1000
    mul t4, t2, t3
    divu t4, t4, t3
    xor t4, t4, t2
    or a0, t1, t4
    div t5, t2, zero
    addi t5, t5, 1
    or a0, a0, t5
    rem t5, t2, zero
    xor t5, t5, t2
    or a0, a0, t5
    ret

# Bit manipulation: Zba, Zbb, Zbs.
check_bits:
    li t0, 0x00ff00ff
    cpop t1, t0
    addi a0, t1, -16
    clz t1, t0
    addi t1, t1, -40
    or a0, a0, t1
    rev8 t1, t0
    rev8 t1, t1
    xor t1, t1, t0
    or a0, a0, t1
    li t2, 5
    sh3add t1, t2, t2
    addi t1, t1, -45
    or a0, a0, t1
    bseti t1, zero, 40
    bexti t1, t1, 40
    addi t1, t1, -1
    or a0, a0, t1
    ret

# A counter in memory, by amoadd and by load-reserved, store-conditional.
check_atomics:
    la t0, scratch
    sd zero, 0(t0)
    li t1, 100
1:  amoadd.d zero, t1, (t0)
2:  lr.d t2, (t0)
    add t2, t2, t1
    sc.d t3, t2, (t0)
    bnez t3, 2b
    addi t1, t1, -1
    bnez t1, 1b
    ld t2, 0(t0)
    li t3, 10100
    xor a0, t2, t3
    ret

# A third and the root of two to the last bit, and the flag that tells that
# they are not exact.
check_floats:
    csrwi fflags, 0
    li t0, 1
    fcvt.d.w ft0, t0
    li t0, 3
    fcvt.d.w ft1, t0
    frflags a0                  # whole numbers are exact
    fdiv.d ft2, ft0, ft1
    fmv.x.d t0, ft2
    li t1, 0x3fd5555555555555
    xor t0, t0, t1
    or a0, a0, t0
    fadd.d ft1, ft0, ft0
    fsqrt.d ft2, ft1
    fmv.x.d t0, ft2
    li t1, 0x3ff6a09e667f3bcd
    xor t0, t0, t1
    or a0, a0, t0
    frflags t0
    xori t0, t0, 1
    or a0, a0, t0
    fmadd.d ft3, ft2, ft2, ft1  # about 4
    fcvt.l.d t0, ft3
    addi t0, t0, -4
    or a0, a0, t0
    ret

# An instruction that does not exist traps, and the handler knows where.
check_traps:
    la t0, 2f
    csrw stvec, t0
    la t1, 1f
1:  unimp
    li a0, 1
    ret
    .balign 4
2:  csrr t2, sepc
    xor a0, t2, t1
    csrr t2, scause
    addi t2, t2, -2             # illegal instruction
    or a0, a0, t2
    ret

# Sleeps for 20 ms, and finds that at least so much time has passed.
check_timer:
    rdtime t0
    li t1, TICKS_A_SECOND / 50
    add t1, t0, t1
    csrw stimecmp, t1
    csrw sie, zero
    li t2, STIP
    csrs sie, t2
1:  wfi
    csrr t3, sip
    and t3, t3, t2
    beqz t3, 1b
    csrc sie, t2
    li t2, SEIP                 # as listen had it
    csrs sie, t2
    rdtime t3
    sltu a0, t3, t1
    li t0, -1
    csrw stimecmp, t0
    ret

# Starts every other hart, which adds its number to a sum and stops again.
check_harts:
    la t0, scratch
    sd zero, 0(t0)
    sd zero, 8(t0)
    la t0, hart_count
    ld t3, 0(t0)
    li t4, 1                    # the next hart
    li t5, 0                    # the sum to expect
1:  bgeu t4, t3, 2f
    mv a0, t4
    la a1, other_hart
    li a2, 0
    li a7, HSM
    li a6, HSM_START
    ecall
    bnez a0, 4f
    add t5, t5, t4
    addi t4, t4, 1
    j 1b
2:  addi t3, t3, -1             # until all others have been there
    la t0, scratch
3:  ld t1, 8(t0)
    blt t1, t3, 3b
    ld t1, 0(t0)
    xor a0, t1, t5
4:  ret

other_hart:
    la t0, scratch
    amoadd.d zero, a0, (t0)
    addi t0, t0, 8
    li t1, 1
    amoadd.d zero, t1, (t0)
    li a7, HSM
    li a6, HSM_STOP
    ecall
    j other_hart
