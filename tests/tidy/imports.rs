//! Which crate may import which: the arrows of docs/architecture.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::source::{self, ROOT};

/// Folder, crate, and the crates of ours that it may import.
const IMPORTS: &[(&str, &str, &[&str])] = &[
    ("ir", "ir", &[]),
    ("devices/bus", "bus", &[]),
    ("devices", "devices", &["bus"]),
    ("frontends/guest", "guest", &["ir", "bus"]),
    ("frontends/riscv", "riscv", &["guest", "ir", "bus"]),
    ("frontends/aarch64", "aarch64", &["guest", "ir", "bus"]),
    ("backend", "backend", &["ir", "guest", "bus"]),
    ("machines", "machines", &["ir", "bus", "devices", "guest", "riscv", "aarch64", "backend"]),
    // `devices` for its registry alone, which `mynah devices` lists.
    (".", "mynah", &["machines", "bus", "devices"]),
];

/// Crates of others that only some of ours may import: the beginning of their
/// names, and who may.
const FENCED: &[(&str, &[&str])] = &[("cranelift", &["backend"]), ("wasmtime", &["backend"])];

/// The names under `[dependencies]` in a manifest, also of a target.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines() {
        if let Some(section) = line.trim().strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section == "dependencies"
                || section.starts_with("target.") && section.ends_with(".dependencies");
            names.extend(section.strip_prefix("dependencies.").map(str::to_owned));
        } else if inside && !line.trim_start().starts_with('#') {
            let name = line.split(['=', '.']).next().unwrap_or_default().trim();
            names.extend(Some(name.to_owned()).filter(|name| !name.is_empty()));
        }
    }
    names
}

/// The members of the workspace, and the root package.
fn members(manifest: &str) -> BTreeSet<String> {
    let list = manifest.split_once("members = [").and_then(|(_, rest)| rest.split_once(']'));
    let (list, _) = list.expect("the root manifest lists the members");
    let members = list.split(',').map(|member| member.trim().trim_matches('"'));
    members.filter(|member| !member.is_empty()).map(str::to_owned).chain([".".to_owned()]).collect()
}

fn manifest(folder: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(folder).join("Cargo.toml")).expect("a readable manifest")
}

/// The complaints about crate `name`, which declares `found`.
fn complaints(name: &str, allowed: &[&str], found: &BTreeSet<String>) -> Vec<String> {
    let ours: BTreeSet<&str> = IMPORTS.iter().map(|(_, name, _)| *name).collect();
    let wrong = found.iter().filter(|dependency| {
        let of_ours = ours.contains(dependency.as_str()) && !allowed.contains(&dependency.as_str());
        let fenced =
            FENCED.iter().any(|(prefix, who)| dependency.starts_with(prefix) && !who.contains(&name));
        of_ours || fenced
    });
    wrong.map(|dependency| format!("{name} may not import {dependency}")).collect()
}

#[test]
fn every_crate_has_a_row() {
    let rows: BTreeSet<String> = IMPORTS.iter().map(|(folder, ..)| (*folder).to_owned()).collect();
    assert_eq!(
        members(&manifest(".")),
        rows,
        "tests/tidy/imports.rs and the workspace name different crates"
    );
}

#[test]
fn manifests_import_what_their_rows_allow() {
    let check = |(folder, name, allowed): &(&str, &str, &[&str])| {
        complaints(name, allowed, &dependencies(&manifest(folder)))
    };
    let wrong: Vec<String> = IMPORTS.iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sources_import_what_their_rows_allow() {
    let mut wrong = Vec::new();
    for (folder, name, allowed) in IMPORTS {
        for source in source::below(&format!("{folder}/src")) {
            for (number, line) in source.product() {
                let Some(used) = line.code.trim_start().trim_start_matches("pub ").strip_prefix("use ")
                else {
                    continue;
                };
                let used = used.split([':', ';', ' ']).next().unwrap_or_default().to_owned();
                // A crate's own name is its library, seen from its binary.
                let used = BTreeSet::from([used]).into_iter().filter(|used| used != name).collect();
                let found = complaints(name, allowed, &used);
                wrong.extend(found.iter().map(|text| format!("{}:{number}: {text}", source.path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_import_is_found() {
    let manifest = "[dependencies]\nbus.workspace = true\nir = { path = \"x\" }\n# guest = 1\n\n[dev-dependencies]\nguest = 1\n\
                    [target.'cfg(unix)'.dependencies]\ncranelift-jit = \"1\"\n";
    let found = dependencies(manifest);
    assert_eq!(found, ["bus", "cranelift-jit", "ir"].map(str::to_owned).into());
    let rows: BTreeMap<_, _> = IMPORTS.iter().map(|(_, name, allowed)| (*name, *allowed)).collect();
    let wrong = complaints("devices", rows["devices"], &found);
    assert_eq!(wrong, ["devices may not import cranelift-jit", "devices may not import ir"]);
    assert!(complaints("backend", rows["backend"], &found).is_empty());
}
