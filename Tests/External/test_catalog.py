"""The catalog over the wire: four eyes, ownership, conflicts, files, search, QR codes, cost, matching in bulk, notices."""

import base64
import datetime
import gzip
import itertools
import json
import os
import pathlib
import random
import struct
import subprocess
import zlib
from decimal import ROUND_HALF_UP, Decimal, getcontext

import grpc
import pytest
import qrcode
import qrcode.util
from google.protobuf import json_format

from conftest import OPERATOR, ROOT, caller

SERVICE = "huirong.catalog.v1.CatalogService"
KEYS = itertools.count()
CDR = pathlib.Path(os.environ.get("CDR_PRODUCTS", ROOT.parent / "shared/data/cdr-business-products.jsonl.gz"))


class Refused(Exception):
    def __init__(self, error):
        self.status, self.message = error["status"], error["message"]
        details = {detail["@type"].rsplit(".", 1)[1]: detail for detail in error["details"]}
        self.reason = details.get("ErrorInfo", {}).get("reason")
        self.field = (details.get("BadRequest", {}).get("fieldViolations") or [{}])[0].get("field")


class Catalog:
    """Calls by PlainRPC (huirongctl) with JSON; a fresh request id for every mutation."""

    def __init__(self, suite):
        self.suite, self.address = suite, suite.address("catalog", "plain")

    def ctl(self, *arguments, who=OPERATOR, **more):
        return subprocess.run(
            [str(self.suite.binaries / "huirongctl"), *map(str, arguments), "--as", who, "--address", self.address], capture_output=True,
            timeout=120, **more)

    def __call__(self, method, request=None, who=OPERATOR, key=True):
        request = dict(request or {})
        if key:
            request.setdefault("requestId", f"test-catalog-{next(KEYS)}")
        run = self.ctl("call", f"{SERVICE}/{method}", "-", who=who, input=json.dumps(request).encode())
        if run.returncode:
            raise Refused(json.loads(run.stderr)["error"])
        return json.loads(run.stdout)

    def read(self, method, request=None, who=OPERATOR):
        return self(method, request, who, key=False)


def bank(name, subject="author"):
    return caller(name, "institution", subject=subject)


def product(institution, **more):
    return {"institution": f"institutions/{institution}", "instrument": "INSTRUMENT_LOAN", "title": {"zh": "首贷通", "en": "First loan"},
            "amount": {"max": {"currencyCode": "CNY", "minorUnits": "500000000"}}, **more}


@pytest.fixture(scope="module")
def catalog(suite):
    catalog = Catalog(suite)
    for name in ("four-eyes", "other-eyes"):
        catalog("CreateInstitution", {"institutionId": name, "institution": {
            "kind": "INSTITUTION_KIND_BANK", "nameZh": f"{name} 银行", "serviceRegions": ["3703"]}})
    return catalog


def publish(catalog, name, institution="four-eyes"):
    """Handed in by the author, approved by an officer, published by the author."""
    etag = catalog.read("GetProduct", {"name": name})["etag"]
    etag = catalog("SubmitProduct", {"name": name, "etag": etag}, bank(institution))["etag"]
    etag = catalog("ReviewProduct", {"name": name, "etag": etag, "decision": "REVIEW_DECISION_APPROVE"}, bank(institution, "officer"))["etag"]
    return catalog("PublishProduct", {"name": name, "etag": etag}, bank(institution))["product"]


def refused(catalog, *arguments):
    with pytest.raises(Refused) as caught:
        catalog(*arguments)
    return caught.value


