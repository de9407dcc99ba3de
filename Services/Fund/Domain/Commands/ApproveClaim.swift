package import Kernel

/// Pays a claim, the checker's step: every part but the bank's goes out of cash, the pool's own part against the
/// borrower, the others' against the parties.
package struct ApproveClaim: FundCommand {
  package var guarantee: String
  package var businessDate: BusinessDate

  package init(guarantee: String, businessDate: BusinessDate) {
    self.guarantee = guarantee
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    var guarantee = try fund.guarantee(guarantee)
    try guarantee.step(to: .compensated, at: context.now)
    guard var claim = guarantee.claim, claim.paidOn == nil else {
      throw DomainError(.stateConflict, "\(guarantee.name) has no open claim")
    }
    // Who granted the guarantee does not pay under it.
    let application = try fund.recordIfAny(GuaranteeApplication.self, guarantee.id)
    let granted = application.map { [$0.maker] + $0.approvers } ?? []
    try fund.control(
      .claimPayment,
      guarantee.controlled(after: [claim.maker] + granted, amount: claim.borne.payout, on: businessDate), context)
    try guarantee.requireOrder(businessDate, after: claim.submittedOn)
    try fund.payClaim(claim.borne, &guarantee, on: businessDate)
    try fund.release(&guarantee, on: businessDate)
    guarantee.endedOn = nil
    claim.checker = context.officer
    claim.paidOn = businessDate
    guarantee.claim = claim
    var year = try fund.facilityYear(guarantee.facility, claim.submittedOn.year)
    year.claimsPending -= claim.total
    year.claimsPaid = try guarantee.money(year.claimsPaid).adding(guarantee.money(claim.total)).minorUnits
    fund.save(year)
    fund.save(guarantee)
    fund.emit(.guaranteeCompensated, guarantee, amount: claim.borne.payout, on: businessDate)
    return guarantee
  }
}

extension Guarantee {
  /// The guarantee as a case in which an officer takes the last step.
  func controlled(
    after hands: [Officer], amount: Int64? = nil, reason: String = "", on date: BusinessDate
  ) -> ControlledCase {
    ControlledCase(
      subject: name, pool: pool, hands: hands, beneficiary: lender,
      terms: DecisionTerms(amount: amount.map(money), reason: reason), date: date)
  }
}

extension FundTransaction {
  func payClaim(_ borne: LiabilitySplit, _ guarantee: inout Guarantee, on date: BusinessDate) throws {
    if borne.payout == 0 { return }
    let transfer = try ledger.post(
      Postings(pool: guarantee.pool, reference: guarantee.name, on: date)
        .single(
          .claimPayout,
          [
            (ChartOfAccounts.subrogation, borne.guarantor),
            (ChartOfAccounts.party(.reguarantor), borne.reguarantor),
            (ChartOfAccounts.party(.national), borne.national), (ChartOfAccounts.party(.city), borne.city),
            (ChartOfAccounts.cash, -borne.payout),
          ]))
    guarantee.transfers.append(transfer.number)
  }
}
