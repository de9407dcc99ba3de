"""The fund's ledger against PostgreSQL 15 on the same disk in the same run: durable double-entry transfers between two accounts, one
call each; in batches and on a stream; balances of the past; the end of a day. With `--rows 10000000` the balances of the past are
read from ten million transfers."""

import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from families.loaded import OPERATOR, loaded, record

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "Python"))

from plainwire import END, MESSAGE, PlainWire, field  # noqa: E402

ACCOUNTS = 64
DATE = {"year": 2026, "month": 1, "day": 5}
SERVICE = "fund.v1.FundService"
SCHEMA = """
CREATE TABLE account (id bigint PRIMARY KEY, debits bigint NOT NULL DEFAULT 0, credits bigint NOT NULL DEFAULT 0);
CREATE TABLE transfer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE, debit bigint NOT NULL REFERENCES account,
  credit bigint NOT NULL REFERENCES account, amount bigint NOT NULL CHECK (amount > 0), at timestamptz NOT NULL DEFAULT now());
INSERT INTO account SELECT generate_series(0, 63);
CREATE FUNCTION move(k text, d bigint, c bigint, a bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE number bigint;
BEGIN
  INSERT INTO transfer (key, debit, credit, amount) VALUES (k, d, c, a) ON CONFLICT (key) DO NOTHING RETURNING id INTO number;
  IF number IS NULL THEN SELECT id INTO number FROM transfer WHERE key = k; RETURN number; END IF;
  UPDATE account SET debits = debits + a WHERE id = LEAST(d, c) AND id = d;
  UPDATE account SET credits = credits + a WHERE id = LEAST(d, c) AND id = c;
  UPDATE account SET debits = debits + a WHERE id = GREATEST(d, c) AND id = d;
  UPDATE account SET credits = credits + a WHERE id = GREATEST(d, c) AND id = c;
  RETURN number;
END $$;
"""
SCRIPT = """\\set d random(0, 63)
\\set c (:d + random(1, 63)) % 64
SELECT move('k' || :client_id || '-' || random()::text, :d, :c, 100);
"""


class Postgres:
    """A PostgreSQL of its own with durable commits, as Debian configures it."""

    def __init__(self, folder):
        self.bin = pathlib.Path("/usr/lib/postgresql/15/bin")
        if not self.bin.exists():
            raise SystemExit("PostgreSQL 15 is missing: scripts/install-packages bench")
        self.folder = pathlib.Path(folder)
        shutil.chown(folder, "postgres", "postgres")
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "postgres")
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                 f"-c listen_addresses= -c unix_socket_directories={self.folder}", "start")
        self.run("psql", "-h", self.folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-q", input=SCHEMA)

    def run(self, tool, *arguments, input=None):
        run = subprocess.run(["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", str(self.bin / tool), *map(str, arguments)],
                             input=input, capture_output=True, text=True, cwd="/")
        if run.returncode != 0:
            raise SystemExit(f"{tool}: {run.stderr[-1000:]}")
        return run.stdout

    def rate(self, clients, seconds):
        script = self.folder / "move.sql"
        script.write_text(SCRIPT)
        out = self.run("pgbench", "-h", self.folder, "-U", "postgres", "-n", "-M", "prepared", "-c", clients, "-j", 2, "-T", int(seconds), "-f", script, "postgres")
        return float(re.search(r"tps = ([\d.]+)", out).group(1))

    def stop(self):
        unequal = self.run("psql", "-h", self.folder, "-U", "postgres", "-At", "-c", "SELECT sum(debits) - sum(credits) FROM account").strip()
        assert unequal == "0", unequal
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "fast", "stop")


# Numbers of calls have eight digits from here on, so that ids have their length.
FIRST = 10_000_000
# Batches in flight, on a connection of unary calls and on a stream.
IN_FLIGHT = 4
BATCH_ROUNDS = 262_144


def ulid(prefix, index=0):
    """A client's id with the call's number in it, growing with time as a ULID does."""
    return f"{prefix:014d}{{n}}{index:04d}"


def legs(debit, credit, amount="100"):
    return [{"account": f"accounts/{debit}", "amountMinor": amount}, {"account": f"accounts/{credit}", "amountMinor": f"-{amount}"}]


def single(fund, names, callers, count, first):
    request = {"requestId": "r-{n}", "transfers": [{
        "id": ulid(1), "template": "clearing", "phase": "TRANSFER_PHASE_SINGLE", "businessDate": DATE, "legs": legs("{v}", names[0])}]}
    return fund.load(f"{SERVICE}/CreateTransfers", json.dumps(request), "--callers", callers, "--requests", count, "--first", first, "--values",
                     fund.file("others", names[1:]))


def leg(account, amount):
    return field(5, field(1, f"accounts/{account}") + field(2, amount))


