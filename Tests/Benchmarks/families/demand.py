"""The demand service: durable submissions by 64 callers, then point reads and filtered pages over 100 000 and (with --rows 1000000) a
million demands."""

from families.loaded import loaded, record, uscc

FIRMS = 1000
SMALL = 100_000


def run(context):
    with loaded(context, "demand") as demand:
        firms = [uscc(number) for number in range(FIRMS)]
        registered = demand.call("demand.v1.DemandService/BatchRegisterEnterprises", {
            "requestId": "firms", "enterprises": [
                {"uscc": firm, "displayName": f"企业{number}", "regionCode": f"3703{number % 8 + 1:02d}", "industryCode": "C13",
                 "platformGrade": "PLATFORM_GRADE_B"} for number, firm in enumerate(firms)]})
        assert registered["registered"] == FIRMS, registered
        values = demand.file("firms.txt", firms)
        submitted = 0

        def submit(count):
            nonlocal submitted
            result = demand.load(
                "demand.v1.DemandService/SubmitDemand", {
                    "requestId": "s-{n}", "demand": {
                        "enterprise": "enterprises/{v}", "amount": {"currencyCode": "CNY", "minorUnits": "100{n}"}, "tenorMonths": 12,
                        "purpose": "补充流动资金", "securityMode": "SECURITY_MODE_CREDIT", "instrument": "INSTRUMENT_LOAN", "channel": "CHANNEL_ONLINE"}},
                "--values", values, "--requests", count, "--first", submitted)
            submitted += count
            return result

        yield record("demand.submit.64", submit(50_000), callers=64)
        submit(SMALL - submitted)
        small = list(reads(demand))
        while submitted < context.rows:
            submit(min(100_000, context.rows - submitted))
        large = list(reads(demand)) if context.rows > SMALL else []
        for name, result in small:
            yield record(f"demand.{name}.100k", result, callers=1, demands=SMALL)
        for (name, result), (_, before) in zip(large, small):
            yield record(f"demand.{name}.1m", result, callers=1, demands=submitted, peer="100 000 demands", peer_value=before["rate"],
                         ratio=result["rate"] / before["rate"])
        total = demand.call("demand.v1.DemandService/SummarizeDemands", {})["total"]
        reached = {entry["state"]: int(entry["count"]) for entry in total["reached"]} if isinstance(total["reached"], list) else total["reached"]
        assert submitted in [int(value) for value in reached.values()], total


def reads(demand):
    names, token = [], ""
    for _ in range(10):
        page = demand.call("demand.v1.DemandService/ListDemands", {"pageSize": 1000, "pageToken": token})
        names += [each["name"] for each in page["demands"]]
        token = page["nextPageToken"]
    values = demand.file("names.txt", names[::3])
    yield "read", demand.load("demand.v1.DemandService/GetDemand", {"name": "{v}"}, "--values", values, "--callers", 1, "--requests", 10_000)
    yield "page", demand.load(
        "demand.v1.DemandService/ListDemands", {"pageSize": 50, "filter": "state = SUBMITTED"}, "--callers", 1, "--requests", 1000)
