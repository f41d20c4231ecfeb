//! Doubled products, saturated: what several tables have of them.
//!
//! Source: Arm ARM, chapter C7. Only the product of the least value with itself
//! does not fit when doubled, so that nothing is wider here than the lanes of
//! products.

use ir::{IntCC, Lanes, Value};

use super::register::{Extent, Shape};
use crate::Lift;

/// The lanes twice as wide as those of a shape that has such.
fn wide(shape: Shape) -> Lanes {
    shape.lanes.wider().expect("lanes of products have 32 or 64 bits")
}

/// What `half` makes of the lower and of the upper halves of vectors; where only
/// the lower halves count, that twice.
fn halves(l: &mut Lift<'_>, shape: Shape, half: impl Fn(&mut Lift<'_>, bool) -> Value) -> [Value; 2] {
    let low = half(l, false);
    [low, if shape.extent == Extent::Full { half(l, true) } else { low }]
}

fn widen(l: &mut Lift<'_>, lanes: Lanes, value: Value, upper: bool) -> Value {
    let lanes = l.b.lanes(lanes);
    if upper { lanes.swiden_high(value) } else { lanes.swiden_low(value) }
}

/// The high half of 2 × a × b (SQDMULH), or that rounded (SQRDMULH).
pub fn doubled_high(l: &mut Lift<'_>, shape: Shape, [a, b]: [Value; 2], rounding: bool) -> Value {
    let (lanes, wide, bits) = (shape.lanes, wide(shape), u64::from(shape.lanes.ty().bits()));
    let products = halves(l, shape, |l, upper| {
        let [a, b] = [a, b].map(|v| widen(l, lanes, v, upper));
        let product = l.b.lanes(wide).imul(a, b);
        let product = if rounding { plus(l, wide, product, 1 << (bits - 2)) } else { product };
        l.b.lanes(wide).ushr_const(product, bits - 1)
    });
    let result = l.b.lanes(wide).narrow(products[0], products[1]);
    let least = l.b.lanes(lanes).splat_const(1 << (bits - 1));
    let [a, b] = [a, b].map(|v| l.b.lanes(lanes).icmp(IntCC::Eq, v, least));
    let saturated = l.b.vand(a, b);
    l.note_saturation(shape, saturated);
    // It has become the least value, whose complement is the greatest.
    l.b.vxor(result, saturated)
}

fn plus(l: &mut Lift<'_>, lanes: Lanes, value: Value, constant: u64) -> Value {
    let constant = l.b.lanes(lanes).splat_const(constant);
    l.b.lanes(lanes).iadd(value, constant)
}

/// The high half of d ± 2 × a × b, rounded (SQRDMLAH, SQRDMLSH).
pub fn accumulated_high(l: &mut Lift<'_>, shape: Shape, [d, a, b]: [Value; 3], subtract: bool) -> Value {
    let (lanes, wide, bits) = (shape.lanes, wide(shape), u64::from(shape.lanes.ty().bits()));
    let [low, high] = halves(l, shape, |l, upper| {
        let [d, a, b] = [d, a, b].map(|v| widen(l, lanes, v, upper));
        let product = l.b.lanes(wide).imul(a, b);
        // Halves of what the manual adds: they fit.
        let addend = l.b.lanes(wide).ishl_const(d, bits - 1);
        let ours = l.b.lanes(wide);
        let sum = if subtract { ours.isub(addend, product) } else { ours.iadd(addend, product) };
        let sum = plus(l, wide, sum, 1 << (bits - 2));
        l.b.lanes(wide).sshr_const(sum, bits - 1)
    });
    let result = l.b.lanes(wide).snarrow(low, high);
    let cut = l.b.lanes(wide).narrow(low, high);
    let difference = l.b.vxor(result, cut);
    l.note_saturation(shape, difference);
    result
}

/// 2 × a × b of lanes whose values have half their width (SQDMULL); with
/// `accumulate`, the vector ± that (SQDMLAL, SQDMLSL), each saturated. `true`
/// subtracts.
pub fn doubled_long(
    l: &mut Lift<'_>,
    shape: Shape,
    [a, b]: [Value; 2],
    accumulate: Option<(Value, bool)>,
) -> Value {
    let (lanes, bits) = (shape.lanes, u64::from(shape.lanes.ty().bits()));
    let product = l.b.lanes(lanes).imul(a, b);
    let greatest = l.b.lanes(lanes).splat_const(1 << (bits - 2));
    let saturated = l.b.lanes(lanes).icmp(IntCC::Eq, product, greatest);
    let doubled = l.b.lanes(lanes).iadd(product, product);
    let doubled = l.b.vxor(doubled, saturated);
    let Some((d, subtract)) = accumulate else {
        l.note_saturation(shape, saturated);
        return doubled;
    };
    let result =
        if subtract { l.b.lanes(lanes).ssub_sat(d, doubled) } else { l.b.lanes(lanes).sadd_sat(d, doubled) };
    let ours = l.b.lanes(lanes);
    let wrapped = if subtract { ours.isub(d, doubled) } else { ours.iadd(d, doubled) };
    let difference = l.b.vxor(result, wrapped);
    let difference = l.b.vor(difference, saturated);
    l.note_saturation(shape, difference);
    result
}
