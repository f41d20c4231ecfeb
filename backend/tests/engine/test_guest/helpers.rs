//! The test guest's helpers: those of [`ir::testing`], then one for each effect
//! a helper may have.

use super::map::{self, RAM, RAM_PAGES, page};
use super::state::{self, ENABLE, EPC, HISTORY, MAP, MODE, OLD_MODE, SPACE, START};
use bus::PAGE_BYTES;
use guest::{Env, Fault, Flush, Helper, HelperFn};
use ir::{Effects, HelperDecl, HelperId, Slot, SlotSet, Spec};

const BASE: HelperDecl = HelperDecl {
    name: "",
    args: 1,
    returns: false,
    reads: SlotSet::NONE,
    writes: SlotSet::NONE,
    effects: Effects::CONTROL,
    inline: &[],
};

/// What is added: declaration and code.
#[rustfmt::skip]
const ADDED: [Helper; 9] = [
    Helper { decl: HelperDecl { name: "now", args: 0, returns: true, effects: Effects::OBSERVE, ..BASE }, run: now },
    Helper { decl: HelperDecl { name: "count", args: 0, returns: true, effects: Effects::OBSERVE, ..BASE }, run: count },
    Helper { decl: HelperDecl { name: "poke", args: 2, effects: Effects::MEMORY, ..BASE }, run: poke },
    Helper { decl: HelperDecl { name: "unreserve", effects: Effects::MEMORY, ..BASE }, run: unreserve },
    Helper { decl: HelperDecl { name: "set_mode", writes: SlotSet::These(&[MODE]), ..BASE }, run: set_mode },
    Helper { decl: HelperDecl { name: "set_map", writes: SlotSet::These(&[MAP]), ..BASE }, run: set_map },
    Helper { decl: HelperDecl { name: "set_space", writes: SlotSet::These(&[SPACE]), ..BASE }, run: set_space },
    Helper { decl: HelperDecl { name: "set_enable", writes: SlotSet::These(&[ENABLE]), ..BASE }, run: set_enable },
    Helper { decl: HelperDecl { name: "return", args: 0, returns: true, reads: SlotSet::These(RETURN_READS),
        writes: SlotSet::These(&[MODE, ENABLE]), ..BASE }, run: return_from_fault },
];

const RETURN_READS: &[Slot] = &[EPC, OLD_MODE, HISTORY, START, state::CAUSE];

/// The code of the helpers of [`ir::testing`].
const PLAIN: [HelperFn; 9] = [
    plain::<0>, plain::<1>, plain::<2>, plain::<3>, plain::<4>, plain::<5>, plain::<6>, plain::<7>,
    plain::<8>,
];

fn plain<const ID: u16>(env: &mut Env<'_>, args: [u64; 4]) -> Result<u64, Fault> {
    let result = ir::testing::call(HelperId(ID), &mut env.cpu.words, args);
    result.map_err(|value| Fault { cause: map::cause::HELPER, value })
}

/// All helpers, after declaring the added ones in `spec`.
pub fn declare(spec: &mut Spec) -> Vec<Helper> {
    assert_eq!(spec.helpers.len(), PLAIN.len());
    let plain = spec.helpers.iter().zip(PLAIN).map(|(decl, run)| Helper { decl: *decl, run });
    let all: Vec<Helper> = plain.chain(ADDED).collect();
    spec.helpers = all.iter().map(|helper| helper.decl).collect();
    all
}

fn now(env: &mut Env<'_>, _: [u64; 4]) -> Result<u64, Fault> {
    Ok(env.clock.now_ns())
}

fn count(env: &mut Env<'_>, _: [u64; 4]) -> Result<u64, Fault> {
    Ok(env.instructions)
}

/// Writes a word of physical memory, code or not.
fn poke(env: &mut Env<'_>, [offset, word, ..]: [u64; 4]) -> Result<u64, Fault> {
    let at = RAM + offset % (RAM_PAGES * PAGE_BYTES) / 4 * 4;
    let written = env.space.write(at, 4, word);
    written.map(|()| 0).map_err(|error| Fault { cause: map::cause::BUS, value: error.at })
}

fn unreserve(env: &mut Env<'_>, _: [u64; 4]) -> Result<u64, Fault> {
    env.requests.drop_reservation = true;
    Ok(0)
}

fn set_mode(env: &mut Env<'_>, [mode, ..]: [u64; 4]) -> Result<u64, Fault> {
    env.cpu.set(MODE, mode & 3);
    Ok(0)
}

/// Moves pages of this address space or another, and asks for no more to be
/// forgotten than has to be, or for somewhat more.
fn set_map(env: &mut Env<'_>, [map, ..]: [u64; 4]) -> Result<u64, Fault> {
    let space = state::space(env.cpu) ^ (map >> 4 & 3);
    let shift = map::map_shift(space);
    let mut new = env.cpu.get(MAP) & !(7 << shift) | (map & 7) << shift;
    new = new & !map::MOVES_GLOBAL | map & map::MOVES_GLOBAL;
    let changed = env.cpu.get(MAP) ^ new;
    env.cpu.set(MAP, new);
    let start = env.cpu.get(START);
    let choice = map >> 6;
    let page = match (changed & !map::MOVES_GLOBAL) >> shift | changed & map::MOVES_GLOBAL {
        0 | map::MOVES_CODE => Some(page::CODE_B),
        map::MOVES_DATA => Some(page::DATA + choice % (page::LARGE - page::DATA)),
        map::MOVES_LARGE if map::has_large_page(start) => Some(page::LARGE + choice % 2),
        map::MOVES_GLOBAL => Some(page::GLOBAL),
        _ => None,
    };
    let page = page.map(|number| start.wrapping_add(number * PAGE_BYTES));
    let in_all = changed & map::MOVES_GLOBAL != 0 || choice >> 4 & 1 != 0;
    env.requests.flush = Some(Flush { page, space: (!in_all).then_some(space) });
    Ok(0)
}

/// Goes to another address space; all that was learnt of it holds.
fn set_space(env: &mut Env<'_>, [space, ..]: [u64; 4]) -> Result<u64, Fault> {
    env.cpu.set(SPACE, space & 3);
    Ok(0)
}

fn set_enable(env: &mut Env<'_>, [enable, ..]: [u64; 4]) -> Result<u64, Fault> {
    env.cpu.set(ENABLE, enable & 1);
    env.requests.resample = true;
    Ok(0)
}

/// Ends a handler: yields the address behind the instruction that faulted, or
/// that of the one that was interrupted. If there was no code, the CPU goes on
/// somewhere else, to get out of it.
fn return_from_fault(env: &mut Env<'_>, _: [u64; 4]) -> Result<u64, Fault> {
    let (epc, cause) = (env.cpu.get(EPC), env.cpu.get(state::CAUSE));
    env.cpu.set(MODE, env.cpu.get(OLD_MODE));
    env.cpu.set(ENABLE, 1);
    env.requests.resample = true;
    let code = 2 * PAGE_BYTES;
    let start = env.cpu.get(START);
    if epc.wrapping_sub(start) >= code {
        return Ok(start.wrapping_add(state::mix(env.cpu.get(HISTORY), epc) % code / 4 * 4));
    }
    Ok(if cause >> 63 == 0 { epc.wrapping_add(4) } else { epc })
}
