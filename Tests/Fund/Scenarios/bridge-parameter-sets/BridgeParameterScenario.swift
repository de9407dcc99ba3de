import FundDomain
import Kernel
import Testing

@Suite struct BridgeParameterScenario {
  private func fund(
    _ packs: String..., region: String, capital: Money = Fixture.yuan(50_000_000), penalty: Int64? = nil
  ) throws -> MemoryFund {
    let names = packs + ["suite-conventions"]
    let rules: FundRules =
      switch names.count {
      case 2: try Fixture.rules(names[0], names[1])
      case 3: try Fixture.rules(names[0], names[1], names[2])
      default: try Fixture.rules(names[0], names[1], names[2], names[3])
      }
    let fund = MemoryFund(rules)
    try fund.run(Fixture.pool(region: region, capital: capital))
    var programme = CreateBridgeProgramme(
      id: "p", pool: "pool", displayName: "应急转贷", product: "bridge_loan", explicitDailyFee: nil,
      explicitMaximumDays: nil, businessDate: Fixture.day("2025-09-01"))
    programme.penaltyRate = penalty.map { Rate(ppm: $0) }
    try fund.run(programme)
    return fund
  }

  private func donghai(capital: Money = Fixture.yuan(50_000_000), penalty: Int64? = nil) throws -> MemoryFund {
    try fund("donghai-2025", region: "320722", capital: capital, penalty: penalty)
  }

  private func apply(_ id: String, _ amount: Money = Fixture.yuan(9_000_000)) -> ApplyBridgeLoan {
    Fixture.bridge(id, amount)
  }

  @discardableResult
  private func approved(
    _ fund: MemoryFund, _ id: String, _ amount: Money = Fixture.yuan(9_000_000), on day: String = "2025-10-03"
  ) throws -> BridgeLoan {
    try fund.run(apply(id, amount))
    try fund.run(Fixture.promise(id), by: Fixture.bank)
    try fund.run(Fixture.useCheck(id), by: Fixture.bank)
    return try fund.run(ApproveBridgeLoan(loan: id, businessDate: Fixture.day(day)), by: Fixture.checker)
  }

  private func disburse(_ fund: MemoryFund, _ id: String, days: Int = 10, on day: String = "2025-10-09") throws {
    try fund.run(DisburseBridgeLoan(loan: id, days: days, businessDate: Fixture.day(day)), by: Fixture.cashier)
  }

  private func repay(_ fund: MemoryFund, _ id: String, on day: String, _ due: Money) throws -> BridgeLoan {
    try fund.run(Fixture.renewed(id, on: day), by: Fixture.bank)
    return try fund.run(RepayBridgeLoan(loan: id, amount: due, businessDate: Fixture.day(day)))
  }

  @Test func `a loan for another purpose than working capital is refused`() throws {
    let fund = try donghai()
    var application = apply("a")
    application.purpose = "fixed_assets"
    #expect(refusal { try fund.run(application) }?.field == "purpose")
  }

  @Test func `the queue is served in the order of approval and nobody overtakes`() throws {
    let fund = try donghai(capital: Fixture.yuan(10_000_000))
    #expect(try approved(fund, "a").state == .approved)
    #expect(try approved(fund, "b").state == .queued)
    // This one would fit, but it came later.
    #expect(try approved(fund, "c", Fixture.yuan(500_000)).state == .queued)
    #expect(try fund.queuedBridgeLoans(pool: "pool").map(\.id) == ["b", "c"])
    try disburse(fund, "a")
    // Nine days: 5 × 0.02 % + 4 × 0.04 % of 9 M are 23 400.
    let repaid = try repay(fund, "a", on: "2025-10-18", Fixture.yuan(9_023_400))
    #expect(repaid.state == .closed)
    #expect(fund.loans["b"]?.state == .approved && fund.loans["c"]?.state == .approved)
    #expect(fund.balances("pool.1001")?.creditsPending == 950_000_000)
    #expect(fund.imbalance == 0)
  }

