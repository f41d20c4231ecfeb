//! What tests of front ends and of engines share.

mod reference;

pub use reference::Reference;
