import FundDomain
import Kernel
import Testing

/// What documents say of shares, products, purposes, affiliates and fees is asked of every facility and every loan.
@Suite struct StatedRulesTests {
  private func fund(_ rules: FundRules, region: String = "3703", on day: String = "2020-01-01") throws -> MemoryFund {
    let fund = MemoryFund(rules)
    try fund.run(Fixture.pool(region: region, on: day))
    return fund
  }

  @Test(
    arguments: [
      (199_999, 200_000, "shares.bank_ppm"), (200_000, 199_999, "shares.national_ppm"),
      (50_000, 200_000, "shares.bank_ppm"),
      (200_000, 200_000, nil),
    ] as [(Int64, Int64, String?)])
  func `bank and national fund bear a fifth each at least`(bank: Int64, national: Int64, field: String?) throws {
    let fund = try fund(try Fixture.rules("guobanfa-2019-6", "suite-conventions"))
    let shares = try LiabilityShares(
      bankPPM: bank, guarantorPPM: 1_000_000 - bank - national, reguarantorPPM: 0, nationalPPM: national, cityPPM: 0)
    let error = refusal { try fund.run(try Fixture.facility(shares: shares, explicitFeeCap: 20_000)) }
    #expect(error?.field == field)
    #expect(field == nil ? error == nil : error?.reason == .policyConditionFailed)
  }

  @Test func `before the document is in force its shares are nobody's duty`() throws {
    let fund = try fund(try Fixture.rules("guobanfa-2019-6", "suite-conventions"), on: "2018-01-01")
    let shares = try LiabilityShares(
      bankPPM: 50_000, guarantorPPM: 950_000, reguarantorPPM: 0, nationalPPM: 0, cityPPM: 0)
    try fund.run(try Fixture.facility(shares: shares, explicitFeeCap: 20_000, on: "2019-01-21"))
    #expect(fund.facilities["f"]?.shares == shares)
  }

  @Test func `a facility says how its guarantees are contracted, and by application nothing goes past two officers`()
    throws
  {
    let fund = try fund(try Fixture.noRules())
    try fund.run(try Fixture.facility(feePPM: 0, contracting: .application))
    #expect(refusal { try fund.run(Fixture.reserve("g")) }?.reason == .policyConditionFailed)
    let batch = BatchGuarantee(
      facility: "f",
      loans: [
        BatchLoan(
          loanNumber: "1", borrower: "firm", affiliates: [], size: .small, isAgricultural: false, principal: 100,
          disbursedOn: Fixture.day("2020-02-01"), maturesOn: Fixture.day("2021-02-01"), lender: "")
      ], businessDate: Fixture.day("2020-02-01"))
    #expect(try fund.run(batch, by: Fixture.bank)[0].refusal == .policyConditionFailed)
    try fund.run(try Fixture.facility("agreed", feePPM: 0, contracting: .agreement))
    #expect(try fund.run(Fixture.reserve("h", facility: "agreed")).state == .reserved)
  }

  @Test func `a purpose that is excluded is refused, and one must be given while any is`() throws {
    let fund = try fund(try Fixture.rules("caijin-2025-11", "suite-conventions"))
    try fund.run(try Fixture.facility(feePPM: 0, on: "2025-01-02"))
    func reserve(_ purpose: String, on day: String) -> ReserveGuarantee {
      var reserve = Fixture.reserve("\(purpose)-\(day)", on: day, expires: "2025-06-01", matures: "2026-01-01")
      reserve.purpose = purpose
      return reserve
    }
    #expect(refusal { try fund.run(reserve("", on: "2025-03-01")) }?.reason == .requiredFieldMissing)
    for purpose in ["municipal_bond", "government_financing_platform"] {
      let error = refusal { try fund.run(reserve(purpose, on: "2025-03-01")) }
      #expect(error?.reason == .policyConditionFailed && error?.field == "purpose")
      // The day before, nothing is excluded yet.
      #expect(try fund.run(reserve(purpose, on: "2025-02-28")).purpose == purpose)
    }
    let guarantee = try fund.run(reserve("原材料采购", on: "2025-03-01"))
    #expect(guarantee.citations.map(\.ruleID).contains("caijin-2025-11.guarantee.excluded_purposes"))
  }

