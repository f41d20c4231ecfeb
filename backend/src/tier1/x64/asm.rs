//! The x86-64 instructions that tier 1 emits, a method each, over Cranelift's
//! assembler; and jumps between labels of one piece of code.
//!
//! Operand order is Intel's: destination first.

use cranelift_assembler_x64::{
    Amode, AmodeOffset, AmodeOffsetPlusKnownOffset, Fixed, GprMem, NonRspGpr, Scale, TrapCode, inst,
};
use std::num::NonZeroU8;

/// A general-purpose register by its hardware number.
pub(super) type Reg = u8;

pub(super) const RAX: Reg = 0;
pub(super) const RCX: Reg = 1;
pub(super) const RDX: Reg = 2;
pub(super) const RBX: Reg = 3;
pub(super) const RSI: Reg = 6;
pub(super) const RDI: Reg = 7;
pub(super) const R8: Reg = 8;
pub(super) const R9: Reg = 9;
pub(super) const R10: Reg = 10;
pub(super) const R11: Reg = 11;
pub(super) const R12: Reg = 12;
pub(super) const R13: Reg = 13;
pub(super) const R14: Reg = 14;
pub(super) const R15: Reg = 15;

/// Registers are plain numbers to the assembler.
struct Plain;

impl cranelift_assembler_x64::Registers for Plain {
    type ReadGpr = u8;
    type ReadWriteGpr = u8;
    type WriteGpr = u8;
    type ReadXmm = u8;
    type ReadWriteXmm = u8;
    type WriteXmm = u8;
}

/// A place in memory.
pub(super) type Mem = Amode<u8>;

/// The memory at `base + displacement`.
pub(super) fn mem(base: Reg, displacement: i32) -> Mem {
    let simm32 = AmodeOffsetPlusKnownOffset { simm32: AmodeOffset::new(displacement), offset: None };
    Amode::ImmReg { base, simm32, trap: None }
}

/// The memory at `base + index + displacement`.
pub(super) fn mem_indexed(base: Reg, index: Reg, displacement: i32) -> Mem {
    let (index, simm32) = (NonRspGpr::new(index), AmodeOffset::new(displacement));
    Amode::ImmRegRegShift { base, index, scale: Scale::One, simm32, trap: None }
}

/// A place in the code that jumps refer to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Label(usize);

/// Conditions of jumps and settings, after a comparison of the first operand
/// with the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cond {
    Equal,
    NotEqual,
    Less,
    GreaterOrEqual,
    Below,
    AboveOrEqual,
    Negative,
    Overflow,
}

/// Where a 32-bit displacement has to be filled in, and what it leads to.
struct Fixup {
    at: usize,
    to: Label,
}

/// Code that is being written, to run at `base`.
pub(super) struct Asm {
    pub(super) code: Vec<u8>,
    base: u64,
    labels: Vec<usize>,
    fixups: Vec<Fixup>,
}

/// Methods for instructions with two operands.
macro_rules! binary {
    ($($method:ident $inst:ident ($($a:ty, $b:ty),*);)*) => {
        impl Asm {
            $(pub(super) fn $method(&mut self, $(a: $a, b: $b),*) {
                inst::$inst::<Plain>::new(a, b).encode(&mut self.code);
            })*
        }
    };
}

