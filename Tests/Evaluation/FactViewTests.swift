import EvaluationDomain
import EvaluationStore
import Kernel
import Storage
import Testing

/// What runs read from memory is what the table says, whatever was written in between and however much room there is.
@Suite("Values kept in memory") struct FactViewTests {
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let periods = ["2021", "2021-H2", "2022-01", "2022-02", "2022-07", "2022-Q4", "2022"]

  /// The run over facts read one by one from the lists that the service publishes.
  private func naive(_ store: EvaluationStore, _ state: FactFilter.State) async throws -> Run {
    var facts: [InputFact] = []
    for institution in World.institutions {
      let page = try await store.facts(
        FactFilter(institutionID: institution.id, state: state), after: nil, limit: 1000)
      facts += page.items.map {
        InputFact(
          institutionID: $0.key.institutionID, indicatorID: $0.key.indicatorID, period: $0.key.period, value: $0.value,
          version: $0.version)
      }
    }
    let dictionary = try await store.indicators(after: nil, limit: 10).items
    let input = try RunInput(
      scheme: try await store.scheme(id: "test", version: 1).scheme, scope: RunScope(period: try Period("2022")),
      policyDigest: "packs", dictionary: { id in dictionary.first { $0.id == id } }, institutions: World.institutions,
      facts: facts.shuffled())
    return try await FrozenRun.compute(
      input, creator: try Sent.envelope("x").caller, now: Given.now, hash: EvaluationStore.digest
    ).run
  }

  private func tried(_ store: EvaluationStore) async throws -> Run {
    try await store.tryScheme(
      TrialRequest(
        subject: .stored(id: "test", version: 1), scope: RunScope(period: try Period("2022")), baselineVersion: 1)
    ).frozen.run
  }

  private func change(_ random: inout Seeded, known: inout [String: Int64]) -> FactInput {
    let institution = ["a", "b", "c"].randomElement(using: &random) ?? "a"
    let indicator = ["amount", "loss"].randomElement(using: &random) ?? "loss"
    let period = Self.periods.randomElement(using: &random) ?? "2022"
    let key = "\(institution) \(indicator) \(period)"
    let value = Int64.random(in: 0...9, using: &random)
    let isCorrection = known[key].map { $0 != value } ?? false
    known[key] = value
    return World.row(institution, indicator, value, period, correction: isCorrection)
  }

  @Test func `runs from memory are runs from the table after every write`() async throws {
    try await withStore { store, raw in
      try await World.build(store, facts: [])
      let narrow = EvaluationStore(raw, policyDigest: "packs", keptFacts: 9)
      let direct = EvaluationStore(raw, policyDigest: "packs", keptFacts: 0)
      var random = Seeded(state: 2023)
      var known: [String: Int64] = [:]
      var digests: Set<String> = []
      for round in 0..<60 {
        var rows: [FactInput] = []
        var said: Set<FactInput> = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          let row = change(&random, known: &known)
          if said.insert(row).inserted { rows.append(row) }
        }
        // One writer after another writes, so that none has seen its own changes only.
        _ = try await (round % 2 == 0 ? store : narrow).submitFacts(
          rows, envelope: try Sent.envelope("round-\(round)", days: Int64(round)), encode: Sent.text)
        let now = try await naive(store, .inForce)
        // Someone who was away for some rounds catches up with all of them.
        if round % 5 == 4 || round % 7 == 0 { #expect(try await tried(store).digest == now.digest) }
        #expect(try await tried(narrow).digest == now.digest)
        #expect(try await tried(direct).digest == now.digest)
        let known = try await naive(store, .asOf(try Sent.envelope("now", days: Int64(round)).now))
        #expect(known.digest == now.digest, "what is known now is what is in force")
        digests.insert(now.digest)
      }
      #expect(digests.count > 40, "the writes made different runs")
      #expect(store.keptFacts > 9)
      #expect(narrow.keptFacts <= 9)
      #expect(direct.keptFacts == 0)
    }
  }

  @Test func `who missed changes that are no longer told reads everything again`() async throws {
    try await withStore { store, raw in
      try await World.build(store)
      let other = EvaluationStore(raw, policyDigest: "packs")
      #expect(try await tried(other).digest == naive(store, .inForce).digest)
      for value in 1...3 as ClosedRange<Int64> {
        _ = try await store.submitFacts(
          [World.row("a", "amount", value, correction: true)], envelope: try Sent.envelope("c\(value)"),
          encode: Sent.text)
      }
      _ = try await raw.write { session in
        try session.execute(
          "DELETE FROM fact_change WHERE sequence < (SELECT max(sequence) FROM fact_change)")
      }
      #expect(try await tried(other).digest == naive(store, .inForce).digest)
      #expect(try await tried(store).digest == naive(store, .inForce).digest)
    }
  }

  @Test func `a refused command leaves no trace in memory`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      let before = try await tried(store).digest
      await #expect(throws: (any Error).self) {
        try await store.submitFacts([World.row("a", "loss", 1, "2022-01")], envelope: try Sent.envelope("lost")) { _ in
          throw CancellationError()
        }
      }
      #expect(try await tried(store).digest == before)
      #expect(try await naive(store, .inForce).digest == before)
    }
  }

  @Test func `a series takes changes in any place`() throws {
    func change(_ owner: Int64, _ month: String, _ value: Int64, version: UInt32 = 1) throws -> IndicatorSeries.Change {
      IndicatorSeries.Change(owner: owner, period: try Period(month).packed, value: value, version: version)
    }
    var series = IndicatorSeries()
    for owner in [2, 4] as [Int64] {
      for month in ["2022-02", "2022-04"] { series.append(try change(owner, month, owner)) }
    }
    let after = series.applying([
      try change(5, "2022-01", 50), try change(1, "2022-01", 10), try change(4, "2022-03", 43),
      try change(2, "2022-04", 24, version: 2), try change(2, "2022-05", 25), try change(4, "2022-01", 41),
      try change(2, "2022-04", 25, version: 3),
    ])
    #expect(after.owners == [1, 2, 4, 5])
    #expect(after.values == [10, 2, 25, 25, 41, 4, 43, 4, 50])
    #expect(after.versions == [1, 1, 3, 1, 1, 1, 1, 1, 1])
    #expect(after.starts == [0, 1, 4, 8, 9])
    #expect(series.values == [2, 2, 4, 4], "what was handed out stays")
    #expect(after.isMonthly)
    #expect(!series.applying([try change(2, "2022-Q3", 1)]).isMonthly)
  }
}
