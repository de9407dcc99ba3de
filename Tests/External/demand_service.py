"""The demand service by its Python stubs, for the tests that talk to it."""

import itertools

import grpc
from google.rpc import error_details_pb2, status_pb2

from conftest import OPERATOR, caller

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
KEYS = itertools.count()
GRID = caller("grid-zc", "grid_worker", "370302001")
BUREAU = caller("bureau", "regulator", "3703")
HEADER = "uscc,display_name,region_code,industry_code,platform_grade,size_sector,size_staff,size_revenue\n"


def uscc(number):
    """The n-th of many valid 统一社会信用代码."""
    digits = str(30_000_000 + number)
    check = (11 - sum(int(d) * w for d, w in zip(digits, [3, 7, 9, 10, 5, 8, 4, 2])) % 11) % 11
    body = "91370302" + digits + ("X" if check == 10 else str(check))
    return body + ALPHABET[(31 - sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31) % 31]


def bank(name):
    return caller(name, "institution", "3703")


class Refused(Exception):
    def __init__(self, error):
        status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        self.reason = next(info.reason for detail in status.details if detail.Unpack(info))
        self.field = next((bad.field_violations[0].field for detail in status.details if detail.Unpack(bad)), "")
        super().__init__(f"{self.reason} {self.field}: {error.details()}")


class Service:
    def __init__(self, address, stubs):
        self.channel = grpc.insecure_channel(address)
        self.stub = stubs.demand__demand_service_pb2_grpc.DemandServiceStub(self.channel)
        self.types = {}
        for module in (stubs.common__common_pb2, stubs.demand__commands_pb2, stubs.demand__demand_pb2, stubs.demand__enterprise_pb2):
            self.types |= vars(module)

    def __call__(self, method, who=OPERATOR, **fields):
        message = self.types[f"{method}Request"](**fields)
        if "request_id" in message.DESCRIPTOR.fields_by_name and not message.request_id:
            message.request_id = f"py-{next(KEYS)}"
        try:
            return getattr(self.stub, method)(message, metadata=[("x-huirong-caller", who)], timeout=60)
        except grpc.RpcError as error:
            raise Refused(error) from error

    def watch(self, after, who=OPERATOR):
        return self.stub.WatchDemands(
            self.types["WatchDemandsRequest"](after_sequence=after), metadata=[("x-huirong-caller", who)], timeout=60)

    def submit(self, firm, who=OPERATOR, minor=100_000_000, **more):
        return self("SubmitDemand", who, demand=self.types["Demand"](
            enterprise=f"enterprises/{firm}", amount=self.money(minor), tenor_months=12, purpose="购买数控机床", security_mode="SECURITY_MODE_CREDIT",
            instrument="INSTRUMENT_LOAN", channel="CHANNEL_GRID", region_code="370302001001",
            contact=self.types["Contact"](person="李工", phone="0533-1234567"), **more))

    def money(self, minor):
        return self.types["Money"](currency_code="CNY", minor_units=minor)

    def evidence(self, kind="receipt"):
        return self.types["Evidence"](kind=kind, reference=f"archive/{kind}")

    def pushed(self, firm, **more):
        name = self.submit(firm).name
        self("AssessDemand", GRID, name=name)
        return self("PushDemand", BUREAU, name=name, **(more or {"mode": "PUSH_MODE_OPEN"}))

    def head(self):
        return self("SummarizeDemands").as_of_sequence
