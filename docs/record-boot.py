#!/usr/bin/env python3
"""Boots Debian under Mynah in a terminal of its own, and draws what it showed.

    docs/record-boot.py target/release/mynah > docs/boot.svg

Run by hand when the picture in README.md is out of date. Everything drawn was
printed by that run; what is left out is marked.
"""

import html
import os
import pty
import re
import sys

COMMAND = ["boot", "debian/riscv64", "--cpus", "2"]
PROMPT = b"~ # "
TYPED = [
    "uname -srvm",
    "nproc; free -m",
    "udhcpc -q -i eth0",
    "wget -q -O - http://deb.debian.org/debian/dists/trixie/Release | head -n 4",
    "echo 'scale=30; sqrt(2)' | bc",
    "exit",
]
# Lines before this one are left out, but for the first.
FIRST = "Freeing unused kernel"
COLUMNS, WIDTH, HEIGHT, MARGIN = 104, 8.4, 19, 16


def record(program):
    """All that the terminal received while the lines above were typed."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(program, ["mynah"] + COMMAND)
    log, seen, typed = b"", 0, list(TYPED)
    while True:
        try:
            log += os.read(terminal, 1 << 16)
        except OSError:  # The other side has gone.
            os.waitpid(child, 0)
            return log
        at = log.find(PROMPT, seen)
        if at >= 0 and typed:
            seen = at + len(PROMPT)
            os.write(terminal, typed.pop(0).encode() + b"\r")


def lines(log):
    """The lines of a log: without control sequences, progress bars as last drawn."""
    text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", log).decode(errors="replace")
    text = re.sub(r"\r+\n", "\n", text)
    return [line.rsplit("\r", 1)[-1].rstrip()[:COLUMNS] for line in text.split("\n")]


def draw(rows):
    width, height = COLUMNS * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img"')
    print('     aria-label="A terminal in which Mynah boots Debian for riscv64 to a shell">')
    print('<rect width="100%" height="100%" rx="8" fill="#1d1f21"/>')
    print('<g font-family="ui-monospace,DejaVu Sans Mono,Menlo,monospace" font-size="14" fill="#c5c8c6">')
    for index, row in enumerate(rows):
        y = MARGIN + HEIGHT * (index + 0.75)
        is_typed = row.startswith(("$ ", PROMPT.decode()))
        colour = ' fill="#b5bd68"' if is_typed else ' fill="#707880"' if row.startswith("[") else ""
        text = html.escape(row, quote=False)
        print(f'<text x="{MARGIN}" y="{y:.0f}" xml:space="preserve"{colour}>{text}</text>')
    print("</g></svg>")


def main():
    shown = lines(record(os.path.abspath(sys.argv[1])))
    while not shown[-1]:
        shown.pop()
    booting = next(line for line in shown if line.startswith("Booting "))
    start = next(index for index, line in enumerate(shown) if FIRST in line)
    draw(["$ " + " ".join(["mynah"] + COMMAND), booting, "⋮"] + shown[start:])


main()
