"""Kill -9 of every process at random points of 200 journeys: nothing acknowledged is lost, nothing happens twice.

The callers behave as real ones must: they retry under the same key until they hear an answer. What they heard is the
record against which the stores are checked at the end.
"""

import json
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from conftest import OPERATOR, SERVICES, Suite, caller

JOURNEYS = int(os.environ.get("CRASH_JOURNEYS", "200"))
SEED = int(os.environ.get("CRASH_SEED", "20261121"))
CALLERS = 8
PATIENCE = 120
# Business goes by the day before, so that what must be drawn on it has lapsed today.
TODAY = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 - 86_400))
DATE = dict(zip(("year", "month", "day"), map(int, TODAY.split("-"))))
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(number):
    digits = str(20_000_000 + number)
    check = (11 - sum(int(d) * w for d, w in zip(digits, [3, 7, 9, 10, 5, 8, 4, 2])) % 11) % 11
    body = "91370303" + digits + ("X" if check == 10 else str(check))
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


class World:
    def __init__(self, suite):
        self.suite, self.lock = suite, threading.Lock()
        self.retries = 0

    def rpc(self, method, request, who=OPERATOR):
        return self.send(f"/v1/rpc/huirong.{method}", request, who, None)

    def act(self, journey, action, request, who):
        return self.send(f"/v1/journeys/{journey}:{action}", request, who, f"{journey}-{action}")

    def send(self, path, request, who, key):
        """Retries what may or may not have happened, under the same key; returns what was heard in the end."""
        headers = {"x-huirong-caller": who}
        if key:
            headers["idempotency-key"] = key
        deadline = time.monotonic() + PATIENCE
        last = None
        while time.monotonic() < deadline:
            try:
                answer = requests.post(
                    f"http://{self.suite.address('gateway', 'http')}{path}", json=request, headers=headers, timeout=15)
                last = (answer.status_code, answer.text[:400])
                if answer.status_code < 500 and answer.status_code not in (429, 499):
                    return answer.status_code, answer.json()
            except requests.RequestException as error:
                last = error
            with self.lock:
                self.retries += 1
            threading.Event().wait(0.05)
        raise AssertionError(f"{path} was not answered within {PATIENCE} s: {last}")


class Killer(threading.Thread):
    """Kills one process after another, each restarted at once, in an order that the seed fixes."""

    def __init__(self, suite, seed):
        super().__init__(daemon=True)
        self.suite, self.random, self.done = suite, random.Random(seed), threading.Event()
        self.kills = {name: 0 for name in SERVICES}
        self.failure = None

    def end(self):
        self.done.set()
        if self.is_alive():
            self.join(60)

    def run(self):
        rounds = []
        while not self.done.is_set():
            if not rounds:
                rounds = self.random.sample(SERVICES, len(SERVICES))
            name = rounds.pop()
            if self.done.wait(self.random.uniform(0.05, 0.5)):
                return
            process = self.suite.processes[name]
            process.send_signal(signal.SIGKILL)
            process.wait()
            try:
                self.suite.start(name)
            except Exception as error:  # a store that does not open again is the finding of this test
                self.failure = error
                return
            self.kills[name] += 1


@pytest.fixture(scope="module")
def crashed(request):
    with tempfile.TemporaryDirectory(prefix="huirong-crash-") as directory:
        suite = Suite(request.config.getoption("--binaries"), directory)
        killer = Killer(suite, SEED)
        try:
            for name in SERVICES:
                suite.start(name)
            world = World(suite)
            prepare(world)
            killer.start()
            with ThreadPoolExecutor(CALLERS) as pool:
                heard = list(pool.map(lambda index: travel(world, index), range(JOURNEYS)))
            killer.end()
            assert killer.failure is None, killer.failure
            yield world, heard, killer
        finally:
            killer.end()
            codes = suite.stop()
        assert set(codes.values()) <= {0}, f"a process did not drain cleanly: {codes}"


