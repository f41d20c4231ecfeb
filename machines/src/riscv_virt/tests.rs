//! The device tree against QEMU's, and what is in memory at power-on.

use super::*;
use crate::chosen::Chosen;
use crate::config::Image;
use crate::dtb::dts::{Flat, compare, flatten, qemu_tree, resolve};
use crate::dtb::{Node, Value};
use crate::host::Discard;
use bus::Clock;

/// Properties that say what differs: the harts' extensions, the model, what is
/// random, and what this machine's counters can count.
const MAY_DIFFER: [&str; 7] = [
    "model",
    "riscv,isa",
    "riscv,isa-extensions",
    "riscv,event-to-mhpmcounters",
    "rng-seed",
    "kaslr-seed",
    "phandle",
];
/// What QEMU has and this board has not.
const NOT_BUILT: [&str; 2] = ["/platform-bus@4000000", "/soc/pci@30000000"];
/// What this board has that QEMU has with `aclint=on` alone.
const SSWI: &str = "/soc/sswi@2f00000";
/// Properties that begin with a phandle, and the cells of each further entry.
const REFERENCES: [(&str, usize); 4] =
    [("interrupt-parent", 1), ("regmap", 1), ("cpu", 1), ("interrupts-extended", 2)];

fn config() -> MachineConfig {
    let bios = Some(Image { name: "bios".into(), bytes: vec![0x13, 0, 0, 0].into() });
    let engine = crate::EngineChoice::Interp;
    MachineConfig {
        bios,
        engine,
        memory_bytes: 512 << 20,
        ..MachineConfig::new("riscv-virt", Box::new(Discard))
    }
}

/// The tree of a machine with one hart and 512 MiB, as QEMU's were dumped.
fn our_tree(interruptor: Interruptor) -> Node {
    let (mut config, clock) = (config(), Clock::counted());
    let guest: Arc<dyn Guest> = Arc::new(Riscv64::new());
    let cpus = [Cpu { vcpu: Vcpu::new(&guest, 0, map::ROM.start), activity: Activity::Off }];
    let ram = board::ram(map::RAM, config.memory_bytes).expect("untouched memory costs nothing");
    let (serial, stop) = (SharedSink::new(Box::new(Discard)), Arc::default());
    let chips = Chips::new(&mut config, interruptor, &cpus, &clock, &ram, serial, &stop).expect("sound");
    fdt::tree(&chips.board, 1, &ram.range(), &Chosen { bootargs: "", initrd: None, seed: 0 })
}

/// The two trees, where QEMU's is at hand.
fn trees(interruptor: Interruptor, file: &str) -> Option<(Flat, Flat)> {
    let mut theirs = qemu_tree(file)?;
    let mut ours = flatten(&our_tree(interruptor));
    resolve(&mut ours, &REFERENCES);
    resolve(&mut theirs, &REFERENCES);
    Some((ours, theirs))
}

const ACLINT_ON: &str = "rv-virt_aclint_on.dts";

#[test]
fn the_tree_is_that_of_qemu_with_an_aclint() {
    if let Some((ours, theirs)) = trees(Interruptor::Aclint, ACLINT_ON) {
        compare(&ours, &theirs, &MAY_DIFFER, &NOT_BUILT);
    }
}

#[test]
fn the_tree_is_that_of_qemu_with_a_clint_and_an_sswi() {
    let Some((mut ours, theirs)) = trees(Interruptor::Clint, "rv-virt.dts") else { return };
    let sswi = ours.remove(SSWI);
    compare(&ours, &theirs, &MAY_DIFFER, &NOT_BUILT);
    let with_aclint = trees(Interruptor::Aclint, ACLINT_ON).and_then(|(_, theirs)| theirs.get(SSWI).cloned());
    assert_eq!(sswi, with_aclint);
}

