/// A step that one person never takes alone: money leaves a pool, what a pool is owed is shared out or given up, or a bound
/// that guards money moves. The numbers are stored and are those of the wire.
///
/// | first | then, by somebody else |
/// |---|---|
/// | an earlier step of the same case: an application, a claim, an approval, a proposal of its own | the last step |
/// | `ProposeDecision`, for steps that no other step comes before | the last step, in the same terms |
package enum ControlledStep: Int64, Sendable, Hashable, CaseIterable, Codable {
  /// The second approval of an application for a guarantee.
  case guaranteeContract = 1
  case claimPayment = 2
  case claimRejection = 3
  case writeOff = 4
  case recovery = 5
  case bridgeApproval = 6
  case bridgePayout = 7
  case compensationPayment = 8
  case compensationRejection = 9
  case compensationRecovery = 10
  case subsidyPayment = 11
  case reversal = 12
  case resolution = 13
  case limitChange = 14
  case breakerReset = 15
  /// A historical book, whose claims are paid as they were.
  case bookImport = 16
  /// What a pool owes a party to its guarantees.
  case partyPayment = 17
  case guaranteeExtension = 18
  /// A suspended programme of bridge loans, or one bank of it, lends again.
  case programmeResumption = 19

  /// Whether its first officer speaks by `ProposeDecision`.
  package var isProposed: Bool {
    switch self {
    case .writeOff, .recovery, .compensationRecovery, .limitChange, .breakerReset, .bookImport, .partyPayment,
      .guaranteeExtension, .programmeResumption:
      true
    case .guaranteeContract, .claimPayment, .claimRejection, .bridgeApproval, .bridgePayout, .compensationPayment,
      .compensationRejection, .subsidyPayment, .reversal, .resolution:
      false
    }
  }

  /// What its last officer posts.
  package var postings: Set<PostingTemplate> {
    switch self {
    case .claimPayment: [.claimPayout]
    case .writeOff: [.claimWriteOff]
    case .recovery: [.recovery]
    case .bridgePayout: [.bridgePayout]
    case .compensationPayment: [.compensationPayout]
    case .compensationRecovery: [.compensationRecovery]
    case .subsidyPayment: [.subsidyPayout]
    case .reversal: [.reversal]
    case .resolution: [.receiptReturn, .bankCharge, .receiptIdentified]
    case .bookImport: [.claimPayout, .claimWriteOff]
    case .partyPayment: [.partyPayout]
    case .guaranteeContract, .claimRejection, .bridgeApproval, .compensationRejection, .limitChange, .breakerReset,
      .guaranteeExtension, .programmeResumption:
      []
    }
  }

  /// In lower-case words, as messages and events name it.
  package var words: String {
    "\(self)".reduce(into: "") { text, character in
      text += character.isUppercase ? " \(character.lowercased())" : "\(character)"
    }
  }
}

extension PostingTemplate {
  /// Whether it takes money out of a pool, gives up what a pool is owed, or shares out what came back. Nothing is posted in
  /// such a shape unless two officers are on record for it in the same command.
  package var takesTwoOfficers: Bool { Self.controlled & (1 << UInt64(rawValue)) != 0 }

  /// Whether it may bring cash into a pool.
  package var bringsCash: Bool { Self.receipts & (1 << UInt64(rawValue)) != 0 }

  private static let receipts: UInt64 = allCases.reduce(0) { bits, template in
    template.shape.debits.contains(.cash) ? bits | 1 << UInt64(template.rawValue) : bits
  }

  /// One bit a template: every posted transfer is asked.
  private static let controlled: UInt64 = allCases.reduce(0) { bits, template in
    let shape = template.shape
    let isControlled =
      shape.credits.contains(.cash) || shape.debits.contains(.claimLoss) || template == .recovery
      || template == .compensationRecovery
    return isControlled ? bits | 1 << UInt64(template.rawValue) : bits
  }
}
