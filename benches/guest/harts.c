/* A Linux guest that gives each processor the same work at the same time: a
 * process each, which stays where it is put. So N processors do N times the
 * work of one. */
#include "system.h"
#include "kernels.h"

enum { CPUS_MAX = 64, ROUNDS = 40, OPERATIONS = 500000 };
enum { SIGCHLD = 17, READ_WRITE = 3, SHARED_ANONYMOUS = 0x21 };

/* Operations of `ROUNDS` rounds of work. */
#define WORK (3UL * ROUNDS * OPERATIONS)

static u64 work(void) {
    u64 sum = 0;
    for (int i = 0; i < ROUNDS; i++)
        sum = sum * 31 + (alu(OPERATIONS) ^ calls(OPERATIONS) ^ bigswitch(OPERATIONS));
    return sum;
}

__attribute__((used)) static void start(void) {
    u64 mask = 0, cpus = 0;
    call(SCHED_GETAFFINITY, 0, sizeof mask, (u64)&mask, 0);
    for (int cpu = 0; cpu < CPUS_MAX; cpu++) cpus += mask >> cpu & 1;
    u64 *sums = (u64 *)call(MMAP, 0, PAGE, READ_WRITE, SHARED_ANONYMOUS);

    begin(cpus * WORK, "work on each hart");
    for (int cpu = 0; cpu < CPUS_MAX; cpu++) {
        if (!(mask >> cpu & 1)) continue;
        if (call(CLONE, SIGCHLD, 0, 0, 0) == 0) {
            u64 here = 1UL << cpu;
            call(SCHED_SETAFFINITY, 0, sizeof here, (u64)&here, 0);
            sums[cpu] = work();
            call(EXIT, 0, 0, 0, 0);
        }
    }
    while (call(WAIT4, -1, 0, 0, 0) > 0);
    /* One processor's sum, if all have the same. */
    u64 sum = 0;
    for (int cpu = 0, first = 1; cpu < CPUS_MAX; cpu++) {
        if (!(mask >> cpu & 1)) continue;
        if (!first && sums[cpu] != sum) { sum = 0; break; }
        sum = sums[cpu], first = 0;
    }
    end(sum, "work on each hart");
    power_off();
}
