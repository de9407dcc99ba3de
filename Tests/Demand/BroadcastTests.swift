import DemandDomain
import DemandStore
import Kernel
import Testing

/// 广播: several institutions take a demand up beside each other, and the firm chooses.
@Suite struct BroadcastTests {
  private func broadcast() throws -> Desk {
    var desk = try Desk.at(.assessed, try Fixture.policy())
    try desk.run(try Fixture.push(.broadcast), by: Fixture.regulator)
    return desk
  }

  private func offer(_ bank: String, _ yuan: Int64) throws -> DemandCommand {
    .offer(
      try OfferDemand(
        demand: Fixture.id(1), institution: bank, amount: Fixture.yuan(yuan), rate: Rate(ppm: 40_000), tenorMonths: 12,
        guaranteeNeeded: false, product: "", reason: ""))
  }

  @Test func `several take it up and offer, and whoever signs with the firm is the claimant`() throws {
    var desk = try broadcast()
    for bank in ["bank-a", "bank-b", "bank-c"] {
      try desk.run(try Fixture.command(.claim, bank: bank), by: Fixture.bank(bank))
    }
    #expect(desk.demand?.state == .pushed && desk.demand?.claim == nil)
    try desk.run(try offer("bank-a", 1_500_000), by: Fixture.bank("bank-a"))
    try desk.run(try offer("bank-b", 1_000_000), by: Fixture.bank("bank-b"))
    try desk.run(try offer("bank-b", 2_000_000), by: Fixture.bank("bank-b"))
    #expect(desk.demand?.state == .pushed && desk.demand?.offer == nil)
    #expect(desk.demand?.handling.takers.map { $0.offer?.amount.minorUnits } == [150_000_000, 200_000_000, nil])
    // The contract is of 2 000 000: more than bank-a offers, and bank-c offers nothing.
    for (bank, reason) in [("bank-a", ErrorReason.limitExceeded), ("bank-c", .stateConflict)] {
      let error = refusal { try desk.run(try Fixture.command(.sign, bank: bank), by: Fixture.bank(bank)) }
      #expect(error?.reason == reason)
    }
    let signed = try desk.run(try Fixture.command(.sign, bank: "bank-b"), by: Fixture.bank("bank-b"))
    #expect(signed.state == .signed && signed.claim?.institution == "bank-b" && signed.handling.takers.isEmpty)
    #expect(signed.offer?.amount == Fixture.yuan(2_000_000) && signed.reached.isSuperset(of: [.claimed, .offered]))
    let late = refusal { try desk.run(try Fixture.command(.claim, bank: "bank-a"), by: Fixture.bank("bank-a")) }
    #expect(late?.reason == .alreadyClaimed && late?.metadata["institution"] == "bank-b")
    try desk.run(try Fixture.command(.disburse, bank: "bank-b"), by: Fixture.bank("bank-b"))
    #expect(try desk.run(try Fixture.command(.close), by: Fixture.grid).state == .closed)
  }

  @Test func `taking it up twice, offering before and leaving are judged one by one`() throws {
    var desk = try broadcast()
    #expect(refusal { try desk.run(try offer("bank-a", 1), by: Fixture.bank("bank-a")) }?.reason == .stateConflict)
    let elsewhere = Fixture.bank("bank-x", region: "3706")
    #expect(
      refusal { try desk.run(try Fixture.command(.claim, bank: "bank-x"), by: elsewhere) }?.reason == .outOfScope)
    try desk.run(try Fixture.command(.claim), by: Fixture.bank("bank-a"))
    #expect(refusal { try desk.run(try Fixture.command(.claim), by: Fixture.bank("bank-a")) }?.reason == .stateConflict)
    // Nobody takes the broadcast away from those who are at work on it.
    let error = refusal { try desk.run(try Fixture.push(to: ["bank-b"]), by: Fixture.regulator) }
    #expect(error?.reason == .stateConflict && error?.metadata["institution"] == "bank-a")
    let left = try desk.run(try Fixture.command(.decline), by: Fixture.bank("bank-a"))
    #expect(left.state == .pushed && left.handling.takers.isEmpty && left.target(of: "bank-a")?.state == .declined)
    #expect(refusal { try desk.run(try Fixture.command(.claim), by: Fixture.bank("bank-a")) }?.reason == .stateConflict)
    #expect(try desk.run(try Fixture.push(.open), by: Fixture.regulator).pushMode == .open)
  }

  @Test func `a bank sees contact data once it has taken it up, and nothing of the others`() throws {
    var desk = try broadcast()
    func view(_ bank: String) throws -> Demand {
      try DemandScope.view(try #require(desk.demand), for: Fixture.bank(bank))
    }
    #expect(try view("bank-a").contact == nil)
    for bank in ["bank-a", "bank-b"] {
      try desk.run(try Fixture.command(.claim, bank: bank), by: Fixture.bank(bank))
      try desk.run(try offer(bank, 1_000_000), by: Fixture.bank(bank))
    }
    #expect(try view("bank-a").contact != nil && view("bank-c").contact == nil)
    #expect(try view("bank-a").handling.takers.map(\.institution) == ["bank-a"])
    #expect(try view("bank-c").handling.takers.isEmpty)
    #expect(try DemandScope.view(try #require(desk.demand), for: Fixture.firm).handling.takers.count == 2)
  }

  @Test func `the store keeps takers, their response times and the log`() async throws {
    try await TestStore.with { test in
      let id = Fixture.id(1)
      try await test.register(try Fixture.registration())
      try await test.run(try Fixture.command(.submit), "s", by: Fixture.firm)
      try await test.run(try Fixture.command(.assess), "a", by: Fixture.grid)
      try await test.run(try Fixture.push(.broadcast), "p", by: Fixture.regulator)
      for bank in ["bank-a", "bank-b"] {
        try await test.run(try Fixture.command(.claim, bank: bank), "c\(bank)", by: Fixture.bank(bank))
        try await test.run(try Fixture.command(.offer, bank: bank), "o\(bank)", by: Fixture.bank(bank))
      }
      let query = try DemandQuery(state: .pushed, pushMode: .broadcast).scoped(to: Fixture.bank("bank-z"))
      #expect(try await test.demands.demands(query).map(\.item.id) == [id])
      #expect(try await test.demands.demand(id).handling.takers.count == 2)
      try await test.run(try Fixture.command(.offer, bank: "bank-b"), "o2", by: Fixture.bank("bank-b"))
      try await test.run(try Fixture.command(.sign, bank: "bank-b"), "g", by: Fixture.bank("bank-b"))
      let figures = try await test.demands.figures(
        try FigureQuery(prefix: "", dimension: .institution, from: nil, to: nil))
      for bank in ["bank-a", "bank-b"] {
        let row = try #require(figures.rows.first { $0.key == bank })
        #expect(row.accepted == 1 && row.decided == 1)
      }
      let log = try await test.log().filter { $0.subject == "demands/\(id)" }
      #expect(
        log.map(\.type).suffix(6) == [
          "demand.taken", "demand.tendered", "demand.taken", "demand.tendered", "demand.tendered", "demand.awarded",
        ])
      // Whoever follows as a bank learns who has it, and not on what terms.
      let seen = log.compactMap { $0.view(for: Fixture.bank("bank-a")) }.map(\.content)
      guard case .demand(let last, _, let after)? = seen.last else { throw StoryError.unexpected }
      #expect(last == .claimed(institution: "bank-b") && after.contract == nil)
      let history = try await test.demands.history(of: id, after: 0, limit: 100)
      #expect(history.entries.map(\.sequence) == log.map(\.sequence))
    }
  }

  private enum StoryError: Error { case unexpected }
}
