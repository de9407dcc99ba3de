package import Kernel

/// Records money recovered from the borrower and returns it to the parties in proportion to what each still bears, as
/// another officer proposed.
package struct RecordRecovery: FundCommand {
  package var guarantee: String
  package var amount: Money
  package var businessDate: BusinessDate

  package init(guarantee: String, amount: Money, businessDate: BusinessDate) {
    self.guarantee = guarantee
    self.amount = amount
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    var guarantee = try fund.guarantee(guarantee)
    try Field.positive(amount, "amount", in: guarantee.currency)
    guard var claim = guarantee.claim, let paidOn = claim.paidOn else {
      throw DomainError(
        .stateConflict, "\(guarantee.name) is \(guarantee.state): nothing was paid that could be recovered",
        metadata: ["resource": guarantee.name, "state": "\(guarantee.state)"])
    }
    try guarantee.step(to: guarantee.state, at: context.now)
    try guarantee.requireOrder(businessDate, after: paidOn)
    let open = claim.total - claim.recovered
    if amount.minorUnits > open {
      throw DomainError(
        .limitExceeded, "\(amount) is more than the \(guarantee.money(open)) still open", field: "amount",
        metadata: ["open_minor_units": "\(open)"])
    }
    try fund.controlProposed(
      .recovery, guarantee.controlled(after: [], amount: amount.minorUnits, on: businessDate), context)
    let parts = try claim.recoveryParts(of: amount.minorUnits)
    let own = guarantee.state == .writtenOff ? ChartOfAccounts.claimLoss : ChartOfAccounts.subrogation
    let transfer = try fund.ledger.post(
      Postings(pool: guarantee.pool, reference: guarantee.name, on: businessDate)
        .single(
          .recovery,
          [
            (ChartOfAccounts.cash, amount.minorUnits), (own, -parts.guarantor),
            (ChartOfAccounts.party(.bank), -parts.bank), (ChartOfAccounts.party(.reguarantor), -parts.reguarantor),
            (ChartOfAccounts.party(.national), -parts.national), (ChartOfAccounts.party(.city), -parts.city),
          ]))
    guarantee.transfers.append(transfer.number)
    claim.recovered += amount.minorUnits
    claim.returned = claim.returned.adding(parts)
    guarantee.claim = claim
    fund.save(guarantee)
    fund.emit(.guaranteeRecovered, guarantee, amount: amount.minorUnits, on: businessDate)
    return guarantee
  }
}

extension Claim {
  /// Weighted by what each party bears and has not got back: no party ever gets more than it bore, and the last
  /// recovery leaves all of them whole to the cent.
  func recoveryParts(of amount: Int64) throws(DomainError) -> LiabilitySplit {
    var parts = LiabilitySplit.zero
    let weights = LiabilityParty.allCases.map { borne[$0] - returned[$0] }
    for (party, part) in zip(LiabilityParty.allCases, try Allocation.split(amount, weights: weights)) {
      parts[party] = part
    }
    return parts
  }
}
