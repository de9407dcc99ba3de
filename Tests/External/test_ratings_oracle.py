"""Ratings against scipy, numpy and scikit-learn, and a rating's way through the running service."""

import csv
import datetime
import json
import math
import pathlib
import subprocess

import grpc
import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from conftest import OPERATOR, ROOT, caller

CARDS = ROOT / "data/scorecards"
SECOND = caller("operator", "operator", subject="second")


def micro(value):
    """Half away from zero, as docs/methods.md says."""
    return int(math.copysign(math.floor(abs(value) * 1e6 + 0.5), value))


def fit(suite, *arguments):
    run = subprocess.run(
        [str(suite.binaries / "huirongctl"), "scorecard", "fit", *map(str, arguments)], capture_output=True, text=True,
        timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr


def number(message, key):
    return int(message.get(key, 0))


def woe(goods, bads, all_goods, all_bads):
    extra = 0.5 if goods == 0 or bads == 0 else 0.0
    return math.log(((goods + extra) / all_goods) / ((bads + extra) / all_bads))


def bin_of(characteristic, text):
    """The bin that takes a CSV's value, found here independently of the service."""
    for index, entry in enumerate(characteristic["bins"]):
        if text == "":
            if "missing" in entry:
                return index
        elif "range" in entry:
            value, bounds = int(text), entry["range"]
            low, high = bounds.get("lower"), bounds.get("upper")
            above = low is None or value > int(low) or (bounds.get("lowerInclusive") and value == int(low))
            below = high is None or value < int(high) or (bounds.get("upperInclusive") and value == int(high))
            if above and below:
                return index
        elif "group" in entry and text in entry["group"]["values"]:
            return index
    return next(i for i, entry in enumerate(characteristic["bins"]) if "other" in entry)


def check_against_oracle(card, rows, neutral):
    """Counts, WoE, IV, coefficients, points, grades and figures of a fitted scorecard, recomputed from the rows."""
    development, samples = rows
    good = np.array([row["outcome"] == "good" for row in development])
    columns = []
    for characteristic in card["characteristics"]:
        places = np.array([bin_of(characteristic, row[characteristic["id"]]) for row in development])
        counts = [(int(good[places == i].sum()), int((~good[places == i]).sum()))
                  for i in range(len(characteristic["bins"]))]
        held = [neutral and "missing" in entry for entry in characteristic["bins"]]
        all_goods = sum(c[0] for c, h in zip(counts, held) if not h)
        all_bads = sum(c[1] for c, h in zip(counts, held) if not h)
        shown, value = [], 0.0
        for entry, (goods, bads), is_held in zip(characteristic["bins"], counts, held):
            assert (number(entry, "goods"), number(entry, "bads")) == (goods, bads)
            expected = 0 if is_held or goods + bads == 0 else woe(goods, bads, all_goods, all_bads)
            assert abs(number(entry, "woeMicro") - expected * 1e6) <= 0.5001
            if not is_held and goods + bads:
                extra = 0.5 if goods == 0 or bads == 0 else 0.0
                value += ((goods + extra) / all_goods - (bads + extra) / all_bads) * expected
            shown.append(number(entry, "woeMicro") / 1e6)
        assert abs(number(characteristic, "informationValueMicro") - value * 1e6) <= 0.5001
        columns.append(np.array(shown)[places])
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000)
    model.fit(np.column_stack(columns), good)
    found = [number(card["scaling"], "interceptMicro")] + [
        number(c, "coefficientMicro") for c in card["characteristics"]]
    wanted = np.concatenate([model.intercept_, model.coef_[0]])
    assert np.abs(np.array(found) / 1e6 - wanted).max() <= 1e-6, (found, wanted)

    def totals(sample):
        return np.array([
            number(card, "constantPoints") + sum(
                number(c["bins"][bin_of(c, row[c["id"]])], "points") for c in card["characteristics"])
            for row in sample])

    def grade_counts(points):
        minimums = [int(g["minimumPoints"]) if "minimumPoints" in g else -10**18 for g in card["grades"]]
        places = [next(i for i, m in enumerate(minimums) if p >= m) for p in points]
        return np.bincount(places, minlength=len(minimums))

    expected = grade_counts(totals(development))
    assert [number(g, "goods") + number(g, "bads") for g in card["grades"]] == list(expected)
    for figure, sample in zip(card["card"]["figures"], [development, *samples]):
        points = totals(sample)
        outcome = np.array([row["outcome"] == "good" for row in sample])
        check_separation(figure, points, outcome)
        if "psiMicro" in figure:
            assert abs(int(figure["psiMicro"]) - psi(expected, grade_counts(points)) * 1e6) <= 0.5001
    return totals


