import DemandDomain
import Kernel
import Storage

/// The steps of cases: written once, never changed. Step 0 is the opening.
enum CaseStepRows {
  static func open(_ matter: Case, number: Int64, role: Role, _ session: WriteSession) throws {
    let opening = CaseStep(
      action: "open", from: "", to: matter.state, actor: matter.openedBy, role: role, reason: "", evidence: [],
      fields: matter.fields, at: matter.createdAt)
    try insert(opening, matter, number: number, position: 0, session)
  }

  /// The step that was taken last.
  static func append(_ matter: Case, number: Int64, _ session: WriteSession) throws {
    guard let step = matter.steps.last else { throw DomainError(.internal, "a case changed without a step") }
    try insert(step, matter, number: number, position: matter.stepCount, session)
  }

  private static func insert(
    _ step: CaseStep, _ matter: Case, number: Int64, position: Int64, _ session: WriteSession
  ) throws {
    let sums = matter.dealSums
    try session.execute(
      """
      INSERT INTO case_steps (matter, position, action, from_state, to_state, actor, role, reason, fields, evidence,
        signed_minor, in_place_minor, at_micros, day)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(number), .integer(position), .text(step.action), .text(step.from), .text(step.to), .text(step.actor),
        .text(step.role.rawValue), .text(step.reason), .text(Case.json(step.fields).string),
        .text(JSONValue.list(step.evidence.map(\.json)).string), .integer(sums.signed), .integer(sums.inPlace),
        .time(step.at), .day(try step.at.shanghaiDate()),
      ])
  }

  /// - Parameter after: 0 leaves the opening out.
  static func steps(
    of number: Int64, after: Int64, limit: Int, _ session: ReadSession
  ) throws -> [Listed<CaseStep>] {
    try session.query(
      """
      SELECT position, action, from_state, to_state, actor, role, reason, fields, evidence, at_micros FROM case_steps
      WHERE matter = ? AND position > ? ORDER BY position LIMIT ?
      """, [.integer(number), .integer(after), .integer(Int64(limit))]
    ) { row in
      var columns = Columns(row)
      let position = try columns.integer()
      let (action, from, to) = (try columns.text(), try columns.text(), try columns.text())
      let (actor, role, reason): (String, Role, String) = (
        try columns.text(), try columns.word(), try columns.text()
      )
      let fields = try columns.optionalText().map { try Case.fields(try JSONParser.parse($0)) } ?? [:]
      var evidence: [Evidence] = []
      if case .list(let list) = try JSONParser.parse(try columns.text()) {
        evidence = try list.map(Evidence.init(json:))
      }
      return Listed(
        position: position,
        item: CaseStep(
          action: action, from: from, to: to, actor: actor, role: role, reason: reason, evidence: evidence,
          fields: fields, at: try columns.time()))
    }
  }

  /// What a case was opened with; `nil` when an older store did not keep it.
  static func opening(_ number: Int64, _ session: ReadSession) throws -> [String: String]? {
    let text = try session.first(
      "SELECT fields FROM case_steps WHERE matter = ? AND position = 0", [.integer(number)]
    ) { try $0.optionalText(0) }
    return try (text ?? nil).map { try Case.fields(try JSONParser.parse($0)) }
  }

  /// Whether an action was done in a case with the given value of a field.
  static func has(
    _ action: String, _ field: String, _ value: String, of number: Int64, _ session: ReadSession
  ) throws -> Bool {
    try session.query(
      "SELECT fields FROM case_steps WHERE matter = ? AND action = ? AND fields IS NOT NULL",
      [.integer(number), .text(action)]
    ) { try $0.text(0) }.contains { try Case.fields(try JSONParser.parse($0))[field] == value }
  }
}

/// The deadlines of cases.
enum CaseClockRows {
  static func load(_ number: Int64, _ session: ReadSession) throws -> [CaseDeadline] {
    try session.query(
      "SELECT started_day, due_day, met_day, missed_day FROM case_clocks WHERE matter = ? ORDER BY position",
      [.integer(number)]
    ) { row in
      var columns = Columns(row)
      return CaseDeadline(
        startedOn: try columns.day(), dueOn: try columns.day(), metOn: try columns.optionalDay(),
        missedOn: try columns.optionalDay())
    }
  }

  /// A step ends at most one deadline and begins at most one.
  static func keep(_ deadlines: [CaseDeadline], of number: Int64, _ session: WriteSession) throws {
    for (position, deadline) in deadlines.enumerated().suffix(2) {
      try session.execute(
        """
        INSERT INTO case_clocks (matter, position, started_day, due_day, met_day, missed_day) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (matter, position) DO UPDATE SET met_day = excluded.met_day, missed_day = excluded.missed_day
        """,
        [
          .integer(number), .integer(Int64(position)), .day(deadline.startedOn), .day(deadline.dueOn),
          .day(deadline.metOn), .day(deadline.missedOn),
        ])
    }
  }

  /// Cases in a place with a deadline before a day that is unmet and not recorded, earliest first.
  static func missed(
    before day: BusinessDate, in prefix: String, limit: Int, _ session: ReadSession
  ) throws -> [String] {
    try session.query(
      """
      SELECT c.id FROM case_clocks k JOIN cases c ON c.number = k.matter
      WHERE k.met_day IS NULL AND k.missed_day IS NULL AND k.due_day < ? AND c.region_code >= ? AND c.region_code < ?
      ORDER BY k.due_day, k.matter LIMIT ?
      """, [.day(day), .text(prefix), .text(prefix + ":"), .integer(Int64(limit))]
    ) { try $0.text(0) }
  }
}
