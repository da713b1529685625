#!/usr/bin/env python3
"""Measures Recoup beside what a user would pick instead, in one run on one machine.

Writes build/bench.json: one JSON object a line with name, value, unit, compared_with, ratio. A
ratio above 1 means that Recoup has more of the unit (rows/s, loans/s) or takes longer (us).
"""

import csv
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
from recoup_process import BIN, Server, recoup  # noqa: E402

WORK = ROOT / "build/bench"
REPEATS = 3


def main():
    loans = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    lines = []

    def report(name, value, unit, compared_with, other):
        line = {
            "name": name, "value": round(value, 3), "unit": unit,
            "compared_with": compared_with, "ratio": round(value / other, 3),
        }
        lines.append(line)
        print(json.dumps(line), flush=True)

    print(f"generating {loans} loans", file=sys.stderr)
    recoup("generate", "--loans", loans, "--seed", 1, "--out", WORK / "portfolio")
    tape = WORK / "portfolio/tape"
    bench_import(tape, report)
    bench_training(report)
    bench_model_part(report)
    bench_forward(report)
    bench_layers(report)
    bench_batch(report)
    bench_round_trip(report)
    bench_start(report)
    (ROOT / "build/bench.json").write_text("".join(json.dumps(line) + "\n" for line in lines))
    print(f"written: build/bench.json ({len(lines)} figures)", file=sys.stderr)


def bench_import(tape, report):
    """Import into a durable store, against loading the same CSV files into SQLite with keys."""
    ours, theirs = [], []
    for turn in range(REPEATS):
        store = WORK / f"store-{turn}"
        done = recoup("import", "--tape", tape, "--store", store, "--format", "json")
        summary = json.loads(done.stdout)
        ours.append(summary["rows_read"] / summary["seconds"])
        theirs.append(sqlite_rows_per_second(tape))
    (WORK / "store-0").rename(WORK / "store")
    report("import", statistics.median(ours), "rows/s", "sqlite3 load of the same tables",
           statistics.median(theirs))


def sqlite_rows_per_second(tape):
    database = WORK / "tape.sqlite"
    database.unlink(missing_ok=True)
    start = time.perf_counter()
    rows = 0
    with sqlite3.connect(database) as connection:
        for path in sorted(tape.glob("*.csv")):
            with open(path, newline="", encoding="utf-8") as file:
                reader = csv.reader(file)
                header = next(reader)
                columns = ", ".join(f'"{name}"' for name in header)
                connection.execute(f'create table "{path.stem}" ({columns})')
                marks = ", ".join("?" * len(header))
                body = list(reader)
                connection.executemany(f'insert into "{path.stem}" values ({marks})', body)
                rows += len(body)
                for name in header:
                    if name.endswith("_id"):
                        connection.execute(
                            f'create index "{path.stem}_{name}" on "{path.stem}" ("{name}")')
    connection.close()
    return rows / (time.perf_counter() - start)


def bench_training(report):
    """Examples a second through an epoch of the network, against a round of boosted trees."""
    recoup("train", "--store", WORK / "store", "--models", WORK / "models", "--epochs", 4)
    runs = []
    for _ in range(REPEATS):
        done = subprocess.run([BIN / "training", WORK / "store"], capture_output=True, check=True,
                              timeout=600)
        runs.append(json.loads(done.stdout))
    report("training", statistics.median(run["network_per_second"] for run in runs), "examples/s",
           "XGBoost, own features, examples times rounds",
           statistics.median(run["trees_per_second"] for run in runs))


def bench_model_part(report):
    """One forecast of the whole model on one thread, against one row through 300 trees of
    XGBoost; and what asking the resolved peers adds."""
    model = next(iter(sorted((WORK / "models").glob("[!.]*"))))
    runs = []
    for _ in range(REPEATS):
        done = subprocess.run([BIN / "model_part", WORK / "store", model], capture_output=True,
                              check=True, timeout=600)
        runs.append(json.loads(done.stdout))
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]
              if key.endswith("_us")}
    report("forecast", median["forecast_us"], "us", "one row through 300 trees of libxgboost",
           median["xgboost_us"])
    report("forecast_network_alone", median["network_us"], "us",
           "one row through 300 trees of libxgboost", median["xgboost_us"])
    report("ask_peers", median["ask_peers_us"], "us", "the whole forecast", median["forecast_us"])


def bench_forward(report):
    """One forward pass over 166 nodes of all kinds, in 8 bits, against LibTorch, fp32, and one row
    through 300 trees of XGBoost, call by call in turns."""
    runs = [json.loads(subprocess.run([BIN / "forward"], capture_output=True, check=True,
                                      timeout=600).stdout) for _ in range(REPEATS)]
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]
              if key.endswith("_us")}
    for name, other in (("LibTorch, one thread", "torch_us"), ("the local network in fp32", "fp32_us"),
                        ("one row through 300 trees of libxgboost", "xgboost_us")):
        if other in median:
            report("forward_int8", median["int8_us"], "us", name, median[other])
    report("forward_int4", median["int4_us"], "us", "in 8 bits", median["int8_us"])


