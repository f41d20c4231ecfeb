//! Host-target interface: how bare-metal programs built for Spike talk to it
//! (riscv-isa-sim, fesvr; riscv-pk, machine/htif.c).
//!
//! The guest writes a word to `tohost`: device in bits 63:56, command in bits
//! 55:48, payload below. The host clears it, and may answer in `fromhost`.
//!
//! | device | command | payload                                                 |
//! |--------|---------|---------------------------------------------------------|
//! | 0      | 0       | bit 0 set: exit with the code above it; else a system call's address |
//! | 1      | 0       | read a character; the answer has it with bit 8 set       |
//! | 1      | 1       | write a character                                       |

use crate::loader::Symbols;
use crate::sbi::Console;
use bus::{Dma, PhysAddr};
use devices::power::{Power, PowerRequest};
use std::collections::VecDeque;

/// The longest slice in instructions while a guest may wait for an answer.
pub const SLICE_MAX: u64 = 2_000;

const DEVICE_SHIFT: u32 = 56;
const COMMAND_SHIFT: u32 = 48;
const PAYLOAD: u64 = (1 << COMMAND_SHIFT) - 1;

const SYSTEM: u64 = 0;
const CHARACTERS: u64 = 1;
const READ: u64 = 0;
const WRITE: u64 = 1;

/// System calls by their Linux numbers.
mod syscall {
    pub const WRITE: u64 = 64;
    pub const EXIT: u64 = 93;
    pub const EXIT_GROUP: u64 = 94;
}

/// Linux's error numbers, negative as results are.
const ENOSYS: u64 = -38_i64 as u64;
const EBADF: u64 = -9_i64 as u64;
const EFAULT: u64 = -14_i64 as u64;
/// The most bytes one `write` takes; it says so, as a write may.
const WRITE_BYTES_MAX: u64 = 64 << 10;
/// Answers kept for a guest that does not look.
const ANSWERS_MAX: usize = 64;
/// In a character's answer: there is one.
const CHARACTER: u64 = 0x100;

/// The host's end of the interface.
pub struct Htif {
    tohost: PhysAddr,
    fromhost: Option<PhysAddr>,
    dma: Dma,
    power: Power,
    /// The guest waits for a character.
    reading: bool,
    answers: VecDeque<u64>,
}

impl Htif {
    /// The interface at `symbols`; `None` if there is no `tohost` among them.
    pub fn new(symbols: Symbols, dma: Dma, power: Power) -> Option<Htif> {
        let tohost = symbols.tohost?;
        Some(Htif {
            tohost,
            fromhost: symbols.fromhost,
            dma,
            power,
            reading: false,
            answers: VecDeque::new(),
        })
    }

    /// Serves what the guest has asked for since the last call.
    pub fn poll(&mut self, console: &mut Console, input: &mut VecDeque<u8>) {
        let request = self.load(self.tohost);
        if request != 0 {
            self.store(self.tohost, 0);
            self.serve(request, console);
        }
        if self.reading
            && let Some(c) = console.read(input)
        {
            self.reading = false;
            self.answer(CHARACTERS, READ, CHARACTER | u64::from(c));
        }
        let free = self.fromhost.filter(|at| self.load(*at) == 0);
        if let Some(at) = free
            && let Some(answer) = self.answers.pop_front()
        {
            self.store(at, answer);
        }
    }

    fn serve(&mut self, request: u64, console: &mut Console) {
        let payload = request & PAYLOAD;
        match (request >> DEVICE_SHIFT, request >> COMMAND_SHIFT & 0xff) {
            (SYSTEM, 0) if payload & 1 != 0 => self.exit(payload >> 1),
            (SYSTEM, 0) => {
                self.system_call(payload, console);
                self.answer(SYSTEM, 0, 1);
            }
            (CHARACTERS, READ) => self.reading = true,
            (CHARACTERS, WRITE) => console.write(&[payload as u8]),
            // Other devices are not there, and so do not answer.
            _ => (),
        }
    }

    fn exit(&self, code: u64) {
        self.power.request(PowerRequest::Off { code: code as u32 });
    }

    /// Eight words at `at`: number and arguments; the result goes to the first.
    fn system_call(&self, at: PhysAddr, console: &mut Console) {
        let [number, fd, buffer, bytes] = std::array::from_fn(|n| self.load(at.wrapping_add(8 * n as u64)));
        let result = match number {
            syscall::WRITE if fd == 1 || fd == 2 => {
                let mut text = vec![0; bytes.min(WRITE_BYTES_MAX) as usize];
                match self.dma.read(buffer, &mut text) {
                    Ok(()) => {
                        console.write(&text);
                        text.len() as u64
                    }
                    Err(_) => EFAULT,
                }
            }
            syscall::WRITE => EBADF,
            syscall::EXIT | syscall::EXIT_GROUP => {
                self.exit(fd);
                0
            }
            _ => ENOSYS,
        };
        self.store(at, result);
    }

