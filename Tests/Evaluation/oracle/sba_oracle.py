#!/usr/bin/env python3
"""Recomputes a ranking of the SBA lenders from the CSV alone and compares it with an exported run, to the last digit.

    sba_oracle.py data/sba/sba-7a-loans.csv.gz run.jsonl

`run.jsonl` is what ExportRun answers as JSON lines, with or without explanations, for the scheme `sba-lenders` or
`sba-lenders-yearly`. Nothing here is shared with the service: the formulas are those of docs/methods.md, in Python's
integers. Exit code 0 when every line agrees, 1 when any differs, 2 for wrong input.
"""

import csv
import gzip
import hashlib
import json
import math
import sys
from collections import defaultdict

FULL = 100_000_000  # 100 points in micro-points
MILLION = 1_000_000
WEIGHTS = {"scale": 500_000, "quality": 300_000, "inclusion": 200_000}
SCALE_WEIGHTS = {"volume": 600_000, "growth": 400_000}
GROWTH_WINDOW = {"schemes/sba-lenders": 2, "schemes/sba-lenders-yearly": 1}
GRADES = [("A", 80_000_000), ("B", 60_000_000), ("C", 40_000_000)]
SMALL_LOAN_USD = 150_000


def divide(numerator, denominator):
    """Half away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    quotient, remainder = divmod(abs(numerator), abs(denominator))
    return sign * (quotient + (1 if 2 * remainder >= abs(denominator) else 0))


def institution_id(bank):
    return "sba-" + hashlib.sha256(bank.encode()).hexdigest()[:16]


def years_of(period):
    if ".." in period:
        first, last = period.split("..")
        return range(int(first), int(last) + 1)
    return range(int(period), int(period) + 1)


class Book:
    """Sums by bank and fiscal year; money in cents."""

    def __init__(self, path):
        self.banks = set()
        self.sums = defaultdict(int)
        opener = gzip.open if path.endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                bank, year = row["Bank"], int(row["ApprovalFY"])
                amount = int(row["GrAppv"])
                self.banks.add(bank)
                self.add(bank, year, "approved", amount * 100)
                self.add(bank, year, "loans", 1)
                self.add(bank, year, "charged-off", int(row["ChgOffPrinGr"]) * 100)
                self.add(bank, year, "small-loans", 1 if amount <= SMALL_LOAN_USD else 0)

    def add(self, bank, year, what, amount):
        self.sums[bank, year, what] += amount

    def total(self, bank, years, what):
        return sum(self.sums.get((bank, year, what), 0) for year in years)


def percentiles(values):
    """100 × peers that are worse ÷ (peers − 1)."""
    ordered = sorted(values.values())
    if len(ordered) == 1:
        return {key: FULL for key in values}
    worse = {}
    for position, value in enumerate(ordered):
        worse.setdefault(value, position)
    return {key: divide(FULL * worse[value], len(ordered) - 1) for key, value in values.items()}


def z_scores(values, center=60_000_000, per_sigma=15_000_000):
    """centre − 15 × (value − mean) ÷ σ for a lower-is-better column, between 0 and 100 points."""
    count, total = len(values), sum(values.values())
    variance = count * sum(value * value for value in values.values()) - total * total
    scores = {}
    for key, value in values.items():
        deviation = value * count - total
        if variance == 0:
            points = center
        else:
            # round-half-up of per_sigma × |deviation| ÷ √variance is ⌊(⌊√(4k²/D)⌋ + 1) / 2⌋ with k the numerator.
            numerator = per_sigma * abs(deviation)
            offset = (math.isqrt(4 * numerator * numerator // variance) + 1) // 2
            points = center - offset if deviation > 0 else center + offset
        scores[key] = max(0, min(FULL, points))
    return scores


def evaluate(book, scheme, period):
    years = years_of(period)
    window = GROWTH_WINDOW[scheme]
    last = years[-1]
    current = range(last - window + 1, last + 1)
    previous = range(last - 2 * window + 1, last - window + 1)

    rows, outside = {}, []
    for bank in book.banks:
        approved = book.total(bank, years, "approved")
        loans = book.total(bank, years, "loans")
        if approved == 0 or loans == 0:
            outside.append(bank)
            continue
        before = book.total(bank, previous, "approved")
        growth = None
        if before:
            growth = divide((book.total(bank, current, "approved") - before) * MILLION, before)
        rows[bank] = {
            "approved": approved,
            "growth": growth,
            "charge-off-ratio": divide(book.total(bank, years, "charged-off") * MILLION, approved),
            "small-loan-share": divide(book.total(bank, years, "small-loans") * MILLION, loans),
        }

    volume = percentiles({bank: row["approved"] for bank, row in rows.items()})
    grown = percentiles({bank: row["growth"] for bank, row in rows.items() if row["growth"] is not None})
    quality = z_scores({bank: row["charge-off-ratio"] for bank, row in rows.items()})
    for bank, row in rows.items():
        nodes = {
            "scale/volume": volume[bank],
            "scale/growth": grown.get(bank, 0),
            "quality": quality[bank],
            "inclusion": min(FULL, divide(FULL * row["small-loan-share"], 500_000)),
        }
        nodes["scale"] = divide(
            sum(nodes["scale/" + name] * weight for name, weight in SCALE_WEIGHTS.items()), MILLION)
        row["nodes"] = nodes
        row["regular"] = divide(sum(nodes[name] * weight for name, weight in WEIGHTS.items()), MILLION)
        row["total"] = divide(row["regular"], 100) * 100  # four decimals
        row["grade"] = next((grade for grade, bound in GRADES if row["total"] >= bound), "D")

    ordered = sorted(rows, key=lambda bank: (-rows[bank]["total"], -rows[bank]["approved"], institution_id(bank)))
    place = None
    for position, bank in enumerate(ordered):
        key = (rows[bank]["total"], rows[bank]["approved"])
        if place is None or key != place[0]:
            place = (key, position + 1)
        rows[bank]["rank"] = place[1]
    return ordered, rows, sorted(outside, key=institution_id)


def read_export(path):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    if not lines or "scheme" not in lines[0]:
        sys.exit("the first line of the export is not a run")
    return lines[0], lines[1:]


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    run, lines = read_export(sys.argv[2])
    if run["scheme"] not in GROWTH_WINDOW:
        print(f"no oracle for {run['scheme']}", file=sys.stderr)
        return 2
    ordered, rows, outside = evaluate(Book(sys.argv[1]), run["scheme"], run["period"])
    expected = ordered + outside
    differences = []
    if len(lines) != len(expected):
        differences.append(f"{len(lines)} lines exported, {len(expected)} banks in the book")
    for bank, line in zip(expected, lines):
        ranking = line.get("ranking", line)
        row = rows.get(bank)
        want = {"institution_id": institution_id(bank), "rank": 0, "total_micro_points": 0, "regular_micro_points": 0}
        if row:
            want.update(rank=row["rank"], total_micro_points=row["total"], regular_micro_points=row["regular"],
                        grade=row["grade"])
        for key, value in want.items():
            got = ranking.get(key, "" if isinstance(value, str) else 0)
            got = got if isinstance(value, str) else int(got)
            if got != value:
                differences.append(f"{bank or '(blank)'}: {key} is {got}, the oracle says {value}")
        if row:
            for node in line.get("nodes", []):
                if int(node.get("micro_points", 0)) != row["nodes"][node["path"]]:
                    differences.append(f"{bank}: {node['path']} is {node.get('micro_points')}, "
                                       f"the oracle says {row['nodes'][node['path']]}")
    for difference in differences[:20]:
        print(difference)
    print(f"{run['scheme']} {run['period']}: {len(ordered)} ranked, {len(outside)} outside, "
          f"{len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
