/* The first and only process of a Linux guest: runs the kernels and what needs
 * an operating system, without a C library. What a kernel sets up at its first
 * call is done before. Before each it prints
 *     begin OPERATIONS NAME
 * and after it
 *     end CHECKSUM NANOSECONDS NAME
 * by the guest's own clock, both after all earlier output has left; at the end
 * it powers off. System calls as in the RISC-V Linux ABI: number in a7,
 * arguments from a0. */
typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

void *memset(void *d, int c, u64 n) { u8 *p = d; while (n--) *p++ = c; return d; }
void *memcpy(void *d, const void *s, u64 n) { u8 *p = d; const u8 *q = s; while (n--) *p++ = *q++; return d; }

#include "kernels.h"

enum { IOCTL = 29, WRITE = 64, EXIT = 93, CLOCK_GETTIME = 113, REBOOT = 142, GETPPID = 173, MUNMAP = 215, MMAP = 222, MADVISE = 233 };
enum { PAGE = 4096, TCSBRK = 0x5409, MONOTONIC = 1, DONTNEED = 4, NOHUGEPAGE = 15, POWER_OFF = 0x4321fedc };

static long call(long number, u64 a, u64 b, u64 c, u64 d) {
    register u64 a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c, a3 __asm__("a3") = d;
    register u64 a4 __asm__("a4") = -1, a5 __asm__("a5") = 0;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
    return a0;
}

/* Anonymous memory of `pages` small pages that nothing has touched. */
static u8 *map(u64 pages) {
    u8 *at = (u8 *)call(MMAP, 0, pages * PAGE, 3, 0x22);
    call(MADVISE, (u64)at, pages * PAGE, NOHUGEPAGE, 0);
    return at;
}

/* One operation: the cheapest system call. */
static u64 system_call(u64 n) {
    u64 sum = 0;
    while (n--) sum += call(GETPPID, 0, 0, 0, 0);
    return sum;
}

/* One operation: the first write to a page. */
#define FAULT_PAGES 512
static u64 page_fault(u64 n) {
    u8 *at = map(FAULT_PAGES);
    u64 sum = 0;
    for (; n >= FAULT_PAGES; n -= FAULT_PAGES) {
        for (u64 i = 0; i < FAULT_PAGES; i++) sum += ++at[i * PAGE];
        call(MADVISE, (u64)at, FAULT_PAGES * PAGE, DONTNEED, 0);
    }
    call(MUNMAP, (u64)at, FAULT_PAGES * PAGE, 0, 0);
    return sum;
}

/* One operation: sixteen pages mapped, written to and unmapped. */
static u64 map_unmap(u64 n) {
    u64 sum = 0;
    while (n--) {
        u8 *at = (u8 *)call(MMAP, 0, 16 * PAGE, 3, 0x22);
        for (u64 i = 0; i < 16; i++) sum += at[i * PAGE] += i;
        call(MUNMAP, (u64)at, 16 * PAGE, 0, 0);
    }
    return sum;
}

static const struct test { const char *name; u64 (*run)(u64); u64 operations; } tests[] = {
    {"integer ALU", alu, 60000000},
    {"unpredictable branches", branches, 40000000},
    {"indirect call", indirect, 6000000},
    {"call and return", calls, 20000000},
    {"big switch", bigswitch, 8000000},
    {"load/store stream", stream, 40000000},
    {"accesses 1 MiB apart", conflict, 4000000},
    {"pointer chase", chase, 1000000},
    {"double multiply-add", multiply_add, 40000000},
    {"double divide and root", divide_root, 15000000},
    {"sin·cos", sine_cosine, 2000000},
    {"atomic add", atomic_add, 40000000},
    {"system call", system_call, 200000},
    {"page fault", page_fault, 20480},
    {"mmap+munmap of 16 pages", map_unmap, 1500},
    {"memcpy of 1 MiB", copy, 500},
};

static char line[128], *end_of_line = line;
static void text(const char *s) { while (*s) *end_of_line++ = *s++; }
static void number(u64 n, u64 base) {
    char digits[20], *d = digits;
    do *d++ = "0123456789abcdef"[n % base]; while (n /= base);
    while (d > digits) *end_of_line++ = *--d;
    *end_of_line++ = ' ';
}
static void finish_line(const char *name) {
    text(name);
    text("\n");
    call(WRITE, 1, (u64)line, end_of_line - line, 0);
    call(IOCTL, 1, TCSBRK, 1, 0);
    end_of_line = line;
}
static u64 now_ns(void) {
    u64 time[2];
    call(CLOCK_GETTIME, MONOTONIC, (u64)time, 0, 0);
    return time[0] * 1000000000 + time[1];
}
static void small_pages(void *from, u64 bytes) {
    u64 first = ((u64)from + PAGE - 1) & -PAGE, last = ((u64)from + bytes) & -PAGE;
    call(MADVISE, first, last - first, NOHUGEPAGE, 0);
}

__attribute__((used)) static void start(void) {
    small_pages(&buffers, sizeof buffers);
    small_pages(lines, sizeof lines);
    for (const struct test *t = tests; t < tests + sizeof tests / sizeof *tests; t++) {
        t->run(0);
        text("begin ");
        number(t->operations, 10);
        finish_line(t->name);
        u64 from = now_ns(), sum = t->run(t->operations), to = now_ns();
        text("end ");
        number(sum, 16);
        number(to - from, 10);
        finish_line(t->name);
    }
    call(REBOOT, 0xfee1dead, 672274793, POWER_OFF, 0);
    call(EXIT, 1, 0, 0, 0);
    for (;;);
}

__attribute__((naked)) void _start(void) {
    __asm__(".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\nj start");
}
