#!/usr/bin/env python3
"""Fails when a unit test has no source, or a source has no unit test and no reason in untested.txt."""
import fnmatch
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[2]
UNIT = ROOT / "tests/unit"


def excuses():
    """Patterns of untested.txt; what follows `#` is the reason."""
    lines = (HERE.parent / "untested.txt").read_text().splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def main():
    bad = []
    tests = sorted(UNIT.rglob("*_test.cc"))
    tested = set()
    for test in tests:
        folder = ROOT / test.parent.relative_to(UNIT)
        stem = test.name.removesuffix("_test.cc")
        found = [p for suffix in (".h", ".cc") for p in folder.rglob(stem + suffix)]
        tested |= {p.with_suffix(".cc") for p in found}
        if not found:
            bad.append(f"{test.relative_to(ROOT)}: no {stem}.h or {stem}.cc in {folder.relative_to(ROOT)}/")
    patterns = excuses()
    sources = [p for top in ("graph", "model", "server") for p in sorted((ROOT / top).rglob("*.cc"))]
    for source in sources:
        name = source.relative_to(ROOT).as_posix()
        if source not in tested and not any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
            bad.append(f"{name}: no {source.stem}_test.cc under tests/unit, and no reason in untested.txt")
    for pattern in patterns:
        if "*" not in pattern and not (ROOT / pattern).is_file():
            bad.append(f"untested.txt: {pattern} does not exist")
    print(*bad, f"{len(tests)} tests and {len(sources)} sources checked, {len(bad)} violations", sep="\n")
    return 1 if bad else 0


sys.exit(main())
