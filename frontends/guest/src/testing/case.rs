//! Cases in text: a line each, `code ; before => after`. The code is the front
//! end's matter; before and after are lists of `name=value`.

use bus::AddressSpace;
use ir::StateLayout;
use std::ops::Range;

use crate::CpuState;

/// One line of a file of cases, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The file's name and the line's number, for messages.
    pub at: String,
    /// All of it.
    pub text: &'a str,
    /// The code.
    pub code: &'a str,
    /// What is set.
    pub before: &'a str,
    /// What is expected.
    pub after: &'a str,
}

/// What `read` makes of each line in `source`, a file called `name`. Empty lines
/// and lines that start with `#` are left out.
///
/// # Errors
/// The first line that is no case, and why.
pub fn lines<'a, T>(
    name: &str,
    source: &'a str,
    read: impl Fn(Line<'a>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let lines = source.lines().map(str::trim).enumerate();
    let lines = lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#'));
    lines
        .map(|(index, text)| {
            let at = format!("{name}:{}", index + 1);
            line(at.clone(), text).and_then(&read).map_err(|problem| format!("{at}: {problem}: {text}"))
        })
        .collect()
}

fn line(at: String, text: &str) -> Result<Line<'_>, String> {
    let (code, lists) = text.rsplit_once(';').ok_or("`;` is missing")?;
    let (before, after) = lists.split_once("=>").ok_or("`=>` is missing")?;
    Ok(Line { at, text, code: code.trim(), before, after })
}

/// The items of a list, whose names and values are what `read` makes of them.
///
/// # Errors
/// An item is not `name=value`, or `read` refuses it.
pub fn list<T>(text: &str, read: impl Fn(&str, &str) -> Result<T, String>) -> Result<Vec<T>, String> {
    let item = |text: &str| {
        let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not name=value"))?;
        read(name, value)
    };
    text.split_whitespace().map(item).collect()
}

/// The address and the bytes of memory called `b[…]`, `h[…]`, `w[…]` or `d[…]`;
/// `None` for another name.
///
/// # Errors
/// The name is begun so, but is no such name.
pub fn memory(name: &str) -> Result<Option<(u64, u8)>, String> {
    let Some((size, rest)) = name.split_once('[') else { return Ok(None) };
    let at = rest.strip_suffix(']').ok_or_else(|| format!("`{name}` lacks its `]`"))?;
    let bytes = match size {
        "b" => 1,
        "h" => 2,
        "w" => 4,
        "d" => 8,
        _ => return Err(format!("`{size}` is no size of memory")),
    };
    Ok(Some((number(at)? as u64, bytes)))
}

/// A number, decimal or hexadecimal, with or without a sign; 64 bits of a negative
/// one.
///
/// # Errors
/// It is none, or has more than 128 bits.
pub fn number(text: &str) -> Result<u128, String> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let magnitude = match digits.strip_prefix("0x") {
        Some(hex) => u128::from_str_radix(&hex.replace('_', ""), 16),
        None => digits.parse(),
    };
    let magnitude = magnitude.map_err(|_| format!("`{text}` is no value"))?;
    Ok(if negative { (magnitude as u64).wrapping_neg().into() } else { magnitude })
}

/// Every slot, and every eight bytes of memory at `ram`, that are not as wanted.
pub fn differences(
    layout: &StateLayout,
    ram: Range<u64>,
    (cpu, space): (&CpuState, &AddressSpace),
    (want, want_space): (&CpuState, &AddressSpace),
) -> Vec<String> {
    let mut problems = Vec::new();
    for (word, info) in layout.slots().iter().enumerate() {
        let (found, wanted) = (cpu.words[word], want.words[word]);
        if found != wanted {
            problems.push(format!("{} is {found:#x}, not {wanted:#x}", info.name));
        }
    }
    for at in ram.step_by(8) {
        let (found, wanted) = (space.read(at, 8), want_space.read(at, 8));
        if found != wanted {
            problems.push(format!("memory at {at:#x} is {found:x?}, not {wanted:x?}"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let source = "# what\n\n a; b ; x=1 y=2 => z=3\n";
        let found = lines("f", source, Ok).expect("a case");
        let (at, text) = ("f:3".into(), "a; b ; x=1 y=2 => z=3");
        assert_eq!(found, [Line { at, text, code: "a; b", before: " x=1 y=2 ", after: " z=3" }]);
        for (wrong, part) in [("a => b", "`;`"), ("a ; b", "`=>`")] {
            let problem = lines("f", wrong, Ok).expect_err("no case");
            assert!(problem.starts_with("f:1: ") && problem.contains(part), "{problem}");
        }
    }

    #[test]
    fn names_of_memory_and_numbers() {
        assert_eq!(memory("h[0x2000]"), Ok(Some((0x2000, 2))));
        assert_eq!((memory("x0"), memory("q[0]").is_err(), memory("b[0").is_err()), (Ok(None), true, true));
        assert_eq!([number("-1"), number("0xffff_0000")], [Ok(u64::MAX.into()), Ok(0xffff_0000)]);
        assert!(["", "0x", "y", "1x"].iter().all(|text| number(text).is_err()));
        assert!(list("x0", |_, _| Ok(())).is_err() && list("x0=", |_, value| number(value)).is_err());
    }
}
