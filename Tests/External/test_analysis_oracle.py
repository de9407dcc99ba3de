"""Every method of the analysis service against a reference library, on 1 000 seeded random matrices each, over gRPC.

docs/methods.md says where libraries disagree and which convention holds here.
"""

import warnings

import grpc
import numpy as np
import pytest
import scipy.optimize
import scipy.sparse
import scipy.stats

from conftest import OPERATOR

MATRICES = 1000
CLOSE = 1e-9


@pytest.fixture(scope="module")
def analysis(suite, stubs):
    channel = grpc.insecure_channel(suite.address("evaluation", "grpc"))
    yield Analysis(stubs, channel)
    channel.close()


class Analysis:
    def __init__(self, stubs, channel):
        self.types = stubs.evaluation__analysis_matrix_pb2
        self.messages = stubs.evaluation__analysis_service_pb2
        self.stub = stubs.evaluation__analysis_service_pb2_grpc.AnalysisServiceStub(channel)

    def call(self, method, request):
        return getattr(self.stub, method)(request, metadata=(("x-huirong-caller", OPERATOR),), timeout=60)

    def matrix(self, values, directions):
        t = self.types
        return t.DecisionMatrix(
            alternatives=[f"a{i}" for i in range(values.shape[0])],
            criteria=[
                t.Criterion(id=f"c{j}", direction="CRITERION_DIRECTION_HIGHER_IS_BETTER" if sign > 0 else
                            "CRITERION_DIRECTION_LOWER_IS_BETTER") for j, sign in enumerate(directions)],
            values=values.ravel())

    def weights(self, values, directions, method):
        answer = self.call("ComputeWeights", self.messages.ComputeWeightsRequest(
            matrix=self.matrix(values, directions), weighting=self.types.Weighting(method=method)))
        return np.array([weight.weight for weight in answer.weights])

    def rank(self, values, directions, weights, method, **more):
        return self.call("RankAlternatives", self.messages.RankAlternativesRequest(
            matrix=self.matrix(values, directions), method=method,
            weighting=self.types.Weighting(given=self.types.GivenWeights(weights=weights)), **more))

    def scores(self, *arguments, **more):
        return np.array([row.score for row in self.rank(*arguments, **more).alternatives])


def random_matrix(seed, low=0.01, high=1000.0):
    """2 to 40 alternatives, 2 to 10 criteria; a third of the columns are whole numbers of a narrow range, so that ties occur."""
    random = np.random.default_rng(seed)
    rows, columns = int(random.integers(2, 41)), int(random.integers(2, 11))
    values = random.uniform(low, high, (rows, columns)) * 10.0 ** random.integers(-3, 4, columns)
    for column in range(columns):
        if random.random() < 1 / 3:
            values[:, column] = random.integers(1, 9, rows)
        if np.all(values[:, column] == values[0, column]):
            values[0, column] += 1
    directions = random.choice([1, -1], columns)
    return values, directions, random.dirichlet(np.ones(columns))


def close(ours, theirs, tolerance=CLOSE):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance)


def test_topsis_is_scikit_criteria_with_the_vector_scaler(analysis):
    from skcriteria.agg.topsis import topsis
    from skcriteria.preprocessing.scalers import scale_by_vector

    method = analysis.types.RankingMethod(topsis=analysis.types.Topsis())
    for seed in range(MATRICES):
        values, directions, weights = random_matrix(seed)
        _, _, _, similarity = topsis(scale_by_vector(values, axis=0), directions, weights)
        answer = analysis.rank(values, directions, weights, method, decimals=12)
        close([row.score for row in answer.alternatives], similarity)
        ranks = scipy.stats.rankdata(-np.round(similarity, 12), "min")
        assert [row.rank for row in answer.alternatives] == list(ranks), seed


def test_entropy_weights_are_those_of_pymcdm(analysis):
    from pymcdm.weights import entropy_weights

    for seed in range(MATRICES):
        values, directions, _ = random_matrix(seed)
        close(analysis.weights(values, directions, "WEIGHTING_METHOD_ENTROPY"), entropy_weights(values))


def test_entropy_with_zeros_is_that_of_scipy(analysis):
    for seed in range(200):
        values, directions, _ = random_matrix(seed)
        values[np.random.default_rng(seed).random(values.shape) < 0.2] = 0
        if np.any(np.all(values == values[0], axis=0)):
            continue
        divergence = 1 - scipy.stats.entropy(values, base=len(values), axis=0)
        close(analysis.weights(values, directions, "WEIGHTING_METHOD_ENTROPY"), divergence / divergence.sum())


