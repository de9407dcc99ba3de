import FundDomain
import Kernel
import Testing

@Suite struct DongpingListingScenario {
  private func fund(_ kind: SubsidyKind) throws -> MemoryFund {
    let fund = MemoryFund(try Fixture.rules("taian-2023-2", "suite-conventions"))
    try fund.run(Fixture.pool(region: "370923"))
    try fund.run(
      CreateSubsidyProgramme(
        id: "s", pool: "pool", displayName: "奖补", kind: kind, allocation: .firstCome, budget: Fixture.yuan(20_000_000),
        explicitRate: nil, explicitCap: nil, opensOn: Fixture.day("2023-03-01"), closesOn: Fixture.day("2023-12-31")))
    return fund
  }

  private func apply(_ fund: MemoryFund, _ id: String, _ facts: SubsidyFacts) throws -> SubsidyApplication {
    try fund.run(
      ApplySubsidy(
        id: id, programme: "s", beneficiary: "firm", facts: facts, evidence: Fixture.evidence,
        businessDate: Fixture.day("2023-05-01")))
  }

  @Test func `four stages in their order make five million`() throws {
    let fund = try fund(.listing)
    #expect(refusal { _ = try apply(fund, "x", .listing(board: .exchange, stage: 2)) }?.field == "listing.stage")
    let parts = try (1...4).map { try apply(fund, "a\($0)", .listing(board: .exchange, stage: $0)).amount }
    #expect(parts == [50_000_000, 150_000_000, 200_000_000, 100_000_000])
    #expect(refusal { _ = try apply(fund, "x", .listing(board: .exchange, stage: 4)) }?.reason == .stateConflict)
    #expect(refusal { _ = try apply(fund, "x", .listing(board: .exchange, stage: 5)) }?.field == "listing.stage")
  }

  @Test func `a board without stages is paid at once`() throws {
    let fund = try fund(.listing)
    #expect(try apply(fund, "a", .listing(board: .neeq, stage: 1)).amount == 100_000_000)
    #expect(try apply(fund, "b", .listing(board: .regional, stage: 1)).amount == 30_000_000)
  }

  @Test func `half of a reform, at most three hundred thousand`() throws {
    let exact = try apply(fund(.reform), "a", .reform(cost: Fixture.yuan(600_000)))
    #expect(exact.uncapped == 30_000_000 && exact.amount == 30_000_000)
    let more = try apply(fund(.reform), "a", .reform(cost: Fixture.yuan(600_000, 2)))
    #expect(more.uncapped == 30_000_001 && more.amount == 30_000_000)
  }

  @Test func `two per cent of the increment, once a bank`() throws {
    let fund = try fund(.inclusiveIncrement)
    #expect(try apply(fund, "a", .increment(Fixture.yuan(12_345_678, 25))).amount == 24_691_357)
    #expect(refusal { _ = try apply(fund, "b", .increment(Fixture.yuan(1))) }?.reason == .stateConflict)
    #expect(refusal { _ = try apply(fund, "c", .reform(cost: Fixture.yuan(1))) }?.field == "facts")
  }
}
