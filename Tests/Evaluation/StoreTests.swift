import EvaluationDomain
import EvaluationStore
import Kernel
import Storage
import Testing

@Suite("Facts, schemes and runs in a store") struct StoreTests {
  @Test func `facts are kept with their versions, replays change nothing`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      let again = try await store.submitFacts(World.facts, envelope: try Sent.envelope("f"), encode: Sent.text)
      #expect(again.isReplay)
      let repeated = try await store.submitFacts(World.facts, envelope: try Sent.envelope("f2"), encode: Sent.text)
      #expect(repeated.fresh == FactReceipt(unchanged: 6))
      let corrected = try await store.submitFacts(
        [World.row("a", "amount", 101_00, correction: true), World.row("b", "amount", 1)],
        envelope: try Sent.envelope("f3"), encode: Sent.text)
      #expect(corrected.fresh?.corrected == 1)
      #expect(corrected.fresh?.refusals.map(\.reason) == [.conflictingDuplicate])

      let facts = try await store.facts(
        FactFilter(institutionID: "a", indicatorID: "amount", state: .withSuperseded), after: nil, limit: 10)
      #expect(facts.items.map(\.value) == [100_00, 101_00])
      #expect(facts.items.map(\.version) == [1, 2])
      #expect(facts.items.map { $0.supersedeTime != nil } == [true, false])
    }
  }

  @Test func `a large batch is taken in chunks and paged back in order`() async throws {
    try await withStore { store, _ in
      try await World.build(store, facts: [])
      let rows = try (0..<1000).map { index -> FactInput in
        let period = try Period(code: Int64((1950 + index / 12) * 12 + index % 12) * 10_000 + 1)
        return World.row("a", "amount", Int64(index), period.description)
      }
      let receipt = try await store.submitFacts(rows, envelope: try Sent.envelope("big"), encode: Sent.text)
      let accepted = (1950..<2024).count * 12 - 1
      #expect(receipt.fresh?.accepted == accepted, "up to November 2023; later months are refused")
      #expect(receipt.fresh?.refusals.count == 1000 - accepted)
      var cursor: String?
      var values: [Int64] = []
      repeat {
        let page = try await store.facts(FactFilter(institutionID: "a"), after: cursor, limit: 300)
        values += page.items.map(\.value)
        cursor = page.next
      } while cursor != nil
      #expect(values == (0..<accepted).map(Int64.init))
    }
  }

  @Test func `indicators are created all or none`() async throws {
    try await withStore { store, _ in
      let clash = World.indicators + [Given.indicator("amount")]
      let error = await #expect(throws: DomainError.self) {
        try await store.createIndicators(clash, envelope: try Sent.envelope("i"), encode: Sent.text)
      }
      #expect(error?.reason == .resourceExists)
      #expect(error?.field == "indicators[3].name")
      let found = try await store.indicators(after: nil, limit: 10)
      #expect(found.items.map(\.id) == [AdviserAwards.indicatorID], "what the service counts by itself is always there")
    }
  }

  @Test func `schemes have versions and only the next one follows`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      func create(_ key: String, previous: Int, decimals: Int) async throws -> StoredScheme? {
        var scheme = World.scheme
        scheme.decimals = decimals
        return try await store.createScheme(
          scheme, previousVersion: previous, envelope: try Sent.envelope(key), encode: Sent.text
        ).fresh
      }
      await #expect(throws: DomainError.self) { try await create("s2", previous: 0, decimals: 3) }
      #expect(try await create("s3", previous: 1, decimals: 3)?.scheme.version == 2)
      await #expect(throws: DomainError.self) { try await create("s4", previous: 1, decimals: 4) }
      #expect(try await store.scheme(id: "test", version: nil).scheme.decimals == 3)
      #expect(try await store.scheme(id: "test", version: 1).scheme.decimals == 2)
      let both = try await (store.scheme(id: "test", version: 1), store.scheme(id: "test", version: 2))
      #expect(both.0.digest != both.1.digest)
    }
  }

  @Test func `the same inputs are the same run in any store and any order, one cent is another`() async throws {
    func digest(_ facts: [FactInput]) async throws -> (String, String) {
      try await withStore { store, _ in
        try await World.build(store, facts: facts)
        let run = try await World.run(store)
        return (run.digest, run.resultDigest)
      }
    }
    let first = try await digest(World.facts)
    #expect(try await digest(World.facts.reversed()) == first)
    var changed = World.facts
    changed[0].value += 1
    #expect(try await digest(changed).0 != first.0)
  }

  @Test func `asking again answers the run that exists, a correction makes another`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      let first = try await World.run(store)
      #expect(try await World.run(store, key: "again") == first)
      _ = try await store.submitFacts(
        [World.row("b", "amount", 50_01, correction: true)], envelope: try Sent.envelope("c"), encode: Sent.text)
      let second = try await World.run(store, key: "after")
      #expect(second.id != first.id)
      #expect(try await store.runs(schemeID: "test", after: nil, limit: 1).items == [second])
      // The first run still explains itself from what was known then.
      let evaluation = try await store.recompute(runID: first.id)
      #expect(try evaluation.explain("b").nodes[0].inputs[0].sources == ["amount[2022] = 5000 (v1)"])
    }
  }

  @Test func `rankings page forwards and backwards`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      let run = try await World.run(store)
      // a: 100 and 50 (5 % of at most 10 %): 75; b: 50 and 100: 75; c: 80 and 0: 40.
      func rows(_ order: RankingOrder, limit: Int) async throws -> [String] {
        var cursor: String?
        var found: [String] = []
        repeat {
          let page = try await store.rankings(runID: run.id, table: "", order: order, after: cursor, limit: limit)
          found += page.items.map { "\($0.rank)\($0.institutionID)" }
          cursor = page.next
        } while cursor != nil
        return found
      }
      #expect(try await rows(.bestFirst, limit: 2) == ["1a", "1b", "3c"])
      #expect(try await rows(.lastFirst, limit: 1) == ["3c", "1b", "1a"])
      let table = try await store.rankings(runID: run.id, table: "all", order: .bestFirst, after: nil, limit: 1)
      #expect(table.items.first?.total == Given.points(75))
      await #expect(throws: DomainError.self) {
        try await store.rankings(runID: run.id, table: "nowhere", order: .bestFirst, after: nil, limit: 1)
      }
    }
  }

  @Test func `tampering with frozen inputs or the log is found`() async throws {
    try await withStore { store, raw in
      try await World.build(store)
      let run = try await World.run(store)
      #expect(try await store.verifyChain().firstBad == nil)
      _ = try await raw.write {
        try $0.execute(
          "UPDATE run_input SET inputs = CAST(replace(CAST(inputs AS TEXT), 'bank', 'bonk') AS BLOB)")
      }
      let error = await #expect(throws: DomainError.self) { try await store.recompute(runID: run.id) }
      #expect(error?.reason == .chainBroken)
      _ = try await raw.write { try $0.execute("UPDATE storage_event SET actor = 'nobody' WHERE sequence = 2") }
      #expect(try await store.verifyChain().firstBad == 2)
    }
  }

  @Test func `a refused run is refused again under the same key, even after the data came`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      let request = RunRequest(schemeID: "nothing", schemeVersion: nil, scope: RunScope(period: try Period("2022")))
      for _ in 0..<2 {
        let error = await #expect(throws: DomainError.self) {
          try await store.runEvaluation(request, envelope: try Sent.envelope("x"), encode: Sent.text)
        }
        #expect(error?.reason == .resourceNotFound)
      }
    }
  }
}
