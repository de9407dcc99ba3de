"""The fund's ledger against PostgreSQL 15 on the same disk in the same run: durable double-entry transfers between two accounts, one
call each, and in batches."""

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


def leg(account, side):
    return {"account": f"accounts/{account}", "side": f"BALANCE_SIDE_{side}", "amountMinor": "100"}


def run(context):
    with loaded(context, "fund") as fund, tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIRECTORY")) as folder:
        fund.call(f"{SERVICE}/CreatePool", {
            "requestId": "pool", "poolId": "city", "displayName": "bench", "regionCode": "3703", "businessDate": DATE,
            "seedCapital": {"currencyCode": "CNY", "minorUnits": "100000000"}})
        names = []
        for number in range(ACCOUNTS):
            names.append(fund.call(f"{SERVICE}/CreateAccount", {
                "requestId": f"a{number}", "accountId": f"clear{number}", "account": {
                    "pool": "pools/city", "code": f"clearing-{number}", "displayName": f"{number}", "accountClass": "ACCOUNT_CLASS_CLEARING",
                    "currencyCode": "CNY"}})["name"].split("/")[1])
        transfer = {"template": "clearing", "phase": "TRANSFER_PHASE_SINGLE", "businessDate": DATE}
        values = fund.file("accounts", names)
        made = 0

        def single(callers, count):
            nonlocal made
            request = {"requestId": "r-{n}", "transfers": [{**transfer, "id": "t-{n}", "legs": [leg("{v}", "DEBIT"), leg(names[0], "CREDIT")]}]}
            result = fund.load(f"{SERVICE}/CreateTransfers", request, "--callers", callers, "--requests", count, "--first", made, "--values",
                               fund.file("others", names[1:]))
            made += count
            return result

        postgres = Postgres(folder)
        for callers in (32, 256):
            ours, theirs = [], []
            for _ in range(context.rounds):
                ours.append(single(callers, 20_000))
                theirs.append(postgres.rate(32, context.seconds))
            ours.sort(key=lambda each: each["rate"])
            middle, peer = ours[len(ours) // 2], sorted(theirs)[len(theirs) // 2]
            yield record(f"fund.transfer.single.{callers}", middle, callers=callers, peer="PostgreSQL 15, 32 clients", peer_value=peer,
                         ratio=middle["rate"] / peer)
        postgres.stop()
        for size in (1024, 8192):
            calls = 65_536 // size
            legs = [{**transfer, "id": f"b{size}-{{n}}-{index}", "legs": [leg(names[1 + index % 63], "DEBIT"), leg(names[0], "CREDIT")]} for index in range(size)]
            result = fund.load(f"{SERVICE}/CreateTransfers", {"requestId": f"b{size}-{{n}}", "transfers": legs}, "--callers", min(4, calls), "--requests",
                               calls, "--values", values)
            made += calls * size
            yield record(f"fund.transfer.batch.{size}", {**result, "rate": result["rate"] * size}, transfers=calls * size)
        balance = fund.call(f"{SERVICE}/GetTrialBalance", {"pool": "pools/city"})
        assert int(balance.get("difference", 0)) == 0, balance
        yield {"bench": "fund.transfer.bytes", "value": fund.store_bytes() / made, "unit": "B", "n": 1, "transfers": made}
