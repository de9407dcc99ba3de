import FundDomain
import Kernel
import Testing

@Suite struct BridgeLoanTests {
  private func fund(
    _ packs: FundRules, region: String, dailyFee: Int64? = nil, maximumDays: Int? = nil,
    capital: Money = Fixture.yuan(50_000_000)
  ) throws -> MemoryFund {
    let fund = MemoryFund(packs)
    try fund.run(Fixture.pool(region: region, capital: capital))
    try fund.run(
      CreateBridgeProgramme(
        id: "p", pool: "pool", displayName: "应急转贷", product: "bridge_loan",
        explicitDailyFee: dailyFee.map { Rate(ppm: $0) }, explicitMaximumDays: maximumDays,
        businessDate: Fixture.day("2025-09-01")))
    return fund
  }

  private func donghai(capital: Money = Fixture.yuan(50_000_000)) throws -> MemoryFund {
    try fund(Fixture.rules("donghai-2025", "suite-conventions"), region: "320722", capital: capital)
  }

  private func apply(
    _ id: String = "b", _ amount: Money = Fixture.yuan(9_000_000), kind: BridgeBorrowerKind = .company,
    grade: PlatformGrade? = .b
  ) -> ApplyBridgeLoan {
    Fixture.bridge(id, amount, kind: kind, grade: grade)
  }

  private func promise(_ id: String = "b", _ amount: Money = Fixture.yuan(10_000_000)) -> CommitRenewal {
    var promise = Fixture.promise(id)
    promise.amount = amount
    return promise
  }

  private func approve(_ id: String = "b") -> ApproveBridgeLoan {
    ApproveBridgeLoan(loan: id, businessDate: Fixture.day("2025-10-03"))
  }

