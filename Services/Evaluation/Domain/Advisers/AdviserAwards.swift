package import Kernel

/// The advisers whom an annual appraisal names excellent (优秀金融顾问), and what their institutions gain by it.
/// Source: 青金监〔2022〕31号: a proportion of the appraised is named each year and their institutions gain evaluation
/// points. The document states no proportion, so whoever names says it.
package struct AdviserAwards: Sendable, Hashable, Codable {
  package struct Award: Sendable, Hashable, Codable {
    package var adviserID: String
    package var title: String
    package var table: String
    package var rank: Int
    package var total: Int64
    /// The institution that nominated the adviser; empty when none did.
    package var employerID: String

    package init(adviserID: String, title: String, table: String, rank: Int, total: Int64, employerID: String) {
      self.adviserID = adviserID
      self.title = title
      self.table = table
      self.rank = rank
      self.total = total
      self.employerID = employerID
    }
  }

  package var runID: String
  package var period: String
  package var proportionPPM: Int64
  package var awards: [Award]
  /// `organisation/person`.
  package var namer: String
  package var nameTime: Instant

  package init(
    runID: String, period: String, proportionPPM: Int64, awards: [Award], namer: String, nameTime: Instant
  ) {
    self.runID = runID
    self.period = period
    self.proportionPPM = proportionPPM
    self.awards = awards
    self.namer = namer
    self.nameTime = nameTime
  }

  /// The indicator that counts an institution's excellent advisers of a year: schemes give bonus points by it. Every
  /// dictionary has it.
  package static let indicatorID = "adviser.excellent"

  /// The best of each table: as many as the proportion allows, rounded down, never more. Where equals share the last place
  /// and not all of them fit, none of them is named.
  /// - Parameters:
  ///   - rows: of the run, with each adviser's institution.
  ///   - proportionPPM: 1 to 1 000 000.
  package static func named(_ rows: [ScoreRow], proportionPPM: Int64) -> [ScoreRow] {
    var tables: [String: [ScoreRow]] = [:]
    for row in rows where row.rank > 0 { tables[row.table, default: []].append(row) }
    return tables.keys.sorted().flatMap { name -> [ScoreRow] in
      let ranked = (tables[name] ?? []).sorted { ($0.rank, $0.institutionID) < ($1.rank, $1.institutionID) }
      let allowed = Int(Int128(ranked.count) * Int128(proportionPPM) / 1_000_000)
      guard allowed < ranked.count else { return ranked }
      let firstOutside = ranked[allowed].rank
      return ranked.prefix(allowed).filter { $0.rank < firstOutside }
    }
  }

  /// Excellent advisers of each institution.
  package var countsByEmployer: [String: Int64] {
    var counts: [String: Int64] = [:]
    for award in awards where !award.employerID.isEmpty { counts[award.employerID, default: 0] += 1 }
    return counts
  }
}

extension Run {
  /// Whether advisers may be named on this run.
  /// - Throws: `STATE_CONFLICT` unless it is a published annual appraisal of one year.
  package func requireAnnualAppraisal() throws(DomainError) -> Period {
    let period = try Period(period)
    guard state == .published, period.months == 12 else {
      throw DomainError(
        .stateConflict,
        "advisers are named on a published appraisal of one year; runs/\(id) is \(state.rawValue) of \(period)",
        metadata: ["state": state.rawValue])
    }
    return period
  }
}
