#!/usr/bin/env python3
"""A bank keeps the city's catalog in step with its own product table, over gRPC, from Python.

    pip install grpcio grpcio-tools googleapis-common-protos
    export CATALOG="--server localhost:7202 --key-file author.key"      # --ca city.pem where the catalog speaks TLS
    bank_sync.py $CATALOG send products.jsonl                            # writes what is new or changed and hands it in
    bank_sync.py --server localhost:7202 --key-file officer.key approve bank-a   # a second person approves and publishes
    bank_sync.py $CATALOG follow bank-a --state bank_sync.state          # prints every later change of the bank's products

products.jsonl holds one product a line, in the JSON form of huirong.catalog.v1.Product:

    {"productId": "bank-a-quick", "product": {"institution": "institutions/bank-a", "instrument": "INSTRUMENT_LOAN",
     "title": {"zh": "快贷"}, "amount": {"max": {"currencyCode": "CNY", "minorUnits": "100000000"}}}}

What to take from it: a request id that is made from what is asked, so that a call whose answer was lost can be sent again and happens
once; the etag that a change is based on; the reason and the field in an error's details; following a stream from the last sequence.
Ends with 0, with 1 when something was refused, with 3 when the catalog could not be asked.
"""

import argparse
import hashlib
import importlib
import json
import pathlib
import sys
import tempfile
import time

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
TIMEOUT_SECONDS = 10
# After each try that nobody answered.
PAUSES_SECONDS = (0.1, 0.4, 1.6, 0)
# What may have happened or not: the same request, sent again under the same request id, happens once.
UNCERTAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


def stubs(folder):
    """Generates messages and stubs from the suite's proto files. A real project does this once, when it is built."""
    from grpc_tools import protoc

    include = pathlib.Path(protoc.__file__).parent / "_proto"
    files = [str(path.relative_to(PROTO)) for package in ("common", "catalog") for path in (PROTO / "huirong" / package).rglob("*.proto")]
    if protoc.main(["protoc", f"-I{PROTO}", f"-I{include}", f"--python_out={folder}", f"--grpc_python_out={folder}", *files]):
        raise SystemExit("protoc failed")
    sys.path.insert(0, folder)
    return (importlib.import_module("huirong.catalog.v1.product_pb2"), importlib.import_module("huirong.catalog.v1.catalog_service_pb2"),
            importlib.import_module("huirong.catalog.v1.catalog_service_pb2_grpc"))


class Refused(Exception):
    """The catalog's answer to a call that it did not carry out."""

    def __init__(self, error):
        self.code, self.reason, self.field = error.code(), "", ""
        self.text = error.details()
        for key, value in error.trailing_metadata() or ():
            if key != "grpc-status-details-bin":
                continue
            for detail in status_pb2.Status.FromString(value).details:
                info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
                if detail.Unpack(info):
                    self.reason = info.reason
                elif detail.Unpack(bad) and bad.field_violations:
                    self.field = bad.field_violations[0].field
        super().__init__(f"{self.reason or self.code.name} {self.field}: {self.text}".replace(" :", ":"))


class Unreachable(Exception):
    """No answer, however often it was asked."""


class Catalog:
    def __init__(self, options, folder):
        self.messages, self.service, generated = stubs(folder)
        if options.ca:
            credentials = grpc.ssl_channel_credentials(pathlib.Path(options.ca).read_bytes())
            self.channel = grpc.secure_channel(options.server, credentials)
        else:
            self.channel = grpc.insecure_channel(options.server)
        self.stub = generated.CatalogServiceStub(self.channel)
        if options.key_file:
            self.metadata = [("authorization", f"Bearer {pathlib.Path(options.key_file).read_text().strip()}")]
        else:
            self.metadata = [("x-huirong-caller", options.caller)]

    def call(self, method, request):
        """One call; sent again, unchanged, when nobody can say whether it happened."""
        for pause in PAUSES_SECONDS:
            try:
                return getattr(self.stub, method)(request, metadata=self.metadata, timeout=TIMEOUT_SECONDS)
            except grpc.RpcError as error:
                if error.code() not in UNCERTAIN:
                    raise Refused(error) from None
                last = error
                time.sleep(pause)
        raise Unreachable(f"{last.code().name}: {last.details()}")

    def command(self, method, request):
        """A call that changes something. Its request id is made from all it says and from who says it: ids are the organisation's, and
        what one officer was refused is not the answer to another."""
        said = [method, request.SerializeToString(deterministic=True), self.metadata]
        request.request_id = f"bank-sync-{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"
        return self.call(method, request)


