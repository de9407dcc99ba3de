"""The evaluation service as an analyst and a regulator meet it, over gRPC: submissions, queries, exports, open data."""

import base64
import concurrent.futures
import csv
import io
import json
import random
import subprocess
import sys

import grpc
import pandas
import pytest

from conftest import OPERATOR, ROOT, caller

PREFIX = "ext"
MONTHS = [f"2023-{month:02}" for month in range(1, 7)]
REGIONS = ["370302", "370303", "370902", "371002"]
SECOND = caller("operator", "operator", subject="second")


class Service:
    def __init__(self, suite, stubs):
        self.address = suite.address("evaluation", "grpc")
        self.channel = grpc.insecure_channel(self.address)
        self.stub = stubs.evaluation__evaluation_service_pb2_grpc.EvaluationServiceStub(self.channel)
        self.messages = {}
        for name in ("indicator", "institution", "fact", "scheme", "run", "query", "publication", "watch"):
            self.messages |= vars(getattr(stubs, f"evaluation__{name}_pb2"))
        self.messages |= vars(stubs.common__common_pb2)
        self.folder = stubs

    def __call__(self, method, request, who=OPERATOR, **fields):
        message = self.messages[request](**fields) if isinstance(request, str) else request
        return getattr(self.stub, method)(message, metadata=[("x-huirong-caller", who)], timeout=120)

    def file(self, method, request, who=OPERATOR, **fields):
        return b"".join(chunk.data for chunk in self(method, request, who, **fields))


@pytest.fixture(scope="module")
def service(suite, stubs):
    service = Service(suite, stubs)
    indicator = service.messages["Indicator"]
    common = dict(unit="UNIT_MONEY", currency_code="CNY", direction="DIRECTION_HIGHER_IS_BETTER", aggregation="AGGREGATION_SUM")
    service("BatchCreateIndicators", "BatchCreateIndicatorsRequest", request_id=f"{PREFIX}-indicators", indicators=[
        indicator(name=f"indicators/{PREFIX}.lent", title_zh="放款", title_en="Lent", source="INDICATOR_SOURCE_SUBMITTED",
                  rules=service.messages["SubmissionRules"](frequency="FREQUENCY_MONTHLY", minimum=0, due_days=10), **common),
        indicator(name=f"indicators/{PREFIX}.firms", title_zh="户数", title_en="Firms", source="INDICATOR_SOURCE_SUBMITTED",
                  **{**common, "unit": "UNIT_COUNT", "currency_code": ""})])
    service("BatchRegisterInstitutions", "BatchRegisterInstitutionsRequest", request_id=f"{PREFIX}-banks", institutions=[
        service.messages["Institution"](name=f"institutions/{PREFIX}-{number}", title=f"Bank <{number}> & Co", type="bank",
                                        peer_group=f"{PREFIX}-{number % 2}", region_code=REGIONS[number % 4])
        for number in range(20)])
    service.values = {
        (f"{PREFIX}-{number}", indicator, month): random.Random(f"{number}{indicator}{month}").randrange(1, 10**14 if indicator == "lent" else 500)
        for number in range(20) for indicator in ("lent", "firms") for month in MONTHS}
    yield service
    service.channel.close()


