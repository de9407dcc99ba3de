import FundDomain
import Kernel
import Testing

/// Who gets money, who waits, and who gets none.
@Suite struct BridgeQueueTests {
  private func donghai(capital: Int64 = 50_000_000) throws -> MemoryFund {
    try BridgeStepTests.fund(
      try Fixture.rules("donghai-2025", "suite-conventions"), region: "320722", capital: Fixture.yuan(capital))
  }

  @discardableResult
  private func approved(
    _ fund: MemoryFund, _ id: String, _ amount: Money = Fixture.yuan(9_000_000), grade: PlatformGrade? = .b,
    bank: String = "bank-a"
  ) throws -> BridgeLoan {
    let clerk = Caller(organisation: bank, role: .institution, regionPrefix: "37", subject: "zhao")
    try fund.run(Fixture.bridge(id, amount, grade: grade, bank: bank))
    try fund.run(Fixture.promise(id, expires: "2025-10-31"), by: clerk)
    try fund.run(Fixture.useCheck(id), by: clerk)
    return try fund.run(ApproveBridgeLoan(loan: id, businessDate: Fixture.day("2025-10-03")), by: Fixture.checker)
  }

  private func disburse(_ fund: MemoryFund, _ id: String, days: Int = 10) throws {
    try fund.run(
      DisburseBridgeLoan(loan: id, days: days, businessDate: Fixture.day("2025-10-09")), by: Fixture.cashier)
  }

  private func suspend(_ fund: MemoryFund, _ bank: String = "", _ isSuspended: Bool = true) throws {
    if !isSuspended {
      try fund.run(
        ProposeDecision(
          step: .programmeResumption, subject: "bridgeProgrammes/p",
          reasoned: DecisionTerms(party: bank.isEmpty ? nil : bank), on: "2025-10-10"), by: Fixture.checker)
    }
    try fund.run(
      SuspendBridgeProgramme(
        programme: "p", bank: bank, isSuspended: isSuspended, reason: "review",
        businessDate: Fixture.day("2025-10-10")))
  }

  private func inject(_ fund: MemoryFund, _ yuan: Int64, on day: String = "2025-10-09") throws {
    let results = try fund.run(
      CreateTransfers([
        TransferDraft(
          id: Fixture.ulid(Int(yuan)),
          .single(.capitalInjection, [LegDraft("pool.1001", yuan * 100), LegDraft("pool.3001", -yuan * 100)]),
          on: Fixture.day(day))
      ]))
    #expect(results.map(\.status) == [.created])
  }

  @Test func `capital that comes in goes to those who wait`() throws {
    let fund = try donghai(capital: 1_000_000)
    #expect(try approved(fund, "a").state == .queued)
    #expect(try approved(fund, "b").state == .queued)
    try inject(fund, 7_999_999)
    #expect(fund.loans["a"]?.state == .queued)
    try inject(fund, 1)
    #expect(fund.loans["a"]?.state == .approved && fund.loans["b"]?.state == .queued)
    #expect(fund.balances("pool.1001")?.creditsPending == 900_000_000)
  }

  @Test func `money that is entered late serves nobody before the approval`() throws {
    let fund = try donghai(capital: 1_000_000)
    try approved(fund, "a")
    try inject(fund, 9_000_000, on: "2025-10-01")
    #expect(fund.loans["a"]?.state == .approved && fund.loans["a"]?.details.steppedOn == Fixture.day("2025-10-03"))
    #expect(fund.transfers.last?.businessDate == Fixture.day("2025-10-03"))
  }

  @Test func `in Yantai firms of grade C or better are served first, in the order of approval`() throws {
    let fund = try BridgeStepTests.fund(
      try Fixture.rules("yantai-2023-8", "suite-conventions"), region: "3706", capital: Fixture.yuan(1_000_000),
      dailyFee: 800)
    try approved(fund, "a", grade: .d)
    try approved(fund, "b", grade: nil)
    let first = try approved(fund, "c", grade: .c)
    #expect(first.details.hasPriority == true)
    #expect(first.citations.map(\.ruleID).contains("yantai-2023-8.bridge_loan.priority_grade"))
    try approved(fund, "d", grade: .a)
    #expect(try fund.queuedBridgeLoans(pool: "pool").map(\.id) == ["c", "d", "a", "b"])
    // What is free is enough for a small loan: those without priority wait behind everybody, those with it behind theirs.
    #expect(try approved(fund, "e", Fixture.yuan(500_000), grade: .d).state == .queued)
    #expect(try approved(fund, "f", Fixture.yuan(500_000), grade: .a).state == .queued)
    try inject(fund, 8_000_000)
    #expect(fund.loans["c"]?.state == .approved && fund.loans["d"]?.state == .queued)
  }

