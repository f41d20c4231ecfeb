//! Byte strings in snapshot records: hexadecimal digits instead of JSON's
//! array of numbers, a quarter of the size and readable.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Bytes that serialise as lower-case hexadecimal digits, two a byte.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HexBytes(pub Vec<u8>);

const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl fmt::Display for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
        let text: String = self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect();
        f.write_str(&text)
    }
}

impl fmt::Debug for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HexBytes({self})")
    }
}

impl Serialize for HexBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HexBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<HexBytes, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(text.as_bytes())
            .map(HexBytes)
            .ok_or_else(|| D::Error::custom("not a string of hexadecimal bytes"))
    }
}

fn parse(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16).map(|d| d as u8);
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    text.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        let bytes = HexBytes((0..=255).collect());
        let json = serde_json::to_string(&bytes).expect("a string");
        assert!(json.starts_with("\"000102"));
        assert_eq!(serde_json::from_str::<HexBytes>(&json).expect("our own output"), bytes);
    }

    #[test]
    fn other_strings_are_refused() {
        for text in ["\"0\"", "\"zz\"", "\"012\"", "\"é0\"", "5", "[1]"] {
            assert!(serde_json::from_str::<HexBytes>(text).is_err(), "{text}");
        }
    }
}
