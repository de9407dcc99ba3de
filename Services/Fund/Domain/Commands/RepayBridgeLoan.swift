package import Kernel
import Policy

/// Takes principal and fee back and closes the loan, once the bank has said what became of the renewal. A refusal lets the
/// money back in too: public money is not kept out because a bank broke its promise.
package struct RepayBridgeLoan: FundCommand {
  package var loan: String
  package var amount: Money
  package var businessDate: BusinessDate

  package init(loan: String, amount: Money, businessDate: BusinessDate) {
    self.loan = loan
    self.amount = amount
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    let recorded = try fund.bridgeLoan(loan)
    var loan = try recorded.quoted(
      on: businessDate, programme: try fund.bridgeProgramme(recorded.programme), pool: try fund.pool(recorded.pool),
      policy: context.policy)
    guard let renewal = loan.details.renewal else {
      throw DomainError(
        .policyConditionFailed, "the bank first says whether it renewed the expiring loan", field: "name",
        metadata: ["missing": "renewal", "institution": loan.bank])
    }
    if businessDate < renewal.recordedOn {
      throw DomainError.invalid(
        "business_date", "\(businessDate) lies before \(renewal.recordedOn), the day of the bank's word on the renewal")
    }
    try loan.step(to: .closed, at: context.now)
    let due = try loan.money(loan.amount).adding(loan.money(loan.fee)).adding(loan.money(loan.details.penalty))
    guard amount == due else {
      throw DomainError(
        .invalidArgument, "\(due) is due on \(businessDate), not \(amount)", field: "amount",
        metadata: ["due_minor_units": "\(due.minorUnits)", "fee_minor_units": "\(loan.fee)"])
    }
    try fund.returnAccrual(of: &loan, context, on: businessDate)
    if loan.details.penalty > 0 {
      try fund.ledger.openOnDemand(
        ChartOfAccounts.penaltyIncome, pool: loan.pool, currency: loan.currency, at: context.now)
    }
    let transfer = try fund.ledger.post(
      Postings(pool: loan.pool, reference: loan.name, on: businessDate)
        .single(
          .bridgeRepayment,
          [
            (ChartOfAccounts.cash, due.minorUnits), (ChartOfAccounts.bridgePrincipal, -loan.amount),
            (ChartOfAccounts.bridgeFeeIncome, -loan.fee), (ChartOfAccounts.penaltyIncome, -loan.details.penalty),
          ]))
    loan.transfers.append(transfer.number)
    loan.repaidOn = businessDate
    fund.save(loan)
    fund.emit(.bridgeRepaid, loan, on: businessDate)
    try fund.serveQueue(ofPool: loan.pool, context, on: businessDate)
    return loan
  }
}

extension BridgeLoan {
  /// The loan with the fee of a repayment on that day; nothing else changes.
  /// - Throws: `STATE_CONFLICT` unless it is paid out and not back yet.
  func quoted(
    on date: BusinessDate, programme: BridgeProgramme, pool: Pool, policy: PolicyBook
  ) throws(DomainError) -> BridgeLoan {
    guard let disbursedOn, state == .disbursed || state == .overdue else {
      throw DomainError(
        .stateConflict, "\(name) is \(state): nothing is outstanding",
        metadata: ["resource": name, "state": "\(state)"])
    }
    if date < disbursedOn { throw .invalid("business_date", "\(date) lies before the payment of \(disbursedOn)") }
    // The terms of the day of payment hold for the whole use.
    var terms = try BridgeTerms(programme, pool: pool, loan: self, policy: policy, on: disbursedOn)
    let fee = try terms.fee(principal: amount, days: max(1, date.days(since: disbursedOn)))
    var quoted = self
    quoted.fee = fee.amount
    quoted.feeLines = fee.lines
    quoted.details.penalty = try penalty(programme, on: date)
    for citation in terms.citations where !quoted.citations.contains(citation) { quoted.citations.append(citation) }
    return quoted
  }

  /// Principal × the programme's daily penalty × calendar days after the due day, rounded once.
  private func penalty(_ programme: BridgeProgramme, on date: BusinessDate) throws(DomainError) -> Int64 {
    guard let ppm = programme.terms.penaltyPPM, let dueOn, date > dueOn else { return 0 }
    let exact = Int128(amount) * Int128(ppm) * Int128(date.days(since: dueOn))
    return try ExactRatio.round(exact, dividedBy: Int128(Rate.one.ppm))
  }
}
