package import Kernel

/// The contract on the standing offer.
package struct SignDemand: Sendable, Hashable {
  package static let maximumNumber = 100

  package var demand: String
  package var institution: String
  package var contract: Contract
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`, `INVALID_DATE`, `REQUIRED_FIELD_MISSING`, naming the field.
  package init(demand: String, institution: String, contract: Contract, reason: String) throws(DomainError) {
    _ = try Texts.required(contract.number, "contract.number", maximum: Self.maximumNumber)
    try Amounts.requirePositive(contract.amount, field: "contract.amount")
    if let drawBy = contract.drawBy, drawBy < contract.signedOn {
      throw DomainError(
        .invalidDate, "draw_by \(drawBy) is before the day of signature \(contract.signedOn)", field: "contract.draw_by"
      )
    }
    self.demand = demand
    self.institution = institution
    self.contract = contract
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// In a broadcast one of those who have offered signs: the one that the firm chose. Otherwise the lead signs first; each party once, on its own standing offer.
  /// A contract of the last day may be recorded later: what counts is the day of signature.
  /// - Throws: `ALREADY_CLAIMED`, `STATE_CONFLICT` out of turn, `CURRENCY_MISMATCH`, `LIMIT_EXCEEDED` above the amount offered,
  ///   `POLICY_CONDITION_FAILED` for one signed after the demand's last day.
  func decide(
    _ demand: Demand, situation: DemandSituation, caller: Caller
  ) throws(DomainError) -> [DemandEvent] {
    var contract = contract
    // 首贷户: no loan on the day of the contract, hence none that this service knows of either.
    contract.firstLoan =
      demand.instrument.isLoan && situation.enterprise?.firstLoan == true
      && !situation.otherContracts.contains(where: \.instrument.isLoan)
    if demand.claim == nil {
      let taker = try demand.requireTaker(institution, caller: caller)
      try Amounts.requirePositive(contract.amount, in: demand, field: "contract.amount")
      try requireWithin(taker.offer, demand, taker.institution)
      try demand.requireInTime(on: contract.signedOn, field: "contract.signed_on")
      return [.awarded(institution: taker.institution, contract)]
    }
    let party = try Party.of(institution, in: demand, caller: caller)
    try Amounts.requirePositive(contract.amount, in: demand, field: "contract.amount")
    switch party {
    case .lead(let institution):
      if demand.contract != nil { throw .outOfTurn(demand, institution, "has signed before") }
      try requireWithin(demand.offer, demand, institution)
      try demand.requireInTime(on: contract.signedOn, field: "contract.signed_on")
      return [.signed(contract)]
    case .member(let member):
      if demand.contract == nil { throw .outOfTurn(demand, member.institution, "signs after the lead") }
      if member.contract != nil { throw .outOfTurn(demand, member.institution, "has signed before") }
      try requireWithin(member.offer, demand, member.institution)
      // The firm's first contract is the lead's.
      contract.firstLoan = false
      return [.jointSigned(institution: member.institution, contract)]
    }
  }

  private func requireWithin(_ offer: Offer?, _ demand: Demand, _ institution: String) throws(DomainError) {
    guard let offer else { throw .outOfTurn(demand, institution, "has no standing offer") }
    guard contract.amount.minorUnits <= offer.amount.minorUnits else {
      throw DomainError(
        .limitExceeded, "signed \(contract.amount) is more than the \(offer.amount) offered; revise the offer first",
        field: "contract.amount", metadata: ["offered_minor_units": String(offer.amount.minorUnits)])
    }
  }
}
