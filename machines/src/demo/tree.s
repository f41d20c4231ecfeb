# What the device tree says.

# Walks the tree's tokens: s1 is the next one, s2 the strings, s3 the depth (the
# root's is 1), s4 the section, s5 the current node's name, s6 counts harts.
# Sections are 1 memory, 2 cpus, 3 soc, 0 anything else.
info:
    addi sp, sp, -64
    sd ra, 0(sp)
    sd s1, 8(sp)
    sd s2, 16(sp)
    sd s3, 24(sp)
    sd s4, 32(sp)
    sd s5, 40(sp)
    sd s6, 48(sp)
    addi a0, s0, FDT_STRUCT
    call cell
    add s1, s0, a0
    addi a0, s0, FDT_STRINGS
    call cell
    add s2, s0, a0
    li s3, 0
    li s4, 0
    li s6, 0

next_token:
    mv a0, s1
    call cell
    addi s1, s1, 4
    li t0, BEGIN_NODE
    beq a0, t0, node_begins
    li t0, END_NODE
    beq a0, t0, node_ends
    li t0, PROPERTY
    beq a0, t0, property
    li t0, NOP
    beq a0, t0, next_token
    la t0, hart_count           # the end, or something strange
    sd s6, 0(t0)
    ld ra, 0(sp)
    ld s1, 8(sp)
    ld s2, 16(sp)
    ld s3, 24(sp)
    ld s4, 32(sp)
    ld s5, 40(sp)
    ld s6, 48(sp)
    addi sp, sp, 64
    ret

node_begins:
    addi s3, s3, 1
    mv s5, s1
1:  lbu t0, 0(s1)               # the name, filled up to a multiple of 4
    addi s1, s1, 1
    bnez t0, 1b
    addi s1, s1, 3
    andi s1, s1, -4
    li t0, 2
    beq s3, t0, section_begins
    li t0, 2
    bne s4, t0, next_token
    mv a0, s5                   # below cpus
    la a1, name_cpu
    call starts_with
    snez a0, a0
    add s6, s6, a0
    j next_token
section_begins:
    li s4, 1
    la a1, name_memory
    mv a0, s5
    call starts_with
    bnez a0, next_token
    li s4, 2
    la a1, name_cpus
    mv a0, s5
    call starts_with
    bnez a0, next_token
    li s4, 3
    la a1, name_soc
    mv a0, s5
    call starts_with
    bnez a0, next_token
    li s4, 0
    j next_token

node_ends:
    addi s3, s3, -1
    li t0, 1
    bne s3, t0, next_token
    li t0, 2
    bne s4, t0, 1f
    mv a0, s6
    call put_harts
1:  li s4, 0
    j next_token

# Of interest are a section's own reg (memory) and the compatible strings of
# the nodes in a section (soc).
property:
    mv a0, s1
    call cell                   # length
    mv t3, a0
    addi a0, s1, 4
    call cell                   # name, from the start of the strings
    add a0, s2, a0
    addi t4, s1, 8              # value
    add s1, t4, t3
    addi s1, s1, 3
    andi s1, s1, -4
    add t0, s3, s4
    li t1, 3                    # depth 2, section 1
    la a1, name_reg
    li t2, 1
    beq s4, t2, 1f
    li t1, 6                    # depth 3, section 3
    la a1, name_compatible
    li t2, 3
    bne s4, t2, next_token
1:  bne t0, t1, next_token
    call starts_with            # keeps t3 to t6
    beqz a0, next_token
    lbu t0, 0(a0)
    bnez t0, next_token
    mv a0, t4
    li t0, 1
    bne s4, t0, 2f
    call put_memory
    j next_token
2:  mv a1, a0
    mv a0, s5
    call put_device
    j next_token

# Memory whose address and size are the two 64-bit numbers at a0.
put_memory:
    addi sp, sp, -16
    sd ra, 0(sp)
    sd a0, 8(sp)
    la a0, text_memory
    call puts
    ld t0, 8(sp)
    ld a0, 8(t0)
    rev8 a0, a0
    srli a0, a0, 20
    call put_decimal
    la a0, text_mib
    call puts
    ld t0, 8(sp)
    ld a0, 0(t0)
    rev8 a0, a0
    call put_hex
    la a0, text_newline
    call puts
    ld ra, 0(sp)
    addi sp, sp, 16
    ret

# The number of harts, a0, and those the firmware calls started.
put_harts:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s1, 8(sp)
    sd s2, 16(sp)
    mv s1, a0
    li s2, 0
    li t3, 0
1:  mv a0, t3
    li a7, HSM
    li a6, HSM_STATUS
    ecall
    or a0, a0, a1               # no error, and state 0
    seqz a0, a0
    add s2, s2, a0
    addi t3, t3, 1
    blt t3, s1, 1b
    la a0, text_harts
    call puts
    mv a0, s1
    call put_decimal
    la a0, text_running
    call puts
    mv a0, s2
    call put_decimal
    la a0, text_devices
    call puts
    ld ra, 0(sp)
    ld s1, 8(sp)
    ld s2, 16(sp)
    addi sp, sp, 32
    ret

# A device: its name, a0, and what it is compatible with, a1. Of a virtio
# window, what is behind it; nothing of an empty one.
put_device:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd a0, 8(sp)
    sd a1, 16(sp)
    la a1, name_virtio
    call starts_with
    beqz a0, 1f
    call hexadecimal
    lwu t0, VIRTIO_DEVICE_ID(a0)
    beqz t0, 2f
    li t1, 5
    bgeu t0, t1, 1f
    la t1, virtio_names
    slli t0, t0, 3
    add t1, t1, t0
    ld t1, 0(t1)
    sd t1, 16(sp)
1:  la a0, text_indent
    call puts
    ld a0, 8(sp)
    call puts
    li t0, 24                   # the column of the rest
    sub t0, t0, a0
    la a0, text_spaces_end
    sub a0, a0, t0
    call puts
    ld a0, 16(sp)
    call puts
    la a0, text_newline
    call puts
2:  ld ra, 0(sp)
    addi sp, sp, 32
    ret

    .balign 8
virtio_names:
    .dword 0, text_net, text_disk, text_console, text_entropy
