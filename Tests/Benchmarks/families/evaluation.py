"""The evaluation process: durable ingest, recomputation, ranking pages and queries, over gRPC and the plain wire."""

import collections
import contextlib
import importlib
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from families.service import start

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "Python"))

from plainwire import END, PlainWire  # noqa: E402

CALLER = (("x-huirong-caller", "organisation=operator;role=operator;region=;subject=bench"),)


def run(context):
    with tempfile.TemporaryDirectory() as folder, stubs(context) as modules:
        _, process = start(context, "evaluation", folder)
        try:
            ports = json.loads((pathlib.Path(folder) / "ready.json").read_text())["ports"]
            for bench in BENCHES:
                yield from bench(context, modules, ports)
        finally:
            process.stop()


@contextlib.contextmanager
def stubs(context):
    """Python messages and stubs of the evaluation package, by module name (`analysis_service_pb2`)."""
    from grpc_tools import protoc

    proto = context.root / "proto"
    with tempfile.TemporaryDirectory() as out:
        include = os.path.join(os.path.dirname(protoc.__file__), "_proto")
        files = [str(path.relative_to(proto)) for path in (proto / "huirong").rglob("*.proto")]
        if protoc.main(["protoc", f"-I{proto}", f"-I{include}", f"--python_out={out}", f"--grpc_python_out={out}", *files]) != 0:
            raise SystemExit("protoc failed")
        sys.path.insert(0, out)
        try:
            yield lambda name: importlib.import_module(f"huirong.evaluation.v1.{name}")
        finally:
            sys.path.remove(out)


INDICATORS, MONTHS = 40, 60
# Institutions of the table, and of the book that is queried: 4 200 × 40 × 60 are 10 080 000 facts.
RANKED, QUERIED = 1000, 4200
# Institutions whose values come month by month, when all else is measured.
LATE = 250
BATCH = 10_000
# Batches on the wire at a time, and batches that are made before the clock runs on.
IN_FLIGHT, MADE = 8, 120
REGIONS = [f"37{city:02d}{county:02d}" for city in range(1, 11) for county in range(1, 11)]


def facts(context, modules, ports):
    """A book of monthly facts: durable ingest, sums by region and month over all of it before and after its columns are in memory, a run over
    five years of it with every explanation, and a page of its ranking. With fewer than --rows 1000000 only the 1 000 ranked institutions
    are loaded."""
    import grpc
    from google.protobuf import json_format

    with grpc.insecure_channel(f"127.0.0.1:{ports['grpc']}") as channel:
        service = Book(modules, channel, QUERIED if context.rows >= 1_000_000 else RANKED)
        yield service.ingest(ports["plain"])
        first = [service.query(indicators, dimensions) for indicators, dimensions in ((1, ("REGION", "PERIOD")), (INDICATORS, ("REGION",)))]
        run, record = service.recompute(context)
        yield record
    yield in_process(context, run.result_digest.hex())
    ctl = [str(context.binaries / "huirongctl"), "load"]
    who = ["--as", CALLER[0][1], "--address", f"127.0.0.1:{ports['plain']}"]

    def load(method, request, requests):
        done = subprocess.run(
            [*ctl, f"huirong.evaluation.v1.EvaluationService/{method}", json.dumps(request), *who, "--callers", "1", "--requests", str(requests)],
            capture_output=True, text=True, timeout=1800)
        if done.returncode != 0:
            raise SystemExit(f"load {method} failed:\n{done.stderr[-2000:]}")
        result = json.loads(done.stdout)
        return {"value": result["p50_us"] / 1000, "unit": "ms", "n": 1, "calls": result["calls"], "callers": 1,
                **{key: result[key] for key in ("p50_us", "p99_us", "max_us")}}

    yield {"bench": "evaluation.ranking.page", **load("ListRankings", {"run": run.name, "pageSize": 50}, 5000), "lines": RANKED}
    name = f"evaluation.query.{'10m' if service.count > 10_000_000 else '2m'}"
    for suffix, (milliseconds, request, rows), calls in zip(("", ".all"), first, (200, 50)):
        yield {"bench": name + suffix, **load("QueryFacts", json_format.MessageToDict(request), calls), "first_ms": milliseconds,
               "facts": service.count, "rows": rows}
    with grpc.insecure_channel(f"127.0.0.1:{ports['grpc']}") as channel:
        service.connect(channel)
        yield service.ingest_by_month(ports["plain"])


def in_process(context, result_digest):
    """The same run from the columns that the service keeps in memory, every explanation in numbers included, without a store or a wire:
    its result must be byte for byte that of the service."""
    done = subprocess.run(
        [str(context.binaries / "huirong-evaluation-bench"), str(RANKED), str(MONTHS), str(3 * context.rounds)], capture_output=True, text=True,
        timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"huirong-evaluation-bench failed:\n{done.stderr[-2000:]}")
    result = json.loads(done.stdout)
    if result.pop("result_digest") != result_digest:
        raise SystemExit("evaluation.recompute.inproc: the service came to another result")
    return {"bench": "evaluation.recompute.inproc.1000x40x60", "value": result.pop("ms"), "unit": "ms", "n": result.pop("rounds"), **result}


