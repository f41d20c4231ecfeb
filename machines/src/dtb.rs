//! Flattened device trees (Devicetree Specification 0.4): a tree of nodes as a
//! board derives it from its parts, and its binary form.

#[cfg(test)]
pub mod dts;

use vm_fdt::FdtWriter;

/// A property's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Present, and that is all.
    Flag,
    /// 32-bit cells.
    Cells(Vec<u32>),
    /// Strings, each with its NUL.
    Strings(Vec<String>),
    /// Raw bytes.
    Bytes(Vec<u8>),
}

impl From<u32> for Value {
    fn from(cell: u32) -> Value {
        Value::Cells(vec![cell])
    }
}

impl From<Vec<u32>> for Value {
    fn from(cells: Vec<u32>) -> Value {
        Value::Cells(cells)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Strings(vec![text.into()])
    }
}

impl From<&[&str]> for Value {
    fn from(texts: &[&str]) -> Value {
        Value::Strings(texts.iter().map(ToString::to_string).collect())
    }
}

/// A node with its properties and children, both in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The name with the unit address, such as `rtc@101000`; the root's is empty.
    pub name: String,
    /// Property names and values.
    pub properties: Vec<(String, Value)>,
    /// The nodes below.
    pub children: Vec<Node>,
}

impl Node {
    /// A node without properties.
    pub fn new(name: impl Into<String>) -> Node {
        Node { name: name.into(), ..Node::default() }
    }

    /// The same with one more property.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Node {
        self.properties.push((name.into(), value.into()));
        self
    }

    /// The same with one more property that is merely present.
    pub fn flag(self, name: &str) -> Node {
        self.with(name, Value::Flag)
    }

    /// The same with one more child.
    pub fn child(mut self, child: Node) -> Node {
        self.children.push(child);
        self
    }

    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.properties.iter().find(|(n, _)| n == name).map(|(_, value)| value)
    }

    /// The child of that name, with or without its unit address.
    pub fn find(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name || c.name.split('@').next() == Some(name))
    }
}

/// The two cells of a 64-bit number.
pub fn cells64(value: u64) -> [u32; 2] {
    [(value >> 32) as u32, value as u32]
}

/// The tree under `root` in binary form.
///
/// # Errors
/// A name or string that the format cannot hold, such as one with a NUL.
pub fn write(root: &Node) -> Result<Vec<u8>, vm_fdt::Error> {
    let mut fdt = FdtWriter::new()?;
    write_node(&mut fdt, root)?;
    fdt.finish()
}

fn write_node(fdt: &mut FdtWriter, node: &Node) -> Result<(), vm_fdt::Error> {
    let open = fdt.begin_node(&node.name)?;
    for (name, value) in &node.properties {
        match value {
            // The writer checks phandles, which have their own method.
            Value::Cells(cells) if name == "phandle" && cells.len() == 1 => fdt.property_phandle(cells[0])?,
            Value::Flag => fdt.property_null(name)?,
            Value::Cells(cells) => fdt.property_array_u32(name, cells)?,
            Value::Strings(texts) => fdt.property_string_list(name, texts.clone())?,
            Value::Bytes(bytes) => fdt.property(name, bytes)?,
        }
    }
    node.children.iter().try_for_each(|child| write_node(fdt, child))?;
    fdt.end_node(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_form_has_header_names_and_values() {
        let root =
            Node::new("").with("model", "m").child(Node::new("a@1").with("reg", vec![1, 2]).flag("on"));
        let blob = write(&root).expect("a small tree");
        // Devicetree Specification 0.4, §5.2: magic and totalsize.
        assert_eq!(blob[..4], [0xd0, 0x0d, 0xfe, 0xed]);
        assert_eq!(u32::from_be_bytes([blob[4], blob[5], blob[6], blob[7]]) as usize, blob.len());
        assert!(blob.windows(4).any(|w| w == b"a@1\0"));
        assert!(blob.windows(8).any(|w| w == [0, 0, 0, 1, 0, 0, 0, 2]));
    }

    #[test]
    fn strings_with_a_nul_are_refused() {
        assert!(write(&Node::new("").with("bootargs", "a\0b")).is_err());
    }

    #[test]
    fn children_are_found_by_name_with_and_without_address() {
        let root = Node::new("").child(Node::new("rtc@101000"));
        assert!(root.find("rtc").is_some() && root.find("rtc@101000").is_some() && root.find("rt").is_none());
    }
}
