package import Kernel

/// Ends the liability because the loan was repaid.
package struct ReleaseGuarantee: FundCommand {
  package var guarantee: String
  package var businessDate: BusinessDate

  package init(guarantee: String, businessDate: BusinessDate) {
    self.guarantee = guarantee
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    var guarantee = try fund.guarantee(guarantee)
    try context.requireInstitution(guarantee.lender)
    try guarantee.step(to: .released, at: context.now)
    try guarantee.requireOrder(businessDate, after: guarantee.inForceFrom)
    try fund.release(&guarantee, on: businessDate)
    try fund.countReleased(guarantee, on: businessDate)
    fund.save(guarantee)
    fund.emit(.guaranteeReleased, guarantee, on: businessDate)
    return guarantee
  }
}

extension FundTransaction {
  /// Gives the liability back to the facility's capacity.
  func release(_ guarantee: inout Guarantee, on date: BusinessDate) throws {
    let transfer = try ledger.post(
      Postings(pool: guarantee.pool, reference: guarantee.name, on: date)
        .single(
          .guaranteeRelease, debit: ChartOfAccounts.liability(of: guarantee.facility),
          credit: ChartOfAccounts.capacity(of: guarantee.facility), guarantee.guaranteedAmount))
    guarantee.transfers.append(transfer.number)
    guarantee.endedOn = date
  }

  /// Adds a release to the year's figures that the claim rate is measured against.
  func countReleased(_ guarantee: Guarantee, on date: BusinessDate) throws {
    var year = try facilityYear(guarantee.facility, date.year)
    let days = Int128(date.days(since: guarantee.inForceFrom ?? date))
    let annualised = try ExactRatio.round(Int128(guarantee.principal) * days, dividedBy: 365)
    year.released = try guarantee.money(year.released).adding(guarantee.money(guarantee.principal)).minorUnits
    year.releasedAnnualised = try guarantee.money(year.releasedAnnualised).adding(guarantee.money(annualised))
      .minorUnits
    save(year)
  }
}
