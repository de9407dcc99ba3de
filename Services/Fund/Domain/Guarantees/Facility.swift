package import Kernel

/// What a facility's claim rate is measured against, within a calendar year.
package enum ClaimRateBasis: Int64, Sendable, Hashable, CaseIterable {
  /// Released principal annualised × the pack's released share, as 总对总 batches define it.
  case releasedAnnualised = 1
  /// Principal released.
  case released = 2
  /// Principal taken into force.
  case committed = 3
}

/// Whether a facility takes new business. Legal steps: closed → tripped (a claim) → closed (reset by an officer).
package enum BreakerState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case closed = 1
  case tripped = 2
}

/// How a guarantee under a facility comes to its contract.
package enum Contracting: Int64, Sendable, Hashable, CaseIterable {
  /// By an application that two officers approve; without one only while a rule lets the guarantee follow the loan (见贷即保).
  case application = 1
  /// By the facility's own agreement, which grants each guarantee in advance.
  case agreement = 2
}

/// An agreement with a partner bank under which guarantees are given.
package struct Facility: Sendable, Hashable {
  /// The bank of a facility that is open to any bank.
  package static let anyBank = "*"

  package let id: String
  package let pool: String
  package let currency: Currency
  package let displayName: String
  package let bank: String
  /// Product of the policy packs.
  package let product: String
  package let relendingScope: Bool
  package let shares: LiabilityShares
  package let feeRate: Rate
  package let reguaranteeFeeRate: Rate
  package let explicitFeeCap: Rate?
  /// The cap in force when the facility was opened; a pack's cap of a later day is read again with each claim.
  package let claimRateCap: Rate
  /// The cap that the facility's own terms set; nil when only the packs do.
  package let explicitClaimRateCap: Rate?
  package let claimRateBasis: ClaimRateBasis
  /// Share of the released principal that counts; 1 000 000 ppm unless the basis is annualised.
  package let releasedShare: Rate
  package let limit: Int64
  package let affiliateWindowDays: Int
  /// How days turn into a share of the yearly guarantee fee; nil without one.
  package let dayCount: FeeDayCount?
  /// As `dayCount`, for the re-guarantee fee.
  package let reguaranteeDayCount: FeeDayCount?
  /// How a guarantee comes to its contract.
  package let contracting: Contracting
  /// Most liability for one borrower and its affiliates; nil for none.
  package let borrowerCap: Int64?
  package let citations: [Citation]
  package let createTime: Instant
  package var breaker: BreakerState
  package var updateTime: Instant
  package var revision: Int64

  package init(
    id: String, pool: String, currency: Currency, displayName: String, bank: String, product: String,
    relendingScope: Bool, shares: LiabilityShares, feeRate: Rate, reguaranteeFeeRate: Rate, explicitFeeCap: Rate?,
    claimRateCap: Rate, explicitClaimRateCap: Rate?, claimRateBasis: ClaimRateBasis, releasedShare: Rate, limit: Int64,
    affiliateWindowDays: Int, dayCount: FeeDayCount?, reguaranteeDayCount: FeeDayCount?, citations: [Citation],
    createTime: Instant, breaker: BreakerState,
    updateTime: Instant, revision: Int64, contracting: Contracting, borrowerCap: Int64? = nil
  ) {
    self.id = id
    self.pool = pool
    self.currency = currency
    self.displayName = displayName
    self.bank = bank
    self.product = product
    self.relendingScope = relendingScope
    self.shares = shares
    self.feeRate = feeRate
    self.reguaranteeFeeRate = reguaranteeFeeRate
    self.explicitFeeCap = explicitFeeCap
    self.claimRateCap = claimRateCap
    self.explicitClaimRateCap = explicitClaimRateCap
    self.claimRateBasis = claimRateBasis
    self.releasedShare = releasedShare
    self.limit = limit
    self.affiliateWindowDays = affiliateWindowDays
    self.dayCount = dayCount
    self.reguaranteeDayCount = reguaranteeDayCount
    self.citations = citations
    self.createTime = createTime
    self.breaker = breaker
    self.updateTime = updateTime
    self.revision = revision
    self.contracting = contracting
    self.borrowerCap = borrowerCap
  }

  /// Whether it may keep a historical book of many lenders.
  package var isBook: Bool { bank == Self.anyBank }

  package var name: String { "facilities/\(id)" }
}
