//! Which accesses of a block share one look at the TLB: those at constant
//! distances from the same value, such as a function's saves to its stack frame
//! or a record's fields.
//!
//! The first of them looks for the page that all of them lie in, if it is one;
//! the others then need no look, as nothing between them can change the TLB.

use ir::{Align, BinaryOp, Block, Inst, Order, Type, Value};

/// Bytes that a group may reach, fewer than 256, which descriptions of accesses
/// have no room for. Where these are not in one page the group's first access goes
/// to tier 0, so few should be.
const SPAN_MAX: i64 = 255;

/// An access' part in its group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// It looks for itself.
    Alone,
    /// It looks for all, which reach from `below` bytes before its address to
    /// `beyond` bytes after it (the last byte's distance).
    First { below: i64, beyond: i64 },
    /// The access with this number has looked.
    Follows(usize),
}

/// Accesses that may share a look.
struct Group {
    root: Value,
    regime: u8,
    write: bool,
    /// Distances from the root of the first byte and the last.
    from: i64,
    to: i64,
    members: Vec<(usize, i64)>,
}

/// The role of each operation of a block that is an access; `Alone` for others.
pub(super) fn roles(block: &Block, types: &[Option<Type>]) -> Vec<Role> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, inst) in block.insts.iter().enumerate() {
        let (access, addr, bytes, write) = match *inst {
            Inst::Load { ty, access, addr } => (access, addr, ty.bytes(), false),
            Inst::Store { access, addr, value } => {
                let ty = types[value.index()].expect("the verifier lets no operand without a type through");
                (access, addr, ty.bytes(), true)
            }
            _ => continue,
        };
        if access.align != Align::Any || access.order != Order::Relaxed {
            continue;
        }
        let (root, from) = distance(block, addr);
        let to = from + i64::from(bytes) - 1;
        let fits = |g: &&mut Group| {
            let same = g.root == root && g.regime == access.regime && g.write == write;
            same && g.to.max(to) - g.from.min(from) < SPAN_MAX
        };
        match groups.iter_mut().find(fits) {
            Some(group) => {
                (group.from, group.to) = (group.from.min(from), group.to.max(to));
                group.members.push((index, from));
            }
            None => {
                let regime = access.regime;
                groups.push(Group { root, regime, write, from, to, members: vec![(index, from)] });
            }
        }
    }
    let mut roles = vec![Role::Alone; block.insts.len()];
    for group in groups.iter().filter(|g| g.members.len() > 1) {
        let (first, at) = group.members[0];
        roles[first] = Role::First { below: at - group.from, beyond: group.to - at };
        for (member, _) in &group.members[1..] {
            roles[*member] = Role::Follows(first);
        }
    }
    roles
}

/// An address as a value and the constant distance from it. Distances are kept
/// small, so that sums of them do not overflow.
fn distance(block: &Block, addr: Value) -> (Value, i64) {
    let (mut root, mut distance) = (addr, 0i64);
    while let Inst::Binary { op: BinaryOp::Iadd, lhs, rhs } = block.insts[root.index()]
        && let Inst::Iconst { value, .. } = block.insts[rhs.index()]
        && (value as i64).unsigned_abs() < 1 << 32
    {
        root = lhs;
        distance += value as i64;
    }
    (root, distance)
}
