package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func cursor(_ source: FeedSource) async throws -> Int64 {
    try await store.read { try FeedSQL.cursor(source, $0) }
  }

  package func apply(
    _ events: [FeedEvent], from source: FeedSource, now: Instant
  ) async throws -> (cursor: Int64, gap: Bool) {
    try await store.write(at: now) { [documents] session in
      let before = try FeedSQL.cursor(source, session)
      var cursor = before
      var gap = false
      var sums = FeedSums()
      for event in events {
        switch FeedDecision.decide(cursor: cursor, sequence: event.sequence) {
        case .alreadyApplied: continue
        case .gap: gap = true
        case .apply:
          sums.add(event)
          cursor = event.sequence
        }
        if gap { break }
      }
      if cursor > before {
        try FeedSQL.add(sums, source, documents, now: now, session)
        try FeedSQL.advance(source, to: cursor, now: now, session)
        if !sums.isEmpty {
          try session.append(
            event: try Document.event(
              "feed.applied", "feeds/\(source.rawValue)", "evaluation",
              ["after": .number(before), "through": .number(cursor)]))
        }
      }
      return (cursor, gap)
    }
  }
}

/// What a batch of events adds, one sum for each institution, indicator and month.
struct FeedSums {
  private(set) var sums: [FactKey: Int128] = [:]
  private(set) var indicators: [String: FeedIndicator.Entry] = [:]
  var isEmpty: Bool { sums.isEmpty }

  mutating func add(_ event: FeedEvent) {
    let month = Period.month(event.day)
    for effect in event.effects {
      indicators[effect.entry.id] = effect.entry
      let key = FactKey(institutionID: effect.institutionID, indicatorID: effect.entry.id, period: month)
      sums[key, default: 0] += Int128(effect.amount)
    }
  }
}

enum FeedSQL {
  static func cursor(_ source: FeedSource, _ session: ReadSession) throws -> Int64 {
    try session.first("SELECT sequence FROM feed_cursor WHERE source = ?", [.text(source.rawValue)]) {
      try $0.int64(0)
    } ?? 0
  }

  static func advance(_ source: FeedSource, to sequence: Int64, now: Instant, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO feed_cursor (source, sequence, apply_time_micros) VALUES (?, ?, ?)
      ON CONFLICT (source) DO UPDATE SET sequence = excluded.sequence, apply_time_micros = excluded.apply_time_micros
      """, [.text(source.rawValue), .integer(sequence), .integer(now.microseconds)])
  }

  static func add(
    _ sums: FeedSums, _ source: FeedSource, _ documents: IndicatorDocuments, now: Instant, _ session: WriteSession
  ) throws {
    for entry in sums.indicators.values.sorted(by: { $0.id < $1.id })
    where try DictionarySQL.indicator(entry.id, session) == nil {
      try DictionarySQL.insert(entry.indicator(createTime: now), session)
    }
    for id in Set(sums.sums.keys.map(\.institutionID)).sorted()
    where try DictionarySQL.institution(id, session) == nil {
      try DictionarySQL.insert(.met(inFeed: id, now: now), session)
    }
    let keys = try FactKeys(
      indicators: Set(sums.indicators.keys), institutions: Set(sums.sums.keys.map(\.institutionID)), documents,
      session)
    let current = try FactSQL.current(Array(sums.sums.keys), keys, session)
    var writes: [FactIntake.Write] = []
    for (key, sum) in sums.sums {
      let before = current[key]
      guard let value = Int64(exactly: sum + Int128(before?.value ?? 0)) else {
        throw DomainError.amountOverflow("\(key.indicatorID)")
      }
      writes.append(
        FactIntake.Write(
          key: key, value: value, version: (before?.version ?? 0) + 1, evidence: "", reason: "", daysLate: 0))
    }
    try FactSQL.write(try keys.placed(writes), keys, reporter: "feed:\(source.rawValue)", now: now, session)
  }
}

extension Institution {
  /// An institution that an event names before anyone registered it.
  static func met(inFeed id: String, now: Instant) -> Institution {
    Institution(
      id: id, title: id, peerGroup: unassignedPeerGroup, type: "unknown", registeredByFeed: true, createTime: now)
  }
}
