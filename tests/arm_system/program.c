/* What an Arm CPU says of itself and of what goes wrong, as lines of text on the serial port:
   a name, and numbers. Two emulators should write the same. Started at EL1, without translation. */

#include "text.h"

struct { u64 kind, esr, far, elr, spsr, x0; } exception;
struct { u64 sctlr, level, daif, spsel; } at_reset;
u64 result;

extern u64 attempt(void *what, u64 a, u64 b);
extern void enter(void), user(void), user_end(void), guarded(void), exclusive_plain(void), exclusive_twice(void),
    exclusive_cleared(void), exclusive_none(void), at_s1e1r(void), at_s1e1w(void), at_s1e0r(void), at_s1e0w(void);
extern char stack_top[];

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What stands before lines that the manual decides, as not every emulator does what it says. */
static const char *prefix = "";

static void line(const char *name, u64 value) { text(prefix); text(name); number(value); put('\n'); }

/* Translation: the first 2 GiB as they are, and at 2 GiB and beyond what is tried. */
enum { VALID = 1, TABLE = 3, PAGE = 3, NORMAL = 0 << 2, DEVICE = 1 << 2, USER = 1 << 6, READ_ONLY = 1 << 7,
       SHARED = 3 << 8, ACCESSED = 1 << 10, LOCAL = 1 << 11 };
#define GUARDED (1ul << 50)
#define PXN (1ul << 53)
#define UXN (1ul << 54)
#define MAPPED (VALID | NORMAL | SHARED | ACCESSED)
#define TRIED 0x80000000ul
#define PAGE_AT(n) (TRIED + (n) * 4096ul)
#define BLOCK_AT(n) (TRIED + (n) * 0x200000ul)

typedef u64 table[512] __attribute__((aligned(4096)));
static table level0, level1, level2, level3, nothing;
static u64 data[4][512] __attribute__((aligned(4096)));
static u64 user_data[512] __attribute__((aligned(4096)));

static void forget(void) { asm volatile("dsb ish; tlbi vmalle1; dsb ish; isb" ::: "memory"); }

static void map(void) {
    u64 memory = (u64)data & ~0x1ffffful;
    level0[0] = (u64)level1 | TABLE;
    level1[0] = 0 | VALID | DEVICE | ACCESSED | UXN | PXN;
    level1[1] = 0x40000000 | MAPPED | UXN;
    level1[2] = (u64)level2 | TABLE;
    level1[4] = 0x40000000 | (MAPPED & ~ACCESSED);
    level1[5] = 0x40000000 | MAPPED | READ_ONLY;
    level1[6] = 1ul << 46 | MAPPED;
    level1[7] = 1ul << 46 | TABLE;
    level1[8] = 0x0b000000 | TABLE;
    level2[0] = (u64)level3 | TABLE;
    level2[2] = memory | (MAPPED & ~ACCESSED);
    level2[3] = memory | MAPPED | READ_ONLY;
    level2[4] = memory | MAPPED | USER | UXN;
    level2[5] = 1ul << 46 | MAPPED;
    level2[6] = 1ul << 46 | TABLE;
    level2[7] = 0x0b000000 | TABLE;
    level2[8] = 0x0b000000 | MAPPED;
    level2[9] = (u64)level3 | TABLE | 1ul << 62 | 1ul << 61 | 1ul << 60 | 1ul << 59;
    level3[0] = (u64)data[0] | MAPPED | PAGE;
    level3[2] = (u64)data[0] | MAPPED | PAGE | READ_ONLY;
    level3[3] = (u64)data[0] | (MAPPED & ~ACCESSED) | PAGE;
    level3[4] = (u64)data[0] | MAPPED | PAGE | USER | UXN;
    level3[5] = (u64)data[0] | MAPPED | PAGE | USER | READ_ONLY | UXN;
    level3[6] = (u64)user | MAPPED | PAGE | USER | READ_ONLY;
    level3[7] = (u64)data[0] | VALID | DEVICE | ACCESSED | PAGE;
    level3[8] = (u64)data[0] | MAPPED | PAGE | PXN | UXN;
    level3[9] = (u64)guarded | MAPPED | PAGE | READ_ONLY | UXN | GUARDED;
    level3[10] = (u64)guarded | MAPPED | PAGE | READ_ONLY | UXN;
    level3[11] = 1ul << 46 | MAPPED | PAGE;
    level3[12] = (u64)user_data | MAPPED | PAGE | USER | UXN | PXN;
    level3[13] = (u64)data[1] | MAPPED | PAGE | VALID;
    level3[14] = (u64)data[1] | ACCESSED | 1;
    level3[15] = 0x0b000000 | MAPPED | PAGE;
    write(mair_el1, 0x00ff | 0 << 8);
    write(tcr_el1, 16 | 16 << 16 | 1 << 8 | 1 << 10 | 3 << 12 | 2ul << 30 | 5ul << 32);
    write(ttbr0_el1, level0);
    write(ttbr1_el1, nothing);
    forget();
    write(sctlr_el1, read(sctlr_el1) | 1 | 1 << 2 | 1 << 12);
}

