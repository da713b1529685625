#!/usr/bin/env bash
# From an empty folder to a price: generates a portfolio, imports it, trains, serves, values.
# Usage: demo.sh [LOANS]   (default 20000)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

loans=${1:-20000}
bin=build/release/bin
work=build/demo
server=

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { printf '  $ %s\n' "$*"; "$@"; }

stop_server() {
  [[ -n $server ]] || return 0
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || true
  server=
}
trap stop_server EXIT

# Prints the port that the server chose, once it listens.
await_port() {
  local waited=0
  until [[ -s $work/port ]]; do
    kill -0 "$server" 2>/dev/null || { cat "$work/recoupd.log" >&2; return 1; }
    ((waited++ < 300)) || { echo "recoupd did not start within 30 s" >&2; return 1; }
    sleep 0.1
  done
  cat "$work/port"
}

rm -rf "$work"
mkdir -p "$work"
started=$SECONDS

say "1. Generate $loans loans with debtors, guarantors, collateral, courts and outcomes"
run "$bin/recoup" generate --loans "$loans" --seed 1 --out "$work/portfolio"

say "2. Import the tape into a store"
run "$bin/recoup" import "$work/portfolio/tape" --store "$work/store"

say "3. Train the network"
run "$bin/recoup" train --store "$work/store" --models "$work/models"

say "4. Start the server and value the portfolio through gRPC"
"$bin/recoupd" --config deploy/config/recoupd.toml --store "$work/store" \
  --models "$work/models" --listen 127.0.0.1:0 --port-file "$work/port" >"$work/recoupd.log" 2>&1 &
server=$!
port=$(await_port)
run "$bin/recoup" value --all --server "127.0.0.1:$port"
stop_server

say "Done in $((SECONDS - started)) s. What to try next"
cat <<TEXT
  $bin/recoup value --all --store $work/store --models $work/models --irr 0.10 --format csv
  $bin/recoup inspect --store $work/store
  $bin/recoup model card --models $work/models
  $bin/recoup evaluate --store $work/store --seeds 1     # the network beside boosted trees
  docs/mapping.md                                        # bring your own tape
TEXT
