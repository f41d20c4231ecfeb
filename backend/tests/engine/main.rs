//! The engine and its tiers, on a guest made for the purpose.

mod atomics;
mod code_writes;
mod differential;
mod engines;
mod garbage;
mod library;
mod limits;
mod pages;
mod program;
mod reference;
mod scene;
mod spaces;
mod stops;
mod test_guest;
mod vectors;
mod windows;
mod world;