/* The mask of an extension that one emulator has and the other has not. */
#define ALLINT (1ul << 13)
/* How it was come here, which only one of the models tells. */
#define BTYPE (3ul << 10)

/* An exception, with addresses in the code relative to what was tried. */
static void told(const char *name, u64 at) {
    u64 class = exception.esr >> 26;
    text(prefix);
    text(name);
    text(" vector");
    number(exception.kind);
    text(" esr");
    number(exception.esr);
    text(" elr");
    number(exception.elr - at);
    text(" spsr");
    number(exception.spsr & ~(*prefix ? ALLINT | BTYPE : ALLINT));
    if (class == 0x20 || class == 0x21 || class == 0x24 || class == 0x25 || class == 0x22 || class >> 1 == 0x1a) {
        text(" far");
        number(exception.far);
    }
    put('\n');
}

static void tries(const char *name, void *what, u64 a, u64 b) {
    if (attempt(what, a, b))
        line(name, result);
    else
        told(name, (u64)what);
}

#define TRY(name, ...) do { extern void try_##name(void); tries_(#name, try_##name, __VA_ARGS__, 0); } while (0)
#define tries_(name, what, a, b, ...) tries(name, what, a, b)
#define AT(what, name, ...) do { extern void try_##name(void); tries_(what, try_##name, __VA_ARGS__, 0); } while (0)

static void registers_at_reset(void) {
    line("reset sctlr_el1", at_reset.sctlr);
    line("reset currentel", at_reset.level);
    line("reset daif", at_reset.daif);
    line("reset spsel", at_reset.spsel);
#define SHOW(name) line("reset " #name, read(name))
    SHOW(cpacr_el1);
    write(cpacr_el1, 3 << 20);
    SHOW(tcr_el1); SHOW(ttbr0_el1); SHOW(mair_el1); SHOW(mdscr_el1); SHOW(oslsr_el1);
    SHOW(cntkctl_el1); SHOW(contextidr_el1); SHOW(pmcr_el0); SHOW(pmcntenset_el0); SHOW(pmuserenr_el0);
    SHOW(pmovsset_el0); SHOW(pmceid0_el0); SHOW(pmceid1_el0); SHOW(pmintenset_el1); SHOW(pmselr_el0); SHOW(fpcr);
    SHOW(fpsr); SHOW(cntv_ctl_el0); SHOW(cntp_ctl_el0); SHOW(isr_el1); SHOW(nzcv); SHOW(csselr_el1);
    SHOW(mdccint_el1); SHOW(osdlr_el1); SHOW(cntfrq_el0); SHOW(dbgbcr0_el1); SHOW(dbgwcr0_el1);
}

