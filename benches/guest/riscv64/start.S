# Entry of the benchmark programs: bare metal on the `virt` board, as --bios.
# Drops to S mode with Sv39 on, so that every access is translated.
    .section .text.start
    .globl _start
_start:
    csrr  t0, mhartid
    bnez  t0, park
    la    sp, stack_top
    # Three gigapages, mapped to themselves: devices and RAM.
    la    t0, root_table
    li    t1, 0xcf              # V R W X A D
    sd    t1, 0(t0)
    li    t2, 1 << 28
    add   t1, t1, t2
    sd    t1, 8(t0)
    add   t1, t1, t2
    sd    t1, 16(t0)
    srli  t0, t0, 12
    li    t1, 8 << 60
    or    t0, t0, t1
    csrw  satp, t0
    sfence.vma
    # All of memory is open to S mode.
    li    t0, -1
    csrw  pmpaddr0, t0
    li    t0, 0x1f
    csrw  pmpcfg0, t0
    # S mode next, floating point on.
    li    t0, (1 << 11) | (3 << 13)
    csrs  mstatus, t0
    li    t0, 1 << 12
    csrc  mstatus, t0
    la    t0, supervisor
    csrw  mepc, t0
    mret
supervisor:
    call  main
park:
    wfi
    j     park

    .bss
    .align 12
root_table:
    .space 4096
    .align 4
    .space 65536
stack_top:
