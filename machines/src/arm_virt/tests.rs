//! The device tree against QEMU's, what is in memory at power-on, and programs
//! that use the chips through the whole machine.

use super::*;
use crate::config::{ClockMode, EngineChoice, Image};
use crate::dtb::dts::{compare, flatten, qemu_tree, resolve};
use crate::host::{Capture, Discard};
use crate::run::{HostLoop, Outcome};
use bus::PollFd;
use std::time::Duration;

/// What QEMU has and this board has not, and what is random.
const NOT_BUILT: [&str; 2] = ["/pcie@10000000", "/platform-bus@c000000"];
const MAY_DIFFER: [&str; 3] = ["rng-seed", "kaslr-seed", "phandle"];
/// Properties that begin with a phandle, and the cells of each entry.
const REFERENCES: [(&str, usize); 4] = [("interrupt-parent", 1), ("clocks", 1), ("cpu", 1), ("gpios", 3)];

fn config(machine: &str, program: &[u32]) -> MachineConfig {
    let bytes: Vec<u8> = program.iter().flat_map(|word| word.to_le_bytes()).collect();
    let kernel = Some(Image { name: "program".into(), bytes: bytes.into() });
    MachineConfig {
        kernel,
        engine: EngineChoice::Interp,
        clock: ClockMode::Count,
        ..MachineConfig::new(machine, Box::new(Discard))
    }
}

/// The same tree as QEMU dumped it: one CPU, 512 MiB.
fn check_tree(machine: &str, file: &str, msi: &str) {
    let Some(mut theirs) = qemu_tree(file) else { return };
    let choice = Choice::new(machine).expect("sound");
    let built = new(MachineConfig { memory_bytes: 512 << 20, ..config(machine, &[0]) }).expect("sound");
    let ram = map::RAM..map::RAM + (512 << 20);
    let chosen = crate::chosen::Chosen { bootargs: "", initrd: None, seed: 0 };
    let mut ours = flatten(&fdt::tree(built.board(), choice, 1, &ram, &chosen));
    resolve(&mut ours, &REFERENCES);
    resolve(&mut theirs, &REFERENCES);
    compare(&ours, &theirs, &MAY_DIFFER, &[&[msi], &NOT_BUILT[..]].concat());
}

#[test]
fn the_tree_is_that_of_qemu() {
    check_tree("arm-virt", "arm-virt.dts", "/intc@8000000/v2m@8020000");
    check_tree("arm-virt,gic-version=3", "arm-virt_gic-version_3.dts", "/intc@8000000/its@8080000");
}

/// Nobody types, and nobody waits for long.
struct Alone;

impl HostLoop for Alone {
    fn input(&mut self) -> Vec<u8> {
        Vec::new()
    }
    fn wait(&mut self, _fds: &[PollFd], _timeout: Option<Duration>) {}
    fn stop_requested(&mut self) -> bool {
        false
    }
    fn input_open(&self) -> bool {
        false
    }
}

/// Instructions of the programs below, by their encodings (Arm ARM, C6.2).
mod a64 {
    pub const HVC: u32 = 0xd400_0002;
    pub const SMC: u32 = 0xd400_0003;
    pub const WFI: u32 = 0xd503_207f;
    /// `movz xD, #value, lsl #(16 * part)`, and `movk` for the other parts.
    pub fn mov(d: u32, value: u32) -> [u32; 2] {
        [0xd280_0000 | (value & 0xffff) << 5 | d, 0xf2a0_0000 | (value >> 16) << 5 | d]
    }
    /// `str wT, [xN]`
    pub fn store(t: u32, n: u32) -> u32 {
        0xb900_0000 | n << 5 | t
    }
    /// `ldr wT, [xN]`
    pub fn load(t: u32, n: u32) -> u32 {
        0xb940_0000 | n << 5 | t
    }
    /// `msr`, by op0 to op2 in the place they have there.
    pub fn msr(register: u32, t: u32) -> u32 {
        0xd500_0000 | register | t
    }
}

const CNTV_CVAL_EL0: u32 = 0x1be340;
const CNTV_CTL_EL0: u32 = 0x1be320;
const SYSTEM_OFF: u32 = 0x8400_0008;

/// Runs a program on a machine, with what its serial port has sent.
fn run(machine: &str, program: &[u32]) -> (Outcome, String) {
    let output = Capture::default();
    let config = MachineConfig { serial: Box::new(output.clone()), ..config(machine, program) };
    let outcome = new(config).expect("sound").run(&mut Alone).expect("it ends");
    (outcome, output.text())
}

/// A character to the serial port, and off by the firmware that there is.
#[test]
fn a_program_prints_and_switches_off() {
    for (machine, call) in [
        ("arm-virt", a64::HVC),
        ("arm-virt,cpu=max,gic-version=3", a64::HVC),
        ("arm-virt,virtualization=on", a64::SMC),
    ] {
        let mut program = [a64::mov(1, map::UART.start as u32), a64::mov(2, b'!'.into())].concat();
        program.push(a64::store(2, 1));
        program.extend(a64::mov(0, SYSTEM_OFF));
        program.push(call);
        assert_eq!(run(machine, &program), (Outcome::PowerOff { code: 0 }, "!".into()), "{machine}");
    }
}

