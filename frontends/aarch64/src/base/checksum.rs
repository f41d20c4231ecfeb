//! Cyclic redundancy checks.
//!
//! Source: Arm ARM, C4.1.95, table "Data-processing (2 source)"; C6.2.103 and
//! C6.2.104.

use guest::{Env, Fault, Helper, Row, row};
use ir::{Effects, HelperDecl, HelperId, SlotSet};

use crate::lift::LiftFn;
use crate::{Lift, Op, helpers};

/// FEAT_CRC32. Letters: `z` sz, `m` Rm, `n` Rn, `d` Rd.
#[rustfmt::skip]
pub const CRC32: &[Row<LiftFn>] = &[
    row("crc32b",  "0 0 0 11010110 mmmmm 010 0 00 nnnnn ddddd", crc32 as LiftFn),
    row("crc32h",  "0 0 0 11010110 mmmmm 010 0 01 nnnnn ddddd", crc32),
    row("crc32w",  "0 0 0 11010110 mmmmm 010 0 10 nnnnn ddddd", crc32),
    row("crc32x",  "1 0 0 11010110 mmmmm 010 0 11 nnnnn ddddd", crc32),
    row("crc32cb", "0 0 0 11010110 mmmmm 010 1 00 nnnnn ddddd", crc32),
    row("crc32ch", "0 0 0 11010110 mmmmm 010 1 01 nnnnn ddddd", crc32),
    row("crc32cw", "0 0 0 11010110 mmmmm 010 1 10 nnnnn ddddd", crc32),
    row("crc32cx", "1 0 0 11010110 mmmmm 010 1 11 nnnnn ddddd", crc32),
];

/// The polynomial of Ethernet, bits reversed.
const IEEE: u32 = 0xedb8_8320;
/// Castagnoli's polynomial, bits reversed.
const CASTAGNOLI: u32 = 0x82f6_3b78;

const CHECKSUM: HelperId = helpers::id("crc32");

/// Helpers of these instructions.
pub const HELPERS: &[Helper] = &[Helper {
    decl: HelperDecl {
        name: "crc32",
        args: 4,
        returns: true,
        reads: SlotSet::NONE,
        writes: SlotSet::NONE,
        effects: Effects::empty(),
        inline: &[],
    },
    run: checksum,
}];

/// The remainders of single bytes.
const fn table(polynomial: u32) -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut rest = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            rest = if rest & 1 != 0 { rest >> 1 ^ polynomial } else { rest >> 1 };
            bit += 1;
        }
        table[byte] = rest;
        byte += 1;
    }
    table
}

static IEEE_TABLE: [u32; 256] = table(IEEE);
static CASTAGNOLI_TABLE: [u32; 256] = table(CASTAGNOLI);

/// The checksum `sum` goes on over the low `bytes` bytes of `value`.
fn checksum(_: &mut Env<'_>, [sum, value, bytes, castagnoli]: [u64; 4]) -> Result<u64, Fault> {
    let table = if castagnoli != 0 { &CASTAGNOLI_TABLE } else { &IEEE_TABLE };
    let data = value.to_le_bytes();
    let step = |sum: u32, byte: &u8| sum >> 8 ^ table[(sum as u8 ^ byte) as usize];
    Ok(data.iter().take(bytes as usize).fold(sum as u32, step).into())
}

/// C6.2.103, C6.2.104: Wd = the checksum Wn carried on over Rm.
fn crc32(l: &mut Lift, op: Op) {
    let sum = l.reg(ir::Type::I32, op.rn());
    let sum = l.b.uextend(ir::Type::I64, sum);
    let value = l.x(op.rm());
    let (bytes, castagnoli) = (l.i64(1 << op.bits(11, 10)), l.i64(op.bit(12).into()));
    let result = l.call(CHECKSUM, &[sum, value, bytes, castagnoli]);
    l.set_reg(op.rd(), result);
}
