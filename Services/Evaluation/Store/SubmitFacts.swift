package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func submitFacts(
    _ rows: [FactInput], envelope: CommandEnvelope, encode: @escaping Encode<FactReceipt>
  ) async throws -> CommandReply<FactReceipt> {
    try await store.command(envelope, encode: encode) { session in
      try FactSQL.take(rows, envelope, session).receipt
    }
  }

  package func importFacts(
    _ csv: FactCSV, envelope: CommandEnvelope, encode: @escaping Encode<FactImport>
  ) async throws -> CommandReply<FactImport> {
    try await store.command(envelope, encode: encode) { session in
      FactImport(csv, outcomes: try FactSQL.take(csv.facts, envelope, session).outcomes)
    }
  }
}

enum Hex {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// The rows' indicators and institutions with the store's numbers for them.
struct FactKeys {
  private(set) var indicators: [String: Indicator] = [:]
  private(set) var institutions: [String: Institution] = [:]
  private(set) var indicatorKeys: [String: Int64] = [:]
  private(set) var institutionKeys: [String: Int64] = [:]
  private var groups: [String: Int64] = [:]

  init(_ rows: [FactInput], _ session: WriteSession) throws {
    try self.init(
      indicators: Set(rows.map(\.indicatorID)), institutions: Set(rows.map(\.institutionID)), session)
  }

  init(indicators: Set<String>, institutions: Set<String>, _ session: WriteSession) throws {
    for id in indicators {
      try session.scan("SELECT indicator_key, document FROM indicator WHERE id = ?", [.text(id)]) { row in
        indicatorKeys[id] = try row.int64(0)
        self.indicators[id] = try Document.read(try row.text(1), as: Indicator.self)
        return false
      }
    }
    for id in institutions {
      try session.scan(
        "SELECT institution_key, \(DictionarySQL.institutionColumns) FROM institution WHERE id = ?", [.text(id)]
      ) { row in
        institutionKeys[id] = try row.int64(0)
        self.institutions[id] = try DictionarySQL.institution(row, 1)
        return false
      }
      if let known = self.institutions[id] { groups[id] = try TotalSQL.group(known, session) }
    }
  }

  /// The store's numbers for a value's place.
  struct Place {
    let indicator: Int64
    let institution: Int64
    let group: Int64
    let period: Int64

    var columns: [SQLValue] { [.integer(indicator), .integer(institution), .integer(period)] }
    var total: FactTotals.Key { FactTotals.Key(indicator: indicator, period: period, group: group) }

    /// As facts lie in the table.
    static func < (left: Place, right: Place) -> Bool {
      (left.indicator, left.institution, left.period) < (right.indicator, right.institution, right.period)
    }
  }

  func place(_ key: FactKey) throws -> Place {
    guard let indicator = indicatorKeys[key.indicatorID], let institution = institutionKeys[key.institutionID],
      let group = groups[key.institutionID]
    else { throw Self.unscreened }
    return Place(indicator: indicator, institution: institution, group: group, period: key.period.code)
  }

  private static let unscreened = StorageError(.misuse, "a fact that was not screened")
}

/// Facts as sessions read and write them. One statement a row: SQLite undoes a failing statement of many rows by a journal
/// that it would keep for each of them.
enum FactSQL {
  /// Takes or refuses rows and records what was taken.
  static func take(
    _ rows: [FactInput], _ envelope: CommandEnvelope, _ session: WriteSession
  ) throws -> FactIntake.Decision {
    let keys = try FactKeys(rows, session)
    let intake = FactIntake(
      indicators: keys.indicators, institutions: keys.institutions, caller: envelope.caller,
      today: try envelope.now.shanghaiDate())
    let screened = intake.screen(rows)
    let wanted = screened.compactMap(\.key)
    let decision = try intake.decide(
      rows, screened: screened, current: try current(wanted, keys, session),
      waiting: try PendingSQL.waiting(wanted, keys, session))
    try write(decision.writes, keys, reporter: envelope.caller.organisation, now: envelope.now, session)
    for held in decision.held { try PendingSQL.hold(rows[held.row], held, envelope, session) }
    if !decision.writes.isEmpty || !decision.held.isEmpty {
      let receipt = decision.receipt
      try session.append(
        event: try Document.event(
          "facts.submitted", "facts", envelope.caller.organisation,
          [
            "accepted": .number(Int64(receipt.accepted)), "corrected": .number(Int64(receipt.corrected)),
            "pending": .number(Int64(receipt.pending)), "refused": .number(Int64(receipt.refusals.count)),
            "request_sha256": .text(Hex.text(envelope.requestHash)),
          ]))
    }
    return decision
  }

