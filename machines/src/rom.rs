//! Read-only memory.

use bus::Device;

/// A mask ROM: reads give its contents, zero behind their end; writes are lost.
pub struct Rom(Vec<u8>);

impl Rom {
    /// A ROM that holds `contents`.
    pub fn new(contents: Vec<u8>) -> Rom {
        Rom(contents)
    }
}

impl Device for Rom {
    fn read(&mut self, offset: u64, bytes: u8) -> u64 {
        let at = |i: u64| usize::try_from(offset.checked_add(i)?).ok().and_then(|i| self.0.get(i));
        (0..u64::from(bytes.min(8))).rev().fold(0, |value, i| value << 8 | u64::from(*at(i).unwrap_or(&0)))
    }

    fn write(&mut self, _offset: u64, _bytes: u8, _value: u64) {}

    fn reset(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_little_endian_and_end_in_zeroes() {
        let mut rom = Rom::new(vec![1, 2, 3]);
        assert_eq!((rom.read(0, 2), rom.read(1, 8), rom.read(u64::MAX, 4)), (0x201, 0x302, 0));
        rom.write(0, 1, 9);
        assert_eq!(rom.read(0, 1), 1);
    }
}
