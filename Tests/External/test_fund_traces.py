"""No reply of the fund shows money without saying where it comes from. Read from the service's own descriptors, so that a new reply
with a figure and no trace fails here; that the traces lead where they say, every scenario checks at its end."""

from scenario import SERVICES

# Replies that are the ledger itself, or show no money of a pool; with the reason.
THEMSELVES = {
    "Account": "an account", "GetBalanceResponse": "an account", "Transfer": "a posting", "Statement": "the postings of an account",
    "TrialBalance": "all accounts", "InclusionProof": "a proof",
    "BankStatement": "the bank's own figures", "Renewal": "the bank's loan, not the fund's", "Deferral": "the bank's loan, not the fund's",
    "GuaranteeApplication": "what is asked for; the guarantee that follows has its transfers",
    "BridgeProgramme": "terms without figures",
}
# Figures of these follow from rules of the packs.
RULED = {"Facility", "FacilityReport", "Guarantee", "BridgeLoan", "CompensationScheme", "Cover", "SubsidyApplication", "Renewal", "Deferral"}
READS = ("Get", "Quote", "Project")


def figures(descriptor, seen=()):
    if descriptor.full_name in seen:
        return
    for field in descriptor.fields:
        if field.message_type is not None and field.message_type.name == "Money" or field.name.endswith("_minor"):
            yield f"{descriptor.name}.{field.name}"
        elif field.message_type is not None and field.message_type.file.package == "huirong.fund.v1":
            yield from figures(field.message_type, (*seen, descriptor.full_name))


def replies(stubs):
    for module, service in SERVICES.items():
        messages = getattr(stubs, f"fund__{module}_pb2")
        for method in messages.DESCRIPTOR.services_by_name[service].methods:
            if method.name.startswith(READS):
                yield method.name, method.output_type


def test_every_reply_with_a_figure_says_where_it_comes_from(stubs):
    silent = []
    for method, reply in replies(stubs):
        names = {field.name for field in reply.fields}
        if reply.name in THEMSELVES or not any(figures(reply)):
            continue
        if not names & {"transfers", "transfer", "sources"}:
            silent.append((method, reply.name, next(figures(reply))))
    assert not silent


def test_every_figure_under_a_rule_cites_it(stubs):
    found = {reply.name: reply for _, reply in replies(stubs)}
    # A deferral is answered by the call that makes it.
    missing = [name for name in RULED if name in found and "citations" not in {field.name for field in found[name].fields}]
    assert not missing
    assert RULED - {"Deferral"} <= set(found)
