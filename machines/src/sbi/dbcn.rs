//! Debug console (SBI 2.0, chapter 12): bytes to and from the serial port.

use super::{Args, Call, SbiError, SbiResult};
use crate::host::SharedSink;
use bus::{CharSink, Device, Shared};
use devices::ns16550::Ns16550;
use std::collections::VecDeque;
use std::sync::PoisonError;

/// The most bytes moved in one call; the rest is for the next.
const BYTES_MAX: u64 = 64 << 10;

/// Registers of the serial port, and the bit that tells a character has come
/// (PC16550D data sheet, table 2).
mod uart {
    pub const RECEIVED: u64 = 0;
    pub const LINE_STATUS: u64 = 5;
    pub const DATA_READY: u64 = 1;
}

/// The firmware's console.
pub struct Console {
    /// Where the serial port's output goes too. Going round the port leaves
    /// its state to the guest's own driver.
    output: SharedSink,
    /// The port, which takes all input first.
    input: Shared<Ns16550>,
}

impl Console {
    /// A console on the port `input`, whose output goes to `output`.
    pub fn new(output: SharedSink, input: Shared<Ns16550>) -> Console {
        Console { output, input }
    }

    /// Writes all of `bytes`.
    pub fn write(&mut self, bytes: &[u8]) {
        self.output.write(bytes);
    }

    /// The next character: from the port, or else from `waiting`.
    pub fn read(&mut self, waiting: &mut VecDeque<u8>) -> Option<u8> {
        let mut port = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        match port.read(uart::LINE_STATUS, 1) & uart::DATA_READY {
            0 => waiting.pop_front(),
            _ => Some(port.read(uart::RECEIVED, 1) as u8),
        }
    }
}

pub(super) fn call(call: &mut Call<'_, '_>, function: u64, args: Args) -> SbiResult {
    match function {
        0 => write(call, args[0], args[1], args[2]),
        1 => read(call, args[0], args[1], args[2]),
        2 => {
            call.sbi.console.write(&[args[0] as u8]);
            Ok(0)
        }
        _ => Err(SbiError::NotSupported),
    }
}

/// The part of a buffer that one call moves. Its address is physical, in two
/// registers of which the upper is for RV32.
fn buffer(call: &Call<'_, '_>, bytes: u64, low: u64, high: u64) -> Result<usize, SbiError> {
    match high == 0 && call.around.space.dma().contains(low, bytes) {
        true => Ok(bytes.min(BYTES_MAX) as usize),
        false => Err(SbiError::InvalidParam),
    }
}

fn write(call: &mut Call<'_, '_>, bytes: u64, low: u64, high: u64) -> SbiResult {
    let mut text = vec![0; buffer(call, bytes, low, high)?];
    call.around.space.dma().read(low, &mut text).map_err(|_| SbiError::InvalidParam)?;
    call.sbi.console.write(&text);
    Ok(text.len() as u64)
}

fn read(call: &mut Call<'_, '_>, bytes: u64, low: u64, high: u64) -> SbiResult {
    let room = buffer(call, bytes, low, high)?;
    let text: Vec<u8> = std::iter::from_fn(|| call.sbi.console.read(call.around.input)).take(room).collect();
    call.around.space.dma().write(low, &text).map_err(|_| SbiError::InvalidParam)?;
    Ok(text.len() as u64)
}
