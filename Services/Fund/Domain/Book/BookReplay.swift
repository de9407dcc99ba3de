import Kernel

/// Registers one row after the other and makes its postings.
struct BookReplay {
  let fund: FundTransaction
  let facility: Facility
  let context: DecisionContext

  func register(_ row: BookRow) throws -> BookRowResult {
    if let known = try fund.bookRecord(facility: facility.id, loanNumber: row.loanNumber) {
      if known.row == row {
        return BookRowResult(
          loanNumber: row.loanNumber, disposition: .exists, findings: known.findings, guarantee: known.guarantee,
          paid: known.paid)
      }
      return refuse(row, BookFindings(.loanNumberTaken))
    }
    let assessment = BookAssessment(row)
    if assessment.plan == .refuse { return refuse(row, assessment.findings) }
    var findings = assessment.findings
    var disposition = assessment.disposition
    var guarantee: Guarantee?
    do {
      guarantee = try fund.ledger.allOrNothing { ledger in try post(row, assessment.plan, &ledger) }
    } catch let error as DomainError where Self.isPostingRefusal(error) {
      findings.insert(.postingRefused)
      disposition = .parked
    }
    let record = BookRecord(
      facility: facility.id, row: row, disposition: disposition, findings: findings,
      paid: guarantee?.claim?.borne.payout ?? 0, guarantee: guarantee?.id ?? "")
    try fund.register(record)
    if let guarantee { fund.save(guarantee) }
    emit(record)
    return BookRowResult(
      loanNumber: row.loanNumber, disposition: disposition, findings: findings, guarantee: record.guarantee,
      paid: record.paid)
  }

  private static func isPostingRefusal(_ error: DomainError) -> Bool {
    error.reason == .insufficientFunds || error.reason == .limitExceeded || error.reason == .amountOverflow
  }

  private func refuse(_ row: BookRow, _ findings: BookFindings) -> BookRowResult {
    fund.refuse(
      BookRecord(facility: facility.id, row: row, disposition: .refused, findings: findings, paid: 0, guarantee: ""))
    return BookRowResult(
      loanNumber: row.loanNumber, disposition: .refused, findings: findings, guarantee: "", paid: 0)
  }

  private func emit(_ record: BookRecord) {
    let date = record.row.disbursedOn ?? record.row.approvedOn
    guard let date else { return }
    let subject = record.guarantee.isEmpty ? facility.name : "guarantees/\(record.guarantee)"
    fund.emit(
      FundEvent(
        .guaranteeImported, subject: subject, pool: facility.pool, on: date,
        .bookRow(BookRowFacts(record, currency: facility.currency))))
  }

  // MARK: Postings

  private func post(_ row: BookRow, _ plan: BookAssessment.Plan, _ ledger: inout Ledger) throws -> Guarantee? {
    switch plan {
    case .refuse, .register: return nil
    case .keepInForce, .release, .chargeOff: break
    }
    guard let approvedOn = row.approvedOn, let disbursedOn = row.disbursedOn else { return nil }
    var guarantee = Guarantee(
      id: "\(facility.id).\(row.loanNumber)", facility: facility.id, pool: facility.pool, currency: facility.currency,
      journey: "", borrower: "", lender: row.lender, reservedOn: approvedOn, createTime: context.now, state: .inForce,
      principal: row.grossApproval, guaranteedAmount: row.guaranteed, feeRate: .zero, householdTotal: 0,
      expiresOn: disbursedOn, maturesOn: (try? disbursedOn.adding(months: row.termMonths)) ?? disbursedOn,
      citations: [], transfers: [])
    guarantee.inForceFrom = disbursedOn
    let (capacity, liability) = (
      ChartOfAccounts.capacity(of: facility.id), ChartOfAccounts.liability(of: facility.id)
    )
    let reserved = try ledger.post(
      postings(guarantee, approvedOn)
        .pending(.guaranteeReserve, debit: capacity, credit: liability, row.guaranteed, expiresOn: disbursedOn))
    let committed = try ledger.post(postings(guarantee, disbursedOn).post(reserved.number))
    guarantee.transfers = [reserved.number, committed.number]
    switch plan {
    case .refuse, .register, .keepInForce: break
    case .release(let day):
      try release(&guarantee, on: day, &ledger)
      guarantee.state = .released
      guarantee.endedOn = day
    case .chargeOff(let day):
      try chargeOff(row, &guarantee, on: day, &ledger)
    }
    return guarantee
  }

  private func postings(_ guarantee: Guarantee, _ date: BusinessDate) -> Postings {
    Postings(pool: facility.pool, reference: guarantee.name, on: date)
  }

  private func release(_ guarantee: inout Guarantee, on day: BusinessDate, _ ledger: inout Ledger) throws {
    let transfer = try ledger.post(
      postings(guarantee, day)
        .single(
          .guaranteeRelease, debit: ChartOfAccounts.liability(of: facility.id),
          credit: ChartOfAccounts.capacity(of: facility.id), guarantee.guaranteedAmount))
    guarantee.transfers.append(transfer.number)
  }

  /// The loss is borne in the proportion of guaranteed to unguaranteed; what was charged off beyond the approval is
  /// nobody's liability here and stays with the lender.
  private func chargeOff(
    _ row: BookRow, _ guarantee: inout Guarantee, on day: BusinessDate, _ ledger: inout Ledger
  ) throws {
    let covered = min(row.chargedOff, row.grossApproval)
    let sides = try Allocation.split(covered, weights: [row.grossApproval - row.guaranteed, row.guaranteed])
    let borne = try facility.shares.split(covered, bank: sides[0])
    if borne.payout > 0 {
      let payout = try ledger.post(
        postings(guarantee, day)
          .single(
            .claimPayout,
            [
              (ChartOfAccounts.subrogation, borne.guarantor),
              (ChartOfAccounts.party(.reguarantor), borne.reguarantor),
              (ChartOfAccounts.party(.national), borne.national), (ChartOfAccounts.party(.city), borne.city),
              (ChartOfAccounts.cash, -borne.payout),
            ]))
      guarantee.transfers.append(payout.number)
    }
    try release(&guarantee, on: day, &ledger)
    if borne.guarantor > 0 {
      let loss = try ledger.post(
        postings(guarantee, day)
          .single(
            .claimWriteOff, debit: ChartOfAccounts.claimLoss, credit: ChartOfAccounts.subrogation, borne.guarantor))
      guarantee.transfers.append(loss.number)
    }
    guarantee.claim = Claim(
      principal: covered, interest: 0, borne: borne, maker: context.officer, submittedOn: day, paidOn: day,
      evidence: [])
    guarantee.state = .writtenOff
    guarantee.endedOn = day
  }
}