def test_four_eyes_from_draft_to_withdrawn(catalog):
    author, officer = bank("four-eyes"), bank("four-eyes", "officer")
    draft = catalog("CreateProduct", {"productId": "eyes", "product": product("four-eyes")}, author)
    name = draft["name"]
    assert draft["state"] == "PRODUCT_STATE_DRAFT" and draft["review"]["author"] == "four-eyes/author"
    assert refused(catalog, "PublishProduct", {"name": name, "etag": draft["etag"]}, author).reason == "STATE_CONFLICT"
    submitted = catalog("SubmitProduct", {"name": name, "etag": draft["etag"]}, author)
    assert submitted["state"] == "PRODUCT_STATE_SUBMITTED"
    approve = {"name": name, "etag": submitted["etag"], "decision": "REVIEW_DECISION_APPROVE"}
    assert refused(catalog, "ReviewProduct", approve, author).reason == "SAME_OFFICER"
    reviewed = catalog("ReviewProduct", approve, officer)
    assert reviewed["state"] == "PRODUCT_STATE_REVIEWED" and reviewed["review"]["reviewer"] == "four-eyes/officer"
    published = catalog("PublishProduct", {"name": name, "etag": reviewed["etag"]}, author)["product"]
    assert published["state"] == "PRODUCT_STATE_PUBLISHED"

    changed = catalog("UpdateProduct", {
        "product": {"name": name, "rate": {"basis": "RATE_BASIS_FIXED", "lowest": {"ppm": "34500"}}}, "updateMask": "rate",
        "etag": published["etag"]}, author)
    assert (changed["version"], changed["publishedVersion"], changed["predecessorVersion"]) == (2, 1, 1)
    assert changed["state"] == "PRODUCT_STATE_PUBLISHED" and changed["review"]["state"] == "REVIEW_STATE_NOT_SUBMITTED"
    differences = catalog.read("DiffProductVersions", {"name": name, "fromVersion": 1})["differences"]
    assert [(d["field"], d.get("before", ""), d["after"]) for d in differences] == [
        ("rate.basis", "", "RATE_BASIS_FIXED"), ("rate.lowest.ppm", "", "34500")]
    assert len(catalog.read("ListProductVersions", {"name": name})["products"]) == 2

    suspended = catalog("SuspendProduct", {"name": name, "etag": changed["etag"], "reason": "repricing"}, author)
    assert suspended["state"] == "PRODUCT_STATE_SUSPENDED"
    withdrawn = catalog("WithdrawProduct", {"name": name, "etag": suspended["etag"], "reason": "ended"}, author)
    assert withdrawn["state"] == "PRODUCT_STATE_WITHDRAWN"
    assert refused(catalog, "SubmitProduct", {"name": name, "etag": withdrawn["etag"]}, author).reason == "STATE_CONFLICT"


def test_an_import_puts_nothing_in_force_whoever_imports(catalog, tmp_path):
    """Every way by which a product becomes published passes a second person, the operator's imports as well."""
    clerk, officer = OPERATOR, caller("operator", "operator", subject="officer")
    rows = [{"productId": f"entered-{number}", "product": product("other-eyes")} for number in range(3)]
    results = catalog("BatchImportProducts", {"rows": rows, "submit": True}, clerk)["results"]
    assert [row["state"] for row in results] == ["PRODUCT_STATE_SUBMITTED"] * 3
    own = catalog.ctl("catalog", "approve", "--publish", "--filter", 'institution = "institutions/other-eyes"', who=clerk)
    assert own.returncode == 1 and own.stdout.decode().splitlines()[-1] == "0 approved, 0 published, 3 refused", own.stdout
    for method in ("PublishProduct", "ReviewProduct"):
        request = {"name": "products/entered-0", "etag": catalog.read("GetProduct", {"name": "products/entered-0"})["etag"]}
        request |= {"decision": "REVIEW_DECISION_APPROVE"} if method == "ReviewProduct" else {}
        assert refused(catalog, method, request, clerk).reason == {"PublishProduct": "STATE_CONFLICT", "ReviewProduct": "SAME_OFFICER"}[method]
    # The new text of a published product goes the same way.
    approved = catalog.ctl("catalog", "approve", "--publish", "--filter", 'institution = "institutions/other-eyes"', who=officer)
    assert approved.stdout.decode().splitlines()[-1] == "3 approved, 3 published, 0 refused", approved.stdout + approved.stderr
    rows[0]["product"]["title"] = {"zh": "新文本"}
    again = catalog("BatchImportProducts", {"rows": rows, "submit": True}, clerk)["results"]
    assert [row["outcome"] for row in again] == ["IMPORT_OUTCOME_UPDATED", "IMPORT_OUTCOME_UNCHANGED", "IMPORT_OUTCOME_UNCHANGED"]
    stored = catalog.read("GetProduct", {"name": "products/entered-0"})
    assert (stored["version"], stored["publishedVersion"], stored["review"]["state"]) == (2, 1, "REVIEW_STATE_SUBMITTED")
    table = tmp_path / "entered.csv"
    table.write_text("product_id,institution,instrument,title_zh\nentered-9,institutions/other-eyes,LOAN,表\n")
    assert catalog.ctl("catalog", "import", table, "--submit", who=clerk).returncode == 0
    assert catalog.read("GetProduct", {"name": "products/entered-9"})["state"] == "PRODUCT_STATE_SUBMITTED"


OUTSIDERS = [caller("other-eyes", "institution"), caller("some-firm", "enterprise"), caller("grid-3703", "grid_worker", region="3703"),
             caller("adviser-1", "adviser"), caller("office", "analyst"), caller("demand", "service")]
