import FundDomain
import Kernel
import Testing

/// What must be known before a bridge goes out and before it comes back, and in which order.
@Suite struct BridgeStepTests {
  private func donghai(capital: Money = Fixture.yuan(50_000_000)) throws -> MemoryFund {
    try Self.fund(try Fixture.rules("donghai-2025", "suite-conventions"), region: "320722", capital: capital)
  }

  static func fund(
    _ rules: FundRules, region: String, capital: Money = Fixture.yuan(50_000_000), dailyFee: Int64? = nil
  ) throws -> MemoryFund {
    let fund = MemoryFund(rules)
    try fund.run(Fixture.pool(region: region, capital: capital))
    try fund.run(
      CreateBridgeProgramme(
        id: "p", pool: "pool", displayName: "应急转贷", product: "bridge_loan",
        explicitDailyFee: dailyFee.map { Rate(ppm: $0) }, explicitMaximumDays: dailyFee == nil ? nil : 3660,
        businessDate: Fixture.day("2025-09-01")))
    return fund
  }

  @discardableResult
  private func disbursed(_ fund: MemoryFund) throws -> BridgeLoan {
    try fund.run(Fixture.bridge("b"))
    try fund.run(Fixture.promise("b"), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    try fund.run(approve("b"), by: Fixture.checker)
    return try fund.run(disburse("b"), by: Fixture.cashier)
  }

  private func approve(_ id: String, on day: String = "2025-10-03") -> ApproveBridgeLoan {
    ApproveBridgeLoan(loan: id, businessDate: Fixture.day(day))
  }

  private func disburse(_ id: String, on day: String = "2025-10-09") -> DisburseBridgeLoan {
    DisburseBridgeLoan(loan: id, days: 10, businessDate: Fixture.day(day))
  }

  private func repay(_ id: String = "b", on day: String = "2025-10-12", fee: Int64 = 540_000) -> RepayBridgeLoan {
    RepayBridgeLoan(loan: id, amount: Money(900_000_000 + fee, .cny), businessDate: Fixture.day(day))
  }

  // MARK: The bank's renewal

  @Test func `nothing is closed before the bank has said what became of the renewal`() throws {
    let fund = try donghai()
    try disbursed(fund)
    let error = refusal { try fund.run(repay()) }
    #expect(error?.reason == .policyConditionFailed && error?.metadata["missing"] == "renewal")
    let loan = try fund.run(Fixture.renewed("b", Fixture.yuan(9_999_999), on: "2025-10-11"), by: Fixture.bank)
    let renewal = try #require(loan.details.renewal)
    // Less than promised: shown as it is.
    #expect(renewal.outcome == .renewed && renewal.amount == 999_999_900 && renewal.newLoan == "N-b")
    #expect(renewal.recordedBy == Officer(Fixture.bank) && loan.state == .disbursed)
    #expect(refusal { try fund.run(repay(on: "2025-10-10", fee: 180_000)) }?.field == "business_date")
    #expect(try fund.run(repay()).state == .closed)
    #expect(fund.events.map(\.kind).suffix(2) == [.bridgeRenewed, .bridgeRepaid])
  }

  @Test func `a renewal after the promise lapsed is kept`() throws {
    let fund = try donghai()
    try disbursed(fund)
    try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-19")))
    let loan = try fund.run(Fixture.renewed("b", on: "2025-10-25"), by: Fixture.bank)
    #expect(loan.state == .overdue && loan.details.renewal?.renewedOn == Fixture.day("2025-10-25"))
  }

  @Test func `a refusal is on record with its reason and lets the money back in`() throws {
    let fund = try donghai()
    try disbursed(fund)
    var refused = Fixture.renewed("b", on: "2025-10-11")
    refused.outcome = .refused
    #expect(refusal { try fund.run(refused, by: Fixture.bank) }?.field == "reason")
    refused.reason = "the firm's rating fell"
    #expect(refusal { try fund.run(refused, by: Fixture.bank) }?.field == "new_loan")
    refused.newLoan = ""
    #expect(refusal { try fund.run(refused, by: Fixture.bank) }?.field == "amount")
    refused.amount = nil
    #expect(refusal { try fund.run(refused, by: Fixture.bank) }?.field == "renewed_on")
    refused.renewedOn = nil
    #expect(try fund.run(refused, by: Fixture.bank).details.renewal?.reason == "the firm's rating fell")
    #expect(try fund.run(repay()).state == .closed)
    #expect(fund.events.map(\.kind).contains(.bridgeRenewalRefused))
  }

  @Test func `the loan's own bank says it once, on evidence, of a day of the bridge`() throws {
    let fund = try donghai()
    try fund.run(Fixture.bridge("b"))
    let renewed = Fixture.renewed("b", on: "2025-10-11")
    #expect(refusal { try fund.run(renewed, by: Fixture.bank) }?.reason == .stateConflict)
    try fund.run(Fixture.promise("b"), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    try fund.run(approve("b"), by: Fixture.checker)
    try fund.run(disburse("b"), by: Fixture.cashier)
    let other = Caller(organisation: "bank-b", role: .institution, regionPrefix: "", subject: "sun")
    #expect(refusal { try fund.run(renewed, by: other) }?.reason == .outOfScope)
    #expect(refusal { try fund.run(renewed, by: Fixture.officer) }?.reason == .outOfScope)
    func with(_ change: (inout RecordRenewal) -> Void) -> DomainError? {
      var command = renewed
      change(&command)
      return refusal { try fund.run(command, by: Fixture.bank) }
    }
    #expect(with { $0.evidence = [] }?.reason == .evidenceMissing)
    #expect(with { $0.newLoan = "" }?.field == "new_loan")
    #expect(with { $0.amount = nil }?.field == "amount")
    #expect(with { $0.amount = Fixture.yuan(0) }?.field == "amount.minor_units")
    #expect(with { $0.renewedOn = Fixture.day("2025-10-08") }?.field == "renewed_on")
    #expect(with { $0.renewedOn = Fixture.day("2025-10-12") }?.field == "renewed_on")
    try fund.run(renewed, by: Fixture.bank)
    #expect(refusal { try fund.run(renewed, by: Fixture.bank) }?.reason == .stateConflict)
  }

  // MARK: Not diverted

  @Test func `nobody approves before somebody looked whether the loan was diverted`() throws {
    let fund = try donghai()
    try fund.run(Fixture.bridge("b"))
    try fund.run(Fixture.promise("b"), by: Fixture.bank)
    let error = refusal { try fund.run(approve("b"), by: Fixture.checker) }
    #expect(error?.reason == .policyConditionFailed && error?.field == "name")
    #expect(error?.metadata["rule"] == "suite-conventions.bridge_loan.use_check")
    #expect(refusal { try fund.run(Fixture.useCheck("b"), by: Fixture.officer) }?.reason == .sameOfficer)
    let other = Caller(organisation: "bank-b", role: .institution, regionPrefix: "", subject: "sun")
    #expect(refusal { try fund.run(Fixture.useCheck("b"), by: other) }?.reason == .outOfScope)
    var bare = Fixture.useCheck("b")
    bare.evidence = []
    #expect(refusal { try fund.run(bare, by: Fixture.bank) }?.reason == .evidenceMissing)
    try fund.run(Fixture.useCheck("b"), by: Fixture.checker)
    #expect(refusal { try fund.run(Fixture.useCheck("b"), by: Fixture.bank) }?.reason == .stateConflict)
    // Who looked does not approve.
    #expect(refusal { try fund.run(approve("b"), by: Fixture.checker) }?.reason == .sameOfficer)
    let loan = try fund.run(approve("b"), by: Fixture.cashier)
    #expect(loan.citations.map(\.ruleID).contains("suite-conventions.bridge_loan.use_check"))
    #expect(refusal { try fund.run(disburse("b"), by: Fixture.checker) }?.reason == .sameOfficer)
  }

  @Test func `a diverted loan is declined with the remark`() throws {
    let fund = try donghai()
    try fund.run(Fixture.bridge("b"))
    var diverted = Fixture.useCheck("b")
    diverted.finding = .diverted
    #expect(refusal { try fund.run(diverted, by: Fixture.bank) }?.field == "note")
    diverted.note = "went into a flat"
    let loan = try fund.run(diverted, by: Fixture.bank)
    #expect(loan.state == .declined && loan.remark == "went into a flat")
    #expect(loan.details.useCheck?.finding == .diverted)
    #expect(fund.events.map(\.kind).suffix(2) == [.bridgeUseChecked, .bridgeDeclined])
  }

  @Test func `the use of the expiring loan is said, not assumed`() throws {
    let fund = try donghai()
    var application = Fixture.bridge("b")
    application.purpose = ""
    let error = refusal { try fund.run(application) }
    #expect(error?.reason == .requiredFieldMissing && error?.field == "purpose")
  }

  // MARK: The borrower's own money

  @Test func `own money is shown by evidence where there is any`() throws {
    let fund = try donghai()
    var application = Fixture.bridge("b")
    application.ownFundsEvidence = []
    let error = refusal { try fund.run(application) }
    #expect(error?.reason == .evidenceMissing && error?.field == "own_funds_evidence")
    #expect(
      try fund.run(Fixture.bridge("c")).citations.map(\.ruleID).contains("suite-conventions.bridge_loan.own_money"))
    var whole = Fixture.bridge("d", Fixture.yuan(10_000_000))
    whole.ownFunds = Fixture.yuan(0)
    whole.ownFundsEvidence = []
    #expect(try fund.run(whole).state == .applied)
  }

  // MARK: Order

  @Test func `no step is dated before the one it follows`() throws {
    let fund = try donghai()
    try fund.run(Fixture.bridge("b"))
    let early = Fixture.promise("b", on: "2025-09-30")
    #expect(refusal { try fund.run(early, by: Fixture.bank) }?.field == "business_date")
    try fund.run(Fixture.promise("b", on: "2025-10-03"), by: Fixture.bank)
    #expect(refusal { try fund.run(Fixture.useCheck("b"), by: Fixture.bank) }?.field == "business_date")
    try fund.run(Fixture.useCheck("b", on: "2025-10-04"), by: Fixture.bank)
    #expect(refusal { try fund.run(approve("b"), by: Fixture.checker) }?.field == "business_date")
    try fund.run(approve("b", on: "2025-10-05"), by: Fixture.checker)
    #expect(refusal { try fund.run(disburse("b", on: "2025-10-04"), by: Fixture.cashier) }?.field == "business_date")
    let decline = DeclineBridgeLoan(loan: "b", reason: "late", businessDate: Fixture.day("2025-10-04"))
    #expect(refusal { try fund.run(decline) }?.field == "business_date")
    try fund.run(disburse("b", on: "2025-10-05"), by: Fixture.cashier)
    func extend(_ day: String, to due: String) throws {
      try fund.run(
        ExtendBridgeLoan(loan: "b", dueOn: Fixture.day(due), reason: "late", businessDate: Fixture.day(day)))
    }
    #expect(refusal { try extend("2025-10-04", to: "2025-10-15") }?.field == "business_date")
    #expect(refusal { try fund.run(Fixture.renewed("b", on: "2025-10-04"), by: Fixture.bank) }?.field == "renewed_on")
  }

  @Test func `a payment long out is charged on at the last tier and stops nobody's day end`() throws {
    let fund = try Self.fund(try Fixture.noRules(), region: "XX", dailyFee: 100)
    try disbursed(fund)
    // 3 660 days are the longest that can be agreed; this one stays out for 3 661.
    let report = try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2035-10-18")))
    #expect(report.accruedFee == 900_000_000 / 10_000 * 3661)
    try fund.run(Fixture.renewed("b", on: "2035-10-18"), by: Fixture.bank)
    #expect(try fund.run(repay(on: "2035-10-18", fee: 90_000 * 3661)).feeLines.map(\.toDay) == [3661])
  }

  private static let freeWindow = """
    pack: free-window
    title: 应急转贷
    document: 某市应急转贷规则
    in_force: {from: 2025-01-01, to: open}
    region: "990000"

    rules:
      - id: fee
        parameter: bridge_fee.tiers
        value:
          - {at_least: 1, at_most: 3, value: 0}
          - {more_than: 3, at_most: 5, value: 200}
          - {more_than: 5, value: 400}
        unit: count -> ppm_per_day
        scope: {product: bridge_loan}
        source: {article: 免费期}
      - id: days
        parameter: bridge_loan.days.cap
        value: 10
        unit: calendar_days
        inclusive: true
        scope: {product: bridge_loan}
        source: {article: 期限}
    """

  @Test(arguments: [
    ("2025-10-10", 0, [1]), ("2025-10-12", 0, [3]), ("2025-10-13", 180_000, [3, 4]),
    ("2025-10-15", 720_000, [3, 5, 6]),
  ])
  func `days of a free window cost nothing and count`(day: String, fee: Int64, ends: [Int]) throws {
    let fund = try Self.fund(
      try Fixture.rules("suite-conventions", local: Self.freeWindow), region: "990000")
    try disbursed(fund)
    #expect(try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day(day))).accruedFee == fee)
    try fund.run(Fixture.renewed("b", on: day), by: Fixture.bank)
    let loan = try fund.run(repay(on: day, fee: fee))
    #expect(loan.fee == fee && loan.state == .closed)
    #expect(loan.feeLines.map(\.toDay) == ends)
  }
}
