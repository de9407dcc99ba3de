import EvaluationDomain
import EvaluationStore
import Kernel
import Testing

@Suite("From a draft to a published ranking and its correction") struct PublicationTests {
  private func publish(
    _ store: EvaluationStore, _ id: String, _ key: String, by subject: String = "wang", etag: String = "",
    days: Int64 = 0
  ) async throws -> Run? {
    try await store.publishRun(
      id: id, etag: etag, envelope: try Sent.envelope(key, subject: subject, days: days), encode: Sent.text
    ).fresh
  }

  private func review(_ store: EvaluationStore, _ id: String, key: String = "review") async throws -> Run? {
    try await store.startReview(
      id: id, etag: "", reviewEnd: try Given.today().adding(days: 5), appealEnd: try Given.today().adding(days: 10),
      envelope: try Sent.envelope(key), encode: Sent.text
    ).fresh
  }

  private func appeal(
    _ store: EvaluationStore, _ run: Run, _ key: String, by institution: String = "b", days: Int64 = 6
  ) async throws -> Appeal? {
    try await store.fileAppeal(
      AppealFiling(
        runID: run.id, indicatorID: "amount", grounds: "a loan was left out", evidenceKind: "", evidenceReference: ""),
      envelope: try Sent.envelope(key, role: .institution, organisation: institution, days: days), encode: Sent.text
    ).fresh
  }

  private func answer(
    _ store: EvaluationStore, _ appeal: Appeal?, _ decision: Appeal.State, key: String = "answer"
  ) async throws -> Appeal? {
    try await store.answerAppeal(
      id: appeal?.id ?? "", decision: decision, answer: "checked against the ledger",
      envelope: try Sent.envelope(key, days: 7), encode: Sent.text
    ).fresh
  }

  private func refused<R>(_ body: () async throws -> R) async -> ErrorReason? {
    do {
      _ = try await body()
      return nil
    } catch {
      return (error as? DomainError)?.reason
    }
  }

  @Test func `an appraisal is published by a second person after review and appeals`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      try await World.adopt(store)
      let run = try await World.run(store)
      #expect(await refused { try await publish(store, run.id, "p0") } == .stateConflict, "no review yet")
      let inReview = try #require(try await review(store, run.id))
      #expect(inReview.state == .review)
      #expect(inReview.etag != run.etag)
      #expect(await refused { try await review(store, run.id, key: "again") } == .stateConflict)
      #expect(await refused { try await publish(store, run.id, "p1", days: 10) } == .stateConflict, "the last day")
      #expect(await refused { try await publish(store, run.id, "p2", by: "li", days: 11) } == .sameOfficer)
      #expect(await refused { try await publish(store, run.id, "p3", etag: run.etag, days: 11) } == .etagMismatch)
      let published = try #require(try await publish(store, run.id, "p4", etag: inReview.etag, days: 11))
      #expect(published.state == .published)
      #expect(published.publisher == "office/wang")
      #expect(await refused { try await publish(store, run.id, "p5", by: "zhao", days: 11) } == .stateConflict)
    }
  }

  @Test func `a monthly bulletin is published without review`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      try await World.adopt(store)
      let run = try await World.run(store, period: "2022-06")
      #expect(try run.kind() == .monthlyBulletin)
      #expect(try await publish(store, run.id, "p")?.state == .published)
    }
  }

  @Test func `an open appeal stops publication, a rejected one does not, an upheld one does for good`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      try await World.adopt(store)
      let run = try await World.run(store)
      #expect(await refused { try await appeal(store, run, "early") } == .resourceNotFound, "a draft is not theirs")
      _ = try await review(store, run.id)
      #expect(await refused { try await appeal(store, run, "x", by: "stranger") } == .outOfScope)
      #expect(await refused { try await appeal(store, run, "late", days: 11) } == .stateConflict)
      let first = try await appeal(store, run, "first")
      #expect(await refused { try await publish(store, run.id, "p1", days: 11) } == .stateConflict)
      #expect(try await answer(store, first, .rejected)?.answerer == "office/li")
      #expect(await refused { try await answer(store, first, .upheld, key: "twice") } == .stateConflict)
      let second = try await appeal(store, run, "second", by: "c")
      #expect(
        try await store.appeals(runID: run.id, institutionID: "", after: nil, limit: 1).items == [
          try #require(try await store.appeals(runID: run.id, institutionID: "b", after: nil, limit: 9).items.first)
        ])
      _ = try await answer(store, second, .upheld, key: "uphold")
      #expect(await refused { try await publish(store, run.id, "p2", days: 11) } == .stateConflict)
    }
  }

  @Test func `a correction takes the place of the published run and keeps it`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      try await World.adopt(store)
      let old = try await World.run(store)
      _ = try await review(store, old.id)
      _ = try await publish(store, old.id, "p", days: 11)
      _ = try await store.submitFacts(
        [World.row("b", "amount", 95_00, correction: true)], envelope: try Sent.envelope("c"), encode: Sent.text)
      let new = try await World.run(store, key: "again")
      func correct(_ key: String, by subject: String) async throws -> Run? {
        try await store.correctRun(
          id: old.id, etag: "", replacementID: new.id, reason: "b reported late",
          envelope: try Sent.envelope(key, subject: subject, days: 12), encode: Sent.text
        ).fresh
      }
      #expect(await refused { try await correct("c1", by: "li") } == .sameOfficer)
      let corrected = try #require(try await correct("c2", by: "wang"))
      #expect(corrected.state == .published)
      #expect(corrected.supersedes == old.id)
      let kept = try await store.run(id: old.id)
      #expect(kept.state == .corrected)
      #expect(kept.supersededBy == new.id)
      #expect(kept.correctionReason == "b reported late")
      #expect(try await store.recompute(runID: old.id).tables[0].rows.count == 3, "the old run still explains itself")
      #expect(await refused { try await correct("c3", by: "zhao") } == .stateConflict)

      let moved = RankMovement.movements(
        try await store.rows(runID: new.id, table: ""), since: try await store.rows(runID: old.id, table: ""))
      // b: 50 → 95 of 100 points in volume; loss unchanged at 100 points.
      #expect(
        moved.map { "\($0.row.institutionID) \($0.baselineRank)→\($0.row.rank) \($0.placesGained)" } == [
          "b 1→1 0", "a 1→2 -1", "c 3→3 0",
        ])
      #expect(moved[0].change == Given.points(45) / 2)
    }
  }

  @Test func `ranks are compared with the previous published run of equal length`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      try await World.adopt(store)
      _ = try await World.run(store, key: "draft", period: "2022-04")
      let may = try await World.run(store, key: "may", period: "2022-05")
      let march = try await World.run(store, key: "march", period: "2022-03")
      let july = try await World.run(store, key: "july", period: "2022-07")
      for run in [may, march, july] { _ = try await publish(store, run.id, "p-\(run.period)") }
      #expect(try await store.previousComparable(to: july)?.id == may.id)
      #expect(try await store.previousComparable(to: may)?.id == march.id)
      #expect(try await store.previousComparable(to: march) == nil)
    }
  }
}
