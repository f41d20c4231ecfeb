/* Kernels for what emulators are weak in. Each does `n` operations of one kind
 * and returns a checksum, which must not depend on who runs it. */
static u64 next(u64 x) { x ^= x << 13; x ^= x >> 7; return x ^ x << 17; }

/* One operation: eight dependent integer instructions. */
static u64 alu(u64 n) {
    u64 x = 1;
    while (n--) { x = x * 25214903917 + 11; x ^= x >> 29; x += x << 3; x ^= n; }
    return x;
}

/* One operation: a branch that no history predicts. */
static u64 branches(u64 n) {
    u64 x = 88172645463325252, a = 0, b = 0;
    while (n--) {
        x = next(x);
        if (x & 1) { a += x; __asm__ volatile("" : "+r"(a)); } else { b ^= x; __asm__ volatile("" : "+r"(b)); }
    }
    return a ^ b;
}

/* One operation: a call through a table of sixteen functions. */
#define TARGET(i) __attribute__((noinline)) static u64 target##i(u64 x) { return x * (2 * i + 3) + i; }
TARGET(0) TARGET(1) TARGET(2) TARGET(3) TARGET(4) TARGET(5) TARGET(6) TARGET(7)
TARGET(8) TARGET(9) TARGET(10) TARGET(11) TARGET(12) TARGET(13) TARGET(14) TARGET(15)
static u64 (*const targets[16])(u64) = {
    target0, target1, target2, target3, target4, target5, target6, target7,
    target8, target9, target10, target11, target12, target13, target14, target15,
};
static u64 indirect(u64 n) {
    u64 x = 1;
    while (n--) x = targets[x >> 33 & 15](x ^ n);
    return x;
}

/* One operation: a call and its return; three of four are nested. */
__attribute__((noinline)) static u64 leaf(u64 x) { return x * 5 + 7; }
__attribute__((noinline)) static u64 inner(u64 x) { return leaf(x ^ 5) + 3; }
__attribute__((noinline)) static u64 middle(u64 x) { return inner(x + 1) ^ 9; }
__attribute__((noinline)) static u64 outer(u64 x) { return middle(x * 3) - 1; }
static u64 calls(u64 n) {
    u64 x = 1;
    for (; n >= 4; n -= 4) x = outer(x);
    return x;
}

/* One operation: a jump through a table of 64, as in an interpreter's loop. */
#define ARM(i) case i: x = (x + i) * (2 * i + 5); break;
#define ARMS(i) ARM(i) ARM(i + 1) ARM(i + 2) ARM(i + 3) ARM(i + 4) ARM(i + 5) ARM(i + 6) ARM(i + 7)
static u64 bigswitch(u64 n) {
    u64 x = 1;
    while (n--) switch ((x ^ x >> 37) & 63) {
        ARMS(0) ARMS(8) ARMS(16) ARMS(24) ARMS(32) ARMS(40) ARMS(48) ARMS(56)
    }
    return x;
}

/* Two buffers of 1 MiB. The gap keeps the pages that are used together from
 * sharing an entry of a table of translations that pages index directly. */
#define STREAM_WORDS 131072
static struct { u64 source[STREAM_WORDS], gap[5120], drain[STREAM_WORDS]; } buffers;
#define source buffers.source
#define drain buffers.drain

/* One operation: a load, an addition and a store, through 2 MiB in order. */
static u64 stream(u64 n) {
    u64 sum = 0;
    for (u64 i = 0; i < STREAM_WORDS; i++) source[i] = i;
    while (n) {
        u64 part = n < STREAM_WORDS ? n : STREAM_WORDS;
        for (u64 i = 0; i < part; i++) drain[i] = source[i] + n;
        sum = sum * 31 + drain[part - 1];
        n -= part;
    }
    return sum;
}

/* One operation: a load and a store exactly 1 MiB apart, which do share one. */
static u64 conflict(u64 n) {
    u64 *from = (u64 *)&buffers, sum = 0;
    for (u64 i = 0; i < 512; i++) from[i] = i * 7;
    while (n--) {
        sum += from[n & 511];
        __atomic_store_n(from + STREAM_WORDS + (n & 511), sum ^ n, __ATOMIC_RELAXED);
    }
    return sum;
}