def check_separation(figure, points, good):
    assert abs(int(figure["aucPpm"]) - roc_auc_score(good, points) * 1e6) <= 0.5001
    u = stats.mannwhitneyu(points[good], points[~good]).statistic / (good.sum() * (~good).sum())
    assert abs(int(figure["aucPpm"]) - u * 1e6) <= 0.5001
    ks = stats.ks_2samp(points[good], points[~good], method="asymp").statistic
    assert abs(int(figure["ksPpm"]) - ks * 1e6) <= 0.5001


def psi(expected, actual):
    expected, actual = np.array(expected, float), np.array(actual, float)
    used = (expected > 0) | (actual > 0)
    e = np.where(expected == 0, 0.5, expected)[used] / expected.sum()
    a = np.where(actual == 0, 0.5, actual)[used] / actual.sum()
    return float(((a - e) * np.log(a / e)).sum())


def plan_of(seed, random):
    def own():
        return {"ownChoice": {"reason": "a test"}}

    neutral = bool(seed % 2)
    common = {"titleZH": "测试", "order": "any", "missingIsNeutral": neutral, "source": own()}
    quantiles = int(random.integers(2, 8))
    return {
        "id": "random", "titleZH": "测试", "titleEN": "random", "purpose": "credit",
        "scaling": {"basePoints": 600, "baseOdds": 10, "pointsToDoubleOdds": 30},
        "characteristics": [
            {**common, "id": "x", "titleEN": "x", "unit": "u", "binning": {"quantiles": {"count": quantiles}}},
            {**common, "id": "y", "titleEN": "y", "unit": "u", "binning": {"cuts": {"at": [-50, 0, 80]}}},
            {**common, "id": "z", "titleEN": "z", "unit": "", "binning": {"groups": {
                "named": [{"label": "a and b", "values": ["a", "b"]}, {"label": "c", "values": ["c"]}],
                "other": "other"}}}],
        "grades": [{"grade": "AAA", "minimum": 600}, {"grade": "A", "minimum": 560}, {"grade": "B", "minimum": 520},
                   {"grade": "D"}],
        "platformGrades": [{"grade": g, **({"minimum": m} if m else {})} for g, m in
                           zip("ABCDE", [600, 570, 540, 510, None])],
        "cutoffSource": own(), "development": {"title": "dev", "from": 1, "to": 1},
        "validation": [{"title": "later", "from": 2, "to": 2}], "approvalGrade": "B",
        "card": {"data": "random", "period": "1", "target": "random", "limits": ["a test"], "fairness": "none"}}, neutral, quantiles


def random_rows(random, count):
    rows = []
    for index in range(count):
        x = None if random.random() < 0.08 else int(random.normal(100, 40))
        y = None if random.random() < 0.08 else int(random.normal(0, 80))
        z = random.choice(["a", "b", "c", "d", ""], p=[0.3, 0.2, 0.25, 0.15, 0.1])
        linear = 0.8 + 0.02 * ((x or 100) - 100) + 0.012 * (y or 0) + {"a": 0.9, "b": 0.9, "c": -0.8}.get(z, 0)
        good = random.random() < 1 / (1 + math.exp(-linear))
        rows.append({"period": 1 + index % 2, "outcome": "good" if good else "bad", "region": f"r{index % 3}",
                     "size": "s", "x": "" if x is None else str(x), "y": "" if y is None else str(y), "z": z})
    return rows


