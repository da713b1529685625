#!/usr/bin/env python3
"""Fails when a top folder has no README.md of at most 30 lines, or the top README shows its first command too late."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("proto", "graph", "model", "server", "tests", "deploy", "docs")
LONGEST = 30
FIRST_COMMAND_BEFORE = 35


def main():
    bad = []
    for folder in FOLDERS:
        readme = ROOT / folder / "README.md"
        lines = len(readme.read_text().splitlines()) if readme.is_file() else 0
        if not 0 < lines <= LONGEST:
            bad.append(f"{folder}/README.md has {lines} lines; it needs 1 to {LONGEST}")
    lines = (ROOT / "README.md").read_text().splitlines()
    first = next((n for n, line in enumerate(lines, 1) if line.startswith("./dev ")), len(lines) + 999)
    if first >= FIRST_COMMAND_BEFORE:
        bad.append(f"README.md: the first ./dev command is not before line {FIRST_COMMAND_BEFORE}")
    print(*bad, f"{len(bad)} violations", sep="\n")
    return 1 if bad else 0


sys.exit(main())
