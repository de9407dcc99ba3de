import DemandDomain
import DemandStore
import Kernel
import Storage
import Testing

@Suite struct ListingTests {
  private static let regions = ["370302001001", "370302001002", "370302002", "370303", "370602"]

  /// Forty demands of two firms in five regions, in various states.
  private func populate(_ test: TestStore) async throws {
    try await test.register(try Fixture.registration(), "f1")
    try await test.register(try Fixture.registration(Fixture.otherUSCC), "f2")
    for number in 0..<40 {
      let id = Fixture.id(number)
      try await test.run(
        .submit(
          try Fixture.submission(
            id: id, enterprise: number % 3 == 0 ? Fixture.otherUSCC : Fixture.uscc, amount: Fixture.yuan(100_000),
            region: Self.regions[number % Self.regions.count])), "s\(number)", by: Fixture.operators)
      if number % 2 == 0 {
        try await test.run(try Fixture.command(.assess, id: id), "a\(number)", by: Fixture.operators)
      }
      if number % 4 == 0 {
        try await test.run(
          try Fixture.push(id, to: ["bank-a", "bank-\(number % 3)"]), "p\(number)", by: Fixture.operators)
      }
      if number % 4 == 2 {
        try await test.run(
          try Fixture.push(number % 8 == 2 ? .open : .broadcast, id: id), "o\(number)", by: Fixture.operators)
      }
      if number % 8 == 0 {
        try await test.run(try Fixture.command(.claim, id: id), "c\(number)", by: Fixture.service)
      }
    }
  }

  /// Every page of a query, a few rows each.
  private func all(_ query: DemandQuery, _ test: TestStore) async throws -> [Demand] {
    var (query, found) = (query, [Demand]())
    query.limit = 3
    while true {
      let page = try await test.demands.demands(query)
      found += page.map(\.item)
      guard page.count == 3 else { return found }
      query.after = page.last?.position
    }
  }

  @Test func `every filter pages through exactly what matches it, in order, once`() async throws {
    try await TestStore.with { test in
      try await populate(test)
      let everything = try await all(DemandQuery(), test)
      #expect(everything.map(\.id) == (0..<40).map(Fixture.id))
      for query in Self.queries() {
        let expected = everything.filter { Self.matches($0, query) }
        let found = try await all(query, test)
        #expect(found == (query.descending ? expected.reversed() : expected), "\(query)")
      }
      let claimed = try await all(DemandQuery(claimedInstitution: "bank-a"), test)
      #expect(claimed == everything.filter { $0.claim?.institution == "bank-a" })
    }
  }

  /// Every combination of these conditions.
  private static func queries() -> [DemandQuery] {
    var queries = [DemandQuery()]
    func vary<Value>(_ values: [Value?], _ path: WritableKeyPath<DemandQuery, Value?>) {
      queries = queries.flatMap { query in
        ([nil] + values).map { value in
          var copy = query
          copy[keyPath: path] = value
          return copy
        }
      }
    }
    vary([DemandState.submitted, .assessed, .pushed, .claimed], \.state)
    vary(["37", "3703", "370302", "370302001", "370302001001", "3", "99"], \.regionPrefix)
    vary([PushMode.open, .broadcast], \.pushMode)
    vary([Fixture.uscc], \.enterprise)
    vary(["bank-a", "bank-2"], \.targetInstitution)
    return queries.flatMap { query in
      var reversed = query
      reversed.descending = true
      return [query, reversed]
    }
  }

  private static func matches(_ demand: Demand, _ query: DemandQuery) -> Bool {
    if let state = query.state, demand.state != state { return false }
    if let prefix = query.regionPrefix, !demand.region.text.hasPrefix(prefix) { return false }
    if let mode = query.pushMode, demand.pushMode != mode { return false }
    if let enterprise = query.enterprise, demand.enterprise != enterprise { return false }
    if let bank = query.targetInstitution, !demand.targets.contains(where: { $0.organisation == bank }) { return false }
    return true
  }

  @Test func `the summary equals a fold over the log`() async throws {
    try await TestStore.with { test in
      try await populate(test)
      for kind in [DemandCommandKind.offer, .sign, .disburse, .disburse] {
        try await test.run(
          try Fixture.command(kind, id: Fixture.id(8)), "k\(kind)-\(test.store.eventHead)", by: Fixture.service)
      }
      try await test.run(try Fixture.command(.decline, id: Fixture.id(16)), "d16", by: Fixture.service)
      var tallies: [String: DemandTally] = [:]
      var latest: [String: Demand] = [:]
      for entry in try await test.log() {
        guard case .demand(_, _, let after) = entry.content else { continue }
        try tallies[after.region.text, default: DemandTally()].add(
          try DemandTally.delta(before: latest[after.id], after: after))
        latest[after.id] = after
      }
      for prefix in ["", "37", "3703", "370302", "370302001", "370302001001", "3706"] {
        let rows = tallies.filter { $0.key.hasPrefix(prefix) }.map { entry in (region: entry.key, tally: entry.value) }
        let expected = try DemandSummary.make(prefix: prefix, rows: rows, sequence: test.store.eventHead)
        let actual = try await test.demands.summary(prefix: prefix)
        #expect(actual.total.withoutZeros == expected.total.withoutZeros, "\(prefix)")
        #expect(actual.parts.map(\.prefix) == expected.parts.map(\.prefix))
      }
      let total = try await test.demands.summary(prefix: "").total
      for state in DemandState.allCases {
        #expect((total.current[state] ?? 0) == Int64(latest.values.filter { $0.state == state }.count))
        #expect((total.reached[state] ?? 0) == Int64(latest.values.filter { $0.reached.contains(state) }.count))
      }
      let amounts = try #require(total.amounts[.cny])
      #expect(amounts.wanted == 40 * 10_000_000)
      // 授信率 108 % and 资金到位率 50 %, as they come.
      #expect(amounts.grantedRate == Rate(ppm: 1_080_000))
      #expect(amounts.disbursedRate == Rate(ppm: 500_000))
    }
  }

