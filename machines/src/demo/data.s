# Text and data.

name_cpu: .asciz "cpu@"
name_cpus: .asciz "cpus"
name_memory: .asciz "memory@"
name_soc: .asciz "soc"
name_reg: .asciz "reg"
name_compatible: .asciz "compatible"
name_virtio: .asciz "virtio_mmio@"

name_help: .asciz "help"
name_info: .asciz "info"
name_check: .asciz "check"
name_time: .asciz "time"
name_off: .asciz "off"

text_banner:
    .ascii "\r\n  Mynah: a bare-metal RISC-V program, in S mode over the built-in SBI\r\n"
    .asciz "\r\nThis machine, by its device tree\r\n"
text_memory: .asciz "  memory   "
text_mib: .asciz " MiB at "
text_harts: .asciz "  harts    "
text_running: .asciz ", running "
text_devices: .asciz "\r\n  devices\r\n"
text_indent: .asciz "    "
text_net: .asciz "network card"
text_disk: .asciz "disk"
text_console: .asciz "console"
text_entropy: .asciz "random numbers"

text_integers: .asciz "\r\nSelf-check\r\n  integers          "
text_multiply: .asciz "  multiply, divide  "
text_bits: .asciz "  bit manipulation  "
text_atomics: .asciz "  atomics           "
text_floats: .asciz "  floating point    "
text_traps: .asciz "  traps             "
text_timer: .asciz "  timer             "
text_all_harts: .asciz "  all harts         "
text_pass: .asciz "PASS\r\n"
text_fail: .asciz "FAIL\r\n"

text_hint: .asciz "\r\nType help for the commands.\r\n"
text_prompt: .asciz "demo> "
text_help:
    .ascii "  help   this list\r\n"
    .ascii "  info   what the device tree says\r\n"
    .ascii "  check  the self-check again\r\n"
    .ascii "  time   time and instructions since power-on\r\n"
    .asciz "  off    switch the machine off\r\n"
text_unknown: .asciz "There is no such command; help lists them.\r\n"
text_up: .asciz "  "
text_point: .asciz "."
text_seconds: .asciz " s, "
text_instructions: .asciz " instructions\r\n"
text_bye: .asciz "Switching off.\r\n"
text_newline: .asciz "\r\n"
text_rubout: .byte 8, 32, 8, 0
text_digits: .ascii "0123456789abcdef"
    .ascii "                        "
text_spaces_end: .byte 0

    .balign 8
scratch: .dword 0, 0
hart_count: .dword 1
number: .space 32
number_end: .byte 0
line: .space LINE_BYTES
line_end:
    .balign 16
stack: .space 4096
stack_top:
