package import Kernel
import Policy

/// Extends a guarantee in force, as another officer proposed, or releases a part of it.
package struct ChangeGuarantee: FundCommand {
  package enum Change: Sendable, Hashable {
    case extend(to: BusinessDate)
    case repaid(Money)
  }

  package var guarantee: String
  package var change: Change
  package var businessDate: BusinessDate

  package init(guarantee: String, change: Change, businessDate: BusinessDate) {
    self.guarantee = guarantee
    self.change = change
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    var guarantee = try fund.guarantee(guarantee)
    guard guarantee.state == .inForce else {
      throw DomainError(
        .stateConflict, "\(guarantee.name) is \(guarantee.state) and cannot be changed",
        metadata: ["resource": guarantee.name, "state": "\(guarantee.state)"])
    }
    try guarantee.requireOrder(businessDate, after: guarantee.inForceFrom)
    let facility = try fund.facility(guarantee.facility)
    let amount: Int64
    switch change {
    case .extend(let day): amount = try extend(&guarantee, to: day, facility, fund, context)
    case .repaid(let money):
      try context.requireInstitution(guarantee.lender)
      amount = try release(money, of: &guarantee, facility, fund)
    }
    guarantee.updateTime = context.now
    guarantee.revision += 1
    fund.save(guarantee)
    fund.emit(.guaranteeChanged, guarantee, amount: amount, on: businessDate)
    return guarantee
  }

  /// The fee of the added days is charged at the rate agreed.
  private func extend(
    _ guarantee: inout Guarantee, to day: BusinessDate, _ facility: Facility, _ fund: FundTransaction,
    _ context: DecisionContext
  ) throws -> Int64 {
    if context.caller.role == .institution || context.caller.organisation == guarantee.lender {
      throw DomainError(
        .sameOfficer, "an extension is granted by an officer of another organisation than the lender",
        metadata: ["beneficiary": guarantee.lender])
    }
    if facility.breaker == .tripped {
      throw DomainError(
        .breakerTripped, "\(facility.name) takes no new business: its claim rate crossed the cap",
        metadata: ["facility": facility.name])
    }
    if day <= guarantee.maturesOn {
      throw DomainError.invalid("matures_on", "\(day) is not after the maturity of \(guarantee.maturesOn)")
    }
    try fund.controlProposed(
      .guaranteeExtension,
      ControlledCase(
        subject: guarantee.name, pool: guarantee.pool, hands: [], beneficiary: guarantee.lender,
        terms: DecisionTerms(until: day), date: businessDate), context)
    let old = guarantee.maturesOn
    guarantee.maturesOn = day
    let fee = try facility.fee(of: guarantee.principal, rate: guarantee.feeRate, from: old, to: day)
    let reguaranteeFee = try facility.reguaranteeFee(of: guarantee.principal, from: old, to: day)
    try fund.charge(fee, reguaranteeFee, for: &guarantee, on: businessDate)
    guarantee.fee += fee
    guarantee.reguaranteeFee += reguaranteeFee
    return fee
  }

  private func release(
    _ repaid: Money, of guarantee: inout Guarantee, _ facility: Facility, _ fund: FundTransaction
  ) throws -> Int64 {
    try Field.positive(repaid, "repaid_principal", in: guarantee.currency)
    if repaid.minorUnits >= guarantee.principal {
      throw DomainError.invalid(
        "repaid_principal", "\(repaid) is not less than the \(guarantee.money(guarantee.principal)) left; release it")
    }
    let left = guarantee.principal - repaid.minorUnits
    let guaranteed = try facility.shares.split(left).payout
    let freed = guarantee.guaranteedAmount - guaranteed
    if guaranteed == 0 || freed < 0 {
      throw DomainError.invalid("repaid_principal", "\(repaid) leaves nothing to guarantee; release it")
    }
    if freed > 0 {
      let transfer = try fund.ledger.post(
        Postings(pool: guarantee.pool, reference: guarantee.name, on: businessDate)
          .single(
            .guaranteeRelease, debit: ChartOfAccounts.liability(of: facility.id),
            credit: ChartOfAccounts.capacity(of: facility.id), freed))
      guarantee.transfers.append(transfer.number)
    }
    var part = guarantee
    part.principal = repaid.minorUnits
    try fund.countReleased(part, on: businessDate)
    guarantee.principal = left
    guarantee.guaranteedAmount = guaranteed
    return repaid.minorUnits
  }
}
