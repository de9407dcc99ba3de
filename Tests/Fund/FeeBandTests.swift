import FundDomain
import Kernel
import Testing

/// The fee caps of the documents, at their thresholds and at the ends of their windows.
@Suite struct FeeBandTests {
  private func yantai(feePPM: Int64) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("yantai-2023-8", "suite-conventions"))
    try fund.run(Fixture.pool(region: "3706"))
    try fund.run(try Fixture.facility(feePPM: feePPM, on: "2023-09-01"))
    return fund
  }

  private func reserve(
    _ id: String, _ principal: Money, borrower: String = "firm", affiliates: [String] = [],
    size: BorrowerSize? = .small,
    agricultural: Bool = false, on date: String = "2023-10-09"
  ) -> ReserveGuarantee {
    Fixture.reserve(
      id, borrower: borrower, affiliates: affiliates, size: size, agricultural: agricultural, principal: principal,
      on: date, expires: "2024-12-31", matures: "2025-12-31")
  }

  @Test func `1 % holds up to and including 5 million, 1.5 % above`() throws {
    let fund = try yantai(feePPM: 15_000)
    let error = refusal { try fund.run(reserve("g", Fixture.yuan(5_000_000))) }
    #expect(error?.reason == .policyConditionFailed)
    #expect(error?.metadata["rule"] == "yantai-2023-8.guarantee_fee.cap.small")
    #expect(error?.metadata["cap_ppm"] == "10000")
    let guarantee = try fund.run(reserve("g", Fixture.yuan(5_000_000, 1)))
    #expect(guarantee.citations.map(\.ruleID).contains("yantai-2023-8.guarantee_fee.cap.small_above"))
    #expect(guarantee.citations.map(\.article).contains("三(三)7"))

    let cheap = try yantai(feePPM: 10_000)
    #expect(try cheap.run(reserve("g", Fixture.yuan(5_000_000))).state == .reserved)
    let dear = try yantai(feePPM: 15_001)
    #expect(refusal { try dear.run(reserve("g", Fixture.yuan(5_000_000, 1))) }?.reason == .policyConditionFailed)
  }

  @Test func `单户 is the firm's total: two guarantees of 3 million are 6 million`() throws {
    let fund = try yantai(feePPM: 15_000)
    #expect(refusal { try fund.run(reserve("a", Fixture.yuan(3_000_000))) }?.reason == .policyConditionFailed)
    let cheap = try yantai(feePPM: 10_000)
    #expect(try cheap.run(reserve("a", Fixture.yuan(3_000_000))).householdTotal == 300_000_000)
    let second = try cheap.run(reserve("b", Fixture.yuan(3_000_000)))
    #expect(second.householdTotal == 600_000_000)
    #expect(second.citations.map(\.ruleID).contains("yantai-2023-8.guarantee_fee.cap.small_above"))
    // Another firm starts anew.
    #expect(try cheap.run(reserve("c", Fixture.yuan(3_000_000), borrower: "other")).householdTotal == 300_000_000)
  }

  @Test func `affiliates count as one within 90 days, the 90th included`() throws {
    let fund = try yantai(feePPM: 10_000)
    try fund.run(reserve("a", Fixture.yuan(3_000_000), borrower: "sister", on: "2023-10-09"))
    func total(_ id: String, _ date: String) throws -> Int64 {
      try fund.run(reserve(id, Fixture.yuan(1_000_000), borrower: id, affiliates: ["sister"], on: date)).householdTotal
    }
    #expect(try total("b", "2023-10-09") == 400_000_000)
    #expect(try total("c", "2024-01-07") == 400_000_000)
    #expect(try total("d", "2024-01-08") == 100_000_000)
  }

  @Test func `三农 at 5 million or less is not stated: an explicit cap is asked for`() throws {
    let fund = try yantai(feePPM: 10_000)
    let error = refusal {
      try fund.run(reserve("g", Fixture.yuan(5_000_000), size: .medium, agricultural: true))
    }
    #expect(error?.reason == .policyNotStated)
    #expect(error?.metadata["parameter"] == "guarantee_fee.cap")
    let explicit = MemoryFund(try Fixture.rules("yantai-2023-8", "suite-conventions"))
    try explicit.run(Fixture.pool(region: "3706"))
    try explicit.run(try Fixture.facility(feePPM: 10_000, explicitFeeCap: 10_000, on: "2023-09-01"))
    #expect(
      try explicit.run(reserve("g", Fixture.yuan(5_000_000), size: .medium, agricultural: true)).state == .reserved)
  }

  @Test func `a facility whose fee nothing caps does not open`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    let error = refusal { try fund.run(try Fixture.facility()) }
    #expect(error?.reason == .policyNotStated && error?.field == "explicit_fee_cap")
  }

  @Test func `the day count of each fee is asked for by its own name`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    func open(_ fee: FeeDayCount?, _ reguarantee: FeeDayCount?, reguaranteePPM: Int64 = 3000) throws {
      try fund.run(
        try Fixture.facility(
          reguaranteePPM: reguaranteePPM, explicitFeeCap: 20_000, dayCount: fee, reguaranteeDayCount: reguarantee))
    }
    var error = refusal { try open(nil, .actual360) }
    #expect(error?.reason == .policyNotStated && error?.field == "explicit_day_count")
    error = refusal { try open(.actual365, nil) }
    #expect(error?.reason == .policyNotStated && error?.field == "explicit_reguarantee_day_count")
    #expect(error?.metadata["parameter"] == "re_guarantee_fee.day_count")
    // A fee of nothing needs none.
    try open(.actual365, nil, reguaranteePPM: 0)
  }

  @Test func `the packs' day count of the re-guarantee fee cannot be contradicted`() throws {
    let fund = MemoryFund(try Fixture.rules("batch-guarantee", "suite-conventions"))
    try fund.run(Fixture.pool())
    func open(_ reguarantee: FeeDayCount?) throws -> FacilityView {
      try fund.run(
        try Fixture.facility(
          product: "batch_guarantee", reguaranteePPM: 3000, explicitFeeCap: 20_000, dayCount: nil,
          reguaranteeDayCount: reguarantee, on: "2024-01-02"))
    }
    let error = refusal { _ = try open(.actual360) }
    #expect(error?.reason == .policyConditionFailed && error?.field == "explicit_reguarantee_day_count")
    #expect(error?.metadata["rule"] == "batch-guarantee.re_guarantee_fee.day_count")
    let facility = try open(nil).facility
    #expect(facility.reguaranteeDayCount == .actual365)
    #expect(facility.citations.map(\.ruleID).contains("batch-guarantee.re_guarantee_fee.day_count"))
  }

  @Test func `a fact that the rule depends on is asked for, not assumed`() throws {
    let fund = try yantai(feePPM: 10_000)
    #expect(refusal { try fund.run(reserve("g", Fixture.yuan(1_000_000), size: nil)) }?.reason == .policyFactMissing)
  }

  @Test func `Zibo's 0.5 % inside the relending scope ends with 2020`() throws {
    let fund = MemoryFund(try Fixture.rules("zibo-2020-56", "suite-conventions"))
    try fund.run(Fixture.pool(region: "3703"))
    try fund.run(
      try Fixture.facility("in", relendingScope: true, feePPM: 10_000, claimCap: nil, on: "2020-06-01"))
    try fund.run(try Fixture.facility("out", feePPM: 10_000, claimCap: nil, on: "2020-06-01"))
    // The claim-rate cap of the same article: 5 % inside, 2 % outside.
    #expect(fund.facilities["in"]?.claimRateCap == Rate(ppm: 50_000))
    #expect(fund.facilities["out"]?.claimRateCap == Rate(ppm: 20_000))
    func reserve(_ facility: String, _ date: String) throws -> Guarantee {
      try fund.run(
        Fixture.reserve(
          "\(facility)-\(date)", facility: facility, principal: Fixture.yuan(1_000_000), on: date,
          expires: "2021-06-30",
          matures: "2021-12-31"))
    }
    let error = refusal { _ = try reserve("in", "2020-12-31") }
    #expect(error?.reason == .policyConditionFailed)
    #expect(error?.metadata["cap_ppm"] == "5000")
    #expect(try reserve("in", "2021-01-01").state == .reserved)
    #expect(try reserve("out", "2020-12-31").state == .reserved)
  }

  @Test func `a facility cannot set a claim-rate cap above the pack's`() throws {
    let fund = MemoryFund(try Fixture.rules("batch-guarantee", "suite-conventions"))
    try fund.run(Fixture.pool())
    let above = try Fixture.facility(product: "batch_guarantee", feePPM: 0, claimCap: 30_001)
    #expect(refusal { try fund.run(above) }?.reason == .policyConditionFailed)
    let none = try Fixture.facility(product: "other", feePPM: 0, claimCap: nil)
    #expect(refusal { try fund.run(none) }?.reason == .policyNotStated)
  }
}
