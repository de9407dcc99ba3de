"""Trend and season of values on record, against the same method written anew in numpy over the facts that were submitted."""

import grpc
import numpy as np
import pytest
import scipy.stats

from conftest import OPERATOR, caller

PREFIX = "trend"
MONTHS = [f"{year}-{month:02}" for year in range(2018, 2022) for month in range(1, 13)]
REGIONS = {f"{PREFIX}-{number}": region for number, region in enumerate(["371402", "371403", "371402", "371502"])}
# Months without a value of one institution's indicator.
HOLES = {(f"{PREFIX}-1", "lent"): {5, 30}}


class Trends:
    def __init__(self, suite, stubs):
        self.channel = grpc.insecure_channel(suite.address("evaluation", "grpc"))
        self.evaluation = stubs.evaluation__evaluation_service_pb2_grpc.EvaluationServiceStub(self.channel)
        self.analysis = stubs.evaluation__analysis_service_pb2_grpc.AnalysisServiceStub(self.channel)
        self.messages = {}
        for name in ("indicator", "institution", "fact", "analysis_service"):
            self.messages |= vars(getattr(stubs, f"evaluation__{name}_pb2"))
        random = np.random.default_rng(7)
        season = np.array([0, 5, 12, 3, -4, -9, 0, 2, 8, -1, -6, -10])
        self.values = {}
        for place, institution in enumerate(REGIONS):
            steps = np.arange(len(MONTHS))
            lent = 10_000 + 40 * place + (3 + place) * steps + season[steps % 12] * 20 + random.normal(0, 30, len(MONTHS))
            lent[17] += 5_000
            self.values[institution, "lent"] = lent.round().astype(int)
            self.values[institution, "lost"] = (lent * random.uniform(0.01, 0.05, len(MONTHS))).round().astype(int)

    def call(self, method, request, **fields):
        return getattr(self.evaluation, method)(self.messages[request](**fields), metadata=[("x-huirong-caller", OPERATOR)], timeout=60)

    def trend(self, who=OPERATOR, season=12, first=MONTHS[0], last=MONTHS[-1], method="TREND_METHOD_THEIL_SEN", **subject):
        request = self.messages["AnalyzeTrendRequest"](
            seasonal_period=season, method=method,
            stored=self.messages["StoredSeries"](first_period=first, last_period=last, **subject))
        return self.analysis.AnalyzeTrend(request, metadata=[("x-huirong-caller", who)], timeout=60)

    def series(self, institutions, indicator):
        """The sum of those that have a value; not a number where none has."""
        rows = []
        for institution in institutions:
            row = self.values[institution, indicator].astype(float)
            row[list(HOLES.get((institution, indicator), ()))] = np.nan
            rows.append(row)
        rows = np.array(rows)
        return np.where(np.isnan(rows).all(axis=0), np.nan, np.nansum(rows, axis=0))


@pytest.fixture(scope="module")
def trends(suite, stubs):
    trends = Trends(suite, stubs)
    common = dict(title_zh="测试", title_en="Test", absent_is_zero=False)
    money = dict(unit="UNIT_MONEY", currency_code="CNY", source="INDICATOR_SOURCE_SUBMITTED", aggregation="AGGREGATION_SUM")
    indicator, messages = trends.messages["Indicator"], trends.messages
    trends.call("BatchCreateIndicators", "BatchCreateIndicatorsRequest", request_id=f"{PREFIX}-indicators", indicators=[
        indicator(name=f"indicators/{PREFIX}.lent", direction="DIRECTION_HIGHER_IS_BETTER", **money, **common),
        indicator(name=f"indicators/{PREFIX}.lost", direction="DIRECTION_LOWER_IS_BETTER", **money, **common),
        indicator(name=f"indicators/{PREFIX}.ratio", direction="DIRECTION_LOWER_IS_BETTER", unit="UNIT_PPM",
                  source="INDICATOR_SOURCE_DERIVED", aggregation="AGGREGATION_NONE", derivation=messages["Derivation"](
                      ratio=messages["RatioDerivation"](numerator_id=f"{PREFIX}.lost", denominator_id=f"{PREFIX}.lent")), **common)])
    trends.call("BatchRegisterInstitutions", "BatchRegisterInstitutionsRequest", request_id=f"{PREFIX}-banks", institutions=[
        messages["Institution"](name=f"institutions/{name}", title=name, type="bank", peer_group=PREFIX, region_code=region)
        for name, region in REGIONS.items()])
    answer = trends.call("SubmitFacts", "SubmitFactsRequest", request_id=f"{PREFIX}-facts", facts=[
        messages["FactInput"](institution_id=institution, indicator_id=f"{PREFIX}.{indicator}", period=period, value=int(value),
                              unit="UNIT_MONEY", currency_code="CNY")
        for (institution, indicator), row in trends.values.items() for step, (period, value) in enumerate(zip(MONTHS, row))
        if step not in HOLES.get((institution, indicator), ())])
    assert not answer.refusals
    yield trends
    trends.channel.close()


