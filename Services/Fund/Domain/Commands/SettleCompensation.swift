package import Kernel

/// Pays a claim, the checker's step.
package struct ApproveCompensation: FundCommand {
  package var cover: String
  package var businessDate: BusinessDate

  package init(cover: String, businessDate: BusinessDate) {
    self.cover = cover
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Cover {
    var (cover, maker, work) = try fund.claimed(cover)
    try fund.control(
      .compensationPayment, cover.controlled(after: [maker], amount: work.payout, on: businessDate), context)
    if let claimedOn = cover.claimedOn, businessDate < claimedOn {
      throw DomainError.invalid("business_date", "\(businessDate) lies before the claim of \(claimedOn)")
    }
    let postings = Postings(pool: cover.pool, reference: cover.name, on: businessDate)
    for (account, amount) in [
      (ChartOfAccounts.compensation(of: cover.scheme), work.compensation),
      (ChartOfAccounts.reward(of: cover.scheme), work.reward),
    ] where amount > 0 {
      cover.transfers.append(
        try fund.ledger.post(
          postings.single(.compensationPayout, debit: account, credit: ChartOfAccounts.cash, amount)
        ).number)
    }
    cover.state = .compensated
    cover.checker = context.officer
    cover.paidOn = businessDate
    cover.stamp.touch(context.now)
    fund.save(cover)
    fund.emit(
      .compensationPaid, cover.name, pool: cover.pool, state: "compensated", party: cover.bank,
      amount: cover.money(work.payout), on: businessDate)
    return cover
  }
}

/// Turns a claim down, the checker's step. The loan stays registered and may be claimed again.
package struct RejectCompensation: FundCommand {
  package var cover: String
  package var reason: String
  package var businessDate: BusinessDate

  package init(cover: String, reason: String, businessDate: BusinessDate) {
    self.cover = cover
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Cover {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var (cover, maker, work) = try fund.claimed(cover)
    try fund.control(
      .compensationRejection, cover.controlled(after: [maker], amount: work.payout, on: businessDate), context)
    var year = try fund.schemeYear(cover.scheme, cover.disbursedOn.year)
    year.committed -= work.payout
    fund.save(year)
    cover.state = .registered
    cover.checker = context.officer
    cover.work = nil
    cover.remark = reason
    cover.stamp.touch(context.now)
    fund.save(cover)
    fund.emit(
      .compensationRejected, cover.name, pool: cover.pool, state: "registered", party: cover.bank,
      amount: cover.money(work.payout), on: businessDate)
    return cover
  }
}

/// Takes back the fund's part of what the bank recovered, as another officer proposed: in the proportion in which the loss
/// was borne, so that the last recovery leaves everybody whole.
package struct RecordCompensationRecovery: FundCommand {
  package var cover: String
  package var recovered: Money
  package var businessDate: BusinessDate

  package init(cover: String, recovered: Money, businessDate: BusinessDate) {
    self.cover = cover
    self.recovered = recovered
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Cover {
    var cover = try fund.record(Cover.self, cover, in: "covers")
    guard cover.state == .compensated, let work = cover.work, let paidOn = cover.paidOn else {
      throw DomainError(.stateConflict, "\(cover.name) is \(cover.state)", metadata: ["state": "\(cover.state)"])
    }
    try Field.positive(recovered, "recovered", in: cover.currency)
    if businessDate < paidOn {
      throw DomainError.invalid("business_date", "\(businessDate) lies before the payment of \(paidOn)")
    }
    let open = work.eligible - cover.recovered
    if recovered.minorUnits > open {
      throw DomainError(
        .limitExceeded, "\(recovered) is more than the \(cover.money(open)) of the loss still open",
        field: "recovered", metadata: ["open_minor_units": "\(open)"])
    }
    try fund.controlProposed(
      .compensationRecovery, cover.controlled(after: [], amount: recovered.minorUnits, on: businessDate), context)
    let bankReturned = cover.recovered - cover.returned
    let weights = [
      work.bank - bankReturned, work.compensation - cover.returnedCompensation, work.reward - cover.returnedReward,
    ]
    let parts = try Allocation.split(recovered.minorUnits, weights: weights)
    let postings = Postings(pool: cover.pool, reference: cover.name, on: businessDate)
    for (account, amount) in [
      (ChartOfAccounts.compensation(of: cover.scheme), parts[1]), (ChartOfAccounts.reward(of: cover.scheme), parts[2]),
    ] where amount > 0 {
      cover.transfers.append(
        try fund.ledger.post(
          postings.single(.compensationRecovery, debit: ChartOfAccounts.cash, credit: account, amount)
        ).number)
    }
    cover.recovered += recovered.minorUnits
    cover.returnedCompensation += parts[1]
    cover.returnedReward += parts[2]
    cover.stamp.touch(context.now)
    fund.save(cover)
    fund.emit(
      .compensationRecovered, cover.name, pool: cover.pool, state: "compensated", party: cover.bank,
      amount: cover.money(parts[1] + parts[2]), on: businessDate)
    return cover
  }
}

extension Cover {
  /// The cover as a case in which an officer takes the last step.
  func controlled(after hands: [Officer], amount: Int64, on date: BusinessDate) -> ControlledCase {
    ControlledCase(
      subject: name, pool: pool, hands: hands, beneficiary: bank, terms: DecisionTerms(amount: money(amount)),
      date: date)
  }
}

extension FundTransaction {
  /// A cover whose claim is open.
  func claimed(_ id: String) throws -> (Cover, Officer, CompensationWork) {
    let cover = try record(Cover.self, id, in: "covers")
    guard cover.state == .claimed, let maker = cover.maker, let work = cover.work else {
      throw DomainError(
        .stateConflict, "\(cover.name) is \(cover.state) and has no open claim",
        metadata: ["resource": cover.name, "state": "\(cover.state)"])
    }
    return (cover, maker, work)
  }
}
