import EvaluationDomain
import EvaluationStore
import Kernel
import Testing

@Suite("Advisers, and tasks that districts claim") struct AdviserAndTaskTests {
  private func row(_ id: String, rank: Int, table: String = "all") -> ScoreRow {
    ScoreRow(
      institutionID: id, title: id, table: table, rank: rank, total: 0, regular: 0, bonus: 0, grade: "",
      outsideReason: "", nodeScores: [])
  }

  @Test func `a proportion is rounded down, and a tie that does not fit names nobody of it`() {
    let rows = [row("a", rank: 1), row("b", rank: 2), row("c", rank: 2), row("d", rank: 4), row("e", rank: 0)]
    func named(_ ppm: Int64) -> [String] { AdviserAwards.named(rows, proportionPPM: ppm).map(\.institutionID) }
    #expect(named(249_999) == [])
    #expect(named(250_000) == ["a"])
    #expect(named(500_000) == ["a"], "two may be named, but the second place is shared by two")
    #expect(named(750_000) == ["a", "b", "c"])
    #expect(named(1_000_000) == ["a", "b", "c", "d"], "who is outside the table is never named")
  }

  @Test func `excellent advisers count for the institutions that nominated them`() async throws {
    try await withStore { store, _ in
      _ = try await store.createIndicators(
        [Given.indicator("amount")], envelope: try Sent.envelope("i"), encode: Sent.text)
      let advisers = (1...4).map { number in
        Institution(
          id: "adviser-\(number)", title: "Adviser \(number)", peerGroup: "advisers", type: Institution.adviserType,
          employerID: number < 4 ? "bank" : "", createTime: Given.now)
      }
      _ = try await store.registerInstitutions(
        [Given.institution("bank")] + advisers, envelope: try Sent.envelope("r"), encode: Sent.text)
      var scheme = Given.scheme([Given.leaf("work", "amount", .percentile)])
      scheme.types = [Institution.adviserType]
      _ = try await store.createScheme(scheme, previousVersion: 0, envelope: try Sent.envelope("s"), encode: Sent.text)
      try await World.adopt(store)
      _ = try await store.submitFacts(
        advisers.enumerated().map { index, adviser in
          FactInput(
            institutionID: adviser.id, indicatorID: "amount", period: "2022", value: Int64(10 - index), unit: .count)
        }, envelope: try Sent.envelope("f"), encode: Sent.text)
      let run = try await World.run(store)
      func name(_ key: String) async throws -> AdviserAwards? {
        try await store.nameExcellentAdvisers(
          runID: run.id, proportionPPM: 500_000, envelope: try Sent.envelope(key, days: 9), encode: Sent.text
        ).fresh
      }
      let draft = await #expect(throws: DomainError.self) { try await name("draft") }
      #expect(draft?.reason == .stateConflict)
      try await publish(run, store)
      let awards = try #require(try await name("named"))
      #expect(awards.awards.map(\.adviserID) == ["adviser-1", "adviser-2"])
      let facts = try await store.facts(FactFilter(institutionID: "bank"), after: nil, limit: 10).items
      #expect(facts.map { "\($0.key.indicatorID) \($0.key.period) \($0.value)" } == ["adviser.excellent 2022 2"])
      let twice = await #expect(throws: DomainError.self) { try await name("twice") }
      #expect(twice?.reason == .resourceExists)
      #expect(try await store.adviserAwards(after: nil, limit: 5).items == [awards])
      // Advisers are people: open data counts their lines and lists none.
      let open = try await store.openRows(runID: run.id)
      #expect(open.rows.isEmpty)
      #expect(open.withheld == 4)
    }
  }

