import EvaluationRatings
import EvaluationRatingsStore
import Kernel
import Storage
import Testing

@Suite("Scorecards and ratings in a store") struct RatingStoreTests {
  private func adopt(_ store: RatingStore, version: Int = 1, _ card: Scorecard = Given.card) async throws {
    _ = try await store.createScorecard(
      card, previousVersion: version - 1, envelope: try Given.envelope("c\(version)"), encode: Given.text)
    _ = try await store.adoptScorecard(
      id: "test", version: version, etag: "", envelope: try Given.envelope("a\(version)", "wang"), encode: Given.text)
  }

  @Test func `a scorecard is adopted by a second person and replaced by its next version`() async throws {
    try await withStore { store, _ in
      _ = try await store.createScorecard(
        Given.card, previousVersion: 0, envelope: try Given.envelope("c"), encode: Given.text)
      var error = await #expect(throws: DomainError.self) {
        try await store.adoptScorecard(
          id: "test", version: 1, etag: "", envelope: try Given.envelope("a"), encode: Given.text)
      }
      #expect(error?.reason == .sameOfficer)
      error = await #expect(throws: DomainError.self) {
        try await store.rate(try Given.order(), envelope: try Given.envelope("r"), encode: Given.text)
      }
      #expect(error?.reason == .stateConflict, "a draft rates nobody")
      _ = try await store.adoptScorecard(
        id: "test", version: 1, etag: "", envelope: try Given.envelope("second", "wang"), encode: Given.text)
      var next = Given.card
      next.constantPoints += 1
      try await adopt(store, version: 2, next)
      #expect(try await store.scorecard(id: "test", version: 1).state == .retired)
      #expect(try await store.scorecard(id: "test", version: 1).retireReason == "replaced by version 2")
      #expect(try await store.scorecard(id: "test", version: nil).state == .adopted)
      #expect(try await store.scorecards(purpose: .credit, after: nil, limit: 5).items.map(\.scorecard.version) == [2])
      #expect(try await store.scorecards(purpose: .technology, after: nil, limit: 5).items.isEmpty)
    }
  }

  @Test func `a retired scorecard rates nobody and is not retired twice`() async throws {
    try await withStore { store, _ in
      try await adopt(store)
      func retire(_ key: String, etag: String = "") async throws {
        _ = try await store.retireScorecard(
          id: "test", version: 1, etag: etag, reason: "outdated", envelope: try Given.envelope(key),
          encode: Given.text)
      }
      var error = await #expect(throws: DomainError.self) { try await retire("x", etag: "old") }
      #expect(error?.reason == .etagMismatch)
      try await retire("y")
      error = await #expect(throws: DomainError.self) { try await retire("z") }
      #expect(error?.reason == .stateConflict)
      error = await #expect(throws: DomainError.self) {
        try await store.rate(try Given.order(), envelope: try Given.envelope("r"), encode: Given.text)
      }
      #expect(error?.reason == .stateConflict)
    }
  }

  @Test func `the same firm, day and inputs are one rating, and the grade before is kept`() async throws {
    try await withStore { store, _ in
      try await adopt(store)
      let first = try #require(
        try await store.rate(try Given.order(), envelope: try Given.envelope("1"), encode: Given.text).fresh)
      #expect(first.result.grade == "A")
      #expect(first.previousGrade == "")
      let again = try await store.rate(try Given.order(), envelope: try Given.envelope("2"), encode: Given.text).fresh
      #expect(again == first)
      let replay = try await store.rate(try Given.order(), envelope: try Given.envelope("1"), encode: Given.text)
      #expect(replay.fresh == nil)
      let better = try await store.rate(
        try Given.order(revenue: .number(500)), envelope: try Given.envelope("3"), encode: Given.text
      ).fresh
      #expect(better?.result.grade == "AAA")
      #expect(better?.previousGrade == "A")
      #expect(try await store.rating(id: first.id) == first)
    }
  }

  @Test func `ratings page newest first, by firm, grade and the caller's region`() async throws {
    try await withStore { store, _ in
      try await adopt(store)
      for index in 0..<5 {
        _ = try await store.rate(
          try Given.order("firm-\(index)", region: index < 3 ? "370302" : "370901"),
          envelope: try Given.envelope("r\(index)"), encode: Given.text)
      }
      func firms(_ firm: String = "", grade: String = "", region: String = "") async throws -> [String] {
        var found: [String] = []
        var cursor: String?
        repeat {
          let page = try await store.ratings(
            RatingFilter(firmID: firm, scorecardID: "test", grade: grade, regionPrefix: region), after: cursor, limit: 2
          )
          found += page.items.map(\.firm.id)
          cursor = page.next
        } while cursor != nil
        return found
      }
      #expect(try await firms() == ["firm-4", "firm-3", "firm-2", "firm-1", "firm-0"])
      #expect(try await firms("firm-1") == ["firm-1"])
      #expect(try await firms(region: "3709") == ["firm-4", "firm-3"])
      #expect(try await firms(grade: "AAA") == [])
      let error = await #expect(throws: DomainError.self) {
        try await store.rate(
          try Given.order("firm-x"), envelope: try Given.envelope("rx", region: "3709"), encode: Given.text)
      }
      #expect(error?.reason == .outOfScope)
    }
  }

  @Test func `outcomes are recorded once and corrected only with a reason`() async throws {
    try await withStore { store, _ in
      try await adopt(store)
      let rating = try #require(
        try await store.rate(try Given.order(), envelope: try Given.envelope("1"), encode: Given.text).fresh)
      func record(_ key: String, _ outcome: Outcome, reason: String = "") async throws -> Rating? {
        try await store.recordOutcome(
          try Given.outcome(outcome, reason: reason), of: rating.id, envelope: try Given.envelope(key),
          encode: Given.text
        ).fresh
      }
      #expect(try await record("o1", .good)?.outcome?.outcome == .good)
      let error = await #expect(throws: DomainError.self) { try await record("o2", .bad) }
      #expect(error?.reason == .resourceExists)
      #expect(error?.field == "correction_reason")
      #expect(try await record("o3", .bad, reason: "wrong firm")?.outcome?.outcome == .bad)
      let sample = try await store.sample(
        MonitoredRatings(scorecardID: "test", version: 1, from: nil, to: nil, regionPrefix: "3703"))
      #expect(sample == [MonitoringRow(points: 535, outcome: .bad, region: "370302", size: "small")])
      let early = MonitoredRatings(
        scorecardID: "test", version: 1, from: nil, to: try BusinessDate(iso: "2023-10-31"), regionPrefix: "")
      #expect(try await store.sample(early).isEmpty)
    }
  }

  @Test func `one log carries ratings and the other service's events, each reader passing over the other's`()
    async throws
  {
    try await withStore { store, raw in
      try await adopt(store)
      _ = try await raw.write(at: Given.now) { session in
        try session.append(
          event: NewEvent(type: "run.created", subject: "runs/1", actor: "office", payload: Array("{}".utf8)))
      }
      _ = try await store.rate(try Given.order(), envelope: try Given.envelope("1"), encode: Given.text)
      let head = try await store.ratingLogHead()
      #expect(head == 4)
      var contents: [RatingLogEntry.Content] = []
      for try await entry in store.ratingLog(after: 0) {
        contents.append(entry.content)
        if entry.sequence >= head { break }
      }
      #expect(contents[0] == .scorecard(id: "test", version: 1, state: .draft))
      #expect(contents[1] == .scorecard(id: "test", version: 1, state: .adopted))
      #expect(contents[2] == .foreign)
      guard case .rating(let id) = contents[3] else {
        Issue.record("the fourth event is a rating")
        return
      }
      #expect(try await store.rating(id: id).firm.id == "firm-1")
      #expect(try await raw.verifyEvents().firstBadSequence == nil)
    }
  }
}
