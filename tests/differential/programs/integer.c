/* Integers: sorting, primes, long division, bit counts, checksums. */

#include "start.h"

#define COUNT 3000

static u64 numbers[COUNT];
static u8 composite[20000];
static u32 table[256];

static void sift(u64 *heap, u64 at, u64 length) {
    for (;;) {
        u64 child = 2 * at + 1;
        if (child >= length)
            return;
        if (child + 1 < length && heap[child] < heap[child + 1])
            child++;
        if (heap[at] >= heap[child])
            return;
        u64 held = heap[at];
        heap[at] = heap[child];
        heap[child] = held;
        at = child;
    }
}

static void heap_sort(u64 *heap, u64 length) {
    for (u64 at = length / 2; at-- > 0;)
        sift(heap, at, length);
    for (u64 last = length; last-- > 1;) {
        u64 held = heap[0];
        heap[0] = heap[last];
        heap[last] = held;
        sift(heap, 0, last);
    }
}

static void sorting(void) {
    u64 sum = 0, after = 0;
    for (u64 i = 0; i < COUNT; i++)
        sum += numbers[i] = any() >> (i & 31);
    heap_sort(numbers, COUNT);
    for (u64 i = 0; i < COUNT; i++) {
        after += numbers[i];
        check(i == 0 || numbers[i - 1] <= numbers[i]);
        if (i % 250 == 0)
            tell(numbers[i]);
    }
    check(sum == after);
}

static void primes(void) {
    u64 count = 0;
    for (u64 i = 2; i < sizeof composite; i++) {
        if (composite[i])
            continue;
        count++;
        for (u64 multiple = i * i; multiple < sizeof composite; multiple += i)
            composite[multiple] = 1;
    }
    check(count == 2262); /* π(20000) */
    tell(count);
}

static void division(void) {
    u64 mix = 0;
    for (int i = 0; i < 2000; i++) {
        i64 a = (i64)any() >> (i % 50), b = (i64)any() >> (i * 7 % 60);
        if (b == 0)
            continue;
        check(b == -1 || a / b * b + a % b == a);
        check((u64)a / (u64)b * (u64)b + (u64)a % (u64)b == (u64)a);
        if ((i32)b != 0 && (i32)b != -1)
            mix += (u64)((i32)a / (i32)b) ^ (u32)a % (u32)b;
        mix = mix * 31 + (u64)((unsigned __int128)(u64)a * (u64)b >> 64);
        mix ^= (u64)((__int128)a * b >> 64);
    }
    tell(mix);
}

static void bits(void) {
    u64 mix = 0;
    for (int i = 0; i < 2000; i++) {
        u64 a = any() >> (i & 63);
        int ones = 0;
        for (u64 rest = a; rest; rest &= rest - 1)
            ones++;
        check(ones == __builtin_popcountl(a));
        if (a) {
            check(a >> (63 - __builtin_clzl(a)) == 1);
            check(a << (63 - __builtin_ctzl(a)) == 1ul << 63 || a & (a - 1));
        }
        check(__builtin_bswap64(__builtin_bswap64(a)) == a);
        u64 turn = i & 63, turned = a << turn | a >> (-turn & 63);
        mix += turned ^ (u32)((u32)a << (turn & 31) | (u32)a >> (-turn & 31));
        mix ^= a & ~mix, mix |= 1ul << turn, mix &= ~(1ul << (i * 5 & 63));
        mix += (i64)a < (i64)mix ? a : mix;
        mix += (u64)(u32)a * 8 + (a >> 3 & 1);
    }
    tell(mix);
}

static u32 checksum(const u8 *bytes, u64 length) {
    u32 sum = ~0u;
    while (length--)
        sum = table[(u8)sum ^ *bytes++] ^ sum >> 8;
    return ~sum;
}

static void checksums(void) {
    for (u32 i = 0; i < 256; i++) {
        u32 sum = i;
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
        table[i] = sum;
    }
    check(checksum((const u8 *)"123456789", 9) == 0xcbf43926); /* CRC-32/ISO-HDLC */
    tell(checksum((const u8 *)numbers, sizeof numbers));
}

static u64 ackermann(u64 m, u64 n) {
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

void program(void) {
    sorting();
    primes();
    division();
    bits();
    checksums();
    check(ackermann(2, 40) == 83);
    finish();
}
