package import Kernel

/// Where a decision stands. Legal steps: proposed → done | withdrawn.
package enum DecisionState: Int64, Sendable, Hashable, CaseIterable, Codable {
  case proposed = 1
  case done = 2
  case withdrawn = 3
}

/// What exactly was proposed; the officer who carries it out states the same.
package struct DecisionTerms: Sendable, Hashable, Codable {
  /// Minor units, where the step has an amount.
  package var amount: Int64?
  package var currency: Currency?
  /// Code of `AccountLimit`, for a limit change.
  package var rule: Int64?
  /// For a limit change; nil for no bound.
  package var bound: Int64?
  /// Organisation that is paid, or bank that may lend again; nil where the step has none.
  package var party: String?
  /// New last day, for an extension.
  package var until: BusinessDate?
  package var reason: String

  package init(
    amount: Money? = nil, limit: AccountLimit? = nil, bound: Int64? = nil, party: String? = nil,
    until: BusinessDate? = nil, reason: String = ""
  ) {
    self.amount = amount?.minorUnits
    currency = amount?.currency
    rule = limit?.rawValue
    self.bound = bound
    self.party = party
    self.until = until
    self.reason = reason
  }

  package var money: Money? { amount.flatMap { amount in currency.map { Money(amount, $0) } } }
  package var limit: AccountLimit? { rule.flatMap(AccountLimit.init) }

  /// Field in which the other terms differ; the reason may be put in other words.
  func difference(from other: DecisionTerms) -> String? {
    if amount != other.amount || currency != other.currency { return "amount" }
    if rule != other.rule { return "limit" }
    if bound != other.bound { return "bound_minor" }
    if party != other.party { return "party" }
    if until != other.until { return "until" }
    return nil
  }
}

/// A controlled step on record: who took the steps before it, who took it, and what it posted.
package struct Decision: FundRecord {
  package static let kind = RecordKind.decision

  /// Claims of a facility's year when its breaker was reset.
  package struct AcceptedYear: Sendable, Hashable, Codable {
    package let year: Int
    package let claims: Int64
  }

  package let id: String
  package let step: ControlledStep
  package let pool: String
  /// Resource name of the case.
  package let subject: String
  package var terms: DecisionTerms
  /// Everybody who took an earlier step, in order.
  package var makers: [Officer]
  package var checker: Officer?
  package var state: DecisionState
  package let proposedOn: BusinessDate
  package var doneOn: BusinessDate?
  /// Numbers of the transfers by which it was carried out; empty for a book, whose rows name their own.
  package var transfers: [Int64]
  package var accepted: [AcceptedYear]?
  package var stamp: RecordStamp

  package var owner: String { subject }
  package var stateCode: Int64 { state.rawValue }
  package var name: String { "decisions/\(id)" }

  /// The case, the step and how often it was taken; a long name of a case stands as its FNV-1a hash.
  static func id(of step: ControlledStep, _ subject: String, _ number: Int) -> String {
    let plain = "\(subject.replacing("/", with: "."))~\(step)~\(number)"
    if plain.utf8.count <= ResourceName.maximumIDLength { return plain }
    let hash = subject.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    return "\(String(hash, radix: 16))~\(step)~\(number)"
  }
}
