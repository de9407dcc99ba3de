"""Runs a scenario folder through a real fund process: `scenario.yaml` beside the `README.md` that explains it.

A scenario names its policy packs and its steps. A step calls an RPC as a person, and says what it expects or by which reason
it is refused:

    - step: The bank claims one 分 too much.
      call: ClaimGuarantee
      as: bank
      with: {name: $loan.name, principal: ¥0.01, business_date: 2024-06-01}
      refused: LIMIT_EXCEEDED
      field: principal

Money is written ¥5000000.01, a rate 1 % or 100 ppm, a day 2020-12-31, a code of a list by its last words (`small`); `$x.name`
is a field of the reply that a step saved as x. `expect` compares the fields that it names, `holds` asks for parts of a text, `cites`
the rules, `balances` the posted balances on the normal sides after the step.
"""

import datetime
import re

import grpc
import yaml

from conftest import caller
from fund_traces import Traces

PEOPLE = {
    "maker": caller("fund", "operator", subject="wang"),
    "checker": caller("fund", "operator", subject="li"),
    "cashier": caller("fund", "operator", subject="zhou"),
    "auditor": caller("fund", "operator", subject="qian"),
    "bank": caller("bank-a", "institution", "37", "zhao"),
    "other bank": caller("bank-b", "institution", "37", "sun"),
    "insider": caller("bank-a", "operator", "37", "zhao"),
}
SERVICES = {"fund_service": "FundService", "compensation_service": "CompensationService", "subsidy_service": "SubsidyService",
            "renewal_service": "RenewalService", "reconciliation_service": "ReconciliationService"}
COLUMN = {"money": re.compile(r"^(¥|\$)(-?[\d_ ,]+)(?:\.(\d{2}))?$"), "rate": re.compile(r"^(-?[\d.]+) ?%$"), "ppm": re.compile(r"^(-?\d+) ?ppm$")}


def minor(text):
    match = COLUMN["money"].match(str(text))
    assert match, f"{text!r} is no amount of money"
    whole, cents = int(re.sub(r"[_ ,]", "", match[2])), int(match[3] or 0)
    return {"¥": "CNY", "$": "USD"}[match[1]], whole * 100 + (-cents if match[2].startswith("-") else cents)


def ppm(text):
    if match := COLUMN["ppm"].match(str(text)):
        return int(match[1])
    match = COLUMN["rate"].match(str(text))
    assert match, f"{text!r} is no rate"
    whole, _, part = match[1].partition(".")
    return int(whole + (part + "0000")[:4])


def date(text):
    day = text if isinstance(text, datetime.date) else datetime.date.fromisoformat(str(text))
    return {"year": day.year, "month": day.month, "day": day.day}


def of_enum(descriptor, text):
    found = [name for name in descriptor.values_by_name if name.endswith("_" + str(text).upper().replace(" ", "_"))]
    found = min(found, key=len, default=None)
    assert found, f"{descriptor.name} has no {text!r}"
    return found


def value(field, text):
    """A value as the scenario writes it, in the form of proto3 JSON that the field takes."""
    if field.message_type is not None:
        name = field.message_type.name
        if name == "Money":
            currency, amount = minor(text)
            return {"currency_code": currency, "minor_units": str(amount)}
        if name == "Rate":
            return {"ppm": str(ppm(text))}
        if name == "Date":
            return date(text)
        if name == "Evidence" and isinstance(text, str):
            return {"kind": text, "reference": f"archive/{text}"}
        return message(field.message_type, text)
    if field.enum_type is not None:
        return of_enum(field.enum_type, text)
    if isinstance(text, str) and text.startswith(("¥", "$")) and field.name.endswith("_minor"):
        return str(minor(text)[1])
    if field.type == field.TYPE_BYTES:
        import base64

        return base64.b64encode(text.encode()).decode()
    return text


def message(descriptor, fields):
    out = {}
    for name, text in (fields or {}).items():
        field = descriptor.fields_by_name.get(name)
        assert field is not None, f"{descriptor.name} has no field {name}"
        repeated = isinstance(text, list)
        out[name] = [value(field, each) for each in text] if repeated else value(field, text)
    return out


class Refusal(Exception):
    def __init__(self, error, stubs):
        self.text = error.details()
        self.reason, self.fields, self.metadata = "", [], {}
        from google.rpc import error_details_pb2, status_pb2

        raw = dict(error.trailing_metadata() or {}).get("grpc-status-details-bin", b"")
        for detail in status_pb2.Status.FromString(raw).details:
            for kind, take in ((error_details_pb2.ErrorInfo, self.info), (error_details_pb2.BadRequest, self.bad)):
                if detail.Is(kind.DESCRIPTOR):
                    each = kind()
                    detail.Unpack(each)
                    take(each)
        super().__init__(f"{self.reason} {self.fields}: {self.text}")

    def info(self, info):
        self.reason, self.metadata = info.reason, dict(info.metadata)

    def bad(self, bad):
        self.fields = [each.field for each in bad.field_violations]