INSIDERS = [OPERATOR, bank("four-eyes", "anyone"), caller("bureau", "regulator", region="3703")]


def test_what_is_not_published_is_read_by_its_own_side_only(catalog, suite, stubs):
    import importlib
    author = bank("four-eyes")
    catalog("CreateProduct", {"productId": "hidden", "product": product("four-eyes", title={"zh": "未公布"})}, author)
    catalog("CreateProduct", {"productId": "half-open", "product": product("four-eyes")}, author)
    published = publish(catalog, "products/half-open")
    catalog("UpdateProduct", {"product": {"name": "products/half-open", "title": {"zh": "未公布的改动"}}, "updateMask": "title",
                              "etag": published["etag"]}, author)
    firm, need = {"regionCode": "370302"}, {"amount": {"currencyCode": "CNY", "minorUnits": "10000000"}}
    cost = {"amount": need["amount"], "tenor": {"months": 12}}
    on_hidden = {
        "GetProduct": {"name": "products/hidden"}, "ListProductVersions": {"name": "products/hidden"},
        "DiffProductVersions": {"name": "products/hidden", "fromVersion": 1}, "CalculateAnnualCost": {"product": "products/hidden", **cost},
        "GetProductQRCode": {"name": "products/hidden", "format": "IMAGE_FORMAT_SVG"},
        "CompareProducts": {"names": ["products/half-open", "products/hidden"]},
        "ExplainMatch": {"product": "products/hidden", "firm": firm, "need": need},
        "MatchFirms": {"product": "products/hidden", "candidates": [{"firmId": "f", "firm": firm, "need": need}]},
    }
    for who in OUTSIDERS:
        for method, request in on_hidden.items():
            assert refused(catalog.read, method, request, who).reason == "RESOURCE_NOT_FOUND", (method, who)
        assert refused(catalog, "ReportProductError", {"product": "products/hidden", "field": "title", "description": "x"}, who).status == "NOT_FOUND"
        seen = catalog.read("GetProduct", {"name": "products/half-open"}, who)
        assert (seen["version"], seen["title"]["zh"], "review" in seen) == (1, "首贷通", False), who
        assert refused(catalog.read, "GetProduct", {"name": "products/half-open", "version": 2}, who).status == "NOT_FOUND"
        assert refused(catalog.read, "DiffProductVersions", {"name": "products/half-open", "fromVersion": 1, "toVersion": 2}, who).status == "NOT_FOUND"
        assert [one["version"] for one in catalog.read("ListProductVersions", {"name": "products/half-open"}, who)["products"]] == [1]
        for arguments in (("ListProducts", {"filter": 'institution = "institutions/four-eyes"', "pageSize": 1000}),
                          ("SearchProducts", {"query": "未公布", "effective": "EFFECTIVE_FILTER_ALL"})):
            assert "未公布" not in json.dumps(catalog.read(*arguments, who), ensure_ascii=False), (arguments, who)
        export = catalog.ctl("catalog", "export", "--filter", 'institution = "institutions/four-eyes"', who=who).stdout.decode()
        assert "half-open" in export and "未公布" not in export, who
    for who in INSIDERS:
        assert catalog.read("GetProduct", {"name": "products/hidden"}, who)["review"]["author"] == "four-eyes/author", who
        assert catalog.read("GetProduct", {"name": "products/half-open"}, who)["version"] == 2, who
        assert len(catalog.read("ListProductVersions", {"name": "products/half-open"}, who)["products"]) == 2, who

    # The feed: the outsider hears that it was published and suspended, in the words that were published; nothing of drafts.
    etag = catalog.read("GetProduct", {"name": "products/half-open"})["etag"]
    catalog("SuspendProduct", {"name": "products/half-open", "etag": etag, "reason": "整改"}, author)
    module = importlib.import_module("huirong.catalog.v1.catalog_service_pb2")
    stub = importlib.import_module("huirong.catalog.v1.catalog_service_pb2_grpc").CatalogServiceStub(
        grpc.insecure_channel(suite.address("catalog", "grpc")))

    def feed(who):
        stream = stub.WatchProducts(module.WatchProductsRequest(), metadata=[("x-huirong-caller", who)], timeout=60)
        events = []
        for event in stream:
            if event.product.name in ("products/hidden", "products/half-open"):
                events.append((event.header.type, event.product.version, event.product.title.zh))
            if event.header.type == "product.suspended" and event.product.name == "products/half-open":
                stream.cancel()
                return events

    assert feed(OUTSIDERS[0]) == [("product.published", 1, "首贷通"), ("product.suspended", 1, "首贷通")]
    assert [event[0] for event in feed(INSIDERS[1])] == [
        "product.created", "product.created", "product.submitted", "product.approved", "product.published", "product.updated", "product.suspended"]


