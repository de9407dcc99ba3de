"""Platform grades travel from the evaluation to the firms of the demand service, whichever of the two is there first."""

import json
import tempfile

import grpc
import pytest
from google.protobuf import json_format

from conftest import OPERATOR, ROOT, Suite, caller
from demand_service import HEADER, Service, uscc

SECOND = caller("operator", "operator", subject="second")
BEST = {"amount": 1, "employees": 1, "business": "new", "location": "rural", "credit-line": "yes", "lender": "same-state", "sector": "61"}


class Ratings:
    def __init__(self, suite, stubs):
        self.types = {}
        for name in ("rating_pb2", "rating_scorecard_pb2"):
            self.types |= vars(getattr(stubs, f"evaluation__{name}"))
        self.types |= vars(stubs.common__common_pb2)
        self.channel = grpc.insecure_channel(suite.address("evaluation", "grpc"))
        self.stub = stubs.evaluation__rating_service_pb2_grpc.RatingServiceStub(self.channel)

    def call(self, method, request, who=OPERATOR):
        return getattr(self.stub, method)(request, metadata=[("x-huirong-caller", who)], timeout=30, wait_for_ready=True)

    def adopt(self):
        card = (ROOT / "data/scorecards/sba-2005.json").read_text()
        self.card = json.loads(card)["scorecard"]
        request = json_format.Parse(card, self.types["CreateScorecardRequest"]())
        request.request_id = "create"
        name = self.call("CreateScorecard", request).name
        self.call("AdoptScorecard", self.types["AdoptScorecardRequest"](request_id="adopt", name=name, version=1), SECOND)

    def rate(self, firm, known, day):
        """Every characteristic that is not known is missing."""
        inputs = []
        for characteristic in self.card["characteristics"]:
            entry = self.types["RatingInput"](characteristic_id=characteristic["id"])
            value = known.get(characteristic["id"])
            if value is None:
                entry.missing.SetInParent()
            elif isinstance(value, int):
                entry.number = value
            else:
                entry.category = value
            inputs.append(entry)
        return self.call("RateEnterprise", self.types["RateEnterpriseRequest"](
            request_id=f"rate-{firm}-{day}", scorecard="scorecards/sba-2005", enterprise=firm, region_code="370302", size_band=1,
            business_date=self.types["Date"](year=2024, month=1, day=day), inputs=inputs))


@pytest.fixture()
def suite(request):
    with tempfile.TemporaryDirectory(prefix="huirong-grades-") as directory:
        suite = Suite(request.config.getoption("--binaries"), directory)
        try:
            yield suite
        finally:
            codes = suite.stop()
        assert set(codes.values()) <= {0}


def graded(demand, after):
    """Waits for the next change of a grade."""
    stream = demand.watch(after)
    entry = next(entry for entry in stream if entry.header.type == "enterprise.graded")
    stream.cancel()
    return entry


def test_grades_come_once_with_their_day_and_source(suite, stubs):
    for name in ("catalog", "fund", "demand"):  # the evaluation is away when the demand service starts
        suite.start(name)
    demand = Service(suite.address("demand", "grpc"), stubs)
    firm, later = uscc(1), uscc(2)
    demand("ImportEnterprises", csv=f"{HEADER}{firm},企业,370302,C34,B,,,\n".encode())
    begin = demand.head()
    suite.start("evaluation")
    ratings = Ratings(suite, stubs)
    ratings.adopt()

    rating = ratings.rate(firm, {}, 5)
    entry = graded(demand, begin)
    assert entry.header.subject == f"enterprises/{firm}" and entry.header.actor == "evaluation"
    found = demand("GetEnterprise", name=f"enterprises/{firm}")
    assert found.platform_grade == rating.platform_grade == ratings.types["PLATFORM_GRADE_C"]
    assert found.grade_receipt.source == rating.name and found.grade_receipt.graded_on.day == 5

    # The evaluation goes and comes back; a firm is rated before it is registered.
    suite.processes["evaluation"].terminate()
    assert suite.processes["evaluation"].wait(20) == 0
    suite.start("evaluation")
    ratings.channel.close()
    card = ratings.card
    ratings = Ratings(suite, stubs)
    ratings.card = card
    ratings.rate(later, BEST, 6)
    best = ratings.rate(firm, BEST, 6)
    entry = graded(demand, entry.header.sequence)
    assert demand("GetEnterprise", name=f"enterprises/{firm}").grade_receipt.source == best.name
    demand("ImportEnterprises", csv=f"{HEADER}{later},企业,370302,C34,,,,\n".encode())
    assert demand("GetEnterprise", name=f"enterprises/{later}").platform_grade == ratings.types["PLATFORM_GRADE_A"]

    # Started again, the demand service takes over nothing twice.
    head = demand.head()
    suite.processes["demand"].terminate()
    assert suite.processes["demand"].wait(20) == 0
    suite.start("demand")
    demand.channel.close()
    demand = Service(suite.address("demand", "grpc"), stubs)
    assert demand.head() == head
    ratings.rate(firm, {}, 7)
    entry = graded(demand, head)
    assert entry.header.sequence == head + 1
    assert demand("GetEnterprise", name=f"enterprises/{firm}").platform_grade == ratings.types["PLATFORM_GRADE_C"]
    demand.channel.close()
    ratings.channel.close()
