# What the device tree says of the machine (Devicetree Specification 0.4,
# chapter 5: a stream of big-endian tokens).

        .equ    BEGIN_NODE,     1
        .equ    PROPERTY,       3
        .equ    END,            9

        .equ    NO_VIRTIO,      5               # one more than the kinds named here

# a0 = the 32 bits at a0; those of 64 bits. Change t0.
be32:
        lwu     a0, 0(a0)
        rev8    a0, a0
        srli    a0, a0, 32
        ret
be64:
        lwu     t0, 4(a0)
        lwu     a0, 0(a0)
        slli    t0, t0, 32
        or      a0, a0, t0
        rev8    a0, a0
        ret

# Goes to the tree's beginning: s2 is the next token, s3 the names of
# properties, s4 the name of the node.
first_token:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        addi    a0, s1, 8                       # off_dt_struct
        call    be32
        add     s2, s1, a0
        addi    a0, s1, 12                      # off_dt_strings
        call    be32
        add     s3, s1, a0
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# Goes to the next property of any node: a1 is its name, a2 its value. a0 = 0
# at the tree's end.
next_property:
        addi    sp, sp, -16
        sd      ra, 8(sp)
1:
        mv      a0, s2
        call    be32
        addi    s2, s2, 4
        li      t1, BEGIN_NODE
        beq     a0, t1, 2f
        li      t1, PROPERTY
        beq     a0, t1, 4f
        li      t1, END
        bne     a0, t1, 1b
        li      a0, 0
        j       5f
2:
        mv      s4, s2
3:
        lbu     t0, 0(s2)
        addi    s2, s2, 1
        bnez    t0, 3b
        addi    s2, s2, 3
        andi    s2, s2, -4
        j       1b
4:
        addi    a0, s2, 4
        call    be32
        add     a1, s3, a0
        addi    a2, s2, 8
        mv      a0, s2
        call    be32                            # the value's length
        add     s2, a2, a0
        addi    s2, s2, 3
        andi    s2, s2, -4
        li      a0, 1
5:
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# Shows harts, memory and devices.
show_machine:
        addi    sp, sp, -80
        sd      ra, 72(sp)
        sd      s2, 64(sp)
        sd      s3, 56(sp)
        sd      s4, 48(sp)
        sd      s5, 40(sp)
        sd      s6, 32(sp)
        sd      s7, 24(sp)
        li      s5, 0                           # harts
        call    first_token
1:
        call    next_property
        beqz    a0, 3f
        mv      s6, a1
        mv      s7, a2
        mv      a0, s6
        la      a1, name_isa
        call    equal
        beqz    a0, 2f
        addi    s5, s5, 1
        la      t0, isa
        sd      s7, 0(t0)
        j       1b
2:
        mv      a0, s6
        la      a1, name_reg
        call    equal
        beqz    a0, 1b
        mv      a0, s4
        la      a1, name_memory
        call    begins
        beqz    a0, 1b
        la      t0, memory
        sd      s7, 0(t0)
        j       1b
3:
        la      t0, harts
        sd      s5, 0(t0)
        call    show_harts
        call    show_memory
        call    show_devices
        ld      s7, 24(sp)
        ld      s6, 32(sp)
        ld      s5, 40(sp)
        ld      s4, 48(sp)
        ld      s3, 56(sp)
        ld      s2, 64(sp)
        ld      ra, 72(sp)
        addi    sp, sp, 80
        ret

show_harts:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        la      a0, title_harts
        call    print
        la      a0, harts
        ld      a0, 0(a0)
        li      a1, 10
        call    print_number
        la      a0, title_isa
        call    print
        la      a0, isa
        ld      a0, 0(a0)
        beqz    a0, 1f
        call    print
1:
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

show_memory:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        sd      s2, 0(sp)
        la      a0, title_memory
        call    print
        la      s2, memory
        ld      s2, 0(s2)
        addi    a0, s2, 8
        call    be64
        srli    a0, a0, 20
        li      a1, 10
        call    print_number
        la      a0, title_mib
        call    print
        mv      a0, s2
        call    be64
        li      a1, 16
        call    print_number
        ld      s2, 0(sp)
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# A line for each node with an address and a `compatible`, but no virtio window
# without a device. Changes s2 to s4, s6 and s7, which show_machine keeps.
show_devices:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        la      a0, title_devices
        call    print
        call    first_token
1:
        call    next_property
        beqz    a0, 3f
        mv      s7, a2
        mv      a0, a1
        la      a1, name_compatible
        call    equal
        beqz    a0, 1b
        call    unit_address
        beqz    a0, 1b
        mv      s6, a0
        mv      a0, s4
        la      a1, name_cpu
        call    begins
        bnez    a0, 1b
        mv      a0, s7
        la      a1, name_virtio
        call    equal
        li      t0, NO_VIRTIO
        beqz    a0, 2f
        lwu     t0, 8(s6)                       # the kind; 0 is none
        beqz    t0, 1b
2:
        mv      s6, t0
        la      a0, blanks
        call    print
        mv      a0, s4
        li      a1, 26
        call    print_column
        mv      a0, s7
        call    print
        li      t0, NO_VIRTIO
        bgeu    s6, t0, 4f
        la      t0, virtio_kinds
        slli    s6, s6, 3
        add     t0, t0, s6
        ld      a0, 0(t0)
        call    print
4:
        li      a0, 10
        call    print_char
        j       1b
3:
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

        .balign 8
virtio_kinds:
        .dword  nothing, kind_network, kind_disk, kind_console, kind_entropy

# a0 = the number after the @ in the node's name s4, in hexadecimal, or 0.
unit_address:
        mv      t2, s4
        li      a0, 0
        li      t1, 64                          # the @
1:
        lbu     t0, 0(t2)
        beqz    t0, 4f
        addi    t2, t2, 1
        bne     t0, t1, 1b
2:
        lbu     t0, 0(t2)
        beqz    t0, 4f
        addi    t2, t2, 1
        addi    t0, t0, -48
        li      t1, 10
        bltu    t0, t1, 3f
        addi    t0, t0, -39
3:
        slli    a0, a0, 4
        add     a0, a0, t0
        j       2b
4:
        ret
