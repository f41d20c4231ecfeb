/* What a hypervisor is told of its guest's loads and stores where stage 2 maps nothing, as lines
   of text on the serial port. Started at EL2, without translation. */

#include "text.h"

struct { u64 kind, esr, far, elr, hpfar; } exception;

extern void attempt(void *what, u64 a, u64 b, u64 spsr);
extern char guest_vectors[];

/* The guest has RAM as it is, but for some blocks of 2 MiB behind the program. */
enum { VALID = 1, TABLE = 3, PAGE = 3, MEMORY = 0xf << 2, READ = 1 << 6, WRITE = 2 << 6, SHARED = 3 << 8,
       ACCESSED = 1 << 10 };
#define MAPPED (VALID | MEMORY | READ | WRITE | SHARED | ACCESSED)
#define RAM 0x40000000ul
#define BLOCK(n) (RAM + (n) * 0x200000ul)
enum { HOLE = 128, UNMARKED, READ_ONLY, WRITE_ONLY, PAGES };

typedef u64 table[512] __attribute__((aligned(4096)));
static table level1, level2, level3, guest1;

#define EL1 0x3c5
#define EL0 0x3c0

static void map(void) {
    level1[1] = (u64)level2 | TABLE;
    for (u64 n = 0; n < 256; n++) level2[n] = BLOCK(n) | MAPPED;
    level2[HOLE] = 0;
    level2[UNMARKED] &= ~(u64)ACCESSED;
    level2[READ_ONLY] &= ~(u64)WRITE;
    level2[WRITE_ONLY] &= ~(u64)READ;
    level2[PAGES] = (u64)level3 | TABLE;
    level3[1] = BLOCK(PAGES) | MAPPED | PAGE;
    level3[2] = BLOCK(PAGES) | (MAPPED & ~WRITE) | PAGE;
    /* The guest's own: the same at 3 GiB, and a table where it has nothing. */
    guest1[1] = RAM | VALID | SHARED | ACCESSED;
    guest1[2] = BLOCK(HOLE) | TABLE;
    guest1[3] = guest1[1];
    write(vtcr_el2, 25 | 1 << 6 | 3 << 12 | 1ul << 31 | 2 << 16);
    write(vttbr_el2, level1);
    write(cptr_el2, 0x33ff);
    write(hcr_el2, 1 | 3ul << 40 | 1ul << 31);
    write(vbar_el1, guest_vectors);
    write(cpacr_el1, 3 << 20);
    write(mair_el1, 0xff);
    write(tcr_el1, 25 | 1 << 23 | 3 << 12 | 2ul << 32);
    write(ttbr0_el1, guest1);
    asm volatile("dsb ish; tlbi vmalls12e1; dsb ish; isb" ::: "memory");
}

static void tries(const char *name, void *what, u64 a, u64 b, u64 spsr) {
    attempt(what, a, b, spsr);
    text(name);
    text(" vector");
    number(exception.kind);
    text(" esr");
    number(exception.esr);
    text(" elr");
    number(exception.elr - (u64)what);
    u64 class = exception.esr >> 26;
    if (class == 0x24 || class == 0x20) {
        text(" far");
        number(exception.far);
        text(" hpfar");
        number(exception.hpfar);
    }
    put('\n');
}

#define TRY(name) do { extern void try_##name(void); tries(#name, try_##name, at, 0, spsr); } while (0)

static void forms(u64 at, u64 spsr) {
    TRY(str_w); TRY(str_x); TRY(strb); TRY(strh); TRY(ldr_w); TRY(ldr_x); TRY(ldr_zero); TRY(ldr_register);
    TRY(ldrb); TRY(ldrsb_w); TRY(ldrsb_x); TRY(ldrh); TRY(ldrsh_w); TRY(ldrsh_x); TRY(ldrsw); TRY(ldur); TRY(stur);
    TRY(ldursw); TRY(ldtr); TRY(ldtrsb); TRY(ldtrsw); TRY(sttrh); TRY(ldar); TRY(ldarb); TRY(stlr); TRY(stlrh);
    TRY(post); TRY(pre); TRY(ldp); TRY(stp); TRY(ldpsw); TRY(ldnp); TRY(ldxr); TRY(ldaxrb); TRY(ldxp); TRY(ldr_q);
    TRY(ldr_d); TRY(str_b); TRY(ldp_q); TRY(ld1); TRY(st1); TRY(zero); TRY(prefetch);
    TRY(ldapr); TRY(ldaprh); TRY(ldapurb); TRY(ldapursh); TRY(ldapursw); TRY(stlur); TRY(ldraa); TRY(ldrab);
    TRY(ldraa_pre); TRY(ldadd); TRY(stadd); TRY(swpal); TRY(cas); TRY(casp);
}

/* A literal in the hole, which the instruction is put in front of. */
static void literals(void) {
    static const struct { const char *name; u32 word; } loads[] = {
        { "literal w", 0x18080005 }, { "literal x", 0x58080006 }, { "literal signed", 0x98080007 },
        { "literal vector", 0x9c080000 }, { "literal prefetch", 0xd8080000 },
    };
    volatile u32 *code = (u32 *)(BLOCK(HOLE) - 0x10000);
    for (u64 i = 0; i < sizeof loads / sizeof *loads; i++) {
        code[4 * i] = loads[i].word;
        code[4 * i + 1] = 0xd4000002;
        asm volatile("dsb ish; ic iallu; dsb ish; isb" ::: "memory");
        tries(loads[i].name, (void *)(code + 4 * i), 0, 0, EL1);
    }
}

/* The same from code that has been run often. */
static void often(u64 spsr) {
    u64 at = BLOCK(HOLE) - 0x10000;
    TRY(many_loads); TRY(many_stores); TRY(many_pairs); TRY(many_vectors);
    extern void try_many_copies(void);
    tries("many copies, load", try_many_copies, at, at - 0x20000, spsr);
    tries("many copies, store", try_many_copies, at - 0x20000, at, spsr);
}

static void level(const char *name, u64 spsr) {
    text(name);
    text("# hole\n");
    forms(BLOCK(HOLE) + 0x1040, spsr);
    text("# flag\n");
    forms(BLOCK(UNMARKED), spsr);
    text("# page\n");
    forms(BLOCK(PAGES), spsr);
    text("# read-only\n");
    forms(BLOCK(READ_ONLY), spsr);
    forms(BLOCK(PAGES) + 0x2000, spsr);
    text("# to write\n");
    u64 at = BLOCK(WRITE_ONLY);
    TRY(ldr_w); TRY(ldp); TRY(str_x);
    often(spsr);
}

void start(void) {
    map();
    level("# EL1\n", EL1);
    level("# EL0\n", EL0);
    literals();
    u64 at = 0x3ul << 30 | (BLOCK(HOLE) - RAM), spsr = EL1;
    write(sctlr_el1, read(sctlr_el1) | 1);
    text("# mapped by stage 1\n");
    forms(at, spsr);
    at = 2ul << 30;
    text("# a table of stage 1\n");
    TRY(ldr_w); TRY(str_x); TRY(ldp);
    text("end\n");
    register u64 x0 asm("x0") = 0x84000008;
    asm volatile("smc 0" :: "r"(x0));
    for (;;) ;
}
