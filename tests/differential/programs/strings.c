/* Bytes: numbers as text, words, searches, and a small machine. */

#include "start.h"

static char text[4096];
static char copy[4096];

static u64 length_of(const char *string) {
    u64 length = 0;
    while (string[length])
        length++;
    return length;
}

static int compare(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return (u8)*a - (u8)*b;
}

static u64 hash(const char *string) {
    u64 hash = 5381;
    while (*string)
        hash = hash * 33 + (u8)*string++;
    return hash;
}

static char *put_number(char *at, u64 number, u64 base) {
    char digits[65];
    u64 count = 0;
    do
        digits[count++] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % base];
    while (number /= base);
    while (count)
        *at++ = digits[--count];
    *at = 0;
    return at;
}

static u64 read_number(const char **at, u64 base) {
    u64 number = 0;
    for (;; (*at)++) {
        u64 digit = (u64)**at - '0';
        if (digit > 9)
            digit = (u64)(**at | 32) - 'a' + 10;
        if (digit >= base)
            return number;
        number = number * base + digit;
    }
}

static void numbers(void) {
    char *at = text;
    const char *from = text;
    u64 sum = 0, again = 0;
    for (u64 i = 0; i < 100; i++) {
        u64 number = any() >> (i & 63);
        sum += number * (i + 1);
        at = put_number(at, number, 2 + i % 35);
        *at++ = ' ';
    }
    *at = 0;
    for (u64 i = 0; i < 100; i++, from++)
        again += read_number(&from, 2 + i % 35) * (i + 1);
    check(sum == again);
    tell(hash(text)), tell(length_of(text));
}

/* Sorts the words of the text where they are, by inserting. */
static void words(void) {
    static char *list[128];
    u64 count = 0;
    memcpy(copy, text, sizeof copy);
    for (char *at = copy; *at;) {
        list[count++] = at;
        while (*at && *at != ' ')
            at++;
        if (*at)
            *at++ = 0;
    }
    for (u64 i = 1; i < count; i++)
        for (u64 j = i; j > 0 && compare(list[j - 1], list[j]) > 0; j--) {
            char *held = list[j];
            list[j] = list[j - 1];
            list[j - 1] = held;
        }
    u64 mix = count;
    for (u64 i = 0; i < count; i++) {
        check(i == 0 || compare(list[i - 1], list[i]) <= 0);
        mix = mix * 131 + hash(list[i]);
    }
    tell(mix);
}

/* Where the text has `wanted`, unaligned words at a time. */
static void searches(void) {
    u64 length = length_of(text), mix = 0;
    for (u64 at = 0; at + 8 < length; at++) {
        u64 word = *(const volatile u64 *)(text + at);
        u32 half = *(const volatile u32 *)(text + at);
        check((u32)word == half && (u8)half == (u8)text[at]);
        mix = (mix << 5 | mix >> 59) ^ word;
        *(volatile unsigned short *)(copy + at + 1) = (unsigned short)word;
    }
    copy[length] = 0;
    tell(mix), tell(hash(copy));
}

/* Counts down, by instructions of a byte each. */
static void machine(void) {
    static const u8 code[] = { 0, 1, 2, 3, 4, 5, 3, 1, 6 };
    u64 stack[4] = { 0 }, at = 0, steps = 0, left = 20000;
    for (;;) {
        steps++;
        switch (code[at++]) {
        case 0: stack[0] = left; break;
        case 1: stack[1] += stack[0] ^ steps; break;
        case 2: stack[2] = stack[1] * 0x9e3779b97f4a7c15; break;
        case 3: stack[3] ^= stack[2] >> 29; break;
        case 4: stack[0] -= 1; break;
        case 5: left = stack[0]; at = left ? 1 : at; break;
        default:
            for (int i = 0; i < 4; i++)
                tell(stack[i]);
            tell(steps);
            return;
        }
    }
}

void program(void) {
    numbers();
    words();
    searches();
    machine();
    finish();
}
