package import Kernel

/// The claimant's offer, or its revision.
package struct OfferDemand: Sendable, Hashable {
  package var demand: String
  package var institution: String
  package var amount: Money
  package var rate: Rate
  package var tenorMonths: Int64
  package var guaranteeNeeded: Bool
  package var product: String
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`, `INVALID_RESOURCE_NAME`, naming the field.
  package init(
    demand: String, institution: String, amount: Money, rate: Rate, tenorMonths: Int64, guaranteeNeeded: Bool,
    product: String, reason: String
  ) throws(DomainError) {
    try Amounts.requirePositive(amount, field: "amount")
    guard rate.ppm >= 0 else { throw DomainError.invalid("rate.ppm", "a rate is not negative") }
    try Amounts.requireTenor(tenorMonths)
    try Amounts.requireProduct(product)
    self.demand = demand
    self.institution = institution
    self.amount = amount
    self.rate = rate
    self.tenorMonths = tenorMonths
    self.guaranteeNeeded = guaranteeNeeded
    self.product = product
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `ALREADY_CLAIMED` for anyone but the claimant, `CURRENCY_MISMATCH`.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    let institution = try ActingInstitution.requireClaimant(institution, of: demand, caller: caller)
    try Amounts.requirePositive(amount, in: demand, field: "amount")
    return [
      .offered(
        Offer(
          institution: institution, amount: amount, rate: rate, tenorMonths: tenorMonths,
          guaranteeNeeded: guaranteeNeeded, product: product, at: now))
    ]
  }
}
