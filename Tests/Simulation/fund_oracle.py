"""The fund's books as its documents say they must stand, kept by somebody who has never seen its code.

`World` chooses operations over all products by a seed, asks the fund for them, works every answer out by itself and keeps plain
numbers by account. Money is minor units, days are `datetime.date`.
"""

import datetime
import random

from bridge_oracle import DryPool
from care_oracle import Care
from fund_client import BANK, CASHIER, CHECKER, MAKER, Refusal

POOL = "pools/city"
FIRST_DAY, LAST_DAY = datetime.date(2026, 3, 2), datetime.date(2026, 11, 30)
MATURITY = datetime.date(2027, 3, 2)
CAPITAL = 100_000_000_00
BUDGET = 50_000_00
# Of the second facility: a small limit, and a claim rate that a few claims cross.
SMALL_LIMIT, CLAIM_CAP_PPM = 20_000_000, 50_000
DAILY_FEE_PPM, LONGEST_DAYS = 400, 60
SHARES = (20, 30, 20, 20, 10)


def rounded(numerator, denominator):
    """Half away from zero, of numbers that are not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def share(total, *weights):
    """Largest remainder, ties to the first."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index))
    for index in order[:total - sum(parts)]:
        parts[index] += 1
    return parts


def money(minor):
    return {"currencyCode": "CNY", "minorUnits": str(minor)}


def date(day):
    return {"year": day.year, "month": day.month, "day": day.day}


class Books:
    """Debits less credits by account, posted, and what is pending."""

    def __init__(self):
        self.posted, self.pending = {}, {}

    def post(self, debit, credit, amount):
        self.posted[debit] = self.posted.get(debit, 0) + amount
        self.posted[credit] = self.posted.get(credit, 0) - amount

    def reserve(self, debit, credit, amount):
        for key in ((debit, "debits"), (credit, "credits")):
            self.pending[key] = self.pending.get(key, 0) + amount

    def free(self, debit, credit, amount):
        self.reserve(debit, credit, -amount)

    def standing(self, account):
        return -self.posted.get(account, 0)