def test_every_answer_shows_a_product_in_the_same_form(catalog):
    author = bank("four-eyes")
    created = catalog("CreateProduct", {"productId": "form", "product": product("four-eyes")}, author)
    assert created["trackRecord"] == {} and created == catalog.read("GetProduct", {"name": "products/form"})
    updated = catalog("UpdateProduct", {"product": {"name": "products/form", "title": {"zh": "新"}}, "updateMask": "title", "etag": created["etag"]}, author)
    assert updated["trackRecord"] == {} and updated == catalog.read("GetProduct", {"name": "products/form"})
    published = publish(catalog, "products/form")
    assert published == catalog.read("GetProduct", {"name": "products/form"})


def test_a_bank_touches_no_other_banks_product_by_any_call(catalog):
    mine = catalog("CreateProduct", {"productId": "mine", "product": product("four-eyes")}, bank("four-eyes"))
    name, etag, thief = mine["name"], mine["etag"], bank("other-eyes", "thief")
    mine = catalog.read("GetProduct", {"name": name})
    csv = 'product_id,institution,instrument,title_zh\nmine,institutions/four-eyes,LOAN,偷\nstolen,institutions/four-eyes,LOAN,偷\n'
    attempts = {
        "CreateProduct": {"productId": "forged", "product": product("four-eyes")},
        "UpdateProduct": {"product": {"name": name, "title": {"zh": "偷"}}, "updateMask": "title", "etag": etag},
        "SubmitProduct": {"name": name, "etag": etag},
        "ReviewProduct": {"name": name, "etag": etag, "decision": "REVIEW_DECISION_APPROVE"},
        "PublishProduct": {"name": name, "etag": etag},
        "SuspendProduct": {"name": name, "etag": etag, "reason": "r"},
        "WithdrawProduct": {"name": name, "etag": etag, "reason": "r"},
        "UpdateInstitution": {"institution": {"name": "institutions/four-eyes", "nameZh": "偷"}, "updateMask": "nameZh", "etag": "1"},
        "RecordProductOutcomes": {"outcomes": [{"product": name, "applications": "1"}]},
    }
    for method, request in attempts.items():
        assert refused(catalog, method, request, thief).status == "PERMISSION_DENIED", method
    rows = catalog("BatchImportProducts", {"rows": [{"productId": "mine", "product": product("four-eyes")}], "submit": True}, thief)["results"]
    assert [row["reason"] for row in rows] == ["OUT_OF_SCOPE"]
    answer = catalog("ImportProductFile", {"format": "FILE_FORMAT_CSV", "content": base64.b64encode(csv.encode()).decode()}, thief)
    assert [row["result"]["reason"] for row in answer["rows"]] == ["OUT_OF_SCOPE"] * 2
    assert refused(catalog, "ReportProductError", {"product": name, "field": "title", "description": "x"}, thief).reason == "RESOURCE_NOT_FOUND"
    report = catalog("ReportProductError", {"product": name, "field": "title", "description": "x"})
    answer = {"name": report["name"], "etag": report["etag"], "state": "ERROR_REPORT_STATE_ACCEPTED"}
    assert refused(catalog, "AnswerProductError", answer, thief).reason == "OUT_OF_SCOPE"
    assert catalog.read("GetProduct", {"name": name}) == mine

    # Every mutating call of the service was tried, or is closed to banks or about something else.
    known = {*attempts, "BatchImportProducts", "ImportProductFile", "ReportProductError", "AnswerProductError", "CreateInstitution",
             "RecordReferenceRates", "PublishNotice", "WithdrawNotice", "AcknowledgeNotice"}
    listed = set()
    text = (ROOT / "proto/huirong/catalog/v1").glob("*.proto")
    for file in text:
        for message in file.read_text().split("\nmessage ")[1:]:
            if "string request_id" in message.split("\n}")[0]:
                listed.add(message.split("Request", 1)[0])
    assert listed - {"ReportProductError", "AnswerProductError"} <= known | {"ProductErrorReport"}, listed - known


