"""Every figure that the fund shows is followed back to the postings that made it, by what its own reply says."""

# What the transfers of a resource, by their template, must add up to.
FIGURES = {
    "guarantees": {
        "guarantee_fee": lambda reply: reply.fee.minor_units,
        "reguarantee_fee": lambda reply: reply.reguarantee_fee.minor_units,
        "claim_payout": lambda reply: reply.claim.payout.minor_units if reply.claim.HasField("paid_on") else 0,
        "recovery": lambda reply: reply.claim.recovered.minor_units,
    },
    "bridgeLoans": {
        "bridge_payout": lambda reply: reply.amount.minor_units if reply.HasField("disbursed_on") else 0,
        "bridge_repayment": lambda reply: reply.amount.minor_units + reply.fee.minor_units + reply.penalty.minor_units
        if reply.HasField("repaid_on") else 0,
    },
    "covers": {
        "compensation_payout": lambda reply: reply.work.compensation_minor + reply.work.reward_minor if reply.HasField("paid_on") else 0,
        "compensation_recovery": lambda reply: reply.returned.minor_units,
    },
    "subsidyApplications": {"subsidy_payout": lambda reply: reply.granted.minor_units if reply.HasField("paid_on") else 0},
}
READS = {"guarantees": "GetGuarantee", "bridgeLoans": "GetBridgeLoan", "covers": "GetCover", "subsidyApplications": "GetSubsidyApplication",
         "pools": "GetPool", "facilities": "GetFacility", "compensationSchemes": "GetScheme", "subsidyProgrammes": "GetProgramme",
         "decisions": "GetDecision"}


def figure(reply, name):
    found = getattr(reply, name)
    return found.minor_units if hasattr(found, "minor_units") else found


class Traces:
    """Remembers the resources that a story met, and follows their figures at its end."""

    def __init__(self, call):
        self.call, self.names, self.followed = call, set(), 0

    def meet(self, reply):
        name = getattr(reply, "name", "")
        if isinstance(name, str) and name.split("/")[0] in READS:
            self.names.add(name)

    def follow(self):
        for name in sorted(self.names):
            reply = self.call(READS[name.split("/")[0]], {"name": name}, "maker")
            if name.split("/")[0] in FIGURES:
                self.transfers(name, reply)
            if name.startswith("decisions/"):
                for number in reply.transfers:
                    assert self.transfer(number).reference == reply.subject, (name, number)
            for source in getattr(reply, "sources", []):
                if source.measure == "posted balance":
                    self.balance(name, reply, source)
        return self.followed

    def transfer(self, number):
        return self.call("GetTransfer", {"name": f"transfers/{number}"}, "maker")

    def transfers(self, name, reply):
        sums = dict.fromkeys(FIGURES[name.split("/")[0]], 0)
        for number in reply.transfers:
            transfer = self.transfer(number)
            assert transfer.reference == name, f"transfer {number} is for {transfer.reference}, not for {name}"
            if transfer.template in sums and transfer.phase in (1, 3):
                sums[transfer.template] += transfer.amount.minor_units
        for template, wanted in FIGURES[name.split("/")[0]].items():
            assert sums[template] == wanted(reply), f"{template} of {name} is {sums[template]}, shown as {wanted(reply)}"
            self.followed += wanted(reply) != 0

    def balance(self, name, reply, source):
        total = sum(self.call("GetAccount", {"name": account}, "maker").balance.minor_units for account in source.accounts)
        for each in source.figures:
            assert figure(reply, each) == total, f"{each} of {name} is {figure(reply, each)}, its accounts say {total}"
            self.followed += total != 0