  @Test func `国担快贷 charges one per cent, lends a firm five million and for twelve months`() throws {
    let fund = try fund(try Fixture.rules("taian-2023-2", "suite-conventions"), region: "370902", on: "2022-01-01")
    func open(_ id: String, fee: Int64) throws {
      try fund.run(
        try Fixture.facility(
          id, product: "guodan-kuaidai", feePPM: fee, explicitFeeCap: 20_000, contracting: .application,
          on: "2022-01-04"))
    }
    #expect(refusal { try open("f", fee: 9_999) }?.field == "fee_rate")
    try open("f", fee: 10_000)
    func reserve(
      _ id: String, _ principal: Money, matures: String = "2023-02-01", borrower: String = "firm"
    ) -> ReserveGuarantee {
      Fixture.reserve(
        id, borrower: borrower, principal: principal, on: "2022-02-01", expires: "2022-03-01", matures: matures)
    }
    // 见贷即保: no application is asked for.
    try fund.run(reserve("a", Fixture.yuan(3_000_000)))
    let error = refusal { try fund.run(reserve("b", Fixture.yuan(2_000_000, 1))) }
    #expect(error?.field == "principal" && error?.metadata["rule"] == "taian-2023-2.guodan.amount")
    try fund.run(reserve("c", Fixture.yuan(2_000_000)))
    #expect(
      refusal { try fund.run(reserve("d", Fixture.yuan(1), matures: "2023-02-02", borrower: "x")) }?.field
        == "matures_on")
    try fund.run(reserve("e", Fixture.yuan(5_000_000), borrower: "x"))
  }

  private static let alone = """
    pack: alone
    title: alone
    document: a city's own decision
    in_force: {from: 2000-01-01, to: open}
    rules:
      - id: affiliates
        parameter: anti_splitting.includes_affiliates
        value: false
        unit: boolean
        source: {article: affiliates}
    """

  @Test(arguments: [(false, 2_000_000_00), (true, 1_000_000_00)] as [(Bool, Int64)])
  func `affiliates count with the borrower where the packs say so`(isAlone: Bool, total: Int64) throws {
    let fund = try fund(try Fixture.rules("suite-conventions", local: isAlone ? Self.alone : nil))
    try fund.run(try Fixture.facility(feePPM: 0))
    try fund.run(Fixture.reserve("a", borrower: "sister"))
    let guarantee = try fund.run(Fixture.reserve("b", affiliates: ["sister"]))
    #expect(guarantee.householdTotal == total)
    let rule = isAlone ? "alone.affiliates" : "suite-conventions.anti_splitting.affiliates"
    #expect(guarantee.citations.map(\.ruleID).contains(rule))
    #expect(
      !(try fund.run(Fixture.reserve("c", borrower: "third")).citations.map(\.ruleID).contains(rule)),
      "nobody's affiliates are no question")
  }

  @Test func `the average fee stays below one per cent, and one per cent is not below`() throws {
    let rules = try Fixture.rules("guobanfa-2019-6", "suite-conventions")
    let fund = try fund(rules)
    let shares = try LiabilityShares(
      bankPPM: 200_000, guarantorPPM: 600_000, reguarantorPPM: 0, nationalPPM: 200_000, cityPPM: 0)
    try fund.run(try Fixture.facility(shares: shares, explicitFeeCap: 20_000))
    let facility = try #require(fund.facilities["f"])
    let pool = try #require(fund.pools["pool"])
    func average(_ weighted: Int128) throws -> CompositionShare? {
      var report = FacilityReport(facility: facility, from: Fixture.day("2020-01-01"), to: Fixture.day("2020-12-31"))
      report.inForce = .init(count: 2, amount: 300_000_000)
      report.weightedFees = weighted
      return try rules.composition(report, pool).first { $0.measure == "average_fee" }
    }
    // ¥1 M at 1.5 % and ¥2 M at 0.75 % make 1 % of ¥3 M.
    let even = try #require(try average(100_000_000 * 15_000 + 200_000_000 * 7_500))
    #expect(even.share == Rate(ppm: 10_000) && even.cap == Rate(ppm: 10_000) && !even.isMet)
    #expect(even.amount == 3_000_000 && even.citation?.ruleID == "guobanfa-2019-6.guarantee_fee.average")
    // Less by one part of a million of one 分: the share rounds to the cap and meets it all the same.
    let less = try #require(try average(100_000_000 * 15_000 + 200_000_000 * 7_500 - 1))
    #expect(less.share == Rate(ppm: 10_000) && less.isMet)
  }
}

