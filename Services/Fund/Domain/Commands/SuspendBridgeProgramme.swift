package import Kernel

/// Stops new loans of a programme, or those of one bank, or resumes them, as another officer proposed.
package struct SuspendBridgeProgramme: FundCommand {
  package static let maximumBanks = 256

  package var programme: String
  /// Empty for the whole programme.
  package var bank: String
  package var isSuspended: Bool
  package var reason: String
  package var businessDate: BusinessDate

  package init(programme: String, bank: String, isSuspended: Bool, reason: String, businessDate: BusinessDate) {
    self.programme = programme
    self.bank = bank
    self.isSuspended = isSuspended
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeProgramme {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    try Field.text(bank, "bank", 0...FundLimits.organisationLength)
    var programme = try fund.bridgeProgramme(programme)
    let was = programme.isSuspended(bank: bank)
    guard was != isSuspended else {
      throw DomainError(
        .stateConflict, "\(programme.name) \(bank) is \(was ? "suspended" : "open") already",
        metadata: ["resource": programme.name])
    }
    if !isSuspended {
      try fund.controlProposed(
        .programmeResumption,
        ControlledCase(
          subject: programme.name, pool: programme.pool, hands: [], beneficiary: bank,
          terms: DecisionTerms(party: bank.isEmpty ? nil : bank), date: businessDate), context)
    }
    if bank.isEmpty {
      programme.isSuspended = isSuspended
    } else if isSuspended {
      guard programme.terms.suspendedBanks.count < Self.maximumBanks else {
        throw DomainError(.limitExceeded, "at most \(Self.maximumBanks) banks are suspended one by one", field: "bank")
      }
      programme.terms.suspendedBanks = (programme.terms.suspendedBanks + [bank]).sorted()
    } else {
      programme.terms.suspendedBanks.removeAll { $0 == bank }
    }
    programme.updateTime = context.now
    programme.revision += 1
    fund.save(programme)
    fund.emit(
      isSuspended ? .programmeSuspended : .programmeResumed, programme.name, pool: programme.pool,
      state: isSuspended ? "suspended" : "resumed", party: bank, on: businessDate)
    // What waited meanwhile takes its turn.
    if !isSuspended { try fund.serveQueue(ofPool: programme.pool, context, on: businessDate) }
    return programme
  }
}

extension BridgeProgramme {
  /// - Parameter bank: nil or empty for the whole programme.
  func isSuspended(bank: String?) -> Bool {
    guard let bank, !bank.isEmpty else { return isSuspended }
    return terms.suspendedBanks.contains(bank)
  }
}