binary! {
    mov movq_rm (Reg, Reg);
    mov32 movl_rm (Reg, Reg);
    load movq_rm (Reg, Mem);
    load32 movl_rm (Reg, Mem);
    load_u8 movzbl_rm (Reg, Mem);
    load_u16 movzwl_rm (Reg, Mem);
    load_s8 movsbq_rm (Reg, Mem);
    load_s16 movswq_rm (Reg, Mem);
    load_s32 movslq_rm (Reg, Mem);
    store movq_mr (Mem, Reg);
    store32 movl_mr (Mem, Reg);
    store16 movw_mr (Mem, Reg);
    store8 movb_mr (Mem, Reg);
    lea leaq_rm (Reg, Mem);
    add addq_rm (Reg, Reg);
    sub subq_rm (Reg, Reg);
    and andq_rm (Reg, Reg);
    or orq_rm (Reg, Reg);
    xor xorq_rm (Reg, Reg);
    imul imulq_rm (Reg, Reg);
    add32 addl_rm (Reg, Reg);
    sub32 subl_rm (Reg, Reg);
    xor32 xorl_rm (Reg, Reg);
    imul32 imull_rm (Reg, Reg);
    add_imm addq_mi_sxl (Reg, i32);
    sub_imm subq_mi_sxl (Reg, i32);
    sub32_mem_imm8 subl_mi_sxb (Mem, i8);
    and_imm andq_mi_sxl (Reg, i32);
    or_imm orq_mi_sxl (Reg, i32);
    xor_imm xorq_mi_sxl (Reg, i32);
    and32_imm andl_mi (Reg, i32);
    add32_imm addl_mi (Reg, i32);
    shl_imm shlq_mi (Reg, u8);
    shr_imm shrq_mi (Reg, u8);
    sar_imm sarq_mi (Reg, u8);
    shl32_imm shll_mi (Reg, u8);
    shr32_imm shrl_mi (Reg, u8);
    sar32_imm sarl_mi (Reg, u8);
    sext8 movsbq_rm (Reg, Reg);
    sext16 movswq_rm (Reg, Reg);
    sext32 movslq_rm (Reg, Reg);
    zext8 movzbl_rm (Reg, Reg);
    cmp cmpq_rm (Reg, Reg);
    cmp32 cmpl_rm (Reg, Reg);
    cmp_mem cmpq_rm (Reg, Mem);
    cmp_imm cmpq_mi (Reg, i32);
    test testq_mr (Reg, Reg);
    test8 testb_mr (Reg, Reg);
    cmov_not_equal cmovneq_rm (Reg, Reg);
    cmov_equal cmoveq_rm (Reg, Reg);
    bit_scan_reverse bsrq_rm (Reg, Reg);
    bit_scan_forward bsfq_rm (Reg, Reg);
    mov32_imm movl_oi (Reg, u32);
    movabs movabsq_oi (Reg, u64);
    mov_imm_sext movq_mi_sxl (Reg, i32);
}

// Vector registers have numbers of their own.
binary! {
    load_vector movdqu_a (Reg, Mem);
    store_vector movdqu_b (Mem, Reg);
    vector_from movq_a (Reg, Reg);
    join_low_words punpcklqdq_a (Reg, Reg);
    vector_and pand_a (Reg, Reg);
    vector_not_and pandn_a (Reg, Reg);
    vector_or por_a (Reg, Reg);
    vector_xor pxor_a (Reg, Reg);
    add_lanes8 paddb_a (Reg, Reg);
    add_lanes16 paddw_a (Reg, Reg);
    add_lanes32 paddd_a (Reg, Reg);
    add_lanes64 paddq_a (Reg, Reg);
    sub_lanes8 psubb_a (Reg, Reg);
    sub_lanes16 psubw_a (Reg, Reg);
    sub_lanes32 psubd_a (Reg, Reg);
    sub_lanes64 psubq_a (Reg, Reg);
    mul_lanes16 pmullw_a (Reg, Reg);
    umin8 pminub_a (Reg, Reg);
    umax8 pmaxub_a (Reg, Reg);
    smin16 pminsw_a (Reg, Reg);
    smax16 pmaxsw_a (Reg, Reg);
    uadd_sat8 paddusb_a (Reg, Reg);
    uadd_sat16 paddusw_a (Reg, Reg);
    sadd_sat8 paddsb_a (Reg, Reg);
    sadd_sat16 paddsw_a (Reg, Reg);
    usub_sat8 psubusb_a (Reg, Reg);
    usub_sat16 psubusw_a (Reg, Reg);
    ssub_sat8 psubsb_a (Reg, Reg);
    ssub_sat16 psubsw_a (Reg, Reg);
    average8 pavgb_a (Reg, Reg);
    average16 pavgw_a (Reg, Reg);
    snarrow16 packsswb_a (Reg, Reg);
    snarrow32 packssdw_a (Reg, Reg);
    unarrow16 packuswb_a (Reg, Reg);
    equal8 pcmpeqb_a (Reg, Reg);
    equal16 pcmpeqw_a (Reg, Reg);
    equal32 pcmpeqd_a (Reg, Reg);
    greater8 pcmpgtb_a (Reg, Reg);
    greater16 pcmpgtw_a (Reg, Reg);
    greater32 pcmpgtd_a (Reg, Reg);
    unpack_low8 punpcklbw_a (Reg, Reg);
    unpack_low16 punpcklwd_a (Reg, Reg);
    unpack_low32 punpckldq_a (Reg, Reg);
    unpack_high8 punpckhbw_a (Reg, Reg);
    unpack_high16 punpckhwd_a (Reg, Reg);
    unpack_high32 punpckhdq_a (Reg, Reg);
}

