"""The fund's ledger against PostgreSQL 15 on the same disk in the same run: durable double-entry transfers between two accounts, one
call each, and in batches."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from families.loaded import loaded, record

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


def ulid(prefix, index="0000"):
    """A client's id with the call's number in it: 26 digits, of which load writes the last eight."""
    return f"{prefix:014d}{index}{{n}}"


# Numbers of calls have eight digits from here on, so that ids have their length.
FIRST = 10_000_000


def legs(debit, credit, amount="100"):
    return [{"account": f"accounts/{debit}", "amountMinor": amount}, {"account": f"accounts/{credit}", "amountMinor": f"-{amount}"}]


def single(fund, names, callers, count, first):
    request = {"requestId": "r-{n}", "transfers": [{
        "id": ulid(1), "template": "clearing", "phase": "TRANSFER_PHASE_SINGLE", "businessDate": DATE, "legs": legs("{v}", names[0])}]}
    return fund.load(f"{SERVICE}/CreateTransfers", json.dumps(request), "--callers", callers, "--requests", count, "--first", first, "--values",
                     fund.file("others", names[1:]))


def batch(fund, names, size, calls, first):
    transfers = [{"id": ulid(2, f"{index:04d}"), "template": "clearing", "phase": "TRANSFER_PHASE_SINGLE", "businessDate": DATE,
                  "legs": legs(names[1 + index % (ACCOUNTS - 1)], names[0])} for index in range(size)]
    return fund.load(f"{SERVICE}/CreateTransfers", json.dumps({"requestId": f"b{size}-{{n}}", "transfers": transfers}), "--callers", min(4, calls),
                     "--requests", calls, "--first", first)


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
        yield {"bench": "fund.transfer.bytes.single", "value": fund.store_bytes() / made, "unit": "B", "n": 1, "transfers": made}
        before, count = fund.store_bytes(), 0
        for size in (1024, 8192):
            calls = 262_144 // size
            result = batch(fund, names, size, calls, first)
            made, first, count = made + calls * size, first + calls, count + calls * size
            yield record(f"fund.transfer.batch.{size}", {**result, "rate": result["rate"] * size}, transfers=calls * size)
        yield {"bench": "fund.transfer.bytes.batch", "value": (fund.store_bytes() - before) / count, "unit": "B", "n": 1, "transfers": count}
        yield from balances(fund, names, made)
        yield day_end(fund)
        trial = fund.call(f"{SERVICE}/GetTrialBalance", {"pool": "pools/city"})
        assert int(trial.get("difference", 0)) == 0, trial
        head = fund.call(f"{SERVICE}/GetAccount", {"name": f"accounts/{names[0]}"})
        assert int(head["balances"]["creditsPosted"]) == made * 100, (head, made)


def balances(fund, names, made):
    """Balances right after transfers all over the ledger, as rows and inside batches."""
    points = fund.file("points", [str(1 + number * (made - 1) // 9999) for number in range(10_000)])
    request = json.dumps({"account": f"accounts/{names[1]}", "transferNumber": "{v}"})
    result = fund.load(f"{SERVICE}/GetBalance", request, "--callers", 1, "--requests", 10_000, "--values", points)
    yield record(f"fund.balance.pit.{made}", result, transfers=made)


def day_end(fund, batches=100, size=1024):
    """The end of a day over guarantees that are all in force: fees are earned, breakers measured, the report written."""
    fund.call(f"{SERVICE}/CreatePool", {
        "requestId": "day-pool", "poolId": "day", "displayName": "day end", "regionCode": "ZZ", "businessDate": DATE,
        "seedCapital": {"currencyCode": "CNY", "minorUnits": "100000000000000"}})
    fund.call(f"{SERVICE}/CreateFacility", {
        "requestId": "day-facility", "facilityId": "day", "pool": "pools/day", "displayName": "day end", "bank": "bench-bank", "product": "bench",
        "shares": {"bankPpm": "200000", "guarantorPpm": "800000"}, "feeRate": {"ppm": "10000"}, "explicitFeeCap": {"ppm": "10000"},
        "claimRateCap": {"ppm": "30000"}, "claimRateBasis": "CLAIM_RATE_BASIS_COMMITTED", "explicitDayCount": "FEE_DAY_COUNT_ACTUAL_365",
        "limit": {"currencyCode": "CNY", "minorUnits": "100000000000000"}, "businessDate": DATE})
    loans = [{"loanNumber": f"L{{n}}-{index}", "borrower": f"firm-{{n}}-{index}", "borrowerSize": "SIZE_BAND_SMALL", "principalMinor": "10000000",
              "disbursedOn": DATE, "maturesOn": {**DATE, "year": DATE["year"] + 1}} for index in range(size)]
    request = {"requestId": "day-batch-{n}", "facility": "facilities/day", "loans": loans, "businessDate": DATE}
    fund.load(f"{SERVICE}/BatchGuarantee", json.dumps(request), "--callers", 1, "--requests", batches, "--first", FIRST)
    request = {"requestId": "day-end", "pool": "pools/day", "businessDate": DATE}
    result = fund.load(f"{SERVICE}/AdvanceDay", json.dumps(request), "--callers", 1, "--requests", 1)
    report = fund.call(f"{SERVICE}/AdvanceDay", request)
    assert int(report["guaranteesInForce"]) == batches * size and int(report.get("trialBalanceDifference", 0)) == 0, report
    return {"bench": "fund.dayend.100k", "value": result["max_us"] / 1e6, "unit": "s", "n": 1, "contracts": batches * size}
