use super::*;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Wire(Arc<Mutex<Vec<u8>>>);

impl CharSink for Wire {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().expect("one thread").extend(bytes);
    }
}

struct Bench {
    uart: Ns16550,
    clock: Clock,
    irq: IrqLine,
    wire: Wire,
}

fn bench() -> Bench {
    let (clock, irq, wire) = (Clock::counted(), IrqLine::unconnected(), Wire::default());
    let uart = Ns16550::new(INPUT_HZ, clock.clone(), irq.clone(), Box::new(wire.clone()));
    Bench { uart, clock, irq, wire }
}

impl Bench {
    fn read(&mut self, offset: u64) -> u8 {
        self.uart.read(offset, 1) as u8
    }
    fn write(&mut self, offset: u64, value: u8) {
        self.uart.write(offset, 1, value.into());
    }
    fn sent(&self) -> Vec<u8> {
        self.wire.0.lock().expect("one thread").clone()
    }
}

#[test]
fn sends_what_is_written_at_any_width() {
    let mut b = bench();
    for (bytes, value) in [(1, 0x41), (2, 0xff42), (4, 0xffff_ff43), (8, 0x44)] {
        b.uart.write(reg::DATA, bytes, value);
    }
    assert_eq!(b.sent(), b"ABCD");
    assert_eq!(b.uart.read(reg::LSR, 4), u64::from(lsr::THR_EMPTY | lsr::TRANSMITTER_EMPTY));
}

#[test]
fn receives_one_character_without_fifo() {
    let mut b = bench();
    assert_eq!(b.uart.receive(b"xy"), 1);
    assert!(!b.uart.can_receive());
    assert_eq!(b.read(reg::LSR) & lsr::DATA_READY, lsr::DATA_READY);
    assert_eq!((b.read(reg::DATA), b.read(reg::LSR) & lsr::DATA_READY), (b'x', 0));
    assert!(b.uart.can_receive());
}

#[test]
fn the_received_interrupt_waits_for_the_trigger_level() {
    let mut b = bench();
    b.write(reg::IER, ier::RECEIVED);
    b.write(reg::IIR_FCR, 0x81); // FIFOs on, trigger at 8.
    assert_eq!(b.uart.receive(&[7; 7]), 7);
    assert!(!b.irq.level());
    assert_eq!(b.uart.receive(&[7; 12]), 9);
    assert!(b.irq.level());
    assert_eq!(b.read(reg::IIR_FCR), 0xc4);
    for _ in 0..9 {
        b.read(reg::DATA);
    }
    assert_eq!((b.irq.level(), b.read(reg::IIR_FCR)), (false, 0xc1));
}

#[test]
fn waiting_characters_time_out_after_four_character_times() {
    let mut b = bench();
    b.write(reg::LCR, 0x83);
    b.write(reg::DATA, 2); // Divisor 2: 115,200 baud.
    b.write(reg::LCR, 0x03); // 8N1: ten bits a character.
    b.write(reg::IIR_FCR, 0xc1);
    b.write(reg::IER, ier::RECEIVED);
    b.uart.receive(b"a");
    let due_ns = b.uart.deadline().expect("a character waits");
    assert_eq!(due_ns, 4 * 10 * 1_000_000_000 / 115_200);
    b.clock.advance_to(due_ns);
    b.uart.expire();
    assert!(b.irq.level());
    assert_eq!(b.read(reg::IIR_FCR), 0xcc);
    assert_eq!(b.read(reg::DATA), b'a');
    assert_eq!((b.irq.level(), b.uart.deadline()), (false, None));
}

#[test]
fn reading_the_id_takes_back_only_the_transmitter_interrupt() {
    let mut b = bench();
    b.write(reg::IER, ier::TRANSMITTER_EMPTY);
    assert!(b.irq.level());
    assert_eq!(b.read(reg::IIR_FCR), 0x02);
    assert_eq!((b.irq.level(), b.read(reg::IIR_FCR)), (false, 0x01));
    b.write(reg::DATA, b'.');
    assert!(b.irq.level());
    b.uart.receive(b"z");
    b.write(reg::IER, ier::TRANSMITTER_EMPTY | ier::RECEIVED);
    assert_eq!((b.read(reg::IIR_FCR), b.read(reg::IIR_FCR)), (0x04, 0x04));
    b.read(reg::DATA);
    assert_eq!(b.read(reg::IIR_FCR), 0x02);
}

