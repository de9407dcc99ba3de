"""Decision analysis against numpy and scipy, over gRPC as any analyst would call it: the whole call counts, matrix on the wire included."""

import json
import pathlib
import tempfile
import threading
import time

from families.evaluation import CALLER, stubs
from families.service import start


def run(context):
    import grpc

    with tempfile.TemporaryDirectory() as folder, stubs(context) as modules:
        _, process = start(context, "evaluation", folder)
        try:
            port = json.loads((pathlib.Path(folder) / "ready.json").read_text())["ports"]["grpc"]
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = modules("analysis_service_pb2_grpc").AnalysisServiceStub(channel)
                for bench in BENCHES:
                    yield from bench(context, modules, stub)
        finally:
            process.stop()


def wait_until_idle():
    """Until this process's own threads rest: those of OpenBLAS spin for some 30 ms after their last product, and nobody is to pay for it but
    numpy."""
    tick, deadline = threading.Event(), time.monotonic() + 5
    while True:
        before = time.process_time()
        tick.wait(0.01)
        if time.process_time() - before < 0.002:
            return
        if time.monotonic() > deadline:
            raise SystemExit("threads of this process do not come to rest")


def against(context, bench, ours, theirs, peer, check, **extra):
    """Both in turn, once to warm up and `rounds` times for the clock; `check` raises when the answers differ."""
    answers = {}

    def timed(name, body):
        wait_until_idle()
        begun = time.perf_counter()
        answers[name] = body()
        seconds = time.perf_counter() - begun
        return {"rate": 1 / seconds, "seconds": seconds}

    timed("ours", ours), timed("theirs", theirs)
    check(answers["ours"], answers["theirs"])
    results = context.alternate({"ours": lambda: timed("ours", ours), "theirs": lambda: timed("theirs", theirs)})
    mine, other = results["ours"]["seconds"] * 1000, results["theirs"]["seconds"] * 1000
    return {"bench": bench, "value": mine, "unit": "ms", "peer": peer, "peer_value": other, "ratio": other / mine,
            "n": context.rounds, **extra}


INSTITUTIONS, CRITERIA, WEIGHTINGS = 1000, 10, 10_000


