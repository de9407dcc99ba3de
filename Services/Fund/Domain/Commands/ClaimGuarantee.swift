package import Kernel

/// Claims under a guarantee (代偿), the maker's step. The claim counts towards the breaker at once.
package struct ClaimGuarantee: FundCommand {
  package var guarantee: String
  package var principal: Money
  package var interest: Money?
  package var evidence: [Evidence]
  package var businessDate: BusinessDate

  package init(
    guarantee: String, principal: Money, interest: Money?, evidence: [Evidence], businessDate: BusinessDate
  ) {
    self.guarantee = guarantee
    self.principal = principal
    self.interest = interest
    self.evidence = evidence
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    try Field.evidence(evidence, atLeast: 1)
    var guarantee = try fund.guarantee(guarantee)
    let facility = try fund.facility(guarantee.facility)
    try context.requireInstitution(guarantee.lender)
    try Field.positive(principal, "principal", in: guarantee.currency)
    let interest = interest ?? .zero(guarantee.currency)
    try Field.notNegative(interest, "interest", in: guarantee.currency)
    if principal.minorUnits > guarantee.principal {
      throw DomainError(
        .limitExceeded, "\(principal) is more than the guaranteed loan of \(guarantee.money(guarantee.principal))",
        field: "principal")
    }
    try guarantee.step(to: .claimSubmitted, at: context.now)
    try guarantee.requireOrder(businessDate, after: guarantee.inForceFrom)
    try fund.requireUncompensated(guarantee)
    let total = try principal.adding(interest)
    guarantee.claim = Claim(
      principal: principal.minorUnits, interest: interest.minorUnits,
      borne: try facility.shares.split(total.minorUnits), maker: context.officer, submittedOn: businessDate,
      evidence: evidence)
    var year = try fund.facilityYear(facility.id, businessDate.year)
    year.claimsPending = try guarantee.money(year.claimsPending).adding(total).minorUnits
    fund.save(year)
    try fund.checkBreaker(facility, year: year, context, on: businessDate)
    fund.save(guarantee)
    fund.emit(.guaranteeClaimed, guarantee, amount: total.minorUnits, on: businessDate)
    return guarantee
  }
}
