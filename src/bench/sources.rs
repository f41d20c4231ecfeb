//! The sources of the guests' programs, which are part of this program: those
//! in `benches/guest`, and in a folder for each architecture.

/// A name and a text.
pub type Source = (&'static str, &'static str);

macro_rules! sources {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../benches/guest/", $folder, $name)))),+]
    };
}

/// For every architecture.
pub const SHARED: &[Source] = sources![
    "": "bare.h", "harts.c", "init.c", "jit.js", "jit.sh", "kernels.h", "system.h", "weak.c", "work.c"
];

/// For RISC-V alone.
pub const RISCV64: &[Source] = sources!["riscv64/": "board.h", "link.ld", "start.S", "syscall.h"];

/// For Arm alone.
pub const ARM64: &[Source] = sources!["arm64/": "board.h", "link.ld", "start.S", "syscall.h", "vectors.c"];
