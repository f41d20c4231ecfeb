//! The copy of a unit's code without its accesses to windows, in which it goes on
//! where one of them has failed.

use super::unit::{Relocation, UnitCode};

/// Copies start at multiples of this, as units do.
const ALIGN: usize = 32;
/// The host's instruction that does nothing.
const NOP: u8 = 0x90;

/// Puts behind the code a copy of it that does nothing at these offsets. `None`
/// if one of them is not an access that is known.
pub(super) fn with_shadow(code: UnitCode, accesses: &[u32]) -> Option<UnitCode> {
    let UnitCode { bytes, relocations, .. } = code;
    let mut shadow = bytes.clone();
    for access in accesses {
        let rest = shadow.get_mut(*access as usize..)?;
        let length = access_length(rest)?;
        rest[..length].fill(NOP);
    }
    let mut all = bytes;
    all.resize(all.len().next_multiple_of(ALIGN), NOP);
    let distance = u32::try_from(all.len()).ok()?;
    all.extend(shadow);
    let copies = relocations.iter().map(|r| Relocation { offset: r.offset + distance, what: r.what });
    let relocations = relocations.iter().copied().chain(copies).collect();
    Some(UnitCode { bytes: all, relocations, shadow: distance })
}

/// Bytes of an instruction that reads or writes memory once, and has no other
/// effect than on a register or the flags. `None` for others.
///
/// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2,
/// chapter 2 and appendix A.
fn access_length(code: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut half = false;
    while let 0x66 | 0xf2 | 0xf3 = *code.get(at)? {
        half |= code[at] == 0x66;
        at += 1;
    }
    if let 0x40..=0x4f = *code.get(at)? {
        at += 1;
    }
    let word = if half { 2 } else { 4 };
    let opcode = *code.get(at)?;
    let immediate = match opcode {
        // Moves, and arithmetic between a register and memory.
        0x88..=0x8b | 0x63 | 0x84 | 0x85 => 0,
        0x00..=0x3f if opcode & 7 < 4 => 0,
        0x80 | 0x83 | 0xc6 => 1,
        0x81 | 0xc7 => word,
        0x0f => {
            let map = match *code.get(at + 1)? {
                0x38 => 2,
                0x3a => 3,
                _ => 1,
            };
            at += if map == 1 { 1 } else { 2 };
            vector_or_extending(map, *code.get(at)?)?
        }
        0xc5 => {
            at += 2;
            vector_or_extending(1, *code.get(at)?)?
        }
        0xc4 => {
            let map = *code.get(at + 1)? & 0x1f;
            at += 3;
            vector_or_extending(map, *code.get(at)?)?
        }
        _ => return None,
    };
    let length = at + 1 + operand_length(code.get(at + 1..)?)? + immediate;
    (length <= code.len()).then_some(length)
}

/// Bytes of the immediate behind an opcode that is known, in the maps that `0f`
/// (1), `0f 38` (2) and `0f 3a` (3) lead to.
fn vector_or_extending(map: u8, opcode: u8) -> Option<usize> {
    match (map, opcode) {
        (1, 0xb6 | 0xb7 | 0xbe | 0xbf | 0xaf | 0x10 | 0x11 | 0x28 | 0x29 | 0x6e | 0x7e | 0x6f | 0x7f) => {
            Some(0)
        }
        // Arithmetic, comparisons and packing of vectors.
        (1, 0x51 | 0x54..=0x6d | 0x74..=0x76 | 0xd1..=0xef | 0xf1..=0xfe) => Some(0),
        // Shuffles, comparisons by number, and lanes.
        (1, 0x70 | 0xc2 | 0xc4 | 0xc6) => Some(1),
        // The same kinds as in the first map, and extensions of lanes.
        (2, 0x00..=0x0b | 0x14..=0x15 | 0x17..=0x1a | 0x1c..=0x1e | 0x20..=0x25 | 0x28..=0x2b) => Some(0),
        (2, 0x30..=0x40 | 0x45..=0x47 | 0x58..=0x59 | 0x78..=0x79) => Some(0),
        (3, 0x08..=0x0f | 0x14..=0x17 | 0x20..=0x22 | 0x4a..=0x4c) => Some(1),
        _ => None,
    }
}

/// Bytes that say where in memory an operand is. `None` if it is in a register,
/// or beside the code.
fn operand_length(code: &[u8]) -> Option<usize> {
    let (kind, base) = (code.first()? >> 6, code[0] & 7);
    let scaled = base == 4;
    let base = if scaled { *code.get(1)? & 7 } else { base };
    let distance = match kind {
        0 if base == 5 && !scaled => return None,
        0 if base == 5 => 4,
        0 => 0,
        1 => 1,
        2 => 4,
        _ => return None,
    };
    Some(1 + usize::from(scaled) + distance)
}

