/* The bare `virt` board, as far as the benchmark programs need it. `board.h` is
 * each guest's own: where the UART's data register is, and how the power goes
 * off. */
typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;
#include "board.h"

static void put(char c) { *(volatile u8 *)UART = c; }
static void print(u64 v) {
    for (int i = 60; i >= 0; i -= 4) put("0123456789abcdef"[v >> i & 15]);
    put('\n');
}
void *memset(void *d, int c, u64 n) { u8 *p = d; while (n--) *p++ = c; return d; }
void *memcpy(void *d, const void *s, u64 n) { u8 *p = d; const u8 *q = s; while (n--) *p++ = *q++; return d; }
