package import Kernel
package import Policy

/// What a decision knows besides the command and the state. Time, identity and parameters arrive as values.
package struct DecisionContext: Sendable {
  package let caller: Caller
  package let now: Instant
  package let policy: PolicyBook

  package init(caller: Caller, now: Instant, policy: PolicyBook) {
    self.caller = caller
    self.now = now
    self.policy = policy
  }

  var officer: Officer { Officer(caller) }

  /// An institution acts for itself only.
  /// - Throws: `OUT_OF_SCOPE`.
  func requireInstitution(_ bank: String) throws(DomainError) {
    if caller.role == .institution && caller.organisation != bank {
      throw DomainError(
        .outOfScope, "\(caller.organisation) may not act for \(bank)", metadata: ["institution": bank])
    }
  }
}

/// The policy packs that the fund decides by, as stores hold them: they make contexts and know no parameter.
package struct FundRules: Sendable {
  let policy: PolicyBook

  package init(policy: PolicyBook) { self.policy = policy }

  package func context(for caller: Caller, at now: Instant) -> DecisionContext {
    DecisionContext(caller: caller, now: now, policy: policy)
  }

  /// - Throws: as `BridgeLoan.quoted`.
  package func quote(
    _ loan: BridgeLoan, on date: BusinessDate, programme: BridgeProgramme, pool: Pool
  ) throws(DomainError) -> BridgeLoan {
    try loan.quoted(on: date, programme: programme, pool: pool, policy: policy)
  }
}

/// A command of the fund: a value whose decision is a synchronous pure function of recorded state, policy and time.
package protocol FundCommand: Sendable {
  associatedtype Outcome: Sendable

  /// - Throws: `DomainError` for a refusal, which is stored and replayed; anything else undoes the command unstored.
  func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Outcome
}

/// Limits on what callers send, shared by all commands.
package enum FundLimits {
  package static let poolIDLength = 24
  package static let facilityIDLength = 26
  package static let displayNameLength = 128
  package static let journeyLength = 96
  package static let borrowerLength = 64
  package static let organisationLength = 64
  package static let reasonLength = 256
  package static let purposeLength = 500
  package static let affiliates = 64
  package static let evidence = 32
  package static let evidenceReferenceLength = 256
  package static let bookRows = 8192
  /// A trillion of the largest unit: sums of any number of accounts that fit on disk cannot overflow 64 bits unseen.
  package static let amountMinorUnits: Int64 = 100_000_000_000_000_000
}

/// Checks of single fields.
enum Field {
  static func text(_ text: String, _ field: String, _ range: ClosedRange<Int>) throws(DomainError) {
    if range.lowerBound > 0 && text.isEmpty {
      throw DomainError(.requiredFieldMissing, "\(field) is required", field: field)
    }
    guard range.contains(text.count), text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
      throw .invalid(field, "\(field) must have \(range.lowerBound) to \(range.upperBound) printable characters")
    }
  }

  /// An id that a creator chooses: no dot, because account ids use it to separate.
  static func id(_ text: String, _ field: String, _ longest: Int) throws(DomainError) {
    if text.isEmpty { throw DomainError(.requiredFieldMissing, "\(field) is required", field: field) }
    guard text.utf8.count <= longest, ResourceName.isID(text), !text.contains(".") else {
      throw .invalid(field, "\(field) must have 1 to \(longest) characters [A-Za-z0-9_~-]")
    }
  }

  static func positive(_ money: Money, _ field: String, in currency: Currency? = nil) throws(DomainError) {
    if let currency, money.currency != currency {
      throw DomainError(
        .currencyMismatch, "\(field) must be in \(currency), not \(money.currency)", field: "\(field).currency_code")
    }
    guard (1...FundLimits.amountMinorUnits).contains(money.minorUnits) else {
      throw .invalid("\(field).minor_units", "\(field) must be positive and at most \(FundLimits.amountMinorUnits)")
    }
  }

  static func notNegative(_ money: Money, _ field: String, in currency: Currency) throws(DomainError) {
    if money.isZero && money.currency == currency { return }
    try positive(money, field, in: currency)
  }

  static func evidence(
    _ evidence: [Evidence], atLeast least: Int, _ field: String = "evidence"
  ) throws(DomainError) {
    if evidence.count < least {
      throw DomainError(.evidenceMissing, "at least \(least) piece of evidence is required", field: field)
    }
    if evidence.count > FundLimits.evidence {
      throw .invalid(field, "at most \(FundLimits.evidence) pieces of evidence")
    }
    for (index, piece) in evidence.enumerated() {
      try text(piece.kind, "\(field)[\(index)].kind", 1...64)
      try text(piece.reference, "\(field)[\(index)].reference", 1...FundLimits.evidenceReferenceLength)
      guard piece.sha256.isEmpty || piece.sha256.count == 32 else {
        throw .invalid("\(field)[\(index)].sha256", "a SHA-256 has 32 bytes")
      }
    }
  }
}
