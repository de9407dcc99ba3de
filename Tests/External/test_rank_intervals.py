"""The lenders of the SBA book: their ranking to the last digit, and how far the places of small ones are luck.

Both are recomputed from the CSV alone, the ranking by Tests/Evaluation/oracle/sba_oracle.py in whole numbers, the intervals by a
simulation in numpy with other random numbers.
"""

import sys

import grpc
import numpy as np
import pytest
import scipy.stats
from google.protobuf import json_format

from conftest import OPERATOR, ROOT, caller

sys.path.insert(0, str(ROOT / "Tests/Evaluation/oracle"))
import sba_oracle  # noqa: E402

PERIOD, SAMPLES, PRIOR = "1997..2006", 200, 20.0
PREFIX = "luck"  # names of this file's own: other tests may load the same book


class Lenders:
    def __init__(self, suite, stubs):
        self.channel = grpc.insecure_channel(suite.address("evaluation", "grpc"))
        self.evaluation = stubs.evaluation__evaluation_service_pb2_grpc.EvaluationServiceStub(self.channel)
        self.analysis = stubs.evaluation__analysis_service_pb2_grpc.AnalysisServiceStub(self.channel)
        self.stubs = stubs
        self.book = sba_oracle.Book(str(ROOT / "data/sba/sba-7a-loans.csv.gz"))

    def call(self, stub, method, request, who=OPERATOR):
        return getattr(stub, method)(request, metadata=[("x-huirong-caller", who)], timeout=300)

    @staticmethod
    def id(bank):
        return PREFIX + sba_oracle.institution_id(bank).removeprefix("sba")

    def shipped(self, name, message):
        text = (ROOT / f"data/schemes/{name}.json").read_text().replace('"sba.', f'"{PREFIX}.').replace(
            "indicators/sba.", f"indicators/{PREFIX}.").replace("schemes/sba-", f"schemes/{PREFIX}-")
        return json_format.Parse(text, message)

    def load(self):
        messages = {}
        for name in ("indicator", "institution", "fact", "scheme", "run"):
            messages |= vars(getattr(self.stubs, f"evaluation__{name}_pb2"))
        self.messages = messages
        call, service = self.call, self.evaluation
        request = self.shipped("sba-lenders.indicators", messages["BatchCreateIndicatorsRequest"]())
        request.request_id = f"{PREFIX}-indicators"
        call(service, "BatchCreateIndicators", request)
        call(service, "BatchRegisterInstitutions", messages["BatchRegisterInstitutionsRequest"](
            request_id=f"{PREFIX}-banks", institutions=[
                messages["Institution"](name=f"institutions/{self.id(bank)}", title=bank or "(blank)", peer_group=PREFIX, type="bank")
                for bank in self.book.banks]))
        facts = [
            messages["FactInput"](
                institution_id=self.id(bank), indicator_id=f"{PREFIX}.{what}", period=str(year), value=value,
                **({"unit": "UNIT_MONEY", "currency_code": "USD"} if what in ("approved", "charged-off") else {"unit": "UNIT_COUNT"}))
            for (bank, year, what), value in self.book.sums.items()]
        for start in range(0, len(facts), 10_000):
            answer = call(service, "SubmitFacts", messages["SubmitFactsRequest"](
                request_id=f"{PREFIX}-facts-{start}", facts=facts[start:start + 10_000]))
            assert not answer.refusals
        for name in ("sba-lenders", "sba-lenders-yearly"):
            request = self.shipped(f"{name}.scheme", messages["CreateSchemeRequest"]())
            request.request_id = f"{PREFIX}-{name}"
            draft = call(service, "CreateScheme", request)
            call(service, "AdoptScheme", messages["AdoptSchemeRequest"](
                request_id=f"{PREFIX}-{name}-adopt", name=draft.name, version=draft.version, digest=draft.digest),
                caller("operator", "operator", subject="second"))

    def run(self, scheme, period):
        return self.call(self.evaluation, "RunEvaluation", self.messages["RunEvaluationRequest"](
            request_id=f"{PREFIX}-{scheme}-{period}", scheme=f"schemes/{PREFIX}-{scheme}", period=period, peer_group=PREFIX))

    def rankings(self, run):
        found, token = [], ""
        while True:
            page = self.call(self.evaluation, "ListRankings", self.messages["ListRankingsRequest"](
                run=run.name, page_size=1000, page_token=token))
            found += page.rankings
            token = page.next_page_token
            if not token:
                return found


