//! SHA-256 sums (FIPS 180-4), the names of everything fetched and cached.

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// A SHA-256 sum; printed and parsed as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sum([u8; 32]);

impl Sum {
    /// The sum of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sum {
    type Err = ();

    fn from_str(digits: &str) -> Result<Self, ()> {
        let digits = digits.as_bytes();
        if digits.len() != 64 {
            return Err(());
        }
        let mut sum = [0; 32];
        for (byte, pair) in sum.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Ok(Self(sum))
    }
}

fn hex_digit(digit: u8) -> Result<u8, ()> {
    // A hexadecimal digit is below 16, so the cast loses nothing.
    char::from(digit).to_digit(16).map(|v| v as u8).ok_or(())
}

/// Passes bytes on to `W`, summing and counting those accepted.
pub struct Hashing<W> {
    inner: W,
    hasher: Sha256,
    written_bytes: u64,
}

impl<W: Write> Hashing<W> {
    /// Nothing written yet.
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: Sha256::new(), written_bytes: 0 }
    }

    /// The inner writer, the sum and the number of bytes it received.
    pub fn finish(self) -> (W, Sum, u64) {
        (self.inner, Sum(self.hasher.finalize().into()), self.written_bytes)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let accepted = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..accepted]);
        self.written_bytes += accepted as u64;
        Ok(accepted)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's one-block example, "abc", from NIST's example values.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn sums_print_and_parse_as_hexadecimal() {
        let sum = Sum::of(b"abc");
        assert_eq!(sum.to_string(), ABC);
        assert_eq!(ABC.to_uppercase().parse(), Ok(sum));
    }

    #[test]
    fn only_64_hexadecimal_digits_are_a_sum() {
        for wrong in ["", "ba", &ABC[1..], &ABC.replace('b', "g"), &ABC.replace('b', "é")] {
            assert_eq!(wrong.parse::<Sum>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn a_hashing_writer_passes_bytes_on() {
        let mut writer = Hashing::new(Vec::new());
        writer.write_all(b"a").unwrap();
        writer.write_all(b"bc").unwrap();
        assert_eq!(writer.finish(), (b"abc".to_vec(), ABC.parse().unwrap(), 3));
    }
}