class Book:
    def __init__(self, modules, channel, institutions):
        self.messages = {}
        for name in ("fact", "indicator", "institution", "scheme", "run", "query"):
            self.messages |= vars(modules(f"{name}_pb2"))
        self.institutions, self.count = institutions, 0
        self.services = modules("evaluation_service_pb2_grpc")
        self.connect(channel)
        call = self.call
        call("BatchCreateIndicators", "BatchCreateIndicatorsRequest", request_id="indicators", indicators=[
            self.messages["Indicator"](
                name=f"indicators/{self.indicator(j)}", title_zh="指标", title_en=f"Indicator {j}", unit="UNIT_MONEY", currency_code="CNY",
                direction="DIRECTION_HIGHER_IS_BETTER" if j % 5 else "DIRECTION_LOWER_IS_BETTER", source="INDICATOR_SOURCE_SUBMITTED",
                aggregation="AGGREGATION_SUM" if j % 2 else "AGGREGATION_LAST") for j in range(INDICATORS)])
        self.register(range(institutions))

    def connect(self, channel):
        self.stub = self.services.EvaluationServiceStub(channel)

    @staticmethod
    def indicator(j):
        return f"bench.i{j}"

    def call(self, method, request, **fields):
        return getattr(self.stub, method)(self.messages[request](**fields), metadata=CALLER, timeout=600)

    @staticmethod
    def value(i, j, month):
        return (i * 7_919 + j * 104_729 + month * 1_299_709) % 1_000_003

    def register(self, numbers, peer_group=None):
        self.call("BatchRegisterInstitutions", "BatchRegisterInstitutionsRequest", request_id=f"institutions-{numbers.start}", institutions=[
            self.messages["Institution"](
                name=f"institutions/bank-{i}", title=f"Bank {i}", type="bank", region_code=REGIONS[i % len(REGIONS)],
                peer_group=peer_group or ("ranked" if i < RANKED else "other")) for i in numbers])

    def requests(self, cells):
        """Serialised before the clock runs: what is measured is the service, not Python."""
        periods = [f"{2019 + month // 12}-{month % 12 + 1:02d}" for month in range(MONTHS)]
        for number in itertools.count():
            rows = [self.messages["FactInput"](
                institution_id=f"bank-{i}", indicator_id=self.indicator(j), period=periods[month], value=self.value(i, j, month),
                unit="UNIT_MONEY", currency_code="CNY") for i, j, month in itertools.islice(cells, BATCH)]
            if not rows:
                return
            first = rows[0]
            yield self.messages["SubmitFactsRequest"](
                request_id=f"facts-{first.institution_id}-{first.period}-{number}", facts=rows).SerializeToString()

    def ingest(self, port):
        """The book, five years of one institution after another, as files of the institutions are."""
        cells = ((i, j, month) for i in range(self.institutions) for j in range(INDICATORS) for month in range(MONTHS))
        rate, self.count = self.submit(port, cells)
        if self.count != self.institutions * INDICATORS * MONTHS:
            raise SystemExit(f"evaluation.ingest: {self.count} facts were taken")
        return {"bench": "evaluation.ingest", "value": rate, "unit": "1/s", "n": 1, "facts": self.count, "batch": BATCH,
                "in_flight": IN_FLIGHT}

    def ingest_by_month(self, port):
        """Other institutions, all of them a month after the other, as bulletins come in: each value lies on another page of the table."""
        late = range(self.institutions, self.institutions + LATE)
        self.register(late, "late")
        cells = ((i, j, month) for month in range(MONTHS) for i in late for j in range(INDICATORS))
        rate, count = self.submit(port, cells)
        if count != LATE * INDICATORS * MONTHS:
            raise SystemExit(f"evaluation.ingest.months: {count} facts were taken")
        return {"bench": "evaluation.ingest.months", "value": rate, "unit": "1/s", "n": 1, "facts": count, "batch": BATCH,
                "in_flight": IN_FLIGHT}

    def submit(self, port, cells):
        """Over the plain wire, by a client that has its bytes ready, so that the processors are the service's."""
        answer, seconds, count, calls = self.messages["SubmitFactsResponse"], 0.0, 0, self.requests(cells)
        while waiting := collections.deque(itertools.islice(calls, MADE)):
            # A connection of its own: nobody answers the server's pings while messages are made.
            with PlainWire(port, caller=CALLER[0][1], timeout=600) as wire:
                begun, open_calls = time.perf_counter(), 0
                while waiting or open_calls:
                    while waiting and open_calls < IN_FLIGHT:
                        wire.open("huirong.evaluation.v1.EvaluationService/SubmitFacts", waiting.popleft())
                        open_calls += 1
                    frame = wire.next()
                    if frame.type == END:
                        count += answer.FromString(wire.outcome(frame)).accepted_count
                        open_calls -= 1
                seconds += time.perf_counter() - begun
        return count / seconds, count

    def query(self, indicators, dimensions):
        """Sums of monthly facts by cities, and perhaps by month, checked against the book; with the time of this first call."""
        request = self.messages["QueryFactsRequest"](
            indicator_ids=[self.indicator(j) for j in range(indicators)], period_months=1, region_digits=4, page_size=1000,
            dimensions=[f"QUERY_DIMENSION_{name}" for name in dimensions])
        begun = time.perf_counter()
        rows = self.stub.QueryFacts(request, metadata=CALLER, timeout=600).rows
        milliseconds = (time.perf_counter() - begun) * 1000
        cities = len({region[:4] for region in REGIONS})
        if len(rows) != indicators * cities * (MONTHS if "PERIOD" in dimensions else 1):
            raise SystemExit(f"evaluation.query: {len(rows)} rows")
        inside = [i for i in range(self.institutions) if REGIONS[i % len(REGIONS)].startswith(rows[0].region)]
        months = range(1 if "PERIOD" in dimensions else MONTHS)
        if int(rows[0].sum) != sum(self.value(i, 0, month) for i in inside for month in months):
            raise SystemExit(f"evaluation.query: {rows[0]}")
        return milliseconds, request, len(rows)

    def recompute(self, context):
        """The whole call: freezing, scoring, ranking and storing, first with the facts read from the table, then, after a correction of a cent,
        with what the service keeps of them. The explanations of all lines, as text, are exported apart."""
        functions = [{"ratio_to_leader": {}}, {"min_max": {}}, {"percentile": {}}, {"peer_mean_gate": {}},
                     {"z_score": {"center_micro_points": 60_000_000, "per_sigma_micro_points": 15_000_000}},
                     {"rank_steps": {"step_micro_points": 100_000}}, {"attainment": {"target": 500_000}}]
        node, function = self.messages["SchemeNode"], self.messages["ScoringFunction"]
        self.call("CreateScheme", "CreateSchemeRequest", request_id="scheme", scheme=self.messages["Scheme"](
            name="schemes/bench", title_zh="测试", title_en="Bench", table_scope="TABLE_SCOPE_WHOLE", tie_rule="TIE_RULE_STANDARD", decimals=4,
            nodes=[node(id=f"d{d}", title_zh="维", title_en=f"Dimension {d}", weight_ppm=200_000, children=[
                node(id=f"l{j}", title_zh="叶", title_en=f"Leaf {j}", weight_ppm=125_000, indicator_id=self.indicator(d * 8 + j),
                     function=function(**functions[(d * 8 + j) % 7]), missing="MISSING_POLICY_ZERO_POINTS") for j in range(8)])
                for d in range(5)]))

        def evaluate(key):
            begun = time.perf_counter()
            run = self.call("RunEvaluation", "RunEvaluationRequest", request_id=key, scheme="schemes/bench", scheme_version=1,
                            period="2019..2023", peer_group="ranked")
            if run.input_count != RANKED * INDICATORS * MONTHS or run.tables[0].ranked_count != RANKED:
                raise SystemExit(f"evaluation.recompute: {run.input_count} inputs, {run.tables[0].ranked_count} ranked")
            return run, (time.perf_counter() - begun) * 1000

        first, cold = evaluate("run")
        warm = []
        for number in range(context.rounds):
            corrected = self.call("SubmitFacts", "SubmitFactsRequest", request_id=f"correction-{number}", facts=[self.messages["FactInput"](
                institution_id="bank-1", indicator_id=self.indicator(1), period="2019-01", value=number, unit="UNIT_MONEY", currency_code="CNY",
                correction=True, reason="bench")])
            run, milliseconds = evaluate(f"run-{number}")
            if corrected.corrected_count != 1 or run.name == first.name:
                raise SystemExit("evaluation.recompute: a correction made no other run")
            warm.append(milliseconds)
        run = first
        begun = time.perf_counter()
        size = sum(len(chunk.data) for chunk in self.stub.ExportRun(
            self.messages["ExportRunRequest"](name=run.name, format="EXPORT_FORMAT_JSON_LINES", include_explanations=True), metadata=CALLER,
            timeout=600))
        explained = time.perf_counter() - begun
        return run, {
            "bench": "evaluation.recompute.1000x40x60", "value": sorted(warm)[len(warm) // 2], "unit": "ms", "n": len(warm), "cold_ms": cold,
            "explained_ms": explained * 1000,
            "explained_bytes": size, "institutions": RANKED, "indicators": INDICATORS, "months": MONTHS}


# Each is a generator of records: bench(context, modules, ports).
BENCHES = [facts]
