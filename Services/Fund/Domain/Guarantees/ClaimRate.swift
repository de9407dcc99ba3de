package import Kernel

/// A facility's figures of one calendar year, minor units, from which the claim rate is computed at any moment.
package struct FacilityYear: Sendable, Hashable {
  package let facility: String
  package let year: Int
  /// Claims (principal and ordinary interest) submitted and not yet decided.
  package var claimsPending: Int64
  package var claimsPaid: Int64
  package var released: Int64
  /// Σ principal × days ÷ 365 of the released guarantees, each rounded once.
  package var releasedAnnualised: Int64
  package var committed: Int64

  package init(
    facility: String, year: Int, claimsPending: Int64 = 0, claimsPaid: Int64 = 0, released: Int64 = 0,
    releasedAnnualised: Int64 = 0, committed: Int64 = 0
  ) {
    self.facility = facility
    self.year = year
    self.claimsPending = claimsPending
    self.claimsPaid = claimsPaid
    self.released = released
    self.releasedAnnualised = releasedAnnualised
    self.committed = committed
  }
}

/// Claim rate (代偿率) = Σ claims ÷ what the basis names, pending claims counted.
package struct ClaimRate: Sendable, Hashable {
  package let claims: Int64
  package let denominator: Int64

  package init(_ year: FacilityYear, basis: ClaimRateBasis, releasedShare: Rate) throws(DomainError) {
    claims = try Money(year.claimsPending, .cny).adding(Money(year.claimsPaid, .cny)).minorUnits
    denominator =
      switch basis {
      case .releasedAnnualised:
        try ExactRatio.multiply(year.releasedAnnualised, releasedShare.ppm, dividedBy: Rate.one.ppm)
      case .released: year.released
      case .committed: year.committed
      }
  }

  /// Nil while nothing stands against the claims.
  package var rate: Rate? {
    if claims == 0 { return .zero }
    return denominator == 0 ? nil : try? Rate(claims, over: denominator)
  }

  /// Compared exactly, not by the rounded rate. Claims against nothing released lie above every cap.
  package func exceeds(_ cap: Rate, inclusive: Bool) -> Bool {
    if claims == 0 { return false }
    let left = Int128(claims) * Int128(Rate.one.ppm)
    let right = Int128(denominator) * Int128(cap.ppm)
    return inclusive ? left > right : left >= right
  }
}