/// Drives are found in their order: the first window of the tree is filled
/// first.
#[test]
fn windows_are_in_the_order_of_filling() {
    let tree = our_tree(Interruptor::Aclint);
    let soc = tree.find("soc").expect("there is one");
    let windows: Vec<_> = soc.children.iter().filter(|n| n.name.starts_with("virtio")).collect();
    assert_eq!((windows.len(), &*windows[0].name), (8, "virtio_mmio@10008000"));
    let (mut config, memory) = (config(), crate::host::MemoryStore::new(vec![0; 512], true));
    config.drives.push(crate::Drive { name: "disk".into(), store: Box::new(memory) });
    let machine = with_aclint(config).expect("sound");
    let first = machine.board().parts().find(|part| part.at.start == 0x1000_8000).expect("a window");
    assert_eq!((&*first.name, first.irq), ("virtio-blk@7", Some(8)));
}

/// Reads of guest memory as the first instructions do.
fn load(machine: &Machine, at: u64) -> u64 {
    machine.board().space().read(at, 8).expect("mapped")
}

#[test]
fn firmware_finds_the_tree_and_the_kernel() {
    let kernel = Some(Image { name: "kernel".into(), bytes: vec![0x6f; 100].into() });
    let machine = with_aclint(MachineConfig { kernel, ..config() }).expect("sound");
    let (entry, fdt) = (load(&machine, 0x1018), load(&machine, 0x1020));
    assert_eq!(entry, 0x8000_0000);
    assert_eq!(load(&machine, fdt) as u32, u32::from_le_bytes([0xd0, 0x0d, 0xfe, 0xed]));
    // fw_dynamic's words: magic, version, where the kernel is, S mode.
    let words = [0x1028, 0x1030, 0x1038, 0x1040].map(|at| load(&machine, at));
    assert_eq!(words, [0x4942_534f, 2, 0x8020_0000, 1]);
    assert_eq!(load(&machine, 0x8020_0000), 0x6f6f_6f6f_6f6f_6f6f);
}

#[test]
fn an_initial_ram_disk_is_where_the_tree_says() {
    let kernel = Some(Image { name: "kernel".into(), bytes: vec![0x13; 100].into() });
    let initrd = Some(Image { name: "initrd".into(), bytes: b"070701 and so on"[..].into() });
    let machine = with_aclint(MachineConfig { bios: None, kernel, initrd, ..config() }).expect("sound");
    let cpu = &machine.cpus()[0];
    let fdt = cpu.vcpu.state().get(riscv::state::x(11));
    let mut blob = vec![0; 16384];
    machine.board().space().dma().read(fdt, &mut blob).expect("RAM");
    // A property is a length, a name's offset and the value; the start is the
    // one 8-byte value that is the disk's address.
    let found = (0..blob.len() - 8).step_by(4).any(|at| {
        let value = u64::from_be_bytes(std::array::from_fn(|i| blob[at + i]));
        value >= map::RAM && load_if_ram(&machine, value) == Some(u64::from_le_bytes(*b"070701 a"))
    });
    assert!(found, "no word of the tree leads to the disk");
}

fn load_if_ram(machine: &Machine, at: u64) -> Option<u64> {
    machine.board().space().dma().load(at).ok().map(u64::from_le_bytes)
}

#[test]
fn too_many_drives_are_refused() {
    let drive = |n: usize| crate::Drive {
        name: format!("disk{n}"),
        store: Box::new(crate::host::MemoryStore::new(vec![0; 512], false)),
    };
    let full = MachineConfig { drives: (0..7).map(drive).collect(), ..config() };
    assert!(with_aclint(full).is_ok());
    let over = MachineConfig { drives: (0..8).map(drive).collect(), ..config() };
    let error = with_aclint(over).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("--drive") && error.contains("room for 7"), "{error}");
}

#[test]
fn seeds_decide_what_is_random() {
    let tree = |seed| {
        let board = crate::board::Board::default();
        fdt::tree(&board, 1, &(0..4096), &Chosen { bootargs: "a=b", initrd: None, seed })
    };
    assert_eq!(tree(1), tree(1));
    let seed = |tree: &Node| tree.find("chosen").and_then(|c| c.get("rng-seed").cloned());
    assert_ne!(seed(&tree(1)), seed(&tree(2)));
    assert_eq!(tree(1).find("chosen").and_then(|c| c.get("bootargs")), Some(&Value::from("a=b")));
}
