//! The helpers of this front end, in one list that gives each its number.

use guest::{Helper, HelperLists};
use ir::{HelperDecl, HelperId};

/// The lists of all modules that have helpers, in the order of their numbers.
const LISTS: HelperLists = HelperLists(&[
    crate::system::INSTRUCTIONS,
    crate::system::MAINTENANCE,
    crate::system::DEBUG,
    crate::base::barrier::HELPERS,
    crate::base::checksum::HELPERS,
    crate::base::pointer::code::HELPERS,
    crate::fp::ARITHMETIC,
    crate::fp::CONVERSIONS,
    crate::simd::LANES,
]);

/// All helpers; a helper's place is its [`HelperId`].
pub static HELPERS: &[Helper] = &LISTS.concatenated::<{ LISTS.count() }>();

/// The declarations of [`HELPERS`], for an [`ir::Spec`].
pub fn declarations() -> Vec<HelperDecl> {
    HELPERS.iter().map(|helper| helper.decl).collect()
}

/// The number of the helper called `name`. Meant for `const` items, so that a
/// name that does not exist fails to compile.
///
/// # Panics
/// If there is none.
pub const fn id(name: &str) -> HelperId {
    LISTS.id(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_to_their_place() {
        for (index, helper) in HELPERS.iter().enumerate() {
            assert_eq!(id(helper.decl.name), HelperId(index as u16), "{}", helper.decl.name);
        }
    }
}
