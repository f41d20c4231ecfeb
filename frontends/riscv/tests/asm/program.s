# A program that uses what the assembler knows, for comparing it with the GNU
# tools: those pseudo-instructions that have one expansion, labels before and
# behind, data of every size.
        .option norvc
        .option norelax
        .globl  _start
        .equ    UART, 0x10000000
        .equ    MASK, (1 << 12) - 1
        .text
_start:
        la      sp, stack_end
        la      a0, message
        lla     a1, table + 8
        li      t0, UART
        li      t1, -1
        li      t2, 2047
        li      t3, 2048
        li      t4, 0x7fffffff
        li      t5, -0x80000000
        li      t6, MASK
1:      lbu     a2, 0(a0)
        beqz    a2, 2f
        sb      a2, (t0)
        addi    a0, a0, 1
        j       1b
2:      call    function
        csrr    a3, mhartid
        csrw    mtvec, a3
        csrwi   mscratch, 5
        csrs    mie, a3
        csrsi   mstatus, 8
        csrc    0x304, a3
        csrci   mstatus, 8
        frcsr   a0
        fsrm    a1, a2
        fsflags a0
        rdtime  a5
        bgt     a0, a1, 1b
        ble     a0, a1, 1b
        bgtu    a0, a1, 1b
        bleu    a0, a1, 1b
        bgtz    a0, 3f
        blez    a0, 3f
        bltz    a0, 3f
        bgez    a0, 3f
        bnez    a0, 3f
3:      mv      a0, a1
        not     a0, a1
        neg     a0, a1
        negw    a0, a1
        sext.w  a0, a1
        seqz    a0, a1
        snez    a0, a1
        sltz    a0, a1
        sgtz    a0, a1
        zext.b  a0, a1
        zext.w  a0, a1
        fmv.d   fa0, fa1
        fneg.s  fa0, fa1
        fabs.d  fa0, fa1
        fcvt.w.d a0, fa0, rtz
        fcvt.d.w fa0, a0
        fmadd.s fs0, fs1, ft0, ft11, rup
        amoswap.w.aq a0, a1, (a2)
        lr.d    a0, (a1)
        sc.d.rl a0, a1, (a2)
        fence   rw, w
        fence
        fence.i
        sfence.vma
        sfence.vma a0, a1
        jal     function
        jal     t0, function
        jalr    t0
        jalr    8(t0)
        jalr    t0, 8(t1)
        jr      t0
        tail    function
function:
        nop
        unimp
        wfi
        mret
        ret
        .balign 8
table:  .dword  table, . , -1
        .word   0x12345678, 'a', 1 + 2 * 3
        .half   0xffff, -2
        .byte   1, -1, '\n', '\''
        .align  4
message:
        .asciz  "tab\tquote\" hash # semicolon ; end\n"
        .ascii  "ab"
        .space  3, 0xaa
        .zero   5
        .balign 16
        .skip   64
stack_end:
