import FundDomain
import Kernel
import Testing

@Suite struct ClaimTests {
  private func inForce(_ basis: ClaimRateBasis = .committed, claimCap: Int64 = 1_000_000) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: claimCap, basis: basis))
    try fund.run(Fixture.reserve("g"))
    try fund.run(Fixture.commit("g"))
    return fund
  }

  private func approve(_ id: String = "g", on date: String = "2020-08-05") -> ApproveClaim {
    ApproveClaim(guarantee: id, businessDate: Fixture.day(date))
  }

  @Test func `maker and checker are two people, and no bank approves its own payment`() throws {
    let fund = try inForce()
    try fund.run(Fixture.claim("g"), by: Fixture.officer)
    #expect(refusal { try fund.run(approve(), by: Fixture.officer) }?.reason == .sameOfficer)
    var insider = Fixture.checker
    insider.organisation = "bank-a"
    #expect(refusal { try fund.run(approve(), by: insider) }?.reason == .sameOfficer)
    #expect(fund.balances("pool.1201") == .zero)
    let guarantee = try fund.run(approve(), by: Fixture.checker)
    #expect(guarantee.state == .compensated)
    #expect(guarantee.claim?.maker.description == "fund/wang" && guarantee.claim?.checker?.description == "fund/li")
  }

  @Test func `a payout is split among the parties and the bank keeps its own part`() throws {
    let fund = try inForce()
    let claimed = try fund.run(Fixture.claim("g", interest: Fixture.yuan(12_345, 67)), by: Fixture.bank)
    #expect(claimed.claim?.borne.parts == [20_246_913, 40_493_827, 20_246_913, 10_123_457, 10_123_457])
    let guarantee = try fund.run(approve(), by: Fixture.checker)
    #expect(guarantee.claim?.borne.payout == 80_987_654)
    #expect(fund.balances("pool.1001") == Balances(debitsPosted: 10_000_000_000, creditsPosted: 80_987_654))
    #expect(fund.balances("pool.1201") == Balances(debitsPosted: 40_493_827))
    #expect(fund.balances("pool.1202.national") == Balances(debitsPosted: 10_123_457))
    #expect(fund.balances("pool.8002.f") == Balances(debitsPosted: 80_000_000, creditsPosted: 80_000_000))
    #expect(fund.imbalance == 0)
  }

  @Test func `recoveries go back in proportion and the last one leaves everybody whole`() throws {
    let fund = try inForce()
    try fund.run(Fixture.claim("g", principal: Fixture.yuan(999_999, 99)), by: Fixture.bank)
    try fund.run(approve(), by: Fixture.checker)
    func recover(_ amount: Money) throws -> Guarantee {
      try fund.runTogether(
        RecordRecovery(guarantee: "g", amount: amount, businessDate: Fixture.day("2020-09-01")), as: .recovery,
        of: "guarantees/g", DecisionTerms(amount: amount), on: "2020-09-01")
    }
    var guarantee = try recover(Fixture.yuan(0, 1))
    #expect(guarantee.claim?.returned.parts == [0, 1, 0, 0, 0])
    guarantee = try recover(Fixture.yuan(333_333, 33))
    #expect(guarantee.claim?.returned.total == 33_333_334)
    let open = 99_999_999 - 33_333_334
    #expect(refusal { _ = try recover(Fixture.yuan(0, Int64(open) + 1)) }?.reason == .limitExceeded)
    guarantee = try recover(Fixture.yuan(0, Int64(open)))
    #expect(guarantee.claim?.returned == guarantee.claim?.borne)
    #expect(fund.balances("pool.1201")?.posted(on: .debit) == 0)
    #expect(fund.balances("pool.1202.bank")?.posted(on: .credit) == guarantee.claim?.borne.bank)
    #expect(fund.imbalance == 0)
  }

  @Test func `what cannot be recovered is written off by another officer, and a late recovery reduces the loss`() throws
  {
    let fund = try inForce()
    try fund.run(Fixture.claim("g"), by: Fixture.officer)
    try fund.run(approve(), by: Fixture.checker)
    let writeOff = WriteOffGuarantee(guarantee: "g", reason: "bankrupt", businessDate: Fixture.day("2021-01-01"))
    #expect(refusal { try fund.run(writeOff, by: Fixture.cashier) }?.reason == .stateConflict)
    try fund.run(ProposeDecision(step: .writeOff, subject: "guarantees/g", on: "2020-12-31"), by: Fixture.cashier)
    // Neither who claimed, nor who paid, nor who proposed.
    for officer in [Fixture.officer, Fixture.checker, Fixture.cashier] {
      #expect(refusal { try fund.run(writeOff, by: officer) }?.reason == .sameOfficer)
    }
    let fourth = Caller(organisation: "fund", role: .operator, regionPrefix: "37", subject: "qian")
    #expect(try fund.run(writeOff, by: fourth).state == .writtenOff)
    #expect(fund.balances("pool.5001") == Balances(debitsPosted: 40_000_000))
    try fund.runTogether(
      RecordRecovery(guarantee: "g", amount: Fixture.yuan(10), businessDate: Fixture.day("2021-02-01")), as: .recovery,
      of: "guarantees/g", DecisionTerms(amount: Fixture.yuan(10)), on: "2021-02-01")
    #expect(fund.balances("pool.5001") == Balances(debitsPosted: 40_000_000, creditsPosted: 400))
    #expect(fund.imbalance == 0)
  }

  @Test func `a claim trips the breaker when it crosses the cap, while another is pending`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool())
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: 30_000, limit: Fixture.yuan(500_000_000)))
    for index in 0..<10 {
      try fund.run(Fixture.reserve("g\(index)", borrower: "firm\(index)", principal: Fixture.yuan(10_000_000)))
      try fund.run(Fixture.commit("g\(index)"))
    }
    // 3 % of 100 million: exactly at the cap goes on, one 分 more trips.
    try fund.run(Fixture.claim("g0", principal: Fixture.yuan(2_000_000)), by: Fixture.bank)
    try fund.run(Fixture.claim("g1", principal: Fixture.yuan(1_000_000)), by: Fixture.bank)
    #expect(fund.facilities["f"]?.breaker == .closed)
    try fund.run(Fixture.claim("g2", principal: Fixture.yuan(0, 1)), by: Fixture.bank)
    #expect(fund.facilities["f"]?.breaker == .tripped)
    #expect(fund.events.last { $0.kind == .breakerTripped } != nil)
    #expect(refusal { try fund.run(Fixture.reserve("h", borrower: "new")) }?.reason == .breakerTripped)
    // What is owed is paid all the same; only new business stops until an officer resets the breaker.
    #expect(try fund.run(approve("g2"), by: Fixture.checker).state == .compensated)
    try fund.run(
      RejectClaim(guarantee: "g1", reason: "no evidence", businessDate: Fixture.day("2020-08-05")), by: Fixture.checker)
    #expect(fund.guarantees["g1"]?.state == .inForce && fund.guarantees["g1"]?.claim == nil)
    // What was claimed, on which evidence, and who turned it down stays on record.
    let kept = try fund.records(RejectedClaim.self, RecordQuery(owner: "g1"))
    #expect(kept.map(\.claim.evidence) == [Fixture.evidence] && kept.map(\.reason) == ["no evidence"])
    #expect(kept.first?.claim.maker == Officer(Fixture.bank) && kept.first?.claim.checker == Officer(Fixture.checker))
    #expect(refusal { try fund.run(Fixture.reserve("h", borrower: "new")) }?.reason == .breakerTripped)
    try fund.runTogether(
      ResetBreaker(facility: "f", reason: "recovered", businessDate: Fixture.day("2020-08-06")), as: .breakerReset,
      of: "facilities/f", on: "2020-08-06")
    #expect(try fund.run(Fixture.reserve("h", borrower: "new")).state == .reserved)
  }

  @Test func `the 总对总 rate divides by annualised released principal times 80 %`() throws {
    let fund = MemoryFund(try Fixture.rules("batch-guarantee", "suite-conventions"))
    try fund.run(Fixture.pool())
    try fund.run(
      try Fixture.facility(
        product: "batch_guarantee", reguaranteePPM: 3000, explicitFeeCap: 10_000, claimCap: nil,
        basis: .releasedAnnualised))
    #expect(fund.facilities["f"]?.claimRateCap == Rate(ppm: 30_000))
    #expect(fund.facilities["f"]?.releasedShare == Rate(ppm: 800_000))
    for id in ["a", "b"] {
      try fund.run(Fixture.reserve(id, borrower: id, principal: Fixture.yuan(10_000_000)))
      try fund.run(Fixture.commit(id))
    }
    // 10 million for 73 days are 2 million a year; × 80 % are 1.6 million, of which 3 % are 48 000.
    try fund.run(ReleaseGuarantee(guarantee: "a", businessDate: Fixture.day("2020-04-23")))
    #expect(fund.years.first?.releasedAnnualised == 200_000_000)
    try fund.run(Fixture.claim("b", principal: Fixture.yuan(48_000)), by: Fixture.bank)
    #expect(fund.facilities["f"]?.breaker == .closed)
    try fund.run(
      RejectClaim(guarantee: "b", reason: "wrong", businessDate: Fixture.day("2020-08-02")), by: Fixture.checker)
    try fund.run(Fixture.claim("b", principal: Fixture.yuan(48_000, 1)), by: Fixture.bank)
    #expect(fund.facilities["f"]?.breaker == .tripped)
  }

  @Test func `a pool without cash says so and pays nothing`() throws {
    let fund = MemoryFund(try Fixture.noRules())
    try fund.run(Fixture.pool(capital: Fixture.yuan(100)))
    try fund.run(try Fixture.facility(feePPM: 0, claimCap: 1_000_000))
    try fund.run(Fixture.reserve("g"))
    try fund.run(Fixture.commit("g"))
    try fund.run(Fixture.claim("g"), by: Fixture.bank)
    let error = refusal { try fund.run(approve(), by: Fixture.checker) }
    #expect(error?.reason == .insufficientFunds)
    #expect(error?.metadata["free_minor_units"] == "10000")
    #expect(fund.guarantees["g"]?.state == .claimSubmitted)
  }

  @Test func `a claim needs evidence and stays within the loan`() throws {
    let fund = try inForce()
    var claim = Fixture.claim("g")
    claim.evidence = []
    #expect(refusal { try fund.run(claim) }?.reason == .evidenceMissing)
    #expect(
      refusal { try fund.run(Fixture.claim("g", principal: Fixture.yuan(1_000_000, 1))) }?.reason == .limitExceeded)
    #expect(refusal { try fund.run(Fixture.claim("g", on: "2020-02-09")) }?.reason == .invalidArgument)
  }
}
