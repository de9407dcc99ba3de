/// Every value in force of one indicator, in columns: by owner, then by period. A change makes another; what was handed out
/// stays what it was.
package struct IndicatorSeries: Hashable, Sendable {
  /// One value that took effect. An owner is an institution by a number of the store's choosing.
  package struct Change: Hashable, Sendable {
    package var owner: Int64
    /// As `Period.packed`.
    package var period: UInt32
    package var value: Int64
    package var version: UInt32
    package init(owner: Int64, period: UInt32, value: Int64, version: UInt32) {
      self.owner = owner
      self.period = period
      self.value = value
      self.version = version
    }
  }

  /// Ascending.
  package private(set) var owners: [Int64] = []
  /// Where each owner's values begin, and one more for where the last ends.
  package private(set) var starts: [Int] = [0]
  package private(set) var periods: [UInt32] = []
  package private(set) var values: [Int64] = []
  package private(set) var versions: [UInt32] = []
  /// No value is of more than a month.
  package private(set) var isMonthly = true

  package init() {}

  package var count: Int { values.count }

  /// The next value: of the last owner or a later one, of a later period than that owner's last.
  package mutating func append(_ change: Change) {
    if owners.last != change.owner {
      owners.append(change.owner)
      starts.append(values.count)
    }
    periods.append(change.period)
    values.append(change.value)
    versions.append(change.version)
    starts[owners.count] = values.count
    if change.period & 0xFFFF != 1 { isMonthly = false }
  }

  /// The series after changes, in any order; of two for one period the later counts.
  package func applying(_ changes: [Change]) -> IndicatorSeries {
    let order = changes.indices.sorted {
      (changes[$0].owner, changes[$0].period, $0) < (changes[$1].owner, changes[$1].period, $1)
    }
    var latest: [Change] = []
    for index in order {
      if let last = latest.last, last.owner == changes[index].owner, last.period == changes[index].period {
        latest.removeLast()
      }
      latest.append(changes[index])
    }
    return merged(with: latest)
  }

  /// - Parameter changes: in order, one for each owner and period at most.
  private func merged(with changes: [Change]) -> IndicatorSeries {
    var result = IndicatorSeries()
    result.reserve(count + changes.count)
    var next = 0
    for (index, owner) in owners.enumerated() {
      for position in starts[index]..<starts[index + 1] {
        let period = periods[position]
        while next < changes.count, (changes[next].owner, changes[next].period) < (owner, period) {
          result.append(changes[next])
          next += 1
        }
        // The change that takes this value's place follows with the next turn.
        if next < changes.count, changes[next].owner == owner, changes[next].period == period { continue }
        result.append(Change(owner: owner, period: period, value: values[position], version: versions[position]))
      }
    }
    for change in changes[next...] { result.append(change) }
    return result
  }

  private mutating func reserve(_ count: Int) {
    periods.reserveCapacity(count)
    values.reserveCapacity(count)
    versions.reserveCapacity(count)
  }
}

extension FactColumns {
  /// Gathers what a run reads from the series of its indicators.
  /// - Parameters:
  ///   - owners: the numbers of the run's institutions, in their order.
  ///   - series: by indicator; `nil` for one without values.
  package init(needs: RunNeeds, owners: [Int64], series: (Indicator) throws -> IndicatorSeries?) rethrows {
    let byNumber = owners.indices.sorted { owners[$0] < owners[$1] }
    self.init(
      try needs.indicators.map { indicator in
        var builder = FactColumnBuilder(institutions: owners.count)
        guard indicator.derivation == nil, let series = try series(indicator) else {
          for _ in owners { builder.endCell() }
          return builder.column
        }
        builder.gather(series, needs.reading(indicator), cells: series.cells(of: owners, byNumber: byNumber))
        return builder.column
      })
  }
}

extension IndicatorSeries {
  /// Each owner's values.
  /// - Parameter byNumber: positions of `owners`, ascending by number.
  func cells(of owners: [Int64], byNumber: [Int]) -> [Range<Int>] {
    var cells = [Range<Int>](repeating: 0..<0, count: owners.count)
    var index = 0
    for place in byNumber {
      while index < self.owners.count, self.owners[index] < owners[place] { index += 1 }
      if index < self.owners.count, self.owners[index] == owners[place] {
        cells[place] = starts[index]..<starts[index + 1]
      }
    }
    return cells
  }

  /// The first position whose period does not begin before the month.
  fileprivate func firstPosition(from month: Int32, in range: Range<Int>) -> Int {
    let bound = UInt32(truncatingIfNeeded: month) << 16
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if periods[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension FactColumnBuilder {
  fileprivate mutating func gather(_ series: IndicatorSeries, _ reading: RunNeeds.Reading, cells: [Range<Int>]) {
    reserve(series.count)
    guard let first = reading.spans.map(\.firstMonth).min(), let end = reading.spans.map(\.endMonth).max() else {
      for _ in cells { endCell() }
      return
    }
    // Months inside spans without a gap are all read: they need not be looked at one by one.
    let takesWhole = series.isMonthly && reading.readsParts && reading.isWithoutGap
    for cell in cells {
      let low = series.firstPosition(from: first, in: cell)
      let high = series.firstPosition(from: end, in: low..<cell.upperBound)
      if takesWhole {
        append(low..<high, of: series)
      } else {
        for position in low..<high where reading.reads(Period(packed: series.periods[position])) {
          append(
            period: series.periods[position], value: series.values[position], version: series.versions[position])
        }
      }
      endCell()
    }
  }
}
