//! Disks, as in `--drive disk.img,readonly`.

use std::path::PathBuf;
use std::str::FromStr;

/// Which file is a disk, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriveOption {
    /// The raw image.
    pub path: PathBuf,
    /// Whether the guest must not write to it.
    pub read_only: bool,
}

impl FromStr for DriveOption {
    type Err = String;

    /// Reads `FILE[,readonly]`. A comma in a file's name is written twice, as
    /// with QEMU.
    fn from_str(text: &str) -> Result<Self, String> {
        let (path, options) = split_path(text);
        if path.is_empty() {
            return Err("no file is named; write FILE or FILE,readonly".to_owned());
        }
        let mut read_only = false;
        for option in options.split(',').filter(|_| !options.is_empty()) {
            match option {
                "readonly" | "readonly=on" | "ro" => read_only = true,
                "readonly=off" | "rw" => read_only = false,
                _ => {
                    return Err(format!(
                        "`{option}` is no option of a drive; the only one is readonly, \
                         and a comma in a file's name is written twice"
                    ));
                }
            }
        }
        Ok(Self { path: path.into(), read_only })
    }
}

/// The file's name up to the first single comma, and what follows it.
fn split_path(text: &str) -> (String, &str) {
    let mut path = String::new();
    let mut rest = text;
    while let Some((part, after)) = rest.split_once(',') {
        path.push_str(part);
        match after.strip_prefix(',') {
            Some(after) => {
                path.push(',');
                rest = after;
            }
            None => return (path, after),
        }
    }
    (path + rest, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drive(path: &str, read_only: bool) -> Result<DriveOption, String> {
        Ok(DriveOption { path: path.into(), read_only })
    }

    #[test]
    fn a_file_and_its_options() {
        assert_eq!("a.img".parse(), drive("a.img", false));
        assert_eq!("a.img,readonly".parse(), drive("a.img", true));
        assert_eq!("/x/a,,b.img,readonly=on".parse(), drive("/x/a,b.img", true));
        assert_eq!("a,,".parse(), drive("a,", false));
    }

    #[test]
    fn errors_name_the_bad_part_and_the_remedy() {
        for (text, part) in
            [("", "FILE"), (",readonly", "FILE"), ("a,readnoly", "`readnoly`"), ("a,b,ro", "`b`")]
        {
            let message = text.parse::<DriveOption>().unwrap_err();
            assert!(message.contains(part) && message.contains("readonly"), "{text}: {message}");
        }
    }

    proptest! {
        #[test]
        fn any_name_can_be_written(path in "\\PC{1,20}") {
            prop_assert_eq!(path.replace(',', ",,").parse(), drive(&path, false));
        }
    }
}
