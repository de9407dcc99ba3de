package import Kernel
import Policy

/// Scale of the borrower by 工信部联企业〔2011〕300号.
package enum BorrowerSize: Int64, Sendable, Hashable, CaseIterable {
  case micro = 1
  case small, medium, large

  var attribute: SizeBand {
    switch self {
    case .micro: .micro
    case .small: .small
    case .medium: .medium
    case .large: .large
    }
  }
}

/// Reserves capacity for a loan until a day.
package struct ReserveGuarantee: FundCommand {
  /// Id of the guarantee, made by the edge.
  package var id: String
  package var facility: String
  package var journey: String
  package var borrower: String
  package var affiliates: [String]
  package var borrowerSize: BorrowerSize?
  package var isAgricultural: Bool
  /// Empty for the facility's bank.
  package var lender: String
  package var principal: Money
  package var maturesOn: BusinessDate
  package var expiresOn: BusinessDate
  package var businessDate: BusinessDate
  /// What the loan is for; empty where it was not given.
  package var purpose = ""
  /// Whether an application was approved for it by two officers.
  var isContracted = false

  package init(
    id: String, facility: String, journey: String, borrower: String, affiliates: [String], borrowerSize: BorrowerSize?,
    isAgricultural: Bool, lender: String, principal: Money, maturesOn: BusinessDate, expiresOn: BusinessDate,
    businessDate: BusinessDate
  ) {
    self.id = id
    self.facility = facility
    self.journey = journey
    self.borrower = borrower
    self.affiliates = affiliates
    self.borrowerSize = borrowerSize
    self.isAgricultural = isAgricultural
    self.lender = lender
    self.principal = principal
    self.maturesOn = maturesOn
    self.expiresOn = expiresOn
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    let facility = try fund.facility(facility)
    let pool = try fund.pool(facility.pool)
    let lender = try requireApplicable(to: facility)
    if !isContracted { try context.requireInstitution(lender) }
    if facility.breaker == .tripped {
      throw DomainError(
        .breakerTripped, "\(facility.name) takes no new business: its claim rate crossed the cap",
        metadata: ["facility": facility.name])
    }
    let affiliated = try affiliatesCount(pool, facility, context)
    let household = try household(fund, facility, withAffiliates: affiliated?.value ?? true)
    var reading = PolicyReading(
      context.policy,
      scope: PolicyScope(
        region: pool.regionCode, product: facility.product,
        attributes: PolicyAttributes(
          size: borrowerSize?.attribute, agricultural: isAgricultural, relendingScope: facility.relendingScope,
          guaranteeTotal: household.total)),
      on: businessDate)
    if let affiliated { reading.record(affiliated.citation) }
    try requireApplication(facility, &reading)
    try requirePurpose(&reading)
    try requireProductTerms(held: household.held, &reading)
    try GuaranteeFee.requireStated(facility.feeRate, facility.reguaranteeFeeRate, &reading)
    try GuaranteeFee.requireWithinCap(facility.feeRate, explicitCap: facility.explicitFeeCap, reading: &reading)
    try GuaranteeFee.requireReguaranteeWithinCap(facility.reguaranteeFeeRate, reading: &reading)
    let split = try facility.shares.split(principal.minorUnits)
    try requireConcentration(facility, household.liability.minorUnits, split.payout)
    try requireLeverage(fund, pool, split.payout, &reading)
    let reservation = try fund.ledger.post(
      Postings(pool: pool.id, reference: "guarantees/\(id)", on: businessDate)
        .pending(
          .guaranteeReserve, debit: ChartOfAccounts.capacity(of: facility.id),
          credit: ChartOfAccounts.liability(of: facility.id), split.payout, expiresOn: expiresOn))
    var guarantee = Guarantee(
      id: id, facility: facility.id, pool: pool.id, currency: facility.currency, journey: journey, borrower: borrower,
      lender: lender, reservedOn: businessDate, createTime: context.now,
      state: .reserved, principal: principal.minorUnits, guaranteedAmount: split.payout, feeRate: facility.feeRate,
      householdTotal: household.total.minorUnits, expiresOn: expiresOn, maturesOn: maturesOn,
      citations: reading.citations.map(Citation.init), transfers: [reservation.number])
    guarantee.borrowerSize = borrowerSize
    guarantee.isAgricultural = isAgricultural
    guarantee.purpose = purpose
    fund.save(guarantee)
    fund.emit(.guaranteeReserved, guarantee, on: businessDate)
    return guarantee
  }

  /// - Returns: the lender.
  func requireApplicable(to facility: Facility) throws(DomainError) -> String {
    try requireForm()
    try Field.positive(principal, "principal", in: facility.currency)
    return try lender(under: facility)
  }

  private func requireForm() throws(DomainError) {
    try Field.text(journey, "journey", 0...FundLimits.journeyLength)
    try Field.text(borrower, "borrower", 1...FundLimits.borrowerLength)
    try Field.text(lender, "lender", 0...FundLimits.organisationLength)
    try Field.text(purpose, "purpose", 0...FundLimits.purposeLength)
    guard affiliates.count <= FundLimits.affiliates else {
      throw .invalid("affiliates", "at most \(FundLimits.affiliates) affiliates")
    }
    for (index, affiliate) in affiliates.enumerated() {
      try Field.text(affiliate, "affiliates[\(index)]", 1...FundLimits.borrowerLength)
    }
    if expiresOn < businessDate { throw .invalid("expires_on", "\(expiresOn) lies before \(businessDate)") }
    if maturesOn <= businessDate { throw .invalid("matures_on", "\(maturesOn) is not after \(businessDate)") }
  }

  /// - Throws: `REQUIRED_FIELD_MISSING` when the facility is open to any bank and none is named; `INVALID_ARGUMENT` when it
  ///   is another bank's.
  private func lender(under facility: Facility) throws(DomainError) -> String {
    if facility.bank != Facility.anyBank {
      guard lender.isEmpty || lender == facility.bank else {
        throw .invalid("lender", "\(facility.name) is agreed with \(facility.bank), not with \(lender)")
      }
      return facility.bank
    }
    if lender.isEmpty { throw DomainError(.requiredFieldMissing, "lender is required", field: "lender") }
    return lender
  }

  /// Without an application only where the guarantee follows the loan (见贷即保), inside that rule's window and scope.
  private func requireApplication(_ facility: Facility, _ reading: inout PolicyReading) throws(DomainError) {
    if isContracted || facility.contracting == .agreement { return }
    if let follows = try reading.ifStated("guarantee.follows_loan", as: .boolean), follows.value { return }
    throw DomainError(
      .policyConditionFailed,
      "\(facility.name) asks for an application: no rule lets the guarantee follow the loan on \(businessDate)",
      field: "facility", metadata: ["parameter": "guarantee.follows_loan", "facility": facility.name])
  }

  /// What a borrower has beside this guarantee, and with it.
  private struct Household {
    /// What chooses the fee band, this guarantee included.
    var total: Money
    /// Liability of the borrower and its affiliates under this facility.
    var liability: Money
    /// Principal of the same.
    var held: Money
  }

  /// Whether the packs count affiliates with the borrower; asked only when there are any.
  private func affiliatesCount(
    _ pool: Pool, _ facility: Facility, _ context: DecisionContext
  ) throws(DomainError) -> PolicyValue<Bool>? {
    if affiliates.isEmpty { return nil }
    return try context.policy.parameterIfStated(
      "anti_splitting.includes_affiliates", as: .boolean,
      scope: PolicyScope(region: pool.regionCode, product: facility.product), on: businessDate)
  }

  /// 单户: everything guaranteed for the borrower, and what its affiliates were granted inside the window, this
  /// guarantee included (two loans of ¥3 M make ¥6 M). A rule may leave affiliates out of it; where nothing is stated they
  /// count, and the facility's own bound on one borrower and its affiliates counts them always.
  private func household(
    _ fund: FundTransaction, _ facility: Facility, withAffiliates: Bool
  ) throws -> Household {
    let since = try businessDate.adding(days: -facility.affiliateWindowDays)
    let none = Money.zero(facility.currency)
    var household = Household(total: principal, liability: none, held: none)
    let others = try fund.guarantees(ofBorrowers: [borrower] + affiliates, reservedSince: since)
    for other in others where other.currency == principal.currency {
      let isUnderFacility = other.facility == facility.id && other.state.bearsLiability
      if isUnderFacility {
        household.liability = try household.liability.adding(Money(other.guaranteedAmount, other.currency))
      }
      guard withAffiliates || other.borrower == borrower else { continue }
      let amount = Money(other.principal, other.currency)
      if counts(other, since: since) { household.total = try household.total.adding(amount) }
      if isUnderFacility { household.held = try household.held.adding(amount) }
    }
    return household
  }

  /// Concentration: one borrower and its affiliates under one facility.
  private func requireConcentration(_ facility: Facility, _ liability: Int64, _ added: Int64) throws(DomainError) {
    guard let cap = facility.borrowerCap, Int128(liability) + Int128(added) > Int128(cap) else { return }
    throw DomainError(
      .limitExceeded,
      "\(borrower) and its affiliates would have more than \(Money(cap, facility.currency)) under \(facility.name)",
      field: "principal",
      metadata: ["cap_minor_units": "\(cap)", "liability_minor_units": "\(liability)", "facility": facility.name])
  }

  private func counts(_ other: Guarantee, since: BusinessDate) -> Bool {
    if other.state == .voided || other.state == .expired { return false }
    let isRecent = other.reservedOn >= since
    return other.borrower == borrower ? other.state.bearsLiability || isRecent : isRecent
  }

  /// Liability of the pool, in force and reserved, against its net assets.
  private func requireLeverage(
    _ fund: FundTransaction, _ pool: Pool, _ added: Int64, _ reading: inout PolicyReading
  ) throws {
    guard let cap = try reading.ifStated("guarantee.liability_multiple.cap", as: .integer) else { return }
    let figures = try fund.figures(ofPool: pool.id)
    let liability = Int128(figures.liability) + Int128(added)
    let most = Int128(figures.netAssets) * Int128(cap.value)
    if cap.inclusive ? liability > most : liability >= most {
      throw DomainError(
        .limitExceeded, "\(pool.name) would bear more than \(cap.value) times its net assets (\(cap.citation.ruleID))",
        metadata: [
          "rule": cap.citation.ruleID, "net_assets_minor_units": "\(figures.netAssets)",
          "liability_minor_units": "\(figures.liability)",
        ])
    }
  }
}