def prepare(world):
    def must(method, request, who=OPERATOR):
        status, answer = world.rpc(method, request, who)
        assert status == 200, (method, answer)
        return answer

    must("fund.v1.FundService/CreatePool", {
        "requestId": "crash-pool", "poolId": "city", "displayName": "担保资金池", "regionCode": "3703",
        "seedCapital": {"currencyCode": "CNY", "minorUnits": "50000000000"}, "businessDate": DATE})
    must("fund.v1.FundService/CreateFacility", {
        "requestId": "crash-facility", "facilityId": "city", "pool": "pools/city", "displayName": "小微企业担保", "bank": "*",
        "product": "government_guarantee", "contracting": "CONTRACTING_AGREEMENT",
        "shares": {"bankPpm": "200000", "guarantorPpm": "400000", "reguarantorPpm": "200000", "nationalPpm": "200000"},
        "feeRate": {"ppm": "8000"}, "explicitFeeCap": {"ppm": "10000"}, "claimRateCap": {"ppm": "30000"}, "claimRateBasis": "CLAIM_RATE_BASIS_COMMITTED", "explicitDayCount": "FEE_DAY_COUNT_ACTUAL_365",
        "limit": {"currencyCode": "CNY", "minorUnits": "100000000000"}, "businessDate": DATE})
    expires = {**DATE, "year": DATE["year"] + 1, "day": min(DATE["day"], 28)}
    for index in range(JOURNEYS):
        must("demand.v1.DemandService/RegisterEnterprise", {
            "requestId": f"crash-firm-{index}", "enterprise": {
                "uscc": uscc(index), "displayName": f"企业{index}", "regionCode": "370303", "industryCode": "C13",
                "sizeInputs": {"sector": "industry", "staff": "60", "revenue": {"currencyCode": "CNY", "minorUnits": "1000000000"}},
                "platformGrade": "PLATFORM_GRADE_B", "consents": [
                    {"kind": kind, "grantedOn": DATE, "expiresOn": expires, "reference": "test"}
                    for kind in ("CONSENT_KIND_PBOC_CREDIT", "CONSENT_KIND_PUBLIC_CREDIT")]}})


def travel(world, index):
    """One journey. Returns its id, how it was last heard of, and what was wanted of it."""
    firm = caller(uscc(index), "enterprise")
    amount = {"currencyCode": "CNY", "minorUnits": str(10_000_000 + index * 100)}
    status, journey = world.send("/v1/journeys", {
        "enterprise": f"enterprises/{uscc(index)}", "amount": amount, "tenorMonths": 12, "purpose": "补充流动资金",
        "securityMode": "SECURITY_MODE_GUARANTEE", "instrument": "INSTRUMENT_LOAN", "channel": "CHANNEL_ONLINE"},
        firm, f"crash-submit-{index}")
    assert status == 201, journey
    name = journey["demand"]["name"].split("/")[1]
    bank = caller("crash-bank", "institution")
    wait_for(world, name, "DEMAND_STATE_PUSHED")
    targets = [t["organisation"] for t in get(world, name)["demand"].get("targets", []) if t["kind"] == "TARGET_KIND_INSTITUTION"]
    if targets:
        bank = caller(targets[0], "institution")

    def act(action, request, who=bank):
        status, journey = world.act(name, action, request, who)
        assert status == 200, (index, action, journey)
        return journey["demand"]["state"]

    heard = act("claim", {})
    heard = act("offer", {"amount": amount, "rate": {"ppm": "34500"}, "tenorMonths": 12, "guaranteeNeeded": True})
    if index % 10 == 3:
        heard = act("decline", {"reason": "尽调未通过"})
        return name, heard, None
    heard = act("sign", {"contract": {"number": f"HT-{index}", "amount": amount, "signedOn": DATE, "drawBy": DATE}})
    if index % 10 == 7:
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        date = dict(zip(("year", "month", "day"), map(int, today.split("-"))))
        heard = act("expire", {"asOf": date}, OPERATOR)
        return name, heard, None
    heard = act("disburse", {"disbursement": {
        "amount": amount, "paidOn": DATE, "evidence": {"kind": "drawdown-slip", "reference": f"crash/{index}"}}})
    heard = act("close", {"evidence": [{"kind": "drawdown-slip", "reference": f"crash/{index}"}], "reason": "销号"}, OPERATOR)
    return name, heard, int(amount["minorUnits"])


def get(world, name):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer = requests.get(
                f"http://{world.suite.address('gateway', 'http')}/v1/journeys/{name}", headers={"x-huirong-caller": OPERATOR}, timeout=15)
            if answer.ok:
                return answer.json()
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, f"journey {name} cannot be read"
        threading.Event().wait(0.05)


def wait_for(world, name, state):
    """The gateway's own steps may have been cut off: its reconciler finishes them."""
    deadline = time.monotonic() + PATIENCE
    while True:
        journey = get(world, name)
        if journey["demand"]["state"] == state:
            return journey
        assert time.monotonic() < deadline, f"journey {name} stays {journey['demand']['state']}: {journey.get('problem')}"
        threading.Event().wait(0.05)


