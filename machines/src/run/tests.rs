//! Small programs on whole machines: what they print, how they end, and that
//! runs repeat.

use super::*;
use crate::config::{ClockMode, EngineChoice, Image, MachineConfig};
use crate::host::Capture;
use std::collections::VecDeque;

/// Types what it was given, a piece each time it is asked to wait, and waits
/// no real time.
#[derive(Default)]
struct Script {
    pieces: VecDeque<&'static [u8]>,
    typed: Vec<u8>,
    stop: bool,
}

impl HostLoop for Script {
    fn input(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.typed)
    }
    fn wait(&mut self, _fds: &[PollFd], _timeout: Option<Duration>) {
        self.typed.extend(self.pieces.pop_front().unwrap_or_default());
    }
    fn stop_requested(&mut self) -> bool {
        self.stop
    }
    fn input_open(&self) -> bool {
        !self.pieces.is_empty()
    }
}

const ENGINES: [EngineChoice; 2] = [EngineChoice::Interp, EngineChoice::EAGER];

/// Ends the machine with code `a0`.
const POWER_OFF: &str = "
power_off:
    slli a0, a0, 16
    li t0, 0x3333
    or a0, a0, t0
    li t0, 0x100000
    sw a0, 0(t0)
1:  j 1b
";

fn image(source: &str, base: u64) -> Image {
    let program = riscv::asm::assemble(&format!("{source}\n{POWER_OFF}"), base).expect("it assembles");
    Image { name: "program".into(), bytes: program.bytes.into() }
}

fn config(output: &Capture) -> MachineConfig {
    MachineConfig {
        memory_bytes: 8 << 20,
        engine: EngineChoice::Interp,
        published: None,
        clock: ClockMode::Count,
        ..MachineConfig::new("riscv-virt", Box::new(output.clone()))
    }
}

/// `source` as firmware, in M mode.
fn bare(source: &str) -> MachineConfig {
    MachineConfig { bios: Some(image(source, 0x8000_0000)), ..config(&Capture::default()) }
}

/// `source` as a kernel, in S mode over the built-in firmware.
fn kernel(source: &str) -> MachineConfig {
    MachineConfig { kernel: Some(image(source, 0x8020_0000)), ..config(&Capture::default()) }
}

fn machine(config: MachineConfig) -> Machine {
    Machine::new(config).expect("a sound configuration")
}

fn run(machine: &mut Machine) -> Outcome {
    machine.run(&mut Script::default()).expect("it ends")
}

#[test]
fn a_program_ends_with_its_code() {
    let mut machine = machine(bare("li a0, 42"));
    assert_eq!(run(&mut machine), Outcome::PowerOff { code: 42 });
}

/// §3.1.5 of the Privileged ISA and QEMU's boot ROM: hart number and device
/// tree are in `a0` and `a1`.
#[test]
fn firmware_starts_with_hart_number_and_device_tree() {
    let mut machine = machine(bare(
        "bnez a0, power_off
         lwu t0, 0(a1)
         li t1, 0xedfe0dd0
         li a0, 1
         bne t0, t1, power_off
         csrr a0, mhartid",
    ));
    assert_eq!(run(&mut machine), Outcome::PowerOff { code: 0 });
}

/// All harts add up a sum with atomics; hart 0 waits for the rest.
const SUM: &str = "
    la s0, sum
    csrr s1, mhartid
    li s2, 1000
1:  amoadd.d zero, s2, (s0)
    addi s2, s2, -1
    bnez s2, 1b
    la s0, done
    li t0, 1
    amoadd.w zero, t0, (s0)
2:  bnez s1, 2b
    lw t0, 0(s0)
    li t1, 4
    bne t0, t1, 2b
    la s0, sum
    ld t0, 0(s0)
    li t1, 4 * 500500
    sub a0, t0, t1
    j power_off
    .balign 8
sum: .dword 0
done: .word 0
";

#[test]
fn runs_repeat_and_engines_agree() {
    let mut hashes = Vec::new();
    for engine in ENGINES {
        for _ in 0..2 {
            let mut machine = machine(MachineConfig { cpus: 4, engine, ..bare(SUM) });
            assert_eq!(run(&mut machine), Outcome::PowerOff { code: 0 });
            let stats = machine.stats();
            assert_eq!(stats.cpus.len(), 4);
            assert!(stats.cpus.iter().all(|cpu| cpu.guest_instructions > 3000));
            hashes.push((stats.guest_instructions, stats.virtual_ns, machine.state_hash()));
        }
    }
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
}