  @Test func `random commands on a real store agree with the sheet of paper and the tallies with the log`() async throws
  {
    #if DEBUG
      let steps = 400
    #else
      let steps = 20_000
    #endif
    try await TestStore.with { test in
      var walk = RandomWalk(generator: SeededGenerator(seed: 7), id: Fixture.id(0))
      var (papers, number) = ([String: PaperDemand](), 0)
      for step in 0..<steps {
        if step % 40 == 0 {
          number += 1
          // A firm of its own for each demand: the paper knows nothing of a firm's total over several.
          let firm = try Fixture.firm(number: number)
          walk = RandomWalk(generator: walk.generator, id: Fixture.id(number), firm: firm)
          try await test.register(try Fixture.registration(firm.organisation), "firm\(number)")
          try await test.run(
            .submit(try Fixture.submission(id: walk.id, enterprise: firm.organisation)), "s\(step)", by: firm)
          papers[walk.id] = PaperDemand(hardFirm: false, wanted: 200_000_000)
        }
        var paper = try #require(papers[walk.id])
        let next = walk.step(for: paper)
        let caller = walk.caller(for: next)
        let expected = paper.take(
          next, by: caller, sameFirm: caller.organisation == walk.firm.organisation,
          inRegion: Fixture.region.hasPrefix(caller.regionPrefix))
        papers[walk.id] = paper
        let command = try walk.command(next)
        let actual = await lateRefusal { try await test.run(command, "k\(step)", by: caller) }
        try #require(actual?.reason == expected, "step \(step): \(next) by \(caller.organisation): \(actual as Any)")
      }
      for (id, paper) in papers { #expect(ModelTests.agree(try await test.demands.demand(id), paper)) }
      let total = try await test.demands.summary(prefix: "").total
      for state in DemandState.allCases {
        #expect((total.current[state] ?? 0) == Int64(papers.values.filter { $0.state == state }.count))
      }
      #expect(try await test.demands.verifyChain().firstBadSequence == nil)
    }
  }
}

extension DemandTally {
  fileprivate var withoutZeros: DemandTally {
    DemandTally(current: current.filter { $0.value != 0 }, reached: reached.filter { $0.value != 0 }, amounts: amounts)
  }

  /// Every page of a query with a sieve, a few rows each.
  private func sifted(_ query: DemandQuery, _ test: TestStore) async throws -> [String] {
    var (query, found) = (query, [String]())
    query.limit = 3
    while true {
      let page = try await test.demands.sifted(query)
      found += page.rows.map(\.item.id)
      guard let resume = page.resume else { return found }
      query.after = resume
    }
  }

  @Test func `what no index serves is sifted from the range of the rest, in order, once`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      let channels: [Channel] = [.grid, .hotline]
      for number in 0..<30 {
        var submission = try Fixture.submission(
          id: Fixture.id(number), instrument: number % 3 == 0 ? .lease : .loan, validUntil: nil, wanted: nil)
        submission.channel = channels[number % 2]
        // Ten each on 2025-01-02, 2025-01-03 and 2025-01-04.
        let now = Instant(microseconds: Fixture.noon.microseconds + Int64(number / 10) * 86_400_000_000)
        _ = try await test.demands.execute(
          .submit(submission), envelope: try test.envelope("s\(number)", Fixture.operators, at: now),
          encode: { _ in [] })
      }
      func found(_ change: (inout DemandQuery) -> Void) async throws -> [String] {
        var query = DemandQuery(regionPrefix: "3703")
        change(&query)
        return try await sifted(query, test)
      }
      let leases = try await found { $0.sieve.instrument = .lease }
      #expect(leases == (0..<10).map { Fixture.id($0 * 3) })
      let gridLeases = try await found {
        $0.sieve.instrument = .lease
        $0.sieve.channel = .grid
        $0.descending = true
      }
      #expect(gridLeases == (0..<5).reversed().map { Fixture.id($0 * 6) })
      let second = try await found {
        $0.sieve.createdFrom = Fixture.date("2025-01-03")
        $0.sieve.createdTo = Fixture.date("2025-01-03")
      }
      #expect(second == (10..<20).map(Fixture.id))
      let later = try await found { $0.sieve.createdFrom = Fixture.date("2025-01-05") }
      #expect(later.isEmpty)
      let closed = try await found { $0.sieve.closedFrom = Fixture.date("2025-01-01") }
      #expect(closed.isEmpty)
    }
  }
}
