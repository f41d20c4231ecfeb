//! Names and values of a case's lists.

use ir::Slot;

use crate::state::{self, ELR_EL1, ESR_EL1, FAR_EL1};

/// What a case sets or expects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A register or other slot.
    Slot(Slot),
    /// The four flags.
    Nzcv,
    /// So many bytes of memory.
    Memory {
        /// Their address.
        at: u64,
        /// How many.
        bytes: u8,
    },
    /// The syndrome of an exception that is taken.
    Exception,
}

/// One `name=value`.
pub fn item(text: &str) -> Result<(Place, u128), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not name=value"))?;
    Ok((place(name)?, number(value)?))
}

fn place(name: &str) -> Result<Place, String> {
    if let Some((size, rest)) = name.split_once('[') {
        let at = rest.strip_suffix(']').ok_or_else(|| format!("`{name}` lacks its `]`"))?;
        let bytes = match size {
            "b" => 1,
            "h" => 2,
            "w" => 4,
            "d" => 8,
            _ => return Err(format!("`{size}` is no size of memory")),
        };
        return Ok(Place::Memory { at: number(at)? as u64, bytes });
    }
    Ok(match name {
        "esr" => Place::Exception,
        "nzcv" => Place::Nzcv,
        "far" => Place::Slot(FAR_EL1),
        "elr" => Place::Slot(ELR_EL1),
        _ => {
            let slot = state::layout().by_name(name);
            Place::Slot(slot.ok_or_else(|| format!("there is no register `{name}`"))?)
        }
    })
}

/// Where a syndrome goes.
pub const SYNDROME: Slot = ESR_EL1;

/// A number, decimal or hexadecimal, with or without a sign; 64 bits of a
/// negative one.
fn number(text: &str) -> Result<u128, String> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let magnitude = match digits.strip_prefix("0x") {
        Some(hex) => u128::from_str_radix(&hex.replace('_', ""), 16),
        None => digits.parse(),
    };
    let magnitude = magnitude.map_err(|_| format!("`{text}` is no value"))?;
    Ok(if negative { (magnitude as u64).wrapping_neg().into() } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_registers_slots_flags_and_memory() {
        assert_eq!(item("x3=-1"), Ok((Place::Slot(state::x(3)), u64::MAX.into())));
        assert_eq!(item("sp=0xffff_0000"), Ok((Place::Slot(state::SP), 0xffff_0000)));
        assert_eq!(item("nzcv=6"), Ok((Place::Nzcv, 6)));
        assert_eq!(item("h[0x2000]=1"), Ok((Place::Memory { at: 0x2000, bytes: 2 }, 1)));
        for wrong in ["y0=0", "q[0]=1", "b[0=1", "x0", "x0=", "x0=0x"] {
            assert!(item(wrong).is_err(), "{wrong}");
        }
    }
}