def test_critic_weights_are_those_of_scikit_criteria(analysis):
    from skcriteria.preprocessing.weighters import critic_weights

    compared = 0
    for seed in range(2 * MATRICES):
        values, directions, _ = random_matrix(seed)
        if len(values) == 2:
            continue  # two alternatives correlate perfectly: 1 - r is rounding there, and 0 here
        compared += 1
        close(analysis.weights(values, directions, "WEIGHTING_METHOD_CRITIC"), critic_weights(values, directions))
        if compared == MATRICES:
            return
    pytest.fail("too few matrices")


def test_vikor_is_that_of_pymcdm(analysis):
    from pymcdm.methods import VIKOR

    for seed in range(MATRICES):
        values, directions, weights = random_matrix(seed)
        v = [0.5, 0.0, 1.0, 0.3][seed % 4]
        method = analysis.types.RankingMethod(vikor=analysis.types.Vikor(v=v))
        _, _, _, group, regret, scores = VIKOR(v=v)._method(values, weights, directions)
        answer = analysis.rank(values, directions, weights, method)
        close([row.vikor.group_utility for row in answer.alternatives], group)
        close([row.vikor.regret for row in answer.alternatives], regret)
        # Where all S or all R are equal the library divides 0 by 0; that part is 0 here.
        if np.ptp(group) > 1e-9 and np.ptp(regret) > 1e-9:
            close([row.score for row in answer.alternatives], scores)
        assert all(np.isfinite(row.score) for row in answer.alternatives)


def test_vikor_compromise_follows_opricovic_and_tzeng(analysis):
    method = analysis.types.RankingMethod(vikor=analysis.types.Vikor())
    for seed in range(300):
        values, directions, weights = random_matrix(seed)
        answer = analysis.rank(values, directions, weights, method)
        rows = sorted(answer.alternatives, key=lambda row: row.score)
        lead = 1 / (len(rows) - 1)
        if rows[1].score - rows[0].score < lead:
            expected = [row.alternative for row in rows if row.score - rows[0].score < lead]
        else:
            stable = (rows[0].vikor.group_utility == min(row.vikor.group_utility for row in rows)
                      or rows[0].vikor.regret == min(row.vikor.regret for row in rows))
            expected = [row.alternative for row in rows[:1 if stable else 2]]
        assert sorted(answer.compromise) == sorted(expected), seed


@pytest.mark.parametrize("ours, theirs, needs", [
    ("PREFERENCE_SHAPE_USUAL", "usual", ""), ("PREFERENCE_SHAPE_U", "ushape", "q"), ("PREFERENCE_SHAPE_V", "vshape", "p"),
    ("PREFERENCE_SHAPE_LEVEL", "level", "qp"), ("PREFERENCE_SHAPE_LINEAR", "vshape_2", "qp")])
