//! Random instructions, made from the decoder's rows: for comparing with other
//! implementations and for feeding the lifter.

use guest::Row;

use crate::c;
use crate::decode::{SETS, decode};

/// What a kind of instruction needs, to choose by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// The extension; `C` for compressed ones.
    pub set: &'static str,
    /// The mnemonic of the row.
    pub name: &'static str,
    /// It has 16 bits.
    pub compressed: bool,
    /// It needs the floating-point unit.
    pub float: bool,
    /// It accesses memory at an address from a register, or is a hint about it.
    pub memory: bool,
    /// It transfers control, traps, or is of the SYSTEM opcode.
    pub control: bool,
    pattern: guest::Pattern,
}

/// Every kind there is, in the order of the tables.
pub fn kinds() -> Vec<Kind> {
    let full = SETS.iter().flat_map(|set| set.rows.iter().map(|row| kind(set.name, set.float, row)));
    full.chain(c::TABLE.iter().map(compressed)).collect()
}

/// The kind of a 32-bit row.
fn kind<F: Copy>(set: &'static str, float: bool, row: &Row<F>) -> Kind {
    let (opcode, funct3) = (row.pattern.value & 0x7f, row.pattern.value >> 12 & 7);
    Kind {
        set,
        name: row.name,
        compressed: false,
        float,
        // LOAD, LOAD-FP, STORE, STORE-FP, AMO, and MISC-MEM's cbo; OP-IMM's
        // prefetches touch nothing.
        memory: matches!(opcode, 0x03 | 0x07 | 0x23 | 0x27 | 0x2f) || opcode == 0x0f && funct3 == 2,
        // BRANCH, JALR, JAL, SYSTEM.
        control: matches!(opcode, 0x63 | 0x67 | 0x6f | 0x73),
        pattern: row.pattern,
    }
}

/// The kind of a compressed row: that of an expansion of it, which exists with
/// all its letters one, with the lowest of each or with none.
fn compressed<F: Copy>(row: &'static Row<F>) -> Kind {
    let letters = !row.pattern.mask & 0xffff;
    let fills = [letters, letters & 0x0ffc, 0];
    let found = fills.iter().find_map(|fill| decode((row.pattern.value | fill) as u32));
    let expansion = found.map(|found| kind("C", found.set.float, found.row));
    Kind {
        set: "C",
        name: row.name,
        compressed: true,
        pattern: row.pattern,
        ..expansion.expect("every compressed row has an expansion")
    }
}

/// A random instruction of a random kind that `accept` takes: the fields are
/// filled by `next`, which gives 64 random bits at a time. Rounding modes are
/// valid ones. `None` if `accept` takes no kind.
pub fn random_instruction(next: &mut dyn FnMut() -> u64, accept: &dyn Fn(&Kind) -> bool) -> Option<u32> {
    let kinds: Vec<Kind> = kinds().into_iter().filter(accept).collect();
    let index = (next() % kinds.len().max(1) as u64) as usize;
    kinds.get(index).map(|kind| kind.instance(next))
}

impl Kind {
    /// A random instruction of this kind.
    pub fn instance(&self, next: &mut dyn FnMut() -> u64) -> u32 {
        loop {
            let word = (self.pattern.value | next() & !self.pattern.mask & self.width_mask()) as u32;
            if self.is(word) {
                return word;
            }
        }
    }

    fn width_mask(&self) -> u64 {
        u64::MAX >> (64 - self.pattern.width)
    }

    /// Whether `word` is of this kind, and not of a special case of it, and
    /// legal.
    fn is(&self, word: u32) -> bool {
        let Some(found) = decode(word) else { return false };
        if self.compressed {
            return c::find(word as u16).is_some_and(|row| row.name == self.name);
        }
        let rounds = found.row.bits.contains("mmm");
        found.row.name == self.name && !(rounds && matches!(found.op.rm(), 5 | 6))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_instances_that_decode_to_it() {
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            seed ^ seed >> 29
        };
        for kind in kinds() {
            for _ in 0..20 {
                let word = kind.instance(&mut next);
                let name = if kind.compressed {
                    c::find(word as u16).unwrap().name
                } else {
                    decode(word).unwrap().row.name
                };
                assert_eq!(name, kind.name, "{word:#x}");
            }
        }
        assert_eq!(random_instruction(&mut next, &|_| false), None);
        let word = random_instruction(&mut next, &|kind| kind.name == "add").unwrap();
        assert_eq!(decode(word).unwrap().row.name, "add");
    }

    #[test]
    fn kinds_say_what_they_need() {
        let of = |name| kinds().into_iter().find(|kind| kind.name == name).unwrap();
        assert!(of("c.fldsp").float && of("c.fldsp").memory && !of("c.fldsp").control);
        assert!(of("c.jr").control && of("beq").control && of("ecall").control);
        assert!(!of("add").memory && !of("add").control && !of("add").float);
        assert!(of("cbo.zero").memory && of("amoadd.d").memory && !of("prefetch.r").memory);
    }
}
