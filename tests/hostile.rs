//! Bad input, in the fast and repeatable form: files that are not what they
//! should be, and guests that mean no good, on the full machine and on both
//! engines. What a fuzzer has to look for is in `tests/fuzz`.

#[path = "hostile/code.rs"]
mod code;
#[path = "hostile/disks.rs"]
mod disks;
#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/firmware.rs"]
mod firmware;
#[path = "hostile/guest.rs"]
mod guest;
#[path = "hostile/host.rs"]
mod host;
#[path = "hostile/queues.rs"]
mod queues;
#[path = "hostile/registers.rs"]
mod registers;
