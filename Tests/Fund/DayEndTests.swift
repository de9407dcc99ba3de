import FundDomain
import Kernel
import Testing

@Suite struct DayEndTests {
  private func advance(_ fund: MemoryFund, _ day: String) throws -> DayReport {
    try fund.run(AdvanceDay(pool: "pool", businessDate: Fixture.day(day)))
  }

  @Test func `a day is ended once and answers its report again`() throws {
    let fund = try Fixture.fund()
    try fund.run(Fixture.reserve("g"))
    let report = try advance(fund, "2020-03-01")
    #expect(report.expiredGuarantees == 1 && report.trialBalanceDifference == 0)
    let transfers = fund.transfers.count
    #expect(try advance(fund, "2020-03-01") == report)
    #expect(fund.transfers.count == transfers)
    #expect(refusal { _ = try advance(fund, "2020-02-29") }?.reason == .stateConflict)
    #expect(try advance(fund, "2020-03-02").expiredGuarantees == 0)
  }

  @Test func `a guarantee fee is earned day by day and all of it at the end`() throws {
    let fund = try Fixture.fund()
    try fund.run(Fixture.reserve("g"))
    let guarantee = try fund.run(Fixture.commit("g"))
    // 357 days from 2020-02-10, the first counted and the last not; after the first day 356 are left.
    #expect(guarantee.fee == 978_082)
    let first = try advance(fund, "2020-02-10")
    #expect(first.unearnedFee == 975_342 && first.guaranteesInForce == 1)
    #expect(fund.balances("pool.2101") == Balances(creditsPosted: 975_342))
    #expect(fund.balances("pool.4001") == Balances(debitsPosted: 975_342, creditsPosted: 978_082))
    #expect(try advance(fund, "2021-01-31").unearnedFee == 0)
    #expect(fund.balances("pool.2101") == Balances(debitsPosted: 975_342, creditsPosted: 975_342))
    #expect(fund.imbalance == 0)
  }

  @Test func `a released guarantee leaves nothing unearned`() throws {
    let fund = try Fixture.fund()
    try fund.run(Fixture.reserve("g"))
    try fund.run(Fixture.commit("g"))
    _ = try advance(fund, "2020-02-10")
    try fund.run(ReleaseGuarantee(guarantee: "g", businessDate: Fixture.day("2020-02-11")))
    #expect(try advance(fund, "2020-02-11").unearnedFee == 0)
    #expect(fund.balances("pool.4001") == Balances(debitsPosted: 975_342, creditsPosted: 1_953_424))
  }

  @Test func `paid claims are aged by the days since they were paid`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: 1_000_000))
    try fund.run(Fixture.reserve("g"))
    try fund.run(Fixture.commit("g"))
    try fund.run(Fixture.claim("g"), by: Fixture.bank)
    try fund.run(ApproveClaim(guarantee: "g", businessDate: Fixture.day("2020-08-01")), by: Fixture.checker)
    for (day, band) in [("2020-10-30", 0), ("2020-10-31", 1), ("2021-01-28", 1), ("2021-01-29", 2), ("2021-07-28", 3)] {
      let ages = try advance(fund, day).ages
      #expect(ages.firstIndex { $0.guarantees == 1 } == band, "\(day)")
      #expect(ages[band].open == 40_000_000)
    }
  }

  @Test func `the projection names the day on which money runs short`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool(capital: Fixture.yuan(1_000_000)))
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: 1_000_000))
    try fund.run(Fixture.reserve("g", borrower: "one"))
    try fund.run(Fixture.commit("g"))
    try fund.run(Fixture.reserve("h", borrower: "two", matures: "2020-12-01"))
    try fund.run(Fixture.commit("h"))
    try fund.run(Fixture.claim("g", principal: Fixture.yuan(500_000)), by: Fixture.bank)
    func project(_ ppm: Int64) throws -> SolvencyProjection {
      try SolvencyProjection.project(
        fund, pool: try #require(fund.pools["pool"]), from: Fixture.day("2020-08-02"), days: 200,
        expectedRate: Rate(ppm: ppm))
    }
    let half = try project(500_000)
    // 400 000 for the claim that is pending, then half of the 800 000 that mature in December.
    #expect(half.lines.map(\.kind) == [.claimPending, .claimExpected])
    #expect(half.lines.map(\.cash) == [60_000_000, 20_000_000])
    #expect(half.isSolvent && half.lowestOn == Fixture.day("2020-12-01"))
    let all = try project(1_000_000)
    #expect(!all.isSolvent && all.lowestCash == -20_000_000)
    #expect(refusal { _ = try project(1_000_001) }?.field == "expected_claim_rate")
  }

  @Test func `what is only reserved and what waits for money is projected too`() throws {
    let fund = MemoryFund(try Fixture.rules("donghai-2025", "suite-conventions"))
    try fund.run(Fixture.pool(region: "320722", capital: Fixture.yuan(1_000_000)))
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: 1_000_000))
    try fund.run(
      Fixture.reserve("g", on: "2025-10-01", expires: "2025-10-31", matures: "2026-02-01"))
    try fund.run(
      CreateBridgeProgramme(
        id: "p", pool: "pool", displayName: "应急转贷", product: "bridge_loan", explicitDailyFee: nil,
        explicitMaximumDays: nil, businessDate: Fixture.day("2025-09-01")))
    try fund.run(Fixture.bridge("b"))
    try fund.run(Fixture.promise("b"), by: Fixture.bank)
    try fund.run(Fixture.useCheck("b"), by: Fixture.bank)
    let waiting = try fund.run(
      ApproveBridgeLoan(loan: "b", businessDate: Fixture.day("2025-10-03")), by: Fixture.checker)
    #expect(waiting.state == .queued)
    let projection = try SolvencyProjection.project(
      fund, pool: try #require(fund.pools["pool"]), from: Fixture.day("2025-10-03"), days: 200,
      expectedRate: Rate(ppm: 500_000))
    #expect(projection.lines.map(\.kind) == [.bridgeQueued, .claimExpectedReserved])
    #expect(projection.lines.map(\.amount) == [-900_000_000, -40_000_000])
    #expect(!projection.isSolvent)
  }
}
