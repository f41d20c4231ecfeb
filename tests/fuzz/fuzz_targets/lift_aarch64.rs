//! Any A64 words, in any mode, on each model, lift to a block that verifies
//! before and after the passes and survives printing.

#![no_main]

use aarch64::{Aarch64, Model, disasm};
use guest::{Fault, Fetch, Guest};
use ir::{BlockKey, ORIGIN_BYTES};
use libfuzzer_sys::fuzz_target;
use mynah_fuzz::Script;

/// Code at `at`, and a fault behind it.
struct Code<'a> {
    at: u64,
    bytes: &'a [u8],
}

impl Fetch for Code<'_> {
    fn fetch16(&mut self, at: u64) -> Result<u16, Fault> {
        let offset = at.wrapping_sub(self.at) as usize;
        let unit = offset.checked_add(2).and_then(|end| self.bytes.get(offset..end));
        unit.map(|unit| u16::from_le_bytes([unit[0], unit[1]])).ok_or(Fault { cause: 0, value: at })
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let guest = Aarch64::new(script.pick(&Model::ALL));
    let (mode, insns_max, pc) = (script.long() as u32, script.below(80) as u32, script.long());
    let code = script.rest().to_vec();
    let key = BlockKey { pc: pc % ORIGIN_BYTES, mode };
    let _ = disasm::disassemble(pc, &code);
    let Ok(mut block) = guest.lift(key, &mut Code { at: key.pc, bytes: &code }, insns_max) else { return };
    assert!(block.insns <= insns_max.max(1));
    for _ in 0..2 {
        assert_eq!(ir::verify(&block, guest.spec()), Ok(()));
        let printed = block.display(guest.spec()).to_string();
        assert_eq!(ir::parse(&printed, guest.spec()).as_ref(), Ok(&block), "{printed}");
        ir::passes::run(&mut block, guest.spec());
    }
});
