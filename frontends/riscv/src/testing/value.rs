//! Names and values of a case's lists.

use guest::testing::case::{memory, number};
use ir::Slot;

use crate::asm::{f_register, x_register};
use crate::fp::{BOX, CANONICAL_NAN_S};
use crate::state;

/// What a case sets or expects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A register or other slot.
    Slot(Slot),
    /// So many bytes of memory.
    Memory {
        /// Their address.
        at: u64,
        /// How many.
        bytes: u8,
    },
    /// The cause of an exception that is taken.
    Trap,
    /// The datum of that exception.
    Tval,
}

/// One `name=value`.
pub fn item(name: &str, value: &str) -> Result<(Place, u64), String> {
    Ok((place(name)?, parse_value(value)?))
}

fn place(name: &str) -> Result<Place, String> {
    if let Some((at, bytes)) = memory(name)? {
        return Ok(Place::Memory { at, bytes });
    }
    match name {
        "trap" => return Ok(Place::Trap),
        "tval" => return Ok(Place::Tval),
        _ => (),
    }
    if let Ok(n) = x_register(name) {
        return Ok(Place::Slot(state::x(n)));
    }
    if let Ok(n) = f_register(name) {
        return Ok(Place::Slot(state::f(n)));
    }
    let slot = state::layout().by_name(name);
    slot.map(Place::Slot).ok_or_else(|| format!("there is no register `{name}`"))
}

/// A number, or `s:` or `d:` and a floating-point one.
fn parse_value(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no value");
    if let Some(single) = text.strip_prefix("s:") {
        return Ok(BOX | single_bits(single).ok_or_else(wrong)?);
    }
    if let Some(double) = text.strip_prefix("d:") {
        return double_bits(double).ok_or_else(wrong);
    }
    number(text)?.try_into().map_err(|_| wrong())
}

fn single_bits(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok().map(u64::from),
        None if text == "nan" => Some(CANONICAL_NAN_S),
        None => text.parse::<f32>().ok().map(|number| number.to_bits().into()),
    }
}

fn double_bits(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None if text == "nan" => Some(0x7ff8_0000_0000_0000),
        None => text.parse::<f64>().ok().map(f64::to_bits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guest::testing::case::list;

    #[test]
    fn values_are_numbers_of_three_kinds() {
        let cases = [
            ("-1", u64::MAX),
            ("0xffff_0000", 0xffff_0000),
            ("-0x80000000", 0xffff_ffff_8000_0000),
            ("s:1.5", 0xffff_ffff_3fc0_0000),
            ("s:-0", 0xffff_ffff_8000_0000),
            ("s:nan", 0xffff_ffff_7fc0_0000),
            ("s:0x7f800001", 0xffff_ffff_7f80_0001),
            ("d:-inf", 0xfff0_0000_0000_0000),
            ("d:nan", 0x7ff8_0000_0000_0000),
            ("d:1e-310", 1e-310f64.to_bits()),
        ];
        for (text, value) in cases {
            assert_eq!(parse_value(text), Ok(value), "{text}");
        }
        assert!(parse_value("s:").is_err() && parse_value("0x").is_err() && parse_value("").is_err());
    }

    #[test]
    fn names_are_registers_slots_and_memory() {
        let item = |text| list(text, item).map(|items| items[0]);
        assert_eq!(item("a0=1"), Ok((Place::Slot(state::x(10)), 1)));
        assert_eq!(item("fa0=1"), Ok((Place::Slot(state::f(10)), 1)));
        assert_eq!(item("frm=1"), Ok((Place::Slot(state::FRM), 1)));
        assert_eq!(item("h[0x2000]=1"), Ok((Place::Memory { at: 0x2000, bytes: 2 }, 1)));
        assert!(
            item("q0=1").is_err() && item("q[0]=1").is_err() && item("b[0=1").is_err() && item("a0").is_err()
        );
    }
}
