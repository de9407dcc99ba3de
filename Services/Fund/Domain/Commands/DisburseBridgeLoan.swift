package import Kernel

/// Pays straight to the loan account at the bank: another officer than who applied, who promised and who approved.
package struct DisburseBridgeLoan: FundCommand {
  package var loan: String
  package var days: Int
  package var businessDate: BusinessDate

  package init(loan: String, days: Int, businessDate: BusinessDate) {
    self.loan = loan
    self.days = days
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    var loan = try fund.bridgeLoan(loan)
    guard (1...BridgeFee.maximumDays).contains(days) else {
      throw DomainError.invalid("days", "1 to \(BridgeFee.maximumDays) days")
    }
    try loan.step(to: .disbursed, at: context.now)
    try loan.requireOrder(businessDate)
    let hands = loan.hands + [loan.checker].compactMap { $0 }
    try fund.control(.bridgePayout, loan.controlled(after: hands, on: businessDate), context)
    loan.details.payer = context.officer
    let (programme, pool) = (try fund.bridgeProgramme(loan.programme), try fund.pool(loan.pool))
    var terms = try BridgeTerms(programme, pool: pool, loan: loan, policy: context.policy, on: businessDate)
    try fund.requireNotSuspended(programme, pool, bank: loan.bank, &terms)
    try terms.requireDays(days)
    try terms.requireFee()
    let postings = Postings(pool: loan.pool, reference: loan.name, on: businessDate)
    loan.transfers.append(try fund.ledger.post(postings.post(loan.transfers.first ?? 0)).number)
    loan.disbursedOn = businessDate
    loan.dueOn = try businessDate.adding(days: days)
    for citation in terms.citations where !loan.citations.contains(citation) { loan.citations.append(citation) }
    fund.save(loan)
    try accrueLate(loan, fund, context)
    fund.emit(.bridgeDisbursed, loan, on: businessDate)
    return loan
  }

  /// A payment dated before the latest accrual catches up with it.
  private func accrueLate(_ loan: BridgeLoan, _ fund: FundTransaction, _ context: DecisionContext) throws {
    let accrued = try fund.accruedFee(of: loan, context)
    guard accrued > 0, let through = try fund.pool(loan.pool).accruedThrough else { return }
    try fund.ledger.openOnDemand(
      ChartOfAccounts.accruedFee, pool: loan.pool, currency: loan.currency, at: context.now)
    try fund.ledger.post(
      Postings(pool: loan.pool, reference: loan.name, on: max(businessDate, through))
        .single(
          .feeAccrual, debit: ChartOfAccounts.accruedFee, credit: ChartOfAccounts.bridgeFeeIncome, accrued))
  }
}

extension FundTransaction {
  /// What has been accrued for a loan that is out.
  func accruedFee(of loan: BridgeLoan, _ context: DecisionContext) throws -> Int64 {
    let pool = try pool(loan.pool)
    guard let through = pool.accruedThrough else { return 0 }
    var accrual = try BridgeAccrual(self, pool, context.policy)
    return try accrual.fee(of: BridgeExposure(loan), through: through)
  }

  /// Takes the accrual of a loan back before its fee is posted as received.
  func returnAccrual(of loan: inout BridgeLoan, _ context: DecisionContext, on date: BusinessDate) throws {
    let pool = try pool(loan.pool)
    let accrued = try accruedFee(of: loan, context)
    guard accrued > 0, let through = pool.accruedThrough else { return }
    var day = max(date, through)
    if let closed = pool.closedThrough, day <= closed { day = try closed.adding(days: 1) }
    let transfer = try ledger.post(
      Postings(pool: pool.id, reference: loan.name, on: day)
        .single(
          .feeAccrualReturn, debit: ChartOfAccounts.bridgeFeeIncome, credit: ChartOfAccounts.accruedFee, accrued))
    loan.transfers.append(transfer.number)
  }
}
