//! Names and values of a case's lists.

use guest::testing::case::{memory, number};
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
pub fn item(name: &str, value: &str) -> Result<(Place, u128), String> {
    Ok((place(name)?, number(value)?))
}

fn place(name: &str) -> Result<Place, String> {
    if let Some((at, bytes)) = memory(name)? {
        return Ok(Place::Memory { at, bytes });
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

#[cfg(test)]
mod tests {
    use super::*;
    use guest::testing::case::list;

    #[test]
    fn names_are_registers_slots_flags_and_memory() {
        let item = |text| list(text, item).map(|items| items[0]);
        assert_eq!(item("x3=-1"), Ok((Place::Slot(state::x(3)), u64::MAX.into())));
        assert_eq!(item("sp=0xffff_0000"), Ok((Place::Slot(state::SP), 0xffff_0000)));
        assert_eq!(item("nzcv=6"), Ok((Place::Nzcv, 6)));
        assert_eq!(item("h[0x2000]=1"), Ok((Place::Memory { at: 0x2000, bytes: 2 }, 1)));
        for wrong in ["y0=0", "q[0]=1", "b[0=1", "x0", "x0=", "x0=0x"] {
            assert!(item(wrong).is_err(), "{wrong}");
        }
    }
}
