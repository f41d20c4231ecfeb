//! `mynah machines` and `mynah devices`: what the registries hold.

use std::io::{self, Write};

use mynah::{DEVICES, MACHINES, MachineOption};

/// Writes the machines, a line each.
///
/// # Errors
/// `out` cannot be written.
pub fn machines(out: &mut dyn Write) -> io::Result<()> {
    let choices: Vec<String> = MACHINES.iter().map(|machine| choices(machine.options)).collect();
    let rows: Vec<_> = MACHINES
        .iter()
        .zip(&choices)
        .map(|(machine, choices)| vec![machine.name, machine.description, choices])
        .collect();
    table(out, &["MACHINE", "WHAT IT IS", "WHAT CAN BE CHOSEN"], &rows)
}

/// What can be chosen of a machine, and its values, the first of which is what
/// it is otherwise.
fn choices(options: &[MachineOption]) -> String {
    let option = |option: &MachineOption| format!("{}={}", option.name, option.values.join("|"));
    options.iter().map(option).collect::<Vec<_>>().join(" ")
}

/// Writes the devices, a line each.
///
/// # Errors
/// `out` cannot be written.
pub fn devices(out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> =
        DEVICES.iter().map(|device| vec![device.name, device.description, device.source]).collect();
    table(out, &["DEVICE", "WHAT IT IS", "BUILT FROM"], &rows)
}

fn table(out: &mut dyn Write, head: &[&str], rows: &[Vec<&str>]) -> io::Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column]).chain([head[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    for row in [head].into_iter().chain(rows.iter().map(Vec::as_slice)) {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(list: fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        list(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_row_of_the_registries_is_listed() {
        let (machines, devices) = (text(machines), text(devices));
        assert!(MACHINES.iter().all(|machine| machines.contains(machine.description)));
        assert!(machines.contains("gic-version=2|3"));
        assert!(DEVICES.iter().all(|device| devices.contains(device.source)));
        assert_eq!(devices.lines().count(), DEVICES.len() + 1);
    }

    #[test]
    fn columns_are_aligned() {
        let mut out = Vec::new();
        table(&mut out, &["A", "B"], &[vec!["long", "x"], vec!["s", "y"]]).unwrap();
        assert_eq!(out, b"A     B\nlong  x\ns     y\n");
    }
}
