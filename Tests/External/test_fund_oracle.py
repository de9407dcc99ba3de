"""Seeded random operations over the fund's products against an oracle that shares nothing with it, while the process is killed.

The oracle keeps plain numbers by account and works every answer out by itself. Whatever is not answered is asked again under
the same key; after each restart, and at the end, every balance of the ledger must be the oracle's, debits must equal credits,
and the chains must be intact. FUND_CRASH_CYCLES sets how often the process is killed (50; 1000 for the long mode), FUND_SEED
the numbers.
"""

import os
import random
import tempfile
import threading
import time

import grpc
import pytest

from conftest import Suite, caller

CYCLES = int(os.environ.get("FUND_CRASH_CYCLES", "50"))
SEED = int(os.environ.get("FUND_SEED", "20261121"))
PATIENCE = 60
MAKER = caller("fund", "operator", subject="wang")
CHECKER = caller("fund", "operator", subject="li")
BANK = caller("bank-a", "institution", "37", "zhao")
RETRIED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DEADLINE_EXCEEDED}
POOL = "pools/city"
DAY = {"year": 2026, "month": 3, "day": 2}
LATER = {"year": 2027, "month": 3, "day": 2}
CAPITAL = 100_000_000_00


def share(total, *weights):
    """Largest remainder, ties to the first: written from the rule, not from the service."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


class Books:
    """Debits less credits by account, posted, and what is pending."""

    def __init__(self):
        self.posted, self.pending = {}, {}

    def post(self, debit, credit, amount):
        self.posted[debit] = self.posted.get(debit, 0) + amount
        self.posted[credit] = self.posted.get(credit, 0) - amount

    def reserve(self, debit, credit, amount):
        for account, side in ((debit, "debits"), (credit, "credits")):
            self.pending[account, side] = self.pending.get((account, side), 0) + amount

    def free(self, debit, credit, amount):
        self.reserve(debit, credit, -amount)


class Fund:
    """The process, killed from time to time, and a caller that does not give up."""

    def __init__(self, suite, stubs):
        self.suite, self.lock, self.kills, self.retries = suite, threading.Lock(), 0, 0
        self.modules = {name: (getattr(stubs, f"fund__{name}_pb2"), getattr(stubs, f"fund__{name}_pb2_grpc"))
                        for name in ("fund_service", "compensation_service", "subsidy_service")}
        self.others = {name: getattr(stubs, f"fund__{name}_pb2") for name in ("ledger", "guarantee", "day_end", "ledger_work")}
        self.channel = grpc.insecure_channel(suite.address("fund", "grpc"), options=[
            ("grpc.initial_reconnect_backoff_ms", 20), ("grpc.max_reconnect_backoff_ms", 50)])
        self.number = 0

    def call(self, service, method, who=MAKER, **fields):
        """Answers the message, or the reason of a refusal."""
        messages, stubs = self.modules[service]
        name = {"fund_service": "FundService", "compensation_service": "CompensationService", "subsidy_service": "SubsidyService"}[service]
        descriptor = messages.DESCRIPTOR.services_by_name[name].methods_by_name[method]
        request = self.message(descriptor.input_type, fields)
        stub = getattr(stubs, f"{name}Stub")(self.channel)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return getattr(stub, method)(request, metadata=[("x-huirong-caller", who)], timeout=10, wait_for_ready=True)
            except grpc.RpcError as error:
                if error.code() not in RETRIED or time.monotonic() > deadline:
                    return Refusal(error)
                self.retries += 1

    def do(self, service, method, who=MAKER, **fields):
        self.number += 1
        return self.call(service, method, who, request_id=f"k-{self.number}", **fields)

    @staticmethod
    def message(descriptor, fields):
        from google.protobuf import json_format, message_factory

        return json_format.ParseDict(fields, message_factory.GetMessageClass(descriptor)())

    def kill_after(self, seconds):
        time.sleep(seconds)
        process = self.suite.processes["fund"]
        process.kill()
        process.wait()
        self.suite.start("fund")
        self.kills += 1


class Refusal:
    def __init__(self, error):
        self.code, self.text = error.code(), error.details()

    def __repr__(self):
        return f"{self.code}: {self.text}"


def money(minor):
    return {"currencyCode": "CNY", "minorUnits": str(minor)}


def ulid(number):
    return f"{number:026d}"


class World:
    """Chooses operations, tells the fund and the oracle, and compares what the fund says."""

    def __init__(self, fund, seed):
        self.fund, self.random, self.books = fund, random.Random(seed), Books()
        self.guarantees, self.covers, self.subsidies, self.pendings, self.serial = {}, {}, {}, {}, 0
        self.done = {}

    def next(self):
        self.serial += 1
        return self.serial

    def prepare(self):
        must(self.fund.do("fund_service", "CreatePool", poolId="city", displayName="city", regionCode="XX", seedCapital=money(CAPITAL), businessDate=DAY))
        self.books.post("1001", "3001", CAPITAL)
        for code in ("9a", "9b", "9c"):
            must(self.fund.do("fund_service", "CreateAccount", pool=POOL, code=code, displayName=code, normalSide="BALANCE_SIDE_CREDIT",
                              limit="ACCOUNT_LIMIT_DEBITS_MUST_NOT_EXCEED_CREDITS" if code == "9c" else "ACCOUNT_LIMIT_NONE"))
        must(self.fund.do("fund_service", "CreateFacility", facilityId="f", pool=POOL, displayName="f", bank="bank-a", product="oracle",
                          shares={"bankPpm": "200000", "guarantorPpm": "400000", "reguarantorPpm": "200000", "nationalPpm": "100000", "cityPpm": "100000"},
                          feeRate={"ppm": "10000"}, reguaranteeFeeRate={"ppm": "3000"}, explicitFeeCap={"ppm": "20000"},
                          claimRateCap={"ppm": "1000000"}, claimRateBasis="CLAIM_RATE_BASIS_COMMITTED", limit=money(CAPITAL),
                          explicitDayCount="FEE_DAY_COUNT_ACTUAL_365", businessDate=DAY))
        self.books.post("8900", "8001.f", CAPITAL)
        must(self.fund.do("compensation_service", "CreateScheme", schemeId="s", pool=POOL, displayName="s", product="oracle",
                          explicitRatio={"ppm": "500000"}, poolCap=money(CAPITAL), businessDate=DAY))
        must(self.fund.do("subsidy_service", "CreateProgramme", programmeId="p", pool=POOL, displayName="p", kind="SUBSIDY_KIND_LOAN_INTEREST",
                          allocation="SUBSIDY_ALLOCATION_FIRST_COME", budget=money(50_000_00), explicitRate={"ppm": "20000"}, opensOn=DAY, closesOn=LATER))

    def step(self):
        name = self.random.choice(["transfer", "transfer", "pending", "end_pending", "reserve", "commit", "release", "claim", "pay_claim", "cover",
                                   "compensate", "recover", "apply", "pay_subsidy"])
        getattr(self, name)()
        self.done[name] = self.done.get(name, 0) + 1

    # The ledger

    def standing(self, account):
        return -self.books.posted.get(account, 0)

    def transfer(self):
        debit, credit = self.random.sample(["9a", "9b", "9c"], 2)
        amount = self.random.randrange(1, 500)
        fits = debit != "9c" or self.books.pending.get(("9c", "debits"), 0) + amount <= self.standing("9c")
        status = self.one_transfer("TRANSFER_PHASE_SINGLE", debit, credit, amount)
        assert status == ("CREATED" if fits else "EXCEEDS_LIMIT"), (status, debit, credit, amount)
        if fits:
            self.books.post(debit, credit, amount)

    def pending(self):
        amount, number = self.random.randrange(1, 500), self.next()
        fits = self.books.pending.get(("9c", "debits"), 0) + amount <= self.standing("9c")
        status = self.one_transfer("TRANSFER_PHASE_PENDING", "9c", "9a", amount, number, expiresOn=LATER)
        assert status == ("CREATED" if fits else "EXCEEDS_LIMIT"), (status, amount)
        if fits:
            self.books.reserve("9c", "9a", amount)
            self.pendings[number] = amount

    def one_transfer(self, phase, debit, credit, amount, number=None, **more):
        transfer = {"id": ulid(number or self.next()), "phase": phase, "template": "clearing", "businessDate": DAY, "legs": [
            {"account": f"accounts/city.{debit}", "amountMinor": str(amount)}, {"account": f"accounts/city.{credit}", "amountMinor": str(-amount)}], **more}
        return self.status(transfer)

    def status(self, transfer):
        answer = must(self.fund.do("fund_service", "CreateTransfers", transfers=[transfer]))
        return self.fund.others["ledger"].TransferStatus.Name(answer.results[0].status).removeprefix("TRANSFER_STATUS_")

    def end_pending(self):
        if not self.pendings:
            return
        number = self.random.choice(sorted(self.pendings))
        amount = self.pendings.pop(number)
        part = self.random.choice([None, 0, max(1, amount // 2)])
        base = {"id": ulid(self.next()), "businessDate": DAY, "pendingId": ulid(number)}
        if part is None:
            assert self.status({**base, "phase": "TRANSFER_PHASE_VOID_PENDING"}) == "CREATED"
        else:
            assert self.status({**base, "phase": "TRANSFER_PHASE_POST_PENDING", "postAmountMinor": str(part)}) == "CREATED"
        self.books.free("9c", "9a", amount)
        if part is not None:
            self.books.post("9c", "9a", part or amount)

    # Guarantees

    def reserve(self):
        principal = self.random.randrange(1, 2_000_000)
        liability = sum(share(principal, 20, 40, 20, 10, 10)[1:])
        answer = self.fund.do("fund_service", "ReserveGuarantee", BANK, facility="facilities/f", borrower=f"firm-{self.next()}", borrowerSize="SIZE_BAND_SMALL",
                              principal=money(principal), maturesOn=LATER, expiresOn=LATER, businessDate=DAY)
        if liability == 0:
            assert isinstance(answer, Refusal)
            return
        must(answer)
        assert answer.guaranteed_amount.minor_units == liability
        self.books.reserve("8001.f", "8002.f", liability)
        self.guarantees[answer.name] = {"state": "reserved", "principal": principal, "liability": liability}

    def pick(self, kept, state):
        names = sorted(name for name, each in kept.items() if each["state"] == state)
        return self.random.choice(names) if names else None

    def commit(self):
        name = self.pick(self.guarantees, "reserved")
        if not name:
            return
        each = self.guarantees[name]
        answer = must(self.fund.do("fund_service", "CommitGuarantee", BANK, name=name, businessDate=DAY))
        # 365 days of 365: one per cent of the principal, half away from zero.
        fee = (each["principal"] * 10_000 * 365 * 2 + 1_000_000 * 365) // (1_000_000 * 365 * 2)
        borne = share(each["principal"], 20, 40, 20, 10, 10)[2]
        reguarantee = (borne * 3_000 * 365 * 2 + 1_000_000 * 365) // (1_000_000 * 365 * 2)
        assert (answer.fee.minor_units, answer.reguarantee_fee.minor_units) == (fee, reguarantee), name
        self.books.free("8001.f", "8002.f", each["liability"])
        self.books.post("8001.f", "8002.f", each["liability"])
        self.books.post("1001", "4001", fee)
        self.books.post("4001", "1202.reguarantor", reguarantee)
        each["state"] = "in force"

    def release(self):
        name = self.pick(self.guarantees, "in force")
        if not name:
            return
        must(self.fund.do("fund_service", "ReleaseGuarantee", BANK, name=name, businessDate=DAY))
        self.books.post("8002.f", "8001.f", self.guarantees[name]["liability"])
        self.guarantees[name]["state"] = "released"

    def claim(self):
        name = self.pick(self.guarantees, "in force")
        if not name:
            return
        each = self.guarantees[name]
        each["claim"] = self.random.randrange(1, each["principal"] + 1)
        must(self.fund.do("fund_service", "ClaimGuarantee", BANK, name=name, principal=money(each["claim"]), businessDate=DAY,
                          evidence=[{"kind": "overdue", "reference": "x"}]))
        each["state"] = "claimed"

    def pay_claim(self):
        name = self.pick(self.guarantees, "claimed")
        if not name:
            return
        assert self.fund.call("fund_service", "ApproveClaim", BANK, request_id=f"b-{self.next()}", name=name, businessDate=DAY).code \
            == grpc.StatusCode.PERMISSION_DENIED
        must(self.fund.do("fund_service", "ApproveClaim", CHECKER, name=name, businessDate=DAY))
        each = self.guarantees[name]
        _, own, reguarantor, national, city = share(each["claim"], 20, 40, 20, 10, 10)
        for account, part in (("1201", own), ("1202.reguarantor", reguarantor), ("1202.national", national), ("1202.city", city)):
            self.books.post(account, "1001", part)
        self.books.post("8002.f", "8001.f", each["liability"])
        each["state"] = "paid"

    # Compensation

    def cover(self):
        principal = self.random.randrange(1, 1_000_000)
        answer = must(self.fund.do("compensation_service", "RegisterCover", BANK, scheme="compensationSchemes/s", bank="bank-a", borrower=f"firm-{self.next()}",
                                   loanNumber=f"L{self.next()}", principal=money(principal), disbursedOn=DAY, maturesOn=LATER))
        self.covers[answer.name] = {"state": "registered", "principal": principal}

    def compensate(self):
        name = self.pick(self.covers, "registered")
        if not name:
            return
        each = self.covers[name]
        paid = (each["principal"] + 1) // 2
        answer = self.fund.do("compensation_service", "ClaimCompensation", BANK, name=name, principal=money(each["principal"]), businessDate=DAY,
                              evidence=[{"kind": "overdue", "reference": "x"}])
        assert must(answer).work.compensation_minor == paid
        refused = self.fund.do("compensation_service", "ApproveCompensation", caller("bank-a", "operator", subject="sun"), name=name, businessDate=DAY)
        assert isinstance(refused, Refusal) and refused.code == grpc.StatusCode.PERMISSION_DENIED
        must(self.fund.do("compensation_service", "ApproveCompensation", CHECKER, name=name, businessDate=DAY))
        self.books.post("5101.s", "1001", paid)
        each.update(state="paid", paid=paid, returned=0, bank=0)

    def recover(self):
        name = self.pick(self.covers, "paid")
        if not name:
            return
        each = self.covers[name]
        left = each["principal"] - each["returned"] - each["bank"]
        amount = self.random.randrange(1, left + 1)
        must(self.fund.do("compensation_service", "RecordCompensationRecovery", name=name, recovered=money(amount), businessDate=DAY))
        bank, fund = share(amount, each["principal"] - each["paid"] - each["bank"], each["paid"] - each["returned"])
        self.books.post("1001", "5101.s", fund)
        each["bank"] += bank
        each["returned"] += fund
        if amount == left:
            each["state"] = "whole"

    # Subsidies

    def apply(self):
        principal = self.random.randrange(100, 1_000_000_00)
        amount = (principal * 20_000 * 360 * 2 + 1_000_000 * 360) // (1_000_000 * 360 * 2)
        answer = self.fund.do("subsidy_service", "ApplySubsidy", programme="subsidyProgrammes/p", beneficiary=f"firm-{self.next()}", businessDate=DAY,
                              evidence=[{"kind": "contract", "reference": "x"}], loan={
                                  "principal": money(principal), "rate": {"ppm": "40000"}, "signedOn": {"year": 2025, "month": 1, "day": 1},
                                  "from": {"year": 2025, "month": 1, "day": 1}, "repaidOn": {"year": 2025, "month": 12, "day": 27}})
        used = self.books.posted.get("5201.p", 0) + self.books.pending.get(("5201.p", "debits"), 0)
        if used + amount > 50_000_00:
            assert isinstance(answer, Refusal) and answer.code == grpc.StatusCode.FAILED_PRECONDITION, answer
            return
        assert must(answer).amount.minor_units == amount
        self.books.reserve("5201.p", "1001", amount)
        self.subsidies[answer.name] = {"state": "applied", "amount": amount}

    def pay_subsidy(self):
        name = self.pick(self.subsidies, "applied")
        if not name:
            return
        must(self.fund.do("subsidy_service", "PaySubsidy", CHECKER, name=name, businessDate=DAY))
        amount = self.subsidies[name]["amount"]
        self.books.free("5201.p", "1001", amount)
        self.books.post("5201.p", "1001", amount)
        self.subsidies[name]["state"] = "paid"

    # What must hold

    def compare(self):
        trial = must(self.fund.call("fund_service", "GetTrialBalance", pool=POOL))
        assert trial.difference == 0 and trial.debits_posted == trial.credits_posted
        posted = {line.code: line.debits_posted - line.credits_posted for line in trial.lines}
        assert {code: each for code, each in posted.items() if each} == {code: each for code, each in self.books.posted.items() if each}
        pending = {(line.code, side): getattr(line, f"{side}_pending") for line in trial.lines for side in ("debits", "credits")}
        assert {key: each for key, each in pending.items() if each} == {key: each for key, each in self.books.pending.items() if each}
        for chain in ("FUND_CHAIN_TRANSFERS", "FUND_CHAIN_EVENTS"):
            assert must(self.fund.call("fund_service", "VerifyChain", chain=chain)).intact


def must(answer):
    assert not isinstance(answer, Refusal), answer
    return answer


@pytest.fixture(scope="module")
def fund(request, stubs):
    with tempfile.TemporaryDirectory(prefix="huirong-fund-oracle-") as directory:
        suite = Suite(request.config.getoption("--binaries"), directory)
        suite.start("fund")
        yield Fund(suite, stubs)
        suite.stop()


def test_random_operations_under_kill_agree_with_the_oracle(fund):
    world = World(fund, SEED)
    world.prepare()
    dice = random.Random(SEED + 1)
    while fund.kills < CYCLES:
        killer = threading.Thread(target=fund.kill_after, args=(dice.uniform(0.02, 0.25),))
        killer.start()
        while killer.is_alive():
            world.step()
        killer.join()
        world.compare()
    for _ in range(200):
        world.step()
    world.compare()
    assert all(world.done.get(name, 0) > 0 for name in ("transfer", "pending", "reserve", "commit", "claim", "pay_claim", "compensate", "pay_subsidy"))
    print(f"{fund.kills} kills, {fund.retries} retries, {sum(world.done.values())} operations", world.done)


def test_a_day_end_is_replayed_and_a_closed_month_stays_closed(fund):
    day = {"year": 2026, "month": 3, "day": 31}
    first = must(fund.do("fund_service", "AdvanceDay", pool=POOL, businessDate=day))
    assert first == must(fund.do("fund_service", "AdvanceDay", pool=POOL, businessDate=day))
    assert first.trial_balance_difference == 0
    must(fund.do("fund_service", "ClosePeriod", pool=POOL, through=day))
    refused = must(fund.do("fund_service", "CreateTransfers", transfers=[{
        "id": ulid(10**9), "phase": "TRANSFER_PHASE_SINGLE", "template": "clearing", "businessDate": day, "legs": [
            {"account": "accounts/city.9a", "amountMinor": "1"}, {"account": "accounts/city.9b", "amountMinor": "-1"}]}]))
    assert refused.results[0].status == fund.others["ledger"].TRANSFER_STATUS_PERIOD_CLOSED
    projection = must(fund.call("fund_service", "ProjectSolvency", pool=POOL, **{"from": day, "days": 400}))
    assert projection.cash_minor == first.cash_minor and projection.lowest_cash_minor <= projection.cash_minor