def guarantees(world):
    found, token = [], ""
    while True:
        status, page = world.rpc("fund.v1.FundService/ListGuarantees", {"pageSize": 1000, "pageToken": token})
        assert status == 200, page
        found += page.get("guarantees", [])
        token = page.get("nextPageToken", "")
        if not token:
            return found


@pytest.fixture(scope="module")
def settled(crashed):
    """The state once the reconciler has seen the last crash: no reservation outlives its journey."""
    world, heard, killer = crashed
    deadline = time.monotonic() + PATIENCE
    while True:
        held = guarantees(world)
        reserved = [g for g in held if g["state"] == "GUARANTEE_STATE_RESERVED"]
        if not reserved:
            return world, heard, killer, held
        assert time.monotonic() < deadline, f"orphan reservations: {[(g['name'], g['journey']) for g in reserved][:5]}"
        threading.Event().wait(0.2)


def test_every_process_was_killed_while_journeys_ran(crashed):
    _, heard, killer = crashed
    assert len(heard) == JOURNEYS
    assert all(count > 0 for count in killer.kills.values()), killer.kills


def test_nothing_acknowledged_is_lost(settled):
    world, heard, _, _ = settled
    for name, state, _ in heard:
        assert get(world, name)["demand"]["state"] == state, name


def all_demands(world):
    demands, token = [], ""
    while True:
        status, page = world.rpc("demand.v1.DemandService/ListDemands", {"pageSize": 1000, "pageToken": token})
        assert status == 200, page
        demands += page.get("demands", [])
        token = page.get("nextPageToken", "")
        if not token:
            return demands


def test_nothing_happens_twice(settled):
    world, heard, _, held = settled
    demands = all_demands(world)
    assert len(demands) == JOURNEYS == len({name for name, _, _ in heard})
    live = {}
    for guarantee in held:
        if guarantee["state"] == "GUARANTEE_STATE_IN_FORCE":
            live.setdefault(guarantee["journey"], []).append(int(guarantee["principal"]["minorUnits"]))
    wanted = {f"demands/{name}": [amount] for name, _, amount in heard if amount is not None}
    assert live == wanted


def test_the_ledger_balances_and_every_chain_is_intact(settled):
    world, heard, _, held = settled
    status, balance = world.rpc("fund.v1.FundService/GetTrialBalance", {"pool": "pools/city"})
    assert status == 200 and int(balance.get("difference", 0)) == 0, balance
    facility = world.rpc("fund.v1.FundService/GetFacility", {"name": "facilities/city"})[1]
    in_force = sum(int(g["guaranteedAmount"]["minorUnits"]) for g in held if g["state"] == "GUARANTEE_STATE_IN_FORCE")
    assert int(facility["liabilityInForce"]["minorUnits"]) == in_force
    assert int(facility.get("liabilityReserved", {}).get("minorUnits", 0)) == 0
    for service in ("demand.v1.DemandService", "catalog.v1.CatalogService", "fund.v1.FundService", "evaluation.v1.EvaluationService"):
        status, report = world.rpc(f"{service}/VerifyChain", {})
        assert status == 200 and report.get("intact") is True, (service, report)


def test_evaluation_has_counted_each_closed_journey_once(settled):
    world, heard, _, _ = settled
    closed = sum(1 for _, state, _ in heard if state == "DEMAND_STATE_CLOSED")
    head = int(world.rpc("demand.v1.DemandService/SummarizeDemands", {})[1]["asOfSequence"])
    status, _ = world.rpc("evaluation.v1.EvaluationService/GetFeedStatus", {"source": "demand", "waitForSequence": str(head)})
    assert status == 200
    institutions = {demand["claimedInstitution"] for demand in all_demands(world) if demand.get("claimedInstitution")}
    assert sum(closed_count(world, institution) for institution in institutions) == closed


def closed_count(world, institution):
    total, token = 0, ""
    while True:
        status, page = world.rpc("evaluation.v1.EvaluationService/ListFacts", {
            "institutionId": institution, "indicatorId": "feed.demands-closed", "pageSize": 1000, "pageToken": token})
        assert status == 200, page
        total += sum(int(fact["value"]) for fact in page.get("facts", []))
        token = page.get("nextPageToken", "")
        if not token:
            return total
