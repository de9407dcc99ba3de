#!/usr/bin/env python3
"""An analyst's first hour: facts by region and month as a pandas table, and a published ranking checked and read.

    analyst.py 127.0.0.1:7204 --stubs STUBS --indicator zibo23.loans --digits 4
    analyst.py 127.0.0.1:7204 --stubs STUBS --run runs/0123… --as 'organisation=…;role=analyst;region=;subject=…'

STUBS is a folder with the Python messages of proto/, made once with grpcio-tools:

    python -m grpc_tools.protoc -Iproto --python_out=STUBS --grpc_python_out=STUBS $(find proto/huirong -name '*.proto')
"""

import argparse
import importlib
import io
import sys

import grpc
import pandas


class Evaluation:
    """The evaluation service over gRPC, with what an analyst needs of it as data frames."""

    def __init__(self, address, caller, key=None):
        self.channel = grpc.insecure_channel(address)
        self.metadata = [("x-huirong-caller", caller)] if key is None else [("authorization", f"Bearer {key}")]
        self.messages = {}
        for name in ("query", "run", "indicator"):
            self.messages |= vars(importlib.import_module(f"huirong.evaluation.v1.{name}_pb2"))
        services = importlib.import_module("huirong.evaluation.v1.evaluation_service_pb2_grpc")
        self.stub = services.EvaluationServiceStub(self.channel)

    def indicators(self):
        request, rows = self.messages["ListIndicatorsRequest"](page_size=1000), []
        while True:
            page = self.stub.ListIndicators(request, metadata=self.metadata, timeout=30)
            rows += [(i.name.removeprefix("indicators/"), i.title_zh, i.title_en, i.basis) for i in page.indicators]
            if not page.next_page_token:
                return pandas.DataFrame(rows, columns=["id", "title_zh", "title_en", "basis"]).set_index("id")
            request.page_token = page.next_page_token

    def facts(self, indicators, months=1, digits=0, dimensions=("PERIOD",), **filters):
        """One row for each indicator and combination of dimensions. Sums are Python integers: nothing is rounded."""
        request = self.messages["QueryFactsRequest"](
            indicator_ids=indicators, period_months=months, region_digits=digits,
            dimensions=[f"QUERY_DIMENSION_{name}" for name in dimensions], **filters)
        rows = [
            (row.indicator_id, row.region, row.peer_group, row.type, row.institution_id, row.period, row.count, int(row.sum), row.mean,
             int(row.last))
            for message in self.stub.StreamFacts(request, metadata=self.metadata, timeout=120) for row in message.rows]
        columns = ["indicator", "region", "peer_group", "type", "institution", "period", "count", "sum", "mean", "last"]
        table = pandas.DataFrame(rows, columns=columns)
        return table[[c for c in columns if not (table[c].astype(str) == "").all()]]

    def ranking(self, run):
        request = self.messages["ExportRunRequest"](name=run, format="EXPORT_FORMAT_CSV")
        data = b"".join(chunk.data for chunk in self.stub.ExportRun(request, metadata=self.metadata, timeout=120))
        return pandas.read_csv(io.BytesIO(data), dtype={"institution_id": str, "grade": str}, keep_default_na=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--stubs", required=True)
    parser.add_argument("--as", dest="caller", default="organisation=analyst;role=analyst;region=;subject=analyst")
    parser.add_argument("--key", help="API key instead of a development caller")
    parser.add_argument("--indicator", action="append", default=[])
    parser.add_argument("--digits", type=int, default=0, help="tell regions apart by so many digits of their code")
    parser.add_argument("--run")
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.stubs)
    evaluation = Evaluation(arguments.address, arguments.caller, arguments.key)
    if arguments.indicator:
        dimensions = ("REGION", "PERIOD") if arguments.digits else ("PERIOD",)
        facts = evaluation.facts(arguments.indicator, digits=arguments.digits, dimensions=dimensions)
        keys = [name for name in ("indicator", "region") if name in facts]
        table = facts.pivot_table(index="period", columns=keys, values="sum", aggfunc="first")
        print(table.to_string())
        print((table.astype(float).pct_change(fill_method=None) * 100).round(2).to_string())
    if arguments.run:
        table = evaluation.ranking(arguments.run)
        ranked = table[table["rank"] > 0]
        print(ranked.head(20).to_string(index=False))
        print(ranked["total_points"].describe().to_string())


if __name__ == "__main__":
    main()
