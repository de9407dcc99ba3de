import CatalogDomain
import Kernel
import Protos
import RPCEdge

extension Predicate {
  init(_ proto: Huirong_Catalog_V1_Predicate, _ field: String, depth: Int = 1) throws(DomainError) {
    // The domain checks this too; here it bounds the recursion that reads the tree.
    guard depth <= CatalogLimits.predicateDepth else {
      throw .invalid(field, "a tree has at most \(CatalogLimits.predicateDepth) levels")
    }
    func members(_ list: [Huirong_Catalog_V1_Predicate], _ name: String) throws(DomainError) -> [Predicate] {
      try Reading.each(list, "\(field).\(name).members") { member, path throws(DomainError) in
        try Predicate(member, path, depth: depth + 1)
      }
    }
    switch proto.node {
    case .condition(let condition): self = .condition(try Condition(condition, "\(field).condition"))
    case .allOf(let list): self = .allOf(try members(list.members, "all_of"))
    case .anyOf(let list): self = .anyOf(try members(list.members, "any_of"))
    case .negated(let member): self = .negated(try Predicate(member, "\(field).negated", depth: depth + 1))
    case .atLeast(let quorum):
      self = .atLeast(Int(quorum.required), try members(quorum.members, "at_least"))
    case nil:
      throw DomainError(
        .requiredFieldMissing, "condition, all_of, any_of, negated or at_least is required", field: field)
    }
  }
}

extension Huirong_Catalog_V1_Predicate {
  init(_ predicate: Predicate) {
    self.init()
    switch predicate {
    case .condition(let value): condition = .init(value)
    case .allOf(let members): allOf.members = members.map { .init($0) }
    case .anyOf(let members): anyOf.members = members.map { .init($0) }
    case .negated(let member): negated = .init(member)
    case .atLeast(let count, let members):
      atLeast.required = Int32(clamping: count)
      atLeast.members = members.map { .init($0) }
    }
  }
}

extension IntegerRange {
  init(_ proto: Huirong_Catalog_V1_IntegerRange) {
    self.init(
      min: proto.hasMin ? proto.min : nil, minExclusive: proto.minExclusive, max: proto.hasMax ? proto.max : nil,
      maxExclusive: proto.maxExclusive)
  }

  /// A range of CNY amounts: what a firm's accounts are kept in.
  init(_ proto: Huirong_Catalog_V1_MoneyRange, _ field: String) throws(DomainError) {
    self.init(
      min: proto.hasMin ? try Self.cny(proto.min, "\(field).min") : nil, minExclusive: proto.minExclusive,
      max: proto.hasMax ? try Self.cny(proto.max, "\(field).max") : nil, maxExclusive: proto.maxExclusive)
  }

  static func cny(_ proto: Huirong_Common_V1_Money, _ field: String) throws(DomainError) -> Int64 {
    let money = try Money(proto, field: field)
    guard money.currency == .cny else {
      throw DomainError(
        .currencyMismatch, "a firm's accounts are in CNY, not \(money.currency)", field: "\(field).currency_code")
    }
    return money.minorUnits
  }

  init(_ proto: Huirong_Catalog_V1_RateRange) {
    self.init(
      min: proto.hasMin ? proto.min.ppm : nil, minExclusive: proto.minExclusive,
      max: proto.hasMax ? proto.max.ppm : nil,
      maxExclusive: proto.maxExclusive)
  }
}

extension Huirong_Catalog_V1_IntegerRange {
  init(_ range: IntegerRange) {
    self.init()
    if let value = range.min { min = value }
    if let value = range.max { max = value }
    minExclusive = range.minExclusive
    maxExclusive = range.maxExclusive
  }
}

extension Huirong_Catalog_V1_MoneyRange {
  init(_ range: IntegerRange) {
    self.init()
    if let value = range.min { min = .init(Money(value, .cny)) }
    if let value = range.max { max = .init(Money(value, .cny)) }
    minExclusive = range.minExclusive
    maxExclusive = range.maxExclusive
  }
}

extension Huirong_Catalog_V1_RateRange {
  init(_ range: IntegerRange) {
    self.init()
    if let value = range.min { min = .init(Rate(ppm: value)) }
    if let value = range.max { max = .init(Rate(ppm: value)) }
    minExclusive = range.minExclusive
    maxExclusive = range.maxExclusive
  }
}
