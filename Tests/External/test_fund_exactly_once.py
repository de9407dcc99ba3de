"""64 callers retry the same 10 000 keys over the plain wire, and connections end in the middle of calls and of answers.

Every caller goes through its keys in an order of its own, several calls in flight, and gives up connections at random: before
the request is whole, or when it was sent and nothing was heard. What was not heard is asked again. In the end every key had one
effect, and everybody who asked heard the same of it. EXACTLY_ONCE_REPEATS is how many callers ask for each key (3; 64 for all).
"""

import os
import random
import threading

import pytest

from fund_ledger import SERVICE, ledger_process
from plainwire import END, Lost, PlainWire

CALLERS, KEYS = 64, 10_000
REPEATS = int(os.environ.get("EXACTLY_ONCE_REPEATS", "3"))
SEED = int(os.environ.get("EXACTLY_ONCE_SEED", "20261121"))
FLIGHT = 50
METHOD = f"{SERVICE}/CreateTransfers"


@pytest.fixture(scope="module")
def ledger(request, stubs):
    with ledger_process(request, stubs) as process:
        process.names = process.open_accounts(8)
        yield process


class Caller(threading.Thread):
    def __init__(self, ledger, requests, keys, seed):
        super().__init__()
        self.ledger, self.requests, self.left, self.dice = ledger, requests, keys, random.Random(seed)
        self.dice.shuffle(self.left)
        self.heard, self.lost, self.failure = {}, 0, None

    def run(self):
        try:
            while self.left:
                self.connection()
        except Exception as error:  # told to the test, which fails with it
            self.failure = error

    def connection(self):
        """One connection until it is given up or there is nothing left to ask."""
        with self.ledger.wire() as wire:
            while self.left:
                flight = {}
                for key in self.left[:FLIGHT]:
                    flight[wire.open(METHOD, self.requests[key])] = key
                fate = self.dice.random()
                if fate < 0.05:  # the last request is cut in two
                    del wire.out[-self.dice.randrange(1, 60):]
                answers = self.dice.randrange(len(flight)) if fate < 0.25 else len(flight)
                try:
                    wire.flush()
                    self.listen(wire, flight, 0 if fate < 0.05 else answers)
                except Lost:
                    answers = 0
                gone = set(self.heard)
                self.left = [key for key in self.left if key not in gone]
                self.dice.shuffle(self.left)
                if fate < 0.25 or answers == 0:
                    self.lost += 1
                    return

    def listen(self, wire, flight, answers):
        while answers > 0:
            frame = wire.next()
            if frame.type == END:
                self.heard[flight[frame.stream]] = PlainWire.outcome(frame)
                answers -= 1


def test_each_key_has_one_effect_whoever_asks_and_whatever_is_lost(ledger):
    dice = random.Random(SEED)
    requests, amounts = [], [0] * len(ledger.names)
    for key in range(KEYS):
        debit, credit = dice.sample(range(len(ledger.names)), 2)
        amount = dice.randrange(1, 1000)
        amounts[debit] += amount
        amounts[credit] -= amount
        requests.append(ledger.batch(f"key-{key}", [ledger.transfer(key + 1, ledger.names[debit], ledger.names[credit], amount)]))
    shares = [[] for _ in range(CALLERS)]
    for key in range(KEYS):
        for caller in dice.sample(range(CALLERS), REPEATS):
            shares[caller].append(key)
    callers = [Caller(ledger, requests, share, SEED + number) for number, share in enumerate(shares)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [caller.failure for caller in callers if caller.failure] == []
    heard = {}
    for caller in callers:
        for key, body in caller.heard.items():
            assert heard.setdefault(key, body) == body, f"key-{key} was answered in two ways"
    assert len(heard) == KEYS
    results = [ledger.answer(heard[key]).results for key in range(KEYS)]
    assert all(len(each) == 1 and ledger.status(each[0]) == "CREATED" for each in results)
    assert len({each[0].number for each in results}) == KEYS
    assert sum(1 for transfer in ledger.transfers() if transfer.id) == KEYS
    for name, amount in zip(ledger.names, amounts):
        assert ledger.call("GetAccount", name=name).balance.minor_units == amount
    ledger.check()
    lost = sum(caller.lost for caller in callers)
    assert lost > CALLERS, "connections were meant to be lost"
    print(f"{REPEATS} × {KEYS} keys, {lost} connections given up")
