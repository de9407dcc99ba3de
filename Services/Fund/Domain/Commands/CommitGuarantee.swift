package import Kernel

/// Brings a reserved guarantee into force at disbursement and charges the fees for the term.
package struct CommitGuarantee: FundCommand {
  package var guarantee: String
  /// Nil for all of the reserved principal.
  package var disbursed: Money?
  package var businessDate: BusinessDate
  package var evidence: [Evidence]

  package init(guarantee: String, disbursed: Money?, businessDate: BusinessDate, evidence: [Evidence]) {
    self.guarantee = guarantee
    self.disbursed = disbursed
    self.businessDate = businessDate
    self.evidence = evidence
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    try Field.evidence(evidence, atLeast: 0)
    var guarantee = try fund.guarantee(guarantee)
    let facility = try fund.facility(guarantee.facility)
    try context.requireInstitution(guarantee.lender)
    try guarantee.step(to: .inForce, at: context.now)
    try guarantee.requireOrder(businessDate, after: guarantee.reservedOn)
    if businessDate >= guarantee.maturesOn {
      throw DomainError.invalid("business_date", "the loan matures on \(guarantee.maturesOn)")
    }
    let postings = Postings(pool: guarantee.pool, reference: guarantee.name, on: businessDate)
    let reserved = guarantee.guaranteedAmount
    try take(disbursed, &guarantee, facility)
    let partial = guarantee.guaranteedAmount == reserved ? nil : guarantee.guaranteedAmount
    guarantee.transfers.append(
      try fund.ledger.post(postings.post(guarantee.transfers[0], amount: partial)).number)
    guarantee.inForceFrom = businessDate
    try chargeFees(fund, &guarantee, facility)
    var year = try fund.facilityYear(facility.id, businessDate.year)
    year.committed = try guarantee.money(year.committed).adding(guarantee.money(guarantee.principal)).minorUnits
    fund.save(year)
    fund.save(guarantee)
    fund.emit(.guaranteeCommitted, guarantee, amount: guarantee.fee, on: businessDate)
    return guarantee
  }

  /// A smaller disbursement takes its part of the reservation; the rest is released.
  private func take(
    _ disbursed: Money?, _ guarantee: inout Guarantee, _ facility: Facility
  ) throws(DomainError) {
    guard let disbursed else { return }
    try Field.positive(disbursed, "disbursed_principal", in: guarantee.currency)
    if disbursed.minorUnits > guarantee.principal {
      throw DomainError(
        .limitExceeded, "\(disbursed) is more than the \(guarantee.money(guarantee.principal)) reserved",
        field: "disbursed_principal")
    }
    if disbursed.minorUnits == guarantee.principal { return }
    guarantee.principal = disbursed.minorUnits
    guarantee.guaranteedAmount = try facility.shares.split(disbursed.minorUnits).payout
    if guarantee.guaranteedAmount == 0 {
      throw .invalid("disbursed_principal", "\(disbursed) leaves nothing to guarantee")
    }
  }

  private func chargeFees(
    _ fund: FundTransaction, _ guarantee: inout Guarantee, _ facility: Facility
  ) throws {
    guarantee.fee = try facility.fee(
      of: guarantee.principal, rate: facility.feeRate, from: businessDate, to: guarantee.maturesOn)
    guarantee.reguaranteeFee = try facility.reguaranteeFee(
      of: guarantee.principal, from: businessDate, to: guarantee.maturesOn)
    try fund.charge(guarantee.fee, guarantee.reguaranteeFee, for: &guarantee, on: businessDate)
  }
}

extension FundTransaction {
  /// Takes a guarantee fee in, and puts the re-guarantor's part of it on that party's account.
  func charge(_ fee: Int64, _ reguaranteeFee: Int64, for guarantee: inout Guarantee, on date: BusinessDate) throws {
    let postings = Postings(pool: guarantee.pool, reference: guarantee.name, on: date)
    if fee > 0 {
      guarantee.transfers.append(
        try ledger.post(
          postings.single(
            .guaranteeFee, debit: ChartOfAccounts.cash, credit: ChartOfAccounts.guaranteeFeeIncome, fee)
        ).number)
    }
    if reguaranteeFee > 0 {
      guarantee.transfers.append(
        try ledger.post(
          postings.single(
            .reguaranteeFee, debit: ChartOfAccounts.guaranteeFeeIncome, credit: ChartOfAccounts.party(.reguarantor),
            reguaranteeFee)
        ).number)
    }
  }
}
