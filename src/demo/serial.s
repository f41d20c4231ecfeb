# The serial port, a 16550, and text.

        .equ    DATA,           0               # offsets
        .equ    INTERRUPTS,     1
        .equ    STATUS,         5
        .equ    RECEIVED,       0x01            # in STATUS
        .equ    SENDABLE,       0x20
        .equ    SERIAL_IRQ,     10              # at the interrupt controller

# Lets received characters wake hart 0.
open_serial:
        li      t0, PLIC
        li      t1, 1
        sw      t1, 4 * SERIAL_IRQ(t0)          # priority
        li      t0, PLIC + 0x2000
        li      t1, 1 << SERIAL_IRQ
        sw      t1, 0(t0)                       # enabled for hart 0
        li      t0, PLIC + 0x200000
        sw      zero, 0(t0)                     # threshold
        li      t1, 1
        sb      t1, INTERRUPTS(s0)
        li      t1, 1 << 11                     # mie.MEIE; mstatus.MIE stays 0
        csrw    mie, t1
        ret

# Waits for a character, asleep.
read_char:
        lbu     t0, STATUS(s0)
        andi    t0, t0, RECEIVED
        bnez    t0, 1f
        wfi
        li      t1, PLIC + 0x200004
        lw      t0, 0(t1)                       # claimed
        sw      t0, 0(t1)                       # and done with
        j       read_char
1:
        lbu     a0, DATA(s0)
        ret

# Sends the character a0, a return before each new line. Changes t0 and t1.
print_char:
        li      t1, 10
        bne     a0, t1, 2f
1:
        lbu     t0, STATUS(s0)
        andi    t0, t0, SENDABLE
        beqz    t0, 1b
        li      t1, 13
        sb      t1, DATA(s0)
2:
        lbu     t0, STATUS(s0)
        andi    t0, t0, SENDABLE
        beqz    t0, 2b
        sb      a0, DATA(s0)
        ret

# Sends the string a0, which ends with a zero byte.
print:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        sd      s2, 0(sp)
        mv      s2, a0
1:
        lbu     a0, 0(s2)
        beqz    a0, 2f
        call    print_char
        addi    s2, s2, 1
        j       1b
2:
        ld      s2, 0(sp)
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# Sends the string a0 and blanks up to column a1.
print_column:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s2, 16(sp)
        sd      s3, 8(sp)
        add     s3, a0, a1                      # where the column ends
        mv      s2, a0
1:
        lbu     a0, 0(s2)
        beqz    a0, 2f
        call    print_char
        addi    s2, s2, 1
        j       1b
2:
        bgeu    s2, s3, 3f
        li      a0, 32
        call    print_char
        addi    s2, s2, 1
        j       2b
3:
        ld      s3, 8(sp)
        ld      s2, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret

# Sends the number a0 in base a1, without leading zeros.
print_number:
        addi    sp, sp, -96
        sd      ra, 88(sp)
        addi    t2, sp, 80
        sb      zero, 0(t2)
1:
        remu    t0, a0, a1
        divu    a0, a0, a1
        li      t1, 10
        bltu    t0, t1, 2f
        addi    t0, t0, 39                      # from after 9 to a
2:
        addi    t0, t0, 48
        addi    t2, t2, -1
        sb      t0, 0(t2)
        bnez    a0, 1b
        mv      a0, t2
        call    print
        ld      ra, 88(sp)
        addi    sp, sp, 96
        ret

# a0 = whether the strings a0 and a1 are the same. Changes t0 and t1.
equal:
        lbu     t0, 0(a0)
        lbu     t1, 0(a1)
        bne     t0, t1, 1f
        addi    a0, a0, 1
        addi    a1, a1, 1
        bnez    t0, equal
        li      a0, 1
        ret
1:
        li      a0, 0
        ret

# a0 = whether the string a0 begins with a1. Changes t0 and t1.
begins:
        lbu     t1, 0(a1)
        beqz    t1, 1f
        lbu     t0, 0(a0)
        bne     t0, t1, 2f
        addi    a0, a0, 1
        addi    a1, a1, 1
        j       begins
1:
        li      a0, 1
        ret
2:
        li      a0, 0
        ret
