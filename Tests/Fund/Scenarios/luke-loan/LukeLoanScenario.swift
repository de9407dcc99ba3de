import FundDomain
import Kernel
import Testing

@Suite struct LukeLoanScenario {
  private func fund(
    ratio: Int64 = 800_000, firmCap: Money? = nil, poolCap: Money = Fixture.yuan(50_000_000), stopLoss: Int64? = nil
  ) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("luke-loan", "suite-conventions"))
    try fund.run(Fixture.pool(region: "37"))
    try fund.run(
      CreateCompensationScheme(
        id: "luke", pool: "pool", displayName: "鲁科贷", product: "luke-loan", explicitRatio: Rate(ppm: ratio),
        paysProvincialReward: false, firmCap: firmCap, poolCap: poolCap, stopLoss: stopLoss.map { Rate(ppm: $0) },
        registrationDays: 30,
        businessDate: Fixture.day("2024-01-05")))
    return fund
  }

  private func register(
    _ fund: MemoryFund, _ number: String, _ principal: Money, firm: String = "firm", matures: String = "2027-02-01"
  ) throws {
    var cover = RegisterCover(
      scheme: "luke", bank: "bank-a", borrower: firm, loanNumber: number, principal: principal,
      disbursedOn: Fixture.day("2024-02-01"), maturesOn: Fixture.day(matures),
      businessDate: Fixture.day("2024-02-01"))
    // Two loans of one day and amount: their contracts tell them apart.
    cover.contract = "HT-\(number)"
    try fund.run(cover, by: Fixture.bank)
  }

  private func claim(_ fund: MemoryFund, _ number: String, _ principal: Money) throws -> CompensationWork? {
    try fund.run(
      ClaimCompensation(
        cover: "bank-a~\(number)", principal: principal, evidence: Fixture.evidence,
        businessDate: Fixture.day("2025-03-01")), by: Fixture.bank
    ).work
  }

  @Test func `the bank keeps thirty per cent whatever the ratio`() throws {
    let fund = try fund()
    try register(fund, "L1", Fixture.yuan(1_000_000))
    let work = try claim(fund, "L1", Fixture.yuan(1_000_000))
    #expect(work?.compensation == 70_000_000 && work?.bank == 30_000_000 && work?.boundedBy == .bankShare)
    try register(fund, "L2", Fixture.yuan(0, 1))
    // Of one 分 the bank's share is rounded up to all of it: nothing is left to pay.
    #expect(refusal { _ = try claim(fund, "L2", Fixture.yuan(0, 1)) }?.reason == .limitExceeded)
  }

  @Test func `thirty-six months count, a day more does not`() throws {
    let fund = try fund()
    try register(fund, "L1", Fixture.yuan(1), matures: "2027-02-01")
    #expect(refusal { try register(fund, "L2", Fixture.yuan(1), matures: "2027-02-02") }?.field == "matures_on")
  }

  @Test func `only the first ten million of a firm count, over all its loans`() throws {
    let fund = try fund(ratio: 500_000)
    try register(fund, "L1", Fixture.yuan(8_000_000))
    try register(fund, "L2", Fixture.yuan(8_000_000))
    #expect(try claim(fund, "L1", Fixture.yuan(8_000_000))?.beyondCap == 0)
    let second = try claim(fund, "L2", Fixture.yuan(8_000_000))
    #expect(second?.eligible == 200_000_000 && second?.beyondCap == 600_000_000)
    #expect(second?.compensation == 100_000_000)
  }

  @Test func `firm cap, pool cap and stop-loss bound what is paid and say so`() throws {
    var fund = try fund(ratio: 500_000, firmCap: Fixture.yuan(100_000))
    try register(fund, "L1", Fixture.yuan(1_000_000))
    var work = try claim(fund, "L1", Fixture.yuan(1_000_000))
    #expect(work?.compensation == 10_000_000 && work?.boundedBy == .firmCap)

    fund = try self.fund(ratio: 500_000, poolCap: Fixture.yuan(600_000))
    try register(fund, "L1", Fixture.yuan(1_000_000), firm: "one")
    try register(fund, "L2", Fixture.yuan(1_000_000), firm: "two")
    #expect(try claim(fund, "L1", Fixture.yuan(1_000_000))?.boundedBy == .ratio)
    work = try claim(fund, "L2", Fixture.yuan(1_000_000))
    #expect(work?.compensation == 10_000_000 && work?.boundedBy == .poolCap)

    fund = try self.fund(ratio: 500_000, stopLoss: 100_000)
    try register(fund, "L1", Fixture.yuan(1_000_000), firm: "one")
    try register(fund, "L2", Fixture.yuan(1_000_000), firm: "two")
    // 10 % of the 2 M registered in 2024.
    work = try claim(fund, "L1", Fixture.yuan(1_000_000))
    #expect(work?.compensation == 20_000_000 && work?.boundedBy == .stopLoss)
    #expect(refusal { _ = try claim(fund, "L2", Fixture.yuan(1_000_000)) }?.reason == .breakerTripped)
    try fund.run(
      RejectCompensation(cover: "bank-a~L1", reason: "not confirmed", businessDate: Fixture.day("2025-03-02")),
      by: Fixture.checker)
    #expect(try claim(fund, "L2", Fixture.yuan(1_000_000))?.compensation == 20_000_000)
  }
}
