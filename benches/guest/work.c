/* Integer work for comparing engines. Each program prints a checksum on the
 * board's UART and powers off; WORK picks one, REPEAT sets its length. */
#include "bare.h"

/* A linked list, a matrix, and a checksum over a small state machine. */
struct node { struct node *next; int key, data; };
static struct node nodes[512];
static u16 crc16(u8 data, u16 crc) {
    for (int i = 0; i < 8; i++) {
        int bit = (data ^ crc) & 1;
        crc >>= 1;
        data >>= 1;
        if (bit) crc ^= 0xa001;
    }
    return crc;
}
static struct node *reverse(struct node *list) {
    struct node *out = 0;
    while (list) { struct node *next = list->next; list->next = out; out = list; list = next; }
    return out;
}
static int ma[32][32], mb[32][32], mc[32][32];
static u64 mix(void) {
    u16 crc = 0;
    struct node *list = 0;
    for (int i = 0; i < 512; i++) { nodes[i].key = i * 7 % 512; nodes[i].data = i; nodes[i].next = list; list = &nodes[i]; }
    for (int r = 0; r < 40; r++) {
        list = reverse(list);
        for (struct node *n = list; n; n = n->next) if (n->key == r * 13 % 512) crc = crc16(n->data, crc);
    }
    for (int i = 0; i < 32; i++) for (int j = 0; j < 32; j++) { ma[i][j] = i * j + crc; mb[i][j] = i - j; }
    for (int i = 0; i < 32; i++) for (int j = 0; j < 32; j++) {
        int s = 0;
        for (int k = 0; k < 32; k++) s += ma[i][k] * mb[k][j];
        mc[i][j] = s;
    }
    static const char text[] = "5012,-12.5e3,.5,0x17,T0.3e-1F,-87,+3.14,12e+4,";
    int state = 0, counts[5] = {0};
    for (int r = 0; r < 40; r++) for (const char *p = text; *p; p++) {
        switch (state) {
        case 0: state = *p == '-' || *p == '+' ? 1 : *p >= '0' && *p <= '9' ? 2 : *p == '.' ? 3 : 4; break;
        case 1: state = *p >= '0' && *p <= '9' ? 2 : 4; break;
        case 2: if (*p == '.') state = 3; else if (*p == ',') state = 0; else if (*p == 'e') state = 1; break;
        case 3: if (*p == ',') state = 0; else if (*p == 'e') state = 1; break;
        default: if (*p == ',') state = 0;
        }
        counts[state]++;
        crc = crc16(counts[state], crc);
    }
    for (int i = 0; i < 32; i++) crc = crc16(mc[i][i], crc);
    return crc;
}

/* Copies, compares and sorts strings. */
static char words[256][16];
static int compare(const char *a, const char *b) { while (*a && *a == *b) a++, b++; return *a - *b; }
static u64 strings(void) {
    u32 seed = 1;
    for (int i = 0; i < 256; i++) {
        int n = 4 + i % 10;
        for (int j = 0; j < n; j++) { seed = seed * 1103515245 + 12345; words[i][j] = 'a' + (seed >> 16) % 26; }
        words[i][n] = 0;
    }
    for (int gap = 128; gap; gap /= 2) for (int i = gap; i < 256; i++) for (int j = i - gap; j >= 0 && compare(words[j], words[j + gap]) > 0; j -= gap) {
        char t[16];
        memcpy(t, words[j], 16); memcpy(words[j], words[j + gap], 16); memcpy(words[j + gap], t, 16);
    }
    u64 sum = 0;
    for (int i = 0; i < 256; i++) for (char *p = words[i]; *p; p++) sum = sum * 31 + *p;
    return sum;
}

/* Calls itself. */
__attribute__((noinline)) static u64 fib(u64 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
__attribute__((noinline)) static u64 ack(u64 m, u64 n) { return !m ? n + 1 : !n ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
static u64 recursion(void) { return fib(21) + ack(2, 60); }

/* A stack machine with a dense switch. */
static u64 bytecode(void) {
    static const u8 code[] = {0, 200, 5, 0, 1, 5, 1, 6, 0, 6, 1, 2, 5, 1, 6, 1, 0, 3, 3, 4, 5, 1, 6, 0, 0, 1, 7, 5, 0, 6, 0, 8, 6, 9};
    u64 total = 0;
    for (int r = 0; r < 20; r++) {
        u64 stack[16], vars[4] = {0}, *sp = stack;
        for (u64 pc = 0;;) switch (code[pc++]) {
        case 0: *sp++ = code[pc++]; break;
        case 1: sp--; sp[-1] += sp[0]; break;
        case 2: sp--; sp[-1] = sp[-1] * 3 + sp[0]; break;
        case 3: sp--; sp[-1] ^= sp[0]; break;
        case 4: sp[-1] = sp[-1] << 1 | sp[-1] >> 63; break;
        case 5: vars[code[pc++]] = *--sp; break;
        case 6: *sp++ = vars[code[pc++]]; if (sp > stack + 12) sp = stack + 1; break;
        case 7: sp--; sp[-1] -= sp[0]; break;
        case 8: if (*--sp) pc = code[pc]; else pc++; break;
        default: total += vars[1]; goto done;
        }
    done:;
    }
    return total;
}

/* Records, pointers and small procedures. */
struct record { struct record *other; int kind, number; char text[32]; };
static struct record one, two;
__attribute__((noinline)) static int first(int a, int b) { return a + 2 + b; }
__attribute__((noinline)) static int same(const char *a, const char *b) { int i = 2; while (i <= 2) if (a[i] == b[i + 1]) i += 3; else i++; return a[0] == b[0] && compare(a, b) > 0; }
__attribute__((noinline)) static void chain(struct record *r) { struct record *n = r->other; *n = *r; n->number = 5; n->other = r->other; n->kind = first(n->number, 10); }
static u64 records(void) {
    one.other = &two; one.kind = 2; one.number = 40;
    memcpy(one.text, "A TEXT OF SOME LENGTH, NUMBER 1", 32);
    u64 sum = 0;
    int array[50];
    for (int i = 0; i < 50; i++) array[i] = i;
    for (int r = 0; r < 300; r++) {
        chain(&one);
        one.number = first(r, two.number);
        array[r % 50] = one.number; array[(r + 7) % 50] += array[r % 50] / (r % 9 + 1);
        sum += same(one.text, two.text) + array[(r + 30) % 50];
        for (char c = 'A'; c <= 'B'; c++) sum += first(c, 'C') == 5 ? 1 : c;
    }
    return sum;
}

int main(void) {
    u64 sum = 0;
    for (u64 i = 0; i < REPEAT; i++) sum = sum * 31 + WORK();
    print(sum);
    off();
}