  @discardableResult
  private func disbursed(_ fund: MemoryFund, grade: PlatformGrade? = .b, days: Int = 10) throws -> BridgeLoan {
    try fund.run(apply(grade: grade))
    try fund.run(promise(), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    try fund.run(approve(), by: Fixture.checker)
    return try fund.run(
      DisburseBridgeLoan(loan: "b", days: days, businessDate: Fixture.day("2025-10-09")), by: Fixture.cashier)
  }

  @Test func `a bridge goes out and comes back with the tiered fee`() throws {
    let fund = try donghai()
    try fund.run(apply())
    try fund.run(promise(), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    try fund.run(approve(), by: Fixture.checker)
    #expect(fund.balances("pool.1001")?.creditsPending == 900_000_000)
    var loan = try fund.run(
      DisburseBridgeLoan(loan: "b", days: 10, businessDate: Fixture.day("2025-10-09")), by: Fixture.cashier)
    #expect(loan.dueOn == Fixture.day("2025-10-19"))
    #expect(fund.balances("pool.1301") == Balances(debitsPosted: 900_000_000))
    // 5 days at 0.02 % and 3 at 0.04 % of 9 million.
    let repay = RepayBridgeLoan(
      loan: "b", amount: Fixture.yuan(9_000_000 + 9_000 + 10_800), businessDate: Fixture.day("2025-10-17"))
    try fund.run(Fixture.renewed("b", on: "2025-10-17"), by: Fixture.bank)
    var short = repay
    short.amount = Fixture.yuan(9_019_799)
    let error = refusal { try fund.run(short) }
    #expect(error?.reason == .invalidArgument && error?.metadata["due_minor_units"] == "901980000")
    loan = try fund.run(repay)
    #expect(loan.state == .closed && loan.fee == 1_980_000)
    #expect(loan.feeLines.map(\.dailyPPM) == [200, 400] && loan.feeLines.map(\.toDay) == [5, 8])
    #expect(loan.citations.map(\.ruleID).contains("donghai-2025.fee"))
    #expect(loan.citations.map(\.ruleID).contains("donghai-2025.share"))
    #expect(fund.balances("pool.1301")?.posted(on: .debit) == 0)
    #expect(fund.balances("pool.4002") == Balances(creditsPosted: 1_980_000))
    #expect(fund.imbalance == 0)
  }

  @Test func `the share of the commitment and the caps by kind hold at their edges`() throws {
    let fund = try donghai()
    try fund.run(apply("a", Fixture.yuan(9_500_000)))
    try fund.run(promise("a"), by: Fixture.bank)
    try fund.run(Fixture.useCheck("a"), by: Fixture.bank)
    #expect(try fund.run(approve("a"), by: Fixture.checker).state == .approved)
    try fund.run(apply("b", Fixture.yuan(9_500_000, 1)))
    try fund.run(promise("b"), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    #expect(refusal { try fund.run(approve("b"), by: Fixture.checker) }?.reason == .policyConditionFailed)
    #expect(try fund.run(apply("c", Fixture.yuan(2_000_000), kind: .soleTrader)).state == .applied)
    let error = refusal { try fund.run(apply("d", Fixture.yuan(2_000_000, 1), kind: .soleTrader)) }
    #expect(error?.reason == .policyConditionFailed && error?.field == "amount")
  }

  @Test func `ten days are allowed, eleven are not`() throws {
    let fund = try donghai()
    #expect(refusal { try disbursed(fund, days: 11) }?.reason == .policyConditionFailed)
    #expect(
      try fund.run(
        DisburseBridgeLoan(loan: "b", days: 10, businessDate: Fixture.day("2025-10-09")), by: Fixture.cashier
      ).state == .disbursed
    )
  }

  @Test func `the bank promises, another officer approves, in that order`() throws {
    let fund = try donghai()
    try fund.run(apply())
    #expect(refusal { try fund.run(approve(), by: Fixture.checker) }?.reason == .stateConflict)
    let other = Caller(organisation: "bank-b", role: .institution, regionPrefix: "", subject: "sun")
    #expect(refusal { try fund.run(promise(), by: other) }?.reason == .outOfScope)
    try fund.run(promise(), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    #expect(refusal { try fund.run(approve(), by: Fixture.officer) }?.reason == .sameOfficer)
    #expect(try fund.run(approve(), by: Fixture.checker).checker?.subject == "li")
  }

  @Test func `in a dry pool an approved loan waits and reserves nothing`() throws {
    let fund = try donghai(capital: Fixture.yuan(1_000_000))
    try fund.run(apply())
    try fund.run(promise(), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    let loan = try fund.run(approve(), by: Fixture.checker)
    #expect(loan.state == .queued && loan.transfers.isEmpty)
    #expect(fund.balances("pool.1001")?.creditsPending == 0)
    #expect(
      refusal {
        try fund.run(
          DisburseBridgeLoan(loan: "b", days: 10, businessDate: Fixture.day("2025-10-09")), by: Fixture.cashier)
      }?.reason == .stateConflict)
  }

  @Test func `a lapsed promise lets the money go and a late loan becomes overdue`() throws {
    let fund = try donghai()
    try fund.run(apply())
    try fund.run(promise(), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    try fund.run(approve(), by: Fixture.checker)
    let day = { (date: String) in try fund.run(ExpireReservations(pool: "pool", businessDate: Fixture.day(date))) }
    #expect(try day("2025-10-19").lapsedBridgeLoans == 0)
    #expect(try day("2025-10-20").lapsedBridgeLoans == 1)
    #expect(fund.loans["b"]?.state == .declined)
    #expect(fund.balances("pool.1001")?.creditsPending == 0)

    let late = try donghai()
    try disbursed(late)
    let close = { (date: String) in try late.run(ExpireReservations(pool: "pool", businessDate: Fixture.day(date))) }
    #expect(try close("2025-10-18").overdueBridgeLoans == 0)
    #expect(try close("2025-10-19").overdueBridgeLoans == 1)
    #expect(try close("2025-10-19").overdueBridgeLoans == 0)
    #expect(late.loans["b"]?.state == .overdue)
    try late.run(Fixture.renewed("b", on: "2025-10-21"), by: Fixture.bank)
    // 5 days at 0.02 %, 7 at 0.04 %: the last tier goes on.
    let loan = try late.run(
      RepayBridgeLoan(
        loan: "b", amount: Fixture.yuan(9_000_000 + 9_000 + 25_200), businessDate: Fixture.day("2025-10-21")))
    #expect(loan.state == .closed)
    #expect(late.imbalance == 0)
  }

  @Test(arguments: [(PlatformGrade.c, Int64(700)), (.d, 800), (.e, 800), (.a, 700)])
  func `in Yantai a grade of C or better takes 0.01 % a day off a base that the city gives`(
    grade: PlatformGrade, dailyPPM: Int64
  ) throws {
    let fund = try fund(
      Fixture.rules("yantai-2023-8", "suite-conventions"), region: "3706", dailyFee: 800, maximumDays: 15)
    try disbursed(fund, grade: grade)
    let fee = Fixture.yuan(9_000_000).minorUnits * dailyPPM * 3 / 1_000_000
    try fund.run(Fixture.renewed("b", on: "2025-10-12"), by: Fixture.bank)
    let loan = try fund.run(
      RepayBridgeLoan(
        loan: "b", amount: Money(900_000_000 + fee, .cny), businessDate: Fixture.day("2025-10-12")))
    #expect(loan.fee == fee && loan.feeLines.map(\.dailyPPM) == [dailyPPM])
  }

  @Test func `where neither pack nor programme states a fee there is no loan`() throws {
    let fund = try fund(Fixture.rules("yantai-2023-8", "suite-conventions"), region: "3706")
    #expect(refusal { try fund.run(apply()) }?.reason == .policyNotStated)
  }

  @Test func `too much overdue suspends new business`() throws {
    let rules = try Fixture.rules("qianjiang-2016", "suite-conventions")
    let fund = try fund(rules, region: "500114", dailyFee: 500, maximumDays: 10, capital: Fixture.yuan(20_000_000))
    try fund.run(apply("b", Fixture.yuan(8_500_000)))
    try fund.run(promise(), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    try fund.run(approve(), by: Fixture.checker)
    try fund.run(DisburseBridgeLoan(loan: "b", days: 1, businessDate: Fixture.day("2025-10-09")), by: Fixture.cashier)
    try fund.run(ExpireReservations(pool: "pool", businessDate: Fixture.day("2025-10-31")))
    #expect(refusal { try fund.run(apply("c", Fixture.yuan(1_000_000))) }?.reason == .breakerTripped)
  }
}
