//! Bars of characters: how large a ratio is, beside marks at one half and one.

/// The largest ratio that is drawn; marks fall on whole characters where the
/// width is a multiple of five.
const LARGEST: f64 = 1.25;
/// Parts of a character that can be filled.
const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const FULL: char = '█';
/// A bar that goes on.
const BEYOND: char = '▶';

/// Marks, and what stands above them.
const MARKS: [(f64, char, char); 2] = [(0.5, '┊', '½'), (1.0, '│', '1')];

const RESET: &str = "\x1b[0m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";

/// The character of `width` that a ratio falls on.
fn at(ratio: f64, width: usize) -> usize {
    (ratio / LARGEST * width as f64) as usize
}

/// The line above the bars.
pub fn scale(width: usize) -> String {
    let mut cells = vec![' '; width];
    cells[0] = '0';
    for (ratio, _, label) in MARKS {
        cells[at(ratio, width)] = label;
    }
    cells.into_iter().collect::<String>().trim_end().to_owned()
}

/// The bar of `ratio`, `width` characters wide; where `colour` says whether it
/// is good, in green or red.
pub fn bar(ratio: f64, width: usize, colour: Option<bool>) -> String {
    let eighths = (ratio.max(0.0) / LARGEST * width as f64 * 8.0).round() as usize;
    let mut filled: String = std::iter::repeat_n(FULL, (eighths / 8).min(width)).collect();
    if eighths > width * 8 {
        filled.pop();
        filled.push(BEYOND);
    } else if !eighths.is_multiple_of(8) {
        filled.push(EIGHTHS[eighths % 8]);
    }
    let empty = |cell| MARKS.iter().find(|mark| at(mark.0, width) == cell).map_or(' ', |mark| mark.1);
    let rest: String = (filled.chars().count()..width).map(empty).collect();
    let rest = rest.trim_end();
    match colour {
        Some(good) => format!("{}{filled}{RESET}{rest}", if good { GREEN } else { RED }),
        None => format!("{filled}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_by_eighths_past_the_marks() {
        assert_eq!(scale(25), "0         ½         1");
        for (ratio, drawn) in [
            (0.0, "          ┊         │"),
            (0.006, "▏         ┊         │"),
            (0.30, "██████    ┊         │"),
            (0.475, "█████████▌┊         │"),
            (0.50, "██████████┊         │"),
            (0.525, "██████████▌         │"),
            (1.0, "████████████████████│"),
            (1.25, "█████████████████████████"),
            (7.0, "████████████████████████▶"),
        ] {
            assert_eq!(bar(ratio, 25, None), drawn, "{ratio}");
        }
    }

    #[test]
    fn what_is_no_number_is_no_bar() {
        assert_eq!(bar(f64::NAN, 15, None), "      ┊     │");
        assert_eq!(bar(f64::INFINITY, 15, None), "██████████████▶");
    }

    #[test]
    fn good_is_green_and_bad_is_red() {
        assert_eq!(bar(0.1, 25, Some(true)), "\x1b[32m██\x1b[0m        ┊         │");
        assert_eq!(bar(0.1, 25, Some(false)), "\x1b[31m██\x1b[0m        ┊         │");
    }
}