/// Shows what interrupt it is, as a character.
fn acknowledge_and_switch_off() -> Vec<u32> {
    let mut program = a64::mov(1, 0x801_000c).to_vec();
    program.push(a64::load(2, 1));
    program.extend(a64::mov(1, map::UART.start as u32));
    program.push(a64::store(2, 1));
    program.extend(a64::mov(0, SYSTEM_OFF));
    program.push(a64::HVC);
    program
}

/// The virtual timer wakes the CPU through the interrupt controller, masked as
/// interrupts are.
#[test]
fn the_timer_ends_a_wait() {
    let gic = |at: u32, value: u32| [a64::mov(1, 0x800_0000 + at), a64::mov(2, value)].concat();
    let mut program = Vec::new();
    for (at, value) in [(0, 1), (0x100, 1 << 27), (0x1_0000, 1), (0x1_0004, 0xff)] {
        program.extend(gic(at, value));
        program.push(a64::store(2, 1));
    }
    program.extend(a64::mov(3, 1_000_000));
    program.push(a64::msr(CNTV_CVAL_EL0, 3));
    program.extend(a64::mov(3, 1));
    program.push(a64::msr(CNTV_CTL_EL0, 3));
    program.push(a64::WFI);
    program.extend(acknowledge_and_switch_off());
    assert_eq!(run("arm-virt", &program), (Outcome::PowerOff { code: 0 }, "\u{1b}".into()));
}

/// Presses the power button when the machine starts.
struct Presses(bool);

impl HostLoop for Presses {
    fn input(&mut self) -> Vec<u8> {
        Vec::new()
    }
    fn wait(&mut self, _fds: &[PollFd], _timeout: Option<Duration>) {}
    fn stop_requested(&mut self) -> bool {
        false
    }
    fn power_button(&mut self) -> bool {
        !std::mem::replace(&mut self.0, true)
    }
    fn input_open(&self) -> bool {
        false
    }
}

/// Its line rises before the program looks, and falls later: an edge, through the
/// general-purpose lines and the interrupt controller.
#[test]
fn the_power_button_ends_a_wait() {
    let mut program = Vec::new();
    let gic = [(0, 1), (0x104, 1 << 7), (0x824, 0x0100_0000), (0x1_0000, 1), (0x1_0004, 0xff)];
    let gic = gic.map(|(at, value)| (map::GICV2.start as u32 + at, value));
    // Both edges, and the interrupt, of line 3.
    let gpio = [(0x408, 8), (0x410, 8)].map(|(at, value)| (map::GPIO.start as u32 + at, value));
    for (at, value) in gic.into_iter().chain(gpio) {
        program.extend([a64::mov(1, at), a64::mov(2, value)].concat());
        program.push(a64::store(2, 1));
    }
    program.push(a64::WFI);
    program.extend(acknowledge_and_switch_off());
    let output = Capture::default();
    let config = MachineConfig { serial: Box::new(output.clone()), ..config("arm-virt", &program) };
    let outcome = new(config).expect("sound").run(&mut Presses(false)).expect("it ends");
    assert_eq!((outcome, output.text()), (Outcome::PowerOff { code: 0 }, "'".into()));
}

/// An undefined instruction, whose vector is in empty flash.
#[test]
fn a_program_that_traps_for_ever_is_an_error() {
    for (machine, cpus) in [("arm-virt", 1), ("arm-virt,virtualization=on", 4)] {
        let mut machine = new(MachineConfig { cpus, ..config(machine, &[0]) }).expect("sound");
        let error = machine.run(&mut Alone).expect_err("it is lost").to_string();
        assert!(error.contains("lost") && error.contains("0x200"), "{error}");
    }
}

#[test]
fn files_are_where_the_first_cpu_finds_them() {
    let initrd = Some(Image { name: "initrd".into(), bytes: b"070701 and so on"[..].into() });
    let machine = new(MachineConfig { initrd, ..config("arm-virt", &[0x1234_5678]) }).expect("sound");
    let state = machine.cpus()[0].vcpu.state();
    let (pc, x0) = (state.get(aarch64::state::PC), state.get(aarch64::state::x(0)));
    let read = |at| machine.board().space().read(at, 4).expect("RAM");
    assert_eq!((pc, read(pc)), (0x4020_0000, 0x1234_5678));
    assert_eq!(read(x0), u64::from(u32::from_be(0xd00d_feed)));
    assert!(machine.cpus().iter().skip(1).all(|cpu| cpu.activity == Activity::Off));
}

#[test]
fn firmware_is_in_flash_and_finds_the_tree_where_ram_begins() {
    let bios = Some(Image { name: "firmware".into(), bytes: vec![1, 2, 3, 4].into() });
    let both = MachineConfig { bios: bios.clone(), ..config("arm-virt", &[0]) };
    let complaint = new(both).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(complaint.contains("--kernel"), "{complaint}");
    let machine = new(MachineConfig { bios, kernel: None, ..config("arm-virt", &[0]) }).expect("sound");
    let read = |at| machine.board().space().read(at, 4).expect("mapped");
    assert_eq!((read(0), read(4)), (0x0403_0201, 0xffff_ffff));
    assert_eq!(read(map::RAM), u64::from(u32::from_be(0xd00d_feed)));
    assert_eq!(machine.cpus()[0].vcpu.state().get(aarch64::state::PC), 0);
}

#[test]
fn choices_that_are_none_are_refused() {
    for machine in ["arm-virt,gic-version=4", "arm-virt,cpu=cortex-a53", "arm-virt,secure=on"] {
        let error = new(config(machine, &[0])).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("--machine"), "{machine}: {error}");
    }
}
