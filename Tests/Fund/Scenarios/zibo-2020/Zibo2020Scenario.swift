import FundDomain
import Kernel
import Testing

@Suite struct Zibo2020Scenario {
  private func fund() throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("zibo-2020-56", "suite-conventions"))
    try fund.run(Fixture.pool(region: "3703"))
    return fund
  }

  private func facility(_ fund: MemoryFund, relending: Bool, feePPM: Int64) throws {
    var facility = try Fixture.facility(
      relendingScope: relending, feePPM: feePPM, claimCap: nil, on: "2020-05-26")
    facility.contracting = .application
    try fund.run(facility)
  }

  private func reserve(_ day: String) -> ReserveGuarantee {
    Fixture.reserve("g", on: day, expires: "2021-03-01", matures: "2021-12-01")
  }

  @Test func `the guarantee follows the loan to the last day of 2020 and no further`() throws {
    let fund = try fund()
    try facility(fund, relending: true, feePPM: 5000)
    #expect(refusal { try fund.run(reserve("2021-01-01")) }?.reason == .policyConditionFailed)
    let guarantee = try fund.run(reserve("2020-12-31"))
    #expect(guarantee.state == .reserved)
    #expect(guarantee.citations.map(\.ruleID).contains("zibo-2020-56.guarantee.follows_loan.relending"))
  }

  @Test func `outside the relending scope nothing follows the loan`() throws {
    let fund = try fund()
    try facility(fund, relending: false, feePPM: 10_000)
    #expect(refusal { try fund.run(reserve("2020-12-31")) }?.reason == .policyConditionFailed)
  }

  @Test(arguments: [
    ("2020-05-25", 500_000), ("2020-05-26", 800_000), ("2020-12-31", 800_000), ("2021-01-01", 500_000),
  ]) func `a talent loan is compensated by the ratio of its day`(day: String, ppm: Int64) throws {
    let fund = try fund()
    try fund.run(
      CreateCompensationScheme(
        id: "talent", pool: "pool", displayName: "人才贷", product: "talent_loan", explicitRatio: nil,
        paysProvincialReward: false, firmCap: nil, poolCap: Fixture.yuan(50_000_000), stopLoss: nil,
        registrationDays: 30,
        businessDate: Fixture.day("2020-05-26")))
    try fund.run(talentCover(day), by: Fixture.bank)
    let claimed = try fund.run(
      ClaimCompensation(
        cover: "bank-a~L1", principal: Fixture.yuan(1_000_000), evidence: Fixture.evidence,
        businessDate: Fixture.day("2022-01-05")), by: Fixture.bank)
    #expect(claimed.work?.ratio == Rate(ppm: ppm))
    #expect(claimed.work?.compensation == 100 * ppm && claimed.work?.boundedBy == .ratio)
  }

  private func talentCover(_ day: String) -> RegisterCover {
    var cover = RegisterCover(
      scheme: "talent", bank: "bank-a", borrower: "firm", loanNumber: "L1", principal: Fixture.yuan(1_000_000),
      disbursedOn: Fixture.day(day), maturesOn: Fixture.day("2021-12-01"), businessDate: Fixture.day(day))
    cover.eligibility = "zibo_talent_plan"
    cover.isUnsecured = true
    return cover
  }

  @Test func `a talent loan goes to whom the document names, unsecured, while it is in force`() throws {
    let fund = try fund()
    try fund.run(
      CreateCompensationScheme(
        id: "talent", pool: "pool", displayName: "人才贷", product: "talent_loan", explicitRatio: nil,
        paysProvincialReward: false, firmCap: nil, poolCap: Fixture.yuan(50_000_000), stopLoss: nil,
        registrationDays: 30, businessDate: Fixture.day("2020-05-26")))
    var cover = talentCover("2020-12-31")
    cover.eligibility = ""
    #expect(refusal { try fund.run(cover, by: Fixture.bank) }?.reason == .requiredFieldMissing)
    cover.eligibility = "friend_of_the_house"
    let error = refusal { try fund.run(cover, by: Fixture.bank) }
    #expect(error?.reason == .policyConditionFailed && error?.field == "eligibility")
    cover.eligibility = "firm_of_long_employment"
    cover.isUnsecured = false
    #expect(refusal { try fund.run(cover, by: Fixture.bank) }?.field == "unsecured")
    cover.isUnsecured = true
    let registered = try fund.run(cover, by: Fixture.bank)
    #expect(registered.eligibility == "firm_of_long_employment" && registered.isUnsecured == true)
    #expect(registered.citations.map(\.ruleID).contains("zibo-2020-56.talent_loan.eligible"))
    // Before and after its window the document asks for nothing.
    var later = talentCover("2021-01-01")
    (later.loanNumber, later.eligibility, later.isUnsecured) = ("L2", "", false)
    #expect(try fund.run(later, by: Fixture.bank).state == .registered)
  }

  @Test func `a deferral reaches 2020-06-30 without penalty interest`() throws {
    let fund = try fund()
    func postpone(_ day: String, on today: String = "2020-06-01") throws -> Deferral {
      try fund.run(
        DeferLoan(
          id: day, bank: "bank-a", firm: "firm", loanNumber: "L1", regionCode: "3703",
          dueOn: Fixture.day("2020-05-30"), deferredTo: Fixture.day(day), businessDate: Fixture.day(today)),
        by: Fixture.bank)
    }
    let deferral = try postpone("2020-06-30")
    #expect(!deferral.penaltyInterest && deferral.citations.count == 2)
    #expect(refusal { _ = try postpone("2020-07-01") }?.field == "deferred_to")
    #expect(refusal { _ = try postpone("2020-06-30", on: "2021-01-01") }?.reason == .policyNotStated)
  }

  @Test func `every year is measured by the cap of the day, not only the latest two`() throws {
    let fund = try fund()
    try fund.run(
      try Fixture.facility(relendingScope: true, feePPM: 0, claimCap: nil, on: "2020-05-26"))
    for (id, day) in [("a", "2020-06-01"), ("b", "2021-06-01"), ("c", "2022-06-01")] {
      try fund.run(Fixture.reserve(id, borrower: id, on: day, expires: "2023-03-01", matures: "2024-12-01"))
      try fund.run(Fixture.commit(id, on: day))
    }
    // 3 % of 2020's business: below the 5 % of the window.
    try fund.run(Fixture.claim("a", principal: Fixture.yuan(30_000), on: "2020-12-31"), by: Fixture.bank)
    #expect(fund.facilities["f"]?.breaker == .closed)
    // The window is over, and 2 % hold for that year too.
    let report = try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2022-12-31")))
    #expect(report.trippedFacilities == ["facilities/f"])
    // A reset accepts the claims that there were; a later day end leaves it at that.
    try fund.runTogether(
      ResetBreaker(facility: "f", reason: "agreed", businessDate: Fixture.day("2023-01-02")), as: .breakerReset,
      of: "facilities/f", on: "2023-01-02")
    #expect(
      try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2023-01-03"))).trippedFacilities.isEmpty)
  }
}
