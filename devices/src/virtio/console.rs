//! Console device with one port, virtio-console (virtio 1.2, section 5.3).

use super::device::read_config_image;
use super::{Queues, VirtioDevice};
use bus::{CharSink, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Bytes of input kept for a guest that does not read.
pub const INPUT_BYTES_MAX: usize = 64 << 10;

const RECEIVE: usize = 0;
const TRANSMIT: usize = 1;

/// Feature bits (section 5.3.3), as masks.
mod feature {
    pub const SIZE: u64 = 1 << 0;
    pub const EMERG_WRITE: u64 = 1 << 2;
}

/// Offset of `emerg_wr` in configuration space (section 5.3.4).
const EMERG_WR: u64 = 8;

/// What the host has typed and the guest has not read.
#[derive(Serialize, Deserialize, Clone, Default, PartialEq, Debug)]
pub struct ConsoleState {
    input: VecDeque<u8>,
    /// Columns and rows, if the host has told them.
    size: Option<(u16, u16)>,
    size_changed: bool,
}

/// A terminal for the guest.
pub struct Console {
    state: ConsoleState,
    sink: Box<dyn CharSink>,
    buffer: Box<[u8; 4096]>,
}

impl Console {
    /// A console that writes to `sink`. With `size`, columns and rows, the
    /// guest is told how large the terminal is, and when that changes.
    pub fn new(sink: Box<dyn CharSink>, size: Option<(u16, u16)>) -> Console {
        let state = ConsoleState { size, ..ConsoleState::default() };
        Console { state, sink, buffer: Box::new([0; 4096]) }
    }

    /// Takes input from the host; returns how many bytes of it there was room
    /// for. The guest sees it at the next poll.
    pub fn receive(&mut self, bytes: &[u8]) -> usize {
        let taken = bytes.len().min(INPUT_BYTES_MAX - self.state.input.len());
        self.state.input.extend(&bytes[..taken]);
        taken
    }

    /// How many bytes [`Console::receive`] would take.
    pub fn input_room(&self) -> usize {
        INPUT_BYTES_MAX - self.state.input.len()
    }

    /// The host's terminal has a new size; ignored if none was given at first.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        if self.state.size.is_some_and(|size| size != (columns, rows)) {
            self.state.size = Some((columns, rows));
            self.state.size_changed = true;
        }
    }

    fn transmit(&mut self, queues: &mut Queues<'_>) {
        while let Some(mut chain) = queues.pop(TRANSMIT) {
            loop {
                let len = chain.read(queues.dma(), &mut *self.buffer);
                if len == 0 {
                    break;
                }
                self.sink.write(&self.buffer[..len]);
            }
            queues.push(TRANSMIT, chain);
        }
    }

    fn deliver(&mut self, queues: &mut Queues<'_>) {
        while !self.state.input.is_empty() {
            let Some(mut chain) = queues.pop(RECEIVE) else { return };
            let (front, back) = self.state.input.as_slices();
            let mut taken = chain.write(queues.dma(), front);
            if taken == front.len() {
                taken += chain.write(queues.dma(), back);
            }
            self.state.input.drain(..taken);
            queues.push(RECEIVE, chain);
        }
    }
}

impl VirtioDevice for Console {
    const DEVICE_ID: u32 = 3;

    fn features(&self) -> u64 {
        let size = if self.state.size.is_some() { feature::SIZE } else { 0 };
        size | feature::EMERG_WRITE
    }

    fn queue_sizes(&self) -> &'static [u16] {
        &[256, 256]
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let (columns, rows) = self.state.size.unwrap_or_default();
        let mut image = [0; 12];
        image[0..2].copy_from_slice(&columns.to_le_bytes());
        image[2..4].copy_from_slice(&rows.to_le_bytes());
        image[4] = 1; // max_nr_ports
        read_config_image(&image, offset, data);
    }

    /// A character may be written before anything is set up (section 5.3.5.1).
    fn write_config(&mut self, offset: u64, data: &[u8]) {
        if offset == EMERG_WR
            && let Some(&byte) = data.first()
        {
            self.sink.write(&[byte]);
        }
    }

    fn reset(&mut self) {}

    fn notify(&mut self, queue: usize, queues: &mut Queues<'_>) {
        match queue {
            RECEIVE => self.deliver(queues),
            _ => self.transmit(queues),
        }
    }

    fn poll(&mut self, queues: &mut Queues<'_>) {
        self.transmit(queues);
        self.deliver(queues);
    }

    fn take_config_change(&mut self) -> bool {
        std::mem::take(&mut self.state.size_changed)
    }
}

impl Snapshot for Console {
    const KIND: &'static str = "virtio-console";
    const VERSION: u32 = 1;
    type State = ConsoleState;

    fn save(&self) -> ConsoleState {
        self.state.clone()
    }

    fn restore(&mut self, state: ConsoleState) -> Result<(), RestoreError> {
        if state.input.len() > INPUT_BYTES_MAX {
            let reason = format!("{} bytes of input, more than {INPUT_BYTES_MAX}", state.input.len());
            return Err(RestoreError { kind: Console::KIND.into(), reason });
        }
        self.state = state;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
