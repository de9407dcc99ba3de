"""What would open more products, counted by the real catalog: conditions on collateral, staff, marks and documents count."""

import tempfile

import pytest

from conftest import Suite
from demand_service import HEADER, Service, uscc
from test_catalog import Catalog, bank, product, publish


@pytest.fixture(scope="module")
def market(request, stubs):
    with tempfile.TemporaryDirectory(prefix="huirong-explore-") as directory:
        suite = Suite(request.config.getoption("--binaries"), directory)
        try:
            for name in ("catalog", "demand"):
                suite.start(name)
            service = Service(suite.address("demand", "grpc"), stubs)
            service("ImportEnterprises", csv=(
                HEADER.replace("platform_grade", "tags") + f"{uscc(1)},企业,370302001,C34,专精特新,industry,50,8000000\n").encode())
            catalog = Catalog(suite)
            catalog("CreateInstitution", {"institutionId": "four-eyes", "institution": {
                "kind": "INSTITUTION_KIND_BANK", "nameZh": "试验银行", "serviceRegions": ["3703"]}})
            yield service, catalog
            service.channel.close()
        finally:
            codes = suite.stop()
        assert set(codes.values()) <= {0}


def offer(catalog, name, instrument="INSTRUMENT_LOAN", **condition):
    terms = product("four-eyes", instrument=instrument, eligibility={"condition": condition})
    catalog("CreateProduct", {"productId": name, "product": terms}, bank("four-eyes"))
    publish(catalog, f"products/{name}")


def explore(service, name):
    answer = service("ExploreDemand", name=name)
    return answer.matching_products, {change.change: change.more_products for change in answer.improvements}


def test_each_change_counts_what_the_catalog_would_match(market):
    service, catalog = market
    demand = service.submit(uscc(1)).name
    assert explore(service, demand)[0] == 0
    offer(catalog, "for-patents", collateral={"anyOf": ["patent"]})
    now, more = explore(service, demand)
    assert (now, more["collateral:patent"], more["collateral:trademark"], more["mortgage"]) == (0, 1, 0, 0)
    # What the file already says counts as things are: staff, revenue, marks.
    offer(catalog, "for-fifty", staff={"min": "50"})
    offer(catalog, "for-fifty-one", staff={"min": "51"})
    offer(catalog, "for-revenue", annualRevenue={"min": {"currencyCode": "CNY", "minorUnits": "800000000"}})
    offer(catalog, "for-marks", tags={"anyOf": ["zhuanjingtexin"]})
    now, more = explore(service, demand)
    assert (now, more["collateral:patent"], more["platform_grade:A"]) == (3, 1, 0)
    offer(catalog, "for-grades", platformGrade={"atLeast": "PLATFORM_GRADE_B"})
    assert {grade: explore(service, demand)[1][f"platform_grade:{grade}"] for grade in "ABC"} == {"A": 1, "B": 1, "C": 0}


def test_a_renewal_commitment_opens_what_asks_for_it(market):
    service, catalog = market
    offer(catalog, "for-renewals", instrument="INSTRUMENT_BRIDGE_LOAN", renewalCommitted={"expected": True})
    types = service.types
    demand = service("SubmitDemand", demand=types["Demand"](
        enterprise=f"enterprises/{uscc(1)}", amount=service.money(100_000_000), tenor_months=1, purpose="转贷",
        security_mode="SECURITY_MODE_CREDIT", instrument="INSTRUMENT_BRIDGE_LOAN", channel="CHANNEL_ONLINE")).name
    now, more = explore(service, demand)
    assert (now, more["documents:renewal-commitment"]) == (0, 1)
    service("AttachDocument", name=demand, document=types["DemandDocument"](
        evidence=service.evidence("renewal-commitment"), issuer="试验银行", amount=service.money(200_000_000)))
    now, more = explore(service, demand)
    assert now == 1 and "documents:renewal-commitment" not in more