/// A loan is registered near its origination, not when it has failed.
@Suite struct RegistrationTests {
  private func fund(days: Int64?, local: String? = nil) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("suite-conventions", local: local))
    try fund.run(Fixture.pool())
    try fund.run(
      CreateCompensationScheme(
        id: "s", pool: "pool", displayName: "s", product: "loan", explicitRatio: Rate(ppm: 500_000),
        paysProvincialReward: false, firmCap: nil, poolCap: Fixture.yuan(1_000_000), stopLoss: nil,
        registrationDays: days, businessDate: Fixture.day("2020-01-05")))
    return fund
  }

  private func cover(_ number: String, on day: String) -> RegisterCover {
    RegisterCover(
      scheme: "s", bank: "bank-a", borrower: "firm-\(number)", loanNumber: number, principal: Fixture.yuan(1000),
      disbursedOn: Fixture.day("2020-02-01"), maturesOn: Fixture.day("2021-02-01"), businessDate: Fixture.day(day))
  }

  private static let window = """
    pack: window
    title: window
    document: a city's own decision
    in_force: {from: 2000-01-01, to: open}
    rules:
      - id: window
        parameter: risk_compensation.registration.cap
        value: 20
        unit: calendar_days
        inclusive: true
        source: {article: registration}
    """

  @Test func `the window's last day is taken and the next is not`() throws {
    let fund = try fund(days: 30)
    let registered = try fund.run(cover("1", on: "2020-03-02"), by: Fixture.bank)
    #expect(registered.registeredOn == Fixture.day("2020-03-02"))
    #expect(fund.events.last?.businessDate == Fixture.day("2020-03-02"))
    let late = refusal { try fund.run(cover("2", on: "2020-03-03"), by: Fixture.bank) }
    #expect(late?.reason == .policyConditionFailed && late?.field == "disbursed_on")
    #expect(late?.metadata["last"] == "2020-03-02" && late?.metadata["rule"] == "compensationSchemes/s")
    let early = refusal { try fund.run(cover("3", on: "2020-01-31"), by: Fixture.bank) }
    #expect(early?.reason == .invalidArgument && early?.field == "disbursed_on")
    #expect(try fund.run(cover("4", on: "2020-02-01"), by: Fixture.bank).state == .registered)
  }

  @Test func `a pack's window holds, an own one is only shorter, and none at all is refused`() throws {
    #expect(refusal { _ = try fund(days: nil) }?.field == "registration_days")
    #expect(refusal { _ = try fund(days: 3661) }?.field == "registration_days")
    #expect(refusal { _ = try fund(days: 21, local: Self.window) }?.reason == .policyConditionFailed)
    let packs = try fund(days: nil, local: Self.window)
    #expect(
      try packs.run(cover("1", on: "2020-02-21"), by: Fixture.bank).citations.map(\.ruleID).contains("window.window"))
    #expect(refusal { try packs.run(cover("2", on: "2020-02-22"), by: Fixture.bank) }?.field == "disbursed_on")
    let both = try fund(days: 5, local: Self.window)
    #expect(refusal { try both.run(cover("1", on: "2020-02-07"), by: Fixture.bank) }?.field == "disbursed_on")
    #expect(try both.run(cover("1", on: "2020-02-06"), by: Fixture.bank).state == .registered)
  }
}
