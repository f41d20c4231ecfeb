//! Passes leave the meaning of a block alone: random blocks run to the same
//! state, memory, outcome and fault before and after.

use ir::interp::{Outcome, Stopped, run};
use ir::testing::{Fault, Machine, Options, Tape, random_block, spec};
use ir::{Block, Passes, verify};
use proptest::prelude::*;

/// The window ends inside the page that random blocks reach, so that accesses
/// near its end fault.
const WINDOW: usize = 240;

fn outcome(block: &Block, machine: &mut Machine) -> Result<Outcome, Stopped<Fault>> {
    let outcome = run(block, &spec(), machine)?;
    Ok(match outcome {
        // Passes turn a jump to a computed address that is constant into one to
        // a known address.
        Outcome::Indirect { pc, .. } => Outcome::Jump(pc),
        other => other,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8000))]

    #[test]
    fn passes_change_nothing_that_can_be_observed(
        tapes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..3),
        base in prop::sample::select(vec![0x8000_0000u64, 0x8000_0003, u64::MAX - 100]),
        seed: u64,
    ) {
        let spec = spec();
        let mut passes = Passes::default();
        for tape in tapes {
            let before = random_block(&mut Tape::new(&tape), &Options::default());
            let mut after = before.clone();
            passes.run(&mut after, &spec);
            prop_assert_eq!(verify(&after, &spec), Ok(()), "{}", after.display(&spec));
            prop_assert!(after.insts.len() <= before.insts.len());

            let mut plain = Machine::new(base, WINDOW, seed);
            plain.origin = seed & !(ir::ORIGIN_BYTES - 1);
            let mut optimised = plain.clone();
            let expected = outcome(&before, &mut plain);
            let found = outcome(&after, &mut optimised);
            let texts = || format!("{}=>\n{}", before.display(&spec), after.display(&spec));
            prop_assert_eq!(found, expected, "{}", texts());
            prop_assert_eq!(optimised, plain, "{}", texts());
        }
    }
}
