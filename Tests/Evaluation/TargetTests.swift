import EvaluationDomain
import EvaluationStore
import Kernel
import Testing

@Suite("Targets and progress boards") struct TargetTests {
  private func target(
    _ subject: TargetSubject, _ value: Int64, indicator: String = "amount", period: String = "2022", reason: String = ""
  ) throws -> Target {
    Target(
      subject: subject, indicatorID: indicator, period: try Period(period), value: value, reason: reason,
      setter: "office/li", recordTime: Given.now)
  }

  private func set(_ store: EvaluationStore, _ key: String, _ targets: [Target]) async throws -> TargetReceipt? {
    try await store.setTargets(targets, envelope: try Sent.envelope(key), encode: Sent.text).fresh
  }

  private func board(_ store: EvaluationStore, _ period: String, limit: Int = 100) async throws -> [String] {
    let filter = ProgressFilter(period: try Period(period), indicatorID: "", institutionID: "", regionCode: "")
    var lines: [String] = []
    var cursor: String?
    repeat {
      let page = try await store.progress(filter, after: cursor, limit: limit)
      lines += page.items.map { line in
        "\(line.target.subject.text) \(line.target.indicatorID) "
          + (line.actual.number.map { "\($0) \(line.attainmentPPM)" } ?? "none")
      }
      cursor = page.next
    } while cursor != nil
    return lines
  }

  @Test func `annual and half-year targets of institutions and regions, never clamped`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      _ = try await store.submitFacts(
        [World.row("a", "amount", 30_00, "2023-Q1"), World.row("a", "amount", 24_00, "2023-Q2")],
        envelope: try Sent.envelope("h1"), encode: Sent.text)
      let receipt = try await set(
        store, "t",
        [
          try target(.institution("a"), 80_00), try target(.institution("b"), 100_00),
          try target(.region("3703"), 200_00), try target(.region("37"), 100_000, indicator: "loss-ratio"),
          try target(.institution("a"), 60_00, period: "2023-H1"),
        ])
      #expect(receipt?.set == 5)
      let expected = [
        "institution/a amount 10000 1250000", "institution/b amount 5000 500000",
        "region/3703 amount 23000 1150000",
        // 1300 ÷ 23000 is 5.6522 %; less is better: (2 × 100000 − 56522) ÷ 100000.
        "region/37 loss-ratio 56522 1434780",
      ]
      #expect(try await board(store, "2022") == expected)
      #expect(try await board(store, "2022", limit: 1) == expected)
      #expect(try await board(store, "2023-H1") == ["institution/a amount 5400 900000"])
      #expect(try await board(store, "2023") == [])
    }
  }

  @Test func `a target changes with a reason only`() async throws {
    try await withStore { store, _ in
      try await World.build(store)
      #expect(try await set(store, "1", [try target(.institution("a"), 1)])?.set == 1)
      #expect(try await set(store, "2", [try target(.institution("a"), 1)])?.unchanged == 1)
      var error = await #expect(throws: DomainError.self) {
        try await set(store, "3", [try target(.institution("a"), 2)])
      }
      #expect(error?.field == "targets[0].reason")
      #expect(try await set(store, "4", [try target(.institution("a"), 2, reason: "revised plan")])?.changed == 1)
      for wrong in [
        try target(.institution("nobody"), 1), try target(.institution("a"), 0), try target(.region("x"), 1),
        try target(.institution("b"), 1, indicator: "nothing"), try target(.institution("b"), 1, reason: "why"),
      ] {
        error = await #expect(throws: DomainError.self) {
          try await set(store, "w\(wrong)".filter { $0.isLetter }.prefix(40).description, [wrong])
        }
        #expect(error != nil)
      }
    }
  }
}