#[test]
fn the_loop_joins_outputs_and_inputs() {
    let mut b = bench();
    assert_eq!(b.read(reg::MSR), msr::CTS | msr::DSR | msr::DCD);
    // Linux's probe: RTS and OUT2 must come back as CTS and DCD.
    b.write(reg::MCR, mcr::LOOPBACK | mcr::OUT2 | mcr::RTS);
    assert_eq!(b.read(reg::MSR) & 0xf0, msr::DCD | msr::CTS);
    assert_eq!(b.read(reg::MSR) & 0x0f, 0);
    b.write(reg::MCR, mcr::LOOPBACK | mcr::OUT1);
    b.write(reg::MCR, mcr::LOOPBACK);
    assert_eq!(b.read(reg::MSR), msr::DELTA_CTS | msr::TRAILING_RI | msr::DELTA_DCD);
    b.write(reg::DATA, b'q');
    assert_eq!((b.read(reg::DATA), b.sent().len(), b.uart.receive(b"n")), (b'q', 0, 0));
}

#[test]
fn an_overrun_is_reported_once() {
    let mut b = bench();
    b.write(reg::MCR, mcr::LOOPBACK);
    b.write(reg::IER, ier::LINE_STATUS);
    b.write(reg::DATA, 1);
    b.write(reg::DATA, 2);
    assert_eq!(b.read(reg::IIR_FCR), 0x06);
    assert_eq!(b.read(reg::LSR) & lsr::OVERRUN, lsr::OVERRUN);
    assert_eq!((b.irq.level(), b.read(reg::LSR) & lsr::OVERRUN), (false, 0));
    assert_eq!(b.read(reg::DATA), 2, "without FIFOs the newer character stays");
}

#[test]
fn the_divisor_hides_behind_dlab() {
    let mut b = bench();
    b.write(reg::LCR, lcr::DLAB);
    b.write(reg::DATA, 0x34);
    b.write(reg::IER, 0x12);
    assert_eq!((b.read(reg::DATA), b.read(reg::IER)), (0x34, 0x12));
    b.write(reg::LCR, 0);
    assert_eq!((b.read(reg::DATA), b.read(reg::IER)), (0, 0));
    assert!(b.sent().is_empty());
}

/// The steps by which Linux's `autoconfig` tells a 16550A from its relatives.
#[test]
fn linux_takes_it_for_a_16550a() {
    let mut b = bench();
    b.write(reg::IER, 0xff);
    assert_eq!(b.read(reg::IER), 0x0f);
    b.write(reg::IER, 0);
    b.write(reg::IIR_FCR, 0x01);
    assert_eq!(b.read(reg::IIR_FCR) >> 6, 3);
    b.write(reg::IIR_FCR, 0x21); // The 16750's 64-byte FIFO must not appear.
    assert_eq!(b.read(reg::IIR_FCR) >> 5, 6);
    b.write(reg::SCR, 0xae);
    assert_eq!(b.read(reg::SCR), 0xae);
}

#[test]
fn a_restored_port_still_asks_for_more_to_send() {
    let mut b = bench();
    b.write(reg::IER, ier::TRANSMITTER_EMPTY);
    b.read(reg::IIR_FCR);
    b.write(reg::DATA, b'a');
    let mut other = bench();
    other.uart.restore(b.uart.save()).expect("a saved state");
    assert!(other.irq.level());
    assert_eq!(other.read(reg::IIR_FCR), 0x02);
    other.write(reg::DATA, b'b');
    assert_eq!((other.irq.level(), other.sent()), (true, b"b".to_vec()));
}

#[test]
fn impossible_states_are_refused() {
    let mut b = bench();
    let long = State { received: vec![0; 17].into(), fifo: true, ..State::default() };
    let wide = State { ier: 0x10, ..State::default() };
    for state in [long, wide] {
        assert!(b.uart.restore(state).is_err());
    }
    assert_eq!(b.uart.save(), State::default());
}
