"""The catalog: point reads and matches of a firm over 10 000 published products, all over the plain wire."""

from families.loaded import loaded, record

PRODUCTS = 10_000
DATE = {"year": 2026, "month": 1, "day": 5}


def product(number):
    """Products that differ in every condition that a firm can fail."""
    low = 100_00 * (number % 50 + 1)
    members = [
        {"condition": {"industry": {"prefixes": [chr(ord("A") + number % 18)]}}},
        {"condition": {"size": {"bands": ["SIZE_BAND_SMALL", "SIZE_BAND_MICRO"] if number % 3 else ["SIZE_BAND_MEDIUM"]}}},
    ]
    return {"productId": f"p{number}", "product": {
        "institution": f"institutions/bank{number % 20}", "instrument": "INSTRUMENT_LOAN", "title": {"zh": f"产品{number}号"},
        "amount": {"min": {"currencyCode": "CNY", "minorUnits": str(low)}, "max": {"currencyCode": "CNY", "minorUnits": str(low * 1000)}},
        "tenor": {"min": {"months": 1}, "max": {"months": 6 + number % 36}},
        "rate": {"basis": "RATE_BASIS_FIXED", "lowest": {"ppm": str(30_000 + number % 2000)}, "highest": {"ppm": str(40_000 + number % 2000)}},
        "securityModes": ["SECURITY_MODE_CREDIT" if number % 2 else "SECURITY_MODE_GUARANTEE"],
        "serviceRegions": ["3703" if number % 4 else "3709"], "eligibility": {"allOf": {"members": members}}}}


def run(context):
    with loaded(context, "catalog") as catalog:
        service = "catalog.v1.CatalogService"
        for number in range(20):
            catalog.call(f"{service}/CreateInstitution", {
                "requestId": f"bank{number}", "institutionId": f"bank{number}",
                "institution": {"kind": "INSTITUTION_KIND_BANK", "nameZh": f"银行{number}", "serviceRegions": ["37"]}})
        for start in range(0, PRODUCTS, 500):
            answer = catalog.call(f"{service}/BatchImportProducts", {
                "requestId": f"batch{start}", "publish": True, "asOf": DATE, "rows": [product(number) for number in range(start, start + 500)]})
            assert answer["created"] == 500, answer["results"][0]
        yield record("catalog.get", catalog.load(
            f"{service}/GetProduct", {"name": "products/p{v}"}, "--values", catalog.file("numbers", map(str, range(PRODUCTS))), "--requests",
            100_000), callers=64, products=PRODUCTS)
        request = {
            "firm": {"regionCode": "370303", "industryCode": "C13", "size": "SIZE_BAND_SMALL"}, "limit": 20,
            "need": {"amount": {"currencyCode": "CNY", "minorUnits": "30000000"}, "tenor": {"months": 12}}}
        found = catalog.call(f"{service}/MatchProducts", request)
        assert found["consideredCount"] == PRODUCTS and len(found["matches"]) == 20, found
        yield record("catalog.match.rpc.10k", catalog.load(f"{service}/MatchProducts", request, "--requests", 20_000), callers=64, products=PRODUCTS,
                     eligible=found["eligibleCount"])
        yield record("catalog.page.10k", catalog.load(f"{service}/ListProducts", {"pageSize": 50}, "--callers", 1, "--requests", 2000), callers=1,
                     products=PRODUCTS)