impl Asm {
    /// Empty code that will run at `base`.
    pub(super) fn new(base: u64) -> Asm {
        Asm { code: Vec::with_capacity(1024), base, labels: Vec::new(), fixups: Vec::new() }
    }

    /// A label to be placed later.
    pub(super) fn label(&mut self) -> Label {
        self.labels.push(usize::MAX);
        Label(self.labels.len() - 1)
    }

    /// Places a label here.
    pub(super) fn bind(&mut self, label: Label) {
        self.labels[label.0] = self.code.len();
    }

    /// A label placed here.
    pub(super) fn here(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    /// Loads a constant in the shortest way.
    pub(super) fn constant(&mut self, d: Reg, value: u64) {
        if value == 0 {
            self.xor32(d, d);
        } else if let Ok(low) = u32::try_from(value) {
            self.mov32_imm(d, low);
        } else if let Ok(low) = i32::try_from(value as i64) {
            self.mov_imm_sext(d, low);
        } else {
            self.movabs(d, value);
        }
    }

    pub(super) fn shl_cl(&mut self, d: Reg) {
        inst::shlq_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn shr_cl(&mut self, d: Reg) {
        inst::shrq_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn sar_cl(&mut self, d: Reg) {
        inst::sarq_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn shl32_cl(&mut self, d: Reg) {
        inst::shll_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn shr32_cl(&mut self, d: Reg) {
        inst::shrl_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn sar32_cl(&mut self, d: Reg) {
        inst::sarl_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn rol_cl(&mut self, d: Reg) {
        inst::rolq_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn ror_cl(&mut self, d: Reg) {
        inst::rorq_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn rol32_cl(&mut self, d: Reg) {
        inst::roll_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn ror32_cl(&mut self, d: Reg) {
        inst::rorl_mc::<Plain>::new(d, Fixed(RCX)).encode(&mut self.code);
    }

    pub(super) fn neg(&mut self, d: Reg) {
        inst::negq_m::<Plain>::new(d).encode(&mut self.code);
    }

    pub(super) fn neg32(&mut self, d: Reg) {
        inst::negl_m::<Plain>::new(d).encode(&mut self.code);
    }

    pub(super) fn not(&mut self, d: Reg) {
        inst::notq_m::<Plain>::new(d).encode(&mut self.code);
    }

    pub(super) fn not32(&mut self, d: Reg) {
        inst::notl_m::<Plain>::new(d).encode(&mut self.code);
    }

    pub(super) fn bswap(&mut self, d: Reg) {
        inst::bswapq_o::<Plain>::new(d).encode(&mut self.code);
    }

    pub(super) fn bswap32(&mut self, d: Reg) {
        inst::bswapl_o::<Plain>::new(d).encode(&mut self.code);
    }

    /// `RDX` and `RAX` are the product of `RAX` and `a`.
    pub(super) fn umul_wide(&mut self, a: Reg) {
        inst::mulq_m::<Plain>::new(Fixed(RAX), Fixed(RDX), a).encode(&mut self.code);
    }

    /// `RAX` is the quotient of `RDX` and `RAX` by `a`, `RDX` the rest.
    pub(super) fn udiv_wide(&mut self, a: Reg) {
        let trap = TrapCode(NonZeroU8::MIN);
        inst::divq_m::<Plain>::new(Fixed(RAX), Fixed(RDX), a, trap).encode(&mut self.code);
    }

    /// Sets `d` to 1 or 0, all 64 bits of it. Flags survive.
    pub(super) fn set(&mut self, cond: Cond, d: Reg) {
        self.set_byte(cond, d);
        self.zext8(d, d);
    }

    /// Sets a byte to 1 or 0. Flags survive.
    pub(super) fn set_byte(&mut self, cond: Cond, d: impl Into<GprMem<u8, u8>>) {
        let (code, d) = (&mut self.code, d.into());
        match cond {
            Cond::Equal => inst::sete_m::<Plain>::new(d).encode(code),
            Cond::NotEqual => inst::setne_m::<Plain>::new(d).encode(code),
            Cond::Less => inst::setl_m::<Plain>::new(d).encode(code),
            Cond::GreaterOrEqual => inst::setge_m::<Plain>::new(d).encode(code),
            Cond::Below => inst::setb_m::<Plain>::new(d).encode(code),
            Cond::AboveOrEqual => inst::setae_m::<Plain>::new(d).encode(code),
            Cond::Negative => inst::sets_m::<Plain>::new(d).encode(code),
            Cond::Overflow => inst::seto_m::<Plain>::new(d).encode(code),
        }
    }

    pub(super) fn push(&mut self, r: Reg) {
        inst::pushq_o::<Plain>::new(r).encode(&mut self.code);
    }

    pub(super) fn pop(&mut self, r: Reg) {
        inst::popq_o::<Plain>::new(r).encode(&mut self.code);
    }

    pub(super) fn ret(&mut self) {
        inst::retq_zo::new().encode(&mut self.code);
    }

    pub(super) fn call_reg(&mut self, r: Reg) {
        inst::callq_m::<Plain>::new(r).encode(&mut self.code);
    }

    pub(super) fn jump_mem(&mut self, m: Mem) {
        inst::jmpq_m::<Plain>::new(m).encode(&mut self.code);
    }

    /// Calls code at a fixed address of the same arena.
    pub(super) fn call_to(&mut self, target: u64) {
        let displacement = self.displacement(target, 5);
        inst::callq_d::new(displacement).encode(&mut self.code);
    }

    /// Jumps to code at a fixed address of the same arena.
    pub(super) fn jump_to(&mut self, target: u64) {
        let displacement = self.displacement(target, 5);
        inst::jmp_d32::new(displacement).encode(&mut self.code);
    }

    /// From behind an instruction of `len` bytes that starts here to `target`.
    fn displacement(&self, target: u64, len: u64) -> i32 {
        let next = self.base + self.code.len() as u64 + len;
        i32::try_from(target.wrapping_sub(next) as i64).expect("an arena is smaller than 2 GiB")
    }

    /// Jumps to a label.
    pub(super) fn jump(&mut self, to: Label) {
        inst::jmp_d32::new(0).encode(&mut self.code);
        self.fix_last(to);
    }

    /// Jumps to a label if a condition holds.
    pub(super) fn jump_if(&mut self, cond: Cond, to: Label) {
        let code = &mut self.code;
        match cond {
            Cond::Equal => inst::je_d32::new(0).encode(code),
            Cond::NotEqual => inst::jne_d32::new(0).encode(code),
            Cond::Less => inst::jl_d32::new(0).encode(code),
            Cond::GreaterOrEqual => inst::jge_d32::new(0).encode(code),
            Cond::Below => inst::jb_d32::new(0).encode(code),
            Cond::AboveOrEqual => inst::jae_d32::new(0).encode(code),
            Cond::Negative => inst::js_d32::new(0).encode(code),
            Cond::Overflow => inst::jo_d32::new(0).encode(code),
        }
        self.fix_last(to);
    }

    fn fix_last(&mut self, to: Label) {
        self.fixups.push(Fixup { at: self.code.len() - 4, to });
    }

    /// Fills in all jumps.
    pub(super) fn finish(mut self) -> Vec<u8> {
        for fixup in &self.fixups {
            let displacement = self.labels[fixup.to.0] as i64 - (fixup.at as i64 + 4);
            let displacement = i32::try_from(displacement).expect("a piece of code is smaller than 2 GiB");
            self.code[fixup.at..fixup.at + 4].copy_from_slice(&displacement.to_le_bytes());
        }
        self.code
    }
}
