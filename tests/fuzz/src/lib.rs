//! What the fuzz targets share: a tape of choices, the surroundings of a chip
//! and of a hart, and those parsers of the `mynah` package that are its own
//! business and so are mounted here by path.

pub mod chips;
pub mod cli;
pub mod debian;
pub mod hart;
pub mod machine;
#[path = "../../../devices/tests/conformance/rig.rs"]
pub mod rig;
pub mod script;

pub use script::Script;