#[cfg(test)]
mod tests {
    use super::super::unit::Wanted;
    use super::*;

    /// As an assembler has them.
    #[test]
    fn accesses_have_their_lengths() {
        let cases: &[&[u8]] = &[
            &[0x48, 0x8b, 0x04, 0x1f],                         // mov rax, [rdi+rbx]
            &[0x41, 0x8b, 0x44, 0x3d, 0x08],                   // mov eax, [r13+rdi+8]
            &[0x0f, 0xb6, 0x84, 0x1f, 0x00, 0x10, 0x00, 0x00], // movzx eax, byte [rdi+rbx+0x1000]
            &[0x48, 0x63, 0x07],                               // movsxd rax, [rdi]
            &[0x66, 0x89, 0x04, 0x25, 0, 0, 0, 0],             // mov [0], ax
            &[0x40, 0x88, 0x3c, 0x1e],                         // mov [rsi+rbx], dil
            &[0x48, 0xc7, 0x04, 0x1f, 1, 0, 0, 0],             // mov qword [rdi+rbx], 1
            &[0x66, 0xc7, 0x44, 0x1f, 0x08, 1, 0],             // mov word [rdi+rbx+8], 1
            &[0xc6, 0x04, 0x1f, 1],                            // mov byte [rdi+rbx], 1
            &[0xf2, 0x0f, 0x10, 0x04, 0x1f],                   // movsd xmm0, [rdi+rbx]
            &[0xc5, 0xfb, 0x10, 0x04, 0x1f],                   // vmovsd xmm0, [rdi+rbx]
            &[0xc4, 0xa1, 0x7b, 0x11, 0x44, 0x0f, 0x08],       // vmovsd [rdi+r9+8], xmm0
            &[0x4c, 0x03, 0x24, 0x1f],                         // add r12, [rdi+rbx]
            &[0xf3, 0x0f, 0x6f, 0x04, 0x1f],                   // movdqu xmm0, [rdi+rbx]
            &[0xc5, 0xfa, 0x7f, 0x44, 0x1f, 0x10],             // vmovdqu [rdi+rbx+16], xmm0
            &[0xc5, 0xf1, 0xfe, 0x04, 0x1f],                   // vpaddd xmm0, xmm1, [rdi+rbx]
            &[0xc5, 0xf9, 0x70, 0x04, 0x1f, 0x1b],             // vpshufd xmm0, [rdi+rbx], 0x1b
            &[0xc4, 0xe2, 0x71, 0x00, 0x04, 0x1f],             // vpshufb xmm0, xmm1, [rdi+rbx]
            &[0x66, 0x0f, 0x38, 0x20, 0x04, 0x1f],             // pmovsxbw xmm0, [rdi+rbx]
            &[0x66, 0x0f, 0x3a, 0x22, 0x04, 0x1f, 0x01],       // pinsrd xmm0, [rdi+rbx], 1
        ];
        for case in cases {
            let mut code = case.to_vec();
            code.extend([0xcc; 8]);
            assert_eq!(access_length(&code), Some(case.len()), "{case:x?}");
            assert_eq!(access_length(&case[..case.len() - 1]), None, "{case:x?} is cut");
        }
        // A move between registers, a call, a return.
        for other in [&[0x48, 0x89, 0xc3, 0, 0][..], &[0xff, 0x14, 0x1f, 0, 0], &[0xc3, 0, 0, 0, 0]] {
            assert_eq!(access_length(other), None, "{other:x?}");
        }
    }

    #[test]
    fn the_copy_has_no_access() {
        let bytes = vec![0x90, 0x48, 0x8b, 0x04, 0x1f, 0xc3, 0, 0, 0, 0, 0, 0, 0, 0];
        let relocations = vec![Relocation { offset: 6, what: Wanted::Helper }];
        let code = UnitCode { bytes: bytes.clone(), relocations, shadow: 0 };
        let both = with_shadow(code.clone(), &[1]).expect("it is a load");
        assert_eq!((both.shadow, both.bytes.len()), (32, 32 + bytes.len()));
        assert_eq!(both.bytes[..bytes.len()], bytes);
        assert_eq!(both.bytes[32..38], [0x90, 0x90, 0x90, 0x90, 0x90, 0xc3]);
        assert_eq!(both.relocations.iter().map(|r| r.offset).collect::<Vec<_>>(), [6, 38]);
        assert_eq!(with_shadow(code, &[5]), None);
    }
}
