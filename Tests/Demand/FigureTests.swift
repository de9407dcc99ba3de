import DemandDomain
import DemandStore
import Kernel
import Testing

/// Figures are read from rows; here they are counted once more from the event log alone.
@Suite struct FigureTests {
  @Test(arguments: FigureDimension.allCases)
  func `figures agree with the event log`(_ dimension: FigureDimension) async throws {
    try await TestStore.with { test in
      try await populate(test)
      let figures = try await test.demands.figures(
        try FigureQuery(prefix: "3703", dimension: dimension, from: nil, to: nil))
      let book = LogBook(try await test.log())
      #expect(figures.total == book.row("", of: book.demands.keys.sorted()))
      if dimension == .institution { return }
      for row in figures.rows {
        #expect(
          row == book.row(row.key, of: book.demands.filter { Self.key($0.value, dimension) == row.key }.keys.sorted()))
      }
      #expect(figures.rows.reduce(0) { $0 + $1.demands } == figures.total.demands)
      #expect(Set(figures.rows.map(\.key)) == Set(book.demands.values.map { Self.key($0, dimension) }))
    }
  }

  private static func key(_ demand: Demand, _ dimension: FigureDimension) -> String {
    switch dimension {
    case .region: demand.region.county
    case .chain: demand.handling.chain
    case .channel: demand.channel.rawValue
    case .period: "2025-01"
    case .institution: demand.claim?.institution ?? ""
    }
  }

  /// Random walks over several demands of several firms.
  private func populate(_ test: TestStore) async throws {
    var walk = RandomWalk(generator: SeededGenerator(seed: 7), id: "")
    var step = 0
    for number in 1...12 {
      let firm = try Fixture.firm(number: number % 4)
      _ = try? await test.register(try Fixture.registration(firm.organisation), "firm-\(number)")
      let id = Fixture.id(number)
      try await test.run(
        .submit(try Fixture.submission(id: id, enterprise: firm.organisation)), "submit-\(number)",
        by: Fixture.operators)
      walk = RandomWalk(generator: walk.generator, id: id, firm: firm)
      var paper = PaperDemand(hardFirm: false, wanted: 200_000_000)
      for _ in 0..<60 {
        step += 1
        let next = walk.step(for: paper)
        let caller = walk.caller(for: next)
        let refusal = paper.take(
          next, by: caller, sameFirm: caller == firm, inRegion: Fixture.region.hasPrefix(caller.regionPrefix))
        let actual = await lateRefusal { try await test.run(try walk.command(next), "step-\(step)", by: caller) }
        try #require(actual?.reason == refusal, "\(next) by \(caller): \(actual as Any)")
      }
      if number % 3 == 0 {
        _ = try await test.demands.advance(
          try AdvanceClocks(asOf: Fixture.date("2025-02-20"), limit: 0),
          envelope: try test.envelope("advance-\(number)", Fixture.service), encode: { _ in [] })
      }
    }
  }
}

/// The log as somebody reads it who has nothing else.
private struct LogBook {
  var demands: [String: Demand] = [:]
  var accepted: [String: [Int64]] = [:]
  var decided: [String: [Int64]] = [:]
  var missed: [String: Int64] = [:]

  init(_ log: [LogEntry]) {
    var pushed: [String: Int64] = [:]
    // Demand → institution → when it claimed.
    var claimed: [String: [String: Int64]] = [:]
    for entry in log {
      guard case .demand(let event, _, let after) = entry.content else { continue }
      let (id, now) = (after.id, entry.context.at.microseconds)
      demands[id] = after
      func decide(_ institution: String) {
        guard let start = claimed[id]?.removeValue(forKey: institution) else { return }
        decided[id, default: []].append((now - start) / 1_000_000)
      }
      switch event {
      case .pushed: pushed[id] = now
      case .claimed(let institution), .taken(let institution):
        accepted[id, default: []].append((now - (pushed[id] ?? now)) / 1_000_000)
        claimed[id, default: [:]][institution] = now
      case .offered(let offer), .tendered(let offer, _): decide(offer.institution)
      case .declined(let decline, _): decide(decline.institution)
      // The others were passed over: they need not answer any more.
      case .awarded: claimed[id] = nil
      case .clockMissed: missed[id, default: 0] += 1
      default: break
      }
    }
  }

  func row(_ key: String, of ids: [String]) -> FigureRow {
    var row = FigureRow(key: key)
    let mine = ids.compactMap { demands[$0] }
    row.demands = Int64(mine.count)
    row.firms = Int64(Set(mine.map(\.enterprise)).count)
    for demand in mine {
      for state in demand.reached { row.reached[state, default: 0] += 1 }
      var sums = row.amounts[.cny] ?? AmountTally()
      sums.wanted += demand.amount.minorUnits
      if [.signed, .disbursed, .closed].contains(demand.state), let contract = demand.contract {
        let others = demand.handling.members.filter { $0.contract != nil }
        sums.granted += demand.offer?.amount.minorUnits ?? 0
        sums.signed += contract.amount.minorUnits
        sums.disbursed += demand.disbursements.reduce(0) { $0 + $1.amount.minorUnits }
        for other in others {
          sums.granted += other.offer?.amount.minorUnits ?? 0
          sums.signed += other.contract?.amount.minorUnits ?? 0
          sums.disbursed += other.disbursements.reduce(0) { $0 + $1.amount.minorUnits }
        }
      }
      row.amounts[.cny] = sums
      row.accepted += Int64(accepted[demand.id]?.count ?? 0)
      row.acceptSeconds += accepted[demand.id]?.reduce(0, +) ?? 0
      row.decided += Int64(decided[demand.id]?.count ?? 0)
      row.decideSeconds += decided[demand.id]?.reduce(0, +) ?? 0
      row.missedClocks += missed[demand.id] ?? 0
    }
    let first = mine.filter {
      $0.profile.firstLoan && $0.contract != nil && [.signed, .disbursed, .closed].contains($0.state)
    }
    row.firstLoans = Int64(Set(first.map(\.enterprise)).count)
    return row
  }
}
