"""docs/examples/bank_sync.py, run as a bank's developer would run it against the gRPC listener."""

import json
import subprocess
import sys

import pytest

from conftest import OPERATOR, ROOT, caller

BANK = "py-bank"


def run(suite, who, *arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "docs/examples/bank_sync.py"), "--server", suite.address("catalog", "grpc"), "--caller", who,
         *map(str, arguments)], capture_output=True, text=True, timeout=60)


def row(identifier, **more):
    return {"productId": identifier, "product": {
        "institution": f"institutions/{BANK}", "instrument": "INSTRUMENT_LOAN", "title": {"zh": "快贷"},
        "amount": {"max": {"currencyCode": "CNY", "minorUnits": "100000000"}}, **more}}


@pytest.fixture(scope="module")
def bank(suite):
    done = subprocess.run(
        [str(suite.binaries / "huirongctl"), "call", "huirong.catalog.v1.CatalogService/CreateInstitution", json.dumps({
            "requestId": "py-bank", "institutionId": BANK,
            "institution": {"kind": "INSTITUTION_KIND_BANK", "nameZh": "Python 银行", "serviceRegions": ["3703"]}}),
         "--as", OPERATOR, "--address", suite.address("catalog", "plain")], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return [caller(BANK, "institution", subject=person) for person in ("author", "officer")]


def test_a_bank_sends_approves_and_follows(suite, bank, tmp_path):
    author, officer = bank
    file, state = tmp_path / "products.jsonl", tmp_path / "state"

    def send(*rows):
        file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in rows))
        return run(suite, author, "send", file)

    bad = row("py-bad", amount={"min": {"currencyCode": "CNY", "minorUnits": "2"}, "max": {"currencyCode": "CNY", "minorUnits": "1"}})
    sent = send(row("py-quick"), bad, row("py-slow"))
    assert sent.returncode == 1, sent.stderr
    lines = sent.stdout.splitlines()
    assert lines[0] == "line 1: products/py-quick version 1 handed in" and lines[2] == "line 3: products/py-slow version 1 handed in"
    assert lines[1].startswith("line 2: products/py-bad refused: INVALID_ARGUMENT product.amount"), lines

    own = run(suite, author, "approve", BANK)
    assert own.returncode == 1 and own.stdout.count("SAME_OFFICER") == 2, own.stdout + own.stderr
    approved = run(suite, officer, "approve", BANK)
    assert approved.returncode == 0 and approved.stdout.splitlines() == [
        "products/py-quick version 1 published", "products/py-slow version 1 published"], approved.stdout + approved.stderr

    again = send(row("py-quick"), row("py-slow", title={"zh": "慢贷"}))
    assert again.stdout.splitlines() == ["line 1: products/py-quick version 1 unchanged", "line 2: products/py-slow version 2 handed in"], again.stderr

    first = run(suite, author, "follow", BANK, "--state", state, "--events", 3)
    rest = run(suite, author, "follow", BANK, "--state", state, "--events", 7)
    assert (first.returncode, rest.returncode) == (0, 0), first.stderr + rest.stderr
    seen = [line.split(" ", 1)[1] for line in (first.stdout + rest.stdout).splitlines()]
    assert seen == [
        "product.created products/py-quick version 1", "product.submitted products/py-quick version 1",
        "product.created products/py-slow version 1", "product.submitted products/py-slow version 1",
        "product.approved products/py-quick version 1", "product.published products/py-quick version 1",
        "product.approved products/py-slow version 1", "product.published products/py-slow version 1",
        "product.updated products/py-slow version 2", "product.submitted products/py-slow version 2"]


def test_a_catalog_that_is_not_there_is_one_clear_line(suite, bank, tmp_path):
    file = tmp_path / "products.jsonl"
    file.write_text(json.dumps(row("py-none")))
    ended = subprocess.run(
        [sys.executable, str(ROOT / "docs/examples/bank_sync.py"), "--server", "127.0.0.1:1", "--caller", bank[0], "send", str(file)],
        capture_output=True, text=True, timeout=60)
    assert ended.returncode == 3 and "127.0.0.1:1 does not answer: UNAVAILABLE" in ended.stderr, ended.stdout + ended.stderr
