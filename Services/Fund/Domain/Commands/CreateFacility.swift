package import Kernel
import Policy

/// A facility as callers see it: its record, its accounts and its claim rate.
package struct FacilityView: Sendable, Hashable {
  package let facility: Facility
  package let inForce: Int64
  package let reserved: Int64
  /// Of the latest year with a claim; nil without claims, or while nothing stands against them.
  package let claimRate: Rate?

  package init(facility: Facility, liability: Balances, claimRate: Rate?) {
    self.facility = facility
    inForce = liability.posted(on: .credit)
    reserved = liability.creditsPending
    self.claimRate = claimRate
  }

  package var available: Int64 { facility.limit - inForce - reserved }
}

/// Opens a facility. Its terms are checked against the packs as of its date and stay with it.
package struct CreateFacility: FundCommand {
  package var id: String
  package var pool: String
  package var displayName: String
  package var bank: String
  package var product: String
  package var relendingScope: Bool
  package var shares: LiabilityShares
  package var feeRate: Rate
  package var reguaranteeFeeRate: Rate
  package var explicitFeeCap: Rate?
  package var claimRateCap: Rate?
  package var claimRateBasis: ClaimRateBasis
  package var limit: Money
  package var explicitDayCount: FeeDayCount?
  package var businessDate: BusinessDate
  package var contracting: Contracting
  package var borrowerCap: Money?
  /// As `explicitDayCount`, for the re-guarantee fee.
  package var explicitReguaranteeDayCount: FeeDayCount?

  package init(
    id: String, pool: String, displayName: String, bank: String, product: String, relendingScope: Bool,
    shares: LiabilityShares, feeRate: Rate, reguaranteeFeeRate: Rate, explicitFeeCap: Rate?, claimRateCap: Rate?,
    claimRateBasis: ClaimRateBasis, limit: Money, explicitDayCount: FeeDayCount?, contracting: Contracting,
    businessDate: BusinessDate
  ) {
    self.id = id
    self.pool = pool
    self.displayName = displayName
    self.bank = bank
    self.product = product
    self.relendingScope = relendingScope
    self.shares = shares
    self.feeRate = feeRate
    self.reguaranteeFeeRate = reguaranteeFeeRate
    self.explicitFeeCap = explicitFeeCap
    self.claimRateCap = claimRateCap
    self.claimRateBasis = claimRateBasis
    self.limit = limit
    self.explicitDayCount = explicitDayCount
    self.contracting = contracting
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> FacilityView {
    try requireForm()
    try fund.requireNew(facility: id)
    let pool = try fund.pool(pool)
    try Field.positive(limit, "limit", in: pool.currency)
    if let borrowerCap { try Field.positive(borrowerCap, "borrower_cap", in: pool.currency) }
    var reading = PolicyReading(
      context.policy,
      scope: PolicyScope(
        region: pool.regionCode, product: product, attributes: PolicyAttributes(relendingScope: relendingScope)),
      on: businessDate)
    let cap = try claimCap(&reading)
    try requireFeeCap(reading)
    try shares.requireStated(&reading)
    try requireStatedRates(reading)
    let feeDayCount = try dayCount("guarantee_fee.day_count", "explicit_day_count", explicitDayCount, feeRate, &reading)
    let reguaranteeDayCount = try dayCount(
      "re_guarantee_fee.day_count", "explicit_reguarantee_day_count", explicitReguaranteeDayCount, reguaranteeFeeRate,
      &reading)
    let facility = Facility(
      id: id, pool: pool.id, currency: pool.currency, displayName: displayName, bank: bank, product: product,
      relendingScope: relendingScope, shares: shares, feeRate: feeRate, reguaranteeFeeRate: reguaranteeFeeRate,
      explicitFeeCap: explicitFeeCap, claimRateCap: cap, explicitClaimRateCap: claimRateCap,
      claimRateBasis: claimRateBasis, releasedShare: try releasedShare(&reading), limit: limit.minorUnits,
      affiliateWindowDays: try affiliateWindow(&reading), dayCount: feeDayCount,
      reguaranteeDayCount: reguaranteeDayCount, citations: reading.citations.map(Citation.init),
      createTime: context.now, breaker: .closed,
      updateTime: context.now, revision: 1, contracting: contracting,
      borrowerCap: borrowerCap?.minorUnits)
    for entry in ChartOfAccounts.ofFacility(id) {
      try fund.ledger.open(entry, pool: pool.id, currency: pool.currency, at: context.now)
    }
    try fund.ledger.post(
      Postings(pool: pool.id, reference: facility.name, on: businessDate)
        .single(
          .limitGrant, debit: ChartOfAccounts.limitContra, credit: ChartOfAccounts.capacity(of: id), limit.minorUnits))
    fund.save(facility)
    fund.emit(.facilityOpened, facility, on: businessDate)
    return FacilityView(facility: facility, liability: .zero, claimRate: nil)
  }

  private func requireForm() throws(DomainError) {
    try Field.id(id, "facility_id", FundLimits.facilityIDLength)
    try Field.text(displayName, "display_name", 1...FundLimits.displayNameLength)
    try Field.text(bank, "bank", 1...FundLimits.organisationLength)
    try Field.text(product, "product", 1...64)
    guard shares.isGuarantee else {
      throw DomainError(.invalidSplit, "the bank bears everything: that is no guarantee", field: "shares")
    }
    for (field, rate) in [("fee_rate", feeRate), ("reguarantee_fee_rate", reguaranteeFeeRate)] {
      guard (0...Rate.one.ppm).contains(rate.ppm) else {
        throw .invalid(field, "a yearly fee lies between 0 and \(Rate.one.ppm) ppm")
      }
    }
    if let claimRateCap, !(0...Rate.one.ppm).contains(claimRateCap.ppm) {
      throw .invalid("claim_rate_cap", "a claim-rate cap lies between 0 and \(Rate.one.ppm) ppm")
    }
  }

  /// The packs' cap, or the explicit one where they state none; an explicit one may only be stricter.
  private func claimCap(_ reading: inout PolicyReading) throws(DomainError) -> Rate {
    guard let stated = try reading.ifStated("claim_rate.cap", as: .rate) else {
      if let claimRateCap { return claimRateCap }
      throw DomainError(
        .policyNotStated, "no policy pack states claim_rate.cap on \(businessDate); give claim_rate_cap",
        field: "claim_rate_cap", metadata: ["parameter": "claim_rate.cap"])
    }
    guard let claimRateCap else { return stated.value }
    if claimRateCap > stated.value {
      throw DomainError(
        .policyConditionFailed,
        "a claim-rate cap of \(claimRateCap) is above the \(stated.value) of \(stated.citation.ruleID)",
        field: "claim_rate_cap", metadata: ["cap_ppm": "\(stated.value.ppm)", "rule": stated.citation.ruleID])
    }
    return claimRateCap
  }

  /// A fee that nothing caps is found out here and not with the first loan. The cap itself depends on the borrower and
  /// the day, and is applied to each loan.
  private func requireFeeCap(_ reading: PolicyReading) throws(DomainError) {
    if feeRate == .zero || explicitFeeCap != nil { return }
    var reading = reading
    do {
      _ = try reading("guarantee_fee.cap", as: .rate)
    } catch {
      if error.reason == .policyFactMissing { return }
      var error = error
      if error.reason == .policyNotStated { error.field = "explicit_fee_cap" }
      throw error
    }
  }

  /// What a product charges by rule is found out here as well, where the rule does not depend on the borrower.
  private func requireStatedRates(_ reading: PolicyReading) throws(DomainError) {
    var reading = reading
    do {
      try GuaranteeFee.requireStated(feeRate, reguaranteeFeeRate, &reading)
    } catch {
      if error.reason != .policyFactMissing { throw error }
    }
  }

  private func releasedShare(_ reading: inout PolicyReading) throws(DomainError) -> Rate {
    switch claimRateBasis {
    case .releasedAnnualised: try reading("claim_rate.released_share", as: .rate).value
    case .released, .committed: .one
    }
  }

  private func affiliateWindow(_ reading: inout PolicyReading) throws(DomainError) -> Int {
    guard let window = try reading.ifStated("anti_splitting.window", as: .days) else { return 0 }
    return Int(window.value.count)
  }

  /// Each fee has its own count, and a fee of nothing needs none.
  private func dayCount(
    _ parameter: String, _ field: String, _ explicit: FeeDayCount?, _ rate: Rate, _ reading: inout PolicyReading
  ) throws(DomainError) -> FeeDayCount? {
    if rate == .zero { return nil }
    if let stated = try reading.ifStated(parameter, as: .dayCount) {
      let dayCount = try FeeDayCount(stated)
      if let explicit, explicit != dayCount {
        throw DomainError(
          .policyConditionFailed, "\(stated.citation.ruleID) states another day count", field: field,
          metadata: ["rule": stated.citation.ruleID])
      }
      return dayCount
    }
    guard let explicit else {
      throw DomainError(
        .policyNotStated, "no policy pack states \(parameter) on \(businessDate); give \(field)", field: field,
        metadata: ["parameter": parameter])
    }
    return explicit
  }
}
