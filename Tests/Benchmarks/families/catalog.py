"""The catalog: matching in process beside zen-engine and the naive evaluator, searching, and all of it over the plain wire."""

import json
import subprocess
import time

from families.loaded import loaded, record

PRODUCTS = 10_000
DATE = {"year": 2026, "month": 1, "day": 5}
SERVICE = "catalog.v1.CatalogService"
INDUSTRIES = ["A01", "B06", "C13", "D44", "E47", "F51", "G54", "H61", "I65", "J66", "K70", "L71", "M73", "N77", "O80", "P83", "Q84", "R86"]
# The second person of four eyes.
OFFICER = "organisation=operator;role=operator;region=;subject=officer"


def program(context, what, products):
    run = subprocess.run([str(context.binaries / "huirong-catalog-bench"), what, str(products)], capture_output=True, text=True, timeout=900)
    if run.returncode:
        raise SystemExit(f"huirong-catalog-bench {what} {products} failed:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout)


class Zen:
    """The same rules as a decision table of zen-engine, a rule engine in Rust: one row a product, every row that holds is collected."""

    FIELDS = ["region", "industry", "size", "amount", "days", "months", "revenue", "first_loan"]

    def __init__(self, rules):
        try:
            import zen
        except ModuleNotFoundError:
            raise SystemExit("the peer zen-engine is not installed: make tools, then .tools/venv/bin/python Tests/Benchmarks/run.py") from None
        self.firms, self.eligible = rules["firms"], rules["eligible"]
        prefixes = lambda values: " or ".join(f'startsWith($, "{value}")' for value in values)
        table = [{
            "_id": row["id"], "region": prefixes(row["regions"]), "industry": prefixes(row["industries"]), "size": f"$ in {row['sizes']}",
            "amount": f"$ >= {row['amount_min']} and $ <= {row['amount_max']}", "days": f"$ <= {row['days_max']}", "months": f"$ >= {row['months_min']}",
            "revenue": f"$ >= {row['revenue_min']}", "first_loan": str(row["first_loan"]).lower() if "first_loan" in row else "",
            "id": json.dumps(row["id"])} for row in rules["products"]]
        content = {"nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {"id": "table", "type": "decisionTableNode", "name": "table", "position": {"x": 0, "y": 0}, "content": {
                "hitPolicy": "collect", "rules": table, "inputs": [{"id": field, "name": field, "field": field} for field in self.FIELDS],
                "outputs": [{"id": "id", "name": "id", "field": "id"}]}},
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}}],
            "edges": [{"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"}, {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"}]}
        self.decision = zen.ZenEngine().create_decision(json.dumps(content))

    def run(self):
        latencies, start = [], time.perf_counter()
        while time.perf_counter() - start < 3:
            number = len(latencies) % len(self.firms)
            before = time.perf_counter()
            answer = self.decision.evaluate(self.firms[number])["result"]
            latencies.append((time.perf_counter() - before) * 1e6)
            found = sorted(row["id"] for row in answer) if isinstance(answer, list) else []
            if found != self.eligible[number]:
                raise SystemExit(f"zen-engine finds {len(found)} products for firm {number}, not {len(self.eligible[number])}")
        elapsed = time.perf_counter() - start
        latencies.sort()
        return {"rate": len(latencies) / elapsed, "p50_us": latencies[len(latencies) // 2]}


def in_process(context):
    zen = Zen(program(context, "rules", PRODUCTS))
    for name, products, peers in (("10k", 10_000, {"zen-engine": zen.run, "naive": lambda: program(context, "naive", 10_000)}),
                                  ("100k", 100_000, {"naive": lambda: program(context, "naive", 100_000)})):
        results = context.alternate({"ours": lambda: program(context, "match", products), **peers})
        for peer in peers:
            ours, theirs = results["ours"], results[peer]
            yield {**record(f"catalog.match.inproc.{name}", ours, products=products, limit=20), "n": context.rounds, "peer": peer,
                   "peer_value": theirs["rate"], "ratio": ours["rate"] / theirs["rate"]}
    yield record("catalog.search.100k", context.alternate({"ours": lambda: program(context, "search", 100_000)})["ours"], products=100_000)


def product(number):
    """Products that differ in every condition that a firm can fail."""
    low = 100_00 * (number // 19 % 50 + 1)
    members = [
        {"condition": {"industry": {"prefixes": [chr(ord("A") + number % 18)]}}},
        {"condition": {"size": {"sizes": ["SIZE_BAND_SMALL", "SIZE_BAND_MICRO"] if number // 23 % 3 else ["SIZE_BAND_MEDIUM"]}}},
    ]
    return {"productId": f"p{number}", "product": {
        "institution": f"institutions/bank{number % 20}", "instrument": "INSTRUMENT_LOAN", "title": {"zh": f"产品{number}号"},
        "amount": {"min": {"currencyCode": "CNY", "minorUnits": str(low)}, "max": {"currencyCode": "CNY", "minorUnits": str(low * 1000)}},
        "tenor": {"min": {"months": 1}, "max": {"months": 6 + number // 7 % 36}},
        "rate": {"basis": "RATE_BASIS_FIXED", "lowest": {"ppm": str(30_000 + number % 2000)}, "highest": {"ppm": str(40_000 + number % 2000)}},
        "securityModes": ["SECURITY_MODE_CREDIT" if number % 2 else "SECURITY_MODE_GUARANTEE"],
        "serviceRegions": ["3703" if number // 5 % 4 else "3709"], "eligibility": {"allOf": {"members": members}}}}


def fill(catalog, products):
    for number in range(20):
        catalog.call(f"{SERVICE}/CreateInstitution", {
            "requestId": f"bank{number}", "institutionId": f"bank{number}",
            "institution": {"kind": "INSTITUTION_KIND_BANK", "nameZh": f"银行{number}", "serviceRegions": ["37"]}})
    for start in range(0, products, 500):
        answer = catalog.call(f"{SERVICE}/BatchImportProducts", {
            "requestId": f"batch{start}", "submit": True, "asOf": DATE, "rows": [product(number) for number in range(start, start + 500)]})
        assert answer["created"] == 500, answer["results"][0]
    # Four eyes here, too: revision 1 is the draft handed in, 2 what waits for review, 3 what was approved.
    steps = {}
    for step, request in (("ReviewProduct", {"etag": "2", "decision": "REVIEW_DECISION_APPROVE"}), ("PublishProduct", {"etag": "3", "asOf": DATE})):
        steps[step] = catalog.load(f"{SERVICE}/{step}", {"requestId": f"{step}-{{n}}", "name": "products/p{n}", **request}, "--requests", products,
                                   who=OFFICER)
    return steps


def visible(catalog, request):
    """From asking to publish to the answer, after which the product is found; medians of 30 products, each checked."""
    request = {**request, "limit": 200}
    latencies = []
    for number in range(30):
        name = f"fresh{number}"
        row = {key: product(2)["product"][key] for key in ("institution", "instrument", "title")} | {
            "rate": {"basis": "RATE_BASIS_FIXED", "lowest": {"ppm": "1"}}, "process": {"workingDays": 0}, "tenor": {"max": {"months": 36}},
            "amount": {"max": {"currencyCode": "CNY", "minorUnits": "100000000000"}}, "securityModes": ["SECURITY_MODE_CREDIT"]}
        etag = catalog.call(f"{SERVICE}/CreateProduct", {"requestId": f"create-{name}", "productId": name, "product": row})["etag"]
        etag = catalog.call(f"{SERVICE}/SubmitProduct", {"requestId": f"submit-{name}", "name": f"products/{name}", "etag": etag})["etag"]
        etag = catalog.call(f"{SERVICE}/ReviewProduct", {
            "requestId": f"review-{name}", "name": f"products/{name}", "etag": etag, "decision": "REVIEW_DECISION_APPROVE"}, who=OFFICER)["etag"]
        result = catalog.load(f"{SERVICE}/PublishProduct", {"requestId": f"publish-{name}", "name": f"products/{name}", "etag": etag}, "--callers", 1,
                              "--requests", 1)
        latencies.append(result["max_us"])
        found = catalog.call(f"{SERVICE}/MatchProducts", request)
        assert any(match["product"] == f"products/{name}" for match in found["matches"]), name
    latencies.sort()
    middle = latencies[len(latencies) // 2]
    return {"bench": "catalog.publish.visible", "value": middle, "unit": "us", "n": len(latencies), "p50_us": middle, "p99_us": latencies[-1],
            "max_us": latencies[-1], "products": PRODUCTS}


def run(context):
    yield from in_process(context)
    with loaded(context, "catalog") as catalog:
        steps = fill(catalog, PRODUCTS)
        yield record("catalog.publish.64", steps["PublishProduct"], callers=64, products=PRODUCTS)
        numbers = catalog.file("numbers", map(str, range(PRODUCTS)))

        def get(requests, *more):
            return catalog.load(f"{SERVICE}/GetProduct", {"name": "products/p{v}"}, "--values", numbers, "--requests", requests, *more)

        # Each product once, from the store; then again, as it is kept.
        yield record("catalog.get.first", get(PRODUCTS), callers=64, products=PRODUCTS)
        for name, more in (("catalog.get", ["--undecoded"]), ("catalog.get.decoded", [])):
            results = [get(60_000, *more) for _ in range(context.rounds)]
            yield {**record(name, context.median(results), callers=64, products=PRODUCTS), "n": context.rounds}
        request = {
            "firm": {"regionCode": "370303", "industryCode": "C13", "size": "SIZE_BAND_SMALL"}, "limit": 20,
            "need": {"amount": {"currencyCode": "CNY", "minorUnits": "30000000"}, "tenor": {"months": 12}}}
        found = catalog.call(f"{SERVICE}/MatchProducts", request)
        assert found["consideredCount"] == PRODUCTS and len(found["matches"]) == 20, found
        # Firms of every section take turns; what fits them differs.
        firms = {**request, "firm": {**request["firm"], "industryCode": "{v}"}}
        industries = catalog.file("industries", INDUSTRIES)
        # Replies as bytes, so that the service is measured and not what this client makes of twenty matches; then decoded.
        for name, more in (("catalog.match.rpc.10k", ["--undecoded"]), ("catalog.match.rpc.10k.decoded", [])):
            results = [catalog.load(f"{SERVICE}/MatchProducts", firms, "--values", industries, "--requests", 30_000, *more)
                       for _ in range(context.rounds)]
            yield {**record(name, context.median(results), callers=64, products=PRODUCTS, eligible=found["eligibleCount"]), "n": context.rounds}
        yield record("catalog.page.10k", catalog.load(f"{SERVICE}/ListProducts", {"pageSize": 50}, "--callers", 1, "--requests", 2000), callers=1,
                     products=PRODUCTS)
        yield record("catalog.search.rpc.10k", catalog.load(f"{SERVICE}/SearchProducts", {"query": "产品", "pageSize": 20, "includeFacets": True},
                                                            "--callers", 1, "--requests", 2000), callers=1, products=PRODUCTS)
        yield visible(catalog, request)