static void identity(void) {
#define ID(name) line("id " #name, read(name))
    ID(midr_el1); ID(mpidr_el1); ID(revidr_el1); ID(aidr_el1); ID(ctr_el0); ID(dczid_el0); ID(clidr_el1);
    ID(id_aa64pfr0_el1); ID(id_aa64pfr1_el1); ID(id_aa64dfr0_el1); ID(id_aa64dfr1_el1); ID(id_aa64afr0_el1);
    ID(id_aa64afr1_el1); ID(id_aa64isar0_el1); ID(id_aa64isar1_el1); ID(S3_0_C0_C6_2); ID(id_aa64mmfr0_el1);
    ID(id_aa64mmfr1_el1); ID(id_aa64mmfr2_el1); ID(S3_0_C0_C7_3); ID(S3_0_C0_C4_4); ID(S3_0_C0_C4_5);
    ID(id_pfr0_el1); ID(id_pfr1_el1); ID(id_dfr0_el1); ID(id_afr0_el1); ID(id_mmfr0_el1); ID(id_mmfr1_el1);
    ID(id_mmfr2_el1); ID(id_mmfr3_el1); ID(id_isar0_el1); ID(id_isar1_el1); ID(id_isar2_el1); ID(id_isar3_el1);
    ID(id_isar4_el1); ID(id_isar5_el1); ID(id_mmfr4_el1); ID(mvfr0_el1); ID(mvfr1_el1); ID(mvfr2_el1);
    for (u64 level = 0; level < 3; level++) {
        write(csselr_el1, level);
        ID(ccsidr_el1);
    }
}

