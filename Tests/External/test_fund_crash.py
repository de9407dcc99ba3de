"""The fund under crashes, against the oracle of Tests/Simulation: a few cycles of every kind.

SIMULATION_CYCLES is how many there are together (60), SIMULATION_SEED the numbers; `make simulate` is the long way.
"""

import os
import pathlib
import sys

import pytest

from fund_ledger import DATE, ledger_process

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Simulation"))

from cycles import run  # noqa: E402
from disks import Missing  # noqa: E402

CYCLES = int(os.environ.get("SIMULATION_CYCLES", "60"))
SEED = int(os.environ.get("SIMULATION_SEED", "20261121"))
SHARES = {"kill": 15, "cut": 20, "io-error": 10, "full": 10, "mount": 5}


@pytest.mark.parametrize("kind", SHARES)
def test_nothing_that_was_answered_is_lost(kind, request, stubs):
    try:
        done = run(kind, max(1, CYCLES * SHARES[kind] // sum(SHARES.values())), request.config.getoption("--binaries"), stubs, SEED)
    except Missing as missing:
        pytest.skip(str(missing))
    print(kind, done)


def test_the_control_without_full_synchronisation_loses(request, stubs):
    try:
        done = run("control", 20, request.config.getoption("--binaries"), stubs, SEED)
    except Missing as missing:
        pytest.skip(str(missing))
    assert done["lost"], done
    print(done)


def test_a_day_end_is_replayed_and_a_closed_month_stays_closed(request, stubs):
    with ledger_process(request, stubs) as ledger:
        first, second = ledger.open_accounts(2)
        day = {**DATE, "day": 31}
        report = ledger.call("AdvanceDay", requestId="end", pool="pools/city", businessDate=day)
        assert report == ledger.call("AdvanceDay", requestId="end-again", pool="pools/city", businessDate=day)
        ledger.call("ClosePeriod", requestId="close", pool="pools/city", through=day)
        refused = ledger.transfer(1, first, second)
        answer = ledger.call("CreateTransfers", requestId="late", transfers=[{
            "id": refused.id, "phase": "TRANSFER_PHASE_SINGLE", "template": "clearing", "businessDate": day,
            "legs": [{"account": first, "amountMinor": "1"}, {"account": second, "amountMinor": "-1"}]}])
        assert ledger.status(answer.results[0]) == "PERIOD_CLOSED"
        projection = ledger.call("ProjectSolvency", pool="pools/city", **{"from": day}, days=400)
        assert projection.cash_minor == report.cash_minor and projection.lowest_cash_minor <= projection.cash_minor