def decompose(values, season):
    """Hirsch's seasonal slope: the median over pairs of the same season; levels by medians; additions that sum to 0."""
    present = [np.flatnonzero(~np.isnan(values) & (np.arange(len(values)) % season == phase)) for phase in range(season)]
    slopes = [(values[b] - values[a]) / (b - a) for cycle in present for i, a in enumerate(cycle) for b in cycle[i + 1:]]
    slope = np.median(slopes)
    levels = np.array([np.median(values[cycle] - slope * cycle) for cycle in present])
    fitted = levels[np.arange(len(values)) % season] + slope * np.arange(len(values))
    return slope, levels.mean(), levels - levels.mean(), fitted


def check(answer, values, season=12):
    slope, intercept, indices, fitted = decompose(values, season)
    found = np.array(answer.values, dtype=float)
    found[list(answer.missing_indexes)] = np.nan
    np.testing.assert_array_equal(found, values)
    np.testing.assert_allclose(answer.slope, slope, rtol=1e-9)
    np.testing.assert_allclose(answer.intercept, intercept, rtol=1e-9)
    np.testing.assert_allclose(answer.seasonal_indices, indices, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(answer.fitted, fitted, rtol=1e-9)
    np.testing.assert_allclose(answer.median_residual, np.nanmedian(np.abs(values - fitted)), rtol=1e-9)


@pytest.mark.parametrize("institution", REGIONS)
def test_an_institution_s_months_come_apart_as_in_numpy(trends, institution):
    answer = trends.trend(indicator_id=f"{PREFIX}.lent", institution_id=institution)
    assert list(answer.periods) == MONTHS
    assert set(answer.missing_indexes) == HOLES.get((institution, "lent"), set())
    check(answer, trends.series([institution], "lent"))


def test_a_region_is_the_sum_of_its_institutions_and_of_nobody_else(trends):
    members = [name for name, region in REGIONS.items() if region.startswith("3714")]
    check(trends.trend(indicator_id=f"{PREFIX}.lent", region_prefix="3714"), trends.series(members, "lent"))
    everyone = trends.trend(indicator_id=f"{PREFIX}.lent")
    np.testing.assert_array_equal(everyone.values, trends.series(REGIONS, "lent"))


def test_a_region_s_ratio_is_the_ratio_of_its_sums(trends):
    members = [name for name, region in REGIONS.items() if region == "371402"]
    answer = trends.trend(indicator_id=f"{PREFIX}.ratio", region_prefix="371402", season=0)
    ratio = trends.series(members, "lost") * 1e6 / trends.series(members, "lent")
    np.testing.assert_allclose(answer.values, ratio, atol=0.51)
    reference = scipy.stats.theilslopes(np.array(answer.values, dtype=float))
    np.testing.assert_allclose(answer.slope, reference.slope, rtol=1e-9)
    assert not answer.seasonal_indices


def test_quarters_are_added_up_from_months(trends):
    answer = trends.trend(
        indicator_id=f"{PREFIX}.lent", institution_id=f"{PREFIX}-0", first="2018-Q1", last="2021-Q4", season=4,
        method="TREND_METHOD_LEAST_SQUARES")
    quarters = trends.series([f"{PREFIX}-0"], "lent").reshape(-1, 3).sum(axis=1)
    np.testing.assert_array_equal(answer.values, quarters)
    steps = np.arange(len(quarters))
    fit, *_ = np.linalg.lstsq(np.column_stack([steps, steps[:, None] % 4 == np.arange(4)]).astype(float), quarters, rcond=None)
    np.testing.assert_allclose(answer.slope, fit[0], rtol=1e-9)
    assert answer.periods[0] == "2018-Q1" and answer.periods[-1] == "2021-Q4"


@pytest.mark.parametrize(("field", "code", "arguments"), [
    ("stored.last_period", "INVALID_ARGUMENT", dict(last="2021")),
    ("stored.last_period", "INVALID_ARGUMENT", dict(first="2019-02", last="2019-01")),
    ("stored.first_period", "INVALID_ARGUMENT", dict(first="2018..2019", last="2020..2021")),
    ("stored.region_prefix", "INVALID_ARGUMENT", dict(region_prefix="x")),
    ("", "NOT_FOUND", dict(indicator_id=f"{PREFIX}.nothing")),
    ("", "NOT_FOUND", dict(institution_id="nobody")),
    ("stored.institution_id", "PERMISSION_DENIED", dict(who=caller(f"{PREFIX}-0", "institution"), institution_id=f"{PREFIX}-1")),
    ("stored.institution_id", "PERMISSION_DENIED", dict(who=caller(f"{PREFIX}-0", "institution"), region_prefix="3714")),
])
def test_what_cannot_be_asked_is_refused_by_its_field(trends, field, code, arguments):
    with pytest.raises(grpc.RpcError) as refusal:
        trends.trend(**{"indicator_id": f"{PREFIX}.lent", **arguments})
    assert refusal.value.code() == grpc.StatusCode[code]
    assert field.encode() in dict(refusal.value.trailing_metadata())["grpc-status-details-bin"]


def test_an_institution_sees_its_own_trend(trends):
    answer = trends.trend(who=caller(f"{PREFIX}-0", "institution"), indicator_id=f"{PREFIX}.lent", institution_id=f"{PREFIX}-0")
    assert len(answer.values) == len(MONTHS)