@pytest.fixture(scope="module")
def lenders(suite, stubs):
    lenders = Lenders(suite, stubs)
    lenders.load()
    yield lenders
    lenders.channel.close()


@pytest.mark.parametrize("scheme, period", [("lenders", PERIOD)] + [("lenders-yearly", str(year)) for year in range(1997, 2007)])
def test_the_ranking_of_the_lenders_is_that_of_the_csv_to_the_last_digit(lenders, scheme, period):
    run = lenders.run(scheme, period)
    ordered, rows, outside = sba_oracle.evaluate(lenders.book, f"schemes/sba-{scheme}", period)
    found = lenders.rankings(run)
    assert len(found) == len(lenders.book.banks) == 1287
    expected = [(lenders.id(bank), rows[bank]["rank"], rows[bank]["total"], rows[bank]["grade"]) for bank in ordered]
    assert [(row.institution_id, row.rank, row.total_micro_points, row.grade) for row in found if row.rank] == expected
    assert {row.institution_id for row in found if not row.rank} == {lenders.id(bank) for bank in outside}


def simulated_ranks(book, random):
    """Places of the ranked banks by draws of both ratios, in real numbers."""
    ordered, rows, _ = sba_oracle.evaluate(book, "schemes/sba-lenders", PERIOD)
    years = sba_oracle.years_of(PERIOD)
    cases = np.array([book.total(bank, years, "loans") for bank in ordered], float)
    nodes = {name: np.array([rows[bank]["nodes"][name] for bank in ordered]) / 1e6 for name in ("scale/volume", "scale/growth")}
    scale = 0.6 * nodes["scale/volume"] + 0.4 * nodes["scale/growth"]

    def draws(numerator, denominator):
        ratio = np.array([book.total(bank, years, numerator) / book.total(bank, years, denominator) for bank in ordered])
        common = (ratio * cases).sum() / cases.sum()
        return random.beta(PRIOR * common + cases * ratio, PRIOR * (1 - common) + cases * (1 - ratio), (SAMPLES, len(ordered)))

    lost, small = draws("charged-off", "approved"), draws("small-loans", "loans")
    quality = np.clip(60 - 15 * (lost - lost.mean(axis=1, keepdims=True)) / lost.std(axis=1, keepdims=True), 0, 100)
    total = 0.5 * scale + 0.3 * quality + 0.2 * np.minimum(100, 100 * small / 0.5)
    return [lenders_id for lenders_id in map(Lenders.id, ordered)], cases, scipy.stats.rankdata(-total, "min", axis=1)


def test_rank_intervals_of_small_lenders_are_those_of_a_simulation_in_numpy(lenders):
    groups = vars(lenders.stubs.evaluation__analysis_groups_pb2)
    matrix = vars(lenders.stubs.evaluation__analysis_matrix_pb2)
    run = lenders.run("lenders", PERIOD)

    def intervals(seed, samples=SAMPLES):
        return lenders.call(lenders.analysis, "EstimateRankIntervals", groups["EstimateRankIntervalsRequest"](
            run=matrix["RunMatrix"](run=run.name), samples=samples, seed=seed, ratios=[
                groups["CountedRatio"](indicator=f"{PREFIX}.{ratio}", count_indicator=f"{PREFIX}.loans", prior_cases=PRIOR)
                for ratio in ("charge-off-ratio", "small-loan-share")])).institutions

    found = intervals(7)
    assert list(intervals(7, 10)) == list(intervals(7, 10)) != list(intervals(8, 10)), "the same seed has the same samples"
    ids, cases, ranks = simulated_ranks(lenders.book, np.random.default_rng(11))
    assert [row.institution for row in found] == ids
    assert [row.rank for row in found] == [row.rank for row in lenders.rankings(run) if row.rank]
    assert [list(row.cases) for row in found] == [[count, count] for count in cases]
    assert {row.ranked_samples for row in found} == {SAMPLES}
    # Two sets of samples: the means differ by a few of their standard errors.
    tolerance = 6 * ranks.std(axis=0) * np.sqrt(2 / SAMPLES) + 1
    means = np.array([row.mean_rank for row in found])
    assert np.all(np.abs(means - ranks.mean(axis=0)) <= tolerance)
    widths = np.array([row.rank_p95 - row.rank_p05 for row in found])
    others = np.diff(np.quantile(ranks, [0.05, 0.95], axis=0, method="inverted_cdf"), axis=0)[0]
    assert abs(np.median(widths) - np.median(others)) <= 0.1 * np.median(others)
    table = {}
    for low, high in ((1, 1), (2, 5), (6, 20), (21, 100), (101, 10**9)):
        inside = (cases >= low) & (cases <= high)
        table[low] = np.median(widths[inside])
        print(f"{low} to {high} loans: {inside.sum()} lenders, median width of the 90 % interval {table[low]:.0f} places")
    assert list(table.values()) == sorted(table.values(), reverse=True), "the fewer loans, the wider"