def send(catalog, options):
    """Creates or updates each product of the file, and hands in what is not published or waiting yet."""
    refused = 0
    for number, line in enumerate(pathlib.Path(options.file).read_text().splitlines(), 1):
        if not line.strip():
            continue
        row = json.loads(line)
        try:
            print(f"line {number}: products/{row['productId']} {enter(catalog, row)}")
        except (Refused, json_format.ParseError) as error:
            print(f"line {number}: products/{row.get('productId')} refused: {error}")
            refused += 1
    return 1 if refused else 0


def enter(catalog, row):
    messages = catalog.messages
    wanted = json_format.ParseDict(row["product"], messages.Product())
    name = f"products/{row['productId']}"
    try:
        stored = catalog.call("GetProduct", messages.GetProductRequest(name=name))
    except Refused as error:
        if error.reason != "RESOURCE_NOT_FOUND":
            raise
        stored = catalog.command("CreateProduct", messages.CreateProductRequest(product_id=row["productId"], product=wanted))
    else:
        wanted.name = name
        # An empty mask replaces all terms; equal terms make no new version. Somebody who was faster shows as ETAG_MISMATCH.
        stored = catalog.command("UpdateProduct", messages.UpdateProductRequest(product=wanted, etag=stored.etag))
    if stored.published_version == stored.version or stored.review.state in (messages.REVIEW_STATE_SUBMITTED, messages.REVIEW_STATE_APPROVED):
        return f"version {stored.version} unchanged"
    stored = catalog.command("SubmitProduct", messages.SubmitProductRequest(name=name, etag=stored.etag))
    return f"version {stored.version} handed in"


def approve(catalog, options):
    """Approves and publishes what waits; the catalog refuses whoever wrote it or handed it in."""
    messages, refused, token = catalog.messages, 0, ""
    while True:
        page = catalog.call("ListProducts", messages.ListProductsRequest(filter=f'institution = "institutions/{options.institution}"', page_token=token))
        for product in page.products:
            if product.review.state != messages.REVIEW_STATE_SUBMITTED:
                continue
            try:
                reviewed = catalog.command("ReviewProduct", messages.ReviewProductRequest(
                    name=product.name, etag=product.etag, decision=messages.REVIEW_DECISION_APPROVE))
                answer = catalog.command("PublishProduct", messages.PublishProductRequest(name=product.name, etag=reviewed.etag))
                print(f"{product.name} version {answer.product.published_version} published")
            except Refused as error:
                print(f"{product.name} refused: {error}")
                refused += 1
        token = page.next_page_token
        if not token:
            return 1 if refused else 0


def follow(catalog, options):
    """Prints the changes of the bank's products after the last one it has seen, and remembers where it is."""
    state = pathlib.Path(options.state)
    after = int(state.read_text()) if state.exists() else 0
    stream = catalog.stub.WatchProducts(catalog.service.WatchProductsRequest(after_sequence=after), metadata=catalog.metadata)
    try:
        left = options.events
        for event in stream:
            if event.WhichOneof("subject") == "product" and event.product.institution == f"institutions/{options.institution}":
                print(f"{event.header.sequence} {event.header.type} {event.product.name} version {event.product.version}", flush=True)
                left -= 1
            # Only what was dealt with is behind us: after a crash the rest comes again.
            state.write_text(str(event.header.sequence))
            if left == 0:
                stream.cancel()
                return 0
    except grpc.RpcError as error:
        raise Refused(error) from None
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default="localhost:7202", help="host:port of the catalog's gRPC listener")
    parser.add_argument("--key-file", help="file with the API key")
    parser.add_argument("--caller", default="", help="instead of a key, in development mode: organisation=…;role=institution;region=;subject=…")
    parser.add_argument("--ca", help="PEM file of the authority that vouches for the server; without it the connection is not encrypted")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("send", help="enter a file of products and hand them in")
    verb.add_argument("file")
    verb = verbs.add_parser("approve", help="approve and publish what a colleague handed in")
    verb.add_argument("institution")
    verb = verbs.add_parser("follow", help="print later changes")
    verb.add_argument("institution")
    verb.add_argument("--state", default="bank_sync.state", help="file that remembers the last sequence")
    verb.add_argument("--events", type=int, default=0, help="end after so many; 0 never ends")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog(options, folder)
        try:
            return {"send": send, "approve": approve, "follow": follow}[options.verb](catalog, options)
        except Refused as error:
            print(f"bank_sync: {error}", file=sys.stderr)
            return 1
        except Unreachable as error:
            print(f"bank_sync: {options.server} does not answer: {error}", file=sys.stderr)
            return 3
        finally:
            catalog.channel.close()


if __name__ == "__main__":
    sys.exit(main())
