package import Kernel

/// A supposed change of one institution's value of one indicator, in the periods that end with the run's.
struct Supposition: Hashable, Sendable {
  var institution: Int
  var indicatorID: String
  var endMonth: Int32
  var change: Int64
}

/// The smallest change of one indicator that gains an institution places.
package struct SmallestChange: Sendable, Hashable {
  package var indicatorID: String
  package var unit: IndicatorUnit
  package var value: Int64
  /// 0 when none was found; `reason` then says why.
  package var change: Int64 = 0
  package var rank: Int = 0
  package var total: Int64 = 0
  /// No smaller change in the same direction gains the places.
  package var isProvenSmallest = false
  package var reason = ""

  package var isFound: Bool { change != 0 }
  package var neededValue: Int64 { value + change }
}

extension Evaluation {
  /// What would move an institution up, indicator by indicator.
  /// - Parameters:
  ///   - indicatorID: one of the scheme's indicators or of those they derive from; `nil` for all of the scheme's.
  ///   - places: 1 or more.
  /// - Throws: `RESOURCE_NOT_FOUND`.
  package func smallestChanges(
    for institutionID: String, indicatorID: String?, places wanted: Int
  ) throws(DomainError) -> (row: ScoreRow, changes: [SmallestChange]) {
    guard let place = places[institutionID] else { throw .notFound("institutions/\(institutionID)") }
    let row = tables[place.table].rows[place.row]
    let ids: [String]
    if let indicatorID {
      guard grid.indicators[indicatorID] != nil else {
        throw .invalid("indicator_id", "\"\(indicatorID)\" is not read by the scheme of the run")
      }
      ids = [indicatorID]
    } else {
      ids = input.scheme.indicatorIDs
    }
    let search = ChangeSearch(
      evaluation: self, table: tables[place.table], row: row, institution: place.institution, places: wanted)
    var changes: [SmallestChange] = []
    for id in ids { changes.append(try search.find(id)) }
    return (row, changes)
  }
}

/// Searches whole numbers; every candidate is judged by scoring the whole table with it.
private struct ChangeSearch {
  let evaluation: Evaluation
  let table: EvaluatedTable
  let row: ScoreRow
  let institution: Int
  let places: Int

  /// Up to this distance every smaller change is tried when monotony does not prove the answer.
  private static let exhaustive: Int64 = 512
  /// No change beyond this many times the largest value of the indicator is worth telling.
  private static let reach: Int64 = 1024

  private var grid: ValueGrid { evaluation.grid }
  private var period: Period { grid.input.scope.period }

  func find(_ id: String) throws(DomainError) -> SmallestChange {
    guard let indicator = grid.indicators[id] else { throw .notFound("indicators/\(id)") }
    let recorded = try grid.resolver.value(of: id, in: period, institution: institution)
    var answer = SmallestChange(indicatorID: id, unit: indicator.unit, value: recorded.number ?? 0)
    guard case .present(let value) = recorded else {
      answer.reason = "there is no value to change"
      return answer
    }
    if row.rank == 0 {
      answer.reason = "outside the table: \(row.outsideReason)"
      return answer
    }
    if row.rank <= places {
      answer.reason = row.rank == 1 ? "already first" : "only \(row.rank - 1) places are above"
      return answer
    }
    let sign: Int64 = indicator.direction == .higherIsBetter ? 1 : -1
    let limit = try self.limit(indicator, value: value, sign: sign)
    guard let bound = try firstGain(id, sign: sign, limit: limit) else {
      answer.reason = limit == 0 ? "the value is at its bound" : "no change up to \(limit) gains the places"
      return answer
    }
    var (low, high) = (bound.below, bound.at)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try gain(id, middle * sign) != nil { high = middle } else { low = middle }
    }
    answer.isProvenSmallest = Monotony(grid: grid, compiled: evaluation.compiled, institution: institution).holds(
      for: id)
    if !answer.isProvenSmallest, high <= Self.exhaustive {
      for distance in 1..<high where try gain(id, distance * sign) != nil {
        high = distance
        break
      }
      answer.isProvenSmallest = true
    }
    guard let line = try gain(id, high * sign) else {
      answer.reason = "the change found does not hold"
      return answer
    }
    answer.change = high * sign
    answer.rank = line.rank
    answer.total = line.total
    return answer
  }

  /// Doubles the change until it gains the places: the last that did not, and the first that did.
  private func firstGain(_ id: String, sign: Int64, limit: Int64) throws(DomainError) -> (below: Int64, at: Int64)? {
    var below: Int64 = 0
    var distance: Int64 = 1
    while below < limit {
      let tried = min(distance, limit)
      if try gain(id, tried * sign) != nil { return (below, tried) }
      below = tried
      distance *= 2
    }
    return nil
  }

  private func limit(_ indicator: Indicator, value: Int64, sign: Int64) throws(DomainError) -> Int64 {
    if sign < 0, !indicator.unit.allowsNegative { return max(0, value) }
    var largest: UInt64 = max(1_000_000, value.magnitude)
    for other in grid.input.institutions.indices {
      let number = try grid.resolver.value(of: indicator.id, in: period, institution: other).number
      largest = max(largest, (number ?? 0).magnitude)
    }
    let scaled = largest.multipliedReportingOverflow(by: UInt64(Self.reach))
    // A quarter of the range leaves room for the value itself.
    return scaled.overflow ? .max / 4 : Int64(min(scaled.partialValue, UInt64(Int64.max / 4)))
  }

  /// The line after the change when it gains the places. A change that no longer fits the numbers gains nothing.
  private func gain(_ id: String, _ change: Int64) throws(DomainError) -> ScoreRow? {
    let supposed: EvaluatedTable
    do throws(DomainError) {
      supposed = try evaluation.table(
        table.name,
        supposing: Supposition(
          institution: institution, indicatorID: id, endMonth: period.endMonth, change: change))
    } catch {
      if error.reason == .amountOverflow { return nil }
      throw error
    }
    guard let line = supposed.rows.first(where: { $0.institutionID == row.institutionID }), line.rank > 0,
      line.rank <= row.rank - places
    else { return nil }
    return line
  }
}

extension Evaluation {
  /// One table scored again after a supposed change.
  func table(_ name: String, supposing supposition: Supposition) throws(DomainError) -> EvaluatedTable {
    let members = input.institutions.indices.filter {
      input.scheme.tableScope == .whole || input.institutions[$0].peerGroup == name
    }
    return try TableEvaluator(
      name: name, members: members, grid: try grid.supposing(supposition), compiled: compiled
    ).table(isExplained: false)
  }
}
