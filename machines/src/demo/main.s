# The demo: a bare-metal program in S mode over SBI firmware. It says what it
# finds in the device tree, checks itself, and has a prompt.
#
# It is entered as kernels are: a0 is the hart's number, a1 the device tree's
# address. Registers are used by the ABI's rules; s0 holds the tree's address
# throughout.

# SBI extensions and functions.
.equ DBCN, 0x4442434e
.equ   DBCN_WRITE, 0
.equ   DBCN_READ, 1
.equ HSM, 0x48534d
.equ   HSM_START, 0
.equ   HSM_STOP, 1
.equ   HSM_STATUS, 2
.equ SRST, 0x53525354

# The serial port, and its place at the interrupt controller (hart 0, S mode).
.equ UART, 0x10000000
.equ   UART_IER, 1
.equ   UART_FCR, 2
.equ UART_SOURCE, 10
.equ PLIC_PRIORITY, 0xc000000 + 4 * UART_SOURCE
.equ PLIC_ENABLE, 0xc002080
.equ PLIC_CLAIM, 0xc201004

# The virtio register that tells what a window holds.
.equ VIRTIO_DEVICE_ID, 8

# Tokens and header fields of a device tree.
.equ FDT_STRUCT, 8
.equ FDT_STRINGS, 12
.equ BEGIN_NODE, 1
.equ END_NODE, 2
.equ PROPERTY, 3
.equ NOP, 4

# Bits of sstatus, sie and sip.
.equ FS_INITIAL, 1 << 13
.equ STIP, 1 << 5
.equ SEIP, 1 << 9

.equ TICKS_A_SECOND, 10000000
.equ LINE_BYTES, 64

start:
    la sp, stack_top
    mv s0, a1
    li t0, FS_INITIAL           # floating point on
    csrs sstatus, t0
    call listen
    la a0, text_banner
    call puts
    call info
    call check
    la a0, text_hint
    call puts

# One line after the other, for ever.
prompt:
    la a0, text_prompt
    call puts
    call read_line
    la s1, commands
1:  ld a1, 0(s1)                # name; the list ends with 0
    beqz a1, 3f
    la a0, line
    call starts_with
    beqz a0, 2f
    lbu t0, 0(a0)
    bnez t0, 2f                 # only the whole name will do
    ld t0, 8(s1)
    jalr t0
    j prompt
2:  addi s1, s1, 16
    j 1b
3:  la a0, line
    lbu t0, 0(a0)
    beqz t0, prompt
    la a0, text_unknown
    call puts
    j prompt

    .balign 8
commands:
    .dword name_help, help
    .dword name_info, info
    .dword name_check, check
    .dword name_time, time
    .dword name_off, off
    .dword 0

help:
    la a0, text_help
    tail puts

# Time and instructions since power-on.
time:
    addi sp, sp, -32
    sd ra, 0(sp)
    la a0, text_up
    call puts
    rdtime t0
    li t1, TICKS_A_SECOND
    divu a0, t0, t1
    remu t0, t0, t1
    li t1, TICKS_A_SECOND / 1000
    divu t0, t0, t1
    sd t0, 8(sp)
    call put_decimal
    la a0, text_point
    call puts
    ld a0, 8(sp)                # milliseconds in three digits
    addi a0, a0, 1000
    call decimal
    addi a0, a0, 1
    call puts
    la a0, text_seconds
    call puts
    rdinstret a0
    call put_decimal
    la a0, text_instructions
    call puts
    ld ra, 0(sp)
    addi sp, sp, 32
    ret

# Switches off: system reset, type 0 (shutdown), reason 0 (none).
off:
    la a0, text_bye
    call puts
    li a7, SRST
    li a6, 0
    li a0, 0
    li a1, 0
    ecall
1:  wfi
    j 1b