  @Test func `a loan with priority takes what is free past those without`() throws {
    let fund = try BridgeStepTests.fund(
      try Fixture.rules("yantai-2023-8", "suite-conventions"), region: "3706", capital: Fixture.yuan(1_000_000),
      dailyFee: 800)
    #expect(try approved(fund, "a", grade: .d).state == .queued)
    #expect(try approved(fund, "b", Fixture.yuan(500_000), grade: .c).state == .approved)
  }

  @Test func `a suspension stops approvals, payments and the queue`() throws {
    let fund = try donghai(capital: 10_000_000)
    try approved(fund, "a")
    try approved(fund, "b")
    try fund.run(Fixture.bridge("c"))
    try fund.run(Fixture.promise("c"), by: Fixture.bank)
    try fund.run(Fixture.useCheck("c"), by: Fixture.bank)
    try suspend(fund, "bank-a")
    let approval = ApproveBridgeLoan(loan: "c", businessDate: Fixture.day("2025-10-10"))
    #expect(refusal { try fund.run(approval, by: Fixture.checker) }?.reason == .breakerTripped)
    #expect(refusal { try disburse(fund, "a") }?.reason == .breakerTripped)
    try inject(fund, 9_000_000)
    #expect(fund.loans["b"]?.state == .queued)
    // Another bank's customer is not held up by a loan that may not go on.
    #expect(try approved(fund, "d", bank: "bank-b").state == .approved)
    try suspend(fund, "bank-a", false)
    #expect(fund.loans["b"]?.state == .queued)
    try inject(fund, 8_000_000, on: "2025-10-10")
    #expect(fund.loans["b"]?.state == .approved)
    try disburse(fund, "a")
    try suspend(fund)
    #expect(refusal { try fund.run(approval, by: Fixture.checker) }?.reason == .breakerTripped)
  }

  @Test func `a resumption serves those who waited for it`() throws {
    let fund = try donghai(capital: 10_000_000)
    try approved(fund, "a")
    try approved(fund, "b")
    try suspend(fund)
    try inject(fund, 9_000_000)
    #expect(fund.loans["b"]?.state == .queued)
    try suspend(fund, "", false)
    #expect(fund.loans["b"]?.state == .approved)
  }

  private static let bankCap = """
    pack: bank-cap
    title: 应急转贷
    document: 某市应急转贷规则
    in_force: {from: 2025-01-01, to: open}
    region: "320722"

    rules:
      - id: bank
        parameter: bridge_loan.bank_overdue.cap
        value: 200_000
        unit: ppm
        inclusive: true
        scope: {product: bridge_loan}
        source: {article: 暂停}
    """

  @Test(arguments: [(45_000_000, false), (44_900_000, true)])
  func `a bank of whose loans too much is overdue is stopped with the day, and no other`(
    capital: Int64, isStopped: Bool
  ) throws {
    let fund = try BridgeStepTests.fund(
      try Fixture.rules("donghai-2025", "suite-conventions", local: Self.bankCap), region: "320722",
      capital: Fixture.yuan(capital))
    try approved(fund, "a")
    // Nine of 45 million are the fifth that is admitted. The fee that accrues counts among the net assets.
    try disburse(fund, "a", days: 1)
    try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-10")))
    #expect(fund.loans["a"]?.state == .overdue)
    #expect(fund.programmes["p"]?.terms.suspendedBanks == (isStopped ? ["bank-a"] : []))
    #expect(fund.programmes["p"]?.isSuspended == false)
    let application = Fixture.bridge("b", on: "2025-10-09")
    #expect(refusal { try fund.run(application) }?.reason == (isStopped ? .breakerTripped : nil))
    try fund.run(Fixture.bridge("c", bank: "bank-b", on: "2025-10-09"))
  }

  @Test func `a day end counts what became overdue with it`() throws {
    let fund = try BridgeStepTests.fund(
      try Fixture.rules("qianjiang-2016", "suite-conventions"), region: "500114", capital: Fixture.yuan(20_000_000),
      dailyFee: 500)
    try approved(fund, "a", Fixture.yuan(8_500_000))
    try disburse(fund, "a", days: 1)
    let report = try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2025-10-10")))
    #expect(report.overdueBridgeLoans == 1 && report.suspendedProgrammes == ["bridgeProgrammes/p"])
  }
}
