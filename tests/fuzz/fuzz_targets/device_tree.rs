//! Any tree of nodes and any command line: a blob whose structure is sound, or
//! an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use machines::dtb::{self, Node, Value};
use machines::{Drive, Image, Machine, MachineConfig, host};
use mynah_fuzz::Script;
use mynah_fuzz::machine::small;

fn text(script: &mut Script<'_>) -> String {
    let bytes = script.below(40);
    String::from_utf8_lossy(script.take(bytes)).into_owned()
}

fn node(script: &mut Script<'_>, depth: u32) -> Node {
    let mut node = Node::new(text(script));
    for _ in 0..script.byte() % 5 {
        let value = match script.byte() % 5 {
            0 => Value::Flag,
            1 => Value::Cells((0..script.byte() % 6).map(|_| script.word()).collect()),
            2 => Value::Strings((0..script.byte() % 4).map(|_| text(script)).collect()),
            3 => Value::Bytes(script.take(7).to_vec()),
            _ => {
                node = node.with("phandle", u32::from(script.byte()));
                continue;
            }
        };
        node = node.with(&text(script), value);
    }
    for _ in 0..if depth < 6 { script.byte() % 4 } else { 0 } {
        node = node.child(self::node(script, depth + 1));
    }
    node
}

/// A word of the blob, which is big-endian.
fn word(blob: &[u8], at: usize) -> usize {
    u32::from_be_bytes(blob[at..at + 4].try_into().expect("four bytes")) as usize
}

/// Walks the structure block (Devicetree Specification 0.4, §5.4): tokens
/// nest, names end, properties stay inside the blob.
fn check(blob: &[u8]) {
    assert_eq!((word(blob, 0), word(blob, 4)), (0xd00d_feed, blob.len()));
    let (mut at, strings, mut depth) = (word(blob, 8), word(blob, 12), 0);
    loop {
        let token = word(blob, at);
        at += 4;
        match token {
            1 => {
                let name = blob[at..].iter().position(|byte| *byte == 0).expect("a name ends");
                at = (at + name + 1).next_multiple_of(4);
                depth += 1;
            }
            2 => depth -= 1,
            3 => {
                let (bytes, name) = (word(blob, at), word(blob, at + 4));
                assert!(blob[strings + name..].contains(&0));
                at = (at + 8 + bytes).next_multiple_of(4);
            }
            4 => (),
            9 => break,
            other => panic!("token {other} at {at:#x}"),
        }
        assert!(depth >= 0);
    }
    assert_eq!(depth, 0);
}

fn machine(script: &mut Script<'_>) {
    let mut config = MachineConfig {
        cpus: script.byte().into(),
        memory_bytes: script.value(&[1 << 20, 4 << 20, 33 << 20]),
        seed: script.long(),
        rtc_epoch_ns: script.long(),
        bios: Some(Image { name: "bios".into(), bytes: vec![0x13, 0, 0, 0].into() }),
        ..small()
    };
    config.memory_bytes = config.memory_bytes.min(64 << 20);
    for index in 0..script.byte() % 12 {
        let store = Box::new(host::MemoryStore::new(vec![0; 512], script.byte() & 1 != 0));
        config.drives.push(Drive { name: format!("disk {index}"), store });
    }
    config.append = String::from_utf8_lossy(script.rest()).into_owned();
    if let Err(error) = Machine::new(config) {
        assert!(error.to_string().len() > 10, "{error}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    if script.byte() & 1 == 0 {
        return machine(&mut script);
    }
    let mut root = node(&mut script, 0);
    if script.byte() & 1 == 0 {
        root.name = String::new();
    }
    if let Ok(blob) = dtb::write(&root) {
        check(&blob);
    }
});
