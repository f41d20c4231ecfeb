//! Finds Debian's kernel and the initial file system that works for a while.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::architecture::Architecture;
use super::options::Options;
use crate::debian::{self, Arch, Request, Silent};

/// What the shell of a guest from Debian's packages does.
const WORKLOAD: &[u8] = include_bytes!("../../benches/guest/workload.sh");

/// Names a folder of guests made beforehand.
const VARIABLE: &str = "MYNAH_GUESTS";
const FOLDER: &str = "../guests";

/// The files, or what to do to have them.
#[derive(Clone, Debug)]
pub struct Guests {
    /// Debian's kernel.
    pub kernel: Result<PathBuf, String>,
    /// An initial file system that prints `BOOT-OK`, works, prints `WORK-OK`
    /// with a sum, and powers off.
    pub initrd: Result<PathBuf, String>,
    /// The files of Node.js, as an initial file system without `/init`.
    pub node: Result<PathBuf, String>,
}

impl Guests {
    /// Those that `options` or the environment name, or else those that
    /// `mynah boot` has kept; these are unpacked into `folder`.
    pub fn find(options: &Options, folder: &Path) -> Guests {
        let Architecture { arch, kernel, .. } = options.guest;
        let made = env::var_os(VARIABLE).map_or_else(|| FOLDER.into(), PathBuf::from).join(arch.name());
        let kernel = named(options.kernel.as_deref(), &made.join(kernel), "--kernel");
        let initrd = named(options.initrd.as_deref(), &made.join("initramfs-auto.cpio.gz"), "--initrd");
        let node = made.join("node.cpio");
        let node = if node.is_file() { Ok(node) } else { Err(without_node(&node)) };
        match (kernel, initrd) {
            (Some(kernel), Some(initrd)) => Guests { kernel, initrd, node },
            (kernel, initrd) => {
                let kept = unpack(*arch, folder);
                let part = |pick: fn(&Kept) -> &PathBuf| kept.as_ref().map(|kept| pick(kept).clone());
                Guests {
                    kernel: kernel.unwrap_or_else(|| part(|kept| &kept.kernel).map_err(missing(*arch))),
                    initrd: initrd.unwrap_or_else(|| part(|kept| &kept.initrd).map_err(missing(*arch))),
                    node,
                }
            }
        }
    }
}

/// The file the user names, which has to be there, or the one at `otherwise` if
/// it is.
fn named(given: Option<&Path>, otherwise: &Path, option: &str) -> Option<Result<PathBuf, String>> {
    match given {
        Some(path) if path.is_file() => Some(Ok(path.to_owned())),
        Some(path) => Some(Err(format!("{} is no file; give another with {option}", path.display()))),
        None => otherwise.is_file().then(|| Ok(otherwise.to_owned())),
    }
}

/// A guest made of Debian's packages.
struct Kept {
    kernel: PathBuf,
    initrd: PathBuf,
}

/// Makes the guest from what an earlier run has fetched; fetches nothing.
fn unpack(arch: Arch, folder: &Path) -> Result<Kept, String> {
    let request = Request { script: Some(WORKLOAD.to_vec()), offline: true, ..Request::new(arch) };
    let guest = debian::prepare(&request, &mut Silent).map_err(|error| error.to_string())?;
    let kept = Kept { kernel: folder.join("vmlinux"), initrd: folder.join("initramfs") };
    for (path, bytes) in [(&kept.kernel, &guest.kernel), (&kept.initrd, &guest.initrd)] {
        fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(kept)
}

fn missing(arch: Arch) -> impl Fn(&String) -> String {
    move |why| {
        format!(
            "there is no Debian kernel: run `mynah boot debian/{arch}` once, or name files by --kernel and --initrd ({why})"
        )
    }
}

fn without_node(path: &Path) -> String {
    format!(
        "there is no {}: docs/speed.md says how it is made, {VARIABLE} where it is looked for",
        path.display()
    )
}
