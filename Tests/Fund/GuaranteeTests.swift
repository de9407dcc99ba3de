import FundDomain
import Kernel
import Testing

@Suite struct GuaranteeTests {
  @Test func `a guarantee runs from reservation to release and its capacity comes back`() throws {
    let fund = try Fixture.fund()
    var guarantee = try fund.run(Fixture.reserve("g"))
    #expect(
      guarantee.state == .reserved && guarantee.guaranteedAmount == 80_000_000 && guarantee.bankPart == 20_000_000)
    #expect(fund.balances("pool.8001.f") == Balances(debitsPending: 80_000_000, creditsPosted: 5_000_000_000))
    #expect(fund.balances("pool.8002.f") == Balances(creditsPending: 80_000_000))

    guarantee = try fund.run(Fixture.commit("g"))
    #expect(guarantee.state == .inForce && guarantee.inForceFrom == Fixture.day("2020-02-10"))
    // 1 000 000 × 1 % × 357 ÷ 365 = 9 780.82 (2020 is a leap year and is still divided by 365).
    #expect(guarantee.fee == 978_082)
    #expect(fund.balances("pool.4001") == Balances(creditsPosted: 978_082))
    #expect(fund.balances("pool.1001") == Balances(debitsPosted: 10_000_978_082))

    guarantee = try fund.run(ReleaseGuarantee(guarantee: "g", businessDate: Fixture.day("2021-01-31")))
    #expect(guarantee.state == .released && guarantee.transfers.count == 4)
    #expect(fund.balances("pool.8001.f") == Balances(debitsPosted: 80_000_000, creditsPosted: 5_080_000_000))
    #expect(fund.imbalance == 0)
    #expect(
      fund.events.map(\.kind) == [
        .poolCreated, .facilityOpened, .guaranteeReserved, .guaranteeCommitted, .guaranteeReleased,
      ])
  }

  @Test func `a year's fee of a leap year is divided by 365`() throws {
    let (from, to) = (Fixture.day("2024-01-01"), Fixture.day("2025-01-01"))
    let principal = Fixture.yuan(3_000_000).minorUnits
    #expect(
      try GuaranteeFee.amount(of: principal, rate: Rate(ppm: 10_000), from: from, to: to, dayCount: .actual365)
        == 3_008_219)
    #expect(
      try GuaranteeFee.amount(of: principal, rate: Rate(ppm: 10_000), from: from, to: to, dayCount: .actual360)
        == 3_050_000)
    // 0.5 of a 分 rounds away from zero.
    #expect(
      try GuaranteeFee.amount(
        of: 365, rate: Rate(ppm: 500_000), from: from, to: Fixture.day("2024-01-02"), dayCount: .actual365) == 1)
  }

  @Test func `the re-guarantee fee goes to the re-guarantor out of the fee income`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(reguaranteePPM: 3000, explicitFeeCap: 20_000))
    try fund.run(Fixture.reserve("g"))
    let guarantee = try fund.run(Fixture.commit("g"))
    // 1 000 000 × 20 % × 0.3 % × 357 ÷ 365
    #expect(guarantee.reguaranteeFee == 58_685)
    #expect(fund.balances("pool.4001") == Balances(debitsPosted: 58_685, creditsPosted: 978_082))
    #expect(fund.balances("pool.1202.reguarantor") == Balances(creditsPosted: 58_685))
    #expect(fund.imbalance == 0)
  }

  /// The two fees of 1 million from a day of a leap year, re-guaranteed for 200 000 at 0.3 %.
  private func leapYear(
    _ dayCount: FeeDayCount, _ reguarantee: FeeDayCount
  ) throws -> (fund: MemoryFund, guarantee: Guarantee) {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(
      try Fixture.facility(
        reguaranteePPM: 3000, explicitFeeCap: 20_000, dayCount: dayCount, reguaranteeDayCount: reguarantee))
    try fund.run(Fixture.reserve("g", on: "2024-01-01", expires: "2024-02-01", matures: "2025-01-01"))
    return (fund, try fund.run(Fixture.commit("g", on: "2024-01-01")))
  }

  @Test func `each fee has a day count of its own`() throws {
    // 366 days: 200 000 × 0.3 % ÷ 365 or ÷ 360, beside 1 000 000 × 1 % by the other count.
    let first = try leapYear(.actual360, .actual365).guarantee
    #expect(first.reguaranteeFee == 60_164 && first.fee == 1_016_667)
    let second = try leapYear(.actual365, .actual360).guarantee
    #expect(second.reguaranteeFee == 61_000 && second.fee == 1_002_740)
  }

  @Test func `an extension charges each fee by its own day count`() throws {
    for (dayCount, reguarantee, fees) in [
      (FeeDayCount.actual360, FeeDayCount.actual365, [1_013_889, 60_000] as [Int64]),
      (.actual365, .actual360, [1_000_000, 60_833]),
    ] {
      let (fund, before) = try leapYear(dayCount, reguarantee)
      let until = Fixture.day("2026-01-01")
      try fund.run(
        ProposeDecision(
          step: .guaranteeExtension, subject: "guarantees/g", reasoned: DecisionTerms(until: until), on: "2024-06-01"))
      let after = try fund.run(
        ChangeGuarantee(guarantee: "g", change: .extend(to: until), businessDate: Fixture.day("2024-06-01")),
        by: Fixture.checker)
      #expect([after.fee - before.fee, after.reguaranteeFee - before.reguaranteeFee] == fees)
    }
  }

  @Test func `a facility with a re-guarantee fee alone charges it`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(feePPM: 0, reguaranteePPM: 3000, dayCount: nil))
    #expect(fund.facilities["f"]?.dayCount == nil && fund.facilities["f"]?.reguaranteeDayCount == .actual365)
    try fund.run(Fixture.reserve("g"))
    let guarantee = try fund.run(Fixture.commit("g"))
    #expect(guarantee.fee == 0 && guarantee.reguaranteeFee == 58_685)
  }

  @Test func `a smaller disbursement releases the rest of the reservation`() throws {
    let fund = try Fixture.fund(feePPM: 0)
    try fund.run(Fixture.reserve("g"))
    let guarantee = try fund.run(Fixture.commit("g", Fixture.yuan(600_000)))
    #expect(guarantee.principal == 60_000_000 && guarantee.guaranteedAmount == 48_000_000 && guarantee.fee == 0)
    #expect(fund.balances("pool.8002.f") == Balances(creditsPosted: 48_000_000))
    try fund.run(Fixture.reserve("h"))
    #expect(refusal { try fund.run(Fixture.commit("h", Fixture.yuan(1_000_001))) }?.reason == .limitExceeded)
  }

  @Test func `a reservation may be voided, or lapses at the end of its last day`() throws {
    let fund = try Fixture.fund()
    try fund.run(Fixture.reserve("g"))
    try fund.run(VoidGuarantee(guarantee: "g", reason: "declined", businessDate: Fixture.day("2020-02-03")))
    #expect(fund.guarantees["g"]?.state == .voided)
    #expect(fund.balances("pool.8002.f") == .zero)

    try fund.run(Fixture.reserve("h"))
    let expire = { (date: String) in try fund.run(ExpireReservations(pool: "pool", businessDate: Fixture.day(date))) }
    #expect(try expire("2020-02-29").expiredGuarantees == 0)
    #expect(refusal { try fund.run(Fixture.commit("h", on: "2020-03-02")) }?.reason == .transferExpired)
    #expect(try expire("2020-03-01").expiredGuarantees == 1)
    #expect(try expire("2020-03-01") == ExpireReservations.Report())
    #expect(fund.guarantees["h"]?.state == .expired)
    #expect(fund.balances("pool.8001.f") == Balances(creditsPosted: 5_000_000_000))
    #expect(refusal { try fund.run(Fixture.commit("h", on: "2020-03-01")) }?.reason == .stateConflict)
    #expect(fund.pools["pool"]?.lastDayEnd == Fixture.day("2020-03-01"))
  }

  @Test func `the ledger itself refuses a guarantee above the facility's limit`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(explicitFeeCap: 20_000, limit: Fixture.yuan(1_600_000)))
    try fund.run(Fixture.reserve("g", borrower: "one"))
    try fund.run(Fixture.reserve("h", borrower: "two"))
    let error = refusal { try fund.run(Fixture.reserve("i", borrower: "three", principal: Fixture.yuan(0, 2))) }
    #expect(error?.reason == .limitExceeded)
    #expect(error?.metadata["account"] == "accounts/pool.8001.f")
    #expect(fund.guarantees.count == 2)
  }

  @Test func `liability stays within ten times the net assets`() throws {
    let fund = MemoryFund(try Fixture.rules("guarantee-measures-2018", "suite-conventions"))
    try fund.run(Fixture.pool(capital: Fixture.yuan(1_000_000)))
    try fund.run(try Fixture.facility(feePPM: 0))
    try fund.run(Fixture.reserve("g", borrower: "one", principal: Fixture.yuan(12_500_000)))
    let error = refusal { try fund.run(Fixture.reserve("h", borrower: "two", principal: Fixture.yuan(1))) }
    #expect(error?.reason == .limitExceeded)
    #expect(error?.metadata["rule"] == "guarantee-measures-2018.liability_multiple")
  }

  @Test func `only the steps of the table are legal`() throws {
    let fund = try Fixture.fund()
    try fund.run(Fixture.reserve("g"))
    let release = ReleaseGuarantee(guarantee: "g", businessDate: Fixture.day("2020-05-01"))
    for refused in [
      refusal { try fund.run(release) }, refusal { try fund.run(Fixture.claim("g")) },
      refusal { try fund.run(ApproveClaim(guarantee: "g", businessDate: Fixture.day("2020-05-01"))) },
    ] {
      #expect(refused?.reason == .stateConflict)
      #expect(refused?.metadata["state"] == "reserved")
    }
    try fund.run(Fixture.commit("g"))
    #expect(refusal { try fund.run(Fixture.commit("g")) }?.reason == .stateConflict)
    try fund.run(release)
    #expect(refusal { try fund.run(release) }?.reason == .stateConflict)
  }

  @Test func `a facility open to any bank asks which one lends`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(bank: "*", feePPM: 0))
    var reserve = Fixture.reserve("g")
    #expect(refusal { try fund.run(reserve) }?.reason == .requiredFieldMissing)
    reserve.lender = "bank-b"
    #expect(refusal { try fund.run(reserve, by: Fixture.bank) }?.reason == .outOfScope)
    #expect(try fund.run(reserve).lender == "bank-b")
    try fund.run(try Fixture.facility("own", feePPM: 0))
    reserve.facility = "own"
    #expect(refusal { try fund.run(reserve) }?.field == "lender")
  }

  @Test func `an institution acts for itself only`() throws {
    let fund = try Fixture.fund()
    let other = Caller(organisation: "bank-b", role: .institution, regionPrefix: "37", subject: "sun")
    #expect(refusal { try fund.run(Fixture.reserve("g"), by: other) }?.reason == .outOfScope)
    try fund.run(Fixture.reserve("g"), by: Fixture.bank)
    #expect(refusal { try fund.run(Fixture.commit("g"), by: other) }?.reason == .outOfScope)
    #expect(try fund.run(Fixture.commit("g"), by: Fixture.bank).state == .inForce)
  }
}