def bench_layers(report):
    """Open loans by the network alone: layer by layer over all of them, against loan by loan; and
    whole valuations of as many together as there are, against each alone."""
    model = next(iter(sorted((WORK / "models").glob("[!.]*"))))
    done = subprocess.run([BIN / "batch", WORK / "store", model], capture_output=True, check=True,
                          timeout=600)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    of = {row["network"]: row for row in rows if "network" in row}
    ours, torch = of["local-int8"], of["torch"]
    report("layers_nodes", ours["nodes_per_second"], "nodes/s", "in fp32",
           of["local-fp32"]["nodes_per_second"])
    report("layers_forward", ours["loans_per_second"], "loans/s", "LibTorch loan by loan",
           torch["alone_loans_per_second"])
    report("layers_forward_2_threads", ours["loans_per_second_2"], "loans/s", "1 thread",
           ours["loans_per_second"])
    report("layers_whole", ours["whole_loans_per_second"], "loans/s",
           "LibTorch loan by loan, with sampling and encoding",
           torch["alone_whole_loans_per_second"])
    report("layers_whole_2_threads", ours["whole_loans_per_second_2"], "loans/s", "1 thread",
           ours["whole_loans_per_second"])
    report("layers_alone", ours["whole_loans_per_second"], "loans/s",
           "int8 loan by loan, with sampling and encoding", ours["alone_whole_loans_per_second"])
    engine = next(row for row in rows if row.get("engine") == "local-int8")
    largest = list(engine.values())[-1]
    rate = largest["loans_per_second"]
    report("valued_together", rate, "loans/s", "each alone, on 1 thread",
           rate / largest["times_alone"])


def bench_batch(report):
    """Loans a second of the whole portfolio, local against LibTorch; and peak memory of both."""
    rates, peaks = {}, {}
    for backend in ("local", "torch"):
        runs = []
        for _ in range(REPEATS):
            rate, peaks[backend] = batch_run(backend)
            runs.append(rate)
        rates[backend] = statistics.median(runs)
    report("batch", rates["local"], "loans/s", "LibTorch backend", rates["torch"])
    report("batch_peak_memory", peaks["local"], "MB", "LibTorch backend", peaks["torch"])


def batch_run(backend):
    out = WORK / f"valued-{backend}.csv"
    start = time.perf_counter()
    with open(out, "wb") as file:
        process = subprocess.Popen(
            [BIN / "recoup", "value", "--all", "--format", "csv", "--store", WORK / "store",
             "--models", WORK / "models", "--backend", backend], stdout=file)
        _, status, usage = wait4(process)
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"recoup value --backend {backend} failed")
    with open(out, "rb") as file:
        loans = sum(1 for _ in file) - 1
    return loans / seconds, usage.ru_maxrss / 1024


def wait4(process):
    pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return pid, process.returncode, usage


def bench_round_trip(report):
    """One loan over gRPC, against an empty call to the same server, call by call in turns."""
    with open(WORK / "valued-local.csv", newline="", encoding="utf-8") as file:
        ids = "".join(row["loan_id"] + "\n" for row in csv.DictReader(file))
    times, resident = {}, {}
    for backend in ("local", "torch"):
        config = WORK / f"{backend}.toml"
        config.write_text(f'[models]\nbackend = "{backend}"\n')
        with Server(WORK, WORK / "store", WORK / "models", config) as server:
            done = subprocess.run([BIN / "round_trip", server.address, "4000"],
                                  input=ids.encode(), capture_output=True, check=True, timeout=600)
            times[backend] = json.loads(done.stdout)
            resident[backend] = resident_mb(server.process.pid)
    ours = times["local"]
    for share in ("p50", "p99"):
        report(f"value_loan_{share}", ours[f"value_{share}_us"], "us", f"empty gRPC call, {share}",
               ours[f"empty_{share}_us"])
    report("value_loan_torch_p50", times["torch"]["value_p50_us"], "us",
           "the local backend, p50", ours["value_p50_us"])
    report("recoupd_peak_memory", resident["local"], "MB", "LibTorch backend",
           resident["torch"])


def bench_start(report):
    """From the start of a process to its first valuation over gRPC, median of 7 fresh ones with the
    files in the page cache; and what is resident after 1000 valuations. Both backends in turns,
    read from disk; and the local one with its copy of the store in memory, which is complete some
    thousand valuations later."""
    with open(WORK / "valued-local.csv", newline="", encoding="utf-8") as file:
        ids = "".join(row["loan_id"] + "\n" for row in csv.DictReader(file))
    cases = {"local": ("local", "false", "1000"), "torch": ("torch", "false", "1000"),
             "memory": ("local", "true", "10000")}
    runs = {case: [] for case in cases}
    for turn in range(8):
        for case, (backend, memory, calls) in cases.items():
            config = WORK / f"start-{case}.toml"
            config.write_text(
                f'[models]\nbackend = "{backend}"\n[store]\nserve_from_memory = {memory}\n')
            done = subprocess.run(
                [BIN / "first_valuation", calls, BIN / "recoupd", "--config", config, "--store",
                 WORK / "store", "--models", WORK / "models", "--listen", "127.0.0.1:0"],
                input=ids.encode(), capture_output=True, check=True, timeout=600)
            if turn > 0:  # the first fills the page cache and writes the peers' snapshot
                runs[case].append(json.loads(done.stdout))
    of = {case: {key: statistics.median(run[key] for run in some) for key in some[0]}
          for case, some in runs.items()}
    for name, key, unit in (("start_to_first_valuation", "first_ms", "ms"),
                            ("resident", "resident_mb", "MB"),
                            ("resident_anonymous", "resident_anonymous_mb", "MB")):
        report(name, of["local"][key], unit, "LibTorch backend", of["torch"][key])
        report(name + "_from_memory", of["memory"][key], unit, "read from disk", of["local"][key])


def resident_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("no VmHWM in /proc: cannot read the server's memory")


if __name__ == "__main__":
    main()
