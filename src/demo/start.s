# The demo of `mynah boot`: a program for the bare machine, in machine mode.
#
# All harts start here: a0 is the hart's number, a1 the device tree's address.
# Hart 0 does the talking; the others count for the self-check, then sleep.
#
# Saved registers hold, throughout: s0 the serial port, s1 the device tree.
# Functions take a0 and up, give back a0, and keep the other saved registers.

        .equ    UART,           0x10000000
        .equ    PLIC,           0xc000000
        .equ    TIMER_COMPARE,  0x2004000
        .equ    FINISHER,       0x100000

        .equ    ROUNDS,         1000            # of each hart's counting

start:
        la      t0, on_trap
        csrw    mtvec, t0
        bnez    a0, worker
        la      sp, stack_top
        li      s0, UART
        mv      s1, a1
        call    open_serial
        la      a0, banner
        call    print
        call    show_machine
        call    self_check
        la      a0, hint
        call    print
        tail    prompt

# Harts other than the first.
worker:
        li      t0, ROUNDS
        li      t1, 1
        la      t2, total
1:
        amoadd.w zero, t1, (t2)
        addi    t0, t0, -1
        bnez    t0, 1b
        la      t2, finished
        amoadd.w zero, t1, (t2)
2:
        wfi                                     # Nothing wakes it.
        j       2b

# Notes the cause and goes on after the instruction. Changes t5 and t6.
        .balign 4
on_trap:
        csrr    t5, mcause
        la      t6, cause
        sd      t5, 0(t6)
        csrr    t5, mepc
        addi    t5, t5, 4
        csrw    mepc, t5
        mret
