/* System registers, and lines of text on the serial port. */

typedef unsigned long u64;
typedef unsigned int u32;

#define read(name) ({ u64 value_; asm volatile("mrs %0, " #name : "=r"(value_) :: "memory"); value_; })
#define write(name, value) asm volatile("msr " #name ", %0; isb" :: "r"((u64)(value)) : "memory")

static void put(char c) { *(volatile u32 *)0x9000000 = c; }

static void text(const char *s) { while (*s) put(*s++); }

static void number(u64 value) {
    text(" 0x");
    for (int shift = 60; shift >= 0; shift -= 4)
        if (value >> shift || !shift) put("0123456789abcdef"[value >> shift & 15]);
}
