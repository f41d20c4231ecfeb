//! A small assembler in the GNU notation, over the same rows as the decoder.
//!
//! One section, two passes: the first finds the addresses of labels, the
//! second emits. A statement has the same size in both, so `li` wants a
//! constant that is known where it stands, and `la` and `call` always take two
//! instructions. Instructions are never compressed. Statements are ended by a
//! line's end or `;`, comments start with `#`.
//!
//! Source of the notation: RISC-V Unprivileged ISA (20240411), chapter 36, and
//! the GNU assembler's manual for the directives.

mod directive;
mod expr;
mod operand;
mod pseudo;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt;
use std::sync::LazyLock;

use guest::Row;

use crate::Op;
use crate::alias::{ALIASES, SWAPPED};
use crate::decode::SETS;
use crate::disasm::usual_rounding;
use crate::syntax::{self, Operand};

pub(crate) use operand::{f_register, x_register};

/// An assembled program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// Address of the first byte.
    pub base: u64,
    /// Code and data.
    pub bytes: Vec<u8>,
    /// Labels and constants.
    pub symbols: BTreeMap<String, u64>,
}

/// What is wrong with a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AsmError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for AsmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Error for AsmError {}

/// Assembles `source`, to be loaded at `base`.
///
/// # Errors
/// The first mistake in the source.
pub fn assemble(source: &str, base: u64) -> Result<Program, AsmError> {
    let mut pass = Pass::new(base, false);
    pass.run(source)?;
    let mut last = Pass { symbols: pass.symbols, locals: pass.locals, ..Pass::new(base, true) };
    last.run(source)?;
    Ok(Program { base, bytes: last.bytes, symbols: last.symbols })
}

/// A message; the line is added where it is known.
type Result1<T> = Result<T, String>;

/// One walk over the source.
struct Pass {
    base: u64,
    /// Everything is known, and is checked.
    last: bool,
    bytes: Vec<u8>,
    symbols: BTreeMap<String, u64>,
    /// Addresses of numeric labels, in the order in which they occur.
    locals: HashMap<u32, Vec<u64>>,
    /// How many of each number this pass has met.
    locals_met: HashMap<u32, usize>,
    /// Symbols that this pass has defined, by the line.
    defined: HashMap<String, usize>,
    line: usize,
}

impl Pass {
    fn new(base: u64, last: bool) -> Pass {
        Pass {
            base,
            last,
            bytes: Vec::new(),
            symbols: BTreeMap::new(),
            locals: HashMap::new(),
            locals_met: HashMap::new(),
            defined: HashMap::new(),
            line: 0,
        }
    }

    fn run(&mut self, source: &str) -> Result<(), AsmError> {
        for (index, line) in source.lines().enumerate() {
            self.line = index + 1;
            for statement in split(strip_comment(line), ';') {
                let done = self.statement(statement.trim());
                done.map_err(|message| AsmError { line: self.line, message })?;
            }
        }
        Ok(())
    }

    /// The address of the next byte.
    fn here(&self) -> u64 {
        self.base.wrapping_add(self.bytes.len() as u64)
    }

    /// Labels, then a directive or an instruction, or nothing.
    fn statement(&mut self, mut text: &str) -> Result1<()> {
        while let Some((label, rest)) = text.split_once(':') {
            if !label.chars().all(expr::is_name_char) || label.is_empty() {
                break;
            }
            self.label(label)?;
            text = rest.trim_start();
        }
        if text.is_empty() {
            return Ok(());
        }
        let (name, operands) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let operands = operands.trim();
        let list: Vec<&str> = if operands.is_empty() { vec![] } else { split(operands, ',') };
        let list: Vec<&str> = list.into_iter().map(str::trim).collect();
        if name.starts_with('.') {
            return self.directive(name, &list);
        }
        if !self.here().is_multiple_of(2) {
            return Err(format!(
                "`{name}` is at the odd address {:#x}; use .balign 4 before it",
                self.here()
            ));
        }
        if self.pseudo(name, &list)? { Ok(()) } else { self.instruction(name, &list) }
    }

