#!/usr/bin/env bash
# Measures speed and memory on a generated portfolio; writes build/bench.json, one line a figure.
# Usage: run_bench.sh [LOANS]   (default 20000)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec python3 tests/bench/run_bench.py "$@"
