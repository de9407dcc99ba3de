import FundDomain
import Kernel
import Testing

@Suite struct Yantai2023Scenario {
  private func fund() throws -> MemoryFund {
    let fund = MemoryFund(
      try Fixture.rules("demo-city", "yantai-2023-8", "renewal-2024-13", "lpr-one-year", "suite-conventions"))
    try fund.run(Fixture.pool(region: "3706"))
    return fund
  }

  private func programme(
    _ fund: MemoryFund, budget: Money = Fixture.yuan(5_000_000), allocation: SubsidyAllocation = .firstCome
  ) throws {
    try fund.run(
      CreateSubsidyProgramme(
        id: "ip", pool: "pool", displayName: "知识产权质押贴息", kind: .ipPledgeInterest, allocation: allocation,
        budget: budget, explicitRate: nil, explicitCap: nil, opensOn: Fixture.day("2024-09-01"),
        closesOn: Fixture.day("2024-12-31")))
  }

  private func apply(
    _ id: String, firm: String = "firm", principal: Money, rate: Int64 = 40_000, first: Bool = true,
    provincial: Bool = false, repaid: String? = "2024-08-20", pledge: SubsidyPledge = .patent
  ) -> ApplySubsidy {
    ApplySubsidy(
      id: id, programme: "ip", beneficiary: firm,
      facts: .loan(
        .init(
          principal: principal, rate: Rate(ppm: rate), signedOn: Fixture.day("2023-08-26"),
          from: Fixture.day("2023-08-26"), repaidOn: repaid.map { Fixture.day($0) }, pledge: pledge,
          isFirstPledge: first, hasProvincialSubsidy: provincial)), evidence: Fixture.evidence,
      businessDate: Fixture.day("2024-09-02"))
  }

  @Test func `a subsidy follows the rate of the month before, and the actual rate when that is lower`() throws {
    let fund = try fund()
    try programme(fund)
    // Signed in August 2023: July's LPR, 3.55 %, × 60 % = 2.13 %, for 360 days of 360.
    let application = try fund.run(apply("a", principal: Fixture.yuan(1_000_000)))
    #expect(application.rate == Rate(ppm: 21_300) && application.amount == 2_130_000)
    #expect(application.citations.contains { $0.article == "三(四)11" })
    // 3 % actual × 60 % = 1.8 %.
    let cheaper = try fund.run(apply("b", firm: "other", principal: Fixture.yuan(1_000_000), rate: 30_000))
    #expect(cheaper.amount == 1_800_000)
  }

