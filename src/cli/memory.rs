//! Amounts of memory, as in `--memory 1G`.

/// Reads a number of bytes: decimal digits and K, M, G or T for powers of
/// 1024, such as `512M`; `MiB` and the like are understood too. A number alone
/// is in MiB, as with QEMU.
///
/// # Errors
/// What is wrong, and what to write.
pub fn parse(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.to_ascii_uppercase().as_str() {
        "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "" | "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        "T" | "TB" | "TIB" => 40,
        _ => return Err(remedy("the unit is none of K, M, G and T")),
    };
    if number.is_empty() {
        return Err(remedy("it does not begin with a number"));
    }
    let number: u64 = number.parse().map_err(|_| remedy("the number is too large"))?;
    number.checked_mul(1 << shift).ok_or_else(|| remedy("the number is too large"))
}

fn remedy(problem: &str) -> String {
    format!("{problem}; write a whole number and a unit, such as 512M or 2G")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_are_powers_of_1024() {
        let cases = [
            ("1G", 1 << 30),
            ("1g", 1 << 30),
            ("512M", 512 << 20),
            ("64MiB", 64 << 20),
            ("64mb", 64 << 20),
            ("128", 128 << 20),
            ("4K", 4096),
            ("4096B", 4096),
            ("1T", 1 << 40),
        ];
        for (text, bytes) in cases {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in
            ["", "G", "-1G", "1.5G", "1X", "1 G", "99999999999999999999", "17179869184T", "1GG", "4IB"]
        {
            let message = parse(text).unwrap_err();
            assert!(message.contains("512M"), "{text}: {message}");
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in "\\PC{0,12}") {
            let _ = parse(&text);
        }
    }
}
