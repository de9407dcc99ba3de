#!/usr/bin/env python3
"""Runs the benchmarks and prints a table: `make bench`, or `make bench ONLY=plainrpc` for one family.

Every family is a module of families/ with `run(context)`, a generator of records. A record is one line of .build/bench.jsonl:

    {"bench": "plainrpc.unary.64", "value": 91000, "unit": "1/s", "peer": "cpp-grpc", "peer_value": 52000, "ratio": 1.75, "n": 3, …}

Speeds are medians of alternating runs: ours, the peer's, ours, … in one go, so that a noisy neighbour meets both. A bench checks
its own answers; a wrong one ends the run with exit code 1.
"""

import argparse
import importlib
import json
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
FAMILIES = ["plainrpc", "storage", "service", "demand", "catalog", "fund", "evaluation", "analysis"]


class Context:
    def __init__(self, binaries, rounds, seconds, rows=100_000):
        self.binaries, self.rounds, self.seconds, self.rows = pathlib.Path(binaries).resolve(), rounds, seconds, rows
        self.root = ROOT

    def alternate(self, runs):
        """Runs each of the named measurements in turn, `rounds` times. {name: callable → dict with "rate"} → medians."""
        results = {name: [] for name in runs}
        for _ in range(self.rounds):
            for name, run in runs.items():
                results[name].append(run())
        return {name: self.median(values) for name, values in results.items()}

    @staticmethod
    def median(values):
        middle = statistics.median_low([value["rate"] for value in values])
        return next(value for value in values if value["rate"] == middle)


class Server:
    """A process that prints "listening PORT" and serves until its standard input closes."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        if len(line) != 2 or line[0] != "listening":
            raise SystemExit(f"{command[0]} did not start: {line}")
        self.target = f"127.0.0.1:{line[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(15)


def client(*command):
    """Runs a load client; its last line of output is the measurement."""
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=180)
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout.strip().splitlines()[-1])


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binaries", default=str(ROOT / ".build/release"))
    parser.add_argument("--only", choices=FAMILIES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the benches that fill a store (1000000 takes minutes more)")
    options = parser.parse_args()
    context = Context(options.binaries, options.rounds, options.seconds, options.rows)
    output = ROOT / ".build/bench.jsonl"
    output.parent.mkdir(exist_ok=True)
    print(f"{'bench':<34}{'value':>14} {'unit':<7}{'peer':<22}{'peer value':>14}{'ratio':>8}   p50/p99 µs")
    with open(output, "a", encoding="utf-8") as file:
        for family in [options.only] if options.only else FAMILIES:
            for record in importlib.import_module(f"families.{family}").run(context):
                record = {"time": time.strftime("%Y-%m-%dT%H:%M:%S"), **record}
                file.write(json.dumps(record) + "\n")
                file.flush()
                latency = f"{shown(record['p50_us'])} / {shown(record['p99_us'])}" if "p50_us" in record else ""
                peer = (f"{record['peer']:<22}{shown(record['peer_value']):>14}{record['ratio']:>8.2f}" if "peer" in record
                        else " " * 44)
                print(f"{record['bench']:<34}{shown(record['value']):>14} {record['unit']:<7}{peer}   {latency}", flush=True)
    print(f"lines added to {output.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
