//! Anything a mirror may send: packages, indices, signed releases, modules.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_fuzz::Script;
use mynah_fuzz::debian::deb::{self, Member};
use mynah_fuzz::debian::index::Index;
use mynah_fuzz::debian::module::Modules;
use mynah_fuzz::debian::release::{Clearsigned, Release};

const LIMIT_BYTES: u64 = 1 << 20;

/// An `ar` archive (deb(5)) with `content` as its data.
fn package(suffix: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"!<arch>\n".to_vec();
    let name = format!("data.tar{suffix}");
    bytes.extend(format!("{name:<16}{:<32}{:<10}`\n", 0, content.len()).bytes());
    bytes.extend(content);
    bytes
}

fn extract(package: &[u8]) {
    if let Ok(members) = deb::extract(package, LIMIT_BYTES, |_| true) {
        let bytes: usize = members.iter().map(|member| member.content.len()).sum();
        assert!(bytes as u64 <= LIMIT_BYTES);
        let names: Vec<String> =
            members.iter().filter_map(|m| Some(m.path.rsplit_once('/')?.1.replace(".ko", ""))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let _ = Modules::new(members).choose(&names);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let kind = script.byte() % 8;
    let rest = script.rest();
    let text = String::from_utf8_lossy(rest);
    match kind {
        0 => extract(rest),
        1..=4 => extract(&package(["", ".xz", ".gz", ".zst"][usize::from(kind) - 1], rest)),
        5 => {
            let index = Index::read(rest).expect("memory does not fail");
            let _ = (index.kernel("riscv64"), index.busybox());
        }
        6 => {
            if let Ok(parts) = Clearsigned::split(rest) {
                let _ = Release::parse(&parts.message);
            }
            if let Ok(release) = Release::parse(&text) {
                assert!(release.aliases().count() > 0);
            }
        }
        _ => {
            let member = Member { path: "lib/modules/6/a.ko".into(), content: rest.to_vec() };
            let _ = Modules::new(vec![member]).choose(&["a"]);
        }
    }
});