  @Test func `advisers are named anew on the correction of a run, and the counts follow`() async throws {
    try await withStore { store, _ in
      _ = try await store.createIndicators(
        [Given.indicator("amount")], envelope: try Sent.envelope("i"), encode: Sent.text)
      let advisers = (1...4).map { number in
        Institution(
          id: "adviser-\(number)", title: "Adviser \(number)", peerGroup: "advisers", type: Institution.adviserType,
          employerID: number < 3 ? "bank" : "guarantor", createTime: Given.now)
      }
      _ = try await store.registerInstitutions(
        [Given.institution("bank"), Given.institution("guarantor")] + advisers, envelope: try Sent.envelope("r"),
        encode: Sent.text)
      var scheme = Given.scheme([Given.leaf("work", "amount", .percentile)])
      scheme.types = [Institution.adviserType]
      _ = try await store.createScheme(scheme, previousVersion: 0, envelope: try Sent.envelope("s"), encode: Sent.text)
      try await World.adopt(store)
      func submit(_ values: [String: Int64], correction: Bool, _ key: String) async throws {
        _ = try await store.submitFacts(
          values.map { id, value in
            FactInput(
              institutionID: id, indicatorID: "amount", period: "2022", value: value, unit: .count,
              isCorrection: correction, reason: correction ? "counted twice" : "")
          }, envelope: try Sent.envelope(key), encode: Sent.text)
      }
      func correct(_ old: Run, by new: Run, _ key: String) async throws {
        _ = try await store.correctRun(
          id: old.id, etag: "", replacementID: new.id, reason: "counted twice",
          envelope: try Sent.envelope(key, subject: "wang", days: 12), encode: Sent.text)
      }
      func name(_ run: Run, _ key: String) async throws -> [String]? {
        try await store.nameExcellentAdvisers(
          runID: run.id, proportionPPM: 500_000, envelope: try Sent.envelope(key, days: 13), encode: Sent.text
        ).fresh?.awards.map(\.adviserID)
      }
      func counts() async throws -> [String] {
        var found: [String] = []
        for id in ["bank", "guarantor"] {
          let facts = try await store.facts(FactFilter(institutionID: id), after: nil, limit: 10).items
          found += facts.map { "\(id) \($0.value) v\($0.version)" }
        }
        return found
      }
      try await submit(["adviser-1": 10, "adviser-2": 9, "adviser-3": 8, "adviser-4": 7], correction: false, "f")
      let first = try await World.run(store)
      try await publish(first, store)
      #expect(try await name(first, "n1") == ["adviser-1", "adviser-2"])
      #expect(try await counts() == ["bank 2 v1"])

      try await submit(["adviser-2": 1], correction: true, "f2")
      let second = try await World.run(store, key: "second")
      #expect(await refusal { try await name(second, "n2") } == .stateConflict, "not published yet")
      try await correct(first, by: second, "c1")
      #expect(await refusal { try await name(first, "n3") } == .stateConflict, "no longer in force")
      #expect(try await name(second, "n4") == ["adviser-1", "adviser-3"])
      #expect(try await counts() == ["bank 1 v2", "guarantor 1 v1"])
      #expect(await refusal { try await name(second, "n5") } == .resourceExists)

      // Two corrections later, with nobody named in between: what counted last is what is taken back.
      try await submit(["adviser-1": 0], correction: true, "f3")
      let third = try await World.run(store, key: "third")
      try await correct(second, by: third, "c2")
      try await submit(["adviser-4": 9], correction: true, "f4")
      let fourth = try await World.run(store, key: "fourth")
      try await correct(third, by: fourth, "c3")
      #expect(try await name(fourth, "n6") == ["adviser-4", "adviser-3"])
      #expect(try await counts() == ["bank 0 v3", "guarantor 2 v2"])
      let all = try await store.adviserAwards(after: nil, limit: 5).items
      #expect(all.map(\.runID) == [fourth.id, second.id, first.id], "what was named before is kept")
    }
  }

  private func refusal(_ body: () async throws -> [String]?) async -> ErrorReason? {
    do {
      _ = try await body()
      return nil
    } catch { return (error as? DomainError)?.reason }
  }

  private func publish(_ run: Run, _ store: EvaluationStore) async throws {
    let end = try BusinessDate(year: 2023, month: 11, day: 15)
    _ = try await store.startReview(
      id: run.id, etag: "", reviewEnd: end, appealEnd: end, envelope: try Sent.envelope("review", subject: "wang"),
      encode: Sent.text)
    _ = try await store.publishRun(
      id: run.id, etag: "", envelope: try Sent.envelope("publish", subject: "wang", days: 3), encode: Sent.text)
  }