class World:
    """- Parameter fund: a `FundClient`; it asks until it hears an answer, whatever happens to the process meanwhile."""

    OPERATIONS = ["transfer", "transfer", "pending", "end_pending", "reserve", "commit", "release", "claim", "pay_claim", "risk_reserve",
                  "risk_claim", "cover", "compensate", "recover", "apply", "pay_subsidy", "bridge_apply", "bridge_pay", "bridge_repay", "end_day", "batch",
                  "pay_party", "dry", "dry", "dry", "dry", "dry", "dry", "look_after", "look_after", "look_after", "look_after", "look_after", "look_after",
                  "look_after", "look_after"]

    def __init__(self, fund, seed):
        self.fund, self.random, self.books = fund, random.Random(seed), Books()
        self.guarantees, self.risks, self.covers, self.subsidies, self.pendings, self.bridges = {}, {}, {}, {}, {}, {}
        self.day, self.accrued_through, self.serial, self.done = FIRST_DAY, None, 0, {}
        self.committed = self.claimed = 0
        self.tripped = False
        self.dry_pool = DryPool(self, Books(), (money, date, rounded, must))
        self.care = Care(self, Books(), (money, date, share, must))

    def do(self, service, method, who=MAKER, **fields):
        return self.fund.do(service, method, who, **fields)

    def next(self):
        self.serial += 1
        return self.serial

    def prepare(self):
        today = date(self.day)
        must(self.do("FundService", "CreatePool", poolId="city", displayName="city", regionCode="XX", seedCapital=money(CAPITAL), businessDate=today))
        self.books.post("1001", "3001", CAPITAL)
        for code in ("9a", "9b", "9c", "9d", "9e"):
            must(self.do("FundService", "CreateAccount", pool=POOL, code=code, displayName=code, normalSide="BALANCE_SIDE_CREDIT",
                         limit="ACCOUNT_LIMIT_DEBITS_MUST_NOT_EXCEED_CREDITS" if code == "9c" else "ACCOUNT_LIMIT_NONE"))
        for name, limit, cap in (("f", CAPITAL, 1_000_000), ("g", SMALL_LIMIT, CLAIM_CAP_PPM)):
            must(self.do("FundService", "CreateFacility", facilityId=name, pool=POOL, displayName=name, bank="bank-a", product="oracle",
                         shares={"bankPpm": "200000", "guarantorPpm": "300000", "reguarantorPpm": "200000", "nationalPpm": "200000", "cityPpm": "100000"},
                         feeRate={"ppm": "10000"}, reguaranteeFeeRate={"ppm": "3000"}, explicitFeeCap={"ppm": "20000"},
                         claimRateCap={"ppm": str(cap)}, claimRateBasis="CLAIM_RATE_BASIS_COMMITTED", limit=money(limit),
                         explicitDayCount="FEE_DAY_COUNT_ACTUAL_365", explicitReguaranteeDayCount="FEE_DAY_COUNT_ACTUAL_360",
                         contracting="CONTRACTING_AGREEMENT", businessDate=today))
            self.books.post("8900", f"8001.{name}", limit)
        must(self.do("CompensationService", "CreateScheme", schemeId="s", pool=POOL, displayName="s", product="oracle",
                     explicitRatio={"ppm": "500000"}, poolCap=money(CAPITAL), businessDate=today))
        must(self.do("SubsidyService", "CreateProgramme", programmeId="p", pool=POOL, displayName="p", kind="SUBSIDY_KIND_LOAN_INTEREST",
                     allocation="SUBSIDY_ALLOCATION_FIRST_COME", budget=money(BUDGET), explicitRate={"ppm": "20000"}, opensOn=today,
                     closesOn=date(MATURITY)))
        self.dry_pool.prepare()
        self.care.prepare()
        must(self.do("FundService", "CreateBridgeProgramme", programmeId="b", pool=POOL, displayName="b", product="oracle",
                     explicitDailyFee={"ppm": str(DAILY_FEE_PPM)}, explicitMaximumDays=LONGEST_DAYS, businessDate=today))

    def step(self):
        name = self.random.choice(self.OPERATIONS)
        if getattr(self, name)() is not False:
            self.done[name] = self.done.get(name, 0) + 1

    def pick(self, kept, *states):
        names = sorted(name for name, each in kept.items() if each["state"] in states)
        return self.random.choice(names) if names else None

    # The ledger

    def transfer(self):
        debit, credit = self.random.sample(["9a", "9b", "9c"], 2)
        amount = self.random.randrange(1, 500)
        fits = debit != "9c" or self.books.pending.get(("9c", "debits"), 0) + amount <= self.books.standing("9c")
        status = self.one_transfer("TRANSFER_PHASE_SINGLE", debit, credit, amount, self.next())
        assert status == ("CREATED" if fits else "EXCEEDS_LIMIT"), (status, debit, credit, amount)
        if fits:
            self.books.post(debit, credit, amount)

    def pending(self):
        amount, number = self.random.randrange(1, 500), self.next()
        expires = self.day + datetime.timedelta(self.random.choice([0, 2, 200]))
        fits = self.books.pending.get(("9c", "debits"), 0) + amount <= self.books.standing("9c")
        status = self.one_transfer("TRANSFER_PHASE_PENDING", "9c", "9a", amount, number, expiresOn=date(expires))
        assert status == ("CREATED" if fits else "EXCEEDS_LIMIT"), (status, amount)
        if fits:
            self.books.reserve("9c", "9a", amount)
            self.pendings[number] = {"state": "open", "amount": amount, "expires": expires}

    def batch(self):
        """A long batch, which the fund keeps in one piece."""
        debit, credit = self.random.sample(["9a", "9b"], 2)
        amounts = [self.random.randrange(1, 500) for _ in range(self.random.choice([16, 60, 300]))]
        answer = must(self.do("FundService", "CreateTransfers", transfers=[
            self.transfer_of("TRANSFER_PHASE_SINGLE", debit, credit, amount, self.next()) for amount in amounts]))
        assert [self.fund.status(result) for result in answer.results] == ["CREATED"] * len(amounts), answer
        self.books.post(debit, credit, sum(amounts))

    def pay_party(self):
        """What the pool owes the re-guarantor, or a part of it."""
        owed = -self.books.posted.get("1202.reguarantor", 0)
        if owed <= 0:
            return False
        name, amount = f"accounts/{POOL.split('/')[1]}.1202.reguarantor", self.random.randrange(1, owed + 1)
        must(self.do("FundService", "ProposeDecision", step="CONTROLLED_STEP_PARTY_PAYMENT", subject=name, amount=money(amount), party="re",
                     reason="fees", businessDate=date(self.day)))
        terms = {"name": name, "payee": "re", "amount": money(amount), "businessDate": date(self.day)}
        refused = self.do("FundService", "PayParty", **terms)
        assert isinstance(refused, Refusal), refused
        must(self.do("FundService", "PayParty", CHECKER, **terms))
        self.books.post("1202.reguarantor", "1001", amount)

    def one_transfer(self, phase, debit, credit, amount, number, **more):
        return self.status(self.transfer_of(phase, debit, credit, amount, number, **more))

    def transfer_of(self, phase, debit, credit, amount, number, **more):
        return {
            "id": self.fund.ulid(number), "phase": phase, "template": "clearing", "businessDate": date(self.day), "legs": [
                {"account": f"accounts/city.{debit}", "amountMinor": str(amount)}, {"account": f"accounts/city.{credit}", "amountMinor": str(-amount)}], **more}

    def status(self, transfer):
        return self.fund.status(must(self.do("FundService", "CreateTransfers", transfers=[transfer])).results[0])

    def end_pending(self):
        number = self.pick(self.pendings, "open")
        if not number:
            return False
        amount = self.pendings[number]["amount"]
        part = self.random.choice([None, 0, max(1, amount // 2)])
        base = {"id": self.fund.ulid(self.next()), "businessDate": date(self.day), "pendingId": self.fund.ulid(number)}
        if part is None:
            assert self.status({**base, "phase": "TRANSFER_PHASE_VOID_PENDING"}) == "CREATED"
        else:
            status = self.status({**base, "phase": "TRANSFER_PHASE_POST_PENDING", "postAmountMinor": str(part)})
            if self.pendings[number]["expires"] < self.day:
                assert status == "EXPIRED", status
                return
            assert status == "CREATED", status
        self.books.free("9c", "9a", amount)
        if part is not None:
            self.books.post("9c", "9a", part or amount)
        self.pendings[number]["state"] = "ended"

    # Guarantees

    def ask_reserve(self, facility, principal, expires):
        return self.do("FundService", "ReserveGuarantee", BANK, facility=f"facilities/{facility}", borrower=f"firm-{self.next()}",
                       borrowerSize="SIZE_BAND_SMALL", purpose="machines", principal=money(principal), maturesOn=date(MATURITY), expiresOn=date(expires),
                       businessDate=date(self.day))

    def reserve(self):
        principal = self.random.randrange(100, 2_000_000)
        liability = sum(share(principal, *SHARES)[1:])
        expires = self.day + datetime.timedelta(self.random.choice([0, 3, 90]))
        answer = must(self.ask_reserve("f", principal, expires))
        assert answer.guaranteed_amount.minor_units == liability
        self.books.reserve("8001.f", "8002.f", liability)
        self.guarantees[answer.name] = {"state": "reserved", "principal": principal, "liability": liability, "expires": expires, "net": 0}

    def book_commitment(self, answer, each, facility):
        """One per cent a year on the principal, over 365, and 0.3 % on the re-guarantor's part, over 360; actual days."""
        days = (MATURITY - self.day).days
        fee = rounded(each["principal"] * 10_000 * days, 1_000_000 * 365)
        reguarantee = rounded(share(each["principal"], *SHARES)[2] * 3_000 * days, 1_000_000 * 360)
        assert (answer.fee.minor_units, answer.reguarantee_fee.minor_units) == (fee, reguarantee), answer.name
        self.books.free(f"8001.{facility}", f"8002.{facility}", each["liability"])
        self.books.post(f"8001.{facility}", f"8002.{facility}", each["liability"])
        self.books.post("1001", "4001", fee)
        self.books.post("4001", "1202.reguarantor", reguarantee)
        each.update(state="in force", since=self.day, net=fee - reguarantee)

    def commit(self):
        name = self.pick(self.guarantees, "reserved")
        if not name:
            return False
        answer = self.do("FundService", "CommitGuarantee", BANK, name=name, businessDate=date(self.day))
        if self.guarantees[name]["expires"] < self.day:
            # Its last day has passed, though no day end has let it go yet.
            assert isinstance(answer, Refusal) and answer.reason == "TRANSFER_EXPIRED", answer
            return
        self.book_commitment(must(answer), self.guarantees[name], "f")

    def release(self):
        name = self.pick(self.guarantees, "in force")
        if not name:
            return False
        must(self.do("FundService", "ReleaseGuarantee", BANK, name=name, businessDate=date(self.day)))
        self.books.post("8002.f", "8001.f", self.guarantees[name]["liability"])
        self.guarantees[name]["state"] = "released"

    def ask_claim(self, name, amount):
        return must(self.do("FundService", "ClaimGuarantee", BANK, name=name, principal=money(amount), businessDate=date(self.day),
                            evidence=[{"kind": "overdue", "reference": "x"}]))

    def claim(self):
        name = self.pick(self.guarantees, "in force")
        if not name:
            return False
        each = self.guarantees[name]
        each["claim"] = self.random.randrange(1, each["principal"] + 1)
        self.ask_claim(name, each["claim"])
        each["state"] = "claimed"

    def pay_claim(self):
        name = self.pick(self.guarantees, "claimed")
        if not name:
            return False
        refused = self.do("FundService", "ApproveClaim", BANK, name=name, businessDate=date(self.day))
        assert isinstance(refused, Refusal) and refused.status == "PERMISSION_DENIED", refused
        must(self.do("FundService", "ApproveClaim", CHECKER, name=name, businessDate=date(self.day)))
        each = self.guarantees[name]
        _, own, reguarantor, national, city = share(each["claim"], *SHARES)
        for account, part in (("1201", own), ("1202.reguarantor", reguarantor), ("1202.national", national), ("1202.city", city)):
            self.books.post(account, "1001", part)
        self.books.post("8002.f", "8001.f", each["liability"])
        each["state"] = "paid"

    def risk_reserve(self):
        """The small facility: reserved and committed at once, until its limit or its breaker says no."""
        principal = self.random.randrange(100_000, 1_000_000)
        liability = sum(share(principal, *SHARES)[1:])
        answer = self.ask_reserve("g", principal, self.day)
        if self.tripped:
            assert isinstance(answer, Refusal) and answer.reason == "BREAKER_TRIPPED", answer
            return
        if self.books.standing("8001.g") < liability:
            assert isinstance(answer, Refusal) and answer.reason == "LIMIT_EXCEEDED", answer
            return
        must(answer)
        self.books.reserve("8001.g", "8002.g", liability)
        each = {"state": "reserved", "principal": principal, "liability": liability, "expires": self.day, "net": 0}
        self.risks[answer.name] = each
        self.book_commitment(must(self.do("FundService", "CommitGuarantee", BANK, name=answer.name, businessDate=date(self.day))), each, "g")
        self.committed += principal

    def risk_claim(self):
        """Claims are counted before they are paid; the one that crosses the cap trips the breaker."""
        name = self.pick(self.risks, "in force")
        if not name or self.random.random() < 0.7:
            return False
        amount = self.random.randrange(1, self.risks[name]["principal"] // 10)
        self.ask_claim(name, amount)
        self.risks[name]["state"] = "claimed"
        self.claimed += amount
        self.tripped = self.tripped or self.claimed * 1_000_000 > self.committed * CLAIM_CAP_PPM

    # Compensation

    def cover(self):
        principal = self.random.randrange(1, 1_000_000)
        answer = must(self.do("CompensationService", "RegisterCover", BANK, scheme="compensationSchemes/s", bank="bank-a", borrower=f"firm-{self.next()}",
                              loanNumber=f"L{self.next()}", principal=money(principal), disbursedOn=date(self.day), maturesOn=date(MATURITY),
                              businessDate=date(self.day)))
        self.covers[answer.name] = {"state": "registered", "principal": principal}

    def compensate(self):
        name = self.pick(self.covers, "registered")
        if not name:
            return False
        each = self.covers[name]
        paid = rounded(each["principal"], 2)
        answer = self.do("CompensationService", "ClaimCompensation", BANK, name=name, principal=money(each["principal"]), businessDate=date(self.day),
                         evidence=[{"kind": "overdue", "reference": "x"}])
        assert must(answer).work.compensation_minor == paid
        must(self.do("CompensationService", "ApproveCompensation", CHECKER, name=name, businessDate=date(self.day)))
        self.books.post("5101.s", "1001", paid)
        each.update(state="paid", paid=paid, returned=0, bank=0)

    def recover(self):
        name = self.pick(self.covers, "paid")
        if not name:
            return False
        each = self.covers[name]
        left = each["principal"] - each["returned"] - each["bank"]
        amount = self.random.randrange(1, left + 1)
        must(self.do("FundService", "ProposeDecision", CHECKER, step="CONTROLLED_STEP_COMPENSATION_RECOVERY", subject=name, amount=money(amount),
                     reason="recovered", businessDate=date(self.day)))
        must(self.do("CompensationService", "RecordCompensationRecovery", name=name, recovered=money(amount), businessDate=date(self.day)))
        bank, fund = share(amount, each["principal"] - each["paid"] - each["bank"], each["paid"] - each["returned"])
        self.books.post("1001", "5101.s", fund)
        each["bank"] += bank
        each["returned"] += fund
        if amount == left:
            each["state"] = "whole"

    # Subsidies

    def apply(self):
        principal = self.random.randrange(100, 1_000_000_00)
        amount = rounded(principal * 20_000 * 360, 1_000_000 * 360)
        answer = self.do("SubsidyService", "ApplySubsidy", programme="subsidyProgrammes/p", beneficiary=f"firm-{self.next()}", businessDate=date(self.day),
                         evidence=[{"kind": "contract", "reference": "x"}], loan={
                             "principal": money(principal), "rate": {"ppm": "40000"}, "signedOn": date(datetime.date(2025, 1, 1)),
                             "from": date(datetime.date(2025, 1, 1)), "repaidOn": date(datetime.date(2025, 12, 27))})
        used = self.books.posted.get("5201.p", 0) + self.books.pending.get(("5201.p", "debits"), 0)
        if used + amount > BUDGET:
            assert isinstance(answer, Refusal) and answer.status == "FAILED_PRECONDITION", answer
            return
        assert must(answer).amount.minor_units == amount
        self.books.reserve("5201.p", "1001", amount)
        self.subsidies[answer.name] = {"state": "applied", "amount": amount}

    def pay_subsidy(self):
        name = self.pick(self.subsidies, "applied")
        if not name:
            return False
        must(self.do("SubsidyService", "PaySubsidy", CHECKER, name=name, businessDate=date(self.day)))
        amount = self.subsidies[name]["amount"]
        self.books.free("5201.p", "1001", amount)
        self.books.post("5201.p", "1001", amount)
        self.subsidies[name]["state"] = "paid"

    # Bridge loans

    def bridge_apply(self):
        """Application, the bank's commitment, approval: the money is reserved."""
        amount = self.random.randrange(1_000, 5_000_000)
        ends = self.day + datetime.timedelta(self.random.choice([0, 5, 30]))
        answer = must(self.do("FundService", "ApplyBridgeLoan", BANK, programme="bridgeProgrammes/b", borrower=f"firm-{self.next()}",
                              borrowerKind="BORROWER_KIND_COMPANY", borrowerSize="SIZE_BAND_SMALL", bank="bank-a", existingLoan="L", loanAccount="A",
                              existingLoanAmount=money(amount), amount=money(amount), ownFunds=money(0), purpose="working_capital", renewalDate=date(ends),
                              businessDate=date(self.day)))
        must(self.do("FundService", "CommitRenewal", BANK, name=answer.name, amount=money(amount), expiresOn=date(ends), businessDate=date(self.day)))
        must(self.do("FundService", "CheckLoanUse", MAKER, name=answer.name, finding="LOAN_USE_FINDING_NOT_DIVERTED", businessDate=date(self.day),
                     evidence=[{"kind": "invoices", "reference": "x"}]))
        must(self.do("FundService", "ApproveBridgeLoan", CHECKER, name=answer.name, businessDate=date(self.day)))
        self.books.reserve("1301", "1001", amount)
        self.bridges[answer.name] = {"state": "approved", "amount": amount, "ends": ends}

    def bridge_pay(self):
        name = self.pick(self.bridges, "approved")
        if not name:
            return False
        each, days = self.bridges[name], self.random.randrange(1, LONGEST_DAYS + 1)
        answer = self.do("FundService", "DisburseBridgeLoan", CASHIER, name=name, days=days, businessDate=date(self.day))
        if each["ends"] < self.day:
            assert isinstance(answer, Refusal) and answer.reason == "TRANSFER_EXPIRED", answer
            return
        must(answer)
        self.books.free("1301", "1001", each["amount"])
        self.books.post("1301", "1001", each["amount"])
        each.update(state="out", paid=self.day, due=self.day + datetime.timedelta(days))

    @staticmethod
    def bridge_fee(each, day):
        """Calendar days at one rate, the day of payment and that of repayment together one day."""
        return rounded(each["amount"] * DAILY_FEE_PPM * max(1, (day - each["paid"]).days), 1_000_000)

    def bridge_repay(self):
        name = self.pick(self.bridges, "out", "overdue")
        if not name:
            return False
        each = self.bridges[name]
        fee = self.bridge_fee(each, self.day)
        must(self.do("FundService", "RecordRenewal", BANK, name=name, outcome="RENEWAL_OUTCOME_RENEWED", newLoan="N", amount=money(each["amount"]),
                     renewedOn=date(self.day), evidence=[{"kind": "contract", "reference": "x"}], businessDate=date(self.day)))
        must(self.do("FundService", "RepayBridgeLoan", name=name, amount=money(each["amount"] + fee), businessDate=date(self.day)))
        if self.accrued_through and self.accrued_through >= each["paid"]:
            self.books.post("4002", "1302", self.bridge_fee(each, self.accrued_through))
        self.books.post("1001", "1301", each["amount"])
        self.books.post("1001", "4002", fee)
        each["state"] = "closed"

    def dry(self):
        name = self.dry_pool.step()
        if name:
            self.done[f"dry {name}"] = self.done.get(f"dry {name}", 0) + 1
        return name

    def look_after(self):
        name = self.care.step()
        if name:
            self.done[f"care {name}"] = self.done.get(f"care {name}", 0) + 1
        return name

    # Day end

    def end_day(self):
        if self.day >= LAST_DAY or self.random.random() < 0.5:
            return False
        report = must(self.do("FundService", "AdvanceDay", pool=POOL, businessDate=date(self.day)))
        counts = self.lapse()
        accrued = sum(self.bridge_fee(each, self.day) for each in self.bridges.values() if each["state"] in ("out", "overdue"))
        self.settle("1302", "4002", accrued, 1)
        unearned = sum(self.unearned(each) for each in [*self.guarantees.values(), *self.risks.values()] if each["state"] in ("in force", "claimed"))
        self.settle("2101", "4001", unearned, -1)
        assert (report.expired_guarantees, report.expired_transfers, report.overdue_bridge_loans, report.lapsed_bridge_loans) == counts
        assert (report.accrued_fee_minor, report.unearned_fee_minor) == (accrued, unearned)
        assert report.cash_minor == self.books.posted["1001"] and report.trial_balance_difference == 0
        self.dry_pool.end_day()
        self.care.end_day()
        self.accrued_through = self.day
        self.day += datetime.timedelta(self.random.randrange(1, 4))

    def lapse(self):
        """What ends with the day, counted as the report counts."""
        guarantees = transfers = overdue = lapsed = 0
        for each in self.guarantees.values():
            if each["state"] == "reserved" and each["expires"] <= self.day:
                self.books.free("8001.f", "8002.f", each["liability"])
                each["state"] = "expired"
                guarantees += 1
        for each in self.bridges.values():
            if each["state"] == "out" and each["due"] <= self.day:
                each["state"] = "overdue"
                overdue += 1
            elif each["state"] == "approved" and each["ends"] <= self.day:
                self.books.free("1301", "1001", each["amount"])
                each["state"] = "lapsed"
                lapsed += 1
        for each in self.pendings.values():
            if each["state"] == "open" and each["expires"] <= self.day:
                self.books.free("9c", "9a", each["amount"])
                each["state"] = "expired"
                transfers += 1
        return guarantees, transfers, overdue, lapsed

    def unearned(self, each):
        """What belongs to the days after this one; the first day of the term counts, its last does not."""
        term = (MATURITY - each["since"]).days
        left = min(term, max(0, (MATURITY - self.day).days - 1))
        return rounded(each["net"] * left, term)

    def settle(self, account, income, target, side):
        """Brings an account to what it should stand at; side 1 for one that stands in debit."""
        change = target - side * self.books.posted.get(account, 0)
        if side * change > 0:
            self.books.post(account, income, abs(change))
        elif change:
            self.books.post(income, account, abs(change))

    # What must hold

    def compare(self):
        """Every balance, the limits, the breaker, and both chains."""
        trial = must(self.fund.call("FundService", "GetTrialBalance", pool=POOL))
        assert trial.difference == 0 and trial.debits_posted == trial.credits_posted
        posted = {line.code: line.debits_posted - line.credits_posted for line in trial.lines}
        assert {code: each for code, each in posted.items() if each} == {code: each for code, each in self.books.posted.items() if each}
        pending = {(line.code, side): getattr(line, f"{side}_pending") for line in trial.lines for side in ("debits", "credits")}
        assert {key: each for key, each in pending.items() if each} == {key: each for key, each in self.books.pending.items() if each}
        for line in trial.lines:
            if line.code.startswith("8001.") or line.code == "9c":
                assert line.debits_posted + line.debits_pending <= line.credits_posted, line
        facility = must(self.fund.call("FundService", "GetFacility", name="facilities/g"))
        breaker = facility.DESCRIPTOR.fields_by_name["breaker"].enum_type.values_by_number[facility.breaker].name
        assert breaker == ("BREAKER_STATE_TRIPPED" if self.tripped else "BREAKER_STATE_CLOSED"), breaker
        self.dry_pool.compare()
        self.care.compare()
        self.fund.verify()


def must(answer):
    assert not isinstance(answer, Refusal), answer
    return answer