    fn answer(&mut self, device: u64, command: u64, payload: u64) {
        // Who takes no answers gets no more of them.
        if self.answers.len() < ANSWERS_MAX {
            self.answers.push_back(device << DEVICE_SHIFT | command << COMMAND_SHIFT | payload & PAYLOAD);
        }
    }

    /// A word of RAM; one that is elsewhere is 0, and lost when written.
    fn load(&self, at: PhysAddr) -> u64 {
        self.dma.load(at).map_or(0, u64::from_le_bytes)
    }

    fn store(&self, at: PhysAddr, word: u64) {
        let _ = self.dma.write(at, &word.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Capture, SharedSink};
    use bus::{AddressSpace, Clock, IrqLine, Ram, shared};
    use devices::ns16550::{INPUT_HZ, Ns16550};
    use std::sync::Arc;

    const TOHOST: u64 = 0x8000_0100;
    const FROMHOST: u64 = 0x8000_0140;
    const CALL: u64 = 0x8000_0200;
    const TEXT: u64 = 0x8000_0300;

    struct Bench {
        htif: Htif,
        dma: Dma,
        power: Power,
        console: Console,
        output: Capture,
        input: VecDeque<u8>,
    }

    impl Bench {
        fn new() -> Bench {
            let mut space = AddressSpace::default();
            space.add_ram("ram", Arc::new(Ram::new(0x8000_0000, 4096).expect("a small mapping")));
            let (power, output) = (Power::default(), Capture::default());
            let sink = SharedSink::new(Box::new(output.clone()));
            let nowhere = Box::new(Capture::default());
            let uart = shared(Ns16550::new(INPUT_HZ, Clock::counted(), IrqLine::unconnected(), nowhere));
            let symbols = Symbols { tohost: Some(TOHOST), fromhost: Some(FROMHOST) };
            let htif = Htif::new(symbols, space.dma(), power.clone()).expect("there is a tohost");
            let console = Console::new(sink, uart);
            Bench { htif, dma: space.dma(), power, console, output, input: VecDeque::new() }
        }

        fn store(&self, at: u64, word: u64) {
            self.dma.write(at, &word.to_le_bytes()).expect("RAM");
        }

        fn load(&self, at: u64) -> u64 {
            self.dma.load(at).map(u64::from_le_bytes).expect("RAM")
        }

        /// The guest writes `tohost`, and the host looks.
        fn request(&mut self, word: u64) {
            self.store(TOHOST, word);
            self.htif.poll(&mut self.console, &mut self.input);
            assert_eq!(self.load(TOHOST), 0, "it is taken");
        }

        fn system_call(&mut self, words: [u64; 4]) -> u64 {
            words.iter().zip(0..).for_each(|(word, n)| self.store(CALL + 8 * n, *word));
            self.request(CALL);
            assert_eq!(self.load(FROMHOST), 1, "it is answered");
            self.store(FROMHOST, 0);
            self.load(CALL)
        }
    }

    #[test]
    fn an_odd_word_is_the_exit_code() {
        for (word, code) in [(1, 0), (3, 1), (1337 << 1 | 1, 1337)] {
            let mut bench = Bench::new();
            bench.request(word);
            assert_eq!(bench.power.take(), Some(PowerRequest::Off { code }));
        }
    }

    #[test]
    fn characters_go_out_and_come_in() {
        let mut bench = Bench::new();
        bench.request(1 << 56 | 1 << 48 | u64::from(b'x'));
        assert_eq!(bench.output.text(), "x");
        bench.request(1 << 56);
        assert_eq!(bench.load(FROMHOST), 0, "nothing was typed");
        bench.input.push_back(b'y');
        bench.htif.poll(&mut bench.console, &mut bench.input);
        assert_eq!(bench.load(FROMHOST), 1 << 56 | 0x100 | u64::from(b'y'));
    }

    #[test]
    fn system_calls_write_and_exit() {
        let mut bench = Bench::new();
        bench.dma.write(TEXT, b"hi there").expect("RAM");
        assert_eq!(bench.system_call([64, 1, TEXT, 8]), 8);
        assert_eq!(bench.output.text(), "hi there");
        assert_eq!(bench.system_call([64, 7, TEXT, 8]) as i64, -9);
        assert_eq!(bench.system_call([64, 1, 0x1000, 8]) as i64, -14);
        assert_eq!(bench.system_call([56, 0, 0, 0]) as i64, -38);
        bench.system_call([93, 5, 0, 0]);
        assert_eq!(bench.power.take(), Some(PowerRequest::Off { code: 5 }));
    }

    #[test]
    fn strange_requests_are_survived() {
        let mut bench = Bench::new();
        for word in [u64::MAX - 1, 2, 0xff << 56, 2 << 56, 0x8000_0ffc, 1 << 56 | 7 << 48] {
            bench.request(word);
        }
        assert_eq!(bench.power.take(), None);
    }
}
