//! One line of text as tokens: words, commas and equals signs.

use super::{ParseError, Reason};
use crate::Type;

/// A word or punctuation mark.
#[derive(Clone, Copy)]
pub struct Token<'t> {
    pub text: &'t str,
    column: usize,
}

/// A line and how far it has been read.
pub struct Line<'t> {
    number: usize,
    tokens: Vec<Token<'t>>,
    next: usize,
    end_column: usize,
}

impl<'t> Line<'t> {
    pub fn new(number: usize, text: &'t str) -> Line<'t> {
        let text = text.split(';').next().unwrap_or("").trim_end();
        let mut tokens = Vec::new();
        let mut word_start = None;
        let mut column = 1;
        for (at, c) in text.char_indices() {
            let is_mark = c == ',' || c == '=';
            if is_mark || c.is_whitespace() {
                if let Some((from, column)) = word_start.take() {
                    tokens.push(Token { text: &text[from..at], column });
                }
                if is_mark {
                    tokens.push(Token { text: &text[at..at + 1], column });
                }
            } else if word_start.is_none() {
                word_start = Some((at, column));
            }
            column += 1;
        }
        if let Some((from, column)) = word_start {
            tokens.push(Token { text: &text[from..], column });
        }
        Line { number, tokens, next: 0, end_column: column }
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub fn is_at_end(&self) -> bool {
        self.next == self.tokens.len()
    }

    /// Whether the second token is an equals sign.
    pub fn has_assignment(&self) -> bool {
        self.tokens.get(1).is_some_and(|token| token.text == "=")
    }

    /// The next token, unread; empty at the end.
    fn peek(&self) -> Token<'t> {
        let end = Token { text: "", column: self.end_column };
        self.tokens.get(self.next).copied().unwrap_or(end)
    }

    /// Reads `text` if it comes next.
    pub fn accept(&mut self, text: &str) -> bool {
        let is_next = self.peek().text == text;
        self.next += usize::from(is_next);
        is_next
    }

    pub fn keyword(&mut self, text: &'static str) -> Result<(), ParseError> {
        if self.accept(text) { Ok(()) } else { Err(self.expected(text)) }
    }

    pub fn word(&mut self, what: &'static str) -> Result<Token<'t>, ParseError> {
        let token = self.peek();
        if matches!(token.text, "" | "," | "=") {
            return Err(self.expected(what));
        }
        self.next += 1;
        Ok(token)
    }

    /// `v<number>`
    pub fn value(&mut self) -> Result<(Token<'t>, u32), ParseError> {
        let token = self.word("a value")?;
        match numbered(token, 'v') {
            Some(number) => Ok((token, number)),
            None => Err(self.expected_at(token, "a value such as `v0`")),
        }
    }

    /// A number of up to 64 bits.
    pub fn integer(&mut self) -> Result<u64, ParseError> {
        let token = self.word("a number")?;
        magnitude(token.text).ok_or_else(|| self.expected_at(token, "a number of up to 64 bits"))
    }

    /// A number of up to 32 bits.
    pub fn small(&mut self) -> Result<u32, ParseError> {
        let token = self.peek();
        let number = self.integer()?;
        u32::try_from(number).map_err(|_| self.error_at(token, Reason::TooLarge(token.text.to_owned())))
    }

    /// A number of type `ty`, signed or unsigned; zero-extended.
    pub fn constant(&mut self, ty: Type) -> Result<u64, ParseError> {
        let token = self.peek();
        let (negative, text) = match token.text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, token.text),
        };
        let Some(number) = magnitude(text) else {
            return Err(self.expected("a number of up to 64 bits"));
        };
        self.next += 1;
        let most = if negative { ty.mask() / 2 + 1 } else { ty.mask() };
        if number > most {
            return Err(self.error_at(token, Reason::TooLarge(token.text.to_owned())));
        }
        Ok(if negative { number.wrapping_neg() & ty.mask() } else { number })
    }

    pub fn end(&self) -> Result<(), ParseError> {
        if self.is_at_end() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }

    /// Something else has to stand next.
    pub fn expected(&self, expected: &'static str) -> ParseError {
        self.expected_at(self.peek(), expected)
    }

    pub fn expected_at(&self, token: Token<'_>, expected: &'static str) -> ParseError {
        self.error_at(token, Reason::Expected { expected, found: token.text.to_owned() })
    }

    pub fn error(&self, reason: Reason) -> ParseError {
        self.error_at(self.peek(), reason)
    }

    /// An error in what was read last.
    pub fn error_at_last(&self, reason: Reason) -> ParseError {
        let last = self.next.checked_sub(1).and_then(|i| self.tokens.get(i)).copied();
        self.error_at(last.unwrap_or_else(|| self.peek()), reason)
    }

    pub fn error_at(&self, token: Token<'_>, reason: Reason) -> ParseError {
        ParseError { line: self.number, column: token.column, reason }
    }
}

/// The number in a word that is `letter` and decimal digits.
pub fn numbered(token: Token<'_>, letter: char) -> Option<u32> {
    let digits = token.text.strip_prefix(letter)?;
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// Decimal or, after `0x`, hexadecimal digits, and nothing else.
fn magnitude(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.starts_with('+') {
        return None; // The standard library would take it.
    }
    u64::from_str_radix(digits, radix).ok()
}