def batches(names, size, calls, first):
    """Messages of CreateTransfersRequest, made before any clock starts: transfers between one account and all others in turn."""
    number = "#" * 8
    date = field(6, field(1, DATE["year"]) + field(2, DATE["month"]) + field(3, DATE["day"]))
    template = field(1, f"b{size}-{number}") + b"".join(
        field(2, field(1, ulid(2, index).replace("{n}", number)) + field(3, 1) + field(4, "clearing")
              + leg(names[1 + index % (ACCOUNTS - 1)], 100) + leg(names[0], -100) + date) for index in range(size))
    return [template.replace(number.encode(), b"%08d" % call) for call in range(first, first + calls)]


def data_bytes(fund):
    """Pages of the file, those that still lie in its log counted once."""
    with contextlib.closing(sqlite3.connect(f"file:{fund.folder / 'store.sqlite'}?mode=ro", uri=True)) as store:
        return store.execute("PRAGMA page_count").fetchone()[0] * store.execute("PRAGMA page_size").fetchone()[0]


def check_batch(body, size):
    """Every result says that it was created."""
    assert body.count(b"\x08\x01\x10") >= size, body[:80]


def measured(latencies, seconds):
    ordered = sorted(latencies)
    return {"rate": len(ordered) / seconds, "calls": len(ordered),
            **{name: ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1e6 for name, part in (("p50_us", 0.5), ("p99_us", 0.99), ("max_us", 1))}}


def batch(fund, names, size, calls, first):
    """Unary calls, some in flight on one connection. The client is only bytes, so that the processors are the fund's."""
    messages = collections.deque(batches(names, size, calls, first))
    latencies, started = [], {}
    with PlainWire(fund.port, caller=OPERATOR) as wire:
        begun = time.perf_counter()
        while messages or started:
            while messages and len(started) < IN_FLIGHT:
                started[wire.open(f"huirong.{SERVICE}/CreateTransfers", messages.popleft())] = time.perf_counter()
            frame = wire.next()
            if frame.type == END:
                latencies.append(time.perf_counter() - started.pop(frame.stream))
                check_batch(wire.outcome(frame), size)
        return measured(latencies, time.perf_counter() - begun)


def stream(fund, names, size, calls, first):
    """One StreamTransfers call, as fast as the fund grants credit."""
    messages = collections.deque(batches(names, size, calls, first))
    sent, latencies = collections.deque(), []
    with PlainWire(fund.port, caller=OPERATOR) as wire:
        begun = time.perf_counter()
        call = wire.open(f"huirong.{SERVICE}/StreamTransfers", half_close=False)
        while True:
            while messages and wire.credits[call] > 0:
                sent.append(time.perf_counter())
                wire.message(call, messages.popleft(), half_close=not messages)
            frame = wire.next()
            if frame.type == MESSAGE:
                latencies.append(time.perf_counter() - sent.popleft())
                check_batch(frame.body, size)
                wire.grant(call, len(frame.body) + 64)
            elif frame.type == END:
                wire.outcome(frame)
                assert len(latencies) == calls, (len(latencies), calls)
                return measured(latencies, time.perf_counter() - begun)


def open_ledger(fund):
    fund.call(f"{SERVICE}/CreatePool", {
        "requestId": "pool", "poolId": "city", "displayName": "bench", "regionCode": "3703", "businessDate": DATE,
        "seedCapital": {"currencyCode": "CNY", "minorUnits": "100000000"}})
    return [fund.call(f"{SERVICE}/CreateAccount", {
        "requestId": f"a{number}", "pool": "pools/city", "code": f"9{number}", "displayName": f"{number}", "normalSide": "BALANCE_SIDE_DEBIT",
        "limit": "ACCOUNT_LIMIT_NONE"})["name"].split("/")[1] for number in range(ACCOUNTS)]


