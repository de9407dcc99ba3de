/// Every reason for which the suite refuses or fails a call. A reason is stable: clients switch on it.
/// A new reason also needs its texts in Shared/RPCEdge/Errors/ErrorReason+Texts.swift.
public enum ErrorReason: String, Sendable, Hashable, CaseIterable, Codable {
  // Form of the request
  case invalidArgument = "INVALID_ARGUMENT"
  case requiredFieldMissing = "REQUIRED_FIELD_MISSING"
  case invalidRequestID = "INVALID_REQUEST_ID"
  case invalidResourceName = "INVALID_RESOURCE_NAME"
  case invalidCurrency = "INVALID_CURRENCY"
  case currencyMismatch = "CURRENCY_MISMATCH"
  case invalidDate = "INVALID_DATE"
  case invalidUSCC = "INVALID_USCC"
  case invalidRegion = "INVALID_REGION"
  case invalidIndustry = "INVALID_INDUSTRY"
  case invalidSplit = "INVALID_SPLIT"
  case invalidFilter = "INVALID_FILTER"
  case invalidPageToken = "INVALID_PAGE_TOKEN"
  case invalidPageSize = "INVALID_PAGE_SIZE"
  case invalidJSON = "INVALID_JSON"
  case amountOverflow = "AMOUNT_OVERFLOW"
  case divisionByZero = "DIVISION_BY_ZERO"
  case batchTooLarge = "BATCH_TOO_LARGE"
  // Identity
  case credentialsMissing = "CREDENTIALS_MISSING"
  case credentialsInvalid = "CREDENTIALS_INVALID"
  case roleNotAllowed = "ROLE_NOT_ALLOWED"
  case outOfScope = "OUT_OF_SCOPE"
  case sameOfficer = "SAME_OFFICER"
  // State
  case resourceNotFound = "RESOURCE_NOT_FOUND"
  case resourceExists = "RESOURCE_EXISTS"
  case requestIDReused = "REQUEST_ID_REUSED"
  case etagMismatch = "ETAG_MISMATCH"
  case stateConflict = "STATE_CONFLICT"
  case alreadyClaimed = "ALREADY_CLAIMED"
  case evidenceMissing = "EVIDENCE_MISSING"
  case consentMissing = "CONSENT_MISSING"
  // Money
  case insufficientFunds = "INSUFFICIENT_FUNDS"
  case limitExceeded = "LIMIT_EXCEEDED"
  case breakerTripped = "BREAKER_TRIPPED"
  case unbalancedTransfer = "UNBALANCED_TRANSFER"
  case transferExpired = "TRANSFER_EXPIRED"
  case doubleCompensation = "DOUBLE_COMPENSATION"
  // Policy
  case policyNotStated = "POLICY_NOT_STATED"
  case policyFactMissing = "POLICY_FACT_MISSING"
  case policyConditionFailed = "POLICY_CONDITION_FAILED"
  case schemeInvalid = "SCHEME_INVALID"
  // Data
  case dataRefused = "DATA_REFUSED"
  case sequenceNotAvailable = "SEQUENCE_NOT_AVAILABLE"
  case chainBroken = "CHAIN_BROKEN"
  // System
  case methodNotFound = "METHOD_NOT_FOUND"
  case overloaded = "OVERLOADED"
  case messageTooLarge = "MESSAGE_TOO_LARGE"
  case diskFull = "DISK_FULL"
  case deadlineExceeded = "DEADLINE_EXCEEDED"
  case cancelled = "CANCELLED"
  case unavailable = "UNAVAILABLE"
  case shuttingDown = "SHUTTING_DOWN"
  case dependencyUnavailable = "DEPENDENCY_UNAVAILABLE"
  case `internal` = "INTERNAL"
}

/// The class of an error: what a caller can do about it. Exactly one gRPC status belongs to each (RPCEdge).
public enum ErrorKind: String, Sendable, CaseIterable {
  case malformed, unauthenticated, forbidden, notFound, alreadyExists, precondition, conflict, exhausted
  case deadline, cancelled, unavailable, unimplemented, `internal`, dataLoss, outOfRange
}

extension ErrorReason {
  public var kind: ErrorKind {
    switch self {
    case .invalidArgument, .requiredFieldMissing, .invalidRequestID, .invalidResourceName, .invalidCurrency,
      .currencyMismatch, .invalidDate, .invalidUSCC, .invalidRegion, .invalidIndustry, .invalidSplit, .invalidFilter,
      .invalidPageToken, .invalidPageSize, .invalidJSON, .amountOverflow, .divisionByZero, .batchTooLarge,
      .unbalancedTransfer, .schemeInvalid, .dataRefused:
      .malformed
    case .credentialsMissing, .credentialsInvalid: .unauthenticated
    case .roleNotAllowed, .outOfScope, .sameOfficer: .forbidden
    case .resourceNotFound: .notFound
    case .resourceExists, .requestIDReused: .alreadyExists
    case .etagMismatch, .alreadyClaimed: .conflict
    case .stateConflict, .evidenceMissing, .consentMissing, .insufficientFunds, .limitExceeded, .breakerTripped,
      .transferExpired, .doubleCompensation, .policyNotStated, .policyFactMissing, .policyConditionFailed:
      .precondition
    case .sequenceNotAvailable: .outOfRange
    case .chainBroken: .dataLoss
    case .methodNotFound: .unimplemented
    case .overloaded, .messageTooLarge, .diskFull: .exhausted
    case .deadlineExceeded: .deadline
    case .cancelled: .cancelled
    case .unavailable, .shuttingDown, .dependencyUnavailable: .unavailable
    case .internal: .internal
    }
  }
}
