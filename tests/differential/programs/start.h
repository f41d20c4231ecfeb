/* A program without a library: where it starts, what it tells, how it ends. */

typedef unsigned char u8;
typedef unsigned int u32;
typedef int i32;
typedef unsigned long u64;
typedef long i64;

__asm__(".globl _start\n"
        "_start:\n"
        ".option push\n"
        ".option norelax\n"
        "    la gp, __global_pointer$\n"
        ".option pop\n"
        "    andi sp, sp, -16\n"
        "    call program\n");

static u64 results[1024];
static u64 results_count;
static u64 failures;

static i64 system_call(i64 number, i64 a, i64 b, i64 c) {
    register i64 a0 __asm__("a0") = a;
    register i64 a1 __asm__("a1") = b;
    register i64 a2 __asm__("a2") = c;
    register i64 a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

/* Adds a word to what is compared. */
static void tell(u64 word) {
    if (results_count < sizeof results / sizeof results[0])
        results[results_count++] = word;
}

/* Notes that something which has to hold does not. */
static void check(int holds) {
    failures += !holds;
}

/* Writes the words, and exits with the number of failures. */
static void finish(void) {
    tell(failures);
    system_call(64, 1, (i64)results, (i64)(results_count * sizeof results[0]));
    system_call(93, (i64)(failures < 255 ? failures : 255), 0, 0);
}

static u64 seed = 0x243f6a8885a308d3;

/* A number; the next one is another. */
static u64 any(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* What the compiler may call. */
void *memset(void *to, int byte, u64 length) {
    u8 *at = to;
    while (length--) {
        *at++ = (u8)byte;
        __asm__ volatile("" : : : "memory");
    }
    return to;
}

void *memcpy(void *to, const void *from, u64 length) {
    u8 *at = to;
    const u8 *source = from;
    while (length--) {
        *at++ = *source++;
        __asm__ volatile("" : : : "memory");
    }
    return to;
}
