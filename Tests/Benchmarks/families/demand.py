"""The demand service: an import of firms from CSV and in batches, durable submissions by 64 callers, then point reads, a page of every
documented filter in both orders and the figures of a city over 100 000 and (with --rows 1000000) a million demands, and a thousand who
follow the log."""

import base64
import json
import pathlib
import subprocess
import threading

from families.loaded import loaded, record, uscc

FIRMS = 50_000
ROWS = 1000
SMALL = 100_000
SERVICE = "demand.v1.DemandService/"
# What the followed part of the log is made of, and who follows.
EVENTS, WATCHERS = 10_000, 1000


def run(context):
    with loaded(context, "demand") as process:
        demand = Demand(process)
        yield from demand.firms()
        yield record("demand.submit.64", demand.submit(50_000), callers=64, firms=FIRMS)
        demand.submit(SMALL - demand.submitted)
        demand.hand_on()
        small = demand.measure()
        for name, result in small.items():
            yield record(f"demand.{name}.100k", result, **result.get("extra", {}), demands=demand.submitted)
        while demand.submitted < context.rows:
            demand.submit(min(100_000, context.rows - demand.submitted))
        if context.rows > SMALL:
            yield record("demand.submit.64.1m", demand.submit(50_000), callers=64, firms=FIRMS, demands=demand.submitted)
            for name, result in demand.measure().items():
                before = small[name]["rate"]
                yield record(f"demand.{name}.1m", result, **result.get("extra", {}), demands=demand.submitted, peer="100 000 demands",
                             peer_value=before, ratio=result["rate"] / before)
        yield from demand.watch(context)
        demand.check()


