import EvaluationDomain
import EvaluationStore
import Kernel
import Testing

@Suite("Schemes are changed by two people") struct SchemeAdoptionTests {
  private func adopt(
    _ store: EvaluationStore, _ key: String, by subject: String, version: Int = 1, digest: String? = nil
  ) async throws -> StoredScheme? {
    let stored = try await store.scheme(id: "test", version: version)
    return try await store.adoptScheme(
      id: "test", version: version, digest: digest ?? stored.digest,
      envelope: try Sent.envelope(key, subject: subject), encode: Sent.text
    ).fresh
  }

  @Test func `a version is a draft until another person adopts the text that was read`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      let draft = try await store.scheme(id: "test", version: nil)
      #expect(draft.adoption == SchemeAdoption(creator: "office/li"))
      var error = await #expect(throws: DomainError.self) { try await adopt(store, "a1", by: "li") }
      #expect(error?.reason == .sameOfficer)
      error = await #expect(throws: DomainError.self) { try await adopt(store, "a2", by: "wang", digest: "other") }
      #expect(error?.reason == .etagMismatch)
      let adopted = try #require(try await adopt(store, "a3", by: "wang"))
      #expect(adopted.adoption.adopter == "office/wang")
      #expect(try await store.scheme(id: "test", version: 1) == adopted)
      error = await #expect(throws: DomainError.self) { try await adopt(store, "a4", by: "zhao") }
      #expect(error?.reason == .stateConflict)
      error = await #expect(throws: DomainError.self) {
        try await store.adoptScheme(
          id: "test", version: 9, digest: "", envelope: try Sent.envelope("a5", subject: "wang"), encode: Sent.text)
      }
      #expect(error?.reason == .resourceNotFound)
    }
  }

  @Test func `runs use the latest adopted version; a run of a draft is not published`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      let early = try await World.run(store, key: "early", period: "2022-06")
      #expect(early.schemeVersion == 1, "while nothing is adopted, the latest draft runs")
      var error = await #expect(throws: DomainError.self) {
        try await store.publishRun(
          id: early.id, etag: "", envelope: try Sent.envelope("p1", subject: "wang"), encode: Sent.text)
      }
      #expect(error?.reason == .stateConflict)
      try await World.adopt(store)
      var next = World.scheme
      next.decimals = 4
      _ = try await store.createScheme(
        next, previousVersion: 1, envelope: try Sent.envelope("s2"), encode: Sent.text)
      #expect(try await World.run(store, key: "later", period: "2022-07").schemeVersion == 1)
      let published = try await store.publishRun(
        id: early.id, etag: "", envelope: try Sent.envelope("p2", subject: "wang"), encode: Sent.text
      ).fresh
      #expect(published?.state == .published)
      error = await #expect(throws: DomainError.self) {
        let run = try await store.runEvaluation(
          RunRequest(schemeID: "test", schemeVersion: 2, scope: RunScope(period: try Period("2022-08"))),
          envelope: try Sent.envelope("r2"), encode: Sent.text
        ).fresh
        _ = try await store.startReview(
          id: run?.id ?? "", etag: "", reviewEnd: try Given.today(), appealEnd: try Given.today(),
          envelope: try Sent.envelope("v2"), encode: Sent.text)
      }
      #expect(error?.reason == .stateConflict)
    }
  }

  @Test func `a trial stores nothing and compares with the adopted version`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      try await World.adopt(store)
      let scope = RunScope(period: try Period("2022"))
      var tried = World.scheme
      tried.nodes[0].weightPPM = 900_000
      tried.nodes[1].weightPPM = 100_000
      let trial = try await store.tryScheme(
        TrialRequest(subject: .unstored(tried), scope: scope, baselineVersion: nil))
      // a: 100 and 50; b: 50 and 100; c: 80 and 0.
      let rows = trial.frozen.evaluation.tables[0].rows
      #expect(rows.map(\.institutionID) == ["a", "c", "b"])
      #expect(rows.map(\.total) == [95, 72, 55].map(Given.points))
      #expect(trial.baselineVersion == 1)
      #expect(trial.baseline.map(\.institutionID) == ["a", "b", "c"])
      #expect(try await store.runs(schemeID: "", after: nil, limit: 9).items.isEmpty)
      #expect(try await store.scheme(id: "test", version: nil).scheme.version == 1)

      let stored = try await store.tryScheme(
        TrialRequest(subject: .stored(id: "test", version: nil), scope: scope, baselineVersion: nil))
      #expect(stored.frozen.run.digest == (try await World.run(store)).digest, "a trial is the run it would be")
      tried.nodes[1].weightPPM = 0
      await #expect(throws: DomainError.self) {
        try await store.tryScheme(TrialRequest(subject: .unstored(tried), scope: scope, baselineVersion: nil))
      }
    }
  }
}
