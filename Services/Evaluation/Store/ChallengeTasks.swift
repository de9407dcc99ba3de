package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func createTask(
    _ task: ChallengeTask, envelope: CommandEnvelope, encode: @escaping Encode<ChallengeTask>
  ) async throws -> CommandReply<ChallengeTask> {
    try await store.command(envelope, encode: encode) { session in
      let dictionary = try DictionarySQL.allIndicators(session)
      do throws(DomainError) {
        try task.validate(today: try envelope.now.shanghaiDate()) { dictionary[$0] }
      } catch {
        throw error.within("task")
      }
      var posted = task
      posted.id = String(Digest.hex("\(envelope.caller.organisation)\n\(envelope.requestID)").prefix(32))
      try session.execute(
        "INSERT INTO task (id, state, claim_region, document) VALUES (?, ?, ?, ?)",
        [.text(posted.id), .text(posted.state.rawValue), .text(""), .text(try Document.text(posted))])
      try session.append(
        event: try Document.event(
          "task.posted", "tasks/\(posted.id)", envelope.caller.organisation,
          ["region_prefix": .text(posted.regionPrefix), "due_date": .text(posted.dueDate.description)]))
      return posted
    }
  }

  package func changeTask(
    id: String, etag: String, _ step: TaskStep, envelope: CommandEnvelope, encode: @escaping Encode<ChallengeTask>
  ) async throws -> CommandReply<ChallengeTask> {
    try await store.command(envelope, encode: encode) { session in
      let task = try TaskSQL.existing(id, session)
      if !etag.isEmpty, etag != task.etag {
        throw DomainError(.etagMismatch, "the task's etag is \(task.etag)", field: "etag")
      }
      let (caller, today) = (envelope.caller, try envelope.now.shanghaiDate())
      let changed: ChallengeTask
      switch step {
      case .claim(let plan): changed = try task.claimed(by: caller, plan: plan, today: today, now: envelope.now)
      case .report(let result, let evidence):
        changed = try task.reported(by: caller, result: result, evidence: evidence, today: today, now: envelope.now)
      case .judge(let accepted, let reason):
        changed = try task.judged(
          accepted: accepted, reason: reason, actual: try TaskSQL.actual(task, session), by: caller, today: today,
          now: envelope.now)
      }
      try session.execute(
        "UPDATE task SET state = ?, claim_region = ?, document = ? WHERE id = ?",
        [.text(changed.state.rawValue), .text(changed.claimRegion), .text(try Document.text(changed)), .text(id)])
      try session.append(
        event: try Document.event(
          "task.\(changed.state.rawValue)", "tasks/\(id)", caller.organisation, ["region": .text(changed.claimRegion)]))
      return changed
    }
  }

  package func task(id: String) async throws -> ChallengeTask {
    try await store.read { try TaskSQL.existing(id, $0) }
  }

  package func tasks(_ filter: TaskFilter, after: String?, limit: Int) async throws -> KeysetPage<ChallengeTask> {
    let before = try Self.position(after) ?? .max
    return try await store.read { session in
      let rows: [(key: Int64, task: ChallengeTask)] = try session.query(
        """
        SELECT task_key, document FROM task WHERE ? IN ('', state) AND ? IN ('', claim_region) AND task_key < ?
        ORDER BY task_key DESC LIMIT ?
        """,
        [
          .text(filter.state?.rawValue ?? ""), .text(filter.claimRegion), .integer(before), .integer(Int64(limit) + 1),
        ]
      ) { (try $0.int64(0), try Document.read(try $0.text(1))) }
      return KeysetPage(
        items: rows.prefix(limit).map(\.task), next: rows.count > limit ? "\(rows[limit - 1].key)" : nil)
    }
  }
}

private enum TaskSQL {
  /// - Throws: `RESOURCE_NOT_FOUND`.
  static func existing(_ id: String, _ session: ReadSession) throws -> ChallengeTask {
    let found: ChallengeTask? = try session.first("SELECT document FROM task WHERE id = ?", [.text(id)]) {
      try Document.read(try $0.text(0))
    }
    guard let found else { throw DomainError.notFound("tasks/\(id)") }
    return found
  }

  /// The claiming region's own value of the goal's indicator, from the facts on record.
  static func actual(_ task: ChallengeTask, _ session: ReadSession) throws -> Int64? {
    guard let goal = task.goal, !task.claimRegion.isEmpty else { return nil }
    let dictionary = try DictionarySQL.allIndicators(session)
    let period = try Period(goal.period)
    let needs = try RunNeeds(indicatorIDs: [goal.indicatorID], period: period) { dictionary[$0] }
    let board = try RunSQL.board(needs, nil, session)
    return try board.value(of: goal.indicatorID, in: period, region: task.claimRegion).number
  }
}
