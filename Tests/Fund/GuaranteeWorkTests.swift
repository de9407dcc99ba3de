import FundDomain
import Kernel
import Testing

/// Applications, concentration, changes.
@Suite struct GuaranteeWorkTests {
  private static let third = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "zhou")

  private func terms(_ principal: Money = Fixture.yuan(1_000_000)) -> GuaranteeTerms {
    GuaranteeTerms(
      facility: "f", journey: "", borrower: "firm", affiliates: [], size: .small, isAgricultural: false, lender: "",
      principal: principal, maturesOn: Fixture.day("2021-02-01"), expiresOn: Fixture.day("2020-03-01"))
  }

  private func fund(borrowerCap: Money? = nil) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    var facility = try Fixture.facility(feePPM: 10_000, explicitFeeCap: 20_000)
    facility.contracting = .application
    facility.borrowerCap = borrowerCap
    try fund.run(facility)
    return fund
  }

  @Test func `two officers approve, neither the maker, and the second makes the contract`() throws {
    let fund = try fund()
    #expect(refusal { try fund.run(Fixture.reserve("direct")) }?.reason == .policyConditionFailed)
    try fund.run(ApplyGuarantee(id: "a", terms: terms(), businessDate: Fixture.day("2020-02-01")), by: Fixture.bank)
    let approve = ApproveGuaranteeApplication(application: "a", businessDate: Fixture.day("2020-02-02"))
    #expect(refusal { try fund.run(approve, by: Fixture.bank) }?.reason == .sameOfficer)
    #expect(try fund.run(approve, by: Fixture.officer).state == .firstApproved)
    #expect(fund.guarantees.isEmpty)
    #expect(refusal { try fund.run(approve, by: Fixture.officer) }?.reason == .sameOfficer)
    let contracted = try fund.run(approve, by: Fixture.checker)
    #expect(contracted.state == .contracted && contracted.approvers.count == 2)
    #expect(fund.guarantees["a"]?.state == .reserved && fund.guarantees["a"]?.lender == "bank-a")
    #expect(refusal { try fund.run(approve, by: Self.third) }?.reason == .stateConflict)
  }

  @Test func `an officer who applied approves nothing, and a declined application stays declined`() throws {
    let fund = try fund()
    try fund.run(ApplyGuarantee(id: "a", terms: terms(), businessDate: Fixture.day("2020-02-01")))
    let approve = ApproveGuaranteeApplication(application: "a", businessDate: Fixture.day("2020-02-02"))
    #expect(refusal { try fund.run(approve) }?.reason == .sameOfficer)
    try fund.run(approve, by: Fixture.checker)
    try fund.run(
      DeclineGuaranteeApplication(application: "a", reason: "no", businessDate: Fixture.day("2020-02-02")))
    #expect(refusal { try fund.run(approve, by: Self.third) }?.reason == .stateConflict)
    #expect(fund.guarantees.isEmpty)
  }

  @Test func `one borrower and its affiliates stay within the cap to the 分`() throws {
    let fund = try fund(borrowerCap: Fixture.yuan(1_600_000))
    func contract(_ id: String, _ principal: Money, affiliates: [String] = [], borrower: String = "firm") throws {
      var terms = terms(principal)
      terms.affiliates = affiliates
      terms.borrower = borrower
      try fund.run(ApplyGuarantee(id: id, terms: terms, businessDate: Fixture.day("2020-02-01")), by: Fixture.bank)
      let approve = ApproveGuaranteeApplication(application: id, businessDate: Fixture.day("2020-02-02"))
      try fund.run(approve, by: Fixture.officer)
      try fund.run(approve, by: Fixture.checker)
    }
    try contract("a", Fixture.yuan(1_000_000))
    // 80 % of another million would be the cap exactly; 2 分 of principal more are 1 分 of liability too many.
    #expect(refusal { try contract("b", Fixture.yuan(1_000_000, 2)) }?.reason == .limitExceeded)
    #expect(refusal { try contract("c", Fixture.yuan(1_000_000, 2), affiliates: ["firm"], borrower: "sister") } != nil)
    try contract("d", Fixture.yuan(1_000_000))
    try contract("e", Fixture.yuan(1_000_000), borrower: "stranger")
  }

  @Test func `an extension charges the added days and no lender grants it`() throws {
    let fund = try Fixture.fund()
    try fund.run(Fixture.reserve("g"))
    try fund.run(Fixture.commit("g"))
    let change = ChangeGuarantee(
      guarantee: "g", change: .extend(to: Fixture.day("2021-03-03")), businessDate: Fixture.day("2021-01-20"))
    #expect(refusal { try fund.run(change, by: Fixture.bank) }?.reason == .sameOfficer)
    #expect(refusal { try fund.run(change) }?.reason == .stateConflict)
    func propose(_ day: String) throws {
      try fund.run(
        ProposeDecision(
          step: .guaranteeExtension, subject: "guarantees/g", reasoned: DecisionTerms(until: Fixture.day(day)),
          on: "2021-01-20"), by: Fixture.checker)
    }
    try propose("2021-03-04")
    // Another day than was proposed.
    #expect(refusal { try fund.run(change) }?.field == "until")
    try fund.run(
      WithdrawDecision(
        decision: "guarantees.g~guaranteeExtension~1", businessDate: Fixture.day("2021-01-20")), by: Fixture.checker)
    try propose("2021-03-03")
    #expect(refusal { try fund.run(change, by: Fixture.checker) }?.reason == .sameOfficer)
    let extended = try fund.run(change)
    // 30 days: 1 000 000 × 1 % × 30 ÷ 365 = 821.92
    #expect(extended.fee == 978_082 + 82_192 && extended.maturesOn == Fixture.day("2021-03-03"))
    #expect(refusal { try fund.run(change) }?.field == "matures_on")
    #expect(fund.imbalance == 0)
  }

  @Test func `a part repaid releases its part of the liability`() throws {
    let fund = try Fixture.fund(feePPM: 0)
    try fund.run(Fixture.reserve("g"))
    try fund.run(Fixture.commit("g"))
    func repay(_ amount: Money) throws -> Guarantee {
      try fund.run(
        ChangeGuarantee(guarantee: "g", change: .repaid(amount), businessDate: Fixture.day("2020-05-01")),
        by: Fixture.bank)
    }
    let left = try repay(Fixture.yuan(400_000))
    #expect(left.principal == 60_000_000 && left.guaranteedAmount == 48_000_000)
    #expect(fund.balances("pool.8002.f") == Balances(debitsPosted: 32_000_000, creditsPosted: 80_000_000))
    #expect(refusal { _ = try repay(Fixture.yuan(600_000)) }?.field == "repaid_principal")
    #expect(fund.years.first { $0.year == 2020 }?.released == 40_000_000)
    try fund.run(ReleaseGuarantee(guarantee: "g", businessDate: Fixture.day("2020-06-01")))
    #expect(fund.years.first { $0.year == 2020 }?.released == 100_000_000)
    #expect(fund.balances("pool.8001.f") == Balances(debitsPosted: 80_000_000, creditsPosted: 5_080_000_000))
  }
}