    fn label(&mut self, label: &str) -> Result1<()> {
        let here = self.here();
        if let Ok(number) = label.parse::<u32>() {
            *self.locals_met.entry(number).or_default() += 1;
            if !self.last {
                self.locals.entry(number).or_default().push(here);
            }
            return Ok(());
        }
        self.define(label, here)
    }

    /// Gives `name` a value, once.
    fn define(&mut self, name: &str, value: u64) -> Result1<()> {
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(format!("`{name}` is neither a number nor a name"));
        }
        if let Some(line) = self.defined.insert(name.to_owned(), self.line) {
            return Err(format!("`{name}` is defined already in line {line}"));
        }
        self.symbols.insert(name.to_owned(), value);
        Ok(())
    }

    /// Emits one instruction.
    fn instruction(&mut self, name: &str, list: &[&str]) -> Result1<()> {
        let (name, ordering) = split_ordering(name);
        let forms = FORMS.get(name).ok_or_else(|| format!("there is no instruction `{name}`"))?;
        let fits = |form: &&Form| form.counts().contains(&list.len());
        let forms: Vec<&Form> = forms.iter().filter(fits).collect();
        let mut problem = format!("`{name}` does not take {} operands", list.len());
        for form in forms {
            match self.encode(form, list) {
                Ok(op) => {
                    let op = ordering.map_or(op, |(aq, rl)| op.with_aq_rl(aq, rl));
                    self.bytes.extend(op.0.to_le_bytes());
                    return Ok(());
                }
                Err(message) => problem = message,
            }
        }
        Err(problem)
    }

    fn encode(&self, form: &Form, list: &[&str]) -> Result1<Op> {
        let mut op = Op(form.value);
        let left_out = form.operands.len() - list.len();
        if left_out == 1 {
            op = op.with_rm(usual_rounding(op));
        }
        for (operand, text) in form.operands.iter().zip(list) {
            op = self.operand(op, *operand, text)?;
        }
        Ok(op)
    }
}

/// One way to write a mnemonic's operands.
struct Form {
    value: u32,
    operands: Vec<Operand>,
}

impl Form {
    fn new<F: Copy>(row: &Row<F>) -> Form {
        Form { value: row.pattern.value as u32, operands: syntax::operands(row) }
    }

    /// How many operands there may be: a rounding mode may be left out.
    fn counts(&self) -> std::ops::RangeInclusive<usize> {
        let all = self.operands.len();
        let optional = usize::from(self.operands.last() == Some(&Operand::Rounding));
        all - optional..=all
    }
}

/// All forms by mnemonic; the instruction itself before its short forms.
static FORMS: LazyLock<HashMap<&'static str, Vec<Form>>> = LazyLock::new(|| {
    let mut forms: HashMap<_, Vec<Form>> = HashMap::new();
    for row in SETS.iter().flat_map(|set| set.rows) {
        forms.entry(row.name).or_default().push(Form::new(row));
    }
    for row in ALIASES.iter().chain(SWAPPED) {
        forms.entry(row.name).or_default().push(Form::new(row));
    }
    forms
});

/// The mnemonic without the suffix of an atomic instruction, and its bits.
fn split_ordering(name: &str) -> (&str, Option<(bool, bool)>) {
    let suffixes = [(".aqrl", (true, true)), (".aq", (true, false)), (".rl", (false, true))];
    let atomic = name.starts_with("amo") || name.starts_with("lr.") || name.starts_with("sc.");
    let found = suffixes.iter().find_map(|(suffix, bits)| Some((name.strip_suffix(suffix)?, Some(*bits))));
    found.filter(|_| atomic).unwrap_or((name, None))
}

/// Without a `#` comment; `#` in quotes is none.
fn strip_comment(line: &str) -> &str {
    split(line, '#').first().copied().unwrap_or("")
}

/// Splits at `separator` outside quotes and parentheses.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0i32);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => skip_quoted(&mut chars, '"'),
            '\'' => skip_quoted(&mut chars, '\''),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => (),
        }
        if c == separator && depth <= 0 {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Moves behind the closing `quote`.
fn skip_quoted(chars: &mut std::str::CharIndices<'_>, quote: char) {
    while let Some((_, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            break;
        }
    }
}

#[cfg(test)]
mod tests;
