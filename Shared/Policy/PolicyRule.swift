package import Kernel

/// Days on which a rule or a pack is in force, both ends included; `nil` is open.
package struct PolicyWindow: Sendable, Hashable {
  package var from: BusinessDate?
  package var to: BusinessDate?

  package func contains(_ date: BusinessDate) -> Bool {
    if let from, date < from { return false }
    if let to, date > to { return false }
    return true
  }

  func overlaps(_ other: PolicyWindow) -> Bool {
    if let to, let from = other.from, to < from { return false }
    if let from, let to = other.to, to < from { return false }
    return true
  }

  func encloses(_ other: PolicyWindow) -> Bool {
    if let from { guard let start = other.from, start >= from else { return false } }
    if let to { guard let end = other.to, end <= to else { return false } }
    return true
  }
}

/// One number of one document. A class only so that the many rules a reading passes over cost one pointer each; it never
/// changes.
package final class PolicyRule: Sendable {
  package let parameter: String
  package let value: PolicyDatum
  package let inclusive: Bool
  package let direction: PolicyDirection?
  package let window: PolicyWindow
  package let region: String
  package let product: String?
  let conditions: [(attribute: PolicyAttribute, condition: PolicyCondition)]
  package let citation: PolicyCitation
  /// Where the rule begins in its pack's file, from 1.
  package let line: Int

  // What `match` looks at first, in the form that compares fastest.
  private let firstDay: Int32
  private let lastDay: Int32
  let isStated: Bool

  init(
    parameter: String, value: PolicyDatum, inclusive: Bool, direction: PolicyDirection?, window: PolicyWindow,
    region: String, product: String?, conditions: [(attribute: PolicyAttribute, condition: PolicyCondition)],
    citation: PolicyCitation, line: Int
  ) {
    self.parameter = parameter
    self.value = value
    self.inclusive = inclusive
    self.direction = direction
    self.window = window
    self.region = region
    self.product = product
    self.conditions = conditions
    self.citation = citation
    self.line = line
    firstDay = window.from?.dayNumber ?? .min
    lastDay = window.to?.dayNumber ?? .max
    isStated = value != .notStated
  }

  /// What a reading of the scope makes of this rule.
  enum Match {
    case holds
    case fails
    /// Every given fact fits, but the rule also depends on this one.
    case needs(PolicyAttribute)
  }

  func match(_ scope: PolicyScope, on date: BusinessDate) throws(DomainError) -> Match {
    guard firstDay <= date.dayNumber, date.dayNumber <= lastDay else { return .fails }
    if let product, product != scope.product { return .fails }
    guard region.utf8.count <= scope.region.utf8.count, zip(region.utf8, scope.region.utf8).allSatisfy(==) else {
      return .fails
    }
    var missing: PolicyAttribute?
    for (attribute, condition) in conditions {
      if let fact = scope.attributes.fact(attribute) {
        if try !condition.holds(for: fact) { return .fails }
      } else {
        missing = missing ?? attribute
      }
    }
    return missing.map(Match.needs) ?? .holds
  }

  /// Rules of one pack are tried in this order: the longer region first, then a named product before none, then more
  /// conditions before fewer.
  var specificity: (Int, Int, Int) { (region.utf8.count, product == nil ? 0 : 1, conditions.count) }

  /// Whether one scope on one day could satisfy both rules while neither is the more specific.
  func clashes(with other: PolicyRule) -> Bool {
    guard parameter == other.parameter, specificity == other.specificity, region == other.region,
      product == other.product, window.overlaps(other.window)
    else { return false }
    for (attribute, condition) in conditions {
      if let counterpart = other.conditions.first(where: { $0.attribute == attribute }),
        !condition.overlaps(counterpart.condition)
      {
        return false
      }
    }
    return true
  }
}

/// How near the firm a pack was decided. Nearer packs answer first.
package enum PolicyLevel: String, Sendable, Hashable, CaseIterable, Comparable {
  /// The running city's own decision, before any document.
  case decision
  case county, city, province, nation
  /// The running city's own choice where every document is silent.
  case choice
  /// What is taken for granted where nobody decides otherwise.
  case convention

  package static func < (left: PolicyLevel, right: PolicyLevel) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One document as loaded.
package struct PolicyPack: Sendable {
  package let id: String
  package let level: PolicyLevel
  package let title: String
  package let document: String
  package let window: PolicyWindow
  package let region: String
  package let rules: [PolicyRule]
}
