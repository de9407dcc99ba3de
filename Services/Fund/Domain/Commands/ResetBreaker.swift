package import Kernel

/// Lets a tripped facility take new business again, as another officer proposed. The claims that tripped it are accepted
/// with that; only further ones trip it again.
package struct ResetBreaker: FundCommand {
  package var facility: String
  package var reason: String
  package var businessDate: BusinessDate

  package init(facility: String, reason: String, businessDate: BusinessDate) {
    self.facility = facility
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> FacilityView {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var facility = try fund.facility(facility)
    guard facility.breaker == .tripped else {
      throw DomainError(.stateConflict, "the breaker of \(facility.name) is closed", metadata: ["state": "closed"])
    }
    try fund.controlProposed(
      .breakerReset,
      ControlledCase(
        subject: facility.name, pool: facility.pool, hands: [], terms: DecisionTerms(reason: reason),
        date: businessDate), context)
    try fund.acceptClaims(of: facility)
    facility.breaker = .closed
    facility.updateTime = context.now
    facility.revision += 1
    fund.save(facility)
    fund.emit(.breakerReset, facility, on: businessDate)
    return try fund.view(of: facility, on: businessDate)
  }
}

extension FundTransaction {
  /// The facility with its accounts as this command leaves them.
  func view(of facility: Facility, on date: BusinessDate) throws -> FacilityView {
    let account = try ledger.account(
      id: AccountID.make(pool: facility.pool, code: ChartOfAccounts.liability(of: facility.id)))
    let year = try facilityYear(facility.id, date.year)
    let rate = try ClaimRate(year, basis: facility.claimRateBasis, releasedShare: facility.releasedShare)
    return FacilityView(
      facility: facility, liability: account?.balances ?? .zero, claimRate: rate.claims == 0 ? nil : rate.rate)
  }
}
