//! When code is compiled, as in `--tiers 24,100000`.

use mynah::Thresholds;

/// Reads two numbers of runs, of which either may be `never`.
///
/// # Errors
/// What is wrong, and what to write.
pub fn parse(text: &str) -> Result<Thresholds, String> {
    let remedy = || "write two numbers of runs, or `never`, such as 24,100000 or 1,never".to_owned();
    let (first, second) = text.split_once(',').ok_or_else(remedy)?;
    let runs = |text: &str| match text {
        "never" => Ok(0),
        _ => text.parse().ok().filter(|runs| *runs > 0).ok_or_else(remedy),
    };
    Ok(Thresholds { baseline: runs(first)?, region: runs(second)?, ..Thresholds::DEFAULT })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_is_no_number_of_runs() {
        let tiers = |text| parse(text).map(|t| (t.baseline, t.region));
        assert_eq!(tiers("24,100000"), Ok((24, 100_000)));
        assert_eq!(tiers("1,never"), Ok((1, 0)));
        for wrong in ["", "24", "0,1", "1,2,3", "a,b", "-1,4294967296"] {
            assert!(tiers(wrong).is_err_and(|remedy| remedy.contains("never")), "{wrong}");
        }
    }
}
