/* Writes what this processor computes, as rows for x86.rs: x86 COUNT SEED.
 * gcc -O1 -mfma -mno-red-zone -o x86 x86.c */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef uint64_t u64;

static u64 state;

/* The finalizer of SplitMix64. */
static u64 random64(void)
{
    u64 z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static const uint32_t corners[] = {
    0x00000000, 0x00000001, 0x00000002, 0x00400000, 0x007fffff, 0x00800000,
    0x00800001, 0x01000000, 0x3f000000, 0x3f7fffff, 0x3f800000, 0x3f800001,
    0x3fc00000, 0x40000000, 0x4effffff, 0x4f000000, 0x5f000000, 0x7f000000,
    0x7f7fffff, 0x7f800000, 0x7f800011, 0x7fc00000, 0x7fc00022,
};

/* A third each: anything, near the least normal number, a corner. */
static u64 single(void)
{
    u64 n = random64(), sign = random64() << 31 & 0x80000000;
    switch (random64() % 3) {
    case 0: return n & 0xffffffff;
    case 1: return sign | n % 4 << 23 | (n >> 8 & 0x7fffff);
    default: return sign | corners[n % (sizeof corners / sizeof *corners)];
    }
}

/* Often within a single's range, or where singles are subnormal. */
static u64 wide(void)
{
    u64 n = random64(), exponents[] = {n % 2048, 874 + n % 30, 1023, 2047, n % 3};
    u64 fraction = random64() % 2 ? n >> 12 : n >> 41 << 29;
    return (n & 1ull << 63) | exponents[random64() % 5] << 52 | fraction;
}

static u64 integer(void)
{
    return random64() >> random64() % 64;
}

static u64 none(void)
{
    return 0;
}

/* Instructions on two registers: x is both an operand and the result. */
#define SINGLES(name) \
    static u64 name(u64 a, u64 b, u64 c) \
    { \
        __m128i x = _mm_cvtsi64_si128(a), y = _mm_cvtsi64_si128(b); \
        (void)c; \
        asm volatile(#name " %1, %0" : "+x"(x) : "x"(y)); \
        return (uint32_t)_mm_cvtsi128_si32(x); \
    }
SINGLES(addss) SINGLES(subss) SINGLES(mulss) SINGLES(divss) SINGLES(minss) SINGLES(maxss)

/* a × b + c, the operands in this order for every sign. */
#define FUSED(name) \
    static u64 name(u64 a, u64 b, u64 c) \
    { \
        __m128i x = _mm_cvtsi64_si128(a), y = _mm_cvtsi64_si128(b), z = _mm_cvtsi64_si128(c); \
        asm volatile(#name " %2, %1, %0" : "+x"(z) : "x"(x), "x"(y)); \
        return (uint32_t)_mm_cvtsi128_si32(z); \
    }
FUSED(vfmadd231ss) FUSED(vfmsub231ss) FUSED(vfnmadd231ss) FUSED(vfnmsub231ss)

/* ZF, PF and CF. */
#define COMPARE(name) \
    static u64 name(u64 a, u64 b, u64 c) \
    { \
        __m128i x = _mm_cvtsi64_si128(a), y = _mm_cvtsi64_si128(b); \
        u64 eflags; \
        (void)c; \
        asm volatile(#name " %2, %1\n\tpushfq\n\tpop %0" : "=r"(eflags) : "x"(x), "x"(y) : "cc"); \
        return eflags & 0x45; \
    }
COMPARE(ucomiss) COMPARE(comiss)

/* Instructions on one operand. */
#define UNARY(name, instruction, type, get) \
    static u64 name(u64 a, u64 b, u64 c) \
    { \
        __m128i x = _mm_cvtsi64_si128(a); \
        (void)b, (void)c; \
        asm volatile(instruction " %0, %0" : "+x"(x)); \
        return (type)get(x); \
    }
UNARY(sqrtss, "sqrtss", uint32_t, _mm_cvtsi128_si32)
UNARY(roundss, "roundss $4,", uint32_t, _mm_cvtsi128_si32)
UNARY(cvtsd2ss, "cvtsd2ss", uint32_t, _mm_cvtsi128_si32)
UNARY(cvtss2sd, "cvtss2sd", u64, _mm_cvtsi128_si64)

#define TO_INTEGER(name, type) \
    static u64 name(u64 a, u64 b, u64 c) \
    { \
        __m128i x = _mm_cvtsi64_si128(a); \
        type integer; \
        (void)b, (void)c; \
        asm volatile("cvtss2si %1, %0" : "=r"(integer) : "x"(x)); \
        return integer; \
    }
TO_INTEGER(cvtss2si32, uint32_t) TO_INTEGER(cvtss2si64, u64)

static u64 cvtsi2ss64(u64 a, u64 b, u64 c)
{
    __m128i x = _mm_setzero_si128();
    (void)b, (void)c;
    asm volatile("cvtsi2ssq %1, %0" : "+x"(x) : "r"(a));
    return (uint32_t)_mm_cvtsi128_si32(x);
}

#define ROW(name, a, b, c) {#name, name, {a, b, c}}
static const struct {
    const char *name;
    u64 (*execute)(u64, u64, u64);
    u64 (*operand[3])(void);
} rows[] = {
    ROW(addss, single, single, none),
    ROW(subss, single, single, none),
    ROW(mulss, single, single, none),
    ROW(divss, single, single, none),
    ROW(minss, single, single, none),
    ROW(maxss, single, single, none),
    ROW(sqrtss, single, none, none),
    ROW(vfmadd231ss, single, single, single),
    ROW(vfmsub231ss, single, single, single),
    ROW(vfnmadd231ss, single, single, single),
    ROW(vfnmsub231ss, single, single, single),
    ROW(ucomiss, single, single, none),
    ROW(comiss, single, single, none),
    ROW(cvtss2sd, single, none, none),
    ROW(cvtsd2ss, wide, none, none),
    ROW(cvtss2si32, single, none, none),
    ROW(cvtss2si64, single, none, none),
    ROW(roundss, single, none, none),
    ROW(cvtsi2ss64, integer, none, none),
};

int main(int argc, char **argv)
{
    if (argc != 3)
        return fprintf(stderr, "usage: x86 COUNT SEED\n"), 2;
    state = strtoull(argv[2], NULL, 0);
    for (u64 count = strtoull(argv[1], NULL, 0); count > 0; count--) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            /* Volatile: the operands are not to be computed with early. */
            volatile u64 a = rows[i].operand[0](), b = rows[i].operand[1](),
                         c = rows[i].operand[2]();
            unsigned control = 0x1f80 | random64() % 4 << 13 | random64() % 2 << 6
                | random64() % 2 << 15;
            _mm_setcsr(control);
            u64 result = rows[i].execute(a, b, c);
            unsigned raised = _mm_getcsr() & 0x3f;
            _mm_setcsr(0x1f80);
            printf("%s %04x %llx %llx %llx = %llx %02x\n", rows[i].name, control,
                (unsigned long long)a, (unsigned long long)b, (unsigned long long)c,
                (unsigned long long)result, raised);
        }
    }
    return 0;
}