def test_two_editors_meet_a_conflict_and_no_update_is_lost(catalog):
    first = catalog("CreateProduct", {"productId": "edited", "product": product("four-eyes")}, bank("four-eyes"))

    def edit(title, who):
        return ("UpdateProduct", {"product": {"name": first["name"], "title": {"zh": title}}, "updateMask": "title", "etag": first["etag"]},
                bank("four-eyes", who))

    catalog(*edit("甲", "a"))
    assert refused(catalog, *edit("乙", "b")).reason == "ETAG_MISMATCH"
    assert catalog.read("GetProduct", {"name": first["name"]})["title"] == {"zh": "甲"}


def test_limits_are_held_at_entry(catalog):
    catalog("CreateInstitution", {"institutionId": "yantai-fund", "institution": {
        "kind": "INSTITUTION_KIND_GUARANTOR", "nameZh": "烟台担保", "serviceRegions": ["3706"], "governmentBacked": True}})

    def fee(ppm, maximum):
        return {"productId": f"fee-{ppm}-{maximum}", "product": {
            "institution": "institutions/yantai-fund", "instrument": "INSTRUMENT_GUARANTEE", "title": {"zh": "担保"},
            "effectiveFrom": {"year": 2023, "month": 9, "day": 1}, "customerClasses": ["CUSTOMER_CLASS_SMALL_MICRO"],
            "amount": {"max": {"currencyCode": "CNY", "minorUnits": str(maximum)}},
            "fees": [{"kind": "FEE_KIND_GUARANTEE", "rate": {"ppm": str(ppm)}, "period": "FEE_PERIOD_PER_YEAR"}]}}

    catalog("CreateProduct", fee(10_000, 500_000_000))
    breach = refused(catalog, "CreateProduct", fee(10_001, 500_000_000))
    assert (breach.reason, breach.field) == ("POLICY_CONDITION_FAILED", "product.fees[0].rate")
    usury = product("four-eyes", rate={"basis": "RATE_BASIS_FIXED", "lowest": {"ppm": "240001"}})
    assert refused(catalog, "CreateProduct", {"product": usury}, bank("four-eyes")).field == "product.rate.lowest"


# Files


def test_a_table_comes_back_as_it_went_out_and_half_a_bad_one_is_told_row_by_row(catalog, tmp_path):
    run = catalog.ctl("catalog", "export", "--filter", 'institution = "institutions/four-eyes"')
    assert run.returncode == 0, run.stderr
    table = tmp_path / "table.csv"
    table.write_bytes(run.stdout)
    count = run.stdout.decode().count("institutions/four-eyes")
    live = count - run.stdout.decode().count("\r\neyes,")
    again = catalog.ctl("catalog", "import", table)
    # The withdrawn product cannot be written any more; the others are what they were.
    assert f"{count} rows: 0 created, 0 updated, {live} unchanged, {count - live} refused" in again.stdout.decode(), again.stdout
    assert catalog.ctl("catalog", "export", "--filter", 'institution = "institutions/four-eyes"').stdout == run.stdout

    table.write_text("product_id,institution,instrument,title_zh,amount_max\n"
                     "half-1,institutions/four-eyes,LOAN,好,CNY 1.00\nhalf-2,institutions/four-eyes,LOAN,坏,CNY -1.00\n"
                     "half-3,institutions/nobody,LOAN,坏,\nhalf-4,institutions/four-eyes,LEASE,好,\n")
    run = catalog.ctl("catalog", "import", table, "--submit", who=bank("four-eyes"))
    lines = run.stdout.decode().splitlines()
    assert run.returncode == 1 and lines[-1].startswith("4 rows: 2 created, 0 updated, 0 unchanged, 2 refused"), lines
    assert lines[0].startswith("line 3: refused products/half-2 product.amount.max"), lines
    assert lines[1].startswith("line 4: refused products/half-3 product.institution"), lines
    assert catalog.read("GetProduct", {"name": "products/half-1"})["state"] == "PRODUCT_STATE_SUBMITTED"


