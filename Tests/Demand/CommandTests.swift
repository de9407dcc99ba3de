import DemandDomain
import Kernel
import Testing

@Suite struct CommandTests {
  private let policy = Result { try Fixture.policy() }

  private func desk(_ state: DemandState) throws -> Desk { try Desk.at(state, try policy.get()) }

  @Test func `a claim that comes second names the winner`() throws {
    var desk = try desk(.claimed)
    let error = refusal { try desk.run(try Fixture.command(.claim, bank: "bank-b"), by: Fixture.bank("bank-b")) }
    #expect(error?.reason == .alreadyClaimed)
    #expect(error?.metadata["institution"] == "bank-a")
  }

  @Test func `only a target may claim a directed push`() throws {
    var desk = try desk(.assessed)
    try desk.run(try Fixture.push(to: ["bank-a", "bank-b"]), by: Fixture.regulator)
    let error = refusal { try desk.run(try Fixture.command(.claim, bank: "bank-c"), by: Fixture.bank("bank-c")) }
    #expect(error?.reason == .outOfScope)
    #expect(
      try desk.run(try Fixture.command(.claim, bank: "bank-b"), by: Fixture.bank("bank-b")).claim?.institution
        == "bank-b")
  }

  @Test func `a push reaches institutions and both regulators at the same moment and cites its rule`() throws {
    var desk = try desk(.assessed)
    let demand = try desk.run(try Fixture.push(to: ["bank-a", "bank-b"]), by: Fixture.regulator)
    #expect(demand.targets.map(\.organisation) == ["bank-a", "bank-b", "region-3703", "region-370302"])
    #expect(Set(demand.targets.map(\.pushedAt)) == [Fixture.noon])
    #expect(demand.targets.map(\.kind) == [.institution, .institution, .cityRegulator, .countyRegulator])
  }

  @Test func `a decline goes back to the others, and the last one declines the demand`() throws {
    var desk = try desk(.assessed)
    try desk.run(try Fixture.push(to: ["bank-a", "bank-b"]), by: Fixture.regulator)
    for kind in [DemandCommandKind.claim, .offer, .sign] {
      try desk.run(try Fixture.command(kind), by: Fixture.bank("bank-a"))
    }
    var demand = try desk.run(try Fixture.command(.decline), by: Fixture.bank("bank-a"))
    #expect(demand.state == .pushed)
    #expect(demand.claim == nil && demand.offer == nil && demand.contract == nil)
    #expect(demand.declines.map(\.institution) == ["bank-a"] && demand.declines[0].fromState == .signed)
    let again = refusal { try desk.run(try Fixture.command(.claim), by: Fixture.bank("bank-a")) }
    #expect(again?.reason == .stateConflict)
    demand = try desk.run(try Fixture.command(.decline, bank: "bank-b"), by: Fixture.bank("bank-b"))
    #expect(demand.state == .declined)
    // 二次转办: somebody new is found.
    demand = try desk.run(try Fixture.push(to: ["bank-c"]), by: Fixture.regulator)
    #expect(demand.state == .pushed && demand.institutionTargets.count == 3)
    #expect(demand.targets.filter { $0.kind != .institution }.count == 2)
  }

  @Test func `satisfaction is exact and never clamped`() throws {
    var desk = try desk(.claimed)
    try desk.run(
      .offer(
        try OfferDemand(
          demand: Fixture.id(1), institution: "", amount: Fixture.yuan(3_000_000), rate: .zero, tenorMonths: 12,
          guaranteeNeeded: false, product: "", reason: "")), by: Fixture.bank("bank-a"))
    var demand = try desk.run(
      .sign(
        try SignDemand(
          demand: Fixture.id(1), institution: "",
          contract: Contract(
            number: "1", amount: Fixture.yuan(2_160_000), signedOn: Fixture.today, revolving: true, drawBy: nil),
          reason: "")), by: Fixture.bank("bank-a"))
    #expect(demand.signedSatisfaction == Rate(ppm: 1_080_000))
    #expect(demand.disbursedSatisfaction == .zero)
    for _ in 1...5 { demand = try desk.run(try Fixture.command(.disburse), by: Fixture.bank("bank-a")) }
    #expect(demand.disbursed == Fixture.yuan(2_500_000))
    #expect(demand.disbursedSatisfaction == Rate(ppm: 1_250_000))
  }

  @Test func `a contract that does not revolve cannot be overdrawn`() throws {
    var desk = try desk(.signed)
    for _ in 1...4 { try desk.run(try Fixture.command(.disburse), by: Fixture.bank("bank-a")) }
    let error = refusal { try desk.run(try Fixture.command(.disburse), by: Fixture.bank("bank-a")) }
    #expect(error?.reason == .limitExceeded && error?.field == "disbursement.amount")
  }

  @Test func `a contract cannot exceed the offer it rests on`() throws {
    var desk = try desk(.offered)
    let error = refusal {
      try desk.run(
        .sign(
          try SignDemand(
            demand: Fixture.id(1), institution: "",
            contract: Contract(
              number: "1", amount: Money(216_000_001, .cny), signedOn: Fixture.today, revolving: false, drawBy: nil),
            reason: "")), by: Fixture.bank("bank-a"))
    }
    #expect(error?.reason == .limitExceeded && error?.field == "contract.amount")
  }

  @Test func `a demand expires only after its last day`() throws {
    var desk = try desk(.pushed)
    let early = refusal {
      try desk.run(
        .expire(try ExpireDemand(demand: Fixture.id(1), asOf: Fixture.date("2025-03-01"), reason: "")),
        by: Fixture.operators)
    }
    #expect(early?.reason == .policyConditionFailed)
    let demand = try desk.run(
      .expire(try ExpireDemand(demand: Fixture.id(1), asOf: Fixture.date("2025-03-02"), reason: "")),
      by: Fixture.operators)
    #expect(demand.state == .expired)
  }

  @Test func `after signing the contract's drawdown day is the last one`() throws {
    #expect(try desk(.signed).demand?.lastDay == Fixture.date("2025-02-01"))
    #expect(try desk(.disbursed).demand?.lastDay == nil)
  }

  @Test func `the house must name the institution it acts for, and an institution cannot name another`() throws {
    var desk = try desk(.pushed)
    let unnamed = refusal {
      try desk.run(.claim(try ClaimDemand(demand: Fixture.id(1), institution: "", reason: "")), by: Fixture.service)
    }
    #expect(unnamed?.reason == .requiredFieldMissing && unnamed?.field == "institution")
    let other = refusal { try desk.run(try Fixture.command(.claim, bank: "bank-b"), by: Fixture.bank("bank-a")) }
    #expect(other?.reason == .outOfScope && other?.field == "institution")
    #expect(try desk.run(try Fixture.command(.claim), by: Fixture.service).claim?.institution == "bank-a")
  }

  @Test func `only the claimant may offer`() throws {
    var desk = try desk(.claimed)
    let error = refusal { try desk.run(try Fixture.command(.offer, bank: "bank-b"), by: Fixture.bank("bank-b")) }
    #expect(error?.reason == .alreadyClaimed)
  }

  @Test func `closing needs evidence and declining and withdrawing a reason`() {
    #expect(refusal { try CloseDemand(demand: "x", evidence: [], note: "") }?.reason == .evidenceMissing)
    #expect(refusal { try DeclineDemand(demand: "x", institution: "", reason: " ") }?.field == "reason")
    #expect(refusal { try WithdrawDemand(demand: "x", reason: "") }?.reason == .requiredFieldMissing)
    #expect(
      refusal { try Evidence(kind: "", reference: "", sha256: [], field: "disbursement.evidence") }?.reason
        == .evidenceMissing)
  }

  @Test func `a contact's data is no part of what the log keeps`() throws {
    var desk = try desk(.submitted)
    #expect(desk.demand?.contact?.person == "李工")
    desk.demand?.contact = nil
    #expect(desk.demand?.purpose == "购买原材料")
  }
}
