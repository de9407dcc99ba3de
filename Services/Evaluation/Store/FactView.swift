import EvaluationDomain
import Kernel
import Storage
import Synchronization

/// The values in force, by indicator, in columns in memory: what runs, boards and region ranks read instead of the table.
///
/// An indicator is loaded when it is first asked for, and brought up to each reader's own snapshot by what `fact_change`
/// says was written since. Nothing depends on it being there: a reader whose snapshot is older than the view, or for whom
/// there is no room, reads the table. Least recently used indicators make room for others.
package final class FactView: Sendable {
  /// 256 MB: a value takes 16 bytes.
  package static let defaultCapacity = 16_000_000

  private struct Kept {
    var series: IndicatorSeries
    var lastUse: Int
  }

  private struct State {
    /// The last change that the kept series hold.
    var sequence: Int64 = 0
    var kept: [Int64: Kept] = [:]
    var uses = 0

    var count: Int { kept.values.reduce(0) { $0 + $1.series.count } }
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) { self.capacity = capacity }

  /// Values kept at the moment.
  package var count: Int { state.withLock { $0.count } }

  /// What a run reads of some institutions.
  /// - Parameter owners: their numbers, in the order of the run.
  func columns(_ needs: RunNeeds, of owners: [Int64], _ session: ReadSession) throws -> FactColumns {
    let series = try series(needs.baseIndicatorIDs, session)
    return FactColumns(needs: needs, owners: owners) { series[$0.id] }
  }

  /// The indicators' values as the session sees them.
  func series(_ ids: [String], _ session: ReadSession) throws -> [String: IndicatorSeries] {
    var keys: [(id: String, key: Int64)] = []
    for id in ids {
      let key = try session.first("SELECT indicator_key FROM indicator WHERE id = ?", [.text(id)]) { try $0.int64(0) }
      if let key { keys.append((id, key)) }
    }
    let head = try ChangeSQL.head(session)
    var found: [String: IndicatorSeries] = [:]
    if capacity == 0 {
      for (id, key) in keys { found[id] = try ChangeSQL.series(key, session) }
      return found
    }
    try state.withLock { state in
      if state.sequence < head {
        do { try Self.catchUp(&state, to: head, session) } catch {
          // Half caught up is nothing. Changes that cannot be read are as good as gone: the table has the values.
          state = State()
          guard error is DomainError else { throw error }
          state.sequence = head
        }
        makeRoom(for: 0, &state)
      }
      for (id, key) in keys {
        if state.sequence == head, let kept = state.kept[key] {
          found[id] = kept.series
        } else {
          let series = try ChangeSQL.series(key, session)
          found[id] = series
          if state.sequence == head { keep(series, key, &state) }
        }
        state.uses += 1
        state.kept[key]?.lastUse = state.uses
      }
    }
    return found
  }

  private static func catchUp(_ state: inout State, to head: Int64, _ session: ReadSession) throws {
    if state.kept.isEmpty {
      state.sequence = head
      return
    }
    if let changes = try ChangeSQL.changes(after: state.sequence, session) {
      for (key, changes) in changes {
        if let series = state.kept[key]?.series { state.kept[key]?.series = series.applying(changes) }
      }
    } else {
      // What happened in between is no longer told.
      state.kept = [:]
    }
    state.sequence = head
  }

  private func keep(_ series: IndicatorSeries, _ key: Int64, _ state: inout State) {
    guard series.count <= capacity else { return }
    makeRoom(for: series.count, &state)
    state.kept[key] = Kept(series: series, lastUse: state.uses)
  }

  private func makeRoom(for count: Int, _ state: inout State) {
    while state.count + count > capacity, let oldest = state.kept.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      state.kept[oldest.key] = nil
    }
  }
}

/// Values by indicator, and what was written of them lately.
enum ChangeSQL {
  /// Changes that are told to those who keep values; who missed more reads everything again.
  static let retained: Int64 = 1_000_000

  struct Change {
    var indicator: Int64
    var change: IndicatorSeries.Change
  }

  static func head(_ session: ReadSession) throws -> Int64 {
    try session.first("SELECT max(sequence) FROM fact_change", []) { try $0.optionalInt64(0) ?? 0 } ?? 0
  }

  static func series(_ indicator: Int64, _ session: ReadSession) throws -> IndicatorSeries {
    var series = IndicatorSeries()
    try session.scan(
      """
      SELECT institution_key, period_code, value, version FROM fact WHERE indicator_key = ?
      ORDER BY institution_key, period_code
      """, [.integer(indicator)]
    ) { row in
      series.append(
        IndicatorSeries.Change(
          owner: try row.int64(0), period: try packed(try row.int64(1)), value: try row.int64(2),
          version: try version(try row.int64(3))))
      return true
    }
    return series
  }

  private static func packed(_ code: Int64) throws -> UInt32 {
    guard let packed = Period.packed(code: code) else {
      throw StorageError(.columnType, "\(code) is not the code of a period")
    }
    return packed
  }

  private static func version(_ number: Int64) throws -> UInt32 {
    guard let version = UInt32(exactly: number) else {
      throw StorageError(.columnType, "version \(number) does not fit 32 bits")
    }
    return version
  }

  /// Appends what a command writes.
  /// - Parameter changes: those of one institution and indicator one after another.
  static func record(_ changes: [Change], _ session: WriteSession) throws {
    if changes.isEmpty { return }
    var writer = NumberWriter()
    writer.unsigned(UInt64(changes.count))
    var start = 0
    while start < changes.count {
      let (indicator, owner) = (changes[start].indicator, changes[start].change.owner)
      let end =
        changes[start...].firstIndex { $0.indicator != indicator || $0.change.owner != owner } ?? changes.count
      writer.signed(indicator)
      writer.signed(owner)
      writer.unsigned(UInt64(end - start))
      for entry in changes[start..<end] {
        writer.unsigned(UInt64(entry.change.period))
        writer.signed(entry.change.value)
        writer.unsigned(UInt64(entry.change.version))
      }
      start = end
    }
    let sequence = try head(session) + Int64(changes.count)
    try session.execute(
      "INSERT INTO fact_change (sequence, changes) VALUES (?, ?)", [.integer(sequence), .blob(writer.bytes)])
    try session.execute("DELETE FROM fact_change WHERE sequence <= ?", [.integer(sequence - retained)])
  }

  /// What was written after a change, by indicator, in order; `nil` when some of it is no longer there.
  static func changes(
    after sequence: Int64, _ session: ReadSession
  ) throws -> [Int64: [IndicatorSeries.Change]]? {
    var found: [Int64: [IndicatorSeries.Change]] = [:]
    var expected = sequence
    var isWhole = true
    try session.scan(
      "SELECT sequence, changes FROM fact_change WHERE sequence > ? ORDER BY sequence", [.integer(sequence)]
    ) { row in
      var reader = NumberReader(try row.blob(1))
      let (last, count) = (try row.int64(0), try reader.count())
      guard last - Int64(count) == expected else {
        isWhole = false
        return false
      }
      expected = last
      while !reader.isAtEnd {
        let indicator = try reader.signed()
        let owner = try reader.signed()
        for _ in 0..<(try reader.count()) {
          let period = UInt32(truncatingIfNeeded: try reader.unsigned())
          let value = try reader.signed()
          let version = UInt32(truncatingIfNeeded: try reader.unsigned())
          found[indicator, default: []].append(
            IndicatorSeries.Change(owner: owner, period: period, value: value, version: version))
        }
      }
      return true
    }
    return isWhole ? found : nil
  }
}