  @Test func `a loan that waits too long is let go with the bank's promise`() throws {
    let fund = try donghai(capital: Fixture.yuan(10_000_000))
    try approved(fund, "a")
    try approved(fund, "b")
    try disburse(fund, "a", days: 10, on: "2025-10-15")
    let report = try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-20")))
    #expect(report.lapsedBridgeLoans == 1 && report.bridgeLoansOut == 1)
    #expect(fund.loans["b"]?.state == .declined)
  }

  @Test func `fees accrue by the day and a repayment takes its accrual back`() throws {
    let fund = try donghai()
    try approved(fund, "a")
    try disburse(fund, "a")
    var report = try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-09")))
    #expect(report.accruedFee == 180_000)
    report = try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-15")))
    // Six days: 5 × 1 800 + 3 600.
    #expect(report.accruedFee == 1_260_000)
    #expect(fund.balances("pool.1302") == Balances(debitsPosted: 1_260_000))
    _ = try repay(fund, "a", on: "2025-10-16", Fixture.yuan(9_016_200))
    #expect(fund.balances("pool.1302") == Balances(debitsPosted: 1_260_000, creditsPosted: 1_260_000))
    #expect(fund.balances("pool.4002") == Balances(debitsPosted: 1_260_000, creditsPosted: 2_880_000))
    #expect(try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-16"))).accruedFee == 0)
    #expect(fund.imbalance == 0)
  }

  @Test func `a payment that is entered late catches up with the accrual`() throws {
    let fund = try donghai()
    try approved(fund, "a")
    try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-12")))
    try disburse(fund, "a", on: "2025-10-09")
    // Three days of use by the 12th.
    #expect(fund.balances("pool.1302") == Balances(debitsPosted: 540_000))
    #expect(try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-13"))).accruedFee == 720_000)
  }

  @Test func `a late loan pays its penalty, and an extension stays within the longest use`() throws {
    let fund = try donghai(penalty: 500)
    try approved(fund, "a")
    try disburse(fund, "a", days: 5)
    try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-14")))
    #expect(fund.loans["a"]?.state == .overdue)
    func extend(_ day: String) throws -> BridgeLoan {
      try fund.run(
        ExtendBridgeLoan(
          loan: "a", dueOn: Fixture.day(day), reason: "the bank is late", businessDate: Fixture.day("2025-10-14")))
    }
    #expect(refusal { _ = try extend("2025-10-20") }?.reason == .policyConditionFailed)
    let extended = try extend("2025-10-19")
    #expect(extended.state == .disbursed && extended.details.extensions == 1)
    // Two days late: 9 M × 0.05 % × 2 = 9 000 beside a fee of 5 × 1 800 + 7 × 3 600 = 34 200.
    let repaid = try repay(fund, "a", on: "2025-10-21", Fixture.yuan(9_043_200))
    #expect(repaid.details.penalty == 900_000 && repaid.fee == 3_420_000)
    #expect(fund.balances("pool.4003") == Balances(creditsPosted: 900_000))
    #expect(fund.imbalance == 0)
  }

  @Test func `officers stop a bank or a programme and let it go on`() throws {
    let fund = try donghai()
    func suspend(_ bank: String, _ isSuspended: Bool) throws {
      try fund.run(
        SuspendBridgeProgramme(
          programme: "p", bank: bank, isSuspended: isSuspended, reason: "review",
          businessDate: Fixture.day("2025-09-30")))
    }
    try suspend("bank-a", true)
    #expect(refusal { try fund.run(apply("a")) }?.reason == .breakerTripped)
    #expect(refusal { try suspend("bank-a", true) }?.reason == .stateConflict)
    // One officer stops; another one has to agree before anybody lends again.
    #expect(refusal { try suspend("bank-a", false) }?.reason == .stateConflict)
    func propose(_ bank: String?) throws {
      try fund.run(
        ProposeDecision(
          step: .programmeResumption, subject: "bridgeProgrammes/p", reasoned: DecisionTerms(party: bank),
          on: "2025-09-30"), by: Fixture.checker)
    }
    try propose("bank-a")
    try suspend("bank-a", false)
    try suspend("", true)
    #expect(refusal { try fund.run(apply("a")) }?.reason == .breakerTripped)
    try propose(nil)
    #expect(refusal { try propose(nil) }?.reason == .stateConflict)
    try suspend("", false)
    try fund.run(apply("a"))
  }
}