/* One operation: a load that the next one's address depends on, anywhere in
 * 32 MiB. The first call makes one cycle of all nodes, after Sattolo. */
#define NODES 524288
static struct line { u64 next, rest[7]; } lines[NODES];
static u64 chase(u64 n) {
    u64 x = 88172645463325252, at = 0;
    int ready = lines[0].next != 0;
    for (u64 i = 0; !ready && i < NODES; i++) lines[i].next = i;
    for (u64 i = NODES - 1; !ready && i; i--) {
        x = next(x);
        u64 j = (x >> 16) % i, t = lines[i].next;
        lines[i].next = lines[j].next;
        lines[j].next = t;
    }
    while (n--) at = lines[at].next;
    return at;
}

static u64 bits(double d) { union { double d; u64 u; } v = {d}; return v.u; }

/* One operation: a fused multiply-add of doubles; four chains. */
static u64 multiply_add(u64 n) {
    double a = 1.1, b = 1.2, c = 1.3, d = 1.4;
    for (; n >= 4; n -= 4) {
        a = __builtin_fma(a, 0.999, 0.1); b = __builtin_fma(b, 0.998, 0.3);
        c = __builtin_fma(c, 0.997, 0.7); d = __builtin_fma(d, 0.996, 0.9);
    }
    return bits(a) ^ bits(b) ^ bits(c) ^ bits(d);
}

/* One operation: a division and a square root of doubles. */
static u64 divide_root(u64 n) {
    double x = 1.5, step = 1;
    while (n--) {
        x = step / x + 1.25;
        step += 0.5;
        x = __builtin_sqrt(x);
    }
    return bits(x);
}

/* One operation: sine times cosine, by their series to the thirteenth power
 * after reduction to a quarter turn around zero. */
static double sine(double x) {
    double s = x * x, p = 1.0 / 6227020800;
    p = p * s - 1.0 / 39916800; p = p * s + 1.0 / 362880; p = p * s - 1.0 / 5040;
    p = p * s + 1.0 / 120; p = p * s - 1.0 / 6;
    return x + x * s * p;
}
static double cosine(double x) {
    double s = x * x, p = 1.0 / 479001600;
    p = p * s - 1.0 / 3628800; p = p * s + 1.0 / 40320; p = p * s - 1.0 / 720;
    p = p * s + 1.0 / 24; p = p * s - 1.0 / 2;
    return 1.0 + s * p;
}
static u64 sine_cosine(u64 n) {
    double sum = 0;
    for (u64 i = 0; i < n; i++) {
        double x = i * 0.001;
        long quarter = (long)(x * 0.63661977236758134308 + 0.5);
        x -= quarter * 1.57079632679489661923;
        double s = sine(x), c = cosine(x);
        /* sin·cos has half the period: odd quarters change its sign. */
        sum += quarter & 1 ? -s * c : s * c;
    }
    return bits(sum);
}

/* One operation: an atomic addition to memory, sequentially consistent. */
static u64 counter;
static u64 atomic_add(u64 n) {
    while (n--) __atomic_fetch_add(&counter, n, __ATOMIC_SEQ_CST);
    return counter;
}

/* One operation: a copy of 1 MiB, eight words at a time. */
static u64 copy(u64 n) {
    for (u64 i = 0; i < STREAM_WORDS; i++) source[i] = i * 3;
    while (n--) {
        const u64 *from = source;
        source[n % STREAM_WORDS] += n;
        for (u64 *to = drain; to < drain + STREAM_WORDS; to += 8, from += 8) {
            u64 a = from[0], b = from[1], c = from[2], d = from[3];
            u64 e = from[4], f = from[5], g = from[6], h = from[7];
            to[0] = a; to[1] = b; to[2] = c; to[3] = d;
            to[4] = e; to[5] = f; to[6] = g; to[7] = h;
        }
        __asm__ volatile("" ::: "memory");
    }
    u64 sum = 0;
    for (u64 i = 0; i < STREAM_WORDS; i++) sum = sum * 31 + drain[i];
    return sum;
}
