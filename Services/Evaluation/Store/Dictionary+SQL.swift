import EvaluationDomain
import Kernel
import Storage
import Synchronization

/// The dictionary and the register as sessions read and write them.
enum DictionarySQL {
  static func indicator(
    _ id: String, _ session: ReadSession, _ documents: IndicatorDocuments = IndicatorDocuments()
  ) throws -> Indicator? {
    try session.first("SELECT document FROM indicator WHERE id = ?", [.text(id)]) {
      try documents.read(try $0.text(0), of: id)
    }
  }

  static func allIndicators(
    _ session: ReadSession, _ documents: IndicatorDocuments = IndicatorDocuments()
  ) throws -> [String: Indicator] {
    var found: [String: Indicator] = [:]
    try session.scan("SELECT id, document FROM indicator") { row in
      let id = try row.text(0)
      found[id] = try documents.read(try row.text(1), of: id)
      return true
    }
    return found
  }

  static func insert(_ indicator: Indicator, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO indicator (id, document) VALUES (?, ?)",
      [.text(indicator.id), .text(try Document.text(indicator))])
  }

  static let institutionColumns =
    "id, title, peer_group, region_code, type, first_year, registered_by_feed, create_time_micros, employer_id"

  static func institution(_ row: Row, _ offset: Int = 0) throws -> Institution {
    Institution(
      id: try row.text(offset), title: try row.text(offset + 1), peerGroup: try row.text(offset + 2),
      regionCode: try row.text(offset + 3), type: try row.text(offset + 4), firstYear: try row.int(offset + 5),
      registeredByFeed: try row.flag(offset + 6), employerID: try row.text(offset + 8),
      createTime: Instant(microseconds: try row.int64(offset + 7)))
  }

  static func institution(_ id: String, _ session: ReadSession) throws -> Institution? {
    try session.first("SELECT \(institutionColumns) FROM institution WHERE id = ?", [.text(id)]) {
      try institution($0)
    }
  }

  static func insert(_ institution: Institution, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO institution (\(institutionColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(institution.id), .text(institution.title), .text(institution.peerGroup), .text(institution.regionCode),
        .text(institution.type), .integer(Int64(institution.firstYear)), .flag(institution.registeredByFeed),
        .integer(institution.createTime.microseconds), .text(institution.employerID),
      ])
  }

  static func update(_ institution: Institution, _ session: WriteSession) throws {
    try session.execute(
      """
      UPDATE institution SET title = ?, peer_group = ?, region_code = ?, type = ?, first_year = ?,
        registered_by_feed = ?, employer_id = ? WHERE id = ?
      """,
      [
        .text(institution.title), .text(institution.peerGroup), .text(institution.regionCode),
        .text(institution.type), .integer(Int64(institution.firstYear)), .flag(institution.registeredByFeed),
        .text(institution.employerID), .text(institution.id),
      ])
  }
}

/// Indicators as they were last read from their documents: facts, runs and questions name the same few again and again.
final class IndicatorDocuments: Sendable {
  /// Beyond so many everything is read anew.
  private static let capacity = 1000

  private let known = Mutex<[String: (document: String, indicator: Indicator)]>([:])

  func read(_ document: String, of id: String) throws -> Indicator {
    try known.withLock { known in
      if let entry = known[id], entry.document == document { return entry.indicator }
      let indicator: Indicator = try Document.read(document)
      if known.count >= Self.capacity { known = [:] }
      known[id] = (document, indicator)
      return indicator
    }
  }
}