def test_groups_are_those_of_numpy_and_of_kruskal_and_wallis(lenders):
    groups, matrix = vars(lenders.stubs.evaluation__analysis_groups_pb2), vars(lenders.stubs.evaluation__analysis_matrix_pb2)
    for seed in range(1000):
        random = np.random.default_rng(seed)
        size, kinds = int(random.integers(3, 60)), int(random.integers(2, 8))
        scores = random.integers(0, 25, size).astype(float) if seed % 2 else random.normal(0, 100, size)
        names = np.array([f"g{kind}" for kind in random.integers(0, kinds, size)])
        answer = lenders.call(lenders.analysis, "CompareGroups", groups["CompareGroupsRequest"](
            scores=groups["GroupedScores"](groups=names, scores=matrix["GivenScores"](
                alternatives=[f"a{i}" for i in range(size)], scores=scores))))
        parts = {name: scores[names == name] for name in set(names)}
        ranks = scipy.stats.rankdata(-scores, "average")
        assert {group.group for group in answer.groups} == set(parts)
        assert [group.mean_rank for group in answer.groups] == sorted(group.mean_rank for group in answer.groups)
        for group in answer.groups:
            part = parts[group.group]
            found = [group.count, group.mean, group.lower_quartile, group.median, group.upper_quartile, group.mean_rank]
            wanted = [len(part), part.mean(), *np.quantile(part, [0.25, 0.5, 0.75]), ranks[names == group.group].mean()]
            np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-9)
        if len(parts) < 2 or np.ptp(scores) == 0:
            assert not answer.HasField("test")
            continue
        test = scipy.stats.kruskal(*parts.values())
        np.testing.assert_allclose([answer.test.statistic, answer.test.p_value], test, rtol=0, atol=1e-9)
        between = sum(len(part) * (part.mean() - scores.mean()) ** 2 for part in parts.values())
        np.testing.assert_allclose(answer.between_share, between / ((scores - scores.mean()) ** 2).sum(), rtol=0, atol=1e-9)


def test_a_run_is_grouped_and_limited(lenders):
    groups, matrix = vars(lenders.stubs.evaluation__analysis_groups_pb2), vars(lenders.stubs.evaluation__analysis_matrix_pb2)
    run = lenders.run("lenders", PERIOD)

    def compare(**limit):
        return lenders.call(lenders.analysis, "CompareGroups", groups["CompareGroupsRequest"](run=groups["GroupedRun"](
            run=matrix["RunMatrix"](run=run.name, **limit), dimension="GROUP_DIMENSION_TYPE")))

    ranked = [row for row in lenders.rankings(run) if row.rank]
    group = compare(peer_group=PREFIX).groups
    assert [(entry.group, entry.count, entry.best_alternative) for entry in group] == [("bank", len(ranked), ranked[0].institution_id)]
    np.testing.assert_allclose(group[0].median, np.median([row.total_micro_points for row in ranked]))
    with pytest.raises(grpc.RpcError) as refusal:
        compare(institution_type="insurer")
    assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT
