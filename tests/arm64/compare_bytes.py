#!/usr/bin/env python3
"""Fails when two instruction sets do not compute the same bytes, on this machine or on an emulated ARM64.

compare_bytes.py PROGRAM [--arm64 COMMAND...]   PROGRAM prints `<instruction set> <case> <position> <hex>`
compare_bytes.py PROGRAM --skip REASON          compares this machine's sets, then says why it is skipped
"""
import platform
import subprocess
import sys

SKIPPED = 77
SHOWN = 10


def run(command):
    """Returns the lines of each instruction set: {set: {(case, position): hex}}."""
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    sets = {}
    for line in output.splitlines():
        name, case, position, numbers = line.split(" ")
        lines = sets.setdefault(name, {})
        assert (case, position) not in lines, f"two lines for {name} {case} {position}"
        lines[case, position] = numbers
    return sets


def differences(one, other):
    """Returns the keys at which two sets differ, in the order of the first."""
    missing = [key for key in other if key not in one]
    return [key for key in one if one[key] != other.get(key)] + missing


def compare(machines):
    """Prints what each set computed; returns how many differ from the first one."""
    first, wrong = None, 0
    for machine, sets in machines.items():
        for name, lines in sets.items():
            first = first or (f"{machine} {name}", lines)
            differ = differences(first[1], lines)
            wrong += bool(differ) or not lines
            print(f"{machine} {name}: {len(lines)} lines, {len(differ)} differ from {first[0]}")
            for key in differ[:SHOWN]:
                print(f"  {' '.join(key)}\n    {first[1].get(key)}\n    {lines.get(key)}")
    return wrong


def main():
    program, *rest = sys.argv[1:]
    machines = {platform.machine(): run([program])}
    if rest[:1] == ["--arm64"]:
        machines["aarch64 (emulated)"] = arm64 = run(rest[1:])
        if not any(name.startswith("NEON") for name in arm64):
            print(f"no NEON among what ARM64 ran: {', '.join(arm64)}")
            return 1
    if compare(machines) or not machines[platform.machine()]:
        return 1
    if rest[:1] == ["--skip"]:
        print(f"skipped: {rest[1]}")
        return SKIPPED
    return 0


sys.exit(main())