@pytest.mark.skipif(not CDR.exists(), reason="the banks' product file is not at hand")
def test_every_product_of_the_consumer_data_right_is_entered_and_each_dirt_told(catalog, tmp_path):
    lines = gzip.open(CDR, "rt").read().splitlines()
    file = tmp_path / "cdr.jsonl"
    file.write_text("\n".join(lines))
    run = catalog.ctl("catalog", "import", file, "--format", "cdr", "--submit", "--as-of", "2024-08-01")
    text = run.stdout.decode()
    assert run.returncode == 0, text[-2000:] + run.stderr.decode()
    assert "430 rows: 430 created, 0 updated, 0 unchanged, 0 refused" in text.splitlines()[-1]
    assert "57 institutions entered" in text.splitlines()[-1]
    assert any("blanks around the word" in line for line in text.splitlines())
    officer = caller("operator", "operator", subject="officer")
    run = catalog.ctl("catalog", "approve", "--publish", "--as-of", "2024-08-01", "--filter", 'institution = "institutions/cdr-aff66646-9ad8-eb11-a824-000d3a884a20"', who=officer)
    assert (run.returncode, run.stdout.decode()) == (0, "22 approved, 22 published, 0 refused\n"), run.stdout.decode() + run.stderr.decode()
    found = catalog.read("SearchProducts", {"query": "business overdraft", "includeFacets": True, "pageSize": 5})
    assert found["totalSize"] > 0
    # Nothing is lost: every text and every number of a row is in its product.
    exported = [json.loads(line) for line in catalog.ctl("catalog", "export", "--format", "json").stdout.decode().splitlines()]
    texts = [json.dumps(row, ensure_ascii=False) for row in exported if row["productId"].startswith("cdr-")]
    assert len(texts) == 430
    everything = "\n".join(texts)
    for line in lines:
        for fee in json.loads(line)["data"].get("fees") or []:
            if fee.get("additionalInfo"):
                assert json.dumps(fee["additionalInfo"], ensure_ascii=False)[1:-1][:200] in everything, fee


# Search and compare


def test_words_of_two_characters_facets_and_pages(catalog):
    for number in range(5):
        catalog("CreateProduct", {"productId": f"found-{number}", "product": product(
            "four-eyes", title={"zh": f"鲁担惠农贷{number}号", "en": f"Farm guarantee {number}"},
            securityModes=["SECURITY_MODE_CREDIT" if number % 2 else "SECURITY_MODE_GUARANTEE"])}, bank("four-eyes"))
        publish(catalog, f"products/found-{number}")
    found = catalog.read("SearchProducts", {"query": "惠农", "includeFacets": True, "pageSize": 2})
    assert found["totalSize"] == 5 and [hit["product"] for hit in found["hits"]] == ["products/found-0", "products/found-1"]
    facets = {facet["name"]: {value["value"]: value["count"] for value in facet.get("values", [])} for facet in found["facets"]}
    assert facets["security_mode"] == {"GUARANTEE": 3, "CREDIT": 2}
    seen, token = 2, found["nextPageToken"]
    while token:
        page = catalog.read("SearchProducts", {"query": "惠农", "includeFacets": True, "pageSize": 2, "pageToken": token})
        seen, token = seen + len(page["hits"]), page.get("nextPageToken")
    assert seen == 5
    assert catalog.read("SearchProducts", {"query": "farm GUAR", "securityModes": ["SECURITY_MODE_CREDIT"]})["totalSize"] == 2
    assert refused(catalog.read, "SearchProducts", {"region": "37x"}).field == "region"
    compared = catalog.read("CompareProducts", {
        "names": ["products/found-0", "products/found-1"], "amount": {"currencyCode": "CNY", "minorUnits": "10000000"}, "tenor": {"months": 12}})
    differing = [row["field"] for row in compared["rows"] if row.get("differs")]
    assert differing == ["title.en", "title.zh", "security_modes[0]"]
    assert [cost["cost"]["notStated"] for cost in compared["costs"]] == [["rate"], ["rate"]]


# QR codes


