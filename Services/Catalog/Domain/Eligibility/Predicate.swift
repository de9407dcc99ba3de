package import Kernel

/// One typed condition over a firm or its need.
package enum Condition: Hashable, Sendable, Codable {
  /// An ordered attribute lies in a range.
  case range(OrderedAttribute, IntegerRange)
  /// At least one of the firm's values is in the set (bits of `ChoiceAttribute.values`).
  case oneOf(ChoiceAttribute, UInt64)
  /// The code begins with one of the prefixes (canonical form).
  case within(CodeAttribute, [String])
  /// The firm's set holds at least one of the words.
  case hasAny(SetAttribute, [String])
}

/// A tree of conditions.
package indirect enum Predicate: Hashable, Sendable, Codable {
  case condition(Condition)
  case allOf([Predicate])
  case anyOf([Predicate])
  case negated(Predicate)
  case atLeast(Int, [Predicate])
}

extension Predicate {
  /// - Throws: the first node that cannot stand, with its path.
  package func validate() throws(DomainError) {
    var nodes = 0
    try validate(path: "", depth: 1, nodes: &nodes)
  }

  private func validate(path: String, depth: Int, nodes: inout Int) throws(DomainError) {
    nodes += 1
    guard depth <= CatalogLimits.predicateDepth else {
      throw .invalid(path, "a tree has at most \(CatalogLimits.predicateDepth) levels")
    }
    guard nodes <= CatalogLimits.predicateNodes else {
      throw .invalid(path, "a tree has at most \(CatalogLimits.predicateNodes) nodes")
    }
    switch self {
    case .condition(let condition): try condition.validate(Self.join(path, "condition"))
    case .allOf(let members): try Self.validate(members, Self.join(path, "all_of"), depth, &nodes)
    case .anyOf(let members): try Self.validate(members, Self.join(path, "any_of"), depth, &nodes)
    case .negated(let member):
      try member.validate(path: Self.join(path, "negated"), depth: depth + 1, nodes: &nodes)
    case .atLeast(let required, let members):
      let field = Self.join(path, "at_least")
      guard required >= 1, required <= members.count else {
        throw .invalid("\(field).required", "1 to the number of members, not \(required)")
      }
      try Self.validate(members, field, depth, &nodes)
    }
  }

  private static func validate(
    _ members: [Predicate], _ path: String, _ depth: Int, _ nodes: inout Int
  ) throws(DomainError) {
    guard !members.isEmpty else {
      throw DomainError(.requiredFieldMissing, "at least one member", field: "\(path).members")
    }
    for (index, member) in members.enumerated() {
      try member.validate(path: "\(path).members[\(index)]", depth: depth + 1, nodes: &nodes)
    }
  }

  static func join(_ path: String, _ part: String) -> String { path.isEmpty ? part : "\(path).\(part)" }

  /// Lower-case words joined by hyphens, 1 to 64 characters: what set members look like. Institution ids may hold more.
  package static func isWord(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}

extension Condition {
  func validate(_ path: String) throws(DomainError) {
    switch self {
    case .range(let attribute, let range):
      try range.validate("\(path).\(attribute.key)")
    case .oneOf(let attribute, let mask):
      guard mask & attribute.domain != 0, mask & ~attribute.domain == 0 else {
        throw DomainError(.requiredFieldMissing, "at least one value", field: "\(path).\(attribute.key)")
      }
    case .within(let attribute, let prefixes):
      let field = "\(path).\(attribute.key).prefixes"
      try Self.count(prefixes, field)
      if attribute == .region {
        for (index, code) in prefixes.enumerated() { try RegionCode.validate(code, field: "\(field)[\(index)]") }
      } else {
        for (index, code) in prefixes.enumerated() {
          _ = try IndustryCode.canonical(code, field: "\(field)[\(index)]")
        }
      }
    case .hasAny(let attribute, let words):
      let field = "\(path).\(attribute.key).any_of"
      try Self.count(words, field)
      for (index, word) in words.enumerated() {
        guard attribute == .relationships ? ResourceName.isID(word) : Predicate.isWord(word) else {
          throw .invalid("\(field)[\(index)]", "lower-case words joined by hyphens")
        }
      }
    }
  }

  private static func count(_ values: [String], _ field: String) throws(DomainError) {
    guard !values.isEmpty else { throw DomainError(.requiredFieldMissing, "at least one value", field: field) }
    guard values.count <= CatalogLimits.conditionValues else {
      throw .invalid(field, "at most \(CatalogLimits.conditionValues) values")
    }
  }

  /// The condition as people read it.
  package var text: String {
    switch self {
    case .range(let attribute, let range):
      [
        range.min.map { "\(attribute.key) \(range.minExclusive ? ">" : ">=") \(attribute.text($0))" },
        range.max.map { "\(attribute.key) \(range.maxExclusive ? "<" : "<=") \(attribute.text($0))" },
      ].compactMap(\.self).joined(separator: " and ")
    case .oneOf(let attribute, let mask): "\(attribute.key) in {\(attribute.text(mask))}"
    case .within(let attribute, let prefixes): "\(attribute.key) within \(prefixes.joined(separator: ", "))"
    case .hasAny(let attribute, let words): "\(attribute.key) has \(words.joined(separator: " or "))"
    }
  }
}
