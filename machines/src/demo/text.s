# Text in and out.

# Lets the serial port's input wake the hart.
listen:
    li t0, UART
    li t1, 1
    sb t1, UART_FCR(t0)         # FIFO on
    sb t1, UART_IER(t0)         # interrupt when something has come
    li t0, PLIC_PRIORITY
    sw t1, 0(t0)
    li t0, PLIC_ENABLE
    li t1, 1 << UART_SOURCE
    sw t1, 0(t0)
    li t0, SEIP
    csrs sie, t0
    ret

# The next character typed, in a0. Sleeps until there is one.
getc:
    li a0, 1
    la a1, scratch
    li a2, 0
    li a7, DBCN
    li a6, DBCN_READ
    ecall
    bnez a1, 1f
    wfi
    li t0, PLIC_CLAIM
    lw t1, 0(t0)
    sw t1, 0(t0)
    j getc
1:  la a1, scratch
    lbu a0, 0(a1)
    ret

# Reads a line into `line`, with an echo; backspace takes the last one back.
read_line:
    addi sp, sp, -16
    sd ra, 0(sp)
    sd s1, 8(sp)
    la s1, line
1:  call getc
    li t0, 13
    beq a0, t0, 3f
    li t0, 10
    beq a0, t0, 3f
    li t0, 8
    beq a0, t0, 2f
    li t0, 127
    beq a0, t0, 2f
    li t0, ' '
    bltu a0, t0, 1b
    la t0, line_end - 1
    bgeu s1, t0, 1b
    sb a0, 0(s1)
    sb zero, 1(s1)
    mv a0, s1
    addi s1, s1, 1
    call puts
    j 1b
2:  la t0, line
    beq s1, t0, 1b
    addi s1, s1, -1
    la a0, text_rubout
    call puts
    j 1b
3:  sb zero, 0(s1)
    la a0, text_newline
    call puts
    ld ra, 0(sp)
    ld s1, 8(sp)
    addi sp, sp, 16
    ret

# Writes the text at a0; gives back its length.
puts:
    mv a1, a0
1:  lbu t0, 0(a0)
    addi a0, a0, 1
    bnez t0, 1b
    sub a0, a0, a1
    addi a0, a0, -1
    mv t0, a0
    li a2, 0
    li a7, DBCN
    li a6, DBCN_WRITE
    ecall
    mv a0, t0
    ret

put_decimal:
    addi sp, sp, -16
    sd ra, 0(sp)
    call decimal
    call puts
    ld ra, 0(sp)
    addi sp, sp, 16
    ret

# The number a0 as text; a0 is then its address.
decimal:
    li t2, 10
    j digits

put_hex:
    addi sp, sp, -16
    sd ra, 0(sp)
    li t2, 16
    call digits
    li t0, 'x'
    sb t0, -1(a0)
    li t0, '0'
    sb t0, -2(a0)
    addi a0, a0, -2
    call puts
    ld ra, 0(sp)
    addi sp, sp, 16
    ret

# The digits of a0 to the base t2, from the last to the first.
digits:
    la t0, number_end
    sb zero, 0(t0)
1:  remu t1, a0, t2
    divu a0, a0, t2
    la t3, text_digits
    add t3, t3, t1
    lbu t1, 0(t3)
    addi t0, t0, -1
    sb t1, 0(t0)
    bnez a0, 1b
    mv a0, t0
    ret

# The value of the hexadecimal digits at a0.
hexadecimal:
    li t0, 0
1:  lbu t1, 0(a0)
    addi a0, a0, 1
    addi t1, t1, -'0'
    bltz t1, 2f
    li t2, 10
    blt t1, t2, 3f
    addi t1, t1, '0' - 'a' + 10
3:  slli t0, t0, 4
    add t0, t0, t1
    j 1b
2:  mv a0, t0
    ret

# Behind the prefix a1 of the text a0, or 0. Uses t0 to t2 alone.
starts_with:
    lbu t0, 0(a1)
    beqz t0, 1f
    lbu t1, 0(a0)
    addi a0, a0, 1
    addi a1, a1, 1
    beq t0, t1, starts_with
    li a0, 0
1:  ret

# The big-endian 32-bit number at a0.
cell:
    lwu a0, 0(a0)
    rev8 a0, a0
    srli a0, a0, 32
    ret
