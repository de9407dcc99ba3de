package import EvaluationRatings
package import Kernel
import Storage

extension RatingStore {
  package func rate(
    _ order: RatingOrder, envelope: CommandEnvelope, encode: @escaping RatingEncode<Rating>
  ) async throws -> CommandReply<Rating> {
    try await store.command(envelope, encode: encode) { session in
      guard let card = try ScorecardSQL.adopted(order.scorecardID, session) else {
        let latest = try ScorecardSQL.scorecard(order.scorecardID, nil, session)
        throw DomainError(
          .stateConflict,
          "no version of \(latest.name) is adopted; version \(latest.scorecard.version) is "
            + latest.state.rawValue, field: "scorecard", metadata: ["state": latest.state.rawValue])
      }
      var rating = try Rating(
        order.firm, by: card, on: order.day, inputs: order.inputs.map { (id: $0.id, value: $0.value) },
        caller: envelope.caller, now: envelope.now)
      if let known = try RatingSQL.rating(rating.id, session) { return known.rating }
      rating.previousGrade = try RatingSQL.latestGrade(of: order.firm.id, by: order.scorecardID, session) ?? ""
      try RatingSQL.insert(rating, session)
      try RatingSQL.append(RatingEventType.graded, rating, envelope.caller, session)
      return rating
    }
  }

  package func recordOutcome(
    _ observation: ObservedOutcome, of ratingID: String, envelope: CommandEnvelope,
    encode: @escaping RatingEncode<Rating>
  ) async throws -> CommandReply<Rating> {
    try await store.command(envelope, encode: encode) { session in
      guard let known = try RatingSQL.rating(ratingID, session), known.rating.isVisible(to: envelope.caller) else {
        throw DomainError.notFound("ratings/\(ratingID)")
      }
      let observed = try known.rating.observed(observation, now: envelope.now)
      try session.execute(
        "UPDATE rating SET outcome = ?, document = ? WHERE rating_key = ?",
        [.text(observation.outcome.rawValue), .text(try RatingDocument.text(observed)), .integer(known.key)])
      try RatingSQL.append(RatingEventType.outcome, observed, envelope.caller, session)
      return observed
    }
  }

  package func rating(id: String) async throws -> Rating {
    guard let known = try await store.read({ try RatingSQL.rating(id, $0)?.rating }) else {
      throw DomainError.notFound("ratings/\(id)")
    }
    return known
  }

  package func ratings(_ filter: RatingFilter, after: String?, limit: Int) async throws -> RatingPage<Rating> {
    var before = Int64.max
    if let after {
      guard let position = Int64(after) else {
        throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
      }
      before = position
    }
    var conditions: [String] = []
    var arguments: [SQLValue] = []
    for (column, value) in [
      ("enterprise", filter.firmID), ("scorecard_id", filter.scorecardID), ("grade", filter.grade),
    ] where !value.isEmpty {
      conditions.append("\(column) = ? AND ")
      arguments.append(.text(value))
    }
    if !filter.regionPrefix.isEmpty {
      conditions.append("substr(region_code, 1, \(filter.regionPrefix.utf8.count)) = ? AND ")
      arguments.append(.text(filter.regionPrefix))
    }
    let sql = """
      SELECT rating_key, document FROM rating WHERE \(conditions.joined())rating_key < ?
      ORDER BY rating_key DESC LIMIT ?
      """
    let bound = arguments + [.integer(before), .integer(Int64(limit) + 1)]
    return try await store.read { session in
      let rows: [(key: Int64, rating: Rating)] = try session.query(sql, bound) {
        (try $0.int64(0), try RatingDocument.read(try $0.text(1)))
      }
      return RatingPage(
        items: rows.prefix(limit).map(\.rating), next: rows.count > limit ? "\(rows[limit - 1].key)" : nil)
    }
  }

  package func sample(_ wanted: MonitoredRatings) async throws -> [MonitoringRow] {
    try await store.read { session in
      _ = try ScorecardSQL.scorecard(wanted.scorecardID, wanted.version, session)
      return try session.query(
        """
        SELECT total, outcome, region_code, size FROM rating
        WHERE scorecard_id = ? AND scorecard_version = ? AND day_number BETWEEN ? AND ?
        AND substr(region_code, 1, \(wanted.regionPrefix.utf8.count)) = ? ORDER BY rating_key
        """,
        [
          .text(wanted.scorecardID), .integer(Int64(wanted.version)),
          .integer(wanted.from.map { Int64($0.dayNumber) } ?? .min),
          .integer(wanted.to.map { Int64($0.dayNumber) } ?? .max), .text(wanted.regionPrefix),
        ]
      ) { row in
        MonitoringRow(
          points: try row.int64(0), outcome: Outcome(rawValue: try row.text(1)), region: try row.text(2),
          size: try row.text(3))
      }
    }
  }
}

enum RatingSQL {
  static func rating(_ id: String, _ session: ReadSession) throws -> (key: Int64, rating: Rating)? {
    try session.first("SELECT rating_key, document FROM rating WHERE id = ?", [.text(id)]) {
      (try $0.int64(0), try RatingDocument.read(try $0.text(1)))
    }
  }

  static func latestGrade(of firm: String, by scorecard: String, _ session: ReadSession) throws -> String? {
    try session.first(
      "SELECT grade FROM rating WHERE enterprise = ? AND scorecard_id = ? ORDER BY rating_key DESC LIMIT 1",
      [.text(firm), .text(scorecard)]
    ) { try $0.text(0) }
  }

  static func insert(_ rating: Rating, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO rating (id, enterprise, scorecard_id, scorecard_version, day_number, region_code, size, total, grade,
        outcome, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)
      """,
      [
        .text(rating.id), .text(rating.firm.id), .text(rating.scorecardID), .integer(Int64(rating.scorecardVersion)),
        .integer(Int64(rating.businessDate.dayNumber)), .text(rating.firm.regionCode),
        .text(rating.firm.size?.rawValue ?? ""), .integer(rating.result.total), .text(rating.result.grade),
        .text(try RatingDocument.text(rating)),
      ])
  }

  static func append(_ type: String, _ rating: Rating, _ caller: Caller, _ session: WriteSession) throws {
    try session.append(
      event: try RatingEventPayload(digest: rating.digest, id: rating.id, version: nil)
        .event(type, rating.name, caller.organisation))
  }
}
