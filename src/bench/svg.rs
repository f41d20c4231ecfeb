//! The comparison as a picture: SVG 1.1 that needs no other file. Its colours
//! are read on a light and on a dark ground.

use std::fmt::Write;

use super::report::{Report, Section, is_good};

const WIDTH: f64 = 880.0;
/// Where bars begin, and how long one is that stands for 1.
const ORIGIN: f64 = 250.0;
const UNIT: f64 = 400.0;
/// The largest ratio that is drawn.
const LARGEST: f64 = 1.25;

/// From one line to the next, in a section and above its title.
const LINE: f64 = 20.0;
const GAP: f64 = 34.0;
const BAR: f64 = 12.0;
/// Where the first section's title stands.
const TOP: f64 = 84.0;

const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#768390}\
.title{font-size:17px;font-weight:600}.group{font-weight:600}.name{text-anchor:end}.small{font-size:11px}\
.good{fill:#2f9e5b}.bad{fill:#d9534f}.any{fill:#8b98a5}\
.mark{stroke:#768390;stroke-opacity:.45}.half{stroke-dasharray:2 3}.goal{stroke:#768390;stroke-width:2}";

/// The picture of `report`.
pub fn svg(report: &Report) -> String {
    let sections = report.sections();
    let all: usize = sections.iter().map(lines).sum();
    let height = TOP + all as f64 * LINE + sections.len() as f64 * GAP;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\">\n<title>Mynah's speed beside QEMU's</title>\n<style>{STYLE}</style>\n"
    );
    let _ = writeln!(text, "<text class=\"title\" x=\"16\" y=\"26\">Mynah's speed beside QEMU's</text>");
    let _ = writeln!(text, "<text class=\"small\" x=\"16\" y=\"44\">{}</text>", escaped(&report.setting));
    let _ = writeln!(
        text,
        "<text class=\"small\" x=\"16\" y=\"60\">Processor time unless said otherwise, as a part of the other \
         side's; medians of {} rounds. Shorter is faster; the strokes are goals.</text>",
        report.rounds
    );
    let mut y = TOP;
    for section in &sections {
        text += &drawn(section, y);
        y += GAP + lines(section) as f64 * LINE;
    }
    text + "</svg>\n"
}

fn lines(section: &Section) -> usize {
    section.figures.len() + usize::from(section.mean.is_some())
}

/// A section whose title stands at `y`.
fn drawn(section: &Section, y: f64) -> String {
    let [ours, theirs] = section.sides;
    let name = escaped(section.group.name());
    let mut text = format!("<text class=\"group\" x=\"16\" y=\"{y}\">{name}: {ours} by {theirs}</text>\n");
    let bottom = y + 8.0 + lines(section) as f64 * LINE;
    for (ratio, class) in [(0.5, "mark half"), (1.0, "mark")] {
        let x = ORIGIN + ratio * UNIT;
        let _ = writeln!(
            text,
            "<text class=\"small\" text-anchor=\"middle\" x=\"{x}\" y=\"{y}\">{ratio}</text>\
             <line class=\"{class}\" x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{bottom}\"/>",
            y + 5.0
        );
    }
    let mut y = y;
    for figure in &section.figures {
        y += LINE;
        text += &bar(&figure.name, figure.ratio, figure.at_most, y);
    }
    if let Some((ratio, at_most)) = section.mean {
        text += &bar("geometric mean", ratio, at_most, y + LINE);
    }
    text
}

/// A bar with its name, its ratio and its goal; the text stands at `y`.
fn bar(name: &str, ratio: f64, at_most: Option<f64>, y: f64) -> String {
    let length = ratio.clamp(0.0, LARGEST) * UNIT;
    let (top, end) = (y - BAR + 2.0, ORIGIN + length);
    let class = match is_good(ratio, at_most) {
        Some(true) => "good",
        Some(false) => "bad",
        None => "any",
    };
    let mut text = format!(
        "<text class=\"name\" x=\"{}\" y=\"{y}\">{}</text>\
         <rect class=\"{class}\" x=\"{ORIGIN}\" y=\"{top}\" width=\"{length:.1}\" height=\"{BAR}\" rx=\"2\"/>\
         <text x=\"{:.1}\" y=\"{y}\">{ratio:.2}</text>",
        ORIGIN - 8.0,
        escaped(name),
        end + 8.0
    );
    if let Some(at_most) = at_most {
        let x = ORIGIN + at_most.clamp(0.0, LARGEST) * UNIT;
        let (above, below) = (top - 2.0, top + BAR + 2.0);
        let _ = write!(text, "<line class=\"goal\" x1=\"{x}\" y1=\"{above}\" x2=\"{x}\" y2=\"{below}\"/>");
    }
    text + "\n"
}

/// Text as it may stand between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_ratio() {
        assert_eq!(
            bar("a<b", 0.3, Some(0.8), 100.0),
            "<text class=\"name\" x=\"242\" y=\"100\">a&lt;b</text>\
             <rect class=\"good\" x=\"250\" y=\"90\" width=\"120.0\" height=\"12\" rx=\"2\"/>\
             <text x=\"378.0\" y=\"100\">0.30</text>\
             <line class=\"goal\" x1=\"570\" y1=\"88\" x2=\"570\" y2=\"104\"/>\n"
        );
        assert!(bar("x", 9.0, None, 0.0).contains("class=\"any\" x=\"250\" y=\"-10\" width=\"500.0\""));
    }

    #[test]
    fn every_figure_is_drawn_inside_the_picture() {
        let (report, svg) = (report(), svg(&report()));
        let sections = report.sections();
        let bars: usize = sections.iter().map(lines).sum();
        assert_eq!(svg.matches("<rect").count(), bars);
        assert_eq!(svg.matches("class=\"bad\"").count(), 3);
        assert!(svg.contains("QEMU 10 &lt;on&gt; a host") && svg.contains("four harts: 4 harts by 1 hart"));
        let height: f64 = svg.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        let ys =
            svg.split("y=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse::<f64>().unwrap());
        assert!(ys.fold(0.0, f64::max) < height);
    }
}
