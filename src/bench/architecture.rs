//! The guests' architectures, and what is each one's own: how both emulators
//! are told of its machine, its compiler, its programs.

use super::group::Group;
use super::sources::{self, Source};
use super::work::{Contest, Kind, Work};
use crate::debian::Arch;

/// What is one architecture's own.
#[derive(Debug)]
pub struct Architecture {
    /// Which it is, by Debian's name.
    pub arch: Arch,
    /// The value of Mynah's `--machine`.
    pub machine: &'static str,
    /// The other side.
    pub qemu: Qemu,
    /// What compiles the programs of `benches/guest`.
    pub compiler: Compiler,
    /// Its files of `benches/guest`.
    pub sources: &'static [Source],
    /// The option, without its dashes, that starts a program on the bare machine
    /// under both.
    pub bare_option: &'static str,
    /// Linux's name for the serial port.
    pub console: &'static str,
    /// The file of Debian's kernel in a folder of guests.
    pub kernel: &'static str,
    /// Programs that no other architecture has.
    pub own: &'static [Work],
}

/// QEMU for an architecture.
#[derive(Clone, Copy, Debug)]
pub struct Qemu {
    /// The program.
    pub program: &'static str,
    /// The value of `-cpu`; the machine is always `virt`.
    pub cpu: &'static str,
    /// What to install of Debian where it is missing.
    pub package: &'static str,
}

/// GCC for an architecture.
#[derive(Clone, Copy, Debug)]
pub struct Compiler {
    /// The program.
    pub program: &'static str,
    /// What selects the instructions to use.
    pub flags: &'static [&'static str],
    /// What to install of Debian where it is missing.
    pub package: &'static str,
}

const RISCV64: Architecture = Architecture {
    arch: Arch::Riscv64,
    machine: "riscv-virt",
    qemu: Qemu {
        program: "qemu-system-riscv64",
        cpu: "rv64",
        package: "qemu-system-riscv (or qemu-system-misc)",
    },
    compiler: Compiler {
        program: "riscv64-linux-gnu-gcc",
        flags: &["-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany"],
        package: "gcc-riscv64-linux-gnu",
    },
    sources: sources::RISCV64,
    bare_option: "bios",
    console: "ttyS0",
    kernel: "vmlinux",
    own: &[],
};

const ARM64: Architecture = Architecture {
    arch: Arch::Arm64,
    machine: "arm-virt,cpu=cortex-a57",
    qemu: Qemu { program: "qemu-system-aarch64", cpu: "cortex-a57", package: "qemu-system-arm" },
    compiler: Compiler {
        program: "aarch64-linux-gnu-gcc",
        // Calls of libgcc for atomics would choose at run time; there is none.
        flags: &["-march=armv8-a", "-mno-outline-atomics"],
        package: "gcc-aarch64-linux-gnu",
    },
    sources: sources::ARM64,
    bare_option: "kernel",
    console: "ttyAMA0",
    kernel: "vmlinuz",
    own: VECTORS,
};

/// All that can be chosen.
const ALL: [&Architecture; 2] = [&RISCV64, &ARM64];

/// A program of `arm64/vectors.c`, by its name, its function and the number of
/// operations.
const fn vector(name: &'static str, function: &'static str, repeat: u64) -> Work {
    let kind = Kind::Program { source: "vectors.c", function, repeat };
    Work { group: Group::Vectors, name, kind, contest: Contest::Qemu }
}

/// Floating point and Advanced SIMD. Each takes QEMU about a second.
const VECTORS: &[Work] = &[
    vector("saxpy", "saxpy", 180_000_000),
    vector("daxpy", "daxpy", 130_000_000),
    vector("product of matrices", "matrices", 180_000_000),
    vector("n-body, scalar double", "bodies", 1_200_000),
    vector("mandelbrot, scalar double", "mandelbrot", 36_000_000),
    vector("filter, scalar float", "filter", 32_000_000),
    vector("conversions", "conversions", 45_000_000),
    vector("compare and select", "selects", 27_000_000),
    vector("dot product of bytes", "dot_product", 2_000_000_000),
    vector("blend of pixels", "blend", 350_000_000),
    vector("grey of pixels", "grey", 240_000_000),
    vector("saturating samples", "saturation", 160_000_000),
    vector("find a byte", "find_byte", 900_000_000),
    vector("table lookup", "table_lookup", 420_000_000),
    vector("count of ones", "count_ones", 480_000_000),
    vector("sort by min and max", "sort", 200_000_000),
    vector("AES round, four blocks", "aes", 60_000_000),
    vector("SHA-256, four rounds", "sha256", 45_000_000),
];

impl Architecture {
    /// Its name, for people and folders.
    pub fn name(&self) -> &'static str {
        self.arch.name()
    }

    /// The one called `name`.
    ///
    /// # Errors
    /// There is none: those that there are.
    pub fn by_name(name: &str) -> Result<&'static Architecture, String> {
        let names = ALL.map(Architecture::name).join(" or ");
        ALL.into_iter().find(|known| known.name() == name).ok_or_else(|| format!("choose {names}"))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// One whose tools nobody has.
    pub static WITHOUT_TOOLS: Architecture = Architecture {
        qemu: Qemu { program: "no-such-qemu", ..RISCV64.qemu },
        compiler: Compiler { program: "no-such-gcc", ..RISCV64.compiler },
        ..RISCV64
    };

    #[test]
    fn architectures_are_found_by_debians_names() {
        for known in ALL {
            assert_eq!(Architecture::by_name(known.name()).unwrap().machine, known.machine);
        }
        assert_eq!(Architecture::by_name("amd64").unwrap_err(), "choose riscv64 or arm64");
    }
}
