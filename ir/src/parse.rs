//! Reads the text form that [`crate::print`] describes.
//!
//! It is a little more liberal than what is printed: numbers may be decimal,
//! values may carry any number that is not taken, white space is free inside a
//! line, and `;` starts a comment.

mod line;

use crate::{
    Align, Args, BinaryOp, Block, BlockKey, FlagSlots, FlagsOp, HashOp, HelperId, Hint, Inst, IntCC,
    LaneBinaryOp, LaneUnaryOp, Lanes, Leave, MemAccess, Order, RmwOp, Slot, Spec, Terminator, Type, UnaryOp,
    Value,
};
use line::{Line, Token};
use std::collections::HashMap;
use thiserror::Error;

/// Text that is no block.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum Reason {
    /// Something else has to stand here.
    #[error("expected {expected}, found `{found}`")]
    Expected {
        /// What has to.
        expected: &'static str,
        /// What does; empty at the end of a line.
        found: String,
    },
    /// No operation has this name.
    #[error("there is no operation `{0}`")]
    UnknownOperation(String),
    /// No slot has this name.
    #[error("there is no slot `{0}`")]
    UnknownSlot(String),
    /// No helper has this name.
    #[error("there is no helper `{0}`")]
    UnknownHelper(String),
    /// No earlier operation yields this value.
    #[error("`v{0}` is not defined before")]
    Undefined(u32),
    /// An earlier operation yields this value.
    #[error("`v{0}` is defined already")]
    Redefined(u32),
    /// The operation yields a value that nothing names.
    #[error("the operation yields a value: write `v… =` before it")]
    Unnamed,
    /// The operation yields nothing that could be named.
    #[error("the operation yields no value")]
    NoResult,
    /// A slot is read as what it is not.
    #[error("the slot is an {0}")]
    SlotType(Type),
    /// The number does not fit the place it is for.
    #[error("`{0}` does not fit")]
    TooLarge(String),
    /// A helper takes at most four arguments.
    #[error("a helper takes at most four arguments")]
    Arguments,
    /// The text ends before the block does.
    #[error("the block has no terminator")]
    NoTerminator,
}

/// Reads one block. The result need not verify.
///
/// # Errors
/// Where the text first differs from the form, and how.
pub fn parse(text: &str, spec: &Spec) -> Result<Block, ParseError> {
    let mut lines =
        text.lines().enumerate().map(|(i, line)| Line::new(i + 1, line)).filter(|l| !l.is_empty());
    let nothing = || Line::new(text.lines().count().max(1), "");
    let (key, insns, bytes) = header(&mut lines.next().unwrap_or_else(nothing))?;
    let mut parser = Parser { spec, insts: Vec::new(), values: HashMap::new() };
    let terminator = loop {
        let Some(mut line) = lines.next() else {
            return Err(nothing().error(Reason::NoTerminator));
        };
        if let Some(terminator) = parser.operation(&mut line)? {
            break terminator;
        }
    };
    match lines.next() {
        Some(line) => Err(line.expected("nothing after the terminator")),
        None => Ok(Block { key, insts: parser.insts, terminator, insns, bytes }),
    }
}

/// `block <pc> mode <mode> insns <count> bytes <count>`
fn header(line: &mut Line<'_>) -> Result<(BlockKey, u32, u32), ParseError> {
    line.keyword("block")?;
    let pc = line.integer()?;
    line.keyword("mode")?;
    let mode = line.small()?;
    line.keyword("insns")?;
    let insns = line.small()?;
    line.keyword("bytes")?;
    let bytes = line.small()?;
    line.end()?;
    Ok((BlockKey { pc, mode }, insns, bytes))
}

/// The member of `all` that is called `text`.
fn find<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &str) -> Option<T> {
    all.iter().copied().find(|&item| name(item) == text)
}

/// The block so far.
struct Parser<'a> {
    spec: &'a Spec,
    insts: Vec<Inst>,
    values: HashMap<u32, Value>,
}

