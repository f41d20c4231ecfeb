/* Arm's `virt` board: PL011, and SYSTEM_OFF of PSCI (Arm DEN 0022), for which
 * QEMU's board listens to HVC where it has neither EL2 nor EL3. */
#define UART 0x09000000
static void off(void) {
    register u64 x0 __asm__("x0") = 0x84000008;
    __asm__ volatile("hvc #0" : "+r"(x0) : : "memory");
    for (;;);
}
