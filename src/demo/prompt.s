# A prompt, and what can be said there.

        .equ    LINE_BYTES,     64

prompt:
        la      a0, text_prompt
        call    print
        call    read_line
        la      s2, commands
1:
        ld      a1, 0(s2)
        beqz    a1, 2f
        la      a0, line
        call    equal
        ld      t0, 8(s2)
        addi    s2, s2, 16
        beqz    a0, 1b
        jalr    t0
        j       prompt
2:
        la      a0, line
        la      a1, command_exit
        call    begins
        bnez    a0, exit
        la      a0, text_unknown
        call    print
        j       prompt

        .balign 8
commands:
        .dword  nothing, no_command
        .dword  command_help, help
        .dword  command_show, show_machine
        .dword  command_check, self_check
        .dword  command_time, show_time
        .dword  command_off, off
        .dword  0

no_command:
        ret

help:
        la      a0, text_help
        tail    print

# Seconds since power-on; the time base is 10 MHz.
show_time:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        rdtime  a0
        li      t0, 10000000
        divu    a0, a0, t0
        li      a1, 10
        call    print_number
        la      a0, text_seconds
        call    print
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

off:
        li      t1, 0x5555
        j       finish

# `exit N` ends with code N.
exit:
        la      t0, line + 5
        li      t1, 0
        li      t3, 10
1:
        lbu     t2, 0(t0)
        beqz    t2, 2f
        addi    t2, t2, -48
        bgeu    t2, t3, 3f
        mul     t1, t1, t3
        add     t1, t1, t2
        li      t4, 256
        bgeu    t1, t4, 3f
        addi    t0, t0, 1
        j       1b
2:
        beqz    t1, off
        slli    t1, t1, 16
        li      t0, 0x3333
        or      t1, t1, t0
finish:
        li      t0, FINISHER
        sw      t1, 0(t0)
        j       finish
3:
        la      a0, text_exit
        call    print
        j       prompt

# Reads a line into `line`, with echo; backspace takes a character back.
read_line:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s2, 16(sp)
        la      s2, line
1:
        call    read_char
        li      t0, 13
        beq     a0, t0, 4f
        li      t0, 10
        beq     a0, t0, 4f
        li      t0, 8
        beq     a0, t0, 2f
        li      t0, 127
        beq     a0, t0, 2f
        li      t0, 32
        bltu    a0, t0, 1b
        la      t0, line + LINE_BYTES - 1
        bgeu    s2, t0, 1b
        sb      a0, 0(s2)
        addi    s2, s2, 1
        call    print_char
        j       1b
2:
        la      t0, line
        beq     s2, t0, 1b
        addi    s2, s2, -1
        la      a0, text_rubout
        call    print
        j       1b
4:
        sb      zero, 0(s2)
        li      a0, 10
        call    print_char
        ld      s2, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret
