"""A fund process on a disk, and a caller that asks until it hears an answer, under the same key, whatever happens to the process.

Beside its one call at a time it keeps batches of plain transfers in flight, so that commit groups hold several commands when
the process is stopped. What was answered is remembered, asked again after every restart and must be answered alike.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Python"))

from plainwire import END, Failed, Lost, PlainWire, field  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 60
PACKAGE = "huirong.fund.v1"
MODULES = {"FundService": "fund_service", "CompensationService": "compensation_service", "SubsidyService": "subsidy_service",
           "ReconciliationService": "reconciliation_service"}
CODES = ["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
         "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Answers of one cycle that are asked for again, the latest, and older ones drawn from all.
REPLAYED, REPLAYED_OLDER = 40, 10
BATCHES, LARGEST_BATCH = 6, 12


def caller(organisation, role, region="", subject="tester"):
    return f"organisation={organisation};role={role};region={region};subject={subject}"


MAKER = caller("fund", "operator", subject="wang")
CHECKER = caller("fund", "operator", subject="li")
CASHIER = caller("fund", "operator", subject="zhou")
BANK = caller("bank-a", "institution", "37", "zhao")


class Refusal:
    def __init__(self, failed):
        self.status, self.reason, self.text = CODES[failed.code], failed.reason, failed.message

    def __repr__(self):
        return f"{self.status} {self.reason}: {self.text}"


class Loss(AssertionError):
    """Something that was answered is not there any more."""


class Process:
    """`huirong-fund serve` on a disk."""

    def __init__(self, binaries, disk):
        self.program, self.disk = pathlib.Path(binaries) / "huirong-fund", disk
        self.ready, self.log = disk.path / "ready.json", disk.path / "log"
        self.popen, self.ports = None, {}

    def start(self):
        self.ready.unlink(missing_ok=True)
        command = [str(self.program), "serve", "--development", "--ready-file", str(self.ready), "--plain-port", "0", "--grpc-port", "0", "--admin-port",
                   "0", "--store", str(self.disk.path / "store.sqlite"), "--packs", str(ROOT / "Shared/Policy/Packs")]
        with open(self.log, "ab") as log:
            self.popen = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **self.disk.environment()})
        deadline = time.monotonic() + START_SECONDS
        while not self.ready.exists():
            if self.popen.poll() is not None or time.monotonic() > deadline:
                self.popen.kill()
                raise Loss(f"the fund does not start again ({self.popen.poll()}):\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.005)
        self.ports = json.loads(self.ready.read_text())["ports"]

    def readyz(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['admin']}/readyz", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self):
        if self.popen and self.popen.poll() is None:
            self.popen.terminate()
            status = self.popen.wait(30)
            assert status == 0, f"the fund did not drain cleanly: {status}"


class FundClient:
    """- Parameters:
        - revive: called when the connection is lost: waits until the process is down and its disk as it is to be found, and starts it.
        - relieve: called when the fund says that its disk is full; makes room.
        - dice: for the load beside.
    """

    def __init__(self, process, messages, revive, relieve, dice):
        self.process, self.revive, self.relieve, self.dice = process, revive, relieve, dice
        self.modules = {service: getattr(messages, f"fund__{name}_pb2") for service, name in MODULES.items()}
        self.ledger = messages.fund__ledger_pb2
        self.methods, self.wire, self.serial = {}, None, 0
        self.answered, self.raw, self.streams, self.books = [], {}, {}, None
        self.last_number = 0
        self.raw_serial, self.counts = 1 << 120, {"calls": 0, "batches": 0, "lost connections": 0, "full": 0, "replayed": 0}

    # Messages

    def method(self, service, name):
        from google.protobuf import message_factory

        if (service, name) not in self.methods:
            descriptor = self.modules[service].DESCRIPTOR.services_by_name[service].methods_by_name[name]
            self.methods[service, name] = tuple(map(message_factory.GetMessageClass, (descriptor.input_type, descriptor.output_type)))
        return self.methods[service, name]

    @staticmethod
    def ulid(number):
        digits = ""
        for _ in range(26):
            number, digit = divmod(number, 32)
            digits = CROCKFORD[digit] + digits
        return digits

    def status(self, result):
        return self.ledger.TransferStatus.Name(result.status).removeprefix("TRANSFER_STATUS_")

    # Calls

    def do(self, service, method, who=MAKER, **fields):
        """A command under a key of its own."""
        self.serial += 1
        self.burst()
        return self.call(service, method, who, request_id=f"k-{self.serial}", **fields)

    def call(self, service, method, who=MAKER, **fields):
        """The answer, or the refusal."""
        from google.protobuf import json_format

        request, answer = self.method(service, method)
        body = json_format.ParseDict(fields, request()).SerializeToString()
        outcome = self.until_heard(f"{PACKAGE}.{service}/{method}", body, who)
        if "request_id" in fields:
            self.answered.append((f"{PACKAGE}.{service}/{method}", body, who, outcome))
        return Refusal(outcome) if isinstance(outcome, Failed) else answer.FromString(outcome)

    def until_heard(self, method, body, who):
        while True:
            try:
                outcome = self.ask(method, body, who)
            except Lost:
                self.recover()
                continue
            self.counts["calls"] += 1
            if not isinstance(outcome, Failed):
                return outcome
            if outcome.reason == "DISK_FULL":
                self.meet_full_disk()
            elif outcome.code == 14:
                # The store has stopped; the process is on its way out.
                self.wire.close()
                self.recover()
            else:
                return outcome

    def ask(self, method, body, who):
        if self.wire is None:
            self.wire = PlainWire(self.process.ports["plain"])
        stream = self.wire.open(method, body, metadata=field(3, field(1, "x-huirong-caller") + field(2, who)))
        while True:
            frame = self.wire.next()
            if frame.type == END and frame.stream == stream:
                return self.outcome(frame)
            if frame.type == END and frame.stream in self.streams:
                self.hear(self.streams.pop(frame.stream), self.outcome(frame))

    @staticmethod
    def outcome(frame):
        try:
            return PlainWire.outcome(frame)
        except Failed as failed:
            return failed

    # The load beside

    def burst(self):
        """Sends batches of transfers and does not wait for them."""
        if self.books is None or self.wire is None or len(self.raw) > 64:
            return
        transfer = self.ledger.TransferRequest
        for _ in range(self.dice.randrange(BATCHES)):
            size, amount = self.dice.randrange(1, LARGEST_BATCH), self.dice.randrange(1, 1000)
            first = self.raw_serial
            self.raw_serial += size
            batch = self.method("FundService", "CreateTransfers")[0](request_id=f"r-{first}")
            for number in range(first, first + size):
                each = transfer(id=self.ulid(number), phase=self.ledger.TRANSFER_PHASE_SINGLE, template="clearing")
                each.business_date.year, each.business_date.month, each.business_date.day = 2026, 3, 2
                each.legs.add(account="accounts/city.9d", amount_minor=amount)
                each.legs.add(account="accounts/city.9e", amount_minor=-amount)
                batch.transfers.append(each)
            self.raw[first] = (batch.SerializeToString(), size, amount)
            self.send(first)
        self.counts["batches"] = self.counts["batches"] + 1

    RAW_METHOD = f"{PACKAGE}.FundService/CreateTransfers"

    def send(self, first):
        stream = self.wire.open(self.RAW_METHOD, self.raw[first][0], metadata=field(3, field(1, "x-huirong-caller") + field(2, MAKER)))
        self.streams[stream] = first

    def hear(self, first, outcome):
        """An answer of the load beside."""
        body, size, amount = self.raw[first]
        if isinstance(outcome, Failed):
            # Asked again when things are settled.
            assert outcome.reason == "DISK_FULL" or outcome.code == 14, outcome
            return
        del self.raw[first]
        results = self.method("FundService", "CreateTransfers")[1].FromString(outcome).results
        assert [self.status(result) for result in results] == ["CREATED"] * size, results
        self.books.post("9d", "9e", size * amount)
        self.last_number = max(self.last_number, results[-1].number)
        self.answered.append((self.RAW_METHOD, body, MAKER, outcome))

    def settle(self):
        """Asks for whatever of the load beside has not been answered."""
        for first in sorted(self.raw):
            if first in self.raw:
                body = self.raw[first][0]
                outcome = self.until_heard(self.RAW_METHOD, body, MAKER)
                if first in self.raw:
                    self.hear(first, outcome)

    # After a stop

    def recover(self):
        """Nothing that was answered may be missing; what was not is there whole or not at all."""
        self.counts["lost connections"] += 1
        if self.wire:
            self.wire.close()
        self.wire, self.streams = None, {}
        self.revive()
        if self.last_number:
            account = self.call("FundService", "GetAccount", name="accounts/city.9d")
            if isinstance(account, Refusal) or account.last_transfer < self.last_number:
                raise Loss(f"transfer {self.last_number} was answered and is lost: {account!r}")
        for first, (_, size, _) in sorted(self.raw.items()):
            found = sum(not isinstance(self.call("FundService", "GetTransfer", name=f"transfers/{self.ulid(number)}"), Refusal)
                        for number in range(first, first + size))
            assert found in (0, size), f"{found} of {size} transfers of batch r-{first} are there"
        self.replay()

    def replay(self):
        latest = self.answered[-REPLAYED:]
        older = self.answered[:-REPLAYED]
        for method, body, who, heard in latest + self.dice.sample(older, min(REPLAYED_OLDER, len(older))):
            again = self.until_heard(method, body, who)
            if isinstance(heard, Failed):
                same = isinstance(again, Failed) and (again.code, again.reason, again.message) == (heard.code, heard.reason, heard.message)
            else:
                same = again == heard
            if not same:
                raise Loss(f"{method} was answered {heard!r} and now {again!r}")
            self.counts["replayed"] += 1

    def meet_full_disk(self):
        """The process says so, goes on reading, and takes the same request when there is room."""
        self.counts["full"] += 1
        pid = self.process.popen.pid
        status, text = self.process.readyz()
        assert status == 503 and "no room" in text, (status, text)
        assert not isinstance(self.call("FundService", "GetTrialBalance", pool="pools/city"), Refusal)
        self.relieve()
        assert self.process.popen.poll() is None and self.process.popen.pid == pid

    def verify(self):
        for chain in ("FUND_CHAIN_TRANSFERS", "FUND_CHAIN_EVENTS"):
            report = self.call("FundService", "VerifyChain", chain=chain)
            assert report.intact, report
