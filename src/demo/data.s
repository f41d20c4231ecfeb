# Texts, then what changes, on pages apart from the code.

banner:         .asciz  "\nThis is a bare RISC-V machine, without an operating system.\n\n"
title_harts:    .asciz  "harts    "
title_isa:      .asciz  "\nisa      "
title_memory:   .asciz  "\nmemory   "
title_mib:      .asciz  " MiB from 0x"
title_devices:  .asciz  "\ndevices\n"
title_checks:   .asciz  "\nself-check\n"
blanks:         .asciz  "  "

text_integers:  .asciz  "  whole numbers"
text_division:  .asciz  "  division"
text_bits:      .asciz  "  bits"
text_floats:    .asciz  "  floating point"
text_memory:    .asciz  "  memory"
text_atomics:   .asciz  "  atomics, all harts"
text_traps:     .asciz  "  traps"
text_timer:     .asciz  "  timer"
text_ok:        .asciz  "ok\n"
text_failed:    .asciz  "FAILED\n"

hint:           .asciz  "\nType help.\n"
text_prompt:    .asciz  "> "
text_rubout:    .byte   8, 32, 8, 0
text_unknown:   .asciz  "What is that? Type help.\n"
text_exit:      .asciz  "Give a number up to 255, as in: exit 7\n"
text_seconds:   .asciz  " s since power-on\n"
text_help:
        .ascii  "show     what the device tree says of this machine\n"
        .ascii  "check    the self-check again\n"
        .ascii  "time     since power-on\n"
        .ascii  "off      power off\n"
        .asciz  "exit N   power off with exit status N\n"

nothing:        .asciz  ""
command_help:   .asciz  "help"
command_show:   .asciz  "show"
command_check:  .asciz  "check"
command_time:   .asciz  "time"
command_off:    .asciz  "off"
command_exit:   .asciz  "exit "

name_isa:       .asciz  "riscv,isa"
name_reg:       .asciz  "reg"
name_memory:    .asciz  "memory@"
name_compatible: .asciz "compatible"
name_virtio:    .asciz  "virtio,mmio"
name_cpu:       .asciz  "cpu@"

kind_network:   .asciz  ": network card"
kind_disk:      .asciz  ": disk"
kind_console:   .asciz  ": console"
kind_entropy:   .asciz  ": entropy"

        .balign 4096
harts:          .dword  0
isa:            .dword  nothing
memory:         .dword  0                       # where its `reg` is
cause:          .dword  0
total:          .word   0                       # all harts' counting
finished:       .word   0                       # harts that have counted
line:           .space  64
scratch:        .space  1024
stack:          .space  2048
stack_top:
