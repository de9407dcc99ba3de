package import Kernel

/// A payment under the contract.
package struct RecordDisbursement: Sendable, Hashable {
  /// Most payments of one demand: every reading of the demand carries them all.
  package static let maximumDisbursements = 400

  package var demand: String
  package var institution: String
  package var disbursement: Disbursement
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, disbursement: Disbursement, reason: String) throws(DomainError) {
    try Amounts.requirePositive(disbursement.amount, field: "disbursement.amount")
    self.demand = demand
    self.institution = institution
    self.disbursement = disbursement
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `ALREADY_CLAIMED`, `CURRENCY_MISMATCH`, `AMOUNT_OVERFLOW`, `INVALID_DATE` before the day of signature,
  ///   `LIMIT_EXCEEDED` when a contract that does not revolve would be overdrawn.
  func decide(_ demand: Demand, caller: Caller) throws(DomainError) -> [DemandEvent] {
    let party = try Party.of(institution, in: demand, caller: caller)
    try Amounts.requirePositive(disbursement.amount, in: demand, field: "disbursement.amount")
    switch party {
    case .lead(let institution):
      guard let contract = demand.contract else { throw .outOfTurn(demand, institution, "has no contract") }
      try requireRoom(demand, contract, paid: demand.disbursed)
      return [.disbursed(disbursement)]
    case .member(let member):
      guard let contract = member.contract else { throw .outOfTurn(demand, member.institution, "has no contract") }
      try requireRoom(demand, contract, paid: Money(member.disbursedMinorUnits, demand.amount.currency))
      return [.jointDisbursed(institution: member.institution, disbursement)]
    }
  }

  private func requireRoom(_ demand: Demand, _ contract: Contract, paid: Money) throws(DomainError) {
    guard disbursement.paidOn >= contract.signedOn else {
      throw DomainError(
        .invalidDate, "paid on \(disbursement.paidOn), before the contract of \(contract.signedOn)",
        field: "disbursement.paid_on")
    }
    let count = demand.handling.members.reduce(demand.disbursements.count) { $0 + $1.disbursements.count }
    guard count < Self.maximumDisbursements else {
      throw DomainError(.limitExceeded, "a demand has at most \(Self.maximumDisbursements) disbursements")
    }
    let total = try paid.adding(disbursement.amount)
    guard contract.revolving || total.minorUnits <= contract.amount.minorUnits else {
      throw DomainError(
        .limitExceeded, "disbursed \(total) in all would be more than the \(contract.amount) signed",
        field: "disbursement.amount",
        metadata: [
          "signed_minor_units": String(contract.amount.minorUnits),
          "disbursed_minor_units": String(paid.minorUnits),
        ])
    }
  }
}