def pixels(png):
    """A grey PNG of one bit a pixel, as rows of booleans, True for dark."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    position, data = 8, b""
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position:position + 8])
        body = png[position + 8:position + 8 + length]
        assert struct.unpack(">I", png[position + 8 + length:position + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (1, 0)
        data += body if kind == b"IDAT" else b""
        position += 12 + length
    raw, stride = zlib.decompress(data), (width + 7) // 8 + 1
    return [[not raw[y * stride + 1 + x // 8] >> (7 - x % 8) & 1 for x in range(width)] for y in range(height)]


def standard_modules(text, mask):
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(qrcode.util.QRData(text.encode(), mode=qrcode.util.MODE_8BIT_BYTE))
    code.make(fit=True)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


@pytest.mark.parametrize("length", [22, 23, 28, 60, 84, 106, 122, 152, 180, 199])
def test_qr_codes_are_those_of_the_standard(catalog, length):
    base = "https://e.cn/" + "p" * (length - 14) + "/"
    answer = catalog.read("GetProductQRCode", {"name": "products/mine", "format": "IMAGE_FORMAT_PNG", "pageBase": base, "modulePixels": 1})
    assert answer["uri"] == base + "mine" and answer["contentType"] == "image/png"
    rows = [row[4:-4] for row in pixels(base64.b64decode(answer["content"]))[4:-4]]
    size = len(rows)
    assert rows in [standard_modules(answer["uri"], mask) for mask in range(8)]
    svg = base64.b64decode(catalog.read("GetProductQRCode", {"name": "products/mine", "format": "IMAGE_FORMAT_SVG", "pageBase": base})["content"])
    assert f'viewBox="0 0 {size + 8} {size + 8}"' in svg.decode()


# Cost


def test_internal_rates_are_those_of_fifty_digits(catalog):
    getcontext().prec = 50
    generator = random.Random(20261121)
    for number in range(8):
        ppm, fee = generator.randint(20_000, 150_000), generator.randint(0, 20_000)
        catalog("CreateProduct", {"productId": f"cost-{number}", "product": product(
            "four-eyes", rate={"basis": "RATE_BASIS_FIXED", "lowest": {"ppm": str(ppm)}},
            fees=[{"kind": "FEE_KIND_GUARANTEE", "rate": {"ppm": str(fee)}, "period": "FEE_PERIOD_PER_YEAR"}])}, bank("four-eyes"))
        method = generator.choice(["BULLET", "INTEREST_MONTHLY", "INTEREST_QUARTERLY", "EQUAL_INSTALMENTS", "EQUAL_PRINCIPAL"])
        cost = catalog.read("CalculateAnnualCost", {
            "product": f"products/cost-{number}", "amount": {"currencyCode": "CNY", "minorUnits": str(generator.randint(1_000_00, 5_000_000_00))},
            "tenor": {"months": generator.choice([3, 12, 18, 36])}, "start": {"year": 2024, "month": 1, "day": 31},
            "repayment": f"REPAYMENT_METHOD_{method}", "includeSchedule": True})
        units = lambda money: int(money.get("minorUnits", 0))
        day = lambda date: datetime.date(date["year"], date["month"], date["day"])
        start = datetime.date(2024, 1, 31)
        flows = [((day(flow["date"]) - start).days, units(flow["principal"]) + units(flow["interest"]) + units(flow["fees"])) for flow in cost["schedule"]]
        low, high = Decimal(0), Decimal(10)
        for _ in range(150):
            middle = (low + high) / 2
            value = sum(Decimal(amount) / (1 + middle) ** (Decimal(days) / 365) for days, amount in flows)
            low, high = (middle, high) if value > 0 else (low, middle)
        expected = int((low * 1_000_000).quantize(Decimal(1), ROUND_HALF_UP))
        assert abs(int(cost["internalRateHigh"]["ppm"]) - expected) <= 1, (method, expected)
        paid = sum(amount for _, amount in flows)
        assert paid == units(cost["totalHigh"]) and units(cost["schedule"][-1]["balance"]) == 0


# Matching in bulk


def test_batches_and_the_reverse_agree_with_single_matches(catalog):
    catalog("CreateProduct", {"productId": "picky", "product": product("four-eyes", eligibility={"allOf": {"members": [
        {"condition": {"industry": {"prefixes": ["C"]}}}, {"condition": {"annualRevenue": {"min": {"currencyCode": "CNY", "minorUnits": "100000000"}}}}]}})},
        bank("four-eyes"))
    publish(catalog, "products/picky")
    firms = [{"regionCode": "370302", "industryCode": "C1311", "annualRevenue": {"currencyCode": "CNY", "minorUnits": str(revenue)}}
             for revenue in (99_999_999, 100_000_000, 200_000_000)] + [{"regionCode": "370302", "industryCode": "A01"}]
    need = {"amount": {"currencyCode": "CNY", "minorUnits": "10000000"}}
    batch = catalog.read("BatchMatchProducts", {"requests": [{"firm": firm, "need": need, "limit": 200} for firm in firms] + [{"firm": firms[0]}]})["results"]
    single = [catalog.read("MatchProducts", {"firm": firm, "need": need, "limit": 200}) for firm in firms]
    assert [entry["response"] for entry in batch[:-1]] == single
    assert batch[-1]["error"]["field"] == "need.amount"
    fits = [any(match["product"] == "products/picky" for match in answer["matches"]) for answer in single]
    assert fits == [False, True, True, False]
    answer = catalog.read("MatchFirms", {"product": "products/picky", "includeIneligible": True, "candidates": [
        {"firmId": f"firm-{number}", "firm": firm, "need": need} for number, firm in enumerate(firms)]})
    assert [match["firmId"] for match in answer["matches"]] == ["firm-1", "firm-2"]
    nearest = answer["ineligible"][0]
    assert nearest["firmId"] == "firm-0" and nearest["ineligibility"]["failed"][0]["shortfall"] == "1"
    assert nearest["ineligibility"]["smallestChange"][0]["to"] == "CNY 1000000.00"


# Notices


def test_grid_workers_follow_and_acknowledge_what_concerns_them(catalog, suite, stubs):
    import importlib
    module = importlib.import_module("huirong.catalog.v1.notice_pb2")
    stub = importlib.import_module("huirong.catalog.v1.catalog_service_pb2_grpc").CatalogServiceStub(
        grpc.insecure_channel(suite.address("catalog", "grpc")))
    bureau = caller("zibo-bureau", "regulator", region="3703")
    worker = caller("grid-370302", "grid_worker", region="370302")
    stream = stub.WatchNotices(module.WatchNoticesRequest(), metadata=[("x-huirong-caller", worker)], timeout=60)

    def notice(identifier, regions, audiences=("GRID_WORKERS", "INSTITUTIONS", "FIRMS")):
        return {"noticeId": identifier, "notice": {
            "kind": "NOTICE_KIND_FARMERS", "title": {"zh": "助农"}, "body": {"zh": "清单"}, "target": {"regions": regions, "tags": ["grain"]},
            "audiences": [f"NOTICE_AUDIENCE_{audience}" for audience in audiences]}}

    assert refused(catalog, "PublishNotice", notice("far", ["3706"]), bureau).reason == "OUT_OF_SCOPE"
    catalog("PublishNotice", notice("elsewhere", ["370303"]), bureau)
    published = catalog("PublishNotice", notice("here", ["370302"]), bureau)
    assert published["pushedCount"] >= 2
    event = next(stream)
    assert (event.header.type, event.notice.name) == ("notice.published", "notices/here")
    catalog("AcknowledgeNotice", {"name": "notices/here", "note": "12 户"}, worker)
    assert refused(catalog, "AcknowledgeNotice", {"name": "notices/elsewhere"}, worker).reason == "OUT_OF_SCOPE"
    receipts = catalog.read("ListNoticeReceipts", {"name": "notices/here", "pageSize": 500}, bureau)["receipts"]
    assert [receipt["organisation"] for receipt in receipts if "acknowledgeTime" in receipt] == ["grid-370302"]
    firm = {"regionCode": "370302101", "tags": ["grain"]}
    assert [one["name"] for one in catalog.read("MatchNotices", {"firm": firm})["notices"]] == ["notices/here"]
    catalog("WithdrawNotice", {"name": "notices/here", "etag": catalog.read("GetNotice", {"name": "notices/here"})["etag"], "reason": "更正"}, bureau)
    assert next(stream).header.type == "notice.withdrawn"
    stream.cancel()
    assert catalog.read("MatchNotices", {"firm": firm}).get("notices", []) == []


def test_wrong_data_is_reported_and_corrected(catalog):
    firm = caller("some-firm", "enterprise")
    report = catalog("ReportProductError", {"product": "products/found-0", "field": "rate.lowest", "description": "太低"}, firm)
    assert report["state"] == "ERROR_REPORT_STATE_OPEN"
    assert refused(catalog, "ReportProductError", {"product": "products/found-0", "field": "nonsense", "description": "x"}, firm).field == "field"
    listed = catalog.read("ListProductErrors", {"filter": "state = OPEN"}, bank("four-eyes"))["reports"]
    assert report["name"] in [one["name"] for one in listed]
    assert catalog.read("ListProductErrors", {}, bank("other-eyes")).get("reports", []) == []
    answered = catalog("AnswerProductError", {
        "name": report["name"], "etag": report["etag"], "state": "ERROR_REPORT_STATE_REJECTED", "answer": "如公告"}, bank("four-eyes"))
    assert answered["state"] == "ERROR_REPORT_STATE_REJECTED" and answered["answeredBy"] == "four-eyes/author"


def test_python_and_huirongctl_see_the_same_bytes_of_a_full_product(catalog, suite, stubs):
    import importlib
    module = importlib.import_module("huirong.catalog.v1.product_pb2")
    stub = importlib.import_module("huirong.catalog.v1.catalog_service_pb2_grpc").CatalogServiceStub(
        grpc.insecure_channel(suite.address("catalog", "grpc")))
    for name in ("products/found-0", "products/picky", "products/eyes"):
        seen = stub.GetProduct(module.GetProductRequest(name=name), metadata=[("x-huirong-caller", OPERATOR)], timeout=20)
        told = json_format.ParseDict(catalog.read("GetProduct", {"name": name}), module.Product())
        assert told.SerializeToString(deterministic=True) == seen.SerializeToString(deterministic=True)
