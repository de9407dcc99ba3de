"""Bridge loans of a pool with little money, as the documents say they go: looked at, approved or made to wait, paid, extended, declined,
renewed or not, and paid back. Kept by `fund_oracle.World`, and as ignorant of the service's code.
"""

import datetime

from fund_client import BANK, CASHIER, CHECKER, MAKER, Refusal

POOL, PROGRAMME = "pools/dry", "bridgeProgrammes/d"
CAPITAL = 6_000_000
DAILY_FEE_PPM, LONGEST_DAYS = 300, 40


class DryPool:
    OPERATIONS = ["ask", "ask", "look", "look", "approve", "approve", "approve", "pay", "pay", "extend", "renew", "renew", "repay", "repay", "decline",
                  "inject", "suspend"]

    def __init__(self, world, books, tools):
        self.world, self.books, self.random = world, books, world.random
        self.money, self.date, self.rounded, self.must = tools
        self.loans, self.queue, self.suspended, self.accrued_through = {}, [], False, None

    def prepare(self):
        today = self.date(self.world.day)
        self.must(self.world.do("FundService", "CreatePool", poolId="dry", displayName="dry", regionCode="XX", seedCapital=self.money(CAPITAL),
                                businessDate=today))
        self.books.post("1001", "3001", CAPITAL)
        self.must(self.world.do("FundService", "CreateBridgeProgramme", programmeId="d", pool=POOL, displayName="d", product="oracle",
                                explicitDailyFee={"ppm": str(DAILY_FEE_PPM)}, explicitMaximumDays=LONGEST_DAYS, businessDate=today))

    def step(self):
        """- Returns: the name of what was done, or False."""
        name = self.random.choice(self.OPERATIONS)
        return False if getattr(self, name)() is False else name

    def do(self, method, who=MAKER, **fields):
        return self.world.do("FundService", method, who, businessDate=self.date(self.world.day), **fields)

    def pick(self, *states):
        return self.world.pick(self.loans, *states)

    @staticmethod
    def refused(answer, *reasons):
        assert isinstance(answer, Refusal) and answer.reason in reasons, (answer, reasons)

    def free(self):
        return self.books.posted["1001"] - self.books.pending.get(("1001", "credits"), 0)

    # From the application to the money

    def ask(self):
        amount, own = self.random.randrange(1_000, 5_000_000), self.random.choice([0, 700])
        ends = self.world.day + datetime.timedelta(self.random.choice([0, 5, 30]))
        fields = {"programme": PROGRAMME, "borrower": f"firm-{self.world.next()}", "borrowerKind": "BORROWER_KIND_COMPANY",
                  "borrowerSize": "SIZE_BAND_SMALL", "bank": "bank-a", "existingLoan": "L", "loanAccount": "A",
                  "existingLoanAmount": self.money(amount + own), "amount": self.money(amount), "ownFunds": self.money(own),
                  "purpose": "working_capital", "renewalDate": self.date(ends)}
        if own:
            self.refused(self.do("ApplyBridgeLoan", **fields), "BREAKER_TRIPPED" if self.suspended else "EVIDENCE_MISSING")
            fields["ownFundsEvidence"] = [{"kind": "statement", "reference": "x"}]
        answer = self.do("ApplyBridgeLoan", **fields)
        if self.suspended:
            self.refused(answer, "BREAKER_TRIPPED")
            return
        name = self.must(answer).name
        self.must(self.do("CommitRenewal", BANK, name=name, amount=self.money(amount), expiresOn=self.date(ends)))
        self.loans[name] = {"state": "promised", "amount": amount, "ends": ends, "looked": False, "renewal": None}

    def look(self):
        name = self.pick("promised")
        if not name or self.loans[name]["looked"]:
            return False
        diverted = self.random.random() < 0.1
        finding = "LOAN_USE_FINDING_DIVERTED" if diverted else "LOAN_USE_FINDING_NOT_DIVERTED"
        fields = {"name": name, "finding": finding, "note": "went elsewhere" if diverted else "", "evidence": [{"kind": "invoices", "reference": "x"}]}
        self.refused(self.do("CheckLoanUse", MAKER, **fields), "SAME_OFFICER")
        self.must(self.do("CheckLoanUse", BANK, **fields))
        self.loans[name].update(looked=True, state="declined" if diverted else "promised")

    def approve(self):
        name = self.pick("promised")
        if not name:
            return False
        each = self.loans[name]
        answer = self.do("ApproveBridgeLoan", CHECKER, name=name)
        if each["ends"] < self.world.day:
            return self.refused(answer, "TRANSFER_EXPIRED")
        if self.suspended:
            return self.refused(answer, "BREAKER_TRIPPED")
        if not each["looked"]:
            return self.refused(answer, "POLICY_CONDITION_FAILED")
        waits = self.free() < each["amount"] or any(self.loans[other]["ends"] >= self.world.day for other in self.queue)
        self.must(answer)
        assert bool(answer.transfers) != waits, (name, waits)
        if waits:
            each["state"] = "queued"
            self.queue.append(name)
        else:
            self.reserve(each)

    def reserve(self, each):
        self.books.reserve("1301", "1001", each["amount"])
        each["state"] = "approved"

    def serve(self):
        """The first in the queue gets what is free; nobody overtakes one who waits for more."""
        served = 0
        if self.suspended:
            return served
        for name in list(self.queue):
            each = self.loans[name]
            if each["ends"] < self.world.day:
                continue
            if self.free() < each["amount"]:
                break
            self.queue.remove(name)
            self.reserve(each)
            served += 1
        return served

    def pay(self):
        name = self.pick("approved")
        if not name:
            return False
        each, days = self.loans[name], self.random.randrange(1, LONGEST_DAYS + 1)
        answer = self.do("DisburseBridgeLoan", CASHIER, name=name, days=days)
        if self.suspended:
            return self.refused(answer, "BREAKER_TRIPPED")
        if each["ends"] < self.world.day:
            return self.refused(answer, "TRANSFER_EXPIRED")
        self.must(answer)
        self.books.free("1301", "1001", each["amount"])
        self.books.post("1301", "1001", each["amount"])
        each.update(state="out", paid=self.world.day, due=self.world.day + datetime.timedelta(days))

    def decline(self):
        name = self.pick("promised", "queued", "approved")
        if not name or self.random.random() < 0.5:
            return False
        each = self.loans[name]
        self.must(self.do("DeclineBridgeLoan", BANK, name=name, reason="no longer needed"))
        was, each["state"] = each["state"], "declined"
        if was == "queued":
            self.queue.remove(name)
        if was == "approved":
            self.books.free("1301", "1001", each["amount"])
        if was != "promised":
            self.serve()

    def inject(self):
        if self.random.random() < 0.8:
            return False
        amount = self.random.randrange(1, 1_000_000)
        transfer = {"id": self.world.fund.ulid(self.world.next()), "phase": "TRANSFER_PHASE_SINGLE", "template": "capital_injection",
                    "businessDate": self.date(self.world.day), "legs": [{"account": "accounts/dry.1001", "amountMinor": str(amount)},
                                                                        {"account": "accounts/dry.3001", "amountMinor": str(-amount)}]}
        assert self.world.status(transfer) == "CREATED"
        self.books.post("1001", "3001", amount)
        self.serve()

    def suspend(self):
        if not self.suspended and self.random.random() < 0.7:
            return False
        if self.suspended:
            self.must(self.world.do("FundService", "ProposeDecision", CHECKER, step="CONTROLLED_STEP_PROGRAMME_RESUMPTION", subject=PROGRAMME,
                                    reason="reviewed", businessDate=self.date(self.world.day)))
        self.suspended = not self.suspended
        self.must(self.do("SuspendBridgeProgramme", name=PROGRAMME, suspended=self.suspended, reason="review"))
        self.serve()

    # From the money to the end

    def extend(self):
        name = self.pick("out", "overdue")
        if not name:
            return False
        each = self.loans[name]
        due = max(each["due"], self.world.day) + datetime.timedelta(self.random.randrange(1, 20))
        answer = self.do("ExtendBridgeLoan", name=name, dueOn=self.date(due), reason="the bank is late")
        if (due - each["paid"]).days > LONGEST_DAYS:
            return self.refused(answer, "POLICY_CONDITION_FAILED")
        self.must(answer)
        each.update(state="out", due=due)

    def renew(self):
        name = self.pick("out", "overdue")
        if not name or self.loans[name]["renewal"]:
            return False
        renewed = self.random.random() < 0.8
        fields = {"newLoan": "N", "amount": self.money(1), "renewedOn": self.date(self.world.day)} if renewed else {"reason": "the rating fell"}
        outcome = "RENEWAL_OUTCOME_RENEWED" if renewed else "RENEWAL_OUTCOME_REFUSED"
        self.must(self.do("RecordRenewal", BANK, name=name, outcome=outcome, evidence=[{"kind": "contract", "reference": "x"}], **fields))
        self.loans[name]["renewal"] = outcome

    def fee(self, each, day):
        return self.rounded(each["amount"] * DAILY_FEE_PPM * max(1, (day - each["paid"]).days), 1_000_000)

    def repay(self):
        name = self.pick("out", "overdue")
        if not name:
            return False
        each = self.loans[name]
        fee = self.fee(each, self.world.day)
        answer = self.do("RepayBridgeLoan", name=name, amount=self.money(each["amount"] + fee))
        if not each["renewal"]:
            return self.refused(answer, "POLICY_CONDITION_FAILED")
        self.must(answer)
        if self.accrued_through and self.accrued_through >= each["paid"]:
            self.books.post("4002", "1302", self.fee(each, self.accrued_through))
        self.books.post("1001", "1301", each["amount"])
        self.books.post("1001", "4002", fee)
        each["state"] = "closed"
        self.serve()

    # Days

    def end_day(self):
        report = self.must(self.do("AdvanceDay", pool=POOL))
        overdue = lapsed = 0
        for name, each in self.loans.items():
            if each["state"] == "out" and each["due"] <= self.world.day:
                each["state"] = "overdue"
                overdue += 1
            elif each["state"] in ("approved", "queued") and each["ends"] <= self.world.day:
                if each["state"] == "approved":
                    self.books.free("1301", "1001", each["amount"])
                else:
                    self.queue.remove(name)
                each["state"] = "lapsed"
                lapsed += 1
        served = self.serve()
        assert (report.overdue_bridge_loans, report.lapsed_bridge_loans, report.served_bridge_loans) == (overdue, lapsed, served), report
        accrued = sum(self.fee(each, self.world.day) for each in self.loans.values() if each["state"] in ("out", "overdue"))
        change = accrued - self.books.posted.get("1302", 0)
        self.books.post(*(("1302", "4002") if change > 0 else ("4002", "1302")), abs(change))
        assert report.accrued_fee_minor == accrued and report.trial_balance_difference == 0
        self.accrued_through = self.world.day

    def compare(self):
        queue = self.must(self.world.fund.call("FundService", "ListBridgeQueue", pool=POOL, pageSize=1000))
        assert [entry.bridge_loan for entry in queue.entries] == self.queue
        trial = self.must(self.world.fund.call("FundService", "GetTrialBalance", pool=POOL))
        assert trial.difference == 0
        posted = {line.code: line.debits_posted - line.credits_posted for line in trial.lines}
        assert {code: each for code, each in posted.items() if each} == {code: each for code, each in self.books.posted.items() if each}
        pending = {(line.code, side): getattr(line, f"{side}_pending") for line in trial.lines for side in ("debits", "credits")}
        assert {key: each for key, each in pending.items() if each} == {key: each for key, each in self.books.pending.items() if each}