#[test]
fn the_state_hash_sees_memory() {
    let hash = |value: u32| {
        let source = format!("la t0, power_off\n li t1, {value}\n sd t1, 1024(t0)\n li t1, 0\n li a0, 0");
        let mut machine = machine(bare(&source));
        run(&mut machine);
        machine.state_hash()
    };
    assert_eq!(hash(5), hash(5));
    assert_ne!(hash(5), hash(6));
}

/// Sets the machine timer of hart 0 to tick 5000, which is 500 µs, and sleeps.
const TIMER: &str = "
    li t0, 0x2004000
    li t1, 5000
    sd t1, 0(t0)
    li t0, 1 << 7
    csrw mie, t0
    wfi
    csrr a0, mip
    srli a0, a0, 7
    addi a0, a0, -1
";

#[test]
fn time_jumps_to_the_timer_of_a_sleeping_hart() {
    for engine in ENGINES {
        let mut machine = machine(MachineConfig { engine, ..bare(TIMER) });
        assert_eq!(run(&mut machine), Outcome::PowerOff { code: 0 });
        let stats = machine.stats();
        assert!((500_000..501_000).contains(&stats.virtual_ns), "{}", stats.virtual_ns);
        assert!(stats.guest_instructions < 100);
    }
}

#[test]
fn real_time_passes_while_all_sleep() {
    let mut machine = machine(MachineConfig { clock: ClockMode::Real, ..bare(TIMER) });
    assert_eq!(run(&mut machine), Outcome::PowerOff { code: 0 });
    assert!(machine.stats().virtual_ns >= 500_000);
}

/// A handler takes the timer's interrupt in the middle of a loop; with a
/// counted clock always at the same instruction.
#[test]
fn timers_interrupt_at_the_same_instruction() {
    let source = "
        la t0, handler
        csrw mtvec, t0
        li t0, 0x2004000
        li t1, 2000
        sd t1, 0(t0)
        li t0, 1 << 7
        csrw mie, t0
        csrsi mstatus, 8
        li s0, 0
    1:  addi s0, s0, 1
        j 1b
        .balign 4
    handler:
        li a0, 0
        j power_off";
    let counts = ENGINES.map(|engine| {
        let mut machine = machine(MachineConfig { engine, ..bare(source) });
        assert_eq!(run(&mut machine), Outcome::PowerOff { code: 0 });
        machine.cpus()[0].vcpu.state().get(riscv::state::x(8))
    });
    assert_eq!(counts[0], counts[1]);
    // 200 µs are 200,000 instructions, two each round. The loop began within
    // the first slice, which did not know of the timer yet.
    assert!((99_900..100_000 + SLICE / 2).contains(&counts[0]), "{counts:?}");
}

#[test]
fn a_guest_that_can_never_wake_is_an_error() {
    let mut sleeping = machine(bare("csrw mie, zero\n wfi"));
    let error = sleeping.run(&mut Script::default()).expect_err("nothing can happen").to_string();
    assert!(error.contains("nothing left to wait for") && error.contains("no timer"), "{error}");
    // SBI HSM hart_stop.
    let mut stopped = machine(kernel("li a7, 0x48534d\n li a6, 1\n ecall"));
    let error = stopped.run(&mut Script::default()).expect_err("nothing can happen").to_string();
    assert!(error.contains("switched off its last CPU"), "{error}");
}

/// What a kernel for another machine comes to: its first instructions trap, and
/// there is no handler.
#[test]
fn a_guest_that_is_lost_is_an_error() {
    for (config, cpus) in [(kernel(".word 0"), 1), (bare("unimp"), 4)] {
        let mut machine = machine(MachineConfig { cpus, ..config });
        let error = machine.run(&mut Script::default()).expect_err("there is no handler").to_string();
        assert!(error.contains("lost") && error.contains("traps to 0x0"), "{error}");
    }
    // A handler that traps itself is the guest's own affair.
    let mut handled = machine(bare("la t0, 1f\n csrw mtvec, t0\n unimp\n .balign 4\n1: li a0, 4"));
    assert_eq!(run(&mut handled), Outcome::PowerOff { code: 4 });
}

/// Echoes what it gets until `q`, asleep in between.
const ECHO: &str = "
    li s0, 0x10000000
    li t0, 1
    sb t0, 1(s0)          # IER: received data
    li s1, 0xc000000
    sw t0, 40(s1)         # PLIC: priority of source 10
    li t1, 1 << 10
    li t2, 0xc002000
    sw t1, 0(t2)          # enabled for context 0
    li t0, 1 << 11
    csrw mie, t0
    li s2, 0xc200000
1:  wfi
    lw s3, 4(s2)          # claim
