//! What tests of front ends and of engines share.

pub mod case;
mod reference;

pub use reference::Reference;
