/// One parameter that packs may state: its kind, whether it is a threshold, and what it means. A pack with any other
/// parameter is refused, so a typing error can never turn a rule off.
package struct PolicyParameter: Sendable, Hashable {
  package let name: String
  package let kind: PolicyKind
  /// `nil` when the parameter is no threshold; otherwise every rule must say `inclusive`.
  package let direction: PolicyDirection?
  /// Rules of one pack that differ only in this attribute must adjoin: no amount may fall between them.
  package let contiguousOver: PolicyAttribute?
  /// Rules of one pack that differ only in their window must adjoin: no day may fall between them.
  package let contiguousInTime: Bool
  package let meaning: String

  init(
    _ name: String, _ kind: PolicyKind, _ direction: PolicyDirection?, over: PolicyAttribute? = nil,
    everyDay: Bool = false, _ meaning: String
  ) {
    self.name = name
    self.kind = kind
    self.direction = direction
    contiguousOver = over
    contiguousInTime = everyDay
    self.meaning = meaning
  }

  init(
    _ name: String, _ kind: PolicyKind, over: PolicyAttribute? = nil, everyDay: Bool = false, _ meaning: String
  ) {
    self.init(name, kind, nil, over: over, everyDay: everyDay, meaning)
  }
}

/// Every parameter the suite knows, by subject. docs/policy-packs.md prints the same table.
package enum PolicyVocabulary {
  package static let parameters: [PolicyParameter] = [
    guarantee, sharing, compensation, bridge, renewal, subsidy, lending, assessment, demand, products, advisers,
    appraisal, listing, targets, classification, reference,
  ].flatMap(\.self)

  package static let byName: [String: PolicyParameter] = Dictionary(
    parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// Products a rule may name without its pack introducing them.
  package static let commonProducts: Set<String> = [
    "guarantee", "re_guarantee", "batch_guarantee", "bridge_loan", "talent_loan", "credit_loan", "ip_pledge_loan",
    "platform_loan", "renewal",
  ]
}
