package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func submitFacts(
    _ rows: [FactInput], envelope: CommandEnvelope, encode: @escaping Encode<FactReceipt>
  ) async throws -> CommandReply<FactReceipt> {
    try await store.command(envelope, encode: encode) { [documents] session in
      try FactSQL.take(rows, envelope, documents, session).receipt
    }
  }

  package func importFacts(
    _ csv: FactCSV, envelope: CommandEnvelope, encode: @escaping Encode<FactImport>
  ) async throws -> CommandReply<FactImport> {
    try await store.command(envelope, encode: encode) { [documents] session in
      FactImport(csv, outcomes: try FactSQL.take(csv.facts, envelope, documents, session).outcomes)
    }
  }
}

enum Hex {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Indicators and institutions with the store's numbers for them, in the order of the numbers: the order of the table.
struct FactKeys {
  private(set) var indicators: [Indicator] = []
  private(set) var institutions: [Institution] = []
  private(set) var indicatorKeys: [Int64] = []
  private(set) var institutionKeys: [Int64] = []

  /// What the rows name, as far as it is known.
  init(_ rows: [FactInput], _ documents: IndicatorDocuments, _ session: ReadSession) throws {
    try self.init(
      indicators: Self.distinct(rows, \.indicatorID), institutions: Self.distinct(rows, \.institutionID), documents,
      session)
  }

  /// - Throws: `BATCH_TOO_LARGE` beyond what places tell apart.
  init(
    indicators: Set<String>, institutions: Set<String>, _ documents: IndicatorDocuments, _ session: ReadSession
  ) throws {
    guard max(indicators.count, institutions.count) <= FactPlace.maximumRows else {
      throw DomainError(.batchTooLarge, "at most \(FactPlace.maximumRows) institutions at once")
    }
    var subjects: [(key: Int64, indicator: Indicator)] = []
    for id in indicators {
      try session.scan("SELECT indicator_key, document FROM indicator WHERE id = ?", [.text(id)]) { row in
        subjects.append((try row.int64(0), try documents.read(try row.text(1), of: id)))
        return false
      }
    }
    subjects.sort { $0.key < $1.key }
    (indicatorKeys, self.indicators) = (subjects.map(\.key), subjects.map(\.indicator))
    var owners: [(key: Int64, institution: Institution)] = []
    for id in institutions {
      try session.scan(
        "SELECT institution_key, \(DictionarySQL.institutionColumns) FROM institution WHERE id = ?", [.text(id)]
      ) { row in
        owners.append((try row.int64(0), try DictionarySQL.institution(row, 1)))
        return false
      }
    }
    owners.sort { $0.key < $1.key }
    (institutionKeys, self.institutions) = (owners.map(\.key), owners.map(\.institution))
  }

  /// Rows that follow one another often name the same.
  private static func distinct(_ rows: [FactInput], _ id: KeyPath<FactInput, String>) -> Set<String> {
    var found: Set<String> = []
    var last: String?
    for row in rows where row[keyPath: id] != last {
      last = row[keyPath: id]
      found.insert(row[keyPath: id])
    }
    return found
  }

  func institution(_ id: String) -> Institution? { institutions.first { $0.id == id } }

  /// Writes in the order of the table.
  /// - Throws: `StorageError` for one that names something else than the keys were made for.
  func placed(_ writes: [FactIntake.Write]) throws -> [FactIntake.Placed] {
    let places = try places(writes.map(\.key))
    return zip(places, writes).map { FactIntake.Placed(place: $0, write: $1) }.sorted { $0.place < $1.place }
  }

  /// - Throws: `StorageError` for a key that names something else than these were made for.
  func places(_ keys: [FactKey]) throws -> [FactPlace] {
    var subjects: [String: Int] = [:]
    for (position, indicator) in indicators.enumerated() { subjects[indicator.id] = position }
    var owners: [String: Int] = [:]
    for (position, institution) in institutions.enumerated() { owners[institution.id] = position }
    return try keys.map { key in
      guard let indicator = subjects[key.indicatorID], let institution = owners[key.institutionID] else {
        throw StorageError(.misuse, "a fact that was not screened")
      }
      return FactPlace(indicator: indicator, institution: institution, period: key.period)
    }
  }

