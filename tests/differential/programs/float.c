/* Floating point: series, matrices, conversions, and the flags they raise. */

#include "start.h"

#define SIZE 24

static double a[SIZE][SIZE], b[SIZE][SIZE], product[SIZE][SIZE];
static float narrow[SIZE][SIZE];

static u64 bits_of(double number) {
    union { double number; u64 bits; } both = { number };
    return both.bits;
}

static u32 bits_of_single(float number) {
    union { float number; u32 bits; } both = { number };
    return both.bits;
}

static double from_bits(u64 bits) {
    union { u64 bits; double number; } both = { bits };
    return both.number;
}

static float single_from_bits(u32 bits) {
    union { u32 bits; float number; } both = { bits };
    return both.number;
}

static u64 take_flags(void) {
    u64 flags;
    __asm__ volatile("fsflags %0, zero" : "=r"(flags) : : "memory");
    return flags;
}

/* About −1 to 1. */
static double number(void) {
    return (double)(i64)any() * 0x1p-63;
}

static void matrices(void) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            a[i][j] = number(), b[i][j] = i == j ? 1 + number() * 0x1p-40 : number() * 0x1p-60;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            double sum = 0;
            float single = 0;
            for (int k = 0; k < SIZE; k++) {
                sum += a[i][k] * b[k][j];
                single = __builtin_fmaf((float)a[i][k], (float)b[k][j], single);
            }
            product[i][j] = sum;
            narrow[i][j] = single;
            check(sum - a[i][j] < 0x1p-30 && a[i][j] - sum < 0x1p-30);
        }
    for (int i = 0; i < SIZE; i += 5)
        tell(bits_of(product[i][SIZE - 1 - i])), tell(bits_of_single(narrow[i][i]));
}

static void series(void) {
    double e = 1, term = 1, sine = 0, x = 0.75;
    for (int i = 1; i < 25; i++)
        term /= i, e += term;
    check(e > 2.718281828459 && e < 2.718281828460);
    term = x;
    for (int i = 1; i < 30; i += 2)
        sine += term, term *= -x * x / ((i + 1) * (i + 2));
    check(sine > 0.681638760023 && sine < 0.681638760024);
    tell(bits_of(e)), tell(bits_of(sine));
    float root = 1;
    for (int i = 0; i < 12; i++)
        root = 0.5f * (root + 2 / root);
    check(root > 1.414213f && root < 1.414214f);
    tell(bits_of_single(root)), tell(bits_of(__builtin_sqrt(e))), tell(take_flags());
}

static void conversions(void) {
    u64 mix = 0;
    for (int i = 0; i < 3000; i++) {
        double wide = from_bits(any());
        float single = single_from_bits((u32)any());
        double small = number() * (double)(1ul << (i & 63));
        i64 whole = (i64)small;
        check((double)whole <= small || small < 0);
        mix = mix * 31 + (u64)whole + (u64)(i32)(float)small;
        mix = mix * 31 + bits_of_single((float)wide);
        mix = mix * 31 + bits_of((double)single);
        mix = mix * 31 + bits_of((double)(i64)any()) + bits_of_single((float)any());
        mix = mix * 31 + bits_of_single((float)(i32)any()) + bits_of((double)(u32)any());
        mix = mix * 31 + (wide < small) + 2 * (wide == small) + 4 * (single <= (float)small);
        mix = mix * 31 + bits_of(__builtin_fabs(wide)) + bits_of(__builtin_copysign(wide, small));
        mix = mix * 31 + take_flags();
        if (i % 300 == 0)
            tell(mix);
    }
    tell(mix);
}

static void anything(void) {
    u64 mix = 0;
    for (int i = 0; i < 3000; i++) {
        double x = from_bits(any()), y = from_bits(any()), z = from_bits(any());
        float s = single_from_bits((u32)any()), t = single_from_bits((u32)any());
        mix = mix * 31 + bits_of(x * y) + bits_of(x / y) + bits_of(x + z);
        mix = mix * 31 + bits_of(__builtin_fma(x, y, z)) + bits_of(__builtin_fma(-x, y, z));
        mix = mix * 31 + bits_of_single(s * t) + bits_of_single(s / t) + bits_of_single(s - t);
        mix = mix * 31 + bits_of_single(__builtin_fmaf(s, t, (float)z)) + take_flags();
    }
    tell(mix);
}

void program(void) {
    matrices();
    series();
    conversions();
    anything();
    finish();
}
