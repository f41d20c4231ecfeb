//! Any text is an IR block or an error with its place; a block that verifies
//! survives printing, means the same after the passes, and can be run.

#![no_main]

use ir::interp::{Outcome, run as interpret};
use ir::testing::{Machine, spec};
use ir::{Block, Spec};
use libfuzzer_sys::fuzz_target;

/// The memory of the machine that blocks are run on.
const BASE: u64 = 0x1000;
const WINDOW: usize = 256;

/// How the block ended, as far as the guest can tell, and what it left behind.
fn run(block: &Block, spec: &Spec) -> (Machine, String) {
    let mut machine = Machine::new(BASE, WINDOW, 1);
    let end = match interpret(block, spec, &mut machine) {
        Ok(Outcome::Jump(pc) | Outcome::Indirect { pc, .. }) => format!("goes on at {pc:#x}"),
        other => format!("{other:?}"),
    };
    (machine, end)
}

fuzz_target!(|text: &str| {
    let spec = spec();
    let block = match ir::parse(text, &spec) {
        Ok(block) => block,
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1 && !error.to_string().is_empty());
            return;
        }
    };
    if ir::verify(&block, &spec).is_err() {
        return;
    }
    let printed = block.display(&spec).to_string();
    assert_eq!(ir::parse(&printed, &spec).as_ref(), Ok(&block), "{printed}");
    let mut better = block.clone();
    ir::passes::run(&mut better, &spec);
    assert_eq!(ir::verify(&better, &spec), Ok(()), "{printed}");
    let ((before, was), (after, is)) = (run(&block, &spec), run(&better, &spec));
    assert_eq!(is, was, "{printed}");
    assert_eq!((after.words, after.memory), (before.words, before.memory), "{printed}");
});
