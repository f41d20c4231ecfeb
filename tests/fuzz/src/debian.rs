//! The parsers of what a Debian mirror sends, which are private to the `mynah`
//! library.

#[path = "../../../src/debian/deb.rs"]
pub mod deb;
#[path = "../../../src/debian/hash.rs"]
pub mod hash;
#[path = "../../../src/debian/index.rs"]
pub mod index;
#[path = "../../../src/debian/module.rs"]
pub mod module;
#[path = "../../../src/debian/release.rs"]
pub mod release;
#[path = "../../../src/debian/stanza.rs"]
pub mod stanza;
