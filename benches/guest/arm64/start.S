// Entry of the benchmark programs: bare metal on the `virt` board, as --kernel.
// Starts in EL1 and turns the MMU on, so that every access is translated.
    .section .text.start
    .globl _start
_start:
    mrs  x0, mpidr_el1
    and  x0, x0, #0xff
    cbnz x0, park
    adrp x0, stack_top
    add  x0, x0, :lo12:stack_top
    mov  sp, x0
    // Floating point and Advanced SIMD are not trapped (CPACR_EL1.FPEN).
    mov  x0, #3 << 20
    msr  cpacr_el1, x0
    // Two blocks of 1 GiB, mapped to themselves: devices, and RAM, which is
    // write-back (attribute 1) and inner shareable. Both have been accessed.
    adrp x0, level1_table
    add  x0, x0, :lo12:level1_table
    mov  x1, #0x401
    str  x1, [x0]
    mov  x1, #0x705
    movk x1, #0x4000, lsl #16
    str  x1, [x0, #8]
    msr  ttbr0_el1, x0
    mov  x1, #0xff00
    msr  mair_el1, x1
    // Addresses of 32 bits by TTBR0 alone, physical ones of 40; walks are
    // write-back and inner shareable.
    ldr  x1, =(2 << 32) | (1 << 23) | (3 << 12) | (1 << 10) | (1 << 8) | 32
    msr  tcr_el1, x1
    tlbi vmalle1
    dsb  sy
    isb
    // MMU, data and instruction caches (SCTLR_EL1.M, C, I).
    mrs  x1, sctlr_el1
    mov  x2, #0x1005
    orr  x1, x1, x2
    msr  sctlr_el1, x1
    isb
    bl   main
park:
    wfi
    b    park

    .bss
    .align 12
level1_table:
    .space 4096
    .align 4
    .space 65536
stack_top:
