#!/usr/bin/env python3
"""Fails when a file includes a folder that layers.toml does not allow it to include.

Usage: check_layers.py [ROOT]    ROOT is the checkout; by default the one this file lies in
"""
import graphlib
import pathlib
import re
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve()
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def folder_of(path, rules):
    """Longest ruled folder that holds `path`, or None."""
    return max((name for name in rules if path.startswith(name + "/")), key=len, default=None)


def sources(root):
    for top in ("graph", "model", "server"):
        yield from (p for p in sorted((root / top).rglob("*")) if p.suffix in (".h", ".cc"))


def violations(name, text, rules, third_party):
    """Yields one line for each include in file `name` that breaks a rule."""
    home = folder_of(name, rules)
    if home is None:
        yield f"{name}: its folder is not listed in layers.toml"
        return
    for header in INCLUDE.findall(text):
        target = folder_of(header, rules)
        if target not in (None, home) and target not in rules[home]:
            yield f"{name}: {home} may not include {target} ({header})"
        for prefix, allowed in third_party.items():
            if header.startswith(prefix) and home not in allowed:
                yield f"{name}: <{header}> is allowed only in {', '.join(allowed) or 'tests'}"


def table_errors(rules):
    """Yields what is wrong with the table itself: unknown names and circles."""
    for name, allowed in rules.items():
        yield from (f"layers.toml: {name} lists unknown {a}" for a in allowed if a not in rules)
    try:
        graphlib.TopologicalSorter(rules).prepare()
    except graphlib.CycleError as error:
        yield f"layers.toml: a circle: {' -> '.join(error.args[1])}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE.parents[2]
    layers = tomllib.loads((HERE.parent / "layers.toml").read_text())
    rules, third_party = layers["may_include"], layers["third_party"]
    files = list(sources(root))
    bad = list(table_errors(rules))
    for file in files:
        bad += violations(file.relative_to(root).as_posix(), file.read_text(), rules, third_party)
    print(*bad, f"{len(files)} files checked, {len(bad)} violations", sep="\n")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