  @Test func `every condition holds on its own`() throws {
    let fund = try fund()
    try programme(fund)
    let million = Fixture.yuan(1_000_000)
    #expect(refusal { try fund.run(apply("a", principal: million, first: false)) }?.field == "loan.first_pledge")
    #expect(
      refusal { try fund.run(apply("a", principal: million, provincial: true)) }?.field == "loan.provincial_subsidy")
    #expect(refusal { try fund.run(apply("a", principal: million, repaid: nil)) }?.field == "loan.repaid_on")
    try fund.run(apply("a", principal: million))
    // A second first pledge of the same kind is none; another kind is.
    #expect(refusal { try fund.run(apply("b", principal: million)) }?.field == "loan.first_pledge")
    #expect(try fund.run(apply("c", principal: million, pledge: .trademark)).amount == 2_130_000)
  }

  @Test func `the subsidy is capped a firm, at half a million and at a hundred thousand`() throws {
    let fund = try fund()
    try programme(fund)
    let patent = try fund.run(apply("a", principal: Fixture.yuan(30_000_000)))
    #expect(patent.uncapped == 63_900_000 && patent.amount == 50_000_000)
    let trademark = try fund.run(apply("b", principal: Fixture.yuan(30_000_000), pledge: .trademark))
    #expect(trademark.amount == 10_000_000)
    // 23 474 178.40 × 2.13 % is the cap to the 分: 500 000.00.
    let exact = try fund.run(apply("c", firm: "other", principal: Fixture.yuan(23_474_178, 40)))
    #expect(exact.uncapped == 50_000_000 && exact.amount == 50_000_000)
  }

  @Test func `first come, first served until the budget is used, and two officers pay`() throws {
    let fund = try fund()
    try programme(fund, budget: Fixture.yuan(30_000))
    try fund.run(apply("a", principal: Fixture.yuan(1_000_000)))
    #expect(
      refusal { try fund.run(apply("b", firm: "other", principal: Fixture.yuan(1_000_000))) }?.reason == .limitExceeded)
    let pay = PaySubsidy(application: "a", businessDate: Fixture.day("2024-09-05"))
    #expect(refusal { try fund.run(pay) }?.reason == .sameOfficer)
    let paid = try fund.run(pay, by: Fixture.checker)
    #expect(paid.state == .paid && paid.granted == 2_130_000)
    #expect(fund.balances("pool.5201.ip") == Balances(debitsPosted: 2_130_000))
    #expect(fund.balances("pool.1001")?.creditsPosted == 2_130_000)
    #expect(refusal { try fund.run(pay, by: Fixture.checker) }?.reason == .stateConflict)
    #expect(fund.imbalance == 0)
  }

  @Test func `a rejected application frees its money for the next`() throws {
    let fund = try fund()
    try programme(fund, budget: Fixture.yuan(30_000))
    try fund.run(apply("a", principal: Fixture.yuan(1_000_000)))
    try fund.run(RejectSubsidy(application: "a", reason: "forged", businessDate: Fixture.day("2024-09-03")))
    #expect(fund.balances("pool.5201.ip") == .zero)
    try fund.run(apply("b", firm: "other", principal: Fixture.yuan(1_000_000)))
  }

  @Test func `pro rata cuts to the budget by the largest remainder`() throws {
    let fund = try fund()
    try programme(fund, budget: Fixture.yuan(100), allocation: .proRata)
    for firm in ["a", "b", "c"] { try fund.run(apply(firm, firm: firm, principal: Fixture.yuan(1_000_000))) }
    let allocate = AllocateSubsidies(programme: "ip", businessDate: Fixture.day("2025-01-01"))
    #expect(
      refusal { try fund.run(AllocateSubsidies(programme: "ip", businessDate: Fixture.day("2024-12-31"))) }?.field
        == "business_date")
    #expect(
      refusal {
        try fund.run(PaySubsidy(application: "a", businessDate: Fixture.day("2025-01-02")), by: Fixture.checker)
      }?.reason == .stateConflict)
    try fund.run(allocate)
    let granted = try fund.records(SubsidyApplication.self, RecordQuery(owner: "ip")).map(\.granted)
    #expect(granted == [3334, 3333, 3333])
    #expect(refusal { try fund.run(allocate) }?.reason == .stateConflict)
    for firm in ["a", "b", "c"] {
      try fund.run(PaySubsidy(application: firm, businessDate: Fixture.day("2025-01-02")), by: Fixture.checker)
    }
    #expect(fund.balances("pool.5201.ip") == Balances(debitsPosted: 10_000))
  }

  @Test func `a loss is compensated at half of what no guarantee bears, once`() throws {
    let fund = try fund()
    try fund.run(
      CreateCompensationScheme(
        id: "small", pool: "pool", displayName: "风险补偿", product: "platform_loan", explicitRatio: nil,
        paysProvincialReward: false, firmCap: nil, poolCap: nil, stopLoss: nil, registrationDays: 30,
        businessDate: Fixture.day("2024-01-05")))
    func cover(_ number: String) -> RegisterCover {
      var cover = RegisterCover(
        scheme: "small", bank: "bank-a", borrower: "firm", loanNumber: number, principal: Fixture.yuan(1_000_000),
        disbursedOn: Fixture.day("2024-02-01"), maturesOn: Fixture.day("2025-02-01"),
        businessDate: Fixture.day("2024-02-01"))
      // Two loans of one day and amount: their contracts tell them apart.
      cover.contract = "HT-\(number)"
      return cover
    }
    try fund.run(cover("L1"), by: Fixture.bank)
    #expect(refusal { try fund.run(cover("L1"), by: Fixture.bank) }?.reason == .doubleCompensation)
    try fund.run(cover("L2"), by: Fixture.bank)
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: 30_000, on: "2024-01-05"))
    var guarantee = Fixture.reserve("g", on: "2024-02-01", expires: "2024-03-01", matures: "2025-02-01")
    guarantee.journey = "L2"
    try fund.run(guarantee)
    try fund.run(Fixture.commit("g", on: "2024-02-01"))
    func claim(_ number: String) throws -> Cover {
      try fund.run(
        ClaimCompensation(
          cover: "bank-a~\(number)", principal: Fixture.yuan(1_000_000), evidence: Fixture.evidence,
          businessDate: Fixture.day("2025-03-01")), by: Fixture.bank)
    }
    #expect(try claim("L1").work?.compensation == 50_000_000)
    // The guarantee bears 80 %: half of the rest is compensated.
    let guaranteed = try claim("L2")
    #expect(guaranteed.work?.guaranteed == 80_000_000 && guaranteed.work?.compensation == 10_000_000)
    let approve = ApproveCompensation(cover: "bank-a~L1", businessDate: Fixture.day("2025-03-02"))
    #expect(refusal { try fund.run(approve, by: Fixture.bank) }?.reason == .sameOfficer)
    let paid = try fund.run(approve, by: Fixture.checker)
    #expect(paid.state == .compensated)
    // A third of the loss is recovered: half of it is the fund's.
    let recovered = try fund.runTogether(
      RecordCompensationRecovery(
        cover: "bank-a~L1", recovered: Fixture.yuan(333_333, 33), businessDate: Fixture.day("2025-04-01")),
      as: .compensationRecovery, of: "covers/bank-a~L1", DecisionTerms(amount: Fixture.yuan(333_333, 33)),
      on: "2025-04-01")
    #expect(recovered.returned == 16_666_666)
    let last = try fund.runTogether(
      RecordCompensationRecovery(
        cover: "bank-a~L1", recovered: Fixture.yuan(666_666, 67), businessDate: Fixture.day("2025-05-01")),
      as: .compensationRecovery, of: "covers/bank-a~L1", DecisionTerms(amount: Fixture.yuan(666_666, 67)),
      on: "2025-05-01")
    #expect(last.returned == 50_000_000)
    #expect(fund.balances("pool.5101.small") == Balances(debitsPosted: 50_000_000, creditsPosted: 50_000_000))
    #expect(fund.imbalance == 0)
  }

  @Test func `the clock of a renewal runs three days, and the new contract comes before the old one matures`() throws {
    let fund = try fund()
    let apply = ApplyRenewal(
      id: "r", bank: "bank-a", firm: "firm", loanNumber: "L1", amount: Fixture.yuan(1_000_000),
      maturesOn: Fixture.day("2024-10-20"), businessDate: Fixture.day("2024-10-10"))
    #expect(refusal { try fund.run(apply, by: Fixture.bank) }?.field == "firm")
    try fund.run(
      SetWhiteListed(
        bank: "bank-a", firm: "firm", regionCode: "3706", isListed: true, reason: "sound",
        businessDate: Fixture.day("2024-10-01")), by: Fixture.bank)
    let renewal = try fund.run(apply, by: Fixture.bank)
    #expect(renewal.decideBy == Fixture.day("2024-10-13"))
    func decide(_ day: String, _ conditions: [String]) -> DecideRenewal {
      DecideRenewal(
        renewal: "r", isApproved: true, conditionsMet: conditions, reason: "", businessDate: Fixture.day(day))
    }
    let all = ["was_normal", "lawful_operation", "stable_operation", "good_credit", "meets_lending_standards"]
    #expect(refusal { try fund.run(decide("2024-10-20", all), by: Fixture.bank) }?.field == "business_date")
    #expect(refusal { try fund.run(decide("2024-10-13", ["charming"]), by: Fixture.bank) }?.field == "conditions_met")
    #expect(try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2024-10-13"))).lateRenewals == 0)
    #expect(try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day("2024-10-14"))).lateRenewals == 1)
    let signed = try fund.run(decide("2024-10-14", Array(all.dropLast())), by: Fixture.bank)
    #expect(signed.state == .signed && signed.isLate && !signed.staysNormal)
    #expect(signed.failedConditions == ["meets_lending_standards"])
  }
}
