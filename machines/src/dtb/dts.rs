//! Our device trees against QEMU's, which were dumped and turned into source by
//! `dtc -O dts`.

use super::{Node, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// Paths of all nodes, and their properties as bytes.
pub type Flat = BTreeMap<String, BTreeMap<String, Vec<u8>>>;

/// All nodes under `root`.
pub fn flatten(root: &Node) -> Flat {
    let mut out = Flat::new();
    flatten_into(root, "", &mut out);
    out
}

fn flatten_into(node: &Node, path: &str, out: &mut Flat) {
    let bytes = |value: &Value| match value {
        Value::Flag => Vec::new(),
        Value::Cells(cells) => cells.iter().flat_map(|cell| cell.to_be_bytes()).collect(),
        Value::Strings(texts) => texts.iter().flat_map(|t| [t.as_bytes(), &[0]].concat()).collect(),
        Value::Bytes(bytes) => bytes.clone(),
    };
    let properties = node.properties.iter().map(|(name, value)| (name.clone(), bytes(value))).collect();
    out.insert(if path.is_empty() { "/".into() } else { path.into() }, properties);
    for child in &node.children {
        flatten_into(child, &format!("{path}/{}", child.name), out);
    }
}

/// Reads what `dtc -O dts` writes: nodes, cells in hexadecimal, strings.
fn parse_dts(text: &str) -> Flat {
    let (mut out, mut path) = (Flat::new(), Vec::<String>::new());
    for line in text.lines().map(str::trim).skip_while(|line| *line != "/ {") {
        let here = || format!("/{}", path[1..].join("/"));
        if let Some(name) = line.strip_suffix(" {") {
            path.push(name.into());
            out.insert(format!("/{}", path[1..].join("/")), BTreeMap::new());
        } else if line == "};" {
            path.pop();
        } else if let Some(property) = line.strip_suffix(';') {
            let (name, value) = property.split_once(" = ").unwrap_or((property, ""));
            out.get_mut(&here()).expect("a node is open").insert(name.into(), parse_value(value));
        }
    }
    out
}

fn parse_value(text: &str) -> Vec<u8> {
    if let Some(cells) = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')) {
        let cell = |word: &str| u32::from_str_radix(word.trim_start_matches("0x"), 16).expect("hexadecimal");
        return cells.split_whitespace().flat_map(|word| cell(word).to_be_bytes()).collect();
    }
    match text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        Some(inner) => [inner.replace("\\0", "\0").as_bytes(), &[0]].concat(),
        None => Vec::new(),
    }
}

/// Puts the paths of nodes in the place of their phandles, which are free.
/// `references` are properties that begin with one, and the cells of each entry.
pub fn resolve(tree: &mut Flat, references: &[(&str, usize)]) {
    let cell = |bytes: &[u8]| u32::from_be_bytes(std::array::from_fn(|i| bytes[i]));
    let names: BTreeMap<u32, String> =
        tree.iter().filter_map(|(path, p)| Some((cell(p.get("phandle")?), path.clone()))).collect();
    for properties in tree.values_mut() {
        for &(name, cells) in references {
            let Some(value) = properties.get_mut(name) else { continue };
            let entry = |entry: &[u8]| [names[&cell(entry)].as_bytes(), &entry[4..]].concat();
            *value = value.chunks(4 * cells).flat_map(entry).collect();
        }
    }
}

/// QEMU's tree from the files of the survey, where they are at hand.
pub fn qemu_tree(file: &str) -> Option<Flat> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/guests/devicetree").join(file);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(parse_dts(&text)),
        Err(_) => {
            eprintln!("skipped: there is no {}", path.display());
            None
        }
    }
}

/// Checks that our nodes are as QEMU's but for the properties that `may_differ`,
/// and that QEMU has besides none but `not_built`.
pub fn compare(ours: &Flat, theirs: &Flat, may_differ: &[&str], not_built: &[&str]) {
    for (path, properties) in ours {
        let expected = theirs.get(path).unwrap_or_else(|| panic!("QEMU has no {path}"));
        for (name, value) in properties.iter().filter(|(name, _)| !may_differ.contains(&name.as_str())) {
            assert_eq!(Some(value), expected.get(name), "{path} {name}");
        }
        for name in expected.keys() {
            assert!(properties.contains_key(name), "{path} lacks {name}");
        }
    }
    let missing: Vec<_> = theirs.keys().filter(|path| !ours.contains_key(*path)).collect();
    assert_eq!(missing, not_built, "all that QEMU has besides");
}
