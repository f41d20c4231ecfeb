#!/usr/bin/env python3
"""Draws what a terminal showed as an SVG: docs/boot.svg, run by hand.

    script -c 'mynah boot debian/riscv64' boot.log
    docs/render-boot.py boot.log 'mynah boot debian/riscv64' FIRST-TEXT > docs/boot.svg

FIRST-TEXT is in the line from which on all is drawn; what is before it is
left out and marked so.
"""

import html
import re
import sys

COLUMNS, WIDTH, HEIGHT, MARGIN = 104, 8.4, 19, 16


def lines(log):
    """The lines of a log, without control sequences."""
    text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", log).decode(errors="replace")
    return [line.rstrip()[:COLUMNS] for line in text.replace("\r", "").split("\n")]


def main(path, command, first):
    shown = [line for line in lines(open(path, "rb").read()) if not line.startswith("Script ")]
    start = next(index for index, line in enumerate(shown) if first in line)
    rows = ["$ " + command] + shown[:1] + ["⋮"] + shown[start:]
    while not rows[-1]:
        rows.pop()
    width, height = COLUMNS * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img"')
    print('     aria-label="A terminal in which Mynah boots Debian for riscv64 to a shell">')
    print(f'<rect width="100%" height="100%" rx="8" fill="#1d1f21"/>')
    print('<g font-family="ui-monospace,DejaVu Sans Mono,Menlo,monospace" font-size="14" fill="#c5c8c6">')
    for index, row in enumerate(rows):
        y = MARGIN + HEIGHT * (index + 0.75)
        typed = row.startswith(("$ ", "~ # "))
        colour = ' fill="#b5bd68"' if typed else ' fill="#707880"' if row.startswith("[") else ""
        print(f'<text x="{MARGIN}" y="{y:.0f}" xml:space="preserve"{colour}>{html.escape(row)}</text>')
    print("</g></svg>")


main(*sys.argv[1:])