impl Parser<'_> {
    /// Appends the operation on `line`, or yields the terminator.
    fn operation(&mut self, line: &mut Line<'_>) -> Result<Option<Terminator>, ParseError> {
        let result = if line.has_assignment() { Some(self.new_value(line)?) } else { None };
        let name = line.word("an operation")?;
        if result.is_none()
            && let Some(terminator) = self.terminator(name.text, line)?
        {
            line.end()?;
            return Ok(Some(terminator));
        }
        let inst = self.inst(name, line)?;
        line.end()?;
        match (result, inst.has_result(self.spec)) {
            (None, true) => return Err(line.error_at(name, Reason::Unnamed)),
            (Some(_), false) => return Err(line.error_at(name, Reason::NoResult)),
            (Some(number), true) => drop(self.values.insert(number, Value(self.insts.len() as u32))),
            (None, false) => (),
        }
        self.insts.push(inst);
        Ok(None)
    }

    /// `v<number> =`
    fn new_value(&self, line: &mut Line<'_>) -> Result<u32, ParseError> {
        let (token, number) = line.value()?;
        if self.values.contains_key(&number) {
            return Err(line.error_at(token, Reason::Redefined(number)));
        }
        line.keyword("=")?;
        Ok(number)
    }

    fn value(&self, line: &mut Line<'_>) -> Result<Value, ParseError> {
        let (token, number) = line.value()?;
        let known = self.values.get(&number).copied();
        known.ok_or_else(|| line.error_at(token, Reason::Undefined(number)))
    }

    /// `, v<number>`
    fn next_value(&self, line: &mut Line<'_>) -> Result<Value, ParseError> {
        line.keyword(",")?;
        self.value(line)
    }

    fn slot(&self, line: &mut Line<'_>) -> Result<Slot, ParseError> {
        let token = line.word("a slot")?;
        let slot = self.spec.layout.by_name(token.text);
        slot.ok_or_else(|| line.error_at(token, Reason::UnknownSlot(token.text.to_owned())))
    }

    fn flag_slots(&self, line: &mut Line<'_>) -> Result<FlagSlots, ParseError> {
        let next = |line: &mut Line<'_>| {
            line.keyword(",")?;
            self.slot(line)
        };
        let (negative, zero) = (self.slot(line)?, next(line)?);
        Ok(FlagSlots { negative, zero, carry: next(line)?, overflow: next(line)? })
    }

    /// The name of an operation and its operands.
    fn inst(&self, name: Token<'_>, line: &mut Line<'_>) -> Result<Inst, ParseError> {
        let unknown = |line: &Line<'_>| line.error_at(name, Reason::UnknownOperation(name.text.to_owned()));
        let Some((base, suffix)) = name.text.split_once('.') else {
            return match self.plain(name.text, line)? {
                Some(inst) => Ok(inst),
                None => Err(unknown(line)),
            };
        };
        if let Some(ty) = find(&Type::ALL, Type::name, suffix)
            && let Some(inst) = self.typed(base, ty, line)?
        {
            return Ok(inst);
        }
        if let Some(inst) = self.on_lanes(name.text, line)? {
            return Ok(inst);
        }
        if base == "set_flags"
            && let Some(op) = find(&FlagsOp::ALL, FlagsOp::name, suffix)
        {
            let flags = self.flag_slots(line)?;
            return Ok(Inst::SetFlags {
                op,
                flags,
                lhs: self.next_value(line)?,
                rhs: self.next_value(line)?,
            });
        }
        match (base, find(&IntCC::ALL, IntCC::name, suffix), find(&RmwOp::ALL, RmwOp::name, suffix)) {
            ("icmp", Some(cond), _) => {
                Ok(Inst::Icmp { cond, lhs: self.value(line)?, rhs: self.next_value(line)? })
            }
            ("atomic_rmw", _, Some(op)) => {
                let (access, addr) = self.access(line)?;
                Ok(Inst::AtomicRmw { op, access, addr, value: self.next_value(line)? })
            }
            _ => Err(unknown(line)),
        }
    }

    /// Operations with a type: `<base>.<ty>`.
    fn typed(&self, base: &str, ty: Type, line: &mut Line<'_>) -> Result<Option<Inst>, ParseError> {
        Ok(Some(match base {
            "iconst" => Inst::Iconst { ty, value: line.constant(ty)? },
            "get" => {
                let slot = self.slot(line)?;
                match self.spec.layout.info(slot).ty {
                    actual if actual == ty => Inst::Get { slot },
                    actual => return Err(line.error_at_last(Reason::SlotType(actual))),
                }
            }
            "uextend" => Inst::Uextend { ty, value: self.value(line)? },
            "sextend" => Inst::Sextend { ty, value: self.value(line)? },
            "ireduce" => Inst::Ireduce { ty, value: self.value(line)? },
            "load" => {
                let (access, addr) = self.access(line)?;
                Inst::Load { ty, access, addr }
            }
            "load_reserved" => {
                let (access, addr) = self.access(line)?;
                Inst::LoadReserved { ty, access, addr }
            }
            _ => return Ok(None),
        }))
    }

    /// Operations with lanes: `<base>.<lanes>`.
    fn on_lanes(&self, name: &str, line: &mut Line<'_>) -> Result<Option<Inst>, ParseError> {
        let Some((base, suffix)) = name.rsplit_once('.') else { return Ok(None) };
        let Some(lanes) = find(&Lanes::ALL, Lanes::name, suffix) else { return Ok(None) };
        if let Some(op) = find(&LaneBinaryOp::ALL, LaneBinaryOp::name, base) {
            return Ok(Some(Inst::LaneBinary {
                op,
                lanes,
                lhs: self.value(line)?,
                rhs: self.next_value(line)?,
            }));
        }
        if let Some(op) = find(&LaneUnaryOp::ALL, LaneUnaryOp::name, base) {
            return Ok(Some(Inst::LaneUnary { op, lanes, value: self.value(line)? }));
        }
        if let Some(cond) = base.strip_prefix("icmp.").and_then(|cond| find(&IntCC::ALL, IntCC::name, cond)) {
            let (lhs, rhs) = (self.value(line)?, self.next_value(line)?);
            return Ok(Some(Inst::LaneIcmp { cond, lanes, lhs, rhs }));
        }
        Ok(Some(match base {
            "lane_call" => {
                let (helper, args) = self.call(line)?;
                Inst::LaneCall { helper, lanes, args }
            }
            "splat" => Inst::Splat { lanes, value: self.value(line)? },
            "extractlane" => {
                let value = self.value(line)?;
                Inst::ExtractLane { lanes, lane: lane(line)?, value }
            }
            "insertlane" => {
                let vector = self.value(line)?;
                let lane = lane(line)?;
                Inst::InsertLane { lanes, lane, vector, value: self.next_value(line)? }
            }
            _ => return Ok(None),
        }))
    }

    /// Operations with neither type nor condition.
    fn plain(&self, name: &str, line: &mut Line<'_>) -> Result<Option<Inst>, ParseError> {
        if let Some(op) = find(&BinaryOp::ALL, BinaryOp::name, name) {
            return Ok(Some(Inst::Binary { op, lhs: self.value(line)?, rhs: self.next_value(line)? }));
        }
        if let Some(op) = find(&UnaryOp::ALL, UnaryOp::name, name) {
            return Ok(Some(Inst::Unary { op, value: self.value(line)? }));
        }
        if let Some(op) = find(&HashOp::ALL, HashOp::name, name) {
            let first = self.value(line)?;
            let (second, words) = (self.next_value(line)?, self.next_value(line)?);
            return Ok(Some(Inst::HashRounds { op, first, second, words }));
        }
        Ok(Some(match name {
            "insn" => Inst::Insn { pc: line.integer()? },
            "code_address" => Inst::CodeAddress { pc: line.integer()? },
            "fence" => Inst::Fence,
            "trap_if" => {
                let cond = self.value(line)?;
                line.keyword(",")?;
                Inst::TrapIf { cond, cause: line.integer()?, value: self.next_value(line)? }
            }
            "call" => {
                let (helper, args) = self.call(line)?;
                Inst::Call { helper, args }
            }
            "set" => Inst::Set { slot: self.slot(line)?, value: self.next_value(line)? },
            "select" => {
                let cond = self.value(line)?;
                Inst::Select { cond, then: self.next_value(line)?, other: self.next_value(line)? }
            }
            "iconcat" => Inst::Iconcat { low: self.value(line)?, high: self.next_value(line)? },
            "bitselect" => {
                let mask = self.value(line)?;
                Inst::Bitselect { mask, then: self.next_value(line)?, other: self.next_value(line)? }
            }
            "shuffle" => {
                let lhs = self.value(line)?;
                Inst::Shuffle { lhs, rhs: self.next_value(line)?, mask: self.next_value(line)? }
            }
            "store" => {
                let (access, addr) = self.access(line)?;
                Inst::Store { access, addr, value: self.next_value(line)? }
            }
            "store_conditional" => {
                let (access, addr) = self.access(line)?;
                Inst::StoreConditional { access, addr, value: self.next_value(line)? }
            }
            "atomic_cas" => {
                let (access, addr) = self.access(line)?;
                let expected = self.next_value(line)?;
                Inst::AtomicCas { access, addr, expected, new: self.next_value(line)? }
            }
            _ => return Ok(None),
        }))
    }

    /// `<helper> v<number>, v<number>…`
    fn call(&self, line: &mut Line<'_>) -> Result<(HelperId, Args), ParseError> {
        let token = line.word("a helper")?;
        let helper = self.spec.helper_by_name(token.text);
        let unknown = || Reason::UnknownHelper(token.text.to_owned());
        let helper = helper.ok_or_else(|| line.error_at(token, unknown()))?;
        let mut args = Vec::new();
        while !line.is_at_end() {
            if args.len() == 4 {
                return Err(line.error(Reason::Arguments));
            }
            args.push(if args.is_empty() { self.value(line)? } else { self.next_value(line)? });
        }
        Ok((helper, Args::new(&args)))
    }

    /// `r<regime> [aligned] [<order>] v<address>`
    fn access(&self, line: &mut Line<'_>) -> Result<(MemAccess, Value), ParseError> {
        let token = line.word("a translation regime")?;
        let Some(regime) = line::numbered(token, 'r').and_then(|n| u8::try_from(n).ok()) else {
            return Err(line.expected_at(token, "a translation regime such as `r0`"));
        };
        let align = if line.accept("aligned") { Align::Natural } else { Align::Any };
        let order = Order::ALL.into_iter().find(|order| line.accept(order.name()));
        let access = MemAccess { align, order: order.unwrap_or(Order::Relaxed), regime };
        Ok((access, self.value(line)?))
    }

    fn terminator(&self, name: &str, line: &mut Line<'_>) -> Result<Option<Terminator>, ParseError> {
        Ok(Some(match name {
            "jump" => Terminator::Jump { pc: line.integer()? },
            "branch" => {
                let cond = self.value(line)?;
                line.keyword(",")?;
                let taken = line.integer()?;
                line.keyword(",")?;
                Terminator::Branch { cond, taken, other: line.integer()? }
            }
            "indirect" => Terminator::Indirect { target: self.value(line)?, hint: hint(line)? },
            "leave" => {
                let token = line.word("a reason to leave")?;
                match find(&Leave::ALL, Leave::name, token.text) {
                    Some(reason) => Terminator::Leave { reason, pc: self.next_value(line)? },
                    None => return Err(line.expected_at(token, "`resume`, `idle` or `firmware`")),
                }
            }
            "trap" => {
                let cause = line.integer()?;
                Terminator::Trap { cause, value: self.next_value(line)? }
            }
            _ => return Ok(None),
        }))
    }
}

/// `, <lane>`
fn lane(line: &mut Line<'_>) -> Result<u8, ParseError> {
    line.keyword(",")?;
    Ok(line.constant(Type::I8)? as u8)
}

/// `[, call <address>]` or `[, return]`
fn hint(line: &mut Line<'_>) -> Result<Hint, ParseError> {
    if line.is_at_end() {
        return Ok(Hint::Other);
    }
    line.keyword(",")?;
    if line.accept("return") {
        return Ok(Hint::Return);
    }
    if !line.accept("call") {
        return Err(line.expected("`call` or `return`"));
    }
    Ok(Hint::Call { ret: line.integer()? })
}