def table(rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


HEADER = ["institution_id", "indicator_id", "period", "value", "unit", "currency_code"]


def row(institution, indicator, month, value):
    unit = ["money", "CNY"] if indicator == "lent" else ["count", ""]
    return [institution, f"{PREFIX}.{indicator}", month, value, *unit]


@pytest.fixture(scope="module")
def loaded(service):
    rows = [row(*key, value) for key, value in service.values.items()]
    report = service("ImportFacts", "ImportFactsRequest", request_id=f"{PREFIX}-load", csv=table([HEADER, *rows]))
    assert report.accepted_count == len(rows) == 240
    assert [line.line for line in report.rows] == list(range(2, 242))
    return service


def test_bad_rows_are_refused_by_rule_and_the_report_names_each(loaded):
    bank = f"{PREFIX}-0"
    rows = [
        row(bank, "lent", "2022-07", "NaN"), row(bank, "lent", "2022-07", "1.5"), row(bank, "lent", "2099-01", 1),
        row("nobody", "lent", "2022-07", 1), row(bank, "lent", "2022-Q3", 1), row(bank, "lent", "2022-07", -1),
        [bank, f"{PREFIX}.lent", "2022-07", 1, "money", "USD"], row(bank, "lent", "2023-01", 7), row(bank, "nothing", "2022-07", 1),
        row(bank, "firms", "2022-07", -3), row(bank, "lent", "2022-07", 12345), row(bank, "lent", "2022-07", 54321)]
    report = loaded("ImportFacts", "ImportFactsRequest", request_id=f"{PREFIX}-bad", csv=table([HEADER, *rows]))
    names = loaded.messages["FactRefusalReason"].Name
    found = [names(line.reason).removeprefix("FACT_REFUSAL_REASON_") for line in report.rows]
    assert found == [
        "NOT_A_NUMBER", "NOT_A_NUMBER", "FUTURE_PERIOD", "UNKNOWN_INSTITUTION", "WRONG_FREQUENCY", "OUT_OF_RANGE", "WRONG_UNIT",
        "CONFLICTING_DUPLICATE", "UNKNOWN_INDICATOR", "NEGATIVE_VALUE", "UNSPECIFIED", "CONFLICTING_DUPLICATE"]
    assert (report.accepted_count, report.refused_count) == (1, 11)
    facts = loaded("ListFacts", "ListFactsRequest", institution_id=bank, page_size=1000).facts
    assert [fact.value for fact in facts if fact.period == "2022-07"] == [12345], "nothing refused reached a value"
    assert all(fact.days_late > 0 for fact in facts if fact.indicator_id == f"{PREFIX}.lent"), "everything of 2022 and 2023 comes late"


def test_queries_equal_pandas_over_the_same_values(loaded):
    frame = pandas.DataFrame(
        [(institution, REGIONS[int(institution.split("-")[1]) % 4][:4], month, value)
         for (institution, indicator, month), value in loaded.values.items() if indicator == "lent"],
        columns=["institution", "region", "period", "value"])
    expected = frame.groupby(["region", "period"])["value"].agg(["count", "sum"])
    request = loaded.messages["QueryFactsRequest"](
        indicator_ids=[f"{PREFIX}.lent"], period_months=1, region_digits=4, from_period="2023-01", page_size=7,
        peer_groups=[f"{PREFIX}-0", f"{PREFIX}-1"], dimensions=["QUERY_DIMENSION_REGION", "QUERY_DIMENSION_PERIOD"])
    pages, rows = 0, []
    while True:
        page = loaded("QueryFacts", request)
        rows += page.rows
        pages += 1
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert pages == 3
    assert {(row.region, row.period): (row.count, int(row.sum)) for row in rows} == {
        key: (line["count"], line["sum"]) for key, line in expected.iterrows()}
    request.page_token = ""
    assert [row for message in loaded("StreamFacts", request) for row in message.rows] == rows

    ranks = loaded("RankRegions", "RankRegionsRequest", indicator_id=f"{PREFIX}.lent", period="2023-Q1", region_digits=4, region_prefix="37")
    quarter = frame[frame.period <= "2023-03"].groupby("region")["value"].sum().sort_values(ascending=False)
    assert [(line.region, line.value) for line in ranks.regions] == list(quarter.items())


def scheme(service):
    leaf = service.messages["SchemeNode"]
    draft = service("CreateScheme", "CreateSchemeRequest", request_id=f"{PREFIX}-scheme", scheme=service.messages["Scheme"](
        name=f"schemes/{PREFIX}", title_zh="放款排名", title_en="Lending", table_scope="TABLE_SCOPE_WHOLE", tie_rule="TIE_RULE_STANDARD",
        decimals=3, nodes=[
            leaf(id="lent", title_zh="放款", title_en="Lent", weight_ppm=700_000, indicator_id=f"{PREFIX}.lent",
                 function=service.messages["ScoringFunction"](min_max={}), missing="MISSING_POLICY_OUTSIDE_TABLE"),
            leaf(id="firms", title_zh="户数", title_en="Firms", weight_ppm=300_000, indicator_id=f"{PREFIX}.firms",
                 function=service.messages["ScoringFunction"](percentile={}), missing="MISSING_POLICY_OUTSIDE_TABLE")]))
    service("AdoptScheme", "AdoptSchemeRequest", SECOND, request_id=f"{PREFIX}-adopt", name=draft.name, version=draft.version, digest=draft.digest)


@pytest.fixture(scope="module")
def published(loaded):
    scheme(loaded)
    run = loaded("RunEvaluation", "RunEvaluationRequest", request_id=f"{PREFIX}-run", scheme=f"schemes/{PREFIX}", period="2023-05")
    assert run.kind == loaded.messages["RUN_KIND_MONTHLY_BULLETIN"]
    return loaded("PublishRun", "PublishRunRequest", SECOND, request_id=f"{PREFIX}-publish", name=run.name)


@pytest.mark.parametrize("format", ["CSV", "JSON", "JSON_LINES", "HTML"])
def test_a_signed_export_is_checked_by_openssl_alone_and_one_byte_breaks_it(loaded, published, tmp_path, format):
    data = loaded.file("ExportRun", "ExportRunRequest", name=published.name, format=f"EXPORT_FORMAT_{format}")
    seal = loaded("SealExport", "SealExportRequest", request_id=f"{PREFIX}-seal-{format}", name=published.name, format=f"EXPORT_FORMAT_{format}")
    (tmp_path / "run").write_bytes(data)
    (tmp_path / "run.sig").write_bytes(seal.signature)
    (tmp_path / "key.pem").write_text(seal.public_key_pem)
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "key.pem", "-rawin", "-in", tmp_path / "run", "-sigfile", tmp_path / "run.sig"]
    assert subprocess.run(verify, capture_output=True).returncode == 0
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary", tmp_path / "run"], capture_output=True, check=True).stdout
    assert digest == seal.sha256 and len(data) == seal.size and base64.b64decode(seal.public_key_pem.split("\n")[1])[-32:] == seal.public_key
    (tmp_path / "run").write_bytes(data.replace(b"Bank", b"Bunk", 1))
    assert subprocess.run(verify, capture_output=True).returncode != 0

    events = [event for event in loaded("WatchEvaluation", "WatchEvaluationRequest", after_sequence=seal.sequence - 1, until_head=True)]
    entry = json.loads(events[0].payload_json)
    assert events[0].header.type == "export.sealed" and entry["sha256"] == digest.hex() and entry["signature"] == seal.signature.hex()


