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

  /// - Throws: `ALREADY_CLAIMED`, `CURRENCY_MISMATCH`, `LIMIT_EXCEEDED` above the amount offered.
  func decide(_ demand: Demand, caller: Caller) throws(DomainError) -> [DemandEvent] {
    _ = try ActingInstitution.requireClaimant(institution, of: demand, caller: caller)
    try Amounts.requirePositive(contract.amount, in: demand, field: "contract.amount")
    guard let offer = demand.offer else {
      throw DomainError(.stateConflict, "demands/\(demand.id) has no standing offer")
    }
    guard contract.amount.minorUnits <= offer.amount.minorUnits else {
      throw DomainError(
        .limitExceeded, "signed \(contract.amount) is more than the \(offer.amount) offered; revise the offer first",
        field: "contract.amount", metadata: ["offered_minor_units": String(offer.amount.minorUnits)])
    }
    return [.signed(contract)]
  }
}