class Demand:
    def __init__(self, process):
        self.process, self.submitted = process, 0

    def call(self, method, request, **more):
        return self.process.call(SERVICE + method, request, **more)

    def load(self, method, request, *more):
        return self.process.load(SERVICE + method, request, *more)

    def firms(self):
        """Half of the firms come as CSV files, half as batches of messages."""
        rows = [(uscc(number), f"企业{number}", f"3703{number % 8 + 1:02d}", "C13", "B") for number in range(FIRMS)]
        self.codes = self.process.file("firms.txt", [row[0] for row in rows])
        parts = [rows[start:start + ROWS] for start in range(0, FIRMS, ROWS)]
        half = len(parts) // 2
        header = "uscc,display_name,region_code,industry_code,platform_grade\n"
        files = [base64.b64encode((header + "".join(",".join(row) + "\n" for row in part)).encode()).decode() for part in parts[:half]]
        values = self.process.file("imports.txt", files)
        result = self.load("ImportEnterprises", {"requestId": "import-{n}", "csv": "{v}"}, "--values", values, "--callers", 4,
                           "--requests", half)
        yield self.rows("demand.import", result)
        fields = ("uscc", "displayName", "regionCode", "industryCode", "platformGrade")
        batches = [json.dumps([dict(zip(fields, (*row[:4], f"PLATFORM_GRADE_{row[4]}"))) for row in part]) for part in parts[half:]]
        values = self.process.file("batches.txt", batches)
        result = self.load("BatchRegisterEnterprises", '{"requestId": "batch-{n}", "enterprises": {v}}', "--values", values, "--callers", 4,
                           "--requests", len(parts) - half)
        yield self.rows("demand.import.batch", result)
        page = self.call("ListEnterprises", {"pageSize": 1, "orderBy": "create_time desc"})
        assert page["enterprises"] and page["nextPageToken"], page

    @staticmethod
    def rows(bench, result):
        return {**record(bench, result, callers=4, rows_per_call=ROWS), "value": result["rate"] * ROWS, "unit": "rows/s"}

    def submit(self, count):
        result = self.load("SubmitDemand", {
            "requestId": "s-{n}", "demand": {
                "enterprise": "enterprises/{v}", "amount": {"currencyCode": "CNY", "minorUnits": "10{n}"}, "tenorMonths": 12,
                "purpose": "补充流动资金", "securityMode": "SECURITY_MODE_CREDIT", "instrument": "INSTRUMENT_LOAN",
                "channel": "CHANNEL_ONLINE"}}, "--values", self.codes, "--requests", count, "--first", self.submitted, "--undecoded")
        self.submitted += count
        return result

    def hand_on(self):
        """Some of the demands are judged, pushed in both modes and claimed, so that every filter finds something."""
        names = self.names(6000)
        for method, part, more in (
                ("AssessDemand", names, {}), ("PushDemand", names[:2000], {"mode": "PUSH_MODE_OPEN"}),
                ("PushDemand", names[2000:4000], {"mode": "PUSH_MODE_DIRECTED", "candidates": [{"institution": "bank-a"}]}),
                ("ClaimDemand", names[:1000], {"institution": "bank-a"})):
            values = self.process.file("part.txt", part)
            key = f"{method}-{more.get('mode', '')}-"
            self.load(method, {"requestId": key + "{n}", "name": "{v}", **more}, "--values", values, "--requests", len(part))
        self.sample = self.names(9000)[::3]

    def names(self, count):
        names, token = [], ""
        while len(names) < count:
            page = self.call("ListDemands", {"pageSize": 1000, "pageToken": token})
            names += [each["name"] for each in page["demands"]]
            token = page["nextPageToken"]
        return names[:count]

    def measure(self):
        values = self.process.file("names.txt", self.sample)
        results = {"read": self.load("GetDemand", {"name": "{v}"}, "--values", values, "--callers", 1, "--requests", 10_000)}
        pages = {}
        for filter in self.filters():
            for order in ("", "create_time desc"):
                pages[f"{filter} {order}".strip()] = self.load(
                    "ListDemands", {"pageSize": 50, "filter": filter, "orderBy": order}, "--callers", 1, "--requests", 200)
        slowest = max(pages, key=lambda name: pages[name]["p99_us"])
        results["page"] = {**pages[slowest], "extra": {
            "slowest": slowest, "filters": {name: {"p50_us": page["p50_us"], "p99_us": page["p99_us"]} for name, page in pages.items()}}}
        results["figures"] = self.load(
            "ReportFigures", {"regionPrefix": "3703", "dimension": "FIGURE_DIMENSION_REGION"}, "--callers", 1, "--requests", 3)
        return results

    @staticmethod
    def filters():
        """Every documented filter alone, and those that a desk puts together; the last ones find nothing."""
        firm, bank = f'enterprise = "enterprises/{uscc(7)}"', '"bank-a"'
        places = [f'region_code = "{code}"' for code in ("37*", "3703*", "370302*", "370302")]
        return [
            "", "state = SUBMITTED", "state = PUSHED", "state = HARD", "push_mode = OPEN", "push_mode = DIRECTED", firm,
            f"claimed_institution = {bank}", f"target_institution = {bank}", *places, *(f"{place} AND state = CLAIMED" for place in places),
            "state = PUSHED AND push_mode = OPEN", *(f"{place} AND state = PUSHED AND push_mode = OPEN" for place in places[:3]),
            *(f"{place} AND push_mode = DIRECTED" for place in places[:3]), f"target_institution = {bank} AND state = CLAIMED",
            f"claimed_institution = {bank} AND state = SIGNED", f"{firm} AND state = SUBMITTED", f"{firm} AND state = CLOSED",
            "state = EXPIRED",
            "state = SUBMITTED AND push_mode = OPEN"]

    def watch(self, context):
        """All follow from the present head while the events come in; what the process needs beyond its rest is the price."""
        head = int(self.call("SummarizeDemands", {})["asOfSequence"])
        rest = self.process.running.resident()
        client = subprocess.Popen(
            [str(pathlib.Path(context.binaries) / "huirong-demand-bench"), *map(str, (self.process.port, WATCHERS, head, EVENTS))],
            stdout=subprocess.PIPE, text=True)
        assert client.stdout.readline() == "ready\n"
        peak = Peak(self.process.running)
        submitted = self.submit(EVENTS)
        last = client.stdout.readline()
        if client.wait(600) != 0:
            raise SystemExit(f"huirong-demand-bench ended with {client.returncode}")
        result = json.loads(last)
        yield {"bench": f"demand.watch.{WATCHERS}", "value": result["rate"], "unit": "1/s", "n": 1, "events": EVENTS, "watchers": WATCHERS,
               "seconds": result["seconds"], "submit_rate": submitted["rate"], "rest_mib": rest, "peak_mib": peak.stop()}

    def check(self):
        total = self.call("SummarizeDemands", {})["total"]
        reached = {entry["state"]: int(entry["count"]) for entry in total["reached"]}
        assert max(reached.values()) == self.submitted, total
        claimed = self.call("ListDemands", {"pageSize": 1000, "filter": 'claimed_institution = "bank-a"'})
        assert len(claimed["demands"]) == 1000


class Peak:
    """Resident memory at its highest, sampled."""

    def __init__(self, running):
        self.running, self.highest, self.ended = running, 0, threading.Event()
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()

    def sample(self):
        while not self.ended.wait(0.2):
            self.highest = max(self.highest, self.running.resident())

    def stop(self):
        self.ended.set()
        self.thread.join()
        return self.highest