def monte_carlo(context, modules, stub):
    """10 000 weightings drawn uniformly, 1 000 institutions × 10 criteria scored and ranked for each, and every institution's 5, 50 and
    95 % place. Ours is the whole call, with the matrix on the wire and tied scores sharing a place; numpy breaks ties by position."""
    import numpy as np

    values = np.random.default_rng(1).gamma(2.0, 1.0, (INSTITUTIONS, CRITERIA))
    types, messages = modules("analysis_matrix_pb2"), modules("analysis_service_pb2")
    criterion = [types.Criterion(id=f"c{j}", direction="CRITERION_DIRECTION_HIGHER_IS_BETTER") for j in range(CRITERIA)]
    request = messages.AnalyzeRobustnessRequest(
        matrix=types.DecisionMatrix(
            alternatives=[f"a{i}" for i in range(INSTITUTIONS)], criteria=criterion, values=values.ravel()),
        weighting=types.Weighting(method="WEIGHTING_METHOD_EQUAL"),
        method=types.RankingMethod(weighted_sum=types.WeightedSum(normalisation="NORMALISATION_MIN_MAX")),
        simulation=messages.RankSimulation(samples=WEIGHTINGS, seed=1))

    def summary(counts):
        below = counts.cumsum(axis=1)
        intervals = [(below * 100 < percent * WEIGHTINGS).sum(axis=1) + 1 for percent in (5, 50, 95)]
        return np.array(intervals).T, counts @ np.arange(1, INSTITUTIONS + 1) / WEIGHTINGS

    def numpy():
        """As an analyst writes it: score, sort, put the ranks in the institutions' order, count."""
        random = np.random.default_rng(2)
        scaled = (values - values.min(axis=0)) / np.ptp(values, axis=0)
        scores = random.dirichlet(np.ones(CRITERIA), WEIGHTINGS) @ scaled.T
        order = np.argsort(-scores, axis=1)
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.arange(INSTITUTIONS)[None, :], axis=1)
        cells = places + np.arange(INSTITUTIONS) * INSTITUTIONS
        return summary(np.bincount(cells.ravel(), minlength=INSTITUTIONS**2).reshape(INSTITUTIONS, INSTITUTIONS))

    def tuned():
        """As fast as it was made to go: chunks that stay in the cache, no copy that can be saved, and places counted from the sorted
        order without putting it back."""
        random = np.random.default_rng(2)
        losses = ((values.min(axis=0) - values) / np.ptp(values, axis=0)).T
        weights, places = random.dirichlet(np.ones(CRITERIA), WEIGHTINGS), np.arange(INSTITUTIONS)
        counts = np.zeros(INSTITUTIONS**2, dtype=np.int64)
        for start in range(0, WEIGHTINGS, 1000):
            cells = np.argsort(weights[start:start + 1000] @ losses, axis=1)
            cells *= INSTITUTIONS
            cells += places
            counts += np.bincount(cells.ravel(), minlength=INSTITUTIONS**2)
        return summary(counts.reshape(INSTITUTIONS, INSTITUTIONS))

    def check(answer, expected):
        # Two generators draw different weights: 10 000 of them leave a mean place open by a few of its standard errors.
        intervals, means = expected
        found = answer.alternatives
        if max(abs(row.mean_rank - mean) for row, mean in zip(found, means)) > 0.05 * INSTITUTIONS:
            raise SystemExit("evaluation.montecarlo.10k: mean places differ from numpy's")
        if max(abs(row.rank_p50 - interval[1]) for row, interval in zip(found, intervals)) > 0.05 * INSTITUTIONS:
            raise SystemExit("evaluation.montecarlo.10k: median places differ from numpy's")

    for suffix, peer, name in (("", numpy, "numpy"), (".tuned", tuned, "tuned numpy")):
        yield against(
            context, f"evaluation.montecarlo.10k{suffix}", lambda: stub.AnalyzeRobustness(request, metadata=CALLER, timeout=120), peer,
            f"{name} {np.__version__}", check, institutions=INSTITUTIONS, criteria=CRITERIA, weightings=WEIGHTINGS)


UNITS, INPUTS, OUTPUTS = 200, 4, 3


def efficiency(context, modules, stub):
    """BCC efficiencies of 200 units with 4 inputs and 3 outputs; HiGHS solves one program a unit, called as scipy offers it."""
    import numpy as np
    import scipy.optimize

    values = np.random.default_rng(3).uniform(1, 100, (UNITS, INPUTS + OUTPUTS))
    messages = modules("analysis_service_pb2")
    request = messages.MeasureEfficiencyRequest(
        units=[f"u{i}" for i in range(UNITS)], inputs=[f"x{i}" for i in range(INPUTS)],
        outputs=[f"y{i}" for i in range(OUTPUTS)], values=values.ravel(), returns_to_scale="RETURNS_TO_SCALE_VARIABLE")
    inputs, outputs = values[:, :INPUTS], values[:, INPUTS:]

    def highs():
        cost = np.r_[1, np.zeros(UNITS)]
        shares = np.r_[0, np.ones(UNITS)][None, :]
        below = np.hstack([np.zeros((OUTPUTS, 1)), -outputs.T])
        return [
            scipy.optimize.linprog(
                cost, A_ub=np.vstack([np.hstack([-inputs[unit][:, None], inputs.T]), below]),
                b_ub=np.r_[np.zeros(INPUTS), -outputs[unit]], A_eq=shares, b_eq=[1], method="highs").fun
            for unit in range(UNITS)]

    def check(answer, expected):
        if max(abs(unit.efficiency - value) for unit, value in zip(answer.units, expected)) > 1e-6:
            raise SystemExit("evaluation.efficiency.200: efficiencies differ from those of HiGHS")

    yield against(
        context, "evaluation.efficiency.200", lambda: stub.MeasureEfficiency(request, metadata=CALLER, timeout=120), highs,
        f"scipy {scipy.__version__} HiGHS", check, units=UNITS, inputs=INPUTS, outputs=OUTPUTS)


# Each is a generator of records: bench(context, modules, stub).
BENCHES = [monte_carlo, efficiency]
