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

  func columns(_ key: FactKey) throws -> [SQLValue] {
    let total = try total(key)
    guard let institution = institutionKeys[key.institutionID] else { throw Self.unscreened }
    return [.integer(total.indicator), .integer(institution), .integer(total.period)]
  }

  func total(_ key: FactKey) throws -> FactTotals.Key {
    guard let indicator = indicatorKeys[key.indicatorID], let group = groups[key.institutionID] else {
      throw Self.unscreened
    }
    return FactTotals.Key(indicator: indicator, period: key.period.code, group: group)
  }

  private static let unscreened = StorageError(.misuse, "a fact that was not screened")
}

/// Facts in chunks: one statement for many rows, always of the same shape so that it is compiled once.
enum FactSQL {
  private static let chunk = 64

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

  static func current(
    _ keys: [FactKey], _ numbers: FactKeys, _ session: ReadSession
  ) throws -> [FactKey: FactIntake.Current] {
    var found: [FactKey: FactIntake.Current] = [:]
    var start = 0
    while start < keys.count {
      let part = keys[start..<min(start + chunk, keys.count)]
      // A short last chunk repeats its first key, so that there are two statements at most.
      let padded = Array(part) + Array(repeating: part[part.startIndex], count: chunk - part.count)
      try session.scan(lookup, try padded.flatMap(numbers.columns)) { row in
        found[padded[try row.int(0)]] = FactIntake.Current(value: try row.int64(1), version: try row.int64(2))
        return true
      }
      start += chunk
    }
    return found
  }

  private static let lookup: String = {
    let values = (0..<chunk).map { "(\($0), ?, ?, ?)" }.joined(separator: ", ")
    return """
      WITH wanted (position, indicator_key, institution_key, period_code) AS (VALUES \(values))
      SELECT wanted.position, fact.value, fact.version FROM wanted JOIN fact
        ON fact.indicator_key = wanted.indicator_key AND fact.institution_key = wanted.institution_key
        AND fact.period_code = wanted.period_code
      """
  }()

  static func write(
    _ writes: [FactIntake.Write], _ numbers: FactKeys, reporter: String, confirmer: String = "", now: Instant,
    _ session: WriteSession
  ) throws {
    var totals = FactTotals()
    for write in writes { try totals.add(write.value, replacing: write.replaces, try numbers.total(write.key)) }
    try totals.record(session)
    let fresh = writes.filter { $0.version == 1 }
    var start = 0
    while start < fresh.count {
      let part = fresh[start..<min(start + chunk, fresh.count)]
      try session.execute(
        part.count == chunk ? fullInsert : insert(part.count),
        try part.flatMap { write -> [SQLValue] in
          try numbers.columns(write.key) + [
            .integer(write.value), .integer(now.microseconds), .text(reporter), .text(write.evidence),
            .integer(Int64(write.daysLate)), .text(confirmer),
          ]
        })
      start += chunk
    }
    for write in writes where write.version > 1 {
      let key = try numbers.columns(write.key)
      try session.execute(supersede, [.integer(now.microseconds)] + key)
      try session.execute(
        replace,
        [
          .integer(write.value), .integer(write.version), .integer(now.microseconds), .text(reporter),
          .text(write.evidence), .integer(Int64(write.daysLate)), .text(write.reason), .text(confirmer),
        ] + key)
    }
  }

  private static let fullInsert = insert(chunk)

  private static func insert(_ rows: Int) -> String {
    "INSERT INTO fact (indicator_key, institution_key, period_code, value, version, record_time_micros, reporter, "
      + "evidence, days_late, confirmer) VALUES "
      + Array(repeating: "(?, ?, ?, ?, 1, ?, ?, ?, ?, ?)", count: rows).joined(separator: ", ")
  }

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
