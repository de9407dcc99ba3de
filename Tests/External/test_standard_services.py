"""What every gRPC client expects of a server: reflection, health, clear refusals."""

import subprocess

import pytest

from conftest import OPERATOR
from test_four_ways import grpcurl_binary

SERVICES = {
    "demand": "huirong.demand.v1.DemandService", "catalog": "huirong.catalog.v1.CatalogService",
    "fund": "huirong.fund.v1.FundService", "evaluation": "huirong.evaluation.v1.EvaluationService",
}


def grpcurl(*arguments):
    return subprocess.run([grpcurl_binary(), "-plaintext", *arguments], capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("name", SERVICES)
def test_reflection_lists_the_service_with_health_and_reflection(suite, name):
    listed = grpcurl(suite.address(name, "grpc"), "list").stdout.split()
    assert set(listed) >= {SERVICES[name], "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"}


@pytest.mark.parametrize("name", SERVICES)
def test_reflection_describes_every_method_with_its_types(suite, name):
    described = grpcurl(suite.address(name, "grpc"), "describe", SERVICES[name])
    assert described.returncode == 0, described.stderr
    assert described.stdout.count("rpc ") >= 10


@pytest.mark.parametrize("name", SERVICES)
def test_health_says_serving(suite, name):
    answer = grpcurl(suite.address(name, "grpc"), "grpc.health.v1.Health/Check")
    assert '"SERVING"' in answer.stdout, answer.stderr


def test_a_caller_without_identity_is_unauthenticated(suite):
    answer = grpcurl("-d", "{}", suite.address("fund", "grpc"), "huirong.fund.v1.FundService/ListPools")
    assert "Unauthenticated" in answer.stderr


def test_ctl_lists_describes_and_refuses_clearly(suite):
    def ctl(*arguments):
        return subprocess.run([str(suite.binaries / "huirongctl"), *arguments], capture_output=True, text=True, timeout=30)

    listed = ctl("list").stdout.split()
    assert "huirong.demand.v1.DemandService/SubmitDemand" in listed
    assert "minorUnits" in ctl("describe", "huirong.common.v1.Money").stdout
    unknown = ctl("call", "FundService/GetPoool")
    assert unknown.returncode != 0 and "GetPoool" in unknown.stderr
    broken = ctl("call", "FundService/GetPool", "{not json", "--as", OPERATOR, "--address", suite.address("fund", "plain"))
    assert broken.returncode != 0 and "INVALID_JSON" in broken.stderr