class Scenario:
    def __init__(self, path, address, stubs):
        self.story = yaml.safe_load((path / "scenario.yaml").read_text())
        self.stubs, self.saved, self.number, self.pools = stubs, {}, 0, []
        self.channel = grpc.insecure_channel(address)
        self.methods, self.traces = {}, Traces(self.call)
        for module, name in SERVICES.items():
            messages, services = getattr(stubs, f"fund__{module}_pb2"), getattr(stubs, f"fund__{module}_pb2_grpc")
            for method in messages.DESCRIPTOR.services_by_name[name].methods:
                self.methods[method.name] = (method, getattr(services, f"{name}Stub")(self.channel))

    def run(self):
        for index, step in enumerate(self.story["steps"], 1):
            label = f"step {index}: {step.get('step', step['call'])}"
            try:
                self.take(step)
            except (AssertionError, Refusal, grpc.RpcError) as error:
                raise AssertionError(f"{label}\n  {error}") from error
        for pool in self.pools:
            trial = self.call("GetTrialBalance", {"pool": pool}, "maker")
            assert trial.difference == 0 and trial.debits_posted == trial.credits_posted, pool
        self.traces.follow()
        for chain in ("transfers", "events"):
            assert self.call("VerifyChain", {"chain": chain}, "maker").intact, chain
        self.channel.close()

    def call(self, method, fields, who):
        from google.protobuf import json_format, message_factory

        descriptor, stub = self.methods[method]
        request = message_factory.GetMessageClass(descriptor.input_type)()
        json_format.ParseDict(message(descriptor.input_type, self.resolve(fields)), request)
        if "request_id" in descriptor.input_type.fields_by_name:
            self.number += 1
            request.request_id = f"s-{self.number}"
        try:
            return getattr(stub, method)(request, metadata=[("x-huirong-caller", PEOPLE[who])], timeout=20)
        except grpc.RpcError as error:
            raise Refusal(error, self.stubs) from error

    def resolve(self, tree):
        if isinstance(tree, dict):
            return {key: self.resolve(each) for key, each in tree.items()}
        if isinstance(tree, list):
            return [self.resolve(each) for each in tree]
        if isinstance(tree, str) and re.match(r"^\$[a-z]\w*\.", tree):
            reply = self.saved[tree[1:].split(".")[0]]
            for name in tree.split(".")[1:]:
                reply = reply[int(name)] if name.isdigit() else getattr(reply, name)
            return reply
        return tree

    def take(self, step):
        times = step.get("times", 1)
        for turn in range(1, times + 1):
            self.take_once(step if times == 1 else yaml.safe_load(yaml.safe_dump(step, allow_unicode=True).replace("{n}", str(turn))))

    def take_once(self, step):
        try:
            reply = self.call(step["call"], step.get("with", {}), step.get("as", "maker"))
        except Refusal as refusal:
            assert "refused" in step, refusal
            assert refusal.reason == step["refused"], f"expected {step['refused']}, got {refusal}"
            if "field" in step:
                assert step["field"] in refusal.fields, f"expected the field {step['field']}, got {refusal}"
            for key, text in step.get("metadata", {}).items():
                assert refusal.metadata.get(key) == str(self.resolve(text)), f"{key} of {refusal.metadata}"
            assert step.get("says", "") in refusal.text, refusal
            return
        assert "refused" not in step, f"not refused, but answered {reply}"
        if step["call"] == "CreatePool":
            self.pools.append(reply.name)
        self.traces.meet(reply)
        self.last = reply
        self.compare(reply, step.get("expect", {}), step["call"])
        cited = {each.rule_id for each in getattr(reply, "citations", [])}
        assert set(step.get("cites", [])) <= cited, f"cites {sorted(cited)}"
        for name, parts in self.resolve(step.get("holds", {})).items():
            for part in parts:
                assert self.resolve(part) in getattr(reply, name), f"{name} does not hold {part!r}: {getattr(reply, name)}"
        if "save" in step:
            self.saved[step["save"]] = reply
        for account, amount in step.get("balances", {}).items():
            found = self.call("GetAccount", {"name": f"accounts/{account}"}, "maker").balance
            assert (found.currency_code, found.minor_units) == minor(amount), f"{account} stands at {found.minor_units}, not {amount}"

    def compare(self, reply, expected, path):
        for name, wanted in self.resolve(expected).items():
            field = reply.DESCRIPTOR.fields_by_name.get(name)
            assert field is not None, f"{path} answers no {name}"
            found = getattr(reply, name)
            if wanted is None:
                assert not reply.HasField(name), f"{path}.{name} is {found}"
            elif isinstance(wanted, list):
                assert len(found) == len(wanted), f"{path}.{name} has {len(found)} parts, not {len(wanted)}: {found}"
                for index, (one, each) in enumerate(zip(found, wanted)):
                    self.one(field, one, each, f"{path}.{name}[{index}]")
            else:
                self.one(field, found, wanted, f"{path}.{name}")

    def one(self, field, found, wanted, path):
        if field.message_type is not None and isinstance(wanted, dict):
            return self.compare(found, wanted, path)
        if field.message_type is not None:
            wanted = value(field, wanted)
            found = {name: str(getattr(found, name)) for name in wanted}
            wanted = {name: str(each) for name, each in wanted.items()}
        elif field.enum_type is not None:
            found, wanted = field.enum_type.values_by_number[found].name, of_enum(field.enum_type, wanted)
        else:
            wanted = value(field, wanted)
            found, wanted = (str(found), str(wanted)) if not isinstance(found, bool) else (found, wanted)
        assert found == wanted, f"{path} is {found}, not {wanted}, in {self.last}"