  /// The values in force for keys, and for other periods between them.
  static func current(
    _ keys: [FactKey], _ numbers: FactKeys, _ session: ReadSession
  ) throws -> [FactKey: FactIntake.Current] {
    // The values of one institution and indicator lie side by side: one look covers all periods that are asked for.
    var spans: [FactKey.Owner: ClosedRange<Int64>] = [:]
    for key in keys {
      let code = key.period.code
      let span = spans[key.owner] ?? code...code
      spans[key.owner] = min(span.lowerBound, code)...max(span.upperBound, code)
    }
    var found: [FactKey: FactIntake.Current] = [:]
    for (owner, span) in spans {
      guard let indicator = numbers.indicatorKeys[owner.indicatorID],
        let institution = numbers.institutionKeys[owner.institutionID]
      else { continue }
      try session.scan(
        lookup,
        [.integer(indicator), .integer(institution), .integer(span.lowerBound), .integer(span.upperBound)]
      ) { row in
        guard let packed = Period.packed(code: try row.int64(0)) else { return true }
        let key = FactKey(
          institutionID: owner.institutionID, indicatorID: owner.indicatorID, period: Period(packed: packed))
        found[key] = FactIntake.Current(value: try row.int64(1), version: try row.int64(2))
        return true
      }
    }
    return found
  }

  private static let lookup = """
    SELECT period_code, value, version FROM fact
    WHERE indicator_key = ? AND institution_key = ? AND period_code BETWEEN ? AND ?
    """

  static func write(
    _ writes: [FactIntake.Write], _ numbers: FactKeys, reporter: String, confirmer: String = "", now: Instant,
    _ session: WriteSession
  ) throws {
    // In the order of the table, whatever the order of the request.
    let placed = try writes.map { (place: try numbers.place($0.key), write: $0) }.sorted { $0.place < $1.place }
    var totals = FactTotals()
    for (place, write) in placed { try totals.add(write.value, replacing: write.replaces, place.total) }
    try totals.record(session)
    for (place, write) in placed {
      if write.version == 1 {
        try insert(write, place, reporter: reporter, confirmer: confirmer, now: now, session)
      } else {
        try session.execute(supersede, [.integer(now.microseconds)] + place.columns)
        try session.execute(
          replace,
          [
            .integer(write.value), .integer(write.version), .integer(now.microseconds), .text(reporter),
            .text(write.evidence), .integer(Int64(write.daysLate)), .text(write.reason), .text(confirmer),
          ] + place.columns)
      }
    }
    try ChangeSQL.record(
      try placed.map { place, write in
        guard let version = UInt32(exactly: write.version) else {
          throw DomainError.amountOverflow("version \(write.version)")
        }
        return ChangeSQL.Change(
          indicator: place.indicator,
          change: IndicatorSeries.Change(
            owner: place.institution, period: write.key.period.packed, value: write.value, version: version))
      }, session)
  }

  private static func insert(
    _ write: FactIntake.Write, _ place: FactKeys.Place, reporter: String, confirmer: String, now: Instant,
    _ session: WriteSession
  ) throws {
    let known: [SQLValue] = [
      .integer(place.indicator), .integer(place.institution), .integer(place.period), .integer(write.value),
      .integer(now.microseconds), .integer(Int64(write.daysLate)), .text(reporter),
    ]
    if write.evidence.isEmpty, confirmer.isEmpty {
      try session.execute(plainInsert, known)
    } else {
      try session.execute(fullInsert, known + [.text(write.evidence), .text(confirmer)])
    }
  }

  private static let plainInsert = """
    INSERT INTO fact (indicator_key, institution_key, period_code, value, version, record_time_micros, days_late,
      reporter, evidence, confirmer) VALUES (?, ?, ?, ?, 1, ?, ?, ?, '', '')
    """

  private static let fullInsert = """
    INSERT INTO fact (indicator_key, institution_key, period_code, value, version, record_time_micros, days_late,
      reporter, evidence, confirmer) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
    """

  private static let carried =
    "indicator_key, institution_key, period_code, version, value, record_time_micros, reporter, evidence, days_late, "
    + "reason, confirmer"

  private static let supersede = """
    INSERT INTO superseded_fact (\(carried), supersede_time_micros) SELECT \(carried), ? FROM fact
    WHERE indicator_key = ? AND institution_key = ? AND period_code = ?
    """

  private static let replace = """
    UPDATE fact SET value = ?, version = ?, record_time_micros = ?, reporter = ?, evidence = ?, days_late = ?,
      reason = ?, confirmer = ?
    WHERE indicator_key = ? AND institution_key = ? AND period_code = ?
    """
}