def run(context):
    with loaded(context, "fund") as fund, tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIRECTORY")) as folder:
        names = open_ledger(fund)
        made, first = 0, FIRST
        postgres = Postgres(folder)
        for callers in (32, 256):
            ours, theirs = [], []
            for _ in range(context.rounds):
                ours.append(single(fund, names, callers, 20_000, first))
                made, first = made + 20_000, first + 20_000
                theirs.append(postgres.rate(32, context.seconds))
            ours.sort(key=lambda each: each["rate"])
            middle, peer = ours[len(ours) // 2], sorted(theirs)[len(theirs) // 2]
            yield record(f"fund.transfer.single.{callers}", middle, callers=callers, peer="PostgreSQL 15, 32 clients", peer_value=peer,
                         ratio=middle["rate"] / peer)
        postgres.stop()
        yield {"bench": "fund.transfer.bytes.single", "value": data_bytes(fund) / made, "unit": "B", "n": 1, "transfers": made}
        before, count = data_bytes(fund), 0
        for name, run_one, size in (("batch.1024", batch, 1024), ("batch.8192", batch, 8192), ("stream.1024", stream, 1024)):
            calls, results = BATCH_ROUNDS // size, []
            for _ in range(context.rounds):
                results.append(run_one(fund, names, size, calls, first))
                made, first, count = made + calls * size, first + calls, count + calls * size
            result = sorted(results, key=lambda each: each["rate"])[len(results) // 2]
            yield record(f"fund.transfer.{name}", {**result, "rate": result["rate"] * size}, transfers=calls * size)
        yield {"bench": "fund.transfer.bytes.batch", "value": (data_bytes(fund) - before) / count, "unit": "B", "n": 1, "transfers": count}
        while made < context.rows:
            stream(fund, names, 1024, 512, first)
            made, first = made + 512 * 1024, first + 512
        yield from balances(fund, names, made)
        yield day_end(fund)
        trial = fund.call(f"{SERVICE}/GetTrialBalance", {"pool": "pools/city"})
        assert int(trial.get("difference", 0)) == 0, trial
        head = fund.call(f"{SERVICE}/GetAccount", {"name": f"accounts/{names[0]}"})
        assert int(head["balances"]["creditsPosted"]) == made * 100, (head, made)


def balances(fund, names, made):
    """Balances right after transfers all over the ledger, as rows and inside batches, of the account that every transfer touches
    and of one among the others."""
    for what, name in (("busiest", names[0]), ("pit", names[1])):
        points = fund.file("points", [str(1 + number * 7919 % made) for number in range(10_000)])
        request = json.dumps({"account": f"accounts/{name}", "transferNumber": "{v}"})
        result = fund.load(f"{SERVICE}/GetBalance", request, "--callers", 1, "--requests", 10_000, "--values", points)
        size = "10m" if made >= 10_000_000 else f"{made // 1000}k"
        yield record(f"fund.balance.{what}.{size}", result, transfers=made)
    last = fund.call(f"{SERVICE}/GetBalance", {"account": f"accounts/{names[0]}", "transferNumber": str(made // 2)})
    assert int(last["balances"]["creditsPosted"]) == (made // 2 - 1) * 100, last  # the first transfer is the seed capital


def day_end(fund, batches=100, size=1024):
    """The end of a day over guarantees that are all in force: fees are earned, breakers measured, the report written."""
    fund.call(f"{SERVICE}/CreatePool", {
        "requestId": "day-pool", "poolId": "day", "displayName": "day end", "regionCode": "ZZ", "businessDate": DATE,
        "seedCapital": {"currencyCode": "CNY", "minorUnits": "100000000000000"}})
    fund.call(f"{SERVICE}/CreateFacility", {
        "requestId": "day-facility", "facilityId": "day", "pool": "pools/day", "displayName": "day end", "bank": "bench-bank", "product": "bench",
        "contracting": "CONTRACTING_AGREEMENT", "shares": {"bankPpm": "200000", "guarantorPpm": "600000", "nationalPpm": "200000"}, "feeRate": {"ppm": "10000"}, "explicitFeeCap": {"ppm": "10000"},
        "claimRateCap": {"ppm": "30000"}, "claimRateBasis": "CLAIM_RATE_BASIS_COMMITTED", "explicitDayCount": "FEE_DAY_COUNT_ACTUAL_365",
        "limit": {"currencyCode": "CNY", "minorUnits": "100000000000000"}, "businessDate": DATE})
    loans = [{"loanNumber": f"L{{n}}-{index}", "borrower": f"firm-{{n}}-{index}", "borrowerSize": "SIZE_BAND_SMALL", "principalMinor": "10000000", "purpose": "working_capital",
              "disbursedOn": DATE, "maturesOn": {**DATE, "year": DATE["year"] + 1}} for index in range(size)]
    request = {"requestId": "day-batch-{n}", "facility": "facilities/day", "loans": loans, "businessDate": DATE}
    fund.load(f"{SERVICE}/BatchGuarantee", json.dumps(request), "--callers", 1, "--requests", batches, "--first", FIRST)
    request = {"requestId": "day-end", "pool": "pools/day", "businessDate": DATE}
    result = fund.load(f"{SERVICE}/AdvanceDay", json.dumps(request), "--callers", 1, "--requests", 1)
    report = fund.call(f"{SERVICE}/AdvanceDay", request)
    assert int(report["guaranteesInForce"]) == batches * size and int(report.get("trialBalanceDifference", 0)) == 0, report
    return {"bench": "fund.dayend.100k", "value": result["max_us"] / 1e6, "unit": "s", "n": 1, "contracts": batches * size}