  private func envelope(_ key: String, region: String, days: Int64 = 0) throws -> CommandEnvelope {
    try CommandEnvelope(
      requestID: key, method: "test",
      caller: Caller(organisation: "office-\(region)", role: .regulator, regionPrefix: region, subject: "li"),
      requestHash: [UInt8](repeating: 0, count: 32),
      now: Instant(microseconds: Given.now.microseconds + days * 86_400_000_000))
  }

  private func posted(_ store: EvaluationStore, _ key: String, goal: ChallengeTask.Goal? = nil) async throws
    -> ChallengeTask
  {
    let envelope = try envelope(key, region: "3703")
    let task = ChallengeTask(
      id: "", titleZH: "首贷拓展", titleEN: "First-loan drive", description: "More first-loan firms",
      regionPrefix: "3703", dueDate: try BusinessDate(year: 2023, month: 11, day: 20), goal: goal,
      poster: envelope.caller, createTime: envelope.now)
    return try #require(try await store.createTask(task, envelope: envelope, encode: Sent.text).fresh)
  }

  private func step(
    _ store: EvaluationStore, _ task: ChallengeTask, _ key: String, _ step: TaskStep, region: String, days: Int64 = 0
  ) async throws -> ChallengeTask? {
    try await store.changeTask(
      id: task.id, etag: "", step, envelope: try envelope(key, region: region, days: days), encode: Sent.text
    ).fresh
  }

  private func reason(_ body: () async throws -> ChallengeTask?) async -> ErrorReason? {
    (await #expect(throws: DomainError.self) { _ = try await body() })?.reason
  }

  @Test func `the first district has the task, reports in time, and the city judges by the number`() async throws {
    try await withStore { store, _ in
      try await World.build(store, facts: [])
      let goal = ChallengeTask.Goal(indicatorID: "amount", period: "2022", value: 150_00)
      let task = try await posted(store, "t", goal: goal)
      let claim = TaskStep.claim(plan: "visit every village")
      #expect(await reason { try await step(store, task, "city", claim, region: "3703") } == .outOfScope)
      #expect(await reason { try await step(store, task, "far", claim, region: "370902") } == .outOfScope)
      #expect(try await step(store, task, "claim", claim, region: "370302")?.claimRegion == "370302")
      #expect(await reason { try await step(store, task, "late", claim, region: "370303") } == .alreadyClaimed)
      let report = TaskStep.report(result: "done", evidence: "report 7")
      #expect(await reason { try await step(store, task, "other", report, region: "370303") } == .outOfScope)
      #expect(
        await reason { try await step(store, task, "overdue", report, region: "370302", days: 6) } == .stateConflict)
      #expect(try await step(store, task, "report", report, region: "370302", days: 5)?.state == .reported)
      let accept = TaskStep.judge(accepted: true, reason: "checked on site")
      #expect(await reason { try await step(store, task, "self", accept, region: "370302") } == .outOfScope)
      #expect(await reason { try await step(store, task, "empty", accept, region: "3703") } == .policyConditionFailed)
      _ = try await store.registerInstitutions(
        ["a", "b"].map { Given.institution($0, region: "370302") }, envelope: try Sent.envelope("move"),
        encode: Sent.text)
      _ = try await store.submitFacts(World.facts, envelope: try Sent.envelope("facts"), encode: Sent.text)
      // a and b have their seat in the district: 100.00 + 50.00.
      let done = try await step(store, task, "accept", accept, region: "3703", days: 6)
      #expect(done?.state == .accepted)
      #expect(done?.actual == 150_00)
      #expect(
        try await store.tasks(TaskFilter(state: .accepted, claimRegion: "370302"), after: nil, limit: 5).items.count
          == 1)
      #expect(try await store.tasks(TaskFilter(state: .open), after: nil, limit: 5).items.isEmpty)
    }
  }

  @Test func `a claimed task that is overdue may be failed as it stands, not before`() async throws {
    try await withStore { store, _ in
      try await World.build(store, facts: [])
      let task = try await posted(store, "t")
      _ = try await step(store, task, "claim", .claim(plan: "try"), region: "370302")
      let fail = TaskStep.judge(accepted: false, reason: "nothing was reported")
      #expect(await reason { try await step(store, task, "early", fail, region: "3703", days: 5) } == .stateConflict)
      #expect(try await step(store, task, "fail", fail, region: "3703", days: 6)?.state == .failed)
    }
  }
}
