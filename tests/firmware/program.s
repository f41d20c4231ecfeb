// An EFI program (UEFI Specification 2.10): it looks at the clock, tells whether an
// earlier run has left a variable, leaves it, and switches the machine off.
	.text
start:
	.ascii "MZ"			// Microsoft PE and COFF Specification, 2 to 4
	.zero 58
	.long header - start
header:
	.ascii "PE\0\0"
	.short 0xaa64			// AArch64
	.short 1			// sections
	.zero 12
	.short sections - optional
	.short 0x206			// executable, no symbols
optional:
	.short 0x20b			// addresses of 64 bits
	.zero 2
	.long end - code
	.zero 8
	.long code - start		// entry
	.long code - start
	.quad 0
	.long 0x1000			// alignment in memory and in the file
	.long 0x200
	.zero 16
	.long end - start
	.long code - start
	.long 0
	.short 10			// subsystem: EFI application
	.zero 38
	.long 6				// data directories, all empty
	.zero 48
sections:
	.ascii ".text\0\0\0"
	.long end - code, code - start, end - code, code - start
	.zero 12
	.long 0xe0000020		// code, read, write, execute

	.balign 0x1000
code:
	mov	x19, x1			// the system table (4.3)
	ldr	x20, [x19, #88]		// runtime services (4.5)
	adr	x0, time
	mov	x1, xzr
	ldr	x9, [x20, #24]		// GetTime
	blr	x9
	adr	x21, no_time
	cbnz	x0, tell
	adr	x21, old
	adr	x0, name
	adr	x1, vendor
	adr	x2, attributes
	adr	x3, size
	adr	x4, value
	ldr	x9, [x20, #72]		// GetVariable
	blr	x9
	cbz	x0, tell
	adr	x21, new
	adr	x0, name
	adr	x1, vendor
	mov	x2, #7			// kept, and for boot and run time
	mov	x3, #1
	adr	x4, value
	ldr	x9, [x20, #88]		// SetVariable
	blr	x9
	cbz	x0, tell
	adr	x21, no_flash
tell:
	ldr	x0, [x19, #64]		// the console (12.4)
	mov	x1, x21
	ldr	x9, [x0, #8]		// OutputString
	blr	x9
	mov	x0, #2			// off
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	ldr	x9, [x20, #104]		// ResetSystem
	blr	x9

	.balign 8
time:	.zero 16
vendor:	.quad 0x11d293ca11111111, 0x8c2b0398e0000daa
size:	.quad 8
value:	.quad 1
attributes: .long 0
name:	.string16 "Mynah"
no_time: .string16 "[no time]\r\n"
no_flash: .string16 "[no flash]\r\n"
old:	.string16 "[the variable is here]\r\n"
new:	.string16 "[the variable is new]\r\n"
	.balign 0x200
end:
