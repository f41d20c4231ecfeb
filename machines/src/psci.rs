//! Firmware for Arm kernels started directly: the Power State Coordination
//! Interface, version 1.1 (Arm DEN 0022D), and what the SMC Calling Convention
//! asks of it (Arm DEN 0028E).
//!
//! The machine plays the firmware: a CPU's call comes here, and no guest code
//! runs meanwhile. `w0` is the function, `x1` to `x3` are its arguments, and `x0`
//! is the answer.

use crate::cpu::Activity;
use crate::platform::Surroundings;
use aarch64::state::x;
use devices::power::{Power, PowerRequest};

/// Functions (DEN 0022D, 5.1; DEN 0028E, 7). Those with arguments of 64 bits have
/// bit 30 set besides.
mod function {
    pub const SMCCC_VERSION: u32 = 0x8000_0000;
    pub const SMCCC_ARCH_FEATURES: u32 = 0x8000_0001;
    pub const WORKAROUND_1: u32 = 0x8000_8000;
    pub const WORKAROUND_2: u32 = 0x8000_7fff;
    pub const WORKAROUND_3: u32 = 0x8000_3fff;
    pub const VERSION: u32 = 0x8400_0000;
    pub const CPU_SUSPEND: u32 = 0x8400_0001;
    pub const CPU_OFF: u32 = 0x8400_0002;
    pub const CPU_ON: u32 = 0x8400_0003;
    pub const AFFINITY_INFO: u32 = 0x8400_0004;
    pub const MIGRATE_INFO_TYPE: u32 = 0x8400_0006;
    pub const SYSTEM_OFF: u32 = 0x8400_0008;
    pub const SYSTEM_RESET: u32 = 0x8400_0009;
    pub const FEATURES: u32 = 0x8400_000a;
    /// Says that a function takes arguments of 64 bits.
    pub const WIDE: u32 = 1 << 30;
}

/// Version 1.1 of PSCI, and 1.1 of the calling convention: major in the upper
/// half.
const VERSION: i64 = 1 << 16 | 1;
const SMCCC_VERSION: i64 = 1 << 16 | 1;
/// There is no trusted OS that would have to be moved (5.1.9).
const NOT_REQUIRED: i64 = 2;
/// This CPU needs no such workaround (DEN 0028E, 7.5 and on).
const UNAFFECTED: i64 = 1;
const WORKAROUND_2_NOT_REQUIRED: i64 = -2;

/// Error codes (5.2.2).
mod error {
    pub const NOT_SUPPORTED: i64 = -1;
    pub const INVALID_PARAMETERS: i64 = -2;
    pub const ALREADY_ON: i64 = -4;
    pub const INVALID_ADDRESS: i64 = -9;
}

/// States of a CPU (5.1.5). Nothing takes time here, so it is never pending.
mod affinity_state {
    pub const ON: i64 = 0;
    pub const OFF: i64 = 1;
}

/// The bits of MPIDR_EL1 that name a CPU.
const AFFINITY_MASK: u64 = 0xff_00ff_ffff;

/// Puts CPU `index` into the state in which a kernel finds it at an address,
/// with a value in `x0`.
pub type Enter = Box<dyn Fn(&mut guest::CpuState, u32, u64, u64) + Send>;

/// The firmware.
pub struct Psci {
    power: Power,
    enter: Enter,
}

impl Psci {
    /// Firmware that switches `power`, and CPUs on by `enter`.
    pub fn new(power: Power, enter: Enter) -> Psci {
        Psci { power, enter }
    }

    /// Starts CPU `index` at `entry` with `x0`.
    pub fn start(&self, index: usize, entry: u64, x0: u64, around: &mut Surroundings<'_>) {
        let cpu = &mut around.cpus[index];
        cpu.vcpu.drop_reservation();
        (self.enter)(cpu.vcpu.state_mut(), index as u32, entry, x0);
        cpu.activity = Activity::Running;
    }

    /// Serves the call of CPU `index`, whose pc is already behind it.
    pub fn call(&mut self, index: usize, around: &mut Surroundings<'_>) {
        let cpu = around.cpus[index].vcpu.state();
        let function = cpu.get(x(0)) as u32;
        let wide = function & function::WIDE != 0;
        let argument = |n: u32| if wide { cpu.get(x(n)) } else { cpu.get(x(n)) & 0xffff_ffff };
        let arguments = [1, 2, 3].map(argument);
        if let Some(answer) = self.serve(index, function, arguments, around) {
            around.cpus[index].vcpu.registers_mut().set(x(0), answer as u64);
        }
    }

