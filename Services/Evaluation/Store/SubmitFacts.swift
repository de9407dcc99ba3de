package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func submitFacts(
    _ rows: [FactInput], envelope: CommandEnvelope, encode: @escaping Encode<FactReceipt>
  ) async throws -> CommandReply<FactReceipt> {
    let today = try envelope.now.shanghaiDate()
    return try await store.command(envelope, encode: encode) { session in
      let keys = try FactKeys(rows, session)
      let intake = FactIntake(
        indicators: keys.indicators, institutions: keys.institutions, caller: envelope.caller, today: today)
      let screened = intake.screen(rows)
      let current = try FactSQL.current(screened.keys.compactMap { $0 }, keys, session)
      let decision = intake.decide(rows, screened: screened, current: current)
      try FactSQL.write(
        decision.writes, keys, reporter: envelope.caller.organisation, now: envelope.now, session)
      if !decision.writes.isEmpty {
        try session.append(
          event: try Document.event(
            "facts.submitted", "facts", envelope.caller.organisation,
            [
              "accepted": .number(Int64(decision.receipt.accepted)),
              "corrected": .number(Int64(decision.receipt.corrected)),
              "refused": .number(Int64(decision.receipt.refusals.count)),
              "request_sha256": .text(Hex.text(envelope.requestHash)),
            ]))
      }
      return decision.receipt
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

  init(_ rows: [FactInput], _ session: ReadSession) throws {
    for id in Set(rows.map(\.indicatorID)) {
      try session.scan("SELECT indicator_key, document FROM indicator WHERE id = ?", [.text(id)]) { row in
        indicatorKeys[id] = try row.int64(0)
        indicators[id] = try Document.read(try row.text(1), as: Indicator.self)
        return false
      }
    }
    for id in Set(rows.map(\.institutionID)) {
      try session.scan(
        "SELECT institution_key, \(DictionarySQL.institutionColumns) FROM institution WHERE id = ?", [.text(id)]
      ) { row in
        institutionKeys[id] = try row.int64(0)
        institutions[id] = try DictionarySQL.institution(row, 1)
        return false
      }
    }
  }

  func columns(_ key: FactKey) throws -> [SQLValue] {
    guard let indicator = indicatorKeys[key.indicatorID], let institution = institutionKeys[key.institutionID] else {
      throw StorageError(.misuse, "a fact that was not screened")
    }
    return [.integer(indicator), .integer(institution), .integer(key.period.code)]
  }
}

/// Facts in chunks: one statement for many rows, always of the same shape so that it is compiled once.
enum FactSQL {
  private static let chunk = 64

  static func current(
    _ keys: [FactKey], _ numbers: FactKeys, _ session: ReadSession
  ) throws -> [FactKey: FactIntake.Current] {
    var found: [FactKey: FactIntake.Current] = [:]
    found.reserveCapacity(keys.count)
    var start = 0
    while start < keys.count {
      let part = keys[start..<min(start + chunk, keys.count)]
      // A short last chunk repeats its first key, so that there are two statements at most.
      let padded = Array(part) + Array(repeating: part[part.startIndex], count: chunk - part.count)
      try session.scan(lookup, try padded.flatMap(numbers.columns)) { row in
        guard let value = try row.optionalInt64(1) else { return true }
        found[padded[try row.int(0)]] = FactIntake.Current(value: value, version: try row.int64(2))
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
      SELECT wanted.position, fact.value, fact.version FROM wanted LEFT JOIN fact
        ON fact.indicator_key = wanted.indicator_key AND fact.institution_key = wanted.institution_key
        AND fact.period_code = wanted.period_code
      """
  }()

  static func write(
    _ writes: [FactIntake.Write], _ numbers: FactKeys, reporter: String, now: Instant, _ session: WriteSession
  ) throws {
    let fresh = writes.filter { $0.version == 1 }
    func tail(_ write: FactIntake.Write) -> [SQLValue] {
      [
        .integer(write.value), .integer(write.version), .integer(now.microseconds), .text(reporter),
        .text(write.evidence),
      ]
    }
    var start = 0
    while start < fresh.count {
      let part = fresh[start..<min(start + chunk, fresh.count)]
      try session.execute(
        part.count == chunk ? fullInsert : insert(part.count),
        try part.flatMap { try numbers.columns($0.key) + tail($0) })
      start += chunk
    }
    for write in writes where write.version > 1 {
      let key = try numbers.columns(write.key)
      try session.execute(supersede, [.integer(now.microseconds)] + key)
      try session.execute(replace, tail(write) + key)
    }
  }

  private static let fullInsert = insert(chunk)

  private static func insert(_ rows: Int) -> String {
    "INSERT INTO fact (indicator_key, institution_key, period_code, value, version, record_time_micros, reporter, "
      + "evidence) VALUES " + Array(repeating: "(?, ?, ?, ?, ?, ?, ?, ?)", count: rows).joined(separator: ", ")
  }

  private static let supersede = """
    INSERT INTO superseded_fact
    SELECT indicator_key, institution_key, period_code, version, value, record_time_micros, reporter, evidence, ?
    FROM fact WHERE indicator_key = ? AND institution_key = ? AND period_code = ?
    """

  private static let replace = """
    UPDATE fact SET value = ?, version = ?, record_time_micros = ?, reporter = ?, evidence = ?
    WHERE indicator_key = ? AND institution_key = ? AND period_code = ?
    """
}