/* Which bits of a register can be set and cleared. */
static void bits(void) {
    u64 before;
#define BITS(name) do { before = read(name); write(name, ~0ul); line("ones " #name, read(name)); \
    write(name, 0); line("zeros " #name, read(name)); write(name, before); } while (0)
    BITS(far_el1); BITS(esr_el1); BITS(elr_el1); BITS(spsr_el1); BITS(afsr0_el1); BITS(afsr1_el1); BITS(par_el1);
    BITS(contextidr_el1); BITS(tpidr_el0); BITS(tpidrro_el0); BITS(tpidr_el1); BITS(mair_el1); BITS(amair_el1);
    BITS(csselr_el1); BITS(cntkctl_el1); BITS(vbar_el1); BITS(cpacr_el1); BITS(ttbr1_el1); BITS(pmselr_el0);
    BITS(pmuserenr_el0); BITS(pmccfiltr_el0); BITS(pmcntenset_el0); BITS(pmintenset_el1); BITS(fpcr); BITS(fpsr);
    BITS(nzcv); BITS(cntv_cval_el0); BITS(cntv_ctl_el0); BITS(mdccint_el1); BITS(dbgbvr0_el1); BITS(dbgbcr0_el1);
    BITS(dbgwvr0_el1); BITS(dbgwcr0_el1); BITS(sp_el0);
    for (int i = 0; i < 4; i++) {
        write(spsel, 0);
        u64 selected = read(spsel);
        write(spsel, 1);
        if (i == 0) line("spsel", selected << 4 | read(spsel));
    }
    asm volatile("msr daifclr, 15" ::: "memory");
    line("daif open", read(daif));
    asm volatile("msr daifset, 5" ::: "memory");
    line("daif some", read(daif));
    asm volatile("msr daifset, 15" ::: "memory");
    line("daif shut", read(daif));
    write(mdscr_el1, 0xf000);
    line("mdscr_el1", read(mdscr_el1));
    write(mdscr_el1, 0);
    write(oslar_el1, 1);
    line("oslsr_el1 locked", read(oslsr_el1));
    write(oslar_el1, 0);
    line("oslsr_el1 open", read(oslsr_el1));
}

static void instructions(void) {
    TRY(svc, 0); TRY(smc, 0); TRY(brk, 0); TRY(hlt, 0); TRY(udf, 0); TRY(unallocated, 0); TRY(read_el2, 0);
    TRY(read_unknown, 0); TRY(write_id, 0); TRY(daif, 0);
    write(cpacr_el1, 0);
    AT("vector trapped", vector, 0);
    AT("vector load trapped", vector_load, 0);
    write(cpacr_el1, 1 << 20);
    AT("vector of EL1", vector, 0);
    write(cpacr_el1, 3 << 20);
    TRY(vector, 0);
    AT("jump unaligned", jump, PAGE_AT(10) + 2);
    AT("jump unaligned and unmapped", jump, PAGE_AT(1) + 1);
    AT("call of nothing", call, PAGE_AT(1));
    AT("call of data", call, PAGE_AT(8));
    AT("call of EL0's", call, PAGE_AT(6));
    AT("call far off", call, 1ul << 50);
    AT("call beyond", call, 1ul << 40);
}

static const struct { const char *name; u64 at; } places[] = {
    { "level 0", 1ul << 39 }, { "level 1", 3ul << 30 }, { "level 2", BLOCK_AT(1) }, { "level 3", PAGE_AT(1) },
    { "beyond", 1ul << 50 }, { "high", ~0ul << 20 }, { "tagged", 1ul << 60 | PAGE_AT(0) },
    { "flag 1", 4ul << 30 }, { "flag 2", BLOCK_AT(2) }, { "flag 3", PAGE_AT(3) },
    { "read-only 1", 5ul << 30 | 0x800000 }, { "read-only 2", BLOCK_AT(3) }, { "read-only 3", PAGE_AT(2) },
    { "size 1", 6ul << 30 }, { "size of table 1", 7ul << 30 }, { "size 2", BLOCK_AT(5) },
    { "size of table 2", BLOCK_AT(6) }, { "size 3", PAGE_AT(11) }, { "no table 1", 8ul << 30 },
    { "no table 2", BLOCK_AT(7) }, { "no memory", BLOCK_AT(8) }, { "block at 3", PAGE_AT(14) },
    { "tables", BLOCK_AT(9) }, { "EL0's", PAGE_AT(4) }, { "EL0's to read", PAGE_AT(5) }, { "plain", PAGE_AT(0) },
    { "device", PAGE_AT(7) }, { "unaligned", PAGE_AT(0) + 1 }, { "across", PAGE_AT(0) + 0xffc },
    { "across from flag", PAGE_AT(3) + 0xffc },
};

static void accesses(void) {
    for (u32 i = 0; i < COUNT(places); i++) {
        u64 at = places[i].at;
        text("# ");
        text(places[i].name);
        put('\n');
        TRY(load, at); TRY(load_b, at); TRY(store, at); TRY(pair, at); TRY(store_pair, at, 1); TRY(vector_load, at);
        TRY(atomic, at & ~7ul); TRY(unprivileged, at); TRY(unprivileged_store, at); TRY(zero_block, at & ~63ul);
        TRY(prefetch, at);
        tries("at s1e1r", at_s1e1r, at, 0);
        tries("at s1e1w", at_s1e1w, at, 0);
        tries("at s1e0r", at_s1e0r, at, 0);
        tries("at s1e0w", at_s1e0w, at, 0);
    }
}

static void alignment(void) {
    AT("device zero block", zero_block, PAGE_AT(7));
    AT("device unaligned byte", load_b, PAGE_AT(7) + 3);
    AT("release unaligned across", release, PAGE_AT(0) + 14);
    AT("exclusive unaligned across", atomic, PAGE_AT(0) + 12);
    AT("exclusive pair unaligned", exclusive_pair, PAGE_AT(0) + 8);
    write(sctlr_el1, read(sctlr_el1) | 2);
    AT("checked load", load, PAGE_AT(0) + 1);
    AT("checked store", store, PAGE_AT(0) + 4);
    AT("checked pair", pair, PAGE_AT(0) + 8);
    AT("checked pair", pair, PAGE_AT(0) + 4);
    AT("checked vector", vector_load, PAGE_AT(0) + 8);
    AT("checked and unmapped", load, PAGE_AT(1) + 1);
    write(sctlr_el1, read(sctlr_el1) & ~2ul);
    prefix = "manual ";
    AT("exclusive unaligned", atomic, PAGE_AT(0) + 4);
    AT("acquire unaligned", ordered, PAGE_AT(0) + 2);
    AT("release unaligned", release, PAGE_AT(0) + 6);
    AT("device unaligned load", load, PAGE_AT(7) + 1);
    AT("device unaligned word", load_w, PAGE_AT(7) + 2);
    AT("device unaligned store", store, PAGE_AT(7) + 4);
    AT("device unaligned pair", pair, PAGE_AT(7) + 12);
    AT("device across pages", load, PAGE_AT(7) + 0xffc);
    for (u64 off = 0; off <= 24; off += 8) {
        line("stack off by", off);
        data[0][0] = 0;
        TRY(stack_store, off); TRY(stack_register, off); TRY(stack_exclusive, off);
        TRY(stack_prefetch, off); TRY(stack_add, off); TRY(stack_post, off); TRY(stack_pre, off);
    }
    write(sctlr_el1, read(sctlr_el1) & ~8ul);
    AT("stack not checked", stack_register, 8);
    write(sctlr_el1, read(sctlr_el1) | 8);
    prefix = "";
}

static void exclusives(void) {
    tries("exclusive", exclusive_plain, PAGE_AT(0), 0);
    tries("exclusive twice", exclusive_twice, PAGE_AT(0), 0);
    tries("exclusive cleared", exclusive_cleared, PAGE_AT(0), 0);
    tries("exclusive without", exclusive_none, PAGE_AT(0), 0);
    tries("exclusive, read-only", exclusive_plain, PAGE_AT(2), 0);
}

/* What a changed table means before and after maintenance by each instruction. */
static void maintenance(void) {
    u64 other = (u64)data[2] | MAPPED | PAGE, first = level3[13];
    data[1][0] = 0x1111;
    data[2][0] = 0x2222;
#define MAINTAIN(what, name, operand) do { \
    level3[13] = first; forget(); AT("before " what, load, PAGE_AT(13)); level3[13] = other; \
    asm volatile("dsb ish; sys " name ", %0; dsb ish; isb" :: "r"((u64)(operand)) : "memory"); \
    AT("after " what, load, PAGE_AT(13)); } while (0)
    MAINTAIN("vae1", "#0, c8, c7, #1", PAGE_AT(13) >> 12);
    MAINTAIN("vaae1", "#0, c8, c7, #3", PAGE_AT(13) >> 12);
    MAINTAIN("vale1", "#0, c8, c7, #5", PAGE_AT(13) >> 12);
    MAINTAIN("vaale1is", "#0, c8, c3, #7", PAGE_AT(13) >> 12);
    MAINTAIN("vmalle1", "#0, c8, c7, #0", 0);
    MAINTAIN("vmalle1is", "#0, c8, c3, #0", 0);
    level3[13] = first | LOCAL; forget();
    TRY(load, PAGE_AT(13)); level3[13] = other | LOCAL;
    asm volatile("dsb ish; tlbi aside1, %0; dsb ish; isb" :: "r"(0ul) : "memory");
    AT("after aside1", load, PAGE_AT(13));
    level3[13] = first;
    forget();
}

