//! Expressions: numbers, characters, symbols and C's operators, in 64-bit
//! arithmetic that wraps.

use super::{Pass, Result1};

/// Whether `c` may occur in a name.
pub fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$')
}

/// How deep parentheses and signs may nest.
const DEPTH_MAX: u32 = 64;

/// Binary operators by how tightly they bind, loosest first.
const LEVELS: [&[&str]; 6] = [&["|"], &["^"], &["&"], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];

impl Pass {
    /// The value of an expression. Symbols that are not defined yet count as 0
    /// in the first pass.
    pub fn value(&self, text: &str) -> Result1<i64> {
        Parser { pass: self, rest: text, depth: 0, must_know: self.last }.whole()
    }

    /// The value of an expression on which sizes depend: all its symbols have
    /// to be defined before.
    pub fn known_value(&self, text: &str) -> Result1<i64> {
        Parser { pass: self, rest: text, depth: 0, must_know: true }.whole()
    }
}

struct Parser<'a> {
    pass: &'a Pass,
    rest: &'a str,
    depth: u32,
    must_know: bool,
}

impl Parser<'_> {
    fn whole(mut self) -> Result1<i64> {
        let value = self.level(0)?;
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() { Ok(value) } else { Err(format!("`{}` is not expected here", self.rest)) }
    }

    /// Operators of `level`, and the tighter ones between them.
    fn level(&mut self, level: usize) -> Result1<i64> {
        let Some(operators) = LEVELS.get(level) else { return self.operand() };
        let mut value = self.level(level + 1)?;
        while let Some(operator) = self.take(operators) {
            let right = self.level(level + 1)?;
            value = apply(operator, value, right)?;
        }
        Ok(value)
    }

    /// The first of `tokens` that stands here.
    fn take<'t>(&mut self, tokens: &[&'t str]) -> Option<&'t str> {
        self.rest = self.rest.trim_start();
        let token = tokens.iter().find(|token| self.rest.starts_with(**token))?;
        self.rest = &self.rest[token.len()..];
        Some(token)
    }

    fn operand(&mut self) -> Result1<i64> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("the expression is nested too deeply".to_owned());
        }
        let value = match self.take(&["-", "~", "+", "(", "'"]) {
            Some("-") => self.operand()?.wrapping_neg(),
            Some("~") => !self.operand()?,
            Some("+") => self.operand()?,
            Some("(") => self.parenthesised()?,
            Some(_) => self.character()?,
            None => self.name_or_number()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn parenthesised(&mut self) -> Result1<i64> {
        let value = self.level(0)?;
        self.take(&[")"]).ok_or("`)` is missing")?;
        Ok(value)
    }

    /// The rest of a character, behind its opening quote.
    fn character(&mut self) -> Result1<i64> {
        let end = self.rest.char_indices().skip(1).find(|(at, c)| *c == '\'' && &self.rest[..*at] != "\\");
        let (end, _) = end.ok_or("a character's closing quote is missing")?;
        let bytes = unescape(&self.rest[..end])?;
        self.rest = &self.rest[end + 1..];
        match bytes[..] {
            [byte] => Ok(i64::from(byte)),
            _ => Err("a character is one byte".to_owned()),
        }
    }

    fn name_or_number(&mut self) -> Result1<i64> {
        let end = self.rest.find(|c| !is_name_char(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word.chars().next() {
            None => Err(format!("a value is missing before `{rest}`")),
            Some(c) if c.is_ascii_digit() => self.number_or_local(word),
            Some(_) if word == "." => Ok(self.pass.here() as i64),
            Some(_) => self.symbol(word),
        }
    }

    fn number_or_local(&self, word: &str) -> Result1<i64> {
        let (digits, radix) = match word.get(..2) {
            Some("0x" | "0X") => (&word[2..], 16),
            Some("0b") if word.len() > 2 => (&word[2..], 2),
            _ => (word, 10),
        };
        if let Ok(value) = u64::from_str_radix(digits, radix) {
            return Ok(value as i64);
        }
        self.local(word).unwrap_or_else(|| Err(format!("`{word}` is no number of 64 bits")))
    }

    /// `1b`, the last label `1:` before here, or `1f`, the next one.
    fn local(&self, word: &str) -> Option<Result1<i64>> {
        let number = word[..word.len() - 1].parse::<u32>().ok()?;
        let met = self.pass.locals_met.get(&number).copied().unwrap_or(0);
        let index = match word.as_bytes().last() {
            Some(b'f') => Some(met),
            Some(b'b') => met.checked_sub(1),
            _ => return None,
        };
        let labels = self.pass.locals.get(&number);
        let address = index.and_then(|index| labels?.get(index).copied());
        Some(match address {
            Some(address) => Ok(address as i64),
            None if !self.must_know => Ok(0),
            None => Err(format!("there is no label for `{word}`")),
        })
    }

    fn symbol(&self, name: &str) -> Result1<i64> {
        match self.pass.symbols.get(name) {
            Some(value) => Ok(*value as i64),
            None if !self.must_know => Ok(0),
            None if self.pass.last => Err(format!("`{name}` is not defined")),
            None => Err(format!("`{name}` has to be defined before this line")),
        }
    }
}

fn apply(operator: &str, a: i64, b: i64) -> Result1<i64> {
    let amount = b as u32;
    Ok(match operator {
        "|" => a | b,
        "^" => a ^ b,
        "&" => a & b,
        "<<" | ">>" if !(0..64).contains(&b) => return Err(format!("{b} is no shift amount")),
        "<<" => a << amount,
        ">>" => (a as u64 >> amount) as i64,
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        _ if b == 0 => return Err("division by zero".to_owned()),
        "/" => a.wrapping_div(b),
        _ => a.wrapping_rem(b),
    })
}

/// The bytes of a string's text between its quotes.
pub fn unescape(text: &str) -> Result1<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        bytes.push(match chars.next() {
            Some('n') => b'\n',
            Some('r') => b'\r',
            Some('t') => b'\t',
            Some('e') => 0x1b,
            Some('0') => 0,
            Some(c @ ('\\' | '"' | '\'')) => c as u8,
            other => return Err(format!("`\\{}` is no escape", other.map(String::from).unwrap_or_default())),
        });
    }
    Ok(bytes)
}
