//! The helpers of this front end, in one list that gives each its number.

use guest::Helper;
use ir::{HelperDecl, HelperId};

use crate::decode::same;

/// The lists of all modules that have helpers, in the order of their numbers.
const LISTS: &[&[Helper]] = &[
    crate::system::INSTRUCTIONS,
    crate::system::MAINTENANCE,
    crate::base::barrier::HELPERS,
    crate::base::checksum::HELPERS,
    crate::base::memory::exclusive::HELPERS,
    crate::base::pointer::code::HELPERS,
    crate::fp::ARITHMETIC,
    crate::fp::CONVERSIONS,
    crate::simd::LANES,
    crate::simd::CRYPTO,
];

/// All helpers; a helper's place is its [`HelperId`].
pub static HELPERS: &[Helper] = &CONCATENATED;

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
    let mut base = 0;
    let mut list = 0;
    while list < LISTS.len() {
        let mut i = 0;
        while i < LISTS[list].len() {
            if same(LISTS[list][i].decl.name.as_bytes(), name.as_bytes()) {
                return HelperId((base + i) as u16);
            }
            i += 1;
        }
        base += LISTS[list].len();
        list += 1;
    }
    panic!("no helper has this name")
}

/// How many helpers there are.
const COUNT: usize = {
    let (mut count, mut list) = (0, 0);
    while list < LISTS.len() {
        count += LISTS[list].len();
        list += 1;
    }
    count
};

/// [`LISTS`], one after the other.
const CONCATENATED: [Helper; COUNT] = {
    let mut first = 0;
    while LISTS[first].is_empty() {
        first += 1;
    }
    let mut all = [LISTS[first][0]; COUNT];
    let (mut at, mut list) = (0, 0);
    while list < LISTS.len() {
        let mut i = 0;
        while i < LISTS[list].len() {
            all[at] = LISTS[list][i];
            at += 1;
            i += 1;
        }
        list += 1;
    }
    all
};

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
