//! A compiled unit before it has a place: its code, and where in it addresses
//! and numbers are wanted that only the running program knows.

use crate::lane_functions::LaneFunction;

/// What a unit refers to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    /// The link of the block at this address in the unit, in its mode.
    Link(u64),
    /// [`crate::callback::helper_address`].
    Helper,
    /// The way to it from cold blocks.
    RareHelper,
    /// The way to [`crate::callback::refill_address`] from cold blocks.
    RareRefill,
    /// A function on vectors.
    Lanes(LaneFunction),
    /// The address of the unit's [`crate::checks::Validity`].
    Check,
    /// The status that asks the engine to look at them; no address, but as
    /// unknown before.
    CheckStatus,
}

/// Eight bytes of code that are filled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Relocation {
    /// Where in the code they are.
    pub(crate) offset: u32,
    pub(crate) what: Wanted,
}

/// Code that runs at any address, once its relocations are filled in.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct UnitCode {
    pub(crate) bytes: Vec<u8>,
    pub(crate) relocations: Vec<Relocation>,
    /// How far behind its start there is a copy without accesses to windows. 0 if
    /// it has none.
    pub(crate) shadow: u32,
}

impl UnitCode {
    /// Fills in what it refers to. `None` if something has no address, or its
    /// place is not in the code.
    pub(crate) fn resolve(mut self, mut address: impl FnMut(Wanted) -> Option<u64>) -> Option<Vec<u8>> {
        for relocation in &self.relocations {
            let at = relocation.offset as usize;
            let word = self.bytes.get_mut(at..)?.get_mut(..8)?;
            word.copy_from_slice(&address(relocation.what)?.to_ne_bytes());
        }
        Some(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_filled_in_where_they_are_wanted() {
        let relocations = vec![
            Relocation { offset: 1, what: Wanted::Helper },
            Relocation { offset: 9, what: Wanted::Link(0x8000) },
        ];
        let code = UnitCode { bytes: vec![0x90; 18], relocations, shadow: 0 };
        let address = |what| if what == Wanted::Helper { 0x1111 } else { 0x2222 };
        let bytes = code.clone().resolve(|what| Some(address(what))).expect("both have one");
        assert_eq!((bytes[0], bytes[17]), (0x90, 0x90));
        assert_eq!(bytes[1..9], 0x1111_u64.to_ne_bytes());
        assert_eq!(bytes[9..17], 0x2222_u64.to_ne_bytes());
        assert_eq!(code.clone().resolve(|what| (what == Wanted::Helper).then_some(1)), None);
        let outside = UnitCode { bytes: vec![0; 16], ..code };
        assert_eq!(outside.resolve(|_| Some(0)), None, "it ends one byte too early");
    }
}