@pytest.mark.parametrize("seed", range(20))
def test_a_fit_on_random_data_equals_numpy_and_scikit_learn(suite, tmp_path, seed):
    random = np.random.default_rng(seed)
    plan, neutral, quantiles = plan_of(seed, random)
    rows = random_rows(random, 1500)
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    with open(tmp_path / "sample.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    fit(suite, "--plan", tmp_path / "plan.json", "--csv", tmp_path / "sample.csv", "--output", tmp_path / "card")
    card = json.loads((tmp_path / "card.json").read_text())["scorecard"]
    development = [row for row in rows if row["period"] == 1]
    later = [row for row in rows if row["period"] == 2]
    check_against_oracle(card, (development, [later]), neutral)
    x = np.array([int(row["x"]) for row in development if row["x"]])
    cuts = np.unique(np.quantile(x, np.arange(1, quantiles) / quantiles, method="inverted_cdf"))
    found = [int(b["range"]["upper"]) for b in card["characteristics"][0]["bins"] if "upper" in b.get("range", {})]
    assert found == [int(cut) for cut in cuts if cut < x.max()]


def sba_rows():
    import gzip
    import io

    names = {"NewExist": {"1": "existing", "2": "new"}, "UrbanRural": {"1": "urban", "2": "rural"},
             "RevLineCr": {"Y": "yes", "N": "no"}}
    rows = []
    for loan in csv.DictReader(io.TextIOWrapper(gzip.open(ROOT / "data/sba/sba-7a-loans.csv.gz"), "utf-8")):
        if int(loan["SBA_Appv"]) >= int(loan["GrAppv"]) or not loan["MIS_Status"]:
            continue
        sector, bank = loan["NAICS"][:2], loan["BankState"]
        rows.append({
            "year": int(loan["ApprovalFY"]), "outcome": "good" if loan["MIS_Status"] == "P I F" else "bad",
            "amount": str(int(loan["GrAppv"]) * 100), "employees": loan["NoEmp"] if loan["NoEmp"] != "0" else "",
            "business": names["NewExist"].get(loan["NewExist"], ""),
            "location": names["UrbanRural"].get(loan["UrbanRural"], ""),
            "credit-line": names["RevLineCr"].get(loan["RevLineCr"], ""),
            "lender": "" if not bank else "same-state" if bank == loan["State"] else "other-state",
            "sector": "" if sector in ("0", "") else sector})
    return rows


def test_the_shipped_scorecard_equals_a_recomputation_from_the_csv(suite):
    fit(suite, "--plan", CARDS / "sba-2005.plan.json", "--sba", ROOT / "data/sba/sba-7a-loans.csv.gz", "--output",
        CARDS / "sba-2005", "--check")
    card = json.loads((CARDS / "sba-2005.json").read_text())["scorecard"]
    rows = sba_rows()

    def years(first, last):
        return [row for row in rows if first <= row["year"] <= last]

    check_against_oracle(card, (years(2003, 2004), [years(2005, 2005), years(2006, 2006), years(2005, 2006)]), True)


class Ratings:
    """RatingService over gRPC, as any outside client calls it."""

    def __init__(self, suite, stubs):
        self.messages = {}
        for name in ("rating_pb2", "rating_scorecard_pb2", "rating_monitoring_pb2"):
            self.messages |= vars(getattr(stubs, f"evaluation__{name}"))
        self.common = stubs.common__common_pb2
        self.channel = grpc.insecure_channel(suite.address("evaluation", "grpc"))
        self.stub = stubs.evaluation__rating_service_pb2_grpc.RatingServiceStub(self.channel)

    def call(self, method, request, who=OPERATOR):
        return getattr(self.stub, method)(request, metadata=[("x-huirong-caller", who)], timeout=30)

    def __getattr__(self, name):
        return self.messages[name]

    def date(self, day):
        return self.common.Date(year=day.year, month=day.month, day=day.day)


@pytest.fixture(scope="module")
def ratings(suite, stubs):
    ratings = Ratings(suite, stubs)
    yield ratings
    ratings.channel.close()


def create(ratings, name, request_id):
    from google.protobuf import json_format

    request = json_format.Parse((CARDS / f"{name}.json").read_text(), ratings.CreateScorecardRequest())
    request.request_id = request_id
    return ratings.call("CreateScorecard", request)


@pytest.fixture(scope="module")
def adopted(ratings):
    created = create(ratings, "sba-2005", "sba-create")
    request = ratings.AdoptScorecardRequest(request_id="sba-adopt-1", name=created.name, version=1)
    with pytest.raises(grpc.RpcError) as refused:
        ratings.call("AdoptScorecard", request)
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    request.request_id = "sba-adopt-2"
    card = ratings.call("AdoptScorecard", request, SECOND)
    assert card.state == ratings.SCORECARD_STATE_ADOPTED and card.adopter == "operator/second"
    return card


def inputs(ratings, row):
    result = []
    for key in ("amount", "employees", "business", "location", "credit-line", "lender", "sector"):
        entry = ratings.RatingInput(characteristic_id=key)
        if row[key] == "":
            entry.missing.SetInParent()
        elif key in ("amount", "employees"):
            entry.number = int(row[key])
        else:
            entry.category = row[key]
        result.append(entry)
    return result


def test_a_firm_is_rated_watched_and_monitored(ratings, adopted):
    card = json.loads((CARDS / "sba-2005.json").read_text())["scorecard"]
    rows = [row for row in sba_rows() if row["year"] == 2005][:60]
    day = datetime.date(2020, 1, 2)
    stored = []
    for index, row in enumerate(rows):
        request = ratings.RateEnterpriseRequest(
            request_id=f"rate-{index}", scorecard=adopted.name, enterprise=f"loan-{index}", region_code="370302",
            size_band=1 + index % 2, business_date=ratings.date(day), inputs=inputs(ratings, row))
        rating = ratings.call("RateEnterprise", request)
        assert ratings.call("RateEnterprise", request) == rating, "a repeated request is answered alike"
        expected = number(card, "constantPoints") + sum(
            number(c["bins"][bin_of(c, row[c["id"]])], "points") for c in card["characteristics"])
        assert rating.total_points == expected
        losses = [reason.lost_points for reason in rating.reasons]
        assert losses == sorted(losses, reverse=True) and all(losses)
        assert rating.total_points == rating.constant_points + sum(part.points for part in rating.contributions)
        stored.append(rating)
        ratings.call("RecordOutcome", ratings.RecordOutcomeRequest(
            request_id=f"outcome-{index}", name=rating.name, outcome=1 if row["outcome"] == "good" else 2,
            observed_on=ratings.date(day), evidence=ratings.common.Evidence(kind="file", reference="sba")))

    events = list(ratings.stub.WatchRatings(
        ratings.WatchRatingsRequest(until_head=True, scorecard=adopted.name), timeout=30,
        metadata=[("x-huirong-caller", OPERATOR)]))
    types = [event.header.type for event in events]
    assert types[:2] == ["rating.scorecard-created", "rating.scorecard-adopted"]
    assert types.count("rating.graded") == types.count("rating.outcome-recorded") == len(rows)
    sequences = [event.header.sequence for event in events]
    assert sequences == sorted(set(sequences))
    graded = [event.rating for event in events if event.header.type == "rating.graded"]
    assert [(r.name, r.grade) for r in graded] == [(r.name, r.grade) for r in stored]

    elsewhere = caller("bureau", "regulator", region="3709")
    outside = ratings.stub.WatchRatings(
        ratings.WatchRatingsRequest(until_head=True), timeout=30, metadata=[("x-huirong-caller", elsewhere)])
    assert all(event.WhichOneof("payload") == "scorecard_change" for event in outside), "another region's firms"
    with pytest.raises(grpc.RpcError) as hidden:
        ratings.call("GetRating", ratings.GetRatingRequest(name=stored[0].name), elsewhere)
    assert hidden.value.code() == grpc.StatusCode.NOT_FOUND
    own = caller("loan-0", "enterprise")
    assert ratings.call("GetRating", ratings.GetRatingRequest(name=stored[0].name), own).grade == stored[0].grade

    report = ratings.call("MonitorScorecard", ratings.MonitorScorecardRequest(
        name=adopted.name, version=1, approval_grade="BB"))
    points = np.array([r.total_points for r in stored])
    good = np.array([row["outcome"] == "good" for row in rows])
    check_separation({"aucPpm": report.auc_ppm, "ksPpm": report.ks_ppm}, points, good)
    assert sum(g.count for g in report.grades) == len(rows)

    names, token = [], ""
    while True:
        page = ratings.call("ListRatings", ratings.ListRatingsRequest(
            scorecard=adopted.name, page_size=7, page_token=token))
        names += [r.name for r in page.ratings]
        token = page.next_page_token
        if not token:
            break
    assert names == [r.name for r in reversed(stored)]


@pytest.mark.parametrize("seed", range(20))
def test_monitoring_of_a_given_sample_equals_scipy(ratings, adopted, seed):
    random = np.random.default_rng(1000 + seed)
    count = int(random.integers(5, 400))
    points = random.integers(480, 760, count) if seed % 3 else random.choice([550, 600, 650], count)
    outcome = random.choice([0, 1, 2], count, p=[0.2, 0.5, 0.3])
    outcome[:2] = [1, 2]
    sample = [ratings.MonitoringRow(total_points=int(p), outcome=int(o), region_code=str(random.choice(["370302", "370303"])))
              for p, o in zip(points, outcome)]
    report = ratings.call("MonitorScorecard", ratings.MonitorScorecardRequest(
        name=adopted.name, version=1, approval_grade="BB", sample=sample))
    known = outcome > 0
    check_separation({"aucPpm": report.auc_ppm, "ksPpm": report.ks_ppm}, points[known], outcome[known] == 1)
    expected = [grade.goods + grade.bads for grade in adopted.grades]
    assert abs(report.psi_micro - psi(expected, [grade.count for grade in report.grades]) * 1e6) <= 0.5001
    assert (report.count, report.goods, report.bads) == (count, (outcome == 1).sum(), (outcome == 2).sum())
    for group in report.groups:
        if group.dimension == "region":
            members = np.array([row.region_code == group.group for row in sample])
            assert (group.count, group.approved) == (members.sum(), (members & (points >= 580)).sum())


@pytest.mark.parametrize("name, purpose", [("innovation-points", 2), ("technology-flow", 3)])
def test_the_points_tables_are_taken_as_they_ship(ratings, name, purpose):
    created = create(ratings, name, f"{name}-create")
    assert created.purpose == purpose and created.version == 1
    listed = ratings.call("ListScorecards", ratings.ListScorecardsRequest(purpose=purpose))
    assert [card.name for card in listed.scorecards] == [f"scorecards/{name}"]


def test_a_scorecard_with_a_gap_is_refused_with_its_path(ratings):
    from google.protobuf import json_format

    request = json_format.Parse((CARDS / "sba-2005.json").read_text(), ratings.CreateScorecardRequest())
    request.request_id, request.scorecard.name = "gap", "scorecards/gap"
    del request.scorecard.characteristics[0].bins[2]
    with pytest.raises(grpc.RpcError) as refused:
        ratings.call("CreateScorecard", request)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    details = b"".join(value for key, value in refused.value.trailing_metadata() if key == "grpc-status-details-bin")
    assert b"SCHEME_INVALID" in details and b"scorecard.characteristics[0].bins[2].range.lower" in details
