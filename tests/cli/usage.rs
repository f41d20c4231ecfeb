//! Help, lists, and what is wrong use.

use crate::program::Program;
use crate::running::{run, text};

#[test]
fn help_teaches_by_examples() {
    for (args, wanted) in [
        (&["--help"][..], &["mynah boot debian/riscv64", "Ctrl-A x", "Exit status", "devices"][..]),
        (
            &["run", "--help"],
            &["--initrd initramfs.cpio.gz", "hostfwd=", "--clock count", "unix:PATH", "[default: 1G]"],
        ),
        (
            &["bench", "--help"],
            &[
                "mynah bench --filter integer",
                "gcc-riscv64-linux-gnu",
                "--guest arm64",
                "--svg",
                "MYNAH_ROUNDS",
            ],
        ),
        (&["boot", "--help"], &["--script test.sh", "--offline", "--mirror", "MYNAH_CACHE"]),
    ] {
        let output = run(args);
        assert!(output.status.success());
        let help = text(&output.stdout);
        for part in wanted {
            assert!(help.contains(part), "{args:?} does not tell {part:?}:\n{help}");
        }
    }
}

#[test]
fn registries_are_listed() {
    for (args, wanted) in [("machines", "riscv-virt"), ("devices", "virtio-blk")] {
        let output = run(&[args]);
        assert!(output.status.success() && text(&output.stdout).contains(wanted));
    }
}

#[test]
fn wrong_use_ends_with_2_and_says_what_helps() {
    let program = Program::new();
    let bios = program.file();
    let odd = program.path("odd.img").display().to_string();
    std::fs::write(&odd, [0; 513]).unwrap();
    let sector = program.path("sector.img").display().to_string();
    std::fs::write(&sector, [0; 512]).unwrap();
    let socket = program.path("no/such/folder").display().to_string();
    let unix = format!("unix:{socket}");
    for (args, wanted) in [
        (&["boot", "fedora/riscv64"][..], &["`fedora/riscv64`", "choose debian/riscv64"][..]),
        (&["boot", "--script", "x"], &["<GUEST>"]),
        (&["boot", "debian/riscv64", "--script", "/nowhere"], &["/nowhere", "--script"]),
        (&["boot", "debian/riscv64", "--mirror", "ftp://x"], &["ftp://x", "http"]),
        (&["run"], &["--kernel", "--help"]),
        (&["run", "--kernel", "/nowhere/vmlinux"], &["/nowhere/vmlinux", "--kernel"]),
        (&["run", "--bios", &bios, "--machine", "pdp-11"], &["`pdp-11`", "mynah machines"]),
        (&["run", "--bios", &bios, "--cpus", "9"], &["--cpus", "1 to 8"]),
        (&["run", "--bios", &bios, "--memory", "1G1"], &["--memory", "512M or 2G"]),
        (&["run", "--bios", &bios, "--drive", "/nowhere/disk"], &["/nowhere/disk"]),
        (&["run", "--bios", &bios, "--drive", &odd], &["odd.img", "513", "truncate"]),
        (&["run", "--bios", &bios, "--drive", "a,fast"], &["`fast`", "readonly"]),
        (&["run", "--bios", &bios, "--flash", "/nowhere/flash"], &["/nowhere/flash", "--flash"]),
        (&["run", "--bios", &bios, "--flash", &odd], &["odd.img", "513"]),
        (&["run", "--bios", &bios, "--flash", &sector], &["sector.img", "extend it to 33554432"]),
        (&["run", "--bios", &bios, "--net", "user,hostfwd=tcp:22"], &["hostfwd=tcp:22", "tcp::2222-:22"]),
        (&["run", "--bios", &bios, "--serial", "tty"], &["`tty`", "stdio"]),
        (&["run", "--bios", &bios, "--serial", &unix], &["no/such/folder", "unix:PATH"]),
        (&["bench", "--filter", "no such thing"], &["--filter", "--list"]),
        (&["bench", "--guest", "amd64"], &["--guest", "choose riscv64 or arm64"]),
        (&["bench", "--json", "/nowhere/file"], &["/nowhere/file", "--json"]),
        (&["bench", "--mynah", "/nowhere/mynah"], &["/nowhere/mynah", "--mynah"]),
        (&["rum"], &["'run'"]),
    ] {
        let output = run(args);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
        for part in wanted {
            assert!(message.contains(part), "{args:?} does not tell {part:?}:\n{message}");
        }
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn without_a_command_the_help_is_shown() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("mynah boot"));
}