def test_promethee_ii_is_that_of_pymcdm(analysis, ours, theirs, needs):
    from pymcdm.methods import PROMETHEE_II

    for seed in range(MATRICES if needs == "" else MATRICES // 2):
        values, directions, weights = random_matrix(seed)
        spread = np.ptp(values, axis=0)
        thresholds = {name: list(spread * share) for name, share in (("q", 0.11), ("p", 0.37)) if name in needs}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            *_, positive, negative, net = PROMETHEE_II(theirs, **thresholds)._method(values, weights, directions)
        method = analysis.types.RankingMethod(promethee=analysis.types.Promethee(shape=ours, **thresholds))
        answer = analysis.rank(values, directions, weights, method)
        close([row.flows.positive for row in answer.alternatives], positive)
        close([row.flows.negative for row in answer.alternatives], negative)
        close([row.score for row in answer.alternatives], net)


def test_ahp_is_the_principal_eigenvector_of_numpy(analysis):
    scale = [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1 / 2, 1, 2, 3, 5, 7, 9]
    saaty = [0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59]
    for seed in range(MATRICES):
        random = np.random.default_rng(seed)
        size = int(random.integers(2, 16))
        judgements = np.ones((size, size))
        for i in range(size):
            for j in range(i):
                judgements[i, j] = random.choice(scale)
                judgements[j, i] = 1 / judgements[i, j]
        eigenvalues, vectors = np.linalg.eig(judgements)
        largest = np.argmax(eigenvalues.real)
        vector = np.abs(vectors[:, largest].real)
        answer = analysis.call("ComputeWeights", analysis.messages.ComputeWeightsRequest(weighting=analysis.types.Weighting(
            judgements=analysis.types.PairwiseJudgements(judgements=judgements.ravel()))))
        close([weight.weight for weight in answer.weights], vector / vector.sum())
        index = (eigenvalues[largest].real - size) / (size - 1)
        close([answer.consistency.principal_eigenvalue, answer.consistency.index], [eigenvalues[largest].real, index])
        close(answer.consistency.ratio, index / saaty[size - 1] if size > 2 else 0)


def efficiencies_by_highs(inputs, outputs, variable):
    """The programs of all units as one block-diagonal program: they share no variable, so the sum's minimum is each one's."""
    units = len(inputs)
    blocks, bounds = [], []
    for unit in range(units):
        above = np.hstack([-inputs[unit][:, None], inputs.T])  # Σ λx ≤ θ x₀
        below = np.hstack([np.zeros((outputs.shape[1], 1)), -outputs.T])  # Σ λy ≥ y₀
        blocks.append(np.vstack([above, below]))
        bounds.append(np.r_[np.zeros(inputs.shape[1]), -outputs[unit]])
    cost = np.r_[1, np.zeros(units)]
    shares = np.r_[0, np.ones(units)][None, :]
    result = scipy.optimize.linprog(
        np.tile(cost, units), A_ub=scipy.sparse.block_diag(blocks, format="csc"), b_ub=np.concatenate(bounds),
        A_eq=scipy.sparse.block_diag([shares] * units, format="csc") if variable else None,
        b_eq=np.ones(units) if variable else None, method="highs")
    assert result.status == 0, result.message
    return result.x.reshape(units, units + 1)[:, 0]


@pytest.mark.parametrize("variable", [False, True], ids=["ccr", "bcc"])
def test_dea_is_that_of_highs(analysis, variable):
    returns = "RETURNS_TO_SCALE_VARIABLE" if variable else "RETURNS_TO_SCALE_CONSTANT"
    for seed in range(MATRICES):
        random = np.random.default_rng(seed)
        units, x, y = int(random.integers(2, 16)), int(random.integers(1, 5)), int(random.integers(1, 4))
        # A quarter of the data sets has few different values and zeros: degenerate programs.
        values = (random.integers(0, 3, (units, x + y)).astype(float) if seed % 4 == 0
                  else random.uniform(0.1, 100, (units, x + y)))
        values[values[:, :x].sum(axis=1) == 0, 0] = 1
        values[values[:, x:].sum(axis=1) == 0, x] = 1
        answer = analysis.call("MeasureEfficiency", analysis.messages.MeasureEfficiencyRequest(
            units=[f"u{i}" for i in range(units)], inputs=[f"x{i}" for i in range(x)], outputs=[f"y{i}" for i in range(y)],
            values=values.ravel(), returns_to_scale=returns))
        names = {unit.unit: index for index, unit in enumerate(answer.units)}
        close([unit.efficiency for unit in answer.units], efficiencies_by_highs(values[:, :x], values[:, x:], variable), 1e-6)
        for index, unit in enumerate(answer.units):
            mix = sum(peer.multiple * values[names[peer.unit]] for peer in unit.peers)
            assert np.all(mix[:x] <= unit.efficiency * values[index, :x] + 1e-6), "the peers show the efficiency"
            assert np.all(mix[x:] >= values[index, x:] - 1e-6)


@pytest.mark.parametrize("ours, theirs", [
    ("TIE_METHOD_AVERAGE", "average"), ("TIE_METHOD_MINIMUM", "min"), ("TIE_METHOD_MAXIMUM", "max"), ("TIE_METHOD_DENSE", "dense")])
def test_ties_are_those_of_rankdata(analysis, ours, theirs):
    t = analysis.types
    method = t.RankingMethod(weighted_sum=t.WeightedSum(normalisation="NORMALISATION_MAXIMUM"))
    for seed in range(MATRICES):
        random = np.random.default_rng(seed)
        values = random.integers(1, 12, (int(random.integers(1, 30)), 1)).astype(float)
        answer = analysis.rank(values, [1], [1], method, ties=ours)
        assert [row.rank for row in answer.alternatives] == list(scipy.stats.rankdata(-values[:, 0], theirs))


def test_weighted_sums_are_those_of_numpy(analysis):
    t = analysis.types

    def shares(values, directions, whole):
        return np.where(np.array(directions) > 0, values / whole, 1 - values / whole)

    def centred(values, directions, shift, scale):
        return (values - shift) / scale * np.array(directions)

    normalisations = {
        "NORMALISATION_MIN_MAX": lambda x, d: np.where(
            np.array(d) > 0, x - x.min(axis=0), x.max(axis=0) - x) / np.ptp(x, axis=0),
        "NORMALISATION_VECTOR": lambda x, d: shares(x, d, np.linalg.norm(x, axis=0)),
        "NORMALISATION_SUM": lambda x, d: shares(x, d, np.abs(x).sum(axis=0)),
        "NORMALISATION_MAXIMUM": lambda x, d: shares(x, d, np.abs(x).max(axis=0)),
        "NORMALISATION_Z_SCORE": lambda x, d: centred(x, d, x.mean(axis=0), x.std(axis=0)),
    }
    for seed in range(MATRICES):
        values, directions, weights = random_matrix(seed)
        name = list(normalisations)[seed % len(normalisations)]
        method = t.RankingMethod(weighted_sum=t.WeightedSum(normalisation=name))
        close(analysis.scores(values, directions, weights, method), normalisations[name](values, directions) @ weights)


def test_correlations_are_those_of_scipy(analysis):
    m = analysis.messages
    for seed in range(MATRICES):
        random = np.random.default_rng(seed)
        size, kinds = int(random.integers(2, 40)), int(random.integers(2, 30))
        first, second = random.integers(0, kinds, size).astype(float), random.integers(0, kinds, size).astype(float)
        names = [f"a{i}" for i in range(size)]
        answer = analysis.call("CompareRankings", m.CompareRankingsRequest(rankings=[
            m.ComparedRanking(label=label, scores=analysis.types.GivenScores(alternatives=names, scores=scores))
            for label, scores in (("first", first), ("second", second))])).pairs[0]
        if np.ptp(first) == 0 or np.ptp(second) == 0:
            assert not answer.HasField("spearman") and not answer.HasField("kendall")
            continue
        close(answer.spearman, scipy.stats.spearmanr(first, second).statistic)
        close(answer.kendall, scipy.stats.kendalltau(first, second).statistic)


def test_trends_are_those_of_scipy_and_of_regression_with_dummies(analysis):
    m = analysis.messages
    for seed in range(300):
        random = np.random.default_rng(seed)
        size = int(random.integers(4, 60))
        season = int(random.integers(1, size // 2 + 1))
        values = random.normal(0, 3, size).cumsum() + random.normal(0, 5, season)[np.arange(size) % season]
        answer = analysis.call("AnalyzeTrend", m.AnalyzeTrendRequest(
            values=values, seasonal_period=season, method="TREND_METHOD_LEAST_SQUARES"))
        dummies = (np.arange(size)[:, None] % season == np.arange(season)).astype(float)
        fit, *_ = np.linalg.lstsq(np.column_stack([np.arange(size), dummies]), values, rcond=None)
        close(answer.slope, fit[0])
        close(answer.intercept, fit[1:].mean())
        if season > 1:
            close(answer.seasonal_indices, fit[1:] - fit[1:].mean())
        robust = analysis.call("AnalyzeTrend", m.AnalyzeTrendRequest(values=values, method="TREND_METHOD_THEIL_SEN"))
        close(robust.slope, scipy.stats.theilslopes(values).slope)
        close(robust.steadiness, scipy.stats.kendalltau(np.arange(size), values).statistic)


def test_rank_intervals_agree_with_a_simulation_in_numpy(analysis):
    """Another generator draws other weights: the intervals agree within what 20 000 samples leave open."""
    t, m = analysis.types, analysis.messages
    random = np.random.default_rng(1)
    values, samples = random.uniform(0, 1, (25, 4)), 20_000
    answer = analysis.call("AnalyzeRobustness", m.AnalyzeRobustnessRequest(
        matrix=analysis.matrix(values, [1, 1, -1, 1]), weighting=t.Weighting(method="WEIGHTING_METHOD_EQUAL"),
        method=t.RankingMethod(weighted_sum=t.WeightedSum()), simulation=m.RankSimulation(samples=samples, seed=5)))
    scaled = (values - values.min(axis=0)) / np.ptp(values, axis=0)
    scaled[:, 2] = 1 - scaled[:, 2]
    scores = random.dirichlet(np.ones(4), samples) @ scaled.T
    ranks = scipy.stats.rankdata(-scores, "min", axis=1)
    close([row.mean_rank for row in answer.alternatives], ranks.mean(axis=0), 0.3)
    close([row.first_share for row in answer.alternatives], (ranks == 1).mean(axis=0), 0.02)
    quantiles = np.quantile(ranks, [0.05, 0.5, 0.95], axis=0, method="inverted_cdf")
    close([[row.rank_p05, row.rank_p50, row.rank_p95] for row in answer.alternatives], quantiles.T, 1)


def test_what_is_not_a_number_is_refused_by_its_field(analysis):
    values, directions, weights = random_matrix(0)
    values[1, 1] = float("nan")
    method = analysis.types.RankingMethod(topsis=analysis.types.Topsis())
    with pytest.raises(grpc.RpcError) as refusal:
        analysis.rank(values, directions, weights, method)
    assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    details = dict(refusal.value.trailing_metadata())["grpc-status-details-bin"]
    assert f"matrix.values[{values.shape[1] + 1}]".encode() in details
