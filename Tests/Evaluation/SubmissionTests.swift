import EvaluationDomain
import EvaluationStore
import Kernel
import Testing

@Suite("Submissions: what was known when, two people, rules, totals") struct SubmissionTests {
  private func ruled(confirmFrom: Int64? = nil) -> Indicator {
    var indicator = Given.indicator("ruled", .money(.cny), aggregation: .sum)
    indicator.rules = SubmissionRules(frequency: .monthly, dueDays: 15, confirmFrom: confirmFrom)
    return indicator
  }

  private func world(_ store: EvaluationStore) async throws {
    try await World.build(store, facts: [])
    _ = try await store.createIndicators(
      [ruled(confirmFrom: 1000)], envelope: try Sent.envelope("ruled"), encode: Sent.text)
  }

  @Test func `a day in the past shows what was on record then`() async throws {
    try await withStore { store, _ in
      try await world(store)
      func submit(_ key: String, _ value: Int64, day: Int64, correction: Bool = false) async throws {
        _ = try await store.submitFacts(
          [World.row("a", "amount", value, correction: correction)], envelope: try Sent.envelope(key, days: day),
          encode: Sent.text)
      }
      try await submit("one", 100, day: 1)
      try await submit("two", 200, day: 3, correction: true)
      try await submit("three", 300, day: 5, correction: true)
      func known(_ day: Int64) async throws -> [Int64] {
        let moment = Instant(microseconds: Given.now.microseconds + day * 86_400_000_000)
        return try await store.facts(
          FactFilter(institutionID: "a", indicatorID: "amount", state: .asOf(moment)), after: nil, limit: 10
        ).items.map(\.value)
      }
      #expect(try await known(0) == [])
      #expect(try await known(1) == [100])
      #expect(try await known(2) == [100])
      #expect(try await known(3) == [200], "a version is known from the moment it was recorded")
      #expect(try await known(4) == [200])
      #expect(try await known(9) == [300])
      let all = try await store.facts(
        FactFilter(institutionID: "a", indicatorID: "amount", state: .withSuperseded), after: nil, limit: 10)
      #expect(all.items.map(\.reason) == ["", "typing error", "typing error"])
    }
  }

