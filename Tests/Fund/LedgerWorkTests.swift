import FundDomain
import Kernel
import Testing

/// Value dates, bounds, reversals and closes.
@Suite struct LedgerWorkTests {
  private func bench() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    for (code, limit) in [("9a", AccountLimit.none), ("9c", .debitsMustNotExceedCredits)] {
      try fund.run(CreateAccount(pool: "pool", code: code, displayName: code, normalSide: .credit, limit: limit))
    }
    return fund
  }

  private var nextID = Counter()
  private final class Counter { var value = 0 }

  private func move(
    _ fund: MemoryFund, _ amount: Int64, debit: String, credit: String, on day: String,
    template: PostingTemplate = .clearing
  ) throws -> TransferStatus {
    nextID.value += 1
    let draft = TransferDraft(
      id: Fixture.ulid(nextID.value),
      .single(template, [LegDraft("pool.\(debit)", amount), LegDraft("pool.\(credit)", -amount)]), on: Fixture.day(day))
    return try fund.run(CreateTransfers([draft]))[0].status
  }

  @Test func `an earlier value date is checked against the close of every later day`() throws {
    let fund = try bench()
    #expect(try move(fund, 100, debit: "9a", credit: "9c", on: "2024-05-01") == .created)
    #expect(try move(fund, 70, debit: "9c", credit: "9a", on: "2024-05-10") == .created)
    #expect(try move(fund, 50, debit: "9a", credit: "9c", on: "2024-05-20") == .created)
    // Now 80 stand on the account, but only 30 stood on it from the 10th to the 19th.
    #expect(try move(fund, 31, debit: "9c", credit: "9a", on: "2024-05-05") == .exceedsLimitLater)
    #expect(try move(fund, 30, debit: "9c", credit: "9a", on: "2024-05-05") == .created)
    #expect(try move(fund, 1, debit: "9c", credit: "9a", on: "2024-05-19") == .exceedsLimitLater)
    #expect(try move(fund, 50, debit: "9c", credit: "9a", on: "2024-05-20") == .created)
    // Before the first credit nothing stood there at all, whatever came later.
    #expect(try move(fund, 10, debit: "9a", credit: "9c", on: "2024-05-30") == .created)
    #expect(try move(fund, 1, debit: "9c", credit: "9a", on: "2024-04-30") == .exceedsLimitLater)
    #expect(fund.imbalance == 0)
  }

  @Test func `a batch sees its own earlier value dates`() throws {
    let fund = try bench()
    func draft(_ id: Int, _ amount: Int64, _ day: String) -> TransferDraft {
      let legs = [LegDraft("pool.9a", amount), LegDraft("pool.9c", -amount)]
      return TransferDraft(id: Fixture.ulid(id), .single(.clearing, legs), on: Fixture.day(day))
    }
    let statuses = try fund.run(
      CreateTransfers([
        draft(1, 100, "2024-05-01"), draft(2, -100, "2024-05-20"), draft(3, 60, "2024-05-25"),
        draft(4, -1, "2024-05-10"), draft(5, 1, "2024-05-02"), draft(6, -1, "2024-05-10"), draft(7, -1, "2024-05-10"),
      ])
    ).map(\.status)
    #expect(
      statuses == [
        .created, .created, .created, .exceedsLimitLater, .created, .created, .exceedsLimitLater,
      ])
  }

  @Test func `a bound counts what is pending, and each change is kept`() throws {
    let fund = try bench()
    func limit(_ bound: Int64?) throws -> Account {
      try fund.runTogether(
        SetAccountLimit(
          account: "pool.9a", limit: .none, bound: bound, reason: "budget", businessDate: Fixture.day("2024-05-01")),
        as: .limitChange, of: "accounts/pool.9a", DecisionTerms(limit: AccountLimit.none, bound: bound),
        on: "2024-05-01")
    }
    #expect(try limit(100).bound == 100)
    let pending = TransferDraft(
      id: Fixture.ulid(900),
      .pending(
        .clearing, [LegDraft("pool.9c", 60), LegDraft("pool.9a", -60)], expiresOn: Fixture.day("2024-06-01")),
      on: Fixture.day("2024-05-01"))
    // 9c may not be debited beyond its credits: it gets some first.
    #expect(try move(fund, 200, debit: "9a", credit: "9c", on: "2024-05-01") == .created)
    #expect(try fund.run(CreateTransfers([pending]))[0].status == .created)
    // −200 stand on the normal side, and 60 are pending on it.
    #expect(try move(fund, 160, debit: "9c", credit: "9a", on: "2024-05-02") == .exceedsLimit)
    #expect(try move(fund, 140, debit: "9c", credit: "9a", on: "2024-05-02") == .created)
    #expect(refusal { _ = try limit(-1) }?.field == "bound_minor")
    #expect(try limit(0).bound == 0)
    #expect(try limit(nil).bound == nil)
    let history = try fund.records(AccountLimitChange.self, RecordQuery(owner: "pool.9a"))
    #expect(history.map(\.bound) == [100, 0, nil])
    #expect(history.map(\.afterTransfer) == [1, 4, 4])
    #expect(
      refusal {
        try fund.run(
          SetAccountLimit(
            account: "pool.1001", limit: .none, bound: nil, reason: "loosen", businessDate: Fixture.day("2024-05-01")))
      }?.reason == .stateConflict)
  }

  @Test func `a bound below what stands already is refused`() throws {
    let fund = try bench()
    #expect(try move(fund, 100, debit: "9a", credit: "9c", on: "2024-05-01") == .created)
    func bound(_ amount: Int64) -> SetAccountLimit {
      SetAccountLimit(
        account: "pool.9c", limit: .debitsMustNotExceedCredits, bound: amount, reason: "less",
        businessDate: Fixture.day("2024-05-01"))
    }
    #expect(refusal { try fund.run(bound(99)) }?.reason == .limitExceeded)
    #expect(
      try fund.runTogether(
        bound(100), as: .limitChange, of: "accounts/pool.9c",
        DecisionTerms(limit: .debitsMustNotExceedCredits, bound: 100), on: "2024-05-01"
      ).bound == 100)
    #expect(try move(fund, 1, debit: "9a", credit: "9c", on: "2024-05-01") == .exceedsLimit)
    #expect(try move(fund, 1, debit: "9c", credit: "9a", on: "2024-05-01") == .created)
  }

  @Test func `a bound holds at the close of every later day, whichever side is the normal one`() throws {
    let fund = try bench()
    try fund.run(CreateAccount(pool: "pool", code: "9d", displayName: "9d", normalSide: .debit, limit: .none))
    for code in ["9a", "9d"] {
      try fund.runTogether(
        SetAccountLimit(
          account: "pool.\(code)", limit: .none, bound: 100, reason: "budget", businessDate: Fixture.day("2024-05-01")),
        as: .limitChange, of: "accounts/pool.\(code)", DecisionTerms(limit: AccountLimit.none, bound: 100),
        on: "2024-05-01")
    }
    // 9a grows by credits, 9d by debits: both stand at 90 from the 1st to the 9th, at 20 afterwards.
    #expect(try move(fund, 90, debit: "9d", credit: "9a", on: "2024-05-01") == .created)
    #expect(try move(fund, 70, debit: "9a", credit: "9d", on: "2024-05-10") == .created)
    try fund.run(CreateAccount(pool: "pool", code: "9e", displayName: "9e", normalSide: .credit, limit: .none))
    for code in ["9a", "9d"] {
      func grow(_ amount: Int64, on day: String) throws -> TransferStatus {
        code == "9a"
          ? try move(fund, amount, debit: "9e", credit: "9a", on: day)
          : try move(fund, amount, debit: "9d", credit: "9e", on: day)
      }
      #expect(try grow(11, on: "2024-05-05") == .exceedsLimitLater)
      #expect(try grow(10, on: "2024-05-05") == .created)
      #expect(try grow(1, on: "2024-05-09") == .exceedsLimitLater)
      #expect(try grow(1, on: "2024-04-30") == .exceedsLimitLater)
      #expect(try grow(70, on: "2024-05-10") == .created)
      #expect(try grow(1, on: "2024-05-10") == .exceedsLimit)
    }
    // What lowers the account is never refused for its bound, however early its date.
    #expect(try move(fund, 100, debit: "9a", credit: "9d", on: "2024-05-02") == .created)
    #expect(fund.imbalance == 0)
  }

  @Test func `a chain that breaks a bound on an earlier day leaves nothing behind in the batch`() throws {
    let fund = try bench()
    try fund.runTogether(
      SetAccountLimit(
        account: "pool.9c", limit: .debitsMustNotExceedCredits, bound: 100, reason: "budget",
        businessDate: Fixture.day("2024-05-01")),
      as: .limitChange, of: "accounts/pool.9c", DecisionTerms(limit: .debitsMustNotExceedCredits, bound: 100),
      on: "2024-05-01")
    func draft(_ id: Int, _ amount: Int64, _ day: String, linked: Bool = false) -> TransferDraft {
      let legs = [LegDraft("pool.9a", amount), LegDraft("pool.9c", -amount)]
      return TransferDraft(
        id: Fixture.ulid(id), linked: linked, .single(.clearing, legs), on: Fixture.day(day))
    }
    let statuses = try fund.run(
      CreateTransfers([
        draft(1, 90, "2024-05-01"), draft(2, -80, "2024-05-10"),
        // 5 more on the 5th would fit, 6 on the 6th no longer: both go.
        draft(3, 5, "2024-05-05", linked: true), draft(4, 6, "2024-05-06"),
        draft(5, 10, "2024-05-06"), draft(6, 1, "2024-05-07"),
        // Taking more than stands on the 4th breaks the rule, and leaves the headroom as it was.
        draft(7, -91, "2024-05-04"), draft(8, -1, "2024-05-04"), draft(9, 1, "2024-05-08"), draft(10, 1, "2024-05-08"),
      ])
    ).map(\.status)
    #expect(
      statuses == [
        .created, .created, .linkedTransferRefused, .exceedsLimitLater, .created, .exceedsLimitLater,
        .exceedsLimit, .created, .created, .exceedsLimitLater,
      ])
  }

  @Test func `a transfer is reversed once, by two officers, and a product's not at all`() throws {
    let fund = try bench()
    #expect(try move(fund, 100, debit: "9a", credit: "9c", on: "2024-05-01") == .created)
    func propose(_ number: Int64) -> ProposeReversal {
      ProposeReversal(
        transfer: number, reason: .duplicate, note: "posted twice", businessDate: Fixture.day("2024-05-02"))
    }
    let approve = ApproveReversal(transfer: 2, businessDate: Fixture.day("2024-05-03"))
    #expect(refusal { try fund.run(approve) }?.reason == .resourceNotFound)
    #expect(try fund.run(propose(2)).state == .proposed)
    #expect(refusal { try fund.run(propose(2)) }?.reason == .resourceExists)
    #expect(refusal { try fund.run(approve) }?.reason == .sameOfficer)
    let reversal = try fund.run(approve, by: Fixture.checker)
    #expect(reversal.state == .posted && reversal.reversingTransfer == 3)
    #expect(fund.balances("pool.9c") == Balances(debitsPosted: 100, creditsPosted: 100))
    #expect(refusal { try fund.run(approve, by: Fixture.checker) }?.reason == .stateConflict)

    try fund.run(try Fixture.facility(explicitFeeCap: 20_000))
    // Number 4 is the facility's limit: its product's business.
    #expect(refusal { try fund.run(propose(4)) }?.reason == .stateConflict)
    #expect(refusal { try fund.run(propose(99)) }?.reason == .resourceNotFound)
    // The reversal itself is no directly posted transfer.
    #expect(refusal { try fund.run(propose(3)) }?.reason == .stateConflict)
  }

  @Test func `the reversal of a capital injection cannot take money that is spent`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool(capital: Fixture.yuan(100)))
    try fund.run(
      CreateSubsidyProgramme(
        id: "s", pool: "pool", displayName: "奖补", kind: .loanInterest, allocation: .firstCome, budget: Fixture.yuan(1),
        explicitRate: Rate(ppm: 10_000), explicitCap: nil, opensOn: Fixture.day("2020-01-01"),
        closesOn: Fixture.day("2020-12-31")))
    try fund.run(
      ApplySubsidy(
        id: "a", programme: "s", beneficiary: "firm",
        facts: .loan(
          .init(
            principal: Fixture.yuan(36), rate: Rate(ppm: 50_000), signedOn: Fixture.day("2019-01-01"),
            from: Fixture.day("2019-01-01"), repaidOn: Fixture.day("2019-12-27"))), evidence: Fixture.evidence,
        businessDate: Fixture.day("2020-02-01")))
    try fund.run(
      ProposeReversal(transfer: 1, reason: .notEffected, note: "", businessDate: Fixture.day("2020-03-01")))
    let error = refusal {
      try fund.run(ApproveReversal(transfer: 1, businessDate: Fixture.day("2020-03-01")), by: Fixture.checker)
    }
    #expect(error?.reason == .insufficientFunds)
    #expect(fund.imbalance == 0)
  }

  @Test func `closed books take nothing in, and only a day that ended is closed`() throws {
    let fund = try bench()
    #expect(try move(fund, 100, debit: "9a", credit: "9c", on: "2024-05-01") == .created)
    let close = { (day: String) in try fund.run(ClosePeriod(pool: "pool", through: Fixture.day(day))) }
    #expect(refusal { _ = try close("2024-05-31") }?.field == "through")
    try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2024-05-31")))
    let closed = try close("2024-05-31")
    #expect(closed.debits == closed.credits && closed.debits == 10_000_000_100)
    #expect(try move(fund, 1, debit: "9a", credit: "9c", on: "2024-05-31") == .periodClosed)
    #expect(try move(fund, 1, debit: "9a", credit: "9c", on: "2024-06-01") == .created)
    #expect(refusal { _ = try close("2024-05-30") }?.reason == .stateConflict)
    #expect(refusal { _ = try close("2024-06-30") }?.reason == .stateConflict)
  }
}
