/* The bare `virt` board, as far as the benchmark programs need it: the UART at
 * 0x10000000 and the test finisher at 0x100000. */
typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

static void put(char c) { *(volatile u8 *)0x10000000 = c; }
static void print(u64 v) {
    for (int i = 60; i >= 0; i -= 4) put("0123456789abcdef"[v >> i & 15]);
    put('\n');
}
static void off(void) { *(volatile u32 *)0x100000 = 0x5555; for (;;); }
void *memset(void *d, int c, u64 n) { u8 *p = d; while (n--) *p++ = c; return d; }
void *memcpy(void *d, const void *s, u64 n) { u8 *p = d; const u8 *q = s; while (n--) *p++ = *q++; return d; }
