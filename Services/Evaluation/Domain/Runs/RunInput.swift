package import Kernel

/// One value that a run reads, frozen with the version it had.
package struct InputFact: Hashable, Sendable {
  package var institutionID: String
  package var indicatorID: String
  package var period: Period
  package var value: Int64
  package var version: Int64

  package init(institutionID: String, indicatorID: String, period: Period, value: Int64, version: Int64) {
    self.institutionID = institutionID
    self.indicatorID = indicatorID
    self.period = period
    self.value = value
    self.version = version
  }
}

/// What a run was asked for.
package struct RunScope: Hashable, Sendable {
  package var period: Period
  /// Empty for all.
  package var peerGroup: String
  /// Empty for all that the scheme covers; sorted, each once.
  package var institutionIDs: [String]

  package init(period: Period, peerGroup: String = "", institutionIDs: [String] = []) {
    self.period = period
    self.peerGroup = peerGroup
    self.institutionIDs = Set(institutionIDs).sorted()
  }
}

/// Everything that a result depends on, in one canonical order whatever the order it was loaded in.
package struct RunInput: Sendable {
  package let scheme: Scheme
  package let scope: RunScope
  package let policyDigest: String
  /// The scheme's indicators and those they derive from, by id.
  package let indicators: [Indicator]
  /// Institutions under evaluation, by id.
  package let institutions: [Institution]
  /// In the order of the indicators and institutions.
  package let facts: FactColumns

  /// Keeps of what was loaded the institutions inside the scope and the facts inside the spans that the scheme reads.
  /// - Throws: `SCHEME_INVALID` when an indicator is unknown; `INVALID_ARGUMENT` when the period does not fit one.
  package init(
    scheme: Scheme, scope: RunScope, policyDigest: String, dictionary: (String) -> Indicator?,
    institutions: [Institution], facts: [InputFact]
  ) throws(DomainError) {
    let needs = try RunNeeds(scheme: scheme, period: scope.period, dictionary: dictionary)
    let covered = scope.covered(institutions, by: scheme)
    self.init(
      frozen: scheme, scope: scope, policyDigest: policyDigest, indicators: needs.indicators, institutions: covered,
      facts: try FactColumns(facts, needs: needs, institutions: covered))
  }

  /// For what is already filtered and ordered: a run that is read back, and facts that were gathered for it.
  package init(
    frozen scheme: Scheme, scope: RunScope, policyDigest: String, indicators: [Indicator],
    institutions: [Institution], facts: FactColumns
  ) {
    self.scheme = scheme
    self.scope = scope
    self.policyDigest = policyDigest
    self.indicators = indicators
    self.institutions = institutions
    self.facts = facts
  }
}

extension RunScope {
  /// The institutions under evaluation, by id.
  package func covered(_ institutions: [Institution], by scheme: Scheme) -> [Institution] {
    let chosen = Set(institutionIDs)
    return institutions.filter {
      scheme.covers($0) && (peerGroup.isEmpty || $0.peerGroup == peerGroup)
        && (chosen.isEmpty || chosen.contains($0.id))
    }.sorted { $0.id < $1.id }
  }
}

/// Which facts a scheme reads for a period: base indicators with the spans they are read in.
package struct RunNeeds: Sendable {
  package let indicators: [Indicator]
  private var spans: [String: Set<Period>] = [:]

  package init(scheme: Scheme, period: Period, dictionary: (String) -> Indicator?) throws(DomainError) {
    try self.init(indicatorIDs: scheme.indicatorIDs, period: period, dictionary: dictionary)
  }

  package init(indicatorIDs: [String], period: Period, dictionary: (String) -> Indicator?) throws(DomainError) {
    try self.init(indicatorIDs: indicatorIDs, periods: [period], dictionary: dictionary)
  }

  package init(indicatorIDs: [String], periods: [Period], dictionary: (String) -> Indicator?) throws(DomainError) {
    var found: [String: Indicator] = [:]
    var spans: [String: Set<Period>] = [:]
    func need(_ id: String, _ span: Period) throws(DomainError) {
      guard let indicator = found[id] ?? dictionary(id) else {
        throw DomainError(.schemeInvalid, "indicator \"\(id)\" is not in the dictionary")
      }
      found[id] = indicator
      guard let derivation = indicator.derivation else {
        spans[id, default: []].insert(span)
        return
      }
      let read = try derivation.spans(for: span, of: id)
      for base in derivation.bases {
        for span in read { try need(base, span) }
      }
    }
    for id in indicatorIDs {
      for period in periods { try need(id, period) }
    }
    indicators = found.values.sorted { $0.id < $1.id }
    self.spans = spans
  }

  /// Base indicators and the earliest and latest month that is read of any.
  package var baseIndicatorIDs: [String] { spans.keys.sorted() }
  package var firstMonth: Int32 { spans.values.flatMap { $0 }.map(\.firstMonth).min() ?? 0 }
  package var endMonth: Int32 { spans.values.flatMap { $0 }.map(\.endMonth).max() ?? 0 }

  /// What is read of one indicator.
  struct Reading {
    let spans: [Period]
    /// Whether values of parts of a span are read too.
    let readsParts: Bool

    /// Whether every month from the first to the last is in a span.
    var isWithoutGap: Bool {
      var end: Int32?
      for span in spans.sorted() {
        if let end, span.firstMonth > end { return false }
        end = max(end ?? span.endMonth, span.endMonth)
      }
      return true
    }

    func reads(_ period: Period) -> Bool {
      for span in spans where readsParts ? span.contains(period) : span == period { return true }
      return false
    }
  }

  func reading(_ indicator: Indicator) -> Reading {
    Reading(spans: Array(spans[indicator.id] ?? []), readsParts: indicator.aggregation != .none)
  }
}

extension Derivation {
  /// The spans in which the bases are read: the period itself, or the current and the previous window.
  /// - Throws: `INVALID_ARGUMENT` when a window of years meets a period that is not made of years.
  func spans(for period: Period, of id: String) throws(DomainError) -> [Period] {
    switch self {
    case .ratio: return [period]
    case .increment(_, let years), .growth(_, let years):
      if years == 0 { return [period, period.previous] }
      guard let current = period.last(years: years) else {
        throw .invalid("period", "indicator \"\(id)\" compares whole years; \(period) is not made of them")
      }
      return [current, current.previous]
    }
  }
}
