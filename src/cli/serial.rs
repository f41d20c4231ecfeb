//! Where the serial console goes, as in `--serial unix:/tmp/console`.

use std::path::PathBuf;
use std::str::FromStr;

/// The host's end of the serial port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SerialOption {
    /// This terminal, or whatever standard input and output are.
    #[default]
    Stdio,
    /// A file that receives the output; there is no input.
    File(PathBuf),
    /// A socket at which one client at a time can connect.
    Unix(PathBuf),
    /// Nothing: output is lost, and there is no input.
    None,
}

impl FromStr for SerialOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = match text.split_once(':') {
            Some(("file" | "unix", "")) => {
                return Err(format!("`{text}` names no file; write it after the colon"));
            }
            Some(("file", path)) => Some(Self::File(path.into())),
            Some(("unix", path)) => Some(Self::Unix(path.into())),
            None if text == "stdio" => Some(Self::Stdio),
            None if text == "none" => Some(Self::None),
            _ => None,
        };
        known.ok_or_else(|| format!("`{text}` is no serial console; use stdio, file:FILE, unix:PATH or none"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_kinds() {
        let cases = [
            ("stdio", SerialOption::Stdio),
            ("file:log:1", SerialOption::File("log:1".into())),
            ("unix:/tmp/s", SerialOption::Unix("/tmp/s".into())),
            ("none", SerialOption::None),
        ];
        for (text, serial) in cases {
            assert_eq!(text.parse(), Ok(serial));
        }
    }

    #[test]
    fn errors_name_the_value_and_the_choices() {
        for text in ["", "tty", "file", "unix", "stdio:", "none:x", "tcp:1"] {
            let message = text.parse::<SerialOption>().unwrap_err();
            assert!(message.contains(&format!("`{text}`")) && message.contains("unix:PATH"), "{message}");
        }
        for text in ["file:", "unix:"] {
            let message = text.parse::<SerialOption>().unwrap_err();
            assert!(message.contains(text) && message.contains("after the colon"), "{message}");
        }
    }
}
