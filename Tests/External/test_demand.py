"""The demand service as a grid worker's tablet and a bank's server meet it, over gRPC: import, 抢单, the log, contact data, 台账, 销号."""

import concurrent.futures
import csv
import io
import itertools
import json
import tempfile

import pytest

from conftest import Suite, caller
from demand_service import BUREAU, GRID, HEADER, Refused, Service, bank, uscc


@pytest.fixture(scope="module")
def service(request, stubs):
    """A demand service with its catalog, and no gateway whose journeys would push the demands by themselves."""
    with tempfile.TemporaryDirectory(prefix="huirong-demand-") as directory:
        suite = Suite(request.config.getoption("--binaries"), directory)
        try:
            for name in ("catalog", "demand"):
                suite.start(name)
            service = Service(suite.address("demand", "grpc"), stubs)
            rows = [f"{uscc(number)},企业{number},370302001,C34,B,industry,50,8000000" for number in range(40)]
            report = service("ImportEnterprises", csv=(HEADER + "\n".join(rows)).encode())
            assert (report.registered, report.refused) == (40, 0)
            yield service
            service.channel.close()
        finally:
            codes = suite.stop()
        assert set(codes.values()) <= {0}


def test_of_an_import_good_rows_are_kept_and_bad_ones_named(service):
    rows = [
        f"{uscc(100)},甲,370302001,C34,B,,,", f"{uscc(100)},甲,370302001,C34,B,,,", f"{uscc(0)},企业0,370302001,C34,B,,,",
        f"{uscc(101)[:-1]}*,乙,370302001,C34,B,,,", f"{uscc(102)},丙,3703020,C34,B,,,", f"{uscc(103)},丁,370302001,C34,Z,,,",
        f"{uscc(104)},戊,370302001,C34", f'{uscc(105)},"己 ""总"", 厂",370302001,C34,A,,,']
    report = service("ImportEnterprises", csv=(HEADER + "\r\n".join(rows) + "\r\n").encode())
    assert [row.error.reason for row in report.rows] == [
        "", "RESOURCE_EXISTS", "RESOURCE_EXISTS", "INVALID_USCC", "INVALID_REGION", "INVALID_ARGUMENT", "DATA_REFUSED", ""]
    assert [row.error.field for row in report.rows][3:6] == ["csv[3].uscc", "csv[4].region_code", "csv[5].platform_grade"]
    assert (report.registered, report.refused) == (2, 6)
    assert service("GetEnterprise", name=f"enterprises/{uscc(105)}").display_name == '己 "总", 厂'
    with pytest.raises(Refused, match="RESOURCE_NOT_FOUND"):
        service("GetEnterprise", name=f"enterprises/{uscc(103)}")
    before = service.head()
    for text, reason in ((HEADER + '"open', "DATA_REFUSED"), ("uscc,colour\n", "DATA_REFUSED"), (HEADER.encode() + b"\xff", "DATA_REFUSED")):
        with pytest.raises(Refused, match=reason):
            service("ImportEnterprises", csv=text if isinstance(text, bytes) else text.encode())
    assert service.head() == before


def test_of_fifty_institutions_exactly_one_wins(service):
    name = service.pushed(uscc(1)).name
    banks = [f"bank-{number}" for number in range(50)]

    def claim(institution):
        try:
            return service("ClaimDemand", bank(institution), name=name).claimed_institution
        except Refused as refused:
            return refused.reason

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(claim, banks))
    winner = service("GetDemand", name=name).claimed_institution
    assert [answer for answer in answers if answer in banks] == [winner]
    assert {answer for answer in answers if answer not in banks} <= {"ALREADY_CLAIMED", "STATE_CONFLICT", "OUT_OF_SCOPE"}
    claims = [entry for entry in service("GetDemandHistory", name=name).entries if entry.header.type == "demand.claimed"]
    assert len(claims) == 1


def test_a_watch_goes_on_where_it_was_left_without_loss_or_duplicate(service):
    begin = service.head()
    names = [service.submit(uscc(2), minor=1000 + number).name for number in range(30)]
    seen, after = [], begin
    for size in (1, 7, 11, 11):
        stream = service.watch(after)
        part = list(itertools.islice(stream, size))
        stream.cancel()
        seen += part
        after = part[-1].header.sequence
    assert [entry.header.sequence for entry in seen] == list(range(begin + 1, begin + 31))
    assert [entry.event.demand.name for entry in seen] == names
    assert all(not entry.event.demand.HasField("contact") for entry in seen), "the log keeps no personal data"
    own = list(itertools.islice(service.watch(begin, caller(uscc(2), "enterprise")), 30))
    assert [entry.header.hash for entry in own] == [entry.header.hash for entry in seen]


def test_whom_to_call_is_told_after_the_claim_only(service):
    name = service.pushed(uscc(3)).name
    before = service("GetDemand", bank("bank-a"), name=name)
    assert before.name and not before.HasField("contact")
    assert service("ClaimDemand", bank("bank-a"), name=name).contact.phone == "0533-1234567"
    assert not service("GetDemand", bank("bank-b"), name=name).HasField("contact")
    assert service("GetDemand", GRID, name=name).contact.person == "李工"
    with pytest.raises(Refused, match="OUT_OF_SCOPE"):
        service("GetDemand", caller("next", "grid_worker", "370302001002"), name=name)


def test_a_directed_push_is_for_those_it_names(service):
    candidate = service.types["PushCandidate"](institution="bank-named")
    name = service.pushed(uscc(4), mode="PUSH_MODE_DIRECTED", candidates=[candidate]).name
    with pytest.raises(Refused):
        service("ClaimDemand", bank("bank-other"), name=name)
    assert service("ClaimDemand", bank("bank-named"), name=name).claimed_institution == "bank-named"