  @Test func `a large value goes on record when another person confirms it, late by its submission`() async throws {
    try await withStore { store, _ in
      try await world(store)
      let row = World.row("a", "ruled", 1000, "2023-10")
      let receipt = try await store.submitFacts(
        [row, World.row("b", "ruled", 999, "2023-10")], envelope: try Sent.envelope("big", days: 1), encode: Sent.text)
      #expect(receipt.fresh == FactReceipt(accepted: 1, pending: 1))
      let open = try await store.pendingFacts(institutionID: "a", after: nil, limit: 10).items
      let waiting = try #require(open.first)
      #expect(waiting.submitter == "office/li")

      let same = await #expect(throws: DomainError.self) {
        try await store.decidePendingFact(
          id: waiting.id, decision: .confirmed, reason: "", envelope: try Sent.envelope("own", days: 4),
          encode: Sent.text)
      }
      #expect(same?.reason == .sameOfficer)
      let other = try Sent.envelope("confirm", subject: "wang", days: 4)
      _ = try await store.decidePendingFact(
        id: waiting.id, decision: .confirmed, reason: "", envelope: other, encode: Sent.text)
      let fact = try #require(
        try await store.facts(FactFilter(institutionID: "a", indicatorID: "ruled"), after: nil, limit: 10).items.first)
      #expect(fact.value == 1000)
      #expect(fact.confirmer == "office/wang")
      #expect(fact.reporter == "office")
      // Submitted on 16 November (Shanghai), due on the 15th; the confirmation came three days later.
      #expect(fact.daysLate == 1)
      let again = await #expect(throws: DomainError.self) {
        try await store.decidePendingFact(
          id: waiting.id, decision: .rejected, reason: "no", envelope: try Sent.envelope("again", subject: "wang"),
          encode: Sent.text)
      }
      #expect(again?.reason == .stateConflict)
    }
  }

  @Test func `a rejected value never was on record, and another may be submitted`() async throws {
    try await withStore { store, _ in
      try await world(store)
      _ = try await store.submitFacts(
        [World.row("a", "ruled", 5000, "2023-10")], envelope: try Sent.envelope("big"), encode: Sent.text)
      let conflict = try await store.submitFacts(
        [World.row("a", "ruled", 6000, "2023-10")], envelope: try Sent.envelope("other"), encode: Sent.text)
      #expect(conflict.fresh?.refusals.map(\.reason) == [.conflictingDuplicate])
      let waiting = try #require(try await store.pendingFacts(institutionID: "", after: nil, limit: 10).items.first)
      _ = try await store.decidePendingFact(
        id: waiting.id, decision: .rejected, reason: "wrong month", envelope: try Sent.envelope("no", subject: "wang"),
        encode: Sent.text)
      #expect(try await store.facts(FactFilter(institutionID: "a"), after: nil, limit: 10).items.isEmpty)
      let next = try await store.submitFacts(
        [World.row("a", "ruled", 6000, "2023-10")], envelope: try Sent.envelope("next"), encode: Sent.text)
      #expect(next.fresh?.pending == 1)
    }
  }

  @Test func `a revision keeps what values stand on`() async throws {
    try await withStore { store, _ in
      try await world(store)
      var next = ruled()
      next.titleEN = "Ruled, renamed"
      let revised = try await store.reviseIndicator(
        next, previousVersion: 1, envelope: try Sent.envelope("rev"), encode: Sent.text
      ).fresh
      #expect(revised?.version == 2)
      #expect(revised?.rules?.confirmFrom == nil)
      func fails(_ key: String, previous: Int, _ indicator: Indicator) async throws -> DomainError? {
        await #expect(throws: DomainError.self) {
          try await store.reviseIndicator(
            indicator, previousVersion: previous, envelope: try Sent.envelope(key), encode: Sent.text)
        }
      }
      #expect(try await fails("stale", previous: 1, next)?.reason == .stateConflict)
      next.unit = .count
      #expect(try await fails("unit", previous: 2, next)?.field == "indicator.unit")
    }
  }

  @Test func `clashing bases are reported with the values that differ`() async throws {
    try await withStore { store, _ in
      try await World.build(store, facts: [])
      var regulator = Given.indicator("npl.regulator", .ppm)
      var bank = Given.indicator("npl.bank", .ppm)
      (regulator.concept, regulator.basis) = ("npl", "five-tier classification")
      (bank.concept, bank.basis) = ("npl", "overdue more than 60 days")
      var alone = Given.indicator("alone")
      alone.concept = "alone"
      _ = try await store.createIndicators(
        [regulator, bank, alone], envelope: try Sent.envelope("c"), encode: Sent.text)
      func row(_ institution: String, _ indicator: String, _ value: Int64) -> FactInput {
        FactInput(institutionID: institution, indicatorID: indicator, period: "2022", value: value, unit: .ppm)
      }
      _ = try await store.submitFacts(
        [
          row("a", "npl.regulator", 12_000), row("a", "npl.bank", 15_000), row("b", "npl.regulator", 9000),
          row("b", "npl.bank", 9000), row("c", "npl.bank", 1),
        ], envelope: try Sent.envelope("v"), encode: Sent.text)
      let clashes = try await store.basisClashes(concept: "")
      #expect(clashes.map(\.concept) == ["npl"])
      let clash = try #require(clashes.first)
      #expect(clash.differences == ["basis"])
      #expect(clash.compared == 2)
      #expect(clash.divergent == 1)
      #expect(
        clash.divergences == [
          BasisClash.Divergence(institutionID: "a", period: try Period("2022"), values: [15_000, 12_000])
        ])
    }
  }
}