static u64 in_user(void *what) { return PAGE_AT(6) + ((u64)what - (u64)user); }

/* The code there finds its SPSR in x1. */
static void user_tries(const char *name, void *what, u64 spsr) {
    write(sp_el0, PAGE_AT(12) + 0x800);
    if (!attempt(enter, in_user(what), spsr)) told(name, in_user(what));
}

#define IN_USER(name) do { extern void user_##name(void); user_tries("EL0 " #name, user_##name, 0); } while (0)

static void el0(void) {
    IN_USER(svc); IN_USER(brk); IN_USER(undefined); IN_USER(privileged); IN_USER(midr); IN_USER(ctr); IN_USER(daif);
    IN_USER(wfe); IN_USER(ivac); IN_USER(invalidate); IN_USER(counter); IN_USER(frequency);
    IN_USER(cycles); IN_USER(vector); IN_USER(hvc); IN_USER(smc); IN_USER(eret); IN_USER(tlbi); IN_USER(debug);
    IN_USER(load); IN_USER(store); IN_USER(zero); IN_USER(clean); IN_USER(jump); IN_USER(stack);
    u64 control = read(sctlr_el1);
    write(sctlr_el1, control | 1 << 4 | 1 << 9 | 1 << 14 | 1 << 15 | 1ul << 26);
    text("# EL0 may more\n");
    IN_USER(ctr); IN_USER(daif); IN_USER(zero); IN_USER(ivac);
    write(cntkctl_el1, 3);
    write(pmuserenr_el0, 1);
    IN_USER(counter); IN_USER(frequency); IN_USER(cycles);
    write(sctlr_el1, control & ~(1ul << 16 | 1 << 18));
    IN_USER(wfi); IN_USER(wfe);
    write(sctlr_el1, control);
    write(pmuserenr_el0, 0);
    extern void user_svc(void);
    user_tries("illegal: EL3", user_svc, 0xd);
    user_tries("illegal: EL2", user_svc, 0x9);
    user_tries("illegal: EL0h", user_svc, 1);
    user_tries("illegal: IL", user_svc, 1 << 20);
    user_tries("flags", user_svc, 0xf00003c0);
    user_tries("EL1t", user_svc, 4);
    user_tries("reserved bits", user_svc, 0x0f0ff820 & ~(3ul << 20));
}

