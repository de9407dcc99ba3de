"""What tests of the fund's ledger share: a fund process of their own, accounts to move money between, batches of transfers."""

import contextlib
import pathlib
import sys
import tempfile

from conftest import Suite, caller

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Python"))

from plainwire import PlainWire  # noqa: E402

OPERATOR = caller("operator", "operator")
SERVICE = "huirong.fund.v1.FundService"
DATE = {"year": 2026, "month": 1, "day": 5}
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(number):
    digits = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits = CROCKFORD[digit] + digits
    return digits


class LedgerProcess:
    """A fund process and the messages of its ledger."""

    def __init__(self, binaries, directory, stubs):
        self.suite = Suite(binaries, directory)
        self.suite.start("fund")
        self.service, self.ledger = stubs.fund__fund_service_pb2, stubs.fund__ledger_pb2

    @property
    def port(self):
        return self.suite.ports["fund"]["plain"]

    def wire(self, **options):
        return PlainWire(self.port, caller=OPERATOR, **options)

    def call(self, method, **values):
        from google.protobuf import json_format, message_factory

        descriptor = self.service.DESCRIPTOR.services_by_name["FundService"].methods_by_name[method]
        request = json_format.ParseDict(values, message_factory.GetMessageClass(descriptor.input_type)())
        answer = message_factory.GetMessageClass(descriptor.output_type)()
        with self.wire() as wire:
            answer.ParseFromString(wire.unary(f"{SERVICE}/{method}", request.SerializeToString()))
        return answer

    def open_accounts(self, count):
        """Accounts without a limit, by their names."""
        self.call("CreatePool", requestId="pool", poolId="city", displayName="city", regionCode="XX", businessDate=DATE,
                  seedCapital={"currencyCode": "CNY", "minorUnits": "100000000"})
        return [self.call("CreateAccount", requestId=f"account-{number}", pool="pools/city", code=f"9{number}", displayName=f"{number}",
                          normalSide="BALANCE_SIDE_DEBIT", limit="ACCOUNT_LIMIT_NONE").name for number in range(count)]

    def transfer(self, number, debit, credit, amount=1, **more):
        """A transfer as a message; its id is the number's."""
        transfer = self.ledger.TransferRequest(id=ulid(number), phase=self.ledger.TRANSFER_PHASE_SINGLE, template="clearing", **more)
        transfer.business_date.year, transfer.business_date.month, transfer.business_date.day = DATE.values()
        transfer.legs.add(account=debit, amount_minor=amount)
        transfer.legs.add(account=credit, amount_minor=-amount)
        return transfer

    def batch(self, key, transfers):
        return self.service.CreateTransfersRequest(request_id=key, transfers=transfers).SerializeToString()

    def answer(self, body):
        return self.service.CreateTransfersResponse.FromString(body)

    def status(self, result):
        return self.ledger.TransferStatus.Name(result.status).removeprefix("TRANSFER_STATUS_")

    def transfers(self):
        """All of the ledger, in the order of the numbers."""
        found, token = [], ""
        while True:
            page = self.call("ListTransfers", pageSize=1000, pageToken=token)
            found += page.transfers
            token = page.next_page_token
            if not token:
                return found

    def check(self):
        """Debits are credits, and the chains hold."""
        trial = self.call("GetTrialBalance", pool="pools/city")
        assert trial.difference == 0 and trial.debits_posted == trial.credits_posted
        for chain in ("FUND_CHAIN_TRANSFERS", "FUND_CHAIN_EVENTS"):
            assert self.call("VerifyChain", chain=chain).intact
        return trial


@contextlib.contextmanager
def ledger_process(request, stubs):
    with tempfile.TemporaryDirectory(prefix="huirong-ledger-") as directory:
        process = LedgerProcess(request.config.getoption("--binaries"), directory, stubs)
        try:
            yield process
        finally:
            codes = process.suite.stop()
        assert set(codes.values()) <= {0}, f"the fund did not drain cleanly: {codes}"
