//! Programs of one kind of work each, which never end.

/// Name and source.
pub const KERNELS: &[(&str, &str)] = &[
    ("alu", ALU),
    ("load and store", LOAD_STORE),
    ("calls", CALLS),
    ("branches", BRANCHES),
    ("floating point", FLOATING_POINT),
];

/// A chain of dependent integer arithmetic.
const ALU: &str = "
    li   a0, 1
    li   a1, 25214903917
loop:
    mul  a0, a0, a1
    addi a0, a0, 11
    srli a2, a0, 29
    xor  a0, a0, a2
    slli a3, a0, 3
    add  a0, a0, a3
    addi a4, a4, 1
    xor  a0, a0, a4
    sltu a5, a0, a1
    add  a6, a6, a5
    j    loop
";

/// Reads words of one page and writes them to another.
const LOAD_STORE: &str = "
    la   s0, data
    li   s1, 0x1000
    li   s2, 0xfe0
    li   t0, 0
loop:
    add  t1, s0, t0
    add  t2, t1, s1
    ld   a0, 0(t1)
    ld   a1, 8(t1)
    lw   a2, 16(t1)
    lbu  a3, 24(t1)
    addi a0, a0, 1
    sd   a0, 0(t2)
    sd   a1, 8(t2)
    sw   a2, 16(t2)
    sb   a3, 24(t2)
    addi t0, t0, 32
    and  t0, t0, s2
    j    loop
    .balign 4096
data:
    .space 8192
";

/// Calls through three levels, with frames.
const CALLS: &str = "
    la   sp, stack
loop:
    jal  ra, outer
    addi a1, a1, 1
    j    loop
outer:
    addi sp, sp, -16
    sd   ra, 8(sp)
    jal  ra, inner
    xor  a0, a0, a1
    jal  ra, inner
    ld   ra, 8(sp)
    addi sp, sp, 16
    jalr zero, 0(ra)
inner:
    addi sp, sp, -16
    sd   ra, 8(sp)
    jal  ra, leaf
    ld   ra, 8(sp)
    addi sp, sp, 16
    jalr zero, 0(ra)
leaf:
    addi a0, a0, 7
    jalr zero, 0(ra)
    .balign 4096
    .space 4096
stack:
";

/// Branches on random bits (Marsaglia's xorshift).
const BRANCHES: &str = "
    li   a0, 88172645463325252
loop:
    slli a1, a0, 13
    xor  a0, a0, a1
    srli a1, a0, 7
    xor  a0, a0, a1
    slli a1, a0, 17
    xor  a0, a0, a1
    andi a2, a0, 1
    beq  a2, zero, 1f
    add  a3, a3, a0
1:
    andi a2, a0, 16
    bne  a2, zero, 2f
    xor  a4, a4, a0
2:
    blt  a0, zero, 3f
    addi a5, a5, 1
3:
    j    loop
";

/// Multiply-adds, sums and products of doubles, and one square root.
const FLOATING_POINT: &str = "
    li   t0, 0x6000         # mstatus.FS: on
    csrrs zero, mstatus, t0
    la   s0, data
    fld  ft0, 0(s0)
    fld  ft1, 8(s0)
    fld  ft2, 16(s0)
loop:
    fmadd.d ft3, ft3, ft0, ft1
    fmadd.d ft4, ft4, ft0, ft2
    fadd.d  ft5, ft3, ft4
    fmul.d  ft6, ft5, ft0
    fsub.d  ft7, ft6, ft1
    fsqrt.d fa0, ft6
    fsd     fa0, 24(s0)
    addi    a0, a0, 1
    j       loop
    .balign 4096
data:
    .dword 0x3fe8000000000000, 0x3fb999999999999a, 0x3fd3333333333333, 0
";
