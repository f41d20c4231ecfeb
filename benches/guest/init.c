/* The first and only process of a Linux guest: runs the kernels and what needs
 * an operating system. What a kernel sets up at its first call is done before
 * it is measured; at the end the guest powers off. */
#include "system.h"
#include "kernels.h"

enum { DONTNEED = 4, NOHUGEPAGE = 15 };

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
    {"integer ALU", alu, 200000000},
    {"unpredictable branches", branches, 160000000},
    {"indirect call", indirect, 24000000},
    {"call and return", calls, 60000000},
    {"big switch", bigswitch, 24000000},
    {"load/store stream", stream, 320000000},
    {"accesses 1 MiB apart", conflict, 24000000},
    {"pointer chase", chase, 2400000},
    {"double multiply-add", multiply_add, 100000000},
    {"double divide and root", divide_root, 60000000},
    {"sin·cos", sine_cosine, 8000000},
    {"atomic add", atomic_add, 120000000},
    {"system call", system_call, 1000000},
    {"page fault", page_fault, 20480},
    {"mmap+munmap of 16 pages", map_unmap, 1500},
    {"memcpy of 1 MiB", copy, 3000},
};

static void small_pages(void *from, u64 bytes) {
    u64 first = ((u64)from + PAGE - 1) & -PAGE, last = ((u64)from + bytes) & -PAGE;
    call(MADVISE, first, last - first, NOHUGEPAGE, 0);
}

__attribute__((used)) static void start(void) {
    small_pages(&buffers, sizeof buffers);
    small_pages(lines, sizeof lines);
    for (const struct test *t = tests; t < tests + sizeof tests / sizeof *tests; t++) {
        t->run(0);
        begin(t->operations, t->name);
        end(t->run(t->operations), t->name);
    }
    power_off();
}