/* An exception masks those of debug. */
#define WATCHED(name) do { asm volatile("msr daifclr, 8" ::: "memory"); \
    AT("watched " #name, name, PAGE_AT(0)); AT("not watched " #name, name, PAGE_AT(0) + 8); } while (0)

/* Self-hosted debug (D2): a step, a breakpoint and a watchpoint at EL0. */
static void debug(void) {
    extern void user_two(void), user_svc(void), user_brk(void), user_load(void), user_stack(void);
    write(oslar_el1, 0);
    write(mdscr_el1, 1);
    user_tries("step", user_two, 1 << 21);
    user_tries("step done", user_two, 0);
    user_tries("step of svc", user_svc, 1 << 21);
    user_tries("step of brk", user_brk, 1 << 21);
    user_tries("step of a load", user_stack, 1 << 21);
    write(mdscr_el1, 1 << 15);
    write(dbgbvr0_el1, in_user(user_two) + 4);
    write(dbgbcr0_el1, 1 | 2 << 1 | 15 << 5);
    user_tries("breakpoint", user_two, 0);
    user_tries("breakpoint elsewhere", user_svc, 0);
    write(dbgbcr0_el1, 1 | 1 << 1 | 15 << 5);
    user_tries("breakpoint of EL1", user_two, 0);
    write(mdscr_el1, 0);
    write(dbgbcr0_el1, 1 | 2 << 1 | 15 << 5);
    user_tries("breakpoint off", user_two, 0);
    write(dbgbcr0_el1, 0);
    write(mdscr_el1, 1 << 15);
    write(dbgwvr0_el1, PAGE_AT(12) + 0x808);
    for (u64 kind = 1; kind < 4; kind++) {
        write(dbgwcr0_el1, 1 | 2 << 1 | kind << 3 | 0xff << 5);
        user_tries("watchpoint", user_stack, 0);
    }
    write(dbgwcr0_el1, 1 | 2 << 1 | 3 << 3 | 0xf0 << 5);
    user_tries("watchpoint of bytes", user_stack, 0);
    write(dbgwvr0_el1, PAGE_AT(12) + 0x810);
    user_tries("watchpoint elsewhere", user_stack, 0);
    write(dbgwvr0_el1, PAGE_AT(12));
    write(dbgwcr0_el1, 1 | 2 << 1 | 3 << 3 | 0xff << 5 | 12ul << 24);
    user_tries("watchpoint of a range", user_stack, 0);
    write(mdscr_el1, 1 << 15 | 1 << 13);
    write(dbgwvr0_el1, PAGE_AT(0));
    write(dbgwcr0_el1, 1 | 1 << 1 | 3 << 3 | 0xff << 5);
    asm volatile("msr daifclr, 8" ::: "memory");
    AT("watched load", load, PAGE_AT(0)); AT("watched store", store, PAGE_AT(0)); AT("watched pair", pair, PAGE_AT(0) - 8);
    if (read(id_aa64isar0_el1) >> 20 & 15)
        for (u64 kind = 1; kind < 4; kind++) {
            write(dbgwcr0_el1, 1 | 1 << 1 | kind << 3 | 0xff << 5);
            WATCHED(ldadd); WATCHED(swp); WATCHED(cas); WATCHED(casp); WATCHED(atomic);
        }
    AT("not watched", load, PAGE_AT(0) + 8);
    asm volatile("msr daifset, 8" ::: "memory");
    AT("masked", load, PAGE_AT(0));
    write(dbgwcr0_el1, 0);
    write(mdscr_el1, 0);
}

/* Branch target identification, where there is it. */
static void targets(void) {
    extern void try_jump(void), try_call(void);
    for (u64 page = 9; page <= 10; page++)
        for (u64 bt = 0; bt < 2; bt++) {
            write(sctlr_el1, (read(sctlr_el1) & ~(1ul << 36)) | bt << 36);
            line("# branches to page", page);
            for (u64 i = 0; i < 11; i++) {
                AT("br", jump, PAGE_AT(page) + 16 * i);
                AT("blr", call, PAGE_AT(page) + 16 * i);
                for (u64 by = 11; by < 15; by++) {
                    if (attempt((void *)(PAGE_AT(page) + 16 * by), PAGE_AT(page) + 16 * i, 0)) line("from inside", by);
                    else { line("from inside", by); told("", PAGE_AT(page)); }
                }
            }
            for (u64 i = 0; i < 11; i++)
                for (u64 type = 0; type < 4; type++)
                    if (attempt(enter, PAGE_AT(page) + 16 * i, 0x3c5 | type << 10)) line("eret", i);
                    else { line("eret", i << 4 | type); told("", PAGE_AT(page)); }
        }
    write(sctlr_el1, read(sctlr_el1) & ~(1ul << 36));
}

/* Privileged access never. */
static void pan(void) {
    asm volatile(".inst 0xd500419f" ::: "memory");
    AT("PAN load", load, PAGE_AT(4)); AT("PAN store", store, PAGE_AT(4)); AT("PAN unprivileged", unprivileged, PAGE_AT(4));
    AT("PAN plain", load, PAGE_AT(0));
    tries("PAN at", at_s1e1r, PAGE_AT(4), 0);
    asm volatile(".inst 0xd500409f" ::: "memory");
    AT("no PAN load", load, PAGE_AT(4));
}

void start(void) {
    registers_at_reset();
    identity();
    bits();
    map();
    text("mapped\n");
    instructions();
    accesses();
    alignment();
    exclusives();
    maintenance();
    el0();
    debug();
    if (read(id_aa64mmfr1_el1) >> 20 & 15) pan();
    if (read(id_aa64pfr1_el1) & 15) targets();
    text("end\n");
    register u64 x0 asm("x0") = 0x84000008;
    asm volatile("hvc 0" :: "r"(x0));
    for (;;) ;
}