2:  lb t0, 5(s0)
    andi t0, t0, 1
    beqz t0, 3f
    lb t0, 0(s0)
    li a0, 0
    li t1, 'q'
    beq t0, t1, power_off
    sb t0, 0(s0)
    j 2b
3:  sw s3, 4(s2)          # complete
    j 1b
";

#[test]
fn input_wakes_and_output_is_seen() {
    for engine in ENGINES {
        let output = Capture::default();
        let bios = Some(image(ECHO, 0x8000_0000));
        let mut machine = machine(MachineConfig { bios, engine, ..config(&output) });
        let mut host = Script { pieces: [&b"one "[..], b"two ", b"q"].into(), ..Script::default() };
        assert_eq!(machine.run(&mut host).expect("it ends"), Outcome::PowerOff { code: 0 });
        assert_eq!(output.text(), "one two ");
    }
}

#[test]
fn the_host_stops_a_guest_and_lets_it_go_on() {
    let mut machine = machine(bare("li a0, 3\n li t0, 300000\n1: addi t0, t0, -1\n bnez t0, 1b"));
    let mut host = Script { stop: true, ..Script::default() };
    assert_eq!(machine.run(&mut host).expect("it ends"), Outcome::HostStop);
    assert_eq!(run(&mut machine), Outcome::PowerOff { code: 3 });
}

/// The flash keeps what was programmed; RAM does not, and is loaded anew.
#[test]
fn a_reset_loads_everything_anew() {
    let source = "
        la s1, counter
        lw t0, 0(s1)
        li a0, 99
        bnez t0, power_off
        li t0, 1
        sw t0, 0(s1)
        li s0, 0x20000000
        lw t0, 0(s0)
        li a0, 7
        beqz t0, power_off
        li t0, 0x00400040
        sw t0, 0(s0)
        sw zero, 0(s0)
        li t0, 0x100000
        li t1, 0x7777
        sw t1, 0(t0)
    1:  j 1b
        .balign 4
    counter: .word 0";
    for engine in ENGINES {
        let mut machine = machine(MachineConfig { engine, ..bare(source) });
        assert_eq!(run(&mut machine), Outcome::PowerOff { code: 7 });
    }
}

/// Hart 0 starts hart 1, which tells by an interrupt that it is there.
#[test]
fn harts_start_and_interrupt_each_other_by_the_sbi() {
    let source = "
        bnez a0, power_off
        li a7, 0x48534d       # HSM: hart_start
        li a6, 0
        li a0, 1
        la a1, second
        li a2, 5
        ecall
        li t1, 2
        bnez a0, power_off
        csrwi sie, 2
    1:  wfi
        csrr t0, sip
        andi t0, t0, 2
        beqz t0, 1b
        la t0, seen
        lw a0, 0(t0)          # 1 * 16 + 5
        j power_off
    second:
        slli a0, a0, 4
        add a0, a0, a1
        la t0, seen
        sw a0, 0(t0)
        li a7, 0x735049       # IPI: send_ipi
        li a6, 0
        li a0, 1
        li a1, 0
        ecall
        li a7, 0x48534d       # HSM: hart_stop
        li a6, 1
        ecall
        .balign 4
    seen: .word 0";
    for engine in ENGINES {
        let mut machine = machine(MachineConfig { engine, cpus: 2, ..kernel(source) });
        assert_eq!(run(&mut machine), Outcome::PowerOff { code: 21 });
    }
}

/// Each write to SETSSIP is an interrupt, also the second one in one slice.
#[test]
fn supervisor_software_interrupts_are_edges() {
    let source = "
        li s0, 0x2f00000
        li s1, 2
        li t0, 1
    1:  sw t0, 0(s0)
        csrr t1, mip
        andi t1, t1, 2
        beqz t1, 2f
        csrci mip, 2
        csrr t1, mip
        andi t1, t1, 2
        bnez t1, 2f
        addi s1, s1, -1
        bnez s1, 1b
    2:  mv a0, s1";
    for engine in ENGINES {
        let mut machine = machine(MachineConfig { engine, ..bare(source) });
        assert_eq!(run(&mut machine), Outcome::PowerOff { code: 0 });
    }
}

/// Whatever its interrupt chips are called, they are at the same addresses.
#[test]
fn both_machines_run_the_same_firmware() {
    let mut machine = machine(MachineConfig { machine: "riscv-virt-aclint".into(), ..bare(TIMER) });
    assert_eq!(run(&mut machine), Outcome::PowerOff { code: 0 });
}

#[test]
fn an_unknown_machine_is_refused() {
    let error = Machine::new(MachineConfig { machine: "pdp11".into(), ..bare("nop") }).err();
    assert!(error.is_some_and(|error| error.to_string().contains("pdp11")));
}