  /// The columns of a place in the table.
  func columns(_ place: FactPlace) -> [SQLValue] {
    [
      .integer(indicatorKeys[place.indicator]), .integer(institutionKeys[place.institution]),
      .integer(place.period.code),
    ]
  }
}

/// Facts as sessions read and write them.
enum FactSQL {
  /// Takes or refuses rows and records what was taken.
  static func take(
    _ rows: [FactInput], _ envelope: CommandEnvelope, _ documents: IndicatorDocuments, _ session: WriteSession
  ) throws -> FactIntake.Decision {
    let keys = try FactKeys(rows, documents, session)
    let intake = FactIntake(
      indicators: keys.indicators, institutions: keys.institutions, caller: envelope.caller,
      today: try envelope.now.shanghaiDate())
    let screened = try intake.screen(rows)
    let decision = try intake.decide(
      rows, screened: screened, current: try current(screened.places, keys, session),
      waiting: try PendingSQL.waiting(screened.places, keys, session))
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

  /// The values in force at places, and in other periods between them, in the order of the places.
  /// - Parameter places: ascending.
  static func current(
    _ places: some Sequence<FactPlace>, _ keys: FactKeys, _ session: ReadSession
  ) throws -> [FactIntake.Recorded] {
    var found: [FactIntake.Recorded] = []
    // The values of one institution and indicator lie side by side: one look covers all periods that are asked for.
    var span: (first: FactPlace, last: FactPlace)?
    func look() throws {
      guard let (first, last) = span else { return }
      try session.scan(lookup, keys.columns(first) + [.integer(last.period.code)]) { row in
        guard let packed = Period.packed(code: try row.int64(0)) else { return true }
        let place = FactPlace(
          indicator: first.indicator, institution: first.institution, period: Period(packed: packed))
        found.append(
          FactIntake.Recorded(
            place: place, current: FactIntake.Current(value: try row.int64(1), version: try row.int64(2))))
        return true
      }
    }
    for place in places {
      if let open = span, open.first.indicator == place.indicator, open.first.institution == place.institution {
        span = (open.first, place)
      } else {
        try look()
        span = (place, place)
      }
    }
    try look()
    return found
  }

  /// The values in force for keys.
  static func current(
    _ keys: [FactKey], _ numbers: FactKeys, _ session: ReadSession
  ) throws -> [FactKey: FactIntake.Current] {
    let places = try numbers.places(keys)
    var byPlace: [FactPlace: FactIntake.Current] = [:]
    for recorded in try current(places.sorted(), numbers, session) { byPlace[recorded.place] = recorded.current }
    var found: [FactKey: FactIntake.Current] = [:]
    for (key, place) in zip(keys, places) { found[key] = byPlace[place] }
    return found
  }

  private static let lookup = """
    SELECT period_code, value, version FROM fact
    WHERE indicator_key = ? AND institution_key = ? AND period_code BETWEEN ? AND ?
    """

  /// - Parameter writes: ascending by place, as the table is.
  static func write(
    _ writes: [FactIntake.Placed], _ keys: FactKeys, reporter: String, confirmer: String = "", now: Instant,
    _ session: WriteSession
  ) throws {
    var inserter = FactInserter(reporter: reporter, now: now, session)
    for placed in writes {
      let (write, columns) = (placed.write, keys.columns(placed.place))
      if write.version > 1 {
        try session.execute(supersede, [.integer(now.microseconds)] + columns)
        try session.execute(
          replace,
          [
            .integer(write.value), .integer(write.version), .integer(now.microseconds), .text(reporter),
            .text(write.evidence), .integer(Int64(write.daysLate)), .text(write.reason), .text(confirmer),
          ] + columns)
      } else if write.evidence.isEmpty, confirmer.isEmpty {
        try inserter.add(columns, value: write.value, daysLate: write.daysLate)
      } else {
        try session.execute(
          fullInsert,
          columns + [
            .integer(write.value), .integer(now.microseconds), .integer(Int64(write.daysLate)), .text(reporter),
            .text(write.evidence), .text(confirmer),
          ])
      }
    }
    try inserter.flush()
    try ChangeSQL.record(
      try writes.map { placed in
        guard let version = UInt32(exactly: placed.write.version) else {
          throw DomainError.amountOverflow("version \(placed.write.version)")
        }
        return ChangeSQL.Change(
          indicator: keys.indicatorKeys[placed.place.indicator],
          change: IndicatorSeries.Change(
            owner: keys.institutionKeys[placed.place.institution], period: placed.place.period.packed,
            value: placed.write.value, version: version))
      }, session)
  }

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

/// New values that need nothing said about them, many to a statement.
private struct FactInserter {
  /// Rows of one statement: enough that its fixed cost does not show.
  private static let rows = 32

  private let session: WriteSession
  private let common: [SQLValue]
  private var waiting: [SQLValue]

  init(reporter: String, now: Instant, _ session: WriteSession) {
    self.session = session
    common = [.integer(now.microseconds), .text(reporter)]
    waiting = common
    waiting.reserveCapacity(common.count + Self.rows * Self.columns)
  }

  mutating func add(_ place: [SQLValue], value: Int64, daysLate: Int) throws {
    waiting += place
    waiting.append(.integer(value))
    waiting.append(.integer(Int64(daysLate)))
    if waiting.count == common.count + Self.rows * Self.columns {
      try session.execute(Self.many, waiting)
      waiting.removeAll(keepingCapacity: true)
      waiting += common
    }
  }

  /// Inserts what is left, a row a statement: statements of every length would be compiled.
  mutating func flush() throws {
    for start in stride(from: common.count, to: waiting.count, by: Self.columns) {
      try session.execute(Self.one, common + waiting[start..<start + Self.columns])
    }
    waiting = common
  }

  private static let columns = 5
  private static let one = statement(1)
  private static let many = statement(rows)

  /// OR FAIL: whatever fails undoes the whole command, so that SQLite need not keep a journal to undo the statement alone.
  private static func statement(_ rows: Int) -> String {
    let values = (0..<rows).map { row in
      let first = 3 + row * columns
      return "(?\(first), ?\(first + 1), ?\(first + 2), ?\(first + 3), 1, ?1, ?\(first + 4), ?2, '', '')"
    }
    return """
      INSERT OR FAIL INTO fact (indicator_key, institution_key, period_code, value, version, record_time_micros,
        days_late, reporter, evidence, confirmer) VALUES \(values.joined(separator: ", "))
      """
  }
}