def test_exports_say_the_same_in_every_form(loaded, published):
    def export(format):
        return loaded.file("ExportRun", "ExportRunRequest", name=published.name, format=f"EXPORT_FORMAT_{format}").decode()

    whole = json.loads(export("JSON"))
    lines = [json.loads(line) for line in export("JSON_LINES").splitlines()]
    assert [whole["run"], *whole["rankings"]] == lines
    rows = list(csv.DictReader(io.StringIO(export("CSV"))))
    assert [row["institution_id"] for row in rows] == [line["institution_id"] for line in whole["rankings"]]
    page = export("HTML")
    assert "Bank &lt;7&gt; &amp; Co" in page and "<script" not in page and "Bank <7>" not in page
    assert page.count("<tr>") == 1 + len(rows)


def test_open_data_names_no_person_and_no_draft(loaded, published):
    draft = loaded("RunEvaluation", "RunEvaluationRequest", request_id=f"{PREFIX}-draft", scheme=f"schemes/{PREFIX}", period="2023-04")
    anyone = caller("some-firm", "enterprise")
    data = loaded.file("ExportOpenData", "ExportOpenDataRequest", anyone, scheme=f"schemes/{PREFIX}", format="EXPORT_FORMAT_JSON_LINES").decode()
    assert published.name in data and draft.name not in data
    assert "tester" not in data and "second" not in data and "operator" not in data
    rows = list(csv.DictReader(io.StringIO(loaded.file(
        "ExportOpenData", "ExportOpenDataRequest", anyone, scheme=f"schemes/{PREFIX}", period="2023-05", format="EXPORT_FORMAT_CSV").decode())))
    assert len(rows) == 20 and {row["digest"] for row in rows} == {published.digest.hex()}


def test_a_hundred_orders_and_any_parallelism_are_one_digest_and_one_cent_is_another(service, loaded, published):
    """The same values under a hundred names, each set in another order, by one to eight callers at once."""
    months, values = MONTHS[:2], {}
    for institution in range(4):
        for month in months:
            values[institution, month] = loaded.values[f"{PREFIX}-{institution}", "lent", month]
    digests, results = set(), set()
    for trial in range(100):
        # A store of its own for each trial would be another process; another order of corrections is the same history.
        rows = [
            loaded.messages["FactInput"](
                institution_id=f"{PREFIX}-{institution}", indicator_id=f"{PREFIX}.lent", period=month, value=value,
                unit="UNIT_MONEY", currency_code="CNY") for (institution, month), value in values.items()]
        random.Random(trial).shuffle(rows)
        parallel = trial % 8 + 1
        with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
            answers = list(pool.map(
                lambda part: loaded("SubmitFacts", "SubmitFactsRequest", request_id=f"{PREFIX}-t{trial}-{part}", facts=rows[part::parallel]),
                range(parallel)))
            assert sum(answer.unchanged_count for answer in answers) == len(rows)
            runs = list(pool.map(
                lambda caller: loaded("RunEvaluation", "RunEvaluationRequest", request_id=f"{PREFIX}-r{trial}-{caller}",
                                      scheme=f"schemes/{PREFIX}", period="2023-H1",
                                      institution_ids=random.Random(trial + caller).sample([f"{PREFIX}-{n}" for n in range(20)], 20)),
                range(parallel)))
        digests |= {run.digest for run in runs}
        results |= {run.result_digest for run in runs}
    assert len(digests) == len(results) == 1
    fact = loaded.messages["FactInput"](
        institution_id=f"{PREFIX}-3", indicator_id=f"{PREFIX}.lent", period="2023-02", value=values[3, "2023-02"] + 1,
        unit="UNIT_MONEY", currency_code="CNY", correction=True, reason="one cent")
    assert loaded("SubmitFacts", "SubmitFactsRequest", request_id=f"{PREFIX}-cent", facts=[fact]).corrected_count == 1
    changed = loaded("RunEvaluation", "RunEvaluationRequest", request_id=f"{PREFIX}-after", scheme=f"schemes/{PREFIX}", period="2023-H1",
                     institution_ids=[f"{PREFIX}-{n}" for n in range(20)])
    assert changed.digest not in digests


def test_the_analysts_example_prints_the_tables(loaded, published, stubs):
    folder = next(path for path in sys.path if "huirong-stubs-" in path)
    answer = subprocess.run(
        [sys.executable, ROOT / "Services/Evaluation/examples/analyst.py", loaded.address, "--stubs", folder, "--indicator", f"{PREFIX}.firms",
         "--digits", "4", "--run", published.name], capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    assert "3703" in answer.stdout and "2023-06" in answer.stdout and "total_points" in answer.stdout
