"""A guarantor's year, as the documents say it goes: applied for and approved by two, voided, changed, claimed, turned down, paid, recovered,
written off; money that nobody knows, and whose it turns out to be; a budget shared out in proportion; a transfer reversed; a bound; a
closed month. Kept by `fund_oracle.World`, in a pool of its own, and as ignorant of the service's code.
"""

import base64
import datetime

from fund_client import BANK, CASHIER, CHECKER, MAKER, Refusal

POOL, FACILITY, PROGRAMME = "pools/care", "facilities/c", "subsidyProgrammes/q"
CAPITAL, LIMIT, BUDGET, BOUND = 50_000_000_00, 20_000_000_00, 1_000_00, 5_000
SHARES = (20, 30, 20, 20, 10)
PARTIES = ("bank", "guarantor", "reguarantor", "national", "city")
OWN = "1201"


class Care:
    OPERATIONS = ["apply", "apply", "approve", "approve", "approve", "decline", "bypass", "void", "commit", "commit", "repay_part", "extend", "claim", "claim", "claim",
                  "turn_down", "pay", "pay", "recover", "recover", "write_off", "receive", "charge", "identify", "subsidise", "share_out", "pay_subsidy",
                  "reverse", "bounded", "close"]

    def __init__(self, world, books, tools):
        self.world, self.books, self.random = world, books, world.random
        self.money, self.date, self.share, self.must = tools
        self.applications, self.guarantees, self.receipts, self.subsidies = {}, {}, {}, {}
        self.shared_out, self.ended, self.closed, self.opening = False, None, None, None

    def prepare(self):
        today = self.date(self.world.day)
        self.must(self.do("CreatePool", poolId="care", displayName="care", regionCode="XX", seedCapital=self.money(CAPITAL)))
        self.books.post("1001", "3001", CAPITAL)
        for code in ("9m", "9n"):
            self.must(self.world.do("FundService", "CreateAccount", pool=POOL, code=code, displayName=code, normalSide="BALANCE_SIDE_CREDIT",
                                    limit="ACCOUNT_LIMIT_NONE"))
        missing = self.facility(today)
        assert isinstance(missing, Refusal) and missing.reason == "REQUIRED_FIELD_MISSING", missing
        self.must(self.facility(today, contracting="CONTRACTING_APPLICATION"))
        self.books.post("8900", "8001.c", LIMIT)
        self.last_application = self.world.day + datetime.timedelta(20)
        self.must(self.world.do("SubsidyService", "CreateProgramme", programmeId="q", pool=POOL, displayName="q", kind="SUBSIDY_KIND_LOAN_INTEREST",
                                allocation="SUBSIDY_ALLOCATION_PRO_RATA", budget=self.money(BUDGET), explicitRate={"ppm": "20000"}, opensOn=today,
                                closesOn=self.date(self.last_application)))
        self.bind()

    def facility(self, today, **more):
        parts = {f"{party}Ppm": str(share * 10_000) for party, share in zip(PARTIES, SHARES)}
        return self.world.do("FundService", "CreateFacility", facilityId="c", pool=POOL, displayName="c", bank="bank-a", product="oracle", shares=parts,
                             feeRate={"ppm": "0"}, claimRateCap={"ppm": "1000000"}, claimRateBasis="CLAIM_RATE_BASIS_COMMITTED",
                             limit=self.money(LIMIT), businessDate=today, **more)

    def bind(self):
        """A bound on 9m, by two officers: the second of them alone is refused."""
        account = "accounts/care.9m"
        change = {"name": account, "limit": "ACCOUNT_LIMIT_NONE", "boundMinor": str(BOUND), "reason": "budget"}
        self.refused(self.do("SetAccountLimit", CHECKER, **change), "STATE_CONFLICT")
        self.must(self.do("ProposeDecision", step="CONTROLLED_STEP_LIMIT_CHANGE", subject=account, limit="ACCOUNT_LIMIT_NONE", boundMinor=str(BOUND),
                          reason="budget"))
        self.must(self.do("SetAccountLimit", CHECKER, **change))

    def step(self):
        """- Returns: the name of what was done, or False."""
        name = self.random.choice(self.OPERATIONS)
        return False if getattr(self, name)() is False else name

    def do(self, method, who=MAKER, service="FundService", **fields):
        return self.world.do(service, method, who, businessDate=self.date(self.world.day), **fields)

    def pick(self, kept, *states):
        return self.world.pick(kept, *states)

    @staticmethod
    def refused(answer, *reasons):
        assert isinstance(answer, Refusal) and answer.reason in reasons, (answer, reasons)

    def liability(self, principal):
        return sum(self.share(principal, *SHARES)[1:])

    # From the application to the contract

    def terms(self, principal):
        return {"facility": FACILITY, "borrower": f"care-{self.world.next()}", "borrowerSize": "SIZE_BAND_SMALL", "principal": self.money(principal),
                "maturesOn": self.date(datetime.date(2027, 3, 2)), "expiresOn": self.date(datetime.date(2027, 3, 1)), "purpose": "raw materials"}

    def bypass(self):
        """Nobody goes past the two officers: neither one by one nor in a file."""
        self.refused(self.do("ReserveGuarantee", BANK, **self.terms(1000)), "POLICY_CONDITION_FAILED")

    def apply(self):
        principal = self.random.randrange(100, 2_000_000)
        answer = self.must(self.do("ApplyGuarantee", BANK, terms=self.terms(principal)))
        self.applications[answer.name] = {"state": "submitted", "principal": principal}

    def approve(self):
        name = self.pick(self.applications, "submitted", "first")
        if not name:
            return False
        each = self.applications[name]
        if each["state"] == "submitted":
            self.must(self.do("ApproveGuaranteeApplication", MAKER, name=name))
            each["state"] = "first"
            return
        self.refused(self.do("ApproveGuaranteeApplication", MAKER, name=name), "SAME_OFFICER")
        answer = self.must(self.do("ApproveGuaranteeApplication", CHECKER, name=name))
        liability = self.liability(each["principal"])
        self.books.reserve("8001.c", "8002.c", liability)
        each["state"] = "contracted"
        self.guarantees[answer.guarantee] = {"state": "reserved", "principal": each["principal"], "liability": liability, "rejected": 0,
                                             "matures": datetime.date(2027, 3, 2)}

    def decline(self):
        name = self.pick(self.applications, "submitted", "first")
        if not name or self.random.random() < 0.7:
            return False
        self.must(self.do("DeclineGuaranteeApplication", CASHIER, name=name, reason="no"))
        self.applications[name]["state"] = "declined"

    # While it is in force

    def void(self):
        name = self.pick(self.guarantees, "reserved")
        if not name or self.random.random() < 0.6:
            return False
        each = self.guarantees[name]
        self.must(self.do("VoidGuarantee", BANK, name=name, reason="the firm withdrew"))
        self.books.free("8001.c", "8002.c", each["liability"])
        each["state"] = "voided"

    def commit(self):
        name = self.pick(self.guarantees, "reserved")
        if not name:
            return False
        each = self.guarantees[name]
        self.must(self.do("CommitGuarantee", BANK, name=name))
        self.books.free("8001.c", "8002.c", each["liability"])
        self.books.post("8001.c", "8002.c", each["liability"])
        each["state"] = "in force"

    def repay_part(self):
        name = self.pick(self.guarantees, "in force")
        if not name or self.guarantees[name]["principal"] < 1000:
            return False
        each = self.guarantees[name]
        repaid = self.random.randrange(1, each["principal"] // 2)
        self.must(self.do("ChangeGuarantee", BANK, name=name, repaidPrincipal=self.money(repaid)))
        left = self.liability(each["principal"] - repaid)
        self.books.post("8002.c", "8001.c", each["liability"] - left)
        each.update(principal=each["principal"] - repaid, liability=left)

    def extend(self):
        name = self.pick(self.guarantees, "in force")
        if not name:
            return False
        each = self.guarantees[name]
        until = each["matures"] + datetime.timedelta(self.random.randrange(1, 40))
        change = {"name": name, "maturesOn": self.date(until)}
        self.refused(self.do("ChangeGuarantee", CHECKER, **change), "STATE_CONFLICT")
        self.must(self.do("ProposeDecision", step="CONTROLLED_STEP_GUARANTEE_EXTENSION", subject=name, until=self.date(until), reason="agreed"))
        answer = self.must(self.do("ChangeGuarantee", CHECKER, **change))
        assert answer.fee.minor_units == 0, "a fee of nothing stays nothing"
        each["matures"] = until

    # Claims

    def claim(self):
        name = self.pick(self.guarantees, "in force")
        if not name:
            return False
        each = self.guarantees[name]
        each["claim"] = self.random.randrange(1, each["principal"] + 1)
        self.must(self.do("ClaimGuarantee", BANK, name=name, principal=self.money(each["claim"]), evidence=[{"kind": "overdue", "reference": "x"}]))
        each["state"] = "claimed"

    def turn_down(self):
        """The guarantee goes on, and the claim stays on record with its evidence."""
        name = self.pick(self.guarantees, "claimed")
        if not name or self.random.random() < 0.6:
            return False
        each = self.guarantees[name]
        self.must(self.do("RejectClaim", CHECKER, name=name, reason="not overdue"))
        each.update(state="in force", rejected=each["rejected"] + 1)
        kept = self.must(self.world.fund.call("FundService", "ListRejectedClaims", guarantee=name)).claims
        assert len(kept) == each["rejected"], kept
        assert kept[-1].claim.principal.minor_units == each["claim"] and kept[-1].claim.evidence[0].reference == "x", kept[-1]

    def pay(self):
        name = self.pick(self.guarantees, "claimed")
        if not name:
            return False
        each = self.guarantees[name]
        self.must(self.do("ApproveClaim", CASHIER, name=name))
        each["borne"], each["returned"] = self.share(each["claim"], *SHARES), [0] * len(PARTIES)
        for party, part in zip(PARTIES[1:], each["borne"][1:]):
            self.books.post(OWN if party == "guarantor" else f"1202.{party}", "1001", part)
        self.books.post("8002.c", "8001.c", each["liability"])
        each["state"] = "paid"

    def book_recovery(self, name, amount, who):
        each = self.guarantees[name]
        fields = {"name": name, "amount": self.money(amount)}
        self.must(self.do("ProposeDecision", step="CONTROLLED_STEP_RECOVERY", subject=name, amount=self.money(amount), reason="received"))
        self.refused(self.do("RecordRecovery", MAKER, **fields), "SAME_OFFICER")
        self.must(self.do("RecordRecovery", who, **fields))
        parts = self.share(amount, *(borne - back for borne, back in zip(each["borne"], each["returned"])))
        own = "5001" if each["state"] == "written off" else OWN
        for party, part in zip(PARTIES, parts):
            self.books.post("1001", own if party == "guarantor" else f"1202.{party}", part)
        each["returned"] = [back + part for back, part in zip(each["returned"], parts)]

    def recover(self):
        """Each party gets its part of what comes back, by what it bears and has not got back; also after a write-off."""
        name = self.pick(self.guarantees, "paid", "written off")
        if not name:
            return False
        left = self.guarantees[name]["claim"] - sum(self.guarantees[name]["returned"])
        if left == 0:
            return False
        self.book_recovery(name, self.random.randrange(1, left + 1), CHECKER)

    def write_off(self):
        name = self.pick(self.guarantees, "paid")
        if not name or self.random.random() < 0.5:
            return False
        each = self.guarantees[name]
        self.must(self.do("ProposeDecision", step="CONTROLLED_STEP_WRITE_OFF", subject=name, reason="bankrupt"))
        # Who paid the claim writes nothing off.
        self.refused(self.do("WriteOffGuarantee", CASHIER, name=name, reason="bankrupt"), "SAME_OFFICER")
        self.must(self.do("WriteOffGuarantee", CHECKER, name=name, reason="bankrupt"))
        self.books.post("5001", OWN, each["borne"][1] - each["returned"][1])
        each["state"] = "written off"

    # The bank's statement

    def statement(self, amount, reference):
        """One line of the bank. Opens with what the one before closed with, as the oracle adds it up."""
        number = self.world.next()
        opening = self.opening or 0
        closing = opening + amount
        csv = "date,amount,reference,counterparty,line_id\n"
        for value, text in ((opening, "opening"), (amount, reference), (closing, "closing")):
            sign = "-" if value < 0 else ""
            csv += f"{self.world.day.isoformat()},{sign}{abs(value) // 100}.{abs(value) % 100:02d},{text},,\n"
        fields = {"pool": POOL, "statementId": f"s{number}", "format": "STATEMENT_FORMAT_CSV", "content": base64.b64encode(csv.encode()).decode()}
        answer = self.must(self.do("ImportStatement", service="ReconciliationService", **fields))
        assert (answer.lines, answer.opening.minor_units, answer.closing.minor_units) == (1, opening, closing), answer
        self.opening = closing
        return answer, f"statementLines/care.s{number}.0001"

    def resolve(self, line, kind, transfer=0):
        proposal = {"name": line, "resolution": f"RESOLUTION_KIND_{kind}", "transfer": str(transfer), "note": "as the file says"}
        self.must(self.world.do("ReconciliationService", "ProposeResolution", MAKER, **proposal))
        self.refused(self.do("ApproveResolution", MAKER, service="ReconciliationService", name=line), "SAME_OFFICER")
        return self.must(self.do("ApproveResolution", CHECKER, service="ReconciliationService", name=line))

    def receive(self):
        """Money that nobody knows, exactly as much as is open under a guarantee."""
        open_ones = {name: each for name, each in self.guarantees.items()
                     if each["state"] in ("paid", "written off") and each["claim"] > sum(each["returned"])}
        name = self.pick(open_ones, "paid", "written off")
        if not name:
            return False
        amount = open_ones[name]["claim"] - sum(open_ones[name]["returned"])
        amount = self.random.randrange(1, amount + 1)
        imported, line = self.statement(amount, "??")
        if imported.matched:
            # A recovery of just this amount was booked within these days: the bank shows that one.
            return
        kept = self.resolve(line, "UNIDENTIFIED_RECEIPT")
        self.books.post("1001", "2001", amount)
        self.receipts[line] = {"state": "kept", "amount": amount, "guarantee": name, "transfer": kept.transfer}

    def charge(self):
        amount = self.random.randrange(1, 5_000)
        imported, line = self.statement(-amount, "charge")
        if imported.matched:
            return
        self.resolve(line, "BANK_CHARGE")
        self.books.post("5301", "1001", amount)

    def identify(self):
        """It was a recovery: that is booked, and what was kept as unknown leaves suspense. Cash has the money once."""
        line = self.pick(self.receipts, "kept")
        if not line:
            return False
        each = self.receipts[line]
        guarantee = self.guarantees[each["guarantee"]]
        if guarantee["claim"] - sum(guarantee["returned"]) < each["amount"]:
            return False
        self.book_recovery(each["guarantee"], each["amount"], CHECKER)
        recovered = self.must(self.world.fund.call("FundService", "GetGuarantee", name=each["guarantee"])).transfers[-1]
        answer = self.resolve(line, "RECEIPT_IDENTIFIED", recovered)
        assert (answer.transfer, answer.receipt_transfer) == (recovered, each["transfer"]), answer
        self.books.post("2001", "1001", each["amount"])
        each["state"] = "identified"

    # A budget in proportion

    def subsidise(self):
        principal = self.random.randrange(1_000_00, 1_000_000_00)
        amount = (2 * principal * 20_000 + 1_000_000) // 2_000_000
        answer = self.do("ApplySubsidy", service="SubsidyService", programme=PROGRAMME, beneficiary=f"care-{self.world.next()}",
                         evidence=[{"kind": "contract", "reference": "x"}], loan={
                             "principal": self.money(principal), "rate": {"ppm": "40000"}, "signedOn": self.date(datetime.date(2025, 1, 1)),
                             "from": self.date(datetime.date(2025, 1, 1)), "repaidOn": self.date(datetime.date(2025, 12, 27))})
        if self.world.day > self.last_application or self.shared_out:
            assert isinstance(answer, Refusal), answer
            return
        assert self.must(answer).amount.minor_units == amount
        self.subsidies[answer.name] = {"state": "applied", "amount": amount}

    def share_out(self):
        answer = self.do("AllocateProgramme", service="SubsidyService", name=PROGRAMME)
        if self.world.day <= self.last_application or self.shared_out:
            self.refused(answer, "INVALID_ARGUMENT", "STATE_CONFLICT")
            return
        self.must(answer)
        names = sorted(self.subsidies)
        amounts = [self.subsidies[name]["amount"] for name in names]
        parts = amounts if sum(amounts) <= BUDGET else self.share(BUDGET, *amounts)
        for name, part in zip(names, parts):
            self.subsidies[name].update(state="granted" if part else "empty", granted=part)
            if part:
                self.books.reserve("5201.q", "1001", part)
        self.shared_out = True

    def pay_subsidy(self):
        name = self.pick(self.subsidies, "granted")
        if not name:
            return False
        each = self.subsidies[name]
        self.refused(self.do("PaySubsidy", MAKER, service="SubsidyService", name=name), "SAME_OFFICER")
        self.must(self.do("PaySubsidy", CHECKER, service="SubsidyService", name=name))
        self.books.free("5201.q", "1001", each["granted"])
        self.books.post("5201.q", "1001", each["granted"])
        each["state"] = "paid"
        published = self.must(self.world.fund.call("SubsidyService", "ListPublishedSubsidies", programme=PROGRAMME, pageSize=1000)).subsidies
        paid = {name: each["granted"] for name, each in self.subsidies.items() if each["state"] == "paid"}
        assert {each.application: each.amount.minor_units for each in published} == paid, published

    # The ledger

    def transfer(self, debit, credit, amount, day):
        answer = self.must(self.world.do("FundService", "CreateTransfers", transfers=[{
            "id": self.world.fund.ulid(self.world.next()), "phase": "TRANSFER_PHASE_SINGLE", "template": "clearing", "businessDate": self.date(day),
            "legs": [{"account": f"accounts/care.{debit}", "amountMinor": str(amount)}, {"account": f"accounts/care.{credit}",
                                                                                        "amountMinor": str(-amount)}]}]))
        return self.world.fund.status(answer.results[0]), answer.results[0].number

    def reverse(self):
        amount = self.random.randrange(1, 50)
        status, number = self.transfer("9m", "9n", amount, self.world.day)
        assert status == "CREATED", status
        proposal = self.must(self.do("ProposeReversal", transfer=f"transfers/{number}", reason="REVERSAL_REASON_DUPLICATE", note="twice"))
        self.refused(self.do("ApproveReversal", MAKER, name=proposal.name), "SAME_OFFICER")
        self.must(self.do("ApproveReversal", CHECKER, name=proposal.name))
        self.books.post("9m", "9n", amount)
        self.books.post("9n", "9m", amount)

    def bounded(self):
        """9m takes up to its bound and no 分 more."""
        amount = self.random.randrange(1, BOUND)
        status, _ = self.transfer("9n", "9m", amount, self.world.day)
        fits = self.books.standing("9m") + amount <= BOUND
        assert status == ("CREATED" if fits else "EXCEEDS_LIMIT"), (status, amount)
        if fits:
            self.books.post("9n", "9m", amount)

    # Days and months

    def end_day(self):
        report = self.must(self.do("AdvanceDay", pool=POOL))
        assert report.cash_minor == self.books.posted["1001"] and report.trial_balance_difference == 0, report
        self.ended = self.world.day

    def close(self):
        """A closed day takes nothing in any more."""
        if not self.ended or self.ended == self.closed or self.ended >= self.world.day or self.random.random() < 0.7:
            return False
        self.must(self.world.do("FundService", "ClosePeriod", pool=POOL, through=self.date(self.ended)))
        self.closed = self.ended
        status, _ = self.transfer("9n", "9m", 1, self.closed)
        assert status == "PERIOD_CLOSED", status

    # What must hold

    def compare(self):
        trial = self.must(self.world.fund.call("FundService", "GetTrialBalance", pool=POOL))
        assert trial.difference == 0 and trial.debits_posted == trial.credits_posted
        posted = {line.code: line.debits_posted - line.credits_posted for line in trial.lines}
        assert {code: each for code, each in posted.items() if each} == {code: each for code, each in self.books.posted.items() if each}
        pending = {(line.code, side): getattr(line, f"{side}_pending") for line in trial.lines for side in ("debits", "credits")}
        assert {key: each for key, each in pending.items() if each} == {key: each for key, each in self.books.pending.items() if each}
        for line in trial.lines:
            if line.code == "9m":
                assert line.credits_posted - line.debits_posted <= BOUND, line
