package import Kernel

/// Why money is expected to move.
package enum ProjectionKind: Int64, Sendable, Hashable, CaseIterable {
  case bridgeApproved = 1
  case bridgeDue
  case claimPending
  case claimExpected
  case compensationPending
  case subsidyPending
  case bridgeQueued
  case claimExpectedReserved
}

/// An expected movement of cash, minor units; positive comes in.
package struct ProjectionLine: Sendable, Hashable {
  package let date: BusinessDate
  package let kind: ProjectionKind
  package let amount: Int64
  /// Cash after it.
  package var cash: Int64 = 0

  package init(date: BusinessDate, kind: ProjectionKind, amount: Int64) {
    self.date = date
    self.kind = kind
    self.amount = amount
  }
}

/// What a pool will have to pay and will get back, and the lowest point on the way. What is committed comes in full;
/// claims that nobody has made yet are expected at each facility's highest claim rate, or at a rate that is given.
package struct SolvencyProjection: Sendable, Hashable {
  package static let maximumDays = 3660

  package let pool: String
  package let currency: Currency
  package let cash: Int64
  package private(set) var lines: [ProjectionLine]
  package private(set) var lowestCash: Int64
  package private(set) var lowestOn: BusinessDate

  package var isSolvent: Bool { lowestCash >= 0 }

  /// - Throws: `AMOUNT_OVERFLOW`.
  package init(
    pool: String, currency: Currency, cash: Int64, from: BusinessDate, lines: [ProjectionLine]
  ) throws(DomainError) {
    self.pool = pool
    self.currency = currency
    self.cash = cash
    (lowestCash, lowestOn) = (cash, from)
    // On one day what goes out comes first: the projection errs on the careful side.
    self.lines = lines.sorted { ($0.date, $0.amount, $0.kind.rawValue) < ($1.date, $1.amount, $1.kind.rawValue) }
    var running = cash
    for index in self.lines.indices {
      let (sum, overflow) = running.addingReportingOverflow(self.lines[index].amount)
      if overflow { throw .amountOverflow("the projection") }
      running = sum
      self.lines[index].cash = sum
      if sum < lowestCash { (lowestCash, lowestOn) = (sum, self.lines[index].date) }
    }
  }

  /// Sums of the pool's business; the source reads them in one state.
  package static func project(
    _ source: some FundSource, pool: Pool, from: BusinessDate, days: Int, expectedRate: Rate?
  ) throws -> SolvencyProjection {
    guard (1...maximumDays).contains(days) else { throw DomainError.invalid("days", "1 to \(maximumDays) days") }
    if let expectedRate, !(0...Rate.one.ppm).contains(expectedRate.ppm) {
      throw DomainError.invalid("expected_claim_rate", "between 0 and \(Rate.one.ppm) ppm")
    }
    let until = try from.adding(days: days)
    var sums: [Slot: Int128] = [:]
    try source.forEachBridgeExposure(pool: pool.id) { exposure in
      switch exposure.state {
      case .approved:
        sums[Slot(date: from, kind: .bridgeApproved), default: 0] -= Int128(exposure.amount)
      case .disbursed:
        if let due = exposure.dueOn, due <= until {
          sums[Slot(date: max(from, due), kind: .bridgeDue), default: 0] += Int128(exposure.amount)
        }
      // What is overdue is not counted on.
      default: break
      }
    }
    for loan in try source.queuedBridgeLoans(pool: pool.id) {
      sums[Slot(date: from, kind: .bridgeQueued), default: 0] -= Int128(loan.amount)
    }
    sums[Slot(date: from, kind: .claimPending), default: 0] -= Int128(try source.pendingClaimPayout(pool: pool.id))
    var rates: [String: Rate] = [:]
    for maturing in try source.maturingLiability(pool: pool.id, through: until) {
      let rate = try expectedRate ?? rates[maturing.facility] ?? highestRate(maturing.facility, source)
      rates[maturing.facility] = rate
      let expected = try ExactRatio.multiply(maturing.liability, rate.ppm, dividedBy: Rate.one.ppm)
      let kind = maturing.isReserved ? ProjectionKind.claimExpectedReserved : .claimExpected
      sums[Slot(date: max(from, maturing.maturesOn), kind: kind), default: 0] -= Int128(expected)
    }
    for cover in try source.records(Cover.self, RecordQuery(pool: pool.id, state: CoverState.claimed.rawValue)) {
      sums[Slot(date: from, kind: .compensationPending), default: 0] -= Int128(cover.work?.payout ?? 0)
    }
    for application in try source.records(
      SubsidyApplication.self, RecordQuery(pool: pool.id, state: SubsidyState.applied.rawValue))
    {
      sums[Slot(date: from, kind: .subsidyPending), default: 0] -= Int128(application.granted)
    }
    let lines = try sums.compactMap { slot, sum -> ProjectionLine? in
      guard let amount = Int64(exactly: sum) else { throw DomainError.amountOverflow("the projection") }
      return amount == 0 ? nil : ProjectionLine(date: slot.date, kind: slot.kind, amount: amount)
    }
    let cash = PoolFigures(try source.accounts(ofPool: pool.id)).cash
    return try SolvencyProjection(pool: pool.id, currency: pool.currency, cash: cash, from: from, lines: lines)
  }

  private struct Slot: Hashable {
    var date: BusinessDate
    var kind: ProjectionKind
  }

  private static func highestRate(_ facility: String, _ source: some FundSource) throws -> Rate {
    guard let terms = try source.facility(facility) else { return .zero }
    return try source.facilityYears(facility).reduce(Rate.zero) { highest, year in
      let rate = try ClaimRate(year, basis: terms.claimRateBasis, releasedShare: terms.releasedShare).rate
      // Claims against nothing: everything that matures is taken to be claimed.
      return max(highest, min(rate ?? .one, .one))
    }
  }
}