def closed(service, firm):
    """From the push to the last payment; returns the demand and what was written on the way."""
    who, day = bank("bank-c"), service.types["Date"](year=2026, month=1, day=5)
    name = service.pushed(firm).name
    service("ClaimDemand", who, name=name)
    service("OfferDemand", who, name=name, amount=service.money(108_000_000), rate=service.types["Rate"](ppm=34_500), tenor_months=12)
    service("SignDemand", who, name=name, contract=service.types["Contract"](number="HT-1", amount=service.money(100_000_000), signed_on=day))
    service("RecordDisbursement", who, name=name, disbursement=service.types["Disbursement"](
        amount=service.money(100_000_000), paid_on=day, evidence=service.evidence("drawdown-slip")))
    return name


def test_an_item_leaves_the_ledger_with_evidence_only(service):
    name = closed(service, uscc(5))
    with pytest.raises(Refused, match="EVIDENCE_MISSING evidence"):
        service("CloseDemand", GRID, name=name)
    with pytest.raises(Refused, match="ROLE_NOT_ALLOWED"):
        service("CloseDemand", bank("bank-c"), name=name, evidence=[service.evidence()])
    done = service("CloseDemand", GRID, name=name, evidence=[service.evidence()], reason="已销号")
    assert done.close_out.closed_by == "grid-zc" and done.disbursed_satisfaction.ppm == 1_000_000

    entries = service("GetDemandHistory", name=name).entries
    states = [entry.event.demand.state for entry in entries]
    for entry, state in zip(entries, states):
        past = service("GetDemand", name=name, as_of_sequence=entry.header.sequence)
        assert past.state == state and past.etag == entry.event.demand.etag
    with pytest.raises(Refused, match="RESOURCE_NOT_FOUND"):
        service("GetDemand", name=name, as_of_sequence=entries[0].header.sequence - 1)
    report = service("VerifyChain")
    assert report.intact and report.entries == service.head()


def test_the_ledger_is_written_out_page_by_page(service):
    listed, token = [], ""
    while True:
        page = service("ListDemands", page_size=7, page_token=token)
        listed += page.demands
        token = page.next_page_token
        if not token:
            break
    rows = {}
    for form, read in (("CSV", lambda pages: list(csv.DictReader(io.StringIO(b"".join(pages).decode())))),
                       ("JSON", lambda pages: [row for page in pages for row in json.loads(page)])):
        pages, token = [], None
        while token != "":
            page = service("ExportLedger", format=f"EXPORT_FORMAT_{form}", page_size=7, page_token=token or "")
            pages.append(page.content)
            token = page.next_page_token
        rows[form] = read(pages)
    assert rows["CSV"] == rows["JSON"]
    assert [f"demands/{row['demand']}" for row in rows["CSV"]] == [demand.name for demand in listed]
    assert [int(row["amount_minor"]) for row in rows["CSV"]] == [demand.amount.minor_units for demand in listed]
    figures = service("ReportFigures", region_prefix="3703", dimension="FIGURE_DIMENSION_CHANNEL")
    assert figures.total.demands == len(listed) == sum(row.demands for row in figures.rows)


def everything(service, filter="", order=""):
    found, token = [], None
    while token != "":
        page = service("ListDemands", filter=filter, order_by=order, page_size=20, page_token=token or "")
        found += page.demands
        token = page.next_page_token
    return found


def test_every_filter_finds_what_the_whole_list_says(service):
    closed(service, uscc(6))
    candidate = service.types["PushCandidate"](institution="bank-filter")
    for number in (7, 8):
        name = service.pushed(uscc(number), mode="PUSH_MODE_DIRECTED", candidates=[candidate]).name
    service("ClaimDemand", bank("bank-filter"), name=name)
    service.pushed(uscc(7))
    service.submit(uscc(8))
    state, mode = service.types["DemandState"].Value, service.types["PushMode"].Value
    filters = [
        [(f"state = {word}", lambda demand, word=word: demand.state == state(f"DEMAND_STATE_{word}"))
         for word in ("SUBMITTED", "PUSHED", "CLAIMED", "EXPIRED")],
        [(f"push_mode = {word}", lambda demand, word=word: demand.push_mode == mode(f"PUSH_MODE_{word}")) for word in ("OPEN", "DIRECTED")],
        [(f'region_code = "{place}"', lambda demand, place=place: demand.region_code.startswith(place.rstrip("*")))
         for place in ("3703*", "370302*", "370302001*", "370302001001", "3706*")],
        [(f'enterprise = "enterprises/{uscc(7)}"', lambda demand: demand.enterprise == f"enterprises/{uscc(7)}")],
        [('claimed_institution = "bank-filter"', lambda demand: demand.claimed_institution == "bank-filter")],
        [('target_institution = "bank-filter"', lambda demand: any(target.organisation == "bank-filter" for target in demand.targets))]]
    whole = everything(service)
    assert len({demand.name for demand in whole}) == len(whole) > 5
    for fields in (fields for count in (1, 2, 3) for fields in itertools.combinations(filters, count)):
        for conditions in itertools.product(*fields):
            text = " AND ".join(condition for condition, _ in conditions)
            expected = [demand.name for demand in whole if all(holds(demand) for _, holds in conditions)]
            assert [demand.name for demand in everything(service, text)] == expected, text
            assert [demand.name for demand in everything(service, text, "create_time desc")] == expected[::-1], text
