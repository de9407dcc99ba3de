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

  /// In a broadcast everybody who has taken it up offers. Otherwise the claimant offers before anything is signed; a member of its joint credit once the claimant has offered, until the
  /// member signs.
  /// - Throws: `ALREADY_CLAIMED` for anyone else, `STATE_CONFLICT` out of turn, `CURRENCY_MISMATCH`,
  ///   `POLICY_CONDITION_FAILED` after the demand's last day.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    let today = try now.shanghaiDate()
    if demand.claim == nil {
      let taker = try demand.requireTaker(institution, caller: caller)
      try Amounts.requirePositive(amount, in: demand, field: "amount")
      try demand.requireInTime(on: today)
      return [.tendered(offer(of: taker.institution, at: now), revised: taker.offer != nil)]
    }
    let party = try Party.of(institution, in: demand, caller: caller)
    try Amounts.requirePositive(amount, in: demand, field: "amount")
    try demand.requireInTime(on: today)
    switch party {
    case .lead(let institution):
      if demand.contract != nil { throw .outOfTurn(demand, institution, "has signed; a contract is not offered again") }
      return [.offered(offer(of: institution, at: now))]
    case .member(let member):
      if demand.offer == nil { throw .outOfTurn(demand, member.institution, "offers after the lead") }
      if member.contract != nil {
        throw .outOfTurn(demand, member.institution, "has signed; a contract is not offered again")
      }
      return [.jointOffered(offer(of: member.institution, at: now))]
    }
  }

  private func offer(of institution: String, at now: Instant) -> Offer {
    Offer(
      institution: institution, amount: amount, rate: rate, tenorMonths: tenorMonths, guaranteeNeeded: guaranteeNeeded,
      product: product, at: now)
  }
}

extension DomainError {
  /// An institution that has a part in the demand acts before or after its time.
  static func outOfTurn(_ demand: Demand, _ institution: String, _ why: String) -> DomainError {
    DomainError(
      .stateConflict, "\(institution) \(why): demands/\(demand.id)",
      metadata: ["state": demand.state.rawValue, "institution": institution])
  }
}
