/// Who counts in a query, by where they belong, and the sums of their values from columns. Used when the query does not tell
/// institutions apart.
package struct QueryPlaces: Sendable {
  /// An institution by the number that series know it by.
  package struct Member: Sendable, Hashable {
    package var number: Int64
    package var regionCode: String
    package var peerGroup: String
    package var type: String
    package init(number: Int64, regionCode: String, peerGroup: String, type: String) {
      self.number = number
      self.regionCode = regionCode
      self.peerGroup = peerGroup
      self.type = type
    }
  }

  private let query: FactQuery
  /// The dimensions of each place but the period, ascending.
  private let keys: [[String]]
  /// Members' numbers, place after place.
  private let owners: [Int64]
  /// Where each place's members begin, and one more for where the last ends.
  private let starts: [Int]
  /// Positions of `owners`, ascending by number.
  private let byNumber: [Int]

  /// - Parameter members: everyone; the query's filters say who counts.
  package init(_ query: FactQuery, members: some Sequence<Member>) {
    self.query = query
    let (groups, types) = (Set(query.peerGroups), Set(query.types))
    var places: [[String]: [Int64]] = [:]
    for member in members {
      guard groups.isEmpty || groups.contains(member.peerGroup), types.isEmpty || types.contains(member.type),
        query.regionPrefixes.isEmpty || query.regionPrefixes.contains(where: member.regionCode.hasPrefix)
      else { continue }
      places[Self.key(member, query), default: []].append(member.number)
    }
    let ordered = places.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    keys = ordered.map(\.key)
    let owners = ordered.flatMap(\.value)
    self.owners = owners
    var starts = [0]
    for place in ordered { starts.append(starts[starts.count - 1] + place.value.count) }
    self.starts = starts
    byNumber = owners.indices.sorted { owners[$0] < owners[$1] }
  }

  private static func key(_ member: Member, _ query: FactQuery) -> [String] {
    var key: [String] = []
    if query.dimensions.contains(.region) { key.append(String(member.regionCode.prefix(query.regionDigits))) }
    if query.dimensions.contains(.peerGroup) { key.append(member.peerGroup) }
    if query.dimensions.contains(.type) { key.append(member.type) }
    return key
  }

  /// One indicator's rows in order.
  /// - Parameter after: rows up to this one are left out.
  package func rows(
    of indicatorID: String, in series: IndicatorSeries, after: QueryPosition?, limit: Int
  ) -> [QueryRow] {
    let hasPeriod = query.dimensions.contains(.period)
    var fold = QueryFold(indicatorID: indicatorID, keepsPeriod: hasPeriod, limit: limit)
    guard var sums = PeriodSums(series, query) else { return [] }
    let cells = series.cells(of: owners, byNumber: byNumber)
    for (place, key) in keys.enumerated() {
      var last: Period?
      if let after, !after.key.lexicographicallyPrecedes(key) {
        guard after.key == key, let period = after.period else { continue }
        last = period
      }
      for member in starts[place]..<starts[place + 1] { sums.add(series, cells[member]) }
      for (period, count, sum) in sums.taken() where last.map({ $0 < period }) ?? true {
        if !fold.take(key, period, facts: count, sum) { return fold.rows }
      }
    }
    return fold.rows
  }
}

/// Sums by period, for one place after another.
private struct PeriodSums {
  private let months: UInt32
  /// Packed periods of the query's length between these count.
  private let first: UInt32
  private let last: UInt32
  private let firstMonth: UInt32
  private var counts: [Int64]
  private var sums: [Int128]

  /// `nil` when no value is of a period that counts.
  init?(_ series: IndicatorSeries, _ query: FactQuery) {
    let (months, first, last) = (UInt32(query.periodMonths), query.from?.packed ?? 0, query.to?.packed ?? .max)
    var (low, high) = (UInt32.max, UInt32.min)
    series.periods.withUnsafeBufferPointer { periods in
      for period in periods where period & 0xFFFF == months && first <= period && period <= last {
        low = min(low, period)
        high = max(high, period)
      }
    }
    guard low <= high else { return nil }
    (self.months, self.first, self.last) = (months, first, last)
    firstMonth = low >> 16
    let slots = Int((high >> 16 - firstMonth) / months) + 1
    counts = [Int64](repeating: 0, count: slots)
    sums = [Int128](repeating: 0, count: slots)
  }

  /// The inner loop of every question: millions of values, through pointers whose bounds are those of the series and of its
  /// first and last period.
  mutating func add(_ series: IndicatorSeries, _ positions: Range<Int>) {
    let (months, first, last, firstMonth) = (months, first, last, firstMonth)
    counts.withUnsafeMutableBufferPointer { counts in
      sums.withUnsafeMutableBufferPointer { sums in
        series.periods.withUnsafeBufferPointer { periods in
          series.values.withUnsafeBufferPointer { values in
            for position in positions {
              let period = periods[position]
              guard period & 0xFFFF == months, first <= period, period <= last else { continue }
              let offset = period >> 16 &- firstMonth
              let slot = Int(months == 1 ? offset : offset / months)
              counts[slot] &+= 1
              // 2⁶³ values of the largest magnitude would fit.
              sums[slot] &+= Int128(values[position])
            }
          }
        }
      }
    }
  }

  /// The periods with values, in order; starts anew.
  mutating func taken() -> [(period: Period, count: Int64, sum: Int128)] {
    var found: [(period: Period, count: Int64, sum: Int128)] = []
    for slot in counts.indices where counts[slot] > 0 {
      let period = (firstMonth + UInt32(slot) * months) << 16 | months
      found.append((Period(packed: period), counts[slot], sums[slot]))
      (counts[slot], sums[slot]) = (0, 0)
    }
    return found
  }
}
