package import Kernel

/// What rows of a query are told apart by, in the order in which they are sorted. The indicator always comes first.
package enum QueryDimension: String, Sendable, Hashable, CaseIterable {
  case region, peerGroup, type, institution, period
}

/// Sums of facts of one length of period. Institutions count by where they belong now.
package struct FactQuery: Sendable, Hashable {
  package var indicatorIDs: [String]
  package var periodMonths: Int
  package var from: Period?
  package var to: Period?
  package var dimensions: Set<QueryDimension>
  package var regionDigits: Int
  package var regionPrefixes: [String]
  package var peerGroups: [String]
  package var types: [String]
  package var institutionIDs: [String]

  package init(
    indicatorIDs: [String], periodMonths: Int, from: Period? = nil, to: Period? = nil,
    dimensions: Set<QueryDimension> = [], regionDigits: Int = 0, regionPrefixes: [String] = [],
    peerGroups: [String] = [], types: [String] = [], institutionIDs: [String] = []
  ) {
    self.indicatorIDs = indicatorIDs
    self.periodMonths = periodMonths
    self.from = from
    self.to = to
    self.dimensions = dimensions
    self.regionDigits = regionDigits
    self.regionPrefixes = regionPrefixes
    self.peerGroups = peerGroups
    self.types = types
    self.institutionIDs = institutionIDs
  }

  /// 省, 市, 县, 乡镇, 村居.
  package static let acceptedRegionDigits = [2, 4, 6, 9, 12]
  package static let acceptedMonths = [1, 3, 6, 12]
  package static let maximumIndicators = 50
  package static let maximumFilters = 1000

  /// Whether the query tells institutions apart: only then is the table read, otherwise the columns in memory.
  package var readsInstitutions: Bool { dimensions.contains(.institution) || !institutionIDs.isEmpty }

  /// - Throws: `INVALID_ARGUMENT`, `INVALID_REGION`, `BATCH_TOO_LARGE` naming the field.
  package func validate() throws(DomainError) {
    guard (1...Self.maximumIndicators).contains(indicatorIDs.count), Set(indicatorIDs).count == indicatorIDs.count
    else { throw .invalid("indicator_ids", "1 to \(Self.maximumIndicators) indicators, each once") }
    guard Self.acceptedMonths.contains(periodMonths) else { throw .invalid("period_months", "1, 3, 6 or 12") }
    for (field, period) in [("from_period", from), ("to_period", to)] {
      if let period, period.months != Int32(periodMonths) {
        throw .invalid(field, "\(period) is not \(periodMonths) months long")
      }
    }
    if let from, let to, to < from { throw .invalid("to_period", "not before from_period") }
    if dimensions.contains(.region) {
      guard Self.acceptedRegionDigits.contains(regionDigits) else {
        throw .invalid("region_digits", "2, 4, 6, 9 or 12 with the region as a dimension")
      }
    } else if regionDigits != 0 {
      throw .invalid("region_digits", "only with the region as a dimension")
    }
    for (index, prefix) in regionPrefixes.enumerated() where !EvaluationID.isRegionCode(prefix) {
      throw DomainError(.invalidRegion, "a region code has 2 to 12 digits", field: "region_prefixes[\(index)]")
    }
    for (field, list) in [
      ("region_prefixes", regionPrefixes), ("peer_groups", peerGroups), ("types", types),
      ("institution_ids", institutionIDs),
    ] where list.count > Self.maximumFilters {
      throw DomainError(.batchTooLarge, "at most \(Self.maximumFilters) values", field: field)
    }
  }
}

/// One row of an answer.
package struct QueryRow: Sendable, Hashable {
  /// Indicator, then the asked-for dimensions in their order but the period.
  package var key: [String]
  /// `nil` when the period is no dimension.
  package var period: Period?
  package var count: Int64
  package var sum: Int128
  /// Sum over the latest period among the facts.
  package var last: Int128
  package var lastPeriod: Period

  package init(key: [String], period: Period?, count: Int64, sum: Int128, last: Int128, lastPeriod: Period) {
    self.key = key
    self.period = period
    self.count = count
    self.sum = sum
    self.last = last
    self.lastPeriod = lastPeriod
  }

  /// Rounded half away from zero.
  package func mean() throws(DomainError) -> Int64 { try ExactRatio.round(sum, dividedBy: Int128(count)) }

  package func value(_ dimension: QueryDimension, in query: FactQuery) -> String {
    if dimension == .period { return period?.description ?? "" }
    let asked = QueryDimension.allCases.filter { $0 != .period && query.dimensions.contains($0) }
    guard let index = asked.firstIndex(of: dimension), key.count > index + 1 else { return "" }
    return key[index + 1]
  }
}

/// One region in a ranking of regions.
package struct RegionRank: Sendable, Hashable {
  package var rank: Int
  package var region: String
  package var value: ValueResolver.Value
  package var institutions: Int

  package init(rank: Int, region: String, value: ValueResolver.Value, institutions: Int) {
    self.rank = rank
    self.region = region
    self.value = value
    self.institutions = institutions
  }
}

extension ProgressBoard {
  /// Regions by the sums of their institutions: best first, equals share the best place, those without a value last.
  /// Institutions whose code is shorter than `digits` belong to none.
  /// - Throws: `INVALID_ARGUMENT` when the indicator cannot be summed; `AMOUNT_OVERFLOW`.
  package func rankRegions(
    by indicatorID: String, in period: Period, digits: Int, prefix: String
  ) throws(DomainError) -> [RegionRank] {
    guard let indicator = indicators[indicatorID] else { throw .notFound("indicators/\(indicatorID)") }
    guard indicator.isSummable(dictionary: { indicators[$0] }) else {
      throw .invalid("indicator_id", "\(indicator.id) cannot be summed over institutions")
    }
    var members: [String: [Int]] = [:]
    for (index, institution) in institutions.enumerated() {
      guard institution.regionCode.utf8.count >= digits, institution.regionCode.hasPrefix(prefix) else { continue }
      members[String(institution.regionCode.prefix(digits)), default: []].append(index)
    }
    var ranked: [RegionRank] = []
    var absent: [RegionRank] = []
    for region in members.keys.sorted() {
      let inside = members[region] ?? []
      let line = RegionRank(
        rank: 0, region: region, value: try regional(indicator, in: period, members: inside),
        institutions: inside.count)
      if line.value.number == nil { absent.append(line) } else { ranked.append(line) }
    }
    let sign: Int128 = indicator.direction == .higherIsBetter ? 1 : -1
    func merit(_ line: RegionRank) -> Int128 { sign * Int128(line.value.number ?? 0) }
    ranked.sort { (merit($0), $1.region) > (merit($1), $0.region) }
    for index in ranked.indices {
      let isTied = index > 0 && merit(ranked[index]) == merit(ranked[index - 1])
      ranked[index].rank = isTied ? ranked[index - 1].rank : index + 1
    }
    return ranked + absent
  }
}