    /// The answer; `None` if the CPU does not come back.
    fn serve(
        &mut self,
        index: usize,
        function: u32,
        arguments: [u64; 3],
        around: &mut Surroundings<'_>,
    ) -> Option<i64> {
        if !is_supported(function) {
            return Some(error::NOT_SUPPORTED);
        }
        let [first, second, third] = arguments;
        match function & !function::WIDE {
            function::SMCCC_VERSION => Some(SMCCC_VERSION),
            function::SMCCC_ARCH_FEATURES => Some(architecture_feature(first as u32)),
            function::VERSION => Some(VERSION),
            function::MIGRATE_INFO_TYPE => Some(NOT_REQUIRED),
            function::FEATURES => Some(feature(first as u32)),
            function::AFFINITY_INFO => Some(affinity_info(first, second, around)),
            function::CPU_ON => Some(self.cpu_on(first, second, third, around)),
            // A state without power is entered as one with: that is allowed (5.4.2).
            function::CPU_SUSPEND => {
                around.cpus[index].activity = Activity::Idle;
                Some(0)
            }
            function::CPU_OFF => {
                around.cpus[index].activity = Activity::Off;
                None
            }
            function::SYSTEM_OFF => {
                self.power.request(PowerRequest::Off { code: 0 });
                None
            }
            function::SYSTEM_RESET => {
                self.power.request(PowerRequest::Reset);
                None
            }
            // The workarounds, which have nothing to do.
            _ => Some(0),
        }
    }

    fn cpu_on(&self, target: u64, entry: u64, context: u64, around: &mut Surroundings<'_>) -> i64 {
        let Some(index) = cpu_of(target, around) else { return error::INVALID_PARAMETERS };
        if around.cpus[index].activity != Activity::Off {
            return error::ALREADY_ON;
        }
        if around.space.ram_at(entry).is_none() {
            return error::INVALID_ADDRESS;
        }
        self.start(index, entry, context, around);
        0
    }
}

/// Whether there is the function; of some there is one for 64 bits too.
fn is_supported(function: u32) -> bool {
    let narrow = function & !function::WIDE;
    match narrow {
        function::CPU_SUSPEND | function::CPU_ON | function::AFFINITY_INFO => true,
        function::SMCCC_VERSION
        | function::SMCCC_ARCH_FEATURES
        | function::WORKAROUND_1
        | function::WORKAROUND_2
        | function::WORKAROUND_3
        | function::VERSION
        | function::CPU_OFF
        | function::MIGRATE_INFO_TYPE
        | function::SYSTEM_OFF
        | function::SYSTEM_RESET
        | function::FEATURES => narrow == function,
        _ => false,
    }
}

/// PSCI_FEATURES (5.1.14): none of the functions has flags that are set.
fn feature(function: u32) -> i64 {
    if is_supported(function) { 0 } else { error::NOT_SUPPORTED }
}

/// SMCCC_ARCH_FEATURES (DEN 0028E, 7.3).
fn architecture_feature(function: u32) -> i64 {
    match function {
        function::SMCCC_VERSION | function::SMCCC_ARCH_FEATURES => 0,
        function::WORKAROUND_1 | function::WORKAROUND_3 => UNAFFECTED,
        function::WORKAROUND_2 => WORKAROUND_2_NOT_REQUIRED,
        _ => error::NOT_SUPPORTED,
    }
}

/// The CPU that the affinity fields `target` name.
fn cpu_of(target: u64, around: &Surroundings<'_>) -> Option<usize> {
    let affinity =
        |index: &usize| aarch64::system::registers::identity::affinity(*index as u32) & AFFINITY_MASK;
    (0..around.cpus.len()).find(|index| affinity(index) == target)
}

/// AFFINITY_INFO (5.1.5): only CPUs are looked at, no groups of them.
fn affinity_info(target: u64, lowest_level: u64, around: &Surroundings<'_>) -> i64 {
    match cpu_of(target, around).filter(|_| lowest_level == 0) {
        None => error::INVALID_PARAMETERS,
        Some(index) if around.cpus[index].activity == Activity::Off => affinity_state::OFF,
        Some(_) => affinity_state::ON,
    }
}

#[cfg(test)]
mod tests;
