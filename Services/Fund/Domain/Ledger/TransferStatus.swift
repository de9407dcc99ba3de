import Kernel

/// What became of one transfer of a batch.
package enum TransferStatus: Int64, Sendable, Hashable, CaseIterable {
  case created = 1
  case exists
  case existsWithDifferentAmount
  case existsWithDifferentAccounts
  case existsWithDifferentFields
  case idAlreadyRefused
  case linkedTransferRefused
  case linkedChainOpen
  case accountNotFound
  case accountClosed
  case poolsDiffer
  case legCountInvalid
  case legInvalid
  case unbalanced
  case exceedsLimit
  case overflow
  case pendingNotFound
  case notPending
  case alreadyPosted
  case alreadyVoided
  case expired
  case exceedsPendingAmount
  case expiryInvalid
  case templateUnknown
  case templateMismatch
  case templateReserved
  case phaseInvalid
  case exceedsLimitLater
  case periodClosed

  /// Whether the same transfer could succeed another day. Its id stays refused all the same: a client that gave up on
  /// it must not find it done later.
  package var isTransient: Bool {
    switch self {
    case .accountNotFound, .accountClosed, .exceedsLimit, .pendingNotFound, .alreadyPosted, .alreadyVoided, .expired,
      .exceedsLimitLater, .periodClosed:
      true
    case .created, .exists, .existsWithDifferentAmount, .existsWithDifferentAccounts, .existsWithDifferentFields,
      .idAlreadyRefused, .linkedTransferRefused, .linkedChainOpen, .poolsDiffer, .legCountInvalid, .legInvalid,
      .unbalanced, .overflow, .notPending, .exceedsPendingAmount, .expiryInvalid, .templateUnknown, .templateMismatch,
      .templateReserved, .phaseInvalid:
      false
    }
  }
}

/// The outcome of one transfer of a batch.
package struct TransferResult: Sendable, Hashable {
  package var status: TransferStatus
  /// Its number when created or existing; 0 otherwise.
  package var number: Int64
  /// Index of the leg to blame; -1 when none is.
  package var leg: Int

  package init(_ status: TransferStatus, number: Int64 = 0, leg: Int = -1) {
    self.status = status
    self.number = number
    self.leg = leg
  }
}

/// Thrown inside the ledger for a transfer that is refused.
struct TransferRefusal: Error, Hashable {
  var status: TransferStatus
  var leg: Int

  init(_ status: TransferStatus, leg: Int = -1) {
    self.status = status
    self.leg = leg
  }
}

extension TransferStatus {
  /// The error of a product whose posting the ledger refused.
  func error(posting template: String, account: String?) -> DomainError {
    let metadata = ["transfer_status": "\(self)", "posting": template].merging(
      account.map { ["account": $0] } ?? [:]
    ) { first, _ in first }
    switch self {
    case .exceedsLimit:
      return DomainError(
        .limitExceeded, "posting \(template) would exceed the limit of account \(account ?? "?")", metadata: metadata)
    case .exceedsLimitLater:
      return DomainError(
        .limitExceeded,
        "with this value date posting \(template) would break the limit of account \(account ?? "?") on a later day",
        field: "business_date", metadata: metadata)
    case .periodClosed:
      return DomainError(
        .stateConflict, "the books of that value date are closed", field: "business_date", metadata: metadata)
    case .expired:
      return DomainError(.transferExpired, "the reservation's last day has passed", metadata: metadata)
    case .alreadyPosted, .alreadyVoided:
      return DomainError(.stateConflict, "the reservation was settled before", metadata: metadata)
    case .overflow:
      return DomainError(.amountOverflow, "posting \(template) would not fit 64 bits", metadata: metadata)
    default:
      return DomainError(.internal, "posting \(template) was refused: \(self)", metadata: metadata)
    }
  }
}
